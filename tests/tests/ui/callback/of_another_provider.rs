use oauth_runtime::{AuthCodeFlow, Callback, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://beta.example")]
struct Beta;

async fn callback(flow: AuthCodeFlow<Alpha>, callback: Callback<Beta>) {
    let _ = flow.finish(callback).await;
}

fn main() {}
