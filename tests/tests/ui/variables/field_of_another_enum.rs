use oauth_runtime::{OAuthProvider, variable::HostLabel};

#[derive(OAuthProvider)]
#[oauth(base_uri = "https://eu.crm.example", variables(data_center(enum = ["com", "eu"])), api(base_url = "https://{data_center}.crm.example"))]
struct Crm {
    data_center: HostLabel,
}

fn main() {}
