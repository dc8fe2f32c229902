//! The forms of a page: as much of HTML as the servers' own pages use.

use std::collections::BTreeMap;

#[derive(Default)]
pub(crate) struct Form {
    /// Relative to the page; empty: the page itself.
    pub(crate) action: String,
    pub(crate) inputs: Vec<(String, String)>,
    pub(crate) buttons: Vec<Button>,
}

pub(crate) struct Button {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// The form that has `name` in it, or else the first: a page may have one for each user.
pub(crate) fn form_of(markup: &str, name: &str) -> Option<Form> {
    let mut pieces = markup.split_inclusive("</form>");
    let own = pieces.find(|piece| piece.contains(name)).and_then(|piece| forms(piece).pop());
    own.or_else(|| forms(markup).into_iter().next())
}

/// Every form of `markup`, in its order.
fn forms(markup: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    for tag in markup.split('<').filter_map(|piece| piece.split_once('>')).map(|(tag, _)| tag) {
        let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let attributes = attributes(rest);
        let take = |name: &str| attributes.get(name).cloned().unwrap_or_default();
        match (name, forms.last_mut()) {
            ("form", _) => forms.push(Form { action: take("action"), ..Form::default() }),
            ("input", Some(form)) => form.inputs.push((take("name"), take("value"))),
            ("button", Some(form)) => {
                form.buttons.push(Button { id: take("id"), name: take("name"), value: take("value") });
            }
            _ => {}
        }
    }
    forms
}

/// `name="value"` pairs. The pages here escape nothing but `&quot;` and `&amp;`.
fn attributes(tag: &str) -> BTreeMap<String, String> {
    let pairs = tag.split("\" ").filter_map(|pair| pair.split_once("=\""));
    let unescaped = |value: &str| value.replace("&quot;", "\"").replace("&amp;", "&");
    pairs
        .map(|(name, value)| (name.trim().to_owned(), unescaped(value.trim_end_matches(['"', '/']))))
        .collect()
}
