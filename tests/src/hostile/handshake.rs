//! Rows about TLS: what stands before HTTP.

use super::{
    canary,
    definition::{CLIENT_SECRET, Kind},
    exchange::{HONEST, Scene, with_client},
    judge,
    ours::OLD,
    player::{Fate, Stage},
    row::{Row, Verdict},
    subject::{Play, Target},
    tls::{self, Fault},
};

/// Plays a row with a client that believes in the server's root, and with the platform's roots where they refuse it too.
pub(crate) fn play(stage: &Stage<'_>, row: &Row, words: &str) -> Fate {
    let Some(fault) = Fault::parse(words) else {
        return Fate::Short(vec![format!("cannot be played: nothing is known of {words:?}")]);
    };
    if !matches!(row.endpoint.as_str(), "token" | "refresh") {
        return Fate::Short(vec![format!("cannot be played: no TLS is spoken at {:?}", row.endpoint)]);
    }
    let mut findings = one(stage, row, fault, true);
    if fault.is_for_the_default_client() {
        let more = one(stage, row, fault, false);
        findings.extend(more.into_iter().map(|finding| format!("with the platform's roots: {finding}")));
    }
    findings.into()
}

fn one(stage: &Stage<'_>, row: &Row, fault: Fault, own_root: bool) -> Vec<String> {
    let made = tls::side(fault).and_then(|side| {
        let steps = Scene::good_steps();
        let scene = Scene::set(stage, row, steps, side.layer)?;
        let kind = if fault == Fault::Rebound { Kind::TlsElsewhere } else { Kind::Tls };
        let root = own_root.then_some(side.root);
        let target = Target { kind, root, ..scene.target.clone() };
        Ok((stage.subject.client(&target)?, scene))
    });
    let (client, scene) = match made {
        Ok(made) => made,
        Err(problem) => return vec![format!("cannot be played: {problem}")],
    };
    let refreshes = row.endpoint == "refresh";
    let (plays, cost) = with_client(stage, row, &*client, |client| {
        Box::pin(async move {
            if refreshes { client.refresh(1).await.plays } else { vec![client.login(HONEST).await] }
        })
    });
    let seen = scene.server.seen();
    let mut findings = cost.findings();
    for play in &plays {
        findings.extend(outcome(row, play, fault));
        findings.extend(judge::printed(play, &[]));
    }
    findings.dedup();
    let secrets = [CLIENT_SECRET, "CODE-canary-1", OLD.1].map(str::to_owned);
    if row.verdict == Verdict::Reject {
        if !canary::hits(&String::from_utf8_lossy(&seen.raw), &secrets).is_empty() {
            findings.push("sent secrets".to_owned());
        }
        if !seen.requests.is_empty() {
            findings.push("sent a request".to_owned());
        }
    } else if seen.requests.len() != 1 {
        findings.push(format!("sent {} requests", seen.requests.len()));
    }
    findings
}

/// A handshake that does not end is a matter of time, whatever it is called.
fn outcome(row: &Row, play: &Play, fault: Fault) -> Vec<String> {
    match &play.outcome {
        Err(failure) if fault == Fault::Stalled && failure.classes.contains(&"Timeout") => Vec::new(),
        _ => judge::outcome(row, play, None),
    }
}
