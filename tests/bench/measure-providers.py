#!/usr/bin/env python3
"""What a folder of definitions costs: rustc's time for a provider, a rebuild, bytes of what is not used.

    ./measure-providers.py [ROUNDS]      three rounds, unless told otherwise

It writes a workspace with folders of 0, 250, 500 and 1000 definitions of ten scopes, and the same providers as
structs with constant tables by hand: the floor. Fill the registry first (`cargo fetch`): it builds offline. Times are
CPU seconds (user and system) of all processes of the build.
"""
import os, resource, shutil, statistics, subprocess, sys, time

ROOT = os.path.dirname(os.path.abspath(__file__))
BASE = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
WORKSPACE, TARGET = os.path.join(BASE, "generated"), os.path.join(BASE, "providers")
REPOSITORY = os.path.dirname(os.path.dirname(ROOT))
SIZES = [0, 250, 500, 1000]
SCOPES = 10

DEFINITION = """name = "Provider {index}"
service_documentation = "https://docs.p{index}.example/oauth"
authorization_endpoint = "https://p{index}.example/oauth/authorize"
token_endpoint = "https://p{index}.example/oauth/token"
token_endpoint_auth_methods = ["client_secret_post"]

[scopes.catalog]
{scopes}

[api]
base_url = "https://api.p{index}.example/v1"
"""
PROGRAM = """//! Begins one login.

use {crate}::p1::P1;
use oauth_runtime::{{AuthCodeFlow, Callback, Credentials}};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let flow = AuthCodeFlow::new(P1, Credentials::public("id"), "https://app.example/callback")?;
    let (url, pending) = flow.begin([P1::P1_SCOPE0]).into_parts();
    println!("{{url}}");
    let query = std::env::args().nth(1).unwrap_or_default();
    let tokens = flow.finish(Callback::new(query, pending)).await?;
    println!("{{}}", tokens.access_token().expose().len());
    Ok(())
}}
"""
TABLE = """//! Structs with constant tables, by hand.
#![deny(missing_docs)]

/// What is known of a provider.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Where its documentation is.
    pub documentation: &'static str,
    /// Where users sign in.
    pub authorization_endpoint: &'static str,
    /// Where codes are exchanged.
    pub token_endpoint: &'static str,
    /// How the client proves itself.
    pub token_endpoint_auth_methods: &'static [&'static str],
    /// Value and text of each scope.
    pub scopes: &'static [(&'static str, &'static str)],
    /// Where the API is.
    pub api: &'static str,
}

/// A provider.
pub trait Provider {
    /// What is known of it.
    const TABLE: &'static Table;
}
"""


