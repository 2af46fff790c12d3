//! Reading and writing attributes and elements of every kind of value.

use std::sync::Arc;

use super::Interp;
use super::activation::Activation;
use super::cells::CellKey;
use super::class::{Member, public_names};
use super::store::Maker;
use crate::library::{Args, Protocol};
use crate::value::{Atom, Closure, Dict, External, Hole, HoleReason, InstanceId, List, Site, Text, Value};

/// Characters of a library path that are followed; longer ones are no library's.
const MAX_EXTERNAL_PATH: usize = 256;

impl Interp<'_> {
    /// `object.name`
    pub(crate) fn attribute(&mut self, object: &Value, name: &str, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in self.having(object, name, site) {
            let value = self.attribute_of_atom(atom, name, site);
            result.join(&value);
        }
        if let Some(hole) = object.hole() {
            result.join(&Value::unknown((**hole).clone()));
        }
        result
    }

    pub(super) fn attribute_of_atom(&mut self, object: &Atom, name: &str, site: Site) -> Value {
        match object {
            Atom::Instance(id) => self.attribute_of_instance(*id, name, site),
            Atom::Class(class) => {
                let classes = self.ancestry(*class);
                let found = self.find_member(&classes, name, true);
                self.member_or_hole(found, object, name, site)
            }
            Atom::Module(file) => self.module_attribute(*file, name),
            Atom::External(external) => self.attribute_of_external(external, name, site),
            Atom::Dict(dict) => match dict.get(name) {
                Some(entry) if !entry.maybe => entry.value.clone(),
                Some(_) => self.look_up(dict, &Text::literal(name, None), site),
                None => {
                    let answer = self.ask(site, |library, cx| library.attribute(cx, object, name));
                    answer.unwrap_or_else(|| dict.rest.clone().unwrap_or_else(|| method_of(object, name)))
                }
            },
            Atom::Function(closure) if self.function_property(closure, name).is_some() => {
                self.function_property(closure, name).unwrap_or_default()
            }
            Atom::Null => Value::bottom(),
            Atom::Method(inner, _) if matches!(**inner, Atom::Method(..)) => {
                Value::unknown(Hole::at(HoleReason::Undefined(name.into()), site))
            }
            _ => {
                let answer = self.ask(site, |library, cx| library.attribute(cx, object, name));
                answer.unwrap_or_else(|| method_of(object, name))
            }
        }
    }

    fn attribute_of_instance(&mut self, id: InstanceId, name: &str, site: Site) -> Value {
        let object = Atom::Instance(id);
        let key = CellKey::Field(id, name.into());
        let mut result = Value::bottom();
        let written = self.store.cells.is_written(&key);
        if written {
            result = self.store.cells.read(key.clone());
            // What every instance has hides the class's own.
            if self.store.cells.is_constructed(&key) && !self.store.instance_data(id).is_shared {
                return result;
            }
        }
        match self.store.instance_data(id).maker.clone() {
            Maker::Class(class) => {
                let classes = self.ancestry(class);
                let found = self.find_member(&classes, name, false);
                match found {
                    Some(Member::External(_)) | None if written => {}
                    None => {
                        if let Some(method) = self.special_method(&object, Protocol::Attribute, site) {
                            let args = Args::of(vec![Value::text(name, None)]);
                            return self.call_value(&method, &args, site);
                        }
                        // Perhaps something sets it later: then this is evaluated again.
                        result = self.typed_field(&classes, &object, name);
                        result.join(&self.store.cells.read_if_set(key, !result.is_bottom()));
                    }
                    Some(Member::Variable(default, None)) => {
                        let base = self.outside_base(&classes);
                        let answer = base.and_then(|base| {
                            self.ask(site, |library, cx| {
                                library.inherited_default(cx, &base, &object, name, &default)
                            })
                        });
                        let value = answer.unwrap_or_else(|| {
                            self.member_value(Member::Variable(default, None), &object, site)
                        });
                        result.join(&value);
                    }
                    found => {
                        let value = self.member_or_hole(found, &object, name, site);
                        result.join(&value);
                    }
                }
            }
            Maker::Function(closure) => {
                let prototype = format!("prototype.{name}");
                if let Some(value) = self.function_property(&closure, &prototype) {
                    for atom in value.atoms() {
                        result.join(&super::call::bind(atom, &object));
                    }
                } else if !written {
                    result = self.store.cells.read(key);
                }
            }
        }
        result
    }

    fn member_or_hole(&mut self, found: Option<Member>, object: &Atom, name: &str, site: Site) -> Value {
        match found {
            Some(Member::External(base)) => {
                let answer = self.ask(site, |library, cx| library.inherited(cx, &base, object, name));
                answer.unwrap_or_else(|| Value::unknown(Hole::at(HoleReason::Undefined(name.into()), site)))
            }
            Some(member) => self.member_value(member, object, site),
            None => {
                let answer = self.ask(site, |library, cx| library.attribute(cx, object, name));
                answer.unwrap_or_else(|| Value::unknown(Hole::at(HoleReason::Undefined(name.into()), site)))
            }
        }
    }

    pub(super) fn attribute_of_external(&mut self, external: &External, name: &str, site: Site) -> Value {
        if external.path.is_empty()
            && let Some(file) = self.submodule(site.file, &external.module, name)
        {
            self.ensure_module(file);
            return Atom::Module(file).into();
        }
        let object = Atom::External(external.clone());
        let answer = self.ask(site, |library, cx| library.attribute(cx, &object, name));
        answer.unwrap_or_else(|| {
            if external.path.len() + name.len() > MAX_EXTERNAL_PATH {
                return Value::unknown(Hole::at(HoleReason::Undefined(name.into()), site));
            }
            Atom::External(external.attribute(name)).into()
        })
    }

    /// Every function under a public name of an instance, class or module.
    pub(crate) fn functions_of(&mut self, object: &Atom, site: Site) -> Value {
        let class = match object {
            Atom::Instance(id) => match self.store.instance_data(*id).maker {
                Maker::Class(class) => Some(class),
                Maker::Function(_) => None,
            },
            Atom::Class(class) => Some(*class),
            _ => None,
        };
        let names = match (class, object) {
            (Some(class), _) => self.method_names(class),
            (None, Atom::Module(file)) => public_names(self.facts(*file), None),
            _ => Vec::new(),
        };
        let mut result = Value::bottom();
        for name in names {
            let value = self.attribute_of_atom(object, &name, site);
            result.join(&value.without(|atom| !matches!(atom, Atom::Function(_))).closed());
        }
        result
    }

    /// A property that the project sets on a function.
    pub(super) fn function_property(&mut self, closure: &Closure, name: &str) -> Option<Value> {
        let key = CellKey::FunctionProp(closure.file, closure.func, name.into());
        self.store.cells.is_written(&key).then(|| self.store.cells.read(key))
    }

    /// The value of `super.name`: the member of a base class, with the current receiver.
    pub(super) fn super_attribute(&mut self, act: &Activation, name: &str, site: Site) -> Value {
        let (Some(class), Some(this)) = (act.class, &act.this) else {
            return Value::unknown(Hole::at(HoleReason::Undefined(name.into()), site));
        };
        let mut classes = self.ancestry(class);
        classes.remove(0);
        let mut result = Value::bottom();
        for object in this.atoms() {
            let of_class = matches!(object, Atom::Class(_));
            let found = self.find_member(&classes, name, of_class);
            let value = match found {
                None => {
                    let base = self.store.class_data(class).bases.clone();
                    match base.atoms().iter().find(|atom| !matches!(atom, Atom::Class(_))) {
                        Some(base) => {
                            let base = base.clone();
                            self.member_or_hole(Some(Member::External(base)), object, name, site)
                        }
                        None if self.library.protocol(Protocol::New).contains(&name) => {
                            Atom::External(External::new("", &format!("object.{name}"))).into()
                        }
                        None => method_of(&Atom::Null, name),
                    }
                }
                found => self.member_or_hole(found, object, name, site),
            };
            result.join(&value);
        }
        result
    }

    /// `object[index]`
    pub(crate) fn index(&mut self, object: &Value, index: &Value, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in object.atoms() {
            let value = self.index_atom(atom, index, site);
            result.join(&value);
        }
        if let Some(hole) = object.hole() {
            result.join(&Value::unknown((**hole).clone()));
        }
        result
    }

    fn index_atom(&mut self, object: &Atom, index: &Value, site: Site) -> Value {
        match object {
            Atom::List(list) => index.map(|key| list_item(list, key), |_| list.element()),
            Atom::Dict(dict) => index.map(
                |key| match key.as_text() {
                    Some(key) => or_null(self.look_up(dict, &key, site)),
                    None => dict.element(),
                },
                |hole| match index.default_hole() {
                    Some(_) => dict.callables().joined(&Value::unknown((**hole).clone())),
                    None => dict.element(),
                },
            ),
            Atom::Instance(_) => match self.special_method(object, Protocol::Index, site) {
                Some(method) => self.call_value(&method, &Args::of(vec![index.clone()]), site),
                None => self.attributes_named(object, index, site),
            },
            Atom::Class(_) | Atom::Module(_) | Atom::Function(_) => {
                self.attributes_named(object, index, site)
            }
            Atom::Null => Value::bottom(),
            Atom::Text(_) | Atom::Bool(_) | Atom::Int(_) | Atom::Method(..) => {
                Value::unknown(Hole::at(HoleReason::Computed, site))
            }
            Atom::External(_) | Atom::Library(_) => {
                let answer = self.ask(site, |library, cx| library.index(cx, object, index));
                answer.unwrap_or_else(|| self.attributes_named(object, index, site))
            }
        }
    }

    /// What is under a key; where the entry is there on some paths only, what the language gives without it too.
    fn look_up(&mut self, dict: &Arc<Dict>, key: &Text, site: Site) -> Value {
        let found = dict.look_up(key);
        let Some(name) = key.as_literal().filter(|name| dict.get(name).is_some_and(|entry| entry.maybe))
        else {
            return found;
        };
        match self.ask(site, |library, cx| library.attribute(cx, &Atom::Dict(Arc::default()), name)) {
            Some(missing) => found.joined(&missing),
            None => found,
        }
    }

    /// `object["name"]` is `object.name`, for each name that the index may be.
    fn attributes_named(&mut self, object: &Atom, index: &Value, site: Site) -> Value {
        let mut result = Value::bottom();
        let mut open = index.rest().is_some();
        for atom in index.atoms() {
            match atom {
                Atom::Text(text) => match text.to_literal() {
                    Some(name) => {
                        let value = self.attribute_of_atom(object, &name, site);
                        result.join(&value);
                    }
                    None => open = true,
                },
                _ => open = true,
            }
        }
        if open {
            result.join(&Value::unknown(Hole::at(HoleReason::Computed, site)));
        }
        result
    }

    /// What a loop over the value gives each time.
    pub(crate) fn element(&mut self, value: &Value, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in value.atoms() {
            let element = match atom {
                Atom::List(list) => list.element(),
                Atom::Dict(dict) => keys(dict),
                Atom::Instance(_) => match self.special_method(atom, Protocol::Iterate, site) {
                    Some(method) => {
                        let iterator = self.call_value(&method, &Args::of(Vec::new()), site);
                        if iterator.atoms().contains(atom) {
                            Value::unknown(Hole::at(HoleReason::Computed, site))
                        } else {
                            self.element(&iterator, site)
                        }
                    }
                    None => Value::unknown(Hole::at(HoleReason::Computed, site)),
                },
                Atom::Class(_) => self.class_elements(atom, site),
                Atom::Null | Atom::Bool(_) | Atom::Int(_) => Value::bottom(),
                _ => {
                    let answer = self.ask(site, |library, cx| library.element(cx, atom));
                    answer.unwrap_or_else(|| Value::unknown(Hole::at(HoleReason::Computed, site)))
                }
            };
            result.join(&element);
        }
        if let Some(hole) = value.hole() {
            result.join(&Value::unknown((**hole).clone()));
        }
        result
    }

    /// Looping over a class (an enumeration) gives its data members.
    fn class_elements(&mut self, class: &Atom, site: Site) -> Value {
        let Atom::Class(id) = class else { return Value::bottom() };
        let data = self.store.class_data(*id).clone();
        let facts = self.facts(data.file);
        let mut result = Value::bottom();
        for &var in &facts.classes[data.class.index()].vars {
            let name = facts.text(facts.vars[var.index()].name);
            let value = self.attribute_of_atom(class, name, site);
            result.join(&value.without(|atom| matches!(atom, Atom::Function(_))));
        }
        result
    }

    /// Entering the value as a context manager.
    pub(super) fn enter(&mut self, value: &Value, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in value.atoms() {
            let entered = match atom {
                // A generator function that a library makes into a context manager.
                Atom::List(list) => list.element(),
                Atom::Instance(_) => match self.special_method(atom, Protocol::Enter, site) {
                    Some(method) => self.call_value(&method, &Args::of(Vec::new()), site),
                    None => atom.clone().into(),
                },
                Atom::External(_) | Atom::Library(_) => {
                    let answer = self.ask(site, |library, cx| library.enter(cx, atom));
                    answer.unwrap_or_else(|| atom.clone().into())
                }
                _ => atom.clone().into(),
            };
            result.join(&entered);
        }
        if let Some(hole) = value.hole() {
            result.join(&Value::unknown((**hole).clone()));
        }
        result
    }

    pub(super) fn awaited(&mut self, value: &Value, site: Site) -> Value {
        let mut result = value.without(|atom| matches!(atom, Atom::External(_) | Atom::Library(_)));
        for atom in value.atoms() {
            if matches!(atom, Atom::External(_) | Atom::Library(_)) {
                let answer = self.ask(site, |library, cx| library.awaited(cx, atom));
                result.join(&answer.unwrap_or_else(|| atom.clone().into()));
            }
        }
        result
    }

    /// Stores an attribute of objects that are shared (instances, classes, modules, functions). The
    /// result is what a plain object becomes by it, which the caller stores where the object was.
    pub(super) fn set_attribute(
        &mut self,
        object: &Value,
        name: &str,
        value: &Value,
        site: Site,
    ) -> Option<Value> {
        let mut after = Value::bottom();
        let mut changed = false;
        for atom in object.atoms() {
            let key = match atom {
                Atom::Instance(id) => {
                    if let Maker::Class(class) = self.store.instance_data(*id).maker
                        && let Some(setter) = self.setter(class, name)
                    {
                        let bound = super::call::bind(&Atom::Function(setter), atom);
                        self.call_value(&bound, &Args::of(vec![value.clone()]), site);
                        after.join(&atom.clone().into());
                        continue;
                    }
                    Some(CellKey::Field(*id, name.into()))
                }
                Atom::Class(class) => Some(CellKey::ClassAttr(*class, name.into())),
                Atom::Module(file) => Some(CellKey::Export(*file, name.into())),
                Atom::Function(closure) => {
                    Some(CellKey::FunctionProp(closure.file, closure.func, name.into()))
                }
                Atom::Method(inner, property) => match &**inner {
                    Atom::Function(closure) => {
                        let path = format!("{property}.{name}");
                        Some(CellKey::FunctionProp(closure.file, closure.func, path.into()))
                    }
                    _ => None,
                },
                Atom::Library(_) | Atom::External(_) => {
                    let stored = self.ask(site, |library, cx| library.assign(cx, atom, name, value));
                    changed |= stored.is_some();
                    after.join(&stored.unwrap_or_else(|| atom.clone().into()));
                    continue;
                }
                Atom::Dict(dict) => {
                    let mut dict: Dict = (**dict).clone();
                    dict.set(Text::literal(name, Some(site)), value.clone());
                    after.join(&dict.into());
                    changed = true;
                    continue;
                }
                _ => None,
            };
            match key {
                // Its constructor no longer replaces what it has assigned.
                Some(key @ CellKey::Field(..)) => self.store.cells.share(key, value),
                Some(key) => self.store.cells.join(key, value),
                None => {}
            }
            after.join(&atom.clone().into());
        }
        if let Some(hole) = object.hole() {
            after.join(&Value::unknown((**hole).clone()));
        }
        changed.then_some(after)
    }

    /// What a container becomes when an element is stored in it.
    pub(super) fn set_index(
        &mut self,
        object: &Value,
        index: &Value,
        value: &Value,
        site: Site,
    ) -> Option<Value> {
        let mut after = Value::bottom();
        let mut changed = false;
        for atom in object.atoms() {
            let stored: Value = match atom {
                Atom::Dict(dict) => dict_with(dict, index, value).into(),
                Atom::List(list) => list_with(list, index, value).into(),
                _ => {
                    if let Some(name) = index.as_str() {
                        self.set_attribute(&atom.clone().into(), name, value, site);
                    }
                    atom.clone().into()
                }
            };
            changed |= matches!(atom, Atom::Dict(_) | Atom::List(_));
            after.join(&stored);
        }
        if let Some(hole) = object.hole() {
            after.join(&Value::unknown((**hole).clone()));
        }
        changed.then_some(after)
    }
}

