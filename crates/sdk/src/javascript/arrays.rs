//! Methods of arrays and sets, which are both lists here. Callbacks are called once for each element
//! of a short known list, and otherwise once for all elements together.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, List, Outcome, Text, Value, bounds::MAX_UNROLL};

use super::functions::call_back;
use crate::shared::{computed, concat_all};

/// Strings that joining one list can give.
const MAX_RESULTS: usize = 32;
/// Times an accumulator is computed from itself before it is unknown.
const MAX_TURNS: usize = 4;

/// `list.name(args)`
pub(crate) fn method(cx: &mut Cx<'_, '_>, list: &List, name: &str, args: &Args) -> Outcome {
    if let Some(outcome) = changing(list, name, args) {
        return outcome;
    }
    let element = list.element();
    let first = args.positional.first().cloned().unwrap_or_default();
    let result: Value = match name {
        "map" => mapped(cx, list, &first),
        "flatMap" => flattened(&mapped(cx, list, &first)),
        "flat" => flattened(&list.clone().into()),
        "forEach" => {
            mapped(cx, list, &first);
            Atom::Null.into()
        }
        "filter" => filtered(cx, list, &first),
        "find" | "findLast" => {
            mapped(cx, list, &first);
            element.joined(&Atom::Null.into())
        }
        "some" | "every" | "findIndex" | "findLastIndex" => {
            mapped(cx, list, &first);
            cx.unknown(HoleReason::Computed)
        }
        "reduce" | "reduceRight" => reduced(cx, list, &first, args.positional.get(1)),
        "join" | "toString" => joined(cx, list, args.positional.first()),
        "concat" => concatenated(list, &args.positional),
        "slice" => sliced(list, args),
        "at" => match first.single() {
            Some(Atom::Int(_)) => cx.index(&list.clone().into(), &first),
            _ => element,
        },
        "toReversed" => reversed(list),
        "toSorted" => any_order(list),
        "values" | "valueOf" => list.clone().into(),
        "entries" => entries(cx, list),
        "keys" => Value::list_of(cx.unknown(HoleReason::Computed)),
        "next" => crate::shared::dict_of(&[("value", Some(&element))]).into(),
        "includes" | "indexOf" | "lastIndexOf" | "has" | "length" => cx.unknown(HoleReason::Computed),
        _ => {
            call_back(cx, args);
            cx.unknown(HoleReason::Computed)
        }
    };
    result.into()
}

/// Methods that change the list.
fn changing(list: &List, name: &str, args: &Args) -> Option<Outcome> {
    let element = list.element();
    let (result, after): (Value, Value) = match name {
        "push" | "add" => {
            let mut after = list.clone();
            for value in &args.positional {
                after = after.appended(value.clone());
            }
            if let Some(rest) = &args.rest {
                after =
                    List::new(after.items.clone(), Some(after.rest.clone().unwrap_or_default().joined(rest)));
            }
            let result =
                if name == "add" { after.clone().into() } else { Value::from(Atom::Text(computed())) };
            (result, after.into())
        }
        "unshift" => {
            let mut items = args.positional.clone();
            items.extend(list.items.iter().cloned());
            let after: Value = match &args.rest {
                Some(rest) => Value::list_of(element.joined(rest)),
                // In a loop positions move with each turn.
                None if args.positional.iter().any(|value| list.items.contains(value)) => {
                    Value::list_of(args.positional.iter().fold(element, |all, value| all.joined(value)))
                }
                None => List::new(items, list.rest.clone()).into(),
            };
            (Atom::Text(computed()).into(), after)
        }
        // What is left has an unknown length: these stand in loops that run until nothing is.
        "pop" | "shift" => (element.clone().joined(&Atom::Null.into()), Value::list_of(element)),
        "splice" => {
            let inserted = args.positional.iter().skip(2).chain(&args.rest);
            let after = inserted.fold(element.clone(), |all, value| all.joined(value));
            (Value::list_of(element), Value::list_of(after))
        }
        "delete" => (Atom::Bool(true).into(), Value::list_of(element)),
        "clear" => (Atom::Null.into(), Value::list(Vec::new()).joined(&list.clone().into())),
        "fill" => {
            let filled =
                Value::list_of(args.positional.iter().take(1).fold(element, |all, value| all.joined(value)));
            (filled.clone(), filled)
        }
        "reverse" => (reversed(list), reversed(list)),
        "sort" => (any_order(list), any_order(list)),
        _ => return None,
    };
    Some(Outcome { result, object: Some(after) })
}

