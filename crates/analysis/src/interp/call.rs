//! Calls: binding arguments, finding or making the context, evaluating it once.

use std::sync::Arc;

use perm_infer_facts::{ParamKind, Pattern, Receiver};

use super::Interp;
use super::activation::Activation;
use super::store::{CallResult, Context, ContextKey, Progress};
use crate::bounds::{
    MAX_CONTEXTS_PER_CLOSURE, MAX_CONTEXTS_PER_FILE, MAX_CONTEXTS_PER_FILE_FUNCTION,
    MAX_CONTEXTS_PER_FUNCTION, MAX_CONTEXTS_PER_HANDED, MAX_NESTING, MAX_RECURSION_TURNS,
    MAX_RUNNING_CONTEXTS,
};
use crate::library::{Args, Outcome, Protocol};
use crate::value::{
    Atom, Closure, ContextId, Dict, Entry, FileId, Hole, HoleReason, List, Site, Text, Value,
};

impl Interp<'_> {
    /// Calls every alternative of the callee.
    pub(crate) fn call_value(&mut self, callee: &Value, args: &Args, site: Site) -> Value {
        self.call_all(callee, args, site).value
    }

    pub(super) fn call_all(&mut self, callee: &Value, args: &Args, site: Site) -> CallResult {
        let mut result = CallResult::default();
        for atom in callee.atoms() {
            let one = self.call_atom(atom, args, site);
            result.value.join(&one.value);
            merge_changed(&mut result.changed, one.changed);
        }
        if let Some(hole) = callee.hole() {
            self.call_back(args, site);
            result.value.join(&Value::unknown((**hole).clone()));
        }
        result
    }

    pub(super) fn call_atom(&mut self, callee: &Atom, args: &Args, site: Site) -> CallResult {
        match callee {
            Atom::Function(closure) => self.call_closure(closure, args, site),
            Atom::Class(class) => self.instantiate(*class, args, site).into(),
            Atom::Instance(_) => match self.special_method(callee, Protocol::Call, site) {
                Some(method) => self.call_all(&method, args, site),
                None => self.unknown_call("an object", args, site).into(),
            },
            Atom::Method(object, name) => self.call_method_of_atom(object, name, args, site).result.into(),
            Atom::Module(file) => {
                let exported = self.whole_export(*file);
                self.call_value(&exported, args, site).into()
            }
            Atom::External(external) => {
                let answer = self.ask(site, |library, cx| library.call(cx, callee, args));
                answer.unwrap_or_else(|| self.unknown_call(&external.dotted(), args, site)).into()
            }
            Atom::Library(value) => {
                let answer = self.ask(site, |library, cx| library.call(cx, callee, args));
                answer.unwrap_or_else(|| self.unknown_call(&value.name, args, site)).into()
            }
            Atom::Null | Atom::Bool(_) | Atom::Int(_) | Atom::Text(_) | Atom::List(_) | Atom::Dict(_) => {
                self.call_back(args, site);
                Value::bottom().into()
            }
        }
    }

    /// A call of something that the analysis cannot follow.
    fn unknown_call(&mut self, name: &str, args: &Args, site: Site) -> Value {
        self.call_back(args, site);
        Self::unknown_result(name, site)
    }

    /// Calls a method of every alternative of an object.
    pub(crate) fn call_method_of_value(
        &mut self,
        object: &Value,
        name: &str,
        args: &Args,
        site: Site,
    ) -> Value {
        self.call_method(object, name, args, site).result
    }

    /// Calls a method and gives what the object is afterwards, where that changes.
    pub(super) fn call_method(
        &mut self,
        object: &Value,
        name: &str,
        args: &Args,
        site: Site,
    ) -> MethodResult {
        let mut result = MethodResult::default();
        let mut changed = false;
        let mut after = Value::bottom();
        let only_null = !object.is_bottom() && !object.is_open() && object.atoms() == [Atom::Null];
        for atom in self.having(object, name, site) {
            let outcome = self.call_method_of_atom(atom, name, args, site);
            result.result.join(&outcome.result);
            merge_changed(&mut result.changed, outcome.changed);
            match outcome.object {
                Some(value) => {
                    changed = true;
                    after.join(&value);
                }
                None => {
                    after.join(&atom.clone().into());
                }
            }
        }
        if object.is_open() || only_null {
            let outer = std::mem::replace(&mut self.receiver, object.hole().cloned());
            let answer = self.ask(site, |library, cx| library.unknown_method(cx, name, args));
            self.receiver = outer;
            let value = answer.unwrap_or_else(|| {
                self.call_back(args, site);
                match object.hole() {
                    Some(hole) => Value::unknown((**hole).clone()),
                    None => Value::bottom(),
                }
            });
            result.result.join(&value);
        }
        if let Some(hole) = object.hole() {
            after.join(&Value::unknown((**hole).clone()));
        }
        result.object = changed.then_some(after);
        result
    }

    fn call_method_of_atom(&mut self, object: &Atom, name: &str, args: &Args, site: Site) -> MethodResult {
        match object {
            Atom::Module(file) if !self.exports(*file, name) => {
                let answer = self.ask(site, |library, cx| library.method(cx, object, name, args));
                match answer {
                    Some(Outcome { result, object }) => MethodResult { result, object, changed: Vec::new() },
                    None => {
                        let method = self.attribute_of_atom(object, name, site);
                        self.call_all(&method, args, site).into()
                    }
                }
            }
            Atom::Instance(_) | Atom::Class(_) | Atom::Module(_) => {
                let method = self.attribute_of_atom(object, name, site);
                self.call_all(&method, args, site).into()
            }
            Atom::Dict(dict) if dict.get(name).is_some_and(|entry| is_callable(&entry.value)) => {
                let method = dict.look_up(&Text::literal(name, None));
                // Only where a function finds its receiver outside of its parameters it is the dictionary.
                let takes_it = |atom: &Atom| match atom {
                    Atom::Function(closure) => {
                        self.function(closure.file, closure.func).receiver == Receiver::This
                    }
                    _ => false,
                };
                let bound = method.map(
                    |atom| if takes_it(atom) { bind(atom, object) } else { atom.clone().into() },
                    |hole| Value::unknown((**hole).clone()),
                );
                self.call_all(&bound, args, site).into()
            }
            Atom::External(external) => {
                let method = self.attribute_of_external(external, name, site);
                self.call_all(&method, args, site).into()
            }
            Atom::Function(closure) if self.function_property(closure, name).is_some() => {
                let property = self.function_property(closure, name).unwrap_or_default();
                self.call_all(&property, args, site).into()
            }
            _ => {
                let answer = self.ask(site, |library, cx| library.method(cx, object, name, args));
                match answer {
                    Some(Outcome { result, object }) => MethodResult { result, object, changed: Vec::new() },
                    None if matches!(object, Atom::Null | Atom::Bool(_) | Atom::Int(_)) => {
                        MethodResult::default()
                    }
                    None => self.unknown_call(name, args, site).into(),
                }
            }
        }
    }

    /// Calls a function of the project.
    pub(super) fn call_closure(&mut self, closure: &Arc<Closure>, args: &Args, site: Site) -> CallResult {
        let params = self.bind_args(closure, args, site);
        let receiver = match self.function(closure.file, closure.func).receiver {
            Receiver::FirstParam => None,
            Receiver::This | Receiver::Lexical => closure.receiver.clone(),
        };
        let key = ContextKey {
            file: closure.file,
            func: closure.func,
            parent: Some(closure.parent),
            receiver,
            handed: params.iter().find_map(|value| self.store.handed(value)),
            params: Some(params),
        };
        let context = self.context_for(key, closure);
        let mut result = self.evaluate(context, Some(site));
        self.trace_call(context, site, &result);
        // From here on positions count arguments as written, without the receiver.
        let receivers =
            usize::from(self.function(closure.file, closure.func).receiver == Receiver::FirstParam)
                * usize::from(closure.receiver.is_some());
        result.changed.retain_mut(|(position, _)| match position.checked_sub(receivers) {
            Some(argument) => {
                *position = argument;
                true
            }
            None => false,
        });
        result
    }

    /// The context for a call; past the bound all further arguments share one, which then grows.
    fn context_for(&mut self, mut key: ContextKey, closure: &Closure) -> ContextId {
        if let Some(context) = self.store.find_context(&key) {
            return context;
        }
        // A recursion whose arguments differ each time would take a context for each of its levels.
        let running = self.running.get(&(key.file, key.func)).copied().unwrap_or(0);
        if running < MAX_RUNNING_CONTEXTS && self.store.contexts_of(&key) < self.context_limit(&key) {
            return self.store.add_context(key, closure.class);
        }
        let mut params = key.params.take().unwrap_or_default();
        let receiver = key.receiver.take();
        if self.is_rough(key.file) {
            params = params.iter().map(Value::without_data).collect();
            key.handed = None;
        }
        if self.store.contexts_of_function(&key) > MAX_CONTEXTS_PER_CLOSURE {
            key.handed = None;
        }
        let shared = match self.store.find_context(&key) {
            Some(context) => context,
            None => self.store.add_context(key, closure.class),
        };
        let context = self.store.context_mut(shared);
        let mut grown = false;
        if context.params.is_empty() {
            context.params = vec![Value::bottom(); params.len()];
        }
        for (own, param) in context.params.iter_mut().zip(&params) {
            grown |= own.join(param);
        }
        if let Some(receiver) = receiver {
            grown |= context.receiver.get_or_insert_default().join(&receiver);
        }
        if grown {
            context.trace = None;
            if matches!(context.progress, Progress::Done(_)) {
                context.progress = Progress::None;
            }
        }
        shared
    }

    /// How many further contexts a call may make for its function. Each function that is handed over (to
    /// a decorator, a wrapper) has contexts of its own, because the callee does something else with each.
    /// What closes over many activations gets one context for each of them.
    fn context_limit(&self, key: &ContextKey) -> usize {
        if self.is_rough(key.file) || self.store.contexts_of_function(key) > MAX_CONTEXTS_PER_CLOSURE {
            0
        } else if key.handed.is_some() {
            MAX_CONTEXTS_PER_HANDED
        } else {
            MAX_CONTEXTS_PER_FUNCTION
        }
    }

    /// Whether the functions of a file are evaluated once each and not for what they are called with.
    fn is_rough(&self, file: FileId) -> bool {
        let limit = MAX_CONTEXTS_PER_FILE + self.facts(file).functions.len() * MAX_CONTEXTS_PER_FILE_FUNCTION;
        self.rough || self.store.contexts_of_file(file) > limit
    }

    /// Evaluates a context, unless this round has done so; recursion gets what is known so far.
    pub(super) fn evaluate(&mut self, id: ContextId, site: Option<Site>) -> CallResult {
        let round = self.round;
        let depth = self.stack.len();
        let caller = self.stack.last().copied().zip(site);
        let context = self.store.context_mut(id);
        if context.round != round {
            context.round = round;
            context.progress = Progress::None;
            context.caller = caller;
        }
        match &mut context.progress {
            Progress::Done(result) => return result.clone(),
            Progress::Running { result, used } => {
                *used = true;
                let result = result.clone();
                let position = self.stack.iter().position(|&running| running == id).unwrap_or(depth);
                self.lowest_used = self.lowest_used.min(position);
                return result;
            }
            Progress::None => {}
        }
        if self.nesting >= MAX_NESTING {
            let value = site.map_or_else(Value::bottom, |site| self.too_deep(site));
            return value.into();
        }
        self.evaluate_until_stable(id, depth)
    }

    /// Evaluates a context again while recursive calls have used a result that has grown since. Only the
    /// outermost context of a cycle repeats; inner ones are forgotten and evaluated with it.
    fn evaluate_until_stable(&mut self, id: ContextId, depth: usize) -> CallResult {
        let outer_lowest = std::mem::replace(&mut self.lowest_used, usize::MAX);
        let first_provisional = self.provisional.len();
        let result = match self.replay(id) {
            Some(result) => result,
            None => self.repeat_until_stable(id, depth, first_provisional),
        };
        self.store.context_mut(id).progress = Progress::Done(result.clone());
        if self.lowest_used < depth {
            self.provisional.push(id);
        } else {
            self.provisional.truncate(first_provisional);
            self.lowest_used = usize::MAX;
        }
        self.lowest_used = self.lowest_used.min(outer_lowest);
        result
    }

    fn repeat_until_stable(&mut self, id: ContextId, depth: usize, first_provisional: usize) -> CallResult {
        let mut result = CallResult::default();
        let mut turns = 0;
        loop {
            let params = self.store.context(id).params.clone();
            self.evaluations += 1;
            self.start(id, result.clone());
            let next = self.traced(id, |interp| interp.run(id));
            self.end(id);
            let used = matches!(self.store.context(id).progress, Progress::Running { used: true, .. });
            let inside_outer_cycle = self.lowest_used < depth;
            let grown = result.value.join(&next.value) | (result.changed != next.changed);
            result.changed = next.changed;
            // A shared context that recursive calls have given further arguments goes over them too; that
            // ends, because its arguments widen.
            if self.store.context(id).params != params {
                self.forget_provisional(first_provisional);
                continue;
            }
            turns += 1;
            if !used || !grown || inside_outer_cycle {
                break;
            }
            if turns == MAX_RECURSION_TURNS {
                result.value.join(&Value::unknown(Hole::new(HoleReason::TooMany)));
                break;
            }
            self.forget_provisional(first_provisional);
        }
        // What callers get in a later round without another evaluation.
        if let Some(trace) = &mut self.store.context_mut(id).trace {
            trace.set_result(result.clone());
        }
        result
    }

    fn forget_provisional(&mut self, first: usize) {
        for id in self.provisional.drain(first..) {
            self.store.contexts[id.index()].progress = Progress::None;
        }
    }

    /// A context starts to run, with what is known of its result so far.
    pub(super) fn start(&mut self, id: ContextId, result: CallResult) {
        let context = self.store.context_mut(id);
        context.progress = Progress::Running { result, used: false };
        let (file, func) = (context.file, context.func);
        self.store.reached.insert((file, func));
        *self.running.entry((file, func)).or_default() += 1;
        self.stack.push(id);
        self.nesting += 1;
    }

    /// A context has run.
    pub(super) fn end(&mut self, id: ContextId) {
        let Context { file, func, .. } = *self.store.context(id);
        self.nesting -= 1;
        self.stack.pop();
        if let Some(running) = self.running.get_mut(&(file, func)) {
            *running -= 1;
        }
    }

    /// Runs the body once.
    fn run(&mut self, id: ContextId) -> CallResult {
        let context = self.store.context(id);
        let (file, func, class) = (context.file, context.func, context.class);
        let (receiver, params) = (context.receiver.clone(), context.params.clone());
        let function = self.function(file, func);
        let this = match function.receiver {
            Receiver::FirstParam => params.first().cloned().filter(|_| function.class.is_some()),
            Receiver::This | Receiver::Lexical => receiver,
        };
        let mut act = Activation::new(file, id, this, class);
        self.bind_params(&mut act, &params);
        self.exec_block(&mut act, &function.body);
        let mut value = act.returned.clone();
        if function.is_generator {
            value = Value::list_of(act.yielded.clone());
        } else if !act.dead {
            value.join(&Atom::Null.into());
        }
        if let Some(ty) = function.returns
            && value.is_open()
        {
            value = self.typed_value(&mut act, ty, value);
        }
        let changed = changed_params(&act, function, &params);
        CallResult { value, changed }
    }

    /// Stores the arguments in the parameters, with defaults and stated types where they apply.
    fn bind_params(&mut self, act: &mut Activation, params: &[Value]) {
        let function = self.function(act.file, self.store.context(act.context).func);
        for (param, value) in function.params.iter().zip(params) {
            let mut value = value.clone();
            if value.is_bottom() || value.is_unstated_default() {
                value = match param.default {
                    Some(default) => default_or(self.eval(act, default), &value),
                    None => Atom::Null.into(),
                };
            }
            // A default of nothing stands for something of the stated type that callers may pass.
            let only_null = value.atoms() == [Atom::Null];
            if (value.is_open() || only_null)
                && let Some(ty) = param.ty
            {
                value = self.typed_value(act, ty, value);
            }
            self.assign(act, &param.pattern, value);
        }
    }

    /// One value for each parameter; bottom where the default applies.
    fn bind_args(&mut self, closure: &Closure, args: &Args, site: Site) -> Vec<Value> {
        let function = self.function(closure.file, closure.func);
        let facts = self.facts(closure.file);
        let receiver = closure.receiver.iter().filter(|_| function.receiver == Receiver::FirstParam);
        let mut positional = receiver.chain(&args.positional);
        let mut taken: Vec<&str> = Vec::new();
        let mut bound = Vec::with_capacity(function.params.len());
        for param in &function.params {
            let name = param.name.map(|name| facts.text(name));
            taken.extend(name);
            let by_name = || {
                let arg = args.named.iter().find(|arg| Some(&*arg.name) == name)?;
                Some(arg.value.clone())
            };
            let missing = || {
                if let Some(rest) = &args.named_rest
                    && name.is_some()
                    && param.default.is_none()
                {
                    return rest.clone();
                }
                if args.complete {
                    return Value::bottom();
                }
                let label = name.map_or_else(|| "argument".into(), Arc::from);
                let span = function.span;
                let site = Site { file: closure.file, span };
                let reason = HoleReason::Parameter(label);
                let reason = match param.default {
                    Some(_) => HoleReason::Default(Arc::new(reason)),
                    None => reason,
                };
                Value::unknown(Hole::at(reason, site))
            };
            bound.push(match param.kind {
                ParamKind::Normal => by_name()
                    .or_else(|| positional.next().cloned())
                    .or_else(|| args.rest.clone())
                    .unwrap_or_else(missing),
                ParamKind::KeywordOnly => by_name().unwrap_or_else(missing),
                ParamKind::Rest => {
                    let rest = if args.complete { args.rest.clone() } else { Some(incomplete(args, site)) };
                    List::new(positional.by_ref().cloned().collect(), rest).into()
                }
                ParamKind::KeywordRest => keyword_rest(args, &taken, site),
            });
        }
        bound
    }
}

