//! `[refresh]`

use super::{
    Checker, endpoint::Forms, placeholder::GRANT_ADDRESS, rename::REFRESH_REQUEST, request::OWN, url::Shape,
};
use crate::{
    draft::{Node, Table},
    model::{Refresh, RefreshSupport, TokenRequest},
};

const REFRESH: Forms =
    Forms { whole: "endpoint", path: "refresh_path", default: None, allowed: GRANT_ADDRESS };
/// What says something about a refresh besides its request.
const FURTHER: &[&str] = &["endpoint", "present", "leeway", "response"];

impl Checker<'_> {
    pub(super) fn refresh(&self, token: &TokenRequest) -> Refresh {
        let table = self.table("refresh").map(|(table, _)| table);
        let support = table.and_then(support).unwrap_or_default();
        self.refuse_idle_refresh(support, table);
        self.check_present(support, table);
        let whole = table.and_then(|table| table.entry("endpoint"));
        let own = || self.urls(whole.map(|entry| &entry.node), Shape::Endpoint, GRANT_ADDRESS);
        Refresh {
            support,
            endpoint: self.below_base(&REFRESH, whole).unwrap_or_else(own),
            request: table.and_then(|table| self.own_request(table, &REFRESH_REQUEST, token)),
            leeway: table.and_then(|table| table.get("leeway")).and_then(|node| self.duration(node)),
            response: table.and_then(|table| self.response(table)),
        }
    }

    fn refuse_idle_refresh(&self, support: RefreshSupport, table: Option<&Table>) {
        if support != RefreshSupport::None {
            return;
        }
        let why = "there is no refresh here (`support = \"none\"`)";
        self.refuse_idle(&self.root, &["refresh_path"], why);
        if let Some(table) = table {
            self.refuse_idle(table, &[FURTHER, OWN].concat(), why);
        }
    }

    /// `support` says what becomes of a token, and `present` which one is sent. The two that go together are the standard's,
    /// and an access token that is sent to be renewed itself.
    fn check_present(&self, support: RefreshSupport, table: Option<&Table>) {
        let Some(table) = table else { return };
        let present = table.get("present");
        let faulty = match (present.map(Node::text), support) {
            (Some(Some("access_token")), RefreshSupport::Rotating | RefreshSupport::Reusable) => {
                present.map(|node| (node, "the access token is presented only where it is renewed itself: say `support = \"in_place\"`"))
            }
            (Some(Some("refresh_token")), RefreshSupport::InPlace) => present.map(|node| {
                (node, "with `support = \"in_place\"` only the access token itself can be presented yet: say `present = \"access_token\"`")
            }),
            (None, RefreshSupport::InPlace) => table.get("support").map(|node| {
                (node, "with `support = \"in_place\"` the access token itself is presented, and no refresh token: add `present = \"access_token\"`")
            }),
            _ => None,
        };
        if let Some((node, message)) = faulty {
            self.error(&node.place, message);
        }
    }
}

fn support(table: &Table) -> Option<RefreshSupport> {
    match table.text("support")? {
        "rotating" => Some(RefreshSupport::Rotating),
        "in_place" => Some(RefreshSupport::InPlace),
        "none" => Some(RefreshSupport::None),
        _ => Some(RefreshSupport::Reusable),
    }
}
