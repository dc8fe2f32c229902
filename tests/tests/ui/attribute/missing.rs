use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
struct Alpha;

fn begin(flow: AuthCodeFlow<Alpha>) {
    let _ = flow.begin([]);
}

fn main() {}
