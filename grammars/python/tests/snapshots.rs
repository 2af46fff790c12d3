//! The facts of every fixture, as text. The fixtures together hold every construct that is lowered.

use perm_infer_facts::{Grammar, dump};
use perm_infer_grammar_python::Python;

fn facts_of(source: &str) -> String {
    let lowered = Python.lower("fixture.py", source);
    let mut text = dump(&lowered.facts);
    for problem in lowered.problems {
        text.push_str(&format!("problem {problem:?}\n"));
    }
    text
}

macro_rules! snapshots {
    ($($name:ident)*) => {
        const FIXTURES: &[(&str, &str)] =
            &[$((stringify!($name), include_str!(concat!("fixtures/", stringify!($name), ".py")))),*];

        $(
            #[test]
            fn $name() {
                let source = include_str!(concat!("fixtures/", stringify!($name), ".py"));
                insta::assert_snapshot!(stringify!($name), facts_of(source));
            }
        )*
    };
}

snapshots! { annotations broken definitions expressions imports line_ends matching names statements strings unclosed }

#[test]
fn every_fixture_has_a_snapshot() {
    let mut files: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let named: Vec<String> = FIXTURES.iter().map(|(name, _)| format!("{name}.py")).collect();
    assert_eq!(files, named);
}
