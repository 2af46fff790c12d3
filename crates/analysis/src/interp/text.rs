//! Strings: conversion and concatenation over all alternatives.

use std::sync::Arc;

use super::Interp;
use crate::bounds::{MAX_ALTERNATIVES, MAX_TEXT_PARTS};
use crate::value::{Atom, Hole, HoleReason, Site, Text, Value};

impl Interp<'_> {
    /// The value as a string. What has no string form that the source tells becomes a hole; nothing
    /// (`None`, `undefined`) is dropped where there is something else.
    pub(crate) fn stringify(&mut self, value: &Value, site: Site) -> Value {
        if value.is_bottom() {
            return Value::bottom();
        }
        let present = value.without(|atom| matches!(atom, Atom::Null));
        let value = if present.is_bottom() { value } else { &present };
        value.map(
            |atom| match atom.as_text() {
                Some(text) => Atom::Text(text).into(),
                None => Atom::Text(Text::hole(Arc::new(hole_of(atom, site)), Some(site))).into(),
            },
            |hole| match value.default_hole() {
                Some(_) => Value::unknown((**hole).clone()),
                None => Atom::Text(Text::hole(hole.clone(), Some(site))).into(),
            },
        )
    }

    /// Both strings in sequence, for every pair of alternatives; with more pairs than a value keeps apart
    /// the right one is unknown.
    pub(crate) fn concat(&mut self, left: &Value, right: &Value, site: Site) -> Value {
        let (left, mut right) = (self.stringify(left, site), self.stringify(right, site));
        if left.texts().count() * right.texts().count() > MAX_ALTERNATIVES {
            right = Value::unknown(Hole::at(HoleReason::TooMany, site));
        }
        let mut result = Value::bottom();
        for first in left.texts() {
            for second in right.texts() {
                let mut text = first.clone();
                text.push_text(&second);
                result.join(&Atom::Text(bounded(text)).into());
            }
        }
        if let Some(hole) = left.default_hole().or(right.default_hole()) {
            result.join(&Value::unknown((**hole).clone()));
        }
        result
    }
}

/// A string that is built in a loop or by a hostile file is cut; its end becomes unknown.
fn bounded(text: Text) -> Text {
    if text.parts().len() <= MAX_TEXT_PARTS {
        return text;
    }
    let mut cut = Text::default();
    for part in &text.parts()[..MAX_TEXT_PARTS - 1] {
        cut.push(part.clone());
    }
    cut.push_text(&Text::hole(Arc::new(Hole::new(HoleReason::TooMany)), None));
    cut
}

fn hole_of(atom: &Atom, site: Site) -> Hole {
    let reason = match atom {
        Atom::Library(value) => HoleReason::Result(value.name.clone()),
        Atom::External(external) => HoleReason::Result(external.dotted().into()),
        _ => HoleReason::Computed,
    };
    Hole::at(reason, site)
}
