//! Python's builtins.

use perm_infer_analysis::{Args, Atom, Cx, Dict, External, HoleReason, List, Value};

use super::foreign::foreign;
use super::{Python, argparse, arguments, containers, kind, paths};
use crate::shared::{known_strings, named_args};

/// Builtin functions and types.
const NAMES: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "ConnectionError",
    "EOFError",
    "Exception",
    "FileExistsError",
    "FileNotFoundError",
    "IOError",
    "ImportError",
    "IndexError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "RecursionError",
    "RuntimeError",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "TimeoutError",
    "TypeError",
    "UnicodeDecodeError",
    "ValueError",
    "ZeroDivisionError",
    "abs",
    "all",
    "anext",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "compile",
    "complex",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "memoryview",
    "min",
    "next",
    "object",
    "oct",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "tuple",
    "type",
    "vars",
    "zip",
];

/// A name that nothing in the file binds.
pub(crate) fn global(cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
    match name {
        "__name__" | "__file__" | "__doc__" | "__package__" => {
            Some(cx.unknown(HoleReason::Undefined(name.into())))
        }
        "NotImplemented" | "Ellipsis" => Some(foreign(name)),
        _ => NAMES.binary_search(&name).is_ok().then(|| Atom::External(External::new("", name)).into()),
    }
}

impl Python<'_> {
    /// Calls a builtin.
    pub(crate) fn call_builtin(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let name = dotted.strip_prefix("builtins.").unwrap_or(dotted);
        let first = args.positional.first();
        Some(match name {
            "str" | "repr" | "bytes" | "format" => match first {
                Some(value) => paths::text_of(cx, value),
                None => Value::text("", None),
            },
            "int" => integer(cx, first),
            "dict" => dict(cx, args),
            "list" | "tuple" | "set" | "frozenset" | "iter" => list(cx, first),
            "reversed" => reversed(cx, first),
            "sorted" => self.sorted(cx, args),
            "enumerate" => enumerated(cx, first),
            "zip" => zipped(cx, args),
            "range" => Value::list_of(cx.unknown(HoleReason::Computed)),
            "map" => mapped(cx, args),
            "filter" => filtered(cx, args),
            "next" | "anext" => match first {
                Some(value) => {
                    let element = cx.element(value);
                    element.joined(&args.positional.get(1).cloned().unwrap_or_default())
                }
                None => Value::bottom(),
            },
            "max" | "min" => largest(cx, args),
            "sum" => {
                if let Some(value) = first {
                    cx.element(value);
                }
                cx.unknown(HoleReason::Computed)
            }
            "getattr" => self.get_attribute(cx, args),
            "callable" if first.is_some_and(|value| self.is_called(value)) => Atom::Bool(true).into(),
            "isinstance" | "issubclass" | "hasattr" | "callable" | "any" | "all" | "bool" => {
                if let ("any" | "all", Some(value)) = (name, first) {
                    cx.element(value);
                }
                Value::from(Atom::Bool(true)).joined(&Atom::Bool(false).into())
            }
            "print" | "setattr" | "delattr" => Atom::Null.into(),
            "vars"
                if let Some(Atom::Library(options)) = first.and_then(Value::single)
                    && options.kind == kind::OPTIONS =>
            {
                argparse::variables(cx, options)
            }
            "vars" | "globals" | "locals" => {
                Dict::new(Vec::new(), Some(cx.unknown(HoleReason::Computed))).into()
            }
            "object.__new__" => cx.allocate(first?),
            "property" => args.get(0, "fget").cloned().unwrap_or_default(),
            "classmethod" | "staticmethod" => first.cloned().unwrap_or_default(),
            "input" => cx.unknown(HoleReason::Result("input".into())),
            "len" | "abs" | "round" | "float" | "hash" | "id" | "ord" | "pow" | "divmod" | "hex" | "bin"
            | "oct" | "chr" => cx.unknown(HoleReason::Computed),
            // The others look at their arguments and call none of them.
            _ if NAMES.binary_search(&name).is_ok() => foreign(name),
            _ => return None,
        })
    }

    fn sorted(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let Some(value) = args.positional.first() else { return Value::bottom() };
        let element = cx.element(value);
        if let Some(key) = args.named("key").cloned() {
            cx.call(&key, &Args::of(vec![element.clone()]));
        }
        match value.single() {
            // An empty list stays empty.
            Some(Atom::List(list)) if list.items.is_empty() && list.rest.is_none() => value.clone(),
            _ => Value::list_of(element),
        }
    }

    /// `getattr(object, name, default)`
    fn get_attribute(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let [object, name, ..] = args.positional.as_slice() else { return Value::bottom() };
        let (names, open) = known_strings(name);
        let mut result = Value::bottom();
        for name in names {
            let value = cx.attribute(object, &name);
            result.join(&value);
        }
        if open {
            for atom in object.atoms() {
                match atom {
                    Atom::Library(client) if client.kind == kind::CLIENT => {
                        result.join(&Value::library(kind::UNKNOWN_METHOD, &client.name, Vec::new()))
                    }
                    _ => result.join(&cx.functions_of(atom)),
                };
            }
            result.join(&cx.unknown(HoleReason::Computed));
        }
        match args.positional.get(2) {
            Some(default) => result.joined(&default.without(|atom| matches!(atom, Atom::Null))),
            None => result,
        }
    }
}

