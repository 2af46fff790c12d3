//! Responses of operations, which are also the requests of the SDK v2: a request is performed where it
//! is made, so `.promise()`, `.send(callback)` and `.on("success", f)` only hand the response on. Most of
//! what is in a response is unknown; the names that follow from the request are not, so a response
//! remembers its request.

use std::sync::Arc;

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};
use perm_infer_catalog::Operation;

use super::foreign::foreign;
use super::functions::{call_back, call_with_result};
use super::{Javascript, arrays, kind};
use crate::shared::{dict_of, path_in_response, response_of};

/// The response of an operation to these parameters.
pub(crate) fn response(operation: Operation, params: Value) -> Value {
    response_of(kind::RESPONSE, operation, params)
}

impl Javascript<'_> {
    /// `response.name`
    pub(crate) fn response_attribute(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
    ) -> Option<Value> {
        let path = path_in_response(value);
        if path.is_empty() {
            return match name {
                // Methods of requests and promises.
                "promise" | "then" | "catch" | "finally" | "send" | "on" | "eachPage" | "eachItem"
                | "createReadStream" | "abort" | "presign" => None,
                "$metadata" | "$response" | "httpRequest" => Some(foreign("$metadata")),
                _ => Some(self.response_at(cx, value, name)),
            };
        }
        if path.ends_with("[]") || !is_array_method(name) {
            return Some(self.response_at(cx, value, &format!("{path}.{name}")));
        }
        None
    }

    /// `response[index]`
    pub(crate) fn response_index(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, index: &Value) -> Value {
        match index.single() {
            Some(Atom::Text(key)) => match key.to_literal() {
                Some(key) => self
                    .response_attribute(cx, value, &key)
                    .unwrap_or_else(|| self.response_unknown(cx, value)),
                None => self.response_unknown(cx, value),
            },
            _ => self.response_element(cx, value),
        }
    }

    /// What a loop over a part of a response gives.
    pub(crate) fn response_element(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Value {
        self.response_at(cx, value, &format!("{}[]", path_in_response(value)))
    }

    fn response_at(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, path: &str) -> Value {
        self.shared.response_part(cx, value, path).unwrap_or_else(|| self.response_unknown(cx, value))
    }

    /// A part of a response of which nothing is known.
    fn response_unknown(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Value {
        let name = match self.shared.operation_named(&value.name) {
            Some(operation) => format!("{}.{}", operation.service().name(), operation.camel()),
            None => value.name.to_string(),
        };
        cx.unknown(HoleReason::Result(name.into()))
    }

    /// A method of a request, or of a list in a response.
    pub(crate) fn response_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        let whole: Value = Atom::Library(Arc::new(value.clone())).into();
        let callback = args.positional.last().cloned();
        if !path_in_response(value).is_empty() {
            let element = self.response_element(cx, value);
            if let Some(result) = arrays::method_of_unknown(cx, &element, name, args) {
                return result;
            }
            return match name {
                "slice" | "concat" | "sort" | "reverse" | "values" => Value::list_of(element),
                "at" | "pop" | "shift" => element,
                _ => {
                    call_back(cx, args);
                    self.response_unknown(cx, value)
                }
            };
        }
        match name {
            "promise" | "done" => whole,
            "send" | "eachPage" | "eachItem" => {
                if let Some(callback) = callback {
                    call_with_result(cx, &callback, &whole);
                }
                whole
            }
            "on" | "once" => {
                if let Some(callback) = callback {
                    let event = dict_of(&[("data", Some(&whole))]).into();
                    cx.call(&callback, &Args::of(vec![event]));
                }
                whole
            }
            "createReadStream" => foreign("a stream"),
            _ => {
                call_back(cx, args);
                self.response_unknown(cx, value)
            }
        }
    }
}

fn is_array_method(name: &str) -> bool {
    matches!(
        name,
        "map"
            | "flatMap"
            | "forEach"
            | "filter"
            | "find"
            | "some"
            | "every"
            | "reduce"
            | "slice"
            | "concat"
            | "sort"
            | "reverse"
            | "values"
            | "at"
            | "pop"
            | "shift"
            | "join"
            | "push"
            | "includes"
            | "entries"
    )
}
