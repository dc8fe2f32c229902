//! [`Code`]: the tables in what the compiler writes, and the items beside them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What the compiler made of a definition.
pub(crate) struct Code {
    /// The expression of the table.
    pub(crate) spec: String,
    /// The expression of the examples.
    pub(crate) examples: String,
    /// Everything else that a user's crate can name, without its documentation.
    pub(crate) items: Vec<String>,
}

impl Code {
    /// Of the module of this name.
    pub(crate) fn read(text: &str, module: &str) -> Result<Self, String> {
        let tokens: TokenStream = text.parse().map_err(|error| format!("no Rust: {error}"))?;
        let mut code = Self { spec: String::new(), examples: "&[]".to_owned(), items: Vec::new() };
        for item in split(tokens) {
            let is_table = item.to_string().contains("OAuthProvider for");
            let body = item.clone().into_iter().filter_map(braced).last().filter(|_| is_table);
            match body {
                Some(body) => code.take_tables(body),
                None => code.items.push(without_docs(item).to_string()),
            }
        }
        let name = code.items.iter().find_map(|item| item.split_once("pub struct ")).map(|(_, rest)| rest);
        let name =
            name.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next()).unwrap_or_default();
        // A hook is a function of the provider's own type.
        let own = format!("<crate::{module}::{name}");
        code.spec = ["< Self", "<Self"].iter().fold(code.spec, |spec, old| spec.replace(old, &own));
        if code.spec.is_empty() { Err("there is no table".to_owned()) } else { Ok(code) }
    }

    fn take_tables(&mut self, body: TokenStream) {
        for member in split(body) {
            let text = member.to_string();
            let value =
                || text.split_once('=').map(|(_, value)| value.trim().trim_end_matches(';').to_owned());
            match value() {
                Some(value) if text.starts_with("const SPEC") => self.spec = value,
                Some(value) if text.starts_with("const EXAMPLES") => self.examples = value,
                _ => self.items.push(text.clone()),
            }
        }
    }
}

fn braced(token: TokenTree) -> Option<TokenStream> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        _ => None,
    }
}

/// The items of a text: each ends with a body or a semicolon. A constant has both.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut items = Vec::new();
    let mut item = Vec::new();
    for token in tokens {
        let is_constant = item.iter().any(|token: &TokenTree| token.to_string() == "=");
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_constant,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        item.push(token);
        if ends {
            items.push(item.drain(..).collect());
        }
    }
    items
}

/// Documentation is no item.
fn without_docs(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let token = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                TokenTree::Group(proc_macro2::Group::new(group.delimiter(), without_docs(group.stream())))
            }
            other => other,
        };
        let is_doc = matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && group.stream().to_string().starts_with("doc"));
        let follows_hash = matches!(kept.last(), Some(TokenTree::Punct(punct)) if punct.as_char() == '#');
        if is_doc && follows_hash {
            kept.pop();
        } else {
            kept.push(token);
        }
    }
    kept.into_iter().collect()
}
