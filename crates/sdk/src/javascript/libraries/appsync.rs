//! Code of resolvers of AWS AppSync: what its function `request` returns is a request to a table, which it writes
//! down itself or has `@aws-appsync/utils/dynamodb` make.
//!
//! Source: "AWS AppSync JavaScript resolver function reference for DynamoDB" and "Amazon DynamoDB built-in
//! module" in the AWS AppSync Developer Guide.

use perm_infer_analysis::{Args, Atom, Cx, Value};

use super::super::Javascript;
use super::super::names::Name;
use crate::shared::{dict_of, entry};

/// Functions of the module, with the operation of the request that they make.
const REQUESTS: &[(&str, &str)] = &[
    ("batchDelete", "BatchDeleteItem"),
    ("batchGet", "BatchGetItem"),
    ("batchPut", "BatchPutItem"),
    ("get", "GetItem"),
    ("put", "PutItem"),
    ("query", "Query"),
    ("remove", "DeleteItem"),
    ("scan", "Scan"),
    ("transactGet", "TransactGetItems"),
    ("transactWrite", "TransactWriteItems"),
    ("update", "UpdateItem"),
];

/// Items of transactions: as requests call them, as the module does, and as the API does.
const WRITES: &[(&str, &str, &str)] = &[
    ("ConditionCheck", "conditionCheck", "ConditionCheck"),
    ("DeleteItem", "deleteItem", "Delete"),
    ("PutItem", "putItem", "Put"),
    ("UpdateItem", "updateItem", "Update"),
];

impl Javascript<'_> {
    pub(super) fn call_appsync(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        match (name.module, name.path) {
            // What the platform does with the result; no such function can be imported.
            ("@aws-appsync/utils", "request") => {
                self.resolver_request(cx, args.at(0)?, args.at(1)?);
                Some(Value::bottom())
            }
            ("@aws-appsync/utils/dynamodb", path) => {
                let (_, operation) = REQUESTS.iter().find(|(function, _)| *function == path)?;
                let options = args.at(0).cloned().unwrap_or_default();
                let operation = Value::text(operation, None);
                let mut request = vec![("operation", Some(operation))];
                for (from, to) in [
                    ("index", "index"),
                    ("tables", "tables"),
                    ("items", "transactItems"),
                    ("condition", "condition"),
                ] {
                    let value = entry(cx, &options, from);
                    request.push((to, (!value.is_bottom()).then_some(value)));
                }
                let members: Vec<(&str, Option<&Value>)> =
                    request.iter().map(|(name, value)| (*name, value.as_ref())).collect();
                Some(dict_of(&members).into())
            }
            _ => None,
        }
    }

    fn resolver_request(&self, cx: &mut Cx<'_, '_>, request: &Value, table: &Value) {
        let mut is_known = !request.is_open();
        for atom in request.atoms() {
            let one: Value = atom.clone().into();
            match atom {
                Atom::Dict(_) => is_known &= self.one_request(cx, &one, table),
                // `return null` and `runtime.earlyReturn()` ask for nothing.
                Atom::Null => {}
                _ => is_known = false,
            }
        }
        if !is_known {
            let message = "the request that this resolver makes is not known from its code".to_owned();
            let remedy =
                "return an object with a constant `operation`, or add what it asks for to the role by hand";
            cx.note("unresolved-operation", message, remedy.to_owned(), true);
        }
    }

    /// Performs what one request asks for; false where it is not known.
    fn one_request(&self, cx: &mut Cx<'_, '_>, request: &Value, table: &Value) -> bool {
        let operations = entry(cx, request, "operation");
        if operations.is_open() || operations.is_bottom() {
            return false;
        }
        let of_table = |more: &[(&'static str, Option<&Value>)]| -> Value {
            let mut members = vec![("TableName", Some(table))];
            members.extend_from_slice(more);
            dict_of(&members).into()
        };
        for operation in operations.atoms() {
            let Some(operation) = Value::from(operation.clone()).to_str() else { return false };
            let params = match operation.as_str() {
                "GetItem" => of_table(&[]),
                "PutItem" | "UpdateItem" | "DeleteItem" => {
                    // "Condition expressions": the item is read where the condition fails.
                    let condition =
                        entry(cx, request, "condition").without(|atom| matches!(atom, Atom::Null));
                    if !condition.is_bottom() {
                        self.shared.perform_named(cx, "dynamodb", "GetItem", of_table(&[]));
                    }
                    of_table(&[])
                }
                "Query" | "Scan" => {
                    let index = entry(cx, request, "index");
                    of_table(&[("IndexName", (!index.is_bottom()).then_some(&index))])
                }
                "BatchGetItem" | "BatchPutItem" | "BatchDeleteItem" => {
                    let tables = entry(cx, request, "tables");
                    dict_of(&[("RequestItems", Some(&tables))]).into()
                }
                "TransactGetItems" | "TransactWriteItems" => {
                    let items = entry(cx, request, "transactItems");
                    let items = transaction(cx, &items, &operation);
                    dict_of(&[("TransactItems", Some(&items))]).into()
                }
                _ => return false,
            };
            let real = if operation.starts_with("Batch") && operation != "BatchGetItem" {
                "BatchWriteItem"
            } else {
                &operation
            };
            self.shared.perform_named(cx, "dynamodb", real, params);
        }
        true
    }
}

/// The items of a transaction as the API of Amazon DynamoDB has them.
fn transaction(cx: &mut Cx<'_, '_>, items: &Value, operation: &str) -> Value {
    let item = cx.element(items);
    let mut all = Vec::new();
    let mut add = |cx: &mut Cx<'_, '_>, kind: &'static str, item: &Value| {
        let table = entry(cx, item, "table");
        let params: Value = dict_of(&[("TableName", Some(&table))]).into();
        all.push(dict_of(&[(kind, Some(&params))]).into());
    };
    for atom in item.atoms() {
        let one: Value = atom.clone().into();
        if operation == "TransactGetItems" {
            add(cx, "Get", &one);
            continue;
        }
        let named = entry(cx, &one, "operation");
        for (stated, member, kind) in WRITES {
            let inner = entry(cx, &one, member);
            if named.texts().any(|text| text.as_literal() == Some(*stated)) {
                add(cx, kind, &one);
            } else if !inner.is_bottom() && named.is_bottom() {
                add(cx, kind, &inner);
            }
        }
    }
    Value::list(all)
}
