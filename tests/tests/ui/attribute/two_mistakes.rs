use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "http://alpha.example",
    token(method = "PUT"),
    scopes(READ_USER = "read:user"),
)]
struct Alpha;

async fn names_stay(flow: AuthCodeFlow<Alpha>) {
    let _ = flow.begin([Alpha::READ_USER]);
    let _ = flow.session("ada").refresh().await;
    let _ = flow.session("ada").get("user").send().await;
}

fn main() {}
