//! What the evaluation of a context noticed of others and did that others notice, so that a later round can
//! do it again without evaluating anything.
//!
//! A context gives the same as in the last round if everything that it sees is what it saw then: the cells
//! that it reads, the results of what it calls. [`Interp::replay`] goes through its trace in order: it
//! checks what was seen, stores what was stored, and enters what was called, which is replayed or evaluated
//! in its turn. At the first difference the context is evaluated anew. Everything happens in the order in
//! which evaluation has it, so that a round gives the same results with and without traces.

use perm_infer_facts::FuncId;

use super::cells::{CellId, Flag, Storing};
use super::store::CallResult;
use super::{Call, Interp};
use crate::library::Note;
use crate::value::{ClassRef, ContextId, FileId, InstanceId, Site, Value};

/// One thing that was seen or done. Values are those that the cell knows by these numbers.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A cell was read.
    Read { cell: CellId, value: u32, is_assumed: bool },
    /// It was asked what is known of a cell.
    Flag { cell: CellId, flag: Flag, is_set: bool },
    /// A cell was written.
    Write { cell: CellId, storing: Storing, value: u32 },
    /// Another context was called.
    Call(Box<Called>),
    /// A module was needed.
    Module(FileId),
    /// All instances of a class were asked for.
    Instances { class: ClassRef, count: usize },
    /// An instance was asked for of a class of which no code makes one.
    Assume(Box<(ClassRef, Value)>),
    /// A constructor ran, the first one of the round for these instances or a later one.
    Build { instance: InstanceId, is_first: bool },
    /// An operation was performed.
    Perform(Box<Call>),
    /// The user was told something.
    Note(Box<Note>),
    /// A function was handed to a library.
    Register(FileId, FuncId),
    /// Something was too deep to be evaluated: it may be less deep the next time.
    TooDeep,
}

/// A call of a context.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    context: ContextId,
    site: Site,
    result: CallResult,
}

/// What one evaluation of a context has seen and done.
#[derive(Debug)]
pub(crate) struct Trace {
    events: Box<[Event]>,
    result: CallResult,
    /// The round of the evaluation.
    round: u32,
    /// How often base classes had grown before.
    hierarchy: u32,
}

impl Trace {
    pub(crate) fn set_result(&mut self, result: CallResult) {
        self.result = result;
    }
}

/// Cells that a replay has assigned, and the round in which each had been read before.
type Assigned = Vec<(CellId, u32)>;

impl Interp<'_> {
    /// Evaluates with a trace.
    pub(super) fn traced(&mut self, id: ContextId, run: impl FnOnce(&mut Self) -> CallResult) -> CallResult {
        let outer = self.store.cells.start_trace(Vec::new());
        let result = run(self);
        let events = self.store.cells.start_trace(outer).into_boxed_slice();
        let (round, hierarchy) = (self.round, self.store.hierarchy);
        let trace = Trace { events, result: result.clone(), round, hierarchy };
        self.store.context_mut(id).trace = Some(Box::new(trace));
        result
    }

    /// Notes a call of another context and what it gave.
    pub(super) fn trace_call(&mut self, context: ContextId, site: Site, result: &CallResult) {
        let called = Called { context, site, result: result.clone() };
        self.store.cells.trace(Event::Call(Box::new(called)));
    }

    /// Does what the last evaluation of a context did, in an earlier round, as long as what it sees is the
    /// same. Its result if that is so to the end.
    pub(super) fn replay(&mut self, id: ContextId) -> Option<CallResult> {
        let mut trace = self.store.context_mut(id).trace.take()?;
        if trace.round == self.round || trace.hierarchy != self.store.hierarchy {
            return None;
        }
        self.start(id, trace.result.clone());
        let mut assigned = Assigned::new();
        let is_same = trace.events.iter().all(|event| self.repeat_event(event, &mut assigned));
        self.end(id);
        if is_same {
            trace.round = self.round;
            let result = trace.result.clone();
            self.store.context_mut(id).trace = Some(trace);
            return Some(result);
        }
        // The evaluation that follows assigns these once more, as if it had not been done yet.
        for (cell, read_in) in assigned.into_iter().rev() {
            self.store.cells.set_read_in(cell, read_in);
        }
        None
    }

    /// Does one thing again; false when it is not what it was.
    fn repeat_event(&mut self, event: &Event, assigned: &mut Assigned) -> bool {
        match event {
            Event::Read { cell, value, is_assumed } => {
                return self.store.cells.reads_again(*cell, *value, *is_assumed);
            }
            Event::Flag { cell, flag, is_set } => {
                return self.store.cells.flag_of(*cell, *flag) == *is_set;
            }
            Event::Write { cell, storing, value } => {
                if *storing == Storing::Assign {
                    assigned.push((*cell, self.store.cells.read_in(*cell)));
                }
                self.store.cells.write_again(*cell, *storing, *value);
            }
            Event::Call(called) => {
                return self.evaluate(called.context, Some(called.site)) == called.result;
            }
            Event::Module(file) => self.run_module(*file),
            Event::Instances { class, count } => {
                return self.store.own_instances_of(*class).len() == *count;
            }
            Event::Assume(assumed) => return self.assume_apart(assumed.0) == assumed.1,
            Event::Build { instance, is_first } => return self.begin_building(*instance) == *is_first,
            Event::Perform(call) => self.calls.push((**call).clone()),
            Event::Note(note) => self.add_note((**note).clone()),
            Event::Register(file, func) => {
                self.registered.insert((*file, *func));
            }
            Event::TooDeep => return false,
        }
        true
    }
}
