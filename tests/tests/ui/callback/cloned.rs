use oauth_runtime::{AuthCodeFlow, Callback, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

async fn callback(flow: AuthCodeFlow<Alpha>, callback: Callback<Alpha>) {
    let _ = flow.finish(callback.clone()).await;
}

fn main() {}
