//! Comments in the source that state what no analysis can know:
//!
//! - `perm-infer: allow ACTION on ARN` adds a permission,
//! - `perm-infer: resource ARN` names the resource of the calls of a statement,
//! - `perm-infer: ignore` leaves the calls of a statement out.
//!
//! A comment belongs to the statement it stands in, behind or above. It never widens what a call gets:
//! a stated resource counts only where it lies within what was inferred, an action has to be a single
//! one that AWS knows, and every use is reported.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use perm_infer_analysis::Site;
use perm_infer_catalog::Action;
use perm_infer_diagnostics::{Diagnostic, Location, Severity, Span};
use perm_infer_policy::{Arn, Pattern};
use perm_infer_scan::ScannedFile;

use crate::statements::Statements;

/// What a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Allow(Action, Pattern),
    Resource(Pattern),
    Ignore,
}

/// A comment that was understood.
struct Directive {
    said: Said,
    location: Location,
    /// As it was written, for messages.
    text: String,
}

/// The comments of all files.
#[derive(Default)]
pub(crate) struct Directives {
    all: Vec<Directive>,
    files: BTreeMap<u32, InFile>,
    /// Those that changed something.
    used: RefCell<BTreeSet<usize>>,
}

/// The comments of one file by what they stand at; the values are positions in [`Directives::all`].
struct InFile {
    statements: Statements,
    /// By the line that they stand above or on.
    by_line: BTreeMap<u32, Vec<usize>>,
    /// By the statement that they stand inside or behind.
    by_statement: BTreeMap<usize, Vec<usize>>,
}

/// A permission that a comment states.
pub(crate) struct Stated {
    pub(crate) action: Action,
    pub(crate) resource: Pattern,
    pub(crate) location: Location,
}

/// The resource that a comment names for a call.
pub(crate) struct StatedResource {
    pub(crate) resource: Pattern,
    pub(crate) location: Location,
}

impl Directives {
    /// Reads the comments of all files; those that say nothing sensible are diagnostics.
    /// Only files that are wanted, by their position, are looked at.
    pub(crate) fn read(files: &[ScannedFile], is_wanted: impl Fn(usize) -> bool) -> (Self, Vec<Diagnostic>) {
        let mut directives = Directives::default();
        let mut diagnostics = Vec::new();
        for (number, file) in (0_u32..).zip(files) {
            if !file.facts.directives.is_empty() && is_wanted(number as usize) {
                let in_file = directives.read_file(file, &mut diagnostics);
                directives.files.insert(number, in_file);
            }
        }
        (directives, diagnostics)
    }

    fn read_file(&mut self, file: &ScannedFile, diagnostics: &mut Vec<Diagnostic>) -> InFile {
        let mut in_file = InFile {
            statements: Statements::of(&file.facts),
            by_line: BTreeMap::new(),
            by_statement: BTreeMap::new(),
        };
        for directive in &file.facts.directives {
            let at = directive.span.start;
            let line = file.lines.line(at);
            let location = Location { path: file.path.clone(), line, column: file.lines.column(at) };
            let said = match parse(&directive.text) {
                Ok(said) => said,
                Err(problem) => {
                    diagnostics.push(not_understood(location, &directive.text, &problem));
                    continue;
                }
            };
            in_file.place(self.all.len(), file, directive.span);
            self.all.push(Directive { said, location, text: directive.text.clone() });
        }
        in_file
    }

    /// The permissions that comments state outright.
    pub(crate) fn stated(&self) -> impl Iterator<Item = Stated> {
        self.all.iter().filter_map(|directive| match &directive.said {
            Said::Allow(action, resource) => Some(Stated {
                action: *action,
                resource: resource.clone(),
                location: directive.location.clone(),
            }),
            _ => None,
        })
    }

    /// Whether a comment leaves the call out.
    pub(crate) fn ignores(&self, site: Site, files: &[ScannedFile]) -> bool {
        let ignore = self.at(site, files).into_iter().find(|&at| self.all[at].said == Said::Ignore);
        self.used.borrow_mut().extend(ignore);
        ignore.is_some()
    }

    /// The resources that comments name for a call, of those that lie within the inferred one.
    pub(crate) fn resources(
        &self,
        site: Site,
        inferred: &Pattern,
        files: &[ScannedFile],
    ) -> Vec<StatedResource> {
        let mut found = Vec::new();
        for at in self.at(site, files) {
            let directive = &self.all[at];
            if let Said::Resource(resource) = &directive.said
                && inferred.contains(resource)
            {
                self.used.borrow_mut().insert(at);
                found.push(StatedResource {
                    resource: resource.clone(),
                    location: directive.location.clone(),
                });
            }
        }
        found
    }

    /// What became of each comment, once all calls are through.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
        let used = self.used.borrow();
        self.all.iter().enumerate().map(|(at, directive)| outcome(directive, used.contains(&at))).collect()
    }

    /// The comments that a call stands under, in source order.
    fn at(&self, site: Site, files: &[ScannedFile]) -> BTreeSet<usize> {
        let Some(in_file) = self.files.get(&site.file.0) else { return BTreeSet::new() };
        let lines = &files[site.file.0 as usize].lines;
        let own_line = in_file.by_line.get(&lines.line(site.span.start));
        let mut found: BTreeSet<usize> = own_line.into_iter().flatten().copied().collect();
        if let Some(statement) = in_file.statements.innermost(site.span.start) {
            let span = in_file.statements.span(statement);
            let above = in_file.by_line.get(&lines.line(span.start));
            let inside = in_file.by_statement.get(&statement);
            found.extend([above, inside].into_iter().flatten().flatten());
        }
        found
    }
}

