//! What the catalogue covers, as the tables in `docs/catalog.md`: they are computed from the data and
//! compared. `UPDATE_COVERAGE=1` writes them anew.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

#[path = "../format/mod.rs"]
mod format;
#[path = "most_used/mod.rs"]
mod most_used;

use format::{IamService, Operation, Rule, Service, Source, TargetKind, Verdict};
use most_used::MOST_USED;
use perm_infer_catalog::Catalog;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// First words of operations that make a resource whose id AWS chooses.
const MAKING: [&str; 8] =
    ["Create", "Register", "Import", "Publish", "Request", "Allocate", "Copy", "Purchase"];

fn crate_file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn texts(folder: &str) -> Vec<String> {
    let mut paths: Vec<PathBuf> = fs::read_dir(crate_file(folder))
        .expect(folder)
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).expect("text")).collect()
}

/// Operations of which the overrides say that no member names the resource.
fn unnamed() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for text in texts("data/overrides") {
        let mut service = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("service ") {
                name.clone_into(&mut service);
            } else if let Some(rest) = line.strip_prefix("unnamed ") {
                let operations = rest.split(" -- ").next().unwrap_or_default();
                found.extend(operations.split(' ').map(|name| (service.clone(), name.to_owned())));
            }
        }
    }
    found
}

#[derive(Default, Clone, Copy)]
struct Counts {
    operations: usize,
    mapped: usize,
    presumed: usize,
    none: usize,
    unknown: usize,
    /// Operations of which an action has a required resource type ...
    required: usize,
    /// ... and a member names it, or there is only one such resource;
    bound: usize,
    /// ... and the call makes it, so that it has no id yet;
    made: usize,
    /// ... and an override says why no member names it;
    unnamed: usize,
    /// ... and none of these.
    open: usize,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.operations += other.operations;
        self.mapped += other.mapped;
        self.presumed += other.presumed;
        self.none += other.none;
        self.unknown += other.unknown;
        self.required += other.required;
        self.bound += other.bound;
        self.made += other.made;
        self.unnamed += other.unnamed;
        self.open += other.open;
    }
}

struct Data {
    services: Vec<Service>,
    iam: BTreeMap<String, IamService>,
    unnamed: BTreeSet<(String, String)>,
}

impl Data {
    fn read() -> Data {
        let services =
            texts("data/sdk").iter().map(|text| Service::parse(text).expect("a service")).collect();
        let iam = texts("data/iam")
            .iter()
            .map(|text| IamService::parse(text).expect("an IAM service"))
            .collect::<Vec<_>>();
        let iam = iam.into_iter().map(|service| (service.prefix.clone(), service)).collect();
        Data { services, iam, unnamed: unnamed() }
    }

    fn counts(&self, service: &Service) -> Counts {
        let mut counts = Counts::default();
        for operation in &service.operations {
            counts.operations += 1;
            match &operation.verdict {
                Verdict::NoPermission => counts.none += 1,
                Verdict::Unknown => counts.unknown += 1,
                Verdict::Rules(rules) => {
                    counts.mapped += 1;
                    let presumed =
                        operation.reason.as_deref().is_some_and(|reason| reason.starts_with("presumed: "));
                    counts.presumed += usize::from(presumed);
                    self.count_resources(service, operation, rules, &mut counts);
                }
            }
        }
        counts
    }

    fn count_resources(&self, service: &Service, operation: &Operation, rules: &[Rule], counts: &mut Counts) {
        // What depends on a parameter is not what names the call's own resource, unless everything does.
        let always = rules.iter().any(|rule| rule.conditions.is_empty() && rule.scope.is_none());
        let own = |rule: &&Rule| rule.action != "iam:PassRole" && (!always || rule.conditions.is_empty());
        let own: Vec<&Rule> = rules.iter().filter(own).collect();
        if !own.iter().any(|rule| self.has_required_type(rule)) {
            return;
        }
        counts.required += 1;
        let key = (service.name.clone(), operation.name.clone());
        if own.iter().any(|rule| self.names_a_resource(rule)) {
            counts.bound += 1;
        } else if MAKING.iter().any(|verb| operation.name.starts_with(verb)) {
            counts.made += 1;
        } else if self.unnamed.contains(&key) {
            counts.unnamed += 1;
        } else {
            counts.open += 1;
        }
    }

    fn has_required_type(&self, rule: &Rule) -> bool {
        let (prefix, name) = rule.action.split_once(':').expect("prefix:Name");
        let action =
            self.iam[prefix].actions.iter().find(|action| action.name == name).expect("a known action");
        action.types.iter().any(|(_, required)| *required)
    }

    fn names_a_resource(&self, rule: &Rule) -> bool {
        rule.targets.iter().any(|target| {
            let sources = target.bindings.iter().flat_map(|binding| &binding.sources);
            let by_member = sources.into_iter().any(|source| matches!(source, Source::Path(_)));
            by_member || self.is_single(rule, &target.kind)
        })
    }

    fn template<'a>(&'a self, rule: &Rule, kind: &'a TargetKind) -> &'a str {
        match kind {
            TargetKind::Template(template) => template,
            TargetKind::Type(name) => {
                let prefix = rule.action.split(':').next().unwrap_or_default();
                let known = self.iam[prefix].types.iter().find(|kind| kind.name == *name);
                known.and_then(|kind| kind.templates.first()).map_or("", String::as_str)
            }
        }
    }

