//! Addresses: https, a fixed host, no way out of the path, nothing in the query that belongs to the protocol.

use super::{
    Checker, host,
    placeholder::{Allowed, Resolved, Slot},
    spot::Spot,
};
use crate::report::Place;
use std::ops::Range;

/// The parameters of the protocol: the client sends them, or nobody does.
pub(super) const RESERVED: &[&str] = &[
    "client_id",
    "client_secret",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "grant_type",
    "nonce",
];

/// What an address may hold besides scheme and host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A path and a query.
    Endpoint,
    /// A path: others are joined to it, or it is compared letter by letter.
    Base,
    /// Nothing.
    Origin,
    /// No scheme and no host, but a path and a query: it is joined to another.
    Relative,
}

/// One character, or one placeholder, of an address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// `None`: a placeholder.
    pub(super) char: Option<char>,
    start: usize,
    /// The index of its piece.
    piece: usize,
}

/// An address that is being checked.
pub(super) struct Address<'a> {
    resolved: &'a Resolved<'a>,
    place: &'a Place,
    is_guarded: bool,
    checker: &'a Checker<'a>,
}

impl Checker<'_> {
    /// The parts of an address, all rules of addresses applied.
    pub(super) fn address(
        &self,
        text: &str,
        place: &Place,
        shape: Shape,
        allowed: Allowed,
    ) -> crate::model::Template {
        let resolved = Resolved::read(text, place, allowed, self);
        let address = Address { resolved: &resolved, place, is_guarded: allowed.guarded, checker: self };
        address.check(shape);
        resolved.parts()
    }
}

