//! Responses of operations. Most of what is in them is unknown; the names that follow from the request
//! are not, so a response remembers its operation, its request, and which part of it a value is.

use perm_infer_analysis::{Cx, LibraryValue, Value};
use perm_infer_catalog::Operation;

use super::Shared;
use super::derived::{Derived, derived};
use super::principal::{credentials, role_of_response};

/// The response of an operation to these parameters, as a library value of this kind.
pub(crate) fn response_of(kind: &'static str, operation: Operation, params: Value) -> Value {
    part(kind, &operation_name(operation), params, "")
}

/// `service:Operation`
pub(crate) fn operation_name(operation: Operation) -> String {
    format!("{}:{}", operation.service().name(), operation.name())
}

/// Which part of a response the value is: segments with dots between, `[]` for any element; empty for
/// the whole.
pub(crate) fn path_in_response(value: &LibraryValue) -> &str {
    value.field("path").and_then(Value::as_str).unwrap_or_default()
}

fn part(kind: &'static str, operation: &str, params: Value, path: &str) -> Value {
    Value::library(kind, operation, vec![("params", params), ("path", Value::text(path, None))])
}

impl Shared<'_> {
    /// The operation that `service:Operation` names.
    pub(crate) fn operation_named(&self, name: &str) -> Option<Operation> {
        let (service, operation) = name.split_once(':')?;
        self.catalog.service(service)?.operation(operation)
    }

    /// The place `path` in the response that a value is of; nothing when nothing is known of it.
    pub(crate) fn response_part(
        &self,
        cx: &mut Cx<'_, '_>,
        response: &LibraryValue,
        path: &str,
    ) -> Option<Value> {
        let operation = self.operation_named(&response.name)?;
        let params = response.field("params").cloned().unwrap_or_default();
        if let Some(role) = role_of_response(cx, operation, &params) {
            return match path {
                "Credentials" => Some(part(response.kind, &response.name, params, path)),
                _ => path.starts_with("Credentials.").then(|| credentials(&role)),
            };
        }
        match derived(cx, operation, path, &params) {
            Derived::Text(text) => Some(text),
            Derived::Inside => Some(part(response.kind, &response.name, params, path)),
            Derived::Nothing => None,
        }
    }
}
