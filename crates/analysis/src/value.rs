//! Abstract values: what a variable may hold, as far as the source tells.
//!
//! A [`Value`] is a small set of alternatives ([`Atom`]s), possibly with "or anything else". The empty
//! set is *bottom*: no value gets here (yet). Joining is the only way in which values grow, and every
//! growth is bounded by the constants at the head of `bounds.rs`. Where a string came from travels
//! with each of its parts, but takes no part in comparing values.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use perm_infer_diagnostics::Span;
use perm_infer_facts::FuncId;
use rustc_hash::{FxHashMap, FxHasher};
use smallvec::{SmallVec, smallvec};

use crate::bounds::{
    MAX_ALTERNATIVES, MAX_CONTAINERS, MAX_DICT_ENTRIES, MAX_LIST_ITEMS, MAX_VALUE_DEPTH, MAX_VALUE_WEIGHT,
};

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

/// Why something is not known, for the message to the user.
#[derive(Clone, Debug)]
pub struct Hole {
    /// The reason.
    pub reason: HoleReason,
    /// Where it became unknown.
    pub site: Option<Site>,
}

/// What made a value unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoleReason {
    /// An argument of an entry point.
    Parameter(Arc<str>),
    /// An environment variable without a known value.
    Environment(Arc<str>),
    /// A name that the deployment gives, by the reference that stands for it.
    Reference(Arc<str>),
    /// The result of a call that the analysis does not follow; the text names the callee.
    Result(Arc<str>),
    /// More alternatives than the analysis keeps apart.
    TooMany,
    /// A name or attribute that nothing sets.
    Undefined(Arc<str>),
    /// A construct that the analysis does not compute.
    Computed,
}

impl Hole {
    /// A hole without a place.
    #[must_use]
    pub fn new(reason: HoleReason) -> Self {
        Hole { reason, site: None }
    }

    /// A hole at a place.
    #[must_use]
    pub fn at(reason: HoleReason, site: Site) -> Self {
        Hole { reason, site: Some(site) }
    }
}

