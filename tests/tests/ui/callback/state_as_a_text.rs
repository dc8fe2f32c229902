use oauth_runtime::{Callback, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

fn callback(query: &str, state: &str) -> Callback<Alpha> {
    Callback::new(query, state)
}

fn main() {}
