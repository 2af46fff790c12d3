//! Abstract interpretation over facts: which library calls a program can make, with which arguments.
//!
//! The rules on one page:
//!
//! - A *value* is a small set of alternatives, each known as far as the source tells (`value/`).
//! - Local variables follow the flow: an assignment replaces, branches join, loops are repeated until
//!   nothing changes. What outlives an activation (module variables, captured variables, attributes)
//!   is a *cell*: it only grows, and the component is gone through again until no cell grows after it was
//!   read (`cells.rs`, `entry.rs`). In later rounds only activations are evaluated that see something else
//!   than in the round before; others do again what they did (`trace.rs`).
//! - Lists and dictionaries are values, not references: a change through a variable changes that
//!   variable; a change of an argument by a called function is written back to the caller's variable.
//!   Instances are references with one cell per attribute.
//! - A function is evaluated once per distinct abstract arguments and remembered; recursion gives what
//!   is known so far and is repeated until that is stable.
//! - What the project does not define is asked of the [`Library`] (`library.rs`), which also says
//!   which operations a call performs.
//! - Every bound is in `bounds.rs`; past it values become unknown, never absent.
//!
//! This crate knows neither AWS nor any language by name.

pub mod bounds;
mod interp;
mod library;
mod project;
mod value;

pub use interp::{Analysis, Call, ContextInfo};
pub use library::{Args, Cx, Effect, Library, NamedArg, Note, Outcome, Protocol};
pub use project::{EntryPoint, Linked, Project, Receiver, SourceFile, analyze, analyze_linked};
pub use value::{
    Atom, ClassRef, Closure, ContextId, Dict, Entry, External, FileId, Hole, HoleReason, InstanceId,
    LibraryValue, List, Setting, Site, Text, TextKind, TextPart, Value,
};
