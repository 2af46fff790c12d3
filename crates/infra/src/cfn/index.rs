//! The resources of a template by logical id, by type and by what they mention, so that looking for something is
//! no walk over all of them for each that asks.

use std::collections::{HashMap, HashSet};

use crate::tree::{Entry, Kind, Node};

/// Positions among the resources of a template.
#[derive(Default)]
pub(super) struct Index {
    by_id: HashMap<String, usize>,
    by_type: HashMap<String, Vec<usize>>,
    /// By names that resources mention.
    mentions: HashMap<String, Vec<usize>>,
    /// Names that outputs for others mention.
    exported: HashSet<String>,
}

impl Index {
    /// Of the resources of a template.
    pub(super) fn of(root: &Node) -> Index {
        let mut index = Index::default();
        for (position, entry) in resources(root).iter().enumerate() {
            index.by_id.entry(entry.key.clone()).or_insert(position);
            if let Some(kind) = entry.value.get("Type").and_then(Node::text) {
                index.by_type.entry(kind.to_owned()).or_default().push(position);
            }
            names_in(&entry.value, &mut |name| {
                let positions = index.mentions.entry(name.to_owned()).or_default();
                if positions.last() != Some(&position) {
                    positions.push(position);
                }
            });
        }
        for output in root.get("Outputs").map(Node::entries).unwrap_or_default() {
            if output.value.get("Export").is_some() {
                names_in(&output.value, &mut |name| {
                    index.exported.insert(name.to_owned());
                });
            }
        }
        index
    }

    /// A resource by its logical id.
    pub(super) fn entry<'t>(&self, root: &'t Node, id: &str) -> Option<&'t Entry> {
        resources(root).get(*self.by_id.get(id)?)
    }

    /// The resources of some types, in their order.
    pub(super) fn of_types<'t>(&self, root: &'t Node, kinds: &[&str]) -> Vec<&'t Entry> {
        let mut positions: Vec<usize> =
            kinds.iter().filter_map(|kind| self.by_type.get(*kind)).flatten().copied().collect();
        positions.sort_unstable();
        positions.into_iter().filter_map(|position| resources(root).get(position)).collect()
    }

    /// The resources that mention a name, in their order.
    pub(super) fn mentioning<'t>(&self, root: &'t Node, name: &str) -> Vec<&'t Entry> {
        let positions = self.mentions.get(name).map(Vec::as_slice).unwrap_or_default();
        positions.iter().filter_map(|position| resources(root).get(*position)).collect()
    }

    /// Whether an output for others mentions a name.
    pub(super) fn is_exported(&self, name: &str) -> bool {
        self.exported.contains(name)
    }
}

fn resources(root: &Node) -> &[Entry] {
    root.get("Resources").map(Node::entries).unwrap_or_default()
}

/// Whether something in a resource names another one.
pub(super) fn mentions(node: &Node, id: &str) -> bool {
    let mut is_there = false;
    names_in(node, &mut |name| is_there |= name == id);
    is_there
}

/// Texts as such, and names inside of texts that `Fn::Sub` fills in; what only orders resources names nothing.
fn names_in(node: &Node, found: &mut impl FnMut(&str)) {
    match &node.kind {
        Kind::Null => {}
        Kind::Scalar(text) => {
            found(text);
            for (at, _) in text.match_indices("${") {
                let rest = &text[at + 2..];
                if let Some(end) = rest.find(['}', '.']) {
                    found(&rest[..end]);
                }
            }
        }
        Kind::List(items) => items.iter().for_each(|item| names_in(item, found)),
        Kind::Map(entries) => {
            entries
                .iter()
                .filter(|entry| entry.key != "DependsOn")
                .for_each(|entry| names_in(&entry.value, found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Files, read};

    #[test]
    fn resources_are_found_by_id_type_and_mention() {
        let text = "Resources:\n  A: {Type: T, P: !Ref B}\n  B: {Type: T, P: !Sub 'x${A.Arn}y${C}', DependsOn: D}\nOutputs:\n  O: {Value: !Ref A, Export: {Name: x}}\n";
        let root = read(text, 0, &Files::default(), &mut Vec::new()).expect("a tree");
        let index = Index::of(&root);
        let keys = |entries: Vec<&Entry>| entries.iter().map(|entry| entry.key.clone()).collect::<Vec<_>>();
        assert_eq!(index.entry(&root, "B").map(|entry| entry.key.as_str()), Some("B"));
        assert_eq!(keys(index.of_types(&root, &["T", "U"])), ["A", "B"]);
        assert_eq!(keys(index.mentioning(&root, "A")), ["B"]);
        assert_eq!(keys(index.mentioning(&root, "C")), ["B"]);
        assert!(index.mentioning(&root, "D").is_empty());
        assert!(index.is_exported("A") && !index.is_exported("B"));
    }
}
