//! The interpreter: evaluates functions in contexts, over shared cells, and records what library models
//! report. One interpreter works on one connected part of the project, alone on its thread.

mod activation;
mod arguments;
mod call;
mod cells;
mod class;
mod containers;
mod entry;
mod expr;
mod module;
mod object;
mod operators;
mod pattern;
mod platform;
mod stmt;
mod store;
mod text;
mod trace;

use std::collections::BTreeSet;
use std::sync::Arc;

use perm_infer_facts::{ExprId, FileFacts, FuncId, Function};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::bounds::MAX_NESTING;
use crate::library::{Args, Cx, Effect, Library, Note};
use crate::project::Linked;
use crate::value::{Atom, ClassRef, ContextId, FileId, Hole, HoleReason, Site, Value};
use activation::Activation;
use cells::CellKey;
use store::Store;
use trace::Event;

/// What the analysis of one connected part of the project found.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Operations in a stable order.
    pub calls: Vec<Call>,
    /// Activations, by [`ContextId`].
    pub contexts: Vec<ContextInfo>,
    /// Messages in a stable order.
    pub notes: Vec<Note>,
    /// How often some activation was evaluated, over all rounds.
    pub evaluations: usize,
}

/// One operation that the project performs.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is performed.
    pub effect: Effect,
    /// The call expression.
    pub site: Site,
    /// The activation it stands in.
    pub context: ContextId,
    /// On whose behalf it is performed, in the models' terms; nothing for the program itself.
    pub principal: Option<Value>,
}

/// One activation of a function.
#[derive(Clone, Debug)]
pub struct ContextInfo {
    /// The file.
    pub file: FileId,
    /// The function.
    pub func: FuncId,
    /// The call that led here first; none for entry points.
    pub caller: Option<(ContextId, Site)>,
}

/// The running analysis.
pub(crate) struct Interp<'p> {
    linked: &'p Linked<'p>,
    library: &'p dyn Library,
    store: Store,
    /// Whether no file of the part names the library, so that little depends on what is called with what.
    rough: bool,
    round: u32,
    /// Contexts being evaluated, innermost last.
    stack: Vec<ContextId>,
    /// The outermost running context whose unfinished result the current evaluation has used.
    lowest_used: usize,
    /// Contexts whose result came from an unfinished one, in order of completion.
    provisional: Vec<ContextId>,
    nesting: usize,
    evaluations: usize,
    calls: Vec<Call>,
    /// On whose behalf the question that is being answered performs operations.
    pub(crate) principal: Option<Value>,
    /// Why nothing is known of the object whose method is asked for.
    pub(crate) receiver: Option<Arc<Hole>>,
    notes: Vec<Note>,
    noted: FxHashSet<Note>,
    /// Functions that a library was given to call later, in this round.
    registered: BTreeSet<(FileId, FuncId)>,
    /// Project files that dotted library names turned out to mean.
    submodules: FxHashMap<(FileId, String), Option<FileId>>,
    /// How many contexts of each function are being evaluated.
    running: FxHashMap<(FileId, FuncId), usize>,
    /// What the stated types of shapes tell, as far as this round has asked, and what was seen for it.
    shapes: FxHashMap<ClassRef, (Value, Vec<Event>)>,
}

impl<'p> Interp<'p> {
    pub(crate) fn new(linked: &'p Linked<'p>, library: &'p dyn Library) -> Self {
        Interp {
            linked,
            library,
            store: Store::default(),
            rough: false,
            round: 0,
            stack: Vec::new(),
            lowest_used: usize::MAX,
            provisional: Vec::new(),
            nesting: 0,
            evaluations: 0,
            calls: Vec::new(),
            receiver: None,
            principal: None,
            notes: Vec::new(),
            noted: FxHashSet::default(),
            registered: BTreeSet::new(),
            submodules: FxHashMap::default(),
            running: FxHashMap::default(),
            shapes: FxHashMap::default(),
        }
    }

