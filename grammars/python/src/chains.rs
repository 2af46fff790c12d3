//! Expressions that grow to the left: `a.b().c[0]`, `a + b + c`, `p and q and r`, with any number of
//! parentheses. They are walked down to their base and built up again without recursion, so that a
//! sum of ten thousand terms is no deeper than one of two.

use perm_infer_diagnostics::Span;
use perm_infer_facts::{BinaryOp, Expr, ExprId};
use smallvec::SmallVec;
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::{Lowerer, MAX_HEIGHT};

/// Up to how many operations of the same operator stay nested to the left as in the source. Longer
/// runs are balanced where the operator is associative, and else become unknown, which they would be
/// anyway.
const MAX_LEFT_RUN: usize = 32;

type Links<'t> = SmallVec<[Node<'t>; 8]>;

/// One step outwards: a link of its own, or a run of operations with the same operator.
struct Step {
    from: usize,
    to: usize,
    operator: Option<BinaryOp>,
}

impl Step {
    /// How much higher the expression gets by it.
    fn height(&self) -> u32 {
        let links = u32::try_from(self.to - self.from).unwrap_or(u32::MAX);
        if self.to - self.from <= MAX_LEFT_RUN { links } else { links.ilog2() + 2 }
    }
}

impl<'t> Lowerer<'t, '_> {
    /// An expression of any kind.
    pub(crate) fn expr(&mut self, node: Node<'t>) -> ExprId {
        if !self.enter(node) {
            return self.opaque(Vec::new(), node);
        }
        let (links, base) = self.unwind(node);
        let value = if links.is_empty() { self.simple_expr(base) } else { self.rebuild(&links, base) };
        self.leave();
        value
    }

    /// The expression in a place where the syntax wants one; unknown where it is missing.
    pub(crate) fn expr_or_opaque(&mut self, node: Option<Node<'t>>, around: Node<'t>) -> ExprId {
        match node {
            Some(node) => self.expr(node),
            None => self.opaque(Vec::new(), around),
        }
    }

    /// The links from the outermost to the base, innermost first, and the base.
    fn unwind(&mut self, node: Node<'t>) -> (Links<'t>, Node<'t>) {
        let fields = self.fields();
        let mut links = Links::new();
        let mut base = node;
        loop {
            let (inner, is_link) = match self.kind(base) {
                Kind::ParenthesizedExpression => (self.first_child(base), false),
                Kind::Attribute => (self.field(base, fields.object), true),
                Kind::Subscript => (self.field(base, fields.value), true),
                Kind::Call => (self.field(base, fields.function), true),
                Kind::BinaryOperator | Kind::BooleanOperator => (self.field(base, fields.left), true),
                _ => (None, false),
            };
            let Some(inner) = inner else { break };
            if is_link {
                links.push(base);
            }
            base = inner;
        }
        links.reverse();
        (links, base)
    }

    fn rebuild(&mut self, links: &[Node<'t>], base: Node<'t>) -> ExprId {
        let steps = self.steps(links);
        let around = self.state.height;
        let room = MAX_HEIGHT.saturating_sub(around);
        let (mut total, mut kept) = (0, 0);
        for step in &steps {
            if total + step.height() > room {
                break;
            }
            total += step.height();
            kept += 1;
        }
        self.state.height = around + total;
        let mut value = self.simple_expr(base);
        for step in &steps[..kept] {
            total -= step.height();
            self.state.height = around + total;
            value = self.step(value, step, links);
        }
        self.state.height = around;
        if let Some(cut) = steps.get(kept) {
            value = self.cut(value, &links[cut.from..]);
        }
        value
    }

    fn steps(&mut self, links: &[Node<'t>]) -> SmallVec<[Step; 8]> {
        let mut steps: SmallVec<[Step; 8]> = SmallVec::new();
        for (index, &link) in links.iter().enumerate() {
            let operator = self.operator(link);
            match steps.last_mut() {
                Some(last) if operator.is_some() && last.operator == operator => last.to = index + 1,
                _ => steps.push(Step { from: index, to: index + 1, operator }),
            }
        }
        steps
    }

    fn step(&mut self, value: ExprId, step: &Step, links: &[Node<'t>]) -> ExprId {
        let run = &links[step.from..step.to];
        match (step.operator, run) {
            (Some(op), _) => self.run(op, value, run),
            (None, &[link]) => match self.kind(link) {
                Kind::Attribute => self.attribute(value, link),
                Kind::Subscript => self.subscript(value, link),
                _ => self.call(value, link),
            },
            (None, _) => value,
        }
    }

    fn attribute(&mut self, object: ExprId, node: Node<'t>) -> ExprId {
        match self.name_of(self.field(node, self.fields().attribute)) {
            Some(name) => self.make(Expr::Attr { object, name }, node),
            None => self.opaque(vec![object], node),
        }
    }

    /// Operations with the same operator, innermost first.
    fn run(&mut self, op: BinaryOp, first: ExprId, run: &[Node<'t>]) -> ExprId {
        if run.len() <= MAX_LEFT_RUN {
            let mut left = first;
            for &node in run {
                let right = self.right(node);
                left = self.make(Expr::Binary { op, left, right }, node);
            }
            return left;
        }
        let mut operands = vec![first];
        operands.extend(run.iter().map(|&node| self.right(node)));
        if matches!(op, BinaryOp::Add | BinaryOp::Merge | BinaryOp::And | BinaryOp::Or) {
            return self.balanced(op, &operands);
        }
        let outermost = run[run.len() - 1];
        self.opaque(operands, outermost)
    }

    fn right(&mut self, node: Node<'t>) -> ExprId {
        self.expr_or_opaque(self.field(node, self.fields().right), node)
    }

    /// The operands joined as a tree of logarithmic height; at least one is given.
    fn balanced(&mut self, op: BinaryOp, operands: &[ExprId]) -> ExprId {
        if let &[operand] = operands {
            return operand;
        }
        let (left, right) = operands.split_at(operands.len() / 2);
        let (left, right) = (self.balanced(op, left), self.balanced(op, right));
        let builder = &mut self.state.builder;
        let span = Span { start: builder.span(left).start, end: builder.span(right).end };
        builder.expr(Expr::Binary { op, left, right }, span)
    }

    /// Links beyond the height that is followed: their operands are evaluated, their value is unknown.
    fn cut(&mut self, value: ExprId, links: &[Node<'t>]) -> ExprId {
        let outermost = links[links.len() - 1];
        self.too_deep(outermost);
        let mut parts = vec![value];
        for &link in links {
            match self.kind(link) {
                Kind::Attribute => {}
                Kind::Subscript => {
                    let index = self.index_of(link);
                    parts.push(index);
                }
                Kind::Call => {
                    let args = self.arguments(link);
                    parts.extend(args.into_iter().map(|arg| arg.value));
                }
                _ => {
                    let right = self.right(link);
                    parts.push(right);
                }
            }
        }
        self.opaque(parts, outermost)
    }

    fn operator(&mut self, node: Node<'t>) -> Option<BinaryOp> {
        if !matches!(self.kind(node), Kind::BinaryOperator | Kind::BooleanOperator) {
            return None;
        }
        let operator = self.field(node, self.fields().operator).map(|operator| self.text(operator));
        Some(match operator {
            Some("+") => BinaryOp::Add,
            Some("%") => BinaryOp::Mod,
            Some("/") => BinaryOp::Div,
            Some("|") => BinaryOp::Merge,
            Some("and") => BinaryOp::And,
            Some("or") => BinaryOp::Or,
            _ => BinaryOp::Other,
        })
    }
}
