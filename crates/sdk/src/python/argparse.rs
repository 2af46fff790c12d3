//! Options of the command line, by `argparse`: a default stands for what is not given. A parser, its
//! groups and its subparsers are one value, known by the place that makes the parser.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, LibraryValue, Text, Value};

use super::kind;
use crate::shared::{known_strings, with_default};

/// Calls something of `argparse`.
pub(crate) fn call(cx: &Cx<'_, '_>, dotted: &str) -> Option<Value> {
    dotted
        .ends_with("argparse.ArgumentParser")
        .then(|| Value::library(kind::PARSER, &cx.identity(), Vec::new()))
}

/// Methods of a parser, a group or a set of subparsers.
pub(crate) fn method(cx: &mut Cx<'_, '_>, parser: &LibraryValue, name: &str, args: &Args) -> Value {
    let same = || Atom::Library(std::sync::Arc::new(parser.clone())).into();
    match name {
        "add_argument" => {
            let value = argument(cx, args);
            for name in destinations(args) {
                set(cx, parser, &name, &value);
            }
            Atom::Null.into()
        }
        "set_defaults" => {
            for arg in &args.named {
                set(cx, parser, &arg.name, &arg.value);
            }
            Atom::Null.into()
        }
        "parse_args" => Value::library(kind::OPTIONS, &parser.name, Vec::new()),
        "parse_known_args" | "parse_known_intermixed_args" => {
            let options = Value::library(kind::OPTIONS, &parser.name, Vec::new());
            Value::list(vec![options, Value::list_of(cx.unknown(HoleReason::Parameter("argv".into())))])
        }
        "error" | "exit" | "print_help" | "print_usage" => Atom::Null.into(),
        _ => same(),
    }
}

/// `options.name`
pub(crate) fn option(cx: &mut Cx<'_, '_>, options: &LibraryValue, name: &str) -> Value {
    cx.recall(&key(options, name))
}

fn set(cx: &mut Cx<'_, '_>, parser: &LibraryValue, name: &str, value: &Value) {
    cx.remember(&names_key(parser), &Value::text(name, None));
    cx.remember(&key(parser, name), value);
}

/// `vars(options)`: the options as a dictionary.
pub(crate) fn variables(cx: &mut Cx<'_, '_>, options: &LibraryValue) -> Value {
    let (names, open) = known_strings(&cx.recall_if_set(&names_key(options)));
    let mut dict = Dict::default();
    for name in names {
        dict.set(Text::literal(&name, None), option(cx, options, &name));
    }
    dict.rest = open.then(|| cx.unknown(HoleReason::Parameter("argv".into())));
    dict.into()
}

fn names_key(parser: &LibraryValue) -> String {
    format!("argparse {} names", parser.name)
}

fn key(parser: &LibraryValue, name: &str) -> String {
    format!("argparse {} option {name}", parser.name)
}

/// Under which name the options hold an argument: `dest`, or its first long name.
fn destinations(args: &Args) -> Vec<String> {
    if let Some(dest) = args.named("dest") {
        return known_strings(dest).0;
    }
    let flags: Vec<String> = args.positional.iter().flat_map(|flag| known_strings(flag).0).collect();
    let long = flags.iter().find(|flag| flag.starts_with("--")).or_else(|| flags.first());
    long.map(|flag| flag.trim_start_matches('-').replace('-', "_")).into_iter().collect()
}

fn argument(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let name = destinations(args).join(", ");
    if let Some(action) = args.named("action").and_then(Value::as_str)
        && matches!(action, "store_true" | "store_false")
    {
        return Value::from(Atom::Bool(true)).joined(&Atom::Bool(false).into());
    }
    let choices = args.named("choices").map(|choices| cx.element(choices));
    let is_set = |value: &&Value| !value.is_bottom() && value.atoms() != [Atom::Null];
    match (choices, args.named("default").filter(is_set)) {
        (Some(choices), Some(default)) => choices.joined(default),
        (Some(choices), None) => choices,
        (None, Some(default)) => with_default(cx, HoleReason::Parameter(name.as_str().into()), default),
        (None, None) => {
            let one = cx.unknown(HoleReason::Parameter(name.as_str().into()));
            if args.named("nargs").is_some() { Value::list_of(one) } else { one }
        }
    }
}
