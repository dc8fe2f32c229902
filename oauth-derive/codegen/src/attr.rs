//! The front that reads `#[oauth(..)]`.

use crate::{
    draft::{Draft, Entry, Node, Table, Value},
    keys::{self, Key},
    kind::Kind,
    name,
    report::{Located, Place, Report},
};
use proc_macro2::{Ident, Span};
use syn::{
    Attribute, Expr, ExprLit, Lit, LitStr, Meta, Result, Token, braced, bracketed, ext::IdentExt,
    parenthesized, parse::ParseStream, spanned::Spanned, token,
};

/// Reads every `#[oauth(..)]` of a struct. Every syntax error is reported; what stands between them is still read.
pub(crate) fn read(attributes: &[Attribute], name: &Ident, report: &Report) -> Draft {
    let mut root = Table::default();
    let place = Place::Token(name.span());
    let ours: Vec<_> = attributes.iter().filter(|attribute| attribute.path().is_ident("oauth")).collect();
    for attribute in &ours {
        let Meta::List(list) = &attribute.meta else {
            let message = format!("`oauth` holds keys in parentheses: `{}`", example(name));
            report.error(&Place::Token(attribute.path().span()), message);
            continue;
        };
        let read = |input: ParseStream<'_>| Reader { report }.entries(input, "", &mut root);
        if let Err(error) = list.parse_args_with(read) {
            report.error(&Place::Token(error.span()), error.to_string());
        }
    }
    if ours.is_empty() {
        let message = format!("the attribute with the definition is missing: add `{}`", example(name));
        report.error(&place, message);
    }
    Draft { root, place }
}

/// The attribute in its shortest form.
fn example(name: &Ident) -> String {
    format!("#[oauth(file = \"providers/{}.toml\")]", name::snake_case(&name.unraw().to_string()))
}

/// The path of a table that the vocabulary does not have.
const UNKNOWN: &str = "?";

struct Reader<'a> {
    report: &'a Report,
}

