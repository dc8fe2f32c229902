//! How a client proves who it is: authentication, PKCE; and where it is registered.

use super::Checker;
use crate::{
    draft::Node,
    model::{AuthMethod, Pkce},
};

impl Checker<'_> {
    pub(super) fn auth_methods(&self) -> Vec<AuthMethod> {
        const KEY: &str = "token_endpoint_auth_methods";
        let Some(node) = self.root.get(KEY) else {
            if self.is_missing(KEY) {
                self.warn_of_missing_auth_methods();
            }
            return vec![AuthMethod::ClientSecretBasic];
        };
        self.methods(KEY, node)
    }

    /// The methods in a list of them.
    pub(super) fn methods(&self, key: &str, node: &Node) -> Vec<AuthMethod> {
        let named: Vec<_> = node.elements().iter().filter_map(Node::text).collect();
        let methods: Vec<_> = named.iter().filter_map(|name| auth_method(name)).collect();
        self.refuse_repeated(node.elements());
        if named.is_empty() {
            let message = format!("`{key}` is empty: name a method, or `none` for a public client");
            self.error(&node.place, message);
        } else if methods.is_empty() {
            let message = format!("`{}` is not supported yet: name a method that is, besides it", named[0]);
            self.error(&node.place, message);
        }
        methods
    }

    fn warn_of_missing_auth_methods(&self) {
        let place =
            ["token_endpoint", "access_token_path", "base_uri"].iter().find_map(|key| self.root.entry(key));
        let message = "no `token_endpoint_auth_methods`: `client_secret_basic` is assumed; write it down";
        if let Some(entry) = place {
            self.report.warning(&entry.key.place, message);
        }
    }

    pub(super) fn refuse_repeated(&self, nodes: &[Node]) {
        for (at, node) in nodes.iter().enumerate() {
            if nodes[..at].iter().any(|other| other.text() == node.text()) {
                self.error(&node.place, "this value stands in the list already");
            }
        }
    }

    /// S256, unless the provider refuses every challenge. There is no `plain`: it protects nothing.
    pub(super) fn pkce(&self) -> Pkce {
        const KEY: &str = "code_challenge_methods";
        let Some(node) = self.root.get(KEY) else { return Pkce::S256 };
        self.refuse_repeated(self.root.list(KEY));
        let named: Vec<_> = self.root.list(KEY).iter().filter_map(Node::text).collect();
        if named == ["plain"] {
            let message = "`plain` sends the verifier itself and protects nothing: name `S256`, or `[]` if the provider refuses it";
            self.error(&node.place, message);
        }
        if matches!(&node.value, crate::draft::Value::List(all) if all.is_empty()) {
            Pkce::Refused
        } else {
            Pkce::S256
        }
    }

    pub(super) fn console(&self) -> Option<String> {
        let (client, _) = self.table("client")?;
        self.link(client.get("console")?)
    }
}

/// `None`: a method that the runtime does not have yet.
fn auth_method(name: &str) -> Option<AuthMethod> {
    match name {
        "client_secret_basic" => Some(AuthMethod::ClientSecretBasic),
        "client_secret_post" => Some(AuthMethod::ClientSecretPost),
        "private_key_jwt" => Some(AuthMethod::PrivateKeyJwt),
        "none" => Some(AuthMethod::None),
        "bearer" => Some(AuthMethod::Bearer),
        _ => None,
    }
}
