//! Where AWS SAM and CloudFormation templates keep the policy of a function.

use crate::block::BEGIN;
use crate::document::{Document, Refusal};
use crate::place::{Spot, Wrap};
use crate::tree::Node;

/// The name of the inline policy that is written.
pub(crate) const POLICY_NAME: &str = "perm-infer";

/// The place for the policy of a function by its logical id.
pub(crate) fn spot(document: &Document, id: &str, role: Option<&str>) -> Result<Spot, Refusal> {
    let root = &document.tree.root;
    let Some(function) = root.at_path(&["Resources", id]) else {
        // One of several roles that a resource has.
        if let Some(role) = role.filter(|role| is_role(document, role)) {
            return Ok(of_role_id(document, role));
        }
        let message = format!(
            "resource {id} does not stand in this file under its name: a loop or an include makes it"
        );
        return Err(Refusal::new(0, message));
    };
    let kind = function.get("Type").and_then(Node::text).unwrap_or_default();
    // State machines of CloudFormation name their role in `RoleArn`.
    let stated = ["Role", "RoleArn"].iter().find_map(|key| function.at_path(&["Properties", key]));
    match stated {
        Some(role) => of_role(document, id, role),
        None if role.is_some_and(|role| is_role(document, role)) => {
            Ok(of_role_id(document, role.unwrap_or_default()))
        }
        None if ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"].contains(&kind) => {
            Ok(Spot::new(&["Resources", id, "Properties", "Policies"], Wrap::Policy))
        }
        None => Err(Refusal::new(function.span.start, format!("{id} has no `Role`"))),
    }
}

fn is_role(document: &Document, id: &str) -> bool {
    document.tree.root.at_path(&["Resources", id, "Type"]).and_then(Node::text) == Some("AWS::IAM::Role")
}

fn of_role(document: &Document, id: &str, role: &Node) -> Result<Spot, Refusal> {
    match role.refers_to().filter(|role| is_role(document, role)) {
        Some(role) => Ok(of_role_id(document, &role)),
        None => Err(Refusal::new(role.span.start, format!("the role of {id} is none of this file"))),
    }
}

/// The place for the policy of a role: its own inline policies, or the policy resource that is attached to it.
fn of_role_id(document: &Document, role: &str) -> Spot {
    let root = &document.tree.root;
    let inline = Spot::new(&["Resources", role, "Properties", "Policies"], Wrap::NamedPolicy);
    let has_inline = root.at_path(&["Resources", role, "Properties", "Policies"]).is_some();
    let Some(attached) = attached_policy(root, role) else { return inline };
    let path = ["Resources", attached, "Properties", "PolicyDocument", "Statement"];
    let has_block = root.at_path(&path).is_some_and(|list| {
        let end = document.tree.next_start(list.end()).unwrap_or(document.text.len());
        document.text[list.span.start.min(end)..end].contains(BEGIN)
    });
    if has_inline && !has_block { inline } else { Spot::new(&path, Wrap::Statement) }
}

/// The `AWS::IAM::Policy` of this role alone.
fn attached_policy<'t>(root: &'t Node, role: &str) -> Option<&'t str> {
    let resources = root.get("Resources").map(Node::entries).unwrap_or_default();
    let is_attached = |policy: &Node| {
        let is_policy = policy.get("Type").and_then(Node::text) == Some("AWS::IAM::Policy");
        let roles = policy.at_path(&["Properties", "Roles"]).map(Node::one_or_items).unwrap_or_default();
        let groups = ["Groups", "Users"].iter().any(|other| policy.at_path(&["Properties", other]).is_some());
        is_policy && !groups && matches!(roles[..], [only] if only.refers_to().as_deref() == Some(role))
    };
    resources.iter().find(|entry| is_attached(&entry.value)).map(|entry| entry.key.as_str())
}
