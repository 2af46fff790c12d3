//! Libraries that map objects to items of DynamoDB tables. A model (or entity, or table) is a value that
//! knows its table; its methods perform operations at once, or build a request that a later method sends.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::super::functions::{call_back, call_with_result, last_callback};
use super::super::{Javascript, kind};
use super::whole;
use crate::shared::{dict_of, entry, request_items};

/// What the methods of one library's models do.
struct Mapper {
    library: &'static str,
    /// Methods with their operation.
    methods: &'static [(&'static str, &'static str)],
    /// Methods among them that only build a request.
    building: &'static [&'static str],
    /// Methods of requests that send them.
    sending: &'static [&'static str],
}

const MAPPERS: &[Mapper] = &[
    Mapper {
        library: "dynamoose",
        methods: &[
            ("batchDelete", "BatchWriteItem"),
            ("batchGet", "BatchGetItem"),
            ("batchPut", "BatchWriteItem"),
            ("create", "PutItem"),
            ("delete", "DeleteItem"),
            ("get", "GetItem"),
            ("query", "Query"),
            ("save", "PutItem"),
            ("scan", "Scan"),
            ("update", "UpdateItem"),
        ],
        building: &["query", "scan"],
        sending: &["exec"],
    },
    Mapper {
        library: "electrodb",
        methods: &[
            ("create", "PutItem"),
            ("delete", "DeleteItem"),
            ("get", "GetItem"),
            ("patch", "UpdateItem"),
            ("put", "PutItem"),
            ("remove", "DeleteItem"),
            ("scan", "Scan"),
            ("update", "UpdateItem"),
            ("upsert", "UpdateItem"),
        ],
        building: &["create", "delete", "get", "patch", "put", "remove", "scan", "update", "upsert"],
        sending: &["go", "page"],
    },
    Mapper {
        library: "dynamodb-onetable",
        methods: &[
            ("create", "PutItem"),
            ("find", "Query"),
            ("get", "GetItem"),
            ("load", "BatchGetItem"),
            ("remove", "DeleteItem"),
            ("scan", "Scan"),
            ("update", "UpdateItem"),
            ("upsert", "UpdateItem"),
        ],
        building: &[],
        sending: &[],
    },
    Mapper {
        library: "dynamodb-toolbox",
        methods: &[
            ("batchGet", "BatchGetItem"),
            ("batchWrite", "BatchWriteItem"),
            ("delete", "DeleteItem"),
            ("get", "GetItem"),
            ("put", "PutItem"),
            ("query", "Query"),
            ("scan", "Scan"),
            ("update", "UpdateItem"),
        ],
        building: &[],
        sending: &["send"],
    },
];

/// Which element of a transaction writes what an operation writes.
const ELEMENTS: &[(&str, &str)] = &[
    ("ConditionCheckItem", "ConditionCheck"),
    ("DeleteItem", "Delete"),
    ("PutItem", "Put"),
    ("UpdateItem", "Update"),
];

fn mapper_of(library: &str) -> Option<&'static Mapper> {
    MAPPERS.iter().find(|mapper| mapper.library == library)
}