def write(path, text):
    path = os.path.join(WORKSPACE, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def scope(index, number):
    return f"p{index}:scope{number}", f"Read and change the things number {number} of the user"


def definition(index):
    lines = [f'"{value}" = "{text}"' for value, text in (scope(index, number) for number in range(SCOPES))]
    return DEFINITION.format(index=index, scopes="\n".join(lines))


def by_hand(index):
    scopes = [scope(index, number) for number in range(SCOPES)]
    constants = "".join(f'        /// {text}\n        pub const SCOPE{number}: &str = "{value}";\n'
                        for number, (value, text) in enumerate(scopes))
    pairs = ", ".join(f'("{value}", "{text}")' for value, text in scopes)
    return f"""
/// Provider {index}.
pub mod p{index} {{
    /// Provider {index}.
    pub struct P{index};

    impl P{index} {{
{constants}    }}

    impl super::Provider for P{index} {{
        const TABLE: &'static super::Table = &super::Table {{
            name: "Provider {index}",
            documentation: "https://docs.p{index}.example/oauth",
            authorization_endpoint: "https://p{index}.example/oauth/authorize",
            token_endpoint: "https://p{index}.example/oauth/token",
            token_endpoint_auth_methods: &["client_secret_post"],
            scopes: &[{pairs}],
            api: "https://api.p{index}.example/v1",
        }};
    }}
}}
"""


def package(name, dependencies, build=""):
    write(f"{name}/Cargo.toml", f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2024"\n\n'
                                f"[dependencies]\n{dependencies}{build}")


def folder(name, count, features):
    runtime = f'oauth-runtime = {{ path = "{REPOSITORY}/oauth-runtime", default-features = false, features = {features} }}\n'
    codegen = f'oauth-codegen = {{ path = "{REPOSITORY}/oauth-derive/codegen" }}\n'
    package(name, runtime, f"\n[build-dependencies]\n{codegen}")
    write(f"{name}/build.rs", 'fn main() {\n    oauth_codegen::build("providers");\n}\n')
    write(f"{name}/src/lib.rs", "//! A folder.\n\noauth_runtime::providers!();\n")
    os.makedirs(os.path.join(WORKSPACE, name, "providers"), exist_ok=True)
    for index in range(1, count + 1):
        write(f"{name}/providers/p{index}.toml", definition(index))


def program(name, of):
    runtime = f'oauth-runtime = {{ path = "{REPOSITORY}/oauth-runtime", default-features = false, features = ["reqwest"] }}\n'
    tokio = 'tokio = { version = "1", default-features = false, features = ["rt", "macros", "net"] }\n'
    package(name, f'{of} = {{ path = "../{of}" }}\n{runtime}{tokio}')
    write(f"{name}/src/main.rs", PROGRAM.format(crate=of.replace("-", "_")))


def generate():
    shutil.rmtree(WORKSPACE, ignore_errors=True)
    write("Cargo.toml", '[workspace]\nresolver = "3"\nmembers = ["*"]\n')
    shutil.copy(os.path.join(ROOT, "Cargo.lock"), WORKSPACE)
    for count in SIZES:
        folder(f"folder-{count}", count, "[]")
        package(f"table-{count}", "")
        write(f"table-{count}/src/lib.rs", TABLE + "".join(by_hand(index) for index in range(1, count + 1)))
    for count in (1, 500):
        folder(f"unused-{count}", count, '["reqwest"]')
        program(f"uses-{count}", f"unused-{count}")


def cargo(*arguments):
    """CPU seconds, wall seconds, and the crates compiled."""
    environment = {**os.environ, "CARGO_TARGET_DIR": TARGET, "CARGO_TERM_COLOR": "never", "CARGO_INCREMENTAL": "0", "RUSTFLAGS": ""}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(["cargo", *arguments, "--offline"], cwd=WORKSPACE, capture_output=True, text=True, env=environment)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(done.stderr)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    compiled = [line.split()[1] for line in done.stderr.splitlines() if line.strip().startswith("Compiling")]
    return cpu, wall, compiled


def touch(path):
    os.utime(os.path.join(WORKSPACE, path))


def rustc(kind, count, profile):
    """rustc's time for a crate whose dependencies and generated code are there."""
    touch(f"{kind}-{count}/src/lib.rs")
    cpu, _, compiled = cargo("build", "-p", f"{kind}-{count}", *profile)
    assert compiled == [f"{kind}-{count}"], compiled
    return cpu


def slopes(rounds):
    print(f"rustc, milliseconds of CPU for a provider of {SCOPES} scopes, over the empty folder; {rounds} rounds")
    print(f"{'':24}" + "".join(f"{count:>10}" for count in SIZES[1:]))
    for name, profile in (("debug", []), ("release", ["--release"])):
        times = {}
        for kind in ("table", "folder"):
            for count in SIZES:
                cargo("build", "-p", f"{kind}-{count}", *profile)
        for _ in range(rounds):
            for count in SIZES:
                for kind in ("table", "folder"):
                    times.setdefault((kind, count), []).append(rustc(kind, count, profile))
        for kind, title in (("table", "by hand"), ("folder", "ours")):
            empty = statistics.median(times[kind, 0])
            each = [1000 * (statistics.median(times[kind, count]) - empty) / count for count in SIZES[1:]]
            print(f"{name:8}{title:16}" + "".join(f"{ms:10.2f}" for ms in each), flush=True)


def rebuilds(rounds):
    print(f"\nrebuild of a folder of 500, debug; {rounds} rounds, medians")
    rows = {"touched lib.rs": [], "changed one TOML": []}
    cargo("build", "-p", "folder-500")
    for turn in range(rounds):
        touch("folder-500/src/lib.rs")
        rows["touched lib.rs"].append(cargo("build", "-p", "folder-500"))
        write("folder-500/providers/p250.toml", definition(250).replace("number 3", f"number 3, round {turn}"))
        rows["changed one TOML"].append(cargo("build", "-p", "folder-500"))
    for name, results in rows.items():
        cpu, wall = (statistics.median(result[at] for result in results) for at in (0, 1))
        print(f"{name:20} cpu {cpu:6.2f} s  wall {wall:6.2f} s  compiled {', '.join(results[0][2])}")


def sections(binary):
    out = subprocess.run(["size", "-A", binary], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in out.splitlines())
    return {row[0]: int(row[1]) for row in rows if len(row) == 3 and row[0].startswith(".") and row[2] != "0"}


def unused():
    print("\nrelease program that uses one provider, bytes by section")
    cargo("build", "--release", "-p", "uses-1", "-p", "uses-500")
    one, many = (sections(os.path.join(TARGET, "release", f"uses-{count}")) for count in (1, 500))
    print(f"{'':24}{'of 1':>12}{'of 500':>12}{'more':>8}")
    for name in sorted(one.keys() | many.keys()):
        if one.get(name, 0) != many.get(name, 0):
            print(f"{name:24}{one.get(name, 0):12}{many.get(name, 0):12}{many.get(name, 0) - one.get(name, 0):8}")
    total, more = sum(one.values()), sum(many.values())
    print(f"{'all that is loaded':24}{total:12}{more:12}{more - total:8}")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    generate()
    slopes(rounds)
    rebuilds(rounds)
    unused()


main()
