//! Abstract values: what a variable may hold, as far as the source tells.
//!
//! A [`Value`] is a small set of alternatives ([`Atom`]s), possibly with "or anything else". The empty
//! set is *bottom*: no value gets here (yet). Joining is the only way in which values grow, and every
//! growth is bounded by the constants at the head of `bounds.rs`. Where a string came from travels
//! with each of its parts, but takes no part in comparing values.

mod atoms;
mod container;
mod text;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use perm_infer_diagnostics::Span;
use perm_infer_facts::FuncId;
use rustc_hash::FxHasher;

use self::atoms::Atoms;
use self::container::weigh;
pub use self::container::{Dict, Entry, List};
pub use self::text::{Hole, HoleReason, Setting, Text, TextKind, TextPart};
use crate::bounds::{MAX_ALTERNATIVES, MAX_CONTAINERS};

/// A file of the analysed project, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A place in the source: the file and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

/// One activation of a function: the function with the abstract arguments of a set of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContextId(pub(crate) u32);

impl ContextId {
    /// Its position in [`Analysis::contexts`](crate::Analysis::contexts).
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A class definition that was evaluated in some context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassRef(pub(crate) u32);

/// The instances of a class that one `new` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InstanceId(pub(crate) u32);

/// A set of alternatives.
#[derive(Clone, Debug, Default)]
pub struct Value {
    atoms: Atoms,
    unknown: Option<Arc<Hole>>,
}

/// One thing a value may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Atom {
    /// Nothing: `None`, `null`, `undefined`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string, possibly with unknown parts.
    Text(Text),
    /// A list, tuple, set or array.
    List(Arc<List>),
    /// A dictionary or plain object.
    Dict(Arc<Dict>),
    /// A function of the project with what it closes over.
    Function(Arc<Closure>),
    /// A class of the project.
    Class(ClassRef),
    /// Instances of a class of the project.
    Instance(InstanceId),
    /// A module of the project.
    Module(FileId),
    /// Something that a library outside the project defines, by its path.
    External(External),
    /// A value that only a library model understands.
    Library(Arc<LibraryValue>),
    /// A method of a value that is not the project's own, not yet called.
    Method(Arc<Atom>, Arc<str>),
}

/// A name in a library: `boto3` + `session.Session`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct External {
    /// The module as imported; empty for globals of the language.
    pub module: Arc<str>,
    /// Attributes from there, joined by dots; empty for the module itself.
    pub path: Arc<str>,
}

impl External {
    /// The thing `path` in `module`.
    #[must_use]
    pub fn new(module: &str, path: &str) -> Self {
        External { module: module.into(), path: path.into() }
    }

    /// The attribute `name` of it.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        External { module: self.module.clone(), path: path.into() }
    }

    /// Module and path as one dotted name.
    #[must_use]
    pub fn dotted(&self) -> String {
        match (self.module.is_empty(), self.path.is_empty()) {
            (true, _) => self.path.to_string(),
            (_, true) => self.module.to_string(),
            _ => format!("{}.{}", self.module, self.path),
        }
    }
}

/// A value that belongs to a library model, as a term: its kind, a name and named parts.
#[derive(Clone, Debug)]
pub struct LibraryValue {
    /// What it is, in the model's own terms (`client`, `table`, `paginator` ...).
    pub kind: &'static str,
    /// The most telling text, such as the service.
    pub name: Arc<str>,
    /// Further parts.
    fields: Vec<(&'static str, Value)>,
    /// Values inside, made once: parts hold library values themselves, and share them.
    weight: u32,
    /// A digest of the content, made once.
    digest: u64,
}

impl LibraryValue {
    /// A value of this kind and name with these parts.
    #[must_use]
    pub fn new(kind: &'static str, name: Arc<str>, fields: Vec<(&'static str, Value)>) -> Self {
        let weight = weigh(fields.iter().map(|(_, value)| value));
        let digest = digest(|state| (kind, &name, &fields).hash(state));
        LibraryValue { kind, name, fields, weight, digest }
    }

    /// The parts by name.
    #[must_use]
    pub fn fields(&self) -> &[(&'static str, Value)] {
        &self.fields
    }

    /// The part with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }
}

impl PartialEq for LibraryValue {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
            && self.kind == other.kind
            && self.name == other.name
            && self.fields == other.fields
    }
}

impl Eq for LibraryValue {}

impl Hash for LibraryValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

/// A function with what it closes over.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Closure {
    /// The file that defines it.
    pub file: FileId,
    /// The function.
    pub func: FuncId,
    /// The activation around the definition.
    pub parent: ContextId,
    /// The receiver it is bound to.
    pub receiver: Option<Value>,
    /// The class whose member it is, for `super`.
    pub class: Option<ClassRef>,
}

