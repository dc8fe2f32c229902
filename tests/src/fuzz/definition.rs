//! Definition files: reported with a place in them, or Rust.

/// The text of a file.
pub(super) fn file(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    match oauth_codegen::expand("providers/x.toml", &text) {
        Ok(code) => {
            assert!(syn::parse_file(&code).is_ok(), "{code}");
            true
        }
        Err(found) => {
            assert!(
                found.iter().any(|diagnostic| !diagnostic.is_warning()),
                "refused, and no reason is given"
            );
            let lines = text.lines().count() + 1;
            for diagnostic in &found {
                let at = diagnostic.position().expect("what is said of a file has its place");
                assert!((1..=lines).contains(&at.line) && at.column >= 1, "{diagnostic}");
                assert_eq!(diagnostic.message().lines().count(), 1, "{diagnostic}");
            }
            false
        }
    }
}
