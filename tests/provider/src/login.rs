//! The forms that a user fills in: sign in, then approve or deny.

use crate::{authorize::Interaction, pages, parameters::Parameters, refusal::Refusal, server::Server};
use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
};
use http::StatusCode;
use oauth_runtime::spec::Stage;
use std::sync::Arc;

/// The name of the one user.
pub(crate) const USERNAME: &str = "ada";
/// The user's password.
pub(crate) const PASSWORD: &str = "lovelace";

/// Takes the login form. A reload of the page that follows sends nothing again.
pub(crate) async fn sign_in(State(server): State<Arc<Server>>, body: Bytes) -> Response {
    let form = Parameters::from_form(&body);
    let name = form.get("interaction").unwrap_or_default();
    let right = form.get("username") == Some(USERNAME) && form.get("password") == Some(PASSWORD);
    let mut state = server.state();
    let Some(interaction) = state.interactions.get_mut(name, server.clock.now()) else {
        return over(&server);
    };
    if !right {
        return pages::login(server.spec, name, Some("The user name or the password is wrong."));
    }
    interaction.signed_in = true;
    pages::redirect(&format!("{}?interaction={name}", pages::CONSENT_PATH))
}

/// Shows the consent page to a user who has signed in.
pub(crate) async fn consent(State(server): State<Arc<Server>>, RawQuery(query): RawQuery) -> Response {
    let query = Parameters::from_form(query.unwrap_or_default().as_bytes());
    let name = query.get("interaction").unwrap_or_default();
    let mut state = server.state();
    let client_name = state.settings.client_name.clone();
    match state.interactions.get_mut(name, server.clock.now()) {
        None => over(&server),
        Some(interaction) if !interaction.signed_in => pages::login(server.spec, name, None),
        Some(interaction) => pages::consent(server.spec, name, &client_name, interaction),
    }
}

/// Takes the consent form, once.
pub(crate) async fn decide(State(server): State<Arc<Server>>, body: Bytes) -> Response {
    let form = Parameters::from_form(&body);
    let name = form.get("interaction").unwrap_or_default();
    let now = server.clock.now();
    let mut state = server.state();
    let interaction = match state.interactions.get_mut(name, now) {
        None => return over(&server),
        Some(interaction) if !interaction.signed_in => return pages::login(server.spec, name, None),
        Some(interaction) => interaction.clone(),
    };
    let approves = match form.get("decision") {
        Some("approve") => true,
        Some("deny") => false,
        _ => {
            return pages::problem(
                server.spec,
                StatusCode::BAD_REQUEST,
                "Neither Approve nor Deny was chosen.",
            );
        }
    };
    state.interactions.end(name);
    let Interaction { approved, way_back, .. } = interaction;
    if std::mem::take(&mut state.faults.deny) || !approves {
        return way_back.with_error(Refusal::access_denied());
    }
    if let Some(example) = state.played.take(Stage::Callback) {
        if let Some(code) = example.code() {
            state.grants.issue_named_code(code, approved, now);
        }
        return way_back.with_parameters(example.parameters());
    }
    let told = approved.told.clone();
    way_back.with_code(&state.grants.issue_code(approved, now), &told)
}

fn over(server: &Server) -> Response {
    let text = "This sign-in was finished, or took too long. Go back to the application and start again.";
    pages::problem(server.spec, StatusCode::BAD_REQUEST, text)
}
