//! `JSON.parse` of constants and of what `JSON.stringify` made (the usual way to copy an object).

use perm_infer_analysis::{Args, Atom, Cx, Dict, Entry, HoleReason, Site, Text, Value};

use super::functions::call_back;
use super::kind;

/// `JSON.name(args)`
pub(crate) fn json_function(cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Value {
    let first = args.positional.first().cloned().unwrap_or_default();
    match name {
        "parse" => {
            let site = cx.site();
            let unknown = cx.unknown(HoleReason::Result("JSON.parse".into()));
            first.map(
                |atom| match atom {
                    Atom::Library(value) if value.kind == kind::JSON => {
                        value.field("value").cloned().unwrap_or_else(|| unknown.clone())
                    }
                    Atom::Text(text) => parsed(text, site).unwrap_or_else(|| unknown.clone()),
                    Atom::Null => Value::bottom(),
                    _ => unknown.clone(),
                },
                |hole| Value::unknown((**hole).clone()),
            )
        }
        "stringify" => Value::library(kind::JSON, "JSON.stringify", vec![("value", first)]),
        _ => {
            call_back(cx, args);
            cx.unknown(HoleReason::Result(format!("JSON.{name}").into()))
        }
    }
}

/// The value of a JSON document that is completely known.
fn parsed(text: &Text, site: Site) -> Option<Value> {
    let document: serde_json::Value = serde_json::from_str(&text.to_literal()?).ok()?;
    Some(value(&document, site))
}

/// A JSON document as a value.
fn value(document: &serde_json::Value, site: Site) -> Value {
    match document {
        serde_json::Value::Null => Atom::Null.into(),
        serde_json::Value::Bool(truth) => Atom::Bool(*truth).into(),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(integer) => Atom::Int(integer).into(),
            None => Value::text(&number.to_string(), Some(site)),
        },
        serde_json::Value::String(text) => Value::text(text, Some(site)),
        serde_json::Value::Array(items) => Value::list(items.iter().map(|item| value(item, site)).collect()),
        serde_json::Value::Object(entries) => {
            let entries = entries.iter().map(|(key, item)| Entry {
                key: Text::literal(key, Some(site)),
                value: value(item, site),
                maybe: false,
            });
            Dict::new(entries.collect(), None).into()
        }
    }
}
