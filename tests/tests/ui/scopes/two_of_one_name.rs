use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://alpha.example",
    scopes("read:user" = "Read the profile", "read.user" = "Read the user"),
)]
struct Alpha;

fn main() {}
