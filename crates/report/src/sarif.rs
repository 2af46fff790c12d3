//! SARIF 2.1.0, the form that code scanning reads: rules, results with places, the way of calls as a
//! code flow, and fingerprints that survive edits elsewhere.
//!
//! Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", sections 3.13 to 3.52;
//! "SARIF support for code scanning".

use std::collections::BTreeMap;
use std::sync::Arc;

use perm_infer_infer::{Diagnostic, Inference, Location, SdkCall, Severity, Step};
use perm_infer_policy::to_pretty_json;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::baseline;
use perm_infer_policy::inert;

/// How much a result matters.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Error,
    Warning,
    Note,
}

/// A kind of result.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) text: String,
}

/// One result.
#[derive(Debug)]
pub(crate) struct ResultEntry {
    pub(crate) rule: String,
    pub(crate) level: Level,
    pub(crate) message: String,
    /// The first one is the place of the result, the others are related.
    pub(crate) locations: Vec<Location>,
    /// The way from an entry point: what happens, and where.
    pub(crate) flow: Vec<(String, Location)>,
    /// What makes it the same result after an edit elsewhere.
    pub(crate) about: String,
}

/// A log with one run.
pub(crate) struct Log {
    rules: Vec<Rule>,
    results: Vec<Value>,
    /// How often each fingerprint is there already.
    seen: BTreeMap<String, usize>,
}

impl Log {
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        Log { rules, results: Vec::new(), seen: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, entry: &ResultEntry) {
        let fingerprint = fingerprint(entry);
        // Results that are alike are told apart by their order in the file.
        let count = self.seen.entry(fingerprint.clone()).or_default();
        *count += 1;
        let mut result = json!({
            "ruleId": entry.rule,
            "level": entry.level,
            "message": { "text": entry.message },
            "partialFingerprints": { "permInfer/v1": format!("{fingerprint}:{count}") },
        });
        let mut places = entry.locations.iter();
        result["locations"] = places.next().map(location).into_iter().collect();
        let related: Vec<Value> = places.map(location).collect();
        if !related.is_empty() {
            result["relatedLocations"] = Value::from(related);
        }
        if !entry.flow.is_empty() {
            let steps: Vec<Value> = entry
                .flow
                .iter()
                .map(|(text, place)| {
                    let mut at = location(place);
                    at["message"] = json!({ "text": text });
                    json!({ "location": at })
                })
                .collect();
            result["codeFlows"] = json!([{ "threadFlows": [{ "locations": steps }] }]);
        }
        self.results.push(result);
    }

    pub(crate) fn to_json(&self) -> String {
        let rules: Vec<Value> = self
            .rules
            .iter()
            .map(|rule| json!({ "id": rule.id, "shortDescription": { "text": rule.text } }))
            .collect();
        let log = json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "perm-infer",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                }},
                "results": self.results,
            }],
        });
        inert::in_json(&to_pretty_json(&log))
    }
}

fn fingerprint(entry: &ResultEntry) -> String {
    let mut hash = Sha256::new();
    let path = entry.locations.first().map_or("", |location| location.path.as_str());
    for part in [entry.rule.as_str(), path, entry.about.as_str()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn location(place: &Location) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&place.path) } });
    if place.line > 0 {
        physical["region"] = json!({ "startLine": place.line });
        if place.column > 0 {
            physical["region"]["startColumn"] = json!(place.column);
        }
    }
    json!({ "physicalLocation": physical })
}

/// A path as a relative URI reference: everything but unreserved characters and slashes is encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What stayed open or was lost in a run, as a SARIF 2.1.0 log with a final newline. A message about a
/// call has the way to the call as its code flow.
#[must_use]
pub fn sarif(inference: &Inference) -> String {
    let mut codes: Vec<&str> = inference.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules = codes.iter().map(|code| Rule { id: (*code).to_owned(), text: code.replace('-', " ") });
    let mut log = Log::new(rules.collect());
    for diagnostic in &inference.diagnostics {
        log.add(&of_diagnostic(diagnostic, &inference.calls));
    }
    log.to_json()
}

/// The way from an entry point to a call.
pub(crate) fn call_flow(call: &SdkCall) -> Vec<(String, Location)> {
    flow(&call.chain)
}

/// A way from an entry point, step by step.
pub(crate) fn flow(chain: &[Arc<Step>]) -> Vec<(String, Location)> {
    chain.iter().map(|step| (format!("in {}", step.function), step.location.clone())).collect()
}

fn of_diagnostic(diagnostic: &Diagnostic, calls: &[SdkCall]) -> ResultEntry {
    let call = calls.iter().find(|call| Some(&call.location) == diagnostic.location.as_ref());
    let level = match diagnostic.severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    };
    let remedy =
        if diagnostic.remedy.is_empty() { String::new() } else { format!("; {}", diagnostic.remedy) };
    ResultEntry {
        rule: diagnostic.code.to_owned(),
        level,
        message: format!("{}{remedy}", diagnostic.message),
        locations: diagnostic.location.iter().cloned().collect(),
        flow: call.map(call_flow).unwrap_or_default(),
        about: baseline::of_diagnostic(diagnostic, calls).about,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::orders;

    #[test]
    fn messages_become_results_with_the_way_to_the_call() {
        let log: Value = serde_json::from_str(&sarif(&orders())).expect("JSON");
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["ruleId"], "likely-call");
        assert_eq!(result["level"], "warning");
        assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 11);
        let flow = &result["codeFlows"][0]["threadFlows"][0]["locations"][0]["location"];
        assert_eq!(flow["message"]["text"], "in save");
    }

    #[test]
    fn paths_are_relative_uris() {
        assert_eq!(uri("src/a b#c/ü.py"), "src/a%20b%23c/%C3%BC.py");
    }
}
