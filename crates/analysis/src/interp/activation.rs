//! The local state of one function while it runs: variables with an undo log, so that branches cost
//! only what they change.

use perm_infer_facts::VarId;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::value::{ClassRef, ContextId, FileId, Value};

/// Variables that a stretch of code changed, with their values at its end.
pub(crate) type Changes = FxHashMap<VarId, Value>;

/// How a branch ended: what it changed, or that it never gets to its end.
pub(crate) type BranchEnd = Option<Changes>;

/// Places where control leaves the innermost loop or switch.
#[derive(Debug, Default)]
pub(crate) struct Exits {
    mark: usize,
    is_loop: bool,
    breaks: Vec<Changes>,
    continues: Vec<Changes>,
}

/// One running function.
#[derive(Debug)]
pub(crate) struct Activation {
    pub(crate) file: FileId,
    pub(crate) context: ContextId,
    pub(crate) this: Option<Value>,
    pub(crate) class: Option<ClassRef>,
    /// Whether control cannot get to this point.
    pub(crate) dead: bool,
    pub(crate) returned: Value,
    pub(crate) yielded: Value,
    /// Branches and loops around this point.
    pub(crate) branches: usize,
    /// Product of the unrolled loops around this point.
    pub(crate) unrolled: usize,
    locals: FxHashMap<VarId, Value>,
    log: Vec<(VarId, Option<Value>)>,
    exits: Vec<Exits>,
}

impl Activation {
    pub(crate) fn new(
        file: FileId,
        context: ContextId,
        this: Option<Value>,
        class: Option<ClassRef>,
    ) -> Self {
        Activation {
            file,
            context,
            this,
            class,
            dead: false,
            returned: Value::bottom(),
            yielded: Value::bottom(),
            branches: 0,
            unrolled: 1,
            locals: FxHashMap::default(),
            log: Vec::new(),
            exits: Vec::new(),
        }
    }

    pub(crate) fn local(&self, var: VarId) -> Option<&Value> {
        self.locals.get(&var)
    }

    pub(crate) fn set(&mut self, var: VarId, value: Value) {
        let old = self.locals.insert(var, value);
        self.log.push((var, old));
    }

    /// A point to come back to.
    pub(crate) fn mark(&self) -> usize {
        self.log.len()
    }

    /// What has changed since the mark.
    pub(crate) fn changes_since(&self, mark: usize) -> Changes {
        let touched: FxHashSet<VarId> = self.log[mark..].iter().map(|(var, _)| *var).collect();
        touched.into_iter().filter_map(|var| Some((var, self.locals.get(&var)?.clone()))).collect()
    }

    /// Undoes everything since the mark.
    fn roll_back(&mut self, mark: usize) {
        while self.log.len() > mark {
            let Some((var, old)) = self.log.pop() else { break };
            match old {
                Some(old) => self.locals.insert(var, old),
                None => self.locals.remove(&var),
            };
        }
    }

    /// Ends a branch that began at the mark: its changes, with the state as it was at the mark.
    pub(crate) fn end_branch(&mut self, mark: usize) -> BranchEnd {
        let end = (!self.dead).then(|| self.changes_since(mark));
        self.roll_back(mark);
        self.dead = false;
        end
    }

    /// Joins the ends of alternative branches into the current state. Without a live end this point is
    /// dead.
    pub(crate) fn join_branches(&mut self, ends: Vec<BranchEnd>) {
        let live: Vec<Changes> = ends.into_iter().flatten().collect();
        self.dead = live.is_empty();
        for (var, value) in self.joined(&live) {
            self.set(var, value);
        }
    }

    /// What each touched variable holds after one of the branches.
    fn joined(&self, live: &[Changes]) -> Changes {
        let mut result = Changes::default();
        let touched: FxHashSet<VarId> = live.iter().flat_map(|changes| changes.keys().copied()).collect();
        for var in touched {
            let mut value = Value::bottom();
            for changes in live {
                // A branch that does not assign keeps what was there; unassigned adds nothing.
                if let Some(other) = changes.get(&var).or_else(|| self.locals.get(&var)) {
                    value.join(other);
                }
            }
            result.insert(var, value);
        }
        result
    }

    pub(crate) fn enter_exits(&mut self, is_loop: bool) {
        self.enter_exits_from(self.mark(), is_loop);
    }

    /// Enters a loop or switch whose breaks keep what was changed since the mark.
    pub(crate) fn enter_exits_from(&mut self, mark: usize, is_loop: bool) {
        self.exits.push(Exits { mark, is_loop, ..Exits::default() });
    }

    pub(crate) fn leave_exits(&mut self) -> (Vec<Changes>, Vec<Changes>) {
        let exits = self.exits.pop().unwrap_or_default();
        (exits.breaks, exits.continues)
    }

    /// `break`: remembers the state for after the loop.
    pub(crate) fn break_out(&mut self) {
        if let Some(mark) = self.exits.last().map(|exits| exits.mark) {
            let changes = self.changes_since(mark);
            if let Some(exits) = self.exits.last_mut() {
                exits.breaks.push(changes);
            }
        }
        self.dead = true;
    }

    /// `continue`: remembers the state for the next turn of the innermost loop.
    pub(crate) fn continue_loop(&mut self) {
        if let Some(position) = self.exits.iter().rposition(|exits| exits.is_loop) {
            let changes = self.changes_since(self.exits[position].mark);
            self.exits[position].continues.push(changes);
        }
        self.dead = true;
    }

    /// Joins changes into the state as "may have happened"; true when something is new.
    pub(crate) fn join_changes(&mut self, changes: &Changes) -> bool {
        let mut grown = false;
        for (&var, value) in changes {
            let mut joined = self.locals.get(&var).cloned().unwrap_or_default();
            if joined.join(value) {
                grown = true;
                self.set(var, joined);
            }
        }
        grown
    }

    /// Joins "anything" into variables that do not settle.
    pub(crate) fn widen(&mut self, changes: &Changes, unknown: &Value) {
        for &var in changes.keys() {
            let widened = self.locals.get(&var).cloned().unwrap_or_default().joined(unknown);
            self.set(var, widened);
        }
    }
}
