use oauth_runtime::{AuthCodeFlow, Credentials};

struct Alpha;

fn main() {
    let _ = AuthCodeFlow::new(Alpha, Credentials::public("id"), "https://app.example/callback");
}