impl InFile {
    /// Notes what a comment belongs to: the code before it on its line, else the next statement, unless
    /// the statement around the comment ends first.
    fn place(&mut self, number: usize, file: &ScannedFile, span: Span) {
        let around = self.statements.innermost(span.start);
        let statement = match code_before(&file.source, span.start as usize) {
            Some(code) => {
                self.by_line.entry(file.lines.line(span.start)).or_default().push(number);
                self.statements.innermost(code)
            }
            None => {
                let end = around.map_or(u32::MAX, |around| self.statements.span(around).end);
                let next = self.statements.next_start(span.end).filter(|&next| next < end);
                if let Some(next) = next {
                    self.by_line.entry(file.lines.line(next)).or_default().push(number);
                }
                around.filter(|_| next.is_none())
            }
        };
        if let Some(statement) = statement {
            self.by_statement.entry(statement).or_default().push(number);
        }
    }
}

/// The last byte of code before a comment on its line.
fn code_before(source: &str, mark: usize) -> Option<u32> {
    let before = source.get(..mark)?;
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let code = before[line..].trim_end_matches(|character: char| {
        character.is_whitespace() || matches!(character, '#' | '/' | '*' | '!' | ';' | ',')
    });
    u32::try_from(line + code.len().checked_sub(1)?).ok()
}

/// Reads what follows the mark. The problem, else, is a clause for a message.
fn parse(text: &str) -> Result<Said, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        ["ignore"] => Ok(Said::Ignore),
        ["resource", arn] => Ok(Said::Resource(arn_pattern(arn)?)),
        ["allow", action, "on", arn] => {
            let known = Action::find(action).ok_or_else(|| {
                format!("`{action}` is no action of the catalogue; one action is stated by its full name")
            })?;
            let resource = if *arn == "*" { Pattern::any() } else { arn_pattern(arn)? };
            if resource.is_any() && known.is_resource_level() {
                return Err(format!("{action} can be limited to resources, so `*` is too wide"));
            }
            Ok(Said::Allow(known, resource))
        }
        _ => Err("it is none of `allow ACTION on ARN`, `resource ARN` and `ignore`".to_owned()),
    }
}

fn arn_pattern(text: &str) -> Result<Pattern, String> {
    let arn: Arn = text.parse().map_err(|error| format!("`{text}` is no ARN: {error}"))?;
    if arn.service.contains(['*', '?']) || arn.resource == "*" {
        return Err(format!("`{text}` is as wide as a whole service"));
    }
    Ok(Pattern::from_policy_string(text))
}

fn not_understood(location: Location, text: &str, problem: &str) -> Diagnostic {
    Diagnostic::new(
        Severity::Warning,
        "comment-not-understood",
        format!("the comment `perm-infer: {text}` has no effect: {problem}"),
    )
    .at(location)
    .remedy("write it as docs/guide.md shows, or remove it")
    .unresolved()
}

fn outcome(directive: &Directive, used: bool) -> Diagnostic {
    let note = |message: String| {
        Diagnostic::new(Severity::Note, "stated-by-comment", message)
            .remedy("remove the comment when it no longer holds")
    };
    let diagnostic = match &directive.said {
        Said::Allow(action, resource) => {
            note(format!("{} on {} is allowed by this comment", action.name(), resource.to_policy_string()))
        }
        Said::Resource(_) if used => note(format!("the resource is stated by `{}`", directive.text)),
        Said::Ignore if used => note("calls of this statement are left out by this comment".to_owned()),
        Said::Resource(_) => Diagnostic::new(
            Severity::Warning,
            "comment-without-effect",
            "no call of this statement has a resource that the stated one lies within",
        )
        .remedy("state an ARN within the inferred one: a comment narrows, it never widens")
        .unresolved(),
        Said::Ignore => {
            Diagnostic::new(Severity::Warning, "comment-without-effect", "there is no call to leave out here")
                .remedy("put the comment on or above the call, or remove it")
        }
    };
    diagnostic.at(directive.location.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_are_read() {
        assert_eq!(parse("ignore"), Ok(Said::Ignore));
        assert!(matches!(parse("resource arn:aws:s3:::b/*"), Ok(Said::Resource(_))));
        assert!(matches!(parse("allow s3:GetObject  on arn:aws:s3:::b/*"), Ok(Said::Allow(..))));
        assert!(matches!(parse("allow s3:ListAllMyBuckets on *"), Ok(Said::Allow(..))));
    }

    #[test]
    fn nothing_that_widens_is_read() {
        for text in [
            "allow s3:* on arn:aws:s3:::b/*",
            "allow * on *",
            "allow s3:GetObject on *",
            "allow s3:GetObject on arn:aws:s3:::*",
            "allow s3:GetObject on arn:aws:*:::b",
            "allow s3:NoSuchThing on arn:aws:s3:::b/*",
            "resource *",
            "resource bucket",
            "ignore everything",
            "",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
