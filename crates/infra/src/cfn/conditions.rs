//! Conditions: true, false or not known. What is not known leaves both branches.

use super::{MAX_DEPTH, Reader, StackId};
use crate::tree::Node;

impl Reader<'_> {
    /// Whether a named condition holds.
    pub(super) fn condition(&mut self, stack: StackId, name: &str) -> Option<bool> {
        let template = self.template(stack);
        let condition = template.root.at_path(&["Conditions", name])?;
        self.holds(stack, condition)
    }

    /// Whether an expression of conditions holds.
    fn holds(&mut self, stack: StackId, node: &Node) -> Option<bool> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let result = self.evaluate(stack, node);
        self.depth -= 1;
        result
    }

    fn evaluate(&mut self, stack: StackId, node: &Node) -> Option<bool> {
        let (function, argument) = node.intrinsic()?;
        match function {
            "Condition" => self.condition(stack, argument.text()?),
            "Fn::Equals" => {
                let [left, right] = argument.items() else { return None };
                let (left, right) = (self.known_text(stack, left)?, self.known_text(stack, right)?);
                Some(left == right)
            }
            "Fn::Not" => self.holds(stack, argument.items().first()?).map(|holds| !holds),
            "Fn::And" => self.all(stack, argument.items(), true),
            "Fn::Or" => self.all(stack, argument.items(), false),
            _ => None,
        }
    }

    /// Whether all are `wanted`; decided by the first that is not.
    fn all(&mut self, stack: StackId, nodes: &[Node], wanted: bool) -> Option<bool> {
        let results: Vec<Option<bool>> = nodes.iter().map(|node| self.holds(stack, node)).collect();
        if results.contains(&Some(!wanted)) {
            Some(!wanted)
        } else if results.contains(&None) {
            None
        } else {
            Some(wanted)
        }
    }

    /// The branches of `Fn::If` that may count.
    pub(super) fn if_branches<'n>(&mut self, stack: StackId, argument: &'n Node) -> Vec<&'n Node> {
        let [name, then, otherwise] = argument.items() else { return Vec::new() };
        match name.text().and_then(|name| self.condition(stack, name)) {
            Some(true) => vec![then],
            Some(false) => vec![otherwise],
            None => vec![then, otherwise],
        }
    }

    /// What a node may be once its conditions are decided; `None` for "no value".
    pub(super) fn choices<'n>(&mut self, stack: StackId, node: &'n Node) -> Vec<Option<&'n Node>> {
        let mut found = Vec::new();
        let mut pending = vec![(node, 0)];
        while let Some((node, depth)) = pending.pop() {
            match node.intrinsic() {
                Some(("Fn::If", argument)) if depth < MAX_DEPTH => {
                    let branches = self.if_branches(stack, argument);
                    pending.extend(branches.into_iter().rev().map(|branch| (branch, depth + 1)));
                }
                Some(("Ref", name)) if name.text() == Some("AWS::NoValue") => found.push(None),
                _ => found.push(Some(node)),
            }
        }
        found
    }

    /// The choices that are something.
    pub(super) fn present<'n>(&mut self, stack: StackId, node: Option<&'n Node>) -> Vec<&'n Node> {
        let Some(node) = node else { return Vec::new() };
        self.choices(stack, node).into_iter().flatten().collect()
    }

    /// Whether a resource may exist.
    pub(super) fn may_exist(&mut self, stack: StackId, resource: &Node) -> bool {
        let condition = resource.get("Condition").and_then(Node::text);
        condition.is_none_or(|condition| self.condition(stack, condition) != Some(false))
    }
}