/// An attribute that nothing is known of: perhaps a method to be called later.
fn method_of(object: &Atom, name: &str) -> Value {
    match object {
        Atom::Null => Value::bottom(),
        _ => Atom::Method(Arc::new(object.clone()), name.into()).into(),
    }
}

fn or_null(value: Value) -> Value {
    if value.is_bottom() { Atom::Null.into() } else { value }
}

fn list_item(list: &List, key: &Atom) -> Value {
    let Atom::Int(position) = key else { return list.element() };
    let length = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
    let from_start =
        if *position >= 0 { Some(*position) } else { (list.rest.is_none()).then(|| length + position) };
    let known = from_start.and_then(|position| list.items.get(usize::try_from(position).ok()?));
    match (known, &list.rest) {
        (Some(item), _) => item.clone(),
        (None, Some(_)) => list.element(),
        (None, None) => Atom::Null.into(),
    }
}

/// The keys of a dictionary joined.
fn keys(dict: &Dict) -> Value {
    let mut result = Value::bottom();
    for entry in &dict.entries {
        result.join(&Atom::Text(entry.key.clone()).into());
    }
    if dict.rest.is_some() {
        result.join(&Value::unknown(Hole::new(HoleReason::Computed)));
    }
    if let Some(objects) = &dict.objects {
        result.join(&objects.0);
    }
    result
}