/// A set of alternatives.
#[derive(Clone, Debug, Default)]
pub struct Value {
    atoms: SmallVec<[Atom; 1]>,
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LibraryValue {
    /// What it is, in the model's own terms (`client`, `table`, `paginator` ...).
    pub kind: &'static str,
    /// The most telling text, such as the service.
    pub name: Arc<str>,
    /// Further parts.
    pub fields: Vec<(&'static str, Value)>,
}

impl LibraryValue {
    /// The part with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
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

/// One part of a string.
#[derive(Clone, Debug)]
pub struct TextPart {
    /// What is known.
    pub kind: TextKind,
    /// Where the part was found.
    pub site: Option<Site>,
}

/// What is known of a part of a string.
#[derive(Clone, Debug)]
pub enum TextKind {
    /// Exactly this.
    Literal(Arc<str>),
    /// Unknown, and why. Two holes are the same value unless they are different environment variables or
    /// references.
    Hole(Arc<Hole>),
}

/// A string in parts.
#[derive(Clone, Debug, Default)]
pub struct Text {
    parts: SmallVec<[TextPart; 1]>,
    /// A digest of the content, however it is cut into parts: most different strings differ in it, so
    /// that comparing them is cheap.
    digest: u64,
}

/// A list: known elements by position, then any number of further ones. It becomes a value by
/// `Value::from`, which bounds its size.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The first elements.
    pub items: Vec<Value>,
    /// What further elements are; `None` when there are none.
    pub rest: Option<Value>,
    /// Values inside, counted once when it became a value.
    weight: u32,
    /// Levels of containers inside, counted like the weight.
    depth: u8,
    /// A digest of the content, made once when it became a value: most different lists differ in it.
    digest: u64,
}

/// A dictionary: known entries in order of insertion, then possibly any further ones. It becomes a
/// value by `Value::from`, which bounds its size.
#[derive(Clone, Debug, Default)]
pub struct Dict {
    /// Known entries; keys are distinct.
    pub entries: Vec<Entry>,
    /// What values under further keys are; `None` when there are no further keys.
    pub rest: Option<Value>,
    /// Values inside, counted once when it became a value.
    weight: u32,
    /// Levels of containers inside, counted like the weight.
    depth: u8,
    /// A digest of the content, made once when it became a value.
    digest: u64,
}

/// One entry of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The key as a string, possibly with unknown parts.
    pub key: Text,
    /// The value.
    pub value: Value,
    /// Whether the entry is there on some paths only.
    pub maybe: bool,
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
        Value { atoms: SmallVec::new(), unknown: Some(Arc::new(hole)) }
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
        Atom::Library(Arc::new(LibraryValue { kind, name: name.into(), fields })).into()
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

    /// The only alternative, if there is just one.
    #[must_use]
    pub fn single(&self) -> Option<&Atom> {
        match (self.atoms.as_slice(), &self.unknown) {
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

    /// Every string alternative; an unknown rest is a string with a hole. Other atoms are left out.
    pub fn texts(&self) -> impl Iterator<Item = Text> + '_ {
        let hole = self.unknown.iter().map(|hole| Text::hole(hole.clone(), None));
        self.atoms.iter().filter_map(Atom::as_text).chain(hole)
    }

    /// Adds the alternatives of `other`; true when something was new.
    pub fn join(&mut self, other: &Value) -> bool {
        let mut grown = false;
        if self.unknown.is_none() && other.unknown.is_some() {
            self.unknown.clone_from(&other.unknown);
            grown = true;
        }
        for (position, atom) in other.atoms.iter().enumerate() {
            // Mostly what is joined is there already, at the same place.
            let known = self.atoms.get(position).is_some_and(|own| own.is_same(atom));
            grown |= !known && self.join_atom(atom);
        }
        grown
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
            atoms: self.atoms.iter().filter(|atom| !drop(atom)).cloned().collect(),
            unknown: self.unknown.clone(),
        }
    }

    /// The known alternatives alone.
    #[must_use]
    pub fn closed(&self) -> Value {
        Value { atoms: self.atoms.clone(), unknown: None }
    }

    /// Joins what `map` gives for each alternative; `other` gives the result for the unknown rest.
    pub fn map(&self, mut map: impl FnMut(&Atom) -> Value, other: impl FnOnce(&Arc<Hole>) -> Value) -> Value {
        let mut result = Value::bottom();
        for atom in &self.atoms {
            result.join(&map(atom));
        }
        if let Some(hole) = &self.unknown {
            result.join(&other(hole));
        }
        result
    }

    fn join_atom(&mut self, atom: &Atom) -> bool {
        let absorbed = || matches!(atom, Atom::Text(_)) && self.atoms.iter().any(|own| own.absorbs(atom));
        if self.atoms.contains(atom) || absorbed() {
            return false;
        }
        let same_shape = |other: &&Atom| {
            matches!((*other, atom), (Atom::List(_), Atom::List(_)) | (Atom::Dict(_), Atom::Dict(_)))
        };
        if matches!(atom, Atom::List(_) | Atom::Dict(_))
            && self.atoms.iter().filter(same_shape).count() >= MAX_CONTAINERS
        {
            return self.merge_container(atom);
        }
        if self.atoms.len() >= MAX_ALTERNATIVES {
            // Once there were too many without anything in common, one more says nothing new.
            return self.unknown.is_none() && self.widen(atom);
        }
        self.atoms.push(atom.clone());
        true
    }

    /// Merges a container into the last one of its kind, entry by entry.
    fn merge_container(&mut self, atom: &Atom) -> bool {
        for own in self.atoms.iter_mut().rev() {
            let merged = match (&*own, atom) {
                (Atom::List(own), Atom::List(other)) => Value::from(own.merged(other)),
                (Atom::Dict(own), Atom::Dict(other)) => Value::from(own.merged(other)),
                _ => continue,
            };
            let Some(merged) = merged.single() else {
                // Merged it is too large to keep: what is there stays, and the rest is unknown.
                let grown = self.unknown.is_none();
                self.unknown = self.unknown.take().or(merged.unknown);
                return grown;
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
            let grown = self.atoms.as_slice() != std::slice::from_ref(&atom);
            self.atoms = smallvec![atom];
            return grown;
        }
        let grown = self.unknown.is_none();
        if grown {
            self.unknown = Some(Arc::new(Hole::new(HoleReason::TooMany)));
        }
        grown
    }
}

impl From<Atom> for Value {
    fn from(atom: Atom) -> Self {
        Value { atoms: smallvec![atom], unknown: None }
    }
}

impl From<List> for Value {
    fn from(mut list: List) -> Self {
        if list.items.len() > MAX_LIST_ITEMS {
            list = List::new(Vec::new(), Some(list.element()));
        }
        list.weight = weigh(list.items.iter().chain(&list.rest));
        list.depth = deepest(list.items.iter().chain(&list.rest));
        list.digest = digest(|state| (&list.items, &list.rest).hash(state));
        bounded(list.weight, list.depth, || Atom::List(Arc::new(list)))
    }
}

impl From<Dict> for Value {
    fn from(mut dict: Dict) -> Self {
        if dict.entries.len() > MAX_DICT_ENTRIES {
            let element = dict.element();
            dict.entries.truncate(MAX_DICT_ENTRIES);
            dict.rest = Some(element);
        }
        dict.weight = weigh(dict.entries.iter().map(|entry| &entry.value).chain(&dict.rest));
        dict.depth = deepest(dict.entries.iter().map(|entry| &entry.value).chain(&dict.rest));
        dict.digest = digest(|state| (&dict.entries, &dict.rest).hash(state));
        bounded(dict.weight, dict.depth, || Atom::Dict(Arc::new(dict)))
    }
}

fn weigh<'a>(values: impl Iterator<Item = &'a Value>) -> u32 {
    values.map(Value::weight).fold(1, u32::saturating_add)
}

fn digest(write: impl FnOnce(&mut FxHasher)) -> u64 {
    let mut state = FxHasher::default();
    write(&mut state);
    state.finish()
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.items == other.items && self.rest == other.rest
    }
}

