//! [`Pattern`]: a template of the definition read backwards. Does a text fit it, and what do its variables hold?

use crate::told::Told;
use oauth_runtime::spec::{Endpoint, Format, Part, Spec, Template};
use std::collections::HashMap;

/// The values of variables, by their index in [`Spec::variables`], as an address showed them.
pub(crate) type Captures = HashMap<usize, String>;

/// A template whose variables match any text of their format.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(String),
    /// Any text of these characters.
    Any(Option<usize>, fn(char) -> bool),
    /// An address with `https`.
    Address(usize),
    /// Nothing, or what `/` or `?` begins.
    Below,
    /// One of the values of an `enum`.
    OneOf(usize, &'static [&'static str]),
}

impl Pattern {
    /// Of a value that stands by itself: a parameter, a header.
    pub(crate) fn of_value(template: Template) -> Self {
        let value = |part| match part {
            Part::Text(text) => Piece::Text(text.to_owned()),
            Part::Variable(index) => Piece::Any(Some(index), |_| true),
            Part::BuiltIn(_) => Piece::Any(None, |_| true),
        };
        Self(template.parts().map(value).collect())
    }

    /// Of an address, without its query.
    pub(crate) fn of_address(spec: &Spec, template: Template) -> Self {
        let mut pieces = Vec::new();
        for part in template.parts() {
            let text = match part {
                Part::Text(text) => text.split_once('?'),
                _ => None,
            };
            if let Some((path, _)) = text {
                pieces.push(Piece::Text(path.to_owned()));
                break;
            }
            pieces.extend(address_pieces(spec, part));
        }
        Self(pieces)
    }

    /// The scheme and authority of an address pattern.
    pub(crate) fn origin(&self) -> Self {
        let mut pieces = Vec::new();
        let mut slashes = 0;
        for piece in &self.0 {
            let Piece::Text(text) = piece else {
                slashes += if matches!(piece, Piece::Address(_)) { 2 } else { 0 };
                pieces.push(piece.clone());
                continue;
            };
            let seen: usize = slashes;
            let path = text.match_indices('/').nth(2usize.saturating_sub(seen)).map(|(at, _)| at);
            pieces.push(Piece::Text(path.map_or(text.as_str(), |at| &text[..at]).to_owned()));
            if path.is_some() {
                break;
            }
            slashes += text.matches('/').count();
        }
        Self(pieces)
    }

    /// The same for a grant whose sign-in told the variables that are learned; `None`: one that stands here was not told.
    pub(crate) fn told(&self, spec: &Spec, told: &Told) -> Option<Self> {
        let fill = |piece: &Piece| match piece {
            Piece::Any(Some(index), _) | Piece::OneOf(index, _) | Piece::Address(index)
                if spec.variables[*index].is_learned() =>
            {
                told.get(*index).map(|value| Piece::Text(value.to_owned()))
            }
            other => Some(other.clone()),
        };
        self.0.iter().map(fill).collect::<Option<_>>().map(Self)
    }

    /// The same with anything behind it that begins a further segment or a query.
    pub(crate) fn and_below(mut self) -> Self {
        self.0.push(Piece::Below);
        self
    }

    /// Whether the text fits as a whole.
    pub(crate) fn fits(&self, text: &str) -> bool {
        self.captures(text).is_some()
    }

    /// What the variables hold, if the text fits as a whole.
    pub(crate) fn captures(&self, text: &str) -> Option<Captures> {
        let mut found = Vec::new();
        fit(&self.0, text, &mut found)
            .then(|| found.into_iter().map(|(index, value)| (index, value.to_owned())).collect())
    }

    /// Whether no variable stands in it.
    pub(crate) fn is_constant(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Text(_)))
    }
}

