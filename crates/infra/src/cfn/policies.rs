//! The policies of a role as the template states them: inline and attached ones, policy templates of AWS SAM, and
//! what the framework adds by itself.
//!
//! Sources: "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::RolePolicy" and "AWS::IAM::ManagedPolicy" in the AWS
//! CloudFormation User Guide; "AWS::Serverless::Function", property `Policies`, in the AWS SAM Developer Guide.

use perm_infer_catalog::SamPolicyTemplate;
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::{Effect, Pattern};

use super::function::Subject;
use super::statements;
use super::{Reader, StackId};
use crate::model::{Language, Need};
use crate::role::{Placed, PolicySource, PolicyStatement, Role, RolePolicy};
use crate::tree::{Mark, Node};

/// What is being put together.
struct Collected {
    policies: Vec<RolePolicy>,
    elsewhere: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The role of a unit; nothing when it is not in the template. `added` is what the framework gives a role that
    /// it makes.
    pub(super) fn role(&mut self, subject: &Subject<'_>, added: &[Need]) -> Option<Role> {
        if subject.first(&["Role", "RoleArn"]).is_some() {
            let id = self.role_id(subject)?;
            return self.role_resource(subject.stack, &id);
        }
        // Modules of Terraform that make a role of their own are not read.
        if !subject.is_sam || self.language == Language::Terraform {
            return None;
        }
        let mut collected = Collected { policies: Vec::new(), elsewhere: Vec::new() };
        for list in subject.all(&["Policies"]) {
            self.policy_list(subject.stack, list, true, &mut collected);
        }
        let location = self.location(subject.at);
        if !added.is_empty() {
            collected.policies.push(of_framework(added, &location));
        }
        let mut boundary = Collected { policies: Vec::new(), elsewhere: Vec::new() };
        if let Some(node) = subject.get(&["PermissionsBoundary"]) {
            self.policy_list(subject.stack, node, true, &mut boundary);
        }
        let Collected { policies, mut elsewhere } = collected;
        elsewhere.extend(boundary.elsewhere);
        let scope = self.template(subject.stack).scope.clone();
        let id = format!("{}Role", subject.id);
        let name = format!("{scope}{id}");
        let deployed = self.made_role_name(subject, &id);
        Some(Role { name, deployed, location, policies, boundary: boundary.policies, elsewhere })
    }

    /// The role that a property names; nothing when it is not in the template.
    pub(super) fn role_named(&mut self, stack: StackId, role: &Node) -> Option<Role> {
        let id = self.id_of_role(stack, role)?;
        self.role_resource(stack, &id)
    }

    fn role_resource(&mut self, stack: StackId, id: &str) -> Option<Role> {
        let template = self.template(stack);
        let entry = template.entry(id)?;
        let properties = entry.value.get("Properties");
        let mut collected = Collected { policies: Vec::new(), elsewhere: Vec::new() };
        if let Some(list) = properties.and_then(|properties| properties.get("Policies")) {
            for (item, certain) in self.items(stack, list) {
                if let Some(document) = item.get("PolicyDocument") {
                    self.written(stack, document, certain, &mut collected);
                }
            }
        }
        if let Some(list) = properties.and_then(|properties| properties.get("ManagedPolicyArns")) {
            self.policy_list(stack, list, true, &mut collected);
        }
        self.attached(stack, id, &mut collected);
        let mut boundary = Collected { policies: Vec::new(), elsewhere: Vec::new() };
        if let Some(node) = properties.and_then(|properties| properties.get("PermissionsBoundary")) {
            self.policy_list(stack, node, true, &mut boundary);
        }
        let Collected { policies, mut elsewhere } = collected;
        elsewhere.extend(boundary.elsewhere);
        let name = format!("{}{id}", template.scope);
        let location = self.location(entry.at);
        let deployed = self.resource_reference(stack, id, entry.at);
        Some(Role { name, deployed, location, policies, boundary: boundary.policies, elsewhere })
    }

    /// Policies that are resources of their own and name the role.
    fn attached(&mut self, stack: StackId, role: &str, collected: &mut Collected) {
        let template = self.template(stack);
        let kinds = ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"];
        for entry in template.of_types(&kinds) {
            let kind = entry.value.get("Type").and_then(Node::text);
            let Some(properties) = entry.value.get("Properties") else { continue };
            let names = match kind {
                Some("AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy") => properties.get("Roles"),
                Some("AWS::IAM::RolePolicy") => properties.get("RoleName"),
                _ => continue,
            };
            let (Some(names), Some(document)) = (names, properties.get("PolicyDocument")) else { continue };
            if !self.names_role(stack, names, role) || !self.may_exist(stack, &entry.value) {
                continue;
            }
            let condition = entry.value.get("Condition").and_then(Node::text).map(str::to_owned);
            let certain = condition.is_none_or(|name| self.condition(stack, &name) == Some(true));
            self.written(stack, document, certain, collected);
        }
    }

