//! [`Service`]: a throwaway database, by the scripts in `tests/services`.

use super::Problem;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A database that lives as long as the value: it ends when the pipe to it is closed, also if this process is killed.
pub struct Service {
    child: Child,
    url: String,
}

impl Service {
    /// Starts `tests/services/{name}`.
    pub fn start(name: &str) -> Result<Self, Problem> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("services").join(name);
        let mut child = Command::new(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = child.stdout.take().ok_or("a service has no output")?;
        // Both lines: a script that writes into a closed pipe would end.
        let lines = BufReader::new(output).lines().take(2).collect::<Result<Vec<_>, _>>()?;
        let described: serde_json::Value = serde_json::from_str(lines.first().map_or("", String::as_str))?;
        let url = described["url"].as_str().ok_or("a service does not say where it is")?.to_owned();
        Ok(Self { child, url })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
