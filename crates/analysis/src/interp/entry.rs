//! Where evaluation starts, and how often it is repeated until shared variables are stable.
//!
//! In each round: every module's top level; then every function that nothing in the component
//! mentions; then whatever has still not been reached, outermost callers first. Functions that were
//! reached by calls are not called again with unknown arguments, except those that a platform calls by
//! their names: who calls such a function in the project only tries it out.
//!
//! With entry points named, only they and what they reach count: the named function, or whatever
//! value the module exports under the name (`handler = Mangum(app)`, a re-export, `middy(main)`), and
//! functions that reached code hands to a library to be called later (`@app.get("/orders")`).

use std::collections::BTreeSet;
use std::sync::Arc;

use perm_infer_diagnostics::Span;
use perm_infer_facts::{Binding, Expr, ExprId, FileFacts, FuncId, Function, ImportId, Name, VarId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::trace::Event;
use super::{Analysis, ContextInfo, Interp};
use crate::bounds::MAX_ROUNDS;
use crate::library::Args;
use crate::project::EntryPoint;
use crate::value::{Atom, Closure, ContextId, FileId, Site, Value};

/// Activations of the surrounding function for which an unreached inner function is evaluated.
const MAX_OUTER_CONTEXTS: usize = 8;

impl Interp<'_> {
    /// Evaluates one connected part of the project.
    pub(crate) fn analyze(mut self, files: &[FileId], entries: &[&EntryPoint]) -> Analysis {
        self.rough = !files.iter().any(|file| self.linked.files[file.0 as usize].names_library);
        let order = if entries.is_empty() { self.call_order(files) } else { Vec::new() };
        for round in 1..=MAX_ROUNDS {
            self.start_round(round);
            if entries.is_empty() {
                self.run_everything(files, &order);
            } else {
                self.run_entries(entries);
            }
            let stale = self.store.cells.is_stale();
            let settled = !stale && self.store.cells.settle_unwritten();
            if !stale && !settled {
                break;
            }
        }
        let contexts = self
            .store
            .contexts
            .iter()
            .map(|context| ContextInfo { file: context.file, func: context.func, caller: context.caller })
            .collect();
        self.notes.sort_by(|a, b| (a.site, a.code, &a.message).cmp(&(b.site, b.code, &b.message)));
        Analysis { calls: self.calls, contexts, notes: self.notes, evaluations: self.evaluations }
    }

    fn start_round(&mut self, round: usize) {
        self.round += 1;
        self.store.cells.start_round(round + 1 >= MAX_ROUNDS);
        self.store.reached.clear();
        self.store.assumed.clear();
        self.calls.clear();
        self.notes.clear();
        self.noted.clear();
        self.provisional.clear();
        self.registered.clear();
        self.shapes.clear();
    }

    fn run_everything(&mut self, files: &[FileId], order: &[(FileId, FuncId)]) {
        for &file in files {
            self.ensure_module(file);
        }
        self.enter_all(order.to_vec());
        for &file in files {
            self.enter_for_platform(file);
        }
    }

    fn run_entries(&mut self, entries: &[&EntryPoint]) {
        for entry in entries {
            let file = FileId(u32::try_from(entry.file).unwrap_or(u32::MAX));
            self.ensure_module(file);
            let order = match &entry.function {
                Some(name) => {
                    self.enter_export(file, name, entry);
                    self.functions_named(file, name)
                }
                None => self.call_order(&[file]),
            };
            self.enter_all(order);
        }
        self.enter_registered();
    }

    fn enter_all(&mut self, order: Vec<(FileId, FuncId)>) {
        for (file, func) in order {
            if !self.store.reached.contains(&(file, func)) {
                self.enter_function(file, func);
            }
        }
    }

    /// Calls what the module exports under a dotted name, if it is anything to call, and hands on its result.
    fn enter_export(&mut self, file: FileId, name: &str, entry: &EntryPoint) {
        let mut names = name.split('.');
        let mut value = self.module_attribute(file, names.next().unwrap_or_default());
        let site = Site { file, span: Span::default() };
        for name in names {
            value = self.attribute(&value, name, site);
        }
        // A call needs an activation to be recorded in, also when a library is what is called.
        let module = self.module_context(file);
        let stack = std::mem::replace(&mut self.stack, vec![module]);
        let args = Args { positional: entry.arguments.clone(), ..Args::unknown() };
        let result = self.call_value(&value, &args, site);
        if let Some(receiver) = &entry.receiver {
            let site = self.definition_of(file, name).map_or(site, |span| Site { file, span });
            let arguments = std::iter::once(result).chain(receiver.arguments.iter().cloned());
            self.call_value(
                &Atom::External(receiver.function.clone()).into(),
                &Args::of(arguments.collect()),
                site,
            );
        }
        self.stack = stack;
    }

    /// Enters functions that were handed to a library to be called later, and what these hand over.
    fn enter_registered(&mut self) {
        while let Some((file, func)) = self.registered.pop_first() {
            if !self.store.reached.contains(&(file, func)) {
                self.enter_function(file, func);
            }
        }
    }

    /// Notes a decorated function that the decorator's owner will call: `@app.get("/orders")`, where
    /// `app` is a variable and not an imported name, or any decorator in a class that has one itself
    /// (`@Controller()` and `@Get()`). Others only wrap what is called by its name.
    pub(super) fn note_registration(&mut self, file: FileId, func: FuncId, decorator: ExprId) {
        let facts = self.facts(file);
        let function = self.function(file, func);
        let in_decorated_class =
            function.class.is_some_and(|class| !facts.classes[class.index()].decorators.is_empty());
        let mut expr = decorator;
        let mut method = None;
        loop {
            match facts.expr(expr) {
                Expr::Call { callee, .. } => expr = *callee,
                Expr::Attr { object, name } => {
                    method.get_or_insert(*name);
                    expr = *object;
                }
                _ => break,
            }
        }
        let owner = match facts.expr(expr) {
            Expr::Var(var) => !self.is_imported_from_outside(file, *var),
            _ => false,
        };
        let registers = method.is_some_and(|method| owner && !self.library.wraps(facts.text(method)));
        if registers || in_decorated_class {
            self.store.cells.trace(Event::Register(file, func));
            self.registered.insert((file, func));
        }
    }

    fn is_imported_from_outside(&self, file: FileId, var: VarId) -> bool {
        let imports = self.facts(file).imports.iter().enumerate();
        imports.filter(|(_, import)| import.bindings.iter().any(|binding| binding.var == Some(var))).any(
            |(position, _)| {
                let id = ImportId(u32::try_from(position).unwrap_or(u32::MAX));
                self.linked.target(file, id).is_none()
            },
        )
    }

    /// Where a function of a file stands.
    fn definition_of(&self, file: FileId, name: &str) -> Option<Span> {
        let (_, func) = self.functions_named(file, name).into_iter().next()?;
        Some(self.function(file, func).span)
    }

    fn functions_named(&self, file: FileId, name: &str) -> Vec<(FileId, FuncId)> {
        let facts = self.facts(file);
        let matches = |function: &Function| {
            function.qualified_name == name
                || function
                    .name
                    .is_some_and(|own| facts.text(own) == name && function.parent == Some(FileFacts::MODULE))
        };
        functions(facts).filter(|(_, function)| matches(function)).map(|(id, _)| (file, id)).collect()
    }

    /// Calls a function as whoever may call it: with unknown arguments, on instances of its class.
    pub(super) fn enter_function(&mut self, file: FileId, func: FuncId) {
        let of_class = self.function(file, func).class;
        if of_class.is_some_and(|class| self.facts(file).classes[class.index()].is_shape) {
            return;
        }
        for callee in self.entry_values(file, func) {
            let span = self.function(file, func).span;
            let site = Site { file, span };
            // Entry points have no caller.
            let stack = std::mem::take(&mut self.stack);
            let args = callee
                .atoms()
                .first()
                .and_then(|function| self.ask(site, |library, cx| library.entered(cx, function)));
            self.call_value(&callee, &args.unwrap_or_else(Args::unknown), site);
            self.stack = stack;
        }
    }

    /// The function as a value, once for each activation around it.
    fn entry_values(&mut self, file: FileId, func: FuncId) -> Vec<Value> {
        let function = self.function(file, func);
        let parents = self.outer_contexts(file, function.parent.unwrap_or(FileFacts::MODULE));
        let mut values = Vec::new();
        for parent in parents {
            let mut closure = Closure { file, func, parent, receiver: None, class: None };
            let mut receivers = vec![None];
            if let Some(class) = function.class {
                let class = self.store.class(file, class, parent, Value::bottom());
                closure.class = Some(class);
                receivers = match function.binding {
                    Binding::Static => receivers,
                    Binding::Class => vec![Some(Atom::Class(class).into())],
                    Binding::Instance | Binding::Property => {
                        self.groups_of_instances(class).into_iter().map(Some).collect()
                    }
                };
            } else if function.receiver == perm_infer_facts::Receiver::Lexical {
                receivers = vec![self.store.context(parent).receiver.clone()];
                closure.class = self.store.context(parent).class;
            }
            for receiver in receivers {
                let closure = Closure { receiver, ..closure.clone() };
                values.push(Atom::Function(Arc::new(closure)).into());
            }
        }
        values
    }

    /// The activations of a function in this round, or one made for the purpose.
    fn outer_contexts(&mut self, file: FileId, func: FuncId) -> Vec<ContextId> {
        if func == FileFacts::MODULE {
            return vec![self.module_context(file)];
        }
        let round = self.round;
        let evaluated = |this: &Self| -> Vec<ContextId> {
            let here = this.store.contexts.iter().enumerate().filter(|(_, context)| {
                context.file == file && context.func == func && context.round == round
            });
            here.map(|(index, _)| ContextId(super::store::count(index))).take(MAX_OUTER_CONTEXTS).collect()
        };
        let contexts = evaluated(self);
        if !contexts.is_empty() {
            return contexts;
        }
        self.enter_function(file, func);
        evaluated(self)
    }

    /// All functions of the files, callers before what they mention.
    fn call_order(&self, files: &[FileId]) -> Vec<(FileId, FuncId)> {
        let mut order = CallOrder::default();
        for &file in files {
            order.add_file(file, self.facts(file));
        }
        order.sorted()
    }
}

