//! Declarations: variables, and TypeScript's enums and namespaces. Functions and classes have files
//! of their own.

use perm_infer_facts::{AssignOp, Block, DictEntry, Expr, ExprId, Name, Pattern, ScopeKind, Stmt, VarId};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::Lowerer;
use crate::patterns::{Bind, variables};

impl Lowerer<'_> {
    pub(crate) fn is_declaration(&self, node: Node<'_>) -> bool {
        matches!(
            self.kind(node),
            Kind::LexicalDeclaration
                | Kind::VariableDeclaration
                | Kind::UsingDeclaration
                | Kind::FunctionDeclaration
                | Kind::GeneratorFunctionDeclaration
                | Kind::ClassDeclaration
                | Kind::AbstractClassDeclaration
                | Kind::EnumDeclaration
                | Kind::InternalModule
                | Kind::Module
                | Kind::AmbientDeclaration
                | Kind::InterfaceDeclaration
                | Kind::TypeAliasDeclaration
                | Kind::FunctionSignature
                | Kind::ImportAlias
        )
    }

    /// Declares the names of a statement before anything in its block is lowered, so that an
    /// assignment in a function further up finds them.
    pub(crate) fn predeclare(&mut self, node: Node<'_>) {
        let bind = match self.kind(node) {
            Kind::ExportStatement => {
                if let Some(declaration) = self.field(node, Field::Declaration) {
                    self.predeclare(declaration);
                }
                return;
            }
            Kind::FunctionDeclaration
            | Kind::GeneratorFunctionDeclaration
            | Kind::ClassDeclaration
            | Kind::AbstractClassDeclaration
            | Kind::EnumDeclaration => {
                if let Some(name) = self.field(node, Field::Name) {
                    let name = self.intern(name);
                    self.b.declare(name);
                }
                return;
            }
            Kind::InterfaceDeclaration | Kind::TypeAliasDeclaration => return self.predeclare_type(node),
            Kind::LexicalDeclaration | Kind::UsingDeclaration => Bind::Block,
            Kind::VariableDeclaration => Bind::Function,
            _ => return,
        };
        for declarator in self.children(node) {
            let name = self.field(declarator, Field::Name);
            if let Some(name) = name.filter(|&name| self.kind(name) == Kind::Identifier) {
                let name = self.intern(name);
                self.bind(name, bind);
            }
        }
    }

    /// Lowers a declaration and gives the variables that it declares.
    pub(crate) fn declaration(&mut self, node: Node<'_>, out: &mut Block) -> Vec<VarId> {
        match self.kind(node) {
            Kind::LexicalDeclaration | Kind::UsingDeclaration => self.variables(node, Bind::Block, out),
            Kind::VariableDeclaration => self.variables(node, Bind::Function, out),
            Kind::FunctionDeclaration | Kind::GeneratorFunctionDeclaration => {
                self.function_declaration(node, out).into_iter().collect()
            }
            Kind::ClassDeclaration | Kind::AbstractClassDeclaration => {
                self.class_declaration(node, &[], out).into_iter().collect()
            }
            Kind::EnumDeclaration => self.enum_declaration(node, out).into_iter().collect(),
            Kind::InternalModule | Kind::Module => self.namespace(node, out).into_iter().collect(),
            Kind::ImportAlias => self.import_alias(node, out).into_iter().collect(),
            Kind::InterfaceDeclaration => self.interface(node, out).into_iter().collect(),
            Kind::TypeAliasDeclaration => self.type_alias(node, out).into_iter().collect(),
            // Ambient declarations carry no code.
            _ => Vec::new(),
        }
    }

    fn variables(&mut self, node: Node<'_>, bind: Bind, out: &mut Block) -> Vec<VarId> {
        let mut declared = Vec::new();
        for declarator in self.children(node) {
            if self.kind(declarator) == Kind::VariableDeclarator {
                self.declarator(declarator, bind, out, &mut declared);
            } else {
                self.statement(declarator, out);
            }
        }
        declared
    }

    fn declarator(&mut self, node: Node<'_>, bind: Bind, out: &mut Block, declared: &mut Vec<VarId>) {
        let Some(target) = self.field(node, Field::Name) else { return };
        let name = self.target_name(target);
        let pattern = self.pattern(target, bind);
        variables(&pattern, declared);
        let ty = self.field(node, Field::Type).and_then(|ty| self.annotation(ty));
        let Some(value) = self.field(node, Field::Value) else {
            if let (Pattern::Var(var), Some(ty)) = (&pattern, ty) {
                out.push(self.add_stmt(Stmt::Declare { var: *var, ty }, node));
            }
            return;
        };
        self.note_made_require(target, value);
        let pattern = match ty {
            Some(ty) => Pattern::Typed(Box::new(pattern), ty),
            None => pattern,
        };
        self.store(vec![pattern], name, value, node, out);
    }

    /// `enum`: an object from member names to their values.
    fn enum_declaration(&mut self, node: Node<'_>, out: &mut Block) -> Option<VarId> {
        let name = self.field(node, Field::Name).map(|name| self.intern(name))?;
        let var = self.b.declare(name);
        let mut entries = Vec::new();
        // The value of the next member without an initialiser, if it is known.
        let mut next = Some(0);
        let members = self.field(node, Field::Body).map_or_else(Vec::new, |body| self.children(body));
        for member in members {
            let is_assignment = self.kind(member) == Kind::EnumAssignment;
            let name = if is_assignment { self.field(member, Field::Name) } else { Some(member) };
            let Some(name) = name else { continue };
            let key = self.property_key_expr(name);
            let value = if is_assignment {
                self.field_expr(member, Field::Value)
            } else {
                self.counted(next, member)
            };
            next = match self.b.get(value) {
                Expr::Int(value) => value.checked_add(1),
                _ => None,
            };
            entries.push(DictEntry::Pair(key, value));
        }
        let value = self.add(Expr::Dict(entries), node);
        let targets = vec![Pattern::Var(var)];
        out.push(self.add_stmt(Stmt::Assign { targets, op: AssignOp::Set, value }, node));
        Some(var)
    }

    fn counted(&mut self, value: Option<i64>, node: Node<'_>) -> ExprId {
        match value {
            Some(value) => self.add(Expr::Int(value), node),
            None => self.unknown(node),
        }
    }

    /// `namespace X { ... }`: its body in a block, then `X` as the object of its exports, or further
    /// attributes where `X` is declared already.
    pub(crate) fn namespace(&mut self, node: Node<'_>, out: &mut Block) -> Option<VarId> {
        let name_node = self.field(node, Field::Name)?;
        let body = self.field(node, Field::Body)?;
        // `module "x" {}` is ambient.
        if self.kind(name_node) == Kind::String {
            return None;
        }
        // `namespace A.B` exports B from A.
        let text = self.text(name_node);
        let segments: Vec<Name> = text.split('.').map(|segment| self.b.intern(segment.trim())).collect();
        let (&outer, inner) = segments.split_first()?;
        let known = self.b.lookup(outer).is_some();
        let var = self.b.declare(outer);
        self.b.push_scope(ScopeKind::Block, self.b.current_function());
        self.namespaces.push(Vec::new());
        let mut block = Block::new();
        self.nested(body, |this| this.statements(&this.children(body), &mut block));
        let exported = self.namespaces.pop().unwrap_or_default();
        let members: Vec<(Name, ExprId)> = exported
            .into_iter()
            .map(|member| (self.b.variable(member).name, self.add(Expr::Var(member), node)))
            .collect();
        let members = inner.iter().rev().fold(members, |members, &segment| {
            let value = self.object_of(members, node);
            vec![(segment, value)]
        });
        self.fill_namespace(var, known, members, node, &mut block);
        self.b.pop_scope();
        out.push(self.add_stmt(Stmt::Block(block), node));
        Some(var)
    }

    fn fill_namespace(
        &mut self,
        var: VarId,
        known: bool,
        members: Vec<(Name, ExprId)>,
        node: Node<'_>,
        block: &mut Block,
    ) {
        let op = AssignOp::Set;
        if !known {
            let value = self.object_of(members, node);
            let targets = vec![Pattern::Var(var)];
            block.push(self.add_stmt(Stmt::Assign { targets, op, value }, node));
            return;
        }
        for (name, value) in members {
            let object = self.add(Expr::Var(var), node);
            let targets = vec![Pattern::Attr { object, name }];
            block.push(self.add_stmt(Stmt::Assign { targets, op, value }, node));
        }
    }

    fn object_of(&mut self, members: Vec<(Name, ExprId)>, node: Node<'_>) -> ExprId {
        let entries =
            members.into_iter().map(|(name, value)| DictEntry::Pair(self.str(name, node), value)).collect();
        self.add(Expr::Dict(entries), node)
    }

    /// `import A = B.C`
    fn import_alias(&mut self, node: Node<'_>, out: &mut Block) -> Option<VarId> {
        let children = self.children(node);
        let [name, value] = children[..] else { return None };
        let name = self.intern(name);
        let var = self.b.declare(name);
        let value = self.expr(value);
        let targets = vec![Pattern::Var(var)];
        out.push(self.add_stmt(Stmt::Assign { targets, op: AssignOp::Set, value }, node));
        Some(var)
    }
}
