//! One policy as it was written, with the places of its statements.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Range;
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::Document;
use perm_infer_policy::evaluate::Policy;

use crate::grammar::{self, PolicyKind};
use crate::json::{self, Places};

/// A policy that was read from a file, or from a part of one.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// The path as given.
    pub path: String,
    /// What it says.
    pub document: Document,
    /// Ready to be evaluated.
    pub policy: Policy,
    /// Warnings and notes about it.
    pub diagnostics: Vec<Diagnostic>,
    pub(crate) kind: PolicyKind,
    pub(crate) places: Places,
    pub(crate) ranges: Vec<StatementRanges>,
}

/// A statement as it can be named to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRef {
    /// Where it starts.
    pub location: Location,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// Its position in the policy, from zero.
    pub index: usize,
}

/// Where the parts of a statement are.
#[derive(Clone, Debug)]
pub(crate) struct StatementRanges {
    pub(crate) whole: Range,
    pub(crate) actions: Vec<Range>,
    pub(crate) resources: Vec<Range>,
    /// Operator and key with their range.
    pub(crate) keys: Vec<(String, String, Range)>,
}

impl PolicyFile {
    /// Reads a policy and checks it against the grammar. Beside a policy itself, what AWS prints with one
    /// inside is read: `PolicyDocument`, `PolicyVersion.Document`, `Role.AssumeRolePolicyDocument`.
    ///
    /// # Errors
    /// With everything that makes it no policy, each with line and column.
    pub fn read(path: &str, text: &str, kind: PolicyKind) -> Result<PolicyFile, Vec<Diagnostic>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let places = Places::new(path, text);
        let root = json::parse(text, &places).map_err(|error| vec![*error])?;
        PolicyFile::from_value(path, inner(&root), kind, places)
    }

    /// Reads a policy that is a part of a file.
    pub(crate) fn from_value(
        path: &str,
        value: &Value<'_>,
        kind: PolicyKind,
        places: Places,
    ) -> Result<PolicyFile, Vec<Diagnostic>> {
        let read = grammar::read(value, kind, &places);
        if read.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Err(read.diagnostics);
        }
        Ok(PolicyFile {
            path: path.to_owned(),
            policy: Policy::new(&read.document),
            document: read.document,
            diagnostics: read.diagnostics,
            kind,
            places,
            ranges: read.ranges,
        })
    }

    /// A statement by its position.
    #[must_use]
    pub fn statement(&self, index: usize) -> StatementRef {
        let location = self.ranges.get(index).map(|ranges| self.places.at(ranges.whole));
        StatementRef {
            location: location.unwrap_or_else(|| Location::file(&self.path)),
            sid: self.document.statement.get(index).and_then(|statement| statement.sid.clone()),
            index,
        }
    }
}

/// The policy within what AWS's command line prints.
fn inner<'v, 't>(root: &'v Value<'t>) -> &'v Value<'t> {
    const WRAPPERS: [&str; 6] =
        ["PolicyVersion", "Role", "PolicyDocument", "AssumeRolePolicyDocument", "Document", "Policy"];
    let mut value = root;
    while let Some(object) = value.as_object() {
        if object.get("Statement").is_some() {
            break;
        }
        let wrapped = WRAPPERS.iter().find_map(|name| object.get(name)).map(|property| &property.value);
        let Some(next) = wrapped.filter(|value| value.as_object().is_some()) else { break };
        value = next;
    }
    value
}
