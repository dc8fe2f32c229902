//! The front of a folder of definitions: for a user's `build.rs`.

use crate::folder::{self, Folder};
use std::{env, fs, path::Path};

/// Compiles a folder of definitions, for a `build.rs`; the folder is relative to the package's `Cargo.toml`.
///
/// Every `*.toml` in it becomes a module with a struct, and `oauth_runtime::providers!()` in the package's code brings
/// them in: `providers/stack_exchange.toml` is `stack_exchange::StackExchange`. A folder below is a module around its
/// files. Mistakes are reported as errors of the build, each with file, line and column; cargo runs the script again
/// when a file comes, changes or goes.
///
/// Beside the modules there are two functions for programs that choose at run time: `all()`, every provider as data, and
/// `named("github")`. `#![doc = include_str!(concat!(env!("OUT_DIR"), "/provider_table.md"))]` puts a table of the
/// providers into a crate's documentation.
///
/// `oauth_test_provider::check_providers!` in a test tries every file's examples. `provider_list.rs` beside the modules
/// is what it goes by: a call of a macro `each_provider`, with `name: module::Struct` for each of them.
///
/// ```no_run
/// // build.rs: fn main() { .. }
/// oauth_codegen::build("providers");
/// ```
pub fn build(folder: &str) {
    println!("cargo::rerun-if-changed={folder}");
    let (Some(root), Some(output)) = (env::var_os("CARGO_MANIFEST_DIR"), env::var_os("OUT_DIR")) else {
        println!("cargo::error=`oauth_codegen::build` runs in a build script");
        return;
    };
    let folder = folder::read(Path::new(&root), folder);
    report(&folder);
    let files = [
        ("providers.rs", &folder.code),
        ("provider_list.rs", &folder.list),
        ("provider_table.md", &folder.table),
    ];
    for (name, text) in files {
        let path = Path::new(&output).join(name);
        if let Err(error) = fs::write(&path, text) {
            println!("cargo::error=cannot write {}: {error}", path.display());
        }
    }
}

/// Cargo shows what a build script says in lines: an error is a block of them, a warning one.
fn report(folder: &Folder) {
    for diagnostic in &folder.found {
        match diagnostic.position() {
            Some(at) if diagnostic.is_warning() => {
                let (file, message) = (diagnostic.file().unwrap_or_default(), diagnostic.message());
                println!("cargo::warning={file}:{}:{}: {message}", at.line, at.column);
            }
            _ => diagnostic.to_string().lines().for_each(|line| println!("cargo::error={line}")),
        }
    }
}
