//! What a metadata document (RFC 8414) says besides addresses: what is only offered is taken, what is demanded must be there.

use super::Checker;
use crate::{draft::Node, kind::ALGORITHMS};

const PUSHED: &str = "require_pushed_authorization_requests";

impl Checker<'_> {
    pub(super) fn check_metadata(&self) {
        self.require_one_of(
            "grant_types",
            &["authorization_code"],
            "there is no flow for the other grants yet",
        );
        self.require_one_of("response_types", &["code"], "there is no flow for the others");
        self.refuse_repeated(self.root.list("scopes_supported"));
        self.require_one_of("response_modes", &["query", "form_post"], "no server can read the others");
        self.require_algorithm();
        for key in ["id_token_signing_alg_values", "dpop_signing_alg_values"] {
            self.refuse_repeated(self.root.list(key));
        }
        if let Some(node) = self.root.get(PUSHED).filter(|_| self.root.bool(PUSHED) == Some(true)) {
            self.error(
                &node.place,
                "pushed authorization requests are not supported yet, and this provider takes no others",
            );
        }
    }

    fn require_one_of(&self, key: &str, known: &[&str], why: &str) {
        let Some(node) = self.root.get(key) else { return };
        self.refuse_repeated(node.elements());
        if !node.elements().iter().filter_map(Node::text).any(|text| known.contains(&text)) {
            let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            self.error(&node.place, format!("{} is not among these, and {why}", names.join(" or ")));
        }
    }

    /// A client that signs needs one of the algorithms.
    fn require_algorithm(&self) {
        let signs = self.root.list("token_endpoint_auth_methods").iter();
        if signs.filter_map(Node::text).any(|method| method == "private_key_jwt") {
            self.require_one_of(
                "token_endpoint_auth_signing_alg_values",
                ALGORITHMS,
                "no client can sign by the others",
            );
        }
    }
}
