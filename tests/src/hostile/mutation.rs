//! Seeded mutations of the catalogue's token answers: our readers against a strict reference, in process.

use super::{
    CATALOGUE,
    definition::ASKED,
    in_process::{Declared, InProcess, Standard},
    placeholder::Values,
    recipe::Recipe,
    reference::{self, Answer},
    row,
    subject::Got,
};
use oauth_runtime::{Error, provider::HasAuthorizationEndpoint};
use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};
use tokio::runtime::{Builder, Runtime};

/// Longer answers take their time and show nothing new.
const LONGEST: usize = 4 << 10;
/// So many findings are shown.
const SHOWN: usize = 20;

/// Pieces that mean something to a reader of JSON or of forms.
const PIECES: &[&[u8]] = &[
    b"\"access_token\":",
    b"\"error\":\"x\"",
    b"\"error\":{}",
    b"\"error\":true",
    b",\"error\":[1]",
    b"\"token_type\":\"mac\"",
    b"\"expires_in\":",
    b"-1",
    b"1e400",
    b"1e308",
    b"-0",
    b"0.5",
    b"00",
    b"+1",
    b"NaN",
    b"null",
    b"true",
    b"\"\"",
    b"{}",
    b"[]",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u0061",
    b"\\ud800",
    b"\\udc00",
    b"\\u0000",
    b"\\n",
    b"\x00",
    b"\x7f",
    b"\xff",
    b"\xc3\xa9",
    b"\xef\xbb\xbf",
    b"\xe2\x80\xa8",
    b" ",
    b"\t",
    b"\r\n",
    b"&access_token=",
    b"&error=",
    b"%",
    b"%00",
    b"+",
    b"=",
    b"/*x*/",
    b"//",
    b"'",
    b"\"\\u0061ccess_token\":\"AT-2\",",
    b",\"scope\":[\"a\",1]",
    b",\"expires_in\":\" 7 \"",
    b",\"refresh_token\":null",
    b",\"refresh_token\":7",
    b",\"id_token\":\"a b\"",
    b",\"x\":[[[[{}]]]]",
    b"99999999999999999999",
];

const NAMES: &[&str] = &[
    "access_token",
    "refresh_token",
    "id_token",
    "token_type",
    "scope",
    "expires_in",
    "refresh_token_expires_in",
    "error",
    "error_description",
    "error_uri",
    "x",
    "Access_Token",
    "__proto__",
    "\\u0065rror",
    "",
];
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "7",
    "-7",
    "1.5",
    "1e3",
    "1e400",
    "-0.0",
    "9223372036854775808",
    "\"\"",
    "\"a\"",
    "\"a b\"",
    "\"Bearer\"",
    "\"BEARER\"",
    "\"mac\"",
    "\"60\"",
    "\" 60 \"",
    "\"6e1\"",
    "\"inf\"",
    "\"0x10\"",
    "\"\\u0041T\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\u0000\"",
    "[]",
    "[\"read\",\"\",\"write\"]",
    "[1]",
    "{}",
    "{\"error\":\"x\"}",
    "{\"a\":1,\"a\":2}",
    "[[[[]]]]",
];

/// What the answers are labelled with.
const LABELS: &[Option<&str>] = &[
    Some("application/json"),
    Some("application/json; charset=utf-8"),
    Some("text/html"),
    Some("application/x-www-form-urlencoded"),
    Some("Application/X-WWW-Form-Urlencoded ; charset=utf-8"),
    None,
];
const STATUSES: &[u16] = &[200, 200, 200, 200, 200, 200, 201, 299, 302, 400, 401, 500];

/// What a run found.
#[derive(Debug, Default)]
pub struct Summary {
    /// Answers that were tried.
    pub tried: u64,
    /// Those that our client took.
    pub accepted: u64,
    /// Those that the reference would have taken and our client did not: strictness, no danger.
    pub stricter: u64,
    /// Answers at which our client panicked, took what the reference refuses, or read something else.
    pub faults: u64,
    /// The first of the faults.
    pub shown: Vec<String>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.shown {
            writeln!(f, "{fault}")?;
        }
        let Self { tried, accepted, stricter, faults, .. } = self;
        write!(f, "tried {tried}, accepted {accepted}, stricter {stricter}, faults {faults}")
    }
}

/// Tries `count` mutated answers, the same ones for the same `seed`.
///
/// # Errors
/// The catalogue cannot be read, or no client be made.
pub fn run(count: u64, seed: u64) -> Result<Summary, String> {
    let bodies = bodies()?;
    let bench = Bench::new()?;
    let mut summary = Summary { tried: count, ..Summary::default() };
    for number in 0..count {
        let mut dice = Dice::new(seed.wrapping_add(number));
        let body = mutated(&bodies, &mut dice);
        let answer = Answer { status: *dice.pick(STATUSES), content_type: *dice.pick(LABELS), body: &body };
        bench.hold(&answer, &mut summary);
    }
    Ok(summary)
}

/// The bodies of the catalogue's answers to token requests.
fn bodies() -> Result<Vec<Vec<u8>>, String> {
    let values = Values::default().with("REQUEST_BODY", "code=CODE");
    let rows = row::parse(CATALOGUE)?;
    let recipes = rows.iter().filter_map(|row| Recipe::parse(&row.recipe, &row.endpoint).ok());
    let bodies = recipes.filter_map(|recipe| Some(recipe.only_message()?.body(&values)));
    Ok(bodies.filter(|body| !body.is_empty() && body.len() <= LONGEST).collect())
}

/// Both of our readers, to be held against the reference.
pub(crate) struct Bench {
    runtime: Runtime,
    standard: InProcess<Standard>,
    declared: InProcess<Declared>,
}

