//! What stands in braces: a declared variable, or a value that the flow knows at this place.

use super::{
    Checker,
    learned::{self, Moment},
};
use crate::{
    model::{BUILT_INS, BuiltIn, Part, Template},
    report::Place,
    suggest,
    template::{self, Piece},
};
use std::ops::Range;

/// Which of the values that a flow knows may stand at a place, and what the place is called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowed {
    pub(super) built_ins: &'static [BuiltIn],
    pub(super) place: &'static str,
    /// What a sign-in has told when the place is filled.
    pub(super) known: Moment,
    /// A secret variable may stand there too: the place is in no address, and is not shown.
    pub(super) secret: bool,
    /// The client's secret or a refresh token goes there.
    pub(super) guarded: bool,
}

/// A place that is filled when a sign-in begins.
const fn place(built_ins: &'static [BuiltIn], place: &'static str) -> Allowed {
    Allowed { built_ins, place, known: Moment::Begin, secret: false, guarded: false }
}

impl Allowed {
    /// The same place, where it is part of an address.
    pub(super) fn in_address(self) -> Self {
        Self { secret: false, ..self }
    }
}

/// In an address: nothing secret, nothing that changes with the request.
pub(super) const ADDRESS: Allowed = place(&[BuiltIn::ClientId], "an address");
/// In the address of the token endpoint, which is asked after the callback.
pub(super) const TOKEN_ADDRESS: Allowed = Allowed { known: Moment::Callback, guarded: true, ..ADDRESS };
/// In an address that is asked for a grant, with what only the provider may see.
pub(super) const GRANT_ADDRESS: Allowed = Allowed { known: Moment::Userinfo, guarded: true, ..ADDRESS };
/// In an address that says who the user is.
pub(super) const USER_ADDRESS: Allowed = Allowed { known: Moment::Token, ..ADDRESS };
/// In an address of the API.
pub(super) const API_ADDRESS: Allowed =
    Allowed { known: Moment::Userinfo, ..place(&[], "an address of the API") };
pub(super) const ISSUER: Allowed = place(&[], "the issuer");
pub(super) const AUTHORIZATION: Allowed =
    place(&[BuiltIn::ClientId, BuiltIn::RedirectUri], "the authorization request");
pub(super) const TOKEN: Allowed = Allowed {
    known: Moment::Callback,
    secret: true,
    ..place(&[BuiltIn::ClientId, BuiltIn::RedirectUri], "a token request")
};
pub(super) const REFRESH: Allowed = Allowed { known: Moment::Userinfo, ..TOKEN };
pub(super) const TOKEN_HEADER: Allowed =
    Allowed { secret: true, ..place(&[BuiltIn::ClientId], "a header of a token request") };
pub(super) const BASIC: Allowed = place(&[BuiltIn::ClientId, BuiltIn::ClientSecret], "HTTP Basic");
pub(super) const ASSERTION: Allowed = place(&[BuiltIn::ClientId], "what the client signs");
/// The code is none of them: it is sent once, and that was before.
pub(super) const EXCHANGE: Allowed = Allowed {
    known: Moment::Token,
    secret: true,
    ..place(&[BuiltIn::ClientId, BuiltIn::ClientSecret, BuiltIn::AccessToken], "an exchange")
};
/// In the address of an exchange, which is asked after the token.
pub(super) const EXCHANGE_ADDRESS: Allowed = Allowed { known: Moment::Token, guarded: true, ..ADDRESS };
pub(super) const REVOCATION: Allowed =
    Allowed { known: Moment::Userinfo, secret: true, ..place(&[BuiltIn::ClientId], "a revocation") };
pub(super) const USERINFO: Allowed =
    Allowed { known: Moment::Token, secret: true, ..place(&[BuiltIn::ClientId], "the call for the user") };
pub(super) const API: Allowed =
    Allowed { known: Moment::Userinfo, secret: true, ..place(&[BuiltIn::ClientId], "an API call") };
pub(super) const HINT: Allowed = place(&[BuiltIn::RedirectUri, BuiltIn::Console], "a hint");

/// Is the name one that a flow knows?
pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_INS.iter().any(|(known, _)| *known == name)
}

/// A template whose placeholders have a meaning.
pub(super) struct Resolved<'t> {
    pub(super) text: &'t str,
    pub(super) pieces: Vec<(Range<usize>, Slot)>,
}

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Text,
    Variable(usize),
    BuiltIn(BuiltIn),
    /// Reported already.
    Unknown,
}

impl<'t> Resolved<'t> {
    /// Reads a text and reports every placeholder that has no meaning here.
    pub(super) fn read(text: &'t str, place: &Place, allowed: Allowed, checker: &Checker<'_>) -> Self {
        let (pieces, faults) = template::parse(text);
        for (range, message) in faults {
            checker.error(&place.inside(text, &range), message);
        }
        let resolve = |piece| match piece {
            Piece::Text(range) => (range, Slot::Text),
            Piece::Placeholder(range) => {
                let name = &text[range.start + 1..range.end - 1];
                let slot = slot(name, place, allowed, checker).unwrap_or_else(|message| {
                    checker.error(&place.inside(text, &range), message);
                    Slot::Unknown
                });
                (range, slot)
            }
        };
        Self { text, pieces: pieces.into_iter().map(resolve).collect() }
    }

    /// The parts of the model, neighbouring texts as one.
    pub(super) fn parts(&self) -> Template {
        let mut parts: Template = Vec::new();
        for (range, slot) in &self.pieces {
            let text = &self.text[range.clone()];
            match (slot, parts.last_mut()) {
                (Slot::Text | Slot::Unknown, Some(Part::Text(before))) => before.push_str(text),
                (Slot::Text | Slot::Unknown, _) => parts.push(Part::Text(text.to_owned())),
                (Slot::Variable(index), _) => parts.push(Part::Variable(*index)),
                (Slot::BuiltIn(value), _) => parts.push(Part::BuiltIn(*value)),
            }
        }
        parts
    }
}

fn slot(name: &str, place: &Place, allowed: Allowed, checker: &Checker<'_>) -> Result<Slot, String> {
    if let Some(index) = checker.variables.use_of(name) {
        let variable = checker.variables.get(index);
        let is_shown = variable.secret && !allowed.secret;
        let seen = is_shown.then(|| format!("`{{{name}}}` is secret: here it would be seen"));
        let fault = seen.or_else(|| learned::unknown_yet(variable, allowed.known));
        return fault.map_or(Ok(Slot::Variable(index)), Err);
    }
    if let Some((_, value)) = BUILT_INS.iter().find(|(known, _)| *known == name) {
        let message = || format!("`{{{name}}}` cannot stand in {}", allowed.place);
        return if allowed.built_ins.contains(value) { Ok(Slot::BuiltIn(*value)) } else { Err(message()) };
    }
    if name.is_empty() {
        return Err("name a variable between the braces".to_owned());
    }
    let here = BUILT_INS.iter().filter(|(_, value)| allowed.built_ins.contains(value)).map(|(name, _)| *name);
    let Some(near) = suggest::nearest(name, checker.variables.names().chain(here)) else {
        let table = place.table(&format!("variables.{name}"));
        return Err(format!("no variable `{name}` is declared: add `{table}`"));
    };
    // It is meant to be used, so it is not called unused as well.
    checker.variables.use_of(near);
    Err(format!("no variable `{name}` is declared; did you mean `{near}`?"))
}
