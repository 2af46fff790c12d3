//! What outlives an activation: cells, contexts, classes and instances, with their identities.
//!
//! Identities stay the same over all rounds, so that what one round learnt is there for the next.

use std::collections::BTreeSet;
use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use perm_infer_facts::{ClassId, FuncId};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::cells::Cells;
use super::trace::Trace;
use crate::bounds::MAX_INSTANCES_PER_CLASS;
use crate::value::{Atom, ClassRef, Closure, ContextId, FileId, InstanceId, Site, Value};

/// Which activation of which function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ContextKey {
    pub(crate) file: FileId,
    pub(crate) func: FuncId,
    pub(crate) parent: Option<ContextId>,
    pub(crate) receiver: Option<Value>,
    /// The function among the arguments, also of the calls past the bound.
    pub(crate) handed: Option<u64>,
    /// One value for each parameter, bottom where the default applies; none when all calls past the
    /// bound share this context.
    pub(crate) params: Option<Vec<Value>>,
}

/// Contexts that are counted together.
type ContextGroup = (FileId, FuncId, Option<ContextId>, Option<u64>);

impl ContextKey {
    fn group(&self) -> ContextGroup {
        (self.file, self.func, self.parent, self.handed)
    }
}

/// How far the evaluation of a context is in this round.
#[derive(Clone, Debug, Default)]
pub(crate) enum Progress {
    #[default]
    None,
    /// Being evaluated; the result so far, and whether a recursive call has used it.
    Running {
        result: CallResult,
        used: bool,
    },
    Done(CallResult),
}

/// What a call gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CallResult {
    pub(crate) value: Value,
    /// Containers that the function was handed and changed: parameter and its last value.
    pub(crate) changed: Vec<(usize, Value)>,
}

/// One activation.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) file: FileId,
    pub(crate) func: FuncId,
    pub(crate) parent: Option<ContextId>,
    pub(crate) class: Option<ClassRef>,
    pub(crate) receiver: Option<Value>,
    pub(crate) params: Vec<Value>,
    pub(crate) progress: Progress,
    pub(crate) round: u32,
    pub(crate) caller: Option<(ContextId, Site)>,
    /// What its last evaluation has seen and done.
    pub(crate) trace: Option<Box<Trace>>,
    handed: Option<u64>,
}

/// A class that was evaluated in some context.
#[derive(Clone, Debug)]
pub(crate) struct ClassData {
    pub(crate) file: FileId,
    pub(crate) class: ClassId,
    /// The activation around its definition.
    pub(crate) parent: ContextId,
    /// The base classes as evaluated.
    pub(crate) bases: Value,
}

/// What instances are made from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Maker {
    /// A class.
    Class(ClassRef),
    /// A function used as a constructor.
    Function(Arc<Closure>),
}

/// Instances that are not told apart.
#[derive(Clone, Debug)]
pub(crate) struct InstanceData {
    pub(crate) maker: Maker,
    /// The last round in which a constructor ran for it.
    pub(crate) built_in: u32,
    /// Whether it stands for instances that different calls make.
    pub(crate) is_shared: bool,
}

/// All identities.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) cells: Cells,
    pub(crate) contexts: Vec<Context>,
    context_index: FxHashMap<ContextKey, ContextId>,
    /// How many contexts each function has.
    context_counts: FxHashMap<ContextGroup, usize>,
    /// How many contexts each function has in all.
    function_counts: FxHashMap<(FileId, FuncId), usize>,
    /// How many contexts the functions of each file have.
    file_counts: FxHashMap<FileId, usize>,
    pub(crate) classes: Vec<ClassData>,
    class_index: FxHashMap<(FileId, ClassId, ContextId), ClassRef>,
    pub(crate) instances: Vec<InstanceData>,
    instance_index: FxHashMap<(Maker, Option<Site>, Vec<Value>), InstanceId>,
    instance_counts: FxHashMap<Maker, usize>,
    /// The instances that code makes of each class.
    made: FxHashMap<ClassRef, BTreeSet<InstanceId>>,
    /// What stands for instances of classes in this round of which no code had made one when it was asked.
    pub(crate) assumed: FxHashMap<ClassRef, Value>,
    /// How often the base classes of a class have grown.
    pub(crate) hierarchy: u32,
    /// Functions that were evaluated at least once in this round.
    pub(crate) reached: FxHashSet<(FileId, FuncId)>,
}

impl Store {
    pub(crate) fn find_context(&self, key: &ContextKey) -> Option<ContextId> {
        self.context_index.get(key).copied()
    }

    pub(crate) fn contexts_of(&self, key: &ContextKey) -> usize {
        self.context_counts.get(&key.group()).copied().unwrap_or(0)
    }

