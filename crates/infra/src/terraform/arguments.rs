//! The arguments of resources: attributes and nested blocks as one map, `dynamic` blocks made real.

use hcl_edit::Span as _;
use hcl_edit::structure::{Block, Body};

use super::resources::Resource;
use super::scope::{Instance, Object};
use super::{ModuleId, Terraform, call, entry, list, map, registry, scalar, unknown};
use crate::code::shown;
use crate::tree::{Entry, Kind, Mark, Node};

/// Arguments and blocks of the language itself.
const META: [&str; 9] = [
    "count",
    "for_each",
    "depends_on",
    "lifecycle",
    "provider",
    "providers",
    "provisioner",
    "connection",
    "dynamic",
];

impl Terraform<'_> {
    /// Every copy of every block of every module.
    pub(super) fn all_resources(&mut self) -> Vec<Resource> {
        let mut found = Vec::new();
        for module in 0..self.modules.len() {
            let addresses: Vec<String> = self.modules[module].blocks.keys().cloned().collect();
            for address in addresses {
                let Some(node) = self.block(module, &address, Mark::default()) else { continue };
                let instances: Vec<Node> = match &node.kind {
                    Kind::List(items) => items.clone(),
                    Kind::Map(entries) if self.object(&node).is_none() => {
                        entries.iter().map(|entry| entry.value.clone()).collect()
                    }
                    _ => vec![node],
                };
                for instance in instances {
                    let Some(object) = self.object(&instance) else { continue };
                    if let Object::Block(instance) = &*object {
                        found.push(self.resource_of(instance));
                    }
                }
            }
        }
        found
    }

    fn resource_of(&mut self, instance: &Instance) -> Resource {
        let directory = self.modules[instance.module].directory.clone();
        Resource {
            id: instance.id.clone(),
            shown: instance.shown.clone(),
            kind: instance.kind.clone(),
            is_data: instance.is_data,
            is_module: registry::is_module(&instance.kind),
            is_of_state: false,
            at: self.mark(instance.block.file, instance.block.value.span()),
            values: self.values(instance),
            directory: shown(directory.strip_prefix(&self.root).unwrap_or(&directory)),
        }
    }

    /// All arguments of a copy.
    fn values(&mut self, instance: &Instance) -> Node {
        let at = self.mark(instance.block.file, instance.block.value.span());
        let block = instance.block.clone();
        self.within(instance.scope.clone(), |this| {
            this.body(instance.module, block.file, &block.value.body, at)
        })
    }

    fn body(&mut self, module: ModuleId, file: u32, body: &Body, at: Mark) -> Node {
        let mut entries: Vec<Entry> = Vec::new();
        for attribute in body.attributes() {
            let name = attribute.key.as_str();
            if !META.contains(&name) {
                entries.push(entry(name, self.convert(module, file, &attribute.value)));
            }
        }
        for block in body.blocks() {
            let name = block.ident.as_str();
            let (name, made) = match (name, block.labels.first()) {
                ("dynamic", Some(label)) => (label.as_str(), self.dynamic(module, file, block)),
                _ if META.contains(&name) => continue,
                _ => {
                    let at = self.mark(file, block.span());
                    (name, vec![self.body(module, file, &block.body, at)])
                }
            };
            match entries.iter_mut().find(|entry| entry.key == name) {
                Some(Entry { value: Node { kind: Kind::List(items), .. }, .. }) => items.extend(made),
                _ => {
                    let at = made.first().map_or(at, |node| node.at);
                    entries.push(Entry { key: name.to_owned(), at, value: list(at, made) });
                }
            }
        }
        map(at, entries)
    }

    /// The blocks that a `dynamic` block makes; one of unknown values where their number is not known.
    fn dynamic(&mut self, module: ModuleId, file: u32, block: &Block) -> Vec<Node> {
        let at = self.mark(file, block.span());
        let label = block.labels.first().map(|label| label.as_str()).unwrap_or_default();
        let iterator = block.body.get_attribute("iterator").and_then(|iterator| match &iterator.value {
            hcl_edit::expr::Expression::Variable(name) => Some(name.as_str().to_owned()),
            _ => None,
        });
        let iterator = iterator.unwrap_or_else(|| label.to_owned());
        let Some(content) = block.body.get_blocks("content").next() else { return Vec::new() };
        let Some(each) = block.body.get_attribute("for_each") else { return Vec::new() };
        let collection = self.convert(module, file, &each.value);
        let pairs = self.dynamic_pairs(&collection).unwrap_or_else(|| vec![(unknown(at), unknown(at))]);
        let mut made = Vec::new();
        for (key, value) in pairs {
            let names = map(at, vec![entry("key", key), entry("value", value)]);
            let scope = self.scope.with(&iterator, names);
            made.push(self.within(scope, |this| this.body(module, file, &content.body, at)));
        }
        made
    }

    /// Keys and values of what a `dynamic` block goes over. Of two lists the longer one counts when nobody
    /// can tell which it is: a permission that may be needed is needed.
    fn dynamic_pairs(&mut self, collection: &Node) -> Option<Vec<(Node, Node)>> {
        if let Some(("Fn::If", branches)) = collection.intrinsic() {
            let branches = branches.items().get(1..)?;
            let each: Vec<Vec<(Node, Node)>> =
                branches.iter().filter_map(|branch| self.dynamic_pairs(branch)).collect();
            return each.into_iter().max_by_key(Vec::len);
        }
        self.elements(collection)
    }

    /// The document of `aws_iam_policy_document`, as text.
    /// Source: "Data Source: aws_iam_policy_document" in the documentation of the AWS provider.
    pub(super) fn policy_document(&mut self, instance: &Instance, at: Mark) -> Node {
        if self.depth >= 40 {
            return unknown(at);
        }
        self.depth += 1;
        let values = self.values(instance);
        self.depth -= 1;
        let mut statements = Vec::new();
        for source in ["source_policy_documents", "override_policy_documents"] {
            for inner in values.get(source).map(Node::items).unwrap_or_default() {
                if let Some(("Fn::ToJsonString", document)) = inner.intrinsic() {
                    statements
                        .extend(document.get("Statement").map(Node::items).unwrap_or_default().to_vec());
                }
            }
        }
        statements.extend(values.get("statement").map(Node::items).unwrap_or_default().iter().map(statement));
        let document =
            vec![entry("Version", scalar("2012-10-17", at)), entry("Statement", list(at, statements))];
        call("Fn::ToJsonString", map(at, document))
    }
}

