//! `electrodb`: entities on one table, queries by the name of an access pattern, services that join
//! entities in collections and transactions.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Value};

use super::super::credentials::like_client;
use super::super::functions::call_back;
use super::super::{Javascript, kind};
use super::{mapper, whole};
use crate::shared::entry;

/// A part of an entity or service that later methods are called on.
fn part(of: &LibraryValue, name: &'static str) -> Value {
    Value::library(kind::MAPPER, name, of.fields().to_vec())
}

/// The models among the elements of a value.
fn models(value: &Value) -> Vec<std::sync::Arc<LibraryValue>> {
    let library = |atom: &Atom| match atom {
        Atom::Library(value) if value.kind == kind::MAPPER => Some(value.clone()),
        _ => None,
    };
    let mut found = Vec::new();
    for atom in value.atoms() {
        match atom {
            Atom::Dict(dict) => found.extend(dict.element().atoms().iter().filter_map(library)),
            Atom::List(list) => found.extend(list.element().atoms().iter().filter_map(library)),
            atom => found.extend(library(atom)),
        }
    }
    found
}

impl Javascript<'_> {
    pub(super) fn call_electrodb(&self, cx: &mut Cx<'_, '_>, path: &str, args: &Args) -> Option<Value> {
        let options = args.at(1).cloned().unwrap_or_default();
        match path {
            "Entity" => {
                let table = entry(cx, &options.closed(), "table");
                let indexes = entry(cx, args.at(0)?, "indexes");
                let model = mapper::model("electrodb", table, vec![("indexes", indexes)]);
                let client = entry(cx, &options.closed(), "client").closed();
                Some(like_client(&model, Some(&client)))
            }
            "Service" => {
                let entities = args.at(0)?.clone();
                Some(Value::library(kind::MAPPER, "electrodb.service", vec![("entities", entities)]))
            }
            _ => None,
        }
    }

    pub(super) fn electrodb_attribute(
        &self,
        _cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
    ) -> Option<Value> {
        match (&*value.name, name) {
            ("electrodb", "query") => Some(part(value, "electrodb.queries")),
            ("electrodb", "scan") => Some(mapper::request(value, "Scan", None)),
            ("electrodb.service", "collections") => Some(part(value, "electrodb.collections")),
            ("electrodb.service", "transaction") => Some(part(value, "electrodb.transaction")),
            ("electrodb.service", "entities") => value.field("entities").cloned(),
            _ => None,
        }
    }

    pub(super) fn electrodb_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match (&*value.name, name) {
            ("electrodb.queries", _) => {
                let patterns = value.field("indexes").cloned().unwrap_or_default();
                let pattern = entry(cx, &patterns, name);
                let index = entry(cx, &pattern, "index");
                let model = LibraryValue::new(value.kind, "electrodb".into(), value.fields().to_vec());
                Some(mapper::request(&model, "Query", Some(index).filter(|index| !index.is_bottom())))
            }
            ("electrodb.collections", _) => Some(self.collection(cx, value, name)),
            ("electrodb.transaction", "write" | "get") => {
                let entities = value.field("entities").cloned().unwrap_or_default();
                if let Some(callback) = args.at(0) {
                    let callback = callback.clone();
                    cx.call(&callback, &Args::of(vec![entities]));
                }
                Some(whole(value))
            }
            // The library chooses an index by the attributes, or scans.
            ("electrodb", "find" | "match") => {
                let query = mapper::request(value, "Query", None);
                Some(query.joined(&mapper::request(value, "Scan", None)))
            }
            ("electrodb", "get" | "put" | "delete") if is_list(args) => {
                let operation = if name == "get" { "BatchGetItem" } else { "BatchWriteItem" };
                Some(mapper::request(value, operation, None))
            }
            ("electrodb", "check") => Some(mapper::request(value, "ConditionCheckItem", None)),
            ("electrodb", _) => None,
            _ => {
                call_back(cx, args);
                Some(whole(value))
            }
        }
    }

    /// `service.collections.name(...)`: a query on the index that the collection is on.
    fn collection(&self, cx: &mut Cx<'_, '_>, service: &LibraryValue, name: &str) -> Value {
        let entities = service.field("entities").cloned().unwrap_or_default();
        let mut result = Value::bottom();
        for model in models(&entities) {
            let patterns = model.field("indexes").cloned().unwrap_or_default();
            for atom in patterns.atoms() {
                let Atom::Dict(patterns) = atom else { continue };
                for pattern in &patterns.entries {
                    let collection = entry(cx, &pattern.value, "collection");
                    let listed =
                        cx.element(&collection.without(|atom| !matches!(atom, Atom::List(_))).closed());
                    let is_own =
                        collection.joined(&listed).texts().any(|text| text.as_literal() == Some(name));
                    if is_own {
                        let index = entry(cx, &pattern.value, "index");
                        let index = Some(index).filter(|index| !index.is_bottom());
                        result.join(&mapper::request(&model, "Query", index));
                    }
                }
            }
        }
        result
    }
}

fn is_list(args: &Args) -> bool {
    args.at(0).is_some_and(|first| {
        !first.atoms().is_empty() && first.atoms().iter().all(|atom| matches!(atom, Atom::List(_)))
    })
}
