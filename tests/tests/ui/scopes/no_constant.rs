use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://mail.example", scopes("https://mail.example/" = "All of the mail"))]
struct Mail;

fn main() {}