impl Value {
    /// No value: this point is not reached, or not yet.
    #[must_use]
    pub fn bottom() -> Self {
        Value::default()
    }

    /// Anything, for this reason.
    #[must_use]
    pub fn unknown(hole: Hole) -> Self {
        Value { atoms: Atoms::None, unknown: Some(Arc::new(hole)) }
    }

    /// The result of a call that is not followed.
    #[must_use]
    pub fn result_of(callee: &str, site: Site) -> Self {
        Value::unknown(Hole::at(HoleReason::Result(callee.into()), site))
    }

    /// A string constant from a place in the source.
    #[must_use]
    pub fn text(text: &str, site: Option<Site>) -> Self {
        Atom::Text(Text::literal(text, site)).into()
    }

    /// A list of known elements.
    #[must_use]
    pub fn list(items: Vec<Value>) -> Self {
        List::new(items, None).into()
    }

    /// A list of any number of equal elements.
    #[must_use]
    pub fn list_of(element: Value) -> Self {
        List::new(Vec::new(), Some(element)).into()
    }

    /// A dictionary of entries that are always there.
    #[must_use]
    pub fn dict(entries: Vec<(Text, Value)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| Entry { key, value, maybe: false }).collect();
        Dict::new(entries, None).into()
    }

    /// A library model's value.
    #[must_use]
    pub fn library(kind: &'static str, name: &str, fields: Vec<(&'static str, Value)>) -> Self {
        Atom::Library(Arc::new(LibraryValue::new(kind, name.into(), fields))).into()
    }

    /// The alternatives that are known.
    #[must_use]
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// Why it may also be something else.
    #[must_use]
    pub fn hole(&self) -> Option<&Arc<Hole>> {
        self.unknown.as_ref()
    }

    /// Whether it is nothing but a default that is not among the alternatives yet.
    #[must_use]
    pub fn is_unstated_default(&self) -> bool {
        self.atoms.is_empty() && self.openness() == 1
    }

    /// Why it may be something else than a default that is among the alternatives.
    #[must_use]
    pub fn default_hole(&self) -> Option<&Arc<Hole>> {
        self.unknown.as_ref().filter(|hole| hole.has_default() && !self.atoms.is_empty())
    }

    /// Why it may be something that neither the alternatives nor a default among them tell.
    #[must_use]
    pub fn rest(&self) -> Option<&Arc<Hole>> {
        self.unknown.as_ref().filter(|hole| !hole.has_default() || self.atoms.is_empty())
    }

    /// How much else it may be: nothing, what a setting says instead of its default, anything.
    fn openness(&self) -> u8 {
        self.unknown.as_ref().map_or(0, |hole| if hole.has_default() { 1 } else { 2 })
    }

    /// Whether nothing at all gets here.
    #[must_use]
    pub fn is_bottom(&self) -> bool {
        self.atoms.is_empty() && self.unknown.is_none()
    }

    /// Whether it may be something that is not among the atoms.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.unknown.is_some()
    }

    /// The only alternative, if there is just one; a default counts as the only one.
    #[must_use]
    pub fn single(&self) -> Option<&Atom> {
        match (&*self.atoms, self.rest()) {
            ([atom], None) => Some(atom),
            _ => None,
        }
    }

    /// The text, when the value is one completely known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.single() {
            Some(Atom::Text(text)) => text.as_literal(),
            _ => None,
        }
    }

    /// The only alternative when it is a string whose parts are all known.
    #[must_use]
    pub fn to_str(&self) -> Option<String> {
        match self.single() {
            Some(Atom::Text(text)) => text.to_literal(),
            _ => None,
        }
    }

    /// Every string alternative; an unknown rest is a string with a hole, unless a default stands for it.
    /// Other atoms are left out.
    pub fn texts(&self) -> impl Iterator<Item = Text> + '_ {
        let hole = self.rest().into_iter().map(|hole| Text::hole(hole.clone(), None));
        self.atoms.iter().filter_map(Atom::as_text).chain(hole)
    }

    /// Adds the alternatives of `other`; true when something was new.
    pub fn join(&mut self, other: &Value) -> bool {
        let mut grown = false;
        if self.openness() < other.openness() {
            self.unknown.clone_from(&other.unknown);
            grown = true;
        }
        if self.atoms.is_empty() && !other.atoms.is_empty() {
            self.atoms = other.atoms.clone();
            return true;
        }
        if self.atoms.is_same(&other.atoms) {
            return grown;
        }
        let mut expected = 0;
        for atom in &*other.atoms {
            // Mostly what is joined is there already, and in the same order.
            match self.atoms.get(expected).is_some_and(|own| own.is_same(atom)) {
                true => expected += 1,
                false => match self.atoms.position_from(expected, atom) {
                    Some(position) => expected = position + 1,
                    None => grown |= self.join_new(atom),
                },
            }
        }
        grown
    }

    /// Whether joining `other` would add nothing, as far as that is seen without making the join.
    fn includes(&self, other: &Value) -> bool {
        let has = |(position, atom): (usize, &Atom)| {
            self.atoms.get(position).is_some_and(|own| own.is_same(atom))
                || self.atoms.position_from(position, atom).is_some()
                || self.merges_into_itself(atom)
        };
        self.openness() >= other.openness()
            && (self.atoms.is_same(&other.atoms) || other.atoms.iter().enumerate().all(has))
    }

    /// Whether a container would be merged into one that has all of it already.
    fn merges_into_itself(&self, atom: &Atom) -> bool {
        self.is_full_of(atom)
            && match (self.atoms.iter().rev().find(|own| own.has_shape_of(atom)), atom) {
                (Some(Atom::List(own)), Atom::List(other)) => own.includes(other),
                (Some(Atom::Dict(own)), Atom::Dict(other)) => own.includes(other),
                _ => false,
            }
    }

    /// Whether a container is one more than are kept apart.
    fn is_full_of(&self, atom: &Atom) -> bool {
        matches!(atom, Atom::List(_) | Atom::Dict(_))
            && self.atoms.iter().filter(|own| own.has_shape_of(atom)).count() >= MAX_CONTAINERS
    }

    /// The join of two values.
    #[must_use]
    pub fn joined(mut self, other: &Value) -> Value {
        self.join(other);
        self
    }

    /// The value without the alternatives that `drop` picks.
    #[must_use]
    pub fn without(&self, drop: impl Fn(&Atom) -> bool) -> Value {
        Value {
            atoms: match self.atoms.iter().any(&drop) {
                true => self.atoms.iter().filter(|atom| !drop(atom)).cloned().collect(),
                false => self.atoms.clone(),
            },
            unknown: self.unknown.clone(),
        }
    }

    /// What the value is beside data: functions, classes, objects and what the library knows.
    #[must_use]
    pub fn without_data(&self) -> Value {
        let is_data =
            |atom: &Atom| matches!(atom, Atom::Int(_) | Atom::Text(_) | Atom::List(_) | Atom::Dict(_));
        let mut rest = self.without(is_data);
        if rest.atoms.len() < self.atoms.len() {
            rest.join(&Value::unknown(Hole::new(HoleReason::TooMany)));
        }
        rest
    }

    /// The known alternatives alone.
    #[must_use]
    pub fn closed(&self) -> Value {
        Value { atoms: self.atoms.clone(), unknown: None }
    }

    /// Joins what `map` gives for each alternative; `other` gives the result for the unknown rest.
    pub fn map(&self, mut map: impl FnMut(&Atom) -> Value, other: impl FnOnce(&Arc<Hole>) -> Value) -> Value {
        let mut result = Value::bottom();
        for atom in &*self.atoms {
            result.join(&map(atom));
        }
        if let Some(hole) = &self.unknown {
            result.join(&other(hole));
        }
        result
    }

    /// Joins an alternative that is not there.
    fn join_new(&mut self, atom: &Atom) -> bool {
        if matches!(atom, Atom::Text(_)) && self.atoms.iter().any(|own| own.absorbs(atom)) {
            return false;
        }
        if self.is_full_of(atom) {
            return !self.merges_into_itself(atom) && self.merge_container(atom);
        }
        if self.atoms.len() >= MAX_ALTERNATIVES {
            // Once there were too many without anything in common, one more says nothing new.
            return self.openness() < 2 && self.widen(atom);
        }
        self.atoms.push(atom.clone());
        true
    }

    /// Merges a container into the last one of its kind, entry by entry.
    fn merge_container(&mut self, atom: &Atom) -> bool {
        for own in self.atoms.as_mut_slice().iter_mut().rev() {
            let merged = match (&*own, atom) {
                (Atom::List(own), Atom::List(other)) => Value::from(own.merged(other)),
                (Atom::Dict(own), Atom::Dict(other)) => Value::from(own.merged(other)),
                _ => continue,
            };
            let Some(merged) = merged.single() else {
                // Merged it is too large to keep: what is there stays, and the rest is unknown.
                return self.join(&Value { atoms: Atoms::None, unknown: merged.unknown });
            };
            let grown = *merged != *own;
            *own = merged.clone();
            return grown;
        }
        false
    }

    fn weight(&self) -> u32 {
        self.atoms.iter().map(Atom::weight).fold(1, u32::saturating_add)
    }

    /// Gives up on alternatives: strings become one pattern with what they have in common, everything
    /// else becomes unknown.
    fn widen(&mut self, atom: &Atom) -> bool {
        let texts: Vec<Text> = self.atoms.iter().chain([atom]).filter_map(Atom::as_text).collect();
        if texts.len() == self.atoms.len() + 1
            && let Some(common) = Text::common_prefix(&texts)
        {
            let atom = Atom::Text(common);
            let grown = *self.atoms != *std::slice::from_ref(&atom);
            self.atoms = Atoms::One(atom);
            return grown;
        }
        self.join(&Value::unknown(Hole::new(HoleReason::TooMany)))
    }
}