/// A model of a table; further fields are the library's own.
pub(super) fn model(library: &str, table: Value, mut fields: Vec<(&'static str, Value)>) -> Value {
    fields.push(("table", table));
    Value::library(kind::MAPPER, library, fields)
}

/// A request that was built and not sent.
pub(super) fn request(model: &LibraryValue, operation: &str, index: Option<Value>) -> Value {
    let mut fields = vec![("model", whole(model)), ("operation", Value::text(operation, None))];
    fields.extend(index.map(|index| ("index", index)));
    Value::library(kind::MAPPER_REQUEST, &model.name, fields)
}

/// The index that a request or its options name.
fn index_of(cx: &Cx<'_, '_>, options: Option<&Value>) -> Option<Value> {
    let index = entry(cx, options?, "index").closed();
    let named = index.without(|atom| matches!(atom, Atom::Null));
    (!named.is_bottom()).then_some(index)
}

impl Javascript<'_> {
    /// Performs an operation on the table of a model.
    pub(super) fn on_table(
        &self,
        cx: &mut Cx<'_, '_>,
        model: &LibraryValue,
        operation: &str,
        index: Option<&Value>,
    ) {
        let table = self.table_of(cx, model);
        let params = match operation {
            "BatchGetItem" | "BatchWriteItem" => request_items(cx, &table),
            _ => dict_of(&[("TableName", Some(&table)), ("IndexName", index)]),
        };
        self.shared.perform_named(cx, "dynamodb", operation, params.into());
    }

    /// Performs an operation as an element of a transaction.
    pub(super) fn in_transaction(&self, cx: &mut Cx<'_, '_>, model: &LibraryValue, operation: &str) {
        let table = self.table_of(cx, model);
        let (transaction, element) = match ELEMENTS.iter().find(|(own, _)| *own == operation) {
            Some((_, element)) => ("TransactWriteItems", *element),
            None => ("TransactGetItems", "Get"),
        };
        let target = Value::from(dict_of(&[("TableName", Some(&table))]));
        let element = Value::from(dict_of(&[(element, Some(&target))]));
        let params = dict_of(&[("TransactItems", Some(&Value::list(vec![element])))]);
        self.shared.perform_named(cx, "dynamodb", transaction, params.into());
    }

    fn table_of(&self, cx: &mut Cx<'_, '_>, model: &LibraryValue) -> Value {
        if &*model.name == "dynamoose" {
            return self.dynamoose_table(cx, model);
        }
        match model.field("table").filter(|table| !table.is_bottom()) {
            Some(table) => table.clone(),
            None => cx.unknown(HoleReason::Result("the table of a model".into())),
        }
    }

    /// A method of a model or of a request.
    pub(crate) fn mapper_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        if value.kind == kind::MAPPER_REQUEST {
            return Some(self.request_method(cx, value, name, args));
        }
        let special = match &*value.name {
            "electrodb"
            | "electrodb.service"
            | "electrodb.queries"
            | "electrodb.collections"
            | "electrodb.transaction" => self.electrodb_method(cx, value, name, args),
            "dynamodb-onetable" => self.onetable_method(cx, value, name, args),
            "dynamodb-toolbox" => self.toolbox_method(cx, value, name, args),
            "dynamoose" => self.dynamoose_method(cx, value, name, args),
            _ => None,
        };
        if special.is_some() {
            return special;
        }
        let mapper = mapper_of(&value.name);
        let operation = mapper
            .and_then(|mapper| mapper.methods.iter().find(|(own, _)| *own == name))
            .map(|(_, own)| *own);
        let (Some(mapper), Some(operation)) = (mapper, operation) else {
            call_back(cx, args);
            return Some(whole(value));
        };
        if mapper.building.contains(&name) {
            return Some(request(value, operation, None));
        }
        let index = match operation {
            "Query" | "Scan" => index_of(cx, args.at(1)),
            _ => None,
        };
        self.on_table(cx, value, operation, index.as_ref());
        Some(mapped(cx, value, operation, args))
    }

    fn request_method(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, name: &str, args: &Args) -> Value {
        let sends = mapper_of(&value.name).is_some_and(|mapper| mapper.sending.contains(&name));
        let model = match value.field("model").and_then(Value::single) {
            Some(Atom::Library(model)) => model.clone(),
            _ => return whole(value),
        };
        let operation = value.field("operation").and_then(Value::as_str).unwrap_or_default().to_owned();
        match name {
            _ if sends => {
                self.on_table(cx, &model, &operation, value.field("index"));
                if &*model.name == "dynamoose" {
                    self.dynamoose_setup(cx, &model);
                }
                mapped(cx, &model, &operation, args)
            }
            "commit" => {
                self.in_transaction(cx, &model, &operation);
                whole(value)
            }
            // `.using("index")` of dynamoose, `.query({ index })` and `.options({ index })` of the toolbox.
            "using" => request(&model, &operation, args.at(0).cloned()),
            "query" | "options" if index_of(cx, args.at(0)).is_some() => {
                let index = index_of(cx, args.at(0));
                request(&model, &operation, index)
            }
            "params" | "getParams" => cx.unknown(HoleReason::Result(name.into())),
            _ => {
                // Conditions may be written by functions.
                call_back(cx, args);
                whole(value)
            }
        }
    }
}

/// What a request gives: items are models again where the library makes them so.
fn mapped(cx: &mut Cx<'_, '_>, model: &LibraryValue, operation: &str, args: &Args) -> Value {
    let result = match (&*model.name, operation) {
        ("dynamoose", "GetItem" | "PutItem" | "UpdateItem") => whole(model),
        ("dynamoose", "Query" | "Scan" | "BatchGetItem") => Value::list_of(whole(model)),
        (_, operation) => cx.unknown(HoleReason::Result(format!("dynamodb.{operation}").into())),
    };
    if let Some(callback) = last_callback(args).cloned() {
        call_with_result(cx, &callback, &result);
    }
    result
}
