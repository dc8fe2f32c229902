use oauth_runtime::Secret;

fn main() {
    let _ = Secret::new("hunter2") == Secret::new("hunter2");
}
