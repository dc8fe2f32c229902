//! `[token]`

use super::{Checker, rename::TOKEN_REQUEST};
use crate::model::TokenRequest;

impl Checker<'_> {
    pub(super) fn token_request(&self) -> TokenRequest {
        let Some((table, _)) = self.table("token") else { return TokenRequest::default() };
        self.request(table, &TOKEN_REQUEST, &TokenRequest::default())
    }
}
