use oauth_runtime::{AuthCodeFlow, OAuthProvider};

#[derive(OAuthProvider)]
#[oauth(file = "tests/ui/file/two_mistakes.toml")]
struct Alpha;

async fn names_stay(flow: AuthCodeFlow<Alpha>) {
    let _ = flow.begin([Alpha::READ_USER]);
    let _ = flow.session("ada").refresh().await;
    let _ = flow.session("ada").get("user").send().await;
}

fn main() {}
