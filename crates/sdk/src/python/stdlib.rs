//! The standard library as far as it makes names or hands on values: `os`, `json`, `functools`,
//! `contextlib`, `copy`, `itertools`, `pathlib`, `collections`. Concurrency has a file of its own.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, LibraryValue, List, Value};

use super::foreign::foreign;
use super::strings::{after_last, before_last};
use super::{Python, arguments, builtins, kind, paths};
use crate::shared::{each_text, json};

impl Python<'_> {
    /// Calls something of the standard library; nothing when it does not matter here.
    pub(crate) fn call_stdlib(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let first = args.positional.first();
        Some(match dotted {
            "os.getenv" | "os.environ.get" | "os.environ.setdefault" | "os.environ.pop" => {
                let default = args.get(1, "default");
                self.shared.environment_variable(cx, args.get(0, "key")?, default)
            }
            "os.environ.__getitem__" => self.shared.environment_variable(cx, first?, None),
            "os.environ.copy" => Atom::External(perm_infer_analysis::External::new("os", "environ")).into(),
            "os.path.join" | "posixpath.join" => {
                let text = paths::text_of(cx, first?);
                paths::join_texts(cx, text, &args.positional[1..])
            }
            "os.path.basename" | "os.path.dirname" => {
                let text = paths::text_of(cx, first?);
                let is_name = dotted.ends_with("basename");
                each_text(&text, |text| {
                    Atom::Text(if is_name { after_last(text, "/") } else { before_last(text, "/") }).into()
                })
            }
            "os.path.abspath" | "os.path.realpath" | "os.path.normpath" | "os.path.expanduser" => {
                cx.unknown(HoleReason::Computed)
            }
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PurePosixPath" | "pathlib.PosixPath" => {
                let text = match first {
                    Some(first) => paths::text_of(cx, first),
                    None => Value::text(".", None),
                };
                let rest = args.positional.get(1..).unwrap_or_default();
                paths::path(paths::join_texts(cx, text, rest))
            }
            "json.loads" | "json.load" => self.parse_json(cx, dotted, args),
            "json.dumps" => cx.unknown(HoleReason::Result("json.dumps".into())),
            "copy.copy" | "copy.deepcopy" | "typing.cast" => match dotted {
                "typing.cast" => args.positional.get(1)?.clone(),
                _ => first?.clone(),
            },
            "functools.partial" | "functools.partialmethod" => partial(args)?,
            "functools.lru_cache"
            | "functools.cache"
            | "functools.cached_property"
            | "functools.singledispatch" => transparent(args),
            "functools.wraps" | "functools.update_wrapper" => {
                Value::library(kind::TRANSPARENT, dotted, Vec::new())
            }
            "functools.reduce" => {
                let element = cx.element(args.positional.get(1)?);
                cx.call(first?, &Args::of(vec![element.clone(), element.clone()])).joined(&element)
            }
            "contextlib.contextmanager" | "contextlib.asynccontextmanager" => transparent(args),
            "contextlib.closing" | "contextlib.aclosing" | "contextlib.nullcontext" => first?.clone(),
            "operator.attrgetter" | "operator.itemgetter" | "operator.methodcaller" => foreign(dotted),
            "itertools.chain" | "itertools.chain.from_iterable" => chained(cx, dotted, args),
            "itertools.islice" | "itertools.cycle" | "itertools.batched" | "itertools.tee" => {
                Value::list_of(cx.element(first?))
            }
            "itertools.product" => {
                let tuple = args.positional.iter().map(|value| cx.element(value)).collect();
                Value::list_of(Value::list(tuple))
            }
            "itertools.starmap" => {
                let element = cx.element(args.positional.get(1)?);
                Value::list_of(cx.call(first?, &arguments::from_values(Some(&element), None)))
            }
            "collections.OrderedDict" => self.call_builtin(cx, "dict", args)?,
            "collections.defaultdict" => {
                let rest = first.map(|factory| cx.call(factory, &Args::of(Vec::new())));
                Dict::new(Vec::new(), rest).into()
            }
            "collections.deque" | "queue.Queue" => builtins::list(cx, first),
            "collections.ChainMap" => {
                let mut dict = Dict::default();
                for value in args.positional.iter().rev() {
                    dict = super::containers::merged(cx, &dict, value);
                }
                dict.into()
            }
            "types.SimpleNamespace" | "argparse.Namespace" => Value::from(crate::shared::named_args(args)),
            "string.Template" => return None,
            "urllib.parse.unquote_plus"
            | "urllib.parse.unquote"
            | "urllib.parse.quote"
            | "urllib.parse.quote_plus" => quoted(dotted, first?),
            "enum.auto" => cx.unknown(HoleReason::Computed),
            "typing.NewType" | "typing.TypeVar" => return None,
            _ => return None,
        })
    }

    fn parse_json(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Value {
        let unknown = cx.unknown(HoleReason::Result(dotted.into()));
        if dotted == "json.load" {
            return unknown;
        }
        let Some(source) = args.get(0, "s") else { return unknown };
        let site = cx.site();
        let known = |atom: &Atom| match atom {
            Atom::Text(text) => json::parsed(text, site).unwrap_or_else(|| unknown.clone()),
            _ => unknown.clone(),
        };
        source.map(known, |_| unknown.clone())
    }

    /// Calls what `functools.partial` made.
    pub(crate) fn call_partial(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Value {
        let first = arguments::from_values(value.field("args"), value.field("named"));
        let callee = value.field("callee").cloned().unwrap_or_default();
        cx.call(&callee, &arguments::chained(first, args))
    }
}

fn partial(args: &Args) -> Option<Value> {
    let callee = args.positional.first()?.clone();
    let (positional, named) = arguments::to_values(&args.skip(1));
    Some(Value::library(
        kind::PARTIAL,
        "functools.partial",
        vec![("callee", callee), ("args", positional), ("named", named)],
    ))
}

/// A decorator with or without arguments of its own.
fn transparent(args: &Args) -> Value {
    match args.positional.first() {
        Some(function)
            if function.atoms().iter().any(|atom| matches!(atom, Atom::Function(_) | Atom::Class(_))) =>
        {
            function.clone()
        }
        _ => Value::library(kind::TRANSPARENT, "decorator", Vec::new()),
    }
}

fn chained(cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Value {
    let lists: Vec<Value> = match args.positional.as_slice() {
        [only] if dotted.ends_with("from_iterable") => vec![cx.element(only)],
        values => values.to_vec(),
    };
    let mut result = List::default();
    for list in &lists {
        result = super::containers::extended(cx, &result, list);
    }
    if dotted.ends_with("from_iterable") {
        return Value::list_of(result.element());
    }
    result.into()
}

/// Percent-encoding leaves letters, digits and `_.-~/` alone, decoding everything but `%` and `+`; a text of
/// others is computed.
fn quoted(dotted: &str, value: &Value) -> Value {
    let is_plus = dotted.ends_with("quote_plus");
    let plain = |c: char| match dotted.contains(".unquote") {
        true => c != '%' && (c != '+' || !is_plus),
        false => c.is_ascii_alphanumeric() || "_.-~".contains(c) || (c == '/' && !is_plus),
    };
    each_text(value, |text| {
        let unchanged =
            text.parts().iter().filter_map(|part| part.literal()).all(|part| part.chars().all(plain));
        if unchanged { Atom::Text(text.clone()).into() } else { Atom::Text(crate::shared::computed()).into() }
    })
}
