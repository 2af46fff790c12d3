//! Roles that cannot be assumed, and functions that cannot be invoked.

use super::text::{arn, clean, set_action, word};
use crate::diagnose::{Denial, DenyingPolicy, Form};

/// Roles that a service may not assume, and the short form of AWS STS, which names nobody.
pub(super) fn assume_role(text: &str) -> Option<Denial> {
    let mut denial = Denial {
        form: Form::AssumeRole,
        policy: Some(DenyingPolicy::Trust),
        explicit: Some(false),
        ..Denial::default()
    };
    if let Some((_, rest)) = text.split_once("Not authorized to perform sts:") {
        let (name, _) = word(rest)?;
        let name = clean(name);
        if name.starts_with("AssumeRole") {
            set_action(&mut denial, &format!("sts:{name}"));
            denial.operation = text.contains(&format!("calling the {name} ")).then(|| format!("sts:{name}"));
            denial.resource = arn(text).filter(|arn| arn.contains(":role/")).map(str::to_owned);
            return Some(denial);
        }
    }
    let service = if text.contains("cannot be assumed by Lambda") {
        "lambda.amazonaws.com"
    } else if text.contains("API Gateway does not have permission to assume the provided role") {
        "apigateway.amazonaws.com"
    } else if text.contains("authorized to assume the provided role") {
        let (_, rest) = text.split_once("service principal ").or_else(|| text.split_once("principal "))?;
        word(rest).map(|(service, _)| clean(service))?
    } else if text.contains("ECS was unable to assume the role") {
        "ecs-tasks.amazonaws.com"
    } else {
        return None;
    };
    denial.principal = Some(service.to_owned());
    set_action(&mut denial, "sts:AssumeRole");
    denial.resource = arn(text).map(str::to_owned);
    Some(denial)
}

/// `Execution failed due to configuration error: Invalid permissions on Lambda function`
pub(super) fn api_gateway(text: &str) -> Option<Denial> {
    text.contains("Invalid permissions on Lambda function").then(|| {
        let mut denial = Denial {
            principal: Some("apigateway.amazonaws.com".to_owned()),
            form: Form::ApiGateway,
            policy: Some(DenyingPolicy::Resource),
            explicit: Some(false),
            ..Denial::default()
        };
        set_action(&mut denial, "lambda:InvokeFunction");
        denial
    })
}
