//! OAuth 2.0 providers, each made from a checked TOML file.
//!
//! A provider is a type in a module of its name: `oauth_providers::github::GitHub`. Its page says what it has, which scopes
//! there are, where a client is registered, and where it goes other ways than the standard.
//!
//! ```
//! use oauth_providers::github::GitHub;
//! use oauth_runtime::{AuthCodeFlow, Credentials};
//!
//! # fn main() -> Result<(), oauth_runtime::Error> {
//! let credentials = Credentials::confidential("id", "secret");
//! let flow = AuthCodeFlow::new(GitHub, credentials, "https://app.example/callback")?;
//! let request = flow.begin([GitHub::READ_USER]);
//! # assert!(request.url().starts_with("https://github.com/"));
//! # Ok(()) }
//! ```
//!
//! # Choosing at run time
//!
//! [`all`] has every provider as data, and [`named`] finds one: for a page of buttons, or for a service whose customers
//! say in its database which provider is theirs. A program that calls neither has only those providers in it that it names.
//!
//! ```
//! use oauth_runtime::{AuthCodeFlow, Credentials};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! for entry in oauth_providers::all() {
//!     println!("<a href=\"/login/{}\">{}</a>", entry.id(), entry.name());
//! }
//!
//! // What the database says.
//! let (provider, variables) = ("microsoft", [("tenant", "contoso.onmicrosoft.com")]);
//! let entry = oauth_providers::named(provider).ok_or("there is no such provider")?;
//! let credentials = Credentials::confidential("id", "secret");
//! let flow = AuthCodeFlow::new(entry.bind(variables)?, credentials, "https://app.example/callback/microsoft")?;
//! let request = flow.begin([entry.scope("User.Read")?]);
//! # assert!(request.url().starts_with("https://login.microsoftonline.com/contoso.onmicrosoft.com/"));
//! # Ok(()) }
//! ```
//!
//! # Providers
//!
//! Besides signing in, a provider can have a refresh of its tokens, a revocation, a call that says who the user is, and a known
//! address of its API. What it needs are variables that an application has to give, such as the name of a shop.
//!
#![doc = include_str!(concat!(env!("OUT_DIR"), "/provider_table.md"))]

oauth_runtime::providers!();
