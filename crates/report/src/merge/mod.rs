//! Joins reports: of the shards of one scan, or of many repositories. The result is a report again, the same whatever
//! the order of the inputs; what two inputs say differently about the same thing is told, and both stay.

mod parts;

use std::collections::{BTreeMap, BTreeSet};

use perm_infer_infer::{Condition, Diagnostic, Location, Pattern, Severity};
use perm_infer_policy::inert::in_json;
use perm_infer_policy::{BuildOptions, Grant, build_with_sources, to_pretty_json};
use serde_json::{Map, Value, json};

use parts::{Call, Function, Report, Requirement, Statement};

/// The version of reports that is read and written.
const VERSION: u64 = 1;

/// One report.
#[derive(Clone, Debug)]
pub struct Shard {
    /// What its paths are put below; empty when they are right as they are.
    pub name: String,
    /// The file, for messages.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The joined report.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The report as JSON with a final newline.
    pub text: String,
    /// What the inputs contradict each other about.
    pub conflicts: Vec<Diagnostic>,
}

/// Joins reports.
///
/// # Errors
/// With each input that is no report of a known version.
pub fn merge(shards: &[Shard]) -> Result<Merged, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut reports = Vec::new();
    for shard in shards {
        match read(shard) {
            Ok(report) => reports.push(report),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    // The order of the inputs decides nothing, and the same report twice is one.
    reports.sort_by_cached_key(|report| serde_json::to_string(report).unwrap_or_default());
    reports.dedup();
    let mut conflicts = conflicts(&reports);
    conflicts.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    conflicts.dedup();
    let whole = joined(&reports);
    Ok(Merged { text: in_json(&to_pretty_json(&whole)), conflicts })
}

fn read(shard: &Shard) -> Result<Report, Diagnostic> {
    let error = |message: String| {
        Diagnostic::new(Severity::Error, "no-report", message)
            .at(Location::file(&shard.path))
            .remedy("pass what `perm-infer --format report` wrote")
    };
    let mut value: Value = serde_json::from_str(&shard.text)
        .map_err(|problem| error(format!("this is no report: {problem}")))?;
    match value.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(other) => {
            return Err(error(format!("the report is of version {other}, and only {VERSION} is known")));
        }
        None => return Err(error("this is no report: it has no version".to_owned())),
    }
    if !shard.name.is_empty() {
        put_below(&mut value, &shard.name);
    }
    let report: Report =
        serde_json::from_value(value).map_err(|problem| error(format!("this is no report: {problem}")))?;
    match report.is_consistent() {
        true => Ok(report),
        false => Err(error("the report refers to calls or permissions that it does not have".to_owned())),
    }
}

/// Puts the paths of all places below a name.
fn put_below(value: &mut Value, name: &str) {
    match value {
        Value::Object(entries) => {
            let is_place = entries.contains_key("line") && entries.contains_key("column");
            if let (true, Some(Value::String(path))) = (is_place, entries.get_mut("path")) {
                *path = format!("{name}/{}", path.trim_start_matches("./"));
                return;
            }
            entries.values_mut().for_each(|value| put_below(value, name));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put_below(item, name)),
        _ => {}
    }
}

/// What is different about the same thing: a call at the same place, a function of the same name in the same file.
fn conflicts(reports: &[Report]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut calls: BTreeMap<Location, &Call> = BTreeMap::new();
    let mut functions: BTreeMap<(&str, &str), &Function> = BTreeMap::new();
    for report in reports {
        for call in &report.calls {
            let place = call.location.place();
            let known = *calls.entry(place.clone()).or_insert(call);
            if known.source != call.source {
                let message = format!(
                    "two reports have another line here: `{}` and `{}`",
                    known.source.trim(),
                    call.source.trim()
                );
                found.push(conflict(place, message));
            }
        }
        for function in &report.functions {
            let key = (function.location.path.as_str(), function.name.as_str());
            let known = *functions.entry(key).or_insert(function);
            if known != function {
                let message = format!("two reports say different things about {}", function.name);
                found.push(conflict(function.location.place(), message));
            }
        }
    }
    found
}

fn conflict(place: Location, message: String) -> Diagnostic {
    Diagnostic::new(Severity::Warning, "merge-conflict", message)
        .at(place)
        .remedy("both are in the result; scan the same state, or put each under a name with NAME=FILE")
}

fn joined(reports: &[Report]) -> Value {
    let calls = calls(reports);
    let requirements = requirements(reports, &calls);
    let grants: Vec<Grant> = requirements.iter().map(Requirement::grant).collect();
    let built = build_with_sources(&grants, &BuildOptions::default());
    let sids = built.document.statement.iter().map(|statement| statement.sid.clone());
    let statements: Vec<Statement> =
        sids.zip(built.grants).map(|(sid, requirements)| Statement { sid, requirements }).collect();
    let calls = with_requirements(calls, &requirements);
    let mut diagnostics: Vec<Value> =
        reports.iter().flat_map(|report| &report.diagnostics).cloned().collect();
    diagnostics.sort_by_cached_key(parts::diagnostic_key);
    diagnostics.dedup();
    let mut functions: Vec<&Function> = reports.iter().flat_map(|report| &report.functions).collect();
    functions.sort_by_cached_key(|function| (function.location.place(), function.name.clone()));
    functions.dedup();
    let actions: BTreeSet<&str> =
        requirements.iter().map(|requirement| requirement.action.as_str()).collect();
    let files = summed(reports.iter().map(|report| &report.files));
    let mut summary = summed(reports.iter().map(|report| &report.summary));
    let count = |is: &dyn Fn(&Value) -> bool| diagnostics.iter().filter(|diagnostic| is(diagnostic)).count();
    for (name, figure) in [
        ("calls", calls.len()),
        ("actions", actions.len()),
        ("statements", statements.len()),
        ("unresolved", count(&|diagnostic| diagnostic["unresolved"] == true)),
        ("notes", count(&|diagnostic| diagnostic["severity"] == "note")),
    ] {
        summary.insert(name.to_owned(), json!(figure));
    }
    let mut whole = json!({
        "version": VERSION,
        "tool": {"name": "perm-infer", "version": env!("CARGO_PKG_VERSION")},
        "summary": summary,
        "files": files,
        "document": built.document,
        "statements": statements,
        "requirements": requirements,
        "calls": calls,
        "diagnostics": diagnostics,
    });
    if !functions.is_empty() {
        whole["functions"] = json!(functions);
    }
    whole
}

