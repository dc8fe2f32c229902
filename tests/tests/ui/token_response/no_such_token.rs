use oauth_runtime::{OAuthProvider, Session};

#[derive(OAuthProvider)]
#[oauth(
    token_endpoint = "https://id.example.com/token",
    token_endpoint_auth_methods = ["client_secret_post"],
    token(response(tokens(user(root = "user"))))
)]
struct Example;

fn of_the_bot(session: &Session<Example>) -> Session<Example> {
    session.named(Example::BOT)
}

fn main() {}
