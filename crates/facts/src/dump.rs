//! The facts of a file as readable text: for people who look into a grammar, and for its snapshot
//! tests. The text is not parsed by anything.

use std::fmt::Write as _;

use crate::model::{
    ArgKind, AssignOp, Block, ClassId, DictEntry, Export, Expr, ExprId, FileFacts, FuncId, Function, Import,
    Imported, MemberKind, ParamKind, Pattern, Stmt, StmtId, VarId,
};

/// The facts as an indented outline in source order: functions, their parameters and statements.
/// Variables are shown as `name#number`, names that nothing binds as `name`.
#[must_use]
pub fn dump(facts: &FileFacts) -> String {
    let mut dumper = Dumper { facts, out: String::new() };
    dumper.file();
    dumper.out
}

struct Dumper<'a> {
    facts: &'a FileFacts,
    out: String,
}

impl Dumper<'_> {
    fn line(&mut self, depth: usize, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{:width$}{text}", "", width = depth * 2);
    }

    fn file(&mut self) {
        let facts = self.facts;
        self.line(0, &format!("file {}", facts.dialect));
        for export in &facts.exports {
            let text = self.export(export);
            self.line(0, &text);
        }
        for directive in &facts.directives {
            self.line(0, &format!("directive {:?}", directive.text));
        }
        self.block(&facts.functions[0].body, 0);
    }

    fn export(&self, export: &Export) -> String {
        match export {
            Export::Var { name, var } => format!("export {} = {}", self.facts.text(*name), self.var(*var)),
            Export::From { name, import, imported } => {
                let import = &self.facts.imports[import.index()];
                format!(
                    "export {} = {} of {:?}",
                    self.facts.text(*name),
                    self.imported(imported),
                    self.facts.text(import.specifier)
                )
            }
            Export::Star(import) => {
                format!("export * of {:?}", self.facts.text(self.facts.imports[import.index()].specifier))
            }
        }
    }

    fn imported(&self, imported: &Imported) -> String {
        match imported {
            Imported::Name(name) => self.facts.text(*name).to_owned(),
            Imported::Module => "<module>".to_owned(),
            Imported::Root => "<root>".to_owned(),
            Imported::Star => "*".to_owned(),
        }
    }

    fn import(&self, import: &Import) -> String {
        let bindings: Vec<String> = import
            .bindings
            .iter()
            .map(|binding| {
                let var = binding.var.map_or_else(String::new, |var| format!(" as {}", self.var(var)));
                format!("{}{var}", self.imported(&binding.imported))
            })
            .collect();
        let types = if import.type_only { "type " } else { "" };
        format!("import {types}{:?} [{}]", self.facts.text(import.specifier), bindings.join(", "))
    }

    fn var(&self, var: VarId) -> String {
        format!("{}#{}", self.facts.text(self.facts.vars[var.index()].name), var.0)
    }

    fn block(&mut self, block: &Block, depth: usize) {
        for &stmt in block {
            self.stmt(stmt, depth);
        }
    }

    fn titled(&mut self, title: &str, block: &Block, depth: usize) {
        if !block.is_empty() {
            self.line(depth, title);
            self.block(block, depth + 1);
        }
    }

    fn stmt(&mut self, id: StmtId, depth: usize) {
        let facts = self.facts;
        match &facts.stmts[id.index()] {
            Stmt::Expr(value) => {
                let text = self.expr(*value);
                self.line(depth, &text);
            }
            Stmt::Assign { targets, op, value } => {
                let targets: Vec<String> = targets.iter().map(|target| self.pattern(target)).collect();
                let text = format!("{} {} {}", targets.join(" = "), assign(*op), self.expr(*value));
                self.line(depth, &text);
            }
            Stmt::Declare { var, ty } => {
                let text = format!("declare {}: {}", self.var(*var), self.expr(*ty));
                self.line(depth, &text);
            }
            Stmt::Return(value) => self.keyword("return", *value, depth),
            Stmt::Raise(value) => self.keyword("raise", *value, depth),
            Stmt::Break => self.line(depth, "break"),
            Stmt::Continue => self.line(depth, "continue"),
            Stmt::If { test, then, otherwise } => {
                let text = format!("if {}", self.expr(*test));
                self.line(depth, &text);
                self.block(then, depth + 1);
                self.titled("else", otherwise, depth);
            }
            Stmt::While { test, body, update, otherwise } => {
                let text =
                    format!("while {}", test.map_or_else(|| "true".to_owned(), |test| self.expr(test)));
                self.line(depth, &text);
                self.block(body, depth + 1);
                self.titled("update", update, depth);
                self.titled("else", otherwise, depth);
            }
            Stmt::For { target, iter, keys, body, otherwise } => {
                let of = if *keys { "keys of" } else { "in" };
                let text = format!("for {} {of} {}", self.pattern(target), self.expr(*iter));
                self.line(depth, &text);
                self.block(body, depth + 1);
                self.titled("else", otherwise, depth);
            }
            Stmt::With { items, body } => {
                let items: Vec<String> = items
                    .iter()
                    .map(|(value, target)| {
                        let target = target
                            .as_ref()
                            .map_or_else(String::new, |target| format!(" as {}", self.pattern(target)));
                        format!("{}{target}", self.expr(*value))
                    })
                    .collect();
                self.line(depth, &format!("with {}", items.join(", ")));
                self.block(body, depth + 1);
            }
            Stmt::Try { body, handlers, otherwise, finally } => {
                self.line(depth, "try");
                self.block(body, depth + 1);
                for handler in handlers {
                    let types: Vec<String> = handler.types.iter().map(|&ty| self.expr(ty)).collect();
                    let target = handler
                        .target
                        .as_ref()
                        .map_or_else(String::new, |target| format!(" as {}", self.pattern(target)));
                    self.line(depth, &format!("catch [{}]{target}", types.join(", ")));
                    self.block(&handler.body, depth + 1);
                }
                self.titled("else", otherwise, depth);
                self.titled("finally", finally, depth);
            }
            Stmt::Switch { subject, cases, .. } => {
                let text = format!("switch {}", self.expr(*subject));
                self.line(depth, &text);
                for case in cases {
                    let values: Vec<String> = case.values.iter().map(|&value| self.expr(value)).collect();
                    let pattern = case
                        .pattern
                        .as_ref()
                        .map_or_else(String::new, |pattern| format!(" as {}", self.pattern(pattern)));
                    let guard =
                        case.guard.map_or_else(String::new, |guard| format!(" if {}", self.expr(guard)));
                    self.line(depth, &format!("case [{}]{pattern}{guard}", values.join(", ")));
                    self.block(&case.body, depth + 1);
                }
            }
            Stmt::Function { var, func } => {
                let text = format!("{} = {}", self.var(*var), self.signature(*func));
                self.line(depth, &text);
                self.function_body(*func, depth + 1);
            }
            Stmt::Class { var, class } => {
                let text = format!("{} = {}", self.var(*var), self.class_head(*class));
                self.line(depth, &text);
                self.class_body(*class, depth + 1);
            }
            Stmt::Import(import) => {
                let text = self.import(&facts.imports[import.index()]);
                self.line(depth, &text);
            }
            Stmt::Export { name, value } => {
                let name = name.map_or("<module>", |name| facts.text(name));
                let text = format!("export {name} = {}", self.expr(*value));
                self.line(depth, &text);
                self.nested_functions(*value, depth + 1);
                return;
            }
            Stmt::Delete(targets) => {
                let targets: Vec<String> = targets.iter().map(|target| self.pattern(target)).collect();
                self.line(depth, &format!("delete {}", targets.join(", ")));
            }
            Stmt::Block(block) => {
                self.line(depth, "block");
                self.block(block, depth + 1);
            }
        }
        self.functions_of_stmt(id, depth + 1);
    }

    fn keyword(&mut self, keyword: &str, value: Option<ExprId>, depth: usize) {
        let text =
            value.map_or_else(|| keyword.to_owned(), |value| format!("{keyword} {}", self.expr(value)));
        self.line(depth, &text);
    }

    /// Bodies of functions and classes that stand inside the expressions of a statement.
    fn functions_of_stmt(&mut self, id: StmtId, depth: usize) {
        let values: Vec<ExprId> = match &self.facts.stmts[id.index()] {
            Stmt::Expr(value) | Stmt::Assign { value, .. } => vec![*value],
            Stmt::Return(value) | Stmt::Raise(value) => value.iter().copied().collect(),
            Stmt::If { test, .. } => vec![*test],
            Stmt::For { iter, .. } => vec![*iter],
            Stmt::With { items, .. } => items.iter().map(|(value, _)| *value).collect(),
            _ => Vec::new(),
        };
        for value in values {
            self.nested_functions(value, depth);
        }
    }

    fn nested_functions(&mut self, root: ExprId, depth: usize) {
        let mut found = Vec::new();
        self.facts.walk(root, &mut |id| match self.facts.expr(id) {
            Expr::Function(_) | Expr::Class(_) => found.push(id),
            _ => {}
        });
        for id in found {
            match self.facts.expr(id) {
                Expr::Function(func) => {
                    let text = format!("where {}", self.signature(*func));
                    self.line(depth, &text);
                    self.function_body(*func, depth + 1);
                }
                Expr::Class(class) => {
                    let text = format!("where {}", self.class_head(*class));
                    self.line(depth, &text);
                    self.class_body(*class, depth + 1);
                }
                _ => {}
            }
        }
    }

    fn signature(&self, id: FuncId) -> String {
        let function: &Function = &self.facts.functions[id.index()];
        let params: Vec<String> = function
            .params
            .iter()
            .map(|param| {
                let marker = match param.kind {
                    ParamKind::Normal => "",
                    ParamKind::KeywordOnly => "key ",
                    ParamKind::Rest => "*",
                    ParamKind::KeywordRest => "**",
                };
                let default =
                    param.default.map_or_else(String::new, |default| format!(" = {}", self.expr(default)));
                let ty = param.ty.map_or_else(String::new, |ty| format!(": {}", self.expr(ty)));
                format!("{marker}{}{ty}{default}", self.pattern(&param.pattern))
            })
            .collect();
        let decorators: Vec<String> =
            function.decorators.iter().map(|&decorator| format!("@{} ", self.expr(decorator))).collect();
        let generator = if function.is_generator { " generator" } else { "" };
        format!(
            "{}function {} ({}) {:?} {:?}{generator}",
            decorators.concat(),
            function.qualified_name,
            params.join(", "),
            function.receiver,
            function.binding
        )
    }

    fn function_body(&mut self, id: FuncId, depth: usize) {
        let facts = self.facts;
        self.block(&facts.functions[id.index()].body, depth);
    }

    fn class_head(&self, id: ClassId) -> String {
        let class = &self.facts.classes[id.index()];
        let name = class.name.map_or("<class>", |name| self.facts.text(name));
        let bases: Vec<String> = class.bases.iter().map(|&base| self.expr(base)).collect();
        let decorators: Vec<String> =
            class.decorators.iter().map(|&decorator| format!("@{} ", self.expr(decorator))).collect();
        let kind = if class.is_shape { "shape" } else { "class" };
        format!("{}{kind} {name} ({})", decorators.concat(), bases.join(", "))
    }

    fn class_body(&mut self, id: ClassId, depth: usize) {
        let facts = self.facts;
        let class = &facts.classes[id.index()];
        self.block(&class.body, depth);
        for member in &class.members {
            let place = if member.is_static { "static " } else { "" };
            let name = facts.text(member.name);
            match &member.kind {
                MemberKind::Method(func, accessor) => {
                    let text = format!("{place}{name} = {accessor:?} {}", self.signature(*func));
                    self.line(depth, &text);
                    self.function_body(*func, depth + 1);
                }
                MemberKind::Field { value, ty } => {
                    let ty = ty.map_or_else(String::new, |ty| format!(": {}", self.expr(ty)));
                    let text = value.map_or_else(String::new, |value| format!(" = {}", self.expr(value)));
                    self.line(depth, &format!("{place}{name}{ty}{text}"));
                    if let Some(value) = value {
                        self.nested_functions(*value, depth + 1);
                    }
                }
            }
        }
        if let Some(constructor) = class.constructor
            && !class
                .members
                .iter()
                .any(|member| matches!(member.kind, MemberKind::Method(func, _) if func == constructor))
        {
            let name = facts.functions[constructor.index()].qualified_name.clone();
            self.line(depth, &format!("constructor {name}"));
        }
    }

    fn exprs(&self, ids: &[ExprId]) -> String {
        ids.iter().map(|&id| self.expr(id)).collect::<Vec<_>>().join(", ")
    }

    fn args(&self, args: &[crate::Arg]) -> String {
        let texts: Vec<String> = args
            .iter()
            .map(|arg| match arg.kind {
                ArgKind::Positional => self.expr(arg.value),
                ArgKind::Keyword(name) => format!("{}={}", self.facts.text(name), self.expr(arg.value)),
                ArgKind::Spread => format!("*{}", self.expr(arg.value)),
                ArgKind::KeywordSpread => format!("**{}", self.expr(arg.value)),
            })
            .collect();
        texts.join(", ")
    }

    fn expr(&self, id: ExprId) -> String {
        let facts = self.facts;
        match facts.expr(id) {
            Expr::Var(var) => self.var(*var),
            Expr::Global(name) => facts.text(*name).to_owned(),
            Expr::Str(name) => format!("{:?}", facts.text(*name)),
            Expr::Int(value) => value.to_string(),
            Expr::Bool(value) => value.to_string(),
            Expr::Null => "null".to_owned(),
            Expr::Template(parts) => format!("template({})", self.exprs(parts)),
            Expr::Attr { object, name } => format!("{}.{}", self.expr(*object), facts.text(*name)),
            Expr::Index { object, index } => format!("{}[{}]", self.expr(*object), self.expr(*index)),
            Expr::Part { object, bounds } => format!("part({}, {})", self.expr(*object), self.exprs(bounds)),
            Expr::Slice { object, start, end } => {
                let bound = |bound: &Option<i64>| bound.map_or_else(String::new, |bound| bound.to_string());
                format!("{}[{}:{}]", self.expr(*object), bound(start), bound(end))
            }
            Expr::Call { callee, args } => format!("{}({})", self.expr(*callee), self.args(args)),
            Expr::New { callee, args } => format!("new {}({})", self.expr(*callee), self.args(args)),
            Expr::List(items) => format!("[{}]", self.exprs(items)),
            Expr::Spread(value) => format!("*{}", self.expr(*value)),
            Expr::Dict(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|entry| match entry {
                        DictEntry::Pair(key, value) => format!("{}: {}", self.expr(*key), self.expr(*value)),
                        DictEntry::Spread(value) => format!("**{}", self.expr(*value)),
                        DictEntry::Getter(key, func) => {
                            format!("get {}: {}", self.expr(*key), self.signature(*func))
                        }
                    })
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Expr::Comprehension { clauses, filters, key, element } => {
                let key = key.map_or_else(String::new, |key| format!("{}: ", self.expr(key)));
                let clauses: Vec<String> = clauses
                    .iter()
                    .map(|(target, iter)| format!(" for {} in {}", self.pattern(target), self.expr(*iter)))
                    .collect();
                let filters: Vec<String> =
                    filters.iter().map(|&filter| format!(" if {}", self.expr(filter))).collect();
                format!("[{key}{}{}{}]", self.expr(*element), clauses.concat(), filters.concat())
            }
            Expr::Binary { op, left, right } => {
                format!("({} {op:?} {})", self.expr(*left), self.expr(*right))
            }
            Expr::Not(value) => format!("not({})", self.expr(*value)),
            Expr::Cond { test, then, otherwise } => {
                format!("({} ? {} : {})", self.expr(*test), self.expr(*then), self.expr(*otherwise))
            }
            Expr::Function(func) => format!("<{}>", facts.functions[func.index()].qualified_name),
            Expr::Class(class) => format!("<{}>", self.class_head(*class)),
            Expr::This => "this".to_owned(),
            Expr::Super => "super".to_owned(),
            Expr::Await(value) => format!("await {}", self.expr(*value)),
            Expr::Yield(value) => {
                format!("yield {}", value.map_or_else(String::new, |value| self.expr(value)))
            }
            Expr::Assign { target, op, value } => {
                format!("({} {} {})", self.pattern(target), assign(*op), self.expr(*value))
            }
            Expr::Module(import) => {
                format!("module({:?})", facts.text(facts.imports[import.index()].specifier))
            }
            Expr::Exports => "<exports>".to_owned(),
            Expr::Typed { value, ty } => format!("({} as {})", self.expr(*value), self.expr(*ty)),
            Expr::TypeUnion(types) => format!("union({})", self.exprs(types)),
            Expr::Opaque(parts) => format!("opaque({})", self.exprs(parts)),
        }
    }

    fn pattern(&self, pattern: &Pattern) -> String {
        let facts = self.facts;
        match pattern {
            Pattern::Var(var) => self.var(*var),
            Pattern::Attr { object, name } => format!("{}.{}", self.expr(*object), facts.text(*name)),
            Pattern::Index { object, index } => format!("{}[{}]", self.expr(*object), self.expr(*index)),
            Pattern::List(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|item| item.as_ref().map_or_else(|| "_".to_owned(), |item| self.pattern(item)))
                    .collect();
                format!("[{}]", items.join(", "))
            }
            Pattern::Dict { entries, rest } => {
                let mut texts: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{}: {}", self.expr(*key), self.pattern(value)))
                    .collect();
                texts.extend(rest.iter().map(|rest| format!("**{}", self.pattern(rest))));
                format!("{{{}}}", texts.join(", "))
            }
            Pattern::Rest(inner) => format!("*{}", self.pattern(inner)),
            Pattern::Default(inner, value) => format!("{} = {}", self.pattern(inner), self.expr(*value)),
            Pattern::Typed(inner, ty) => format!("{}: {}", self.pattern(inner), self.expr(*ty)),
            Pattern::Ignore => "_".to_owned(),
        }
    }
}

fn assign(op: AssignOp) -> String {
    match op {
        AssignOp::Set => "=".to_owned(),
        AssignOp::Update(op) => format!("{op:?}="),
    }
}
