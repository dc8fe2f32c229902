//! The token endpoint (RFC 6749 §3.2): a code or a refresh token for an access token.

use crate::{
    answer,
    call::Call,
    exchange,
    faults::{self, Fault},
    grants::{Issued, Policy, Redemption},
    message::{self, Message},
    refusal::Refusal,
    scopes,
    server::{Server, State},
    several,
    site::Role,
};
use axum::{body::Body, response::Response};
use oauth_runtime::spec::{Pkce, RefreshSupport, Stage};

/// Answers a token request, with the faults that are set.
pub(crate) async fn answer(server: &Server, call: &Call, role: Role) -> Response {
    server.hesitate().await;
    let fault = server.state().faults.next.pop_front();
    let response = match fault {
        None => granted(server, call, role),
        Some(Fault::Answer(answer)) => answer.map(Body::from),
        Some(Fault::Lost) => {
            let _lost = granted(server, call, role);
            faults::lost()
        }
    };
    server.linger().await;
    response
}

/// Which of them a request is: its address says it, or what it holds.
pub(crate) fn role(server: &Server, call: &Call) -> Role {
    let serves = |role| server.site.serves(role, call.address());
    let method = |role| message::method(&message::shape(server.spec, role));
    let is_revocation = call.method == method(Role::Revocation) && call.method != method(Role::Token);
    if serves(Role::Revocation) && is_revocation {
        // Lichess deletes a token where it gives them out.
        return Role::Revocation;
    }
    let is_refresh = match (serves(Role::Token), serves(Role::Refresh)) {
        (true, false) => false,
        (false, true) => true,
        _ => message::is_refresh(server.spec, call),
    };
    let otherwise = if is_refresh { Role::Refresh } else { Role::Token };
    let is_only = !serves(Role::Token) && !serves(Role::Refresh);
    exchange::meant(server, call, is_only).map_or(otherwise, Role::Exchange)
}

fn granted(server: &Server, call: &Call, role: Role) -> Response {
    let played = server.state().played.take(role.stage());
    if let Some(example) = played.filter(|example| example.is_error()) {
        return answer::verbatim(example.0);
    }
    let granted = match role {
        Role::Exchange(place) => exchange::trade(server, call, place),
        _ => grant(server, call, role),
    };
    match (granted, played) {
        (Ok((issued, _)), Some(example)) => {
            server.state().grants.rename(&issued, &example.tokens(), server.clock.now());
            answer::verbatim(example.0)
        }
        (Ok((issued, policy)), None) => answer::success(server, role, &issued, policy),
        (Err(refusal), _) => answer::refusal(server, role, call, refusal),
    }
}

fn grant(server: &Server, call: &Call, role: Role) -> Result<(Issued, Policy), Refusal> {
    let spec = server.spec;
    if role == Role::Refresh && spec.refresh.support == RefreshSupport::None {
        return Err(Refusal::unsupported_grant_type("the definition says that there is no refresh"));
    }
    let message = Message::read(spec, message::shape(spec, role), call)?;
    server.check_address(role, call)?;
    let mut state = server.state();
    let client_id = state.clients.authenticate(message.methods(spec), &message, server.clock.now())?;
    check_grant_type(&message, role)?;
    let request = Request { server, message, client_id };
    if role == Role::Refresh { request.renew(&mut state) } else { request.redeem(&mut state) }
}

fn check_grant_type(message: &Message<'_>, role: Role) -> Result<(), Refusal> {
    let standard = if role == Role::Refresh { "refresh_token" } else { "authorization_code" };
    let declared = message.shape.grant_type.unwrap_or(standard);
    if message.omits("grant_type") || message.required("grant_type")? == declared {
        return Ok(());
    }
    Err(Refusal::unsupported_grant_type(format!("the grant_type here is {declared}")))
}

/// A token request of a known client.
struct Request<'a> {
    server: &'a Server,
    message: Message<'a>,
    client_id: String,
}

impl Request<'_> {
    /// RFC 6749 §4.1.3.
    fn redeem(&self, state: &mut State) -> Result<(Issued, Policy), Refusal> {
        let spec = self.server.spec;
        let verifier = self.message.get("code_verifier");
        if spec.pkce == Pkce::Refused && verifier.is_some() {
            return Err(Refusal::invalid_request("this provider refuses a code_verifier"));
        }
        let presented = Redemption {
            message: &self.message,
            code: self.message.required("code")?,
            client_id: &self.client_id,
        };
        let now = self.server.clock.now();
        let family = state.grants.redeem(&presented, now)?;
        let policy = state.settings.policy(spec, Stage::Token);
        let named = several::split(spec, &mut state.grants, (presented.code, family));
        let mut issued = state.grants.issue(family, None, policy, now);
        // What is not exchanged is not raw.
        let own = Policy { raw: false, ..policy };
        issued.named =
            named.map(|(name, family)| (name, state.grants.issue(family, None, own, now))).collect();
        Ok((issued, policy))
    }

    /// RFC 6749 §6.
    fn renew(&self, state: &mut State) -> Result<(Issued, Policy), Refusal> {
        let spec = self.server.spec;
        let token = self.message.required("refresh_token")?;
        let now = self.server.clock.now();
        let policy = state.settings.policy(spec, Stage::Refresh);
        let family = match spec.refresh.support {
            RefreshSupport::InPlace => state.grants.renew_in_place(token, &self.client_id, now)?,
            _ => state.grants.renew(token, &self.client_id, policy.grace, now)?,
        };
        self.check_scope(state.grants.scopes(family))?;
        Ok((state.grants.issue(family, Some(token), policy, now), policy))
    }

    /// Named where the definition says so, and never more than was granted.
    fn check_scope(&self, granted: &[String]) -> Result<(), Refusal> {
        let declared = &self.server.spec.scopes;
        let sent = self.message.parameters.get(declared.parameter);
        let of_list = granted.iter().any(|scope| scopes::list_of(scope).is_none());
        if sent.is_none() && declared.refresh_scope && of_list {
            return Err(Refusal::invalid_request(format!("the {} is missing", declared.parameter)));
        }
        let mut asked = sent.unwrap_or_default().split(declared.separator);
        if asked.all(|scope| scope.is_empty() || granted.iter().any(|granted| granted == scope)) {
            return Ok(());
        }
        Err(Refusal::invalid_scope("a refresh cannot ask for more than was granted"))
    }
}
