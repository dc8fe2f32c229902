//! What a definition adds to a request: a constant must be there, a text with a variable in it may be left out.

use crate::{matcher::Pattern, parameters::Parameters, refusal::Refusal, told::Told};
use http::HeaderMap;
use oauth_runtime::spec::{Param, Spec};

/// What declared texts are compared with: the definition, and what the grant was told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) told: &'a Told,
}

impl Rules<'_> {
    /// The declared parameters.
    pub(crate) fn parameters(self, params: &[Param], parameters: &Parameters) -> Result<(), Refusal> {
        for Param { name, value } in params {
            let sent = parameters.get(name);
            let holds = match Pattern::of_value(*value).told(self.spec, self.told) {
                Some(pattern) => sent.map_or(!pattern.is_constant(), |sent| pattern.fits(sent)),
                None => sent.is_none(),
            };
            if !holds {
                return Err(Refusal::invalid_request(format!(
                    "the parameter {name} is not as the definition has it"
                )));
            }
        }
        Ok(())
    }

    /// The declared headers.
    pub(crate) fn headers(self, params: &[Param], headers: &HeaderMap) -> Result<(), Refusal> {
        for Param { name, value } in params {
            let mut sent = headers.get_all(*name).iter().peekable();
            let is_absent = sent.peek().is_none();
            let holds = match Pattern::of_value(*value).told(self.spec, self.told) {
                Some(pattern) if is_absent => !pattern.is_constant(),
                Some(pattern) => sent.any(|sent| sent.to_str().is_ok_and(|sent| pattern.fits(sent))),
                None => is_absent,
            };
            if !holds {
                return Err(Refusal::invalid_request(format!(
                    "the header {name} is not as the definition has it"
                )));
            }
        }
        Ok(())
    }
}

/// Whether a definition adds a parameter of this name.
pub(crate) fn declares(params: &[Param], name: &str) -> bool {
    params.iter().any(|param| param.name == name)
}
