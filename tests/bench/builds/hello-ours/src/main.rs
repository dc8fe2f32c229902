//! The smallest realistic login with oauth-runtime: one provider by attributes.
//!
//! CLIENT_ID=.. CLIENT_SECRET=.. cargo run -p hello-ours

use oauth_runtime::{AuthCodeFlow, Callback, Credentials, OAuthProvider};
use std::error::Error;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

/// Sign-in with Google.
#[derive(OAuthProvider)]
#[oauth(
    name = "Google",
    authorization_endpoint = "https://accounts.google.com/o/oauth2/v2/auth",
    token_endpoint = "https://oauth2.googleapis.com/token",
    token_endpoint_auth_methods = ["client_secret_basic"],
    scopes(
        /// Sign in.
        OPENID = "openid",
        /// The e-mail address.
        EMAIL = "email",
        /// Name and picture.
        PROFILE = "profile",
    ),
)]
struct Google;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Credentials::confidential(std::env::var("CLIENT_ID")?, std::env::var("CLIENT_SECRET")?);
    let google = AuthCodeFlow::new(Google, credentials, "http://127.0.0.1:8080/callback")?;
    let (url, pending) = google.begin([Google::OPENID, Google::EMAIL, Google::PROFILE]).into_parts();
    println!("Open {url}");

    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    let (mut stream, _) = listener.accept().await?;
    let mut line = String::new();
    BufReader::new(&mut stream).read_line(&mut line).await?;
    let target = line.split_whitespace().nth(1).ok_or("bad request")?;
    let (_, query) = target.split_once('?').ok_or("no query")?;
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await?;

    let tokens = google.finish(Callback::new(query, pending)).await?;
    println!(
        "token of {} bytes, expires at {:?}, refresh token: {}",
        tokens.access_token().expose().len(),
        tokens.expires_at(),
        tokens.refresh_token().is_some()
    );
    Ok(())
}
