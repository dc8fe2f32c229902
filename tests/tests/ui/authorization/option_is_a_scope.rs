use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://alpha.example",
    scopes(PROMPT_CONSENT = "consent"),
    authorization(options(prompt(enum = ["consent"]))),
)]
struct Alpha;

fn main() {}
