//! The evaluator against another implementation of AWS's rules, `@cloud-copilot/iam-simulate`, over
//! generated policies of every kind, and its own laws over the same cases. Where the two differ, AWS's
//! documentation decides: `crates/policy/src/evaluate/tests.rs` has a test for each point, and the
//! generator leaves it out.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fmt::Write as _;
use std::path::Path;

use perm_infer_policy::evaluate::{Outcome, Policies, evaluate};
use perm_infer_policy::{Pattern, matches};
use perm_infer_tests::policies::Case;
use perm_infer_tests::random::Random;
use perm_infer_tests::{simulate, tools};
use serde_json::Value;

/// Cases in a run.
const CASES: u64 = 20_000;

fn answers(cases: &[Case]) -> Vec<String> {
    let node = tools::node(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("node");
    simulate::outcomes(&node, cases).expect("answers")
}

fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "Allowed",
        Outcome::ExplicitlyDenied => "ExplicitlyDenied",
        Outcome::ImplicitlyDenied => "ImplicitlyDenied",
    }
}

#[test]
fn the_evaluator_agrees_with_another_implementation() {
    let cases: Vec<Case> = (0..CASES).map(Case::generate).collect();
    let mut differences = String::new();
    let (mut count, mut allowed) = (0, 0);
    for (seed, (case, theirs)) in cases.iter().zip(answers(&cases)).enumerate() {
        let ours = name(evaluate(&case.policies(), &case.request).outcome);
        allowed += u32::from(ours == "Allowed");
        if ours != theirs {
            count += 1;
            if count <= 10 {
                let simulation = serde_json::to_string(&case.simulation()).expect("JSON");
                writeln!(differences, "seed {seed}: {ours}, not {theirs}\n{simulation}").expect("text");
            }
        }
    }
    assert_eq!(count, 0, "{differences}");
    // Cases of which nearly all are denied would show little.
    assert!(u64::from(allowed) * 10 > CASES, "{allowed} allowed");
}

/// Every list of policies of a case, to be changed.
fn lists(case: &mut Case) -> Vec<&mut Value> {
    let control = case.service_control.iter_mut().chain(&mut case.resource_control).flatten();
    let single = [&mut case.resource, &mut case.boundary, &mut case.session].into_iter().flatten();
    case.identity.iter_mut().chain(single).chain(control).collect()
}

fn outcome(case: &Case) -> Outcome {
    evaluate(&case.policies(), &case.request).outcome
}

/// Statements of another case, for the same kind of policy.
fn borrowed(seed: u64, effect: &str) -> Vec<Value> {
    let mut other = Case::generate(seed ^ 0xabcd_ef01);
    let statements =
        lists(&mut other).into_iter().flat_map(|policy| policy["Statement"].as_array().cloned().unwrap());
    statements.filter(|statement| statement["Effect"] == effect).collect()
}

/// The case with a statement more in each of its policies.
fn with_more(seed: u64, effect: &str) -> Option<(Case, Case)> {
    let case = Case::generate(seed);
    let statement = borrowed(seed, effect).into_iter().next()?;
    let mut more = case.clone();
    for policy in lists(&mut more) {
        policy["Statement"].as_array_mut().expect("a list").push(statement.clone());
    }
    Some((case, more))
}

#[test]
fn another_allow_never_takes_anything_away() {
    for (case, more) in (0..4_000).filter_map(|seed| with_more(seed, "Allow")) {
        assert!(
            outcome(&case) != Outcome::Allowed || outcome(&more) == Outcome::Allowed,
            "{}",
            more.simulation()
        );
    }
}

#[test]
fn another_deny_never_gives_anything() {
    for (case, more) in (0..4_000).filter_map(|seed| with_more(seed, "Deny")) {
        assert!(
            outcome(&case) == Outcome::Allowed || outcome(&more) != Outcome::Allowed,
            "{}",
            more.simulation()
        );
    }
}

#[test]
fn the_order_of_statements_and_policies_does_not_matter() {
    for seed in 0..4_000 {
        let case = Case::generate(seed);
        let mut turned = case.clone();
        turned.identity.reverse();
        turned
            .service_control
            .iter_mut()
            .chain(&mut turned.resource_control)
            .for_each(|level| level.reverse());
        for policy in lists(&mut turned) {
            policy["Statement"].as_array_mut().expect("a list").reverse();
        }
        assert_eq!(outcome(&case), outcome(&turned), "{}", case.simulation());
    }
}

#[test]
fn without_policies_nothing_is_allowed() {
    for seed in 0..200 {
        let case = Case::generate(seed);
        assert_eq!(evaluate(&Policies::default(), &case.request).outcome, Outcome::ImplicitlyDenied);
    }
}

#[test]
fn an_escaped_name_matches_itself_and_nothing_else() {
    let random = &mut Random::new(7);
    let letters = ['a', 'b', '*', '?', '$', '{', '}', ':', '/', 'é'];
    for _ in 0..20_000 {
        let name: String = random.some(0, 6, |random| *random.pick(&letters)).into_iter().collect();
        let other: String = random.some(0, 6, |random| *random.pick(&letters)).into_iter().collect();
        let written = Pattern::literal(name.clone()).to_policy_string();
        assert!(matches(&written, &name), "{written} {name}");
        assert_eq!(matches(&written, &other), name == other, "{written} {other}");
    }
}
