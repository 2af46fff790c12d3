//! What the models of all languages share: the catalogue, environment variables, operations on
//! strings with unknown parts, dictionaries, and the reporting of operations. It knows no
//! language by name.

mod derived;
mod entry;
mod environment;
pub(crate) mod json;
mod mapper;
mod operations;
mod principal;
mod response;
mod signing;
mod strings;
mod values;

use perm_infer_catalog::Catalog;

pub(crate) use derived::identifier;
pub(crate) use entry::{HANDLERS, is_handler};
pub(crate) use environment::with_default;
pub use environment::{Environment, EnvironmentPart, StatedVariable};
pub(crate) use mapper::request_items;
pub(crate) use operations::fits;
pub(crate) use principal::*;
pub(crate) use response::*;
pub(crate) use signing::note_signed;
pub(crate) use strings::*;
pub(crate) use values::*;

/// What every model has at hand.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a> {
    /// Services, operations, resource models.
    pub(crate) catalog: Catalog,
    /// Values of environment variables.
    pub(crate) environment: &'a dyn Environment,
}
