//! ES modules: `import` and `export` statements.

use perm_infer_facts::{
    AssignOp, Block, Export, Expr, Import, ImportBinding, ImportId, Imported, Name, Pattern, Stmt,
};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::{Lowerer, PendingExport, span};

impl Lowerer<'_> {
    pub(crate) fn import_statement(&mut self, node: Node<'_>, out: &mut Block) {
        let type_only = self.has_token(node, "type") || self.has_token(node, "typeof");
        let mut bindings = Vec::new();
        let mut types = Vec::new();
        let mut source = self.field(node, Field::Source);
        for child in self.children(node) {
            match self.kind(child) {
                Kind::ImportClause => self.import_clause(child, &mut bindings, &mut types),
                Kind::ImportRequireClause => {
                    source = self.field(child, Field::Source);
                    let name = self.child(child);
                    bindings.extend(name.map(|name| self.binding(Imported::Module, name)));
                }
                _ => {}
            }
        }
        let Some(source) = source else { return };
        if !types.is_empty() {
            self.add_import(source, types, true, node, out);
            // `import { type A } from "m"` alone imports no value.
            if bindings.is_empty() {
                return;
            }
        }
        self.add_import(source, bindings, type_only, node, out);
    }

    /// The bindings of an import, apart from those marked as types.
    fn import_clause(
        &mut self,
        node: Node<'_>,
        bindings: &mut Vec<ImportBinding>,
        types: &mut Vec<ImportBinding>,
    ) {
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Identifier => {
                    let default = Imported::Name(self.b.intern("default"));
                    bindings.push(self.binding(default, child));
                }
                Kind::NamespaceImport => {
                    let name = self.child(child);
                    bindings.extend(name.map(|name| self.binding(Imported::Module, name)));
                }
                Kind::NamedImports => {
                    for specifier in self.children(child) {
                        let Some(name) = self.field(specifier, Field::Name) else { continue };
                        let imported = Imported::Name(self.spelled_name(name));
                        let local = self.field(specifier, Field::Alias).unwrap_or(name);
                        let binding = self.binding(imported, local);
                        let is_type =
                            self.has_token(specifier, "type") || self.has_token(specifier, "typeof");
                        if is_type { types.push(binding) } else { bindings.push(binding) }
                    }
                }
                _ => {}
            }
        }
    }

    fn binding(&mut self, imported: Imported, local: Node<'_>) -> ImportBinding {
        let name = self.intern(local);
        ImportBinding { imported, var: Some(self.b.declare(name)) }
    }

    fn add_import(
        &mut self,
        source: Node<'_>,
        bindings: Vec<ImportBinding>,
        type_only: bool,
        node: Node<'_>,
        out: &mut Block,
    ) -> ImportId {
        let specifier = self.spelled_name(source);
        let import = self.b.import(Import { specifier, bindings, type_only, span: span(node) });
        out.push(self.add_stmt(Stmt::Import(import), node));
        import
    }

    pub(crate) fn export_statement(&mut self, node: Node<'_>, out: &mut Block) {
        let is_default = self.has_token(node, "default");
        if let Some(declaration) = self.field(node, Field::Declaration) {
            self.export_declaration(declaration, node, is_default, out);
        } else if let Some(value) = self.field(node, Field::Value) {
            self.export_default(value, node, out);
        } else if let Some(source) = self.field(node, Field::Source) {
            self.export_from_module(source, node, out);
        } else if self.has_token(node, "=") {
            if let Some(value) = self.child(node) {
                let value = self.expr(value);
                out.push(self.add_stmt(Stmt::Export { name: None, value }, node));
            }
        } else if let Some(clause) =
            self.children(node).into_iter().find(|&child| self.kind(child) == Kind::ExportClause)
        {
            self.export_names(clause);
        }
        // `export as namespace X` is for scripts without modules.
    }

    fn decorators<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        self.children(node).into_iter().filter(|&child| self.kind(child) == Kind::Decorator).collect()
    }

    fn export_declaration(
        &mut self,
        declaration: Node<'_>,
        node: Node<'_>,
        is_default: bool,
        out: &mut Block,
    ) {
        let declared = match self.kind(declaration) {
            Kind::ClassDeclaration | Kind::AbstractClassDeclaration => {
                let decorators = self.decorators(node);
                self.class_declaration(declaration, &decorators, out).into_iter().collect()
            }
            _ => self.declaration(declaration, out),
        };
        if is_default {
            let name = self.b.intern("default");
            declared.into_iter().for_each(|var| self.b.export(Export::Var { name, var }));
        } else {
            declared.into_iter().for_each(|var| self.export_var(var));
        }
    }

    fn export_default(&mut self, value: Node<'_>, node: Node<'_>, out: &mut Block) {
        let name = self.b.intern("default");
        let decorators = self.decorators(node);
        let value = match self.kind(value) {
            Kind::Class => self.decorated_class_expression(value, Some(name), &decorators),
            _ => self.named_expr(value, Some(name)),
        };
        out.push(self.add_stmt(Stmt::Export { name: Some(name), value }, node));
    }

    /// `export { a as b } from "m"`, `export * from "m"`, `export * as ns from "m"`
    fn export_from_module(&mut self, source: Node<'_>, node: Node<'_>, out: &mut Block) {
        let type_only = self.has_token(node, "type");
        let import = self.add_import(source, Vec::new(), type_only, node, out);
        for child in self.children(node) {
            match self.kind(child) {
                Kind::ExportClause => {
                    for (name, exported) in self.export_specifiers(child) {
                        self.export_from(exported, import, Imported::Name(name));
                    }
                    return;
                }
                Kind::NamespaceExport => {
                    let Some(name) = self.child(child) else { return };
                    let name = self.spelled_name(name);
                    self.export_from(name, import, Imported::Module);
                    return;
                }
                _ => {}
            }
        }
        self.b.export(Export::Star(import));
    }

    /// `export { a as b }`
    fn export_names(&mut self, clause: Node<'_>) {
        for (local, exported) in self.export_specifiers(clause) {
            self.pending_exports.push(PendingExport { local, exported });
        }
    }

    fn export_specifiers(&mut self, clause: Node<'_>) -> Vec<(Name, Name)> {
        let mut names = Vec::new();
        for specifier in self.children(clause) {
            let Some(name) = self.field(specifier, Field::Name) else { continue };
            let exported = self.field(specifier, Field::Alias).unwrap_or(name);
            names.push((self.spelled_name(name), self.spelled_name(exported)));
        }
        names
    }

    /// Stores `value`, which may be a chain of further assignments, in the targets; targets that are
    /// exports of the module become export statements.
    pub(crate) fn store(
        &mut self,
        mut targets: Vec<Pattern>,
        mut name: Option<Name>,
        value: Node<'_>,
        node: Node<'_>,
        out: &mut Block,
    ) {
        let mut exports: Vec<Option<Name>> = Vec::new();
        let mut value = self.unwrap_parentheses(value);
        while self.kind(value) == Kind::AssignmentExpression {
            let (Some(left), Some(right)) = (self.field(value, Field::Left), self.field(value, Field::Right))
            else {
                break;
            };
            self.store_target(left, &mut targets, &mut exports);
            name = name.or_else(|| self.target_name(left));
            value = self.unwrap_parentheses(right);
        }
        // TypeScript starts its output with `exports.a = exports.b = void 0`.
        if targets.is_empty() && self.text(value) == "void 0" {
            return;
        }
        let mut value = self.named_expr(value, name);
        // `exports = v` alone exports nothing.
        for &export in &exports {
            out.push(self.add_stmt(Stmt::Export { name: export, value }, node));
            value = self.add(Expr::Exports, node);
            if let Some(name) = export {
                value = self.add(Expr::Attr { object: value, name }, node);
            }
        }
        if !targets.is_empty() {
            out.push(self.add_stmt(Stmt::Assign { targets, op: AssignOp::Set, value }, node));
        } else if exports.is_empty() {
            out.push(self.add_stmt(Stmt::Expr(value), node));
        }
    }
}
