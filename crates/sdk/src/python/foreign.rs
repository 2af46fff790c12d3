//! Values of libraries that have nothing to do with AWS: `requests`, `redis`, `sqlalchemy`, mocks. All
//! that is reached from one is the same foreign value, so that a method name on it never passes for
//! an SDK call. Functions that are handed to such a library are called.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Value};

use super::{Python, arguments, kind};

/// A foreign value; `origin` is what gave it, for messages.
pub(crate) fn foreign(origin: &str) -> Value {
    Value::library(kind::FOREIGN, origin, Vec::new())
}

/// Names of libraries for one and the same object.
const SAME: &[(&str, &str)] = &[
    ("flask.current_app", "flask.Flask"),
    ("fastapi.applications.FastAPI", "fastapi.FastAPI"),
    ("starlette.applications.Starlette", "fastapi.FastAPI"),
];

/// Objects of libraries that are reached from another one.
const REACHED: &[(&str, &str, &str)] = &[
    ("fastapi.Request", "app", "fastapi.FastAPI"),
    ("fastapi.WebSocket", "app", "fastapi.FastAPI"),
    ("starlette.requests.Request", "app", "fastapi.FastAPI"),
];

/// Under what an attribute is remembered that code sets on objects of a library: `flask.g.client`,
/// `app.state.client`, `threading.local().client`.
fn slot(origin: &str, name: &str) -> String {
    let is_part =
        |own: &str| origin.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let origin = SAME.iter().find(|(own, _)| is_part(own)).map_or(origin, |(_, other)| other);
    format!("attribute {origin} {name}")
}

/// `object.name = value`
pub(crate) fn assign(cx: &mut Cx<'_, '_>, origin: &str, name: &str, value: &Value) {
    cx.remember(&slot(origin, name), value);
}

/// `object.name`, where code sets that somewhere.
pub(crate) fn assigned(cx: &mut Cx<'_, '_>, origin: &str, name: &str) -> Option<Value> {
    let value = cx.recall_if_set(&slot(origin, name));
    (!value.is_bottom()).then_some(value)
}

/// `object.name` of something foreign.
pub(crate) fn attribute(cx: &mut Cx<'_, '_>, object: &LibraryValue, name: &str) -> Value {
    if let Some((_, _, reached)) =
        REACHED.iter().find(|(origin, own, _)| *origin == &*object.name && *own == name)
    {
        return foreign(reached);
    }
    assigned(cx, &object.name, name).unwrap_or_else(|| foreign(&object.name))
}

impl Python<'_> {
    /// Calling something foreign.
    pub(crate) fn foreign_call(&self, cx: &mut Cx<'_, '_>, origin: &str, args: &Args) -> Value {
        if let Some(decorated) = decorated(args) {
            return decorated;
        }
        self.consume(cx, args);
        arguments::call_back(cx, args);
        foreign(origin)
    }

    /// A method of a foreign value.
    pub(crate) fn foreign_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        match name {
            // `contextlib.ExitStack` and `AsyncExitStack`: enters its argument.
            "enter_context" | "enter_async_context" => {
                let Some(manager) = args.positional.first() else { return foreign(&value.name) };
                self.entered(cx, manager)
            }
            // Task groups, event loops and nurseries: what they are given runs, and its result is
            // what waiting for it gives.
            "create_task" | "run_until_complete" | "ensure_future"
                if args.positional.len() == 1 && decorated(args).is_none() =>
            {
                args.positional[0].clone()
            }
            _ => self.foreign_call(cx, &value.name, args),
        }
    }

    /// What entering a context manager gives.
    fn entered(&self, cx: &mut Cx<'_, '_>, manager: &Value) -> Value {
        let mut result = Value::bottom();
        for atom in manager.atoms() {
            match atom {
                Atom::List(list) => result.join(&list.element()),
                Atom::Instance(_) => {
                    let entered = cx.call_method(&atom.clone().into(), "__enter__", &Args::of(Vec::new()));
                    result.join(&entered)
                }
                _ => result.join(&atom.clone().into()),
            };
        }
        result.joined(&manager.without(|_| true))
    }

    /// A library that is handed a collection reads it.
    fn consume(&self, cx: &mut Cx<'_, '_>, args: &Args) {
        let values: Vec<Value> = args.values().cloned().collect();
        for atom in values.iter().flat_map(Value::atoms) {
            if let Atom::Library(value) = atom
                && value.kind == kind::COLLECTION
            {
                self.collection_element(cx, value);
            }
        }
    }
}

/// The function or class that a call with nothing else decorates. A decorator that the project does not
/// define is transparent.
fn decorated(args: &Args) -> Option<Value> {
    let ([only], true, true) = (args.positional.as_slice(), args.named.is_empty(), args.rest.is_none())
    else {
        return None;
    };
    let callable = |atom: &Atom| matches!(atom, Atom::Function(_) | Atom::Class(_));
    (!only.is_bottom() && !only.is_open() && only.atoms().iter().all(callable)).then(|| only.clone())
}