impl Eq for List {}

impl Hash for List {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

impl PartialEq for Dict {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.entries == other.entries && self.rest == other.rest
    }
}

impl Eq for Dict {}

impl Hash for Dict {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

/// The levels of a container that holds these values.
fn deepest<'a>(values: impl Iterator<Item = &'a Value>) -> u8 {
    let of_atom = |atom: &Atom| match atom {
        Atom::List(list) => list.depth,
        Atom::Dict(dict) => dict.depth,
        _ => 0,
    };
    let inside = values.flat_map(Value::atoms).map(of_atom).max();
    inside.unwrap_or(0).saturating_add(1)
}

fn bounded(weight: u32, depth: u8, atom: impl FnOnce() -> Atom) -> Value {
    if weight > MAX_VALUE_WEIGHT || depth > MAX_VALUE_DEPTH {
        Value::unknown(Hole::new(HoleReason::TooMany))
    } else {
        atom().into()
    }
}

impl PartialEq for Value {
    /// Same alternatives in any order; the reason for being open does not matter.
    fn eq(&self, other: &Self) -> bool {
        self.unknown.is_some() == other.unknown.is_some()
            && self.atoms.len() == other.atoms.len()
            && self.atoms.iter().all(|atom| other.atoms.contains(atom))
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.unknown.is_some().hash(state);
        match self.atoms.as_slice() {
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
            Atom::Library(value) => weigh(value.fields.iter().map(|(_, value)| value)),
            Atom::Function(closure) => weigh(closure.receiver.iter()),
            Atom::Method(object, _) => object.weight().saturating_add(1),
            _ => 1,
        }
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

impl TextPart {
    /// The text, when known.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match &self.kind {
            TextKind::Literal(text) => Some(text),
            TextKind::Hole(_) => None,
        }
    }

    /// The digest of a string that has the digest `before`, with this part behind it.
    fn digest(&self, before: u64) -> u64 {
        // Multiplying by a large odd number spreads each step over all bits.
        let step =
            |digest: u64, unit: u64| (digest.rotate_left(5) ^ unit).wrapping_mul(0x517c_c1b7_2722_0a95);
        let bytes = |digest: u64, text: &str| text.bytes().map(u64::from).fold(digest, step);
        match &self.kind {
            TextKind::Literal(text) => bytes(before, text),
            // No byte is that large.
            TextKind::Hole(hole) => bytes(step(before, 0x100), hole.name().unwrap_or_default()),
        }
    }
}

impl Text {
    /// A known string.
    #[must_use]
    pub fn literal(text: &str, site: Option<Site>) -> Self {
        let mut result = Text::default();
        result.push(TextPart { kind: TextKind::Literal(text.into()), site });
        result
    }

