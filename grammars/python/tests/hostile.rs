//! Input that nobody writes by hand, or that no Python accepts: it is lowered as far as it goes,
//! without a panic, a hang or a stack that runs over, and what is lost is reported.

use perm_infer_facts::{Expr, FileFacts, Grammar, LowerProblem, Lowered, Stmt, dump};
use perm_infer_grammar_python::Python;

fn lower(source: &str) -> Lowered {
    Python.lower("hostile.py", source)
}

/// The dump, after checking that nothing was lost.
fn whole(source: &str) -> String {
    let lowered = lower(source);
    assert_eq!(lowered.problems, []);
    dump(&lowered.facts)
}

/// Checks that exactly one problem is reported, about depth, and that the dump survives it.
fn too_deep(source: &str) -> String {
    let lowered = lower(source);
    assert!(matches!(lowered.problems[..], [LowerProblem::TooDeep(_)]), "{:?}", lowered.problems);
    dump(&lowered.facts)
}

fn nested(open: &str, inside: &str, close: &str, count: usize) -> String {
    format!("x = {}{inside}{}\n", open.repeat(count), close.repeat(count))
}

fn height(facts: &FileFacts, expr: perm_infer_facts::ExprId) -> usize {
    let mut below = 0;
    facts.for_each_child(expr, &mut |child| below = below.max(height(facts, child)));
    below + 1
}

fn first_value(facts: &FileFacts) -> Option<perm_infer_facts::ExprId> {
    match &facts.stmts[facts.functions[0].body.first()?.index()] {
        Stmt::Assign { value, .. } => Some(*value),
        _ => None,
    }
}

#[test]
fn ten_thousand_parentheses_are_as_one() {
    assert_eq!(whole(&nested("(", "1", ")", 10_000)), "file python\nx#0 = 1\n");
}

#[test]
fn nested_parentheses_inside_a_chain_do_not_count() {
    let source = format!("x = {}a{}\n", "(".repeat(300), ".b)".repeat(300));
    assert!(whole(&source).starts_with("file python\nx#0 = a.b.b"));
}

#[test]
fn ten_thousand_terms_stay_low() {
    for operator in [" + ", " and ", " or ", " | "] {
        let source = format!("x = {}\n", vec!["f()"; 10_000].join(operator));
        let lowered = lower(&source);
        assert_eq!(lowered.problems, []);
        let calls = lowered.facts.exprs.iter().filter(|expr| matches!(expr, Expr::Call { .. })).count();
        assert_eq!(calls, 10_000);
        assert!(height(&lowered.facts, first_value(&lowered.facts).unwrap()) < 50);
    }
}

#[test]
fn the_order_of_a_long_sum_is_kept() {
    let terms: Vec<String> = (0..100).map(|term| term.to_string()).collect();
    let text = whole(&format!("x = {}\n", terms.join(" + ")));
    let numbers: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    assert_eq!(numbers[1..], terms);
}

#[test]
fn long_runs_of_other_operators_are_unknown() {
    let lowered = lower(&format!("x = {}\n", vec!["f()"; 10_000].join(" - ")));
    assert_eq!(lowered.problems, []);
    let value = first_value(&lowered.facts).unwrap();
    assert!(matches!(lowered.facts.expr(value), Expr::Opaque(parts) if parts.len() == 10_000));
}

#[test]
fn chains_beyond_reason_are_cut_and_their_arguments_kept() {
    let text = too_deep(&format!("x = a{}\n", ".b(c())".repeat(10_000)));
    assert_eq!(text.matches("c()").count(), 10_000);
    too_deep(&format!("x = a{}\n", "[f()]".repeat(10_000)));
    too_deep(&format!("x = a{}\n", " + b - c".repeat(10_000)));
}

#[test]
fn chains_of_a_hundred_calls_are_whole() {
    let text = whole(&format!("x = a{}\n", ".b(c())".repeat(100)));
    assert_eq!(text.matches(".b(").count(), 100);
}

#[test]
fn nesting_beyond_reason_is_cut_and_reported_once() {
    let cases = [
        nested("[", "1", "]", 5_000),
        nested("{1: ", "1", "}", 5_000),
        nested("f(", "1", ")", 5_000),
        nested("not ", "1", "", 5_000),
        nested("- ", "1", "", 5_000),
        nested("lambda: ", "1", "", 5_000),
        nested("a if b else ", "1", "", 5_000),
        nested("a ** ", "1", "", 5_000),
        nested("a[", "1", "]", 5_000),
        nested("await ", "1", "", 5_000),
        nested("[x for x in ", "y", "]", 2_000),
        format!("x: {}int{}\n", "list[".repeat(2_000), "]".repeat(2_000)),
        format!("{}x{} = y\n", "[".repeat(2_000), "]".repeat(2_000)),
        format!("match x:\n case {}y{}:\n  pass\n", "[".repeat(2_000), "]".repeat(2_000)),
    ];
    for source in cases {
        too_deep(&source);
    }
}

