//! Whether policies allow a request, and which statement decides: AWS's evaluation logic offline.
//!
//! Policies are compiled once ([`Policy`]) and evaluated often ([`evaluate`]). What a request holds is
//! taken as given: nothing is looked up, and keys that nobody passes are absent.
//!
//! Sources, all of the IAM User Guide: "How AWS enforcement code logic evaluates requests to allow or deny
//! access", "Policy evaluation for requests within a single account", "Cross-account policy evaluation
//! logic", "IAM JSON policy elements: Condition operators", "Set operators for multi-valued context keys".
//!
//! ```
//! use perm_infer_policy::evaluate::{Outcome, Policies, Policy, Request, evaluate};
//! use perm_infer_policy::Document;
//!
//! let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}}"#;
//! let document = Document::from_json(text)?;
//! let policies = Policies { identity: vec![Policy::new(&document)], ..Policies::default() };
//! let request = Request::new("arn:aws:iam::123456789012:role/app", "s3:GetObject", "arn:aws:s3:::b/key");
//! assert_eq!(evaluate(&policies, &request).outcome, Outcome::Allowed);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod condition;
mod date;
mod decision;
mod explain;
mod operator;
mod principal;
mod request;
mod statement;
mod values;

pub use condition::condition_holds;
pub use decision::{Decision, Layer, Outcome, Policies, StatementPlace, evaluate};
pub use explain::{Near, nearest};
pub use operator::{Comparison, Operator, Order, SetOperator};
pub use principal::{IamKind, Principal};
pub use request::{Context, Request};
pub use statement::{Mismatch, Policy};

#[cfg(test)]
mod operator_tests;
#[cfg(test)]
mod tests;
