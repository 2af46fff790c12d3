//! Paginators and waiters of clients. Both repeat one operation with the parameters they are given.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, LibraryValue, Value};
use perm_infer_catalog::{Operation, Service};

use super::client::unresolved_operation;
use super::foreign::foreign;
use super::response::response;
use super::{Python, kind};
use crate::shared::{known_strings, named_args, operation_name};

impl Python<'_> {
    /// `client.get_paginator(name)`
    pub(crate) fn get_paginator(&self, cx: &mut Cx<'_, '_>, service: Service, args: &Args) -> Value {
        self.by_name(cx, service, args.get(0, "operation_name"), kind::PAGINATOR, Service::paginator)
    }

    /// `client.get_waiter(name)`
    pub(crate) fn get_waiter(&self, cx: &mut Cx<'_, '_>, service: Service, args: &Args) -> Value {
        self.by_name(cx, service, args.get(0, "waiter_name"), kind::WAITER, Service::waiter)
    }

    fn by_name(
        &self,
        cx: &mut Cx<'_, '_>,
        service: Service,
        name: Option<&Value>,
        kind: &'static str,
        find: fn(Service, &str) -> Option<Operation>,
    ) -> Value {
        let (names, open) = known_strings(&name.cloned().unwrap_or_default());
        let mut result = Value::bottom();
        for name in names {
            match find(service, &name) {
                Some(operation) => {
                    result.join(&Value::library(kind, &operation_name(operation), Vec::new()));
                }
                None => {
                    unresolved_operation(cx, service, &format!("{} has no {kind} `{name}`", service.name()));
                }
            }
        }
        if open {
            unresolved_operation(
                cx,
                service,
                &format!("the name of this {kind} is not known from the source"),
            );
            result.join(&foreign(kind));
        }
        result
    }

    /// Methods of a paginator.
    pub(crate) fn paginator_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        if name != "paginate" {
            return Some(foreign("paginator"));
        }
        let params: Value = without(&named_args(args), "PaginationConfig").into();
        if value.kind == kind::LIKELY_PAGINATOR {
            let candidates = self.shared.catalog.operations_for_method(&value.name);
            let pageable =
                candidates.filter(|operation| operation.service().paginator(operation.name()).is_some());
            self.shared.perform_likely(cx, pageable, &params);
            return Some(cx.unknown(HoleReason::Result(value.name.clone())));
        }
        let operation = self.shared.operation_named(&value.name)?;
        self.shared.perform(cx, operation, params.clone());
        Some(Value::library(kind::PAGES, &value.name, vec![("params", params)]))
    }

    /// Methods of what `paginate` gives.
    pub(crate) fn pages_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
    ) -> Option<Value> {
        match name {
            "build_full_result" => self.pages_element(cx, value),
            "__aiter__" | "__iter__" => Some(Atom::Library(std::sync::Arc::new(value.clone())).into()),
            _ => Some(cx.unknown(HoleReason::Result(value.name.clone()))),
        }
    }

    /// One page.
    pub(crate) fn pages_element(&self, _cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Option<Value> {
        let operation = self.shared.operation_named(&value.name)?;
        Some(response(operation, value.field("params").cloned().unwrap_or_default()))
    }

    /// Methods of a waiter.
    pub(crate) fn waiter_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        if name != "wait" {
            return Some(foreign("waiter"));
        }
        let params = without(&named_args(args), "WaiterConfig").into();
        self.shared.perform(cx, self.shared.operation_named(&value.name)?, params);
        Some(Atom::Null.into())
    }
}

/// The parameters without one that configures the SDK and is not sent.
fn without(params: &Dict, name: &str) -> Dict {
    let mut params = params.clone();
    params.entries.retain(|entry| entry.key.as_literal() != Some(name));
    params
}
