//! `raw` and `fragment` of `[authorization]`: what stands in the address as it is written, and so must be safe there.

use super::{Checker, format, text_of};
use crate::{
    draft::{Entry, Node, Table},
    model::{Format, Variable},
    report::Place,
    template::{self, Piece},
};

/// What a value can hold as it is (RFC 3986 section 3.4), besides letters, digits and what ends no pair of a query.
const SAFE: &str = "-._~!$'()*,;:@/?=+";

impl Checker<'_> {
    /// Parameters that are written as they are.
    pub(super) fn raw(&self, table: &Table) -> Vec<String> {
        let nodes = table.list("raw");
        self.refuse_repeated(nodes);
        for (node, name) in nodes.iter().filter_map(|node| Some((node, node.text()?))) {
            let param = table.entries("params").iter().find(|entry| entry.key.value == name);
            match (name, param) {
                ("scope", _) => self.check_raw_scopes(&node.place),
                ("redirect_uri", _) => self.refuse_omitted(node, table),
                (_, Some(param)) => self.check_raw_param(param),
                (_, None) => {
                    let message = format!(
                        "`{name}` cannot be written as it is: only `scope`, `redirect_uri` and `params` can"
                    );
                    self.error(&node.place, message);
                }
            }
        }
        nodes.iter().filter_map(Node::text).map(str::to_owned).collect()
    }

    fn refuse_omitted(&self, node: &Node, table: &Table) {
        if table.list("omit").iter().any(|omitted| omitted.text() == node.text()) {
            self.error(&node.place, "`omit` leaves `redirect_uri` out: remove it here");
        }
    }

    /// Every scope of the definition, and what stands between them.
    fn check_raw_scopes(&self, place: &Place) {
        let scopes = self.table("scopes").map(|(table, _)| table);
        let sets = scopes.into_iter().flat_map(|scopes| scopes.entries("sets"));
        let lists: Vec<_> = scopes.into_iter().chain(sets.filter_map(|entry| entry.node.table())).collect();
        if scopes.is_none_or(|table| table.get("separator").is_none()) && self.is_missing("scopes.separator")
        {
            let scopes = place.under("scopes");
            let message = format!(
                "scopes have spaces between them, which no address holds as they are: set `separator` {scopes}"
            );
            self.error(place, message);
        }
        for list in lists {
            let listed = ["separator", "default", "required"].into_iter().flat_map(|key| list.list(key));
            listed.for_each(|node| self.check_raw_text(node.text().unwrap_or_default(), &node.place));
            for entry in list.entries("catalog") {
                self.check_raw_text(&entry.key.value, &entry.key.place);
            }
        }
    }

    /// A value with everything in it that is known now; a variable must be of a kind that is safe.
    fn check_raw_param(&self, param: &Entry) {
        let (text, place) = (text_of(&param.node), &param.node.place);
        let (pieces, _) = template::parse(&text);
        for piece in pieces {
            let (Piece::Text(range) | Piece::Placeholder(range)) = &piece;
            let part = &text[range.clone()];
            let place = place.inside(&text, range);
            if let Piece::Text(_) = piece {
                self.check_raw_text(part, &place);
                continue;
            }
            let name = part.trim_matches(['{', '}']);
            let variable = self.variables.use_of(name).map(|index| self.variables.get(index));
            // What is declared nowhere is reported as such.
            if let Some(message) = variable.map_or_else(|| refuse_built_in(name), refuse_unsafe) {
                self.error(&place, message);
            }
        }
    }

    fn check_raw_text(&self, text: &str, place: &Place) {
        let fits = |c: char| c.is_ascii_alphanumeric() || SAFE.contains(c);
        let percent = |at: usize| {
            let digits = text.get(at + 1..at + 3);
            digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        let odd = text.char_indices().find(|(at, c)| !(fits(*c) || *c == '%' && percent(*at)));
        if let Some((at, c)) = odd {
            let place = place.inside(text, &(at..at + c.len_utf8()));
            let c = c.escape_default();
            self.error(&place, format!("`{c}` cannot stand in an address as it is, and `raw` leaves it so"));
        }
    }

    /// What stands between `#` and the parameters.
    pub(super) fn fragment(&self, table: &Table) -> Option<String> {
        let node = table.get("fragment")?;
        let text = node.text()?;
        let fits = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/%".contains(c);
        if text.is_empty() || !text.chars().all(fits) {
            let message =
                "a fragment is what stands between `#` and the `?` before the parameters: `/oauth/authorize`";
            self.error(&node.place, message);
        }
        let endpoints = ["authorization_endpoint", "authorization_path"].into_iter();
        let mut addresses = endpoints.flat_map(|key| self.root.list(key)).filter_map(Node::text);
        if addresses.any(|address| address.contains('?')) {
            self.error(
                &node.place,
                "the parameters stand behind the fragment, and the endpoint has some before it: remove those",
            );
        }
        Some(text.to_owned())
    }

    /// With `skip_empty`, a constant without a value would never be sent.
    pub(super) fn refuse_empty_params(&self, table: &Table) {
        let skips = table.bool("skip_empty") == Some(true);
        for entry in table.entries("params").iter().filter(|entry| skips && entry.node.text() == Some("")) {
            self.error(&entry.node.place, "with `skip_empty` this parameter is never sent: remove it");
        }
    }
}

fn refuse_built_in(name: &str) -> Option<String> {
    super::placeholder::is_built_in(name)
        .then(|| format!("`{{{name}}}` cannot be written as it is: take the parameter out of `raw`"))
}

fn refuse_unsafe(variable: &Variable) -> Option<String> {
    let is_safe = match variable.format {
        Format::Text => false,
        Format::Enum => variable.choices.iter().all(|choice| format::is_path_segment(choice)),
        _ => true,
    };
    let name = &variable.name;
    (!is_safe).then(|| {
        format!("`{name}` is written as it is: give it a `format`, or an `enum` of letters, digits, `-`, `.`, `_` and `~`")
    })
}
