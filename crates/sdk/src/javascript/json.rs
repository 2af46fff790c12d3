//! `JSON.parse` of texts and of what `JSON.stringify` made (the usual way to copy an object).

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Value};

use super::functions::call_back;
use super::kind;
use crate::shared::json::parsed;

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
