//! JSX: a component is a call with its attributes as the one argument; any other element evaluates
//! what stands in it.

use perm_infer_facts::{Arg, ArgKind, DictEntry, Expr, ExprId};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::Lowerer;

impl Lowerer<'_> {
    pub(crate) fn jsx_element(&mut self, node: Node<'_>) -> ExprId {
        let head = self.field(node, Field::OpenTag).unwrap_or(node);
        let mut attributes = Vec::new();
        let mut children = Vec::new();
        self.jsx_attributes(head, &mut attributes);
        if self.kind(node) == Kind::JsxElement {
            self.jsx_children(node, &mut children);
        }
        match self.field(head, Field::Name).filter(|&name| self.is_component(name)) {
            Some(name) => {
                let callee = self.expr(name);
                if !children.is_empty() {
                    let label = self.b.intern("children");
                    let key = self.str(label, node);
                    attributes.push(DictEntry::Pair(
                        key,
                        self.b.expr(Expr::List(children), crate::lower::span(node)),
                    ));
                }
                let value = self.add(Expr::Dict(attributes), head);
                let args = vec![Arg { kind: ArgKind::Positional, value }];
                self.add(Expr::Call { callee, args }, node)
            }
            None => {
                let mut parts: Vec<ExprId> = attributes
                    .iter()
                    .map(|entry| match entry {
                        DictEntry::Pair(_, value)
                        | DictEntry::Spread(value)
                        | DictEntry::Getter(value, _) => *value,
                    })
                    .collect();
                parts.extend(children);
                self.add(Expr::Opaque(parts), node)
            }
        }
    }

    /// A capitalised or dotted name is a component; others are elements of the page.
    fn is_component(&self, name: Node<'_>) -> bool {
        match self.kind(name) {
            Kind::MemberExpression | Kind::NestedIdentifier => true,
            Kind::Identifier => self.text(name).starts_with(char::is_uppercase),
            _ => false,
        }
    }

    fn jsx_attributes(&mut self, head: Node<'_>, entries: &mut Vec<DictEntry>) {
        for child in self.children(head) {
            match self.kind(child) {
                Kind::JsxAttribute => {
                    let parts = self.children(child);
                    let Some((&key, values)) = parts.split_first() else { continue };
                    let name = self.intern(key);
                    let key = self.str(name, key);
                    let value = match values.first() {
                        Some(&value) => self.named_expr(value, Some(name)),
                        // `<input disabled/>`
                        None => self.add(Expr::Bool(true), child),
                    };
                    entries.push(DictEntry::Pair(key, value));
                }
                // `{...props}`
                Kind::JsxExpression => {
                    if let Some(inner) = self.child(child) {
                        let inner = self.child(inner).unwrap_or(inner);
                        entries.push(DictEntry::Spread(self.expr(inner)));
                    }
                }
                _ => {}
            }
        }
    }

    fn jsx_children(&mut self, node: Node<'_>, values: &mut Vec<ExprId>) {
        for child in self.children(node) {
            match self.kind(child) {
                Kind::JsxElement | Kind::JsxSelfClosingElement => values.push(self.expr(child)),
                Kind::JsxExpression => {
                    // `{/* a comment */}` has no child.
                    if let Some(inner) = self.child(child) {
                        values.push(self.expr(inner));
                    }
                }
                _ => {}
            }
        }
    }
}
