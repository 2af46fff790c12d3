//! The IAM policy language: names with unknown parts, ARNs, documents and how requirements merge
//! into few readable statements.
//!
//! This crate knows nothing of source code. It never widens: a literal `*`, `?` or `$` in a name is
//! escaped when an ARN is written.
//!
//! ```
//! use perm_infer_policy::{BuildOptions, Condition, Grant, Pattern, build};
//! let grant = Grant {
//!     action: "dynamodb:GetItem".into(),
//!     resource: Pattern::literal("arn:aws:dynamodb:eu-west-1:123456789012:table/orders"),
//!     conditions: Condition::new(),
//! };
//! let document = build([grant], &BuildOptions::default());
//! assert_eq!(document.statement[0].sid.as_deref(), Some("DynamodbOrdersTable"));
//! ```

mod arn;
mod build;
mod contain;
mod diff;
mod document;
pub mod evaluate;
mod glob;
pub mod inert;
mod json;
mod matching;
mod pattern;
mod sid;
mod size;
mod trust;
mod yaml;

pub use arn::{Arn, ArnError};
pub use build::{BuildOptions, Built, Grant, build, build_with_sources};
pub use contain::{covers, overlaps};
pub use diff::{ChangeKind, GrantChange, diff};
pub use document::{Condition, Document, Effect, OneOrMany, Statement};
pub use json::to_pretty_json;
pub use matching::matches;
pub use pattern::{Part, Pattern};
pub use size::{SizeLimit, SizeWarning, policy_size, size_warnings};
pub use yaml::{YamlStyle, to_template_yaml, to_yaml};
