//! A real authorization server as a child process.

use serde_json::Value;
use std::{
    fs::File,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

/// A server of `tests/interop`, for as long as the value lives: also a panic ends it.
pub(crate) struct Server {
    child: Child,
    /// The line by which it describes itself.
    description: Value,
    /// Kept open: a server that writes into a closed pipe would end.
    _output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts `tests/interop/<name>/run` on a free port and waits until it is ready.
    pub(crate) fn start(name: &str, environment: &[(&str, &str)]) -> Self {
        let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop").join(name).join("run");
        let log = log_file(name);
        let mut child = Command::new(&run)
            .env_remove("PORT")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", run.display()));
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let mut ready = String::new();
        output.read_line(&mut ready).unwrap();
        let description = serde_json::from_str(&line).ok().filter(|_| ready == "ready\n");
        let Some(description) = description else {
            stop(&mut child);
            panic!("{name} did not start: {}", std::fs::read_to_string(&log).unwrap_or_default());
        };
        Self { child, description, _output: output }
    }

    /// A text of its description, by a JSON pointer.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        let value = self.description.pointer(pointer).and_then(Value::as_str);
        value.unwrap_or_else(|| panic!("{pointer} is not in {}", self.description))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// Ends the whole process group: while it installs its packages, the script has children.
fn stop(child: &mut Child) {
    let group = format!("kill -TERM -{}", child.id());
    let _ = Command::new("sh").args(["-c", &group]).status();
    // Should the group have outlived that, at least the server itself has not.
    let _ = child.kill();
    let _ = child.wait();
}

fn log_file(name: &str) -> std::path::PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}-{count}.log", std::process::id()))
}
