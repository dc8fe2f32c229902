//! [`Repost`]: the page that brings a posted callback once more, with the cookie of the user agent.
//!
//! A provider with `response_mode=form_post` lets the user agent post the callback from a page of its own. Such a
//! request is of another site, so a `SameSite=Lax` cookie does not come with it, and whose sign-in it is cannot be told.
//! A page of the application that posts the same form again is of the same site: the cookie comes along. A redirect to a
//! GET would do it too, but then the code and what is known about the user would stand in an address, with its
//! limits, in histories and in logs, which is what such a provider avoids.

use crate::{callback::MAX_LENGTH, error::CallbackError};
use http::{HeaderName, HeaderValue, header};
use std::fmt;
use zeroize::Zeroize;

/// What the page adds, so that it is shown once.
const MARK: &str = "oauth.reposted";
/// A field called `submit` hides the method of its form.
const SCRIPT: &str = "HTMLFormElement.prototype.submit.call(document.forms[0])";

/// It has the hash of the script.
const POLICY: &str = "default-src 'none'; script-src 'sha256-ox4bri+xTrW3kuLTyRoak73QX8KZGuyP3JlQYusbSlA='; base-uri 'none'; frame-ancestors 'none'";

/// The answer to a form that the provider's page posted: a page that posts it again, from here.
///
/// With the feature `axum` an extractor makes it, and [`Error::Repost`](crate::Error::Repost) carries it. Another
/// framework answers a POST for which [`is_needed`](Self::is_needed) holds with status 200, [`headers`](Self::headers)
/// and [`html`](Self::html), and reads the next one by [`Callback::from_form`](crate::Callback::from_form). The page needs no
/// script: without one the user presses its button.
#[derive(Clone)]
pub struct Repost {
    html: String,
}

impl Repost {
    /// The page for a form.
    ///
    /// # Errors
    /// [`CallbackError::TooLong`].
    pub fn of(form: &str) -> Result<Self, CallbackError> {
        if form.len() > MAX_LENGTH {
            return Err(CallbackError::TooLong);
        }
        let mut html = String::with_capacity(512 + 2 * form.len());
        html.push_str(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Signing in</title></head><body>\
             <form method=\"post\">",
        );
        let pairs = url::form_urlencoded::parse(form.as_bytes());
        let mark = (MARK.into(), "1".into());
        for (name, value) in pairs.filter(|(name, _)| name != MARK).chain([mark]) {
            html.push_str("<input type=\"hidden\" name=\"");
            escape_into(&mut html, &name);
            html.push_str("\" value=\"");
            escape_into(&mut html, &value);
            html.push_str("\">");
        }
        html.push_str("<button>Continue</button></form><script>");
        html.push_str(SCRIPT);
        html.push_str("</script></body></html>");
        Ok(Self { html })
    }

    /// Whether a posted form has not been through the page.
    pub fn is_needed(form: &str) -> bool {
        !url::form_urlencoded::parse(form.as_bytes()).any(|(name, _)| name == MARK)
    }

    /// The page. It holds the code: it goes to the user agent that posted the form, and nowhere else.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The headers of the answer: it is not kept, not framed, and runs nothing but its own script.
    pub fn headers(&self) -> [(HeaderName, HeaderValue); 6] {
        let fixed = HeaderValue::from_static;
        [
            (header::CONTENT_TYPE, fixed("text/html; charset=utf-8")),
            (header::CACHE_CONTROL, fixed("no-store")),
            (header::CONTENT_SECURITY_POLICY, fixed(POLICY)),
            (header::X_FRAME_OPTIONS, fixed("DENY")),
            (header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff")),
            // Under `no-referrer` a user agent would hide from us that the form comes from here.
            (header::REFERRER_POLICY, fixed("same-origin")),
        ]
    }
}

impl Drop for Repost {
    fn drop(&mut self) {
        self.html.zeroize();
    }
}

impl fmt::Debug for Repost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repost").finish_non_exhaustive()
    }
}

/// A text that stands for itself in a quoted attribute.
fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // A parser would turn these into others.
            '\r' => html.push_str("&#13;"),
            '\n' => html.push_str("&#10;"),
            '\0' => {}
            other => html.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, prelude::BASE64_STANDARD};
    use sha2::{Digest, Sha256};

    #[test]
    fn nothing_in_a_form_can_leave_its_attribute() {
        let form = "state=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E&%27x%3D%3C=%26amp%3B%0D%0A";
        let page = Repost::of(form).expect("a page");
        let html = page.html();
        assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""), "{html}");
        assert!(html.contains("name=\"&#39;x=&lt;\" value=\"&amp;amp;&#13;&#10;\""), "{html}");
        assert_eq!(html.matches("<script>").count(), 1, "{html}");
    }

    #[test]
    fn a_form_is_posted_again_once() {
        assert!(Repost::is_needed("code=1&state=2"));
        assert!(!Repost::is_needed("code=1&state=2&oauth.reposted=1"));
        let again = Repost::of("oauth.reposted=1&code=1").expect("a page");
        assert_eq!(again.html().matches(MARK).count(), 1);
    }

    #[test]
    fn the_policy_allows_the_script_of_the_page_and_no_other() {
        let page = Repost::of("code=1").expect("a page");
        let script = page.html().split("<script>").nth(1).and_then(|rest| rest.split("</script>").next());
        let hash = BASE64_STANDARD.encode(Sha256::digest(script.expect("a script")));
        let headers = page.headers();
        let policy = headers.iter().find(|(name, _)| name == header::CONTENT_SECURITY_POLICY);
        let policy = policy.and_then(|(_, value)| value.to_str().ok()).expect("a policy");
        assert!(
            policy.contains(&format!("script-src 'sha256-{hash}';")) && policy.contains("default-src 'none'")
        );
    }

    #[test]
    fn a_form_longer_than_any_honest_one_gets_no_page() {
        assert!(matches!(Repost::of(&"a".repeat(MAX_LENGTH + 1)), Err(CallbackError::TooLong)));
        assert!(Repost::of(&"a".repeat(MAX_LENGTH)).is_ok());
    }

    #[test]
    fn the_code_is_not_shown() {
        let shown = format!("{:?}", Repost::of("code=SECRET").expect("a page"));
        assert_eq!(shown, "Repost { .. }");
    }
}
