//! An authorization server made from a provider's own definition, for tests and for work without a network.
//!
//! [`TestProvider`] answers as the real provider does, because it reads the table that the client reads: its
//! addresses, its scopes, the way its clients authenticate, the shape of its answers. It is strict where a real server
//! may be lax: a code is good once, the redirect URI is compared byte for byte, the verifier is checked, a replaced
//! refresh token ends the grant.
//!
//! ```
//! use oauth_runtime::{AuthCodeFlow, Callback, OAuthProvider};
//! use oauth_test_provider::TestProvider;
//!
//! /// A provider of pictures.
//! #[derive(OAuthProvider)]
//! #[oauth(
//!     name = "Pictures",
//!     authorization_endpoint = "https://pictures.example/authorize",
//!     token_endpoint = "https://pictures.example/token",
//!     token_endpoint_auth_methods = ["client_secret_basic"],
//!     scopes(READ = "read"),
//!     api(base_url = "https://api.pictures.example/v1")
//! )]
//! struct Pictures;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), oauth_runtime::Error> {
//! let test = TestProvider::<Pictures>::start().await;
//! let flow = AuthCodeFlow::new(Pictures, test.credentials(), "http://127.0.0.1:3000/callback")?
//!     .transport(test.transport());
//!
//! let (url, pending) = flow.begin([Pictures::READ]).into_parts();
//! let back = test.approve(&url).await;
//! let query = back.split_once('?').map_or("", |(_, query)| query);
//! let tokens = flow.finish(Callback::new(query, pending)).await?;
//!
//! let session = flow.session("ada");
//! session.adopt(tokens).await?;
//! test.expire_now();
//! let echo: serde_json::Value = session.get("albums").json().await?;
//! assert_eq!(echo["path"], "/v1/albums");
//! assert_eq!(test.refreshes(), 1);
//! # Ok(()) }
//! ```
//!
//! # In a browser
//!
//! The pages are plain HTML and work without scripts. The only user is `ada` with the password `lovelace`, and both are
//! filled in. A program can embed the provider: send its users to `flow.begin(..)`'s address as always.
//!
//! # What it answers
//!
//! - A token answer has the fields of the definition's first successful `[[example]]`, with real tokens in them.
//! - An error has the provider's own code where `[errors]` knows one, and is the `[[example]]` of that error if there is one.
//! - The userinfo endpoint and the API answer with the definition's examples of these stages. An example whose title names
//!   a path, as in `GET /v1/me`, is for that path. A call without an example is echoed: method, path, query, body, and
//!   the scopes of its token.
//! - [`TestProvider::answers`] plays any example once, by its title.
//! - A variable that the definition learns at a sign-in (`from`) has its `example`, the first value of its `enum`, or what
//!   [`TestProvider::tell`] says. A grant keeps it: an address or a parameter with another value is refused.
//! - A parameter of the callback that the definition captures has some value, or what [`TestProvider::brings`] says.
//! - What was wrong with a request stands in [`RecordedRequest::refused`], in plain words.

mod agent;
mod answer;
mod any;
mod api;
mod authorize;
mod brought;
mod call;
mod client;
mod clock;
mod examples;
mod exchange;
mod expiry;
mod faults;
mod form;
mod grants;
mod log;
mod login;
mod matcher;
mod message;
mod pages;
mod parameters;
mod path;
mod played;
mod provider;
mod random;
mod refusal;
mod remote;
mod request;
mod revocation;
mod rules;
mod scopes;
mod server;
mod several;
mod signature;
mod signing;
mod site;
mod token;
mod told;
mod transport;
mod userinfo;
mod verbatim;
mod way_back;

pub use any::AnyProvider;
pub use clock::Clock;
pub use examples::{check_examples, check_file};
pub use grants::GrantHistory;
pub use log::RecordedRequest;
pub use provider::TestProvider;
pub use remote::RemoteProvider;
pub use transport::TestTransport;
