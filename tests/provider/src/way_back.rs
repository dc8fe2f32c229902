//! [`WayBack`]: how the answer to an authorization request goes to the client, as the definition has it.

use crate::{brought::Brought, pages, refusal::Refusal, signature, told::Told};
use axum::response::Response;
use oauth_runtime::spec::{Method, Spec, Stage};

/// Where the answer to an authorization request goes, and what it carries besides.
#[derive(Debug, Clone)]
pub(crate) struct WayBack {
    pub(crate) spec: &'static Spec,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) issuer: Option<String>,
    /// The `response_mode` of the request.
    pub(crate) asks_for_form: bool,
    /// The client's secret, with which the answer may have to be signed.
    pub(crate) secret: Option<String>,
    pub(crate) brought: Brought,
}

type Pairs = Vec<(String, String)>;

impl WayBack {
    /// The answer that grants (RFC 6749 §4.1.2).
    pub(crate) fn with_code(&self, code: &str, told: &Told) -> Response {
        let callback = &self.spec.callback;
        let mut pairs = vec![(callback.code.to_owned(), code.to_owned())];
        pairs.extend(told.in_callback(self.spec).into_iter().map(|(name, value)| (name.to_owned(), value)));
        let further = self.brought.of(self.spec);
        pairs.extend(further.filter(|(name, _)| !Told::tells_in_callback(self.spec, name)));
        self.answer(pairs)
    }

    /// The answer that refuses (RFC 6749 §4.1.2.1), in the definition's words.
    pub(crate) fn with_error(&self, refusal: Refusal) -> Response {
        let code = refusal.wire_code(self.spec, Stage::Callback).to_owned();
        let description = ("error_description".to_owned(), refusal.description.clone());
        let mut response = self.answer(vec![(self.spec.callback.error.to_owned(), code), description]);
        response.extensions_mut().insert(refusal);
        response
    }

    /// The answer of an example, whatever it is.
    pub(crate) fn with_parameters(&self, parameters: Pairs) -> Response {
        // Whose answer it is, is the request's to say.
        let own = [self.spec.callback.state, "iss"];
        self.answer(parameters.into_iter().filter(|(name, _)| !own.contains(&name.as_str())).collect())
    }

    /// The redirect URI stays as the client wrote it, byte for byte; the answer is added to its query, or posted to it.
    fn answer(&self, mut pairs: Pairs) -> Response {
        let callback = &self.spec.callback;
        pairs.extend(self.state.clone().map(|state| (callback.state.to_owned(), state)));
        pairs.extend(self.issuer.clone().map(|issuer| ("iss".to_owned(), issuer)));
        signature::sign(self.spec, self.secret.as_deref(), &mut pairs);
        if self.asks_for_form || !callback.methods.contains(&Method::Get) {
            return pages::post_back(self.spec, &self.redirect_uri, &pairs);
        }
        pages::redirect(&with_query(&self.redirect_uri, &pairs))
    }
}

/// An address with further parameters.
pub(crate) fn with_query(address: &str, pairs: &Pairs) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{query}")
}
