use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
struct Alpha<T> {
    region: T,
}

fn main() {}