pub(super) fn functions(facts: &FileFacts) -> impl Iterator<Item = (FuncId, &Function)> {
    let ids = (0u32..).map(FuncId);
    ids.zip(&facts.functions).skip(1)
}

/// Sorts functions so that callers come before what they call, going by names: exact enough to find
/// where evaluation should start, and linear in the size of the source.
#[derive(Default)]
struct CallOrder<'f> {
    functions: Vec<Pending<'f>>,
    by_name: FxHashMap<&'f str, Vec<usize>>,
    /// How many functions mention each name and have not been placed yet.
    mentioned: FxHashMap<&'f str, usize>,
    /// Names of classes that others extend.
    extended: FxHashSet<&'f str>,
}

struct Pending<'f> {
    key: (FileId, FuncId),
    name: Option<&'f str>,
    /// The class whose member it is.
    class: Option<&'f str>,
    mentions: FxHashSet<&'f str>,
    parent: Option<usize>,
    children: Vec<usize>,
    /// Functions around it. Outer functions go first: they may be what calls the inner ones.
    depth: usize,
}

/// Where a function stands among those that nothing else puts into order: functions of no class first,
/// because they may make instances; methods of classes that others extend last, because those may
/// make better ones.
fn rank(function: &Pending<'_>, extended: &FxHashSet<&str>) -> usize {
    match function.class {
        None => 0,
        Some(class) => 1 + usize::from(extended.contains(class)),
    }
}

