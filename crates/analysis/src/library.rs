//! What the analysis asks of library models: everything that code outside the project means.
//!
//! The interpreter knows functions, classes and containers. It does not know what `"a".upper()`,
//! `os.environ`, `list.map(f)` or `boto3.client("s3")` give: a [`Library`] does. A model answers about
//! atoms (one alternative at a time), may call back into the project (callbacks), and reports what a
//! call does to the outside world with [`Cx::perform`].

use std::sync::Arc;

use crate::interp::Interp;
use crate::value::{Atom, Hole, HoleReason, Site, Value};

/// The arguments of one call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Args {
    /// By position.
    pub positional: Vec<Value>,
    /// Further positional ones, any number, from a spread list.
    pub rest: Option<Value>,
    /// By name.
    pub named: Vec<NamedArg>,
    /// What further named ones may be, from a spread of an open dictionary.
    pub named_rest: Option<Value>,
    /// Whether these are all arguments there are. False for calls that the analysis makes itself
    /// (entry points, callbacks of unknown code): then what is missing is unknown instead of absent.
    pub complete: bool,
}

/// One argument passed by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedArg {
    /// The name.
    pub name: Arc<str>,
    /// The value.
    pub value: Value,
    /// Whether it is passed on some paths only.
    pub maybe: bool,
}

impl Args {
    /// Exactly these positional arguments.
    #[must_use]
    pub fn of(positional: Vec<Value>) -> Self {
        Args { positional, complete: true, ..Args::default() }
    }

    /// Arguments of a call whose arguments nobody knows.
    #[must_use]
    pub fn unknown() -> Self {
        Args::default()
    }

    /// The argument at a position, or what may be there.
    #[must_use]
    pub fn at(&self, position: usize) -> Option<&Value> {
        self.positional.get(position).or(self.rest.as_ref())
    }

    /// The argument passed by a name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Value> {
        self.named.iter().find(|arg| &*arg.name == name).map(|arg| &arg.value)
    }

    /// The argument at a position or by its name, whichever is given.
    #[must_use]
    pub fn get(&self, position: usize, name: &str) -> Option<&Value> {
        self.named(name).or_else(|| self.positional.get(position)).or(self.rest.as_ref())
    }

    /// The arguments without the first `count` positional ones.
    #[must_use]
    pub fn skip(&self, count: usize) -> Args {
        let mut args = self.clone();
        args.positional.drain(..count.min(self.positional.len()));
        args
    }

    /// All argument values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.positional
            .iter()
            .chain(&self.rest)
            .chain(self.named.iter().map(|arg| &arg.value))
            .chain(&self.named_rest)
    }
}

/// What calling a method gives.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The result.
    pub result: Value,
    /// The object afterwards, where the call changes it (`list.append`).
    pub object: Option<Value>,
}

impl From<Value> for Outcome {
    fn from(result: Value) -> Self {
        Outcome { result, object: None }
    }
}

/// A call that does something outside of the program, as a model reports it.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The service, in the model's terms.
    pub service: Arc<str>,
    /// The operation of the service.
    pub operation: Arc<str>,
    /// Its parameters as a dictionary (or a value that may be one).
    pub params: Value,
    /// Whether the model is certain, or goes by names alone.
    pub certain: bool,
}

/// A message of a model or of the interpreter itself, with its place still as bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// Where.
    pub site: Site,
    /// Stable code in kebab case.
    pub code: &'static str,
    /// What happened and why.
    pub message: String,
    /// What the user can do.
    pub remedy: String,
    /// Whether something stayed unresolved by it.
    pub unresolved: bool,
}

/// Special methods by which a language lets classes take part in its syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Calling an instance.
    Call,
    /// Entering a context manager.
    Enter,
    /// Looping over an instance.
    Iterate,
    /// Indexing an instance.
    Index,
    /// Reading an attribute that is not there.
    Attribute,
    /// Making an instance, before its constructor runs.
    New,
    /// What runs after a constructor that the language made from the fields of a class.
    Made,
}

/// The models of everything outside of the project. Every answer may be `None`: not known to me.
///
/// Implementations are pure: the same question in the same context has the same answer.
pub trait Library: Sync {
    /// Whether a module is a library's for certain, so that a project file that merely ends in the same
    /// name is not taken for it.
    fn owns_module(&self, dialect: &str, specifier: &str) -> bool;

    /// A name that nothing in the file binds.
    fn global(&self, cx: &mut Cx<'_, '_>, name: &str) -> Option<Value>;

