//! [`Template`] and [`Endpoint`]: texts with places to fill.
//!
//! A table has them as one text each, because a crate with hundreds of providers is compiled in a tenth less time than
//! with lists of parts.

/// A text with places to fill: `https://{0}.acme.example/{client_id}`.
///
/// A number in braces is the variable at that index of [`Spec::variables`](super::Spec::variables), a name is a
/// [`BuiltIn`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// The text, in which the compiler has checked every place.
    pub text: &'static str,
}

impl Template {
    /// Of a text as it is described above.
    pub const fn new(text: &'static str) -> Self {
        Self { text }
    }

    /// The parts in their order.
    pub fn parts(self) -> impl Iterator<Item = Part> {
        let mut rest = self.text;
        std::iter::from_fn(move || {
            let (part, length) = first(rest)?;
            rest = &rest[length..];
            Some(part)
        })
    }
}

/// The first part of a text, and how long it is there. A brace that begins no place stands as it is.
fn first(text: &'static str) -> Option<(Part, usize)> {
    let name = text.strip_prefix('{').and_then(|inner| inner.split_once('}')).map(|(name, _)| name);
    if let Some(place) = name.and_then(place) {
        return Some((place, name.map_or(0, str::len) + 2));
    }
    let skipped = text.chars().next()?.len_utf8();
    let end = text[skipped..].find('{').map_or(text.len(), |at| skipped + at);
    Some((Part::Text(&text[..end]), end))
}

fn place(name: &str) -> Option<Part> {
    name.parse().map(Part::Variable).ok().or_else(|| BuiltIn::named(name).map(Part::BuiltIn))
}

/// The templates of one address, in order of preference, a line each: the first whose variables are all bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// The lines; empty: no address.
    pub text: &'static str,
}

impl Endpoint {
    /// No address.
    pub const NONE: Self = Self::new("");

    /// Of a line for each template.
    pub const fn new(text: &'static str) -> Self {
        Self { text }
    }

    /// Whether there is no address.
    pub const fn is_none(self) -> bool {
        self.text.is_empty()
    }

    /// The templates in their order.
    pub fn templates(self) -> impl DoubleEndedIterator<Item = Template> {
        self.text.split('\n').filter(|line| !line.is_empty()).map(Template::new)
    }
}

/// A piece of a [`Template`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Stands as it is.
    Text(&'static str),
    /// The value of the variable at this index of [`Spec::variables`](super::Spec::variables).
    Variable(usize),
    /// A value that the flow knows.
    BuiltIn(BuiltIn),
}

/// The values that a flow knows, by their names in a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// `{client_id}`
    ClientId,
    /// `{client_secret}`
    ClientSecret,
    /// `{redirect_uri}`
    RedirectUri,
    /// `{code}`
    Code,
    /// `{state}`
    State,
    /// `{access_token}`
    AccessToken,
    /// `{refresh_token}`
    RefreshToken,
    /// `{scope}`
    Scope,
    /// `{client.console}`: only in hints.
    Console,
}

impl BuiltIn {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "client_id" => Self::ClientId,
            "client_secret" => Self::ClientSecret,
            "redirect_uri" => Self::RedirectUri,
            "code" => Self::Code,
            "state" => Self::State,
            "access_token" => Self::AccessToken,
            "refresh_token" => Self::RefreshToken,
            "scope" => Self::Scope,
            "client.console" => Self::Console,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &'static str) -> Vec<Part> {
        Template::new(text).parts().collect()
    }

    #[test]
    fn a_number_is_a_variable_and_a_name_what_the_flow_knows() {
        let text = "https://{12}.acme.example/{client_id}";
        let built_in = Part::BuiltIn(BuiltIn::ClientId);
        let expected = [Part::Text("https://"), Part::Variable(12), Part::Text(".acme.example/"), built_in];
        assert_eq!(parts(text), expected);
        assert_eq!(parts("{client.console}"), [Part::BuiltIn(BuiltIn::Console)]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn a_brace_that_begins_no_place_stands_as_it_is() {
        let text = |text| {
            parts(text)
                .iter()
                .map(|part| match part {
                    Part::Text(text) => *text,
                    _ => panic!("no text: {part:?}"),
                })
                .collect::<String>()
        };
        assert_eq!(text("{{"), "{{");
        assert_eq!(text("}{"), "}{");
        assert_eq!(text("{elsewhere}"), "{elsewhere}");
    }

    #[test]
    fn an_endpoint_has_a_template_a_line() {
        assert_eq!(Endpoint::NONE.templates().count(), 0);
        assert!(Endpoint::NONE.is_none());
        let texts: Vec<_> = Endpoint::new("https://{0}.example\nhttps://a.example").templates().collect();
        assert_eq!(texts, [Template::new("https://{0}.example"), Template::new("https://a.example")]);
    }
}
