//! Functions as values: `bind`, `call`, `apply`, callbacks in their forms, `util.promisify`.

use std::sync::Arc;

use perm_infer_analysis::{Args, Atom, Closure, Cx, LibraryValue, List, Outcome, Value};

use super::{Javascript, kind};

/// How deep containers are searched for functions (options, tables of handlers).
const MAX_DEPTH: usize = 3;

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

/// Whether a value holds a function that a library could call.
pub(crate) fn holds_function(value: &Value) -> bool {
    let mut functions = Value::bottom();
    collect_functions(value, &mut functions, 0);
    !functions.is_bottom()
}

fn collect_functions(value: &Value, found: &mut Value, depth: usize) {
    for atom in value.atoms() {
        match atom {
            Atom::List(list) if depth < MAX_DEPTH => collect_functions(&list.element(), found, depth + 1),
            Atom::Dict(dict) if depth < MAX_DEPTH => collect_functions(&dict.element(), found, depth + 1),
            atom if is_callable(atom) => {
                found.join(&atom.clone().into());
            }
            _ => {}
        }
    }
}

/// Whether every function has a member of this name, or may be a promise of one.
pub(crate) fn is_own_member(name: &str) -> bool {
    matches!(
        name,
        "apply"
            | "bind"
            | "call"
            | "caller"
            | "arguments"
            | "constructor"
            | "length"
            | "name"
            | "prototype"
            | "toString"
            | "then"
            | "catch"
            | "finally"
    )
}

/// Functions, methods of clients that are handed over, and what the models make of them.
pub(crate) fn is_callable(atom: &Atom) -> bool {
    match atom {
        Atom::Function(_) => true,
        Atom::Method(object, _) => {
            matches!(&**object, Atom::Library(value) if value.kind != kind::FOREIGN)
        }
        Atom::Library(value) => kind::FUNCTIONS.contains(&value.kind),
        _ => false,
    }
}

/// The callback that a call ends with.
pub(crate) fn last_callback(args: &Args) -> Option<&Value> {
    args.positional.last().filter(|value| value.atoms().iter().any(is_callable))
}

/// Calls a callback of Node's form with a result. The error is there on some paths.
pub(crate) fn call_with_result(cx: &mut Cx<'_, '_>, callback: &Value, result: &Value) {
    let error = maybe_error(cx);
    cx.call(callback, &Args::of(vec![error, result.clone()]));
}

/// No error, or an error of which nothing is known.
fn maybe_error(cx: &Cx<'_, '_>) -> Value {
    Value::from(Atom::Null).joined(&cx.unknown(perm_infer_analysis::HoleReason::Result("error".into())))
}

/// The elements of a list as the arguments of a call.
fn spread(list: &Value) -> Args {
    let mut args = Args::of(Vec::new());
    match list.single() {
        Some(Atom::List(list)) => {
            args.positional.clone_from(&list.items);
            args.rest.clone_from(&list.rest);
        }
        Some(Atom::Null) => {}
        _ if list.is_bottom() => {}
        _ => args = Args::unknown(),
    }
    args
}

/// A function with a receiver, unless it has one.
fn with_receiver(function: &Atom, receiver: Option<&Value>) -> Atom {
    match (function, receiver) {
        (Atom::Function(closure), Some(receiver)) if closure.receiver.is_none() => {
            let bound = Closure { receiver: Some(receiver.clone()), ..(**closure).clone() };
            Atom::Function(Arc::new(bound))
        }
        _ => function.clone(),
    }
}

impl Javascript<'_> {
    /// A method of a function or of a method that was not called.
    pub(crate) fn function_method(
        &self,
        cx: &mut Cx<'_, '_>,
        function: &Atom,
        name: &str,
        args: &Args,
    ) -> Option<Outcome> {
        let receiver = args.positional.first();
        let result = match name {
            "bind" => {
                let bound = with_receiver(function, receiver);
                let further = args.skip(1);
                if further.positional.is_empty() && further.rest.is_none() {
                    bound.into()
                } else {
                    let list = List::new(further.positional, further.rest);
                    Value::library(
                        kind::BOUND,
                        "bound",
                        vec![("callee", bound.into()), ("args", list.into())],
                    )
                }
            }
            "call" => cx.call(&with_receiver(function, receiver).into(), &args.skip(1)),
            "apply" => {
                let further = args.positional.get(1).map_or_else(|| Args::of(Vec::new()), spread);
                cx.call(&with_receiver(function, receiver).into(), &further)
            }
            "promise" if matches!(function, Atom::Method(..)) => return None,
            // A wrapper that gave its argument back (`middy(handler).use(...)`): so do its methods.
            _ if matches!(function, Atom::Function(_)) => {
                call_back(cx, args);
                function.clone().into()
            }
            _ => return None,
        };
        Some(result.into())
    }

    /// Calling what `bind` gave with arguments.
    pub(crate) fn call_bound(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Option<Value> {
        let mut all = spread(value.field("args")?);
        all.positional.extend(args.positional.iter().cloned());
        all.complete &= args.complete;
        match (&mut all.rest, &args.rest) {
            (Some(rest), Some(more)) => {
                rest.join(more);
            }
            (None, more) => all.rest.clone_from(more),
            _ => {}
        }
        let callee = value.field("callee")?.clone();
        Some(cx.call(&callee, &all))
    }

    /// Calling what `util.promisify` gave: the function gets a callback, whose second argument is the
    /// result.
    pub(crate) fn call_promisified(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        args: &Args,
    ) -> Option<Value> {
        let callee = value.field("callee")?.clone();
        let methods = callee.without(|atom| !matches!(atom, Atom::Method(..)));
        if !methods.atoms().is_empty() {
            // Methods of clients give their response without a callback too.
            return Some(cx.call(&callee, args));
        }
        let (callback, key) = self.resolver(cx, "callback");
        let mut all = args.clone();
        all.positional.push(callback);
        cx.call(&callee, &all);
        Some(self.resolved(cx, &key))
    }
}