impl From<Atom> for Value {
    fn from(atom: Atom) -> Self {
        Value { atoms: Atoms::One(atom), unknown: None }
    }
}

fn digest(write: impl FnOnce(&mut FxHasher)) -> u64 {
    let mut state = FxHasher::default();
    write(&mut state);
    state.finish()
}

impl PartialEq for Value {
    /// Same alternatives in any order; the reason for being open does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.openness() == other.openness()
            && (self.atoms.is_same(&other.atoms)
                || self.atoms.len() == other.atoms.len() && self.atoms.are_among(&other.atoms))
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.openness().hash(state);
        match &*self.atoms {
            [atom] => atom.hash(state),
            // Equal sets may be in different order, which a sum does not see.
            atoms => {
                let each = atoms.iter().map(|atom| digest(|state| atom.hash(state)));
                state.write_u64(each.fold(0, u64::wrapping_add));
            }
        }
    }
}

impl Atom {
    fn weight(&self) -> u32 {
        match self {
            Atom::List(list) => list.weight,
            Atom::Dict(dict) => dict.weight,
            Atom::Library(value) => value.weight,
            Atom::Function(closure) => weigh(closure.receiver.iter()),
            Atom::Method(object, _) => object.weight().saturating_add(1),
            _ => 1,
        }
    }

