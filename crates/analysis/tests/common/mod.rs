//! A tiny library for tests of the interpreter: `sdk.client(name)` makes a client, and every method of
//! a client is an operation. Sources in, calls out.
#![allow(dead_code, unreachable_pub, clippy::expect_used, reason = "each test target uses a part of it")]

use perm_infer_analysis::{
    Analysis, Args, Atom, Cx, Dict, Effect, EntryPoint, External, Library, Outcome, Project, Protocol,
    SourceFile, Text, Value, analyze,
};
use perm_infer_facts::{BinaryOp, FileIndex, Grammar};
use perm_infer_grammar_javascript::JavaScript;
use perm_infer_grammar_python::Python;

struct Toy;

impl Library for Toy {
    fn owns_module(&self, _: &str, specifier: &str) -> bool {
        specifier == "sdk"
    }

    fn global(&self, _: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
        Some(Atom::External(External::new("", name)).into())
    }

    fn attribute(&self, _: &mut Cx<'_, '_>, _: &Atom, _: &str) -> Option<Value> {
        None
    }

    fn index(&self, _: &mut Cx<'_, '_>, _: &Atom, _: &Value) -> Option<Value> {
        None
    }

    fn element(&self, _: &mut Cx<'_, '_>, _: &Atom) -> Option<Value> {
        None
    }

    fn enter(&self, _: &mut Cx<'_, '_>, _: &Atom) -> Option<Value> {
        None
    }

    fn awaited(&self, _: &mut Cx<'_, '_>, _: &Atom) -> Option<Value> {
        None
    }

    fn call(&self, _: &mut Cx<'_, '_>, callee: &Atom, args: &Args) -> Option<Value> {
        let Atom::External(external) = callee else { return None };
        if external.dotted() != "sdk.client" {
            return None;
        }
        let mut result = Value::bottom();
        for text in args.at(0)?.texts() {
            result.join(&Value::library(
                "client",
                &text.to_literal().unwrap_or_else(|| "?".into()),
                Vec::new(),
            ));
        }
        Some(result)
    }

    fn method(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, args: &Args) -> Option<Outcome> {
        match (object, name) {
            (Atom::Library(client), _) => {
                let mut entries = Vec::new();
                for (position, value) in args.positional.iter().enumerate() {
                    entries.push((Text::literal(&position.to_string(), None), value.clone()));
                }
                for arg in &args.named {
                    let name = if arg.maybe { format!("{}?", arg.name) } else { arg.name.to_string() };
                    entries.push((Text::literal(&name, None), arg.value.clone()));
                }
                cx.perform(Effect {
                    service: client.name.clone(),
                    operation: name.into(),
                    params: Value::dict(entries),
                    certain: true,
                });
                Some(Value::result_of(name, cx.site()).into())
            }
            (Atom::List(list), "append" | "push") => Some(Outcome {
                result: Atom::Null.into(),
                object: Some(list.appended(args.at(0)?.clone()).into()),
            }),
            (Atom::Dict(dict), "update") => {
                let mut dict: Dict = (**dict).clone();
                for atom in args.at(0)?.atoms() {
                    if let Atom::Dict(other) = atom {
                        dict.update(other);
                    }
                }
                Some(Outcome { result: Atom::Null.into(), object: Some(dict.into()) })
            }
            (Atom::List(_), "forEach" | "map") => {
                let list: Value = object.clone().into();
                let element = cx.element(&list);
                let result = cx.call(args.at(0)?, &Args::of(vec![element]));
                Some(Value::list_of(result).into())
            }
            _ => None,
        }
    }

    fn unknown_method(&self, _: &mut Cx<'_, '_>, _: &str, _: &Args) -> Option<Value> {
        None
    }

    fn typed(&self, _: &mut Cx<'_, '_>, ty: &Atom) -> Option<Value> {
        match ty {
            Atom::External(external) if external.dotted() == "sdk.Client" => {
                Some(Value::library("client", "typed", Vec::new()))
            }
            _ => None,
        }
    }

    fn binary(&self, _: &mut Cx<'_, '_>, _: BinaryOp, _: &Atom, _: &Value) -> Option<Value> {
        None
    }

    fn inherited(&self, _: &mut Cx<'_, '_>, _: &Atom, _: &Atom, _: &str) -> Option<Value> {
        None
    }

