//! Snapshots of the facts of whole files. Each fixture shows one area of the language; the snapshot
//! beside it was read against the fixture.

use perm_infer_facts::{Grammar, dump};
use perm_infer_grammar_javascript::JavaScript;

/// The facts of a fixture, and where its problems are.
fn facts_of(fixture: &str) -> std::io::Result<String> {
    let path = format!("{}/tests/fixtures/{fixture}", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(&path)?;
    let lowered = JavaScript.lower(fixture, &source);
    let mut text = dump(&lowered.facts);
    for problem in lowered.problems {
        text.push_str(&format!("{problem:?}\n"));
    }
    Ok(text)
}

macro_rules! snapshots {
    ($($test:ident = $fixture:literal),* $(,)?) => {$(
        #[test]
        fn $test() -> std::io::Result<()> {
            insta::assert_snapshot!(facts_of($fixture)?);
            Ok(())
        }
    )*};
}

snapshots! {
    es_modules = "modules.js",
    an_anonymous_class_as_default_export = "default_exports.js",
    commonjs_modules = "commonjs.js",
    what_compilers_emit = "compiled.js",
    a_require_made_by_the_file = "create_require.mjs",
    expressions = "expressions.js",
    statements = "statements.js",
    classes = "classes.js",
    jsx = "components.jsx",
    typescript_types = "types.ts",
    typescript_classes = "classes.ts",
    enums_and_namespaces = "enums_namespaces.ts",
    tsx = "component.tsx",
    a_broken_file = "broken.js",
}
