//! Calls and `new`: evaluating arguments, spreading lists and dictionaries into them.

use std::sync::Arc;

use perm_infer_facts::{Arg, ArgKind, Expr, ExprId};

use super::Interp;
use super::activation::Activation;
use super::call::MethodResult;
use crate::bounds::MAX_ARGUMENT_SETS;
use crate::library::{Args, NamedArg};
use crate::value::{Atom, Dict, Hole, HoleReason, Site, Value};

impl Interp<'_> {
    pub(super) fn eval_call(
        &mut self,
        act: &mut Activation,
        callee: ExprId,
        args: &[Arg],
        site: Site,
    ) -> Value {
        let facts = self.facts(act.file);
        if matches!(facts.expr(callee), Expr::Super) {
            return self.call_super_constructor(act, args, site);
        }
        if let Expr::Attr { object, name } = facts.expr(callee)
            && !matches!(facts.expr(*object), Expr::Super)
        {
            let receiver = self.eval(act, *object);
            let name = facts.text(*name);
            let sets = self.args(act, args);
            let mut result = Value::bottom();
            for set in &sets {
                let outcome = self.call_method(&receiver, name, set, site);
                self.write_back(act, Some(*object), args, &outcome);
                result.join(&outcome.result);
            }
            return result;
        }
        let callee_value = self.eval(act, callee);
        let sets = self.args(act, args);
        let mut result = Value::bottom();
        for set in &sets {
            let outcome: MethodResult = self.call_all(&callee_value, set, site).into();
            self.write_back(act, None, args, &outcome);
            result.join(&outcome.result);
        }
        result
    }

    /// Stores what a call changed back to the places that the arguments and the object came from.
    fn write_back(
        &mut self,
        act: &mut Activation,
        object: Option<ExprId>,
        args: &[Arg],
        outcome: &MethodResult,
    ) {
        if let (Some(object), Some(after)) = (object, &outcome.object) {
            self.write_place(act, object, after.clone());
        }
        for (position, value) in &outcome.changed {
            if let Some(Arg { kind: ArgKind::Positional, value: place }) = args.get(*position) {
                self.write_place(act, *place, value.clone());
            }
        }
    }

    fn call_super_constructor(&mut self, act: &mut Activation, args: &[Arg], site: Site) -> Value {
        let sets = self.args(act, args);
        let (Some(class), Some(this)) = (act.class, act.this.clone()) else { return Value::bottom() };
        let bases = self.ancestry(class);
        if let Some(&base) = bases.get(1) {
            for instance in this.atoms() {
                for set in &sets {
                    self.run_constructor(base, instance, set, site);
                }
            }
        }
        Atom::Null.into()
    }

    pub(super) fn eval_new(
        &mut self,
        act: &mut Activation,
        callee: ExprId,
        args: &[Arg],
        site: Site,
    ) -> Value {
        let callee_value = self.eval(act, callee);
        let sets = self.args(act, args);
        let mut result = Value::bottom();
        for set in &sets {
            for atom in callee_value.atoms() {
                let made = match atom {
                    Atom::Function(closure) => self.construct_by_function(closure, set, site),
                    _ => self.call_atom(atom, set, site).value,
                };
                result.join(&made);
            }
            if let Some(hole) = callee_value.hole() {
                self.call_back(set, site);
                result.join(&Value::unknown((**hole).clone()));
            }
        }
        result
    }

    /// `new F()` where F is a plain function.
    fn construct_by_function(
        &mut self,
        closure: &Arc<crate::value::Closure>,
        args: &Args,
        site: Site,
    ) -> Value {
        let maker = super::store::Maker::Function(closure.clone());
        let identity = args.values().cloned().collect();
        let id = self.store.instance(&maker, site, identity);
        let instance = Atom::Instance(id);
        let bound = super::call::bind(&Atom::Function(closure.clone()), &instance);
        let result = self.call_value(&bound, args, site);
        // A function that returns an object gives that instead.
        let object = result
            .without(|atom| !matches!(atom, Atom::Instance(_) | Atom::Dict(_) | Atom::Library(_)))
            .closed();
        if object.is_bottom() { instance.into() } else { object }
    }

    /// The arguments of a call; spreading dictionaries with alternatives gives several sets.
    pub(super) fn args(&mut self, act: &mut Activation, args: &[Arg]) -> Vec<Args> {
        let mut sets = vec![Args { complete: true, ..Args::default() }];
        for arg in args {
            let site = self.site(act.file, arg.value);
            let value = self.eval(act, arg.value);
            match arg.kind {
                ArgKind::Positional => {
                    for set in &mut sets {
                        push_positional(set, value.clone());
                    }
                }
                ArgKind::Keyword(name) => {
                    let name: Arc<str> = self.facts(act.file).text(name).into();
                    for set in &mut sets {
                        set_named(set, NamedArg { name: name.clone(), value: value.clone(), maybe: false });
                    }
                }
                ArgKind::Spread => {
                    let element = self.element(&value, site);
                    for set in &mut sets {
                        spread_positional(set, &value, &element);
                    }
                }
                ArgKind::KeywordSpread => sets = spread_named(&sets, &value),
            }
        }
        sets
    }
}

fn push_positional(set: &mut Args, value: Value) {
    match &mut set.rest {
        Some(rest) => {
            rest.join(&value);
        }
        None => set.positional.push(value),
    }
}

fn spread_positional(set: &mut Args, value: &Value, element: &Value) {
    match value.single() {
        Some(Atom::List(list)) if set.rest.is_none() => {
            set.positional.extend(list.items.iter().cloned());
            set.rest.clone_from(&list.rest);
        }
        _ => {
            set.rest.get_or_insert_default().join(element);
        }
    }
}

fn set_named(set: &mut Args, arg: NamedArg) {
    match set.named.iter_mut().find(|own| own.name == arg.name) {
        Some(own) if arg.maybe => {
            own.value.join(&arg.value);
        }
        Some(own) => *own = arg,
        None => set.named.push(arg),
    }
}

fn spread_named(sets: &[Args], value: &Value) -> Vec<Args> {
    let mut result: Vec<Args> = Vec::new();
    for set in sets {
        let mut any = false;
        for atom in value.atoms() {
            let Atom::Dict(dict) = atom else { continue };
            any = true;
            let mut spread = set.clone();
            spread_dict(&mut spread, dict);
            if result.len() < MAX_ARGUMENT_SETS {
                result.push(spread);
            }
        }
        if !any || value.is_open() {
            let mut spread = set.clone();
            if !value.is_bottom() && value.atoms() != [Atom::Null] {
                let hole =
                    value.hole().map_or_else(|| Hole::new(HoleReason::Computed), |hole| (**hole).clone());
                spread.named_rest.get_or_insert_default().join(&Value::unknown(hole));
            }
            result.push(spread);
        }
    }
    result
}

fn spread_dict(set: &mut Args, dict: &Dict) {
    for entry in &dict.entries {
        match entry.key.to_literal() {
            Some(name) => {
                set_named(
                    set,
                    NamedArg { name: name.into(), value: entry.value.clone(), maybe: entry.maybe },
                );
            }
            None => {
                set.named_rest.get_or_insert_default().join(&entry.value);
            }
        }
    }
    if let Some(rest) = &dict.rest {
        set.named_rest.get_or_insert_default().join(rest);
    }
}
