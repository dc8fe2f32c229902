//! Where in an address a placeholder may stand: only where none of its values can lead elsewhere.

use super::{
    Checker, format,
    placeholder::{Resolved, Slot},
};
use crate::{
    model::{Format, Variable},
    report::Place,
};

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Start,
    Host,
    Path,
}

impl Checker<'_> {
    /// Refuses a placeholder whose values could leave the spot. In a query everything is percent-encoded.
    pub(super) fn refuse_misplaced(&self, resolved: &Resolved<'_>, piece: usize, spot: Spot, place: &Place) {
        let (range, slot) = &resolved.pieces[piece];
        let message = match slot {
            Slot::Variable(index) if is_safe(self.variables.get(*index), spot) => return,
            // Its format is misspelled, and that was reported.
            Slot::Variable(index) if self.is_doubtful(*index) => return,
            Slot::Variable(index) => misplaced(self.variables.get(*index), spot),
            Slot::BuiltIn(_) if spot != Spot::Path => {
                let name = &resolved.text[range.clone()];
                format!("`{name}` can stand only in the path or the query of an address")
            }
            Slot::BuiltIn(_) | Slot::Text | Slot::Unknown => return,
        };
        self.error(&place.inside(resolved.text, range), message);
    }
}

impl Checker<'_> {
    fn is_doubtful(&self, index: usize) -> bool {
        let attempted = !self.is_missing("variables.*.format") || !self.is_missing("variables.*.enum");
        attempted && self.variables.get(index).format == Format::Text
    }
}

fn is_safe(variable: &Variable, spot: Spot) -> bool {
    let all = |fits: fn(&str) -> bool| variable.choices.iter().all(|choice| fits(choice));
    match (spot, variable.format) {
        (Spot::Start, Format::Enum) => all(format::is_https_url),
        (Spot::Host, Format::Enum) => all(format::is_host_part),
        (Spot::Path, Format::Enum) => all(format::is_path_segment),
        (Spot::Start, format) => format == Format::HttpsUrl,
        (Spot::Host, format) => matches!(format, Format::HostLabel | Format::Host),
        (Spot::Path, format) => {
            matches!(format, Format::PathSegment | Format::Digits | Format::Uuid | Format::HostLabel)
        }
    }
}

fn misplaced(variable: &Variable, spot: Spot) -> String {
    let name = &variable.name;
    match (spot, variable.format) {
        (Spot::Start, Format::Enum) => {
            format!("`{name}` starts the address, so each value of its `enum` must be an https URL")
        }
        (Spot::Host, Format::Enum) => {
            format!("`{name}` stands in a host, so each value of its `enum` must be a part of a host name")
        }
        (Spot::Path, Format::Enum) => {
            format!("`{name}` stands in a path, so each value of its `enum` must be one segment of a path")
        }
        (Spot::Start, _) => {
            format!("only a variable of `format = \"https_url\"` can start an address, and `{name}` is none")
        }
        (_, Format::HttpsUrl) => format!("`{name}` is a whole address: it can stand only at the start"),
        (Spot::Host, _) => {
            format!(
                "`{name}` stands in a host: give it `format = \"host_label\"` or `\"host\"`, or an `enum`"
            )
        }
        (Spot::Path, _) => format!(
            "`{name}` stands in a path: give it `format = \"path_segment\"`, `\"digits\"`, `\"uuid\"` or `\"host_label\"`, or an `enum`"
        ),
    }
}
