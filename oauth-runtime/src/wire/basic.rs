//! HTTP Basic (RFC 6749 §2.3.1), with what the definition puts into it.

use super::encode::encode;
use crate::{
    client::Client,
    error::Error,
    spec::{BuiltIn, Part, Template},
};
use zeroize::Zeroizing;

/// Both parts with the colon between them, as they are before base64.
pub(crate) fn pair(client: &Client, secret: &str) -> Result<Zeroizing<String>, Error> {
    let basic = &client.spec.client.basic;
    let (username, password) = (fill(client, basic.username, secret), fill(client, basic.password, secret));
    if basic.form_encode {
        return Ok(Zeroizing::new(format!("{}:{}", encode(&username), encode(&password))));
    }
    if username.contains(':') {
        // RFC 7617 §2: what stands behind the first colon is the password.
        let problem = "HTTP Basic, as this provider has it, cannot carry a user name with a colon";
        return Err(Error::Configuration(problem.to_owned()));
    }
    Ok(Zeroizing::new(format!("{}:{}", &*username, &*password)))
}

/// The compiler lets nothing else stand here.
fn fill(client: &Client, template: Template, secret: &str) -> Zeroizing<String> {
    let text = |part: &Part| {
        match part {
            Part::Text(text) => *text,
            Part::BuiltIn(BuiltIn::ClientId) => client.credentials.client_id(),
            Part::BuiltIn(BuiltIn::ClientSecret) => secret,
            Part::BuiltIn(_) | Part::Variable(_) => "",
        }
        .to_owned()
    };
    Zeroizing::new(template.iter().map(text).collect())
}