#[test]
fn both_bounds_of_depth_together_keep_the_stack() {
    // Chains as long as allowed inside nesting as deep as allowed.
    let link = format!("a{}", ".b".repeat(50));
    too_deep(&nested(&format!("{link}("), "1", ")", 1_000));
    too_deep(&nested(&format!("{link} + f(g("), "1", "))", 1_000));
}

#[test]
fn blocks_nested_beyond_reason_are_cut() {
    let lines = |head: &str| -> String {
        (0..400).map(|depth| format!("{}{head}\n", " ".repeat(depth))).collect::<String>()
            + &" ".repeat(400)
            + "pass\n"
    };
    for head in ["if a:", "def f():", "class C:", "with a:", "for x in y:", "while a:"] {
        too_deep(&lines(head));
    }
}

#[test]
fn depth_is_counted_per_place_and_not_per_file() {
    let deep = nested("[", "1", "]", 60);
    assert_eq!(whole(&deep.repeat(1_000)).matches("x#0").count(), 1_000);
}

#[test]
fn ten_thousand_elif_are_one_switch() {
    let arms = "elif f():\n    pass\n".repeat(10_000);
    let text = whole(&format!("if a:\n    pass\n{arms}else:\n    last()\n"));
    assert!(text.starts_with("file python\nswitch true\ncase [] as _ if a\n"));
    assert!(text.ends_with("case []\n  last()\n"));
    assert_eq!(text.matches("f()").count(), 10_000);
}

#[test]
fn twenty_thousand_functions_are_all_there() {
    let source: String = (0..20_000).map(|number| format!("def f{number}(x):\n    return x\n\n")).collect();
    let lowered = lower(&source);
    assert_eq!(lowered.problems, []);
    assert_eq!(lowered.facts.functions.len(), 20_001);
    assert_eq!(lowered.facts.functions[0].body.len(), 20_000);
}

#[test]
fn five_hundred_parameters_are_all_there() {
    let params: Vec<String> = (0..500).map(|number| format!("p{number}={number}")).collect();
    let lowered = lower(&format!("def f({}): pass\n", params.join(", ")));
    assert_eq!(lowered.facts.functions[1].params.len(), 500);
}

#[test]
fn a_syntax_error_in_the_middle_keeps_both_sides() {
    let lowered = lower("a()\n\ndef f():\n    x = = 1\n    b()\n\nc()\n");
    assert!(matches!(lowered.problems[..], [LowerProblem::Syntax(_)]));
    let text = dump(&lowered.facts);
    for call in ["a()", "b()", "c()"] {
        assert!(text.contains(call), "{text}");
    }
}

#[test]
fn only_so_many_syntax_errors_are_listed() {
    let lowered = lower(&"x = = 1\n".repeat(1_000));
    assert_eq!(lowered.problems.len(), 20);
}

#[test]
fn nothing_is_no_problem() {
    for source in ["", "\n", "\u{feff}", "# only a comment", "\\\n"] {
        assert_eq!(whole(source), "file python\n", "{source:?}");
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(whole("\u{feff}x = 1\n"), "file python\nx#0 = 1\n");
}

#[test]
fn lines_may_end_as_on_windows() {
    assert_eq!(whole("if a:\r\n    x = 1\r\n"), whole("if a:\n    x = 1\n"));
}

#[test]
fn half_a_surrogate_pair_is_survived() {
    assert_eq!(whole("x = '\\ud800'\n"), "file python\nx#0 = \"\u{fffd}\"\n");
}

#[test]
fn nul_bytes_are_reported_and_survived() {
    let lowered = lower("a()\nx = \0\nb()\n");
    assert!(!lowered.problems.is_empty());
    assert!(dump(&lowered.facts).contains("a()"));
}

#[test]
fn noise_is_survived() {
    // A linear congruential generator: the same noise everywhere.
    let mut state = 1u32;
    let alphabet: Vec<char> = "()[]{}:,.='\"\\\n\t #@*-+abdefilnorst01\0é\u{1F600}".chars().collect();
    for _ in 0..50 {
        let noise: String = (0..400)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                alphabet[(state >> 16) as usize % alphabet.len()]
            })
            .collect();
        let _ = dump(&lower(&noise).facts);
    }
}

#[test]
fn every_cut_of_every_fixture_is_survived() {
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")).unwrap() {
        let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for (position, _) in source.char_indices().step_by(7) {
            let _ = dump(&lower(&source[..position]).facts);
            let _ = dump(&lower(&source[position..]).facts);
        }
    }
}
