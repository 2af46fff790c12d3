//! The catalogue against AWS's own table of what an operation may authorize (`tests/reference/`). The
//! table is an upper bound, so that what is always or sometimes needed lies within the row; every
//! difference in either direction is listed with its reason, and every listed one is real.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

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

#[test]
fn actions_lie_within_the_rows_of_the_service_authorization_reference() {
    let mut differences = differences();
    let mut unexplained = Vec::new();
    let mut compared = 0;
    for row in lines("authorized-actions.txt") {
        let mut words = row.split(' ');
        let (service, operation) = (words.next().expect("service"), words.next().expect("operation"));
        let allowed: BTreeSet<&str> = words.collect();
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
        .filter(|difference| !difference.used)
        .map(|difference| difference.line.as_str())
        .collect();
    assert!(stale.is_empty(), "no longer true in differences.txt:\n{}", stale.join("\n"));
}
