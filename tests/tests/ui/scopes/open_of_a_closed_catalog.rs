use oauth_runtime::{OAuthProvider, Scope};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example", scopes(READ_USER = "read:user"))]
struct Alpha;

fn main() {
    let _ = Scope::<Alpha>::open("read:org");
}
