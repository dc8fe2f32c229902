use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://{shop}.shops.example", variables(shop(format = "host_label")))]
struct Shops<'a> {
    shop: &'a str,
}

fn main() {}
