//! Operators, conditions and augmented assignments.

use std::sync::Arc;

use perm_infer_facts::{AssignOp, BinaryOp, Expr, ExprId, Pattern};

use super::Interp;
use super::activation::Activation;
use super::containers::spread_into;
use crate::value::{Atom, Dict, Hole, HoleReason, List, Site, TextKind, TextPart, Value};

impl Interp<'_> {
    pub(super) fn conditional(
        &mut self,
        act: &mut Activation,
        test: ExprId,
        then: ExprId,
        otherwise: ExprId,
    ) -> Value {
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

    pub(super) fn binary(
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

    pub(super) fn logical(
        &mut self,
        act: &mut Activation,
        op: BinaryOp,
        left: ExprId,
        right: ExprId,
    ) -> Value {
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
            return result.joined(&second);
        }
        let site = self.site(act.file, right);
        self.or_default(&result, &second, site)
    }

    /// A value, or what stands in where it is missing: `env || "default"`, `{ NAME = "default" } = env`. For
    /// variables that are not set the default stands, which decides nothing.
    pub(super) fn or_default(&mut self, value: &Value, default: &Value, site: Site) -> Value {
        let is_empty = |atom: &Atom| matches!(atom, Atom::Text(text) if text.parts().is_empty());
        let says_nothing = |atom: &Atom| is_empty(atom) || matches!(atom, Atom::Null);
        let variable = value.atoms().iter().find_map(unset_variable).cloned();
        let Some(variable) =
            variable.filter(|_| !default.atoms().iter().all(says_nothing) || default.is_open())
        else {
            // An empty default only says that there is nothing, which no call can use.
            let kept = if value.is_bottom() { default.clone() } else { default.without(is_empty) };
            return value.clone().joined(&kept);
        };
        if let Some(name) = variable.name()
            && default.texts().all(|text| !text.has_hole())
            && default.texts().next().is_some()
        {
            self.ask(site, |_, cx| cx.note_default(name, default));
        }
        let reason = HoleReason::Default(Arc::new(variable.reason.clone()));
        let unset = value.without(|atom| unset_variable(atom).is_some());
        unset.joined(default).joined(&Value::unknown(Hole { reason, site: variable.site }))
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
                self.or_default(&kept, &new, site)
            }
            BinaryOp::And => old.joined(&new),
            _ => self.operate(op, &old, &new, site),
        }
    }
}

/// The first reason for which one of the operands is unknown.
fn first_hole(left: &Value, right: &Value, site: Site) -> Hole {
    let hole = left.hole().or(right.hole());
    hole.map_or_else(|| Hole::at(HoleReason::Computed, site), |hole| (**hole).clone())
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

/// The environment variable without a value that this is and nothing else.
pub(super) fn unset_variable(atom: &Atom) -> Option<&Arc<Hole>> {
    let Atom::Text(text) = atom else { return None };
    match text.parts() {
        [TextPart { kind: TextKind::Hole(hole), .. }]
            if matches!(hole.reason, HoleReason::Environment(_)) =>
        {
            Some(hole)
        }
        _ => None,
    }
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