    /// `object.name`, for atoms that are not the project's. Methods need no answer here: an attribute
    /// without one becomes [`Atom::Method`], and of an [`Atom::External`] the longer path.
    fn attribute(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str) -> Option<Value>;

    /// `object[index]` for library values and externals (lists, dictionaries and strings are the
    /// interpreter's).
    fn index(&self, cx: &mut Cx<'_, '_>, object: &Atom, index: &Value) -> Option<Value>;

    /// What a loop over it gives each time, or awaiting, or destructuring by position.
    fn element(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value>;

    /// What entering it as a context manager gives; itself when there is no answer.
    fn enter(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value>;

    /// What `await` makes of it; itself when there is no answer.
    fn awaited(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value>;

    /// Calling an external or a library value, also with `new`.
    fn call(&self, cx: &mut Cx<'_, '_>, callee: &Atom, args: &Args) -> Option<Value>;

    /// `object.name(args)` for atoms that are not the project's: strings, numbers, lists, dictionaries,
    /// functions (`bind`), library values. For externals, [`Library::call`] with the longer path is
    /// asked instead.
    fn method(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, args: &Args) -> Option<Outcome>;

    /// `object.name(args)` where nothing is known of the object (or it is null as far as known).
    fn unknown_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value>;

    /// Whether a library value, or a function on which the project sets none, certainly has no member of
    /// this name. Where a receiver has several
    /// alternatives, those that lack what is called cannot be what is there and are left out.
    fn lacks(&self, _dialect: &str, _object: &Atom, _name: &str) -> bool {
        false
    }

    /// What a library value or external becomes when `object.name = value` is executed; nothing when it
    /// stays what it is.
    fn assign(&self, _cx: &mut Cx<'_, '_>, _object: &Atom, _name: &str, _value: &Value) -> Option<Value> {
        None
    }

    /// The value of something that is known by its stated type alone: an external type, a string with
    /// a type's name, possibly with its type arguments as `Index`ed external.
    fn typed(&self, cx: &mut Cx<'_, '_>, ty: &Atom) -> Option<Value>;

    /// Joining two operands by an operator that the interpreter does not compute itself, such as `%` on
    /// strings or `/` on paths.
    fn binary(
        &self,
        cx: &mut Cx<'_, '_>,
        op: perm_infer_facts::BinaryOp,
        left: &Atom,
        right: &Value,
    ) -> Option<Value>;

    /// The attribute `name` of instances of a project class that extends the external `base`;
    /// `instance` is the instance itself.
    fn inherited(&self, cx: &mut Cx<'_, '_>, base: &Atom, instance: &Atom, name: &str) -> Option<Value>;

    /// What the attribute `name` of such an instance is to which its class gives `default`, where the base
    /// sets it from outside of the code; nothing when it is what the class says.
    fn inherited_default(
        &self,
        _cx: &mut Cx<'_, '_>,
        _base: &Atom,
        _instance: &Atom,
        _name: &str,
        _default: &Value,
    ) -> Option<Value> {
        None
    }

    /// Whether a method of this name, used as a decorator, only wraps a function which is called by its
    /// name as before, instead of keeping it to call it later.
    fn wraps(&self, method: &str) -> bool;

    /// Whether a platform calls a function of this name with these parameters, even when the project calls
    /// it too, as a script does that tries it out. Parameters that are taken apart have no name.
    fn is_entry(&self, _name: &str, _params: &[Option<&str>]) -> bool {
        false
    }

    /// With what a library calls a function that nothing in the project calls; unknown arguments when there
    /// is no answer.
    fn entered(&self, _cx: &mut Cx<'_, '_>, _function: &Atom) -> Option<Args> {
        None
    }

    /// Names under which a platform expects what it calls.
    fn entry_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// A class of the project that extends the external `base` has been defined.
    fn subclassed(&self, _cx: &mut Cx<'_, '_>, _base: &Atom, _class: &Atom) {}

    /// Names of the special methods for a protocol, in the order in which to look.
    fn protocol(&self, protocol: Protocol) -> &'static [&'static str];
}

/// What a model sees of the running analysis while it answers one question.
pub struct Cx<'a, 'p> {
    pub(crate) interp: &'a mut Interp<'p>,
    pub(crate) site: Site,
}

impl Cx<'_, '_> {
    /// The expression that the question is about.
    #[must_use]
    pub fn site(&self) -> Site {
        self.site
    }

    /// The dialect of the file that asks.
    #[must_use]
    pub fn dialect(&self) -> &'static str {
        self.interp.dialect(self.site.file)
    }

    /// Calls a value, such as a callback, and gives its result.
    pub fn call(&mut self, callee: &Value, args: &Args) -> Value {
        self.interp.call_value(callee, args, self.site)
    }

    /// How many parameters a function of the project has; nothing for other callables.
    #[must_use]
    pub fn parameters(&self, function: &Atom) -> Option<usize> {
        match function {
            Atom::Function(closure) => Some(self.interp.function(closure.file, closure.func).params.len()),
            _ => None,
        }
    }

    /// Calls a method of a value.
    pub fn call_method(&mut self, object: &Value, name: &str, args: &Args) -> Value {
        self.interp.call_method_of_value(object, name, args, self.site)
    }

    /// Reads an attribute of a value.
    pub fn attribute(&mut self, object: &Value, name: &str) -> Value {
        self.interp.attribute(object, name, self.site)
    }

    /// Every function that may be meant by an attribute of an instance, class or module of the project whose
    /// name is not known: those that its code does not keep to itself.
    pub fn functions_of(&mut self, object: &Atom) -> Value {
        self.interp.functions_of(object, self.site)
    }

    /// Indexes a value.
    pub fn index(&mut self, object: &Value, index: &Value) -> Value {
        self.interp.index(object, index, self.site)
    }

    /// What a loop over the value gives each time.
    pub fn element(&mut self, value: &Value) -> Value {
        self.interp.element(value, self.site)
    }

    /// The value as a string, alternatives and unknown parts kept.
    pub fn to_text(&mut self, value: &Value) -> Value {
        self.interp.stringify(value, self.site)
    }

    /// Two strings in sequence, alternatives multiplied within the bounds.
    pub fn concat(&mut self, left: &Value, right: &Value) -> Value {
        self.interp.concat(left, right, self.site)
    }

    /// An instance of a class of the project, without running its constructor: the same one for the same
    /// place. Nothing for other values.
    pub fn allocate(&mut self, class: &Value) -> Value {
        self.interp.allocate(class, self.site)
    }

    /// Reports an operation that the call at the current site performs.
    pub fn perform(&mut self, effect: Effect) {
        self.interp.perform(effect, self.site);
    }

    /// Makes further operations count as performed on behalf of `principal` instead of the program's
    /// own identity, until it is set back to what this gives.
    pub fn on_behalf_of(&mut self, principal: Option<Value>) -> Option<Value> {
        std::mem::replace(&mut self.interp.principal, principal)
    }

    /// Reports to the user, once per site and text.
    pub fn note(&mut self, code: &'static str, message: String, remedy: String, unresolved: bool) {
        self.interp.note(Note { site: self.site, code, message, remedy, unresolved });
    }

    /// Tells the user that the default in the code stands for an environment variable.
    pub fn note_default(&mut self, variable: &str, default: &Value) {
        let shown: Vec<String> =
            default.texts().map(|text| text.to_literal().unwrap_or_else(|| "?".to_owned())).collect();
        if shown.is_empty() {
            return;
        }
        self.note(
            "environment-default",
            format!(
                "environment variable {variable} is not given; the default in the code is used: {}",
                shown.join(", ")
            ),
            format!("if it is set where the code runs, pass --var {variable}=VALUE"),
            false,
        );
    }

    /// A name for what the current site does in the current activation, the same in every round.
    #[must_use]
    pub fn identity(&self) -> String {
        let Site { file, span } = self.site;
        let context = self.interp.current_context();
        format!("{}:{}:{}:{context}", file.0, span.start, span.end)
    }

    /// Joins a value to what is remembered under a name, such as the result of a promise.
    pub fn remember(&mut self, name: &str, value: &Value) {
        self.interp.remember(name, value);
    }

    /// What is remembered under a name. Bottom while nothing is; it is evaluated again when that changes.
    pub fn recall(&mut self, name: &str) -> Value {
        self.interp.recall(name)
    }

    /// What is remembered under a name, where something may well never be.
    pub fn recall_if_set(&mut self, name: &str) -> Value {
        self.interp.recall_if_set(name)
    }

    /// What is as little known as the object whose method [`Library::unknown_method`] is asked for, and for the
    /// same reason; where the object has none, the method is the reason. To be asked before anything is called.
    #[must_use]
    pub fn like_receiver(&self, method: &str) -> Value {
        match &self.interp.receiver {
            Some(hole) => Value::unknown((**hole).clone()),
            None => self.unknown(HoleReason::Result(method.into())),
        }
    }

    /// An unknown value that became so here.
    #[must_use]
    pub fn unknown(&self, reason: HoleReason) -> Value {
        Value::unknown(Hole::at(reason, self.site))
    }
}
