use oauth_runtime::{OAuthProvider, Session};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", token_endpoint_auth_methods = ["none"])]
struct Alpha;

async fn name(session: Session<Alpha>) -> Option<String> {
    session.userinfo().await.ok()?.name
}

fn main() {}
