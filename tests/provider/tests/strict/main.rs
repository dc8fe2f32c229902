//! What the test provider refuses, and what it takes: for each rule the attack and the honest case.

mod api;
mod authorization;
#[macro_use]
mod definitions;
mod examples;
mod faults;
mod flow;
mod in_place;
mod long_lived;
mod pages;
mod raw;
mod refresh;
mod shape;
mod token;
mod transport;
