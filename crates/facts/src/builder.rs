//! How a grammar makes facts: arenas to push to, scopes to declare names in, and the resolution of
//! every name to a variable once the file is complete, so that hoisting needs no second pass.

use perm_infer_diagnostics::Span;
use rustc_hash::FxHashMap;

use crate::model::{
    Binding, Class, ClassId, Export, Expr, ExprId, FileFacts, FuncId, Function, Import, ImportId, Pattern,
    Receiver, Stmt, StmtId, VarId, Variable,
};
use crate::names::{Name, NameTable};

/// What a scope is, which decides who sees its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// A function's own names, or the module's.
    Function,
    /// A block inside a function.
    Block,
    /// A class body: its names are seen by code directly in it, not by functions inside.
    Class,
}

#[derive(Debug)]
struct Scope {
    kind: ScopeKind,
    parent: Option<u32>,
    func: FuncId,
    names: FxHashMap<Name, VarId>,
    /// Whether its code runs later than the code around it, though it is no function of its own.
    deferred: bool,
}

/// Collects the facts of one file.
///
/// Keep a scope open with [`Builder::push_scope`] while lowering what stands in it; mention names
/// with [`Builder::name`] (an expression) and [`Builder::declare`] (a binding). A mention may come
/// before its declaration.
#[derive(Debug)]
pub struct Builder {
    facts: FileFacts,
    scopes: Vec<Scope>,
    open: Vec<u32>,
    /// Mentions to resolve at the end: the expression, and the scope it stands in.
    mentions: Vec<(ExprId, u32)>,
    /// Variables that were made for assignments to a name which an outer scope may declare.
    loose: Vec<(VarId, u32)>,
    /// Assignments to names that another function may own, with the function they stand in.
    assigned: Vec<(VarId, FuncId)>,
}

impl Builder {
    /// Starts a file; the module's function and scope are open.
    #[must_use]
    pub fn new(dialect: &'static str, exports_all: bool, span: Span) -> Self {
        let module = Function {
            name: None,
            qualified_name: "<module>".to_owned(),
            span,
            parent: None,
            class: None,
            params: Vec::new(),
            body: Vec::new(),
            decorators: Vec::new(),
            receiver: Receiver::Lexical,
            binding: Binding::Static,
            is_generator: false,
            returns: None,
        };
        let facts = FileFacts {
            dialect,
            names: NameTable::default(),
            exprs: Vec::new(),
            spans: Vec::new(),
            stmts: Vec::new(),
            stmt_spans: Vec::new(),
            functions: vec![module],
            classes: Vec::new(),
            vars: Vec::new(),
            imports: Vec::new(),
            exports: Vec::new(),
            exports_all,
            directives: Vec::new(),
        };
        let scope = Scope {
            kind: ScopeKind::Function,
            parent: None,
            func: FileFacts::MODULE,
            names: FxHashMap::default(),
            deferred: false,
        };
        Builder {
            facts,
            scopes: vec![scope],
            open: vec![0],
            mentions: Vec::new(),
            loose: Vec::new(),
            assigned: Vec::new(),
        }
    }

    /// Interns a string.
    pub fn intern(&mut self, text: &str) -> Name {
        self.facts.names.intern(text)
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.facts.names.text(name)
    }

    /// Adds an expression.
    pub fn expr(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = ExprId(count(self.facts.exprs.len()));
        self.facts.exprs.push(expr);
        self.facts.spans.push(span);
        id
    }

    /// An expression made before.
    #[must_use]
    pub fn get(&self, id: ExprId) -> &Expr {
        &self.facts.exprs[id.index()]
    }

