use oauth_runtime::{Callback, OAuthProvider, PendingAuthorization};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

fn callbacks(query: &str, pending: PendingAuthorization<Alpha>) -> [Callback<Alpha>; 2] {
    [Callback::new(query, pending), Callback::new(query, pending)]
}

fn main() {}
