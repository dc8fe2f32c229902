//! The player: takes the rows of a catalogue, many at a time, and says which fall short.

use super::{callback, exchange, handshake, recipe::Recipe, row::Row, scenario, subject::Subject};
use std::{
    collections::{BTreeMap, VecDeque},
    fmt::{self, Display},
    panic,
    sync::{Mutex, Once, PoisonError},
    thread,
    time::Duration,
};
use tokio::runtime::{Builder, Handle};

/// How a catalogue is played.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// How long the clients let an exchange take. The product's own is ten seconds.
    pub deadline: Duration,
    /// How much later than its deadline an answer may come: what a busy machine needs.
    pub slack: Duration,
    /// How many rows are played at a time. Most of a slow row is waiting.
    pub at_once: usize,
    /// How much there is of what scenarios do in bulk, against what their rows say.
    pub share: f64,
}

impl Pace {
    /// As in use: for `cargo run --release`.
    pub const REAL: Self = Self {
        deadline: Duration::from_secs(10),
        slack: Duration::from_millis(250),
        at_once: 16,
        share: 1.0,
    };
    /// For `cargo test`: short deadlines, and patience with a slow build on a busy machine.
    pub const QUICK: Self = Self {
        deadline: Duration::from_millis(1500),
        slack: Duration::from_millis(1500),
        at_once: 12,
        share: 0.02,
    };
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// All is as it has to be.
    Passed,
    /// What is not.
    Short(Vec<String>),
    /// It is about this part of the project, which is not there yet.
    NotBuilt(String),
}

impl Fate {
    /// It fell short by time alone, the judge's or the client's own. Beside fifteen others that may be the machine's
    /// fault, so it is played again alone.
    fn is_about_time(&self) -> bool {
        let by_time = |finding: &String| finding.contains(" ms") || finding.contains("\"Timeout\"");
        matches!(self, Self::Short(findings) if findings.iter().all(by_time))
    }
}

impl From<Vec<String>> for Fate {
    fn from(findings: Vec<String>) -> Self {
        if findings.is_empty() { Self::Passed } else { Self::Short(findings) }
    }
}

/// What became of a catalogue. It displays as the player's report.
#[derive(Debug, Clone)]
pub struct Report {
    /// Each row with its fate.
    pub rows: Vec<(Row, Fate)>,
}

impl Report {
    /// How many rows passed, and how many were played.
    pub fn score(&self) -> (usize, usize) {
        let passed = self.rows.iter().filter(|(_, fate)| *fate == Fate::Passed).count();
        (passed, passed + self.short().count())
    }

    /// The rows that fell short, with what was found.
    pub fn short(&self) -> impl Iterator<Item = (&Row, &[String])> {
        self.rows.iter().filter_map(|(row, fate)| match fate {
            Fate::Short(findings) => Some((row, findings.as_slice())),
            _ => None,
        })
    }

    /// The fate of a row.
    pub fn fate(&self, id: &str) -> Option<&Fate> {
        self.rows.iter().find(|(row, _)| row.id == id).map(|(_, fate)| fate)
    }

    fn not_built(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut parts = BTreeMap::<_, Vec<_>>::new();
        for (row, fate) in &self.rows {
            if let Fate::NotBuilt(part) = fate {
                parts.entry(part.as_str()).or_default().push(row.id.as_str());
            }
        }
        parts
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (row, findings) in self.short() {
            let line = format!("{} {} ({}): {}", row.id, row.endpoint, row.behaviour, findings.join("; "));
            writeln!(f, "{}", one_line(&line))?;
        }
        for (row, _) in self.rows.iter().filter(|(_, fate)| !matches!(fate, Fate::NotBuilt(_))) {
            let names = scenario::passed_over(row);
            if !names.is_empty() {
                writeln!(f, "{} is played without its {}", one_line(&row.id), one_line(&names.join(", ")))?;
            }
        }
        for (part, ids) in self.not_built() {
            let line = format!("not built yet, {part}: {} rows: {}", ids.len(), ids.join(" "));
            writeln!(f, "{}", one_line(&line))?;
        }
        let (passed, played) = self.score();
        write!(f, "passed {passed} of {played}")
    }
}

/// What a file says must not move a terminal's cursor.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// What a row is played with.
pub struct Stage<'a> {
    /// Where servers run.
    pub host: Handle,
    /// How.
    pub pace: Pace,
    /// The client to be judged.
    pub subject: &'a dyn Subject,
    /// The whole catalogue.
    pub rows: &'a [Row],
    /// The axum integration is judged too.
    pub with_axum: bool,
}

