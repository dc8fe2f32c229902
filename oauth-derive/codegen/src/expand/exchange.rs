//! Calls that trade one token for another.

use super::{
    part::{Assignments, params, unless_default, unless_empty, variants},
    response,
};
use crate::model::{Exchange, Stage};
use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn exchanges(exchanges: &[Exchange]) -> TokenStream {
    let exchanges = exchanges.iter().map(exchange);
    // A table that is made by statements lives on only in a constant of its own.
    quote!(const { &[#(#exchanges),*] })
}

fn exchange(exchange: &Exchange) -> TokenStream {
    let after = (exchange.after != [Stage::Token]).then(|| variants("Stage", &exchange.after));
    let mut table = Assignments::new("exchange");
    table
        .set("after", after)
        .set_endpoint("url", &exchange.url)
        .set("method", unless_default("Method", &exchange.method))
        .set("encoding", unless_default("Encoding", &exchange.encoding))
        .set("params", unless_empty(&exchange.params, params))
        .set("response", exchange.response.as_ref().map(response::own))
        .set("on_failure", unless_default("OnFailure", &exchange.on_failure));
    table.block("Exchange")
}
