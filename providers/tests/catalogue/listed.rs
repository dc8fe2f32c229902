//! [`Listed`]: a file of the catalogue, with its type and its entry.

use oauth_runtime::{
    Entry, OAuthProvider,
    spec::{Example, Spec},
};

/// A file, as a rule sees it.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The path of its type: `github::GitHub`.
    pub(crate) path: &'static str,
    pub(crate) spec: &'static Spec,
    pub(crate) examples: &'static [Example],
}

impl Listed {
    /// The name of the struct.
    pub(crate) fn type_name(&self) -> &'static str {
        self.path.rsplit("::").next().unwrap_or(self.path)
    }

    pub(crate) fn entry(&self) -> Entry {
        oauth_providers::named(self.spec.id).unwrap_or_else(|| panic!("no entry has the id {}", self.spec.id))
    }
}

macro_rules! each_provider {
    ($($name:ident: $($way:ident)::+,)*) => {
        /// Every file, in the order of their modules.
        pub(crate) fn listed() -> Vec<Listed> {
            vec![$(Listed {
                path: concat!($(stringify!($way), "::"),+).trim_end_matches("::"),
                spec: oauth_providers::$($way)::+::SPEC,
                examples: oauth_providers::$($way)::+::EXAMPLES,
            }),*]
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/provider_list.rs"));

#[test]
fn every_file_has_an_entry_and_every_entry_a_file() {
    let files: Vec<_> = listed();
    let mut ids: Vec<_> = files.iter().map(|file| file.spec.id).collect();
    ids.sort_unstable();
    let entries: Vec<_> = oauth_providers::all().iter().map(Entry::id).collect();
    assert_eq!(entries, ids);
    for file in &files {
        assert_eq!(file.entry().name(), file.spec.name);
        let by_name = oauth_providers::named(&file.spec.name.to_uppercase());
        assert!(by_name.is_some() || !file.spec.name.is_ascii(), "{} is found by its name", file.spec.name);
    }
}