    fn names_role(&mut self, stack: StackId, names: &Node, role: &str) -> bool {
        let own = self.resource_reference(stack, role, names.at);
        let items = self.items(stack, names);
        items.into_iter().any(|(item, _)| self.texts(stack, &item).iter().any(|name| own.contains(name)))
    }

    /// Policies as `Policies` of AWS SAM and `ManagedPolicyArns` list them.
    fn policy_list(&mut self, stack: StackId, list: &Node, certain: bool, collected: &mut Collected) {
        for (item, is_there) in self.items(stack, list) {
            let certain = certain && is_there;
            if item.get("Statement").is_some() {
                self.written(stack, &item, certain, collected);
            } else if item.text().is_some() || item.intrinsic().is_some() {
                self.named_policy(stack, &item, certain, collected);
            } else {
                for entry in item.entries() {
                    self.sam_template(stack, &entry.key, entry.at, &entry.value, certain, collected);
                }
            }
        }
    }

    fn written(&mut self, stack: StackId, document: &Node, certain: bool, collected: &mut Collected) {
        let statements = self.statements(stack, document);
        collected.policies.push(RolePolicy {
            source: PolicySource::Template,
            location: self.location(document.at),
            statements,
            certain,
        });
    }

    /// A managed policy by its name, its ARN or a reference to it.
    fn named_policy(&mut self, stack: StackId, node: &Node, certain: bool, collected: &mut Collected) {
        let template = self.template(stack);
        let referenced = match node.intrinsic() {
            Some(("Ref", name)) => name.text(),
            Some(("Fn::GetAtt", parts)) => parts.items().first().and_then(Node::text),
            _ => None,
        };
        if let Some(id) = referenced
            && template.resource_type(id) == Some("AWS::IAM::ManagedPolicy")
        {
            let document =
                template.resource(id).and_then(|policy| policy.at_path(&["Properties", "PolicyDocument"]));
            if let Some(document) = document {
                self.written(stack, document, certain, collected);
            }
            return;
        }
        let values = self.texts(stack, node);
        let certain = certain && values.len() == 1;
        for value in values {
            let name = value.to_policy_string();
            if name.contains(":iam::aws:policy/") || value.as_literal().is_some_and(is_policy_name) {
                collected.policies.push(RolePolicy {
                    source: PolicySource::Managed(name),
                    location: self.location(node.at),
                    statements: Vec::new(),
                    certain,
                });
            } else {
                let resolved = self.references.resolve(&value);
                let name = resolved.first().map(Pattern::to_policy_string).unwrap_or_default();
                collected.elsewhere.push(elsewhere(&name, self.location(node.at)));
            }
        }
    }

    /// A policy template of AWS SAM with its arguments.
    fn sam_template(
        &mut self,
        stack: StackId,
        name: &str,
        at: Mark,
        arguments: &Node,
        certain: bool,
        collected: &mut Collected,
    ) {
        let location = self.location(at);
        let Some(known) = SamPolicyTemplate::find(name) else {
            collected.elsewhere.push(elsewhere(name, location));
            return;
        };
        let statements: Vec<Node> =
            known.statements().filter_map(|text| statements::from_json(text, at, arguments)).collect();
        let statements = statements.iter().filter_map(|node| self.statement(stack, node, true)).collect();
        let source = PolicySource::SamTemplate(name.to_owned());
        collected.policies.push(RolePolicy { source, location, statements, certain });
    }
}

/// What the framework gives, as one policy that allows exactly that.
fn of_framework(needs: &[Need], location: &Location) -> RolePolicy {
    let statement = |need: &Need| PolicyStatement {
        location: location.clone(),
        sid: None,
        effect: Effect::Allow,
        certain: true,
        actions: Some(vec![Placed {
            location: location.clone(),
            value: need.action.to_owned(),
            certain: true,
        }]),
        not_actions: None,
        resources: Some(vec![Placed {
            location: location.clone(),
            value: vec![need.resource.clone()],
            certain: true,
        }]),
        not_resources: None,
        conditions: Vec::new(),
    };
    RolePolicy {
        source: PolicySource::Framework,
        location: location.clone(),
        statements: needs.iter().map(statement).collect(),
        certain: true,
    }
}

/// Source: "IAM and AWS STS quotas", IAM name requirements.
fn is_policy_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+=,.@-_/".contains(&byte))
}

fn elsewhere(name: &str, location: Location) -> Diagnostic {
    let name: String = name.chars().take(160).collect();
    let message = format!("the role has the policy `{name}`, which is neither in the template nor known");
    Diagnostic::new(Severity::Warning, "policy-not-held", message)
        .at(location)
        .remedy("pass it with --policy; without it nothing is certain that the others do not allow")
        .unresolved()
}
