//! The call that trades one token for another, as the definition has it.

use crate::{
    call::Call,
    client::Clients,
    grants::{Issued, Policy},
    matcher::Pattern,
    message::{self, Message},
    parameters::Parameters,
    refusal::Refusal,
    server::Server,
    site::Role,
};
use oauth_runtime::spec::{BuiltIn, Encoding, Exchange, OnFailure, Param, Part, Stage};

/// The exchange that a call is, if it is one. Where its address is for other requests too, what it holds says it: the
/// constants of the definition, and a token that is still to be exchanged.
pub(crate) fn meant(server: &Server, call: &Call, is_only: bool) -> Option<usize> {
    let exchanges = server.site.exchanges(call.address());
    let is_meant = |place: &usize| {
        let exchange = &server.spec.exchanges[*place];
        let parameters = parameters(exchange, call);
        let fits = exchange.params.iter().filter(|param| Pattern::of_value(param.value).is_constant()).all(
            |param| {
                parameters.get(param.name).is_some_and(|value| Pattern::of_value(param.value).fits(value))
            },
        );
        let token = presented(exchange, parameters).ok();
        fits && token.is_some_and(|token| server.state().grants.is_raw(token))
    };
    let mut candidates = exchanges.collect::<Vec<_>>();
    let found = candidates.iter().copied().find(is_meant);
    found.or_else(|| candidates.drain(..).next().filter(|_| is_only))
}

/// Another token for a good one of a known client.
pub(crate) fn trade(server: &Server, call: &Call, place: usize) -> Result<(Issued, Policy), Refusal> {
    let exchange = &server.spec.exchanges[place];
    let message = Message::read(server.spec, message::shape(server.spec, Role::Exchange(place)), call)?;
    server.check_address(Role::Exchange(place), call)?;
    refuse_further(exchange, call)?;
    let mut state = server.state();
    if state.faults.refuse_exchange {
        return Err(Refusal::invalid_request("exchanges are refused, as the test asked for"));
    }
    check_client(exchange, message.parameters, &state.clients)?;
    let now = server.clock.now();
    let family = state.grants.trade(presented(exchange, message.parameters)?, now)?;
    let policy = state.settings.policy(server.spec, Stage::Exchange);
    Ok((state.grants.issue(family, None, policy, now), policy))
}

/// Whether the API takes no token of this definition that was not exchanged.
pub(crate) fn is_demanded(server: &Server) -> bool {
    server.spec.exchanges.iter().any(|exchange| exchange.on_failure == OnFailure::Fail)
}

fn parameters<'a>(exchange: &Exchange, call: &'a Call) -> &'a Parameters {
    if exchange.encoding == Encoding::Query { &call.query } else { &call.form }
}

/// What the definition does not name is not sent, and nothing of it stands in another place.
fn refuse_further(exchange: &Exchange, call: &Call) -> Result<(), Refusal> {
    let declared = |name: &str| exchange.params.iter().any(|param| param.name == name);
    if let Some((name, _)) = parameters(exchange, call).0.iter().find(|(name, _)| !declared(name)) {
        return Err(Refusal::invalid_request(format!("the definition has no parameter {name} here")));
    }
    let in_query =
        call.query.0.iter().find(|(name, _)| exchange.encoding != Encoding::Query && declared(name));
    match in_query {
        Some((name, _)) => Err(Refusal::invalid_request(format!("the {name} stands in the URL"))),
        None => Ok(()),
    }
}

/// The client is the registered one, as far as the definition has it named.
fn check_client(exchange: &Exchange, parameters: &Parameters, clients: &Clients) -> Result<(), Refusal> {
    let client = clients.confidential.as_ref();
    let known = [
        (BuiltIn::ClientId, client.map(|client| client.id.as_str()).or(clients.public.as_deref())),
        (BuiltIn::ClientSecret, client.map(|client| client.secret.as_str())),
    ];
    for (name, expected) in known {
        let is_it = |param: &&Param| param.value.parts().eq([Part::BuiltIn(name)]);
        let named = exchange.params.iter().filter(is_it);
        for Param { name, .. } in named {
            if parameters.get(name) != expected {
                return Err(Refusal::invalid_client(format!("the {name} is wrong")));
            }
        }
    }
    Ok(())
}

/// The token that is presented, in whatever parameter the definition has it.
fn presented<'a>(exchange: &Exchange, parameters: &'a Parameters) -> Result<&'a str, Refusal> {
    let holds = |param: &&Param| param.value.parts().any(|part| part == Part::BuiltIn(BuiltIn::AccessToken));
    let missing = || Refusal::invalid_request("there is no access token to exchange");
    let param = exchange.params.iter().find(holds).ok_or_else(missing)?;
    let text = |part: Option<Part>| match part {
        Some(Part::Text(text)) => text,
        _ => "",
    };
    let value = parameters.get(param.name).ok_or_else(missing)?;
    let value = value.strip_prefix(text(param.value.parts().next())).unwrap_or(value);
    Ok(value.strip_suffix(text(param.value.parts().last())).unwrap_or(value))
}
