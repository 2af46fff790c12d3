//! Values that are known by their stated type alone: `client: S3Client`, `table: "Table"`,
//! `list[Bucket]`. The types are those of the stub packages `mypy_boto3_*` and `types_boto3_*`, and the
//! few classes that botocore itself has.

use perm_infer_analysis::{Atom, Cx, Dict, External, LibraryValue, List, Value};
use perm_infer_catalog::Service;

use super::resource::{any_resource, service_resource};
use super::session::{client, is_sdk, session};
use super::{Python, externals, foreign::foreign, kind};
use crate::shared::operation_name;

/// Generic types whose values hold any number of their argument.
const SEQUENCES: &[&str] = &[
    "list",
    "List",
    "tuple",
    "Tuple",
    "set",
    "Set",
    "frozenset",
    "Sequence",
    "Iterable",
    "Iterator",
    "Generator",
    "Collection",
    "AsyncIterator",
    "AsyncGenerator",
    "AsyncIterable",
];
/// Generic types whose values hold their last argument under any key.
const MAPPINGS: &[&str] = &["dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"];

impl Python<'_> {
    /// A value of the type, when the type tells what it is.
    pub(crate) fn value_of_type(&self, cx: &mut Cx<'_, '_>, ty: &Atom) -> Option<Value> {
        match ty {
            Atom::External(external) => self.value_of_external(cx, external),
            Atom::Text(text) => {
                let text = text.to_literal()?;
                self.value_of_name(cx, None, text.rsplit('.').next()?)
            }
            Atom::Library(value) if value.kind == kind::GENERIC => self.value_of_generic(cx, value),
            // `Annotated[S3Client, Depends(s3)]`
            Atom::Library(value) if value.kind != kind::FOREIGN => Some(ty.clone().into()),
            _ => None,
        }
    }

    /// A generic type with its argument, which is a type too.
    pub(crate) fn generic(name: &str, argument: &Value) -> Value {
        Value::library(kind::GENERIC, name, vec![("argument", argument.clone())])
    }

    fn value_of_generic(&self, cx: &mut Cx<'_, '_>, generic: &LibraryValue) -> Option<Value> {
        let name = generic.name.rsplit('.').next()?;
        let argument = generic.field("argument")?;
        let last = match argument.single() {
            // What it is annotated with says more than the type only where it gives the value.
            Some(Atom::List(list)) if name == "Annotated" => {
                let mut items = list.items.iter();
                let first = items.next()?.clone();
                items.find(|item| item.atoms().iter().any(is_value)).cloned().unwrap_or(first)
            }
            Some(Atom::List(list)) => list.items.last()?.clone(),
            _ => argument.clone(),
        };
        let mut element = Value::bottom();
        for atom in last.atoms() {
            if let Some(value) = self.value_of_type(cx, atom) {
                element.join(&value);
            }
        }
        if element.is_bottom() {
            return None;
        }
        if SEQUENCES.contains(&name) {
            Some(List::new(Vec::new(), Some(element)).into())
        } else if MAPPINGS.contains(&name) {
            Some(Dict::new(Vec::new(), Some(element)).into())
        } else {
            // `Annotated`, `ContextManager`, `Depends`-like wrappers.
            Some(element)
        }
    }

    fn value_of_external(&self, cx: &mut Cx<'_, '_>, external: &External) -> Option<Value> {
        let dotted = external.dotted();
        let package = dotted.split('.').next().unwrap_or_default();
        let name = dotted.rsplit('.').next().unwrap_or_default();
        if let Some(service) = stub_service(package) {
            let service = self.shared.catalog.service(&service);
            return self.value_of_name(cx, service, name);
        }
        if is_sdk(&dotted) {
            return match name {
                "Session" | "AioSession" => Some(session()),
                "BaseClient" | "AioBaseClient" => Some(client("")),
                _ => None,
            };
        }
        if externals::is_data_type(&dotted) {
            return None;
        }
        Some(foreign(&dotted))
    }

    /// A value of a type of the stub packages, whose name is its class.
    fn value_of_name(&self, cx: &mut Cx<'_, '_>, service: Option<Service>, name: &str) -> Option<Value> {
        if let Some(prefix) = name.strip_suffix("Client") {
            let service = service.or_else(|| self.service_of_class(prefix))?;
            self.shared.uses_service(cx, service);
            return Some(client(service.name()));
        }
        if let Some(prefix) = name.strip_suffix("ServiceResource") {
            let service = service.or_else(|| self.service_of_class(prefix))?;
            self.shared.uses_service(cx, service);
            return Some(service_resource(service.name()));
        }
        let service = service?;
        let of_kind =
            |kind: &'static str, operation| Value::library(kind, &operation_name(operation), Vec::new());
        if let Some(operation) = name.strip_suffix("Paginator").and_then(|name| service.paginator(name)) {
            return Some(of_kind(kind::PAGINATOR, operation));
        }
        if let Some(operation) = name.strip_suffix("Waiter").and_then(|name| service.waiter(name)) {
            return Some(of_kind(kind::WAITER, operation));
        }
        let model = service.resource(name)?;
        self.shared.uses_service(cx, service);
        Some(any_resource(cx, &model))
    }

    /// The service whose client is the class `prefix` + `Client`; Python and JavaScript name it alike
    /// but for capitals.
    fn service_of_class(&self, prefix: &str) -> Option<Service> {
        if prefix.is_empty() {
            return None;
        }
        self.shared.catalog.services().find(|service| {
            service.v3_client().strip_suffix("Client").is_some_and(|class| class.eq_ignore_ascii_case(prefix))
        })
    }
}

/// Whether something beside a type is a value that is handed over.
fn is_value(atom: &Atom) -> bool {
    matches!(atom, Atom::Instance(_))
        || matches!(atom, Atom::Library(value) if !matches!(value.kind, kind::FOREIGN | kind::GENERIC))
}

/// The service that a stub package is for: `mypy_boto3_cognito_idp`.
fn stub_service(package: &str) -> Option<String> {
    let service = package
        .strip_prefix("mypy_boto3_")
        .or_else(|| package.strip_prefix("types_boto3_"))
        .or_else(|| package.strip_prefix("types_aiobotocore_"))
        .or_else(|| package.strip_prefix("types_aioboto3_"))?;
    // `lambda` is a keyword, so its package ends in an underscore.
    Some(service.trim_end_matches('_').replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::stub_service;

    #[test]
    fn stub_packages_name_their_service() {
        assert_eq!(stub_service("mypy_boto3_s3").as_deref(), Some("s3"));
        assert_eq!(stub_service("types_boto3_cognito_idp").as_deref(), Some("cognito-idp"));
        assert_eq!(stub_service("mypy_boto3_lambda").as_deref(), Some("lambda"));
        assert_eq!(stub_service("boto3"), None);
    }
}
