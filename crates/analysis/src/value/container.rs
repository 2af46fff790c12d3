//! Lists and dictionaries, bounded in size when they become values.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Atom, Hole, HoleReason, Text, Value, digest};
use crate::bounds::{MAX_CUT_WEIGHT, MAX_DICT_ENTRIES, MAX_LIST_ITEMS, MAX_VALUE_DEPTH, MAX_VALUE_WEIGHT};

/// A list: known elements by position, then any number of further ones. It becomes a value by
/// `Value::from`, which bounds its size.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The first elements.
    pub items: Vec<Value>,
    /// What further elements are; `None` when there are none.
    pub rest: Option<Value>,
    /// Values inside, counted once when it became a value.
    pub(super) weight: u32,
    /// Levels of containers inside, counted like the weight.
    pub(super) depth: u8,
    /// A digest of the content, made once when it became a value: most different lists differ in it.
    pub(super) digest: u64,
}

/// A dictionary: known entries in order of insertion, then possibly any further ones. It becomes a
/// value by `Value::from`, which bounds its size.
#[derive(Clone, Debug, Default)]
pub struct Dict {
    /// Known entries; keys are distinct.
    pub entries: Vec<Entry>,
    /// What values under further keys are; `None` when there are no further keys.
    pub rest: Option<Value>,
    /// Keys that are no strings, such as classes, and the values under them.
    pub objects: Option<Box<(Value, Value)>>,
    /// Values inside, counted once when it became a value.
    pub(super) weight: u32,
    /// Levels of containers inside, counted like the weight.
    pub(super) depth: u8,
    /// A digest of the content, made once when it became a value.
    pub(super) digest: u64,
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

impl From<List> for Value {
    fn from(mut list: List) -> Self {
        if list.items.len() > MAX_LIST_ITEMS {
            list = List::new(Vec::new(), Some(list.element()));
        }
        list.measure();
        match Fit::of(list.weight, list.depth) {
            Fit::Whole => Atom::List(Arc::new(list)).into(),
            Fit::Cut => list.cut(MAX_VALUE_DEPTH - 1).into(),
            Fit::Unknown => Value::unknown(Hole::new(HoleReason::TooMany)),
        }
    }
}

impl From<Dict> for Value {
    fn from(mut dict: Dict) -> Self {
        if dict.entries.len() > MAX_DICT_ENTRIES {
            let element = dict.element();
            dict.entries.truncate(MAX_DICT_ENTRIES);
            dict.rest = Some(element);
        }
        dict.measure();
        match Fit::of(dict.weight, dict.depth) {
            Fit::Whole => Atom::Dict(Arc::new(dict)).into(),
            Fit::Cut => dict.cut(MAX_VALUE_DEPTH - 1).into(),
            Fit::Unknown => Value::unknown(Hole::new(HoleReason::TooMany)),
        }
    }
}

/// Values inside of these and they themselves.
pub(super) fn weigh<'a>(values: impl Iterator<Item = &'a Value>) -> u32 {
    values.map(Value::weight).fold(1, u32::saturating_add)
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
        self.digest == other.digest
            && self.entries == other.entries
            && self.rest == other.rest
            && self.objects == other.objects
    }
}

impl Eq for Dict {}

impl Hash for Dict {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}

/// Whether what one container says of further elements covers what another one says.
fn rest_includes(own: Option<&Value>, other: Option<&Value>) -> bool {
    other.is_none_or(|other| own.is_some_and(|own| own.includes(other)))
}

/// The levels of a container that holds these values.
fn deepest<'a>(values: impl Iterator<Item = &'a Value>) -> u8 {
    let inside = values.flat_map(Value::atoms).map(depth).max();
    inside.unwrap_or(0).saturating_add(1)
}

/// Levels of containers in one another.
fn depth(atom: &Atom) -> u8 {
    match atom {
        Atom::List(list) => list.depth,
        Atom::Dict(dict) => dict.depth,
        _ => 0,
    }
}

/// What is kept of a container.
enum Fit {
    Whole,
    /// The outer levels of one that is too deep: names stand far outside, data far inside.
    Cut,
    Unknown,
}

impl Fit {
    fn of(weight: u32, depth: u8) -> Self {
        match depth > MAX_VALUE_DEPTH {
            true if weight <= MAX_CUT_WEIGHT => Fit::Cut,
            false if weight <= MAX_VALUE_WEIGHT => Fit::Whole,
            _ => Fit::Unknown,
        }
    }
}

/// The value with containers below these levels unknown.
fn cut(value: &Value, levels: u8) -> Value {
    let is_deep = |atom: &Atom| depth(atom) > levels;
    if !value.atoms().iter().any(is_deep) {
        return value.clone();
    }
    value.map(
        |atom| match atom {
            Atom::List(list) if is_deep(atom) && levels > 0 => list.cut(levels - 1).into(),
            Atom::Dict(dict) if is_deep(atom) && levels > 0 => dict.cut(levels - 1).into(),
            _ if is_deep(atom) => Value::unknown(Hole::new(HoleReason::TooMany)),
            _ => atom.clone().into(),
        },
        |hole| Value::unknown((**hole).clone()),
    )
}

