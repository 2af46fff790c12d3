//! The catalogue against AWS's own table of what an operation may authorize (`tests/reference/`). The
//! table is an upper bound, so that what is always or sometimes needed lies within the row; every
//! difference in either direction is listed with its reason, and every listed one is real.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

#[path = "../format/mod.rs"]
mod format;

use format::{Service, Verdict, WithValue};
use perm_infer_catalog::Catalog;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

struct Difference {
    line: String,
    given: bool,
    words: [String; 3],
    used: bool,
}

fn lines(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
    let text = fs::read_to_string(path).expect("a readable file");
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

/// `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|start| rest.get(start..).is_some_and(|rest| fits(after, rest)))
        }),
    }
}

fn differences() -> Vec<Difference> {
    lines("differences.txt")
        .into_iter()
        .map(|line| {
            let (facts, reason) =
                line.split_once(" -- ").unwrap_or_else(|| panic!("a reason is missing: {line}"));
            assert!(!reason.is_empty(), "{line}");
            let words: Vec<&str> = facts.split(' ').collect();
            let [sign, service, operation, action] = words.as_slice() else { panic!("four words: {line}") };
            let words = [service, operation, action].map(|word| (*word).to_owned());
            Difference { given: *sign == "+", words, used: false, line: line.clone() }
        })
        .collect()
}

/// The services that rules of an operation pass roles to.
fn principals(service: &str, operation: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("data/sdk/{service}.txt"));
    let Ok(text) = fs::read_to_string(path) else { return BTreeSet::new() };
    let service = Service::parse(&text).expect("a service");
    let known = service.operations.iter().find(|known| known.name == operation);
    let Some(Verdict::Rules(rules)) = known.map(|known| &known.verdict) else { return BTreeSet::new() };
    let with = rules.iter().filter(|rule| rule.action == "iam:PassRole").flat_map(|rule| &rule.with);
    with.flat_map(|with| &with.values)
        .filter_map(|value| match value {
            WithValue::Literal(principal) => Some(principal.clone()),
            WithValue::Path(_) => None,
        })
        .collect()
}

#[test]
fn roles_are_passed_to_the_services_of_the_service_authorization_reference() {
    let (mut wrong, mut compared, mut explained) = (Vec::new(), 0, BTreeSet::new());
    let differences = differences();
    for row in lines("authorized-actions.txt") {
        let mut words = row.split(' ');
        let (service, operation) = (words.next().expect("service"), words.next().expect("operation"));
        let Some(allowed) = words.find_map(|word| word.strip_prefix("iam:PassRole=")) else { continue };
        let allowed: BTreeSet<&str> = allowed.split('|').collect();
        compared += 1;
        for principal in principals(service, operation) {
            if allowed.contains(principal.as_str()) {
                continue;
            }
            let words = [service, operation, &format!("iam:PassRole={principal}")];
            if let Some(difference) = differences.iter().find(|difference| difference.words == words) {
                explained.insert(&difference.line);
            } else {
                wrong.push(format!("{service} {operation}: {principal}, not {allowed:?}"));
            }
        }
    }
    assert!(compared > 100, "the roles are all compared: {compared}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let stale = differences.iter().filter(|difference| difference.words[2].contains('='));
    let stale: Vec<_> = stale.filter(|difference| !explained.contains(&difference.line)).collect();
    assert!(stale.is_empty(), "no longer true: {:?}", stale.first().map(|difference| &difference.line));
}

#[test]
fn actions_lie_within_the_rows_of_the_service_authorization_reference() {
    let mut differences = differences();
    let mut unexplained = Vec::new();
    let mut compared = 0;
    for row in lines("authorized-actions.txt") {
        let mut words = row.split(' ');
        let (service, operation) = (words.next().expect("service"), words.next().expect("operation"));
        let allowed: BTreeSet<&str> = words.map(|word| word.split('=').next().unwrap_or(word)).collect();
        let Some(known) =
            Catalog::embedded().service(service).and_then(|service| service.operation(operation))
        else {
            // An operation of an API version that the SDK no longer has.
            continue;
        };
        compared += 1;
        let given: BTreeSet<&str> = known.possible_actions().into_iter().collect();
        let beyond = given.difference(&allowed).map(|action| (true, *action));
        let missing = allowed.difference(&given).map(|action| (false, *action));
        for (given, action) in beyond.chain(missing) {
            let mut explained = false;
            for difference in &mut differences {
                let [on, by, what] = &difference.words;
                if difference.given == given && fits(on, service) && fits(by, operation) && fits(what, action)
                {
                    difference.used = true;
                    explained = true;
                }
            }
            if !explained {
                unexplained.push(format!("{} {service} {operation} {action}", if given { '+' } else { '-' }));
            }
        }
    }
    assert!(compared > 1_990, "the rows are all compared: {compared}");
    assert!(unexplained.is_empty(), "without a reason in differences.txt:\n{}", unexplained.join("\n"));
    let stale: Vec<&str> = differences
        .iter()
        .filter(|difference| !difference.used && !difference.words[2].contains('='))
        .map(|difference| difference.line.as_str())
        .collect();
    assert!(stale.is_empty(), "no longer true in differences.txt:\n{}", stale.join("\n"));
}
