//! Annotations: expressions in which strings are source text, and some generic names only wrap the
//! type that matters.

use perm_infer_facts::{Expr, ExprId};
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::Lowerer;
use crate::parse::parse;

/// The longest annotation in a string that is read as source.
const MAX_ANNOTATION_BYTES: usize = 1000;

/// Names of `typing` whose arguments are alternatives, or the type and notes about it.
const WRAPPERS: &[&str] =
    &["Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"];

impl<'t> Lowerer<'t, '_> {
    /// An annotation.
    pub(crate) fn ty(&mut self, node: Node<'t>) -> ExprId {
        if !self.enter(node) {
            return self.opaque(Vec::new(), node);
        }
        let ty = self.type_inside(node);
        self.leave();
        ty
    }

    fn type_inside(&mut self, node: Node<'t>) -> ExprId {
        let fields = self.fields();
        match self.kind(node) {
            Kind::Type | Kind::ParenthesizedExpression => match self.first_child(node) {
                Some(inner) => self.ty(inner),
                None => self.opaque(Vec::new(), node),
            },
            Kind::String | Kind::ConcatenatedString => self.type_in_string(node),
            Kind::BinaryOperator if self.is_union(node) => self.union(node),
            Kind::UnionType => {
                let types = self.each_type(node);
                self.make(Expr::TypeUnion(types), node)
            }
            Kind::Subscript => {
                let Some(generic) = self.field(node, fields.value) else {
                    return self.opaque(Vec::new(), node);
                };
                let args = self.children_in(node, fields.subscript);
                self.generic(node, generic, &args)
            }
            Kind::GenericType => {
                let children = self.children(node);
                let (Some(&generic), Some(&params)) = (children.first(), children.get(1)) else {
                    return self.opaque(Vec::new(), node);
                };
                let args = self.children(params);
                self.generic(node, generic, &args)
            }
            // `Callable[[A, B], C]`
            Kind::List => {
                let types = self.each_type(node);
                self.make(Expr::List(types), node)
            }
            Kind::MemberType => {
                let children = self.children(node);
                let (Some(&object), Some(&member)) = (children.first(), children.get(1)) else {
                    return self.opaque(Vec::new(), node);
                };
                let object = self.ty(object);
                match self.name_of(Some(member)) {
                    Some(name) => self.make(Expr::Attr { object, name }, node),
                    None => self.opaque(vec![object], node),
                }
            }
            // `*Ts`, and `T: bound` in lists of type parameters.
            Kind::SplatType | Kind::ConstrainedType => {
                let types = self.each_type(node);
                self.opaque(types, node)
            }
            _ => self.expr(node),
        }
    }

    fn each_type(&mut self, node: Node<'t>) -> Vec<ExprId> {
        self.children(node).into_iter().map(|child| self.ty(child)).collect()
    }

    fn is_union(&self, node: Node<'t>) -> bool {
        self.field(node, self.fields().operator).is_some_and(|operator| self.text(operator) == "|")
    }

    /// `A | B | C`, which grows to the left.
    fn union(&mut self, node: Node<'t>) -> ExprId {
        let fields = self.fields();
        let mut members = Vec::new();
        let mut left = node;
        while self.kind(left) == Kind::BinaryOperator && self.is_union(left) {
            members.extend(self.field(left, fields.right));
            match self.field(left, fields.left) {
                Some(inner) => left = inner,
                None => break,
            }
        }
        members.push(left);
        let types = members.into_iter().rev().map(|member| self.ty(member)).collect();
        self.make(Expr::TypeUnion(types), node)
    }

    fn generic(&mut self, node: Node<'t>, generic: Node<'t>, args: &[Node<'t>]) -> ExprId {
        let name = self.text(generic).rsplit('.').next().unwrap_or_default().trim();
        let wraps = WRAPPERS.contains(&name);
        // Strings in `Literal` are strings, and so they are in the notes of `Annotated`.
        let types = match name {
            "Literal" => 0,
            "Annotated" => 1,
            _ => args.len(),
        };
        let lowered: Vec<ExprId> = args
            .iter()
            .enumerate()
            .map(|(index, &arg)| if index < types { self.ty(arg) } else { self.literal_or_note(arg) })
            .collect();
        if wraps {
            return self.make(Expr::TypeUnion(lowered), node);
        }
        let object = self.ty(generic);
        let index = match lowered[..] {
            [index] => index,
            _ => self.make(Expr::List(lowered), node),
        };
        self.make(Expr::Index { object, index }, node)
    }

    fn literal_or_note(&mut self, node: Node<'t>) -> ExprId {
        match self.first_child(node) {
            Some(inner) if self.kind(node) == Kind::Type => self.expr(inner),
            _ => self.expr(node),
        }
    }

    /// A string that names a type: its text is lowered as an expression in the same scope.
    fn type_in_string(&mut self, node: Node<'t>) -> ExprId {
        let text = self.constant_text(node);
        let Some(text) = text.filter(|text| !text.is_empty() && text.len() <= MAX_ANNOTATION_BYTES) else {
            return self.string(node);
        };
        let span = self.span(node);
        if is_identifier(&text) {
            let name = self.intern(&text);
            return self.state.builder.name(name, span);
        }
        // Parentheses allow line breaks, as in an annotation that is a triple-quoted string.
        let source = format!("({text})");
        let Some(tree) = parse(&source) else { return self.string(node) };
        let root = tree.root_node();
        if root.has_error() {
            return self.string(node);
        }
        let mut inner = Lowerer::new(self.state, &source, root, Some(span));
        let statement = inner.first_child(root);
        let expression = statement
            .filter(|&statement| inner.kind(statement) == Kind::ExpressionStatement)
            .and_then(|statement| inner.first_child(statement));
        match expression {
            Some(expression) => inner.ty(expression),
            None => self.string(node),
        }
    }

    /// The first argument of a call to something named `cast`, as a type.
    pub(crate) fn cast_type(&mut self, callee: ExprId, call: Node<'t>) -> Option<ExprId> {
        let name = match *self.state.builder.get(callee) {
            Expr::Global(name) | Expr::Attr { name, .. } => name,
            _ => return None,
        };
        if self.state.builder.text(name) != "cast" {
            return None;
        }
        let list = self.field(call, self.fields().arguments)?;
        let args = self.children(list);
        match args[..] {
            [ty, value] if [ty, value].iter().all(|&arg| self.kind(arg) != Kind::KeywordArgument) => {
                Some(self.ty(ty))
            }
            _ => None,
        }
    }
}

fn is_identifier(text: &str) -> bool {
    !matches!(text, "None" | "True" | "False")
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
