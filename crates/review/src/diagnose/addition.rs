//! Statements that let a denied request through, and the policies that they belong to.

use perm_infer_catalog::Action;
use perm_infer_policy::{Condition, Effect, OneOrMany, Pattern, Statement};
use serde_json::{Value, json};

use super::{CodeNeed, Denial, DenyingPolicy};

/// A statement to add.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// The kind of policy that it belongs to.
    pub to: DenyingPolicy,
    /// The statement.
    pub statement: Statement,
}

/// The statement that allows exactly this request to its principal; nothing when the message does not say enough.
pub(super) fn exact(denial: &Denial) -> Option<Statement> {
    let action = denial.action.as_deref().filter(|_| denial.known_action)?;
    let resource = match denial.resource.as_deref() {
        Some("*") => "*".to_owned(),
        Some(resource) => literal(resource),
        // Without resources there is only one way to write it.
        None if Action::find(action).is_some_and(|action| !action.is_resource_level()) => "*".to_owned(),
        None => return None,
    };
    Some(Statement { resource: Some(OneOrMany::One(resource)), ..allow(denial.actions()) })
}

/// The statement for what code needs.
pub(super) fn of_need(need: &CodeNeed) -> Statement {
    let resource = Some(OneOrMany::One(need.resource.to_policy_string()));
    Statement { resource, condition: need.conditions.clone(), ..allow([need.action.as_str()].into_iter()) }
}

/// The statement of the resource's own policy.
pub(super) fn of_resource(denial: &Denial) -> Option<Statement> {
    let mut statement = exact(denial)?;
    statement.principal = Some(principal(denial)?);
    Some(statement)
}

/// The statement of a trust policy.
pub(super) fn of_trust(denial: &Denial) -> Option<Statement> {
    let action = denial.action.as_deref()?;
    // Federated principals are identity providers, which no message names.
    if action != "sts:AssumeRole" {
        return None;
    }
    Some(Statement { principal: Some(principal(denial)?), ..allow([action].into_iter()) })
}

/// The principal as policies name it. Sessions come and go, and their role stays.
fn principal(denial: &Denial) -> Option<Value> {
    let named = denial.principal.as_deref()?;
    if named.ends_with(".amazonaws.com") {
        return Some(json!({"Service": named}));
    }
    match (denial.role(), named.split(':').collect::<Vec<_>>().as_slice()) {
        (Some(role), ["arn", partition, "sts", _, account, ..]) => {
            Some(json!({"AWS": format!("arn:{partition}:iam::{account}:role/{role}")}))
        }
        (_, ["arn", ..]) => Some(json!({"AWS": named})),
        _ => None,
    }
}

fn allow<'a>(actions: impl Iterator<Item = &'a str>) -> Statement {
    let mut actions: Vec<String> = actions.map(str::to_owned).collect();
    let action =
        if actions.len() == 1 { OneOrMany::One(actions.remove(0)) } else { OneOrMany::Many(actions) };
    Statement {
        sid: None,
        effect: Effect::Allow,
        principal: None,
        not_principal: None,
        action: Some(action),
        not_action: None,
        resource: None,
        not_resource: None,
        condition: Condition::new(),
    }
}

/// A resource that a message names: a `*` in it is that character, except in an account of which API Gateway hides
/// digits, and build systems all.
fn literal(resource: &str) -> String {
    let mut fields: Vec<String> =
        resource.splitn(6, ':').map(|field| Pattern::literal(field).to_policy_string()).collect();
    match resource.split(':').nth(4) {
        // Build systems put three stars for any secret, whatever its length.
        Some(account) if !account.is_empty() && account.bytes().all(|byte| byte == b'*') => {
            fields[4] = "*".to_owned();
        }
        Some(account) if account.starts_with("****") => fields[4] = account.replace('*', "?"),
        _ => {}
    }
    fields.join(":")
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn hidden_digits_stay_open_and_names_do_not() {
        for (resource, expected) in [
            (
                "arn:aws:execute-api:r:********9001:a/s/POST/x*",
                "arn:aws:execute-api:r:????????9001:a/s/POST/x${*}",
            ),
            ("arn:aws:iam::***:role/events*", "arn:aws:iam::*:role/events${*}"),
            ("arn:aws:s3:::b/a?.csv", "arn:aws:s3:::b/a${?}.csv"),
            ("arn:aws:dynamodb:r:1:table/t", "arn:aws:dynamodb:r:1:table/t"),
        ] {
            assert_eq!(literal(resource), expected);
        }
    }
}