fn dict_with(dict: &Dict, index: &Value, value: &Value) -> Dict {
    let mut result = dict.clone();
    match index.single().and_then(Atom::as_text) {
        Some(key) => result.set(key, value.clone()),
        None => {
            let objects = index.without(|key| key.as_text().is_some()).closed();
            if !objects.is_bottom() {
                result.set_object(&objects, value);
            }
            let keys: Vec<Text> = index.texts().collect();
            for key in keys {
                match result.entries.iter_mut().find(|entry| entry.key == key) {
                    Some(entry) => {
                        entry.value.join(value);
                    }
                    None => {
                        result.entries.push(crate::value::Entry { key, value: value.clone(), maybe: true });
                    }
                }
            }
        }
    }
    result
}

fn list_with(list: &List, index: &Value, value: &Value) -> List {
    let mut result = list.clone();
    let position = match index.single() {
        Some(Atom::Int(position)) => usize::try_from(*position).ok(),
        _ => None,
    };
    match position {
        Some(position) if position < result.items.len() => result.items[position] = value.clone(),
        Some(position) if position == result.items.len() && result.rest.is_none() => {
            result.items.push(value.clone());
        }
        _ => {
            result.rest.get_or_insert_default().join(value);
            for item in &mut result.items {
                item.join(value);
            }
        }
    }
    result
}
