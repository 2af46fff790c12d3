//! Classes: bases, members, fields, static blocks and decorators.

use perm_infer_facts::{
    Accessor, Binding, Block, Class, ClassId, Expr, ExprId, Member, MemberKind, Name, ScopeKind, Stmt, VarId,
};
use tree_sitter::Node;

use crate::functions::FunctionKind;
use crate::kinds::{Field, Kind};
use crate::lower::{Lowerer, span};

impl Lowerer<'_> {
    /// A class declaration. `decorators` stand before an `export` in front of it.
    pub(crate) fn class_declaration(
        &mut self,
        node: Node<'_>,
        decorators: &[Node<'_>],
        out: &mut Block,
    ) -> Option<VarId> {
        let name = self.field(node, Field::Name).map(|name| self.intern(name))?;
        let var = self.b.declare(name);
        let class = self.class(node, Some(name), decorators);
        out.push(self.add_stmt(Stmt::Class { var, class }, node));
        Some(var)
    }

    /// A class as a value.
    pub(crate) fn class_expression(&mut self, node: Node<'_>, given: Option<Name>) -> ExprId {
        self.decorated_class_expression(node, given, &[])
    }

    /// A class as a value with decorators that stand before an `export` in front of it.
    pub(crate) fn decorated_class_expression(
        &mut self,
        node: Node<'_>,
        given: Option<Name>,
        decorators: &[Node<'_>],
    ) -> ExprId {
        let own = self.field(node, Field::Name).map(|name| self.intern(name));
        self.self_named(node, own, |this| {
            let class = this.class(node, own.or(given), decorators);
            this.add(Expr::Class(class), node)
        })
    }

    fn class(&mut self, node: Node<'_>, name: Option<Name>, decorators: &[Node<'_>]) -> ClassId {
        let mut decorators: Vec<ExprId> = decorators.iter().map(|&node| self.child_expr(node)).collect();
        let mut bases = Vec::new();
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Decorator => decorators.push(self.child_expr(child)),
                Kind::ClassHeritage => self.bases(child, &mut bases),
                _ => {}
            }
        }
        let id = self.b.reserve_class(Class {
            name,
            span: span(node),
            bases,
            decorators,
            constructor: None,
            members: Vec::new(),
            body: Block::new(),
            vars: Vec::new(),
            is_shape: false,
        });
        if let Some(body) = self.field(node, Field::Body) {
            self.within(name, |this, _| this.class_body(id, body));
        }
        id
    }

    /// The base class: directly in the heritage (JavaScript) or in an `extends` clause (TypeScript).
    fn bases(&mut self, node: Node<'_>, bases: &mut Vec<ExprId>) {
        for child in self.children(node) {
            match self.kind(child) {
                Kind::ExtendsClause => bases.push(self.field_expr(child, Field::Value)),
                // `implements` names types only.
                Kind::Ignored => {}
                _ => bases.push(self.expr(child)),
            }
        }
    }

    fn class_body(&mut self, class: ClassId, node: Node<'_>) {
        let mut body = Block::new();
        // In TypeScript the decorators of a method stand before it.
        let mut decorators = Vec::new();
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Decorator => decorators.push(self.child_expr(child)),
                Kind::MethodDefinition => {
                    self.method(class, child, std::mem::take(&mut decorators), &mut body);
                }
                Kind::FieldDefinition | Kind::PublicFieldDefinition => {
                    self.class_field(class, child, &mut body);
                }
                Kind::ClassStaticBlock => self.static_block(child, &mut body),
                Kind::Error => self.salvage(child, &mut body),
                // Signatures.
                _ => decorators.clear(),
            }
        }
        self.b.class(class).body = body;
    }

    fn method(&mut self, class: ClassId, node: Node<'_>, mut decorators: Vec<ExprId>, body: &mut Block) {
        let Some(key) = self.field(node, Field::Name) else { return };
        let key = self.property_key(key);
        for child in self.children(node) {
            if self.kind(child) == Kind::Decorator {
                decorators.push(self.child_expr(child));
            }
        }
        self.parameter_decorators(node, body);
        let is_static = self.has_token(node, "static");
        let func = self.function(node, key.ok(), FunctionKind::Member { class, is_static });
        self.b.function(func).decorators = decorators;
        match key {
            Ok(name) => {
                if !is_static && self.b.text(name) == "constructor" {
                    self.parameter_properties(class, node);
                    self.b.class(class).constructor = Some(func);
                }
                let kind = MemberKind::Method(func, self.accessor(node));
                self.b.class(class).members.push(Member { name, is_static, kind });
            }
            Err(key) => {
                let value = self.add(Expr::Function(func), node);
                self.evaluate(vec![key, value], node, body);
            }
        }
    }

    fn accessor(&self, node: Node<'_>) -> Accessor {
        if self.has_token(node, "get") {
            Accessor::Get
        } else if self.has_token(node, "set") {
            Accessor::Set
        } else {
            Accessor::None
        }
    }

    /// Decorators of parameters run when the class is defined.
    fn parameter_decorators(&mut self, method: Node<'_>, body: &mut Block) {
        let Some(list) = self.field(method, Field::Parameters) else { return };
        for param in self.children(list) {
            if !matches!(self.kind(param), Kind::RequiredParameter | Kind::OptionalParameter) {
                continue;
            }
            for child in self.children(param) {
                if self.kind(child) == Kind::Decorator {
                    let value = self.child_expr(child);
                    self.evaluate(vec![value], child, body);
                }
            }
        }
    }

    /// The fields that a constructor declares by modifiers on its parameters.
    fn parameter_properties(&mut self, class: ClassId, constructor: Node<'_>) {
        let Some(list) = self.field(constructor, Field::Parameters) else { return };
        for param in self.children(list) {
            if !matches!(self.kind(param), Kind::RequiredParameter | Kind::OptionalParameter)
                || !self.is_parameter_property(param)
            {
                continue;
            }
            let Some(pattern) = self.field(param, Field::Pattern) else { continue };
            if self.kind(pattern) != Kind::Identifier {
                continue;
            }
            let name = self.intern(pattern);
            let ty = self.field(param, Field::Type).and_then(|ty| self.annotation(ty));
            let ty = self.with_decorators(param, ty);
            let kind = MemberKind::Field { value: None, ty };
            self.b.class(class).members.push(Member { name, is_static: false, kind });
        }
    }

    fn class_field(&mut self, class: ClassId, node: Node<'_>, body: &mut Block) {
        // The field of the name is `property` in JavaScript and `name` in TypeScript.
        let name = self.field(node, Field::Name).or_else(|| self.field(node, Field::Property));
        let Some(key) = name else { return };
        for child in self.children(node) {
            if self.kind(child) == Kind::Decorator {
                let value = self.child_expr(child);
                self.evaluate(vec![value], child, body);
            }
        }
        let key = self.property_key(key);
        let ty = self.field(node, Field::Type).and_then(|ty| self.annotation(ty));
        let ty = self.with_decorators(node, ty);
        let is_static = self.has_token(node, "static");
        self.b.push_deferred_scope();
        let value = self.field(node, Field::Value).map(|value| self.named_expr(value, key.ok()));
        self.b.pop_scope();
        if let Some(&Expr::Function(func)) = value.map(|value| self.b.get(value)) {
            // Whoever calls it calls it on an instance, as a method.
            let function = self.b.function(func);
            function.class = Some(class);
            function.binding = if is_static { Binding::Class } else { Binding::Instance };
        }
        match key {
            Ok(name) => {
                let kind = MemberKind::Field { value, ty };
                self.b.class(class).members.push(Member { name, is_static, kind });
            }
            Err(key) => self.evaluate(std::iter::once(key).chain(value).collect(), node, body),
        }
    }

    fn static_block(&mut self, node: Node<'_>, body: &mut Block) {
        let Some(block) = self.field(node, Field::Body) else { return };
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        let mut inner = Block::new();
        self.nested(block, |this| this.statements(&this.children(block), &mut inner));
        self.b.pop_scope();
        body.push(self.add_stmt(Stmt::Block(inner), node));
    }

    /// A statement that only evaluates.
    pub(crate) fn evaluate(&mut self, values: Vec<ExprId>, node: Node<'_>, out: &mut Block) {
        let value = self.add(Expr::Opaque(values), node);
        out.push(self.add_stmt(Stmt::Expr(value), node));
    }
}
