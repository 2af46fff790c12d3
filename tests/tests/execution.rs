//! Proof by execution: the sample applications run with the real SDKs, and inferred policies are
//! evaluated by an IAM simulator against the requests of the hand-written expectations.
//!
//! `operations_*`: an application performs the operations that its expectation names, no more and no
//! less, and so does a function with the environment of its template. Says nothing about the binary; it proves the
//! expectations. `policies`: with the inferred
//! policy every request is allowed, and with any one action removed some request is denied.
//!
//! `PERM_INFER_CASE=text` limits a run to the cases whose name holds the text.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::{env, thread};

use libtest_mimic::{Arguments, Failed, Trial};
use perm_infer_tests::case::{self, Case, Expectation};
use perm_infer_tests::moto::Moto;
use perm_infer_tests::run::{Runner, operation_differences};
use perm_infer_tests::simulate::{Question, simulate};
use perm_infer_tests::{binary, tools};
use serde_json::Value;

/// So many applications have to run at least, lest an empty corpus pass.
const PYTHON_CASES: usize = 25;
const NODE_CASES: usize = 15;
/// Applications with templates, of which some function has to run.
const TEMPLATE_CASES: usize = 15;

fn main() -> ExitCode {
    let trials = vec![
        Trial::test("operations_python", || operations(&["python"], PYTHON_CASES)),
        Trial::test("operations_node", || operations(&["javascript", "typescript"], NODE_CASES)),
        Trial::test("operations_templates", templates),
        Trial::test("policies", policies),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

/// The cases of these languages, read; limited by `PERM_INFER_CASE`.
fn cases(languages: &[&str]) -> Result<Vec<(Case, Expectation)>, String> {
    let wanted = env::var("PERM_INFER_CASE").unwrap_or_default();
    let all = case::all().map_err(|error| format!("corpus: {error}"))?;
    let chosen =
        all.into_iter().filter(|case| languages.contains(&case.language()) && case.name.contains(&wanted));
    chosen.map(|case| case.expectation().map(|expectation| (case, expectation))).collect()
}

fn operations(languages: &[&str], at_least: usize) -> Result<(), Failed> {
    let python = tools::python(scratch())?;
    let node = tools::node(scratch())?;
    let runner =
        if languages.contains(&"python") { Runner::Python(python.clone()) } else { Runner::Node(node) };
    let cases = cases(languages)?;
    let runnable: Vec<_> = cases
        .iter()
        .filter_map(|(case, expectation)| Some((case, expectation, expectation.run.as_ref()?)))
        .collect();
    if runnable.len() < at_least && env::var_os("PERM_INFER_CASE").is_none() {
        return Err(format!("only {} applications can run", runnable.len()).into());
    }

    // Two applications at a time, each half with a server of its own.
    let halves = runnable.split_at(runnable.len().div_ceil(2));
    let failures = thread::scope(|scope| {
        let workers = [halves.0, halves.1].map(|half| {
            let (runner, python) = (&runner, &python);
            scope.spawn(move || {
                let mut moto = Moto::start(python)?;
                let mut failures = Vec::new();
                for (case, expectation, run) in half {
                    match operation_differences(runner, &mut moto, scratch(), case, expectation, run) {
                        Ok(lines) if lines.is_empty() => {}
                        Ok(lines) => failures.push((case.name.clone(), lines.join("\n"))),
                        Err(error) => failures.push((case.name.clone(), error)),
                    }
                }
                Ok::<_, String>(failures)
            })
        });
        workers.map(|worker| worker.join().unwrap_or_else(|_| Err("a worker panicked".to_owned())))
    });
    let [first, second] = failures;
    report(first?.into_iter().chain(second?).collect(), runnable.len())
}

/// Functions of templates, each with the environment that its template gives it.
fn templates() -> Result<(), Failed> {
    let python = tools::python(scratch())?;
    let runners = [Runner::Python(python.clone()), Runner::Node(tools::node(scratch())?)];
    let mut moto = Moto::start(&python)?;
    let mut failures = Vec::new();
    let mut applications = 0;
    for (case, expectation) in &cases(&["templates"])? {
        let functions = expectation.functions.iter();
        let runnable: Vec<_> =
            functions.filter_map(|(name, function)| Some((name, function, function.run.as_ref()?))).collect();
        applications += usize::from(!runnable.is_empty());
        for (name, function, run) in runnable {
            let is_python = run.call.iter().any(|call| call.function.contains(".py:"));
            let runner = &runners[usize::from(!is_python)];
            let differences = function.performing(run).and_then(|requests| {
                let expectation = Expectation { requests, ..expectation.clone() };
                operation_differences(runner, &mut moto, scratch(), case, &expectation, run)
            });
            match differences {
                Ok(lines) if lines.is_empty() => {}
                Ok(lines) => failures.push((format!("{}: {name}", case.name), lines.join("\n"))),
                Err(error) => failures.push((format!("{}: {name}", case.name), error)),
            }
        }
    }
    if applications < TEMPLATE_CASES && env::var_os("PERM_INFER_CASE").is_none() {
        return Err(format!("only {applications} applications with templates can run").into());
    }
    report(failures, applications)
}

fn policies() -> Result<(), Failed> {
    let node = tools::node(scratch())?;
    let mut cases = cases(&case::LANGUAGES)?;
    cases.retain(|(_, expectation)| expectation.not_simulated.is_none());
    let mut failures = Vec::new();
    let mut asked: Vec<String> = Vec::new();
    let mut questions = Vec::new();
    for (case, expectation) in &cases {
        match binary::infer(scratch(), case, expectation) {
            Ok(inferred) => {
                for (name, policy, expectation) in parts_of(case, inferred.policy, expectation)? {
                    asked.push(name);
                    questions.push(Question::new(policy, &expectation));
                }
            }
            Err(error) => failures.push((case.name.clone(), error)),
        }
    }
    for (case, answer) in asked.iter().zip(simulate(&node, &questions)?) {
        let denied = answer.denied.iter().map(|request| format!("denied: {request}"));
        let needless = answer.needless.iter().map(|action| format!("not needed by any request: {action}"));
        let lines: Vec<String> = denied.chain(needless).collect();
        if !lines.is_empty() {
            failures.push((case.clone(), lines.join("\n")));
        }
    }
    report(failures, cases.len())
}

/// A case as a whole, or each function of its template for itself.
fn parts_of(
    case: &Case,
    policy: Value,
    expectation: &Expectation,
) -> Result<Vec<(String, Value, Expectation)>, Failed> {
    if expectation.functions.is_empty() {
        return Ok(vec![(case.name.clone(), policy, expectation.clone())]);
    }
    let mut parts = Vec::new();
    for (name, function) in &expectation.functions {
        let requests = function.all()?;
        let expectation = Expectation { requests, functions: Default::default(), ..expectation.clone() };
        parts.push((format!("{}: {name}", case.name), policy[name].clone(), expectation));
    }
    Ok(parts)
}

/// All failures in one text, each under the name of its case.
fn report(failures: Vec<(String, String)>, of: usize) -> Result<(), Failed> {
    if failures.is_empty() {
        return Ok(());
    }
    let mut text = format!("{} of {of} cases fail\n", failures.len());
    for (name, lines) in failures {
        let _ = writeln!(text, "{name}\n  {}", lines.trim_end().replace('\n', "\n  "));
    }
    Err(text.into())
}