impl<'f> CallOrder<'f> {
    fn add_file(&mut self, file: FileId, facts: &'f FileFacts) {
        let first = self.functions.len();
        for &base in facts.classes.iter().flat_map(|class| &class.bases) {
            self.extended.extend(name_of(facts, base).map(|name| facts.text(name)));
        }
        for (id, function) in functions(facts) {
            let position = self.functions.len();
            let name = function.name.map(|name| facts.text(name));
            let class = function.class.map(|class| &facts.classes[class.index()]);
            let is_constructor = class.is_some_and(|class| class.constructor == Some(id));
            let class = class.and_then(|class| class.name).map(|name| facts.text(name));
            // Who names a class may make its instances.
            let name = if is_constructor { class } else { name };
            let parent = function.parent.filter(|&parent| parent != FileFacts::MODULE);
            let parent = parent.map(|parent| first + parent.index() - 1);
            for name in name.into_iter().chain(class) {
                self.by_name.entry(name).or_default().push(position);
            }
            let mentions = FxHashSet::default();
            let depth = parent.map_or(0, |parent| self.functions[parent].depth + 1);
            self.functions.push(Pending {
                key: (file, id),
                name,
                class,
                mentions,
                parent,
                children: Vec::new(),
                depth,
            });
        }
        for position in first..self.functions.len() {
            if let Some(parent) = self.functions[position].parent {
                self.functions[parent].children.push(position);
            }
        }
        for (func, name) in mentions(facts) {
            let position = first + func.index() - 1;
            let function = &mut self.functions[position];
            if function.name != Some(name) && function.class != Some(name) && function.mentions.insert(name) {
                *self.mentioned.entry(name).or_default() += 1;
            }
        }
    }

