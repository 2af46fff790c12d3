//! The figures of a run, and the one line that tells them.

use std::collections::BTreeSet;
use std::fmt;

use perm_infer_infer::{Inference, Severity};
use serde::Serialize;

/// How much a run read and found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Source files that were read, whether or not they have to do with an SDK.
    pub files: usize,
    /// SDK calls.
    pub calls: usize,
    /// Different actions of the policy.
    pub actions: usize,
    /// Statements of the policy.
    pub statements: usize,
    /// Things that stayed unresolved.
    pub unresolved: usize,
    /// Messages that are no warning.
    pub notes: usize,
    /// Test files that were not read.
    pub tests: usize,
}

impl Summary {
    /// Counts.
    #[must_use]
    pub fn of(inference: &Inference) -> Self {
        let actions: BTreeSet<&str> =
            inference.requirements.iter().map(|requirement| requirement.action).collect();
        let diagnostics = &inference.diagnostics;
        Summary {
            files: inference.counts.parsed + inference.counts.irrelevant,
            calls: inference.calls.len(),
            actions: actions.len(),
            statements: inference.document.statement.len(),
            unresolved: diagnostics.iter().filter(|diagnostic| diagnostic.unresolved).count(),
            notes: diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Note).count(),
            tests: inference.counts.tests,
        }
    }
}

impl fmt::Display for Summary {
    /// `12 files, 30 calls, 14 actions, 5 statements, 2 unresolved`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = [
            (self.files, "file"),
            (self.calls, "call"),
            (self.actions, "action"),
            (self.statements, "statement"),
        ];
        for (count, what) in counted {
            write!(f, "{count} {what}{}, ", plural(count))?;
        }
        write!(f, "{} unresolved", self.unresolved)?;
        match self.tests {
            0 => Ok(()),
            tests => write!(f, "; {tests} test file{} left out", plural(tests)),
        }
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::orders;
    use perm_infer_infer::Counts;

    #[test]
    fn the_line_tells_what_was_read_and_found() {
        let mut inference = orders();
        inference.counts =
            Counts { found: 4, parsed: 2, irrelevant: 1, binary: 1, tests: 4, ..Counts::default() };
        let line = Summary::of(&inference).to_string();
        assert_eq!(line, "3 files, 3 calls, 2 actions, 1 statement, 1 unresolved; 4 test files left out");
    }
}
