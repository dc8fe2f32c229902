//! The locks of the refresh core and of the stores in memory: std's, or those by which Shuttle tries schedules
//! (`--cfg shuttle`, see `schedules`).

#[cfg(all(test, shuttle))]
pub(crate) use shuttle::sync::{Mutex, MutexGuard, RwLock};
#[cfg(not(all(test, shuttle)))]
pub(crate) use std::sync::{Mutex, MutexGuard, RwLock};