    /// The bytes of an expression made before.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.facts.spans[id.index()]
    }

    /// Adds a statement.
    pub fn stmt(&mut self, stmt: Stmt, span: Span) -> StmtId {
        let id = StmtId(count(self.facts.stmts.len()));
        self.facts.stmts.push(stmt);
        self.facts.stmt_spans.push(span);
        id
    }

    /// Mentions a name in the open scope. At [`Builder::finish`] it becomes [`Expr::Var`] or stays
    /// [`Expr::Global`].
    pub fn name(&mut self, name: Name, span: Span) -> ExprId {
        let id = self.expr(Expr::Global(name), span);
        self.mentions.push((id, self.scope()));
        id
    }

    /// Opens a scope inside the function `func`.
    pub fn push_scope(&mut self, kind: ScopeKind, func: FuncId) {
        let parent = Some(self.scope());
        let id = count(self.scopes.len());
        self.scopes.push(Scope { kind, parent, func, names: FxHashMap::default(), deferred: false });
        self.open.push(id);
    }

    /// Opens a block scope for code that runs after the code around it and is no function of its own:
    /// the initial value of a field. The variables it mentions count as captured.
    pub fn push_deferred_scope(&mut self) {
        self.push_scope(ScopeKind::Block, self.current_function());
        let scope = self.scope() as usize;
        self.scopes[scope].deferred = true;
    }

    /// Closes the innermost scope and gives the variables declared in it, in order of declaration.
    pub fn pop_scope(&mut self) -> Vec<VarId> {
        // The module's scope stays open until `finish`.
        let Some(id) = self.open.pop() else { return Vec::new() };
        let mut vars: Vec<VarId> = self.scopes[id as usize].names.values().copied().collect();
        vars.sort_unstable();
        vars
    }

    /// The variable that `name` means in the open scope, as far as the file has been lowered.
    #[must_use]
    pub fn lookup(&self, name: Name) -> Option<VarId> {
        self.look_up(self.scope(), name)
    }

    /// A variable made before.
    #[must_use]
    pub fn variable(&self, var: VarId) -> &Variable {
        &self.facts.vars[var.index()]
    }

    /// The function whose code is being lowered.
    #[must_use]
    pub fn current_function(&self) -> FuncId {
        self.scopes[self.scope() as usize].func
    }

    /// The kind of the innermost scope.
    #[must_use]
    pub fn scope_kind(&self) -> ScopeKind {
        self.scopes[self.scope() as usize].kind
    }

    /// Declares a name in the innermost scope; the same variable for the same name.
    pub fn declare(&mut self, name: Name) -> VarId {
        let scope = self.scope();
        self.declare_at(scope, name)
    }

    /// Declares a name in the scope of the innermost function (`var` in JavaScript).
    pub fn declare_in_function(&mut self, name: Name) -> VarId {
        let mut scope = self.scope();
        while self.scopes[scope as usize].kind == ScopeKind::Block {
            match self.scopes[scope as usize].parent {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        self.declare_at(scope, name)
    }

    /// Makes `name` in the innermost scope mean the module's variable (`global` in Python).
    pub fn declare_module_alias(&mut self, name: Name) -> VarId {
        let var = self.declare_at(0, name);
        self.alias(name, var);
        var
    }

    /// Makes `name` in the innermost scope mean the variable of an enclosing function (`nonlocal` in
    /// Python), also of one that is declared later in the file.
    pub fn declare_outer_alias(&mut self, name: Name) -> VarId {
        let scope = self.scope();
        let outer = self.scopes[scope as usize].parent.unwrap_or(0);
        let found = self.look_up(outer, name).filter(|&var| self.scopes[0].names.get(&name) != Some(&var));
        let var = found.unwrap_or_else(|| {
            let var = self.new_var(name, self.scopes[scope as usize].func);
            self.loose.push((var, outer));
            var
        });
        self.alias(name, var);
        var
    }

    /// The variable to assign where the language does not declare on assignment (JavaScript). It is
    /// tied to the declaration that is in view, also to one that comes later in the file; a name
    /// that nothing declares becomes a variable of the module.
    pub fn assign_target(&mut self, name: Name) -> VarId {
        let scope = self.scope();
        let func = self.scopes[scope as usize].func;
        let var = self.look_up(scope, name).unwrap_or_else(|| {
            let var = self.new_var(name, func);
            self.loose.push((var, scope));
            var
        });
        self.assigned.push((var, func));
        var
    }

    /// Reserves a function, so that scopes and nested functions can refer to it while it is lowered.
    pub fn reserve_function(&mut self, mut function: Function) -> FuncId {
        let id = FuncId(count(self.facts.functions.len()));
        function.parent = Some(self.current_function());
        self.facts.functions.push(function);
        id
    }

    /// A function to complete.
    pub fn function(&mut self, id: FuncId) -> &mut Function {
        &mut self.facts.functions[id.index()]
    }

    /// Reserves a class.
    pub fn reserve_class(&mut self, class: Class) -> ClassId {
        let id = ClassId(count(self.facts.classes.len()));
        self.facts.classes.push(class);
        id
    }

    /// A class to complete.
    pub fn class(&mut self, id: ClassId) -> &mut Class {
        &mut self.facts.classes[id.index()]
    }

    /// Adds an import.
    pub fn import(&mut self, import: Import) -> ImportId {
        let id = ImportId(count(self.facts.imports.len()));
        self.facts.imports.push(import);
        id
    }

    /// Adds a static export.
    pub fn export(&mut self, export: Export) {
        self.facts.exports.push(export);
    }

    /// A variable that no name reaches, for what a grammar has to name itself.
    pub fn hidden_var(&mut self, label: &str) -> VarId {
        let name = self.intern(label);
        self.new_var(name, self.current_function())
    }

    /// Resolves all names and gives the facts.
    #[must_use]
    pub fn finish(mut self) -> FileFacts {
        let replaced = self.tie_loose_variables();
        if !replaced.is_empty() {
            self.replace_in_patterns(&replaced);
            self.replace_in_aliases(&replaced);
        }
        for (expr, scope) in std::mem::take(&mut self.mentions) {
            let Expr::Global(name) = self.facts.exprs[expr.index()] else { continue };
            if let Some(var) = self.look_up(scope, name) {
                self.facts.exprs[expr.index()] = Expr::Var(var);
                let func = self.scopes[scope as usize].func;
                if self.facts.vars[var.index()].owner != func || self.runs_later(scope) {
                    self.facts.vars[var.index()].captured = true;
                }
            }
        }
        self.mark_assigned_inside(&replaced);
        self.facts
    }

    fn scope(&self) -> u32 {
        self.open.last().copied().unwrap_or(0)
    }

    fn new_var(&mut self, name: Name, owner: FuncId) -> VarId {
        let var = VarId(count(self.facts.vars.len()));
        self.facts.vars.push(Variable { name, owner, captured: false, assigned_inside: false });
        var
    }

    fn declare_at(&mut self, scope: u32, name: Name) -> VarId {
        if let Some(&var) = self.scopes[scope as usize].names.get(&name) {
            return var;
        }
        let var = self.new_var(name, self.scopes[scope as usize].func);
        self.scopes[scope as usize].names.insert(name, var);
        var
    }

    /// The variable that `name` means in `scope`. Class scopes are seen only from directly inside.
    fn look_up(&self, scope: u32, name: Name) -> Option<VarId> {
        let mut current = Some(scope);
        let mut inside_function = false;
        while let Some(id) = current {
            let scope = &self.scopes[id as usize];
            let hidden = scope.kind == ScopeKind::Class && inside_function;
            if !hidden && let Some(&var) = scope.names.get(&name) {
                return Some(var);
            }
            inside_function |= scope.kind == ScopeKind::Function;
            current = scope.parent;
        }
        None
    }

    /// Whether the code of a scope runs later than the function that it stands in.
    fn runs_later(&self, scope: u32) -> bool {
        let mut current = Some(scope);
        while let Some(id) = current {
            let scope = &self.scopes[id as usize];
            if scope.deferred || scope.kind == ScopeKind::Function {
                return scope.deferred;
            }
            current = scope.parent;
        }
        false
    }

    /// Finds the declaration of each variable that was assigned before it was declared.
    fn tie_loose_variables(&mut self) -> FxHashMap<VarId, VarId> {
        let mut replaced = FxHashMap::default();
        for (var, scope) in std::mem::take(&mut self.loose) {
            let name = self.facts.vars[var.index()].name;
            let declared = match self.look_up(scope, name) {
                Some(declared) => declared,
                None => self.declare_at(0, name),
            };
            replaced.insert(var, declared);
        }
        replaced
    }

    fn replace_in_patterns(&mut self, replaced: &FxHashMap<VarId, VarId>) {
        let mut visit = |pattern: &mut Pattern| {
            for_each_var(pattern, &mut |var| {
                if let Some(&declared) = replaced.get(var) {
                    *var = declared;
                }
            });
        };
        for stmt in &mut self.facts.stmts {
            for_each_pattern_of_stmt(stmt, &mut visit);
        }
        for expr in &mut self.facts.exprs {
            for_each_pattern_of_expr(expr, &mut visit);
        }
    }

    fn replace_in_aliases(&mut self, replaced: &FxHashMap<VarId, VarId>) {
        for var in self.scopes.iter_mut().flat_map(|scope| scope.names.values_mut()) {
            if let Some(&declared) = replaced.get(var) {
                *var = declared;
            }
        }
    }

    fn alias(&mut self, name: Name, var: VarId) {
        let scope = self.scope() as usize;
        self.scopes[scope].names.insert(name, var);
        self.assigned.push((var, self.scopes[scope].func));
    }

    /// Marks variables that a function other than their owner assigns.
    fn mark_assigned_inside(&mut self, replaced: &FxHashMap<VarId, VarId>) {
        for (var, func) in std::mem::take(&mut self.assigned) {
            let var = replaced.get(&var).copied().unwrap_or(var);
            let variable = &mut self.facts.vars[var.index()];
            if variable.owner != func {
                variable.captured = true;
                variable.assigned_inside = true;
            }
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn for_each_var(pattern: &mut Pattern, visit: &mut impl FnMut(&mut VarId)) {
    match pattern {
        Pattern::Var(var) => visit(var),
        Pattern::List(items) => items.iter_mut().flatten().for_each(|item| for_each_var(item, visit)),
        Pattern::Dict { entries, rest } => {
            entries.iter_mut().for_each(|(_, entry)| for_each_var(entry, visit));
            if let Some(rest) = rest {
                for_each_var(rest, visit);
            }
        }
        Pattern::Rest(inner) | Pattern::Default(inner, _) | Pattern::Typed(inner, _) => {
            for_each_var(inner, visit);
        }
        Pattern::Attr { .. } | Pattern::Index { .. } | Pattern::Ignore => {}
    }
}

/// The patterns by which a statement assigns names of its own scope or an outer one.
fn for_each_pattern_of_stmt(stmt: &mut Stmt, visit: &mut impl FnMut(&mut Pattern)) {
    match stmt {
        Stmt::Assign { targets, .. } | Stmt::Delete(targets) => targets.iter_mut().for_each(visit),
        Stmt::For { target, .. } => visit(target),
        Stmt::With { items, .. } => {
            items.iter_mut().filter_map(|(_, target)| target.as_mut()).for_each(visit);
        }
        Stmt::Try { handlers, .. } => {
            handlers.iter_mut().filter_map(|handler| handler.target.as_mut()).for_each(visit);
        }
        Stmt::Switch { cases, .. } => {
            cases.iter_mut().filter_map(|case| case.pattern.as_mut()).for_each(visit);
        }
        _ => {}
    }
}

fn for_each_pattern_of_expr(expr: &mut Expr, visit: &mut impl FnMut(&mut Pattern)) {
    match expr {
        Expr::Assign { target, .. } => visit(target),
        Expr::Comprehension { clauses, .. } => clauses.iter_mut().for_each(|(target, _)| visit(target)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span() -> Span {
        Span::default()
    }

    fn function() -> Function {
        Function {
            name: None,
            qualified_name: String::new(),
            span: span(),
            parent: None,
            class: None,
            params: Vec::new(),
            body: Vec::new(),
            decorators: Vec::new(),
            receiver: Receiver::Lexical,
            binding: Binding::Static,
            is_generator: false,
            returns: None,
        }
    }

    #[test]
    fn a_mention_before_the_declaration_is_resolved() {
        let mut builder = Builder::new("test", true, span());
        let name = builder.intern("x");
        let mention = builder.name(name, span());
        let var = builder.declare(name);
        assert_eq!(builder.finish().expr(mention), &Expr::Var(var));
    }

    #[test]
    fn an_undeclared_name_stays_global() {
        let mut builder = Builder::new("test", true, span());
        let name = builder.intern("print");
        let mention = builder.name(name, span());
        assert_eq!(builder.finish().expr(mention), &Expr::Global(name));
    }

    #[test]
    fn class_names_are_hidden_from_the_methods() {
        let mut builder = Builder::new("test", true, span());
        let name = builder.intern("x");
        builder.push_scope(ScopeKind::Class, FileFacts::MODULE);
        let var = builder.declare(name);
        let direct = builder.name(name, span());
        let method = builder.reserve_function(function());
        builder.push_scope(ScopeKind::Function, method);
        let inside = builder.name(name, span());
        builder.pop_scope();
        builder.pop_scope();
        let facts = builder.finish();
        assert_eq!(facts.expr(direct), &Expr::Var(var));
        assert_eq!(facts.expr(inside), &Expr::Global(name));
    }

    #[test]
    fn a_variable_mentioned_in_deferred_code_is_captured() {
        let mut builder = Builder::new("test", false, span());
        let now = builder.intern("now");
        let later = builder.intern("later");
        let plain = builder.declare(now);
        let captured = builder.declare(later);
        builder.name(now, span());
        builder.push_deferred_scope();
        builder.name(later, span());
        builder.pop_scope();
        let facts = builder.finish();
        assert!(!facts.vars[plain.index()].captured);
        assert!(facts.vars[captured.index()].captured);
    }

    #[test]
    fn an_outer_alias_is_tied_to_the_later_declaration() {
        let mut builder = Builder::new("test", true, span());
        let name = builder.intern("count");
        let module = builder.declare(name);
        let outer = builder.reserve_function(function());
        builder.push_scope(ScopeKind::Function, outer);
        let inner = builder.reserve_function(function());
        builder.push_scope(ScopeKind::Function, inner);
        builder.declare_outer_alias(name);
        let mention = builder.name(name, span());
        builder.pop_scope();
        let declared = builder.declare(name);
        builder.pop_scope();
        let facts = builder.finish();
        assert_eq!(facts.expr(mention), &Expr::Var(declared));
        assert!(facts.vars[declared.index()].assigned_inside);
        assert!(!facts.vars[module.index()].captured);
    }

    #[test]
    fn an_assignment_from_a_nested_function_is_tied_to_the_later_declaration() {
        let mut builder = Builder::new("test", false, span());
        let name = builder.intern("client");
        let func = builder.reserve_function(function());
        builder.push_scope(ScopeKind::Function, func);
        let target = Pattern::Var(builder.assign_target(name));
        let value = builder.expr(Expr::Null, span());
        let stmt =
            builder.stmt(Stmt::Assign { targets: vec![target], op: crate::AssignOp::Set, value }, span());
        builder.pop_scope();
        let declared = builder.declare(name);
        let facts = builder.finish();
        let Stmt::Assign { targets, .. } = &facts.stmts[stmt.index()] else { panic!("an assignment") };
        assert_eq!(targets, &[Pattern::Var(declared)]);
        assert!(facts.vars[declared.index()].assigned_inside);
    }
}