impl Reader<'_> {
    /// `key = value, table(key = value), ..` of the table at `parent`.
    fn entries(&self, input: ParseStream<'_>, parent: &str, table: &mut Table) -> Result<()> {
        while !input.is_empty() {
            if let Err(error) = self.entry(input, parent, table) {
                self.report.error(&Place::Token(error.span()), error.to_string());
                skip_to_comma(input);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn entry(&self, input: ParseStream<'_>, parent: &str, table: &mut Table) -> Result<()> {
        let doc = doc_comment(input)?;
        let is_text = input.peek(LitStr);
        let key = key(input)?;
        let known = Key::find(parent, &key.value);
        let path = known.map_or(UNKNOWN, Key::content);
        let node = if input.peek(token::Paren) {
            let content;
            let parens = parenthesized!(content in input);
            self.table(&content, path, parens.span.join())?
        } else {
            require_value(input, &key, known)?;
            input.parse::<Token![=]>()?;
            self.value(input, path)?
        };
        if is_scope_list(parent) && (is_text || known.is_none() && name::is_constant(&key.value)) {
            let entry = if is_text {
                Entry { node: self.documented("scopes.catalog", doc, node), key }
            } else {
                self.constant(key, node, doc)
            };
            self.insert_scope(table, entry);
            return Ok(());
        }
        let node = self.documented(parent, doc, node);
        self.insert(table, Entry { key, node }, known.is_some_and(|key| key.kind == Kind::Tables));
        Ok(())
    }

    fn table(&self, content: ParseStream<'_>, path: &str, span: Span) -> Result<Node> {
        let mut below = Table::default();
        self.entries(content, path, &mut below)?;
        Ok(Node { value: Value::Table(below), place: Place::Token(span) })
    }

    /// `READ_USER = "read:user"` in `scopes(..)`: a scope and the name of its constant, a doc comment as its text.
    fn constant(&self, name: Located<String>, node: Node, doc: Option<Node>) -> Entry {
        if node.text().is_none() {
            self.report.error(&node.place, format!("a scope is a text: `{} = \"..\"`", name.value));
        }
        let value = Located { value: node.text().unwrap_or(&name.value).to_owned(), place: node.place };
        let mut below = Table { entries: Vec::new() };
        below.entries.extend(doc.map(|doc| entry("description", &name.place, doc)));
        below.entries.push(entry(
            "name",
            &name.place,
            Node { value: Value::Text(name.value), place: name.place.clone() },
        ));
        Entry { key: value, node: Node { value: Value::Table(below), place: name.place } }
    }

    /// Scopes may stand in `scopes(..)` itself; they belong to its catalogue.
    fn insert_scope(&self, scopes: &mut Table, scope: Entry) {
        if scopes.entry("catalog").is_none() {
            let place = scope.key.place.clone();
            let empty = Node { value: Value::Table(Table::default()), place: place.clone() };
            scopes.entries.push(entry("catalog", &place, empty));
        }
        let catalog = scopes.entries.iter_mut().find(|entry| entry.key.value == "catalog");
        if let Some(Value::Table(catalog)) = catalog.map(|entry| &mut entry.node.value) {
            self.insert(catalog, scope, false);
        }
    }

    /// A doc comment before an entry is its text.
    fn documented(&self, parent: &str, doc: Option<Node>, node: Node) -> Node {
        let Some(doc) = doc else { return node };
        let Some(key) = keys::documented(parent) else {
            self.report.error(&doc.place, "a doc comment has no meaning here: use `//`");
            return node;
        };
        let Node { value, place } = node;
        let value = match value {
            Value::Table(mut table) => {
                table.entries.push(entry(key, &doc.place.clone(), doc));
                Value::Table(table)
            }
            value => {
                self.report.error(&doc.place, "the text stands twice: in the doc comment and after `=`");
                value
            }
        };
        Node { value, place }
    }

    /// Adds an entry; one that may be repeated, such as `example(..)`, to a list.
    fn insert(&self, table: &mut Table, mut entry: Entry, is_repeated: bool) {
        let known = table.entries.iter_mut().find(|known| known.key.value == entry.key.value);
        match known.map(|known| &mut known.node.value) {
            None if is_repeated && entry.node.table().is_some() => {
                let place = entry.node.place.clone();
                entry.node = Node { value: Value::List(vec![entry.node]), place };
                table.entries.push(entry);
            }
            None => table.entries.push(entry),
            Some(Value::List(nodes)) if is_repeated => nodes.push(entry.node),
            Some(_) => self.report.error(&entry.key.place, format!("`{}` is set twice", entry.key.value)),
        }
    }

    fn value(&self, input: ParseStream<'_>, path: &str) -> Result<Node> {
        if input.peek(token::Bracket) {
            let content;
            let brackets = bracketed!(content in input);
            let mut nodes = Vec::new();
            while !content.is_empty() {
                nodes.push(self.value(&content, path)?);
                if !content.is_empty() {
                    content.parse::<Token![,]>()?;
                }
            }
            return Ok(Node { value: Value::List(nodes), place: Place::Token(brackets.span.join()) });
        }
        if input.peek(token::Brace) {
            let content;
            let braces = braced!(content in input);
            return self.table(&content, path, braces.span.join());
        }
        literal(input)
    }
}

/// Scopes stand in it without a table around them.
fn is_scope_list(path: &str) -> bool {
    matches!(path, "scopes" | "scopes.sets.*")
}

fn entry(key: &str, place: &Place, node: Node) -> Entry {
    Entry { key: Located { value: key.to_owned(), place: place.clone() }, node }
}

/// A name, a Rust keyword as well, or a text in quotes.
fn key(input: ParseStream<'_>) -> Result<Located<String>> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(Located { value: text.value(), place: Place::Token(text.span()) });
    }
    let name = input.call(Ident::parse_any)?;
    Ok(Located { value: name.unraw().to_string(), place: Place::Token(name.span()) })
}

/// A key alone says nothing.
fn require_value(input: ParseStream<'_>, key: &Located<String>, known: Option<&Key>) -> Result<()> {
    let Place::Token(span) = key.place else { return Ok(()) };
    if !input.is_empty() && !input.peek(Token![,]) {
        return Ok(());
    }
    let name = &key.value;
    let sketch = known.map_or(" = \"..\"", |key| key.kind.sketch());
    Err(syn::Error::new(span, format!("`{name}` needs a value: `{name}{sketch}`")))
}

fn literal(input: ParseStream<'_>) -> Result<Node> {
    let start = input.span();
    let negative = input.parse::<Option<Token![-]>>()?.is_some();
    let literal: Lit = input.parse().map_err(|_| {
        syn::Error::new(start, "expected a value: a text, a number, `true`, `false`, `[..]` or `{..}`")
    })?;
    let place = Place::Token(literal.span());
    let sign = if negative { -1 } else { 1 };
    let value = match &literal {
        Lit::Str(text) => Value::Text(text.value()),
        Lit::Int(number) => Value::Integer(number.base10_parse::<i64>()? * sign),
        Lit::Float(number) => Value::Float(number.base10_parse()?),
        Lit::Bool(value) => Value::Bool(value.value),
        _ => return Err(syn::Error::new(literal.span(), "expected a text, a number, `true` or `false`")),
    };
    Ok(Node { value, place })
}

/// The doc comment before an entry.
fn doc_comment(input: ParseStream<'_>) -> Result<Option<Node>> {
    let mut lines = Vec::new();
    let mut place = None;
    for attribute in input.call(Attribute::parse_outer)? {
        let value = attribute.meta.require_name_value()?;
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &value.value else { continue };
        place.get_or_insert(Place::Token(text.span()));
        lines.push(text.value().trim().to_owned());
    }
    Ok(place.map(|place| Node { value: Value::Text(lines.join(" ").trim().to_owned()), place }))
}

/// Goes to the end of an entry that could not be read.
fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<proc_macro2::TokenTree>().is_err() {
            return;
        }
    }
}
