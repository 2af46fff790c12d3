//! Calls that mean something of their own if their name is Python's: `super()`, `typing.cast`,
//! `importlib.import_module`, `__import__`. Whether it is, is known only once all names are resolved,
//! so they are noted while lowering and rewritten at the end.

use perm_infer_facts::{Arg, ArgKind, Expr, ExprId, FileFacts, Import, ImportId, Imported, Name, VarId};
use rustc_hash::FxHashMap;

use crate::lower::Lowerer;

/// A call to rewrite if its callee is what it looks like.
#[derive(Debug)]
pub(crate) struct Idiom {
    call: ExprId,
    callee: ExprId,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Super,
    /// With the first argument lowered as a type.
    Cast(ExprId),
    ImportModule,
    /// `__import__`
    ImportRoot,
}

impl Lowerer<'_, '_> {
    /// Notes the call if its callee has one of the names; `cast_type` is its first argument as a type.
    pub(crate) fn note_idiom(&mut self, call: ExprId, callee: ExprId, cast_type: Option<ExprId>) {
        let builder = &self.state.builder;
        let (name, is_bare) = match *builder.get(callee) {
            Expr::Global(name) => (name, true),
            Expr::Attr { name, .. } => (name, false),
            _ => return,
        };
        let form = match (builder.text(name), cast_type) {
            ("super", _) if is_bare => Form::Super,
            ("__import__", _) if is_bare => Form::ImportRoot,
            ("import_module", _) => Form::ImportModule,
            (_, Some(ty)) => Form::Cast(ty),
            _ => return,
        };
        self.state.idioms.push(Idiom { call, callee, form });
    }
}

/// Rewrites the noted calls whose callee turned out to be Python's own.
pub(crate) fn apply(facts: &mut FileFacts, idioms: Vec<Idiom>) {
    if idioms.is_empty() {
        return;
    }
    let origins = origins(facts);
    for idiom in idioms {
        let is_builtin = matches!(facts.expr(idiom.callee), Expr::Global(_));
        let comes_from =
            |modules: &[&str], name: &str| origin_is(facts, &origins, idiom.callee, modules, name);
        let rewritten = match idiom.form {
            Form::Super if is_builtin => Some(Expr::Super),
            Form::Cast(ty) if comes_from(&["typing", "typing_extensions"], "cast") => cast(facts, &idiom, ty),
            Form::ImportModule if comes_from(&["importlib"], "import_module") => imported(facts, &idiom),
            Form::ImportRoot if is_builtin => imported(facts, &idiom),
            _ => None,
        };
        if let Some(expr) = rewritten {
            facts.exprs[idiom.call.index()] = expr;
        }
    }
}

/// Where each imported variable comes from.
fn origins(facts: &FileFacts) -> FxHashMap<VarId, (Name, Imported)> {
    let mut origins = FxHashMap::default();
    for import in &facts.imports {
        for binding in &import.bindings {
            if let Some(var) = binding.var {
                origins.insert(var, (import.specifier, binding.imported.clone()));
            }
        }
    }
    origins
}

/// Whether an expression names `name` of one of the modules.
fn origin_is(
    facts: &FileFacts,
    origins: &FxHashMap<VarId, (Name, Imported)>,
    callee: ExprId,
    modules: &[&str],
    name: &str,
) -> bool {
    let origin = |var: &VarId| {
        origins.get(var).filter(|(module, _)| modules.contains(&facts.text(*module))).map(|(_, what)| what)
    };
    match facts.expr(callee) {
        Expr::Var(var) => {
            matches!(origin(var), Some(Imported::Name(imported)) if facts.text(*imported) == name)
        }
        Expr::Attr { object, name: attribute } => match facts.expr(*object) {
            Expr::Var(var) => facts.text(*attribute) == name && matches!(origin(var), Some(Imported::Module)),
            _ => false,
        },
        _ => false,
    }
}

fn cast(facts: &FileFacts, idiom: &Idiom, ty: ExprId) -> Option<Expr> {
    match facts.expr(idiom.call) {
        Expr::Call { args, .. } => Some(Expr::Typed { value: args.get(1)?.value, ty }),
        _ => None,
    }
}

/// The module that a call with a constant name imports.
fn imported(facts: &mut FileFacts, idiom: &Idiom) -> Option<Expr> {
    let Expr::Call { args, .. } = facts.expr(idiom.call) else { return None };
    let &[Arg { kind: ArgKind::Positional, value }, ..] = &args[..] else { return None };
    let Expr::Str(specifier) = *facts.expr(value) else { return None };
    let specifier = match facts.text(specifier).split_once('.') {
        // `__import__("a.b")` gives `a`.
        Some((root, _)) if idiom.form == Form::ImportRoot => {
            let root = root.to_owned();
            facts.names.intern(&root)
        }
        _ => specifier,
    };
    let id = ImportId(u32::try_from(facts.imports.len()).ok()?);
    let span = facts.span(idiom.call);
    facts.imports.push(Import { specifier, bindings: Vec::new(), type_only: false, span });
    Some(Expr::Module(id))
}
