//! `pynamodb`: classes of the project that extend its `Model` or an index are DynamoDB tables, named by
//! their inner class `Meta`.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::{Python, kind};
use crate::shared::{dict_of, request_items};

/// Methods of models and indices with the operation they perform, from the API reference of the library.
const METHODS: &[(&str, &str)] = &[
    ("batch_get", "BatchGetItem"),
    ("batch_write", "BatchWriteItem"),
    ("count", "Query"),
    ("create_table", "CreateTable"),
    ("delete", "DeleteItem"),
    ("delete_table", "DeleteTable"),
    ("describe_table", "DescribeTable"),
    ("exists", "DescribeTable"),
    ("get", "GetItem"),
    ("query", "Query"),
    ("refresh", "GetItem"),
    ("save", "PutItem"),
    ("scan", "Scan"),
    ("update", "UpdateItem"),
    ("update_ttl", "UpdateTimeToLive"),
];

/// An attribute that a class of the project has from a class of the library.
pub(crate) fn inherited(base: &str, object: &Atom, name: &str) -> Option<Value> {
    let of_library = base.ends_with(".Model") || base.ends_with("Index");
    let (method, _) = METHODS.iter().find(|(method, _)| *method == name).filter(|_| of_library)?;
    let base = Value::text(base, None);
    let fields = vec![("object", object.clone().into()), ("base", base)];
    Some(Value::library(kind::PYNAMODB, method, fields))
}

/// A new model is the table of the indices among its attributes.
pub(crate) fn subclassed(cx: &mut Cx<'_, '_>, base: &Atom, class: &Atom) {
    let Atom::External(external) = base else { return };
    if external.dotted() != "pynamodb.models.Model" {
        return;
    }
    let class = Value::from(class.clone());
    let meta = cx.attribute(&class, "Meta");
    let table = cx.attribute(&meta, "table_name");
    for member in cx.element(&class).atoms() {
        if matches!(member, Atom::Instance(_)) {
            cx.remember(&table_of(member), &table);
        }
    }
}

/// Under which name the table of an index is remembered.
fn table_of(index: &Atom) -> String {
    format!("pynamodb table of {index:?}")
}

impl Python<'_> {
    /// Calls a method of a model or index.
    pub(crate) fn call_pynamodb(&self, cx: &mut Cx<'_, '_>, method: &LibraryValue, args: &Args) -> Value {
        let object = method.field("object").cloned().unwrap_or_default();
        let is_index =
            method.field("base").and_then(Value::as_str).is_some_and(|base| base.ends_with("Index"));
        let meta = cx.attribute(&object, "Meta");
        let operation = METHODS.iter().find(|(name, _)| *name == &*method.name).map_or("", |(_, name)| name);
        let params = if is_index {
            let mut table = Value::bottom();
            for atom in object.atoms() {
                table.join(&cx.recall(&table_of(atom)));
            }
            let index = cx.attribute(&meta, "index_name");
            dict_of(&[("TableName", Some(&table)), ("IndexName", Some(&index))])
        } else {
            let table = cx.attribute(&meta, "table_name");
            match operation {
                "BatchGetItem" | "BatchWriteItem" => request_items(cx, &table),
                _ => dict_of(&[("TableName", Some(&table))]),
            }
        };
        self.shared.perform_named(cx, "dynamodb", operation, params.into());
        if operation == "CreateTable" && args.named("wait").is_some() {
            let table = cx.attribute(&meta, "table_name");
            let params = dict_of(&[("TableName", Some(&table))]);
            self.shared.perform_named(cx, "dynamodb", "DescribeTable", params.into());
        }
        self.pynamodb_result(cx, &method.name, &object, is_index)
    }

    /// What a method gives: items are instances of the model.
    fn pynamodb_result(&self, cx: &mut Cx<'_, '_>, name: &str, object: &Value, is_index: bool) -> Value {
        if !matches!(name, "get" | "query" | "scan" | "batch_get") {
            return cx.unknown(HoleReason::Result(name.into()));
        }
        if is_index {
            return super::foreign::foreign("pynamodb");
        }
        let classes = object.without(|atom| !matches!(atom, Atom::Class(_)));
        let item = cx.call(&classes, &Args::unknown());
        if name == "get" { item } else { Value::list_of(item) }
    }
}
