//! Trust policies: who may assume a role.

use std::collections::BTreeMap;

use crate::{Condition, Document, Effect, OneOrMany, Statement};

/// Services that say for which account they assume a role, so that nobody else's resources can make them do it.
/// Source: the sections "Cross-service confused deputy prevention" of their guides.
const TELL_ACCOUNT: [&str; 4] =
    ["ecs-tasks.amazonaws.com", "pipes.amazonaws.com", "scheduler.amazonaws.com", "states.amazonaws.com"];

impl Document {
    /// The policy that lets a service assume the role, for resources of one account where that is known.
    /// `service` is its principal, `lambda.amazonaws.com`.
    #[must_use]
    pub fn trusting(service: &str, account: Option<&str>) -> Document {
        let mut condition = Condition::default();
        if let Some(account) = account.filter(|_| TELL_ACCOUNT.contains(&service)) {
            let value = OneOrMany::from_values(vec![account.to_owned()]);
            let keys = BTreeMap::from([("aws:SourceAccount".to_owned(), value)]);
            condition.insert("StringEquals".to_owned(), keys);
        }
        Document::new(vec![Statement {
            sid: None,
            effect: Effect::Allow,
            principal: Some(serde_json::json!({ "Service": service })),
            not_principal: None,
            action: Some(OneOrMany::from_values(vec!["sts:AssumeRole".to_owned()])),
            not_action: None,
            resource: None,
            not_resource: None,
            condition,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_trusted_for_the_account_that_it_tells() {
        let of = |service: &str| Document::trusting(service, Some("123456789012")).to_json();
        assert!(of("lambda.amazonaws.com").contains("\"Service\": \"lambda.amazonaws.com\""));
        assert!(!of("lambda.amazonaws.com").contains("Condition"));
        assert!(of("scheduler.amazonaws.com").contains("\"aws:SourceAccount\": \"123456789012\""));
        assert!(!Document::trusting("scheduler.amazonaws.com", None).to_json().contains("Condition"));
    }
}