    /// A string of which nothing is known.
    #[must_use]
    pub fn hole(hole: Arc<Hole>, site: Option<Site>) -> Self {
        let site = site.or(hole.site);
        let mut result = Text::default();
        result.push(TextPart { kind: TextKind::Hole(hole), site });
        result
    }

    /// The parts in order. Literals are never empty; neighbouring literals keep their own sites.
    #[must_use]
    pub fn parts(&self) -> &[TextPart] {
        &self.parts
    }

    /// Appends a part.
    pub fn push(&mut self, part: TextPart) {
        if part.literal() != Some("") {
            self.digest = part.digest(self.digest);
            self.parts.push(part);
        }
    }

    /// Appends all parts of another string.
    pub fn push_text(&mut self, other: &Text) {
        for part in &other.parts {
            self.push(part.clone());
        }
    }

    /// The string when all of it is known and in one part, which is so for all constants; use
    /// [`Text::to_literal`] for joined strings.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [part] => part.literal(),
            _ => None,
        }
    }

    /// The string when all of it is known.
    #[must_use]
    pub fn to_literal(&self) -> Option<String> {
        self.parts.iter().map(TextPart::literal).collect()
    }

    /// Whether some part is unknown.
    #[must_use]
    pub fn has_hole(&self) -> bool {
        self.parts.iter().any(|part| part.literal().is_none())
    }

    /// The known text that all strings start with, then a hole; nothing if they share none.
    fn common_prefix(texts: &[Text]) -> Option<Text> {
        let firsts: Option<Vec<&str>> =
            texts.iter().map(|text| text.parts.first().and_then(TextPart::literal)).collect();
        let firsts = firsts?;
        let first = *firsts.first()?;
        let mut length = first.len();
        for other in &firsts {
            let shared = first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            length = length.min(shared);
        }
        while !first.is_char_boundary(length) {
            length -= 1;
        }
        let mut result = Text::literal(&first[..length], texts[0].parts[0].site);
        result.push_text(&Text::hole(Arc::new(Hole::new(HoleReason::TooMany)), None));
        (length > 0).then_some(result)
    }

    /// The parts as comparable pieces: runs of literal text and holes.
    fn pieces(&self) -> impl Iterator<Item = Result<u8, Option<&str>>> + '_ {
        self.parts.iter().flat_map(|part| {
            let (bytes, hole) = match &part.kind {
                TextKind::Literal(text) => (text.as_bytes(), None),
                TextKind::Hole(hole) => (&[][..], Some(hole.name())),
            };
            bytes.iter().map(|&byte| Ok(byte)).chain(hole.map(Err))
        })
    }
}

impl Hole {
    /// What tells it from other holes: the environment variable or the reference that would fill it.
    /// References are in braces, so that they are no names of variables.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match &self.reason {
            HoleReason::Environment(name) | HoleReason::Reference(name) => Some(name),
            _ => None,
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        if self.digest != other.digest {
            return false;
        }
        let same_part = |(own, other): (&TextPart, &TextPart)| match (&own.kind, &other.kind) {
            (TextKind::Literal(own), TextKind::Literal(other)) => own == other,
            (TextKind::Hole(own), TextKind::Hole(other)) => own.name() == other.name(),
            _ => false,
        };
        // Mostly equal strings are cut into the same parts.
        (self.parts.len() == other.parts.len() && self.parts.iter().zip(&other.parts).all(same_part))
            || self.pieces().eq(other.pieces())
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

impl List {
    /// A list of these elements, then any number of `rest`.
    #[must_use]
    pub fn new(items: Vec<Value>, rest: Option<Value>) -> Self {
        List { items, rest, weight: 0, depth: 0, digest: 0 }
    }

    /// All elements joined.
    #[must_use]
    pub fn element(&self) -> Value {
        let mut result = self.rest.clone().unwrap_or_default();
        for item in &self.items {
            result.join(item);
        }
        result
    }

    /// The list with one more element; past the bound elements lose their position.
    #[must_use]
    pub fn appended(&self, element: Value) -> List {
        let mut list = self.clone();
        if list.rest.is_none() && list.items.len() < MAX_LIST_ITEMS {
            // The same element again (a loop that appends) becomes "any number of these".
            if list.items.contains(&element) {
                list.rest = Some(element);
            } else {
                list.items.push(element);
            }
        } else {
            list.rest.get_or_insert_default().join(&element);
        }
        list
    }

