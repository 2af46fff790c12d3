//! Arguments as values and back: for calls that are prepared in one place and made in another
//! (`functools.partial`, `Thread(target=f, args=(a,), kwargs={})`).

use perm_infer_analysis::{Args, Atom, Cx, List, NamedArg, Value};

use crate::shared::named_args;

/// The arguments from a list of positional ones and a dictionary of named ones.
pub(crate) fn from_values(list: Option<&Value>, dict: Option<&Value>) -> Args {
    let mut args = Args { complete: true, ..Args::default() };
    if let Some(list) = list {
        match list.single() {
            Some(Atom::List(list)) => {
                args.positional.clone_from(&list.items);
                args.rest.clone_from(&list.rest);
            }
            _ => args.rest = Some(element(list)),
        }
    }
    if let Some(dict) = dict {
        match dict.single() {
            Some(Atom::Dict(dict)) => {
                for entry in &dict.entries {
                    match entry.key.to_literal() {
                        Some(name) => args.named.push(NamedArg {
                            name: name.into(),
                            value: entry.value.clone(),
                            maybe: entry.maybe,
                        }),
                        None => {
                            args.named_rest.get_or_insert_default().join(&entry.value);
                        }
                    }
                }
                if let Some(rest) = &dict.rest {
                    args.named_rest.get_or_insert_default().join(rest);
                }
            }
            _ => args.named_rest = Some(element(dict)),
        }
    }
    args
}

/// The positional arguments as a list and the named ones as a dictionary.
pub(crate) fn to_values(args: &Args) -> (Value, Value) {
    (List::new(args.positional.clone(), args.rest.clone()).into(), named_args(args).into())
}

/// `first` and then `second`, whose named arguments win.
pub(crate) fn chained(first: Args, second: &Args) -> Args {
    let mut args = first;
    if args.rest.is_none() {
        args.positional.extend(second.positional.iter().cloned());
        args.rest.clone_from(&second.rest);
    } else {
        let rest = args.rest.get_or_insert_default();
        for value in second.positional.iter().chain(&second.rest) {
            rest.join(value);
        }
    }
    for arg in &second.named {
        args.named.retain(|own| own.name != arg.name);
        args.named.push(arg.clone());
    }
    if let Some(rest) = &second.named_rest {
        args.named_rest.get_or_insert_default().join(rest);
    }
    args.complete &= second.complete;
    args
}

/// All elements of the containers in a value.
fn element(value: &Value) -> Value {
    value.map(
        |atom| match atom {
            Atom::List(list) => list.element(),
            Atom::Dict(dict) => dict.element(),
            _ => Value::bottom(),
        },
        |hole| Value::unknown((**hole).clone()),
    )
}

/// Calls every function among the arguments, as a library would that nobody has looked into.
pub(crate) fn call_back(cx: &mut Cx<'_, '_>, args: &Args) {
    let mut functions = Value::bottom();
    for value in args.values() {
        collect_functions(value, &mut functions, 0);
    }
    if !functions.is_bottom() {
        cx.call(&functions, &Args::unknown());
    }
}

/// How deep containers are searched for functions (options, tables of handlers).
const MAX_DEPTH: usize = 3;

fn collect_functions(value: &Value, found: &mut Value, depth: usize) {
    for atom in value.atoms() {
        match atom {
            Atom::Function(_) => {
                found.join(&atom.clone().into());
            }
            // `client.delete_item` handed over.
            Atom::Method(object, _) if matches!(&**object, Atom::Library(_)) => {
                found.join(&atom.clone().into());
            }
            Atom::Library(value) if value.kind == super::kind::PARTIAL => {
                found.join(&atom.clone().into());
            }
            Atom::List(list) if depth < MAX_DEPTH => collect_functions(&list.element(), found, depth + 1),
            Atom::Dict(dict) if depth < MAX_DEPTH => collect_functions(&dict.element(), found, depth + 1),
            _ => {}
        }
    }
}
