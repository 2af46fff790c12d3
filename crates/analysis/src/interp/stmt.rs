//! Executing statements: the flow of control over the local state.

use perm_infer_facts::{
    AssignOp, BinaryOp, Block, Case, Expr, ExprId, FuncId, Handler, Pattern, Stmt, StmtId,
};

use super::Interp;
use super::activation::{Activation, BranchEnd, Changes};
use super::cells::CellKey;
use super::operators::{equal, truth};
use crate::bounds::{MAX_LOOP_TURNS, MAX_NESTING, MAX_UNROLL, MAX_UNROLL_PRODUCT};
use crate::library::Args;
use crate::value::{Atom, Hole, HoleReason, Site, Value};

/// Cases of a switch that one case may fall through into.
const MAX_FALL_THROUGH: usize = 8;

impl Interp<'_> {
    pub(super) fn exec_block(&mut self, act: &mut Activation, block: &Block) {
        for &stmt in block {
            if act.dead {
                return;
            }
            self.exec(act, stmt);
        }
    }

    fn exec(&mut self, act: &mut Activation, id: StmtId) {
        if self.nesting >= MAX_NESTING {
            let span = self.facts(act.file).stmt_spans[id.index()];
            self.too_deep(Site { file: act.file, span });
            return;
        }
        let compound = matches!(
            self.facts(act.file).stmts[id.index()],
            Stmt::While { .. } | Stmt::For { .. } | Stmt::Try { .. } | Stmt::Switch { .. }
        );
        act.branches += usize::from(compound);
        self.nesting += 1;
        self.exec_stmt(act, id);
        self.nesting -= 1;
        act.branches -= usize::from(compound);
    }

    fn exec_stmt(&mut self, act: &mut Activation, id: StmtId) {
        let facts = self.facts(act.file);
        match &facts.stmts[id.index()] {
            Stmt::Expr(value) => {
                self.eval(act, *value);
            }
            Stmt::Assign { targets, op, value } => self.exec_assign(act, targets, *op, *value),
            Stmt::Declare { var, ty } => {
                let typed = self.typed_value(act, *ty, Value::bottom());
                if !typed.is_bottom() {
                    self.assign_var(act, *var, typed);
                }
            }
            Stmt::Return(value) => {
                let value = value.map_or_else(|| Atom::Null.into(), |value| self.eval(act, value));
                act.returned.join(&value);
                act.dead = true;
            }
            Stmt::Raise(value) => {
                if let Some(value) = value {
                    self.eval(act, *value);
                }
                act.dead = true;
            }
            Stmt::Break => act.break_out(),
            Stmt::Continue => act.continue_loop(),
            Stmt::If { test, then, otherwise } => self.exec_if(act, *test, then, otherwise),
            Stmt::While { test, body, update, otherwise } => {
                self.exec_while(act, *test, body, update, otherwise);
            }
            Stmt::For { target, iter, keys, body, otherwise } => {
                self.exec_for(act, target, *iter, *keys, body, otherwise);
            }
            Stmt::With { items, body } => {
                for (value, target) in items {
                    let site = self.site(act.file, *value);
                    let value = self.eval(act, *value);
                    let entered = self.enter(&value, site);
                    if let Some(target) = target {
                        self.assign(act, target, entered);
                    }
                }
                self.exec_block(act, body);
            }
            Stmt::Try { body, handlers, otherwise, finally } => {
                self.exec_try(act, body, handlers, otherwise, finally);
            }
            Stmt::Switch { subject, cases, falls_through } => {
                self.exec_switch(act, *subject, cases, *falls_through);
            }
            Stmt::Function { var, func } => {
                let value = self.closure(act, *func);
                let value = self.decorated(act, *func, value);
                self.assign_var(act, *var, value);
            }
            Stmt::Class { var, class } => {
                let value = self.define_class(act, *class, Some(*var));
                self.assign_var(act, *var, value);
            }
            Stmt::Import(import) => self.exec_import(act, *import),
            Stmt::Export { name, value } => {
                let value = self.eval(act, *value);
                let name = name.map_or("", |name| facts.text(name));
                self.store.cells.join(CellKey::Export(act.file, name.into()), &value);
            }
            Stmt::Delete(_) => {}
            Stmt::Block(block) => self.exec_block(act, block),
        }
    }

    fn exec_assign(&mut self, act: &mut Activation, targets: &[Pattern], op: AssignOp, value: ExprId) {
        let site = self.site(act.file, value);
        let Some(first) = targets.first() else { return };
        let value = self.assigned_value(act, first, op, value, site);
        for target in targets {
            self.assign(act, target, value.clone());
        }
    }

    /// Applies the decorators of a function, from the last to the first.
    pub(super) fn decorated(&mut self, act: &mut Activation, func: FuncId, mut value: Value) -> Value {
        for &decorator in self.function(act.file, func).decorators.iter().rev() {
            let site = self.site(act.file, decorator);
            self.note_registration(act.file, func, decorator);
            let decorator = self.eval(act, decorator);
            value = self.decorate(&decorator, value, site);
        }
        value
    }

    /// A decorator that the project defines gives what it returns; any other is transparent.
    pub(super) fn decorate(&mut self, decorator: &Value, value: Value, site: Site) -> Value {
        let args = Args::of(vec![value.clone()]);
        let mut result = Value::bottom();
        for atom in decorator.atoms() {
            let decorated = match atom {
                Atom::Function(_) | Atom::Class(_) | Atom::Instance(_) => {
                    self.call_atom(atom, &args, site).value
                }
                Atom::External(_) | Atom::Library(_) | Atom::Method(..) => {
                    self.ask(site, |library, cx| library.call(cx, atom, &args)).unwrap_or_default()
                }
                _ => Value::bottom(),
            };
            result.join(&decorated.without(|atom| matches!(atom, Atom::Null)).closed());
        }
        if super::call::is_callable(&result)
            || result.atoms().iter().any(|atom| matches!(atom, Atom::Instance(_)))
        {
            result
        } else {
            value
        }
    }

    fn exec_if(&mut self, act: &mut Activation, test: ExprId, then: &Block, otherwise: &Block) {
        let tested = self.eval(act, test);
        match truth(&tested) {
            Some(true) => self.exec_block(act, then),
            Some(false) => self.exec_block(act, otherwise),
            None => {
                let mark = act.mark();
                act.branches += 1;
                self.narrow(act, test, true);
                self.exec_block(act, then);
                let first = act.end_branch(mark);
                self.narrow(act, test, false);
                self.exec_block(act, otherwise);
                let second = act.end_branch(mark);
                act.branches -= 1;
                act.join_branches(vec![first, second]);
            }
        }
    }

    /// Uses what a condition says about the variable it tests.
    pub(super) fn narrow(&mut self, act: &mut Activation, test: ExprId, holds: bool) {
        let facts = self.facts(act.file);
        match facts.expr(test) {
            Expr::Not(inner) => self.narrow(act, *inner, !holds),
            Expr::Binary { op: BinaryOp::And, left, right } if holds => {
                self.narrow(act, *left, true);
                self.narrow(act, *right, true);
            }
            Expr::Binary { op: BinaryOp::Or, left, right } if !holds => {
                self.narrow(act, *left, false);
                self.narrow(act, *right, false);
            }
            Expr::Binary { op: op @ (BinaryOp::Eq | BinaryOp::NotEq), left, right } => {
                let constant = match facts.expr(*right) {
                    Expr::Str(text) => Value::text(facts.text(*text), Some(self.site(act.file, *right))),
                    Expr::Int(value) => Atom::Int(*value).into(),
                    Expr::Null => Atom::Null.into(),
                    _ => return,
                };
                let Some(constant) = constant.single().cloned() else { return };
                let same = (*op == BinaryOp::Eq) == holds;
                self.narrow_var(act, *left, |value| {
                    if same && !matches!(constant, Atom::Null) {
                        // The variable is the constant, whatever else it might have been.
                        if value.is_open()
                            || value.atoms().contains(&constant)
                            || value.texts().any(|text| text.has_hole())
                        {
                            return constant.clone().into();
                        }
                        return value.clone();
                    }
                    let kept = value.without(|atom| (*atom == constant) != same);
                    if kept.is_bottom() { value.clone() } else { kept }
                });
            }
            Expr::Var(_) => self.narrow_var(act, test, |value| {
                let kept = value.without(|atom| atom.truth() == Some(!holds));
                if kept.is_bottom() { value.clone() } else { kept }
            }),
            _ => {}
        }
    }

    /// Narrows a local variable that no other code can change meanwhile.
    fn narrow_var(&mut self, act: &mut Activation, expr: ExprId, narrowed: impl Fn(&Value) -> Value) {
        let facts = self.facts(act.file);
        let Expr::Var(var) = facts.expr(expr) else { return };
        if facts.vars[var.index()].assigned_inside {
            return;
        }
        if let Some(value) = act.local(*var) {
            let narrowed = narrowed(value);
            if narrowed != *value {
                act.set(*var, narrowed);
            }
        }
    }

    fn exec_while(
        &mut self,
        act: &mut Activation,
        test: Option<ExprId>,
        body: &Block,
        update: &Block,
        otherwise: &Block,
    ) {
        let mut endless = true;
        let breaks = self.repeat(
            act,
            |interp, act| {
                if let Some(test) = test {
                    let tested = interp.eval(act, test);
                    match truth(&tested) {
                        Some(true) => {}
                        Some(false) => {
                            endless = false;
                            return;
                        }
                        None => {
                            endless = false;
                            interp.narrow(act, test, true);
                        }
                    }
                }
                interp.exec_block(act, body);
            },
            |interp, act| interp.exec_block(act, update),
        );
        self.after_loop(act, endless, &breaks, otherwise);
    }

    fn after_loop(&mut self, act: &mut Activation, endless: bool, breaks: &[Changes], otherwise: &Block) {
        if endless {
            act.dead = breaks.is_empty();
        } else {
            self.exec_block(act, otherwise);
            if act.dead && !breaks.is_empty() {
                act.dead = false;
            }
        }
        for changes in breaks {
            act.join_changes(changes);
        }
    }

    /// Runs a loop body until the state at its head is stable, and gives the states at its breaks.
    fn repeat(
        &mut self,
        act: &mut Activation,
        mut body: impl FnMut(&mut Self, &mut Activation),
        mut update: impl FnMut(&mut Self, &mut Activation),
    ) -> Vec<Changes> {
        let mut all_breaks = Vec::new();
        for turn in 1.. {
            act.enter_exits(true);
            let mark = act.mark();
            body(self, act);
            let (mut breaks, continues) = act.leave_exits();
            if !act.dead || !continues.is_empty() {
                act.dead = false;
                for changes in &continues {
                    act.join_changes(changes);
                }
                // The test of a loop that is tested behind each turn may leave it from here.
                act.enter_exits_from(mark, true);
                update(self, act);
                breaks.extend(act.leave_exits().0);
            }
            let end = act.end_branch(mark);
            all_breaks.extend(breaks);
            let Some(changes) = end else { break };
            if !act.join_changes(&changes) {
                break;
            }
            if turn == MAX_LOOP_TURNS {
                act.widen(&changes, &Value::unknown(Hole::new(HoleReason::TooMany)));
                break;
            }
        }
        all_breaks
    }

    fn exec_for(
        &mut self,
        act: &mut Activation,
        target: &Pattern,
        iter: ExprId,
        keys: bool,
        body: &Block,
        otherwise: &Block,
    ) {
        let site = self.site(act.file, iter);
        let iterated = self.eval(act, iter);
        if !keys && let Some(items) = unrollable(&iterated, act.unrolled) {
            act.unrolled *= items.len().max(1);
            let breaks = self.unroll(act, target, &items, body);
            act.unrolled /= items.len().max(1);
            self.after_loop(act, false, &breaks, otherwise);
            return;
        }
        let element = if keys { key_of(&iterated) } else { self.element(&iterated, site) };
        let breaks = self.repeat(
            act,
            |interp, act| {
                interp.assign(act, target, element.clone());
                interp.exec_block(act, body);
            },
            |_, _| {},
        );
        self.after_loop(act, false, &breaks, otherwise);
    }

    /// Runs the body once for each element of a short known list.
    fn unroll(
        &mut self,
        act: &mut Activation,
        target: &Pattern,
        items: &[Value],
        body: &Block,
    ) -> Vec<Changes> {
        let mut all_breaks = Vec::new();
        for item in items {
            act.enter_exits(true);
            self.assign(act, target, item.clone());
            self.exec_block(act, body);
            let (breaks, continues) = act.leave_exits();
            if !continues.is_empty() {
                act.dead = false;
                for changes in &continues {
                    act.join_changes(changes);
                }
            }
            all_breaks.extend(breaks);
            if act.dead {
                break;
            }
        }
        all_breaks
    }

    fn exec_try(
        &mut self,
        act: &mut Activation,
        body: &Block,
        handlers: &[Handler],
        otherwise: &Block,
        finally: &Block,
    ) {
        let mark = act.mark();
        self.exec_block(act, body);
        // A handler may start after any assignment of the body, also one in a branch that returned.
        let thrown = act.changes_since(mark);
        if !act.dead {
            self.exec_block(act, otherwise);
        }
        let mut ends: Vec<BranchEnd> = vec![act.end_branch(mark)];
        for handler in handlers {
            act.join_changes(&thrown);
            for &ty in &handler.types {
                self.eval(act, ty);
            }
            if let Some(target) = &handler.target {
                let exception = Value::unknown(Hole::new(HoleReason::Result("an exception".into())));
                self.assign(act, target, exception);
            }
            self.exec_block(act, &handler.body);
            ends.push(act.end_branch(mark));
        }
        if ends.iter().any(Option::is_none) && !finally.is_empty() {
            // The ways that leave the function run it too, with what they changed.
            act.join_changes(&thrown);
            self.exec_block(act, finally);
            act.end_branch(mark);
        }
        act.join_branches(ends);
        self.exec_block(act, finally);
    }

    fn exec_switch(&mut self, act: &mut Activation, subject: ExprId, cases: &[Case], falls_through: bool) {
        let subject_value = self.eval(act, subject);
        let mark = act.mark();
        act.enter_exits(false);
        let mut ends: Vec<BranchEnd> = Vec::new();
        let mut certain = false;
        let has_default = cases.iter().any(|case| case.values.is_empty() && case.guard.is_none());
        // The default may stand before other cases.
        let (defaults, valued): (Vec<usize>, Vec<usize>) =
            (0..cases.len()).partition(|&index| cases[index].values.is_empty() && falls_through);
        for index in valued.into_iter().chain(defaults) {
            let case = &cases[index];
            let selected = self.case_selected(act, &subject_value, case);
            if selected == Some(false) || certain {
                continue;
            }
            certain = selected == Some(true) && case.guard.is_none();
            self.run_case(act, subject, &subject_value, cases, index, falls_through);
            ends.push(act.end_branch(mark));
        }
        if !has_default && !certain {
            ends.push(Some(Changes::default()));
        }
        let (breaks, _) = act.leave_exits();
        ends.extend(breaks.into_iter().map(Some));
        act.join_branches(ends);
    }

    /// Whether a case is selected, where that is certain.
    fn case_selected(&mut self, act: &mut Activation, subject: &Value, case: &Case) -> Option<bool> {
        if case.values.is_empty() {
            return None;
        }
        let mut possible = false;
        for &value in &case.values {
            let value = self.eval(act, value);
            match equal(subject, &value) {
                Some(true) => return Some(true),
                None => possible = true,
                Some(false) => {}
            }
        }
        if possible { None } else { Some(false) }
    }

    fn run_case(
        &mut self,
        act: &mut Activation,
        subject: ExprId,
        subject_value: &Value,
        cases: &[Case],
        index: usize,
        falls_through: bool,
    ) {
        let case = &cases[index];
        if let Some(pattern) = &case.pattern {
            self.assign(act, pattern, subject_value.clone());
        } else if let [value] = case.values.as_slice() {
            let value = self.eval(act, *value);
            if let (Some(constant), true) = (value.single().cloned(), subject_value.is_open()) {
                self.narrow_var(act, subject, |_| constant.clone().into());
            }
        }
        if let Some(guard) = case.guard {
            self.eval(act, guard);
        }
        self.exec_block(act, &case.body);
        if falls_through {
            for next in cases.iter().skip(index + 1).take(MAX_FALL_THROUGH) {
                if act.dead {
                    break;
                }
                self.exec_block(act, &next.body);
            }
        }
    }
}

/// The elements of a list that is short enough to run the loop once for each.
fn unrollable(value: &Value, around: usize) -> Option<Vec<Value>> {
    let Some(Atom::List(list)) = value.single() else { return None };
    let fits = list.rest.is_none()
        && list.items.len() <= MAX_UNROLL
        && around.saturating_mul(list.items.len()) <= MAX_UNROLL_PRODUCT;
    fits.then(|| list.items.clone())
}

/// The keys of dictionaries; indices of lists are unknown numbers.
fn key_of(value: &Value) -> Value {
    value.map(
        |atom| match atom {
            Atom::Dict(dict) => {
                let mut keys = Value::bottom();
                for entry in &dict.entries {
                    keys.join(&Atom::Text(entry.key.clone()).into());
                }
                if dict.rest.is_some() {
                    keys.join(&Value::unknown(Hole::new(HoleReason::Computed)));
                }
                keys
            }
            _ => Value::unknown(Hole::new(HoleReason::Computed)),
        },
        |hole| Value::unknown((**hole).clone()),
    )
}
