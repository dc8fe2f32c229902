//! What an address, a parameter or a way into an answer is made of.

pub(crate) type Template = Vec<Part>;
pub(crate) type Endpoint = Vec<Template>;
/// `None`: as the standard has it.
pub(crate) type Field = Option<Vec<String>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Text(String),
    Variable(usize),
    BuiltIn(BuiltIn),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BuiltIn {
    ClientId,
    ClientSecret,
    RedirectUri,
    Code,
    State,
    AccessToken,
    RefreshToken,
    Scope,
    Console,
}
