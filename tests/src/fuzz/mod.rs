//! What a fuzzer calls: each target takes any bytes, holds our readers to what must be true of them, and says whether
//! they were accepted.
//!
//! `tests/fuzz/run` fuzzes them, and `cargo test` plays the seeds in `tests/fuzz/corpus`. A target panics at a fault.

mod back;
mod callback;
mod definition;
mod error;
mod record;
mod template;
mod times;
mod token;

/// Whether the bytes were accepted.
pub type Target = fn(&[u8]) -> bool;

/// Every target, by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("token_answer", token::answer),
    ("error_body", error::body),
    ("callback", callback::query),
    ("return_to", back::path),
    ("url_template", template::addresses),
    ("definition", definition::file),
    ("times", times::header_or_lifetime),
    ("stored_record", record::text),
];

/// Takes the first byte as a choice of one of `choices`, `a` for the first.
fn choice<'a, T>(data: &'a [u8], choices: &[T]) -> Option<(usize, &'a [u8])> {
    let (first, rest) = data.split_first()?;
    Some((usize::from(first.wrapping_sub(b'a')) % choices.len(), rest))
}
