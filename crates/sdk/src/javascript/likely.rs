//! Calls on something unknown that fit an operation by its name and parameters.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Value};
use perm_infer_catalog::Operation;

use super::Javascript;
use super::client::document_operation;
use super::names::Name;
use crate::shared::dict_keys;

impl Javascript<'_> {
    /// Reports a call such as `x.putItem({ TableName: ... })` as likely; nothing when it fits none.
    pub(crate) fn likely_call(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        let params = args.positional.first()?;
        let is_dict =
            !params.atoms().is_empty() && params.atoms().iter().all(|atom| matches!(atom, Atom::Dict(_)));
        if !is_dict || dict_keys(params)?.names.is_empty() {
            return None;
        }
        let candidates: Vec<Operation> = self.shared.catalog.operations_for_camel(name).collect();
        let found = self.shared.perform_likely(cx, candidates.into_iter(), params)
            || self.likely_document_call(cx, name, params);
        found.then(|| cx.unknown(HoleReason::Result(name.into())))
    }

    /// Calls something of a module of the project that is not there, which may hold a client.
    pub(crate) fn call_of_missing(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        if name.path.is_empty() {
            return None;
        }
        match name.last() {
            "send" => self.send_commands(cx, args),
            method => self.likely_call(cx, method, args),
        }
    }

    /// Methods of document clients have common names: only the table tells them from others.
    fn likely_document_call(&self, cx: &mut Cx<'_, '_>, name: &str, params: &Value) -> bool {
        let Some(keys) = dict_keys(params) else { return false };
        if !keys.names.iter().any(|key| matches!(&**key, "TableName" | "RequestItems" | "TransactItems")) {
            return false;
        }
        let service = self.shared.catalog.service("dynamodb");
        let operation = document_operation(name).and_then(|operation| service?.operation(operation));
        self.shared.perform_likely(cx, operation.into_iter(), params)
    }
}
