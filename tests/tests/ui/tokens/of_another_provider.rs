use oauth_runtime::{OAuthProvider, Session, TokenSet};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://beta.example")]
struct Beta;

async fn keep(session: Session<Alpha>, tokens: TokenSet<Beta>) {
    let _ = session.adopt(tokens).await;
}

fn main() {}
