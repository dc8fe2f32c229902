//! The ways that users of older OAuth libraries went, each against a provider made from a definition.
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

mod account;
mod answers;
mod apaleo;
mod application;
mod browser;
mod callback;
mod failures;
mod form_post;
mod github;
mod leaks;
mod learned;
mod secret_variable;
mod signing;
mod site;
mod slack;
mod stack_exchange;
mod tenants;
mod token_table;
mod told;
mod user;
