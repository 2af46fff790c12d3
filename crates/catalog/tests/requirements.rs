//! Hand-written cases: one call, and exactly the permissions it needs by AWS's rules. Each file under
//! `tests/cases/` holds blocks of a call (`service Operation {JSON}`) and its permissions, one indented
//! line each (`action resource [operator key=value|value]...`), or `none` or `unknown`.
//!
//! In a text, `{}` is a part that is not known; the text `{?}` is a parameter of which nothing is known.
//! The key `...` opens a structure: it may have other members. A key that ends in `?` is there on some
//! paths only. A call that starts with `kms=KEY` works on resources that are encrypted with this key. The call is made in eu-west-1 by account 123456789012.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

#[path = "most_used/mod.rs"]
mod most_used;

use most_used::MOST_USED;
use perm_infer_catalog::{
    ArnContext, Catalog, Param, ParamMap, Presence, Requirement, TraceId, TracedPattern, Verdict,
};
use perm_infer_policy::{Part, Pattern};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

fn traced(text: &str) -> TracedPattern {
    let mut pattern = Pattern::default();
    for (position, piece) in text.split("{}").enumerate() {
        if position > 0 {
            pattern.push(Part::Any);
        }
        pattern.push_literal(piece);
    }
    TracedPattern { pattern, trace: TraceId(1) }
}

fn param(value: &Value) -> Param {
    match value {
        Value::Null => Param::Null,
        Value::Bool(value) => Param::Bool(*value),
        Value::Number(_) => Param::Unknown,
        Value::String(text) if text == "{?}" => Param::Unknown,
        Value::String(text) => Param::Text(vec![traced(text)]),
        Value::Array(values) if values.first() == Some(&Value::String("any of".to_owned())) => {
            Param::Text(values[1..].iter().map(|value| traced(value.as_str().expect("a text"))).collect())
        }
        Value::Array(values) => Param::List(values.iter().map(param).collect()),
        Value::Object(_) => Param::Map(map(value)),
    }
}

fn map(value: &Value) -> ParamMap {
    let mut map = ParamMap::default();
    for (key, value) in value.as_object().expect("an object") {
        match (key.as_str(), key.strip_suffix('?')) {
            ("...", _) => map.open = true,
            (_, Some(key)) => map.entries.push((traced(key), Presence::Maybe, param(value))),
            (key, None) => map.entries.push((traced(key), Presence::Always, param(value))),
        }
    }
    map
}

fn needed(service: &str, operation: &str, params: &ParamMap, key: Option<&str>) -> BTreeSet<String> {
    let context = ArnContext {
        partition: Pattern::literal("aws"),
        region: Pattern::literal("eu-west-1"),
        account: Pattern::literal("123456789012"),
    };
    let found = Catalog::embedded().service(service).and_then(|service| service.operation(operation));
    let found = found.unwrap_or_else(|| panic!("no operation {service} {operation}"));
    match found.requirements(params, &context) {
        Verdict::Unknown => BTreeSet::from(["unknown".to_owned()]),
        Verdict::NoPermission { .. } => BTreeSet::from(["none".to_owned()]),
        Verdict::Requirements(mut list) => {
            let key_of = |_: &Requirement| key.map(Pattern::literal);
            list.extend(found.read_needs().key_requirements(params, &context, &list, &key_of));
            list.iter().map(shown).collect()
        }
    }
}

fn shown(requirement: &Requirement) -> String {
    let mut line = format!("{} {}", requirement.action, requirement.resource.to_policy_string());
    for condition in &requirement.conditions {
        let values: Vec<String> = condition.values.iter().map(Pattern::to_policy_string).collect();
        write!(line, " {} {}={}", condition.operator, condition.key, values.join("|")).expect("a String");
    }
    line
}

fn check(file: &Path, failures: &mut Vec<String>, services: &mut Vec<String>) -> usize {
    let text = std::fs::read_to_string(file).expect("a readable file");
    let mut count = 0;
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
        .peekable();
    while let Some((number, call)) = lines.next() {
        let (key, plain) = match call.strip_prefix("kms=").and_then(|rest| rest.split_once(' ')) {
            Some((key, plain)) => (Some(key), plain),
            None => (None, call),
        };
        let (service, rest) = plain.split_once(' ').expect("service, operation, parameters");
        let (operation, json) = rest.split_once(' ').unwrap_or((rest, "{}"));
        let json: Value =
            serde_json::from_str(json).unwrap_or_else(|error| panic!("line {}: {error}", number + 1));
        let mut expected = BTreeSet::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with(' ')) {
            expected.insert(line.trim().to_owned());
        }
        services.push(service.to_owned());
        let found = needed(service, operation, &map(&json), key);
        if found != expected {
            failures.push(format!(
                "{}:{}: {call}\n  expected {expected:#?}\n  found {found:#?}",
                file.display(),
                number + 1
            ));
        }
        count += 1;
    }
    count
}

#[test]
fn calls_need_exactly_what_aws_documents() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut failures = Vec::new();
    let (mut count, mut services) = (0, Vec::new());
    for entry in std::fs::read_dir(directory).expect("a directory") {
        count += check(&entry.expect("an entry").path(), &mut failures, &mut services);
    }
    assert!(failures.is_empty(), "{} of {count} cases differ:\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 340, "the cases are all read: {count}");
    for name in MOST_USED {
        let cases = services.iter().filter(|service| *service == name).count();
        assert!(cases >= 3, "{name} has {cases} cases; write at least three");
    }
}