impl Bench {
    pub(crate) fn new() -> Result<Self, String> {
        let text = |error: Error| error.to_string();
        Ok(Self {
            runtime: Builder::new_current_thread()
                .enable_time()
                .build()
                .map_err(|error| error.to_string())?,
            standard: InProcess::new(Standard).map_err(text)?,
            declared: InProcess::new(Declared).map_err(text)?,
        })
    }

    /// Holds both of our readers against the reference.
    pub(crate) fn hold(&self, answer: &Answer<'_>, summary: &mut Summary) {
        let expected = reference::tokens(answer, ASKED).map(normal);
        let outcomes = [self.read(&self.standard, answer), self.read(&self.declared, answer)];
        summary.accepted += u64::from(outcomes.iter().any(|outcome| matches!(outcome, Ok(Some(_)))));
        summary.stricter +=
            u64::from(expected.is_ok() && outcomes.iter().any(|outcome| matches!(outcome, Ok(None))));
        for (reader, outcome) in ["plain", "declared"].iter().zip(&outcomes) {
            let fault = match (outcome, &expected) {
                (Err(Panicked), _) => "panicked".to_owned(),
                (Ok(Some(got)), Err(reason)) => format!("took {got:?}, refused by the reference: {reason}"),
                (Ok(Some(got)), Ok(expected)) if !same(got, expected, answer.body) => {
                    format!("read {got:?} where {expected:?} stands")
                }
                _ => continue,
            };
            summary.faults += 1;
            if summary.shown.len() < SHOWN {
                let body = String::from_utf8_lossy(answer.body);
                let Answer { status, content_type, .. } = answer;
                summary.shown.push(format!("{reader}: {fault}: {status} {content_type:?} {body:?}"));
            }
        }
    }

    fn read<P: HasAuthorizationEndpoint>(
        &self,
        client: &InProcess<P>,
        answer: &Answer<'_>,
    ) -> Result<Option<Got>, Panicked> {
        client.answers(answer);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.runtime.block_on(client.sign_in())));
        outcome.map(|outcome| outcome.ok().map(normal)).map_err(|_| Panicked)
    }
}

struct Panicked;

/// `serde_json` reads a fraction to within the last bits, so that a number next to a whole one may be read as that, or as
/// the one below: a second more or less, where a billionth of one lies between them.
fn same(got: &Got, expected: &Got, body: &[u8]) -> bool {
    let beside_a_whole_one = |run: &[u8]| body.windows(8).any(|window| window == run);
    match (got.lifetime, expected.lifetime) {
        (Some(one), Some(other)) if beside_a_whole_one(b"99999999") || beside_a_whole_one(b"00000000") => {
            one.abs_diff(other) <= Duration::from_secs(1)
                && *got == Got { lifetime: got.lifetime, ..expected.clone() }
        }
        _ => got == expected,
    }
}

/// How blanks between scopes are read is nobody's danger.
fn normal(got: Got) -> Got {
    Got {
        scopes: got.scopes.iter().flat_map(|scope| scope.split_whitespace()).map(str::to_owned).collect(),
        ..got
    }
}

fn mutated(bodies: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut body = if dice.below(2) == 0 { dice.pick(bodies).clone() } else { composed(dice) };
    for _ in 0..dice.below(5) {
        mutate(&mut body, bodies, dice);
    }
    body.truncate(LONGEST);
    body
}

/// An object of members that a reader looks at, with values that it may not expect.
fn composed(dice: &mut Dice) -> Vec<u8> {
    let mut members = vec![String::from(r#""access_token":"AT-1""#)];
    for _ in 0..dice.below(5) {
        members.push(format!("\"{}\":{}", dice.pick(NAMES), dice.pick(VALUES)));
    }
    let first = dice.below(members.len());
    members.swap(0, first);
    format!("{{{}}}", members.join(",")).into_bytes()
}

fn mutate(body: &mut Vec<u8>, bodies: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(body.len() + 1);
    let end = (at + 1 + dice.below(12)).min(body.len());
    match dice.below(8) {
        0 if at < body.len() => body[at] ^= 1 << dice.below(8),
        1 if at < body.len() => body[at] = u8::try_from(dice.below(256)).unwrap_or_default(),
        2 => body.insert(at, u8::try_from(dice.below(256)).unwrap_or_default()),
        3 if at < end => drop(body.drain(at..end)),
        4 if at < end => {
            let copy = body[at..end].to_vec();
            let to = dice.below(body.len() + 1);
            drop(body.splice(to..to, copy));
        }
        5 => {
            let other = dice.pick(bodies);
            let from = dice.below(other.len());
            body.truncate(at);
            body.extend(&other[from..]);
        }
        _ => {
            let piece = *dice.pick(PIECES);
            // Where a member begins, most pieces mean something.
            let commas: Vec<_> = (0..body.len()).filter(|at| b",{".contains(&body[*at])).collect();
            let at = if commas.is_empty() || dice.below(2) == 0 { at } else { *dice.pick(&commas) + 1 };
            drop(body.splice(at..at, piece.iter().copied()));
        }
    }
}

/// Numbers that look like chance and are the same each time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_may_be_read_a_second_off_beside_a_whole_number_and_nowhere_else() {
        let got = |lifetime| Got {
            access_token: "AT-1".to_owned(),
            refresh_token: None,
            lifetime: Some(Duration::from_secs(lifetime)),
            scopes: Vec::new(),
        };
        let beside = b"96994.999999999992";
        assert!(same(&got(96_995), &got(96_994), beside));
        assert!(!same(&got(96_996), &got(96_994), beside));
        assert!(!same(&got(96_995), &got(96_994), b"96994.5"));
        let another = Got { access_token: "AT-2".to_owned(), ..got(96_995) };
        assert!(!same(&another, &got(96_994), beside));
    }
}
