//! Entry points by their names: what a platform calls, also when code of the project, such as a script that
//! tries it out, calls it with arguments of its own.

use perm_infer_diagnostics::Span;
use perm_infer_facts::{FileFacts, FuncId, Function, Param, ParamKind};

use super::Interp;
use super::entry::functions;
use crate::library::Args;
use crate::value::{Atom, FileId, Site};

impl Interp<'_> {
    /// Whether a platform calls a function with these parameters by a name.
    fn is_platform_function(&self, file: FileId, function: &Function, name: &str) -> bool {
        let facts = self.facts(file);
        let own_name = |param: &Param| match param.kind {
            ParamKind::Normal => param.name.map(|name| facts.text(name)),
            _ => None,
        };
        let params: Vec<Option<&str>> = function.params.iter().map(own_name).collect();
        self.library.is_entry(name, &params)
    }

    /// Calls what a platform calls in a module.
    pub(super) fn enter_for_platform(&mut self, file: FileId) {
        for func in self.platform_functions(file) {
            self.enter_function(file, func);
        }
        self.enter_platform_exports(file);
    }

    /// Calls what the module exports under the names that a platform expects.
    fn enter_platform_exports(&mut self, file: FileId) {
        for name in self.library.entry_names() {
            let assigned = self.whole_export_if_assigned(file);
            let in_whole = assigned.is_some_and(|whole| {
                whole.atoms().iter().any(|atom| matches!(atom, Atom::Dict(dict) if dict.get(name).is_some()))
            });
            if !in_whole && !self.exports(file, name) {
                continue;
            }
            let value = self.module_attribute(file, name);
            let called = value.without(|atom| match atom {
                Atom::Function(closure) => {
                    let function = self.function(closure.file, closure.func);
                    !self.is_platform_function(closure.file, function, name)
                }
                Atom::Library(_) | Atom::Instance(_) => false,
                _ => true,
            });
            let module = self.module_context(file);
            let stack = std::mem::replace(&mut self.stack, vec![module]);
            self.call_value(&called.closed(), &Args::unknown(), Site { file, span: Span::default() });
            self.stack = stack;
        }
    }

    /// Functions of the module's top level that a platform calls by their names.
    fn platform_functions(&self, file: FileId) -> Vec<FuncId> {
        let facts = self.facts(file);
        let is_called = |function: &Function| {
            function.parent == Some(FileFacts::MODULE)
                && function.class.is_none()
                && function
                    .name
                    .is_some_and(|name| self.is_platform_function(file, function, facts.text(name)))
        };
        functions(facts).filter(|(_, function)| is_called(function)).map(|(id, _)| id).collect()
    }
}
