//! What stands left of an assignment, or is bound by a declaration, parameter or loop.

use perm_infer_facts::{ExprId, Name, Pattern, VarId};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::Lowerer;

/// What a name in a pattern does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bind {
    /// Declares in the innermost scope.
    Block,
    /// Declares in the function (`var`).
    Function,
    /// Assigns what is declared elsewhere.
    Assign,
}

impl Lowerer<'_> {
    pub(crate) fn pattern(&mut self, node: Node<'_>, bind: Bind) -> Pattern {
        let node = self.unwrap_parentheses(node);
        self.nested(node, |this| this.pattern_by_kind(node, bind)).unwrap_or(Pattern::Ignore)
    }

    fn pattern_by_kind(&mut self, node: Node<'_>, bind: Bind) -> Pattern {
        match self.kind(node) {
            Kind::Identifier | Kind::ShorthandPropertyIdentifierPattern | Kind::Undefined => {
                let name = self.intern(node);
                Pattern::Var(self.bind(name, bind))
            }
            Kind::ObjectPattern => self.object_pattern(node, bind),
            Kind::ArrayPattern => self.array_pattern(node, bind),
            Kind::AssignmentPattern => {
                let inner = self.field_pattern(node, Field::Left, bind);
                Pattern::Default(Box::new(inner), self.default_value(node))
            }
            Kind::RestPattern => Pattern::Rest(Box::new(self.child_pattern(node, bind))),
            Kind::MemberExpression => {
                let object = self.field_expr(node, Field::Object);
                match self.field(node, Field::Property) {
                    Some(property) => Pattern::Attr { object, name: self.intern(property) },
                    None => Pattern::Ignore,
                }
            }
            Kind::SubscriptExpression => {
                let object = self.field_expr(node, Field::Object);
                Pattern::Index { object, index: self.field_expr(node, Field::Index) }
            }
            // `x! = v`, `(x as T) = v`
            Kind::NonNullExpression | Kind::AsExpression | Kind::SatisfiesExpression => {
                self.child_pattern(node, bind)
            }
            _ => Pattern::Ignore,
        }
    }

    fn field_pattern(&mut self, node: Node<'_>, field: Field, bind: Bind) -> Pattern {
        self.field(node, field).map_or(Pattern::Ignore, |inner| self.pattern(inner, bind))
    }

    fn child_pattern(&mut self, node: Node<'_>, bind: Bind) -> Pattern {
        self.child(node).map_or(Pattern::Ignore, |inner| self.pattern(inner, bind))
    }

    /// The right side of `pattern = default`.
    pub(crate) fn default_value(&mut self, node: Node<'_>) -> ExprId {
        let name = self.field(node, Field::Left).and_then(|left| self.target_name(left));
        match self.field(node, Field::Right) {
            Some(right) => self.named_expr(right, name),
            None => self.unknown(node),
        }
    }

    pub(crate) fn bind(&mut self, name: Name, bind: Bind) -> VarId {
        match bind {
            Bind::Block => self.b.declare(name),
            Bind::Function => self.b.declare_in_function(name),
            Bind::Assign => self.b.assign_target(name),
        }
    }

    fn array_pattern(&mut self, node: Node<'_>, bind: Bind) -> Pattern {
        let mut items = Vec::new();
        let mut filled = false;
        let mut cursor = node.walk();
        // Commas count: `[, second]` skips an element.
        for child in node.children(&mut cursor) {
            match self.kind(child) {
                Kind::Token if child.kind() == "," => {
                    if !filled {
                        items.push(None);
                    }
                    filled = false;
                }
                Kind::Token | Kind::Comment => {}
                _ => {
                    items.push(Some(self.pattern(child, bind)));
                    filled = true;
                }
            }
        }
        Pattern::List(items)
    }

    fn object_pattern(&mut self, node: Node<'_>, bind: Bind) -> Pattern {
        let mut entries = Vec::new();
        let mut rest = None;
        for entry in self.children(node) {
            match self.kind(entry) {
                Kind::ShorthandPropertyIdentifierPattern => {
                    let name = self.intern(entry);
                    let key = self.str(name, entry);
                    entries.push((key, Pattern::Var(self.bind(name, bind))));
                }
                Kind::ObjectAssignmentPattern => {
                    let Some(left) = self.field(entry, Field::Left) else { continue };
                    let name = self.intern(left);
                    let key = self.str(name, left);
                    let inner = Box::new(self.pattern(left, bind));
                    entries.push((key, Pattern::Default(inner, self.default_value(entry))));
                }
                Kind::PairPattern => {
                    let Some(key) = self.field(entry, Field::Key) else { continue };
                    let key = self.property_key_expr(key);
                    entries.push((key, self.field_pattern(entry, Field::Value, bind)));
                }
                Kind::RestPattern => rest = Some(Box::new(self.child_pattern(entry, bind))),
                _ => {}
            }
        }
        Pattern::Dict { entries, rest }
    }

    /// The name that a function gets by being assigned to this target.
    pub(crate) fn target_name(&mut self, node: Node<'_>) -> Option<Name> {
        let node = self.unwrap_parentheses(node);
        match self.kind(node) {
            Kind::Identifier | Kind::ShorthandPropertyIdentifierPattern => Some(self.intern(node)),
            Kind::MemberExpression => {
                let property = self.field(node, Field::Property)?;
                // `module.exports = () => ...` names the module, not the function.
                (self.text(property) != "exports").then(|| self.intern(property))
            }
            Kind::SubscriptExpression => {
                let index = self.field(node, Field::Index)?;
                let text = self.constant_string(index)?;
                Some(self.b.intern(&text))
            }
            _ => None,
        }
    }
}

/// The variables that a pattern binds, in order.
pub(crate) fn variables(pattern: &Pattern, found: &mut Vec<VarId>) {
    match pattern {
        Pattern::Var(var) => found.push(*var),
        Pattern::List(items) => items.iter().flatten().for_each(|item| variables(item, found)),
        Pattern::Dict { entries, rest } => {
            entries.iter().map(|(_, entry)| entry).chain(rest.as_deref()).for_each(|entry| {
                variables(entry, found);
            });
        }
        Pattern::Rest(inner) | Pattern::Default(inner, _) | Pattern::Typed(inner, _) => {
            variables(inner, found);
        }
        Pattern::Attr { .. } | Pattern::Index { .. } | Pattern::Ignore => {}
    }
}
