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

/// The values that a flow knows, by their names in braces.
pub(crate) const BUILT_INS: &[(&str, BuiltIn)] = &[
    ("client_id", BuiltIn::ClientId),
    ("client_secret", BuiltIn::ClientSecret),
    ("redirect_uri", BuiltIn::RedirectUri),
    ("code", BuiltIn::Code),
    ("state", BuiltIn::State),
    ("access_token", BuiltIn::AccessToken),
    ("refresh_token", BuiltIn::RefreshToken),
    ("scope", BuiltIn::Scope),
    ("client.console", BuiltIn::Console),
];

impl BuiltIn {
    pub(crate) fn name(self) -> &'static str {
        BUILT_INS.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }
}