    /// Whether both are lists, or both dictionaries.
    fn has_shape_of(&self, other: &Atom) -> bool {
        matches!((self, other), (Atom::List(_), Atom::List(_)) | (Atom::Dict(_), Atom::Dict(_)))
    }

    /// Whether both are one and the same, as far as that is seen at a glance.
    fn is_same(&self, other: &Atom) -> bool {
        match (self, other) {
            (Atom::List(own), Atom::List(other)) => Arc::ptr_eq(own, other),
            (Atom::Dict(own), Atom::Dict(other)) => Arc::ptr_eq(own, other),
            (Atom::Function(own), Atom::Function(other)) => Arc::ptr_eq(own, other),
            (Atom::Library(own), Atom::Library(other)) => Arc::ptr_eq(own, other),
            (Atom::Method(own, name), Atom::Method(other, other_name)) => {
                Arc::ptr_eq(own, other) && name == other_name
            }
            (Atom::Text(own), Atom::Text(other)) => own == other,
            (Atom::Null, Atom::Null) => true,
            (Atom::Bool(own), Atom::Bool(other)) => own == other,
            (Atom::Int(own), Atom::Int(other)) => own == other,
            (Atom::Class(own), Atom::Class(other)) => own == other,
            (Atom::Instance(own), Atom::Instance(other)) => own == other,
            (Atom::Module(own), Atom::Module(other)) => own == other,
            _ => false,
        }
    }

    /// Whether this is a string that was widened to a common start which the other one has too.
    fn absorbs(&self, other: &Atom) -> bool {
        let (Atom::Text(own), Atom::Text(other)) = (self, other) else { return false };
        let [start, rest] = own.parts() else { return false };
        let TextKind::Hole(hole) = &rest.kind else { return false };
        let first = other.parts().first().and_then(TextPart::literal);
        hole.reason == HoleReason::TooMany
            && start.literal().zip(first).is_some_and(|(start, first)| first.starts_with(start))
    }

    /// The string form of strings and integers; nothing for other atoms.
    #[must_use]
    pub fn as_text(&self) -> Option<Text> {
        match self {
            Atom::Text(text) => Some(text.clone()),
            Atom::Int(value) => Some(Text::literal(&value.to_string(), None)),
            _ => None,
        }
    }

    /// Whether it counts as true in a condition, where that is certain.
    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        match self {
            Atom::Null => Some(false),
            Atom::Bool(value) => Some(*value),
            Atom::Int(value) => Some(*value != 0),
            Atom::Text(text) => match text.as_literal() {
                Some(text) => Some(!text.is_empty()),
                None => text.parts().iter().any(|part| part.literal().is_some()).then_some(true),
            },
            // Languages differ on empty containers.
            Atom::List(_) | Atom::Dict(_) | Atom::Instance(_) => None,
            // What is outside of the project may be nothing as well.
            Atom::Library(_) | Atom::External(_) | Atom::Method(..) => None,
            _ => Some(true),
        }
    }
}
