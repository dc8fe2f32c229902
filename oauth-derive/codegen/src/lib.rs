//! The compiler of OAuth 2.0 provider definitions.
//!
//! A definition is a TOML file, or the `#[oauth(..)]` attributes of a struct. [`build`] compiles a folder of files in a
//! `build.rs`; `#[derive(OAuthProvider)]` of `oauth-runtime` compiles one for a struct; [`check`] and [`expand`] are for
//! tools. A wrong definition does not compile, and every mistake has its line and column.
//!
//! ```text
//! #[oauth(..)]        --attr--+                                   +-- derive: impls for the user's struct
//!                             +--> Draft --check--> Provider -----+
//! providers/x.toml    --file--+    with places     plain values   +-- build:  struct and impls, a module a file
//! ```

mod attr;
mod build;
mod check;
mod definition;
mod derive;
mod draft;
mod expand;
mod extends;
mod file;
mod folder;
mod json;
mod keys;
mod kind;
mod locate;
mod model;
mod module;
mod name;
mod reference;
mod render;
mod report;
mod schema;
mod source;
mod subject;
mod suggest;
mod syntax;
mod table;
mod template;

pub use build::build;
pub use definition::{check, check_with, expand, expand_with};
#[doc(hidden)]
pub use derive::derive;
pub use keys::{Key, keys};
pub use reference::reference;
pub use report::Diagnostic;
pub use schema::schema;
pub use source::Position;
