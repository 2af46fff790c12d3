//! Reads what the binary prints: policy documents and diagnostics.
//!
//! Written against the command line contract, not against the crates that print, so that a change
//! of the output shows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::case::OneOrMany;

/// What a statement allows, as one action on one resource; conditions as sorted text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    /// IAM action.
    pub action: String,
    /// Resource.
    pub resource: String,
    /// `Operator key=value|value`, sorted.
    pub conditions: Vec<String>,
}

impl Permission {
    /// Joins the parts; the conditions get their one order here.
    #[must_use]
    pub fn new(action: &str, resource: &str, condition: &Condition) -> Self {
        let mut conditions = Vec::new();
        for (operator, keys) in condition {
            for (key, values) in keys {
                let mut values = values.to_vec();
                values.sort();
                conditions.push(format!("{operator} {key}={}", values.join("|")));
            }
        }
        conditions.sort();
        Permission { action: action.to_owned(), resource: resource.to_owned(), conditions }
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {}", self.action, self.resource)?;
        if !self.conditions.is_empty() {
            write!(f, " if {}", self.conditions.join(" and "))?;
        }
        Ok(())
    }
}

/// The condition block of a statement: operator, key, values.
pub type Condition = BTreeMap<String, BTreeMap<String, OneOrMany>>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Document {
    version: String,
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Statement {
    #[expect(dead_code, reason = "allowed, not compared: names of statements are not part of the corpus")]
    sid: Option<String>,
    effect: String,
    action: OneOrMany,
    resource: OneOrMany,
    #[serde(default)]
    condition: Condition,
}

/// A policy document taken apart into single permissions.
///
/// # Errors
/// When the document is not of the form that the contract promises.
pub fn permissions(document: &Value) -> Result<BTreeSet<Permission>, String> {
    let document: Document =
        Document::deserialize(document).map_err(|error| format!("policy document: {error}"))?;
    if document.version != "2012-10-17" {
        return Err(format!("policy version {}", document.version));
    }
    let mut permissions = BTreeSet::new();
    for statement in document.statement {
        if statement.effect != "Allow" {
            return Err(format!("policy effect {}", statement.effect));
        }
        for action in statement.action.to_vec() {
            for resource in statement.resource.to_vec() {
                permissions.insert(Permission::new(&action, &resource, &statement.condition));
            }
        }
    }
    Ok(permissions)
}

/// A diagnostic line of stderr.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// File, without a leading `./`.
    pub file: String,
    /// 1-based line, if it has one.
    pub line: Option<u32>,
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// Code in brackets.
    pub code: String,
}

/// The diagnostics among the lines of stderr, `path:line:column: severity: message [code]; remedy`.
/// Other lines (the summary) are left out.
#[must_use]
pub fn diagnostics(stderr: &str) -> Vec<Diagnostic> {
    stderr.lines().filter_map(diagnostic).collect()
}

fn diagnostic(line: &str) -> Option<Diagnostic> {
    let (place, severity, rest) = ["error", "warning", "note"].into_iter().find_map(|severity| {
        let start = if line.starts_with(&format!("{severity}: ")) {
            0
        } else {
            line.find(&format!(": {severity}: "))? + 2
        };
        Some((line[..start].trim_end_matches(": "), severity, &line[start..]))
    })?;
    // The message may hold brackets of its own; the code is the last group before the remedy.
    let end = rest.find("]; ").unwrap_or(rest.rfind(']')?);
    let code = rest[..end].rsplit_once('[')?.1;
    let mut parts = place.splitn(2, ':');
    let file = parts.next()?.trim_start_matches("./").to_owned();
    let line = parts.next().and_then(|numbers| numbers.split(':').next()?.parse().ok());
    Some(Diagnostic { file, line, severity: severity.to_owned(), code: code.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_taken_apart() {
        let document = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "A", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::b/*",
                "Condition": {"StringEquals": {"k": ["2", "1"]}}
            }]
        });
        let found: Vec<String> = permissions(&document).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "s3:GetObject on arn:aws:s3:::b/* if StringEquals k=1|2",
                "s3:PutObject on arn:aws:s3:::b/* if StringEquals k=1|2"
            ]
        );
    }

    #[test]
    fn unknown_keys_of_a_statement_are_refused() {
        let document = serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}]
        });
        assert!(permissions(&document).is_err());
    }

    #[test]
    fn diagnostics_are_found_among_other_lines() {
        let found = diagnostics(
            "./a/b.py:3:7: warning: bucket [x] not known [unresolved-resource]; give --var\n\
             c.py: error: not UTF-8 [not-utf8]\n\
             error: nothing to read [no-input]; give a path\n\
             3 calls, 2 statements\n",
        );
        let short: Vec<_> = found.iter().map(|d| (d.file.as_str(), d.line, d.code.as_str())).collect();
        assert_eq!(
            short,
            [("a/b.py", Some(3), "unresolved-resource"), ("c.py", None, "not-utf8"), ("", None, "no-input")]
        );
    }
}
