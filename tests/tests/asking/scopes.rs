//! Second lists of scopes, common starts, and servers that grant others than they name.

use crate::{Desk, query};
use oauth_runtime::{OAuthProvider, PendingAuthorization, Scope};

#[derive(OAuthProvider)]
#[oauth(file = "tests/asking/definitions/slack.toml")]
struct Slack;

#[derive(OAuthProvider, Default)]
#[oauth(file = "tests/asking/definitions/microsoft.toml")]
struct Microsoft {
    tenant: Option<oauth_runtime::variable::PathSegment>,
}

#[derive(OAuthProvider)]
#[oauth(file = "tests/asking/definitions/google.toml")]
struct Google;

/// Slack's two lists, written as attributes.
#[derive(OAuthProvider)]
#[oauth(
    authorization_endpoint = "https://slack.com/oauth/v2/authorize",
    token_endpoint = "https://slack.com/api/oauth.v2.access",
    token_endpoint_auth_methods = ["client_secret_post"],
    scopes(
        separator = ",",
        default = ["chat:write"],
        CHAT_WRITE = "chat:write",
        sets(user(
            parameter = "user_scope",
            separator = " ",
            default = ["search:read"],
            required = ["identity.basic"],
            /// Search as the user
            SEARCH = "search:read",
            "identity.basic" = "Who the user is",
        )),
    ),
)]
struct Written;

#[tokio::test]
async fn each_list_of_scopes_goes_into_its_own_parameter() {
    let desk = Desk::of(Slack).await;
    let request = desk.flow.begin([
        Slack::USER_SEARCH_READ,
        Slack::CHAT_WRITE,
        Slack::USER_CHAT_WRITE,
        Slack::CHANNELS_READ,
    ]);
    let sent = query(&request);
    assert_eq!(sent["scope"], "chat:write,channels:read");
    assert_eq!(sent["user_scope"], "search:read,chat:write");

    let tokens = desk.approved(request).await;
    assert_eq!(tokens.missing_scopes().count(), 0);
    assert!(tokens.has_scope(&Slack::USER_SEARCH_READ) && tokens.has_scope(&Slack::CHAT_WRITE));
}

#[tokio::test]
async fn a_list_that_nobody_asks_for_is_not_sent() {
    let desk = Desk::of(Slack).await;
    let of_user = query(&desk.flow.begin([Slack::USER_SEARCH_READ]));
    assert!(!of_user.contains_key("scope") && of_user["user_scope"] == "search:read");
    let of_app = query(&desk.flow.begin([Slack::CHAT_WRITE]));
    assert!(!of_app.contains_key("user_scope") && of_app["scope"] == "chat:write");
}

#[tokio::test]
async fn a_scope_of_one_list_is_missing_even_if_the_other_list_has_the_same() {
    let desk = Desk::of(Slack).await;
    desk.test.grant_only(["chat:write"]);
    let tokens = desk.approved(desk.flow.begin([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ])).await;
    assert_eq!(tokens.missing_scopes().collect::<Vec<_>>(), ["search:read"]);
    assert!(!tokens.has_scope(&Slack::USER_SEARCH_READ));
    assert_ne!(Slack::CHAT_WRITE, Slack::USER_CHAT_WRITE);
    assert_eq!(Slack::CHAT_WRITE.as_str(), Slack::USER_CHAT_WRITE.as_str());
}

#[tokio::test]
async fn what_was_asked_for_survives_the_way_through_a_cookie() {
    let desk = Desk::of(Slack).await;
    desk.test.grant_only(["chat:write"]);
    let (url, pending) = desk.flow.begin([Slack::CHAT_WRITE, Slack::USER_SEARCH_READ]).into_parts();
    let text = pending.expose();
    assert!(
        text.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)),
        "a cookie can hold {text}"
    );
    let pending = PendingAuthorization::<Slack>::parse(&text).expect("it is ours");
    let back = desk.test.approve(&url).await;
    let query = back.split_once('?').map_or("", |(_, query)| query);
    let tokens = desk.flow.finish(oauth_runtime::Callback::new(query, pending)).await.expect("ada approved");
    assert_eq!(tokens.missing_scopes().collect::<Vec<_>>(), ["search:read"]);
}

