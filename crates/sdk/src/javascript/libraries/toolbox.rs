//! `dynamodb-toolbox`: entities on a table. Since version 1 a command class is handed to `build`, and
//! `send` performs it; before, the methods of entities and tables send at once.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Value};

use super::super::credentials::like_client;
use super::super::functions::call_back;
use super::super::names::Name;
use super::super::{Javascript, kind};
use super::{mapper, whole};
use crate::shared::entry;

/// Commands with their operation.
const COMMANDS: &[(&str, &str)] = &[
    ("DeleteItemCommand", "DeleteItem"),
    ("GetItemCommand", "GetItem"),
    ("PutItemCommand", "PutItem"),
    ("QueryCommand", "Query"),
    ("ScanCommand", "Scan"),
    ("UpdateAttributesCommand", "UpdateItem"),
    ("UpdateItemCommand", "UpdateItem"),
];

/// Requests that are made to be executed together, with the operation that executes them.
const BATCHED: &[(&str, &str)] = &[
    ("BatchDeleteRequest", "BatchWriteItem"),
    ("BatchGetRequest", "BatchGetItem"),
    ("BatchPutRequest", "BatchWriteItem"),
];

/// Elements of transactions, with the operation that each is.
const TRANSACTIONS: &[(&str, &str)] = &[
    ("ConditionCheck", "ConditionCheckItem"),
    ("DeleteTransaction", "DeleteItem"),
    ("GetTransaction", "GetItem"),
    ("PutTransaction", "PutItem"),
    ("UpdateTransaction", "UpdateItem"),
];

fn operation_of(table: &[(&str, &'static str)], command: &str) -> Option<&'static str> {
    table.iter().find(|(own, _)| *own == command).map(|(_, operation)| *operation)
}

impl Javascript<'_> {
    pub(super) fn call_toolbox(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        let options = args.at(0).cloned().unwrap_or_default();
        match name.last() {
            "Table" => {
                let mut table =
                    entry(cx, &options, "name").joined(&entry(cx, &options, "tableName").closed());
                // The name may be a function, so that it is read when it is needed.
                let functions = table.without(|atom| !matches!(atom, Atom::Function(_))).closed();
                if !functions.is_bottom() {
                    table = cx.call(&functions, &Args::of(Vec::new()));
                }
                let client = entry(cx, &options, "documentClient").closed();
                let client = client.joined(&entry(cx, &options, "DocumentClient").closed());
                Some(like_client(&mapper::model("dynamodb-toolbox", table, Vec::new()), Some(&client)))
            }
            // What an entity does is done on its table.
            "Entity" => Some(entry(cx, &options, "table")),
            "EntityRepository" | "TableRepository" => args.at(0).cloned(),
            "executeBatchGet"
            | "executeBatchWrite"
            | "executeTransactWrite"
            | "executeTransactGet"
            | "execute" => {
                call_back(cx, args);
                Some(cx.unknown(perm_infer_analysis::HoleReason::Result(name.last().into())))
            }
            _ => None,
        }
    }

    pub(super) fn toolbox_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        if name != "build" {
            return None;
        }
        let mut result = Value::bottom();
        for atom in args.at(0)?.clone().atoms() {
            let Atom::External(command) = atom else { continue };
            let command = Name::of(command).last();
            if let Some(operation) = operation_of(COMMANDS, command) {
                result.join(&mapper::request(value, operation, None));
            } else if let Some(operation) = operation_of(BATCHED, command) {
                self.on_table(cx, value, operation, None);
                result.join(&whole(value));
            } else if let Some(operation) = operation_of(TRANSACTIONS, command) {
                self.in_transaction(cx, value, operation);
                result.join(&whole(value));
            } else {
                // Repositories, parsers, batches of requests that are reported where they are made.
                result.join(&Value::library(kind::MAPPER, &value.name, value.fields().to_vec()));
            }
        }
        Some(result)
    }
}
