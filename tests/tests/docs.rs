//! Every command that the README and the guide show is run, with the binary in the place of
//! `cargo run --quiet --`. Commands that install or test are `cargo`'s own and not run from a test.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use perm_infer_tests::{binary, case};

fn commands(file: &str) -> Vec<String> {
    let text = fs::read_to_string(case::repository().join(file)).expect("a file of the documentation");
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let (true, Some(command)) = (inside, line.strip_prefix("$ ")) {
            found.push(command.to_owned());
        }
    }
    found
}

fn run_all(file: &str) {
    let binary = binary::path(Path::new(env!("CARGO_TARGET_TMPDIR"))).expect("the binary");
    let mut ran = 0;
    for command in commands(file) {
        let Some(arguments) = command.strip_prefix("cargo run --quiet -- ") else {
            assert!(
                ["cargo test --workspace", "cargo install --path crates/cli"].contains(&command.as_str()),
                "{file}: `{command}` is not run by a test"
            );
            continue;
        };
        let output = Command::new(&binary)
            .args(arguments.split_whitespace())
            .current_dir(case::repository())
            .output()
            .expect("the binary starts");
        assert!(output.status.success(), "{file}: `{command}`: {}", String::from_utf8_lossy(&output.stderr));
        ran += 1;
    }
    assert!(ran > 0, "{file} shows no command");
}

#[test]
fn the_commands_of_the_readme_work() {
    run_all("README.md");
}

#[test]
fn the_commands_of_the_guide_work() {
    run_all("docs/guide.md");
}
