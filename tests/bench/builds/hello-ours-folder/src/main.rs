//! The smallest realistic login with oauth-runtime: a folder of three providers.
//!
//! CLIENT_ID=.. CLIENT_SECRET=.. cargo run -p hello-ours-folder

use google::Google;
use oauth_runtime::{AuthCodeFlow, Callback, Credentials};
use std::error::Error;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

oauth_runtime::providers!();

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
