use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", scopes(READ_USER = "read:user"))]
struct Alpha;

fn begin(flow: AuthCodeFlow<Alpha>) {
    let _ = flow.begin([Alpha::READ_USERS]);
}

fn main() {}
