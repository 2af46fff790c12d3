//! Cells: growing values that outlive an activation, with the rules by which they are written and read; and
//! the trace of the running evaluation, to which every access to a cell belongs.

use std::sync::Arc;

use perm_infer_facts::{FuncId, VarId};
use rustc_hash::FxHashMap;

use super::store::count;
use super::trace::Event;
use crate::value::{ClassRef, ContextId, FileId, Hole, HoleReason, InstanceId, Value};

/// A growing value that many places write and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CellId(u32);

/// What a cell is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CellKey {
    /// A variable of an activation.
    Var(ContextId, VarId),
    /// An attribute of instances.
    Field(InstanceId, Arc<str>),
    /// An attribute of a class.
    ClassAttr(ClassRef, Arc<str>),
    /// What a module exports under a name; the empty name is the whole module.
    Export(FileId, Arc<str>),
    /// A property of a function, `prototype.` ones for its instances.
    FunctionProp(FileId, FuncId, Arc<str>),
    /// What a library model remembers under a name.
    Model(Arc<str>),
}

/// How a value is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storing {
    /// As one more of the values that the cell may hold.
    Join,
    /// By a variable's owner and for certain: it replaces what is there, unless somebody has already read
    /// that.
    Assign,
    /// By code other than the owner's.
    Share,
    /// By the construction of an instance and for certain.
    Construct,
}

/// What may be known of a cell besides its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    /// Something has stored a value.
    Written = 1,
    /// Code other than the owner's has stored something.
    Shared = 2,
    /// The construction of an instance sets it for certain.
    Constructed = 4,
}

#[derive(Debug, Default)]
struct Cell {
    value: Value,
    /// What is known of it: [`Flag`]s.
    flags: u8,
    /// The last round that read it.
    read_in: u32,
    /// Whether it was read between two assignments once: then it holds all of them from there on.
    keeps_all: bool,
    /// Whether readers know what it is when nothing sets it.
    is_assumed: bool,
    /// Values that were read or stored, by the numbers that traces have for them.
    known: Vec<Value>,
    /// The number of the value that it holds, where that is among the known ones.
    number: Option<u32>,
    /// The traces that have the last reading of this value, and the last answer for each flag.
    value_traced_by: u32,
    flags_traced_by: u32,
    flags_traced: u8,
}

/// The number in traces of what readers get of a cell that nothing has set until the last rounds.
const UNSET: u32 = u32::MAX;

impl Cell {
    /// The number of a value, most likely one of the last.
    fn number_of(&mut self, value: &Value) -> u32 {
        const LOOKED_AT: usize = 8;
        let known = self.known.iter().enumerate().rev().take(LOOKED_AT);
        let found = known.into_iter().find(|(_, known)| *known == value).map(|(number, _)| number);
        count(found.unwrap_or_else(|| {
            self.known.push(value.clone());
            self.known.len() - 1
        }))
    }

    /// The number of the value that it holds.
    fn current(&mut self) -> u32 {
        if let Some(number) = self.number {
            return number;
        }
        let value = std::mem::take(&mut self.value);
        let number = self.number_of(&value);
        self.value = value;
        self.number = Some(number);
        number
    }

    fn has(&self, flag: Flag) -> bool {
        self.flags & flag as u8 != 0
    }

    fn set(&mut self, flag: Flag) {
        if !self.has(flag) {
            self.flags |= flag as u8;
            self.flags_traced = 0;
        }
    }

    fn changed(&mut self) {
        self.number = None;
        self.value_traced_by = 0;
    }
}

/// All cells of a component.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    index: FxHashMap<CellKey, CellId>,
    cells: Vec<Cell>,
    round: u32,
    stale: bool,
    widening: bool,
    /// What the running evaluation has seen and done.
    trace: Vec<Event>,
    /// The number of that trace, and of the last one.
    trace_number: u32,
    traces: u32,
}

