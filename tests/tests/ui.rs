//! What rustc says: for each case in `ui`, the smallest program with one mistake, the whole message.
//!
//! `TRYBUILD=overwrite cargo test -p oauth-tests --test ui` writes the messages anew.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

#[path = "ui/compiles.rs"]
mod compiles;

/// Where the definitions of the cases with `file = ".."` are.
const DEFINITIONS: &str = "tests/ui/file";

#[test]
#[cfg_attr(
    not(messages_of_this_rustc),
    ignore = "another release of rustc says it in other words: see build.rs"
)]
fn a_mistake_is_one_message_that_says_what_to_do() {
    copy_definitions().expect("the definitions can be copied to where trybuild compiles");
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*/*.rs");
    // A link, and the system's own words for a missing file.
    #[cfg(unix)]
    {
        link_definition().expect("a symbolic link can be made");
        cases.compile_fail("tests/ui/file/unix/*.rs");
    }
}

/// `file = ".."` is relative to the package that is compiled, and that is one that trybuild makes.
fn copy_definitions() -> io::Result<()> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(DEFINITIONS);
    let to = package().join(DEFINITIONS);
    fs::create_dir_all(&to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            fs::copy(&path, to.join(path.file_name().expect("it has an extension")))?;
        }
    }
    Ok(())
}

/// A link to a definition without a mistake.
#[cfg(unix)]
fn link_definition() -> io::Result<()> {
    let link = package().join(DEFINITIONS).join("linked.toml");
    match fs::remove_file(&link) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => std::os::unix::fs::symlink("good.toml", link),
    }
}

/// Where trybuild makes its package.
fn package() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("../tests/trybuild").join(env!("CARGO_PKG_NAME"))
}
