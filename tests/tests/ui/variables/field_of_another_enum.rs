use oauth_runtime::{OAuthProvider, variable::HostLabel};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://accounts.crm.{region}", variables(region(enum = ["com", "eu"])))]
struct Crm {
    region: HostLabel,
}

fn main() {}
