//! Input that nobody writes on purpose: it must neither crash nor hang, and must not take the rest of
//! the file with it.

use std::fmt::Write as _;

use perm_infer_facts::{Expr, FileFacts, Grammar, LowerProblem, Lowered};
use perm_infer_grammar_javascript::JavaScript;

const PATHS: [&str; 3] = ["a.js", "a.ts", "a.tsx"];

fn lower(source: &str) -> Lowered {
    JavaScript.lower("a.js", source)
}

/// Whether the file calls something of this name.
fn calls(facts: &FileFacts, name: &str) -> bool {
    facts.exprs.iter().any(|expr| match expr {
        Expr::Call { callee, .. } => match facts.expr(*callee) {
            Expr::Global(callee) | Expr::Attr { name: callee, .. } => facts.text(*callee) == name,
            _ => false,
        },
        _ => false,
    })
}

fn deep_problems(lowered: &Lowered) -> usize {
    lowered.problems.iter().filter(|problem| matches!(problem, LowerProblem::TooDeep(_))).count()
}

#[test]
fn ten_thousand_parentheses_are_nothing() {
    let source = format!("x = {}f(){};", "(".repeat(10_000), ")".repeat(10_000));
    for path in PATHS {
        let lowered = JavaScript.lower(path, &source);
        assert_eq!(lowered.problems, []);
        assert!(calls(&lowered.facts, "f"));
    }
}

#[test]
fn unclosed_brackets_of_every_kind_keep_what_stands_before() {
    for bracket in ["(", "[", "{", "`${", "f(", "<a>", "() => {", "a ? "] {
        let source = format!("before();\nx = {}", bracket.repeat(2_000));
        for path in PATHS {
            let lowered = JavaScript.lower(path, &source);
            assert!(!lowered.problems.is_empty(), "{bracket} in {path}");
        }
    }
}

#[test]
fn long_chains_are_lowered_whole() {
    for (start, link, end) in [
        ("x", ".then(f)", ""),
        ("x", ".a", ".last()"),
        ("x", "[0]", ".last()"),
        ("x", " + y", " + last()"),
        ("x", " && y", " && last()"),
        ("x", ", y", ", last()"),
    ] {
        let source = format!("z = ({start}{}{end});", link.repeat(20_000));
        let lowered = lower(&source);
        assert_eq!(lowered.problems, [], "{link}");
        assert!(calls(&lowered.facts, if end.is_empty() { "then" } else { "last" }), "{link}");
    }
}

#[test]
fn a_long_ladder_of_conditions_is_lowered_whole() {
    let mut source = "if (a) f();".to_owned();
    for _ in 0..5_000 {
        source.push_str(" else if (a) f();");
    }
    source.push_str(" else last();");
    let lowered = lower(&source);
    assert_eq!(lowered.problems, []);
    assert!(calls(&lowered.facts, "last"));
}

#[test]
fn real_nesting_past_the_bound_is_reported_once_and_the_rest_is_kept() {
    for (open, close) in [
        ("[", "]"),
        ("{ a: ", " }"),
        ("f(", ")"),
        ("async () => ", ""),
        ("function () { return ", " }"),
        ("class { a = ", " }"),
        ("new A(", ")"),
        ("await ", ""),
        ("!", ""),
        ("`${", "}`"),
    ] {
        let source = format!("x = {}1{}; after();", open.repeat(3_000), close.repeat(3_000));
        for path in PATHS {
            let lowered = JavaScript.lower(path, &source);
            assert_eq!(deep_problems(&lowered), 1, "{open} in {path}");
            assert!(calls(&lowered.facts, "after"), "{open} in {path}");
        }
    }
}

#[test]
fn nested_statements_patterns_and_types_are_bounded_too() {
    let deep = |open: &str, middle: &str, close: &str| {
        format!("{}{middle}{}", open.repeat(3_000), close.repeat(3_000))
    };
    for source in [
        format!("{} after();", deep("{", "", "}")),
        format!("{}; after();", deep("if (a) ", "f()", "")),
        format!("var {} = y; after();", deep("[", "x", "]")),
        format!("var x: {} = y; after();", deep("Promise<", "A", ">")),
        format!("{} after();", deep("namespace A { ", "", "}")),
    ] {
        let lowered = JavaScript.lower("a.ts", &source);
        assert_eq!(deep_problems(&lowered), 1, "{}", &source[..40]);
        assert!(calls(&lowered.facts, "after"), "{}", &source[..40]);
    }
}

#[test]
fn twenty_thousand_functions_and_five_hundred_parameters_are_lowered() {
    let mut source = String::new();
    for index in 0..20_000 {
        writeln!(source, "export function f{index}(a) {{ return g(a); }}").unwrap();
    }
    let params: Vec<String> = (0..500).map(|index| format!("p{index}")).collect();
    writeln!(source, "function many({}) {{}}", params.join(", ")).unwrap();
    let lowered = lower(&source);
    assert_eq!(lowered.problems, []);
    assert_eq!(lowered.facts.functions.len(), 20_002);
    assert_eq!(lowered.facts.exports.len(), 20_000);
    assert_eq!(lowered.facts.functions.iter().map(|function| function.params.len()).max(), Some(500));
}

#[test]
fn a_syntax_error_keeps_the_code_around_it() {
    let lowered = lower("before();\nconst a = ;\nafter();\n");
    assert!(matches!(lowered.problems[..], [LowerProblem::Syntax(_)]));
    assert!(calls(&lowered.facts, "before") && calls(&lowered.facts, "after"));
}

#[test]
fn syntax_problems_are_capped() {
    let lowered = lower(&"const a = ;\nf();\n".repeat(500));
    assert_eq!(lowered.problems.len(), 20);
}

#[test]
fn files_without_code_are_empty() {
    for source in ["", "\n\n", "\u{feff}", "// comment", "#!/usr/bin/env node", "/* unclosed"] {
        for path in PATHS {
            let lowered = JavaScript.lower(path, source);
            assert!(lowered.facts.functions[0].body.is_empty(), "{source:?}");
        }
    }
}

#[test]
fn unusual_bytes_do_not_hide_the_code() {
    for source in ["\u{feff}f();", "#!/usr/bin/env node\r\nf();\r\n", "f();\r\nf();", "\u{2028}f();"] {
        for path in PATHS {
            let lowered = JavaScript.lower(path, source);
            assert_eq!(lowered.problems, [], "{source:?}");
            assert!(calls(&lowered.facts, "f"), "{source:?}");
        }
    }
    for source in ["f();\0g();", "f('\0');", "\0\0\0", "f(é, '😀', \u{fffd})"] {
        for path in PATHS {
            JavaScript.lower(path, source);
        }
    }
}

#[test]
fn every_prefix_of_a_file_is_lowered() {
    let source = include_str!("fixtures/types.ts");
    for end in (0..source.len()).filter(|&end| source.is_char_boundary(end)).step_by(7) {
        JavaScript.lower("a.ts", &source[..end]);
    }
}
