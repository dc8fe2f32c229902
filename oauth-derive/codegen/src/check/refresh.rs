//! `[refresh]`

use super::{
    Checker, endpoint::Forms, placeholder::GRANT_ADDRESS, rename::REFRESH_REQUEST, request::OWN, url::Shape,
};
use crate::{
    draft::Table,
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

    /// Where there is no refresh token, the access token is presented, and nowhere else.
    fn check_present(&self, support: RefreshSupport, table: Option<&Table>) {
        let Some(node) = table.and_then(|table| table.get("present")) else { return };
        let message = match (node.text(), support) {
            (Some("refresh_token"), RefreshSupport::InPlace) => {
                "with `support = \"in_place\"` there is no refresh token: the access token is presented"
            }
            (Some("access_token"), RefreshSupport::Rotating | RefreshSupport::Reusable) => {
                "the access token is presented only where it is renewed itself: say `support = \"in_place\"`"
            }
            _ => return,
        };
        self.error(&node.place, message);
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