    /// Whether there is only one such resource in an account: its ARN has no variable of its own.
    fn is_single(&self, rule: &Rule, kind: &TargetKind) -> bool {
        let variables =
            self.template(rule, kind).split("${").skip(1).filter_map(|rest| rest.split('}').next());
        variables.into_iter().all(|variable| ["Partition", "Region", "Account"].contains(&variable))
    }
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.2} %", 100.0 * part as f64 / whole.max(1) as f64)
}

fn row(out: &mut String, name: &str, counts: Counts) {
    let Counts { operations, mapped, presumed, none, unknown, required, bound, made, unnamed, open } = counts;
    writeln!(
        out,
        "| {name} | {operations} | {mapped} | {presumed} | {none} | {unknown} | {required} | {bound} | {made} | {unnamed} | {open} |"
    )
    .expect("a String");
}

fn coverage(data: &Data) -> String {
    let mut out = String::new();
    out.push_str("| service | operations | mapped | of these presumed | no permission | unknown | with a required resource | named by a member | made by the call | not named | open |\n");
    out.push_str("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n");
    let mut all = Counts::default();
    for service in &data.services {
        all.add(data.counts(service));
    }
    row(&mut out, "**all**", all);
    for name in MOST_USED {
        let service = data.services.iter().find(|service| service.name == name).expect(name);
        row(&mut out, name, data.counts(service));
    }
    writeln!(out, "\nUnknown: {}. Named by a member, of those with a required resource that have an id before the call: {}.\n",
        percent(all.unknown, all.operations), percent(all.bound, all.required - all.made)).expect("a String");
    for service in &data.services {
        let unknown: Vec<&str> = service
            .operations
            .iter()
            .filter(|operation| operation.verdict == Verdict::Unknown)
            .map(|operation| operation.name.as_str())
            .collect();
        if !unknown.is_empty() {
            writeln!(out, "- `{}`: {}", service.name, unknown.join(", ")).expect("a String");
        }
    }
    out
}

/// How the actions of each operation compare to AWS's table of what it may authorize.
fn reference() -> String {
    let text = fs::read_to_string(crate_file("tests/reference/authorized-actions.txt")).expect("the table");
    let mut by_service: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let mut words = line.split(' ');
        let (service, operation) = (words.next().expect("service"), words.next().expect("operation"));
        let row: BTreeSet<&str> = words.map(|word| word.split('=').next().unwrap_or(word)).collect();
        let known = Catalog::embedded().service(service).and_then(|service| service.operation(operation));
        let Some(known) = known else { continue };
        let given: BTreeSet<&str> = known.possible_actions().into_iter().collect();
        let place = match (given.is_subset(&row), row.is_subset(&given)) {
            (true, true) => 1,
            (true, false) => 2,
            (false, true) => 3,
            (false, false) => 4,
        };
        let counts = by_service.entry(service).or_default();
        counts[0] += 1;
        counts[place] += 1;
    }
    let mut out = String::from(
        "| service | operations | exactly the row | part of it | all of it and more | part of it and more |\n| --- | --: | --: | --: | --: | --: |\n",
    );
    let mut all = [0; 5];
    for (service, counts) in &by_service {
        all.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        let [total, same, part, more, other] = counts;
        writeln!(out, "| {service} | {total} | {same} | {part} | {more} | {other} |").expect("a String");
    }
    let [total, same, part, more, other] = all;
    writeln!(out, "| **all** | {total} | {same} | {part} | {more} | {other} |").expect("a String");
    out
}

/// Compares the text between two marks of the page, or writes it.
fn check_section(name: &str, expected: &str) {
    let path = crate_file("../../docs/catalog.md");
    let page = fs::read_to_string(&path).expect("docs/catalog.md");
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
    let (before, rest) =
        page.split_once(&begin).unwrap_or_else(|| panic!("docs/catalog.md has no `{begin}`"));
    let (found, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/catalog.md has no `{end}`"));
    if std::env::var_os("UPDATE_COVERAGE").is_some() {
        fs::write(&path, format!("{before}{begin}{expected}{end}{after}")).expect("a writable page");
    } else {
        assert_eq!(
            found, expected,
            "run `UPDATE_COVERAGE=1 cargo nextest run -p perm-infer-catalog coverage`"
        );
    }
}

#[test]
fn the_page_shows_the_coverage_and_the_comparison() {
    check_section("coverage", &coverage(&Data::read()));
    check_section("reference", &reference());
}

#[test]
fn few_operations_are_unknown_and_most_name_their_resource() {
    let data = Data::read();
    let mut all = Counts::default();
    for service in &data.services {
        all.add(data.counts(service));
    }
    assert!(all.unknown * 200 <= all.operations, "{} of {} are unknown", all.unknown, all.operations);
    assert!(all.bound * 10 >= all.required * 9, "{} of {} are named", all.bound, all.required);
}

#[test]
fn the_most_used_services_leave_nothing_open() {
    let data = Data::read();
    for name in MOST_USED {
        let service = data.services.iter().find(|service| service.name == name).expect(name);
        let counts = data.counts(service);
        assert_eq!((counts.open, counts.unknown), (0, 0), "{name}");
    }
}