/// The default of a parameter that a caller may set to something else, where `unstated` says so. A
/// default that only says that there is nothing tells nothing of that.
fn default_or(default: Value, unstated: &Value) -> Value {
    let Some(hole) = unstated.hole() else { return default };
    let says_nothing = |atom: &Atom| match atom {
        Atom::Null => true,
        Atom::Text(text) => text.as_literal() == Some(""),
        _ => false,
    };
    match &hole.reason {
        HoleReason::Default(reason) if default.atoms().iter().all(says_nothing) => {
            default.joined(&Value::unknown(Hole { reason: (**reason).clone(), site: hole.site }))
        }
        _ => default.joined(unstated),
    }
}

/// Further positional arguments of a call whose arguments are not all known.
fn incomplete(args: &Args, site: Site) -> Value {
    let unknown = Value::unknown(Hole::at(HoleReason::Parameter("arguments".into()), site));
    unknown.joined(&args.rest.clone().unwrap_or_default())
}

fn keyword_rest(args: &Args, taken: &[&str], site: Site) -> Value {
    let entries = args
        .named
        .iter()
        .filter(|arg| !taken.contains(&&*arg.name))
        .map(|arg| Entry { key: Text::literal(&arg.name, None), value: arg.value.clone(), maybe: arg.maybe })
        .collect();
    let rest = if args.complete { args.named_rest.clone() } else { Some(incomplete(args, site)) };
    Dict::new(entries, rest).into()
}

