//! What a definition adds to a request: a constant must be there, a text with a variable in it may be left out.

use crate::{matcher::Pattern, parameters::Parameters, refusal::Refusal};
use http::HeaderMap;
use oauth_runtime::spec::Param;

/// The declared parameters.
pub(crate) fn parameters(params: &[Param], parameters: &Parameters) -> Result<(), Refusal> {
    for param in params {
        let pattern = Pattern::of_value(param.value);
        let holds = parameters.get(param.name).map_or(!pattern.is_constant(), |value| pattern.fits(value));
        if !holds {
            let name = param.name;
            return Err(Refusal::invalid_request(format!(
                "the parameter {name} is not as the definition has it"
            )));
        }
    }
    Ok(())
}

/// The declared headers.
pub(crate) fn headers(params: &[Param], headers: &HeaderMap) -> Result<(), Refusal> {
    for param in params {
        let pattern = Pattern::of_value(param.value);
        let mut sent = headers.get_all(param.name).iter().peekable();
        let may_be_absent = sent.peek().is_none() && !pattern.is_constant();
        if !may_be_absent && !sent.any(|value| value.to_str().is_ok_and(|value| pattern.fits(value))) {
            let name = param.name;
            return Err(Refusal::invalid_request(format!(
                "the header {name} is not as the definition has it"
            )));
        }
    }
    Ok(())
}
