//! Evaluating expressions.

use std::sync::Arc;

use perm_infer_facts::{Arg, ArgKind, AssignOp, BinaryOp, DictEntry, Expr, ExprId, ImportId, Pattern};

use super::Interp;
use super::activation::Activation;
use super::call::MethodResult;
use crate::bounds::{MAX_ARGUMENT_SETS, MAX_UNROLL};
use crate::library::{Args, NamedArg};
use crate::value::{Atom, Dict, Entry, Hole, HoleReason, List, Site, Value};

impl Interp<'_> {
    pub(super) fn eval_expr(&mut self, act: &mut Activation, id: ExprId) -> Value {
        let facts = self.facts(act.file);
        let site = self.site(act.file, id);
        match facts.expr(id) {
            Expr::Var(var) => self.read_var(act, *var),
            Expr::Global(name) => {
                let name = facts.text(*name);
                if let Some(value) = self.star_imported(act.file, name) {
                    return value;
                }
                let answer = self.ask(site, |library, cx| library.global(cx, name));
                answer.unwrap_or_else(|| Value::unknown(Hole::at(HoleReason::Undefined(name.into()), site)))
            }
            Expr::Str(text) => Value::text(facts.text(*text), Some(site)),
            Expr::Int(value) => Atom::Int(*value).into(),
            Expr::Bool(value) => Atom::Bool(*value).into(),
            Expr::Null => Atom::Null.into(),
            Expr::Template(parts) => self.template(act, parts, site),
            Expr::Attr { object, name } => self.eval_attribute(act, *object, facts.text(*name), site),
            Expr::Index { object, index } => {
                let object = self.eval(act, *object);
                let index = self.eval(act, *index);
                self.index(&object, &index, site)
            }
            Expr::Slice { object, start, end } => self.slice(act, *object, *start, *end, site),
            Expr::Part { object, bounds } => {
                let object = self.eval(act, *object);
                for &bound in bounds {
                    self.eval(act, bound);
                }
                object.map(
                    |atom| match atom {
                        Atom::List(list) => Value::list_of(list.element()),
                        Atom::Library(_) => atom.clone().into(),
                        _ => Value::unknown(Hole::at(HoleReason::Computed, site)),
                    },
                    |hole| Value::unknown((**hole).clone()),
                )
            }
            Expr::Call { callee, args } => self.eval_call(act, *callee, args, site),
            Expr::New { callee, args } => self.eval_new(act, *callee, args, site),
            Expr::List(items) => self.list(act, items, site),
            Expr::Spread(inner) => {
                let value = self.eval(act, *inner);
                self.element(&value, site)
            }
            Expr::Dict(entries) => self.dict(act, entries, site),
            Expr::Comprehension { clauses, filters, key, element } => {
                self.comprehension(act, clauses, filters, *key, *element)
            }
            Expr::Binary { op, left, right } => self.binary(act, *op, *left, *right, site),
            Expr::Not(inner) => {
                let value = self.eval(act, *inner);
                match truth(&value) {
                    Some(truth) => Atom::Bool(!truth).into(),
                    None => Value::unknown(Hole::at(HoleReason::Computed, site)),
                }
            }
            Expr::Cond { test, then, otherwise } => self.conditional(act, *test, *then, *otherwise),
            Expr::Function(func) => {
                let value = self.closure(act, *func);
                self.decorated(act, *func, value)
            }
            Expr::Class(class) => self.define_class(act, *class, None),
            Expr::This => act
                .this
                .clone()
                .unwrap_or_else(|| Value::unknown(Hole::at(HoleReason::Undefined("this".into()), site))),
            Expr::Super => act.this.clone().unwrap_or_default(),
            Expr::Await(inner) => {
                let value = self.eval(act, *inner);
                self.awaited(&value, site)
            }
            Expr::Yield(inner) => {
                if let Some(inner) = inner {
                    let value = self.eval(act, *inner);
                    act.yielded.join(&value);
                }
                Value::unknown(Hole::at(HoleReason::Computed, site))
            }
            Expr::Assign { target, op, value } => {
                let value = self.assigned_value(act, target, *op, *value, site);
                self.assign(act, target, value.clone());
                value
            }
            Expr::Module(import) => self.eval_module(act, *import),
            Expr::Exports => self.own_exports(act.file),
            Expr::Typed { value, ty } => {
                let value = self.eval(act, *value);
                if value.is_open() || is_opaque(&value) { self.typed_value(act, *ty, value) } else { value }
            }
            Expr::TypeUnion(types) => {
                let mut result = Value::bottom();
                for &ty in types {
                    let value = self.eval(act, ty);
                    result.join(&value);
                }
                result
            }
            Expr::Opaque(parts) => {
                for &part in parts {
                    self.eval(act, part);
                }
                Value::unknown(Hole::at(HoleReason::Computed, site))
            }
        }
    }

    fn eval_module(&mut self, act: &Activation, import: ImportId) -> Value {
        let value = self.module_of_import(act.file, import);
        let Some(Atom::Module(file)) = value.single() else { return value };
        // A module that was assigned as a whole is that value.
        let exported = self.whole_export_if_assigned(*file);
        exported.unwrap_or(value)
    }

    fn eval_attribute(&mut self, act: &mut Activation, object: ExprId, name: &str, site: Site) -> Value {
        if matches!(self.facts(act.file).expr(object), Expr::Super) {
            return self.super_attribute(act, name, site);
        }
        let object = self.eval(act, object);
        self.attribute(&object, name, site)
    }

    fn template(&mut self, act: &mut Activation, parts: &[ExprId], site: Site) -> Value {
        let mut result = Value::text("", Some(site));
        for &part in parts {
            let value = self.eval(act, part);
            if value.is_bottom() {
                return Value::bottom();
            }
            let part_site = self.site(act.file, part);
            let text = self.stringify(&value, part_site);
            result = self.concat(&result, &text, site);
        }
        result
    }

    fn slice(
        &mut self,
        act: &mut Activation,
        object: ExprId,
        start: Option<i64>,
        end: Option<i64>,
        site: Site,
    ) -> Value {
        let object = self.eval(act, object);
        object.map(
            |atom| match atom {
                Atom::List(list) if list.rest.is_none() => {
                    let (start, end) = bounds(list.items.len(), start, end);
                    Value::list(list.items[start..end].to_vec())
                }
                Atom::List(list) => Value::list_of(list.element()),
                Atom::Text(text) => match text.to_literal() {
                    Some(literal) => {
                        let characters: Vec<char> = literal.chars().collect();
                        let (start, end) = bounds(characters.len(), start, end);
                        let sliced: String = characters[start..end].iter().collect();
                        Value::text(&sliced, text.parts().first().and_then(|part| part.site))
                    }
                    None => Value::unknown(Hole::at(HoleReason::Computed, site)),
                },
                _ => Value::unknown(Hole::at(HoleReason::Computed, site)),
            },
            |hole| Value::unknown((**hole).clone()),
        )
    }

    fn list(&mut self, act: &mut Activation, items: &[ExprId], site: Site) -> Value {
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

    fn dict(&mut self, act: &mut Activation, entries: &[DictEntry], site: Site) -> Value {
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

    fn comprehension(
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
                let entries = key_value.texts().map(|key| Entry { key, value: value.clone(), maybe: true });
                Dict::new(entries.collect(), None).into()
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

    fn conditional(&mut self, act: &mut Activation, test: ExprId, then: ExprId, otherwise: ExprId) -> Value {
        let tested = self.eval(act, test);
        match truth(&tested) {
            Some(true) => self.eval(act, then),
            Some(false) => self.eval(act, otherwise),
            None => {
                let mark = act.mark();
                act.branches += 1;
                self.narrow(act, test, true);
                let mut value = self.eval(act, then);
                let first = act.end_branch(mark);
                self.narrow(act, test, false);
                let second_value = self.eval(act, otherwise);
                let second = act.end_branch(mark);
                act.branches -= 1;
                act.join_branches(vec![first, second]);
                value.join(&second_value);
                value
            }
        }
    }

    fn binary(
        &mut self,
        act: &mut Activation,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
        site: Site,
    ) -> Value {
        if matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Coalesce) {
            return self.logical(act, op, left, right);
        }
        // A chain `a + b + c` leans left and may be as long as the file: no recursion along it.
        let facts = self.facts(act.file);
        let mut chain = vec![(right, site)];
        let mut first = left;
        while let Expr::Binary { op: inner, left, right } = facts.expr(first)
            && *inner == op
        {
            chain.push((*right, self.site(act.file, first)));
            first = *left;
        }
        let mut value = self.eval(act, first);
        while let Some((operand, site)) = chain.pop() {
            let operand = self.eval(act, operand);
            value = self.operate(op, &value, &operand, site);
        }
        value
    }

    fn logical(&mut self, act: &mut Activation, op: BinaryOp, left: ExprId, right: ExprId) -> Value {
        let first = self.eval(act, left);
        let keeps = |atom: &Atom| match op {
            BinaryOp::And => atom.truth() != Some(true),
            BinaryOp::Or => atom.truth() != Some(false),
            _ => !matches!(atom, Atom::Null),
        };
        let goes_on = first.is_bottom()
            || first.is_open()
            || first.atoms().iter().any(|atom| match op {
                BinaryOp::And => atom.truth() != Some(false),
                BinaryOp::Or => atom.truth() != Some(true),
                _ => matches!(atom, Atom::Null),
            })
            || first.texts().any(|text| text.has_hole());
        let mut result = first.without(|atom| !keeps(atom));
        if !goes_on {
            return result;
        }
        let mark = act.mark();
        self.narrow(act, left, op == BinaryOp::And);
        act.branches += 1;
        let second = self.eval(act, right);
        act.branches -= 1;
        let end = act.end_branch(mark);
        act.join_branches(vec![Some(Default::default()), end]);
        if op == BinaryOp::And {
            // `a && b` is b, or something false that no call can use.
            result = result.without(|atom| atom.truth().is_none());
        } else if !second.is_bottom() {
            // `env || "default"`: the default stands for a variable that is not set.
            result = without_unset_environment(&result);
        }
        result.joined(&second)
    }

    /// `left op right` for operators that are no control flow.
    pub(super) fn operate(&mut self, op: BinaryOp, left: &Value, right: &Value, site: Site) -> Value {
        match op {
            BinaryOp::Add => self.add(left, right, site),
            BinaryOp::Eq | BinaryOp::NotEq => match equal(left, right) {
                Some(equal) => Atom::Bool(equal == (op == BinaryOp::Eq)).into(),
                None => Value::unknown(Hole::at(HoleReason::Computed, site)),
            },
            BinaryOp::Merge => self.merge(left, right, site),
            BinaryOp::Mod | BinaryOp::Div => {
                let mut result = Value::bottom();
                for atom in left.atoms() {
                    let answer = self.ask(site, |library, cx| library.binary(cx, op, atom, right));
                    result.join(
                        &answer.unwrap_or_else(|| Value::unknown(Hole::at(HoleReason::Computed, site))),
                    );
                }
                result.joined(&left.without(|_| true))
            }
            _ => Value::unknown(Hole::at(HoleReason::Computed, site)),
        }
    }

    fn add(&mut self, left: &Value, right: &Value, site: Site) -> Value {
        let mut result = Value::bottom();
        let (lists, others) = split(left, |atom| matches!(atom, Atom::List(_)));
        let (right_lists, right_others) = split(right, |atom| matches!(atom, Atom::List(_)));
        for first in lists.atoms() {
            for second in right_lists.atoms() {
                if let (Atom::List(first), Atom::List(second)) = (first, second) {
                    result.join(&joined_lists(first, second));
                }
            }
        }
        if let (Some(Atom::Int(first)), Some(Atom::Int(second))) = (others.single(), right_others.single()) {
            return match first.checked_add(*second) {
                Some(sum) => Atom::Int(sum).into(),
                None => Value::unknown(Hole::at(HoleReason::Computed, site)),
            };
        }
        let textual = |value: &Value| value.atoms().iter().any(|atom| matches!(atom, Atom::Text(_)));
        if textual(&others) || textual(&right_others) {
            let text = self.concat(&others, &right_others, site);
            result.join(&text);
        } else if result.is_bottom() && !left.is_bottom() && !right.is_bottom() {
            // Perhaps two strings, perhaps two numbers.
            result.join(&Value::unknown(first_hole(&others, &right_others, site)));
        }
        result
    }

    fn merge(&mut self, left: &Value, right: &Value, site: Site) -> Value {
        let dicts: Vec<Dict> = left
            .atoms()
            .iter()
            .filter_map(|atom| match atom {
                Atom::Dict(dict) => Some((**dict).clone()),
                _ => None,
            })
            .collect();
        if dicts.is_empty() {
            // In a type, `A | B`.
            let types = |value: &Value| {
                value
                    .atoms()
                    .iter()
                    .all(|atom| matches!(atom, Atom::Class(_) | Atom::External(_) | Atom::Null))
            };
            if types(left) && types(right) && !left.is_bottom() {
                return left.clone().joined(right);
            }
            return Value::unknown(Hole::at(HoleReason::Computed, site));
        }
        let mut result = Value::bottom();
        for dict in spread_into(&dicts, right) {
            result.join(&dict.into());
        }
        result
    }

    /// The value that an assignment stores: for `op=` the target's value enters it.
    pub(super) fn assigned_value(
        &mut self,
        act: &mut Activation,
        target: &Pattern,
        op: AssignOp,
        value: ExprId,
        site: Site,
    ) -> Value {
        let AssignOp::Update(op) = op else { return self.eval(act, value) };
        let old = match target {
            Pattern::Var(var) => self.read_var(act, *var),
            Pattern::Attr { object, name } => {
                let object = self.eval(act, *object);
                let name = self.facts(act.file).text(*name);
                self.attribute(&object, name, site)
            }
            Pattern::Index { object, index } => {
                let object = self.eval(act, *object);
                let index = self.eval(act, *index);
                self.index(&object, &index, site)
            }
            _ => Value::unknown(Hole::at(HoleReason::Computed, site)),
        };
        let new = self.eval(act, value);
        match op {
            BinaryOp::Or | BinaryOp::Coalesce => {
                let kept = old.without(|atom| match op {
                    BinaryOp::Or => atom.truth() == Some(false),
                    _ => matches!(atom, Atom::Null),
                });
                without_unset_environment(&kept).joined(&new)
            }
            BinaryOp::And => old.joined(&new),
            _ => self.operate(op, &old, &new, site),
        }
    }

    fn eval_call(&mut self, act: &mut Activation, callee: ExprId, args: &[Arg], site: Site) -> Value {
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

    fn eval_new(&mut self, act: &mut Activation, callee: ExprId, args: &[Arg], site: Site) -> Value {
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
    fn args(&mut self, act: &mut Activation, args: &[Arg]) -> Vec<Args> {
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

/// The first reason for which one of the operands is unknown.
fn first_hole(left: &Value, right: &Value, site: Site) -> Hole {
    let hole = left.hole().or(right.hole());
    hole.map_or_else(|| Hole::at(HoleReason::Computed, site), |hole| (**hole).clone())
}

/// Values of which nothing is known but that a library made.
fn is_opaque(value: &Value) -> bool {
    value.is_bottom() || value.atoms().iter().all(|atom| matches!(atom, Atom::Null | Atom::Method(..)))
}

/// Drops strings that are nothing but an environment variable without a value.
pub(super) fn without_unset_environment(value: &Value) -> Value {
    value.without(|atom| match atom {
        Atom::Text(text) => matches!(text.parts(), [part] if match &part.kind {
            crate::value::TextKind::Hole(hole) => matches!(hole.reason, HoleReason::Environment(_)),
            crate::value::TextKind::Literal(_) => false,
        }),
        _ => false,
    })
}

/// Whether the value counts as true, where all alternatives agree.
pub(super) fn truth(value: &Value) -> Option<bool> {
    if value.is_open() || value.is_bottom() {
        return None;
    }
    let first = value.atoms().first()?.truth()?;
    value.atoms().iter().all(|atom| atom.truth() == Some(first)).then_some(first)
}

/// Whether two values are equal, where that is certain.
pub(super) fn equal(left: &Value, right: &Value) -> Option<bool> {
    if left.is_open() || right.is_open() || left.is_bottom() || right.is_bottom() {
        return None;
    }
    let comparable = |atom: &Atom| match atom {
        Atom::Text(text) => !text.has_hole(),
        Atom::Int(_) | Atom::Bool(_) | Atom::Null => true,
        _ => false,
    };
    if !left.atoms().iter().chain(right.atoms()).all(comparable) {
        return None;
    }
    match (left.single(), right.single()) {
        (Some(left), Some(right)) => Some(left == right),
        _ if left.atoms().iter().all(|atom| !right.atoms().contains(atom)) => Some(false),
        _ => None,
    }
}

fn split(value: &Value, pick: impl Fn(&Atom) -> bool) -> (Value, Value) {
    (value.without(|atom| !pick(atom)).closed(), value.without(&pick))
}

fn joined_lists(first: &List, second: &List) -> Value {
    let mut list = first.clone();
    match &mut list.rest {
        None => {
            list.items.extend(second.items.iter().cloned());
            list.rest.clone_from(&second.rest);
        }
        Some(rest) => {
            rest.join(&second.element());
        }
    }
    list.into()
}

fn bounds(length: usize, start: Option<i64>, end: Option<i64>) -> (usize, usize) {
    let place = |bound: i64| {
        let signed = i64::try_from(length).unwrap_or(i64::MAX);
        let position = if bound < 0 { signed + bound } else { bound };
        usize::try_from(position.clamp(0, signed)).unwrap_or(0)
    };
    let start = start.map_or(0, place);
    (start, end.map_or(length, place).max(start))
}

fn set_entry(dict: &mut Dict, key: &Value, value: &Value) {
    match key.single().and_then(Atom::as_text) {
        // A key that was put together is the same as one that was written.
        Some(key) => match key.to_literal().filter(|_| key.parts().len() > 1) {
            Some(known) => dict.set(crate::value::Text::literal(&known, key.parts()[0].site), value.clone()),
            None => dict.set(key, value.clone()),
        },
        None => {
            for key in key.texts() {
                dict.entries.push(Entry { key, value: value.clone(), maybe: true });
            }
        }
    }
}

/// Each dictionary updated by each alternative of a spread value.
fn spread_into(dicts: &[Dict], value: &Value) -> Vec<Dict> {
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
