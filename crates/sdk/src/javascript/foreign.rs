//! Values of libraries that have nothing to do with AWS: `axios`, `ioredis`, `express`, mocks. All that
//! is reached from one is the same foreign value, so that a method name on it never passes for an SDK
//! call. Functions that are handed to such a library are called.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Value};

use super::names::Name;
use super::{Javascript, functions, kind};

/// A foreign value; `origin` is what gave it, for messages.
pub(crate) fn foreign(origin: &str) -> Value {
    Value::library(kind::FOREIGN, origin, Vec::new())
}

impl Javascript<'_> {
    /// Calling a name of a library that nothing else knows, also with `new`.
    pub(crate) fn foreign_call(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Value {
        if let Some(wrapped) = wrapped(name, args) {
            return wrapped;
        }
        if let Some(response) = self.command_among(cx, args) {
            return response;
        }
        if let Some(only) = only_function(args) {
            // What wraps a function gives it back, or what it gives (`useMemo`, `retry`).
            return result_without_arguments(cx, args).map_or(only.clone(), |result| only.joined(&result));
        }
        let result = result_without_arguments(cx, args);
        functions::call_back(cx, args);
        let own = foreign(if name.module.is_empty() { name.path } else { name.module });
        result.map_or(own.clone(), |result| own.joined(&result))
    }

    /// A method of a foreign value.
    pub(crate) fn foreign_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        if name == "send"
            && !is_mock(&value.name)
            && let Some(response) = self.send_commands(cx, args)
        {
            return response;
        }
        if let Some(result) = self.injection_method(cx, value, name, args) {
            return result;
        }
        let result = result_without_arguments(cx, args).filter(|_| !is_mock(&value.name));
        functions::call_back(cx, args);
        let own = foreign(&value.name);
        result.map_or(own.clone(), |result| own.joined(&result))
    }

    /// A client and a command that are handed over together are sent.
    fn command_among(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Option<Value> {
        let holds = |wanted: &[&str]| {
            let of_kind = |atom: &Atom| matches!(atom, Atom::Library(value) if wanted.contains(&value.kind));
            args.positional.iter().position(|arg| arg.atoms().iter().any(of_kind))
        };
        holds(kind::CLIENTS)?;
        let command = holds(&[kind::COMMAND])?;
        self.send_commands(cx, &args.skip(command))
    }
}

/// Mocks record what they are told and send nothing.
fn is_mock(origin: &str) -> bool {
    ["mock", "jest", "sinon", "vitest", "stub"].iter().any(|word| origin.contains(word))
}

/// A client that is handed to a function and nothing else comes back instrumented.
fn wrapped(name: Name<'_>, args: &Args) -> Option<Value> {
    let is_function = name.last().starts_with(|first: char| first.is_ascii_lowercase());
    let ([only], true) = (args.positional.as_slice(), is_function && !is_mock(name.module)) else {
        return None;
    };
    let is_client = |atom: &Atom| match atom {
        Atom::Library(value) => kind::CLIENTS.contains(&value.kind),
        Atom::External(external) => Name::of(external) == (Name { module: "aws-sdk", path: "" }),
        _ => false,
    };
    (!only.atoms().is_empty() && only.atoms().iter().all(is_client)).then(|| only.clone())
}

/// What the only function among the arguments gives, if it takes no arguments: then it gives the same to
/// whoever calls it. Values that say nothing of AWS are left out.
fn result_without_arguments(cx: &mut Cx<'_, '_>, args: &Args) -> Option<Value> {
    let mut functions = args.positional.iter().filter(|value| functions::holds_function(value));
    let (function, None) = (functions.next()?.clone(), functions.next()) else { return None };
    let function = function.single().filter(|function| cx.parameters(function) == Some(0))?.clone();
    let result = cx.call(&function.into(), &Args::of(Vec::new()));
    let telling = result.without(|atom| !matches!(atom, Atom::Library(value) if value.kind != kind::FOREIGN));
    let telling = telling.closed();
    (!telling.is_bottom()).then_some(telling)
}

/// The function that a call wraps: its only argument, or the first when no other is a function.
fn only_function(args: &Args) -> Option<Value> {
    let callable = |value: &Value| {
        let atoms = value.atoms();
        !atoms.is_empty()
            && !value.is_open()
            && atoms.iter().all(|atom| matches!(atom, Atom::Function(_) | Atom::Class(_)))
    };
    let (first, others) = args.positional.split_first()?;
    let others_hold_functions = others.iter().any(functions::holds_function);
    (callable(first) && !others_hold_functions).then(|| first.clone())
}
