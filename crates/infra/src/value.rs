//! A value of a template with everything in it evaluated: texts are patterns, each with its alternatives.

use perm_infer_policy::Pattern;

use crate::model::Argument;
use crate::tree::Mark;

/// A value with the place where it starts.
#[derive(Clone, Debug)]
pub(crate) struct Value {
    pub(crate) at: Mark,
    pub(crate) kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    /// The alternatives of a text, a number or a truth value; none when it is not there.
    Text(Vec<Pattern>),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The value of a key of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value below several keys.
    pub(crate) fn at_path(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The entries of a map; none of anything else.
    pub(crate) fn entries(&self) -> &[(String, Value)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Value] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The alternatives of a text; none of anything else.
    pub(crate) fn texts(&self) -> &[Pattern] {
        match &self.kind {
            Kind::Text(texts) => texts,
            _ => &[],
        }
    }

    /// The text where there is only one and it has no references.
    pub(crate) fn text(&self) -> Option<&str> {
        match self.texts() {
            [only] => only.as_literal(),
            _ => None,
        }
    }

    /// One of two values: what either of them has.
    pub(crate) fn or(self, other: Value) -> Value {
        let kind = match (self.kind, other.kind) {
            (Kind::Null, kind) | (kind, Kind::Null) => kind,
            (Kind::Text(mut texts), Kind::Text(more)) => {
                texts.extend(more);
                Kind::Text(texts)
            }
            (Kind::List(mut items), Kind::List(more)) => {
                items.extend(more);
                Kind::List(items)
            }
            (Kind::Map(mut entries), Kind::Map(more)) => {
                for (key, value) in more {
                    match entries.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, known)) => *known = known.clone().or(value),
                        None => entries.push((key, value)),
                    }
                }
                Kind::Map(entries)
            }
            _ => Kind::Text(vec![Pattern::any()]),
        };
        Value { at: self.at, kind }
    }

    /// The value as an argument of a call.
    pub(crate) fn argument(&self) -> Option<Argument> {
        match &self.kind {
            Kind::Null => None,
            Kind::Text(texts) if texts.is_empty() => None,
            Kind::Text(texts) => Some(Argument::Text(texts.clone())),
            Kind::List(items) => Some(Argument::List(items.iter().filter_map(Value::argument).collect())),
            Kind::Map(entries) => {
                let entries = entries.iter();
                let known = entries.filter_map(|(key, value)| Some((key.clone(), value.argument()?)));
                Some(Argument::Map(known.collect()))
            }
        }
    }
}
