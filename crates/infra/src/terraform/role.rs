//! Roles: who may assume them and the policies that other resources give them.

use super::resources::{All, Resource};
use super::{entry, list, map, scalar};
use crate::tree::{self, Entry, Files, Kind, Node};

impl All<'_> {
    /// The properties of a role besides its name.
    pub(super) fn role(&self, role: &Resource) -> Vec<Entry> {
        let at = role.at;
        let mut properties: Vec<Entry> =
            role.get("path").map(|path| entry("Path", path.clone())).into_iter().collect();
        let trust = role.get("assume_role_policy").and_then(document);
        properties.extend(trust.map(|trust| entry("AssumeRolePolicyDocument", trust)));
        let mut managed: Vec<Node> =
            role.get("managed_policy_arns").map(Node::items).unwrap_or_default().to_vec();
        let mut policies = Vec::new();
        let inline = role.get("inline_policy").map(Node::items).unwrap_or_default();
        policies.extend(inline.iter().filter_map(|block| policy(block.get("name"), block.get("policy")?)));
        for resource in self.resources {
            if !resource.get("role").is_some_and(|node| self.means(node, role)) {
                continue;
            }
            match resource.kind.as_str() {
                "aws_iam_role_policy" => {
                    policies
                        .extend(resource.get("policy").and_then(|text| policy(resource.get("name"), text)));
                }
                "aws_iam_role_policy_attachment" => {
                    managed.extend(resource.get("policy_arn").cloned());
                }
                _ => {}
            }
        }
        // Policies that the configuration makes itself are as good as inline ones.
        managed.retain(|arn| {
            let own = self.resources.iter().find(|one| one.kind == "aws_iam_policy" && self.means(arn, one));
            let inline = own.and_then(|own| policy(own.get("name"), own.get("policy")?));
            let is_own = own.is_some();
            policies.extend(inline);
            !is_own
        });
        properties.push(entry("ManagedPolicyArns", list(at, managed)));
        properties.push(entry("Policies", list(at, policies)));
        properties
    }
}

/// An inline policy as CloudFormation has it.
fn policy(name: Option<&Node>, text: &Node) -> Option<Node> {
    let document = document(text)?;
    let at = text.at;
    let name = name.cloned().unwrap_or_else(|| scalar("policy", at));
    Some(map(at, vec![entry("PolicyName", name), entry("PolicyDocument", document)]))
}

/// The document that a text is.
fn document(text: &Node) -> Option<Node> {
    if let Some(("Fn::ToJsonString", document)) = text.intrinsic() {
        return Some(document.clone());
    }
    let mut document = tree::read(text.text()?, u32::MAX, &Files::default(), &mut Vec::new()).ok()?;
    stand(&mut document, text);
    matches!(document.kind, Kind::Map(_)).then_some(document)
}

/// Gives everything in a document the place of the text.
fn stand(node: &mut Node, text: &Node) {
    node.at = text.at;
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| stand(item, text)),
        Kind::Map(entries) => {
            for entry in entries {
                entry.at = text.at;
                stand(&mut entry.value, text);
            }
        }
        Kind::Null | Kind::Scalar(_) => {}
    }
}
