//! TypeScript's types, as far as they name a class: a type becomes an expression that names it, and
//! what names none becomes an unknown.

use perm_infer_facts::{Expr, ExprId, Name};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::{Lowerer, span};

/// Generic types that stand for their argument: a promise is what it resolves to.
const TRANSPARENT: &[&str] =
    &["Promise", "PromiseLike", "Awaited", "Readonly", "Partial", "Required", "NonNullable"];

/// Generic types that hold many of their argument.
const CONTAINERS: &[&str] = &["Array", "ReadonlyArray", "Set", "ReadonlySet", "Iterable", "AsyncIterable"];

impl Lowerer<'_> {
    /// The type in a `: type` annotation; none where it is a type predicate.
    pub(crate) fn annotation(&mut self, node: Node<'_>) -> Option<ExprId> {
        match self.kind(node) {
            Kind::TypeAnnotation => self.child(node).map(|ty| self.ty(ty)),
            _ => None,
        }
    }

    /// Lowers a type.
    pub(crate) fn ty(&mut self, node: Node<'_>) -> ExprId {
        self.nested(node, |this| this.ty_by_kind(node)).unwrap_or_else(|| self.unknown(node))
    }

    fn ty_by_kind(&mut self, node: Node<'_>) -> ExprId {
        match self.kind(node) {
            Kind::TypeIdentifier | Kind::Identifier => {
                let name = self.intern(node);
                self.b.name(name, span(node))
            }
            Kind::NestedTypeIdentifier => {
                let object = self.field(node, Field::Module);
                let name = self.field(node, Field::Name).map(|name| self.intern(name));
                match (object, name) {
                    (Some(object), Some(name)) => {
                        let object = self.expr(object);
                        self.add(Expr::Attr { object, name }, node)
                    }
                    _ => self.unknown(node),
                }
            }
            Kind::GenericType => self.generic_type(node),
            Kind::UnionType | Kind::IntersectionType => self.type_union(node),
            Kind::LiteralType => match self.child(node).filter(|&child| self.kind(child) == Kind::String) {
                Some(text) => self.expr(text),
                None => self.unknown(node),
            },
            Kind::ParenthesizedType | Kind::ReadonlyType | Kind::OptionalType => match self.child(node) {
                Some(inner) => self.ty(inner),
                None => self.unknown(node),
            },
            _ => self.unknown(node),
        }
    }

    fn generic_type(&mut self, node: Node<'_>) -> ExprId {
        let Some(name) = self.field(node, Field::Name) else { return self.unknown(node) };
        let arguments =
            self.field(node, Field::TypeArguments).map_or_else(Vec::new, |list| self.children(list));
        let text = self.text(name);
        if let ([argument], true) = (&arguments[..], TRANSPARENT.contains(&text)) {
            return self.ty(*argument);
        }
        if CONTAINERS.contains(&text) {
            return self.unknown(node);
        }
        let object = self.ty(name);
        let index = match arguments[..] {
            [] => return object,
            [only] => self.ty(only),
            _ => {
                let types = arguments.into_iter().map(|argument| self.ty(argument)).collect();
                self.add(Expr::List(types), node)
            }
        };
        self.add(Expr::Index { object, index }, node)
    }

    /// A union or intersection as one flat list without `null` and `undefined`.
    fn type_union(&mut self, node: Node<'_>) -> ExprId {
        let mut members = Vec::new();
        // The grammar nests `A | B | C` to the left, so that a list of pending types suffices.
        let mut pending = vec![node];
        while let Some(member) = pending.pop() {
            if matches!(self.kind(member), Kind::UnionType | Kind::IntersectionType) {
                pending.extend(self.children(member).into_iter().rev());
            } else if !self.is_null_type(member) {
                members.push(self.ty(member));
            }
        }
        match members[..] {
            [only] => only,
            _ => self.add(Expr::TypeUnion(members), node),
        }
    }

    fn is_null_type(&self, node: Node<'_>) -> bool {
        matches!(self.text(node), "null" | "undefined" | "void")
    }

    /// `x as T`, `<T>x`, `x satisfies T`; `x as const` is `x`.
    pub(crate) fn typed(&mut self, node: Node<'_>, name: Option<Name>) -> ExprId {
        let children = self.children(node);
        let (value, ty) = match (self.kind(node), &children[..]) {
            (Kind::TypeAssertion, [arguments, value]) => (*value, self.child(*arguments)),
            (_, [value, ty]) => (*value, Some(*ty)),
            (_, [value]) => (*value, None),
            _ => return self.salvaged_expr(node),
        };
        let value = self.named_expr(value, name);
        match ty {
            Some(ty) => {
                let ty = self.ty(ty);
                self.add(Expr::Typed { value, ty }, node)
            }
            None => value,
        }
    }
}
