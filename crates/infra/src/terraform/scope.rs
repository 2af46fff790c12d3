//! What names stand for besides texts, lists and maps: resources and modules, with the copies that
//! `for_each` and `count` make, and names that hold only where they stand.

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::{
    ModuleId, Named, Placed, Terraform, call, is_null, is_unknown, list, map, registry, scalar, unknown,
};
use crate::tree::{Entry, Kind, Mark, Node};

/// Copies that one block may have.
const MAX_COPIES: usize = 500;

/// The function under which an object stands in a value.
const OBJECT: &str = "Fn::TerraformObject";

/// Names that hold only where they stand: `each`, `count`, variables of loops and dynamic blocks.
#[derive(Clone, Default)]
pub(super) struct Scope {
    names: Vec<(String, Arc<Node>)>,
}

impl Scope {
    /// The same with one name more.
    pub(super) fn with(&self, name: &str, value: Node) -> Scope {
        let mut scope = self.clone();
        scope.names.push((name.to_owned(), Arc::new(value)));
        scope
    }

    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }
}

/// What is given for a variable of a module.
#[derive(Clone)]
pub(super) enum Argument {
    Value(Node),
    /// An expression of the module that calls, computed when it is asked for.
    Expression {
        module: ModuleId,
        expression: Placed<Expression>,
        scope: Scope,
    },
}

/// Something with attributes.
pub(super) enum Object {
    /// One copy of a resource, of data or of a module that is known by its arguments.
    Block(Instance),
    /// One copy of a module that was read.
    Module(ModuleId),
}

/// One copy of a block.
pub(super) struct Instance {
    pub(super) module: ModuleId,
    pub(super) block: Placed<Block>,
    /// The type of the resource, or the source of the module.
    pub(super) kind: String,
    pub(super) is_data: bool,
    /// Its logical id in the template.
    pub(super) id: String,
    /// Its name for people.
    pub(super) shown: String,
    pub(super) scope: Scope,
}

/// How often a block counts.
pub(super) enum Repetition {
    Once,
    /// Not known; it counts once.
    Unknown,
    Keys(Vec<(String, Node)>),
    Count(usize),
}