    /// How many contexts the function has, whatever it closes over.
    pub(crate) fn contexts_of_function(&self, key: &ContextKey) -> usize {
        self.function_counts.get(&(key.file, key.func)).copied().unwrap_or(0)
    }

    /// How many contexts the functions of a file have.
    pub(crate) fn contexts_of_file(&self, file: FileId) -> usize {
        self.file_counts.get(&file).copied().unwrap_or(0)
    }

    pub(crate) fn add_context(&mut self, key: ContextKey, class: Option<ClassRef>) -> ContextId {
        let id = ContextId(count(self.contexts.len()));
        *self.context_counts.entry(key.group()).or_default() += 1;
        *self.function_counts.entry((key.file, key.func)).or_default() += 1;
        *self.file_counts.entry(key.file).or_default() += 1;
        self.contexts.push(Context {
            file: key.file,
            func: key.func,
            parent: key.parent,
            class,
            receiver: key.receiver.clone(),
            params: key.params.clone().unwrap_or_default(),
            progress: Progress::None,
            round: 0,
            caller: None,
            trace: None,
            handed: key.handed,
        });
        self.context_index.insert(key, id);
        id
    }

    /// Which function a value is, for certain: its definition, and what was handed to the function that
    /// made it, because a decorator gives the same inner function for each that it decorates.
    pub(crate) fn handed(&self, value: &Value) -> Option<u64> {
        let Some(Atom::Function(closure)) = value.single() else { return None };
        let mut state = FxHasher::default();
        (closure.file, closure.func, self.context(closure.parent).handed).hash(&mut state);
        Some(state.finish())
    }

    pub(crate) fn context(&self, id: ContextId) -> &Context {
        &self.contexts[id.index()]
    }

    pub(crate) fn context_mut(&mut self, id: ContextId) -> &mut Context {
        &mut self.contexts[id.index()]
    }

    /// The class, the same one for the same definition and activation.
    pub(crate) fn class(
        &mut self,
        file: FileId,
        class: ClassId,
        parent: ContextId,
        bases: Value,
    ) -> ClassRef {
        let next = ClassRef(count(self.classes.len()));
        let id = *self.class_index.entry((file, class, parent)).or_insert(next);
        if id == next {
            self.classes.push(ClassData { file, class, parent, bases });
        } else {
            self.hierarchy += u32::from(self.classes[id.0 as usize].bases.join(&bases));
        }
        id
    }

    pub(crate) fn class_data(&self, id: ClassRef) -> &ClassData {
        &self.classes[id.0 as usize]
    }

    pub(crate) fn instance_data(&self, id: InstanceId) -> &InstanceData {
        &self.instances[id.0 as usize]
    }

    pub(crate) fn instance_data_mut(&mut self, id: InstanceId) -> &mut InstanceData {
        &mut self.instances[id.0 as usize]
    }

    /// The instances that this maker makes at this place from these arguments.
    pub(crate) fn instance(&mut self, maker: &Maker, site: Site, args: Vec<Value>) -> InstanceId {
        if let Some(&id) = self.instance_index.get(&(maker.clone(), Some(site), args.clone())) {
            return id;
        }
        let made = self.instance_counts.entry(maker.clone()).or_default();
        *made += 1;
        // Past the bound all further instances are one.
        let is_shared = *made > MAX_INSTANCES_PER_CLASS;
        let key =
            if !is_shared { (maker.clone(), Some(site), args) } else { (maker.clone(), None, Vec::new()) };
        let next = InstanceId(count(self.instances.len()));
        let id = *self.instance_index.entry(key).or_insert(next);
        if id == next {
            self.instances.push(InstanceData { maker: maker.clone(), built_in: 0, is_shared });
        }
        id
    }

    /// Notes that code makes an instance of a class, which is one of each class that it extends.
    pub(crate) fn note_made(&mut self, id: InstanceId, classes: &[ClassRef]) {
        for &class in classes {
            if self.made.entry(class).or_default().insert(id) && self.assumed.contains_key(&class) {
                self.cells.outdate();
            }
        }
    }

    /// The instances that code makes of a class itself, in order of creation.
    pub(crate) fn own_instances_of(&self, class: ClassRef) -> Vec<InstanceId> {
        let is_own = |id: &InstanceId| self.instance_data(*id).maker == Maker::Class(class);
        self.made.get(&class).into_iter().flatten().copied().filter(is_own).collect()
    }

    /// The instances that code makes of a class itself, or else of those that extend it, in order of
    /// creation.
    pub(crate) fn instances_of(&self, class: ClassRef) -> Vec<InstanceId> {
        let own = self.own_instances_of(class);
        if own.is_empty() { self.made.get(&class).into_iter().flatten().copied().collect() } else { own }
    }
}

pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
