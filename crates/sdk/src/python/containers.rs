//! Methods of lists, tuples, sets and dictionaries. A method that changes its object says what the
//! object is afterwards.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, List, Outcome, Text, Value};

use super::arguments::call_back;
use super::foreign::foreign;

fn changed(result: Value, object: Value) -> Option<Outcome> {
    Some(Outcome { result, object: Some(object) })
}

fn null() -> Value {
    Atom::Null.into()
}

/// `list.name(args)`, also of tuples and sets.
pub(crate) fn list_method(cx: &mut Cx<'_, '_>, list: &List, name: &str, args: &Args) -> Option<Outcome> {
    let own = || Value::from(list.clone());
    match name {
        "append" | "add" | "appendleft" | "put" | "put_nowait" => {
            changed(null(), list.appended(args.positional.first()?.clone()).into())
        }
        "insert" => {
            let mut list = list.clone();
            let inserted = args.positional.get(1)?.clone();
            let element = list.element().joined(&inserted);
            list = List::new(Vec::new(), Some(element));
            changed(null(), list.into())
        }
        "extend" | "update" | "union" | "extendleft" => {
            let mut result = list.clone();
            for more in &args.positional {
                result = extended(cx, &result, more);
            }
            let value: Value = result.into();
            if name == "union" { Some(value.into()) } else { changed(null(), value) }
        }
        "pop" | "popleft" | "get" | "get_nowait" => {
            changed(list.element(), List::new(Vec::new(), Some(list.element())).into())
        }
        "sort" => {
            if let Some(key) = args.named("key").cloned() {
                cx.call(&key, &Args::of(vec![list.element()]));
            }
            changed(null(), List::new(Vec::new(), Some(list.element())).into())
        }
        "reverse" => {
            let mut reversed = list.clone();
            if reversed.rest.is_none() {
                reversed.items.reverse();
            } else {
                reversed = List::new(Vec::new(), Some(list.element()));
            }
            changed(null(), reversed.into())
        }
        "clear" => changed(null(), Value::list(Vec::new())),
        "remove" | "discard" | "difference_update" | "intersection_update" => {
            changed(null(), List::new(Vec::new(), Some(list.element())).into())
        }
        "copy" | "__iter__" | "__aiter__" => Some(own().into()),
        "difference" | "intersection" | "symmetric_difference" => Some(Value::list_of(list.element()).into()),
        // Generators.
        "__next__" | "__anext__" | "send" => Some(list.element().into()),
        "close" | "aclose" => Some(null().into()),
        "index" | "count" | "issubset" | "issuperset" | "isdisjoint" | "__len__" | "__contains__" => {
            Some(cx.unknown(HoleReason::Computed).into())
        }
        // Named tuples.
        "_replace" | "_asdict" => Some(cx.unknown(HoleReason::Computed).into()),
        _ => {
            call_back(cx, args);
            Some(foreign("list").into())
        }
    }
}

/// The list with all elements of another value behind it.
pub(crate) fn extended(cx: &mut Cx<'_, '_>, list: &List, more: &Value) -> List {
    match more.single() {
        Some(Atom::List(other)) if list.rest.is_none() => {
            let mut result = list.clone();
            for item in &other.items {
                result = result.appended(item.clone());
            }
            if let Some(rest) = &other.rest {
                result.rest.get_or_insert_default().join(rest);
            }
            result
        }
        _ => {
            let element = cx.element(more);
            let mut result = list.clone();
            result.rest.get_or_insert_default().join(&element);
            result
        }
    }
}

/// `dict.name(args)`
pub(crate) fn dict_method(cx: &mut Cx<'_, '_>, dict: &Dict, name: &str, args: &Args) -> Option<Outcome> {
    let own = || Value::from(dict.clone());
    match name {
        "get" | "__getitem__" => Some(looked_up(dict, args).into()),
        "setdefault" => {
            let result = looked_up(dict, args);
            let mut after = dict.clone();
            if let Some(key) = args.positional.first().and_then(Value::single).and_then(Atom::as_text)
                && !dict.entries.iter().any(|entry| entry.key == key && !entry.maybe)
            {
                after.set(key, result.clone());
            }
            changed(result, after.into())
        }
        "pop" => {
            let result = looked_up(dict, args);
            let mut after = dict.clone();
            match args.positional.first().and_then(Value::single).and_then(Atom::as_text) {
                Some(key) => after.entries.retain(|entry| entry.key != key),
                None => after.entries.iter_mut().for_each(|entry| entry.maybe = true),
            }
            changed(result, after.into())
        }
        "popitem" => {
            let mut after = dict.clone();
            after.entries.iter_mut().for_each(|entry| entry.maybe = true);
            let key = cx.unknown(HoleReason::Computed);
            changed(Value::list(vec![key, dict.element()]), after.into())
        }
        "update" | "__ior__" => {
            let mut after = dict.clone();
            for more in &args.positional {
                after = merged(cx, &after, more);
            }
            after.update(&crate::shared::named_args(args));
            changed(null(), after.into())
        }
        "clear" => changed(null(), Dict::default().into()),
        "items" | "iteritems" => Some(items(cx, dict).into()),
        "keys" | "__iter__" => Some(keys(cx, dict).into()),
        "values" | "itervalues" => {
            let values = dict.entries.iter().map(|entry| entry.value.clone()).collect();
            let objects = dict.objects.iter().map(|objects| objects.1.clone());
            let rest = joined(dict.rest.iter().cloned().chain(objects));
            Some(Value::from(List::new(values, rest)).into())
        }
        "copy" | "__copy__" => Some(own().into()),
        _ => None,
    }
}

