//! Statements. Definitions, imports and `match` have their own modules.

use perm_infer_facts::{AssignOp, BinaryOp, Block, Case, Expr, ExprId, Handler, Pattern, Stmt};
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::Lowerer;

/// How many `elif` become nested branches. More of them become one [`Stmt::Switch`] over conditions,
/// so that the depth of the facts does not grow with the length of the file.
const MAX_NESTED_ELIF: usize = 50;

impl<'t> Lowerer<'t, '_> {
    /// The statements of a block, of a module or of a clause that holds a block.
    pub(crate) fn block(&mut self, node: Option<Node<'t>>) -> Block {
        let mut out = Block::new();
        if let Some(node) = node {
            for child in self.children(node) {
                self.statement(child, &mut out);
            }
        }
        out
    }

    /// Lowers a statement to the end of `out`; some are several, some nothing at run time.
    pub(crate) fn statement(&mut self, node: Node<'t>, out: &mut Block) {
        if !self.enter(node) {
            return;
        }
        match self.kind(node) {
            Kind::ExpressionStatement => self.expression_statement(node, out),
            Kind::ReturnStatement => {
                let value = self.operand(node);
                self.push(Stmt::Return(value), node, out);
            }
            Kind::IfStatement => self.if_statement(node, out),
            Kind::ForStatement => self.for_statement(node, out),
            Kind::WhileStatement => self.while_statement(node, out),
            Kind::TryStatement => self.try_statement(node, out),
            Kind::WithStatement => self.with_statement(node, out),
            Kind::MatchStatement => self.match_statement(node, out),
            Kind::FunctionDefinition => self.function_definition(node, &[], out),
            Kind::ClassDefinition => self.class_definition(node, &[], out),
            Kind::DecoratedDefinition => self.decorated_definition(node, out),
            Kind::ImportStatement => self.import_statement(node, out),
            Kind::ImportFromStatement => self.import_from_statement(node, out),
            Kind::RaiseStatement => self.raise_statement(node, out),
            Kind::DeleteStatement => self.delete_statement(node, out),
            Kind::AssertStatement => self.each_expression(node, out),
            Kind::PrintStatement => self.print_statement(node, out),
            Kind::ExecStatement => self.exec_statement(node, out),
            Kind::TypeAliasStatement => self.type_alias(node, out),
            Kind::BreakStatement => _ = self.push(Stmt::Break, node, out),
            Kind::ContinueStatement => _ = self.push(Stmt::Continue, node, out),
            Kind::GlobalStatement => self.outer_names(node, true),
            Kind::NonlocalStatement => self.outer_names(node, false),
            Kind::Block => out.extend(self.block(Some(node))),
            // Neither does anything that the facts have a word for.
            Kind::PassStatement | Kind::FutureImportStatement => {}
            _ => self.stray(node, out),
        }
        if node.has_error() {
            self.stray_children(node, out);
        }
        self.leave();
    }

    /// What only stands among statements because of a syntax error.
    fn stray(&mut self, node: Node<'t>, out: &mut Block) {
        if self.kind(node).role() == crate::kinds::Role::Expression {
            let value = self.expr(node);
            self.push(Stmt::Expr(value), node, out);
        } else {
            self.salvage(node, out);
        }
    }

    /// Errors directly inside a statement, which its fields do not show.
    pub(crate) fn stray_children(&mut self, node: Node<'t>, out: &mut Block) {
        if matches!(self.kind(node), Kind::Error | Kind::Block | Kind::ExpressionStatement) {
            return;
        }
        for child in self.children(node) {
            if self.kind(child) == Kind::Error {
                self.salvage(child, out);
            }
        }
    }

    fn expression_statement(&mut self, node: Node<'t>, out: &mut Block) {
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Assignment => self.assignment(child, out),
                Kind::AugmentedAssignment => self.augmented_assignment(child, out),
                // Doc strings and placeholders.
                Kind::Ellipsis => {}
                Kind::String | Kind::ConcatenatedString if !self.has_interpolation(child) => {}
                _ => {
                    let value = self.expr(child);
                    self.push(Stmt::Expr(value), child, out);
                }
            }
        }
    }

    fn assignment(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        // `a = b = v` is an assignment whose right side is one.
        let mut links = vec![node];
        let mut right = self.field(node, fields.right);
        while let Some(inner) = right.filter(|&right| self.kind(right) == Kind::Assignment) {
            links.push(inner);
            right = self.field(inner, fields.right);
        }
        let Some(right) = right else { return self.declaration(node, out) };
        let value = self.expr(right);
        let targets = links.into_iter().map(|link| self.typed_target(link)).collect();
        self.push(Stmt::Assign { targets, op: AssignOp::Set, value }, node, out);
    }

    fn typed_target(&mut self, assignment: Node<'t>) -> Pattern {
        let ty = self.type_of(assignment).map(|ty| self.ty(ty));
        let target = match self.field(assignment, self.fields().left) {
            Some(left) => self.target(left),
            None => Pattern::Ignore,
        };
        match ty {
            Some(ty) => Pattern::Typed(Box::new(target), ty),
            None => target,
        }
    }

    /// `x: T` without a value.
    fn declaration(&mut self, node: Node<'t>, out: &mut Block) {
        match self.typed_target(node) {
            Pattern::Typed(target, ty) => match *target {
                Pattern::Var(var) => {
                    self.push(Stmt::Declare { var, ty }, node, out);
                }
                // `self.x: T`: whatever it holds is of that type.
                target => {
                    let value = self.opaque(Vec::new(), node);
                    let targets = vec![Pattern::Typed(Box::new(target), ty)];
                    self.push(Stmt::Assign { targets, op: AssignOp::Set, value }, node, out);
                }
            },
            // The value is missing.
            _ => self.stray_children(node, out),
        }
    }

    fn augmented_assignment(&mut self, node: Node<'t>, out: &mut Block) {
        let (target, op, value) = self.update(node);
        self.push(Stmt::Assign { targets: vec![target], op, value }, node, out);
    }

    /// The parts of `target op= value`.
    pub(crate) fn update(&mut self, node: Node<'t>) -> (Pattern, AssignOp, ExprId) {
        let fields = self.fields();
        let value = self.expr_or_opaque(self.field(node, fields.right), node);
        let target = match self.field(node, fields.left) {
            Some(left) => self.target(left),
            None => Pattern::Ignore,
        };
        let op = match self.field(node, fields.operator).map(|operator| self.text(operator)) {
            Some("+=") => BinaryOp::Add,
            Some("%=") => BinaryOp::Mod,
            Some("/=") => BinaryOp::Div,
            Some("|=") => BinaryOp::Merge,
            _ => BinaryOp::Other,
        };
        (target, AssignOp::Update(op), value)
    }

    fn if_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        let mut arms = vec![node];
        let mut otherwise = None;
        for clause in self.children_in(node, fields.alternative) {
            match self.kind(clause) {
                Kind::ElifClause => arms.push(clause),
                _ => otherwise = Some(clause),
            }
        }
        let lowered: Vec<(ExprId, Block)> = arms.iter().map(|&arm| self.arm(arm)).collect();
        let otherwise = self.else_block(otherwise);
        if arms.len() > MAX_NESTED_ELIF {
            return self.long_if(node, lowered, otherwise, out);
        }
        let mut rest = otherwise;
        for ((test, then), &arm) in lowered.into_iter().zip(&arms).rev() {
            let mut block = Block::new();
            self.push(Stmt::If { test, then, otherwise: rest }, arm, &mut block);
            rest = block;
        }
        out.append(&mut rest);
    }

    fn arm(&mut self, node: Node<'t>) -> (ExprId, Block) {
        let fields = self.fields();
        let condition = self.field(node, fields.condition);
        let for_types = condition.is_some_and(|condition| self.is_type_checking(condition));
        let test = self.expr_or_opaque(condition, node);
        let around = self.state.type_only;
        self.state.type_only |= for_types;
        let then = self.block(self.field(node, fields.consequence));
        self.state.type_only = around;
        (test, then)
    }

    fn is_type_checking(&self, condition: Node<'t>) -> bool {
        let text = self.text(condition);
        text == "TYPE_CHECKING" || text.ends_with(".TYPE_CHECKING")
    }

    fn long_if(&mut self, node: Node<'t>, arms: Vec<(ExprId, Block)>, otherwise: Block, out: &mut Block) {
        let subject = self.make(Expr::Bool(true), node);
        let mut cases: Vec<Case> = arms
            .into_iter()
            .map(|(test, body)| Case {
                values: Vec::new(),
                pattern: Some(Pattern::Ignore),
                guard: Some(test),
                body,
            })
            .collect();
        cases.push(Case { values: Vec::new(), pattern: None, guard: None, body: otherwise });
        self.push(Stmt::Switch { subject, cases, falls_through: false }, node, out);
    }

    fn else_block(&mut self, clause: Option<Node<'t>>) -> Block {
        self.block(clause.and_then(|clause| self.field(clause, self.fields().body)))
    }

    fn for_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        let iter = self.expr_or_opaque(self.field(node, fields.right), node);
        let target = match self.field(node, fields.left) {
            Some(left) => self.target(left),
            None => Pattern::Ignore,
        };
        let body = self.block(self.field(node, fields.body));
        let otherwise = self.else_block(self.field(node, fields.alternative));
        self.push(Stmt::For { target, iter, keys: false, body, otherwise }, node, out);
    }

    fn while_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        let test = Some(self.expr_or_opaque(self.field(node, fields.condition), node));
        let body = self.block(self.field(node, fields.body));
        let otherwise = self.else_block(self.field(node, fields.alternative));
        self.push(Stmt::While { test, body, update: Block::new(), otherwise }, node, out);
    }

    fn try_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let body = self.block(self.field(node, self.fields().body));
        let (mut handlers, mut otherwise, mut finally) = (Vec::new(), Block::new(), Block::new());
        for child in self.children(node) {
            match self.kind(child) {
                Kind::ExceptClause => handlers.push(self.handler(child)),
                Kind::ElseClause => otherwise = self.else_block(Some(child)),
                Kind::FinallyClause => {
                    let block = self.first_child(child);
                    finally = self.block(block);
                }
                _ => {}
            }
        }
        self.push(Stmt::Try { body, handlers, otherwise, finally }, node, out);
    }

    fn handler(&mut self, node: Node<'t>) -> Handler {
        let fields = self.fields();
        let mut handler = Handler { types: Vec::new(), target: None, body: Block::new() };
        let mut alias = self.field(node, fields.alias);
        for value in self.children_in(node, fields.value) {
            // `E as e` parses as a field of the clause or as an expression.
            let value = if self.kind(value) == Kind::AsPattern {
                alias = alias.or(self.field(value, fields.alias));
                self.first_child(value)
            } else {
                Some(value)
            };
            if let Some(value) = value {
                self.exception_types(value, &mut handler.types);
            }
        }
        handler.target = alias.map(|alias| self.target(alias));
        for child in self.children(node) {
            if self.kind(child) == Kind::Block {
                handler.body = self.block(Some(child));
            }
        }
        handler
    }

    fn exception_types(&mut self, node: Node<'t>, types: &mut Vec<ExprId>) {
        if self.kind(node) == Kind::Tuple {
            types.extend(self.each(node));
        } else {
            types.push(self.expr(node));
        }
    }

    fn with_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let mut items = Vec::new();
        for clause in self.children(node) {
            if self.kind(clause) == Kind::WithClause {
                for item in self.children(clause) {
                    if let Some(value) = self.field(item, self.fields().value) {
                        self.with_item(value, &mut items);
                    }
                }
            }
        }
        let body = self.block(self.field(node, self.fields().body));
        self.push(Stmt::With { items, body }, node, out);
    }

    fn with_item(&mut self, value: Node<'t>, items: &mut Vec<(ExprId, Option<Pattern>)>) {
        match self.kind(value) {
            Kind::AsPattern => {
                let context = self.first_child(value);
                let context = self.expr_or_opaque(context, value);
                let target = self.field(value, self.fields().alias).map(|alias| self.target(alias));
                items.push((context, target));
            }
            // `with (a as x, b as y):` may parse as a tuple of items.
            Kind::Tuple | Kind::ParenthesizedExpression if self.holds_as_pattern(value) => {
                for item in self.children(value) {
                    self.with_item(item, items);
                }
            }
            _ => items.push((self.expr(value), None)),
        }
    }

    fn holds_as_pattern(&mut self, node: Node<'t>) -> bool {
        self.children(node).iter().any(|&child| self.kind(child) == Kind::AsPattern)
    }

    fn raise_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let cause = self.field(node, self.fields().cause);
        let value = self.first_child(node).filter(|&value| Some(value) != cause);
        let value = value.map(|value| self.expr(value));
        // Of the cause only its evaluation matters.
        if let Some(cause) = cause.filter(|&cause| !matches!(self.kind(cause), Kind::Identifier | Kind::None))
        {
            let cause = self.expr(cause);
            let span = self.state.builder.span(cause);
            out.push(self.state.builder.stmt(Stmt::Expr(cause), span));
        }
        self.push(Stmt::Raise(value), node, out);
    }

    fn delete_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let mut targets = Vec::new();
        for child in self.children(node) {
            match self.target(child) {
                Pattern::List(items) => targets.extend(items.into_iter().flatten()),
                target => targets.push(target),
            }
        }
        self.push(Stmt::Delete(targets), node, out);
    }

    fn each_expression(&mut self, node: Node<'t>, out: &mut Block) {
        for child in self.children(node) {
            let value = self.expr(child);
            self.push(Stmt::Expr(value), child, out);
        }
    }

    /// Python 2: `print a, b` and `print >>file, a` call the function of that name.
    fn print_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let mut args = Vec::new();
        for child in self.children(node) {
            let value = if self.kind(child) == Kind::Chevron { self.first_child(child) } else { Some(child) };
            args.extend(value.map(|value| self.expr(value)));
        }
        self.builtin_call("print", args, node, out);
    }

    /// Python 2: `exec code in globals, locals`.
    fn exec_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let args = self.each(node);
        self.builtin_call("exec", args, node, out);
    }

    fn builtin_call(&mut self, name: &str, args: Vec<ExprId>, node: Node<'t>, out: &mut Block) {
        let name = self.intern(name);
        let span = self.span(node);
        let callee = self.state.builder.name(name, span);
        let args = args.into_iter().map(crate::expressions::positional).collect();
        let call = self.make(Expr::Call { callee, args }, node);
        self.push(Stmt::Expr(call), node, out);
    }

    fn type_alias(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        let (Some(left), Some(right)) = (self.field(node, fields.left), self.field(node, fields.right))
        else {
            return;
        };
        let value = self.ty(right);
        // `X` or `X[T]`, each inside a `type` node.
        let mut name = left;
        while matches!(self.kind(name), Kind::Type | Kind::GenericType | Kind::Subscript) {
            match self.first_child(name) {
                Some(inner) => name = inner,
                None => return,
            }
        }
        let target = self.target(name);
        self.push(Stmt::Assign { targets: vec![target], op: AssignOp::Set, value }, node, out);
    }

    fn outer_names(&mut self, node: Node<'t>, module: bool) {
        for child in self.children(node) {
            let Some(name) = self.name_of(Some(child)) else { continue };
            if module {
                self.state.builder.declare_module_alias(name);
            } else {
                self.state.builder.declare_outer_alias(name);
            }
        }
    }

    /// The one operand of a statement, if it has one; several are a tuple.
    fn operand(&mut self, node: Node<'t>) -> Option<ExprId> {
        self.first_child(node).map(|child| self.expr(child))
    }
}