impl Cells {
    /// Starts a round. In the last rounds that are granted, cells that still grow become unknown.
    pub(crate) fn start_round(&mut self, widening: bool) {
        self.round += 1;
        self.stale = false;
        self.widening = widening;
        self.start_trace(Vec::new());
    }

    /// Whether some cell grew after it was read in this round.
    pub(crate) fn is_stale(&self) -> bool {
        self.stale
    }

    /// Asks for another round, because something that this one went by no longer holds.
    pub(crate) fn outdate(&mut self) {
        self.stale = true;
    }

    /// Makes cells unknown that were read but that nothing writes; true if there were any.
    pub(crate) fn settle_unwritten(&mut self) -> bool {
        let mut settled = false;
        for (key, &id) in &self.index {
            let cell = &mut self.cells[id.0 as usize];
            if !cell.has(Flag::Written) && !cell.is_assumed && cell.read_in == self.round {
                cell.set(Flag::Written);
                cell.value = Value::unknown(Hole::new(HoleReason::Undefined(key.label())));
                cell.changed();
                settled = true;
            }
        }
        settled
    }

    pub(crate) fn is_written(&mut self, key: &CellKey) -> bool {
        self.has(key, Flag::Written)
    }

    /// Whether code other than the owner's has stored something.
    pub(crate) fn is_shared(&mut self, key: &CellKey) -> bool {
        self.has(key, Flag::Shared)
    }

    /// Whether the construction of an instance sets it for certain.
    pub(crate) fn is_constructed(&mut self, key: &CellKey) -> bool {
        self.has(key, Flag::Constructed)
    }

    fn has(&mut self, key: &CellKey, flag: Flag) -> bool {
        let id = match self.index.get(key) {
            Some(&id) => id,
            None => self.id(key.clone()),
        };
        let cell = &mut self.cells[id.0 as usize];
        if cell.flags_traced_by != self.trace_number {
            cell.flags_traced_by = self.trace_number;
            cell.flags_traced = 0;
        }
        let is_set = cell.has(flag);
        if cell.flags_traced & flag as u8 == 0 {
            cell.flags_traced |= flag as u8;
            self.trace.push(Event::Flag { cell: id, flag, is_set });
        }
        is_set
    }

    /// Reads a cell; with `assumed` it stays unset if nothing sets it, because something else is known.
    pub(crate) fn read_if_set(&mut self, key: CellKey, assumed: bool) -> Value {
        self.read_assuming(key, assumed)
    }

    pub(crate) fn read(&mut self, key: CellKey) -> Value {
        self.read_assuming(key, false)
    }

    fn read_assuming(&mut self, key: CellKey, is_assumed: bool) -> Value {
        let label = self.widening.then(|| key.label());
        let id = self.id(key);
        let value = self.observe(id, is_assumed);
        let cell = &mut self.cells[id.0 as usize];
        if cell.value_traced_by != self.trace_number || is_assumed || value == UNSET {
            cell.value_traced_by = self.trace_number;
            self.trace.push(Event::Read { cell: id, value, is_assumed });
        }
        match label.filter(|_| value == UNSET) {
            Some(label) => Value::unknown(Hole::new(HoleReason::Undefined(label))),
            None => cell.value.clone(),
        }
    }

    /// Marks a cell as read in this round, and gives the number of what readers get.
    fn observe(&mut self, id: CellId, is_assumed: bool) -> u32 {
        let cell = &mut self.cells[id.0 as usize];
        cell.is_assumed |= is_assumed;
        cell.read_in = self.round;
        // What nothing has set until the last rounds is unknown, or what depends on it would count as dead
        // code where other cells still grow.
        if self.widening && !cell.has(Flag::Written) && !cell.is_assumed { UNSET } else { cell.current() }
    }

    /// Stores what a variable's owner assigns for certain: it replaces what is there, unless somebody
    /// has already read that.
    pub(crate) fn assign(&mut self, key: CellKey, value: &Value) {
        self.write(key, Storing::Assign, value);
    }