impl Address<'_> {
    fn check(&self, shape: Shape) {
        let units = self.units();
        let (units, fragment) = cut(&units, '#');
        if let Some(fragment) = fragment {
            self.error(fragment, "an address here has no fragment: remove it");
        }
        let (units, query) = cut(units, '?');
        let path = if shape == Shape::Relative { Some(units) } else { self.path_after_host(units) };
        let (path, query) = (path.unwrap_or_default(), query.unwrap_or_default());
        self.refuse_excess(shape, path, query);
        self.check_path(path);
        self.check_query(query);
    }

    /// What others are joined to, or compared with, ends earlier.
    fn refuse_excess(&self, shape: Shape, path: &[Unit], query: &[Unit]) {
        if shape == Shape::Origin && !path.is_empty() {
            self.error(path, "an origin ends with its host: remove the path");
        }
        if matches!(shape, Shape::Base | Shape::Origin) && !query.is_empty() {
            self.error(query, "an address here has no query: remove it");
        }
    }

    fn units(&self) -> Vec<Unit> {
        let unit = |(piece, (range, slot)): (usize, &(Range<usize>, Slot))| -> Vec<Unit> {
            let start = range.start;
            match slot {
                Slot::Text => {
                    let chars = self.resolved.text[range.clone()].char_indices();
                    chars.map(|(at, char)| Unit { char: Some(char), start: start + at, piece }).collect()
                }
                _ => vec![Unit { char: None, start, piece }],
            }
        };
        self.resolved.pieces.iter().enumerate().flat_map(unit).collect()
    }

    /// Checks scheme and host; what follows them is the path. `None`: there is no telling where it starts.
    fn path_after_host<'u>(&self, units: &'u [Unit]) -> Option<&'u [Unit]> {
        if let Some(first) = units.first().filter(|unit| unit.char.is_none()) {
            self.check_slot(first, Spot::Start);
            let rest = &units[1..];
            if rest.first().is_some_and(|unit| unit.char != Some('/')) {
                self.error(rest, "after a whole address only a path or a query can follow");
                return None;
            }
            return Some(rest);
        }
        let scheme =
            ["https://", "http://"].into_iter().find(|scheme| self.resolved.text.starts_with(scheme));
        let Some(scheme) = scheme else {
            self.checker.error(self.place, "an address starts with `https://`");
            return None;
        };
        let rest = &units[scheme.len().min(units.len())..];
        let end = rest.iter().position(|unit| unit.char == Some('/')).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        host::check(self, authority);
        if scheme == "http://" && !host::is_loopback(authority) {
            self.checker.error(
                self.place,
                "an address must use https; http is only for 127.0.0.1, [::1] and localhost",
            );
        }
        Some(path)
    }

    fn check_path(&self, path: &[Unit]) {
        for unit in path.iter().filter(|unit| unit.char.is_none()) {
            self.check_slot(unit, Spot::Path);
        }
        self.check_characters(path, ":@/");
        for segment in path.split(|unit| unit.char == Some('/')) {
            let text: String = segment.iter().map(|unit| unit.char.unwrap_or('x')).collect();
            let text = text.to_ascii_lowercase().replace("%2e", ".");
            if text == "." || text == ".." {
                self.error(segment, "`.` and `..` lead elsewhere: write the path that is meant");
            }
        }
    }

    fn check_query(&self, query: &[Unit]) {
        self.check_characters(query, ":@/?");
        for pair in query.split(|unit| unit.char == Some('&')) {
            let (name, _) = cut(pair, '=');
            if name.iter().any(|unit| unit.char.is_none()) {
                self.error(name, "the name of a parameter cannot hold a variable");
                continue;
            }
            let text: String = name.iter().filter_map(|unit| unit.char).collect();
            if RESERVED.contains(&decode(&text).as_str()) {
                let message =
                    format!("`{text}` is a parameter of the protocol: the client sends it, remove it here");
                self.error(name, &message);
            }
        }
    }

    /// Everything else must be percent-encoded (RFC 3986).
    fn check_characters(&self, units: &[Unit], further: &str) {
        // Braces are not encoded either, but they were reported as braces.
        let fits =
            |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=%{}".contains(c) || further.contains(c);
        if let Some(at) = units.iter().position(|unit| unit.char.is_some_and(|c| !fits(c))) {
            let char = units[at].char.unwrap_or_default();
            let message = format!("`{}` must be percent-encoded in an address", char.escape_default());
            return self.error(&units[at..=at], &message);
        }
        let hex =
            |unit: Option<&Unit>| unit.and_then(|unit| unit.char).is_some_and(|c| c.is_ascii_hexdigit());
        let open = |at: usize| !(hex(units.get(at + 1)) && hex(units.get(at + 2)));
        let percent = units.iter().enumerate().filter(|(_, unit)| unit.char == Some('%')).map(|(at, _)| at);
        if let Some(at) = percent.into_iter().find(|at| open(*at)) {
            self.error(&units[at..=at], "`%` must be followed by two hexadecimal digits");
        }
    }

    pub(super) fn check_slot(&self, unit: &Unit, spot: Spot) {
        self.checker.refuse_misplaced(self.resolved, unit.piece, spot, self.place);
        if spot != Spot::Path {
            self.checker.refuse_loose_host(self.resolved, unit.piece, self.is_guarded, self.place);
        }
    }

    /// Reports something about a part of the address.
    pub(super) fn error(&self, part: &[Unit], message: &str) {
        let Some((first, last)) = part.first().zip(part.last()) else {
            return self.checker.error(self.place, message);
        };
        let end = match last.char {
            Some(char) => last.start + char.len_utf8(),
            None => self.resolved.pieces[last.piece].0.end,
        };
        self.checker.error(&self.place.inside(self.resolved.text, &(first.start..end)), message);
    }
}

/// What stands before the first such character, and what after it.
fn cut(units: &[Unit], at: char) -> (&[Unit], Option<&[Unit]>) {
    match units.iter().position(|unit| unit.char == Some(at)) {
        Some(position) => (&units[..position], Some(&units[position + 1..])),
        None => (units, None),
    }
}

/// Undoes percent-encoding, as far as it is ASCII.
fn decode(text: &str) -> String {
    let mut decoded = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        decoded.push_str(&rest[..at]);
        let byte = rest.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(byte.map_or('%', char::from));
        rest = &rest[at + if byte.is_some() { 3 } else { 1 }..];
    }
    decoded + rest
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_reserved_name_cannot_hide_behind_percent_signs() {
        assert_eq!(super::decode("st%61te"), "state");
        assert_eq!(super::decode("%zz%"), "%zz%");
    }
}
