//! Code that is evaluated roughly: where a precise answer would take too long or could tell nothing.
#![allow(missing_docs, clippy::expect_used, reason = "tests say in their names what holds, and stop")]

mod common;
use common::{analyses, calls};
use std::fmt::Write as _;

/// Functions that hand on what they get, each called with as many texts as functions call it, and one at
/// the end that writes.
fn many_ways(functions: usize) -> String {
    let mut source = String::from(
        "
import { client } from 'sdk';
const db = client('db');
export const handler = () => { step0(db, 'a', 'b'); db.put('orders'); };
",
    );
    for step in 0..functions {
        let next = step + 1;
        writeln!(
            source,
            "function step{step}(db, a, b) {{ step{next}(db, a + 'x', b); step{next}(db, b, a + 'y'); }}"
        )
        .expect("a string");
    }
    writeln!(source, "function step{functions}(db, a) {{ db.get(a); }}").expect("a string");
    source
}

#[test]
fn a_file_with_too_many_ways_through_it_costs_a_few_activations_for_each_function() {
    let source = many_ways(100);
    let contexts: usize =
        analyses(&[("app.js", &source)], &[], true).iter().map(|analysis| analysis.contexts.len()).sum();
    assert!(contexts < 2_000, "{contexts} activations");
}

#[test]
fn its_calls_are_found_all_the_same_with_what_is_unknown_left_open() {
    let found = calls(&[("app.js", &many_ways(100))], &[]);
    assert!(found.iter().any(|call| call.starts_with("db.get(") && call.contains('*')), "{found:?}");
    assert!(found.contains(&"db.put(orders)".to_owned()), "{found:?}");
}

#[test]
fn a_part_that_does_not_name_the_library_is_evaluated_once_for_each_function() {
    let source = "
const save = (name) => log(name);
export const handler = () => { save('a'); save('b'); save('c'); };
";
    let contexts = |names: bool| -> usize {
        analyses(&[("app.js", source)], &[], names).iter().map(|analysis| analysis.contexts.len()).sum()
    };
    // The module, the handler, and `save` once or for each of its arguments.
    assert_eq!((contexts(false), contexts(true)), (3, 5));
}
