//! What the end-to-end tests share: the corpus and its expectations, the binary under test, reading
//! its output, and the tools that run sample applications with the real SDKs.
//!
//! Everything reports failure as text for the reader of a failed test; nothing here knows how the
//! binary works inside.

pub mod binary;
pub mod case;
pub mod compare;
pub mod git;
pub mod moto;
pub mod mutate;
pub mod output;
pub mod policies;
pub mod process;
pub mod random;
pub mod run;
pub mod sandbox;
pub mod simulate;
pub mod tools;
