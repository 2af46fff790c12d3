//! Displays of lists and dictionaries, and comprehensions.

use std::sync::Arc;

use perm_infer_facts::{DictEntry, Expr, ExprId, Pattern};

use super::Interp;
use super::activation::Activation;
use crate::bounds::{MAX_ARGUMENT_SETS, MAX_UNROLL};
use crate::library::Args;
use crate::value::{Atom, Dict, Entry, Hole, HoleReason, List, Site, Value};

impl Interp<'_> {
    pub(super) fn list(&mut self, act: &mut Activation, items: &[ExprId], site: Site) -> Value {
        let mut list = List::default();
        for &item in items {
            if let Expr::Spread(inner) = self.facts(act.file).expr(item) {
                let value = self.eval(act, *inner);
                match value.single() {
                    Some(Atom::List(other)) if list.rest.is_none() => {
                        list.items.extend(other.items.iter().cloned());
                        list.rest.clone_from(&other.rest);
                    }
                    _ => {
                        let element = self.element(&value, site);
                        list.rest.get_or_insert_default().join(&element);
                    }
                }
            } else {
                let value = self.eval(act, item);
                match &mut list.rest {
                    Some(rest) => {
                        rest.join(&value);
                    }
                    None => list.items.push(value),
                }
            }
        }
        list.into()
    }

    pub(super) fn dict(&mut self, act: &mut Activation, entries: &[DictEntry], site: Site) -> Value {
        // Spreading a value with several alternatives gives as many dictionaries.
        let mut dicts = vec![Dict::default()];
        for entry in entries {
            match entry {
                DictEntry::Pair(key, value) => {
                    let key = self.eval(act, *key);
                    let value = self.eval(act, *value);
                    for dict in &mut dicts {
                        set_entry(dict, &key, &value);
                    }
                }
                DictEntry::Getter(key, func) => {
                    let key = self.eval(act, *key);
                    let getter = self.closure(act, *func);
                    for dict in &mut dicts {
                        // It sees what stands before it; what is set later is unknown to it.
                        let object = Atom::Dict(Arc::new(dict.clone()));
                        let bound = getter.map(|atom| super::call::bind(atom, &object), |_| Value::bottom());
                        let value = self.call_value(&bound, &Args::of(Vec::new()), site);
                        set_entry(dict, &key, &value);
                    }
                }
                DictEntry::Spread(inner) => {
                    let value = self.eval(act, *inner);
                    dicts = spread_into(&dicts, &value);
                }
            }
        }
        let mut result = Value::bottom();
        for dict in dicts {
            result.join(&dict.into());
        }
        result
    }

    pub(super) fn comprehension(
        &mut self,
        act: &mut Activation,
        clauses: &[(Pattern, ExprId)],
        filters: &[ExprId],
        key: Option<ExprId>,
        element: ExprId,
    ) -> Value {
        // One clause over a short known list keeps its elements apart.
        if let [(target, iter)] = clauses {
            let iterated = self.eval(act, *iter);
            if let Some(Atom::List(list)) = iterated.single()
                && list.rest.is_none()
                && list.items.len() <= MAX_UNROLL
            {
                let mut results = Vec::new();
                for item in &list.items {
                    self.assign(act, target, item.clone());
                    results.push(self.comprehension_element(act, filters, key, element));
                }
                return collected(results, key.is_some(), !filters.is_empty());
            }
            let site = self.site(act.file, *iter);
            let item = self.element(&iterated, site);
            self.assign(act, target, item);
        } else {
            for (target, iter) in clauses {
                let site = self.site(act.file, *iter);
                let iterated = self.eval(act, *iter);
                let item = self.element(&iterated, site);
                self.assign(act, target, item);
            }
        }
        let (key_value, value) = self.comprehension_element(act, filters, key, element);
        match key_value {
            Some(key_value) => {
                let mut dict = Dict::default();
                set_entry(&mut dict, &key_value, &value);
                dict.entries.iter_mut().for_each(|entry| entry.maybe = true);
                dict.into()
            }
            None => Value::list_of(value),
        }
    }

    fn comprehension_element(
        &mut self,
        act: &mut Activation,
        filters: &[ExprId],
        key: Option<ExprId>,
        element: ExprId,
    ) -> (Option<Value>, Value) {
        for &filter in filters {
            self.eval(act, filter);
        }
        let key = key.map(|key| self.eval(act, key));
        (key, self.eval(act, element))
    }
}

fn set_entry(dict: &mut Dict, key: &Value, value: &Value) {
    match key.single().and_then(Atom::as_text) {
        // A key that was put together is the same as one that was written.
        Some(key) => match key.to_literal().filter(|_| key.parts().len() > 1) {
            Some(known) => dict.set(crate::value::Text::literal(&known, key.parts()[0].site), value.clone()),
            None => dict.set(key, value.clone()),
        },
        None => {
            let objects = key.without(|key| key.as_text().is_some()).closed();
            if !objects.is_bottom() {
                dict.set_object(&objects, value);
            }
            for key in key.texts() {
                dict.entries.push(Entry { key, value: value.clone(), maybe: true });
            }
        }
    }
}

/// Each dictionary updated by each alternative of a spread value.
pub(super) fn spread_into(dicts: &[Dict], value: &Value) -> Vec<Dict> {
    let mut result: Vec<Dict> = Vec::new();
    let mut add = |dict: Dict| {
        if result.len() < MAX_ARGUMENT_SETS {
            result.push(dict);
        } else if let Some(last) = result.last_mut() {
            *last = last.merged(&dict);
        }
    };
    for dict in dicts {
        for atom in value.atoms() {
            let mut spread = dict.clone();
            match atom {
                Atom::Dict(other) => spread.update(other),
                // `...(x && {...})` spreads nothing when x is false.
                Atom::Null | Atom::Bool(_) | Atom::Int(_) | Atom::Text(_) => {}
                _ => {
                    spread
                        .rest
                        .get_or_insert_default()
                        .join(&Value::unknown(Hole::new(HoleReason::Computed)));
                }
            }
            add(spread);
        }
        if let Some(hole) = value.hole() {
            let mut spread = dict.clone();
            spread.rest.get_or_insert_default().join(&Value::unknown((**hole).clone()));
            add(spread);
        }
        if value.is_bottom() {
            add(dict.clone());
        }
    }
    result
}

fn collected(results: Vec<(Option<Value>, Value)>, keyed: bool, filtered: bool) -> Value {
    if !keyed {
        let items: Vec<Value> = results.into_iter().map(|(_, value)| value).collect();
        if !filtered {
            return Value::list(items);
        }
        let element = List::new(items, None).element();
        return Value::list_of(element);
    }
    let mut dict = Dict::default();
    for (key, value) in results {
        set_entry(&mut dict, &key.unwrap_or_default(), &value);
    }
    if filtered {
        dict.entries.iter_mut().for_each(|entry| entry.maybe = true);
    }
    dict.into()
}
