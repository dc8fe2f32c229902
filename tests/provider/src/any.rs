//! [`AnyProvider`]: a provider whose definition is chosen at run time.

use oauth_runtime::{
    OAuthProvider,
    provider::{HasApi, HasAuthorizationEndpoint, HasRefresh, HasRevocation, HasUserinfo},
    spec::{Example, Format, Spec, Variable},
};

/// Any provider, as a value: for tests that go through many definitions with the same code.
///
/// Its variables hold what their definition gives as an example, or the first value that there is, unless they have a
/// default. It has every method; one that its definition does not declare fails when it is called.
#[derive(Debug, Clone, Copy)]
pub struct AnyProvider {
    spec: &'static Spec,
    examples: &'static [Example],
}

impl AnyProvider {
    /// The provider `P` as a value.
    pub fn of<P: OAuthProvider>() -> Self {
        Self { spec: P::SPEC, examples: P::EXAMPLES }
    }

    /// A provider of these tables, which the compiler made.
    pub fn new(spec: &'static Spec, examples: &'static [Example]) -> Self {
        Self { spec, examples }
    }

    /// What its definition says.
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// The same, of which each answer is read by itself: no token is exchanged for another behind it.
    pub(crate) fn without_exchanges(self) -> Self {
        if self.spec.exchanges.is_empty() {
            return self;
        }
        Self { spec: Box::leak(Box::new(Spec { exchanges: &[], ..*self.spec })), ..self }
    }

    /// Its definition's examples.
    pub fn examples(&self) -> &'static [Example] {
        self.examples
    }
}

impl OAuthProvider for AnyProvider {
    const SPEC: &'static Spec = &Spec::PLAIN;

    fn spec(&self) -> &'static Spec {
        self.spec
    }

    fn variable(&self, index: usize) -> Option<&str> {
        self.spec.variables.get(index).and_then(sample)
    }
}

impl HasApi for AnyProvider {}
impl HasAuthorizationEndpoint for AnyProvider {}
impl HasRefresh for AnyProvider {}
impl HasRevocation for AnyProvider {}
impl HasUserinfo for AnyProvider {}

/// A value that fits the variable; `None`: its default will do.
fn sample(variable: &Variable) -> Option<&'static str> {
    if variable.default.is_some() {
        return None;
    }
    let usual = match variable.format {
        Format::Text | Format::PathSegment | Format::Enum | Format::HostLabel => "acme",
        Format::Host => "acme.example",
        Format::HttpsUrl => "https://acme.example",
        Format::Digits => "1815",
        Format::Uuid => "00000000-0000-4000-8000-000000001815",
    };
    Some(variable.example.or(variable.choices.first().copied()).unwrap_or(usual))
}
