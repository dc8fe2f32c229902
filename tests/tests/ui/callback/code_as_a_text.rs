use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

async fn callback(flow: AuthCodeFlow<Alpha>, code: &str) {
    let _ = flow.finish(code).await;
}

fn main() {}
