//! A further floor: reqwest 0.13 on ring, as oauth-runtime has it, and one form POST.
//!
//! CODE=.. cargo run -p hello-reqwest-013

use std::{error::Error, sync::Arc};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(provider.clone())?;
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    let http = reqwest_013::ClientBuilder::new()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest_013::redirect::Policy::none())
        .build()?;
    let code = std::env::var("CODE")?;
    let response = http
        .post("https://oauth2.googleapis.com/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("grant_type=authorization_code&code={code}"))
        .send()
        .await?;
    println!("{} {}", response.status(), response.text().await?);
    Ok(())
}
