//! `[userinfo]`

use super::{
    Checker,
    capture::named,
    placeholder::{ISSUER, USER_ADDRESS, USERINFO},
    request::encoding,
    text_of,
    url::Shape,
};
use crate::{
    draft::{Entry, Table},
    model::{Also, Api, Claim, ClaimsSource, Endpoint, Method, Part, Placement, Template, Userinfo},
    report::Place,
    suggest,
};

/// The claims that another call can give.
const CLAIMS: &[(&str, Claim)] = &[
    ("email", Claim::Email),
    ("name", Claim::Name),
    ("preferred_username", Claim::PreferredUsername),
    ("picture", Claim::Picture),
];

impl Checker<'_> {
    /// `endpoint` is the userinfo endpoint: the token goes to its origin, and to those of the API.
    pub(super) fn userinfo(&self, endpoint: &Endpoint, api: Option<&Api>) -> Userinfo {
        let table = self.table("userinfo");
        let in_form = api.is_some_and(|api| api.placement == Placement::Body);
        if in_form && !endpoint.is_empty() {
            self.refuse_calls_without_form(table.map(|(table, _)| table));
        }
        let Some((table, place)) = table else { return Userinfo::default() };
        let source = self.claims_source(table);
        if source == ClaimsSource::Endpoint {
            self.require_userinfo_endpoint(place);
        }
        let mut addresses: Vec<_> = endpoint.iter().collect();
        addresses.extend(api.into_iter().flat_map(|api| api.base_url.iter().chain(&api.origins)));
        let origins: Vec<_> = addresses.into_iter().map(origin).collect();
        let also = table.entries("also").iter();
        Userinfo {
            source,
            method: table.text("method").filter(|method| *method == "POST").map(|_| Method::Post),
            encoding: encoding(table).unwrap_or_default(),
            params: self.posted(table, in_form),
            query: self.params(table.entries("query"), USERINFO.in_address()),
            headers: self.headers(table.entries("headers"), USERINFO),
            root: self.field(table, "root"),
            subject: self.field(table, "subject"),
            email: self.field(table, "email"),
            email_verified: self.field(table, "email_verified"),
            name: self.fields(table, "name"),
            preferred_username: self.field(table, "preferred_username"),
            picture: self.field(table, "picture"),
            also: also.filter_map(|entry| self.also(entry, &origins)).collect(),
        }
    }

    /// The parameters of a POST, which nothing is put into.
    fn posted(&self, table: &Table, has_token: bool) -> Vec<(String, String)> {
        let is_post = table.text("method") == Some("POST") || !self.is_missing("userinfo.method");
        if let Some(entry) = table.entry("params").filter(|_| !is_post) {
            let message = "a GET has no body: add `method = \"POST\"`, or write these under `query`";
            self.error(&entry.key.place, message);
        }
        if let Some(entry) = table.entry("encoding") {
            if table.get("params").is_none() && self.is_missing("userinfo.params") {
                self.error(&entry.key.place, "nothing is written so: there are no `params`");
            } else if has_token && entry.node.text() == Some("json") {
                self.error(&entry.node.place, "the token stands in a form (`placement`), and so do these");
            }
        }
        let entries = table.entries("params").iter();
        entries
            .map(|entry| {
                self.check_parameter_name(&entry.key.value, &entry.key.place);
                (entry.key.value.clone(), text_of(&entry.node))
            })
            .collect()
    }

    fn claims_source(&self, table: &Table) -> ClaimsSource {
        match table.text("source") {
            Some("token") => ClaimsSource::Token,
            Some("callback") => {
                self.check_callback_claims(table);
                ClaimsSource::Callback
            }
            Some("id_token") => {
                if let Some(node) = table.get("source") {
                    let message = "ID tokens are not verified yet, so nobody can be told by one: name the userinfo endpoint";
                    self.error(&node.place, message);
                }
                ClaimsSource::Token
            }
            _ => ClaimsSource::Endpoint,
        }
    }

    /// What a user agent brings is the provider's word only where it is signed, and there only where it is kept.
    fn check_callback_claims(&self, table: &Table) {
        let Some(node) = table.get("source") else { return };
        let callback = self.table("callback").map(|(callback, _)| callback);
        let is_signed = callback.is_some_and(|callback| callback.get("verify").is_some());
        if !is_signed && self.is_missing("callback.verify") {
            let message = format!(
                "a user agent writes into a callback what it likes: only a signed one says who the user is, so add `verify` {}",
                node.place.under("callback")
            );
            self.error(&node.place, message);
        }
        let kept: Vec<_> = callback.map(named).unwrap_or_default();
        let is_kept = |name: &str| kept.iter().any(|(known, _)| known.value == name);
        if table.get("root").is_none()
            && table.get("subject").is_none()
            && self.is_missing("userinfo.subject")
        {
            self.error(&node.place, "no `subject`: name the parameter that says who it is");
        }
        let claims = ["subject", "email", "email_verified", "name", "preferred_username", "picture"];
        let first = if table.get("root").is_some() { &["root"][..] } else { &claims };
        for node in first.iter().flat_map(|key| table.list(key)) {
            let name = node.text().and_then(|text| text.split('.').next()).unwrap_or_default();
            if !is_kept(name) {
                let message =
                    format!("nobody keeps `{name}`: add it to `capture` {}", node.place.under("callback"));
                self.error(&node.place, message);
            }
        }
    }

    /// A definition that rests on a check which is not made does not compile.
    pub(super) fn refuse_id_token(&self) {
        let Some((table, place)) = self.table("id_token") else { return };
        self.urls(table.get("issuer"), Shape::Base, ISSUER);
        if let Some(leeway) = table.get("leeway") {
            self.duration(leeway);
        }
        self.error(
            place,
            "ID tokens are not verified yet, so nothing may rest on what stands here: remove it",
        );
    }

    /// A GET has no form for the token.
    fn refuse_calls_without_form(&self, table: Option<&Table>) {
        let placement = self.table("api").and_then(|(api, _)| api.get("placement"));
        let is_post = table.is_some_and(|table| table.text("method") == Some("POST"));
        if let Some(node) = placement.filter(|_| !is_post && self.is_missing("userinfo.method")) {
            let userinfo = node.place.under("userinfo");
            let message = format!(
                "the call for the user is a GET, which has no body: add `method = \"POST\"` {userinfo}"
            );
            self.error(&node.place, message);
        }
        if let Some(entry) = table.and_then(|table| table.entry("also")) {
            self.error(
                &entry.key.place,
                "these calls are GETs, which have no body for the token: remove them",
            );
        }
    }

    fn require_userinfo_endpoint(&self, place: &Place) {
        let forms = ["userinfo_endpoint", "userinfo_path"];
        if forms.iter().all(|key| self.root.get(key).is_none() && self.is_missing(key)) {
            let message = "this says what the user's claims are called, and there is no endpoint: add `userinfo_endpoint`";
            self.error(place, message);
        }
    }

    fn also(&self, entry: &Entry, origins: &[Template]) -> Option<Also> {
        let table = entry.node.table()?;
        let name = entry.key.value.as_str();
        let claim = CLAIMS.iter().find(|(known, _)| *known == name);
        if claim.is_none() {
            let hint = match suggest::hint(name, CLAIMS.iter().map(|(known, _)| *known)) {
                near if near.is_empty() => {
                    "; it is one of `email`, `name`, `preferred_username`, `picture`".to_owned()
                }
                near => near,
            };
            self.error(&entry.key.place, format!("another call cannot give `{name}`{hint}"));
        }
        let url = self.urls(table.get("url"), Shape::Endpoint, USER_ADDRESS);
        self.check_also_url(table, &url, &entry.node.place, origins);
        let scope = self.also_scope(table);
        Some(Also {
            claim: claim?.1,
            url,
            pick: self.pick(table),
            field: self.field(table, "field").unwrap_or_else(|| vec![name.to_owned()]),
            scope,
        })
    }

    /// The token goes only where the definition says that it may.
    fn check_also_url(&self, table: &Table, url: &Endpoint, place: &Place, origins: &[Template]) {
        let Some(node) = table.get("url") else {
            if self.is_missing("userinfo.also.*.url") {
                self.error(place, "no `url`: add the address of the call, `url = \"https://..\"`");
            }
            return;
        };
        let foreign = url.iter().zip(node.elements()).find(|(url, _)| !origins.contains(&origin(url)));
        if let Some((_, node)) = foreign {
            let message =
                format!("the token may not go to this host: add it to `origins` {}", node.place.under("api"));
            self.error(&node.place, message);
        }
    }

    fn also_scope(&self, table: &Table) -> Option<String> {
        let node = table.get("scope")?;
        if let Some((scopes, _)) = self.table("scopes") {
            return self.known_scope(node, scopes);
        }
        if self.is_missing("scopes") {
            self.error(
                &node.place,
                format!("the scope is not {}: add it", node.place.under("scopes.catalog")),
            );
        }
        None
    }

    fn pick(&self, table: &Table) -> Option<String> {
        let node = table.get("pick")?;
        let text = node.text()?;
        if text.is_empty() || text.chars().any(char::is_control) {
            self.error(
                &node.place,
                "`pick` is the name of a member that is true in the object that is meant",
            );
        }
        Some(text.to_owned())
    }
}

/// Scheme and host of an address.
fn origin(address: &Template) -> Template {
    let mut origin = Template::new();
    for part in address {
        match part {
            Part::Text(text) => {
                let start = text.find("://").map_or(0, |at| at + 3);
                let end = text[start..].find(['/', '?']).map(|at| start + at);
                let text = &text[..end.unwrap_or(text.len())];
                if !text.is_empty() {
                    origin.push(Part::Text(text.to_owned()));
                }
                if end.is_some() {
                    return origin;
                }
            }
            other => origin.push(other.clone()),
        }
    }
    origin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_with_the_host() {
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(origin(&vec![text("https://a.example/b/c")]), [text("https://a.example")]);
        assert_eq!(origin(&vec![text("https://a.example")]), [text("https://a.example")]);
        assert_eq!(origin(&vec![Part::Variable(0), text("/user")]), [Part::Variable(0)]);
        let host = [text("https://"), Part::Variable(1), text(".a.example")];
        assert_eq!(origin(&[&host[..2], &[text(".a.example/b")]].concat()), host);
    }
}
