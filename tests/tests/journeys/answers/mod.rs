//! Token answers of other shapes than the standard's, each from a definition.

mod captured;
mod expiry;
