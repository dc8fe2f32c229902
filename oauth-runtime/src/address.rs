//! [`Address`]: an address of the provider that requests are sent to, made ready once.

use crate::{error::Error, wire::encode::pair_into};
use http::Uri;
use std::{ops::Deref, sync::Arc};
use url::{Position, Url};

/// An address as it is written, and as each request needs it. It is empty while a variable in it is not learned.
#[derive(Clone, Default)]
pub(crate) struct Address {
    written: Arc<str>,
    parsed: Option<Parsed>,
}

/// Both are kept, because to read an address anew took a tenth of a request.
#[derive(Clone)]
struct Parsed {
    uri: Uri,
    url: KnownUrl,
}

/// The [`Url`] of a request, in its extensions: for a transport that needs one.
#[derive(Clone)]
pub(crate) struct KnownUrl(Arc<Url>);

impl Address {
    /// # Errors
    /// It is none that a provider may have.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let url = parse_endpoint(text)?;
        let uri = text.parse::<Uri>().ok();
        let parsed = uri.map(|uri| Parsed { uri, url: KnownUrl(Arc::new(url)) });
        Ok(Self { written: text.into(), parsed })
    }
}

impl Deref for Address {
    type Target = str;

    fn deref(&self) -> &str {
        &self.written
    }
}

impl KnownUrl {
    /// The same as `uri`, if it is: whoever stands between a flow and its transport may have changed that.
    #[cfg_attr(not(feature = "reqwest"), allow(dead_code, reason = "only reqwest needs it"))]
    pub(crate) fn of(&self, uri: &Uri) -> Option<&Url> {
        let Self(url) = self;
        let is_it = uri.scheme_str() == Some(url.scheme())
            && uri
                .authority()
                .is_some_and(|authority| authority == &url[Position::BeforeUsername..Position::BeforePath])
            && uri
                .path_and_query()
                .is_some_and(|path| path == &url[Position::BeforePath..Position::AfterQuery]);
        is_it.then_some(url)
    }
}

/// Where a request goes: to an address, or there with a query.
pub(crate) struct Target<'a> {
    address: &'a Address,
    /// The whole text, once something was added.
    changed: Option<String>,
}

impl<'a> Target<'a> {
    pub(crate) fn new(address: &'a Address) -> Self {
        Self { address, changed: None }
    }

    /// Adds a parameter to its query.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        let text = self.changed.get_or_insert_with(|| self.address.to_string());
        if !text.contains('?') {
            text.push('?');
        }
        pair_into(text, name, value);
    }

    /// # Errors
    /// HTTP cannot carry it.
    pub(crate) fn into_parts(self) -> Result<(Uri, Option<KnownUrl>), Error> {
        match (self.changed, &self.address.parsed) {
            (None, Some(Parsed { uri, url })) => Ok((uri.clone(), Some(url.clone()))),
            (None, None) => Err(unfit()),
            (Some(text), _) => Uri::try_from(text).map(|uri| (uri, None)).map_err(|_| unfit()),
        }
    }
}

fn unfit() -> Error {
    Error::Configuration("the token endpoint is no address that HTTP can carry".to_owned())
}

/// Whether the text is what a reader of URLs makes of it: they drop blanks and line ends, turn `\` into `/` and
/// put missing slashes in, but the text itself goes to the provider.
pub(crate) fn is_written_plainly(text: &str) -> bool {
    let has_slashes = match text.split_once(':') {
        Some((scheme, rest)) if ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)) => {
            rest.starts_with("//") && !rest.starts_with("///")
        }
        _ => true,
    };
    text.bytes().all(|b| b.is_ascii_graphic() && b != b'\\') && has_slashes
}

/// `https`, or `http` on this machine.
pub(crate) fn is_protected(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// A host of this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// An address of a provider: parsed once more after its variables are in, whatever they were.
pub(crate) fn parse_endpoint(address: &str) -> Result<Url, Error> {
    let wrong = |why: &str| Error::Configuration(format!("the address {address:?} {why}"));
    let url = Url::parse(address).map_err(|_| wrong("is no URL"))?;
    if !is_written_plainly(address) {
        return Err(wrong("must be written in visible ASCII, with slashes"));
    }
    if !is_protected(&url) {
        return Err(wrong("must use https"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(wrong("must have no user, password or fragment"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(text: &str) -> KnownUrl {
        Address::parse(text).expect("an address").parsed.expect("one that HTTP can carry").url
    }

    #[test]
    fn an_address_that_was_read_before_is_the_one_that_would_be_read_now() {
        for text in [
            "https://id.example/token",
            "https://id.example:8443/a%20b?c=d&e",
            "http://127.0.0.1:9/",
            "https://id.example",
        ] {
            let uri: Uri = text.parse().expect("an address");
            let again: Url = uri.to_string().parse().expect("an address");
            assert_eq!(known(text).of(&uri), Some(&again), "{text}");
        }
    }

    #[test]
    fn an_address_that_was_changed_on_its_way_is_read_anew() {
        let known = known("https://id.example/token?a=b");
        for other in [
            "http://id.example/token?a=b",
            "https://id.example:8443/token?a=b",
            "https://other.example/token?a=b",
            "https://id.example/token?a=c",
            "https://id.example/token",
            "/token?a=b",
        ] {
            assert!(known.of(&other.parse().expect("an address")).is_none(), "{other}");
        }
    }

    #[test]
    fn a_parameter_stands_in_the_query_of_the_address() {
        let address = Address::parse("https://id.example/token").expect("an address");
        let mut target = Target::new(&address);
        target.add("a", "b c");
        target.add("d", "e");
        let (uri, known) = target.into_parts().expect("HTTP can carry it");
        assert_eq!(uri, "https://id.example/token?a=b%20c&d=e");
        assert!(known.is_none());
    }
}
