//! Responses of operations. Most of what is in them is unknown; the names that follow from the request
//! are not, so a response remembers its request.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};
use perm_infer_catalog::Operation;

use super::{Python, kind};
use crate::shared::{Derived, credentials, derived, role_of_response};

/// The response of an operation to these parameters.
pub(crate) fn response(operation: Operation, params: Value) -> Value {
    at(&operation_name(operation), params, "")
}

/// `service:Operation`
pub(crate) fn operation_name(operation: Operation) -> String {
    format!("{}:{}", operation.service().name(), operation.name())
}

fn at(operation: &str, params: Value, path: &str) -> Value {
    Value::library(kind::RESPONSE, operation, vec![("params", params), ("path", Value::text(path, None))])
}

impl Python<'_> {
    /// The operation that `service:Operation` names.
    pub(crate) fn operation(&self, name: &str) -> Option<Operation> {
        let (service, operation) = name.split_once(':')?;
        self.shared.catalog.service(service)?.operation(operation)
    }

    /// `response[index]`
    pub(crate) fn response_index(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, index: &Value) -> Value {
        let path = value.field("path").and_then(Value::as_str).unwrap_or_default();
        match index.single() {
            Some(Atom::Int(_)) => self.response_at(cx, value, &format!("{path}[]")),
            Some(Atom::Text(key)) => match key.to_literal() {
                Some(key) if path.is_empty() => self.response_at(cx, value, &key),
                Some(key) => self.response_at(cx, value, &format!("{path}.{key}")),
                None => self.response_unknown(cx, value),
            },
            _ => self.response_unknown(cx, value),
        }
    }

    /// What a loop over a part of a response gives.
    pub(crate) fn response_element(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Value {
        let path = value.field("path").and_then(Value::as_str).unwrap_or_default();
        self.response_at(cx, value, &format!("{path}[]"))
    }

    fn response_at(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, path: &str) -> Value {
        let Some(operation) = self.operation(&value.name) else { return self.response_unknown(cx, value) };
        let params = value.field("params").cloned().unwrap_or_default();
        if let Some(role) = role_of_response(cx, operation, &params) {
            return match path {
                "Credentials" => at(&value.name, params, path),
                _ if path.starts_with("Credentials.") => credentials(&role),
                _ => self.response_unknown(cx, value),
            };
        }
        match derived(cx, operation, path, &params) {
            Derived::Text(text) => text,
            Derived::Inside => at(&value.name, params, path),
            Derived::Nothing => self.response_unknown(cx, value),
        }
    }

    /// A part of a response of which nothing is known.
    pub(crate) fn response_unknown(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Value {
        let name = match self.operation(&value.name) {
            Some(operation) => format!("{}.{}", operation.service().name(), operation.method()),
            None => value.name.to_string(),
        };
        cx.unknown(HoleReason::Result(name.into()))
    }

    /// Responses are dictionaries.
    pub(crate) fn response_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match name {
            "get" | "pop" | "setdefault" => {
                let key = args.get(0, "key").cloned().unwrap_or_default();
                let mut result = self.response_index(cx, value, &key);
                if let Some(default) = args.positional.get(1) {
                    // An empty default adds nothing to what is in the list.
                    result.join(&default.without(is_empty));
                }
                Some(result)
            }
            "copy" => Some(Atom::Library(std::sync::Arc::new(value.clone())).into()),
            _ => Some(self.response_unknown(cx, value)),
        }
    }
}

fn is_empty(atom: &Atom) -> bool {
    match atom {
        Atom::List(list) => list.items.is_empty() && list.rest.is_none(),
        Atom::Dict(dict) => dict.entries.is_empty() && dict.rest.is_none(),
        Atom::Null => true,
        _ => false,
    }
}
