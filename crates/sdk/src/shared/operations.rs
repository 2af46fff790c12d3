//! Reporting what calls do: operations of a known client, calls that only their names give away, and
//! the making of clients. Operations come from the catalogue, so no model can report one that is none.

use perm_infer_analysis::{Cx, Effect, Value};
use perm_infer_catalog::{Operation, Service};

use super::{Shared, dict_keys};

impl Shared<'_> {
    /// Reports an operation with its parameters (a dictionary, as far as known).
    pub(crate) fn perform(&self, cx: &mut Cx<'_, '_>, operation: Operation, params: Value) {
        cx.perform(effect(operation, params, true));
    }

    /// Reports the operation with this name; false when the catalogue does not have it.
    pub(crate) fn perform_named(
        &self,
        cx: &mut Cx<'_, '_>,
        service: &str,
        operation: &str,
        params: Value,
    ) -> bool {
        let found = self.catalog.service(service).and_then(|service| service.operation(operation));
        if let Some(operation) = found {
            self.perform(cx, operation, params);
        }
        found.is_some()
    }

    /// Reports that the project uses a service: a client or resource object of it is made.
    pub(crate) fn uses_service(&self, cx: &mut Cx<'_, '_>, service: Service) {
        cx.perform(Effect {
            service: service.name().into(),
            operation: "".into(),
            params: Value::bottom(),
            certain: true,
        });
    }

    /// Reports a call on something unknown as an operation of each service that it [`fits`]. True when
    /// it fits one.
    pub(crate) fn perform_likely(
        &self,
        cx: &mut Cx<'_, '_>,
        candidates: impl Iterator<Item = Operation>,
        params: &Value,
    ) -> bool {
        let fitting: Vec<Operation> = candidates.filter(|operation| fits(*operation, params)).collect();
        for operation in &fitting {
            cx.perform(effect(*operation, params.clone(), false));
        }
        !fitting.is_empty()
    }
}

fn effect(operation: Operation, params: Value, certain: bool) -> Effect {
    Effect { service: operation.service().name().into(), operation: operation.name().into(), params, certain }
}

/// Whether a call with these parameters can be one of the operation: every parameter is a member of the
/// input, and every member that the service insists on is there.
pub(crate) fn fits(operation: Operation, params: &Value) -> bool {
    let Some(keys) = dict_keys(params) else { return false };
    keys.names.iter().all(|name| operation.has_member(name))
        && (keys.open
            || operation.required_members().all(|member| keys.names.iter().any(|name| &**name == member)))
}
