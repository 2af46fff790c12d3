//! `dynamodb-onetable`: a table with models by name. The last argument of a method may put it into a
//! batch or a transaction, or name an index.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::super::Javascript;
use super::super::credentials::like_client;
use super::super::functions::call_back;
use super::{is_false, mapper, whole};
use crate::shared::entry;

/// Methods of tables with their operation.
const OF_TABLES: &[(&str, &str)] = &[
    ("batchGet", "BatchGetItem"),
    ("batchWrite", "BatchWriteItem"),
    ("createTable", "CreateTable"),
    ("deleteItem", "DeleteItem"),
    ("deleteTable", "DeleteTable"),
    ("describeTable", "DescribeTable"),
    ("getItem", "GetItem"),
    ("putItem", "PutItem"),
    ("queryItems", "Query"),
    ("scanItems", "Scan"),
    ("updateItem", "UpdateItem"),
    ("updateTable", "UpdateTable"),
];

impl Javascript<'_> {
    pub(super) fn call_onetable(&self, cx: &mut Cx<'_, '_>, path: &str, args: &Args) -> Option<Value> {
        if path != "Table" {
            return None;
        }
        let options = args.at(0)?;
        let table = entry(cx, options, "name");
        let client = entry(cx, options, "client").closed();
        Some(like_client(&mapper::model("dynamodb-onetable", table, Vec::new()), Some(&client)))
    }

    pub(super) fn onetable_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        if let Some((_, operation)) = OF_TABLES.iter().find(|(own, _)| *own == name) {
            self.on_table(cx, value, operation, None);
            return Some(cx.unknown(HoleReason::Result(name.into())));
        }
        let operation = match name {
            "create" => "PutItem",
            "get" => "GetItem",
            "remove" => "DeleteItem",
            "update" | "upsert" => "UpdateItem",
            "find" | "scan" | "load" => return None,
            "transact" | "groupByType" => return Some(cx.unknown(HoleReason::Result(name.into()))),
            // `getModel`, `setClient`, `setContext`.
            _ => {
                call_back(cx, args);
                return Some(whole(value));
            }
        };
        // Methods of the table take the name of the model first.
        let of_table = args.at(0).and_then(Value::single).is_some_and(|first| matches!(first, Atom::Text(_)));
        let options = args.at(1 + usize::from(of_table)).cloned().unwrap_or_default();
        let given = |name: &str| !entry(cx, &options, name).is_bottom();
        let (batch, transaction) = (given("batch"), given("transaction"));
        let (index, many) = (entry(cx, &options, "index").closed(), entry(cx, &options, "many"));
        if transaction {
            self.in_transaction(cx, value, operation);
        } else if batch {
            let operation = if operation == "GetItem" { "BatchGetItem" } else { "BatchWriteItem" };
            self.on_table(cx, value, operation, None);
        } else if operation == "GetItem" && !index.is_bottom() {
            // A get by another index is a query.
            self.on_table(cx, value, "Query", Some(&index));
        } else {
            if operation == "DeleteItem" && !many.is_bottom() && !is_false(&many) {
                self.on_table(cx, value, "Query", None);
            }
            self.on_table(cx, value, operation, None);
        }
        Some(cx.unknown(HoleReason::Result(name.into())))
    }
}
