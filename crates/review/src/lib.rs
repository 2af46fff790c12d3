//! Policies that somebody wrote: read with positions, checked against the grammar and the catalogue, and asked
//! what they allow.
//!
//! The crate knows policies and the catalogue, not source code and not how answers look. What is wrong in a
//! file is a diagnostic with line and column; a file with errors is not used.

pub mod check;
pub mod diagnose;
mod grammar;
mod json;
mod keys;
mod mismatch;
mod policy_file;
mod role;
mod simulate;
mod symbolic;
mod template_role;
mod validate;

pub use grammar::PolicyKind;
pub use mismatch::{ResourceHint, resource_hint};
pub use perm_infer_infra::PolicySource;
pub use policy_file::{PolicyFile, StatementRef};
pub use role::{RolePolicies, read_role, role_names};
pub use simulate::{
    Answer, Batch, ContextValue, NearStatement, PolicyFiles, RequestSpec, Simulation, read_batch, simulate,
};
pub use symbolic::Symbolic;
pub use template_role::role_of_template;
pub use validate::{validate, validate_stated};