    /// Both lists in one: elements by position where the lengths agree.
    #[must_use]
    pub fn merged(&self, other: &List) -> List {
        let mut list = self.clone();
        if list.items.len() == other.items.len() {
            for (own, item) in list.items.iter_mut().zip(&other.items) {
                own.join(item);
            }
        } else {
            list = List::new(Vec::new(), Some(self.element().joined(&other.element())));
        }
        if let Some(rest) = &other.rest {
            list.rest.get_or_insert_default().join(rest);
        }
        list
    }
}

/// Finds entries by key: by looking at each while they are few, by hash when there are many.
struct KeyIndex<'a> {
    entries: &'a [Entry],
    hashed: Option<FxHashMap<&'a Text, usize>>,
}

impl<'a> KeyIndex<'a> {
    /// Entries up to which looking at each is faster.
    const FEW: usize = 8;

    fn new(entries: &'a [Entry]) -> Self {
        let hashed = (entries.len() > Self::FEW)
            .then(|| entries.iter().enumerate().map(|(position, entry)| (&entry.key, position)).collect());
        KeyIndex { entries, hashed }
    }

    fn find(&self, key: &Text) -> Option<&'a Entry> {
        match &self.hashed {
            Some(hashed) => hashed.get(key).map(|&position| &self.entries[position]),
            None => self.entries.iter().find(|entry| entry.key == *key),
        }
    }
}

impl Dict {
    /// A dictionary of these entries, and any others if `rest` says so.
    #[must_use]
    pub fn new(entries: Vec<Entry>, rest: Option<Value>) -> Self {
        Dict { entries, rest, weight: 0, depth: 0, digest: 0 }
    }

    /// The entry with a known key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.as_literal() == Some(key))
    }

    /// What `dict[key]` gives: the entry, what open keys may hold, or bottom when it cannot be there.
    #[must_use]
    pub fn look_up(&self, key: &Text) -> Value {
        let mut result = Value::bottom();
        let known = key.to_literal();
        for entry in &self.entries {
            if entry.key == *key {
                result.join(&entry.value);
                if !entry.maybe {
                    return result;
                }
            } else if known.is_none() || entry.key.has_hole() {
                result.join(&entry.value);
            }
        }
        if let Some(rest) = &self.rest {
            result.join(rest);
        }
        result
    }

    /// Sets an entry for certain, replacing an old one.
    pub fn set(&mut self, key: Text, value: Value) {
        match self.entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => {
                entry.value = value;
                entry.maybe = false;
            }
            None => self.entries.push(Entry { key, value, maybe: false }),
        }
    }

    /// Copies all entries of `other` over the own ones.
    pub fn update(&mut self, other: &Dict) {
        for entry in &other.entries {
            if entry.maybe {
                match self.entries.iter_mut().find(|own| own.key == entry.key) {
                    Some(own) => {
                        own.value.join(&entry.value);
                    }
                    None => self.entries.push(entry.clone()),
                }
            } else {
                self.set(entry.key.clone(), entry.value.clone());
            }
        }
        if let Some(rest) = &other.rest {
            self.rest.get_or_insert_default().join(rest);
        }
    }

    /// Both dictionaries in one: entries that only one has are optional.
    #[must_use]
    pub fn merged(&self, other: &Dict) -> Dict {
        let (own, theirs) = (KeyIndex::new(&self.entries), KeyIndex::new(&other.entries));
        let mut entries: Vec<Entry> = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            let mut entry = entry.clone();
            match theirs.find(&entry.key) {
                Some(their) => {
                    entry.value.join(&their.value);
                    entry.maybe |= their.maybe;
                }
                None => entry.maybe = true,
            }
            entries.push(entry);
        }
        let new = other.entries.iter().filter(|entry| own.find(&entry.key).is_none());
        entries.extend(new.map(|entry| Entry { maybe: true, ..entry.clone() }));
        let mut result = Dict::new(entries, self.rest.clone());
        if let Some(rest) = &other.rest {
            result.rest.get_or_insert_default().join(rest);
        }
        result
    }

    /// All values joined.
    #[must_use]
    pub fn element(&self) -> Value {
        let mut result = self.rest.clone().unwrap_or_default();
        for entry in &self.entries {
            result.join(&entry.value);
        }
        result
    }
}
