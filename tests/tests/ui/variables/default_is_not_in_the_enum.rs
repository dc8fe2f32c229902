use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(
    base_uri = "https://accounts.crm.{region}",
    variables(region(enum = ["com", "eu"], default = "us")),
)]
struct Crm {
    region: Option<CrmRegion>,
}

fn main() {}