    pub(crate) fn dialect(&self, file: FileId) -> &'static str {
        self.facts(file).dialect
    }

    pub(crate) fn perform(&mut self, effect: Effect, site: Site) {
        if let Some(&context) = self.stack.last() {
            let call = Call { effect, site, context, principal: self.principal.clone() };
            self.store.cells.trace(Event::Perform(Box::new(call.clone())));
            self.calls.push(call);
        }
    }

    pub(crate) fn note(&mut self, note: Note) {
        self.store.cells.trace(Event::Note(Box::new(note.clone())));
        self.add_note(note);
    }

    fn add_note(&mut self, note: Note) {
        if self.noted.insert(note.clone()) {
            self.notes.push(note);
        }
    }

    /// The number of the running activation; the largest number outside of all.
    pub(crate) fn current_context(&self) -> u32 {
        self.stack.last().map_or(u32::MAX, |context| context.0)
    }

    pub(crate) fn remember(&mut self, name: &str, value: &Value) {
        self.store.cells.join(CellKey::Model(name.into()), value);
    }

    pub(crate) fn recall(&mut self, name: &str) -> Value {
        self.store.cells.read(CellKey::Model(name.into()))
    }

    pub(crate) fn recall_if_set(&mut self, name: &str) -> Value {
        self.store.cells.read_if_set(CellKey::Model(name.into()), true)
    }

    fn facts(&self, file: FileId) -> &'p FileFacts {
        self.linked.files[file.0 as usize].facts
    }

    pub(crate) fn function(&self, file: FileId, func: FuncId) -> &'p Function {
        &self.facts(file).functions[func.index()]
    }

    fn site(&self, file: FileId, expr: ExprId) -> Site {
        Site { file, span: self.facts(file).span(expr) }
    }

    /// Asks the library about something at a site.
    fn ask<T>(&mut self, site: Site, question: impl FnOnce(&dyn Library, &mut Cx<'_, 'p>) -> T) -> T {
        let library = self.library;
        question(library, &mut Cx { interp: self, site })
    }

    /// The alternatives of a receiver that can have the member `name`; all of them when none can, so
    /// that a wrong name is reported.
    fn having<'v>(&mut self, object: &'v Value, name: &str, site: Site) -> SmallVec<[&'v Atom; 2]> {
        let atoms = object.atoms();
        if atoms.len() > 1 {
            let dialect = self.dialect(site.file);
            let mut lacks = |atom: &Atom| match atom {
                Atom::Library(_) => self.library.lacks(dialect, atom, name),
                Atom::Function(closure) => {
                    let key = CellKey::FunctionProp(closure.file, closure.func, name.into());
                    !self.store.cells.is_written(&key) && self.library.lacks(dialect, atom, name)
                }
                _ => false,
            };
            let left: SmallVec<[&Atom; 2]> = atoms.iter().filter(|atom| !lacks(atom)).collect();
            if !left.is_empty() || object.is_open() {
                return left;
            }
        }
        atoms.iter().collect()
    }

    /// Evaluates an expression of the running function.
    fn eval(&mut self, act: &mut Activation, expr: ExprId) -> Value {
        if self.nesting >= MAX_NESTING {
            return self.too_deep(self.site(act.file, expr));
        }
        self.nesting += 1;
        let value = self.eval_expr(act, expr);
        self.nesting -= 1;
        value
    }

    fn too_deep(&mut self, site: Site) -> Value {
        self.store.cells.trace(Event::TooDeep);
        self.note(Note {
            site,
            code: "nested-too-deep",
            message: "calls are nested deeper here than the analysis follows; what they do is not seen"
                .into(),
            remedy: "read the code from here on and add what it needs to the policy by hand".into(),
            unresolved: true,
        });
        Value::unknown(Hole::at(HoleReason::TooMany, site))
    }

    /// Calls every function among the arguments of a call that nobody knows.
    fn call_back(&mut self, args: &Args, site: Site) {
        let mut functions: Vec<Atom> = Vec::new();
        for value in args.values() {
            collect_functions(value, &mut functions, 0);
        }
        for function in functions {
            self.call_atom(&function, &Args::unknown(), site);
        }
    }

    fn unknown_result(callee: &str, site: Site) -> Value {
        Value::unknown(Hole::at(HoleReason::Result(Arc::from(callee)), site))
    }
}

/// Functions in a value and in the containers that it holds directly (options objects).
fn collect_functions(value: &Value, found: &mut Vec<Atom>, depth: usize) {
    const DEPTH: usize = 3;
    for atom in value.atoms() {
        match atom {
            Atom::Function(_) => found.push(atom.clone()),
            Atom::List(list) if depth < DEPTH => collect_functions(&list.element(), found, depth + 1),
            Atom::Dict(dict) if depth < DEPTH => collect_functions(&dict.element(), found, depth + 1),
            _ => {}
        }
    }
}
