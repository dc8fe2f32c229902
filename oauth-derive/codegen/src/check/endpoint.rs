//! Endpoints, in both forms: whole addresses, or `base_uri` and paths.

use super::{
    Checker,
    placeholder::{ADDRESS, Allowed, GRANT_ADDRESS, TOKEN_ADDRESS, USER_ADDRESS},
    url::Shape,
};
use crate::{
    draft::{Entry, Node},
    model::{Endpoint, Endpoints, Part, Template},
};

/// An endpoint that can be written in two ways.
pub(super) struct Forms {
    /// The key of the whole address.
    pub(super) whole: &'static str,
    /// The key of the path below `base_uri`.
    pub(super) path: &'static str,
    /// The path where neither is written.
    pub(super) default: Option<&'static str>,
    /// What may stand in braces in it.
    pub(super) allowed: Allowed,
}

const AUTHORIZATION: Forms = Forms {
    whole: "authorization_endpoint",
    path: "authorization_path",
    default: Some("/authorize"),
    allowed: ADDRESS,
};
const TOKEN: Forms = Forms {
    whole: "token_endpoint",
    path: "access_token_path",
    default: Some("/access_token"),
    allowed: TOKEN_ADDRESS,
};
const REVOCATION: Forms =
    Forms { whole: "revocation_endpoint", path: "revocation_path", default: None, allowed: GRANT_ADDRESS };
const USERINFO: Forms =
    Forms { whole: "userinfo_endpoint", path: "userinfo_path", default: None, allowed: USER_ADDRESS };

impl Checker<'_> {
    pub(super) fn endpoints(&self) -> Endpoints {
        self.require_token_endpoint();
        self.refuse_idle_base_uri();
        Endpoints {
            authorization: self.endpoint(&AUTHORIZATION),
            token: self.endpoint(&TOKEN),
            revocation: self.endpoint(&REVOCATION),
            userinfo: self.endpoint(&USERINFO),
            introspection: self.addresses("introspection_endpoint", GRANT_ADDRESS),
            jwks_uri: self.addresses("jwks_uri", ADDRESS),
            device_authorization: self.addresses("device_authorization_endpoint", ADDRESS),
            pushed_authorization_request: self.addresses("pushed_authorization_request_endpoint", ADDRESS),
            registration: self.addresses("registration_endpoint", ADDRESS),
            end_session: self.addresses("end_session_endpoint", GRANT_ADDRESS),
        }
    }

    fn addresses(&self, key: &str, allowed: Allowed) -> Endpoint {
        self.urls(self.root.get(key), Shape::Endpoint, allowed)
    }

    /// Every address of a list, or the only one.
    pub(super) fn urls(&self, node: Option<&Node>, shape: Shape, allowed: Allowed) -> Endpoint {
        let Some(node) = node else { return Endpoint::new() };
        if node.elements().is_empty() {
            self.error(&node.place, "the list is empty: name an address, or remove the key");
        }
        let read = |node: &Node| Some(self.address(node.text()?, &node.place, shape, allowed));
        node.elements().iter().filter_map(read).collect()
    }

    /// An endpoint in one of its two forms.
    fn endpoint(&self, forms: &Forms) -> Endpoint {
        let whole = self.root.entry(forms.whole);
        self.below_base(forms, whole).unwrap_or_else(|| self.addresses(forms.whole, forms.allowed))
    }

    /// The endpoint made from `base_uri` and a path; `None`: the whole address is meant.
    pub(super) fn below_base(&self, forms: &Forms, whole: Option<&Entry>) -> Option<Endpoint> {
        let path = self.root.entry(forms.path);
        if let (Some(whole), Some(path)) = (whole, path) {
            let message =
                format!("`{}` and `{}` name the same endpoint: remove one", whole.key.value, forms.path);
            self.error(&whole.key.place, &*message);
            self.error(&path.key.place, message);
        }
        let base = self.root.entry("base_uri");
        match (path, base) {
            (Some(path), None) => {
                if self.is_missing("base_uri") {
                    let message = format!("`{}` is joined to `base_uri`, and there is none", forms.path);
                    self.error(&path.key.place, message);
                }
                Some(Endpoint::new())
            }
            (Some(path), Some(base)) => {
                let path = self.path(path.node.text()?, &path.node, forms.allowed);
                Some(vec![join(self.base(base)?, path)])
            }
            (None, Some(base)) if whole.is_none() => {
                let default = vec![Part::Text(forms.default?.to_owned())];
                Some(vec![join(self.base(base)?, default)])
            }
            _ => None,
        }
    }

    fn base(&self, base: &Entry) -> Option<Template> {
        Some(self.template(&base.node, ADDRESS)).filter(|template| !template.is_empty())
    }

    fn path(&self, text: &str, node: &Node, allowed: Allowed) -> Template {
        if text.contains("://") {
            self.error(&node.place, "a path is joined to `base_uri`: write a whole address as an endpoint");
            return Template::new();
        }
        self.address(text, &node.place, Shape::Relative, allowed)
    }

    /// Without a token endpoint there is nothing to do here.
    fn require_token_endpoint(&self) {
        let forms = ["token_endpoint", "base_uri", "access_token_path", "file"];
        if forms.iter().all(|key| self.root.get(key).is_none() && self.is_missing(key)) {
            let message = "no token endpoint: add `token_endpoint = \"https://..\"`, or `base_uri` and `access_token_path`";
            self.error(self.place, message);
        }
    }

    /// `base_uri` is checked once, and must be of some use.
    fn refuse_idle_base_uri(&self) {
        let Some(base) = self.root.entry("base_uri") else { return };
        if let Some(text) = base.node.text() {
            self.address(text, &base.node.place, Shape::Base, ADDRESS);
        }
        let paths =
            ["authorization_path", "access_token_path", "refresh_path", "revocation_path", "userinfo_path"];
        let used = paths.iter().any(|path| self.root.get(path).is_some());
        let default = [AUTHORIZATION, TOKEN]
            .iter()
            .any(|forms| self.root.get(forms.whole).is_none() && self.is_missing(forms.whole));
        if !used && !default {
            self.error(&base.key.place, "`base_uri` is of no use: every endpoint is a whole address");
        }
    }
}

