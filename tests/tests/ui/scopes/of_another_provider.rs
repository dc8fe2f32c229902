use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", scopes(READ_USER = "read:user"))]
struct Alpha;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://beta.example", scopes(READ_USER = "read:user"))]
struct Beta;

fn begin(flow: AuthCodeFlow<Alpha>) {
    let _ = flow.begin([Beta::READ_USER]);
}

fn main() {}
