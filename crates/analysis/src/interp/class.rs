//! Classes: definition, instances, constructors, and the search for members through base classes.

use std::sync::Arc;

use perm_infer_facts::{Accessor, Binding, ClassId, FileFacts, FuncId, MemberKind, Stmt};

use super::Interp;
use super::activation::Activation;
use super::call::bind;
use super::cells::CellKey;
use super::store::Maker;
use super::trace::Event;
use crate::bounds::{MAX_ALTERNATIVES, MAX_SEPARATE_RECEIVERS};
use crate::library::{Args, Protocol};
use crate::value::{Atom, ClassRef, Closure, Dict, Entry, Hole, HoleReason, InstanceId, Site, Text, Value};

/// How deep inheritance is followed; real hierarchies are far flatter, and cycles end here.
const MAX_BASES: usize = 32;

/// What a search for a member found.
pub(super) enum Member {
    /// A value to be read from a class variable.
    Variable(Value, Option<Binding>),
    /// A declared method or accessor.
    Method(Arc<Closure>, Accessor),
    /// Not in the project's classes; the first base from outside.
    External(Atom),
}

impl Interp<'_> {
    /// Evaluates a class definition.
    pub(super) fn define_class(
        &mut self,
        act: &mut Activation,
        class: ClassId,
        var: Option<perm_infer_facts::VarId>,
    ) -> Value {
        let facts = self.facts(act.file);
        let definition = &facts.classes[class.index()];
        let mut bases = Value::bottom();
        for &base in &definition.bases {
            let base = self.eval(act, base);
            bases.join(&base);
        }
        let id = self.store.class(act.file, class, act.context, bases);
        let outer = act.class.replace(id);
        self.exec_block(act, &definition.body);
        act.class = outer;
        for &var in &definition.vars {
            if let Some(value) = act.local(var).cloned() {
                let name: Arc<str> = facts.text(facts.vars[var.index()].name).into();
                self.store.cells.join(CellKey::ClassAttr(id, name), &value);
            }
        }
        // Static members may name their class.
        if let Some(var) = var.filter(|_| definition.members.iter().any(|member| member.is_static)) {
            self.assign_var(act, var, Atom::Class(id).into());
        }
        self.define_static_fields(act, id);
        for member in &definition.members {
            if let MemberKind::Method(func, _) = member.kind {
                for &decorator in &self.function(act.file, func).decorators {
                    self.note_registration(act.file, func, decorator);
                }
            }
        }
        let site = Site { file: act.file, span: definition.span };
        for base in self.store.class_data(id).bases.clone().atoms() {
            if matches!(base, Atom::External(_)) {
                self.ask(site, |library, cx| library.subclassed(cx, base, &Atom::Class(id)));
            }
        }
        let mut value: Value = Atom::Class(id).into();
        for &decorator in definition.decorators.iter().rev() {
            let decorator_value = self.eval(act, decorator);
            value = self.decorate(&decorator_value, value, self.site(act.file, decorator));
        }
        value
    }

    fn define_static_fields(&mut self, act: &mut Activation, id: ClassRef) {
        let facts = self.facts(act.file);
        let definition = &facts.classes[self.store.class_data(id).class.index()];
        for member in definition.members.iter().filter(|member| member.is_static) {
            if let MemberKind::Field { value: Some(value), .. } = member.kind {
                let this = act.this.replace(Atom::Class(id).into());
                let outer = act.class.replace(id);
                let value = self.eval(act, value);
                (act.this, act.class) = (this, outer);
                let name: Arc<str> = facts.text(member.name).into();
                self.store.cells.join(CellKey::ClassAttr(id, name), &value);
            }
        }
    }

    /// Makes instances and runs their constructor.
    pub(super) fn instantiate(&mut self, class: ClassRef, args: &Args, site: Site) -> Value {
        if let Some(made) = self.made_by_class(class, args, site) {
            return made;
        }
        let identity = args.values().cloned().collect();
        let id = self.store.instance(&Maker::Class(class), site, identity);
        self.note_made(id, class);
        self.construct(class, id, args, site);
        Atom::Instance(id).into()
    }

    fn note_made(&mut self, id: InstanceId, class: ClassRef) {
        let classes = self.ancestry(class);
        self.store.note_made(id, &classes);
    }

    /// What a class gives that makes its instances itself; their constructor runs when they are its own.
    fn made_by_class(&mut self, class: ClassRef, args: &Args, site: Site) -> Option<Value> {
        let classes = self.ancestry(class);
        let names = self.library.protocol(Protocol::New);
        let member = names.iter().find_map(|name| match self.find_member(&classes, name, false) {
            Some(Member::Variable(value, _)) => Some(value),
            _ => None,
        })?;
        let object = Atom::Class(class);
        let mut made = Value::bottom();
        for atom in member.atoms() {
            let one = self.call_value(&bind(atom, &object), args, site);
            made.join(&one);
        }
        for atom in made.atoms() {
            if let Atom::Instance(id) = atom
                && self.store.instance_data(*id).maker == Maker::Class(class)
            {
                self.construct(class, *id, args, site);
            }
        }
        Some(made)
    }

    /// An instance of each class in a value, made at this place without running its constructor.
    pub(crate) fn allocate(&mut self, class: &Value, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in class.atoms() {
            if let Atom::Class(class) = atom {
                let id = self.store.instance(&Maker::Class(*class), site, Vec::new());
                self.note_made(id, *class);
                result.join(&Atom::Instance(id).into());
            }
        }
        result
    }

    /// The instances that code makes of a class; where none does, one for code that is reached by nothing
    /// that makes one.
    pub(super) fn any_instances(&mut self, class: ClassRef) -> Value {
        let known = self.store.own_instances_of(class);
        self.store.cells.trace(Event::Instances { class, count: known.len() });
        let mut value = Value::bottom();
        for id in known {
            value.join(&Atom::Instance(id).into());
        }
        if value.is_bottom() {
            value = self.assumed_instance(class);
        }
        value
    }

    /// What a method of a class may be called on when nothing calls it: the instances that code makes of
    /// the class or else of those that extend it. Few are taken one by one, which keeps what they hold
    /// together; many in groups of as many as a value keeps apart.
    pub(super) fn groups_of_instances(&mut self, class: ClassRef) -> Vec<Value> {
        let made = self.store.instances_of(class);
        let group = |ids: &[InstanceId]| {
            let instances = ids.iter().map(|&id| Value::from(Atom::Instance(id)));
            instances.reduce(|all, one| all.joined(&one)).unwrap_or_default()
        };
        let size = if made.len() <= MAX_SEPARATE_RECEIVERS { 1 } else { MAX_ALTERNATIVES };
        let groups: Vec<Value> = made.chunks(size).map(group).collect();
        if groups.is_empty() { vec![self.assumed_instance(class)] } else { groups }
    }

    /// An instance of a class of which no code makes one, from unknown arguments.
    fn assumed_instance(&mut self, class: ClassRef) -> Value {
        // It is made by whoever asks first in a round, so that it is no part of what that one does.
        let value = self.assume_apart(class);
        self.store.cells.trace(Event::Assume(Box::new((class, value.clone()))));
        value
    }

    /// Assumes an instance without a trace.
    pub(super) fn assume_apart(&mut self, class: ClassRef) -> Value {
        let outer = self.store.cells.start_trace(Vec::new());
        let value = self.assume(class);
        self.store.cells.start_trace(outer);
        value
    }

    fn assume(&mut self, class: ClassRef) -> Value {
        if let Some(assumed) = self.store.assumed.get(&class) {
            return assumed.clone();
        }
        let data = self.store.class_data(class).clone();
        let site = Site { file: data.file, span: self.facts(data.file).classes[data.class.index()].span };
        let id = self.store.instance(&Maker::Class(class), site, Vec::new());
        // Its constructor may ask for an instance of its own class.
        self.store.assumed.insert(class, Atom::Instance(id).into());
        let args = Args::unknown();
        let instance = match self.made_by_class(class, &args, site) {
            Some(made) => made,
            None => {
                self.construct(class, id, &args, site);
                Atom::Instance(id).into()
            }
        };
        self.store.assumed.insert(class, instance.clone());
        instance
    }

    fn construct(&mut self, class: ClassRef, id: InstanceId, args: &Args, site: Site) {
        let instance = Atom::Instance(id);
        let is_first = self.begin_building(id);
        self.store.cells.trace(Event::Build { instance: id, is_first });
        if is_first {
            self.init_fields(class, &instance, 0);
        }
        if !self.run_constructor(class, &instance, args, site) {
            self.fill_fields(class, id, args);
            if let Some(method) = self.special_method(&instance, Protocol::Made, site) {
                self.call_value(&method, &Args::of(Vec::new()), site);
            }
        }
    }

    /// Whether nothing has been built of these instances in this round; from now on something has.
    pub(super) fn begin_building(&mut self, id: InstanceId) -> bool {
        let round = self.round;
        std::mem::replace(&mut self.store.instance_data_mut(id).built_in, round) != round
    }

    /// Runs the constructor of the class or of its nearest base that has one.
    pub(super) fn run_constructor(
        &mut self,
        class: ClassRef,
        instance: &Atom,
        args: &Args,
        site: Site,
    ) -> bool {
        for class in self.ancestry(class) {
            if let Some(constructor) = self.constructor(class) {
                let bound = bind(&Atom::Function(constructor), instance);
                self.call_value(&bound, args, site);
                return true;
            }
        }
        self.call_back(args, site);
        false
    }

    fn constructor(&self, class: ClassRef) -> Option<Arc<Closure>> {
        let data = self.store.class_data(class);
        let func = self.facts(data.file).classes[data.class.index()].constructor?;
        Some(self.method(class, func))
    }

    fn method(&self, class: ClassRef, func: FuncId) -> Arc<Closure> {
        let data = self.store.class_data(class);
        Arc::new(Closure { file: data.file, func, parent: data.parent, receiver: None, class: Some(class) })
    }

    /// Evaluates the initial values of instance fields, base classes first.
    fn init_fields(&mut self, class: ClassRef, instance: &Atom, depth: usize) {
        let data = self.store.class_data(class).clone();
        if depth < MAX_BASES {
            for base in data.bases.atoms() {
                if let Atom::Class(base) = base {
                    self.init_fields(*base, instance, depth + 1);
                }
            }
        }
        let Atom::Instance(id) = *instance else { return };
        let facts = self.facts(data.file);
        let mut act = Activation::new(data.file, data.parent, Some(instance.clone().into()), Some(class));
        for member in facts.classes[data.class.index()].members.iter().filter(|member| !member.is_static) {
            let MemberKind::Field { value: Some(value), .. } = member.kind else { continue };
            let value = self.eval(&mut act, value);
            let name: Arc<str> = facts.text(member.name).into();
            self.store.cells.join(CellKey::Field(id, name), &value);
        }
    }

    /// What a field is by its stated type, for one that nothing in the project sets.
    pub(super) fn typed_field(&mut self, classes: &[ClassRef], instance: &Atom, name: &str) -> Value {
        for &class in classes {
            let data = self.store.class_data(class).clone();
            let facts = self.facts(data.file);
            let stated =
                facts.classes[data.class.index()].members.iter().find_map(|member| match member.kind {
                    MemberKind::Field { ty: Some(ty), .. } if facts.text(member.name) == name => Some(ty),
                    _ => None,
                });
            if let Some(ty) = stated {
                let this = Some(instance.clone().into());
                let mut act = Activation::new(data.file, data.parent, this, Some(class));
                let ty_value = self.eval(&mut act, ty);
                return self.value_of_type(&ty_value, self.site(data.file, ty));
            }
        }
        Value::bottom()
    }

    /// A class without a constructor of its own (a dataclass, a named tuple, a settings model): arguments
    /// become attributes, by name or in the order of the fields.
    fn fill_fields(&mut self, class: ClassRef, id: InstanceId, args: &Args) {
        for arg in &args.named {
            self.store.cells.construct(CellKey::Field(id, arg.name.clone()), &arg.value);
        }
        if args.positional.is_empty() {
            return;
        }
        let mut names = Vec::new();
        for class in self.ancestry(class).into_iter().rev() {
            let data = self.store.class_data(class);
            let facts = self.facts(data.file);
            names.extend(field_names(facts, data.class));
        }
        for (name, value) in names.into_iter().zip(&args.positional) {
            self.store.cells.construct(CellKey::Field(id, name), value);
        }
    }

    /// The class and its bases in the project, nearest first.
    pub(super) fn ancestry(&self, class: ClassRef) -> Vec<ClassRef> {
        let mut order = vec![class];
        let mut next = 0;
        while next < order.len() && order.len() < MAX_BASES {
            for base in self.store.class_data(order[next]).bases.atoms() {
                if let Atom::Class(base) = base
                    && !order.contains(base)
                {
                    order.push(*base);
                }
            }
            next += 1;
        }
        order
    }

    /// Finds a member by name, in the class and then its bases.
    pub(super) fn find_member(&mut self, classes: &[ClassRef], name: &str, of_class: bool) -> Option<Member> {
        for &class in classes {
            if let Some((closure, accessor)) = self.declared_method(class, name, of_class) {
                return Some(Member::Method(closure, accessor));
            }
            let key = CellKey::ClassAttr(class, name.into());
            if self.store.cells.is_written(&key) {
                let value = self.store.cells.read(key);
                // A field without a default is only stated here.
                if !value.is_bottom() || !self.extends_library(classes) {
                    return Some(Member::Variable(value, self.declared_binding(class, name)));
                }
            }
        }
        self.outside_base(classes).map(Member::External)
    }

    /// The first base that is not the project's.
    pub(super) fn outside_base(&self, classes: &[ClassRef]) -> Option<Atom> {
        let outside = |atom: &&Atom| !matches!(atom, Atom::Class(_) | Atom::Null);
        classes
            .iter()
            .find_map(|&class| self.store.class_data(class).bases.atoms().iter().find(outside).cloned())
    }

    /// The public names of the methods of a class and of those that it extends.
    pub(super) fn method_names(&self, class: ClassRef) -> Vec<Arc<str>> {
        let mut names = Vec::new();
        for class in self.ancestry(class) {
            let data = self.store.class_data(class);
            names.extend(public_names(self.facts(data.file), Some(data.class)));
        }
        names
    }

    fn extends_library(&self, classes: &[ClassRef]) -> bool {
        self.outside_base(classes).is_some()
    }

    /// How the function is bound that the class body defines under this name, whatever its decorators
    /// have made of it.
    fn declared_binding(&self, class: ClassRef, name: &str) -> Option<Binding> {
        let data = self.store.class_data(class);
        let facts = self.facts(data.file);
        let body = &facts.classes[data.class.index()].body;
        body.iter().rev().find_map(|stmt| match facts.stmts[stmt.index()] {
            Stmt::Function { var, func } if facts.text(facts.vars[var.index()].name) == name => {
                Some(facts.functions[func.index()].binding)
            }
            _ => None,
        })
    }

    fn declared_method(
        &self,
        class: ClassRef,
        name: &str,
        of_class: bool,
    ) -> Option<(Arc<Closure>, Accessor)> {
        let data = self.store.class_data(class);
        let facts = self.facts(data.file);
        facts.classes[data.class.index()].members.iter().find_map(|member| match member.kind {
            MemberKind::Method(func, accessor)
                if accessor != Accessor::Set
                    && member.is_static == of_class
                    && facts.text(member.name) == name =>
            {
                Some((self.method(class, func), accessor))
            }
            _ => None,
        })
    }

    /// A setter for an attribute of instances.
    pub(super) fn setter(&self, class: ClassRef, name: &str) -> Option<Arc<Closure>> {
        self.ancestry(class).into_iter().find_map(|class| {
            let data = self.store.class_data(class);
            let facts = self.facts(data.file);
            facts.classes[data.class.index()].members.iter().find_map(|member| match member.kind {
                MemberKind::Method(func, Accessor::Set) if facts.text(member.name) == name => {
                    Some(self.method(class, func))
                }
                _ => None,
            })
        })
    }

    /// Reads a member as an attribute of `object` (an instance or the class itself).
    pub(super) fn member_value(&mut self, member: Member, object: &Atom, site: Site) -> Value {
        match member {
            Member::Method(closure, accessor) => {
                let bound = bind(&Atom::Function(closure), object);
                match accessor {
                    Accessor::Get => self.call_value(&bound, &Args::of(Vec::new()), site),
                    Accessor::None | Accessor::Set => bound,
                }
            }
            Member::Variable(value, declared) => {
                let mut result = Value::bottom();
                for atom in value.atoms() {
                    let one = self.class_variable(atom, declared, object, site);
                    result.join(&one);
                }
                result.joined(&value.without(|_| true))
            }
            Member::External(base) => {
                let hole = Self::unknown_result("a base class", site);
                self.ask(site, |library, cx| library.inherited(cx, &base, object, "")).unwrap_or(hole)
            }
        }
    }

    /// A class variable as seen through an instance or a class: functions get their receiver.
    fn class_variable(&mut self, atom: &Atom, declared: Option<Binding>, object: &Atom, site: Site) -> Value {
        let Atom::Function(closure) = atom else { return atom.clone().into() };
        let function = self.function(closure.file, closure.func);
        if closure.receiver.is_some() {
            return atom.clone().into();
        }
        // What a decorator has put in the place of a method is bound like the method.
        let binding = if function.class.is_some() { Some(function.binding) } else { declared };
        let Some(binding) = binding else { return atom.clone().into() };
        match (binding, object) {
            (Binding::Static, _) => atom.clone().into(),
            (Binding::Class, Atom::Instance(id)) => {
                let receiver = match &self.store.instance_data(*id).maker {
                    Maker::Class(class) => Atom::Class(*class),
                    Maker::Function(_) => object.clone(),
                };
                bind(atom, &receiver)
            }
            (Binding::Class, _) => bind(atom, object),
            (Binding::Property, Atom::Instance(_)) => {
                let bound = bind(atom, object);
                self.call_value(&bound, &Args::of(Vec::new()), site)
            }
            (Binding::Instance, Atom::Instance(_)) => bind(atom, object),
            (Binding::Instance | Binding::Property, _) => atom.clone().into(),
        }
    }

    /// The special method of an instance for a protocol.
    pub(super) fn special_method(&mut self, object: &Atom, protocol: Protocol, site: Site) -> Option<Value> {
        let Atom::Instance(id) = *object else { return None };
        let Maker::Class(class) = self.store.instance_data(id).maker else { return None };
        let classes = self.ancestry(class);
        let names = self.library.protocol(protocol);
        let member = names.iter().find_map(|name| match self.find_member(&classes, name, false) {
            Some(Member::External(_)) | None => None,
            found => found,
        })?;
        Some(self.member_value(member, object, site))
    }

    /// The instances that a type stands for.
    pub(super) fn value_of_type(&mut self, ty: &Value, site: Site) -> Value {
        let mut result = Value::bottom();
        for atom in ty.atoms() {
            let value = match atom {
                Atom::Class(class) if self.is_shape(*class) => Some(self.shape(*class)),
                Atom::Class(class) => Some(self.any_instances(*class)),
                Atom::Null => None,
                _ => self.ask(site, |library, cx| library.typed(cx, atom)),
            };
            result.join(&value.unwrap_or_default());
        }
        result
    }

    /// What a value is when it is unknown but its type is stated.
    pub(super) fn typed_value(
        &mut self,
        act: &mut Activation,
        ty: perm_infer_facts::ExprId,
        value: Value,
    ) -> Value {
        let site = self.site(act.file, ty);
        let ty_value = self.eval(act, ty);
        let typed = self.value_of_type(&ty_value, site);
        if typed.is_bottom() {
            return value;
        }
        // What a shape does not tell stays unknown for the reason for which the whole is.
        let typed = match value.hole() {
            Some(hole) => typed.map(
                |atom| match atom {
                    Atom::Dict(dict) if dict.rest.is_some() => {
                        let rest = Some(Value::unknown((**hole).clone()));
                        Dict::new(dict.entries.clone(), rest).into()
                    }
                    other => other.clone().into(),
                },
                |hole| Value::unknown((**hole).clone()),
            ),
            None => typed,
        };
        value.closed().joined(&typed)
    }

    /// Whether a class only says what the members of an object hold.
    pub(super) fn is_shape(&self, class: ClassRef) -> bool {
        let data = self.store.class_data(class);
        self.facts(data.file).classes[data.class.index()].is_shape
    }

    /// An object of a shape: the members of which the stated types tell something, and others of which
    /// nothing is known. Bottom when no member's type tells anything.
    fn shape(&mut self, class: ClassRef) -> Value {
        if let Some((known, seen)) = self.shapes.get(&class) {
            self.store.cells.trace_all(seen);
            return known.clone();
        }
        // A shape that holds itself ends here.
        self.shapes.insert(class, (Value::bottom(), Vec::new()));
        let outer = self.store.cells.start_trace(Vec::new());
        let value = self.compute_shape(class);
        let seen = self.store.cells.start_trace(outer);
        self.store.cells.trace_all(&seen);
        self.shapes.insert(class, (value.clone(), seen));
        value
    }

    fn compute_shape(&mut self, class: ClassRef) -> Value {
        let mut entries: Vec<Entry> = Vec::new();
        for class in self.ancestry(class) {
            let data = self.store.class_data(class).clone();
            let facts = self.facts(data.file);
            let mut act = Activation::new(data.file, data.parent, None, Some(class));
            for member in &facts.classes[data.class.index()].members {
                let name = facts.text(member.name);
                if entries.iter().any(|entry| entry.key.as_literal() == Some(name)) {
                    continue;
                }
                let stated = match member.kind {
                    MemberKind::Field { ty, .. } => ty,
                    MemberKind::Method(func, _) => facts.functions[func.index()].returns,
                };
                let Some(ty) = stated else { continue };
                let site = self.site(data.file, ty);
                let ty_value = self.eval(&mut act, ty);
                let mut value = self.value_of_type(&ty_value, site);
                if value.is_bottom() {
                    continue;
                }
                if let MemberKind::Method(func, _) = member.kind {
                    value = Atom::Function(self.method(class, func)).into();
                }
                entries.push(Entry { key: Text::literal(name, Some(site)), value, maybe: false });
            }
        }
        if entries.is_empty() {
            return Value::bottom();
        }
        let others = Value::unknown(Hole::new(HoleReason::Computed));
        Dict::new(entries, Some(others)).into()
    }

    pub(super) fn closure(&self, act: &Activation, func: FuncId) -> Value {
        let function = self.function(act.file, func);
        let lexical = function.receiver == perm_infer_facts::Receiver::Lexical;
        let closure = Closure {
            file: act.file,
            func,
            parent: act.context,
            receiver: act.this.clone().filter(|_| lexical),
            class: act.class.filter(|_| lexical || function.class.is_some()),
        };
        Atom::Function(Arc::new(closure)).into()
    }
}

