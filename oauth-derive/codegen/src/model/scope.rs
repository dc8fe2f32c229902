//! What can be asked for.

#[derive(Debug, Clone, Default)]
pub(crate) struct Scopes {
    pub(crate) parameter: Option<String>,
    pub(crate) separator: Option<String>,
    pub(crate) default: Vec<String>,
    pub(crate) required: Vec<String>,
    pub(crate) open: bool,
    pub(crate) catalog: Vec<Scope>,
    /// Where the list was taken from.
    pub(crate) source: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) added_by_server: Vec<String>,
    pub(crate) dropped_by_server: Vec<String>,
    pub(crate) refresh_scope: bool,
    pub(crate) sets: Vec<ScopeSet>,
}

impl Scopes {
    /// The scopes of every catalogue, each with the list that it is of, if it is not the first.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Option<&ScopeSet>, &Scope)> {
        let sets = self.sets.iter().flat_map(|set| set.catalog.iter().map(move |scope| (Some(set), scope)));
        self.catalog.iter().map(|scope| (None, scope)).chain(sets)
    }
}

/// A further list of scopes, in a parameter of its own.
#[derive(Debug, Clone)]
pub(crate) struct ScopeSet {
    pub(crate) name: String,
    pub(crate) parameter: String,
    pub(crate) separator: String,
    pub(crate) default: Vec<String>,
    pub(crate) required: Vec<String>,
    pub(crate) open: bool,
    pub(crate) catalog: Vec<Scope>,
}

#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// The Rust constant; an identifier.
    pub(crate) constant: String,
    /// As it is sent.
    pub(crate) value: String,
    pub(crate) description: String,
}
