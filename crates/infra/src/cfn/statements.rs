//! Statements of policies in a template: values that conditions decide, references, and the places of everything.

use perm_infer_policy::{Effect, Pattern};

use super::{Reader, StackId};
use crate::role::{Placed, PolicyCondition, PolicyStatement, as_policy_writes};
use crate::tree::{self, Entry, Files, Kind, Mark, Node};

impl Reader<'_> {
    /// The items of a list, or the one value in place of a list, each with whether it is certainly there.
    pub(super) fn items(&mut self, stack: StackId, node: &Node) -> Vec<(Node, bool)> {
        let mut found = Vec::new();
        let lists = self.choices(stack, node);
        let is_only = lists.len() == 1;
        for list in lists.into_iter().flatten() {
            let items = match &list.kind {
                Kind::List(items) => items.as_slice(),
                _ => std::slice::from_ref(list),
            };
            for item in items {
                let choices = self.choices(stack, item);
                let certain = is_only && choices.len() == 1;
                for item in choices.into_iter().flatten() {
                    // A condition may also choose among lists inside of a list.
                    match &item.kind {
                        Kind::List(inner) => found.extend(inner.iter().cloned().map(|item| (item, certain))),
                        _ => found.push((item.clone(), certain)),
                    }
                }
            }
        }
        found
    }

    /// The statements of a document.
    pub(super) fn statements(&mut self, stack: StackId, document: &Node) -> Vec<PolicyStatement> {
        let mut statements = Vec::new();
        for (document, certain) in self.items(stack, document) {
            let Some(list) = document.get("Statement") else { continue };
            for (statement, is_there) in self.items(stack, list) {
                statements.extend(self.statement(stack, &statement, certain && is_there));
            }
        }
        statements
    }

    /// One statement; nothing when it has no effect that is known.
    pub(super) fn statement(
        &mut self,
        stack: StackId,
        node: &Node,
        certain: bool,
    ) -> Option<PolicyStatement> {
        let effect = node.get("Effect").and_then(|effect| self.known_text(stack, effect))?;
        let effect = match effect.as_str() {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            _ => return None,
        };
        let mut certain = certain;
        let actions = node.get("Action").map(|list| self.action_names(stack, list, &mut certain));
        let not_actions = node.get("NotAction").map(|list| self.action_names(stack, list, &mut certain));
        let resources = node.get("Resource").map(|list| self.resources_of(stack, list));
        let not_resources = node.get("NotResource").map(|list| self.resources_of(stack, list));
        Some(PolicyStatement {
            location: self.location(node.at),
            sid: node.get("Sid").and_then(|sid| self.known_text(stack, sid)),
            effect,
            actions,
            not_actions,
            resources,
            not_resources,
            conditions: node
                .get("Condition")
                .map(|all| self.policy_conditions(stack, all))
                .unwrap_or_default(),
            certain,
        })
    }

    fn action_names(&mut self, stack: StackId, list: &Node, certain: &mut bool) -> Vec<Placed<String>> {
        let mut names = Vec::new();
        for (item, is_there) in self.items(stack, list) {
            let values = self.texts(stack, &item);
            *certain &= is_there && values.len() == 1 && values[0].as_literal().is_some();
            for value in values {
                names.push(Placed { location: self.location(item.at), value: plain(&value), certain: true });
            }
        }
        names
    }

    fn resources_of(&mut self, stack: StackId, list: &Node) -> Vec<Placed<Vec<Pattern>>> {
        let mut resources = Vec::new();
        for (item, certain) in self.items(stack, list) {
            let is_list = item.intrinsic().is_some_and(|(function, _)| function == "Fn::Split");
            let each = match is_list.then(|| self.list(stack, &item)).flatten() {
                Some(list) => list,
                None => vec![self.texts(stack, &item)],
            };
            for values in each {
                let certain = certain && values.len() == 1;
                let value = values.iter().map(as_policy_writes).collect();
                resources.push(Placed { location: self.location(item.at), value, certain });
            }
        }
        resources
    }

    fn policy_conditions(&mut self, stack: StackId, all: &Node) -> Vec<PolicyCondition> {
        let mut conditions = Vec::new();
        for operators in self.present(stack, Some(all)) {
            for operator in operators.entries() {
                for keys in self.present(stack, Some(&operator.value)) {
                    for key in keys.entries() {
                        let items = self.items(stack, &key.value);
                        let values = items.iter().flat_map(|(item, _)| self.texts(stack, item));
                        let values: Vec<Pattern> = values.collect();
                        let resolved = values.iter().flat_map(|value| self.references.resolve(value));
                        conditions.push(PolicyCondition {
                            operator: operator.key.clone(),
                            key: key.key.clone(),
                            values: resolved.map(|value| plain(&value)).collect(),
                            location: self.location(key.at),
                        });
                    }
                }
            }
        }
        conditions
    }
}

/// The characters of a text as a policy writes it, where wildcards are those of the template.
fn plain(value: &Pattern) -> String {
    match value.as_literal() {
        Some(text) => text.to_owned(),
        None => value.to_policy_string(),
    }
}

/// A statement of a policy template with its arguments in the place of parameters; everything in it is at the place
/// where the template is used.
pub(super) fn from_json(text: &str, at: Mark, arguments: &Node) -> Option<Node> {
    let node = tree::read(text, 0, &Files::default(), &mut Vec::new()).ok()?;
    Some(filled(&node, at, arguments))
}

fn filled(node: &Node, at: Mark, arguments: &Node) -> Node {
    match node.intrinsic() {
        Some(("Ref", name)) => {
            if let Some(argument) = name.text().and_then(|name| arguments.get(name)) {
                return Node { at, ..argument.clone() };
            }
        }
        // A text that names parameters gets them as variables of its own.
        Some(("Fn::Sub", text)) if text.text().is_some() => {
            let map = Node { at, kind: Kind::Map(arguments.entries().to_vec()) };
            let list = Node { at, kind: Kind::List(vec![Node { at, ..text.clone() }, map]) };
            let sub = Entry { key: "Fn::Sub".to_owned(), at, value: list };
            return Node { at, kind: Kind::Map(vec![sub]) };
        }
        _ => {}
    }
    let kind = match &node.kind {
        Kind::List(items) => Kind::List(items.iter().map(|item| filled(item, at, arguments)).collect()),
        Kind::Map(entries) => Kind::Map(
            entries
                .iter()
                .map(|entry| Entry { key: entry.key.clone(), at, value: filled(&entry.value, at, arguments) })
                .collect(),
        ),
        scalar => scalar.clone(),
    };
    Node { at, kind }
}
