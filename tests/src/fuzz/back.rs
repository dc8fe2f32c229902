//! Where a user goes on: whatever is accepted stays at the application, alone and behind an origin.

use oauth_runtime::ReturnTo;
use url::Url;

/// A text that somebody would like to be returned to.
pub(super) fn path(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    let Ok(path) = text.parse::<ReturnTo>() else { return false };
    assert_eq!(path.as_str(), text);
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    let page = Url::parse("https://app.example/callback?code=x").expect("a URL");
    let followed = page.join(&text).expect("it was read as a URL before");
    let behind = Url::parse(&format!("https://app.example{text}")).expect("it was read as a URL before");
    for url in [followed, behind] {
        assert_eq!(
            (url.scheme(), url.host_str(), url.port()),
            ("https", Some("app.example"), None),
            "{text}"
        );
        assert!(url.username().is_empty() && url.password().is_none(), "{text}");
        assert!(!url.path().starts_with("//"), "{text}");
    }
    true
}
