//! Definitions and cargo: what an edit, a new file and a deleted one do to a program. Real builds, without a network.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::Command,
};

const MANIFEST: &str = r#"
[package]
name = "sample"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
oauth-runtime = { path = "RUNTIME", default-features = false, features = ["derive"] }

[build-dependencies]
oauth-codegen = { path = "CODEGEN" }

[profile.dev]
debug = false
incremental = false
"#;

const BUILD: &str = r#"
fn main() {
    oauth_codegen::build("providers");
}
"#;

/// What is generated is as good as what is written by hand.
const LIB: &str = "
//! The folder's providers.
#![deny(missing_docs, unreachable_pub, warnings)]

oauth_runtime::providers!();
";

const MAIN: &str = r#"
use oauth_runtime::OAuthProvider;

#[derive(OAuthProvider)]
#[oauth(file = "definitions/solo.toml")]
struct Solo;

fn main() {
    println!("{}", env!("OUT_DIR"));
    println!("{}", Solo::SPEC.name);
    println!("{}", sample::one::One::SPEC.name);
}
"#;

/// The builds share one folder of compiled dependencies, so they are one test.
#[test]
fn a_program_is_what_its_definitions_say() {
    let workshop = Workshop::new().expect("a folder can be made");
    let sample = workshop.package("sample");

    let first = sample.run();
    assert_eq!(first.says, ["Solo", "One"], "a clean build");
    nothing_is_rebuilt_without_a_change(&sample);
    an_edit_and_a_fault_of_a_file(&sample);
    an_edit_and_a_fault_in_a_folder(&sample);
    an_edit_and_a_fault_of_what_is_taken_over(&sample);
    a_new_file_and_a_deleted_one(&sample);
    two_clean_builds_generate_the_same(&first, &workshop);
}

fn nothing_is_rebuilt_without_a_change(sample: &Package) {
    let log = sample.build().expect("it was built before");
    assert!(log.contains("Finished") && !log.contains("Compiling"), "{log}");
}

/// The derive with `file = ".."`; the folder's build script does not run for it.
fn an_edit_and_a_fault_of_a_file(sample: &Package) {
    sample.write("definitions/solo.toml", &definition("Duo"));
    assert_eq!(sample.run().says, ["Duo", "One"]);

    sample.write("definitions/solo.toml", &definition("Trio").replace("https", "http"));
    let log = sample.build().expect_err("http is refused");
    assert!(log.contains("error: an address must use https"), "{log}");
    assert!(log.contains("--> definitions/solo.toml:2:12"), "{log}");
    assert!(log.contains("--> src/main.rs:4:16"), "{log}");
    sample.write("definitions/solo.toml", &definition("Trio"));
}

fn an_edit_and_a_fault_in_a_folder(sample: &Package) {
    sample.write("providers/one.toml", &definition("Uno"));
    assert_eq!(sample.run().says, ["Trio", "Uno"]);

    sample.write("providers/one.toml", &definition("Un").replace("https", "http"));
    let log = sample.build().expect_err("http is refused");
    assert!(log.contains("an address must use https"), "{log}");
    assert!(log.contains("--> providers/one.toml:2:12"), "{log}");
    sample.write("providers/one.toml", &definition("Un"));
}

/// A definition that `extends` another one follows it.
fn an_edit_and_a_fault_of_what_is_taken_over(sample: &Package) {
    for (path, base, name) in [
        ("definitions/solo.toml", "definitions/rest.toml", "Trio"),
        ("providers/one.toml", "providers/rest.toml", "Un"),
    ] {
        sample.write(base, &definition("Rest"));
        sample.write(path, &format!("extends = \"rest\"\nname = \"{name}\"\n"));
        assert_eq!(sample.run().says, ["Trio", "Un"]);
        nothing_is_rebuilt_without_a_change(sample);

        sample.write(base, &definition("Rest").replace("https", "http"));
        let log = sample.build().expect_err("http is refused");
        assert!(log.contains("an address must use https"), "{log}");
        assert!(log.contains(&format!("--> {base}:2:12")), "{log}");
        sample.write(path, &definition(name));
        fs::remove_file(sample.0.join(base)).expect("it is there");
        assert_eq!(sample.run().says, ["Trio", "Un"]);
    }
}

