//! `[revocation]`

use super::{Checker, rename::REVOCATION_REQUEST};
use crate::{
    draft::Node,
    model::{AuthMethod, Revocation, Revokes, TokenRequest},
};

impl Checker<'_> {
    pub(super) fn revocation(&self, token: &TokenRequest) -> Revocation {
        let Some((table, place)) = self.table("revocation") else {
            let request = self.revocation_auth().map(|auth| inheriting(auth, token));
            return Revocation { request, ..Revocation::default() };
        };
        let forms = ["revocation_endpoint", "revocation_path"];
        if forms.iter().all(|key| self.root.get(key).is_none() && self.is_missing(key)) {
            let message =
                "this says how to revoke, and there is no endpoint for it: add `revocation_endpoint`";
            self.error(place, message);
        }
        let revokes = table.list("revokes");
        self.refuse_repeated(revokes);
        if let Some(node) = table.get("revokes").filter(|_| revokes.is_empty()) {
            self.error(&node.place, "`revokes` is empty: name what the provider revokes, or remove it");
        }
        let mut request = self.own_request(table, &REVOCATION_REQUEST, token);
        if let Some(auth) = self.revocation_auth().filter(|_| table.get("auth").is_none()) {
            let own = request.take().unwrap_or_else(|| inheriting(Vec::new(), token));
            request = Some(TokenRequest { auth, ..own });
        }
        Revocation { request, revokes: token_of(revokes) }
    }

    /// How a metadata document says that a client authenticates there.
    fn revocation_auth(&self) -> Option<Vec<AuthMethod>> {
        const KEY: &str = "revocation_endpoint_auth_methods";
        self.root.get(KEY).map(|node| self.methods(KEY, node))
    }
}

/// The encoding and the headers of the token request, and a way to authenticate of its own.
fn inheriting(auth: Vec<AuthMethod>, token: &TokenRequest) -> TokenRequest {
    let TokenRequest { encoding, headers, .. } = token.clone();
    TokenRequest { encoding, headers, auth, ..TokenRequest::default() }
}

/// With a refresh token the whole grant ends. Where a provider takes none, the access token is handed in.
fn token_of(revokes: &[Node]) -> Revokes {
    let takes_refresh_token = revokes.iter().any(|node| node.text() == Some("refresh_token"));
    if takes_refresh_token || revokes.is_empty() { Revokes::RefreshToken } else { Revokes::AccessToken }
}
