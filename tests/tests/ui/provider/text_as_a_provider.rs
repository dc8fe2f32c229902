use oauth_runtime::{AuthCodeFlow, Credentials};

fn main() {
    let _ = AuthCodeFlow::new("github", Credentials::public("id"), "https://app.example/callback");
}
