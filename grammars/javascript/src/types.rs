//! TypeScript's types, as far as they name a class: a type becomes an expression that names it, and
//! what names none becomes an unknown.

use perm_infer_facts::{
    Accessor, AssignOp, Binding, Block, Class, Expr, ExprId, FuncId, Function, Member, MemberKind, Name,
    Pattern, Receiver, ScopeKind, Stmt, VarId,
};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::{Lowerer, span};

/// Generic types that stand for their argument: a promise is what it resolves to.
const TRANSPARENT: &[&str] =
    &["Promise", "PromiseLike", "Awaited", "Readonly", "Partial", "Required", "NonNullable"];

/// Generic types that have members of their first argument.
const PARTS: &[&str] = &["Pick", "Omit", "Extract", "Exclude"];

/// What stands before the name of a type's variable, so that it is not the variable of a value.
const TYPE_PREFIX: &str = "type ";

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
                let own = self.type_name(name);
                let is_type = self.b.lookup(name).is_none() && self.b.lookup(own).is_some();
                self.b.name(if is_type { own } else { name }, span(node))
            }
            Kind::ObjectType if !self.children(node).is_empty() => {
                let class = self.shape(node, None, Vec::new());
                self.add(Expr::Class(class), node)
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
        if let ([of, ..], true) = (&arguments[..], PARTS.contains(&text)) {
            return self.ty(*of);
        }
        if CONTAINERS.contains(&text) {
            return self.unknown(node);
        }
        // What a generic type is made for does not change which class it is.
        self.ty(name)
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

    /// The name of the variable that holds a type.
    fn type_name(&mut self, name: Name) -> Name {
        let text = format!("{TYPE_PREFIX}{}", self.b.text(name));
        self.b.intern(&text)
    }

    /// The name under which a variable is exported: a type's without what marks it.
    pub(crate) fn exported_name(&mut self, name: Name) -> Name {
        match self.b.text(name).strip_prefix(TYPE_PREFIX).map(str::to_owned) {
            Some(plain) => self.b.intern(&plain),
            None => name,
        }
    }

    /// The variable that a name means where both values and types can stand.
    pub(crate) fn lookup_value_or_type(&mut self, name: Name) -> Option<VarId> {
        let own = self.type_name(name);
        self.b.lookup(name).or_else(|| self.b.lookup(own))
    }

    /// Declares the name of an interface or type alias. A value of the same name goes before it.
    pub(crate) fn predeclare_type(&mut self, node: Node<'_>) {
        let Some(name) = self.field(node, Field::Name).map(|name| self.intern(name)) else { return };
        if self.is_followed(node) {
            let own = self.type_name(name);
            self.b.declare(own);
        }
    }

    /// Whether a type may say what an object holds; texts and numbers do not.
    fn is_followed(&self, node: Node<'_>) -> bool {
        let Some(value) = self.field(node, Field::Value) else { return true };
        matches!(
            self.kind(value),
            Kind::ObjectType
                | Kind::IntersectionType
                | Kind::TypeIdentifier
                | Kind::NestedTypeIdentifier
                | Kind::GenericType
                | Kind::ReadonlyType
        )
    }

    /// `interface A extends B { ... }`
    pub(crate) fn interface(&mut self, node: Node<'_>, out: &mut Block) -> Option<VarId> {
        let name = self.field(node, Field::Name).map(|name| self.intern(name))?;
        let body = self.field(node, Field::Body)?;
        if self.b.lookup(name).is_some() {
            return None;
        }
        let own = self.type_name(name);
        let var = self.b.declare(own);
        let mut bases = Vec::new();
        for clause in self.children(node) {
            if self.kind(clause) == Kind::ExtendsTypeClause {
                bases.extend(self.children(clause).into_iter().map(|base| self.ty(base)));
            }
        }
        let class = self.shape(body, Some(name), bases);
        out.push(self.add_stmt(Stmt::Class { var, class }, node));
        Some(var)
    }

    /// `type A = ...`
    pub(crate) fn type_alias(&mut self, node: Node<'_>, out: &mut Block) -> Option<VarId> {
        let name = self.field(node, Field::Name).map(|name| self.intern(name))?;
        let value = self.field(node, Field::Value).filter(|_| self.is_followed(node))?;
        if self.b.lookup(name).is_some() {
            return None;
        }
        let own = self.type_name(name);
        let var = self.b.declare(own);
        let value = self.ty(value);
        let targets = vec![Pattern::Var(var)];
        out.push(self.add_stmt(Stmt::Assign { targets, op: AssignOp::Set, value }, node));
        Some(var)
    }

    /// The members of an interface or object type.
    fn shape(&mut self, body: Node<'_>, name: Option<Name>, bases: Vec<ExprId>) -> perm_infer_facts::ClassId {
        let class = self.b.reserve_class(Class {
            name,
            span: span(body),
            bases,
            decorators: Vec::new(),
            constructor: None,
            members: Vec::new(),
            body: Block::new(),
            vars: Vec::new(),
            is_shape: true,
        });
        let mut members = Vec::new();
        for member in self.children(body) {
            let Some(key) = self.field(member, Field::Name) else { continue };
            let Ok(name) = self.property_key(key) else { continue };
            let kind = match self.kind(member) {
                Kind::PropertySignature => {
                    let stated = self.field(member, Field::Type).and_then(|ty| self.child(ty));
                    match stated {
                        Some(ty) if self.kind(ty) == Kind::FunctionType => {
                            MemberKind::Method(self.signature(ty, name, class), Accessor::None)
                        }
                        Some(ty) => MemberKind::Field { value: None, ty: Some(self.ty(ty)) },
                        None => continue,
                    }
                }
                Kind::MethodSignature => {
                    MemberKind::Method(self.signature(member, name, class), Accessor::None)
                }
                _ => continue,
            };
            members.push(Member { name, is_static: false, kind });
        }
        self.b.class(class).members = members;
        class
    }

    /// A function without code: what it gives is known by its stated type alone.
    fn signature(&mut self, node: Node<'_>, name: Name, class: perm_infer_facts::ClassId) -> FuncId {
        self.within(Some(name), |this, qualified_name| {
            let id = this.b.reserve_function(Function {
                name: Some(name),
                qualified_name,
                span: span(node),
                parent: None,
                class: Some(class),
                params: Vec::new(),
                body: Block::new(),
                decorators: Vec::new(),
                receiver: Receiver::This,
                binding: Binding::Instance,
                is_generator: false,
                returns: None,
            });
            this.b.push_scope(ScopeKind::Function, id);
            let stated = this.field(node, Field::ReturnType);
            let returns = stated.and_then(|stated| match this.kind(stated) {
                Kind::TypeAnnotation => this.annotation(stated),
                _ => Some(this.ty(stated)),
            });
            let unknown = this.unknown(node);
            let body = vec![this.add_stmt(Stmt::Return(Some(unknown)), node)];
            this.b.pop_scope();
            let function = this.b.function(id);
            function.returns = returns;
            function.body = body;
            id
        })
    }

    /// A stated type together with what decorators say (`@Inject(TOKEN)`): both are evidence of what a
    /// parameter or field holds that nothing in the project sets.
    pub(crate) fn with_decorators(&mut self, node: Node<'_>, ty: Option<ExprId>) -> Option<ExprId> {
        let mut types: Vec<ExprId> = ty.into_iter().collect();
        for decorator in self.children(node) {
            if self.kind(decorator) == Kind::Decorator
                && let Some(call) = self.child(decorator)
                && self.kind(call) == Kind::CallExpression
            {
                types.push(self.expr(call));
            }
        }
        match types[..] {
            [] => None,
            [only] => Some(only),
            _ => Some(self.add(Expr::TypeUnion(types), node)),
        }
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
