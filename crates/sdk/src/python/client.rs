//! Low-level clients: every operation of the catalogue is a method, and a few methods are none.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Text, Value};
use perm_infer_catalog::{Operation, Service};

use super::transfer::is_transfer_method;
use super::{Python, foreign::foreign, kind, response::response, session};
use crate::shared::{fits, known_strings, named_args};

/// The parameters of a call. Operations take them by name; the few that make no request, such as
/// `generate_db_auth_token`, take them in order too.
fn operation_params(operation: Operation, args: &Args) -> Value {
    let mut params = named_args(args);
    for (member, value) in operation.input_members().zip(&args.positional) {
        params.set(Text::literal(member, None), value.clone());
    }
    params.into()
}

impl Python<'_> {
    /// `client.name(args)`
    pub(crate) fn client_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        if let Some(result) = no_operation(value, name) {
            return Some(result);
        }
        let Some(service) = self.shared.catalog.service(&value.name) else {
            return Some(self.call_of_unknown_client(cx, name, args));
        };
        match name {
            "get_paginator" => return Some(self.get_paginator(cx, service, args)),
            "get_waiter" => return Some(self.get_waiter(cx, service, args)),
            "generate_presigned_url" => return Some(self.presigned_url(cx, service, args)),
            _ => {}
        }
        if service.name() == "s3"
            && let Some(result) = self.client_transfer(cx, name, args)
        {
            return Some(result);
        }
        let Some(operation) = service.operation_for_method(name) else {
            unresolved_operation(cx, service, &format!("`{name}` is no operation of {}", service.name()));
            return Some(foreign(service.name()));
        };
        let params = operation_params(operation, args);
        self.shared.perform(cx, operation, params.clone());
        Some(response(operation, params))
    }

    /// Whether a client of a known service has nothing of this name.
    pub(crate) fn client_lacks(&self, value: &LibraryValue, name: &str) -> bool {
        let Some(service) = self.shared.catalog.service(&value.name) else { return false };
        service.operation_for_method(name).is_none()
            && no_operation(value, name).is_none()
            && self.client_attribute(value, name).is_none()
            && !matches!(
                name,
                "get_paginator" | "get_waiter" | "generate_presigned_url" | "generate_presigned_post"
            )
            && !(service.name() == "s3" && is_transfer_method(name))
            && !name.starts_with('_')
    }

    /// Whether all that it may be is certainly there to be called: functions, classes and operations.
    pub(crate) fn is_called(&self, value: &Value) -> bool {
        let operation = |object: &Atom, name: &str| match object {
            Atom::Library(client) if client.kind == kind::CLIENT => {
                let service = self.shared.catalog.service(&client.name);
                service.is_some_and(|service| service.operation_for_method(name).is_some())
            }
            _ => false,
        };
        let called = |atom: &Atom| match atom {
            Atom::Function(_) | Atom::Class(_) => true,
            Atom::Method(object, name) => operation(object, name),
            _ => false,
        };
        !value.is_bottom() && !value.is_open() && value.atoms().iter().all(called)
    }

    /// A method of a client of unknown service: certain where only one service has an operation that
    /// fits. Where several have one the report of the unknown client stands for it.
    fn call_of_unknown_client(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Value {
        let params: Value = named_args(args).into();
        let candidates = self.shared.catalog.operations_for_method(name);
        let fitting: Vec<Operation> = candidates.filter(|operation| fits(*operation, &params)).collect();
        match fitting.as_slice() {
            [only] => {
                self.shared.perform(cx, *only, params.clone());
                response(*only, params)
            }
            _ => foreign("client"),
        }
    }

    /// Calling a method whose name is not known from the source.
    pub(crate) fn call_unknown_method(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Value {
        if let Some(service) = self.shared.catalog.service(&value.name) {
            unresolved_operation(cx, service, "the method of this client is not known from the source");
        }
        foreign("client")
    }

    /// Attributes of a client that are no methods.
    pub(crate) fn client_attribute(&self, value: &LibraryValue, name: &str) -> Option<Value> {
        match name {
            "exceptions" => Some(foreign("client.exceptions")),
            "meta" => Some(Value::library(kind::META, &value.name, Vec::new())),
            "waiter_names" => Some(foreign("client.waiter_names")),
            _ => None,
        }
    }

    /// Attributes of `client.meta` and `resource.meta`.
    pub(crate) fn meta_attribute(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
    ) -> Option<Value> {
        Some(match name {
            "client" => session::client(&value.name),
            "service_name" => Value::text(&value.name, Some(cx.site())),
            "region_name" | "endpoint_url" => cx.unknown(HoleReason::Result(format!("meta.{name}").into())),
            _ => foreign("client.meta"),
        })
    }

    /// The signed operation needs its permission when the URL is used, with the signer's credentials.
    fn presigned_url(&self, cx: &mut Cx<'_, '_>, service: Service, args: &Args) -> Value {
        let method = args.get(0, "ClientMethod").cloned().unwrap_or_default();
        let params = args.get(1, "Params").cloned().unwrap_or_else(|| Value::dict(Vec::new()));
        let (names, open) = known_strings(&method);
        for name in names {
            match service.operation_for_method(&name) {
                Some(operation) => self.shared.perform(cx, operation, params.clone()),
                None => unresolved_operation(
                    cx,
                    service,
                    &format!("`{name}` is no operation of {} that could be signed", service.name()),
                ),
            }
        }
        if open {
            unresolved_operation(cx, service, "the operation to sign is not known from the source");
        }
        cx.unknown(HoleReason::Result("generate_presigned_url".into()))
    }
}

/// Methods of every client that send nothing.
fn no_operation(value: &LibraryValue, name: &str) -> Option<Value> {
    match name {
        "can_paginate" => Some(foreign("client.can_paginate")),
        "close" | "__exit__" | "__aexit__" => Some(Atom::Null.into()),
        "__enter__" | "__aenter__" => Some(session::client(&value.name)),
        _ => None,
    }
}

/// Reports a method that no operation belongs to.
pub(crate) fn unresolved_operation(cx: &mut Cx<'_, '_>, service: Service, message: &str) {
    cx.note(
        "unresolved-operation",
        message.to_owned(),
        format!(
            "check the name; if it is right, add what the call needs to the policy by hand, as {}:ACTION",
            service.name()
        ),
        true,
    );
}
