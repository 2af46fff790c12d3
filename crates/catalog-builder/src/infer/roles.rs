//! `iam:PassRole`: roles among the members of a call that makes or changes something are passed to the
//! service, which the caller has to be allowed to do.

use super::Inference;
use super::bindings::normal;
use crate::botocore::Shape;
use crate::format::{
    Binding, BindingMode, Condition, Rule, Source, Target, TargetKind, Test, With, WithValue,
};

impl Inference<'_> {
    /// `iam:PassRole` for the roles among the members of a call that creates or changes something.
    pub(super) fn pass_role(&self, operation: &str) -> Vec<Rule> {
        if !VERBS.iter().any(|verb| operation.starts_with(verb)) {
            return Vec::new();
        }
        let Some(input) = self.api.model.input(operation) else { return Vec::new() };
        let Some(prefix) = self.prefixes.first() else { return Vec::new() };
        let mut paths = Vec::new();
        self.role_paths(input, "", &mut Vec::new(), &mut paths);
        paths.iter().map(|path| pass_role_rule(path, &self.principal(path, prefix))).collect()
    }

    /// The service that a role is passed to, which is the service called unless an override says otherwise.
    fn principal(&self, path: &str, prefix: &str) -> String {
        let member = path.rsplit('.').next().unwrap_or(path).trim_end_matches(['[', ']', '{', '*', '}']);
        let principals = &self.own.principals;
        let of_member = principals.iter().find(|said| said.what.0.iter().any(|name| name == member));
        let said = of_member.or_else(|| principals.iter().find(|said| said.what.0.is_empty()));
        said.map_or_else(|| format!("{prefix}.amazonaws.com"), |said| said.take().1.clone())
    }

    /// Paths of members that hold a role.
    fn role_paths(&self, shape: &Shape, prefix: &str, above: &mut Vec<String>, paths: &mut Vec<String>) {
        for name in shape.members.keys() {
            let Some(mut shape_name) = shape.field(name).map(|field| field.shape) else { continue };
            let mut path = format!("{prefix}{name}");
            while let Some(inner) = self.api.model.shapes.get(&shape_name) {
                let (element, step) = match inner.kind.as_str() {
                    "list" => (inner.member.as_ref(), "[]"),
                    "map" => (inner.value.as_ref(), "{*}"),
                    _ => break,
                };
                let Some(element) = element else { break };
                shape_name.clone_from(&element.shape);
                path.push_str(step);
            }
            let Some(inner) = self.api.model.shapes.get(&shape_name) else { continue };
            if inner.kind == "string" && is_role(name, &shape_name, inner) {
                paths.push(path);
            } else if inner.kind == "structure" && above.len() < DEPTH && !above.contains(&shape_name) {
                above.push(shape_name);
                self.role_paths(inner, &format!("{path}."), above, paths);
                above.pop();
            }
        }
    }
}

/// Structures deeper than this are not looked into.
const DEPTH: usize = 6;

/// First words of the operations that give a role to a service.
const VERBS: [&str; 27] = [
    "Activate",
    "Add",
    "Associate",
    "Attach",
    "Configure",
    "Continue",
    "Create",
    "Deploy",
    "Discover",
    "Enable",
    "Export",
    "Import",
    "Modify",
    "Provision",
    "Publish",
    "Put",
    "Register",
    "Replace",
    "Restore",
    "Rollback",
    "Run",
    "Schedule",
    "Set",
    "Start",
    "Submit",
    "Sync",
    "Update",
];

/// Whether a member holds a role's ARN: by its name, and for names that may mean other roles by its shape.
fn is_role(name: &str, shape_name: &str, shape: &Shape) -> bool {
    let exact = normal(name);
    let name = exact.trim_end_matches('s');
    if !shape.values.is_empty() {
        return false;
    }
    if name.ends_with("rolearn")
        || matches!(name, "snscallerarn" | "servicerole" | "executionrole" | "iamrole")
    {
        return true;
    }
    let kind = normal(shape_name);
    let described =
        shape.pattern.as_deref().is_some_and(|pattern| pattern.contains("arn") && pattern.contains("role"));
    name.ends_with("role")
        && (exact == "role" || kind.contains("rolearn") || kind.contains("iamrole") || described)
}

fn pass_role_rule(member: &str, principal: &str) -> Rule {
    let binding = Binding {
        variable: "RoleNameWithPath".to_owned(),
        mode: BindingMode::Auto,
        sources: vec![Source::Path(member.to_owned())],
    };
    Rule {
        conditions: vec![Condition { negated: false, path: member.to_owned(), test: Test::Present }],
        action: "iam:PassRole".to_owned(),
        targets: vec![Target {
            kind: TargetKind::Type("role".to_owned()),
            optional: false,
            bindings: vec![binding],
            bare: false,
        }],
        with: vec![With {
            operator: "StringEquals".to_owned(),
            key: "iam:PassedToService".to_owned(),
            values: vec![WithValue::Literal(principal.to_owned())],
        }],
        ..Rule::default()
    }
}