fn integer(cx: &mut Cx<'_, '_>, value: Option<&Value>) -> Value {
    let Some(value) = value else { return Atom::Int(0).into() };
    value.map(
        |atom| match atom {
            Atom::Int(_) => atom.clone().into(),
            Atom::Text(text) => match text.to_literal().and_then(|text| text.trim().parse().ok()) {
                Some(number) => Atom::Int(number).into(),
                None => cx.unknown(HoleReason::Computed),
            },
            _ => cx.unknown(HoleReason::Computed),
        },
        |hole| Value::unknown((**hole).clone()),
    )
}

fn dict(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    if let [only] = args.positional.as_slice()
        && args.named.is_empty()
        && matches!(only.single(), Some(Atom::External(_) | Atom::Library(_)))
    {
        // `dict(os.environ)`, `dict(response)`
        return only.clone();
    }
    let mut dict = Dict::default();
    for value in &args.positional {
        dict = containers::merged(cx, &dict, value);
    }
    dict.update(&named_args(args));
    if let Some(rest) = &args.named_rest {
        dict.rest.get_or_insert_default().join(rest);
    }
    dict.into()
}

/// The elements of a value as a list.
pub(crate) fn list(cx: &mut Cx<'_, '_>, value: Option<&Value>) -> Value {
    let Some(value) = value else { return Value::list(Vec::new()) };
    match value.single() {
        Some(Atom::List(_)) => value.clone(),
        Some(Atom::Dict(dict)) => {
            let keys = dict.entries.iter().map(|entry| Atom::Text(entry.key.clone()).into()).collect();
            let mut rest = dict.rest.as_ref().map(|_| cx.unknown(HoleReason::Computed));
            if let Some(objects) = &dict.objects {
                rest.get_or_insert_default().join(&objects.0);
            }
            List::new(keys, rest).into()
        }
        _ => Value::list_of(cx.element(value)),
    }
}

fn reversed(cx: &mut Cx<'_, '_>, value: Option<&Value>) -> Value {
    match list(cx, value).single() {
        Some(Atom::List(list)) if list.rest.is_none() => {
            Value::list(list.items.iter().rev().cloned().collect())
        }
        Some(Atom::List(list)) => Value::list_of(list.element()),
        _ => Value::bottom(),
    }
}

fn enumerated(cx: &mut Cx<'_, '_>, value: Option<&Value>) -> Value {
    let pair = |cx: &Cx<'_, '_>, element: &Value| {
        Value::list(vec![cx.unknown(HoleReason::Computed), element.clone()])
    };
    match list(cx, value).single() {
        Some(Atom::List(list)) => {
            let items = list.items.iter().map(|item| pair(cx, item)).collect();
            List::new(items, list.rest.as_ref().map(|rest| pair(cx, rest))).into()
        }
        _ => Value::bottom(),
    }
}

fn zipped(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let mut lists = Vec::new();
    for value in &args.positional {
        if let Some(Atom::List(list)) = list(cx, Some(value)).single() {
            lists.push(list.clone());
        }
    }
    let known = lists.iter().all(|list| list.rest.is_none());
    let length = lists.iter().map(|list| list.items.len()).min().unwrap_or_default();
    if known {
        let tuple =
            |position: usize| Value::list(lists.iter().map(|list| list.items[position].clone()).collect());
        return Value::list((0..length).map(tuple).collect());
    }
    Value::list_of(Value::list(lists.iter().map(|list| list.element()).collect()))
}

/// `map(f, items)`: calls it for each known element.
pub(crate) fn mapped(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let Some((function, iterables)) = args.positional.split_first() else { return Value::bottom() };
    let tuples = zipped(cx, &Args::of(iterables.to_vec()));
    let Some(Atom::List(tuples)) = tuples.single() else { return Value::bottom() };
    let mut call = |tuple: &Value| cx.call(function, &arguments::from_values(Some(tuple), None));
    let items = tuples.items.iter().map(&mut call).collect();
    let rest = tuples.rest.as_ref().map(call);
    List::new(items, rest).into()
}

fn filtered(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let [function, iterable] = args.positional.as_slice() else { return Value::bottom() };
    let element = cx.element(iterable);
    cx.call(function, &Args::of(vec![element.clone()]));
    Value::list_of(element)
}

fn largest(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let result = match args.positional.as_slice() {
        [only] => cx.element(only),
        values => values.iter().fold(Value::bottom(), |all, value| all.joined(value)),
    };
    if let Some(key) = args.named("key").cloned() {
        cx.call(&key, &Args::of(vec![result.clone()]));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(NAMES.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
