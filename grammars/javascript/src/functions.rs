//! Functions, arrow functions and methods: their parameters, receivers and bodies.

use perm_infer_facts::{
    AssignOp, Binding, Block, ClassId, Expr, ExprId, FuncId, Function, Name, Param, ParamKind, Pattern,
    Receiver, ScopeKind, Stmt, VarId,
};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::{Lowerer, span};
use crate::patterns::Bind;

/// What a function belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FunctionKind {
    /// A function or a method of an object literal: gets `this` from its call.
    Plain,
    /// Sees `this` of the code around it.
    Arrow,
    /// A member of a class.
    Member { class: ClassId, is_static: bool },
}

impl Lowerer<'_> {
    /// A function declaration: binds the name in the block around it.
    pub(crate) fn function_declaration(&mut self, node: Node<'_>, out: &mut Block) -> Option<VarId> {
        let name = self.field(node, Field::Name).map(|name| self.intern(name))?;
        let var = self.b.declare(name);
        let func = self.function(node, Some(name), FunctionKind::Plain);
        out.push(self.add_stmt(Stmt::Function { var, func }, node));
        Some(var)
    }

    /// A function as a value. Its own name is seen only inside it.
    pub(crate) fn function_expression(&mut self, node: Node<'_>, given: Option<Name>) -> ExprId {
        let own = self.field(node, Field::Name).map(|name| self.intern(name));
        self.self_named(node, own, |this| {
            let func = this.function(node, own.or(given), FunctionKind::Plain);
            this.add(Expr::Function(func), node)
        })
    }

    pub(crate) fn arrow_function(&mut self, node: Node<'_>, given: Option<Name>) -> ExprId {
        let func = self.function(node, given, FunctionKind::Arrow);
        self.add(Expr::Function(func), node)
    }

    /// A function or class expression whose own name is in scope inside it: where its body mentions
    /// the name, the value is also stored in a variable that nothing else sees.
    pub(crate) fn self_named(
        &mut self,
        node: Node<'_>,
        own: Option<Name>,
        lower: impl FnOnce(&mut Self) -> ExprId,
    ) -> ExprId {
        let Some(own) = own.filter(|&own| self.mentions_own_name(node, own)) else { return lower(self) };
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        let var = self.b.declare(own);
        let value = lower(self);
        self.b.pop_scope();
        let target = Box::new(Pattern::Var(var));
        self.add(Expr::Assign { target, op: AssignOp::Set, value }, node)
    }

    /// Whether the text of the body has the name in it. May say yes for a part of a longer word.
    fn mentions_own_name(&self, node: Node<'_>, name: Name) -> bool {
        self.field(node, Field::Body).is_some_and(|body| self.text(body).contains(self.b.text(name)))
    }

    /// Lowers a function of any form: parameters, then the body.
    pub(crate) fn function(&mut self, node: Node<'_>, name: Option<Name>, kind: FunctionKind) -> FuncId {
        self.within(name, |this, qualified_name| {
            let id = this.reserve(node, name, qualified_name, kind);
            this.b.push_scope(ScopeKind::Function, id);
            let returns =
                this.field(node, Field::ReturnType).and_then(|annotation| this.annotation(annotation));
            let mut body = Block::new();
            let params = this.parameters(node, &mut body);
            let function = this.b.function(id);
            function.returns = returns;
            function.params = params;
            this.function_body(node, &mut body);
            this.b.pop_scope();
            this.b.function(id).body = body;
            id
        })
    }

    fn reserve(
        &mut self,
        node: Node<'_>,
        name: Option<Name>,
        qualified_name: String,
        kind: FunctionKind,
    ) -> FuncId {
        let (class, receiver, binding) = match kind {
            FunctionKind::Plain => (None, Receiver::This, Binding::Instance),
            FunctionKind::Arrow => (None, Receiver::Lexical, Binding::Static),
            FunctionKind::Member { class, is_static } => {
                let binding = if is_static { Binding::Class } else { Binding::Instance };
                (Some(class), Receiver::This, binding)
            }
        };
        let is_generator =
            matches!(self.kind(node), Kind::GeneratorFunction | Kind::GeneratorFunctionDeclaration)
                || self.kind(node) == Kind::MethodDefinition && self.has_token(node, "*");
        self.b.reserve_function(Function {
            name,
            qualified_name,
            span: span(node),
            parent: None,
            class,
            params: Vec::new(),
            body: Block::new(),
            decorators: Vec::new(),
            receiver,
            binding,
            is_generator,
            returns: None,
        })
    }

    fn function_body(&mut self, node: Node<'_>, out: &mut Block) {
        let Some(body) = self.field(node, Field::Body) else { return };
        if self.kind(body) == Kind::StatementBlock {
            self.nested(body, |this| this.statements(&this.children(body), out));
        } else {
            let value = self.expr(body);
            out.push(self.add_stmt(Stmt::Return(Some(value)), body));
        }
    }

    /// The parameters of a function; parameter properties become assignments at the start of `body`.
    fn parameters(&mut self, node: Node<'_>, body: &mut Block) -> Vec<Param> {
        if let Some(only) = self.field(node, Field::Parameter) {
            return vec![self.parameter(only, None, None)];
        }
        let Some(list) = self.field(node, Field::Parameters) else { return Vec::new() };
        let mut params = Vec::new();
        for child in self.children(list) {
            match self.kind(child) {
                Kind::RequiredParameter | Kind::OptionalParameter => {
                    let Some(pattern) = self.field(child, Field::Pattern) else { continue };
                    // A `this` parameter is only a type.
                    if self.kind(pattern) == Kind::This {
                        continue;
                    }
                    let ty = self.field(child, Field::Type).and_then(|ty| self.annotation(ty));
                    let ty = self.with_decorators(child, ty);
                    let default = self.field(child, Field::Value);
                    let param = self.parameter(pattern, default, ty);
                    if self.is_parameter_property(child) {
                        self.assign_property(&param, child, body);
                    }
                    params.push(param);
                }
                Kind::AssignmentPattern => {
                    let Some(left) = self.field(child, Field::Left) else { continue };
                    let default = self.field(child, Field::Right);
                    params.push(self.parameter(left, default, None));
                }
                _ => params.push(self.parameter(child, None, None)),
            }
        }
        params
    }

    fn parameter(&mut self, pattern: Node<'_>, default: Option<Node<'_>>, ty: Option<ExprId>) -> Param {
        let (pattern, kind) = match self.kind(pattern) {
            Kind::RestPattern => (self.child(pattern).unwrap_or(pattern), ParamKind::Rest),
            _ => (pattern, ParamKind::Normal),
        };
        let name = (self.kind(pattern) == Kind::Identifier).then(|| self.intern(pattern));
        let bound = match self.kind(pattern) {
            // A rest without a pattern: a syntax error.
            Kind::RestPattern => Pattern::Ignore,
            _ => self.pattern(pattern, Bind::Block),
        };
        let default = default.map(|default| self.named_expr(default, name));
        Param { name, pattern: bound, kind, default, ty }
    }

    /// `constructor(private readonly client: S3Client)`
    pub(crate) fn is_parameter_property(&self, node: Node<'_>) -> bool {
        let modifier = |&child: &Node<'_>| {
            matches!(self.kind(child), Kind::AccessibilityModifier | Kind::OverrideModifier)
        };
        self.children(node).iter().any(modifier) || self.has_token(node, "readonly")
    }

    /// `this.name = name`
    fn assign_property(&mut self, param: &Param, node: Node<'_>, body: &mut Block) {
        let (Some(name), Pattern::Var(var)) = (param.name, &param.pattern) else { return };
        let object = self.add(Expr::This, node);
        let value = self.add(Expr::Var(*var), node);
        let targets = vec![Pattern::Attr { object, name }];
        body.push(self.add_stmt(Stmt::Assign { targets, op: AssignOp::Set, value }, node));
    }
}