#[test]
fn a_further_list_is_open_where_it_says_so() {
    let scope = Scope::<Slack>::open_in("user", "files:read").expect("the list is open");
    assert_eq!(scope.as_str(), "files:read");
    assert!(Scope::<Slack>::open("files:read").is_err(), "the first list is not");
    for (list, scope) in [("user", "a,b"), ("user", ""), ("user", "a\\b"), ("bot", "files:read")] {
        assert!(Scope::<Slack>::open_in(list, scope).is_err(), "{list} {scope}");
    }
}

#[tokio::test]
async fn default_scopes_of_all_lists_are_asked_for_together_and_required_ones_always() {
    let desk = Desk::of(Written).await;
    let sent = query(&desk.flow.begin([]));
    assert_eq!(
        (sent["scope"].as_str(), sent["user_scope"].as_str()),
        ("chat:write", "search:read identity.basic")
    );
    let sent = query(&desk.flow.begin([Written::CHAT_WRITE]));
    assert_eq!((sent["scope"].as_str(), sent["user_scope"].as_str()), ("chat:write", "identity.basic"));
    let sent = query(&desk.flow.begin([Written::USER_SEARCH, Written::USER_IDENTITY_BASIC]));
    assert_eq!(sent["user_scope"], "search:read identity.basic");
    desk.approved(desk.flow.begin([])).await;
}

#[tokio::test]
async fn a_scope_that_the_server_never_names_counts_as_granted() {
    let desk = Desk::of(Microsoft::default()).await;
    let tokens = desk.approved(desk.flow.begin([Microsoft::USER_READ, Microsoft::OFFLINE_ACCESS])).await;
    assert_eq!(tokens.missing_scopes().count(), 0);
    assert!(tokens.has_scope(&Microsoft::OFFLINE_ACCESS));

    desk.test.grant_only(["https://graph.microsoft.com/User.Read"]);
    let asked = [Microsoft::USER_READ, Microsoft::MAIL_READ, Microsoft::OFFLINE_ACCESS];
    let tokens = desk.approved(desk.flow.begin(asked)).await;
    assert_eq!(tokens.missing_scopes().collect::<Vec<_>>(), ["https://graph.microsoft.com/Mail.Read"]);
}

#[tokio::test]
async fn a_refresh_says_again_what_was_granted() {
    let desk = Desk::of(Microsoft::default()).await;
    let asked = [Microsoft::USER_READ, Microsoft::MAIL_READ, Microsoft::OFFLINE_ACCESS];
    let session = desk.session(desk.flow.begin(asked)).await;
    for _ in 0..2 {
        let tokens = session.refresh().await.expect("the scopes are named, and none too many");
        assert_eq!(tokens.missing_scopes().count(), 0);
    }
}

#[tokio::test]
async fn a_scope_is_written_short_and_sent_with_its_prefix() {
    let desk = Desk::of(Google).await;
    let calendar = Scope::open("calendar").expect("the catalogue is open");
    let request = desk.flow.begin([Google::DRIVE_READONLY, Google::MAIL, calendar.clone()]);
    let expected = "https://www.googleapis.com/auth/drive.readonly https://mail.google.com/ \
                    https://www.googleapis.com/auth/calendar openid";
    assert_eq!(query(&request)["scope"], expected);
    assert_eq!(Scope::open("https://www.googleapis.com/auth/calendar"), Ok(calendar));
    assert_eq!(Scope::<Google>::open("profile").expect("it is open").as_str(), "profile");
}

#[tokio::test]
async fn a_scope_that_the_server_adds_or_renames_is_no_surprise() {
    let desk = Desk::of(Google).await;
    let tokens = desk.approved(desk.flow.begin([Google::EMAIL])).await;
    assert_eq!((tokens.missing_scopes().count(), tokens.unasked_scopes().count()), (0, 0));
    let added = Scope::open("userinfo.email").expect("the catalogue is open");
    assert!(tokens.has_scope(&added) && tokens.has_scope(&Google::EMAIL));
}