impl Terraform<'_> {
    /// Computes something where other names hold.
    pub(super) fn within<T>(&mut self, scope: Scope, compute: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.scope, scope);
        let result = compute(self);
        self.scope = outer;
        result
    }

    /// Computes a value once; a value that needs itself is unknown.
    pub(super) fn once(&mut self, name: Named, at: Mark, compute: impl FnOnce(&mut Self) -> Node) -> Node {
        match self.known.get(&name) {
            Some(Some(node)) => {
                let node = node.clone();
                self.steps += size(&node);
                return node;
            }
            Some(None) => {
                let message = "the value refers to itself".to_owned();
                self.warn("cyclic-reference", at, message, "break the circle of references");
                return unknown(at);
            }
            None => {}
        }
        self.known.insert(name.clone(), None);
        let node = self.within(Scope::default(), compute);
        let node = if size(&node) > MAX_SIZE { unknown(at) } else { node };
        self.known.insert(name, Some(node.clone()));
        node
    }

    /// The object that a value is.
    pub(super) fn object(&self, node: &Node) -> Option<Arc<Object>> {
        let (function, index) = node.intrinsic()?;
        let index = (function == OBJECT).then(|| index.text()?.parse::<usize>().ok())??;
        self.objects.get(index).cloned()
    }

    pub(super) fn object_node(&mut self, object: Object, at: Mark) -> Node {
        self.objects.push(Arc::new(object));
        call(OBJECT, scalar(&(self.objects.len() - 1).to_string(), at))
    }

    /// The objects of a block: one, a list or a map of them.
    pub(super) fn block(&mut self, module: ModuleId, address: &str, at: Mark) -> Option<Node> {
        let block = self.modules[module].blocks.get(address)?.clone();
        let name = Named::Block(module, address.to_owned());
        Some(self.once(name, at, |this| this.copies(module, address, &block)))
    }

    fn copies(&mut self, module: ModuleId, address: &str, block: &Placed<Block>) -> Node {
        let at = self.mark(block.file, block.value.span());
        let labels: Vec<&str> = block.value.labels.iter().map(|label| label.as_str()).collect();
        let is_data = address.starts_with("data.");
        let (kind, name) = match labels.as_slice() {
            [kind, name] => ((*kind).to_owned(), (*name).to_owned()),
            [name] => (registry::source(&block.value).unwrap_or_default(), (*name).to_owned()),
            _ => return unknown(at),
        };
        let prefix = self.modules[module].prefix.clone();
        let id = match (labels.len(), is_data) {
            (1, _) => format!("{prefix}module:{name}"),
            (_, true) => format!("{prefix}data.{kind}:{name}"),
            (_, false) => format!("{prefix}{kind}:{name}"),
        };
        let copy = |this: &mut Self, key: &str, shown: &str, scope: Scope| {
            let instance = Instance {
                module,
                block: block.clone(),
                kind: kind.clone(),
                is_data,
                id: format!("{id}{key}"),
                shown: format!("{prefix}{name}{shown}"),
                scope,
            };
            this.object_node(Object::Block(instance), at)
        };
        self.repeated(module, block.file, &block.value.body, copy, at)
    }

    /// Makes each copy of a block: with what stands behind its id and behind its name, and its names.
    pub(super) fn repeated(
        &mut self,
        module: ModuleId,
        file: u32,
        body: &Body,
        mut copy: impl FnMut(&mut Self, &str, &str, Scope) -> Node,
        at: Mark,
    ) -> Node {
        match self.repetition(module, file, body, at) {
            Repetition::Once => copy(self, "", "", Scope::default()),
            Repetition::Unknown => {
                let each = vec![("key", unknown(at)), ("value", unknown(at))];
                let each = each.into_iter().map(|(key, value)| super::entry(key, value)).collect();
                let count = map(at, vec![super::entry("index", unknown(at))]);
                copy(self, "", "", Scope::default().with("each", map(at, each)).with("count", count))
            }
            Repetition::Keys(keys) => {
                let mut entries = Vec::with_capacity(keys.len());
                for (position, (key, value)) in keys.into_iter().enumerate() {
                    let each = vec![super::entry("key", scalar(&key, at)), super::entry("value", value)];
                    let scope = Scope::default().with("each", map(at, each));
                    let node = copy(self, &id_of_key(&key, position), &format!("[{key:?}]"), scope);
                    entries.push(Entry { key, at, value: node });
                }
                map(at, entries)
            }
            Repetition::Count(count) => {
                let mut items = Vec::with_capacity(count);
                for index in 0..count {
                    let index = index.to_string();
                    let scope = Scope::default()
                        .with("count", map(at, vec![super::entry("index", scalar(&index, at))]));
                    items.push(copy(self, &format!("[{index}]"), &format!("[{index}]"), scope));
                }
                list(at, items)
            }
        }
    }

    fn repetition(&mut self, module: ModuleId, file: u32, body: &Body, at: Mark) -> Repetition {
        if let Some(count) = body.get_attribute("count") {
            let value = self.convert(module, file, &count.value);
            return match self.text(&value).and_then(|text| text.parse::<usize>().ok()) {
                Some(count) if count <= MAX_COPIES => Repetition::Count(count),
                _ => Repetition::Unknown,
            };
        }
        let Some(each) = body.get_attribute("for_each") else { return Repetition::Once };
        let value = self.convert(module, file, &each.value);
        match self.pairs(&value) {
            Some(pairs) if pairs.len() <= MAX_COPIES => Repetition::Keys(pairs),
            _ => {
                let message = "the values of `for_each` are not known here; the block counts once".to_owned();
                self.warn(
                    "loop-not-unrolled",
                    at,
                    message,
                    "give its variables values in a .tfvars file or with --parameter",
                );
                Repetition::Unknown
            }
        }
    }

    /// Keys and values of a map, or the elements of a set twice.
    pub(super) fn pairs(&mut self, node: &Node) -> Option<Vec<(String, Node)>> {
        if is_unknown(node) || is_null(node) || self.object(node).is_some() {
            return None;
        }
        match &node.kind {
            Kind::Map(entries) if node.intrinsic().is_none() => {
                Some(entries.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect())
            }
            Kind::List(items) => {
                items.iter().map(|item| self.text(item).map(|text| (text, item.clone()))).collect()
            }
            _ => None,
        }
    }
}

/// What stands behind the id of a copy: its key without characters that mean something in references.
fn id_of_key(key: &str, position: usize) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    match key.bytes().all(is_plain) && key.len() <= 100 {
        true => format!("[{key}]"),
        false => format!("[#{position}]"),
    }
}

/// Nodes that a value may have.
pub(super) const MAX_SIZE: usize = 20_000;

/// How much memory a value takes, roughly: its nodes, with one more for every 16 characters.
pub(super) fn size(node: &Node) -> usize {
    1 + match &node.kind {
        Kind::Null => 0,
        Kind::Scalar(text) => text.len() / 16,
        Kind::List(items) => items.iter().map(size).sum(),
        Kind::Map(entries) => entries.iter().map(|entry| size(&entry.value)).sum(),
    }
}
