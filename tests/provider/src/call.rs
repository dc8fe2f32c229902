//! [`Call`]: a request as the real provider would see it.

use crate::{pages, parameters::Parameters, site, told::Told};
use axum::body::Bytes;
use http::{HeaderMap, Method, Uri, header};

/// A request for a real address.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The real URL, with its query.
    pub(crate) url: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) query: Parameters,
    /// What the body holds, if it is a form or a JSON object.
    pub(crate) form: Parameters,
    /// The parameters stood behind the fragment of the page.
    pub(crate) behind_fragment: bool,
    /// What the grant was told that the call is about.
    pub(crate) told: Told,
}

impl Call {
    /// `None`: the path stands for no real address.
    pub(crate) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Option<Self> {
        let path = uri.path_and_query()?.as_str();
        let behind = path.strip_prefix(pages::BEHIND_FRAGMENT_PATH);
        let url = site::to_real(behind.unwrap_or(path))?;
        let behind_fragment = behind.is_some();
        let query = Parameters::from_form(uri.query().unwrap_or_default().as_bytes());
        let form = match content_type(&headers) {
            "application/x-www-form-urlencoded" => Parameters::from_form(&body),
            "application/json" => Parameters::from_json(&body).unwrap_or_default(),
            _ => Parameters::default(),
        };
        Some(Self { method, url, headers, body, query, form, behind_fragment, told: Told::default() })
    }

    /// The real URL without its query.
    pub(crate) fn address(&self) -> &str {
        self.url.split('?').next().unwrap_or_default()
    }

    /// Every text that could be a code or a token.
    pub(crate) fn values(&self) -> impl Iterator<Item = &str> {
        let words = self.headers.values().filter_map(|value| value.to_str().ok()?.split(' ').next_back());
        let values = self.query.0.iter().chain(&self.form.0).map(|(_, value)| value.as_str());
        values.chain(words)
    }

    /// The path of the real URL.
    pub(crate) fn path(&self) -> &str {
        &self.address()[site::origin_of(&self.url).len()..]
    }

    /// The media type of the body, without its parameters.
    pub(crate) fn content_type(&self) -> &str {
        content_type(&self.headers)
    }

    /// The parameters, wherever they stand.
    pub(crate) fn parameters(&self) -> &Parameters {
        if self.form.0.is_empty() { &self.query } else { &self.form }
    }
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}