    fn sorted(mut self) -> Vec<(FileId, FuncId)> {
        let mut placed = vec![false; self.functions.len()];
        let place =
            |(id, function): (usize, &Pending<'f>)| (function.depth, rank(function, &self.extended), id);
        let ranked: Vec<(usize, usize, usize)> = self.functions.iter().enumerate().map(place).collect();
        let mut remaining: BTreeSet<(usize, usize, usize)> = ranked.iter().copied().collect();
        let mut ready: BTreeSet<(usize, usize, usize)> =
            ranked.iter().copied().filter(|&(_, _, id)| self.is_ready(id, &placed)).collect();
        let mut order = Vec::with_capacity(self.functions.len());
        // Where nothing is ready there is a cycle: its first function in the source goes first.
        while let Some(next) = ready.pop_first().or_else(|| remaining.first().copied()) {
            remaining.remove(&next);
            ready.remove(&next);
            let (_, _, next) = next;
            placed[next] = true;
            order.push(self.functions[next].key);
            let mentions = std::mem::take(&mut self.functions[next].mentions);
            let mut candidates = std::mem::take(&mut self.functions[next].children);
            for name in mentions {
                let Some(count) = self.mentioned.get_mut(name) else { continue };
                *count -= 1;
                if *count == 0 {
                    candidates.extend(self.by_name.get(name).into_iter().flatten());
                }
            }
            candidates.retain(|&id| !placed[id] && self.is_ready(id, &placed));
            ready.extend(candidates.into_iter().map(|id| ranked[id]));
        }
        order
    }

    fn is_ready(&self, id: usize, placed: &[bool]) -> bool {
        let function = &self.functions[id];
        let names = [function.name, function.class];
        let mentioned =
            names.iter().flatten().any(|name| self.mentioned.get(name).is_some_and(|&count| count > 0));
        !mentioned && function.parent.is_none_or(|parent| placed[parent])
    }
}

/// The name by which an expression mentions something.
fn name_in(facts: &FileFacts, expr: &Expr) -> Option<Name> {
    match expr {
        Expr::Var(var) => Some(facts.vars[var.index()].name),
        Expr::Attr { name, .. } | Expr::Global(name) => Some(*name),
        _ => None,
    }
}

fn name_of(facts: &FileFacts, expr: ExprId) -> Option<Name> {
    name_in(facts, facts.expr(expr))
}

/// Names that functions mention: the innermost function around each mention, and the name. Mentions
/// at the top level of the module are left out: it runs first anyway.
fn mentions(facts: &FileFacts) -> Vec<(FuncId, &str)> {
    let mut spans: Vec<(u32, u32, FuncId)> =
        functions(facts).map(|(id, function)| (function.span.start, function.span.end, id)).collect();
    spans.sort_by_key(|&(start, end, id)| (start, std::cmp::Reverse(end), id));
    let mut uses: Vec<(u32, &str)> = Vec::new();
    for (expr, span) in facts.exprs.iter().zip(&facts.spans) {
        let Some(name) = name_in(facts, expr) else { continue };
        uses.push((span.end, facts.text(name)));
    }
    uses.sort_unstable();
    let mut open: Vec<(u32, FuncId)> = Vec::new();
    let mut next = spans.into_iter().peekable();
    let mut result = Vec::new();
    for (place, name) in uses {
        while let Some((_, end, id)) = next.next_if(|&(start, _, _)| start < place) {
            open.push((end, id));
        }
        while open.last().is_some_and(|&(end, _)| end < place) {
            open.pop();
        }
        result.extend(open.last().map(|&(_, id)| (id, name)));
    }
    result
}