impl List {
    /// The same with containers below these levels unknown.
    fn cut(&self, levels: u8) -> Atom {
        let mut list = self.clone();
        list.items.iter_mut().chain(&mut list.rest).for_each(|value| *value = cut(value, levels));
        list.measure();
        Atom::List(Arc::new(list))
    }

    /// Counts once what is inside, when it becomes a value.
    fn measure(&mut self) {
        self.weight = weigh(self.items.iter().chain(&self.rest));
        self.depth = deepest(self.items.iter().chain(&self.rest));
        self.digest = digest(|state| (&self.items, &self.rest).hash(state));
    }

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

    /// Whether merging `other` would add nothing, as far as that is seen without doing so.
    pub(super) fn includes(&self, other: &List) -> bool {
        let items = match self.items.len() == other.items.len() {
            true => self.items.iter().zip(&other.items).all(|(own, item)| own.includes(item)),
            false => {
                self.items.is_empty()
                    && self
                        .rest
                        .as_ref()
                        .is_some_and(|rest| other.items.iter().all(|item| rest.includes(item)))
            }
        };
        items && rest_includes(self.rest.as_ref(), other.rest.as_ref())
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
    /// The same with containers below these levels unknown.
    fn cut(&self, levels: u8) -> Atom {
        let mut dict = self.clone();
        dict.entries.iter_mut().for_each(|entry| entry.value = cut(&entry.value, levels));
        dict.rest.iter_mut().for_each(|value| *value = cut(value, levels));
        dict.objects.iter_mut().for_each(|objects| objects.1 = cut(&objects.1, levels));
        dict.measure();
        Atom::Dict(Arc::new(dict))
    }

    /// Counts once what is inside, when it becomes a value.
    fn measure(&mut self) {
        self.weight = weigh(self.values());
        self.depth = deepest(self.values());
        self.digest = digest(|state| (&self.entries, &self.rest, &self.objects).hash(state));
    }

    /// A dictionary of these entries, and any others if `rest` says so.
    #[must_use]
    pub fn new(entries: Vec<Entry>, rest: Option<Value>) -> Self {
        Dict { entries, rest, ..Dict::default() }
    }

    /// All values, by known keys and others.
    fn values(&self) -> impl Iterator<Item = &Value> {
        let objects = self.objects.iter().map(|objects| &objects.1);
        self.entries.iter().map(|entry| &entry.value).chain(&self.rest).chain(objects)
    }

    /// Adds an entry whose key is no string.
    pub fn set_object(&mut self, key: &Value, value: &Value) {
        let objects = self.objects.get_or_insert_default();
        objects.0.join(key);
        objects.1.join(value);
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

    /// What a setting may pick instead of what its default does: of what can be called nothing is left
    /// out.
    #[must_use]
    pub fn callables(&self) -> Value {
        self.element().without(|atom| {
            matches!(
                atom,
                Atom::Null | Atom::Bool(_) | Atom::Int(_) | Atom::Text(_) | Atom::List(_) | Atom::Dict(_)
            )
        })
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
        self.join_open(other);
    }

    /// Joins what is under keys that are not known or no strings.
    fn join_open(&mut self, other: &Dict) {
        if let Some(rest) = &other.rest {
            self.rest.get_or_insert_default().join(rest);
        }
        if let Some(objects) = &other.objects {
            self.set_object(&objects.0, &objects.1);
        }
    }

    /// Whether merging `other` would add nothing, as far as that is seen without doing so.
    pub(super) fn includes(&self, other: &Dict) -> bool {
        let has =
            |own: &Entry, their: &Entry| (own.maybe || !their.maybe) && own.value.includes(&their.value);
        let in_order = self.entries.len() == other.entries.len()
            && self.entries.iter().zip(&other.entries).all(|(own, their)| own.key == their.key);
        let entries = || match in_order {
            true => self.entries.iter().zip(&other.entries).all(|(own, their)| has(own, their)),
            false => {
                let (own, theirs) = (KeyIndex::new(&self.entries), KeyIndex::new(&other.entries));
                self.entries.iter().all(|entry| entry.maybe || theirs.find(&entry.key).is_some())
                    && other
                        .entries
                        .iter()
                        .all(|their| own.find(&their.key).is_some_and(|own| has(own, their)))
            }
        };
        other.objects.is_none() && rest_includes(self.rest.as_ref(), other.rest.as_ref()) && entries()
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
        let mut result = Dict { entries, ..self.clone() };
        result.join_open(other);
        result
    }

    /// All values joined.
    #[must_use]
    pub fn element(&self) -> Value {
        let mut result = Value::bottom();
        for value in self.values() {
            result.join(value);
        }
        result
    }
}
