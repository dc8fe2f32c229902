use oauth_runtime::{Callback, OAuthProvider, PendingAuthorization};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://beta.example")]
struct Beta;

fn callback(query: &str, pending: PendingAuthorization<Beta>) -> Callback<Alpha> {
    Callback::new(query, pending)
}

fn main() {}
