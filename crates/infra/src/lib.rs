//! What deployment tells about code: the names that code finds in environment variables.
//!
//! ```
//! use perm_infer_infra::Environment;
//! let mut environment = Environment::default();
//! environment.add_option("TABLE=orders")?;
//! let table = environment.get("TABLE").expect("just added");
//! assert_eq!(table.value.as_literal(), Some("orders"));
//! assert_eq!(table.source.to_string(), "--var");
//! # Ok::<(), perm_infer_infra::InfraError>(())
//! ```

mod dotenv;
mod environment;
mod error;

pub use environment::{Environment, Source, Variable};
pub use error::InfraError;
