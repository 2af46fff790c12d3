//! Frameworks that call what they are handed and hand on what it gives: dependencies of web
//! applications.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, LibraryValue, NamedArg, Text, Value};

use super::{foreign::foreign, kind};
use crate::shared::{dict_of, known_strings, with_default};

/// Calls something of a framework that gives back more than a foreign value.
pub(crate) fn call(cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
    match dotted {
        // The default of an option of a command; `...` says that there is none.
        "typer.Option" | "typer.Argument" => {
            let default = args.get(0, "default")?;
            let is_data = |atom: &Atom| matches!(atom, Atom::Text(_) | Atom::Int(_) | Atom::Bool(_));
            let reason = || HoleReason::Parameter("an option".into());
            default.atoms().iter().all(is_data).then(|| with_default(cx, reason(), default))
        }
        "click.option" | "click.argument" => Some(option(cx, args)),
        "fastapi.Depends" | "fastapi.Security" | "fastapi.params.Depends" | "litestar.di.Provide" => {
            let provided = cx.call(&args.get(0, "dependency")?.clone(), &Args::unknown());
            // A generator gives what it yields first.
            Some(provided.map(
                |atom| match atom {
                    Atom::List(list) => list.element(),
                    _ => atom.clone().into(),
                },
                |hole| Value::unknown((**hole).clone()),
            ))
        }
        _ => None,
    }
}

/// `click.option("--bucket", default="artifacts")`: a decorator that says what a parameter holds unless the
/// command line says something else.
fn option(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let flags: Vec<String> = args.positional.iter().flat_map(|flag| known_strings(flag).0).collect();
    let long = flags.iter().find(|flag| !flag.starts_with('-'));
    let long = long.or_else(|| flags.iter().find(|flag| flag.starts_with("--"))).or_else(|| flags.first());
    let name = long.map(|flag| flag.trim_start_matches('-').replace('-', "_").to_lowercase());
    let is_set = |value: &&Value| !value.is_bottom() && value.atoms() != [Atom::Null];
    match (name, args.named("default").filter(is_set)) {
        (Some(name), Some(default)) => {
            let value = with_default(cx, HoleReason::Parameter(name.as_str().into()), default);
            Value::library(kind::OPTION, &name, vec![("default", value)])
        }
        _ => foreign("click.option"),
    }
}

/// Under what the options of a command are remembered.
fn slot(function: &Atom) -> Option<String> {
    match function {
        Atom::Function(closure) => Some(format!("options {} {}", closure.file.0, closure.func.index())),
        _ => None,
    }
}

/// An option decorates a function.
pub(crate) fn decorate(cx: &mut Cx<'_, '_>, option: &LibraryValue, args: &Args) -> Value {
    let function = args.positional.first().cloned().unwrap_or_default();
    for slot in function.atoms().iter().filter_map(slot) {
        let option = dict_of(&[(&option.name, option.field("default"))]);
        cx.remember(&slot, &option.into());
    }
    function
}

/// What the options of a command are, where code has said so.
pub(crate) fn options(cx: &mut Cx<'_, '_>, function: &Atom) -> Option<Args> {
    let remembered = cx.recall_if_set(&slot(function)?);
    let mut all = Dict::default();
    for atom in remembered.atoms() {
        if let Atom::Dict(options) = atom {
            all.update(options);
        }
    }
    let named = |(name, value): (&Text, &Value)| {
        Some(NamedArg { name: name.to_literal()?.into(), value: value.clone(), maybe: false })
    };
    let named: Vec<NamedArg> =
        all.entries.iter().map(|entry| (&entry.key, &entry.value)).filter_map(named).collect();
    (!named.is_empty()).then(|| Args { named, ..Args::unknown() })
}
