//! JSON with the bytes of everything in it.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, parse_to_ast};
use perm_infer_infra::strict_json;

use super::{Entry, Kind, MAX_DEPTH, Node};

/// Reads a text that starts `shift` bytes into its file.
pub(super) fn read(text: &str, shift: usize) -> Result<Node, (usize, String)> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict_json())
        .map_err(|error| (shift + error.range().start, error.kind().to_string()))?;
    match &parsed.value {
        Some(value) => Reader { text, shift }.node(value, 0),
        None => Err((shift, "it is empty".to_owned())),
    }
}

struct Reader<'t> {
    text: &'t str,
    shift: usize,
}

impl Reader<'_> {
    fn node(&self, value: &Value<'_>, depth: usize) -> Result<Node, (usize, String)> {
        let span = value.range().start + self.shift..value.range().end + self.shift;
        if depth > MAX_DEPTH {
            return Err((span.start, "it is nested too deep".to_owned()));
        }
        let kind = match value {
            Value::NullKeyword(_) => Kind::Null,
            Value::StringLit(text) => Kind::Scalar(text.value.to_string()),
            Value::NumberLit(number) => Kind::Scalar(number.value.to_owned()),
            Value::BooleanLit(flag) => Kind::Scalar(flag.value.to_string()),
            Value::Array(array) => {
                let items = array.elements.iter().map(|item| self.node(item, depth + 1));
                Kind::List { items: items.collect::<Result<_, _>>()?, flow: true }
            }
            Value::Object(object) => {
                let mut entries = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    let key_span = property.name.range();
                    let behind = self.text[key_span.end..].find(':').unwrap_or_default();
                    entries.push(Entry {
                        key: property.name.as_str().to_owned(),
                        key_span: key_span.start + self.shift..key_span.end + self.shift,
                        colon: key_span.end + behind + 1 + self.shift,
                        value: self.node(&property.value, depth + 1)?,
                    });
                }
                Kind::Map { entries, flow: true }
            }
        };
        Ok(Node { span, kind, tag: None, anchor: 0 })
    }
}
