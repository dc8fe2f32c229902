use oauth_runtime::{OAuthProvider, Session};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", refresh(support = "none"))]
struct Alpha;

async fn renew(session: Session<Alpha>) {
    let _ = session.refresh().await;
}

fn main() {}
