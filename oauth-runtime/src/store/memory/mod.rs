//! Stores in this process's memory: for tests, for programs of one process, and to begin with.

mod states;
mod tokens;

pub use self::{states::MemoryStateStore, tokens::MemoryTokenStore};
