//! Writes policies into deployment templates. Every change is a text edit at a place that was found in the
//! parsed file, so that comments, order and formatting of everything else stay as they are, byte for byte.
//!
//! What is written by [`Template::set`] is marked, so that the next time it is found and replaced; statements
//! that somebody else wrote stay. In YAML and HCL comments mark it, in JSON and flow style the `Sid`s.
//!
//! ```
//! use perm_infer_diagnostics::Location;
//! use perm_infer_edit::{Expression, FunctionAt, Source, Template, TemplateStatement, edited};
//! use perm_infer_infra::Language;
//!
//! let text = "\
//! Resources:
//!   Worker: # does the work
//!     Type: AWS::Serverless::Function
//!     Properties:
//!       Handler: app.handler
//! ";
//! let source = Source { path: "template.yaml".into(), text: text.into() };
//! let template = Template::read(Language::CloudFormation, vec![source])?;
//! let location = Location { path: "template.yaml".into(), line: 2, column: 3 };
//! let place = template.place_of(FunctionAt { name: "Worker", location: &location, role: None })?;
//! let statement = TemplateStatement {
//!     sid: Some("SendJobs".into()),
//!     actions: vec!["sqs:SendMessage".into()],
//!     resources: vec![Expression::text("arn:aws:sqs:*:*:jobs")],
//!     conditions: Default::default(),
//! };
//! let edits = template.add(&place, &[statement])?;
//! assert_eq!(
//!     edited("template.yaml", text, &edits),
//!     format!(
//!         "{text}      Policies:
//!         - Version: \"2012-10-17\"
//!           Statement:
//!             - Sid: SendJobs
//!               Effect: Allow
//!               Action: sqs:SendMessage
//!               Resource: arn:aws:sqs:*:*:jobs
//! "
//!     )
//! );
//! # Ok::<(), Box<perm_infer_diagnostics::Diagnostic>>(())
//! ```

mod block;
mod cloudformation;
mod document;
mod flow;
mod place;
mod serverless;
mod statement;
mod terraform;
mod text;
mod tree;

pub use place::{Content, Contents, FunctionAt, Place, Source, Template};
pub use statement::{Expression, Piece, TemplateStatement, hcl_string};
pub use text::{Edit, edited};
