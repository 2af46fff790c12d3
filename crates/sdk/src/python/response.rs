//! Responses of operations. Most of what is in them is unknown; the names that follow from the request
//! are not, so a response remembers its request.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};
use perm_infer_catalog::Operation;

use super::{Python, kind};
use crate::shared::{path_in_response, response_of};

/// The response of an operation to these parameters.
pub(crate) fn response(operation: Operation, params: Value) -> Value {
    response_of(kind::RESPONSE, operation, params)
}

impl Python<'_> {
    /// `response[index]`
    pub(crate) fn response_index(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, index: &Value) -> Value {
        let path = path_in_response(value);
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
        let path = path_in_response(value);
        self.response_at(cx, value, &format!("{path}[]"))
    }

    fn response_at(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, path: &str) -> Value {
        self.shared.response_part(cx, value, path).unwrap_or_else(|| self.response_unknown(cx, value))
    }

    /// A part of a response of which nothing is known.
    pub(crate) fn response_unknown(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Value {
        let name = match self.shared.operation_named(&value.name) {
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
