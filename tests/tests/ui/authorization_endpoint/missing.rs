use oauth_runtime::{AuthCodeFlow, Credentials, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(token_endpoint = "https://bot.example/token")]
struct Bot;

fn main() {
    let _ = AuthCodeFlow::new(Bot, Credentials::confidential("id", "secret"), "https://app.example/callback");
}