impl Stage<'_> {
    /// How long a server lives at the most.
    pub fn life(&self) -> Duration {
        self.pace.deadline + self.pace.slack + Duration::from_secs(5)
    }

    /// How long a row's client may take.
    pub fn allowed(&self, row: &Row) -> Duration {
        Duration::from_millis(row.max_ms).min(self.pace.deadline) + self.pace.slack
    }
}

/// Plays `rows` with the clients of `subject`.
///
/// # Errors
/// The servers cannot be started.
pub fn play(rows: &[Row], subject: &dyn Subject, pace: Pace) -> Result<Report, String> {
    note_panics();
    let host = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let stage = Stage { host: host.handle().clone(), pace, subject, rows, with_axum: subject.is_ours() };
    let queue: Mutex<VecDeque<usize>> = Mutex::new((0..rows.len()).collect());
    let fates: Mutex<Vec<(usize, Fate)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..pace.at_once {
            scope.spawn(|| {
                while let Some(index) = next(&queue) {
                    let fate = guarded(&stage, index);
                    fates.lock().unwrap_or_else(PoisonError::into_inner).push((index, fate));
                }
            });
        }
    });
    let mut fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    let stage = Stage { pace: Pace { deadline: Pace::REAL.deadline, ..pace }, ..stage };
    for (index, fate) in &mut fates {
        if fate.is_about_time() {
            *fate = guarded(&stage, *index);
        }
    }
    host.shutdown_background();
    fates.sort_by_key(|(index, _)| *index);
    Ok(Report { rows: fates.into_iter().map(|(index, fate)| (rows[index].clone(), fate)).collect() })
}

fn next(queue: &Mutex<VecDeque<usize>>) -> Option<usize> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// Plays a row on a thread of its own, whose name tells its panics from others'. An id may stand there twice, and hold
/// what no thread may be called.
fn guarded(stage: &Stage<'_>, index: usize) -> Fate {
    let (row, name) = (&stage.rows[index], format!("hostile {index}"));
    let outcome = thread::scope(|scope| {
        thread::Builder::new()
            .name(name.clone())
            .spawn_scoped(scope, || one(stage, row))
            .map(thread::ScopedJoinHandle::join)
    });
    let fate = match outcome {
        Ok(Ok(fate)) => fate,
        Ok(Err(_)) => Fate::Short(Vec::new()),
        Err(error) => Fate::Short(vec![format!("no thread: {error}")]),
    };
    match (panics_of(&name), fate) {
        (None, fate) => fate,
        (Some(message), Fate::Short(findings)) => Fate::Short([vec![message], findings].concat()),
        (Some(message), _) => Fate::Short(vec![message]),
    }
}

fn one(stage: &Stage<'_>, row: &Row) -> Fate {
    let recipe = match Recipe::parse(&row.recipe, &row.endpoint) {
        Ok(recipe) => recipe,
        Err(problem) => return Fate::Short(vec![format!("cannot be played: {problem}")]),
    };
    match recipe {
        Recipe::NotBuilt(part) => Fate::NotBuilt(part),
        Recipe::Answer(_) if row.endpoint == "refresh" => exchange::refresh(stage, row, &recipe).into(),
        Recipe::Answer(_) if matches!(row.endpoint.as_str(), "revoke" | "revocation") => {
            exchange::revoke(stage, row, &recipe).into()
        }
        Recipe::Answer(_) => exchange::login(stage, row, &recipe).into(),
        Recipe::Query(query) => callback::play(stage, row, &query).into(),
        Recipe::Tls(words) => handshake::play(stage, row, &words),
        Recipe::Scenario(_) if !stage.with_axum => Fate::NotBuilt("scenarios of a foreign client".to_owned()),
        Recipe::Scenario(name) => scenario::play(stage, row, &name),
    }
}

static PANICS: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// A panic in a task is caught by its runtime and easily overlooked, so all panics of players' threads are written down.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| match thread::current().name() {
            Some(name) if name.starts_with("hostile ") => {
                let message = format!("panicked: {}", info.to_string().replace('\n', " "));
                PANICS.lock().unwrap_or_else(PoisonError::into_inner).push((name.to_owned(), message));
            }
            _ => before(info),
        }));
    });
}

fn panics_of(name: &str) -> Option<String> {
    let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    let at = panics.iter().position(|(of, _)| of == name)?;
    let message = panics.remove(at).1;
    panics.retain(|(of, _)| of != name);
    Some(message)
}
