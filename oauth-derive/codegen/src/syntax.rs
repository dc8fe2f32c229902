//! What the two syntaxes write differently, in the words of messages: a file has tables, an attribute has lists.

use crate::report::Place;

impl Place {
    /// Where an entry of the table stands: ``under `[token.response]` ``, or ``in `token(response(..))` ``.
    pub(crate) fn under(&self, table: &str) -> String {
        match self {
            Self::File { .. } => format!("under `[{table}]`"),
            // The scopes stand in the list itself.
            Self::Token(_) if table.starts_with("scopes.") => {
                format!("in `{}`", list(table.trim_end_matches(".catalog"), ".."))
            }
            Self::Token(_) => format!("in `{}`", list(table, "..")),
        }
    }

    /// The table itself, to be added: `[variables.shop]`, or `variables(shop(..))`.
    pub(crate) fn table(&self, table: &str) -> String {
        self.in_syntax(&format!("[{table}]"), &list(table, "..")).to_owned()
    }

    /// The words for a file, or those for an attribute.
    pub(crate) fn in_syntax<'w>(&self, file: &'w str, attribute: &'w str) -> &'w str {
        match self {
            Self::File { .. } => file,
            Self::Token(_) => attribute,
        }
    }
}

/// `token(response(..))`
fn list(table: &str, inner: &str) -> String {
    table.rsplit('.').fold(inner.to_owned(), |inner, name| format!("{name}({inner})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use proc_macro2::Span;
    use std::sync::Arc;

    #[test]
    fn each_syntax_has_its_own_words_for_a_table() {
        let file = Place::file(&Arc::new(Source::new("x.toml", "")), 0..0);
        let attribute = Place::Token(Span::call_site());
        assert_eq!(file.under("token.response"), "under `[token.response]`");
        assert_eq!(attribute.under("token.response"), "in `token(response(..))`");
        assert_eq!(attribute.under("scopes.catalog"), "in `scopes(..)`");
        assert_eq!((file.table("api"), attribute.table("api")), ("[api]".to_owned(), "api(..)".to_owned()));
    }
}
