//! Clients of both SDKs: `client.send(command)`, a method per operation, document clients, and the
//! methods of the SDK v2 that take an operation by its name.

use std::sync::Arc;

use perm_infer_analysis::{Args, Atom, Cx, Dict, Hole, HoleReason, LibraryValue, Value};
use perm_infer_catalog::{Operation, Service};

use super::credentials::{client_with, like_client};
use super::foreign::foreign;
use super::functions::{call_back, call_with_result, is_callable, last_callback};
use super::response::response;
use super::{Javascript, kind};
use crate::shared::{credentials_in, dict_of, entry, known_strings, operation_name};

/// Methods of document clients and what they perform. The commands of `@aws-sdk/lib-dynamodb` have the
/// same names with a capital and `Command` behind.
const DOCUMENT_METHODS: &[(&str, &str)] = &[
    ("batchExecuteStatement", "BatchExecuteStatement"),
    ("batchGet", "BatchGetItem"),
    ("batchWrite", "BatchWriteItem"),
    ("delete", "DeleteItem"),
    ("executeStatement", "ExecuteStatement"),
    ("executeTransaction", "ExecuteTransaction"),
    ("get", "GetItem"),
    ("put", "PutItem"),
    ("query", "Query"),
    ("scan", "Scan"),
    ("transactGet", "TransactGetItems"),
    ("transactWrite", "TransactWriteItems"),
    ("update", "UpdateItem"),
];

/// Methods and attributes of clients that are no operations.
const OWN_METHODS: &[&str] = &[
    "addVersions",
    "config",
    "createPresignedPost",
    "createSet",
    "credentialsFrom",
    "defineService",
    "destroy",
    "getSignedUrl",
    "getSignedUrlPromise",
    "makeRequest",
    "makeUnauthenticatedRequest",
    "middlewareStack",
    "on",
    "once",
    "options",
    "send",
    "setupRequestListeners",
    "toString",
    "upload",
    "waitFor",
];

/// The operation of DynamoDB behind a method of a document client.
pub(crate) fn document_operation(method: &str) -> Option<&'static str> {
    DOCUMENT_METHODS.iter().find(|(own, _)| *own == method).map(|(_, operation)| *operation)
}

/// A client; `bound` are parameters that every call of it has.
pub(crate) fn client(service: &str, bound: Option<Value>) -> Value {
    Value::library(kind::CLIENT, service, bound.map(|bound| ("params", bound)).into_iter().collect())
}

/// A document client of either SDK.
pub(crate) fn document_client(bound: Option<Value>) -> Value {
    Value::library(
        kind::DOCUMENT_CLIENT,
        "dynamodb",
        bound.map(|bound| ("params", bound)).into_iter().collect(),
    )
}

/// A command that was not sent yet.
pub(crate) fn command(operation: Operation, args: &Args) -> Value {
    let input = args.at(0).cloned().unwrap_or_else(|| Value::dict(Vec::new()));
    Value::library(kind::COMMAND, &operation_name(operation), vec![("input", input)])
}

