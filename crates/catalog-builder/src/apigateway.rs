//! Permissions of API Gateway management calls, which are named after the HTTP verb and the path.
//!
//! Source: "Actions, resources, and condition keys for Amazon API Gateway Management": the actions are
//! `apigateway:GET`, `POST`, `PUT`, `PATCH`, `DELETE`; the resource is the path of the request.

use crate::botocore::Api;
use crate::format::{Binding, BindingMode, Rule, Source, Target, TargetKind};

/// The rule of an operation of `apigateway` or `apigatewayv2`.
pub(crate) fn rule(api: &Api, operation: &str) -> Option<Rule> {
    let http = &api.model.operations.get(operation)?.http;
    let path = http.request_uri.split('?').next().unwrap_or_default();
    // The v2 API has its version in the request path, which is not part of the resource.
    let path = path.strip_prefix("/v2").unwrap_or(path);
    let mut bindings = Vec::new();
    let mut template = String::from("arn:${Partition}:apigateway:${Region}::");
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (location, after) = after.split_once('}')?;
        let location = location.trim_end_matches('+');
        let member = member_at(api, operation, location)?;
        template.push_str(before);
        // The ARN in the path of a tag is encoded, so that its own ARN is another one.
        if path.starts_with("/tags/") {
            template.push('*');
            rest = after;
            continue;
        }
        template.push_str("${");
        template.push_str(&member);
        template.push('}');
        bindings.push(Binding {
            variable: member.clone(),
            mode: BindingMode::Auto,
            sources: vec![Source::Path(member)],
        });
        rest = after;
    }
    template.push_str(rest);
    let target = Target { kind: TargetKind::Template(template), optional: false, bindings, bare: false };
    Some(Rule { action: format!("apigateway:{}", http.method), targets: vec![target], ..Rule::default() })
}

fn member_at(api: &Api, operation: &str, location: &str) -> Option<String> {
    let input = api.model.input(operation)?;
    input
        .members
        .keys()
        .find(|name| {
            input.field(name).is_some_and(|field| {
                field.location.as_deref() == Some("uri")
                    && field.location_name.as_deref().unwrap_or(name) == location
            })
        })
        .cloned()
}
