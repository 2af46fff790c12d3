//! State machines of the plugin `serverless-step-functions` as resources.
//!
//! Source: the documentation of `serverless-step-functions`.

use super::functions::{entry, logical_id};
use super::variables::Variables;
use crate::tree::make::{map, scalar};
use crate::tree::{Entry, Kind, Node};

/// The state machines under `stepFunctions`.
pub(super) fn resources(variables: &mut Variables<'_>, functions: &[String]) -> Vec<Entry> {
    let Some(stated) = variables.root.at_path(&["stepFunctions", "stateMachines"]).cloned() else {
        return Vec::new();
    };
    let stated = variables.resolved(&stated);
    stated.entries().iter().filter_map(|machine| one(machine, functions)).collect()
}

fn one(machine: &Entry, functions: &[String]) -> Option<Entry> {
    let at = machine.at;
    let definition = machine.value.get("definition")?;
    let mut properties = vec![entry("Definition", definition.at, named(definition, functions))];
    properties.extend(machine.value.get("name").map(|name| entry("Name", name.at, name.clone())));
    properties.extend(machine.value.get("role").map(|role| entry("Role", role.at, role.clone())));
    properties.extend(machine.value.get("type").map(|kind| entry("Type", kind.at, kind.clone())));
    let is_traced = machine.value.at_path(&["tracingConfig", "enabled"]).and_then(Node::text) == Some("true");
    if is_traced {
        let tracing = map(at, vec![entry("Enabled", at, scalar("true", at))]);
        properties.push(entry("Tracing", at, tracing));
    }
    let resource = vec![
        entry("Type", at, scalar("AWS::Serverless::StateMachine", at)),
        entry("Properties", at, map(at, properties)),
    ];
    Some(entry(&machine.key, at, map(at, resource)))
}

/// The definition with functions of the service by their logical ids: it may call them as the
/// configuration does.
fn named(node: &Node, functions: &[String]) -> Node {
    let at = node.at;
    let id_of = |name: &str| functions.iter().any(|own| own == name).then(|| logical_id(name));
    let kind = match (&node.kind, node.intrinsic()) {
        (Kind::Map(_), Some(("Fn::GetAtt", parts))) => match parts.items() {
            [resource, attribute] => {
                let id = resource.text().and_then(id_of);
                let resource = id.map_or_else(|| resource.clone(), |id| scalar(&id, resource.at));
                let parts = Node { at, kind: Kind::List(vec![resource, attribute.clone()]) };
                return map(at, vec![entry("Fn::GetAtt", at, parts)]);
            }
            _ => return node.clone(),
        },
        (Kind::Map(_), Some(("Ref", name))) => match name.text().and_then(id_of) {
            Some(id) => return map(at, vec![entry("Ref", at, scalar(&id, at))]),
            None => return node.clone(),
        },
        (Kind::Map(entries), _) => Kind::Map(
            entries.iter().map(|one| entry(&one.key, one.at, named(&one.value, functions))).collect(),
        ),
        (Kind::List(items), _) => Kind::List(items.iter().map(|item| named(item, functions)).collect()),
        (other, _) => other.clone(),
    };
    Node { at, kind }
}
