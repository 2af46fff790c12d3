//! Plain objects and maps, which are both dictionaries here: methods of `Map`, functions of `Object`.

use perm_infer_analysis::{Args, Atom, Cx, Dict, Entry, Hole, HoleReason, List, Outcome, Text, Value};

use super::functions::call_back;

/// `dict.name(args)` where the dictionary has no such function: a method of `Map`, or of every object.
pub(crate) fn method(cx: &mut Cx<'_, '_>, dict: &Dict, name: &str, args: &Args) -> Outcome {
    let first = args.positional.first().cloned().unwrap_or_default();
    let whole: Value = dict.clone().into();
    let result = match name {
        "get" => look_up(dict, &first),
        "set" => {
            let unknown = cx.unknown(HoleReason::Computed);
            let value = args.positional.get(1).cloned().unwrap_or_default();
            let after = with_entry(dict, &first, filled_later(&value, &unknown, MAX_SHARED_DEPTH));
            return Outcome { result: after.clone().into(), object: Some(after.into()) };
        }
        "delete" => {
            let mut after = dict.clone();
            after.entries.iter_mut().for_each(|entry| entry.maybe = true);
            return Outcome { result: cx.unknown(HoleReason::Computed), object: Some(after.into()) };
        }
        "keys" => keys(cx, dict),
        "values" => values(dict),
        "entries" => entries(cx, dict),
        "forEach" => {
            for entry in &dict.entries {
                let key = Atom::Text(entry.key.clone()).into();
                cx.call(&first, &Args::of(vec![entry.value.clone(), key, whole.clone()]));
            }
            if let Some(rest) = &dict.rest {
                let key = cx.unknown(HoleReason::Computed);
                cx.call(&first, &Args::of(vec![rest.clone(), key, whole]));
            }
            Atom::Null.into()
        }
        "toString" | "toJSON" | "valueOf" | "has" | "hasOwnProperty" => cx.unknown(HoleReason::Computed),
        // A method that is not known to be there, of an object that may have others.
        _ => match &dict.rest {
            Some(rest) if super::functions::holds_function(rest) => cx.call(rest, args),
            _ => {
                call_back(cx, args);
                cx.unknown(HoleReason::Undefined(name.into()))
            }
        },
    };
    result.into()
}

/// A property that a closed dictionary does not have.
pub(crate) fn missing_property(cx: &mut Cx<'_, '_>, dict: &Dict, name: &str) -> Option<Value> {
    match name {
        "size" => Some(cx.unknown(HoleReason::Computed)),
        // Methods, to be called or handed over.
        "get" | "set" | "has" | "delete" | "keys" | "values" | "entries" | "forEach" | "then" | "catch"
        | "finally" | "toString" | "hasOwnProperty" => None,
        _ if dict.rest.is_none() && dict.entries.iter().all(|entry| !entry.key.has_hole()) => {
            Some(Atom::Null.into())
        }
        _ => None,
    }
}

/// Levels inside of what is put into a `Map` that may be filled under another name.
const MAX_SHARED_DEPTH: usize = 3;

/// What is put into a `Map` and empty is there to be filled, by what `get` gives or under the name that it has
/// besides: `groups.set(key, group); group.items.push(item)`.
fn filled_later(value: &Value, unknown: &Value, depth: usize) -> Value {
    if depth == 0 {
        return value.clone();
    }
    let filled = |atom: &Atom| match atom {
        Atom::List(list) if list.items.is_empty() && list.rest.is_none() => {
            List::new(Vec::new(), Some(unknown.clone())).into()
        }
        Atom::Dict(dict) => {
            let mut dict = Dict::clone(dict);
            if dict.entries.is_empty() && dict.rest.is_none() {
                dict.rest = Some(unknown.clone());
            }
            for entry in &mut dict.entries {
                entry.value = filled_later(&entry.value, unknown, depth - 1);
            }
            dict.into()
        }
        other => other.clone().into(),
    };
    value.map(filled, |hole| Value::unknown(Hole::clone(hole)))
}

fn look_up(dict: &Dict, key: &Value) -> Value {
    let mut result = Value::bottom();
    for text in key.texts() {
        result.join(&dict.look_up(&text));
    }
    if key.atoms().iter().any(|atom| atom.as_text().is_none()) {
        result.join(&dict.element());
    }
    result.joined(&Atom::Null.into())
}

fn with_entry(dict: &Dict, key: &Value, value: Value) -> Dict {
    let mut after = dict.clone();
    match key.single().and_then(Atom::as_text) {
        Some(key) if !key.has_hole() => after.set(key, value),
        _ => {
            let keys: Vec<Text> = key.texts().collect();
            if keys.is_empty() {
                after.rest.get_or_insert_default().join(&value);
            }
            for key in keys {
                match after.entries.iter_mut().find(|entry| entry.key == key) {
                    Some(entry) => {
                        entry.value.join(&value);
                    }
                    None => after.entries.push(Entry { key, value: value.clone(), maybe: true }),
                }
            }
        }
    }
    after
}