/// Names of the class-level variables that are data, in order.
fn field_names(facts: &FileFacts, class: ClassId) -> Vec<Arc<str>> {
    let definition = &facts.classes[class.index()];
    let functions: Vec<_> = definition
        .body
        .iter()
        .filter_map(|stmt| match facts.stmts[stmt.index()] {
            perm_infer_facts::Stmt::Function { var, .. } | perm_infer_facts::Stmt::Class { var, .. } => {
                Some(var)
            }
            _ => None,
        })
        .collect();
    let data = definition.vars.iter().filter(|var| !functions.contains(var));
    data.map(|var| facts.text(facts.vars[var.index()].name).into()).collect()
}

/// The names of the functions of a class, or at the top level of a module, that their code does not keep
/// to itself.
pub(super) fn public_names(facts: &FileFacts, class: Option<ClassId>) -> Vec<Arc<str>> {
    let is_public = |name: &str| !name.starts_with(['_', '#']) && name != "constructor";
    let own = |function: &&perm_infer_facts::Function| {
        function.class == class && (class.is_some() || function.parent == Some(FileFacts::MODULE))
    };
    let functions = facts.functions.iter().filter(own);
    let names = functions.filter_map(|function| function.name).map(|name| facts.text(name));
    names.filter(|name| is_public(name)).map(Arc::from).collect()
}
