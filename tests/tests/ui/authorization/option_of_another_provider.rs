use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", token_endpoint_auth_methods = ["none"])]
struct Alpha;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://beta.example",
    token_endpoint_auth_methods = ["none"],
    authorization(options(prompt(enum = ["consent"]))),
)]
struct Beta;

fn begin(flow: AuthCodeFlow<Alpha>) {
    let _ = flow.begin([]).with(Beta::PROMPT_CONSENT);
}

fn main() {}
