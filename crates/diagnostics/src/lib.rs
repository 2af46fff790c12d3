//! Source locations and the one diagnostics type of the workspace.
//!
//! Every stage reports what it skipped, widened or could not resolve as a [`Diagnostic`]; nothing is
//! printed here. This is also the one place that turns a byte offset into a line and a column.
//!
//! ```
//! use perm_infer_diagnostics::LineIndex;
//! let index = LineIndex::new("a = 1\nb = 2\n");
//! assert_eq!((index.line(6), index.column(6)), (2, 1));
//! ```

use std::fmt;

use serde::Serialize;

/// A half-open range of bytes in one source file. Files over 4 GiB are never read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` to `end`, both byte offsets; offsets beyond 4 GiB saturate.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end) }
    }
}

/// Where lines start in one source text, so that spans can be shown as line and column.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes the text by its line feeds.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        for (offset, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                starts.push(Span::new(offset + 1, 0).start);
            }
        }
        LineIndex { starts }
    }

    /// The 1-based line of a byte offset; offsets past the end give the last line.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        let line = self.starts.partition_point(|&start| start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The 1-based column of a byte offset, counted in bytes.
    #[must_use]
    pub fn column(&self, offset: u32) -> u32 {
        let line = self.line(offset) as usize;
        offset - self.starts[line.saturating_sub(1)] + 1
    }
}

/// A place in a file as users see it: relative path with `/`, 1-based line and column.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Location {
    /// Path as given or found, relative where the input was relative, with forward slashes.
    pub path: String,
    /// 1-based line; 0 when the whole file is meant.
    pub line: u32,
    /// 1-based column in bytes; 0 when the whole line or file is meant.
    pub column: u32,
}

impl Location {
    /// The file as a whole.
    #[must_use]
    pub fn file(path: impl Into<String>) -> Self {
        Location { path: path.into(), line: 0, column: 0 }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if self.column > 0 {
            write!(f, ":{}", self.column)?;
        }
        Ok(())
    }
}

/// How much a diagnostic matters to somebody who is about to deploy the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The run could not do what was asked.
    Error,
    /// The policy may miss something or be wider than the code needs.
    Warning,
    /// Worth knowing; the policy is right.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}

/// One message to the user: what happened, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Stable identifier in kebab case, such as `unresolved-resource`.
    pub code: &'static str,
    /// Where; `None` for the run as a whole.
    pub location: Option<Location>,
    /// What happened and why, one sentence without a final full stop.
    pub message: String,
    /// What the user can do, one sentence; empty only where nothing can be done.
    pub remedy: String,
    /// Whether something stayed unresolved because of it (`--strict` fails on these).
    pub unresolved: bool,
}

impl Diagnostic {
    /// A diagnostic of the given severity; attach the rest with the builder methods.
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic {
            severity,
            code,
            location: None,
            message: message.into(),
            remedy: String::new(),
            unresolved: false,
        }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Says what the user can do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// Marks that something stayed unresolved, so that `--strict` fails.
    #[must_use]
    pub fn unresolved(mut self) -> Self {
        self.unresolved = true;
        self
    }

    /// The order in which diagnostics are shown: by place, then severity, then text.
    #[must_use]
    pub fn sort_key(&self) -> (Option<&Location>, Severity, &str, &str) {
        (self.location.as_ref(), self.severity, self.code, &self.message)
    }
}

impl fmt::Display for Diagnostic {
    /// `path:line:column: severity: message; remedy`, the form of the command line contract.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        write!(f, "{}: {} [{}]", self.severity, self.message, self.code)?;
        if !self.remedy.is_empty() {
            write!(f, "; {}", self.remedy)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_past_the_end_give_the_last_line() {
        let index = LineIndex::new("x\ny");
        assert_eq!(index.line(100), 2);
        assert_eq!(index.column(2), 1);
    }

    #[test]
    fn display_follows_the_command_line_contract() {
        let diagnostic = Diagnostic::new(Severity::Warning, "some-code", "what")
            .at(Location { path: "a.py".into(), line: 3, column: 7 })
            .remedy("do this");
        assert_eq!(diagnostic.to_string(), "a.py:3:7: warning: what [some-code]; do this");
    }
}
