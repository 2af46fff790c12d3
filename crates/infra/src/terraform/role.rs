//! Roles: who may assume them and the policies that other resources give them.

use super::resources::{All, Resource};
use super::{call, entry, list, map, scalar, unknown};
use crate::tree::{self, Entry, Files, Kind, Mark, Node};

impl All<'_> {
    /// The properties of a role besides its name.
    pub(super) fn role(&self, role: &Resource) -> Vec<Entry> {
        let at = role.at;
        let mut properties: Vec<Entry> =
            role.get("path").map(|path| entry("Path", path.clone())).into_iter().collect();
        let trust = role.get("assume_role_policy").and_then(document);
        properties.extend(trust.map(|trust| entry("AssumeRolePolicyDocument", trust)));
        let mut attached: Vec<Node> =
            role.get("managed_policy_arns").map(Node::items).unwrap_or_default().to_vec();
        let (mut managed, mut policies) = (Vec::new(), Vec::new());
        // A document that is not known stays in the role as a policy of which nothing is known.
        let mut add = |name: Option<&Node>, text: Option<&Node>| match text.map(|text| policy(name, text)) {
            Some(Some(policy)) => policies.push(policy),
            _ => managed.push(unknown(text.map_or(at, |text| text.at))),
        };
        for block in role.get("inline_policy").map(Node::items).unwrap_or_default() {
            add(block.get("name"), block.get("policy"));
        }
        for resource in self.resources {
            if !resource.get("role").is_some_and(|node| self.means(node, role)) {
                continue;
            }
            match resource.kind.as_str() {
                "aws_iam_role_policy" => add(resource.get("name"), resource.get("policy")),
                "aws_iam_role_policy_attachment" => attached.extend(resource.get("policy_arn").cloned()),
                _ => {}
            }
        }
        // Policies that the configuration makes itself are as good as inline ones.
        for arn in attached {
            let own = self.resources.iter().find(|one| one.kind == "aws_iam_policy" && self.means(&arn, one));
            match own {
                Some(own) => match own.get("policy").and_then(|text| policy(own.get("name"), text)) {
                    Some(policy) => policies.push(policy),
                    None => managed.push(unknown(own.at)),
                },
                None => managed.push(arn),
            }
        }
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

/// The document that a text is, also where values are put into the text.
fn document(text: &Node) -> Option<Node> {
    read_document(text).filter(|document| matches!(document.kind, Kind::Map(_)))
}

/// The same for documents of any form.
pub(super) fn read_document(text: &Node) -> Option<Node> {
    let (written, values) = match text.intrinsic() {
        Some(("Fn::ToJsonString", document)) => return Some(document.clone()),
        Some(("Fn::Join", argument)) => with_marks(argument)?,
        _ => (text.text()?.to_owned(), Vec::new()),
    };
    let mut document = tree::read(&written, u32::MAX, &Files::default(), &mut Vec::new()).ok()?;
    stand(&mut document, text, &values);
    Some(document)
}

/// What stands in a text for the value with the number between the two. Neither is in any document.
const MARK: (char, char) = ('\u{f0000}', '\u{f0001}');

/// Parts that are put behind each other as one text, with marks for those that are no text.
fn with_marks(argument: &Node) -> Option<(String, Vec<Node>)> {
    let [separator, parts] = argument.items() else { return None };
    if separator.text() != Some("") {
        return None;
    }
    let (mut written, mut values) = (String::new(), Vec::new());
    for part in parts.items() {
        match part.text() {
            Some(text) if !text.contains([MARK.0, MARK.1]) => written.push_str(text),
            Some(_) => return None,
            None => {
                written.push_str(&format!("{}{}{}", MARK.0, values.len(), MARK.1));
                values.push(part.clone());
            }
        }
    }
    Some((written, values))
}

/// The value of a text with marks.
fn without_marks(text: &str, values: &[Node], at: Mark) -> Node {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK.0) {
        parts.push(scalar(before, at));
        let (number, after) = after.split_once(MARK.1).unwrap_or((after, ""));
        let value = number.parse::<usize>().ok().and_then(|number| values.get(number));
        parts.push(value.cloned().unwrap_or_else(|| unknown(at)));
        rest = after;
    }
    parts.push(scalar(rest, at));
    call("Fn::Join", list(at, vec![scalar("", at), list(at, parts)]))
}

/// Gives everything in a document the place of the text, and the values their places in it.
fn stand(node: &mut Node, text: &Node, values: &[Node]) {
    node.at = text.at;
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| stand(item, text, values)),
        Kind::Map(entries) => {
            for entry in entries {
                entry.at = text.at;
                stand(&mut entry.value, text, values);
            }
        }
        Kind::Scalar(written) if written.contains(MARK.0) => {
            *node = without_marks(&written.clone(), values, text.at);
        }
        Kind::Null | Kind::Scalar(_) => {}
    }
}
