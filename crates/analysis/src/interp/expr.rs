//! Evaluating expressions.

use std::sync::Arc;

use perm_infer_facts::{Expr, ExprId, ImportId};

use super::Interp;
use super::activation::Activation;
use super::operators::truth;
use crate::value::{Atom, Hole, HoleReason, Site, Text, TextKind, TextPart, Value};

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
                    None => match sliced(text, start, end, site) {
                        Some(text) => Atom::Text(text).into(),
                        None => Value::unknown(Hole::at(HoleReason::Computed, site)),
                    },
                },
                _ => Value::unknown(Hole::at(HoleReason::Computed, site)),
            },
            |hole| Value::unknown((**hole).clone()),
        )
    }
}

/// The first or last characters of a text that is known in part: what is known of its start or end, and
/// something unknown beside it.
fn sliced(text: &Text, start: Option<i64>, end: Option<i64>, site: Site) -> Option<Text> {
    let at_start = start.is_none_or(|start| start == 0);
    let count = match (start, end) {
        (_, Some(count)) if at_start => count,
        (Some(count), None) => count.checked_neg()?,
        _ => return None,
    };
    let count = usize::try_from(count).ok()?;
    let is_known = |part: &&TextPart| matches!(part.kind, TextKind::Literal(_));
    let parts = text.parts();
    let known: Vec<&TextPart> = if at_start {
        parts.iter().take_while(is_known).collect()
    } else {
        let mut last: Vec<&TextPart> = parts.iter().rev().take_while(is_known).collect();
        last.reverse();
        last
    };
    let literal: String = known.iter().filter_map(|part| part.literal()).collect();
    let length = literal.chars().count();
    let skipped = if at_start { 0 } else { length.saturating_sub(count) };
    let kept: String = literal.chars().skip(skipped).take(count).collect();
    let kept = match kept.as_str() {
        "" => Text::default(),
        kept => Text::literal(kept, known.first().and_then(|part| part.site)),
    };
    if count <= length {
        return Some(kept);
    }
    let mut whole = Text::default();
    let rest = Text::hole(Arc::new(Hole::at(HoleReason::Computed, site)), Some(site));
    for text in if at_start { [&kept, &rest] } else { [&rest, &kept] } {
        whole.push_text(text);
    }
    Some(whole)
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

/// Values of which nothing is known but that a library made.
fn is_opaque(value: &Value) -> bool {
    value.is_bottom() || value.atoms().iter().all(|atom| matches!(atom, Atom::Null | Atom::Method(..)))
}
