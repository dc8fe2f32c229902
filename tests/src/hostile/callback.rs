//! Rows about the query with which a user agent comes back.

use super::{
    exchange::{Scene, with_client},
    judge,
    placeholder::Values,
    player::Stage,
    row::{Row, Verdict},
    scenario::app,
    server::Seen,
    subject::Play,
};

/// Plays a row twice: by a callback made by hand, and over HTTP with the axum integration.
pub(crate) fn play(stage: &Stage<'_>, row: &Row, query: &str) -> Vec<String> {
    let query = Values::default().expand(query);
    let mut findings = by_hand(stage, row, &query);
    // A naive client has no such integration.
    if stage.with_axum {
        findings.extend(
            app::callback(stage, row, &query).into_iter().map(|finding| format!("over HTTP: {finding}")),
        );
    }
    findings
}

fn by_hand(stage: &Stage<'_>, row: &Row, query: &str) -> Vec<String> {
    let made = Scene::good(stage, row).and_then(|scene| Ok((stage.subject.client(&scene.target)?, scene)));
    let (client, scene) = match made {
        Ok(made) => made,
        Err(problem) => return vec![format!("cannot be played: {problem}")],
    };
    let (play, cost) = with_client(stage, row, &*client, |client| client.login(query));
    let mut findings = judge(row, &play, query, &scene.server.seen(), &scene.elsewhere.seen());
    findings.extend(cost.findings());
    findings
}

/// The judgement of one callback: a refused one costs no request, an accepted one sends exactly its code.
pub(crate) fn judge(row: &Row, play: &Play, query: &str, seen: &Seen, elsewhere: &Seen) -> Vec<String> {
    let good = Scene::good_tokens();
    let mut findings = judge::outcome(row, play, Some(&good));
    let is_accepted = play.outcome.is_ok();
    findings.extend(judge::requests(if is_accepted { row.max_requests } else { 0 }, seen, elsewhere));
    findings.extend(judge::printed(play, &[]));
    let sent = seen.requests.first().and_then(|request| request.field("code"));
    if is_accepted && sent != code(query) {
        findings.push("sent another code than the callback had".to_owned());
    }
    if row.verdict == Verdict::Accept && sent.is_none() {
        findings.push("sent nothing".to_owned());
    }
    findings
}

fn code(query: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "code").map(|(_, value)| value.into_owned())
}