    fn wraps(&self, method: &str) -> bool {
        method == "wrapper"
    }

    fn protocol(&self, protocol: Protocol) -> &'static [&'static str] {
        match protocol {
            Protocol::Call => &["__call__"],
            Protocol::Enter => &["__enter__"],
            Protocol::Iterate => &["__iter__"],
            Protocol::Index => &["__getitem__"],
            Protocol::Attribute => &["__getattr__"],
            Protocol::New | Protocol::Made => &[],
        }
    }
}

/// The calls of a Python file, sorted: `service.operation(name=value)`.
pub fn python(source: &str) -> Vec<String> {
    calls(&[("app.py", source)], &[])
}

/// The calls of a JavaScript file.
pub fn javascript(source: &str) -> Vec<String> {
    calls(&[("app.js", source)], &[])
}

/// The calls of a project; `entries` are `FILE` or `FILE:FUNCTION`.
pub fn calls(files: &[(&str, &str)], entries: &[&str]) -> Vec<String> {
    let mut found: Vec<String> = analyses(files, entries, true)
        .iter()
        .flat_map(|analysis| &analysis.calls)
        .map(|call| {
            format!("{}.{}({})", call.effect.service, call.effect.operation, params(&call.effect.params))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// What the analysis finds in a project of which every file, or none, names the library.
pub fn analyses(files: &[(&str, &str)], entries: &[&str], names_library: bool) -> Vec<Analysis> {
    let lowered: Vec<_> = files
        .iter()
        .map(|(path, source)| {
            let grammar: &dyn Grammar = if path.ends_with(".py") { &Python } else { &JavaScript };
            (*path, grammar.lower(path, source).facts, grammar)
        })
        .collect();
    let sources = lowered
        .iter()
        .map(|(path, facts, grammar)| SourceFile { path, facts, grammar: *grammar, names_library })
        .collect();
    let index = FileIndex::new(files.iter().map(|(path, _)| *path));
    let entries = entries
        .iter()
        .map(|entry| {
            let (file, function) =
                entry.split_once(':').map_or((*entry, None), |(file, name)| (file, Some(name)));
            EntryPoint {
                function: function.map(str::to_owned),
                ..EntryPoint::file(index.find(file).expect("a file"))
            }
        })
        .collect();
    analyze(&Project { files: sources, index: &index, entries }, &Toy, 2).expect("threads")
}

fn params(value: &Value) -> String {
    let Some(Atom::Dict(dict)) = value.single() else { return "?".into() };
    let show = |entry: &perm_infer_analysis::Entry| {
        let key = entry.key.to_literal().unwrap_or_default();
        if key.parse::<u8>().is_ok() { show(&entry.value) } else { format!("{key}={}", show(&entry.value)) }
    };
    dict.entries.iter().map(show).collect::<Vec<_>>().join(", ")
}

fn show(value: &Value) -> String {
    let mut shown: Vec<String> = value.atoms().iter().map(show_atom).collect();
    shown.sort();
    shown.extend(value.is_open().then(|| "*".to_owned()));
    shown.join("|")
}

fn show_atom(atom: &Atom) -> String {
    match atom {
        Atom::Text(text) => text.parts().iter().map(|part| part.literal().unwrap_or("*")).collect(),
        Atom::Null => "null".into(),
        Atom::Bool(value) => value.to_string(),
        Atom::Int(value) => value.to_string(),
        Atom::List(list) => {
            let mut items: Vec<String> = list.items.iter().map(show).collect();
            items.extend(list.rest.iter().map(|rest| format!("*{}", show(rest))));
            format!("[{}]", items.join(", "))
        }
        Atom::Dict(dict) => {
            let mut entries: Vec<String> = dict
                .entries
                .iter()
                .map(|entry| {
                    let maybe = if entry.maybe { "?" } else { "" };
                    format!("{}{maybe}: {}", show_atom(&Atom::Text(entry.key.clone())), show(&entry.value))
                })
                .collect();
            entries.extend(dict.rest.iter().map(|rest| format!("**{}", show(rest))));
            format!("{{{}}}", entries.join(", "))
        }
        other => format!("{other:?}").chars().take_while(char::is_ascii_alphanumeric).collect(),
    }
}
