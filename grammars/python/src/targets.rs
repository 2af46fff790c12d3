//! What assignments, loops, `with`, `del` and parameters bind: names are declared here, and nowhere
//! else but in definitions, imports and `match`.

use perm_infer_facts::Pattern;
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::Lowerer;

impl<'t> Lowerer<'t, '_> {
    /// Where an assignment, loop, `with` or `del` stores.
    pub(crate) fn target(&mut self, node: Node<'t>) -> Pattern {
        if !self.enter(node) {
            return Pattern::Ignore;
        }
        let target = self.target_inside(node);
        self.leave();
        target
    }

    fn target_inside(&mut self, node: Node<'t>) -> Pattern {
        let fields = self.fields();
        match self.kind(node) {
            Kind::Identifier => match self.name_of(Some(node)) {
                Some(name) => Pattern::Var(self.state.builder.declare(name)),
                None => Pattern::Ignore,
            },
            Kind::Attribute => {
                let object = self.expr_or_opaque(self.field(node, fields.object), node);
                match self.name_of(self.field(node, fields.attribute)) {
                    Some(name) => Pattern::Attr { object, name },
                    None => Pattern::Ignore,
                }
            }
            Kind::Subscript => {
                let object = self.expr_or_opaque(self.field(node, fields.value), node);
                let index = self.index_of(node);
                Pattern::Index { object, index }
            }
            Kind::TuplePattern
            | Kind::ListPattern
            | Kind::PatternList
            | Kind::Tuple
            | Kind::List
            | Kind::ExpressionList => {
                Pattern::List(self.children(node).into_iter().map(|child| Some(self.target(child))).collect())
            }
            Kind::ListSplatPattern | Kind::ListSplat => match self.first_child(node) {
                Some(inner) => Pattern::Rest(Box::new(self.target(inner))),
                None => Pattern::Ignore,
            },
            Kind::ParenthesizedExpression | Kind::AsPatternTarget => match self.first_child(node) {
                Some(inner) => self.target(inner),
                None => Pattern::Ignore,
            },
            // Not assignable, so only a syntax error brings it here.
            _ => Pattern::Ignore,
        }
    }
}
