//! Which resources of a stack depend on which, so that a policy in a role never refers to something that
//! needs the role first: CloudFormation refuses such circles.

use std::collections::BTreeSet;

use super::{Reader, StackId};
use crate::model::Language;
use crate::tree::{Kind, Node};

/// The role that the Serverless Framework makes for all functions.
/// Source: "Serverless Framework - AWS Resource Reference".
const SHARED_ROLE: &str = "IamRoleLambdaExecution";

impl Reader<'_> {
    /// Notes what each resource of a stack depends on, and the role that it runs with.
    pub(super) fn note_dependencies(&mut self, stack: StackId) {
        let template = self.template(stack);
        let scope = &template.scope;
        self.references.add_template(scope.clone(), crate::code::shown(&template.path));
        for entry in template.root.get("Resources").map(Node::entries).unwrap_or_default() {
            let mut names = BTreeSet::new();
            collect(&entry.value, &mut names);
            let stated = entry.value.get("DependsOn");
            names.extend(stated.into_iter().flat_map(texts).map(str::to_owned));
            let role = self.role_id_of(&entry.key, &entry.value);
            names.extend(role.iter().cloned());
            self.references.add_dependencies(
                &format!("{scope}{}", entry.key),
                names.iter().map(|name| format!("{scope}{name}")).collect(),
                role.map(|role| format!("{scope}{role}")),
            );
            for made in made_for_events(&entry.value) {
                let function = format!("{scope}{}", entry.key);
                self.references.add_dependencies(&format!("{scope}{made}"), vec![function], None);
            }
        }
    }

    /// The role that something runs with: the one it names, or the one that is made for it.
    fn role_id_of(&self, id: &str, resource: &Node) -> Option<String> {
        let kind = resource.get("Type").and_then(Node::text)?;
        let named = ["Role", "RoleArn"].iter().find_map(|key| resource.at_path(&["Properties", key]));
        match named {
            Some(role) => {
                let mut names = BTreeSet::new();
                collect(role, &mut names);
                names.pop_first()
            }
            None if self.language == Language::Serverless && kind == "AWS::Serverless::Function" => {
                Some(SHARED_ROLE.to_owned())
            }
            None if ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"].contains(&kind) => {
                Some(format!("{id}Role"))
            }
            None => None,
        }
    }
}

fn texts(node: &Node) -> Vec<&str> {
    match node.items() {
        [] => node.text().into_iter().collect(),
        items => items.iter().filter_map(Node::text).collect(),
    }
}

/// Resources that AWS SAM makes depend on a function because they are its event sources: the notifications of
/// a bucket, the triggers of a user pool and the definition of an API name the function.
/// Source: "EventSource" in the AWS SAM Developer Guide.
fn made_for_events(resource: &Node) -> Vec<String> {
    if resource.get("Type").and_then(Node::text) != Some("AWS::Serverless::Function") {
        return Vec::new();
    }
    let events = resource.at_path(&["Properties", "Events"]).map(Node::entries).unwrap_or_default();
    let mut made = BTreeSet::new();
    for event in events {
        let property = match event.value.get("Type").and_then(Node::text) {
            Some("S3") => "Bucket",
            Some("Cognito") => "UserPool",
            Some("Api") => "RestApiId",
            Some("HttpApi") => "ApiId",
            _ => continue,
        };
        if let Some(source) = event.value.at_path(&["Properties", property]) {
            collect(source, &mut made);
        }
    }
    made.into_iter().collect()
}

/// The names that a value refers to.
fn collect(node: &Node, names: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| collect(item, names)),
        Kind::Map(entries) => {
            for entry in entries {
                match (entry.key.as_str(), &entry.value.kind) {
                    ("Ref", Kind::Scalar(name)) => {
                        names.insert(name.clone());
                    }
                    ("Fn::GetAtt", Kind::List(parts)) => {
                        names.extend(parts.first().and_then(Node::text).map(str::to_owned));
                    }
                    ("Fn::Sub", Kind::Scalar(text)) => in_substitution(text, names),
                    ("Fn::Sub", Kind::List(parts)) => {
                        if let Some(text) = parts.first().and_then(Node::text) {
                            in_substitution(text, names);
                        }
                        parts.iter().skip(1).for_each(|variables| collect(variables, names));
                    }
                    _ => collect(&entry.value, names),
                }
            }
        }
        Kind::Null | Kind::Scalar(_) => {}
    }
}

fn in_substitution(text: &str, names: &mut BTreeSet<String>) {
    for after in text.split("${").skip(1) {
        let Some((name, _)) = after.split_once('}') else { continue };
        let id = name.split('.').next().unwrap_or_default().trim();
        if !id.starts_with('!') && !id.is_empty() {
            names.insert(id.to_owned());
        }
    }
}
