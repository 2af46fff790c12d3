//! What object mappers of DynamoDB share, whatever their language.

use perm_infer_analysis::{Cx, Dict, HoleReason, Text, Value};

/// The parameters of a batch operation on one table.
pub(crate) fn request_items(cx: &mut Cx<'_, '_>, table: &Value) -> Dict {
    let mut requests = Value::bottom();
    for name in cx.to_text(table).texts() {
        let mut items = Dict::default();
        items.set(name, cx.unknown(HoleReason::Computed));
        requests.join(&items.into());
    }
    let mut params = Dict::default();
    params.set(Text::literal("RequestItems", None), requests);
    params
}
