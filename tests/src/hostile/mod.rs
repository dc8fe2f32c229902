//! Hostile servers, callbacks and refreshes, and the judgement of a client that meets them.
//!
//! A catalogue (`tests/hostile/catalogue.jsonl`, or another file of its format) names one behaviour a line with what is
//! expected of a client. [`play`] serves each byte by byte on loopback and judges a [`subject::Subject`] by verdict,
//! error class, time, number of requests, connections to another origin, memory, and secrets in what it prints.

mod callback;
pub mod canary;
mod class;
pub mod definition;
mod exchange;
mod gzip;
mod handshake;
pub mod in_process;
mod judge;
pub mod mutation;
pub mod naive;
pub mod ours;
mod placeholder;
mod player;
mod recipe;
pub mod reference;
pub mod row;
pub mod scenario;
pub mod server;
pub mod strict;
pub mod subject;
mod tls;

pub use self::{
    player::{Fate, Pace, Report, play},
    row::Row,
};

/// The catalogue of this repository.
pub const CATALOGUE: &str = include_str!("../../hostile/catalogue.jsonl");
