//! The authorization request.

use super::Param;

/// Whether a `code_challenge` is sent (RFC 7636). There is no `plain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pkce {
    /// Always, with SHA-256.
    S256,
    /// Never: the provider refuses the parameter (`code_challenge_methods = []`).
    Refused,
}

/// What can be asked for, and how.
#[derive(Debug, Clone, Copy)]
pub struct Scopes {
    /// The parameter that carries them in the authorization request.
    pub parameter: &'static str,
    /// What stands between two of them in a request.
    pub separator: &'static str,
    /// Asked for when `begin` names none.
    pub default: &'static [&'static str],
    /// Asked for always.
    pub required: &'static [&'static str],
    /// Others than the catalogue's exist.
    pub open: bool,
    /// The known ones.
    pub catalog: &'static [ScopeText],
    /// What a scope that is written short starts with on the wire.
    pub prefix: &'static str,
    /// Granted without being asked for.
    pub added_by_server: &'static [&'static str],
    /// Never named in an answer: they count as granted where they were asked for.
    pub dropped_by_server: &'static [&'static str],
    /// The granted ones are sent with each refresh.
    pub refresh_scope: bool,
    /// Further lists, each in a parameter of its own.
    pub sets: &'static [ScopeSet],
}

impl Scopes {
    /// `scope`, separated by spaces, none known.
    pub const PLAIN: Self = Self {
        parameter: "scope",
        separator: " ",
        default: &[],
        required: &[],
        open: false,
        catalog: &[],
        prefix: "",
        added_by_server: &[],
        dropped_by_server: &[],
        refresh_scope: false,
        sets: &[],
    };
}

/// A further list of scopes, such as Slack's `user_scope`.
#[derive(Debug, Clone, Copy)]
pub struct ScopeSet {
    /// The name of the list in the definition.
    pub name: &'static str,
    /// The parameter that carries its scopes in the authorization request.
    pub parameter: &'static str,
    /// What stands between two of them in a request.
    pub separator: &'static str,
    /// Asked for when `begin` names no scope at all.
    pub default: &'static [&'static str],
    /// Asked for always.
    pub required: &'static [&'static str],
    /// Others than the catalogue's exist.
    pub open: bool,
    /// The known ones.
    pub catalog: &'static [ScopeText],
}

impl ScopeSet {
    /// An empty list.
    pub const PLAIN: Self = Self {
        name: "",
        parameter: "",
        separator: " ",
        default: &[],
        required: &[],
        open: false,
        catalog: &[],
    };
}

/// A known scope.
#[derive(Debug, Clone, Copy)]
pub struct ScopeText {
    /// The value on the wire.
    pub value: &'static str,
    /// What it allows, for people. May be empty.
    pub description: &'static str,
}

/// How an authorization request differs from the standard's.
#[derive(Debug, Clone, Copy)]
pub struct Authorization {
    /// Further parameters.
    pub params: &'static [Param],
    /// Standard parameters under the provider's names: the standard's name, the provider's.
    pub rename: &'static [(&'static str, &'static str)],
    /// Standard parameters that are left out.
    pub omit: &'static [&'static str],
    /// What a single request may set.
    pub options: &'static [RequestOption],
    /// Parameters that are not percent-encoded, as far as an address can hold them: `scope`, `redirect_uri`, or one of `params`.
    pub raw: &'static [&'static str],
    /// A parameter without a value is left out.
    pub skip_empty: bool,
    /// The parameters stand behind a fragment, which starts with this.
    pub fragment: Option<&'static str>,
}

impl Authorization {
    /// RFC 6749 §4.1.1.
    pub const PLAIN: Self = Self {
        params: &[],
        rename: &[],
        omit: &[],
        options: &[],
        raw: &[],
        skip_empty: false,
        fragment: None,
    };

    /// Whether a parameter is written as it is.
    pub fn is_raw(&self, name: &str) -> bool {
        self.raw.contains(&name)
    }

    /// The provider's name of a standard parameter; `None` if it is left out.
    pub fn name(&self, standard: &'static str) -> Option<&'static str> {
        if self.omit.contains(&standard) {
            return None;
        }
        let renamed = self.rename.iter().find(|(name, _)| *name == standard);
        Some(renamed.map_or(standard, |(_, theirs)| theirs))
    }
}

/// A parameter that a single authorization request may set, such as `prompt`.
#[derive(Debug, Clone, Copy)]
pub struct RequestOption {
    /// Its name.
    pub name: &'static str,
    /// The only values there are; empty: any.
    pub choices: &'static [&'static str],
    /// Sent where the request sets none.
    pub default: Option<&'static str>,
}
