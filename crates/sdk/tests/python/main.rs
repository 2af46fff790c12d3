//! The Python models end to end: source text in, calls out.

mod clients;
mod flow;
mod harness;
mod names;
mod negative;
mod resources;
