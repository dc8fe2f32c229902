//! A module for each contestant. To add one: a function that gives its cases, and a line in [`all`]. A case does the work
//! that its [`Work`](crate::case::Work) describes; what comes out is checked before anything is measured.

mod floor;
mod huskarl_rs;
pub mod oauth2_rs;
mod ours;
mod parts;
mod yup;

use crate::case::Case;
use std::{rc::Rc, time::Duration};
use tokio::runtime::Runtime;

pub use floor::{Pkce, Prefix, Token, challenge};
pub use ours::{Google, flow, offline, sign_in};

/// Every case but those of the login.
pub fn all(runtime: &Rc<Runtime>) -> Vec<Case> {
    let mut cases = floor::cases(runtime);
    cases.extend(ours::cases(runtime));
    cases.extend(oauth2_rs::cases(runtime));
    cases.extend(huskarl_rs::cases(runtime));
    cases.extend(yup::cases(runtime));
    cases.extend(parts::cases());
    cases
}

/// A client of reqwest 0.13 with the settings of oauth-runtime's own.
pub fn client_013() -> reqwest_013::Client {
    builder_013().pool_idle_timeout(Duration::from_secs(30)).build().expect("a client")
}

/// The same, with a connection for each request.
fn client_013_alone() -> reqwest_013::Client {
    builder_013().pool_max_idle_per_host(0).build().expect("a client")
}

fn builder_013() -> reqwest_013::ClientBuilder {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(provider.clone()).expect("certificates");
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows the versions")
        .dangerous()
        .with_custom_certificate_verifier(std::sync::Arc::new(verifier))
        .with_no_client_auth();
    reqwest_013::Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(reqwest_013::redirect::Policy::none())
        .retry(reqwest_013::retry::never())
        .referer(false)
}

/// A client of reqwest 0.12, as the documentation of oauth2 makes it.
pub fn client_012() -> oauth2::reqwest::Client {
    use oauth2::reqwest::{ClientBuilder, redirect::Policy};
    ClientBuilder::new().redirect(Policy::none()).build().expect("a client")
}
