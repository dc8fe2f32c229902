//! What goes over the wire: requests from values, values from answers. No clock, no network, no waiting.

pub(crate) mod answer;
pub(crate) mod api;
pub(crate) mod assertion;
pub(crate) mod authorization;
pub(crate) mod basic;
pub(crate) mod encode;
mod exchange;
pub(crate) mod expiry;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod plain;
pub(crate) mod refused;
pub(crate) mod request;
