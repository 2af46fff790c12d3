//! Compares what was inferred for a case with its expectation and tells the difference.

use std::collections::BTreeSet;

use globset::Glob;
use serde_json::Value;

use crate::case::{Expectation, ExpectedDiagnostic, Request};
use crate::output::{Diagnostic, Permission, permissions};

/// All differences between expectation and output, as lines for the reader; none when they agree.
///
/// # Errors
/// When the policy or a glob of the expectation cannot be read.
pub fn differences(
    expectation: &Expectation,
    policy: &Value,
    reported: &[Diagnostic],
) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    if expectation.functions.is_empty() {
        let found = permissions(policy)?;
        lines.extend(policy_differences(&expectation.requests, &found));
        lines.extend(forbidden_actions(&expectation.forbidden, &found)?);
    } else {
        lines.extend(function_differences(expectation, policy)?);
    }
    lines.extend(diagnostic_differences(&expectation.diagnostics, reported));
    Ok(lines)
}

/// The differences of each function, with its name before them.
fn function_differences(expectation: &Expectation, policies: &Value) -> Result<Vec<String>, String> {
    let policies = policies.as_object().ok_or("no object with the policy of each function")?;
    let expected: BTreeSet<&String> = expectation.functions.keys().collect();
    let found: BTreeSet<&String> = policies.keys().collect();
    let mut lines: Vec<String> = Vec::new();
    lines.extend(expected.difference(&found).map(|name| format!("missing:    function {name}")));
    lines.extend(found.difference(&expected).map(|name| format!("unexpected: function {name}")));
    for (name, function) in &expectation.functions {
        let Some(policy) = policies.get(name) else { continue };
        let allowed = permissions(policy)?;
        let mut own = policy_differences(&function.all()?, &allowed);
        own.extend(forbidden_actions(&function.forbidden, &allowed)?);
        lines.extend(own.into_iter().map(|line| format!("{name}: {line}")));
    }
    Ok(lines)
}

fn policy_differences(requests: &[Request], found: &BTreeSet<Permission>) -> Vec<String> {
    let expected: BTreeSet<Permission> = requests
        .iter()
        .map(|request| Permission::new(&request.action, &request.resource, &request.condition))
        .collect();
    let missing = expected.difference(found).map(|permission| format!("missing:    {permission}"));
    let unexpected = found.difference(&expected).map(|permission| format!("unexpected: {permission}"));
    missing.chain(unexpected).collect()
}

fn forbidden_actions(forbidden: &[String], found: &BTreeSet<Permission>) -> Result<Vec<String>, String> {
    let mut lines = Vec::new();
    for pattern in forbidden {
        let glob = Glob::new(pattern).map_err(|error| error.to_string())?.compile_matcher();
        let matching: BTreeSet<&str> = found
            .iter()
            .map(|permission| permission.action.as_str())
            .filter(|action| glob.is_match(action))
            .collect();
        lines.extend(matching.iter().map(|action| format!("forbidden:  {action} (matches {pattern})")));
    }
    Ok(lines)
}

/// Every expected diagnostic has to be there; beyond them only notes may.
fn diagnostic_differences(expected: &[ExpectedDiagnostic], reported: &[Diagnostic]) -> Vec<String> {
    let place = |file: &str, line: Option<u32>| match line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    };
    let matches = |expected: &ExpectedDiagnostic, reported: &Diagnostic| {
        (expected.code.as_str(), expected.file.as_str()) == (reported.code.as_str(), reported.file.as_str())
            && expected.line.is_none_or(|line| reported.line == Some(line))
    };
    let missing = expected
        .iter()
        .filter(|diagnostic| !reported.iter().any(|other| matches(diagnostic, other)))
        .map(|missing| format!("missing:    [{}] at {}", missing.code, place(&missing.file, missing.line)));
    let unexpected = reported
        .iter()
        .filter(|other| other.severity != "note")
        .filter(|other| !expected.iter().any(|diagnostic| matches(diagnostic, other)))
        .map(|other| format!("unexpected: [{}] at {}", other.code, place(&other.file, other.line)));
    missing.chain(unexpected).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expectation() -> Expectation {
        toml::from_str(
            r#"
            title = "t"
            forbidden = ["s3:Get*"]
            [[request]]
            action = "s3:PutObject"
            resource = "arn:aws:s3:::b/k"
            [[diagnostic]]
            code = "likely-call"
            file = "a.py"
            line = 1
            "#,
        )
        .unwrap()
    }

    fn policy(action: &str) -> Value {
        serde_json::json!({
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": action, "Resource": "arn:aws:s3:::b/k"}]
        })
    }

    fn likely(line: u32, severity: &str) -> Diagnostic {
        Diagnostic {
            file: "a.py".into(),
            line: Some(line),
            severity: severity.into(),
            code: "likely-call".into(),
        }
    }

    #[test]
    fn agreement_gives_no_line() {
        let reported = [likely(1, "warning"), likely(2, "note")];
        assert!(differences(&expectation(), &policy("s3:PutObject"), &reported).unwrap().is_empty());
    }

    #[test]
    fn every_kind_of_difference_is_told() {
        let lines = differences(&expectation(), &policy("s3:GetObject"), &[likely(2, "warning")]).unwrap();
        assert_eq!(
            lines,
            [
                "missing:    s3:PutObject on arn:aws:s3:::b/k",
                "unexpected: s3:GetObject on arn:aws:s3:::b/k",
                "forbidden:  s3:GetObject (matches s3:Get*)",
                "missing:    [likely-call] at a.py:1",
                "unexpected: [likely-call] at a.py:2",
            ]
        );
    }
}