/// What the callback gives for each element, in order.
pub(crate) fn mapped(cx: &mut Cx<'_, '_>, list: &List, callback: &Value) -> Value {
    let whole: Value = list.clone().into();
    let call = |cx: &mut Cx<'_, '_>, element: &Value, position: Option<usize>| {
        let index = match position.and_then(|position| i64::try_from(position).ok()) {
            Some(position) => Atom::Int(position).into(),
            None => cx.unknown(HoleReason::Computed),
        };
        cx.call(callback, &Args::of(vec![element.clone(), index, whole.clone()]))
    };
    if list.items.len() > MAX_UNROLL {
        return Value::list_of(call(cx, &list.element(), None));
    }
    let items: Vec<Value> =
        list.items.iter().enumerate().map(|(position, item)| call(cx, item, Some(position))).collect();
    let rest = list.rest.as_ref().map(|rest| call(cx, rest, None));
    List::new(items, rest).into()
}

/// The elements for which the callback is not certainly false.
fn filtered(cx: &mut Cx<'_, '_>, list: &List, callback: &Value) -> Value {
    let kept = mapped(cx, list, callback);
    let Some(Atom::List(kept)) = kept.single() else { return any_order(list) };
    let mut all_certain = list.rest.is_none();
    let mut items = Vec::new();
    for (item, keep) in list.items.iter().zip(&kept.items) {
        match truth(keep) {
            Some(false) => {}
            keep => {
                all_certain &= keep == Some(true);
                items.push(item.clone());
            }
        }
    }
    if kept.items.len() == list.items.len() && all_certain {
        return Value::list(items);
    }
    if kept.items.len() != list.items.len() {
        return any_order(list);
    }
    let rest = items.iter().fold(list.rest.clone().unwrap_or_default(), |all, item| all.joined(item));
    if rest.is_bottom() { Value::list(Vec::new()) } else { Value::list_of(rest) }
}

/// Whether a value counts as true, where all alternatives agree.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    if value.is_open() || value.is_bottom() {
        return None;
    }
    let first = value.atoms().first()?.truth()?;
    value.atoms().iter().all(|atom| atom.truth() == Some(first)).then_some(first)
}

fn reduced(cx: &mut Cx<'_, '_>, list: &List, callback: &Value, initial: Option<&Value>) -> Value {
    let (mut result, items) = match (initial, list.items.split_first()) {
        (Some(initial), _) => (initial.clone(), list.items.as_slice()),
        (None, Some((first, others))) => (first.clone(), others),
        (None, None) => (list.element(), list.items.as_slice()),
    };
    let step = |cx: &mut Cx<'_, '_>, result: &Value, item: &Value| {
        let index = cx.unknown(HoleReason::Computed);
        cx.call(callback, &Args::of(vec![result.clone(), item.clone(), index]))
    };
    let (known, further) =
        if items.len() > MAX_UNROLL { (&[][..], Some(list.element())) } else { (items, list.rest.clone()) };
    for item in known {
        result = step(cx, &result, item);
    }
    let Some(further) = further else { return result };
    for _ in 0..MAX_TURNS {
        let next = step(cx, &result, &further);
        if !result.join(&next) {
            return result;
        }
    }
    let unknown = cx.unknown(HoleReason::TooMany);
    result.joined(&unknown)
}

fn joined(cx: &mut Cx<'_, '_>, list: &List, separator: Option<&Value>) -> Value {
    let separator = match separator {
        Some(separator) => cx.to_text(separator),
        None => Value::text(",", None),
    };
    let mut pieces = Vec::new();
    for item in &list.items {
        if !pieces.is_empty() {
            pieces.push(separator.clone());
        }
        let item = cx.to_text(item);
        pieces.push(if item.is_bottom() { Atom::Text(Text::default()).into() } else { item });
    }
    if list.rest.is_some() {
        pieces.push(Atom::Text(computed()).into());
    }
    concat_all(&pieces, MAX_RESULTS)
}

