//! Classes that are made from the names of their fields: `collections.namedtuple` and the functional
//! forms of its relatives.

use perm_infer_analysis::{Args, Atom, Cx, Dict, LibraryValue, Text, Value};

use super::{Python, foreign::foreign, kind};
use crate::shared::{entry, known_strings};

/// Calls what makes such a class.
pub(crate) fn call(dotted: &str, args: &Args) -> Option<Value> {
    if dotted != "collections.namedtuple" {
        return None;
    }
    let names = args.get(1, "field_names")?;
    let names: Vec<Value> = match names.single()? {
        Atom::List(list) if list.rest.is_none() => list.items.clone(),
        Atom::Text(text) => {
            let text = text.to_literal()?;
            let words = text.split([',', ' ']).filter(|word| !word.is_empty());
            words.map(|word| Value::text(word, None)).collect()
        }
        _ => return None,
    };
    let name = args.get(0, "typename").and_then(Value::as_str).unwrap_or("namedtuple").to_owned();
    let defaults = args.named("defaults").cloned().unwrap_or_default();
    let fields = vec![("names", Value::list(names)), ("defaults", defaults)];
    Some(Value::library(kind::RECORD_CLASS, &name, fields))
}

/// An instance with these arguments.
pub(crate) fn make(class: &LibraryValue, args: &Args) -> Value {
    let mut values = Dict::default();
    let names = class.field("names").map(known_names).unwrap_or_default();
    let defaults = match class.field("defaults").and_then(Value::single) {
        Some(Atom::List(list)) => list.items.clone(),
        _ => Vec::new(),
    };
    let first_default = names.len().saturating_sub(defaults.len());
    for (position, name) in names.iter().enumerate() {
        let default = position.checked_sub(first_default).and_then(|at| defaults.get(at));
        if let Some(value) = args.get(position, name).or(default) {
            values.set(Text::literal(name, None), value.clone());
        }
    }
    Value::library(kind::RECORD, &class.name, vec![("values", values.into())])
}

fn known_names(names: &Value) -> Vec<String> {
    match names.single() {
        Some(Atom::List(list)) => list.items.iter().flat_map(|item| known_strings(item).0).collect(),
        _ => Vec::new(),
    }
}

/// The values of a record in order, by name.
pub(crate) fn values(record: &LibraryValue) -> Option<&Dict> {
    match record.field("values")?.single()? {
        Atom::Dict(dict) => Some(dict),
        _ => None,
    }
}

/// `record.name`
pub(crate) fn attribute(cx: &Cx<'_, '_>, record: &LibraryValue, name: &str) -> Option<Value> {
    let value = entry(cx, record.field("values")?, name);
    (!value.is_bottom()).then_some(value)
}

/// `record[index]`
pub(crate) fn index(record: &LibraryValue, index: &Value) -> Value {
    let Some(values) = values(record) else { return Value::bottom() };
    let position = match index.single() {
        Some(Atom::Int(position)) => usize::try_from(*position).ok(),
        _ => None,
    };
    match position.and_then(|position| values.entries.get(position)) {
        Some(entry) => entry.value.clone(),
        None => values.element(),
    }
}

/// `record._replace(...)`, `record._asdict()`
pub(crate) fn method(cx: &mut Cx<'_, '_>, record: &LibraryValue, name: &str, args: &Args) -> Value {
    let Some(own) = values(record) else { return Value::bottom() };
    match name {
        "_replace" => {
            let mut values = own.clone();
            values.update(&crate::shared::named_args(args));
            Value::library(kind::RECORD, &record.name, vec![("values", values.into())])
        }
        "_asdict" => own.clone().into(),
        _ => match attribute(cx, record, name) {
            Some(callee) => cx.call(&callee, args),
            None => foreign(&record.name),
        },
    }
}

impl Python<'_> {
    /// The default of a field of a dataclass, a pydantic model or an attrs class.
    pub(crate) fn field_default(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let (package, name) = (dotted.split('.').next()?, dotted.rsplit('.').next()?);
        let by_position = match (package, name) {
            ("dataclasses", "field") => None,
            ("pydantic" | "pydantic_settings", "Field" | "PrivateAttr") => args.positional.first(),
            ("attr" | "attrs", "ib" | "attrib" | "field") => None,
            ("attr" | "attrs", "Factory") => return Some(cx.call(args.positional.first()?, &no_args())),
            _ => return None,
        };
        if let Some(factory) = args.named("default_factory").or_else(|| args.named("factory")) {
            let factory = factory.clone();
            return Some(cx.call(&factory, &no_args()));
        }
        // Without a default it is what the constructor is given.
        let default = args.named("default").or(by_position).filter(|default| !is_required(default));
        if let Some(variable) = args.named("env").or_else(|| args.named("validation_alias"))
            && variable.texts().next().is_some()
        {
            return Some(self.shared.environment_variable(cx, variable, default));
        }
        Some(default.cloned().unwrap_or_default())
    }
}

/// `...` stands for a default that there is not.
fn is_required(default: &Value) -> bool {
    let foreign = |atom: &Atom| matches!(atom, Atom::Library(value) if value.kind == kind::FOREIGN);
    !default.is_bottom() && default.atoms().iter().all(foreign)
}

fn no_args() -> Args {
    Args::of(Vec::new())
}
