use oauth_runtime::{OAuthProvider, Session};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", token_endpoint_auth_methods = ["none"])]
struct Alpha;

async fn sign_out(session: Session<Alpha>) {
    let _ = session.revoke().await;
}

fn main() {}