fn concatenated(list: &List, others: &[Value]) -> Value {
    let mut result = list.clone();
    let add = |result: &mut List, value: &Value| match &mut result.rest {
        Some(rest) => {
            rest.join(value);
        }
        None => result.items.push(value.clone()),
    };
    for other in others {
        match other.single() {
            Some(Atom::List(other)) => {
                other.items.iter().for_each(|item| add(&mut result, item));
                if let Some(rest) = &other.rest {
                    result.rest.get_or_insert_default().join(rest);
                }
            }
            _ if !other.is_open() && !other.atoms().iter().any(|atom| matches!(atom, Atom::List(_))) => {
                add(&mut result, other);
            }
            _ => {
                let rest = result.rest.get_or_insert_default();
                for atom in other.atoms() {
                    match atom {
                        Atom::List(list) => rest.join(&list.element()),
                        atom => rest.join(&atom.clone().into()),
                    };
                }
                rest.join(&other.without(|_| true));
            }
        }
    }
    result.into()
}

fn sliced(list: &List, args: &Args) -> Value {
    let integer = |position: usize| match args.positional.get(position) {
        None => Some(None),
        Some(value) => match value.single() {
            Some(Atom::Int(number)) => Some(Some(*number)),
            _ => None,
        },
    };
    let (Some(start), Some(end), None) = (integer(0), integer(1), &list.rest) else {
        return any_order(list);
    };
    let length = i64::try_from(list.items.len()).unwrap_or(i64::MAX);
    let place = |bound: i64| {
        let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
        usize::try_from(bound.clamp(0, length)).unwrap_or(0)
    };
    let start = place(start.unwrap_or(0));
    let end = place(end.unwrap_or(length)).max(start);
    Value::list(list.items[start..end].to_vec())
}

fn flattened(value: &Value) -> Value {
    value.map(
        |atom| match atom {
            Atom::List(list) => {
                concatenated(&List::new(Vec::new(), list.rest.as_ref().map(element_of)), &list.items)
            }
            _ => Value::bottom(),
        },
        |hole| Value::list_of(Value::unknown((**hole).clone())),
    )
}

/// What the value holds where it is a list, itself otherwise.
fn element_of(value: &Value) -> Value {
    value.map(
        |atom| match atom {
            Atom::List(list) => list.element(),
            other => other.clone().into(),
        },
        |hole| Value::unknown((**hole).clone()),
    )
}

fn reversed(list: &List) -> Value {
    match list.rest {
        None => Value::list(list.items.iter().rev().cloned().collect()),
        Some(_) => any_order(list),
    }
}

/// The same elements, any number, in any order.
fn any_order(list: &List) -> Value {
    match (list.items.as_slice(), &list.rest) {
        ([] | [_], None) => list.clone().into(),
        _ => Value::list_of(list.element()),
    }
}

fn entries(cx: &mut Cx<'_, '_>, list: &List) -> Value {
    let pair = |position: Option<usize>, item: &Value| {
        let index = match position.and_then(|position| i64::try_from(position).ok()) {
            Some(position) => Atom::Int(position).into(),
            None => cx.unknown(HoleReason::Computed),
        };
        Value::list(vec![index, item.clone()])
    };
    let items = list.items.iter().enumerate().map(|(position, item)| pair(Some(position), item)).collect();
    let rest = list.rest.as_ref().map(|rest| pair(None, rest));
    List::new(items, rest).into()
}

/// `something.name(callback)` for a method of arrays, where nothing is known of the elements but
/// `element`. Nothing for other methods.
pub(crate) fn method_of_unknown(
    cx: &mut Cx<'_, '_>,
    element: &Value,
    name: &str,
    args: &Args,
) -> Option<Value> {
    let callback = args.positional.first()?;
    if !callback.atoms().iter().any(super::functions::is_callable) {
        return None;
    }
    match name {
        "map" | "flatMap" | "forEach" | "filter" | "find" | "findLast" | "some" | "every" | "findIndex"
        | "reduce" | "reduceRight" => {
            let list = List::new(Vec::new(), Some(element.clone()));
            Some(method(cx, &list, name, args).result)
        }
        _ => None,
    }
}
