//! What the catalogue says of a name: for people as text, for programs as JSON.

mod json;
mod text;

pub use json::lookup_json;
pub use text::lookup;

use perm_infer_catalog::{Operation, Service};

/// What the operation is called in one SDK: the label and the call.
fn spellings(operation: Operation) -> Vec<(&'static str, String)> {
    let service = operation.service();
    let mut names = vec![("python", format!("{}.{}", service.name(), operation.method()))];
    names.push(("javascript_v3", format!("{}.{}Command", service.v3_client(), operation.name())));
    if let Some(class) = service.v2_class() {
        names.push(("javascript_v2", format!("{class}.{}", operation.camel())));
    }
    names.push(("go", format!("{}.{}", service.go_package(), operation.name())));
    names.push(("java", format!("{}.{}", service.java_client(), operation.camel())));
    names
}

/// Paginators and waiters that call the operation, by their names in boto3.
fn repeated_by(operation: Operation) -> (bool, Vec<&'static str>) {
    let service: Service = operation.service();
    let paginates = service.paginator(operation.method()) == Some(operation);
    let waiters = service.waiter_names().filter(|name| service.waiter(name) == Some(operation));
    (paginates, waiters.collect())
}

#[cfg(test)]
mod tests;