/// Base and path with exactly one slash between them.
fn join(mut base: Template, path: Template) -> Template {
    if let Some(Part::Text(text)) = base.last_mut() {
        text.truncate(text.trim_end_matches('/').len());
    }
    let mut path = path.into_iter();
    let first = match path.next() {
        Some(Part::Text(text)) => format!("/{}", text.trim_start_matches('/')),
        Some(other) => {
            push(&mut base, Part::Text("/".to_owned()));
            push(&mut base, other);
            String::new()
        }
        None => String::new(),
    };
    push(&mut base, Part::Text(first));
    path.for_each(|part| push(&mut base, part));
    base
}

/// Neighbouring texts become one.
fn push(template: &mut Template, part: Part) {
    match (template.last_mut(), part) {
        (_, Part::Text(text)) if text.is_empty() => {}
        (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
        (_, part) => template.push(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_keeps_exactly_one_slash() {
        for (base, path) in
            [("https://a", "b"), ("https://a/", "/b"), ("https://a", "/b"), ("https://a//", "b")]
        {
            let joined = join(vec![Part::Text(base.to_owned())], vec![Part::Text(path.to_owned())]);
            assert_eq!(joined, [Part::Text("https://a/b".to_owned())]);
        }
        let joined = join(vec![Part::Variable(0)], vec![Part::Variable(1), Part::Text("/c".to_owned())]);
        let slash = Part::Text("/".to_owned());
        assert_eq!(joined, [Part::Variable(0), slash, Part::Variable(1), Part::Text("/c".to_owned())]);
    }
}
