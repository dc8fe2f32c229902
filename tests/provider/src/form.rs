//! [`Form`]: the form of a page, as a user agent without scripts sees it.

/// Where a form goes and what it sends.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The first form of a page, with the values that it is filled in with and the first of its buttons.
    pub(crate) fn parse(page: &str) -> Option<Self> {
        let start = page.find("<form")?;
        let end = page[start..].find("</form>").map_or(page.len(), |at| start + at);
        let mut tags = page[start..end].split('<').skip(1).map(Tag::parse);
        let mut form =
            Self { action: tags.next()?.attribute("action").unwrap_or_default(), fields: Vec::new() };
        let mut pressed = false;
        for tag in tags {
            let is_button = tag.name == "button";
            if (tag.name != "input" && !is_button) || (is_button && std::mem::replace(&mut pressed, true)) {
                continue;
            }
            if let Some(name) = tag.attribute("name") {
                form.fields.push((name, tag.attribute("value").unwrap_or_default()));
            }
        }
        Some(form)
    }

    /// What is sent.
    pub(crate) fn filled_in(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }
}

/// The inside of `<..>`.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    fn parse(text: &'a str) -> Self {
        let inside = text.split('>').next().unwrap_or_default();
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        Self { name, attributes }
    }

    /// The value of a quoted attribute.
    fn attribute(&self, name: &str) -> Option<String> {
        let start = format!(" {name}=\"");
        let attributes = format!(" {}", self.attributes);
        let value = &attributes[attributes.find(&start)? + start.len()..];
        Some(unescape(&value[..value.find('"')?]))
    }
}

fn unescape(text: &str) -> String {
    let named = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    named.into_iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_sends_its_fields_and_the_first_button_that_is_pressed() {
        let form = Form::parse(
            r#"<p>x</p><form method="post" action="/a?b&amp;c"><input type="hidden" name="i" value="&quot;1&amp;lt;">
            <label>y</label><button name="d" value="approve">A</button><button name="d" value="deny">D</button></form>"#,
        )
        .expect("a form");
        assert_eq!(form.action, "/a?b&c");
        assert_eq!(form.filled_in(), "i=%221%26lt%3B&d=approve");
    }

    #[test]
    fn a_page_without_a_form_has_none() {
        assert_eq!(Form::parse("<p>no</p>"), None);
    }
}
