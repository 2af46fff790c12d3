//! Import statements.

use perm_infer_facts::{Block, Import, ImportBinding, Imported, Name, Stmt};
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::Lowerer;

impl<'t> Lowerer<'t, '_> {
    /// `import a.b, c as d`: one import each.
    pub(crate) fn import_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        for child in self.children_in(node, fields.name) {
            let is_aliased = self.kind(child) == Kind::AliasedImport;
            let dotted = if is_aliased { self.field(child, fields.name) } else { Some(child) };
            let Some(specifier) = dotted.map(|dotted| self.dotted(dotted)) else { continue };
            let (imported, bound) = match specifier.split_once('.') {
                _ if is_aliased => (Imported::Module, self.name_of(self.field(child, fields.alias))),
                Some((root, _)) => (Imported::Root, Some(self.intern(root))),
                None => (Imported::Module, Some(self.intern(&specifier))),
            };
            let binding = bound.map(|name| self.binding(imported, name));
            self.add_import(&specifier, binding.into_iter().collect(), child, out);
        }
    }

    /// `from a.b import c, d as e` and `from . import *`: one import.
    pub(crate) fn import_from_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        let Some(module) = self.field(node, fields.module_name) else { return };
        let specifier = self.module_name(module);
        let mut bindings = Vec::new();
        for child in self.children_in(node, fields.name) {
            let is_aliased = self.kind(child) == Kind::AliasedImport;
            let (imported, bound) = if is_aliased {
                (self.field(child, fields.name), self.field(child, fields.alias))
            } else {
                (Some(child), Some(child))
            };
            if let (Some(imported), Some(bound)) = (self.name_of(imported), self.name_of(bound)) {
                bindings.push(self.binding(Imported::Name(imported), bound));
            }
        }
        if self.children(node).iter().any(|&child| self.kind(child) == Kind::WildcardImport) {
            bindings.push(ImportBinding { imported: Imported::Star, var: None });
        }
        self.add_import(&specifier, bindings, node, out);
    }

    fn binding(&mut self, imported: Imported, name: Name) -> ImportBinding {
        ImportBinding { imported, var: Some(self.state.builder.declare(name)) }
    }

    fn add_import(&mut self, specifier: &str, bindings: Vec<ImportBinding>, node: Node<'t>, out: &mut Block) {
        if specifier.is_empty() {
            return;
        }
        let specifier = self.intern(specifier);
        let import = Import { specifier, bindings, type_only: self.state.type_only, span: self.span(node) };
        let id = self.state.builder.import(import);
        self.push(Stmt::Import(id), node, out);
    }

    fn module_name(&mut self, node: Node<'t>) -> String {
        let mut specifier = String::new();
        if self.kind(node) != Kind::RelativeImport {
            return self.dotted(node);
        }
        for child in self.children(node) {
            match self.kind(child) {
                Kind::ImportPrefix => specifier.extend(self.text(child).chars().filter(|&c| c == '.')),
                _ => specifier.push_str(&self.dotted(child)),
            }
        }
        specifier
    }

    /// `a.b.c`, without the white space and comments that may stand inside.
    fn dotted(&mut self, node: Node<'t>) -> String {
        let names: Vec<&str> = self.children(node).into_iter().map(|name| self.text(name)).collect();
        names.join(".")
    }
}
