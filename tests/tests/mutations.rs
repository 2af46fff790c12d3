//! The policy follows from what code means, not from how it is written: changing names, order and places
//! without changing the meaning leaves every policy of the corpus as it is.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use perm_infer_tests::binary;
use perm_infer_tests::case::{self, Case, Expectation};
use perm_infer_tests::mutate::{Mutation, mutate, names};
use perm_infer_tests::output::{Permission, permissions};
use tempfile::TempDir;

fn cases(languages: &[&str]) -> Vec<(Case, Expectation)> {
    let all = case::all().expect("the corpus");
    let wanted = all.into_iter().filter(|case| languages.contains(&case.language()));
    let read = wanted.map(|case| {
        let expectation = case.expectation().expect("an expectation");
        (case, expectation)
    });
    // What is an entry point must keep its place.
    read.filter(|(_, expectation)| !expectation.args.iter().any(|arg| arg.starts_with("--entry"))).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Writes the case with every module changed; false when nothing changes.
fn write(case: &Case, mutation: Mutation, target: &Path) -> bool {
    let mut changed = false;
    let texts: Vec<(PathBuf, String)> = files(&case.path)
        .into_iter()
        .filter(|path| !path.ends_with("expect.toml"))
        .filter_map(|path| fs::read_to_string(&path).ok().map(|text| (path, text)))
        .collect();
    for path in files(&case.path) {
        let place = target.join(path.strip_prefix(&case.path).expect("a file of the case"));
        let folder = place.parent().expect("a folder").to_path_buf();
        fs::create_dir_all(&folder).expect("a folder");
        let bytes = fs::read(&path).expect("a file");
        let in_package = path.with_file_name("__init__.py").exists();
        let mutated = match std::str::from_utf8(&bytes) {
            Ok(text) => {
                let is_used =
                    |name: &str| texts.iter().any(|(other, text)| *other != path && names(text, name));
                let mutated = mutate(mutation, &path, text, &is_used);
                mutated.filter(|mutated| !in_package || mutated.modules.is_empty())
            }
            Err(_) => None,
        };
        match mutated {
            Some(mutated) => {
                changed = true;
                fs::write(&place, mutated.source).expect("a file");
                for (name, source) in mutated.modules {
                    fs::write(folder.join(name), source).expect("a module");
                }
            }
            None => fs::write(&place, bytes).expect("a file"),
        }
    }
    changed
}

/// What a policy of the case has to allow.
fn expected(expectation: &Expectation) -> BTreeSet<Permission> {
    let requests = expectation.requests.iter();
    requests.map(|request| Permission::new(&request.action, &request.resource, &request.condition)).collect()
}

/// Checks that every case which the mutation changes, at least `at_least`, keeps its policy.
fn check(languages: &[&str], mutation: Mutation, at_least: usize) {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut changed = 0;
    let mut different = Vec::new();
    for (case, expectation) in cases(languages) {
        let folder = TempDir::new().expect("a folder");
        if !write(&case, mutation, folder.path()) {
            continue;
        }
        changed += 1;
        let mutated = Case { name: case.name.clone(), path: folder.path().to_path_buf() };
        let inferred = binary::infer(scratch, &mutated, &expectation).expect("a policy");
        let (before, after) = (expected(&expectation), permissions(&inferred.policy).expect("permissions"));
        let lost = before.difference(&after).map(|permission| format!("{}: lost {permission}", case.name));
        let gained =
            after.difference(&before).map(|permission| format!("{}: gained {permission}", case.name));
        different.extend(lost.chain(gained));
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(changed >= at_least, "{mutation:?} changes only {changed} cases");
}

/// The languages whose code is changed in the same way.
const PYTHON: &[&str] = &["python"];
const NODE: &[&str] = &["javascript", "typescript"];

#[test]
fn other_names_of_local_variables_change_no_policy() {
    check(PYTHON, Mutation::RenameLocals, 60);
}

#[test]
fn another_order_of_functions_changes_no_policy() {
    check(PYTHON, Mutation::ReverseFunctions, 40);
}

#[test]
fn extracted_function_bodies_change_no_policy() {
    check(PYTHON, Mutation::ExtractBody, 100);
}

#[test]
fn inlined_helpers_change_no_policy() {
    check(PYTHON, Mutation::InlineHelpers, 40);
}

#[test]
fn functions_wrapped_in_classes_change_no_policy() {
    check(PYTHON, Mutation::WrapInClasses, 100);
}

#[test]
fn functions_moved_to_other_modules_change_no_policy() {
    check(PYTHON, Mutation::MoveToModules, 20);
}

#[test]
fn other_names_of_local_variables_change_no_policy_in_node() {
    check(NODE, Mutation::RenameLocals, 90);
}

#[test]
fn another_order_of_functions_changes_no_policy_in_node() {
    check(NODE, Mutation::ReverseFunctions, 30);
}

#[test]
fn extracted_function_bodies_change_no_policy_in_node() {
    check(NODE, Mutation::ExtractBody, 150);
}

#[test]
fn inlined_helpers_change_no_policy_in_node() {
    check(NODE, Mutation::InlineHelpers, 25);
}

#[test]
fn functions_wrapped_in_classes_change_no_policy_in_node() {
    check(NODE, Mutation::WrapInClasses, 150);
}

#[test]
fn functions_moved_to_other_modules_change_no_policy_in_node() {
    check(NODE, Mutation::MoveToModules, 40);
}
