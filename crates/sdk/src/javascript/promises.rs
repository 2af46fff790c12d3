//! Promises. A promise and what it resolves to are one value, so awaiting gives the value itself,
//! `then` calls its callback with it at once, and `Promise.all` is the list it is given.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, List, Value};

use super::functions::call_back;
use super::{Javascript, kind};
use crate::shared::dict_of;

/// Whether this is a method of promises.
pub(crate) fn is_method(name: &str) -> bool {
    matches!(name, "then" | "catch" | "finally")
}

/// A method of a promise that resolves to `value`.
pub(crate) fn method(cx: &mut Cx<'_, '_>, value: &Value, name: &str, args: &Args) -> Value {
    let error = || Args::of(vec![]);
    match name {
        "then" => {
            let mut result = match args.positional.first() {
                Some(callback) if !is_nothing(callback) => cx.call(callback, &Args::of(vec![value.clone()])),
                _ => value.clone(),
            };
            if let Some(on_error) = args.positional.get(1) {
                let unknown = cx.unknown(HoleReason::Result("error".into()));
                result.join(&cx.call(on_error, &Args::of(vec![unknown])));
            }
            result
        }
        "catch" => match args.positional.first() {
            Some(callback) => {
                let unknown = cx.unknown(HoleReason::Result("error".into()));
                let recovered = cx.call(callback, &Args::of(vec![unknown]));
                // What a handler gives that only reports is no result.
                value.clone().joined(&recovered.without(|atom| matches!(atom, Atom::Null)))
            }
            None => value.clone(),
        },
        _ => {
            if let Some(callback) = args.positional.first() {
                cx.call(callback, &error());
            }
            value.clone()
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    !value.is_bottom() && !value.is_open() && value.atoms().iter().all(|atom| matches!(atom, Atom::Null))
}

impl Javascript<'_> {
    /// `Promise.name(args)`
    pub(crate) fn promise_function(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Value {
        let first = args.positional.first().cloned().unwrap_or_default();
        match name {
            "all" => first
                .map(
                    |atom| match atom {
                        Atom::List(_) => atom.clone().into(),
                        _ => Value::bottom(),
                    },
                    |hole| Value::unknown((**hole).clone()),
                )
                .joined(&self.as_list(cx, &first.without(|atom| matches!(atom, Atom::List(_))).closed())),
            "allSettled" => {
                let settle = |value: &Value| {
                    let status = Value::text("fulfilled", None).joined(&Value::text("rejected", None));
                    Value::from(dict_of(&[("status", Some(&status)), ("value", Some(value))]))
                };
                first.map(
                    |atom| match atom {
                        Atom::List(list) => {
                            let items = list.items.iter().map(settle).collect();
                            List::new(items, list.rest.as_ref().map(settle)).into()
                        }
                        _ => Value::list_of(settle(&Value::bottom())),
                    },
                    |hole| Value::list_of(settle(&Value::unknown((**hole).clone()))),
                )
            }
            "race" | "any" => cx.element(&first),
            "resolve" if args.positional.is_empty() => Atom::Null.into(),
            "resolve" | "try" => first,
            // Nothing comes out of it but an error.
            "reject" => Value::bottom(),
            _ => {
                call_back(cx, args);
                cx.unknown(HoleReason::Result(format!("Promise.{name}").into()))
            }
        }
    }

    /// Something that can be looped over, as a list of any length.
    fn as_list(&self, cx: &mut Cx<'_, '_>, iterable: &Value) -> Value {
        if iterable.is_bottom() { Value::bottom() } else { Value::list_of(cx.element(iterable)) }
    }

    /// `new Promise(executor)`
    pub(crate) fn new_promise(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let Some(executor) = args.positional.first() else { return Atom::Null.into() };
        let (resolve, key) = self.resolver(cx, "resolve");
        let reject = Value::library(kind::TRANSPARENT, "reject", Vec::new());
        cx.call(executor, &Args::of(vec![resolve, reject]));
        self.resolved(cx, &key)
    }

    /// A function that remembers what it is called with; `form` is `resolve` (the first argument) or
    /// `callback` (the second). With the name under which the value is remembered.
    pub(crate) fn resolver(&self, cx: &mut Cx<'_, '_>, form: &str) -> (Value, String) {
        let key = format!("{form}:{}", cx.identity());
        (Value::library(kind::RESOLVER, &key, Vec::new()), key)
    }

    /// What a resolver was called with.
    pub(crate) fn resolved(&self, cx: &mut Cx<'_, '_>, key: &str) -> Value {
        cx.recall(key)
    }

    /// Calling a resolver.
    pub(crate) fn call_resolver(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Value {
        let position = usize::from(value.name.starts_with("callback"));
        let result = match args.at(position) {
            Some(value) => value.clone(),
            None if args.complete => Atom::Null.into(),
            None => cx.unknown(HoleReason::Result("a callback".into())),
        };
        cx.remember(&value.name, &result);
        Atom::Null.into()
    }
}
