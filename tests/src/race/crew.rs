//! [`Process`]: a worker as its parent sees it.

use super::{
    Problem, WORKER,
    message::{Command, Plan, Reply, Report},
    watch::Point,
};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Stdio},
    time::Duration,
};
use tokio::sync::mpsc;

/// Nothing that a worker is asked to do takes longer.
const LIMIT: Duration = Duration::from_secs(120);

/// A worker process, for as long as the value lives.
pub struct Process {
    child: Child,
    input: ChildStdin,
    replies: mpsc::UnboundedReceiver<Reply>,
}

impl Process {
    /// Starts a worker and waits until it is ready.
    pub async fn start(plan: &Plan) -> Result<Self, Problem> {
        let mut child = std::process::Command::new(std::env::current_exe()?)
            .args([WORKER, &serde_json::to_string(plan)?])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().ok_or("a worker has no input")?;
        let output = child.stdout.take().ok_or("a worker has no output")?;
        let (sender, replies) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // A line that a killed worker could not finish is none.
                let Ok(reply) = serde_json::from_str(&line) else { break };
                if sender.send(reply).is_err() {
                    break;
                }
            }
        });
        let mut process = Self { child, input, replies };
        match process.reply().await? {
            Reply::Ready => Ok(process),
            other => Err(format!("a worker began with {other:?}").into()),
        }
    }

    /// Starts `count` of them.
    pub async fn crew(plan: &Plan, count: usize) -> Result<Vec<Self>, Problem> {
        let mut crew = Vec::new();
        for _ in 0..count {
            crew.push(Self::start(plan).await?);
        }
        Ok(crew)
    }

    /// Asks it to do something.
    pub fn send(&mut self, command: &Command) -> Result<(), Problem> {
        Ok(writeln!(self.input, "{}", serde_json::to_string(command)?)?)
    }

    async fn reply(&mut self) -> Result<Reply, Problem> {
        let reply = tokio::time::timeout(LIMIT, self.replies.recv()).await;
        let reply = reply.map_err(|_| "a worker does not answer")?;
        reply.ok_or_else(|| "a worker ended".into())
    }

    /// Waits until it halts at `point`.
    pub async fn at(&mut self, point: Point) -> Result<(), Problem> {
        match self.reply().await? {
            Reply::At(at) if at == point => Ok(()),
            other => Err(format!("a worker that should halt at {point:?} said {other:?}").into()),
        }
    }

    /// Waits until what it was asked is done.
    pub async fn done(&mut self) -> Result<Report, Problem> {
        match self.reply().await? {
            Reply::Done(report) => Ok(report),
            other => Err(format!("a worker that should be done said {other:?}").into()),
        }
    }

    /// SIGKILL.
    pub fn kill(&mut self) -> Result<(), Problem> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGSTOP: it does nothing any more.
    pub fn stop(&self) -> Result<(), Problem> {
        self.signal("-STOP")
    }

    /// SIGCONT: it goes on as if no time had passed.
    pub fn go_on(&self) -> Result<(), Problem> {
        self.signal("-CONT")
    }

    fn signal(&self, signal: &str) -> Result<(), Problem> {
        let status =
            std::process::Command::new("kill").args([signal, &self.child.id().to_string()]).status()?;
        if status.success() { Ok(()) } else { Err(format!("`kill {signal}` failed").into()) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks all of a crew at once, and adds up what comes of it.
pub async fn all(crew: &mut [Process], command: &Command) -> Result<Report, Problem> {
    for process in &mut *crew {
        process.send(command)?;
    }
    let mut sum = Report::default();
    for process in crew {
        sum.add(process.done().await?);
    }
    Ok(sum)
}