    /// Stores from code other than the owner's.
    pub(crate) fn share(&mut self, key: CellKey, value: &Value) {
        self.write(key, Storing::Share, value);
    }

    /// Stores what the construction of an instance sets for certain.
    pub(crate) fn construct(&mut self, key: CellKey, value: &Value) {
        self.write(key, Storing::Construct, value);
    }

    pub(crate) fn join(&mut self, key: CellKey, value: &Value) {
        self.write(key, Storing::Join, value);
    }

    fn write(&mut self, key: CellKey, storing: Storing, value: &Value) {
        let cell = self.id(key);
        let number = self.cells[cell.0 as usize].number_of(value);
        self.trace.push(Event::Write { cell, storing, value: number });
        self.store(cell, storing, value);
    }

    fn store(&mut self, id: CellId, storing: Storing, value: &Value) {
        let (round, widening) = (self.round, self.widening);
        let cell = &mut self.cells[id.0 as usize];
        cell.set(Flag::Written);
        match storing {
            Storing::Share => cell.set(Flag::Shared),
            Storing::Construct => cell.set(Flag::Constructed),
            Storing::Join | Storing::Assign => {}
        }
        if storing == Storing::Assign {
            if cell.read_in != round && !cell.keeps_all {
                cell.value = value.clone();
                cell.changed();
                return;
            }
            cell.keeps_all = true;
        }
        if cell.value.join(value) {
            cell.changed();
            if cell.read_in == round {
                if widening {
                    cell.value.join(&Value::unknown(Hole::new(HoleReason::TooMany)));
                }
                // Another assignment in the next round may not take back what readers have to see.
                cell.keeps_all = true;
                self.stale = true;
            }
        }
    }

    fn id(&mut self, key: CellKey) -> CellId {
        let next = CellId(count(self.cells.len()));
        let id = *self.index.entry(key).or_insert(next);
        if id == next {
            self.cells.push(Cell::default());
        }
        id
    }

    // For traces.

    /// Starts another trace; gives the one before. The empty trace is a new one.
    pub(crate) fn start_trace(&mut self, trace: Vec<Event>) -> Vec<Event> {
        self.traces += 1;
        self.trace_number = self.traces;
        std::mem::replace(&mut self.trace, trace)
    }

    pub(crate) fn trace(&mut self, event: Event) {
        self.trace.push(event);
    }

    pub(crate) fn trace_all(&mut self, events: &[Event]) {
        self.trace.extend_from_slice(events);
    }

    /// Reads a cell again; whether it gives what it gave.
    pub(crate) fn reads_again(&mut self, cell: CellId, value: u32, is_assumed: bool) -> bool {
        self.observe(cell, is_assumed) == value
    }

    /// Stores a known value again.
    pub(crate) fn write_again(&mut self, cell: CellId, storing: Storing, value: u32) {
        let known = self.cells[cell.0 as usize].known.get(value as usize).cloned();
        if let Some(value) = known {
            self.store(cell, storing, &value);
        }
    }

    pub(crate) fn flag_of(&self, cell: CellId, flag: Flag) -> bool {
        self.cells[cell.0 as usize].has(flag)
    }

    pub(crate) fn read_in(&self, cell: CellId) -> u32 {
        self.cells[cell.0 as usize].read_in
    }

    pub(crate) fn set_read_in(&mut self, cell: CellId, round: u32) {
        self.cells[cell.0 as usize].read_in = round;
    }
}

impl CellKey {
    fn label(&self) -> Arc<str> {
        match self {
            CellKey::Var(..) => "variable".into(),
            CellKey::Model(_) => "result".into(),
            CellKey::Field(_, name)
            | CellKey::ClassAttr(_, name)
            | CellKey::Export(_, name)
            | CellKey::FunctionProp(_, _, name) => name.clone(),
        }
    }
}
