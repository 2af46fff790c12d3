//! Modules: running them once, and what importers get from them.

use std::sync::Arc;

use perm_infer_facts::{Export, FileFacts, Import, ImportId, Imported, VarId};

use super::Interp;
use super::activation::Activation;
use super::cells::CellKey;
use super::store::ContextKey;
use super::trace::Event;
use crate::value::{Atom, ContextId, External, FileId, Value};

/// How many modules a re-exported name is followed through; cycles end here.
const MAX_REEXPORTS: usize = 32;

impl Interp<'_> {
    /// The activation of a module's top level.
    pub(super) fn module_context(&mut self, file: FileId) -> ContextId {
        let key = ContextKey {
            file,
            func: FileFacts::MODULE,
            parent: None,
            receiver: None,
            handed: None,
            params: Some(Vec::new()),
        };
        match self.store.find_context(&key) {
            Some(context) => context,
            None => self.store.add_context(key, None),
        }
    }

    /// Runs a module's top level, unless it has run or is running in this round.
    pub(super) fn ensure_module(&mut self, file: FileId) {
        self.store.cells.trace(Event::Module(file));
        self.run_module(file);
    }

    pub(super) fn run_module(&mut self, file: FileId) {
        let context = self.module_context(file);
        // A module that is imported while it runs is seen as far as it got: no recursion to settle,
        // because everything that modules share is in cells.
        if self.store.context(context).round == self.round {
            return;
        }
        self.evaluate(context, None);
    }

    /// Executes an import statement.
    pub(super) fn exec_import(&mut self, act: &mut Activation, id: ImportId) {
        let facts = self.facts(act.file);
        let import = &facts.imports[id.index()];
        for binding in &import.bindings {
            match (&binding.imported, binding.var) {
                // Names that a star import brings are looked up when they are used.
                (Imported::Star, _) => {
                    self.module_of_import(act.file, id);
                }
                (imported, Some(var)) => {
                    let value = self.imported(act.file, id, imported);
                    self.assign_var(act, var, value);
                }
                (_, None) => {}
            }
        }
        if import.bindings.is_empty() {
            self.module_of_import(act.file, id);
        }
    }

    /// The module that an import names.
    pub(super) fn module_of_import(&mut self, file: FileId, id: ImportId) -> Value {
        match self.linked.target(file, id) {
            Some(target) => {
                self.ensure_module(target);
                Atom::Module(target).into()
            }
            None => {
                let specifier = self.specifier(file, id);
                Atom::External(External::new(specifier, "")).into()
            }
        }
    }

    fn specifier(&self, file: FileId, id: ImportId) -> &str {
        let facts = self.facts(file);
        let Import { specifier, .. } = facts.imports[id.index()];
        facts.text(specifier)
    }

    fn imported(&mut self, file: FileId, id: ImportId, imported: &Imported) -> Value {
        let facts = self.facts(file);
        match imported {
            Imported::Module | Imported::Star => self.module_of_import(file, id),
            Imported::Root => {
                self.module_of_import(file, id);
                let specifier = facts.text(facts.imports[id.index()].specifier);
                let root = specifier.split('.').next().unwrap_or(specifier);
                match self.linked.resolve(file, root) {
                    Some(target) => {
                        self.ensure_module(target);
                        Atom::Module(target).into()
                    }
                    None => Atom::External(External::new(root, "")).into(),
                }
            }
            Imported::Name(name) => {
                let name = facts.text(*name);
                if let Some(target) = self.linked.target(file, id) {
                    self.ensure_module(target);
                    if self.exports_name(target, name, 0) {
                        return self.module_export(target, name, 0);
                    }
                    let specifier = facts.text(facts.imports[id.index()].specifier);
                    return match self.submodule(file, specifier, name) {
                        Some(module) => {
                            self.ensure_module(module);
                            Atom::Module(module).into()
                        }
                        None => self.module_attribute(target, name),
                    };
                }
                let site = crate::value::Site { file, span: facts.imports[id.index()].span };
                let external = External::new(self.specifier(file, id), "");
                self.attribute_of_external(&external, name, site)
            }
        }
    }

    /// A name that the file does not bind itself and that a star import may bring.
    pub(super) fn star_imported(&mut self, file: FileId, name: &str) -> Option<Value> {
        let target = self.star_source(file, name, 0)?;
        self.ensure_module(target);
        Some(self.module_export(target, name, 0))
    }

    /// The module from which a star import of this file brings a name. A later import wins.
    fn star_source(&mut self, file: FileId, name: &str, depth: usize) -> Option<FileId> {
        if depth >= MAX_REEXPORTS {
            return None;
        }
        let linked = self.linked;
        let sources = linked.star_imports(file).iter().rev().copied();
        sources.into_iter().find(|&source| self.exports_name(source, name, depth + 1))
    }

    /// `module.name` where the module is a value.
    pub(super) fn module_attribute(&mut self, file: FileId, name: &str) -> Value {
        if self.exports_name(file, name, 0) {
            return self.module_export(file, name, 0);
        }
        if let Some(module) = self.submodule(file, ".", name) {
            self.ensure_module(module);
            return Atom::Module(module).into();
        }
        let whole = CellKey::Export(file, "".into());
        if self.store.cells.is_written(&whole) {
            let exported = self.store.cells.read(whole);
            if name == "default" {
                return exported;
            }
            let site = crate::value::Site { file, span: perm_infer_diagnostics::Span::default() };
            let mut value = self.attribute(&exported, name, site);
            let named = CellKey::Export(file, name.into());
            if self.store.cells.is_written(&named) {
                value.join(&self.store.cells.read(named));
            }
            return value;
        }
        let facts = self.facts(file);
        if name == "default" && !facts.exports_all {
            // A CommonJS module as the default of an ES import.
            return Atom::Module(file).into();
        }
        self.store.cells.read(CellKey::Export(file, name.into()))
    }

    /// Everything a module exports as one value: `module.exports` when it was assigned as a whole.
    pub(super) fn whole_export(&mut self, file: FileId) -> Value {
        let whole = CellKey::Export(file, "".into());
        if self.store.cells.is_written(&whole) {
            return self.store.cells.read(whole);
        }
        let default = CellKey::Export(file, "default".into());
        if self.store.cells.is_written(&default) { self.store.cells.read(default) } else { Value::bottom() }
    }

    /// `module.exports` when it was assigned as a whole.
    pub(super) fn whole_export_if_assigned(&mut self, file: FileId) -> Option<Value> {
        let whole = CellKey::Export(file, "".into());
        let named = self.exports_anything_by_name(file);
        (!named && self.store.cells.is_written(&whole)).then(|| self.store.cells.read(whole))
    }

    /// Whether a module exports names besides what it exports as a whole.
    fn exports_anything_by_name(&self, file: FileId) -> bool {
        let facts = self.facts(file);
        facts.stmts.iter().any(|stmt| matches!(stmt, perm_infer_facts::Stmt::Export { name: Some(_), .. }))
    }

    /// Whether a module exports a name.
    pub(super) fn exports(&mut self, file: FileId, name: &str) -> bool {
        self.exports_name(file, name, 0)
    }

    fn exports_name(&mut self, file: FileId, name: &str, depth: usize) -> bool {
        let facts = self.facts(file);
        if self.store.cells.is_written(&CellKey::Export(file, name.into())) {
            return true;
        }
        if facts.exports_all && self.linked.module_var(file, name).is_some() {
            return true;
        }
        if facts.exports_all && self.star_source(file, name, depth).is_some() {
            return true;
        }
        depth < MAX_REEXPORTS
            && self.linked.exports(file, name).into_iter().any(|export| match export {
                Export::Var { .. } | Export::From { .. } => true,
                Export::Star(import) => match self.linked.target(file, *import) {
                    Some(target) => name != "default" && self.exports_name(target, name, depth + 1),
                    None => false,
                },
            })
    }

    fn module_export(&mut self, file: FileId, name: &str, depth: usize) -> Value {
        let facts = self.facts(file);
        let mut result = Value::bottom();
        let cell = CellKey::Export(file, name.into());
        if self.store.cells.is_written(&cell) {
            result = self.store.cells.read(cell);
        }
        if facts.exports_all
            && let Some(var) = self.linked.module_var(file, name)
        {
            let value = self.read_module_var(file, var);
            result.join(&value);
        }
        if depth >= MAX_REEXPORTS {
            return result;
        }
        if facts.exports_all
            && let Some(source) = self.star_source(file, name, depth)
        {
            self.ensure_module(source);
            let value = self.module_export(source, name, depth + 1);
            result.join(&value);
        }
        for export in self.linked.exports(file, name) {
            let value = match export {
                Export::Var { var, .. } => self.read_module_var(file, *var),
                Export::From { import, imported, .. } => self.imported(file, *import, imported),
                Export::Star(import) => match self.linked.target(file, *import) {
                    Some(target) if name != "default" && self.exports_name(target, name, depth + 1) => {
                        self.ensure_module(target);
                        self.module_export(target, name, depth + 1)
                    }
                    _ => continue,
                },
            };
            result.join(&value);
        }
        result
    }

    fn read_module_var(&mut self, file: FileId, var: VarId) -> Value {
        let context = self.module_context(file);
        self.store.cells.read(CellKey::Var(context, var))
    }

    /// The object that a module exports, as seen by the module itself.
    pub(super) fn own_exports(&mut self, file: FileId) -> Value {
        let whole = CellKey::Export(file, Arc::from(""));
        if self.store.cells.is_written(&whole) {
            self.store.cells.read(whole)
        } else {
            Atom::Module(file).into()
        }
    }

    /// The project file that is module `name` inside module `specifier`.
    pub(super) fn submodule(&mut self, importer: FileId, specifier: &str, name: &str) -> Option<FileId> {
        let dotted = self.linked.files[importer.0 as usize].grammar.submodule(specifier, name)?;
        if let Some(&known) = self.submodules.get(&(importer, dotted.clone())) {
            return known;
        }
        let dialect = self.dialect(importer);
        let owned = self.library.owns_module(dialect, specifier);
        let found = if owned { None } else { self.linked.resolve(importer, &dotted) };
        self.submodules.insert((importer, dotted), found);
        found
    }
}
