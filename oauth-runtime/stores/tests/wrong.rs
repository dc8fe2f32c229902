//! The suite finds what is wrong: stores that break one rule each are caught at that rule.

mod common;

use common::{
    own_states::{OwnStates, StateFault},
    own_tokens::{OwnTokens, TokenFault},
};
use oauth_stores::conformance::{self, Report};
use tokio::task::JoinSet;

fn broken(report: &Report) -> Vec<&'static str> {
    report.violations().iter().map(|violation| violation.rule).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_state_store_that_breaks_a_rule_is_caught_at_it() {
    let report = conformance::state_store(OwnStates::default()).await;
    assert!(report.rules() == 7 && broken(&report).is_empty(), "{report}");
    for (fault, rule) in [
        (StateFault::TakesInTwoSteps, "of many who take a text at once, one gets it"),
        (StateFault::PutsInTwoSteps, "of many who put a text at once, one is told that it is kept"),
        (StateFault::Overwrites, "a key in use is refused, and its text stays"),
        (StateFault::KeepsWhatWasTaken, "a text comes back as it went, once"),
        (StateFault::CutsOff, "a text comes back as it went, once"),
        (StateFault::NeverLapses, "a text lapses, and its key is free again"),
        (StateFault::IgnoresCase, "keys are told apart by every byte"),
        (StateFault::CannotAddLongTimes, "a time to live may be as long as it likes"),
    ] {
        let report = conformance::state_store(OwnStates::with(fault)).await;
        assert!(broken(&report).contains(&rule), "{fault:?}: {report}");
    }
    let report = conformance::full_state_store(OwnStates::default(), 100).await;
    assert_eq!(broken(&report).len(), 1, "it has no capacity: {report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_store_that_breaks_a_rule_is_caught_at_it() {
    let mut trials = JoinSet::new();
    for (fault, rule) in [
        (None, ""),
        (Some(TokenFault::ClaimsInTwoSteps), "of many who claim at once, one is given the claim"),
        (Some(TokenFault::OneClaimForAll), "the claims of two grants have nothing to do with each other"),
        (Some(TokenFault::ClaimsAnyGeneration), "nothing, and another generation, cannot be claimed"),
        (Some(TokenFault::CommitsInTwoSteps), "a sign-in at the time of a commit wins"),
        (Some(TokenFault::IgnoresGeneration), "a sign-in ends every claim and every wait"),
        (Some(TokenFault::IgnoresHolder), "a claim of somebody's own making counts for nothing"),
        (Some(TokenFault::IgnoresLapse), "a lapsed lease counts for nothing, even if nobody else claimed"),
        (Some(TokenFault::KeepsClaimAfterCommit), "a commit stores the grant, and ends the claim"),
        (Some(TokenFault::NoPatience), "a sent claim is kept for its holder for a while after it lapsed"),
        (Some(TokenFault::ForgetsWhatWasSent), "what was sent and never answered is told to the next one"),
        (Some(TokenFault::RenewsNothing), "a renewed claim lasts, however long the answer takes"),
        (Some(TokenFault::RenewsEverything), "nobody gets a claim back from one who has sent"),
        (Some(TokenFault::IgnoresWaits), "after a failure everybody waits, and learns why"),
        (Some(TokenFault::CountsNothing), "failures are counted until a commit"),
        (Some(TokenFault::RemovesTheDead), "a dead grant stays, with its reason"),
        (Some(TokenFault::SavesNoReason), "a grant comes back as it went, dead or alive"),
        (Some(TokenFault::KeepsClaimAfterSave), "a sign-in ends every claim and every wait"),
        (
            Some(TokenFault::IgnoresTenant),
            "keys are told apart by provider, tenant and owner, and by every byte",
        ),
        (Some(TokenFault::PeeksAtOldTokens), "what is known at once is what is stored"),
        (Some(TokenFault::RemovesNothing), "a removed grant is gone"),
        (Some(TokenFault::CommitsWhatIsGone), "after a sign-out nothing comes back"),
    ] {
        trials.spawn(async move { (fault, rule, conformance::token_store(OwnTokens::with(fault)).await) });
    }
    for (fault, rule, report) in trials.join_all().await {
        match fault {
            None => assert!(report.rules() == 28 && broken(&report).is_empty(), "{report}"),
            Some(_) => assert!(broken(&report).contains(&rule), "{fault:?}: {report}"),
        }
    }
}

#[tokio::test]
#[should_panic(expected = "1 of 1 rules are broken")]
async fn a_report_with_a_broken_rule_fails_the_test_that_asks_it() {
    conformance::full_state_store(OwnStates::default(), 1).await.assert();
}
