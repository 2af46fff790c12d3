//! Building and taking apart dictionaries and lists of abstract values.

use std::sync::Arc;

use perm_infer_analysis::{Args, Atom, Cx, Dict, Entry, Hole, HoleReason, Text, Value};

/// The keys of a value that is a dictionary in all known alternatives.
pub(crate) struct Keys {
    /// Every fully known key of some alternative.
    pub(crate) names: Vec<Arc<str>>,
    /// Whether there may be others.
    pub(crate) open: bool,
}

/// The keys of a dictionary; nothing when an alternative is no dictionary.
pub(crate) fn dict_keys(value: &Value) -> Option<Keys> {
    let mut keys = Keys { names: Vec::new(), open: value.rest().is_some() };
    for atom in value.atoms() {
        let Atom::Dict(dict) = atom else { return None };
        keys.open |= dict.rest.is_some();
        for entry in &dict.entries {
            match entry.key.to_literal() {
                Some(name) if !keys.names.iter().any(|known| **known == *name) => {
                    keys.names.push(name.into());
                }
                Some(_) => {}
                None => keys.open = true,
            }
        }
    }
    Some(keys)
}

/// The arguments that were passed by name, as a dictionary; open when a spread may bring more, or when
/// nobody knows the arguments.
pub(crate) fn named_args(args: &Args) -> Dict {
    let entries = args
        .named
        .iter()
        .map(|arg| Entry { key: Text::literal(&arg.name, None), value: arg.value.clone(), maybe: arg.maybe })
        .collect();
    let others = || Value::unknown(Hole::new(HoleReason::Parameter("arguments".into())));
    Dict::new(entries, args.named_rest.clone().or_else(|| (!args.complete).then(others)))
}

/// The value under a key that is known, in every alternative that is a dictionary; what is not known
/// to be a dictionary gives an unknown value, what cannot have the key gives nothing.
pub(crate) fn entry(cx: &Cx<'_, '_>, value: &Value, key: &str) -> Value {
    let key = Text::literal(key, None);
    value.map(
        |atom| match atom {
            Atom::Dict(dict) => dict.look_up(&key),
            _ => Value::bottom(),
        },
        |_| cx.unknown(HoleReason::Computed),
    )
}

/// A dictionary of these entries, leaving out those whose value nothing reaches.
pub(crate) fn dict_of(entries: &[(&str, Option<&Value>)]) -> Dict {
    let mut dict = Dict::default();
    for (key, value) in entries {
        if let Some(value) = value.filter(|value| !value.is_bottom()) {
            dict.set(Text::literal(key, None), value.clone());
        }
    }
    dict
}

/// The string alternatives that are fully known, and whether the value may be anything else.
pub(crate) fn known_strings(value: &Value) -> (Vec<String>, bool) {
    let mut strings = Vec::new();
    let mut open = value.rest().is_some();
    for atom in value.atoms() {
        match atom {
            Atom::Text(text) => match text.to_literal() {
                Some(text) => strings.push(text),
                None => open = true,
            },
            _ => open = true,
        }
    }
    (strings, open)
}
