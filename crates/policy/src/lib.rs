//! The IAM policy language: names with unknown parts, ARNs, documents and how requirements merge
//! into few readable statements.
//!
//! This crate knows nothing of source code. It never widens: a literal `*`, `?` or `$` in a name is
//! escaped when an ARN is written.

mod pattern;

pub use pattern::{Part, Pattern};
