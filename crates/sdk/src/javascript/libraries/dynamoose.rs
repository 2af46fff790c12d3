//! `dynamoose`: models are tables of their own name, unless a `Table` lists them. Before its first use
//! a table is described, made and waited for, as its options say (the library's guide, "Table").

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Value};

use super::super::Javascript;
use super::super::foreign::foreign;
use super::super::functions::call_back;
use super::{is_false, mapper, whole};
use crate::shared::entry;

/// Under which name what `Table.defaults.set` was given is remembered.
const DEFAULTS: &str = "dynamoose:defaults";

impl Javascript<'_> {
    pub(super) fn call_dynamoose(&self, cx: &mut Cx<'_, '_>, path: &str, args: &Args) -> Option<Value> {
        match path {
            "model" => {
                let identity = Value::text(&format!("dynamoose:{}", cx.identity()), None);
                let options = args.at(2).cloned().unwrap_or_default();
                let fields = vec![("identity", identity), ("options", options)];
                Some(mapper::model("dynamoose", args.at(0)?.clone(), fields))
            }
            "Table" => {
                let (name, models) = (args.at(0)?.clone(), args.at(1).cloned().unwrap_or_default());
                for model in cx.element(&models).atoms() {
                    let Atom::Library(model) = model else { continue };
                    let Some(identity) = model.field("identity").and_then(Value::as_str) else { continue };
                    cx.remember(identity, &name);
                    if let Some(options) = args.at(2) {
                        cx.remember(&format!("{identity}:options"), options);
                    }
                }
                Some(foreign("dynamoose"))
            }
            "Table.defaults.set" | "model.defaults.set" => {
                cx.remember(DEFAULTS, args.at(0)?);
                Some(foreign("dynamoose"))
            }
            "transaction" => {
                // Its elements were reported where they are made.
                call_back(cx, args);
                Some(foreign("dynamoose"))
            }
            _ => None,
        }
    }

    /// An option of the table of a model: its own, of its `Table`, or the default that was set.
    fn dynamoose_option(&self, cx: &mut Cx<'_, '_>, model: &LibraryValue, name: &str) -> Value {
        let mut options = model.field("options").cloned().unwrap_or_default();
        if let Some(identity) = model.field("identity").and_then(Value::as_str) {
            options.join(&cx.recall(&format!("{identity}:options")));
        }
        let own = entry(cx, &options.closed(), name);
        if own.is_bottom() {
            let defaults = cx.recall(DEFAULTS).closed();
            return entry(cx, &defaults, name);
        }
        own
    }

    /// The name of the table of a model.
    pub(super) fn dynamoose_table(&self, cx: &mut Cx<'_, '_>, model: &LibraryValue) -> Value {
        let identity = model.field("identity").and_then(Value::as_str).unwrap_or_default();
        let listed = cx.recall(identity).closed();
        let stated = self.dynamoose_option(cx, model, "tableName");
        let own = model.field("table").cloned().unwrap_or_default();
        let name = [listed, stated].into_iter().find(|name| !name.is_bottom()).unwrap_or(own);
        let (prefix, suffix) =
            (self.dynamoose_option(cx, model, "prefix"), self.dynamoose_option(cx, model, "suffix"));
        let name = if prefix.is_bottom() { name } else { cx.concat(&prefix, &name) };
        if suffix.is_bottom() { name } else { cx.concat(&name, &suffix) }
    }

    /// What makes a table ready before its first use.
    pub(super) fn dynamoose_setup(&self, cx: &mut Cx<'_, '_>, model: &LibraryValue) {
        if is_false(&self.dynamoose_option(cx, model, "initialize")) {
            return;
        }
        let creates = !is_false(&self.dynamoose_option(cx, model, "create"));
        let waiting = self.dynamoose_option(cx, model, "waitForActive");
        let waits = !is_false(&waiting) && !is_false(&entry(cx, &waiting.closed(), "enabled"));
        if creates || waits {
            self.on_table(cx, model, "DescribeTable", None);
        }
        if creates {
            self.on_table(cx, model, "CreateTable", None);
            if !self.dynamoose_option(cx, model, "expires").is_bottom() {
                self.on_table(cx, model, "DescribeTimeToLive", None);
                self.on_table(cx, model, "UpdateTimeToLive", None);
            }
        }
    }

    pub(super) fn dynamoose_method(
        &self,
        cx: &mut Cx<'_, '_>,
        model: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match name {
            // `Model.transaction.create(...)`
            "transaction" => Some(whole(model)),
            "query" | "scan" => None,
            "batchDelete" | "batchGet" | "batchPut" | "create" | "delete" | "get" | "save" | "update" => {
                self.dynamoose_setup(cx, model);
                None
            }
            _ => {
                call_back(cx, args);
                Some(whole(model))
            }
        }
    }
}
