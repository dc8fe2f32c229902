//! `[client]`: what a client is given at its registration, and what it may be.

use super::{Checker, placeholder::BASIC};
use crate::{
    draft::{Node, Table},
    model::{AuthMethod, Basic, BuiltIn, Client, ClientSecret, Loopback, Part, Pkce, Redirect, Template},
};

impl Checker<'_> {
    pub(super) fn client(&self, methods: &[AuthMethod], pkce: Pkce) -> Client {
        let Some((table, _)) = self.table("client") else { return Client::default() };
        let client =
            Client { secret: secret(table), basic: self.basic(table), redirect: self.redirect(table) };
        let signs = table.get("assertion").is_some() || methods.contains(&AuthMethod::PrivateKeyJwt);
        if let Some(node) = table.get("secret").filter(|_| !signs) {
            self.check_secret(node, &client, methods, pkce);
        }
        client
    }

    /// What the definition says of secrets is something that a client can do.
    fn check_secret(&self, node: &Node, client: &Client, methods: &[AuthMethod], pkce: Pkce) {
        let in_basic = client.basic.as_ref().is_none_or(Basic::holds_secret);
        let carries = |method: &AuthMethod| match method {
            AuthMethod::ClientSecretBasic => in_basic,
            AuthMethod::None => false,
            _ => true,
        };
        let message = match client.secret {
            ClientSecret::Required if !methods.iter().any(carries) => {
                "no method of `token_endpoint_auth_methods` carries a secret"
            }
            ClientSecret::None if methods.iter().all(carries) => {
                "every method of `token_endpoint_auth_methods` carries a secret: name `none` there"
            }
            ClientSecret::None if pkce == Pkce::Refused => {
                "without a secret and without PKCE whoever sees a code can use it: no client is safe here"
            }
            _ => return,
        };
        self.error(&node.place, message);
    }

    fn basic(&self, client: &Table) -> Option<Basic> {
        let entry = client.entry("basic")?;
        let table = entry.node.table()?;
        let is_used = |key: &str, table: &Table| {
            table.list(key).iter().any(|node| node.text() == Some("client_secret_basic"))
        };
        let own = ["refresh", "revocation"].into_iter().filter_map(|name| self.table(name));
        let assumed = self.root.get("token_endpoint_auth_methods").is_none();
        if !assumed
            && !is_used("token_endpoint_auth_methods", &self.root)
            && !own.into_iter().any(|(table, _)| is_used("auth", table))
        {
            self.error(&entry.key.place, "nothing is sent by `client_secret_basic`: remove this");
        }
        let basic = Basic {
            username: self.basic_part(table, "username"),
            password: self.basic_part(table, "password"),
            form_encode: table.bool("form_encode").unwrap_or(true),
        };
        let names_client = |part: &Option<Template>| {
            let is_client =
                |part: &Part| matches!(part, Part::BuiltIn(BuiltIn::ClientId | BuiltIn::ClientSecret));
            part.as_ref().is_none_or(|part| part.iter().any(is_client))
        };
        if !names_client(&basic.username) && !names_client(&basic.password) {
            self.error(&entry.key.place, "nothing here says who the client is: write `{client_id}`");
        }
        Some(basic)
    }

    fn basic_part(&self, table: &Table, key: &str) -> Option<Template> {
        let node = table.get(key)?;
        let text = node.text()?;
        let template = self.template(node, BASIC);
        if text.chars().any(char::is_control) || (key == "username" && text.contains(':')) {
            let message = "HTTP Basic has no control characters, and no colon in the user name (RFC 7617)";
            self.error(&node.place, message);
        }
        if template.iter().any(|part| matches!(part, Part::Variable(_))) {
            self.error(&node.place, "only `{client_id}` and `{client_secret}` can stand in HTTP Basic");
        }
        Some(template)
    }

    fn redirect(&self, client: &Table) -> Redirect {
        let Some(entry) = client.entry("redirect") else { return Redirect::default() };
        let Some(table) = entry.node.table() else { return Redirect::default() };
        let allowed = |key: &str| table.bool(key).unwrap_or(true);
        let redirect = Redirect {
            https: allowed("https"),
            localhost_http: allowed("localhost_http"),
            loopback: match table.text("loopback") {
                Some("no") => Loopback::No,
                Some("any_port") => Loopback::AnyPort,
                _ => Loopback::ExactPort,
            },
            custom_scheme: allowed("custom_scheme"),
        };
        let some = redirect.https || redirect.localhost_http || redirect.custom_scheme;
        if !some && redirect.loopback == Loopback::No {
            self.error(&entry.key.place, "no redirect URI is left: a provider takes at least one kind");
        }
        redirect
    }
}

fn secret(table: &Table) -> ClientSecret {
    match table.text("secret") {
        Some("required") => ClientSecret::Required,
        Some("optional") => ClientSecret::Optional,
        Some("none") => ClientSecret::None,
        _ => ClientSecret::Undeclared,
    }
}