fn a_new_file_and_a_deleted_one(sample: &Package) {
    let further = r#"    println!("{}", sample::below::two::Two::SPEC.name);"#;
    sample.write("providers/below/two.toml", &definition("Two"));
    sample.write("src/main.rs", &MAIN.replace("\n}\n", &format!("\n{further}\n}}\n")));
    assert_eq!(sample.run().says, ["Trio", "Un", "Two"]);

    fs::remove_file(sample.0.join("providers/below/two.toml")).expect("it is there");
    let log = sample.build().expect_err("its module is gone");
    assert!(log.contains("sample::below"), "{log}");
    sample.write("src/main.rs", MAIN);
    assert_eq!(sample.run().says, ["Trio", "Un"]);
}

/// In another folder and in another order of files, so that neither can stand in what is generated.
fn two_clean_builds_generate_the_same(first: &Run, workshop: &Workshop) {
    let another = workshop.package("another");
    another.cargo("clean").expect("it can be cleaned");
    assert!(!first.output.exists(), "nothing is left of the first build");
    let second = another.run();
    let (one, other) = (&first.generated, &second.generated);
    assert!(one == other, "{one}\n---\n{other}");
    let module = oauth_codegen::expand("providers/one.toml", &definition("One")).expect("it is right");
    assert!(one.contains(&module), "{one}\n---\n{module}");
}

#[test]
fn a_definition_always_expands_to_the_same_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = "providers/github.toml";
    let text = fs::read_to_string(root.join(path)).expect("the catalogue has it");
    let expanded = || oauth_codegen::expand(path, &text).expect("it is right");
    assert_eq!(expanded(), expanded());

    let item = format!("#[oauth(file = \"{path}\")] struct GitHub;");
    let derived = || oauth_codegen::derive(item.parse().expect("it is Rust"), &root).to_string();
    assert!(!derived().contains("compile_error"), "{}", derived());
    assert_eq!(derived(), derived());
}

/// The faulty address of the cases above is in line 2, from column 12 on.
fn definition(name: &str) -> String {
    format!(
        "name = \"{name}\"\nbase_uri = \"https://{}.example\"\n\
         token_endpoint_auth_methods = [\"client_secret_basic\"]\n",
        name.to_lowercase()
    )
}

/// A folder for packages and what they compile to. It is deleted in the end, also after a failure.
struct Workshop(PathBuf);

impl Workshop {
    fn new() -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rebuild-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// A package with a definition for a struct, a folder of one more, and the versions that the workspace has.
    fn package(&self, name: &str) -> Package {
        let package = Package(self.0.join(name));
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let path = |path: &str| workspace.join(path).to_string_lossy().replace('\\', "/");
        let manifest = MANIFEST
            .replace("RUNTIME", &path("oauth-runtime"))
            .replace("CODEGEN", &path("oauth-derive/codegen"));
        package.write("Cargo.toml", &manifest);
        package.write("build.rs", BUILD);
        package.write("src/lib.rs", LIB);
        package.write("src/main.rs", MAIN);
        package.write("definitions/solo.toml", &definition("Solo"));
        package.write("providers/one.toml", &definition("One"));
        fs::copy(workspace.join("Cargo.lock"), package.0.join("Cargo.lock")).expect("the versions are fixed");
        package
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("{} stays behind: {error}", self.0.display());
        }
    }
}

/// The folder of a package.
struct Package(PathBuf);

/// What a program printed, and what was generated for it.
struct Run {
    output: PathBuf,
    generated: String,
    says: Vec<String>,
}

impl Package {
    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
        fs::write(path, text.trim_start()).expect("a file can be written");
    }

    /// Builds, and returns what cargo said.
    fn build(&self) -> Result<String, String> {
        self.cargo("build").map(|(_, log)| log)
    }

    /// Builds and runs.
    fn run(&self) -> Run {
        let (printed, _) = self.cargo("run").unwrap_or_else(|log| panic!("{log}"));
        let mut lines = printed.lines().map(str::to_owned);
        let output = PathBuf::from(lines.next().expect("the first line is a path"));
        let generated = fs::read_to_string(output.join("providers.rs")).expect("the build script wrote it");
        Run { output, generated, says: lines.collect() }
    }

    /// What went to the standard output and to the standard error; of a failure, the latter.
    fn cargo(&self, command: &str) -> Result<(String, String), String> {
        let target = self.0.with_file_name("target");
        let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([command, "--offline", "--package", "sample"])
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("CARGO_BUILD_TARGET")
            .env_remove("CARGO_TERM_QUIET")
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (printed, log) = (text(&output.stdout), text(&output.stderr));
        if output.status.success() { Ok((printed, log)) } else { Err(log) }
    }
}
