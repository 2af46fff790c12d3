//! From a name to its value: `var.a.b["c"][*]`, attributes of resources and outputs of modules.

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};

use super::convert::MAX_DEPTH;
use super::scope::Object;
use super::{ModuleId, Terraform, call, is_null, list, missing, registry, scalar, types, unknown};
use crate::tree::{Kind, Mark, Node};

/// Alternatives of a look-up by a key that is not known.
const MAX_ALTERNATIVES: usize = 8;

/// One step of `a.b["c"][*]`.
pub(super) enum Step {
    Attribute(String),
    Index(Node),
    Splat,
}
impl Terraform<'_> {
    pub(super) fn traversal(&mut self, module: ModuleId, file: u32, traversal: &Traversal, at: Mark) -> Node {
        let mut steps = Vec::with_capacity(traversal.operators.len());
        for operator in &traversal.operators {
            steps.push(match operator.value() {
                TraversalOperator::GetAttr(name) => Step::Attribute(name.as_str().to_owned()),
                TraversalOperator::Index(index) => Step::Index(self.convert(module, file, index)),
                TraversalOperator::LegacyIndex(index) => Step::Index(scalar(&index.value().to_string(), at)),
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => Step::Splat,
            });
        }
        let Expression::Variable(root) = &traversal.expr else {
            let start = self.convert(module, file, &traversal.expr);
            return self.follow(start, &steps, at);
        };
        if let Some(value) = self.scope.get(root.as_str()).cloned() {
            return self.follow(value, &steps, at);
        }
        let (start, taken) = self.named(module, root.as_str(), &steps, at);
        self.follow(start, steps.get(taken..).unwrap_or_default(), at)
    }

    /// The value of the first names of a traversal, and how many steps they are.
    fn named(&mut self, module: ModuleId, root: &str, steps: &[Step], at: Mark) -> (Node, usize) {
        let name = |position: usize| match steps.get(position) {
            Some(Step::Attribute(name)) => name.as_str(),
            _ => "",
        };
        let (first, second) = (name(0), name(1));
        match root {
            "var" => (self.variable(module, first, at), 1),
            "local" => (self.local(module, first, at), 1),
            "module" => {
                let child = self.modules[module].children.get(first).cloned();
                let known = child.or_else(|| self.block(module, &format!("module.{first}"), at));
                (known.unwrap_or_else(|| unknown(at)), 1)
            }
            "path" => {
                let directory = if first == "module" {
                    self.modules[module].directory.clone()
                } else {
                    self.root.clone()
                };
                (self.path(&directory, at), 1)
            }
            "terraform" => (self.unknown_named("workspace", at), 1),
            "data" => match (first, name(2)) {
                ("aws_region", "name" | "region" | "id") => (call("Ref", scalar("AWS::Region", at)), 3),
                ("aws_caller_identity", "account_id" | "id") => {
                    (call("Ref", scalar("AWS::AccountId", at)), 3)
                }
                ("aws_partition", "partition" | "id") => (call("Ref", scalar("AWS::Partition", at)), 3),
                _ => {
                    let known = self.block(module, &format!("data.{first}.{second}"), at);
                    (known.unwrap_or_else(|| unknown(at)), 2)
                }
            },
            kind => {
                let known = self.block(module, &format!("{kind}.{first}"), at);
                (known.unwrap_or_else(|| unknown(at)), 1)
            }
        }
    }

    /// The value below attributes and keys.
    pub(super) fn follow(&mut self, value: Node, steps: &[Step], at: Mark) -> Node {
        let Some((step, rest)) = steps.split_first() else { return value };
        if self.depth >= MAX_DEPTH {
            return unknown(at);
        }
        self.depth += 1;
        let found = match (self.object(&value), value.intrinsic()) {
            (Some(object), _) => self.follow_object(value, &object, step, rest, at),
            (None, Some(("Fn::If", branches))) => match branches.items() {
                [name, then, otherwise] => {
                    let then = self.follow(then.clone(), steps, at);
                    let otherwise = self.follow(otherwise.clone(), steps, at);
                    call("Fn::If", list(at, vec![name.clone(), then, otherwise]))
                }
                _ => unknown(at),
            },
            _ => self.follow_value(value, step, rest, at),
        };
        self.depth -= 1;
        found
    }

    fn follow_object(&mut self, value: Node, object: &Object, step: &Step, rest: &[Step], at: Mark) -> Node {
        match step {
            Step::Attribute(name) => {
                let value = self.attribute(object, name, at);
                self.follow(value, rest, at)
            }
            // An index picks one of copies whose number is not known.
            Step::Index(_) => self.follow(value, rest, at),
            Step::Splat => {
                let only = self.follow(value, rest, at);
                list(at, vec![only])
            }
        }
    }

    fn follow_value(&mut self, value: Node, step: &Step, rest: &[Step], at: Mark) -> Node {
        // Of a value that nobody knows, every part is not known either.
        if value.intrinsic().is_some() && !is_null(&value) {
            return value;
        }
        let key = match step {
            Step::Splat => {
                let items = match value.kind {
                    Kind::List(items) => items,
                    _ if is_null(&value) => Vec::new(),
                    _ => vec![value],
                };
                let items = items.into_iter().map(|item| self.follow(item, rest, at)).collect();
                return list(at, items);
            }
            Step::Attribute(name) => Some(name.clone()),
            Step::Index(index) => self.text(index),
        };
        let next = match (&value.kind, key) {
            (Kind::List(items), Some(key)) => {
                key.parse::<usize>().ok().and_then(|position| items.get(position)).cloned()
            }
            (Kind::Map(_), Some(key)) => value.get(&key).cloned(),
            (Kind::List(items), None) => Some(self.any_of(items, at)),
            (Kind::Map(entries), None) => {
                let values: Vec<Node> = entries.iter().map(|entry| entry.value.clone()).collect();
                Some(self.any_of(&values, at))
            }
            _ => None,
        };
        match next {
            Some(next) => self.follow(next, rest, at),
            None => missing(at),
        }
    }

    /// One of several values.
    fn any_of(&mut self, values: &[Node], at: Mark) -> Node {
        match values {
            [] => missing(at),
            values if values.len() > MAX_ALTERNATIVES => unknown(at),
            [first, rest @ ..] => {
                rest.iter().fold(first.clone(), |all, next| self.either(next.clone(), all, at))
            }
        }
    }

    /// An attribute of a resource or an output of a module.
    fn attribute(&mut self, object: &Object, name: &str, at: Mark) -> Node {
        let instance = match object {
            Object::Module(module) => return self.output(*module, name, at),
            Object::Block(instance) => instance,
        };
        if let Some(known) = registry::find(&instance.kind) {
            return known.output(&instance.id, name, at).unwrap_or_else(|| unknown(at));
        }
        if instance.is_data && instance.kind == "aws_iam_policy_document" && name == "json" {
            return self.policy_document(instance, at);
        }
        if let Some(node) = types::attribute(&instance.kind, &instance.id, name, at) {
            return node;
        }
        // An argument that is given is also an attribute.
        let body = &instance.block.value.body;
        match body.get_attribute(name) {
            Some(argument) => self.within(instance.scope.clone(), |this| {
                this.convert(instance.module, instance.block.file, &argument.value)
            }),
            None => types::unknown_attribute(&instance.kind, &instance.id, name, at)
                .unwrap_or_else(|| unknown(at)),
        }
    }
}
