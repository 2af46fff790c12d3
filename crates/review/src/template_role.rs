//! The policies of a role that a template states, in the form in which policies are checked.

use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_infra::{Placed, PolicySource, PolicyStatement, References, Role, RolePolicy};
use perm_infer_policy::{Condition, OneOrMany, Part, Pattern, Statement};

use crate::policy_file::{PolicyFile, StatementPlaces};
use crate::role::RolePolicies;
use crate::symbolic::Symbolic;

/// The policies of a role; those of AWS that it names are filled in.
#[must_use]
pub fn role_of_template(role: &Role, references: &References) -> RolePolicies {
    let mut found = RolePolicies {
        diagnostics: role.elsewhere.clone(),
        is_complete: role.elsewhere.is_empty(),
        ..RolePolicies::default()
    };
    for policy in &role.policies {
        let file = policy_file(policy, references, &mut found);
        found.identity.extend(file);
    }
    for policy in &role.boundary {
        let file = policy_file(policy, references, &mut found);
        found.boundary.extend(file);
    }
    found
}

fn policy_file(policy: &RolePolicy, references: &References, found: &mut RolePolicies) -> Option<PolicyFile> {
    if let PolicySource::Managed(name) = &policy.source {
        let mut known = PolicyFile::managed(name, &policy.location);
        match &mut known {
            Some(file) => file.statements.iter_mut().for_each(|places| places.certain = policy.certain),
            None => {
                found.is_complete = false;
                found.diagnostics.push(unknown(name, policy));
            }
        }
        return known;
    }
    let mut statements = Vec::new();
    let mut places = Vec::new();
    for statement in &policy.statements {
        let (document, place) = converted(statement, policy.certain, references);
        statements.push(document);
        places.push(place);
    }
    Some(PolicyFile::from_parts(policy.source.clone(), &policy.location, statements, places))
}

fn unknown(name: &str, policy: &RolePolicy) -> Diagnostic {
    let message = format!("the managed policy {name} is not known");
    Diagnostic::new(Severity::Warning, "policy-not-held", message)
        .at(policy.location.clone())
        .remedy("check its name, or pass the policy with --policy")
        .unresolved()
}

fn converted(
    statement: &PolicyStatement,
    certain: bool,
    references: &References,
) -> (Statement, StatementPlaces) {
    let mut places = StatementPlaces {
        whole: statement.location.clone(),
        actions: Vec::new(),
        resources: Vec::new(),
        keys: Vec::new(),
        symbolic: Vec::new(),
        certain: certain && statement.certain,
    };
    let mut actions = |stated: &Option<Vec<Placed<String>>>| {
        let stated = stated.as_ref()?;
        places.actions.extend(stated.iter().map(|action| action.location.clone()));
        Some(OneOrMany::from_values(stated.iter().map(|action| action.value.clone()).collect()))
    };
    let (action, not_action) = (actions(&statement.actions), actions(&statement.not_actions));
    let mut resources = |stated: &Option<Vec<Placed<Vec<Pattern>>>>| {
        let mut texts = Vec::new();
        for resource in stated.as_ref()? {
            for written in &resource.value {
                let symbolic = Symbolic::new(written, references).if_certain(resource.certain);
                for resolved in references.resolve(written) {
                    texts.push(text(&resolved));
                    places.symbolic.push(symbolic.clone());
                    places.resources.push(resource.location.clone());
                }
            }
        }
        Some(OneOrMany::from_values(texts))
    };
    let (resource, not_resource) = (resources(&statement.resources), resources(&statement.not_resources));
    let mut condition = Condition::new();
    for one in &statement.conditions {
        places.keys.push((one.operator.clone(), one.key.clone(), one.location.clone()));
        let values = OneOrMany::from_values(one.values.clone());
        condition.entry(one.operator.clone()).or_default().insert(one.key.clone(), values);
    }
    let document = Statement {
        sid: statement.sid.clone(),
        effect: statement.effect,
        principal: None,
        not_principal: None,
        action,
        not_action,
        resource,
        not_resource,
        condition,
    };
    (document, places)
}

/// The resource as a policy writes it, with a wildcard for what is not known. Policy variables stay.
fn text(resolved: &Pattern) -> String {
    let mut text = Pattern::default();
    for part in resolved.parts() {
        match part {
            Part::Raw(variable) if !is_policy_variable(variable) => text.push(Part::Any),
            other => text.push(other.clone()),
        }
    }
    text.to_policy_string()
}

/// Names of policy variables have a prefix with one colon; pseudo parameters of templates have two.
fn is_policy_variable(variable: &str) -> bool {
    variable.contains(':') && !variable.contains("::")
}
