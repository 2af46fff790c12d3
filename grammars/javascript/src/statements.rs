//! Statements other than declarations: control flow, and expressions that stand for their effect.

use perm_infer_facts::{AssignOp, BinaryOp, Block, Case, Expr, ExprId, Handler, Pattern, ScopeKind, Stmt};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::Lowerer;
use crate::patterns::Bind;

impl Lowerer<'_> {
    /// Lowers the statements of one block; its function declarations come first, as they take effect
    /// before everything else.
    pub(crate) fn statements(&mut self, nodes: &[Node<'_>], out: &mut Block) {
        nodes.iter().for_each(|&node| self.predeclare(node));
        let (functions, others): (Vec<Node<'_>>, Vec<Node<'_>>) =
            nodes.iter().partition(|&&node| self.is_function_statement(node));
        functions.into_iter().chain(others).for_each(|node| self.statement(node, out));
    }

    /// A function declaration, exported or not.
    fn is_function_statement(&self, node: Node<'_>) -> bool {
        match self.kind(node) {
            Kind::FunctionDeclaration | Kind::GeneratorFunctionDeclaration => true,
            Kind::ExportStatement => self
                .field(node, Field::Declaration)
                .is_some_and(|declaration| self.is_function_statement(declaration)),
            _ => false,
        }
    }

    /// A statement as a block with a scope of its own.
    pub(crate) fn scoped(&mut self, node: Option<Node<'_>>) -> Block {
        let mut block = Block::new();
        let Some(node) = node else { return block };
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        match self.kind(node) {
            Kind::StatementBlock => {
                self.nested(node, |this| this.statements(&this.children(node), &mut block));
            }
            _ => self.statement(node, &mut block),
        }
        self.b.pop_scope();
        block
    }

    pub(crate) fn is_statement(&self, node: Node<'_>) -> bool {
        self.is_declaration(node)
            || matches!(
                self.kind(node),
                Kind::StatementBlock
                    | Kind::ExpressionStatement
                    | Kind::IfStatement
                    | Kind::ForStatement
                    | Kind::ForInStatement
                    | Kind::WhileStatement
                    | Kind::DoStatement
                    | Kind::SwitchStatement
                    | Kind::TryStatement
                    | Kind::ThrowStatement
                    | Kind::ReturnStatement
                    | Kind::BreakStatement
                    | Kind::ContinueStatement
                    | Kind::LabeledStatement
                    | Kind::WithStatement
                    | Kind::DebuggerStatement
                    | Kind::EmptyStatement
                    | Kind::ImportStatement
                    | Kind::ExportStatement
            )
    }

    /// Lowers one statement to `out`.
    pub(crate) fn statement(&mut self, node: Node<'_>, out: &mut Block) {
        self.nested(node, |this| this.statement_by_kind(node, out));
    }

    /// `do body while (test)`: an endless loop that is left behind a turn.
    fn do_statement(&mut self, node: Node<'_>, out: &mut Block) {
        let body = self.scoped(self.field(node, Field::Body));
        let test = self.field_expr(node, Field::Condition);
        let leave = vec![self.add_stmt(Stmt::Break, node)];
        let update = vec![self.add_stmt(Stmt::If { test, then: Block::new(), otherwise: leave }, node)];
        let stmt = Stmt::While { test: None, body, update, otherwise: Block::new() };
        out.push(self.add_stmt(stmt, node));
    }

    fn statement_by_kind(&mut self, node: Node<'_>, out: &mut Block) {
        match self.kind(node) {
            Kind::ExpressionStatement => {
                if let Some(child) = self.child(node) {
                    self.effect(child, out);
                }
            }
            Kind::StatementBlock => {
                let block = self.scoped(Some(node));
                out.push(self.add_stmt(Stmt::Block(block), node));
            }
            Kind::IfStatement => self.if_statement(node, out),
            Kind::ForStatement => self.for_statement(node, out),
            Kind::ForInStatement => self.for_in_statement(node, out),
            Kind::DoStatement => self.do_statement(node, out),
            Kind::WhileStatement => {
                let test = Some(self.field_expr(node, Field::Condition));
                let body = self.scoped(self.field(node, Field::Body));
                let stmt = Stmt::While { test, body, update: Block::new(), otherwise: Block::new() };
                out.push(self.add_stmt(stmt, node));
            }
            Kind::SwitchStatement => self.switch_statement(node, out),
            Kind::TryStatement => self.try_statement(node, out),
            Kind::ThrowStatement => {
                let value = self.child(node).map(|value| self.expr(value));
                out.push(self.add_stmt(Stmt::Raise(value), node));
            }
            Kind::ReturnStatement => {
                let value = self.child(node).map(|value| self.returned(value, out));
                out.push(self.add_stmt(Stmt::Return(value), node));
            }
            Kind::BreakStatement => out.push(self.add_stmt(Stmt::Break, node)),
            Kind::ContinueStatement => out.push(self.add_stmt(Stmt::Continue, node)),
            Kind::LabeledStatement => {
                if let Some(body) = self.field(node, Field::Body) {
                    self.statement(body, out);
                }
            }
            Kind::WithStatement => {
                let object = self.field_expr(node, Field::Object);
                out.push(self.add_stmt(Stmt::Expr(object), node));
                let body = self.scoped(self.field(node, Field::Body));
                out.push(self.add_stmt(Stmt::Block(body), node));
            }
            Kind::ImportStatement => self.import_statement(node, out),
            Kind::ExportStatement => self.export_statement(node, out),
            Kind::EmptyStatement | Kind::DebuggerStatement | Kind::Ignored | Kind::Token => {}
            _ if self.is_declaration(node) => {
                self.declaration(node, out);
            }
            Kind::Error => self.salvage(node, out),
            _ => self.effect(node, out),
        }
    }

    /// `return a, b`: what comes first is evaluated for its effect.
    fn returned(&mut self, node: Node<'_>, out: &mut Block) -> ExprId {
        let inner = self.unwrap_parentheses(node);
        if self.kind(inner) != Kind::SequenceExpression {
            return self.expr(inner);
        }
        let operands = self.children(inner);
        let Some((&last, leading)) = operands.split_last() else { return self.unknown(node) };
        leading.iter().for_each(|&operand| self.effect(operand, out));
        self.expr(last)
    }

    /// An expression of which only the effect matters.
    pub(crate) fn effect(&mut self, node: Node<'_>, out: &mut Block) {
        let node = self.unwrap_parentheses(node);
        self.nested(node, |this| this.effect_by_kind(node, out));
    }

    fn effect_by_kind(&mut self, node: Node<'_>, out: &mut Block) {
        match self.kind(node) {
            Kind::AssignmentExpression => self.assignment_statement(node, out),
            Kind::AugmentedAssignmentExpression => {
                let value = self.field_expr(node, Field::Right);
                let Some(left) = self.field(node, Field::Left) else { return };
                let targets = vec![self.pattern(left, Bind::Assign)];
                let op = self.assign_op(node);
                out.push(self.add_stmt(Stmt::Assign { targets, op, value }, node));
            }
            Kind::UpdateExpression => {
                let Some(argument) = self.field(node, Field::Argument) else { return };
                let targets = vec![self.pattern(argument, Bind::Assign)];
                let value = self.add(Expr::Int(1), node);
                let op = AssignOp::Update(BinaryOp::Other);
                out.push(self.add_stmt(Stmt::Assign { targets, op, value }, node));
            }
            Kind::SequenceExpression => {
                self.children(node).into_iter().for_each(|operand| self.effect(operand, out));
            }
            Kind::BinaryExpression => self.binary_effect(node, out),
            Kind::TernaryExpression => {
                let test = self.field_expr(node, Field::Condition);
                let then = self.effect_block(self.field(node, Field::Consequence));
                let otherwise = self.effect_block(self.field(node, Field::Alternative));
                out.push(self.add_stmt(Stmt::If { test, then, otherwise }, node));
            }
            Kind::UnaryExpression => self.unary_effect(node, out),
            // A directive such as "use strict", or a constant without effect.
            Kind::String | Kind::Number => {}
            Kind::CallExpression if self.common_js_call(node, out) => {}
            Kind::InternalModule => {
                self.namespace(node, out);
            }
            Kind::Error => self.salvage(node, out),
            _ => {
                let value = self.expr(node);
                out.push(self.add_stmt(Stmt::Expr(value), node));
            }
        }
    }

    /// `a && b` and `a || b` for the effect of `b`.
    fn binary_effect(&mut self, node: Node<'_>, out: &mut Block) {
        let operator = self.field(node, Field::Operator).map_or("", |operator| operator.kind());
        if !matches!(operator, "&&" | "||") {
            let value = self.expr(node);
            out.push(self.add_stmt(Stmt::Expr(value), node));
            return;
        }
        let test = self.field_expr(node, Field::Left);
        let right = self.effect_block(self.field(node, Field::Right));
        let (then, otherwise) = if operator == "&&" { (right, Block::new()) } else { (Block::new(), right) };
        out.push(self.add_stmt(Stmt::If { test, then, otherwise }, node));
    }

    fn effect_block(&mut self, node: Option<Node<'_>>) -> Block {
        let mut block = Block::new();
        if let Some(node) = node {
            self.effect(node, &mut block);
        }
        block
    }

    /// `delete a.b`, `void f()`, `!function () {}()`
    fn unary_effect(&mut self, node: Node<'_>, out: &mut Block) {
        let Some(argument) = self.field(node, Field::Argument) else { return };
        let operator = self.field(node, Field::Operator).map_or("", |operator| operator.kind());
        if operator == "delete" {
            let target = self.pattern(argument, Bind::Assign);
            out.push(self.add_stmt(Stmt::Delete(vec![target]), node));
        } else {
            self.effect(argument, out);
        }
    }

    /// `if` with all its `else if`.
    fn if_statement(&mut self, node: Node<'_>, out: &mut Block) {
        let mut rungs = Vec::new();
        let mut current = node;
        let mut otherwise = loop {
            let test = self.field_expr(current, Field::Condition);
            let then = self.scoped(self.field(current, Field::Consequence));
            rungs.push((current, test, then));
            let next = self.field(current, Field::Alternative).and_then(|clause| self.child(clause));
            match next {
                Some(next) if self.kind(next) == Kind::IfStatement => current = next,
                last => break self.scoped(last),
            }
        };
        while let Some((rung, test, then)) = rungs.pop() {
            otherwise = vec![self.add_stmt(Stmt::If { test, then, otherwise }, rung)];
        }
        out.append(&mut otherwise);
    }

    fn for_statement(&mut self, node: Node<'_>, out: &mut Block) {
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        let mut block = Block::new();
        if let Some(start) = self.field(node, Field::Initializer) {
            self.predeclare(start);
            self.statement(start, &mut block);
        }
        let condition = self.field(node, Field::Condition).map(|condition| {
            if self.kind(condition) == Kind::ExpressionStatement {
                self.child(condition).unwrap_or(condition)
            } else {
                condition
            }
        });
        let test = condition
            .filter(|&condition| !matches!(self.kind(condition), Kind::Token | Kind::EmptyStatement))
            .map(|condition| self.expr(condition));
        let body = self.scoped(self.field(node, Field::Body));
        let update = self.effect_block(self.field(node, Field::Increment));
        let stmt = Stmt::While { test, body, update, otherwise: Block::new() };
        block.push(self.add_stmt(stmt, node));
        self.b.pop_scope();
        if let [only] = block[..] {
            out.push(only);
        } else {
            out.push(self.add_stmt(Stmt::Block(block), node));
        }
    }

    fn for_in_statement(&mut self, node: Node<'_>, out: &mut Block) {
        // What is looped over does not see the loop's own names.
        let iter = self.field_expr(node, Field::Right);
        let keys = self.field(node, Field::Operator).is_some_and(|operator| operator.kind() == "in");
        let bind = match self.field(node, Field::Kind).map(|kind| kind.kind()) {
            None => Bind::Assign,
            Some("var") => Bind::Function,
            Some(_) => Bind::Block,
        };
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        let target = self.field(node, Field::Left).map_or(Pattern::Ignore, |left| self.pattern(left, bind));
        let body = self.scoped(self.field(node, Field::Body));
        self.b.pop_scope();
        let stmt = Stmt::For { target, iter, keys, body, otherwise: Block::new() };
        out.push(self.add_stmt(stmt, node));
    }

    fn switch_statement(&mut self, node: Node<'_>, out: &mut Block) {
        let subject = self.field_expr(node, Field::Value);
        let Some(body) = self.field(node, Field::Body) else { return };
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        let mut cases = Vec::new();
        for case in self.children(body) {
            let value = self.field(case, Field::Value);
            let statements: Vec<Node<'_>> =
                self.children(case).into_iter().filter(|&child| Some(child) != value).collect();
            let values = value.map(|value| self.expr(value)).into_iter().collect();
            let mut block = Block::new();
            self.statements(&statements, &mut block);
            cases.push(Case { values, pattern: None, guard: None, body: block });
        }
        self.b.pop_scope();
        out.push(self.add_stmt(Stmt::Switch { subject, cases, falls_through: true }, node));
    }

    fn try_statement(&mut self, node: Node<'_>, out: &mut Block) {
        let body = self.scoped(self.field(node, Field::Body));
        let handlers =
            self.field(node, Field::Handler).map(|clause| self.catch_clause(clause)).into_iter().collect();
        let finalizer = self.field(node, Field::Finalizer).and_then(|clause| self.field(clause, Field::Body));
        let finally = self.scoped(finalizer);
        out.push(self.add_stmt(Stmt::Try { body, handlers, otherwise: Block::new(), finally }, node));
    }

    fn catch_clause(&mut self, node: Node<'_>) -> Handler {
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        let target = self.field(node, Field::Parameter).map(|target| self.pattern(target, Bind::Block));
        let body = self.scoped(self.field(node, Field::Body));
        self.b.pop_scope();
        Handler { types: Vec::new(), target, body }
    }

    /// What can still be read inside a region that the parser could not make sense of.
    pub(crate) fn salvage(&mut self, node: Node<'_>, out: &mut Block) {
        let children = self.children(node);
        children.iter().for_each(|&child| self.predeclare(child));
        for child in children {
            if self.is_statement(child) || self.kind(child) == Kind::Error {
                self.statement(child, out);
            } else if self.kind(child) != Kind::Ignored {
                let value = self.expr(child);
                if !matches!(self.b.get(value), Expr::Global(_) | Expr::Str(_) | Expr::Int(_)) {
                    out.push(self.add_stmt(Stmt::Expr(value), child));
                }
            }
        }
    }
}
