//! Storing values: into variables, attributes, elements and by destructuring.

use perm_infer_facts::{Expr, ExprId, Pattern, VarId};

use super::Interp;
use super::activation::Activation;
use super::cells::CellKey;
use super::operators::unset_variable;
use super::store::Maker;
use crate::value::{Atom, ContextId, Hole, HoleReason, InstanceId, List, Site, Text, Value};

impl Interp<'_> {
    /// Stores a value in a variable.
    pub(super) fn assign_var(&mut self, act: &mut Activation, var: VarId, value: Value) {
        let variable = &self.facts(act.file).vars[var.index()];
        let here = self.store.context(act.context).func == variable.owner;
        let shared = variable.captured || variable.owner == perm_infer_facts::FileFacts::MODULE;
        if here {
            let key = CellKey::Var(act.context, var);
            if shared && act.branches == 0 && !variable.assigned_inside && !self.store.cells.is_shared(&key) {
                self.store.cells.assign(key, &value);
            } else if shared {
                self.store.cells.join(key, &value);
            }
            act.set(var, value);
        } else if let Some(owner) = self.owner_context(act.context, variable.owner) {
            self.store.cells.share(CellKey::Var(owner, var), &value);
        }
    }

    /// Reads a variable.
    pub(super) fn read_var(&mut self, act: &Activation, var: VarId) -> Value {
        let variable = &self.facts(act.file).vars[var.index()];
        if let Some(value) = act.local(var)
            && !variable.captured
        {
            return value.clone();
        }
        let Some(owner) = self.owner_context(act.context, variable.owner) else {
            return Value::unknown(Hole::new(HoleReason::Undefined(self.var_name(act, var))));
        };
        let key = CellKey::Var(owner, var);
        match act.local(var) {
            // Closures change it too: by assignment, or by changing the container that it holds.
            Some(local) if variable.assigned_inside || self.store.cells.is_shared(&key) => {
                local.clone().joined(&self.store.cells.read(key))
            }
            Some(local) => local.clone(),
            // A local variable that no other code sets has no value here.
            None if owner == act.context && !variable.captured && !self.store.cells.is_written(&key) => {
                Value::unknown(Hole::new(HoleReason::Undefined(self.var_name(act, var))))
            }
            None => self.store.cells.read(key),
        }
    }

    fn var_name(&self, act: &Activation, var: VarId) -> std::sync::Arc<str> {
        let facts = self.facts(act.file);
        facts.text(facts.vars[var.index()].name).into()
    }

    /// The activation of a variable's owner around the current one.
    fn owner_context(&self, context: ContextId, owner: perm_infer_facts::FuncId) -> Option<ContextId> {
        let mut current = Some(context);
        while let Some(id) = current {
            let context = self.store.context(id);
            if context.func == owner {
                return Some(id);
            }
            current = context.parent;
        }
        None
    }

    /// Stores a value by a pattern.
    pub(super) fn assign(&mut self, act: &mut Activation, pattern: &Pattern, value: Value) {
        match pattern {
            Pattern::Var(var) => self.assign_var(act, *var, value),
            Pattern::Attr { object, name } => {
                let name = self.facts(act.file).text(*name);
                self.assign_attribute(act, *object, name, &value);
            }
            Pattern::Index { object, index } => self.assign_element(act, *object, *index, &value),
            Pattern::List(items) => self.assign_list(act, items, &value),
            Pattern::Dict { entries, rest } => self.assign_dict(act, entries, rest.as_deref(), &value),
            Pattern::Rest(inner) => self.assign(act, inner, value),
            Pattern::Default(inner, default) => {
                let missing = value.is_bottom() || value.atoms().contains(&Atom::Null);
                let mut value = value.without(|atom| matches!(atom, Atom::Null));
                if missing || value.atoms().iter().any(|atom| unset_variable(atom).is_some()) {
                    let site = self.site(act.file, *default);
                    let default = self.eval(act, *default);
                    value = self.or_default(&value, &default, site);
                }
                self.assign(act, inner, value);
            }
            Pattern::Typed(inner, ty) => {
                let value = if value.is_open() { self.typed_value(act, *ty, value) } else { value };
                self.assign(act, inner, value);
            }
            Pattern::Ignore => {}
        }
    }

    fn assign_attribute(&mut self, act: &mut Activation, object: ExprId, name: &str, value: &Value) {
        let site = self.site(act.file, object);
        let owner = self.eval(act, object);
        if let Some(Atom::Instance(id)) = owner.single()
            && self.is_constructed(act, *id)
            && self.construct_field(act, *id, name, value)
        {
            return;
        }
        if let Some(after) = self.set_attribute(&owner, name, value, site) {
            self.write_place(act, object, after);
        }
    }

    /// Whether the running function is a constructor of this very instance.
    fn is_constructed(&self, act: &Activation, id: InstanceId) -> bool {
        let context = self.store.context(act.context);
        let function = self.function(act.file, context.func);
        let constructor =
            function.class.and_then(|class| self.facts(act.file).classes[class.index()].constructor);
        constructor == Some(context.func)
            && act.this.as_ref().and_then(Value::single) == Some(&Atom::Instance(id))
    }

    /// Stores a field as the constructor does that runs once for the instance: what it assigns for certain
    /// replaces what it had assigned before. False when the field is stored like any other.
    fn construct_field(&mut self, act: &Activation, id: InstanceId, name: &str, value: &Value) -> bool {
        let key = CellKey::Field(id, name.into());
        let data = self.store.instance_data(id);
        let Maker::Class(class) = data.maker else { return false };
        if act.branches > 0
            || data.is_shared
            || self.store.cells.is_shared(&key)
            || self.setter(class, name).is_some()
        {
            return false;
        }
        self.store.cells.assign(key.clone(), value);
        self.store.cells.construct(key, value);
        true
    }

    fn assign_element(&mut self, act: &mut Activation, object: ExprId, index: ExprId, value: &Value) {
        let site = self.site(act.file, object);
        let owner = self.eval(act, object);
        let index = self.eval(act, index);
        if let Some(after) = self.set_index(&owner, &index, value, site) {
            self.write_place(act, object, after);
        }
    }

    /// Stores what a container has become back to where it was read from.
    pub(super) fn write_place(&mut self, act: &mut Activation, place: ExprId, value: Value) {
        let facts = self.facts(act.file);
        match facts.expr(place) {
            Expr::Var(var) => self.assign_var(act, *var, value),
            Expr::This => act.this = Some(value),
            Expr::Exports => self.store.cells.join(CellKey::Export(act.file, "".into()), &value),
            Expr::Attr { object, name } if self.is_place(act, *object) => {
                self.assign_attribute(act, *object, facts.text(*name), &value);
            }
            Expr::Index { object, index } if self.is_place(act, *object) => {
                self.assign_element(act, *object, *index, &value);
            }
            Expr::Typed { value: inner, .. } => self.write_place(act, *inner, value),
            _ => {}
        }
    }

    /// Whether an expression names a place, so that evaluating it again does nothing.
    fn is_place(&self, act: &Activation, mut expr: ExprId) -> bool {
        let facts = self.facts(act.file);
        loop {
            match facts.expr(expr) {
                Expr::Var(_) | Expr::This | Expr::Exports | Expr::Global(_) => return true,
                Expr::Attr { object, .. } | Expr::Index { object, .. } => expr = *object,
                Expr::Typed { value, .. } => expr = *value,
                _ => return false,
            }
        }
    }

    fn assign_list(&mut self, act: &mut Activation, items: &[Option<Pattern>], value: &Value) {
        let site = Site { file: act.file, span: perm_infer_diagnostics::Span::default() };
        for (position, item) in items.iter().enumerate() {
            let Some(item) = item else { continue };
            let value = match item {
                Pattern::Rest(_) => self.rest_of_list(value, position, items.len() - position - 1, site),
                _ => {
                    let after_rest =
                        items[..position].iter().flatten().any(|item| matches!(item, Pattern::Rest(_)));
                    self.item_of(value, position, after_rest.then(|| items.len() - position), site)
                }
            };
            self.assign(act, item, value);
        }
    }

    /// The element at a position, or counted from the end.
    fn item_of(&mut self, value: &Value, position: usize, from_end: Option<usize>, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in value.atoms() {
            let item = match atom {
                Atom::List(list) => {
                    let position = match from_end {
                        Some(distance) => list.items.len().checked_sub(distance),
                        None => Some(position),
                    };
                    match position.and_then(|position| list.items.get(position)) {
                        Some(item) if from_end.is_none() || list.rest.is_none() => item.clone(),
                        _ => list.rest.as_ref().map_or_else(Value::bottom, |_| list.element()),
                    }
                }
                _ => self.element(&atom.clone().into(), site),
            };
            result.join(&item);
        }
        result.joined(&value.without(|_| true))
    }

    fn rest_of_list(&mut self, value: &Value, position: usize, behind: usize, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in value.atoms() {
            let rest: Value = match atom {
                Atom::List(list) => {
                    let end = list.items.len().saturating_sub(if list.rest.is_none() { behind } else { 0 });
                    let items = list.items.get(position..end.max(position)).unwrap_or_default();
                    List::new(items.to_vec(), list.rest.clone()).into()
                }
                _ => Value::list_of(self.element(&atom.clone().into(), site)),
            };
            result.join(&rest);
        }
        if let Some(hole) = value.hole() {
            result.join(&Value::list_of(Value::unknown((**hole).clone())));
        }
        result
    }

    fn assign_dict(
        &mut self,
        act: &mut Activation,
        entries: &[(ExprId, Pattern)],
        rest: Option<&Pattern>,
        value: &Value,
    ) {
        let mut taken: Vec<Text> = Vec::new();
        for (key, pattern) in entries {
            let site = self.site(act.file, *key);
            let key = self.eval(act, *key);
            let part = match key.as_str() {
                // By name, so that modules, instances and library values can be taken apart too.
                Some(name) => self.property(value, name, site),
                None => self.index(value, &key, site),
            };
            taken.extend(key.texts());
            self.assign(act, pattern, part);
        }
        if let Some(rest) = rest {
            let without = value.map(
                |atom| match atom {
                    Atom::Dict(dict) => {
                        let mut dict = (**dict).clone();
                        dict.entries.retain(|entry| !taken.contains(&entry.key));
                        dict.into()
                    }
                    other => other.clone().into(),
                },
                |hole| Value::unknown((**hole).clone()),
            );
            self.assign(act, rest, without);
        }
    }

    /// `value[name]` for containers and `value.name` for everything else.
    fn property(&mut self, value: &Value, name: &str, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in self.having(value, name, site) {
            let one: Value = atom.clone().into();
            let part = match atom {
                Atom::Dict(_) | Atom::Library(_) => self.index(&one, &Value::text(name, Some(site)), site),
                _ => self.attribute(&one, name, site),
            };
            result.join(&part);
        }
        result.joined(&value.without(|_| true))
    }
}
