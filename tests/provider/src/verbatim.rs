//! Parameters that a definition has as they are: a plus is a plus, and what needs no percent sign has none.

use crate::{parameters::Parameters, refusal::Refusal};
use oauth_runtime::spec::Spec;
use url::form_urlencoded;

/// What stands in a value as it is.
const PLAIN: &[u8] = b"-._~!$'()*,;:@/?=+";

/// The query of an authorization request, its raw parameters read as they stand.
pub(crate) fn read(spec: &'static Spec, url: &str, query: &Parameters) -> Result<Parameters, Refusal> {
    let mut query = query.clone();
    let text = url.split_once('?').map_or("", |(_, text)| text);
    for name in spec.authorization.raw.iter().flat_map(|raw| names(spec, raw)) {
        for pair in text.split('&') {
            let (sent, value) = pair.split_once('=').unwrap_or((pair, ""));
            if sent != name {
                continue;
            }
            // A constant is compared letter by letter, with the percent signs that the definition has in it.
            let is_constant = spec.authorization.params.iter().any(|param| param.name == name);
            let plain = if is_constant { Some(value.to_owned()) } else { plain(value) };
            let plain = plain.ok_or_else(|| {
                Refusal::invalid_request(format!("the parameter {name} must not be percent-encoded"))
            })?;
            query.0.iter_mut().filter(|(of, _)| of == name).for_each(|(_, value)| value.clone_from(&plain));
        }
    }
    Ok(query)
}

/// The names of a raw parameter on the wire.
fn names(spec: &'static Spec, raw: &'static str) -> Vec<&'static str> {
    match raw {
        "scope" => {
            let sets = spec.scopes.sets.iter().map(|set| set.parameter);
            std::iter::once(spec.scopes.parameter).chain(sets).collect()
        }
        name => spec.authorization.name(name).into_iter().collect(),
    }
}

/// The value, if nothing in it is encoded that could stand there as it is.
fn plain(value: &str) -> Option<String> {
    let mut rest = value;
    while let Some(at) = rest.find('%') {
        let byte = u8::from_str_radix(rest.get(at + 1..at + 3)?, 16).ok()?;
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            return None;
        }
        rest = &rest[at + 3..];
    }
    let kept = value.replace('+', "%2B");
    form_urlencoded::parse(format!("a={kept}").as_bytes()).next().map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_could_stand_as_it_is_must_not_be_encoded() {
        assert_eq!(plain("public+read_user").as_deref(), Some("public+read_user"));
        assert_eq!(plain("https://a.example/b?c=d%26e").as_deref(), Some("https://a.example/b?c=d&e"));
        for encoded in ["public%2Bread_user", "https%3A//a.example", "%41", "%4"] {
            assert_eq!(plain(encoded), None, "{encoded}");
        }
    }
}