/// A statement as IAM writes it.
fn statement(block: &Node) -> Node {
    let at = block.at;
    let mut entries =
        vec![entry("Effect", block.get("effect").cloned().unwrap_or_else(|| scalar("Allow", at)))];
    let renamed = [
        ("sid", "Sid"),
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ];
    for (from, to) in renamed {
        entries.extend(block.get(from).map(|value| entry(to, value.clone())));
    }
    for (from, to) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        let principals = block.get(from).map(Node::items).unwrap_or_default();
        let mut kinds: Vec<Entry> = Vec::new();
        for principal in principals {
            let kind = principal.get("type").and_then(Node::text).unwrap_or_default();
            let identifiers = principal.get("identifiers").map(Node::items).unwrap_or_default().to_vec();
            match kinds.iter_mut().find(|entry| entry.key == kind) {
                Some(Entry { value: Node { kind: Kind::List(items), .. }, .. }) => items.extend(identifiers),
                _ => kinds.push(entry(kind, list(at, identifiers))),
            }
        }
        if !kinds.is_empty() {
            entries.push(entry(to, map(at, kinds)));
        }
    }
    let mut operators: Vec<Entry> = Vec::new();
    for condition in block.get("condition").map(Node::items).unwrap_or_default() {
        let text = |name: &str| condition.get(name).and_then(Node::text).unwrap_or_default();
        let values = condition.get("values").cloned().unwrap_or_else(|| list(at, Vec::new()));
        let key = entry(text("variable"), values);
        match operators.iter_mut().find(|entry| entry.key == text("test")) {
            Some(Entry { value: Node { kind: Kind::Map(keys), .. }, .. }) => keys.push(key),
            _ => operators.push(entry(text("test"), map(at, vec![key]))),
        }
    }
    if !operators.is_empty() {
        entries.push(entry("Condition", map(at, operators)));
    }
    map(at, entries)
}
