//! The role of a unit as the template has it: managed policies and who may assume it.

use super::function::Subject;
use super::{Reader, StackId};
use crate::model::UnitKind;
use crate::needs::Given;
use crate::tree::Node;

impl Reader<'_> {
    /// What managed policies that the template attaches give already.
    pub(super) fn given(&mut self, subject: &Subject<'_>) -> Given {
        let template = self.template(subject.stack);
        let mut lists = subject.all(&["Policies"]);
        if let Some(role) = self.role_id(subject) {
            lists.extend(
                template.resource(&role).and_then(|role| role.at_path(&["Properties", "ManagedPolicyArns"])),
            );
        }
        let mut given = Given::default();
        for list in lists {
            for policy in self.names_in(subject.stack, list) {
                given.add(&policy);
            }
        }
        given
    }

    /// The strings of a list that may be one string; anything else in it is an inline policy.
    fn names_in(&mut self, stack: StackId, list: &Node) -> Vec<String> {
        let mut names = Vec::new();
        let items: Vec<&Node> = match list.items() {
            [] => vec![list],
            items => items.iter().collect(),
        };
        for item in items {
            for item in self.present(stack, Some(item)) {
                if item.text().is_some() || item.intrinsic().is_some() {
                    names.extend(
                        self.texts(stack, item).iter().map(perm_infer_policy::Pattern::to_policy_string),
                    );
                }
            }
        }
        names
    }

    /// The role resource of a unit, if it is in the same template.
    pub(super) fn role_id(&self, subject: &Subject<'_>) -> Option<String> {
        self.id_of_role(subject.stack, subject.first(&["Role", "RoleArn"])?)
    }

    /// The resource of a role, if it is in the same template.
    pub(super) fn id_of_role(&self, stack: StackId, role: &Node) -> Option<String> {
        let id = match role.intrinsic()? {
            ("Fn::GetAtt", parts) => parts.items().first()?.text()?,
            ("Ref", name) => name.text()?,
            ("Fn::Sub", text) => text.text()?.strip_prefix("${")?.strip_suffix(".Arn}")?,
            _ => return None,
        };
        let template = self.template(stack);
        (template.resource_type(id) == Some("AWS::IAM::Role")).then(|| id.to_owned())
    }

    /// Warns when the role of a unit lets only others assume it.
    pub(super) fn check_trust(&mut self, subject: &Subject<'_>, role: Option<&Node>, kind: UnitKind) {
        let Some(id) = role.and_then(|role| self.id_of_role(subject.stack, role)) else { return };
        let template = self.template(subject.stack);
        let Some(trust) =
            template.resource(&id).and_then(|role| role.at_path(&["Properties", "AssumeRolePolicyDocument"]))
        else {
            return;
        };
        let principal = kind.principal();
        if trust.intrinsic().is_some()
            || trust.text().is_some()
            || self.trusts(subject.stack, trust, principal)
        {
            return;
        }
        let message = format!(
            "role {id} does not let {principal} assume it, so {} {} cannot use it",
            kind.name(),
            subject.id
        );
        let remedy = format!("allow sts:AssumeRole for the principal Service: {principal}");
        self.warn("trust-policy", trust.at, message, &remedy);
    }

    /// Whether a trust policy names a service, also by its name in one region: `states.eu-west-1.amazonaws.com`.
    fn trusts(&mut self, stack: StackId, trust: &Node, principal: &str) -> bool {
        let service_name = principal.split('.').next().unwrap_or_default();
        let Some(statements) = trust.get("Statement") else { return false };
        let statements: Vec<&Node> = match statements.items() {
            [] => vec![statements],
            items => items.iter().collect(),
        };
        statements.into_iter().any(|statement| {
            let Some(service) = statement.at_path(&["Principal", "Service"]) else {
                return statement.get("Principal").is_some_and(|all| all.text() == Some("*"));
            };
            let names = self.names_in(stack, service);
            names.iter().any(|name| {
                name.contains('*')
                    || name.strip_prefix(service_name).is_some_and(|rest| rest.starts_with('.'))
            })
        })
    }
}
