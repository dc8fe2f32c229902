//! The fields of the user's struct are the variables of the definition.

use crate::{
    draft::Draft,
    model::Provider,
    name,
    report::{Place, Report},
    subject::Subject,
    suggest,
};

/// Each field is a variable, and each variable has a field. A name that is only misspelled is reported once, at the field.
pub(super) fn match_variables(subject: &Subject, draft: &Draft, provider: &Provider, report: &Report) {
    let learned = |name: &str| provider.variables.iter().any(|of| of.name == name && of.is_learned());
    let declared: Vec<_> =
        draft.root.entries("variables").iter().map(|entry| entry.key.value.as_str()).collect();
    let fields: Vec<_> = subject.fields.iter().map(|field| field.name.to_string()).collect();
    let without_field = || {
        let needed = declared.iter().copied().filter(|name| !learned(name));
        needed.filter(|name| fields.iter().all(|field| field != name))
    };
    let mut meant = Vec::new();
    for (field, name) in subject.fields.iter().zip(&fields) {
        if learned(name) {
            let message = format!("`{name}` is learned at each sign-in (`from`): it is no field, remove it");
            report.error(&Place::Token(field.name.span()), message);
        } else if !declared.contains(&name.as_str()) {
            meant.extend(suggest::nearest(name, without_field()));
            let hint = suggest::hint(name, without_field());
            let message = format!("the definition declares no variable `{name}`{hint}");
            report.error(&Place::Token(field.name.span()), message);
        }
    }
    for variable in provider.variables.iter().filter(|variable| !variable.is_learned()) {
        let name = variable.name.as_str();
        if !fields.iter().any(|field| field == name) && !meant.contains(&name) {
            let field = name::field_type(variable, &subject.name.to_string());
            let message = format!("the definition's variable `{name}` needs a field: `pub {name}: {field}`");
            report.error(&Place::Token(subject.name.span()), message);
        }
    }
}