fn keys(cx: &mut Cx<'_, '_>, dict: &Dict) -> Value {
    let items = dict.entries.iter().map(|entry| Atom::Text(entry.key.clone()).into()).collect();
    let rest = dict.rest.as_ref().map(|_| cx.unknown(HoleReason::Computed));
    List::new(items, rest).into()
}

fn values(dict: &Dict) -> Value {
    let items = dict.entries.iter().map(|entry| entry.value.clone()).collect();
    List::new(items, dict.rest.clone()).into()
}

/// Pairs of key and value.
pub(crate) fn entries(cx: &mut Cx<'_, '_>, dict: &Dict) -> Value {
    let pair = |key: Value, value: &Value| Value::list(vec![key, value.clone()]);
    let items =
        dict.entries.iter().map(|entry| pair(Atom::Text(entry.key.clone()).into(), &entry.value)).collect();
    let rest = dict.rest.as_ref().map(|rest| pair(cx.unknown(HoleReason::Computed), rest));
    List::new(items, rest).into()
}

/// `Object.name(args)`
pub(crate) fn object_function(cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Value {
    let first = args.positional.first().cloned().unwrap_or_default();
    match name {
        "freeze" | "seal" | "preventExtensions" | "defineProperty" | "defineProperties"
        | "setPrototypeOf" => first,
        "keys" | "getOwnPropertyNames" => of_dicts(cx, &first, keys),
        "values" => of_dicts(cx, &first, |_, dict| values(dict)),
        "entries" => of_dicts(cx, &first, entries),
        "assign" => assigned(cx, args),
        "fromEntries" => from_entries(cx, &first),
        "groupBy" => Dict::new(Vec::new(), Some(first)).into(),
        "create" => Value::dict(Vec::new()),
        _ => {
            call_back(cx, args);
            cx.unknown(HoleReason::Result(format!("Object.{name}").into()))
        }
    }
}

/// What `of` gives for each dictionary; other values give a list of unknown content.
fn of_dicts(cx: &mut Cx<'_, '_>, value: &Value, of: impl Fn(&mut Cx<'_, '_>, &Dict) -> Value) -> Value {
    let mut result = Value::bottom();
    for atom in value.atoms() {
        let one = match atom {
            Atom::Dict(dict) => of(cx, dict),
            Atom::List(list) => Value::list_of(list.element()),
            Atom::Null => Value::bottom(),
            _ => Value::list_of(cx.unknown(HoleReason::Computed)),
        };
        result.join(&one);
    }
    if let Some(hole) = value.hole() {
        result.join(&Value::list_of(Value::unknown((**hole).clone())));
    }
    result
}

/// `Object.assign(target, ...sources)`
pub(crate) fn assigned(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let Some((target, sources)) = args.positional.split_first() else { return Atom::Null.into() };
    let mut result = target.clone();
    for source in sources.iter().chain(&args.rest) {
        result = updated(cx, &result, source);
    }
    result
}

fn updated(cx: &mut Cx<'_, '_>, target: &Value, source: &Value) -> Value {
    let mut result = target.without(|atom| matches!(atom, Atom::Dict(_)));
    for atom in target.atoms() {
        let Atom::Dict(dict) = atom else { continue };
        if source.is_bottom() {
            result.join(&atom.clone().into());
        }
        for other in source.atoms() {
            let mut dict = (**dict).clone();
            match other {
                Atom::Dict(other) => dict.update(other),
                Atom::Null | Atom::Bool(_) | Atom::Int(_) | Atom::Text(_) | Atom::Function(_) => {}
                _ => {
                    dict.rest.get_or_insert_default().join(&cx.unknown(HoleReason::Computed));
                }
            }
            result.join(&dict.into());
        }
        if let Some(hole) = source.hole() {
            let mut dict = (**dict).clone();
            dict.rest.get_or_insert_default().join(&Value::unknown((**hole).clone()));
            result.join(&dict.into());
        }
    }
    result
}

/// A dictionary of a list of pairs: `Object.fromEntries`, `new Map(pairs)`.
pub(crate) fn from_entries(cx: &mut Cx<'_, '_>, pairs: &Value) -> Value {
    let mut result = Value::bottom();
    for atom in pairs.atoms() {
        let dict = match atom {
            Atom::List(list) => {
                let mut dict = Dict::default();
                for item in &list.items {
                    let (key, value) = (element(cx, item, 0), element(cx, item, 1));
                    dict = with_entry(&dict, &key, value);
                }
                if let Some(rest) = &list.rest {
                    let value = element(cx, rest, 1);
                    dict.rest.get_or_insert_default().join(&value);
                }
                dict
            }
            Atom::Dict(dict) => (**dict).clone(),
            Atom::Null => Dict::default(),
            _ => Dict::new(Vec::new(), Some(cx.unknown(HoleReason::Computed))),
        };
        result.join(&dict.into());
    }
    if let Some(hole) = pairs.hole() {
        result.join(&Dict::new(Vec::new(), Some(Value::unknown((**hole).clone()))).into());
    }
    result
}

fn element(cx: &mut Cx<'_, '_>, pair: &Value, position: i64) -> Value {
    cx.index(pair, &Atom::Int(position).into())
}