/// Figures added up by name, in the order in which they first come.
fn summed<'m>(maps: impl Iterator<Item = &'m Map<String, Value>>) -> Map<String, Value> {
    let mut whole = Map::new();
    for map in maps {
        for (name, figure) in map {
            let known = whole.get(name).and_then(Value::as_u64).unwrap_or_default();
            whole.insert(name.clone(), json!(known.saturating_add(figure.as_u64().unwrap_or_default())));
        }
    }
    whole
}

/// All calls by place, each once. What a call needs is left out: positions are those of its report.
fn calls(reports: &[Report]) -> Vec<Call> {
    let mut all: Vec<Call> =
        reports.iter().flat_map(|report| &report.calls).map(Call::without_positions).collect();
    all.sort_by_cached_key(Call::sort_key);
    all.dedup();
    all
}

/// The requirements of all reports by action, then resource, with what is behind each.
fn requirements(reports: &[Report], calls: &[Call]) -> Vec<Requirement> {
    let positions: BTreeMap<_, usize> =
        calls.iter().enumerate().map(|(position, call)| (call.sort_key(), position)).collect();
    let mut whole: BTreeMap<(String, Pattern, Condition), Requirement> = BTreeMap::new();
    for report in reports {
        let renumbered: Vec<Option<usize>> = report
            .calls
            .iter()
            .map(|call| positions.get(&call.without_positions().sort_key()).copied())
            .collect();
        for requirement in &report.requirements {
            let own = requirement.renumbered(&renumbered);
            let key = (own.action.clone(), own.pattern(), own.conditions.clone());
            match whole.get_mut(&key) {
                Some(known) => known.absorb(own),
                None => {
                    whole.insert(key, own);
                }
            }
        }
    }
    whole.into_values().collect()
}

/// The calls with the positions of what they need.
fn with_requirements(mut calls: Vec<Call>, requirements: &[Requirement]) -> Vec<Call> {
    for (position, requirement) in requirements.iter().enumerate() {
        for needed in &requirement.calls {
            if let Some(call) = calls.get_mut(needed.call) {
                call.add_requirement(position);
            }
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::report;
    use crate::test_support::{orders, with_functions};

    fn shard(name: &str, text: &str) -> Shard {
        Shard { name: name.to_owned(), path: "a.json".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn one_report_is_itself_and_twice_the_same_is_one() {
        for inference in [orders(), with_functions(&["A", "B"])] {
            let text = report(&inference);
            assert_eq!(merge(&[shard("", &text)]).expect("a report").text, text);
            let twice = merge(&[shard("", &text), shard("", &text)]).expect("reports");
            assert_eq!((twice.text, twice.conflicts.len()), (text, 0));
        }
    }

    #[test]
    fn the_order_decides_nothing_and_names_keep_paths_apart() {
        let (one, other) = (report(&orders()), report(&with_functions(&["A"])));
        let there = merge(&[shard("x", &one), shard("y", &other)]).expect("reports");
        let back = merge(&[shard("y", &other), shard("x", &one)]).expect("reports");
        assert_eq!(there.text, back.text);
        let whole: Value = serde_json::from_str(&there.text).expect("JSON");
        assert_eq!(whole["calls"].as_array().map(Vec::len), Some(2 * orders().calls.len()));
        assert_eq!(whole["document"], serde_json::to_value(&orders().document).expect("value"));
        assert!(whole["calls"][0]["location"]["path"].as_str().is_some_and(|path| path.starts_with("x/")));
        let needed = whole["requirements"][0]["calls"].as_array().map(Vec::len);
        assert_eq!(needed, Some(2 * orders().requirements[0].calls.len()));
    }

    #[test]
    fn another_line_at_the_same_place_is_told() {
        let text = report(&orders());
        let changed = text.replacen("\"source\": \"", "\"source\": \"x = ", 1);
        let merged = merge(&[shard("", &text), shard("", &changed)]).expect("reports");
        assert_eq!(merged.conflicts.len(), 1, "{:?}", merged.conflicts);
        assert_eq!(merged.conflicts[0].code, "merge-conflict");
    }

    #[test]
    fn what_is_no_report_is_refused() {
        let text = report(&orders());
        for (wrong, expected) in [
            ("{", "no report"),
            ("{}", "no version"),
            ("{\"version\": 2}", "version 2"),
            ("{\"version\": 1}", "missing field"),
            (&text.replacen("\"call\": 0", "\"call\": 99", 1), "refers to calls"),
        ] {
            let errors = merge(&[shard("", wrong)]).expect_err("no report");
            assert!(errors[0].message.contains(expected), "{expected}: {errors:?}");
        }
    }
}
