//! The committed data are consistent: generated files and overrides belong together (their hashes are
//! recorded by the builder), and everything that a rule names exists.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

#[path = "../format/mod.rs"]
mod format;

use format::{IamService, Operation, Rule, Service, TargetKind, Verdict};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn texts(folder: &str) -> BTreeMap<String, String> {
    fs::read_dir(data().join(folder))
        .expect("a folder of the data")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a file").to_string_lossy().into_owned();
            (format!("{folder}/{name}"), fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

fn services() -> Vec<Service> {
    texts("sdk")
        .iter()
        .map(|(name, text)| Service::parse(text).unwrap_or_else(|error| panic!("{name}: {error}")))
        .collect()
}

fn iam() -> BTreeMap<String, IamService> {
    let parsed = texts("iam");
    let parsed = parsed
        .iter()
        .map(|(name, text)| IamService::parse(text).unwrap_or_else(|error| panic!("{name}: {error}")));
    parsed.map(|service| (service.prefix.clone(), service)).collect()
}

fn rules(operation: &Operation) -> &[Rule] {
    match &operation.verdict {
        Verdict::Rules(rules) => rules,
        Verdict::NoPermission | Verdict::Unknown => &[],
    }
}

#[test]
fn generated_files_belong_to_these_overrides() {
    let recorded = fs::read_to_string(data().join("HASHES")).expect("HASHES");
    let recorded: BTreeMap<&str, &str> =
        recorded.lines().filter_map(|line| line.split_once(' ')).map(|(hash, path)| (path, hash)).collect();
    let mut found: BTreeMap<String, String> =
        ["sdk", "iam", "resources", "policies", "conditions", "overrides"]
            .iter()
            .flat_map(|folder| texts(folder))
            .collect();
    found.insert("SOURCES.md".to_owned(), fs::read_to_string(data().join("SOURCES.md")).expect("SOURCES.md"));
    let names: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    let expected: BTreeSet<&str> = recorded.keys().copied().collect();
    assert_eq!(names, expected, "run the catalogue builder");
    for (path, text) in &found {
        let mut hash = String::new();
        for byte in Sha256::digest(text.as_bytes()) {
            write!(hash, "{byte:02x}").expect("a String");
        }
        assert_eq!(
            recorded[path.as_str()],
            hash,
            "{path} was changed without the catalogue builder; see docs/catalog.md"
        );
    }
}

#[test]
fn what_is_printed_parses_to_the_same() {
    for (name, text) in texts("sdk") {
        let parsed = Service::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.ends_with(&parsed.to_string()), "{name}");
    }
    for (name, text) in texts("iam") {
        let parsed = IamService::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.ends_with(&parsed.to_string()), "{name}");
    }
    for (name, text) in texts("resources") {
        let parsed = format::Resources::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.ends_with(&parsed.to_string()), "{name}");
    }
}

#[test]
fn every_action_and_resource_type_of_a_rule_exists() {
    let iam = iam();
    for service in services() {
        for operation in &service.operations {
            for rule in rules(operation) {
                let (prefix, name) = rule.action.split_once(':').expect("prefix:Name");
                let known = &iam[prefix];
                assert!(
                    known.actions.iter().any(|action| action.name == name),
                    "{} {}",
                    service.name,
                    rule.action
                );
                for target in &rule.targets {
                    if let TargetKind::Type(kind) = &target.kind {
                        assert!(
                            known.types.iter().any(|known| known.name == *kind),
                            "{} {kind}",
                            rule.action
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn every_member_of_a_rule_exists() {
    for service in services() {
        for operation in &service.operations {
            for path in rules(operation).iter().flat_map(Rule::paths) {
                let first = path.split(['.', '[', '{']).next().unwrap_or_default();
                let known = operation.members.iter().any(|member| member.name == first);
                assert!(known, "{} {} has no member {path}", service.name, operation.name);
            }
        }
    }
}

#[test]
fn every_arn_template_has_six_fields_and_closed_variables() {
    let iam = iam();
    let written = services();
    let written =
        written.iter().flat_map(|service| &service.operations).flat_map(rules).flat_map(|rule| &rule.targets);
    let written = written.filter_map(|target| match &target.kind {
        TargetKind::Template(template) => Some(template),
        TargetKind::Type(_) => None,
    });
    let typed = iam.values().flat_map(|service| &service.types).flat_map(|kind| &kind.templates);
    for template in written.chain(typed) {
        assert!(template.starts_with("arn:"), "{template}");
        assert!(template.splitn(6, ':').count() == 6, "{template}");
        assert_eq!(template.matches("${").count(), template.matches('}').count(), "{template}");
    }
}

#[test]
fn every_hand_written_verdict_and_every_no_permission_has_a_reason() {
    for service in services() {
        for operation in &service.operations {
            if operation.verdict == Verdict::NoPermission {
                assert!(operation.reason.is_some(), "{} {}", service.name, operation.name);
            }
        }
    }
}
