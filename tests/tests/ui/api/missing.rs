use oauth_runtime::{OAuthProvider, Session};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

async fn repositories(session: Session<Alpha>) {
    let _ = session.get("repositories").send().await;
}

fn main() {}
