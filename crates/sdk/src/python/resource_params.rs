//! Request parameters of resource methods: what the identifiers of the resource and the resource model
//! add to the arguments of the caller. Targets are member paths such as `Delete.Objects[].Key`.

use perm_infer_analysis::{Dict, Text, Value};

/// A parameter that grows while targets are set in it.
#[derive(Debug)]
enum Node {
    Leaf(Value),
    Map(Vec<(String, Node)>),
    List(Box<Node>),
}

/// Parameters built from targets.
#[derive(Debug)]
pub(crate) struct Params(Node);

impl Params {
    /// No parameters.
    pub(crate) fn new() -> Self {
        Params(Node::Map(Vec::new()))
    }

    /// Sets a target. Elements of lists that several targets mention are the same element.
    pub(crate) fn set(&mut self, target: &str, value: Value) {
        let mut node = &mut self.0;
        for segment in target.split('.') {
            let (name, is_list) = match segment.split_once('[') {
                Some((name, _)) => (name, true),
                None => (segment, false),
            };
            node = member(node, name);
            if is_list {
                node = element(node);
            }
        }
        *node = Node::Leaf(value);
    }

    /// The parameters as a dictionary.
    pub(crate) fn into_dict(self) -> Dict {
        match self.0 {
            Node::Map(members) => dict(members),
            Node::Leaf(_) | Node::List(_) => Dict::default(),
        }
    }
}

fn member<'n>(node: &'n mut Node, name: &str) -> &'n mut Node {
    if !matches!(node, Node::Map(_)) {
        *node = Node::Map(Vec::new());
    }
    let Node::Map(members) = node else { return node };
    let position = match members.iter().position(|(own, _)| own == name) {
        Some(position) => position,
        None => {
            members.push((name.to_owned(), Node::Map(Vec::new())));
            members.len() - 1
        }
    };
    &mut members[position].1
}

fn element(node: &mut Node) -> &mut Node {
    if !matches!(node, Node::List(_)) {
        *node = Node::List(Box::new(Node::Map(Vec::new())));
    }
    match node {
        Node::List(inner) => inner,
        other => other,
    }
}

fn dict(members: Vec<(String, Node)>) -> Dict {
    let mut dict = Dict::default();
    for (name, node) in members {
        dict.set(Text::literal(&name, None), value(node));
    }
    dict
}

fn value(node: Node) -> Value {
    match node {
        Node::Leaf(value) => value,
        Node::Map(members) => self::dict(members).into(),
        Node::List(element) => Value::list(vec![value(*element)]),
    }
}

#[cfg(test)]
mod tests {
    use super::Params;
    use perm_infer_analysis::{Atom, Value};

    #[test]
    fn targets_that_share_a_list_set_the_same_element() {
        let mut params = Params::new();
        params.set("Bucket", Value::text("b", None));
        params.set("Delete.Objects[].Key", Value::text("k", None));
        params.set("Delete.Objects[].VersionId", Value::text("v", None));
        let dict = params.into_dict();
        assert_eq!(dict.get("Bucket").and_then(|entry| entry.value.as_str()), Some("b"));
        let Some(Atom::Dict(delete)) = dict.get("Delete").and_then(|entry| entry.value.single()) else {
            panic!("no dictionary")
        };
        let Some(Atom::List(objects)) = delete.get("Objects").and_then(|entry| entry.value.single()) else {
            panic!("no list")
        };
        let Some(Atom::Dict(object)) = objects.items[0].single() else { panic!("no dictionary") };
        assert_eq!(object.entries.len(), 2);
    }
}