/// Containers among the parameters that hold something else at the end than at the start.
fn changed_params(
    act: &Activation,
    function: &perm_infer_facts::Function,
    params: &[Value],
) -> Vec<(usize, Value)> {
    let is_container =
        |value: &Value| value.atoms().iter().any(|atom| matches!(atom, Atom::List(_) | Atom::Dict(_)));
    let mut changed = Vec::new();
    for (index, (param, before)) in function.params.iter().zip(params).enumerate() {
        let (Pattern::Var(var), true) = (&param.pattern, is_container(before)) else { continue };
        if let Some(after) = act.local(*var)
            && after != before
            && param.kind == ParamKind::Normal
        {
            changed.push((index, after.clone()));
        }
    }
    changed
}

fn merge_changed(into: &mut Vec<(usize, Value)>, more: Vec<(usize, Value)>) {
    for (index, value) in more {
        match into.iter_mut().find(|(own, _)| *own == index) {
            Some((_, own)) => {
                own.join(&value);
            }
            None => into.push((index, value)),
        }
    }
}

pub(super) fn is_callable(value: &Value) -> bool {
    value.atoms().iter().any(|atom| {
        matches!(
            atom,
            Atom::Function(_) | Atom::Class(_) | Atom::Method(..) | Atom::External(_) | Atom::Library(_)
        )
    })
}

/// A function with this object as its receiver, unless it has one.
pub(super) fn bind(atom: &Atom, receiver: &Atom) -> Value {
    match atom {
        Atom::Function(closure) if closure.receiver.is_none() => {
            let bound = Closure { receiver: Some(receiver.clone().into()), ..(**closure).clone() };
            Atom::Function(Arc::new(bound)).into()
        }
        other => other.clone().into(),
    }
}

/// What calling a method gives: the result, the object afterwards, changed arguments.
#[derive(Debug, Default)]
pub(super) struct MethodResult {
    pub(super) result: Value,
    pub(super) object: Option<Value>,
    pub(super) changed: Vec<(usize, Value)>,
}

impl From<CallResult> for MethodResult {
    fn from(result: CallResult) -> Self {
        MethodResult { result: result.value, object: None, changed: result.changed }
    }
}

impl From<Value> for MethodResult {
    fn from(result: Value) -> Self {
        MethodResult { result, ..MethodResult::default() }
    }
}

impl From<Value> for CallResult {
    fn from(value: Value) -> Self {
        CallResult { value, changed: Vec::new() }
    }
}
