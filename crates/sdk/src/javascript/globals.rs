//! Globals of JavaScript and of Node.js: conversions, collections, timers, `process.env`.

use perm_infer_analysis::{Args, Atom, Cx, External, HoleReason, Value};

use super::foreign::foreign;
use super::functions::call_back;
use super::names::Name;
use super::{Javascript, arrays, injection, json, kind, objects, regex};

/// A name that nothing in the file binds. Every such name is a global of the language, of the runtime
/// or of a test runner, none of which sends requests to AWS.
pub(crate) fn global(cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
    match name {
        "undefined" => Some(Atom::Null.into()),
        // Nothing is known of what these hold.
        "arguments" | "__dirname" | "__filename" | "NaN" | "Infinity" => {
            Some(cx.unknown(HoleReason::Undefined(name.into())))
        }
        _ => Some(Atom::External(External::new("", name)).into()),
    }
}

impl Javascript<'_> {
    /// Calling a global, also with `new`.
    pub(crate) fn call_global(&self, cx: &mut Cx<'_, '_>, path: &str, args: &Args) -> Value {
        let first = || args.positional.first().cloned().unwrap_or_default();
        if let Some((object, name)) = path.split_once('.') {
            match object {
                "Object" => return objects::object_function(cx, name, args),
                "Promise" => return self.promise_function(cx, name, args),
                "JSON" => return json::json_function(cx, name, args),
                "Array" => return array_function(cx, name, args),
                "console" => return Atom::Null.into(),
                "Symbol" if name == "for" => return injection::symbol(cx, args, true),
                _ => {}
            }
        }
        match path {
            "Promise" => self.new_promise(cx, args),
            "RegExp" => regex::expression(args),
            "Symbol" => injection::symbol(cx, args, false),
            "Map" | "WeakMap" | "URLSearchParams" => match args.positional.first() {
                Some(pairs) => objects::from_entries(cx, pairs),
                None => Value::dict(Vec::new()),
            },
            "Set" | "WeakSet" => match args.positional.first() {
                Some(items) => as_list(cx, items),
                None => Value::list(Vec::new()),
            },
            "Array" => match args.positional.as_slice() {
                [only] if only.atoms().iter().any(|atom| matches!(atom, Atom::Int(_))) || only.is_open() => {
                    Value::list_of(cx.unknown(HoleReason::Computed))
                }
                items => Value::list(items.to_vec()),
            },
            "Object" | "structuredClone" | "Proxy" => match args.positional.first() {
                Some(value) => value.clone(),
                None => Value::dict(Vec::new()),
            },
            "String" => match args.positional.first() {
                Some(value) => cx.to_text(value),
                None => Value::text("", Some(cx.site())),
            },
            // Names are compared as they are before they are encoded for a URL.
            "encodeURIComponent" | "encodeURI" | "decodeURIComponent" | "decodeURI" | "escape"
            | "unescape" => cx.to_text(&first()),
            "Boolean" => match args.at(0).and_then(arrays::truth) {
                Some(truth) => Atom::Bool(truth).into(),
                None => cx.unknown(HoleReason::Computed),
            },
            "Number" | "parseInt" | "parseFloat" | "isNaN" => cx.unknown(HoleReason::Computed),
            "setTimeout" | "setInterval" => run_later(cx, args, 2),
            "setImmediate" | "queueMicrotask" | "process.nextTick" => run_later(cx, args, 1),
            "require" => self.required(cx, args),
            _ => self.foreign_call(cx, Name { module: "", path }, args),
        }
    }

    /// `process.env.NAME`
    pub(crate) fn environment(&self, cx: &mut Cx<'_, '_>, name: &Value) -> Value {
        self.shared.environment_variable(cx, name, None)
    }

    /// `require(name)` where the call is not written as one: a function made by `createRequire`, or a
    /// name that is computed.
    pub(crate) fn required(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let mut result = Value::bottom();
        for text in args.positional.first().cloned().unwrap_or_default().texts() {
            let module = text.to_literal().map(|module| External::new(&module, ""));
            match module.filter(|module| !Name::of(module).may_be_project()) {
                Some(module) => result.join(&Atom::External(module).into()),
                None => result.join(&cx.unknown(HoleReason::Result("require".into()))),
            };
        }
        result
    }
}

/// Calls a function that a timer calls, with the arguments behind the timer's own.
fn run_later(cx: &mut Cx<'_, '_>, args: &Args, own: usize) -> Value {
    if let Some(callback) = args.positional.first() {
        let callback = callback.clone();
        cx.call(&callback, &args.skip(own));
    }
    foreign("a timer")
}

/// `Array.name(args)`
fn array_function(cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Value {
    match name {
        "of" => Value::list(args.positional.clone()),
        "isArray" => match args.positional.first().and_then(Value::single) {
            Some(Atom::List(_)) => Atom::Bool(true).into(),
            Some(Atom::Dict(_) | Atom::Text(_) | Atom::Int(_) | Atom::Bool(_) | Atom::Null) => {
                Atom::Bool(false).into()
            }
            _ => cx.unknown(HoleReason::Computed),
        },
        "from" | "fromAsync" => {
            let items = args.positional.first().cloned().unwrap_or_default();
            let list = as_list(cx, &items);
            match args.positional.get(1) {
                Some(callback) => cx.call_method(&list, "map", &Args::of(vec![callback.clone()])),
                None => list,
            }
        }
        _ => {
            call_back(cx, args);
            cx.unknown(HoleReason::Result(format!("Array.{name}").into()))
        }
    }
}

/// What a loop over the value gives, as a list.
fn as_list(cx: &mut Cx<'_, '_>, items: &Value) -> Value {
    let mut result = Value::bottom();
    for atom in items.atoms() {
        let list = match atom {
            Atom::List(_) => atom.clone().into(),
            Atom::Null => Value::list(Vec::new()),
            // `{ length: n }`, or a map.
            Atom::Dict(dict) if dict.get("length").is_some() => {
                Value::list_of(cx.unknown(HoleReason::Computed))
            }
            Atom::Dict(dict) => objects::entries(cx, dict),
            _ => Value::list_of(cx.element(&atom.clone().into())),
        };
        result.join(&list);
    }
    if let Some(hole) = items.hole() {
        result.join(&Value::list_of(Value::unknown((**hole).clone())));
    }
    result
}

/// What the arguments of a constructor of Node's `module` give.
pub(crate) fn create_require() -> Value {
    Value::library(kind::REQUIRE, "require", Vec::new())
}