/// `dict.get(key, default)`
fn looked_up(dict: &Dict, args: &Args) -> Value {
    let default = args.get(1, "default");
    let mut result = Value::bottom();
    let keys = args.positional.first().cloned().unwrap_or_default();
    let mut certain = !keys.is_bottom();
    for key in keys.texts() {
        result.join(&dict.look_up(&key));
        certain &= dict.entries.iter().any(|entry| entry.key == key && !entry.maybe && !key.has_hole());
    }
    // What a library gave may be any key.
    if keys.atoms().iter().any(|key| key.as_text().is_none() && *key != Atom::Null) {
        result.join(&dict.element());
        certain = false;
    }
    // A default does not decide what is called.
    if let Some(hole) = keys.default_hole() {
        result.join(&dict.callables().joined(&Value::unknown((**hole).clone())));
    }
    if !certain {
        match default {
            Some(default) => result.join(default),
            // `None` would only say that there may be nothing, which every use of the value excludes.
            None if result.is_bottom() => result.join(&Atom::Null.into()),
            None => false,
        };
    }
    result
}

/// The dictionary with all entries of another value over its own.
pub(crate) fn merged(cx: &mut Cx<'_, '_>, dict: &Dict, more: &Value) -> Dict {
    let mut result = dict.clone();
    let one = more.single().is_some();
    for atom in more.atoms() {
        match atom {
            Atom::Dict(other) if one => result.update(other),
            Atom::Dict(other) => {
                let mut optional = (**other).clone();
                optional.entries.iter_mut().for_each(|entry| entry.maybe = true);
                result.update(&optional);
            }
            Atom::List(list) => result = with_pairs(&result, list),
            Atom::Null => {}
            _ => {
                result.rest.get_or_insert_default().join(&cx.unknown(HoleReason::Computed));
            }
        }
    }
    if let Some(hole) = more.hole() {
        result.rest.get_or_insert_default().join(&Value::unknown((**hole).clone()));
    }
    result
}

/// Entries from a list of pairs.
fn with_pairs(dict: &Dict, list: &List) -> Dict {
    let mut result = dict.clone();
    for item in &list.items {
        match pair(item) {
            Some((key, value)) => result.set(key, value),
            None => {
                result.rest.get_or_insert_default().join(&second(item));
            }
        }
    }
    if let Some(rest) = &list.rest {
        result.rest.get_or_insert_default().join(&second(rest));
    }
    result
}

fn pair(item: &Value) -> Option<(Text, Value)> {
    let Some(Atom::List(list)) = item.single() else { return None };
    let [key, value] = list.items.as_slice() else { return None };
    Some((key.single()?.as_text()?, value.clone()))
}

fn second(item: &Value) -> Value {
    item.map(
        |atom| match atom {
            Atom::List(list) => list.items.get(1).cloned().unwrap_or_else(|| list.element()),
            _ => Value::bottom(),
        },
        |hole| Value::unknown((**hole).clone()),
    )
}

fn joined(values: impl Iterator<Item = Value>) -> Option<Value> {
    values.reduce(|all, one| all.joined(&one))
}

fn items(cx: &mut Cx<'_, '_>, dict: &Dict) -> Value {
    let pairs = dict
        .entries
        .iter()
        .map(|entry| Value::list(vec![Atom::Text(entry.key.clone()).into(), entry.value.clone()]))
        .collect();
    let rest = dict.rest.as_ref().map(|rest| {
        let key = cx.unknown(HoleReason::Computed);
        Value::list(vec![key, rest.clone()])
    });
    let objects = dict.objects.iter().map(|objects| Value::list(vec![objects.0.clone(), objects.1.clone()]));
    List::new(pairs, joined(rest.into_iter().chain(objects))).into()
}

fn keys(cx: &mut Cx<'_, '_>, dict: &Dict) -> Value {
    let keys = dict.entries.iter().map(|entry| Atom::Text(entry.key.clone()).into()).collect();
    let rest = dict.rest.as_ref().map(|_| cx.unknown(HoleReason::Computed));
    let objects = dict.objects.iter().map(|objects| objects.0.clone());
    List::new(keys, joined(rest.into_iter().chain(objects))).into()
}
