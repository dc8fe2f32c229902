use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://alpha.example")]
enum Alpha {
    Only,
}

fn main() {}
