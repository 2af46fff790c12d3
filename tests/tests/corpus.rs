//! The corpus: for every folder, the inferred policy and the diagnostics against `expect.toml`.
//!
//! One test per folder, named after it: `python::waiters`. See `corpus/README.md`.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use perm_infer_tests::case::{self, Case};
use perm_infer_tests::{binary, compare};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = match case::all() {
        Ok(cases) => cases.into_iter().map(trial).collect(),
        Err(error) => vec![Trial::test("list_corpus", move || Err(error.into()))],
    };
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(case: Case) -> Trial {
    Trial::test(case.name.replace('/', "::"), move || check(&case))
}

fn check(case: &Case) -> Result<(), Failed> {
    let expectation = case.expectation()?;
    let inferred = binary::infer(Path::new(env!("CARGO_TARGET_TMPDIR")), case, &expectation)?;
    let lines = compare::differences(&expectation, &inferred.policy, &inferred.diagnostics)?;
    if lines.is_empty() {
        return Ok(());
    }
    let title = &expectation.title;
    let stderr = inferred.stderr.trim_end();
    Err(format!("{}: {title}\n  {}\nstderr:\n{stderr}", case.name, lines.join("\n  ")).into())
}
