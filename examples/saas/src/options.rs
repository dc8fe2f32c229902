//! [`Options`]: the command line.

use crate::AnyError;
use std::{env, fs, path::PathBuf, str::FromStr, time::Duration};

const USAGE: &str = "saas [--store postgres://..|FILE] [--users 20] [--processes 4] [--seconds 10]";

pub(crate) struct Options {
    /// An address of PostgreSQL, or the path of a file of SQLite.
    pub(crate) store: String,
    pub(crate) users: usize,
    pub(crate) processes: usize,
    pub(crate) time: Duration,
    /// Where the providers are: said to each of the back end's processes by the one that starts them.
    pub(crate) providers: Option<String>,
    /// Holds the file, if no store was named.
    _folder: Option<Folder>,
}

impl Options {
    pub(crate) fn read() -> Result<Self, AnyError> {
        let (mut users, mut processes, mut seconds) = (20, 4, 10);
        let (mut store, mut providers) = (env::var("OAUTH_TEST_POSTGRES_URL").ok(), None);
        let mut arguments = env::args().skip(1);
        while let Some(flag) = arguments.next() {
            let value = arguments.next().ok_or(USAGE)?;
            match &*flag {
                "--store" => store = Some(value),
                "--users" => users = number(&value)?,
                "--processes" => processes = number(&value)?,
                "--seconds" => seconds = number(&value)?,
                "--providers" => providers = Some(value),
                _ => return Err(USAGE.into()),
            }
        }
        let (store, folder) = match store {
            Some(store) => (store, None),
            None => Folder::with_a_file()?,
        };
        Ok(Self { store, users, processes, time: Duration::from_secs(seconds), providers, _folder: folder })
    }
}

fn number<T: FromStr>(text: &str) -> Result<T, AnyError> {
    text.parse().map_err(|_| USAGE.into())
}

/// A folder that goes with the process.
struct Folder(PathBuf);

impl Folder {
    fn with_a_file() -> Result<(String, Option<Self>), AnyError> {
        let folder = env::temp_dir().join(format!("saas-{}", std::process::id()));
        fs::create_dir(&folder)?;
        let folder = Self(folder);
        Ok((folder.0.join("saas.sqlite").display().to_string(), Some(folder)))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left to whoever clears temporary files away.
        let _ = fs::remove_dir_all(&self.0);
    }
}
