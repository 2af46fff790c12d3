//! Defaults that the type of a variable gives to attributes of objects.
//!
//! Source: "Optional Object Type Attributes" in the Terraform documentation.

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey};

use super::{ModuleId, Terraform, is_null, null};
use crate::tree::{Entry, Kind, Node};

/// How deep types are followed.
const MAX_DEPTH: usize = 16;

impl Terraform<'_> {
    /// A value with the attributes that it leaves out and its type has defaults for.
    pub(super) fn completed(
        &mut self,
        module: ModuleId,
        file: u32,
        kind: &Expression,
        value: Node,
        depth: usize,
    ) -> Node {
        let Expression::FuncCall(kind) = kind else { return value };
        let Some(inner) = kind.args.iter().next().filter(|_| depth < MAX_DEPTH) else { return value };
        let at = value.at;
        let each = |this: &mut Self, value: Node| this.completed(module, file, inner, value, depth + 1);
        let kind = match (kind.name.name.as_str(), value.kind) {
            ("list" | "set", Kind::List(items)) => {
                Kind::List(items.into_iter().map(|item| each(self, item)).collect())
            }
            ("map", Kind::Map(entries)) if !is_function(&entries) => {
                let completed = entries.into_iter().map(|Entry { key, at, value }| {
                    let value = each(self, value);
                    Entry { key, at, value }
                });
                Kind::Map(completed.collect())
            }
            ("object", Kind::Map(entries)) if !is_function(&entries) => {
                Kind::Map(self.attributes(module, file, inner, entries, depth))
            }
            (_, kind) => kind,
        };
        Node { at, kind }
    }

    fn attributes(
        &mut self,
        module: ModuleId,
        file: u32,
        declared: &Expression,
        mut entries: Vec<Entry>,
        depth: usize,
    ) -> Vec<Entry> {
        let Expression::Object(declared) = declared else { return entries };
        for (key, attribute) in declared {
            let name = match key {
                ObjectKey::Ident(name) => name.as_str().to_owned(),
                ObjectKey::Expression(Expression::String(name)) => name.as_str().to_owned(),
                ObjectKey::Expression(_) => continue,
            };
            let (kind, default) = optional(attribute.expr());
            let position = entries.iter().position(|entry| entry.key == name);
            let given = position.map(|position| entries.remove(position));
            let at = self.mark(file, attribute.expr().span());
            let (at, value) = match given {
                // `null` asks for the default.
                Some(given) if !is_null(&given.value) || default.is_none() => (given.at, given.value),
                _ => match default {
                    Some(default) => (at, self.convert(module, file, default)),
                    None if kind.is_none() => continue,
                    None => (at, null(at)),
                },
            };
            let value = match kind.unwrap_or(attribute.expr()) {
                _ if is_null(&value) => value,
                kind => self.completed(module, file, kind, value, depth + 1),
            };
            entries.push(Entry { key: name, at, value });
        }
        entries
    }
}

/// The type and the default of an attribute that may be left out; neither of one that may not.
fn optional(attribute: &Expression) -> (Option<&Expression>, Option<&Expression>) {
    match attribute {
        Expression::FuncCall(call) if is_optional(call) => {
            let mut args = call.args.iter();
            (args.next(), args.next())
        }
        _ => (None, None),
    }
}

fn is_optional(call: &FuncCall) -> bool {
    call.name.namespace.is_empty() && call.name.name.as_str() == "optional"
}

/// Whether a map stands for a function of the template, whose value is another.
fn is_function(entries: &[Entry]) -> bool {
    matches!(entries, [only] if only.key == "Ref" || only.key.starts_with("Fn::"))
}
