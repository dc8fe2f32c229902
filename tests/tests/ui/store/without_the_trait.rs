use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

struct Database;

fn store(flow: AuthCodeFlow<Alpha>) -> AuthCodeFlow<Alpha> {
    flow.token_store(Database)
}

fn main() {}
