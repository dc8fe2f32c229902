use oauth_runtime::{OAuthProvider, TokenSet};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

fn keep(tokens: TokenSet<Alpha>) {
    let _ = serde_json::to_string(&tokens);
}

fn main() {}