/// A variable in an address matches what its format allows there, so that a host never runs on into a path.
fn address_pieces(spec: &Spec, part: Part) -> Vec<Piece> {
    let index = match part {
        Part::Text(text) => return vec![Piece::Text(text.to_owned())],
        Part::BuiltIn(_) => return vec![Piece::Any(None, |c| c != '/')],
        Part::Variable(index) => index,
    };
    let variable = &spec.variables[index];
    let any = |allowed| vec![Piece::Any(Some(index), allowed)];
    match variable.format {
        _ if !variable.choices.is_empty() => vec![Piece::OneOf(index, variable.choices)],
        Format::HttpsUrl => vec![Piece::Address(index)],
        Format::HostLabel => any(|c| c.is_ascii_alphanumeric() || c == '-'),
        Format::Host => any(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.')),
        Format::Digits => any(|c| c.is_ascii_digit()),
        Format::Text | Format::PathSegment | Format::Uuid | Format::Enum => any(|c| c != '/'),
    }
}

/// Tries the pieces in turn, and every length of a variable.
fn fit<'a>(pieces: &[Piece], text: &'a str, found: &mut Vec<(usize, &'a str)>) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let mut held = |index: Option<usize>, length: usize| {
        let (value, left) = text.split_at(length);
        let before = found.len();
        found.extend(index.map(|index| (index, value)));
        fit(rest, left, found) || {
            found.truncate(before);
            false
        }
    };
    match first {
        Piece::Text(literal) => text.starts_with(literal.as_str()) && held(None, literal.len()),
        Piece::Below => text.is_empty() || text.starts_with(['/', '?']),
        Piece::Address(index) => {
            let starts = text.starts_with("https://");
            let lengths: Vec<_> = text.char_indices().skip(8).map(|(at, c)| at + c.len_utf8()).collect();
            starts && lengths.into_iter().any(|length| held(Some(*index), length))
        }
        Piece::Any(index, allowed) => {
            let end = text.find(|c| !allowed(c)).unwrap_or(text.len());
            let lengths: Vec<_> = text[..end].char_indices().map(|(at, c)| at + c.len_utf8()).collect();
            lengths.into_iter().any(|length| held(*index, length))
        }
        Piece::OneOf(index, choices) => {
            choices.iter().any(|choice| text.starts_with(choice) && held(Some(*index), choice.len()))
        }
    }
}

/// The first template of `endpoint` whose variables the captures or the definition's defaults can fill.
pub(crate) fn fill(spec: &Spec, endpoint: Endpoint, captures: &Captures) -> Option<String> {
    let value = |index: usize| {
        let variable = &spec.variables[index];
        captures.get(&index).map(String::as_str).or(variable.default).or(variable.example)
    };
    let text = |part| match part {
        Part::Text(text) => Some(text.to_owned()),
        Part::Variable(index) => value(index).map(str::to_owned),
        Part::BuiltIn(_) => None,
    };
    endpoint.templates().find_map(|template| template.parts().map(text).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use oauth_runtime::spec::Variable;

    const SPEC: Spec = Spec {
        variables: &[
            Variable { name: "shop", format: Format::HostLabel, ..Variable::PLAIN },
            Variable { name: "tenant", format: Format::PathSegment, ..Variable::PLAIN },
            Variable { name: "api", format: Format::HttpsUrl, ..Variable::PLAIN },
            Variable { name: "dc", format: Format::Enum, choices: &["com", "com.au"], ..Variable::PLAIN },
        ],
        ..Spec::PLAIN
    };

    fn address(template: &'static str) -> Pattern {
        Pattern::of_address(&SPEC, Template::new(template))
    }

    #[test]
    fn a_variable_matches_any_text_of_its_format_and_nothing_else() {
        let shop = address("https://{0}.shop.example/token");
        assert!(shop.fits("https://acme.shop.example/token"));
        for wrong in [
            "https://.shop.example/token",
            "https://a.b.shop.example/token",
            "https://evil.example/x.shop.example/token",
            "https://acme.shop.example/token/",
        ] {
            assert!(!shop.fits(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_capture_is_what_stood_in_the_place_of_the_variable() {
        let tenant = address("https://login.example/{1}/v2/authorize");
        let captures =
            tenant.captures("https://login.example/contoso.example/v2/authorize").expect("a match");
        assert_eq!(captures[&1], "contoso.example");
        let issuer: Endpoint = Endpoint::new("https://login.example/{1}/v2.0");
        assert_eq!(
            fill(&SPEC, issuer, &captures).as_deref(),
            Some("https://login.example/contoso.example/v2.0")
        );
    }

    #[test]
    fn the_choices_of_an_enum_are_the_only_values() {
        let dc = address("https://a.{3}/t");
        assert!(dc.fits("https://a.com/t") && dc.fits("https://a.com.au/t"));
        assert!(!dc.fits("https://a.org/t"));
    }

    #[test]
    fn a_query_in_the_template_is_no_part_of_the_address() {
        assert!(address("https://a.example/t?x=1").fits("https://a.example/t"));
    }

    #[test]
    fn an_origin_ends_where_the_path_begins() {
        let cases: [(&str, &str); 4] = [
            ("https://a.example/b/c", "https://a.example"),
            ("https://a.example", "https://a.example"),
            ("https://{0}.example/{1}", "https://s.example"),
            ("{2}/user", "https://api.example"),
        ];
        for (template, origin) in cases {
            assert!(address(template).origin().fits(origin), "{template:?}");
        }
        assert!(!address("https://a.example/b").origin().fits("https://a.example.evil"));
    }
}
