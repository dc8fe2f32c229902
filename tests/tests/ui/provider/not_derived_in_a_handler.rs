use oauth_runtime::{AuthCodeFlow, AuthorizationRequest};

struct Alpha;

async fn login(flow: AuthCodeFlow<Alpha>) -> AuthorizationRequest<Alpha> {
    flow.begin([])
}

fn main() {}