impl Javascript<'_> {
    /// A client that is made here.
    pub(crate) fn new_client(&self, cx: &mut Cx<'_, '_>, service: Service, args: &Args) -> Value {
        self.shared.uses_service(cx, service);
        let bound = args.at(0).map(|options| entry(cx, &options.closed(), "params"));
        let client = client(service.name(), bound.filter(|bound| !bound.is_bottom()));
        client_with(cx, client, args.at(0))
    }

    /// A document client that is made here.
    pub(crate) fn new_document_client(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        if let Some(service) = self.shared.catalog.service("dynamodb") {
            self.shared.uses_service(cx, service);
        }
        let bound = args.at(0).map(|options| entry(cx, &options.closed(), "params"));
        let client = document_client(bound.filter(|bound| !bound.is_bottom()));
        let client = client_with(cx, client, args.at(0));
        // A document client may be made over a client that is there.
        let service = args.at(0).map(|options| entry(cx, &options.closed(), "service"));
        like_client(&client, service.filter(|service| !service.is_bottom()).as_ref())
    }

    /// Sends every command that the first argument may be; nothing when it can be none.
    pub(crate) fn send_commands(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Option<Value> {
        let mut result = Value::bottom();
        for atom in args.at(0)?.clone().atoms() {
            let Atom::Library(value) = atom else { continue };
            let (kind::COMMAND, Some(operation)) = (value.kind, self.shared.operation_named(&value.name))
            else {
                continue;
            };
            let input = value.field("input").cloned().unwrap_or_default();
            result.join(&self.performed(cx, operation, input, args));
        }
        (!result.is_bottom()).then_some(result)
    }

    /// Reports an operation and gives its response, also to a callback.
    pub(crate) fn performed(
        &self,
        cx: &mut Cx<'_, '_>,
        operation: Operation,
        params: Value,
        args: &Args,
    ) -> Value {
        self.shared.perform(cx, operation, params.clone());
        let result = response(operation, params);
        if let Some(callback) = last_callback(args).cloned() {
            call_with_result(cx, &callback, &result);
        }
        result
    }

    /// `client.name(args)`
    pub(crate) fn client_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        let whole: Value = Atom::Library(Arc::new(value.clone())).into();
        match name {
            "send" => {
                if let Some(result) = self.send_commands(cx, args) {
                    return result;
                }
                return self.unknown_command(cx, value, args);
            }
            "destroy" | "setupRequestListeners" | "defineService" | "addVersions" => {
                return Atom::Null.into();
            }
            "createSet" | "toString" => return foreign("client"),
            // Event emitters of the SDK v2.
            "on" | "once" => {
                call_back(cx, args);
                return whole;
            }
            "makeRequest" | "makeUnauthenticatedRequest" => return self.make_request(cx, value, args),
            "waitFor" => return self.wait_for(cx, value, args),
            "credentialsFrom" if value.name.as_ref() == "sts" => {
                let data = args.at(0).cloned().unwrap_or_default();
                let keys = cx.attribute(&data, "Credentials");
                let key = cx.attribute(&keys, "AccessKeyId");
                let found = credentials_in(&key);
                return if found.is_bottom() { foreign("credentials") } else { found };
            }
            _ => {}
        }
        if let Some(result) = self.transfer_method(cx, value, name, args) {
            return result;
        }
        let Some(service) = self.shared.catalog.service(&value.name) else {
            return self.likely_call(cx, name, args).unwrap_or_else(|| foreign("client"));
        };
        match self.operation_of_method(service, value, name) {
            Some(operation) => {
                let params = request_params(value, args.at(0));
                self.performed(cx, operation, params, args)
            }
            None => {
                call_back(cx, args);
                let message = format!("`{name}` is no operation of {}", service.name());
                unresolved_operation(cx, service.name(), &message);
                foreign(service.name())
            }
        }
    }

    fn operation_of_method(&self, service: Service, value: &LibraryValue, name: &str) -> Option<Operation> {
        let named = |name: &str| match value.kind {
            kind::DOCUMENT_CLIENT => service.operation(document_operation(name)?),
            _ => service.operation_for_camel(name),
        };
        // What wraps all methods of a client in promises names them so (`bluebird.promisifyAll`).
        named(name).or_else(|| named(name.strip_suffix("Async").or_else(|| name.strip_suffix("Promise"))?))
    }

    /// Whether a client certainly has no method of this name.
    pub(crate) fn client_lacks(&self, value: &LibraryValue, name: &str) -> bool {
        let known = OWN_METHODS.contains(&name) || super::promises::is_method(name);
        let service = self.shared.catalog.service(&value.name).filter(|_| !known);
        service.is_some_and(|service| self.operation_of_method(service, value, name).is_none())
    }

    fn unknown_command(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Value {
        let sent = args.at(0).cloned().unwrap_or_default();
        call_back(cx, &args.skip(1));
        if sent.is_bottom() {
            return Value::bottom();
        }
        unresolved_operation(cx, &value.name, "the command that is sent here is not known from the source");
        cx.unknown(HoleReason::Result("send".into()))
    }

    /// `makeRequest('putItem', params, callback)` of the SDK v2.
    fn make_request(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Value {
        self.by_name(cx, value, args, "operation", |service, name| service.operation_for_camel(name))
    }

    /// `waitFor('objectExists', params, callback)` of the SDK v2.
    fn wait_for(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Value {
        self.by_name(cx, value, args, "waiter", Service::waiter)
    }

    /// A method that takes the name of what it does, then parameters, then a callback.
    pub(crate) fn by_name(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        args: &Args,
        what: &str,
        find: impl Fn(Service, &str) -> Option<Operation>,
    ) -> Value {
        let Some(service) = self.shared.catalog.service(&value.name) else { return foreign("client") };
        let (names, open) = known_strings(args.at(0).unwrap_or(&Value::bottom()));
        let params = request_params(value, args.positional.get(1));
        let mut result = Value::bottom();
        for name in names {
            match find(service, &name) {
                Some(operation) => {
                    result.join(&self.performed(cx, operation, params.clone(), args));
                }
                None => {
                    let message = format!("{} has no {what} `{name}`", service.name());
                    unresolved_operation(cx, service.name(), &message);
                }
            }
        }
        if open {
            let message = format!("the name of the {what} is not known from the source");
            unresolved_operation(cx, service.name(), &message);
            result.join(&foreign(what));
        }
        result
    }
}

/// The parameters of a call: what the client adds to every call, then the argument. A callback in the
/// place of the parameters stands for none.
pub(crate) fn request_params(client: &LibraryValue, argument: Option<&Value>) -> Value {
    let given = match argument {
        Some(argument) => argument.without(|atom| is_callable(atom) || matches!(atom, Atom::Null)).map(
            // No operation takes these: what was meant is not known.
            |atom| match atom {
                Atom::List(_) | Atom::Text(_) | Atom::Int(_) => {
                    Value::unknown(Hole::new(HoleReason::Computed))
                }
                other => other.clone().into(),
            },
            |hole| Value::unknown((**hole).clone()),
        ),
        None => Value::bottom(),
    };
    let given = if given.is_bottom() { Value::dict(Vec::new()) } else { given };
    let Some(bound) = client.field("params") else { return given };
    let mut result = Value::bottom();
    for atom in bound.atoms() {
        let Atom::Dict(bound) = atom else { continue };
        result.join(&given.map(
            |atom| match atom {
                Atom::Dict(given) => {
                    let mut merged: Dict = (**bound).clone();
                    merged.update(given);
                    merged.into()
                }
                other => other.clone().into(),
            },
            |hole| {
                let rest = Some(Value::unknown((**hole).clone()));
                Dict::new(bound.entries.clone(), rest).into()
            },
        ));
    }
    if result.is_bottom() { given } else { result }
}

/// Reports a call that no operation belongs to.
pub(crate) fn unresolved_operation(cx: &mut Cx<'_, '_>, service: &str, message: &str) {
    let service = if service.is_empty() { "SERVICE" } else { service };
    cx.note(
        "unresolved-operation",
        message.to_owned(),
        format!("check the name; if it is right, add what the call needs to the policy by hand, as {service}:ACTION"),
        true,
    );
}

/// A target in S3 as parameters.
pub(crate) fn bucket_and_key(bucket: &Value, key: &Value) -> Value {
    dict_of(&[("Bucket", Some(bucket)), ("Key", Some(key))]).into()
}
