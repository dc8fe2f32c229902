//! The whole flow against authorization servers that nobody here wrote, through their own login and consent pages.
#![allow(clippy::unwrap_used, reason = "what serves a test fails as the test does")]

mod agent;
mod aioauth;
mod emulate;
mod html;
mod network;
mod oidc_provider;
mod server;
mod walk;
