//! From abstract parameters to what the catalogue takes, keeping every string so that the catalogue's
//! answer leads back to where it came from.

use std::sync::Arc;

use perm_infer_analysis::{Atom, Dict, Hole, HoleReason, List, Text, TextKind, Value};
use perm_infer_catalog::{Param, ParamMap, Presence, TraceId, TracedPattern};
use perm_infer_infra::References;
use perm_infer_policy::{Part, Pattern};

/// Levels of nested parameters that are handed on; AWS's inputs are far flatter.
const MAX_DEPTH: usize = 24;

/// The strings of one call's parameters, so that the catalogue's answer leads back to them.
pub(crate) struct Traces<'r> {
    texts: Vec<Text>,
    /// Why there may be parameters that nobody sees.
    rest: Option<Text>,
    references: &'r References,
}

impl<'r> Traces<'r> {
    /// No strings yet; `references` says what those of the deployment are.
    pub(crate) fn new(references: &'r References) -> Self {
        Traces { texts: Vec::new(), rest: None, references }
    }

    /// The parameters as maps: one for each alternative dictionary.
    pub(crate) fn maps(&mut self, params: &Value) -> Vec<ParamMap> {
        let mut maps: Vec<ParamMap> = params
            .atoms()
            .iter()
            .filter_map(|atom| match atom {
                Atom::Dict(dict) => Some(self.map(dict, 0)),
                _ => None,
            })
            .collect();
        let rests = params.atoms().iter().filter_map(dict_of).filter_map(|dict| dict.rest.as_ref()?.rest());
        let rest = params.rest().or_else(|| rests.into_iter().next());
        self.rest = rest.map(|hole| Text::hole(hole.clone(), None));
        if params.rest().is_some() {
            maps.push(ParamMap { entries: Vec::new(), open: true });
        }
        if maps.is_empty() {
            maps.push(ParamMap::default());
        }
        maps
    }

    fn map(&mut self, dict: &Dict, depth: usize) -> ParamMap {
        let entries = dict
            .entries
            .iter()
            .map(|entry| {
                let maybe = entry.maybe || entry.value.atoms().contains(&Atom::Null);
                let presence = if maybe { Presence::Maybe } else { Presence::Always };
                (self.traced(&entry.key), presence, self.param(&entry.value, depth + 1))
            })
            .collect();
        ParamMap { entries, open: dict.rest.is_some() }
    }

    fn param(&mut self, value: &Value, depth: usize) -> Param {
        if depth > MAX_DEPTH || value.is_bottom() {
            return Param::Unknown;
        }
        if let Some(dict) = merged(value, dict_of, Dict::merged) {
            let mut map = self.map(&dict, depth);
            map.open |= value.rest().is_some();
            return Param::Map(map);
        }
        if let Some(list) = merged(value, list_of, List::merged) {
            let mut items: Vec<Param> = list.items.iter().map(|item| self.param(item, depth + 1)).collect();
            items.extend(list.rest.iter().map(|rest| self.param(rest, depth + 1)));
            return Param::List(items);
        }
        let mut texts: Vec<TracedPattern> = Vec::new();
        let mut unknown = false;
        let several = value.atoms().len() > 1 || value.rest().is_some();
        for atom in value.atoms() {
            match atom {
                Atom::Null | Atom::Bool(_) => {}
                _ => match atom.as_text() {
                    // No resource has an empty name: beside others it says that nothing is set yet.
                    Some(text) if text.parts().is_empty() && several => {}
                    Some(text) => texts.push(self.traced(&text)),
                    None => match origin(atom) {
                        Some(hole) => texts.push(self.traced(&Text::hole(Arc::new(hole), None))),
                        None => unknown = true,
                    },
                },
            }
        }
        if let Some(hole) = value.rest() {
            texts.push(self.traced(&Text::hole(hole.clone(), None)));
        }
        match value.single() {
            Some(Atom::Null) => Param::Null,
            Some(Atom::Bool(flag)) => Param::Bool(*flag),
            _ if texts.is_empty() || unknown => Param::Unknown,
            _ => Param::Text(texts),
        }
    }

    fn traced(&mut self, text: &Text) -> TracedPattern {
        let trace = TraceId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(text.clone());
        TracedPattern { pattern: pattern(text, self.references), trace }
    }

    /// Where parameters come from that are not known as a whole.
    pub(crate) fn rest(&self) -> Option<&Text> {
        self.rest.as_ref()
    }

    /// The string behind a trace.
    pub(crate) fn text(&self, trace: TraceId) -> Option<&Text> {
        self.texts.get(trace.0 as usize)
    }
}

/// Where a value comes from that a library made and that has no text.
fn origin(atom: &Atom) -> Option<Hole> {
    let name = match atom {
        Atom::Library(value) => value.name.clone(),
        Atom::External(external) => external.dotted().into(),
        Atom::Method(object, _) => return origin(object),
        _ => return None,
    };
    Some(Hole::new(HoleReason::Result(name)))
}

/// All alternatives of one kind in one, if there are any.
fn merged<T: Clone>(
    value: &Value,
    pick: impl Fn(&Atom) -> Option<&T>,
    merge: impl Fn(&T, &T) -> T,
) -> Option<T> {
    let mut picked = value.atoms().iter().filter_map(pick);
    let first = picked.next()?.clone();
    Some(picked.fold(first, |all, one| merge(&all, one)))
}

fn dict_of(atom: &Atom) -> Option<&Dict> {
    match atom {
        Atom::Dict(dict) => Some(dict),
        _ => None,
    }
}

fn list_of(atom: &Atom) -> Option<&List> {
    match atom {
        Atom::List(list) => Some(list),
        _ => None,
    }
}

/// The text as a pattern: holes match anything, except that references stay what they are.
fn pattern(text: &Text, references: &References) -> Pattern {
    let mut pattern = Pattern::default();
    for part in text.parts() {
        match &part.kind {
            TextKind::Literal(literal) => pattern.push_literal(literal),
            TextKind::Hole(hole) => match &hole.reason {
                HoleReason::Reference(reference) => pattern.push(references.part(reference)),
                _ => pattern.push(Part::Any),
            },
        }
    }
    pattern
}
