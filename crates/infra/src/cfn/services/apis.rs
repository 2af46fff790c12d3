//! Integrations of Amazon API Gateway that call AWS with a role: of REST APIs, of HTTP APIs, and in
//! descriptions of APIs (OpenAPI).
//!
//! Source: `uri` and `credentials` of "x-amazon-apigateway-integration object", and "Integration subtype
//! reference" in the Amazon API Gateway Developer Guide.

use perm_infer_policy::{Part, Pattern};

use super::{Reader, objects, request_template};
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::pseudo::arn;
use crate::model::Argument;
use crate::value::Value;

/// Integrations of HTTP APIs: the subtype, the service and the operation.
const SUBTYPES: [(&str, &str, &str); 10] = [
    ("AppConfig-GetConfiguration", "appconfig", "GetConfiguration"),
    ("EventBridge-PutEvents", "eventbridge", "PutEvents"),
    ("Kinesis-PutRecord", "kinesis", "PutRecord"),
    ("SQS-DeleteMessage", "sqs", "DeleteMessage"),
    ("SQS-PurgeQueue", "sqs", "PurgeQueue"),
    ("SQS-ReceiveMessage", "sqs", "ReceiveMessage"),
    ("SQS-SendMessage", "sqs", "SendMessage"),
    ("StepFunctions-StartExecution", "sfn", "StartExecution"),
    ("StepFunctions-StartSyncExecution", "sfn", "StartSyncExecution"),
    ("StepFunctions-StopExecution", "sfn", "StopExecution"),
];

/// Services that API Gateway names otherwise than the SDKs do.
const SERVICES: [(&str, &str); 4] = [
    ("events", "eventbridge"),
    ("states", "sfn"),
    ("runtime.sagemaker", "sagemakerruntime"),
    ("monitoring", "cloudwatch"),
];

const REASON: &str = "an integration of the API calls it";

impl Reader<'_> {
    /// An API, method or integration; none where no integration has a role.
    pub(super) fn api_integrations(
        &mut self,
        subject: &Subject<'_>,
        api: &Value,
        found: &mut Found,
    ) -> Option<&'static [&'static str]> {
        if api.get("CredentialsArn").is_some() {
            self.integration_of_http_api(subject, api, found);
            return Some(&["CredentialsArn"]);
        }
        if let Some(integration) = api.get("Integration") {
            return self.integration(subject, integration, found).then_some(&["Integration", "Credentials"]);
        }
        let description = self.description(subject, api)?;
        let mut has_role = false;
        for (_, path) in description.get("paths").map(Value::entries).unwrap_or_default() {
            for (_, method) in path.entries() {
                if let Some(integration) = method.get("x-amazon-apigateway-integration") {
                    has_role |= self.integration(subject, integration, found);
                }
            }
        }
        // Each integration names its own role.
        has_role.then_some(&["Role"])
    }

    /// The description of an API, in the template or in a file beside it.
    fn description(&mut self, subject: &Subject<'_>, api: &Value) -> Option<Value> {
        if let Some(body) = api.get("DefinitionBody").or_else(|| api.get("Body")) {
            return Some(body.clone());
        }
        let place = subject.get(&["DefinitionUri"])?;
        let local = self.known_text(subject.stack, place).filter(|local| !local.contains("://"))?;
        let document = self.document_file(subject.stack, &local, place.at, None)?;
        Some(self.value_of_document(subject.stack, &document))
    }

    /// An integration; false where it needs no role of the API.
    fn integration(&mut self, subject: &Subject<'_>, integration: &Value, found: &mut Found) -> bool {
        let member = |name: &str| {
            let small =
                name.chars().take(1).map(|first| first.to_ascii_lowercase()).chain(name.chars().skip(1));
            let small: String = small.collect();
            integration.get(name).or_else(|| integration.get(&small)).cloned()
        };
        if member("IntegrationSubtype").is_some() && member("Credentials").is_some() {
            self.integration_of_http_api(subject, integration, found);
            return true;
        }
        let (Some(credentials), Some(uri)) = (member("Credentials"), member("Uri")) else { return false };
        // The caller's own credentials.
        let is_own = |text: &Pattern| text.as_literal().is_some_and(|text| text.ends_with(":user/*"));
        if credentials.texts().iter().all(is_own) {
            return false;
        }
        let method = member("IntegrationHttpMethod").or_else(|| member("HttpMethod"));
        let method = method.as_ref().and_then(Value::text).unwrap_or("POST").to_owned();
        let templates = member("RequestTemplates");
        let parameters = member("RequestParameters");
        for text in uri.texts() {
            let Some(target) = Target::of(text) else { continue };
            self.integration_target(&target, &method, templates.as_ref(), parameters.as_ref(), &uri, found);
        }
        true
    }

    fn integration_target(
        &mut self,
        target: &Target,
        method: &str,
        templates: Option<&Value>,
        parameters: Option<&Value>,
        uri: &Value,
        found: &mut Found,
    ) {
        if let Some(function) = &target.function {
            return self.add(
                found,
                &["lambda:InvokeFunction"],
                std::slice::from_ref(function),
                uri.at,
                REASON,
            );
        }
        let service = SERVICES
            .iter()
            .find(|(name, _)| *name == target.service)
            .map_or(target.service.as_str(), |(_, name)| name);
        if let Some(operation) = &target.operation {
            let arguments = Self::request(templates, parameters);
            found.calls.push(self.call(service, operation, arguments, uri.at, REASON));
            return;
        }
        match service {
            "s3" => self.object_integration(target, method, uri, found),
            "sqs" => {
                let resource = target.path.split_once('/').map_or_else(Pattern::any, |(_, queue)| queue);
                // Without an action in the request it is the one that nearly all integrations are for.
                let action = match Self::form_action(templates, parameters).as_deref() {
                    Some("ReceiveMessage") => "sqs:ReceiveMessage",
                    Some("DeleteMessage") => "sqs:DeleteMessage",
                    _ => "sqs:SendMessage",
                };
                self.add(found, &[action], &[arn("sqs:R:A:{}", &resource)], uri.at, REASON);
            }
            _ => {
                let message = format!("what the integration calls of {service} is not known");
                let remedy = "add what it calls to the role by hand";
                self.warn("unresolved-operation", uri.at, message, remedy);
            }
        }
    }

    /// `path/{bucket}/{key}`: the method says what is done with the object.
    fn object_integration(&mut self, target: &Target, method: &str, uri: &Value, found: &mut Found) {
        let (bucket, key) = match target.path.split_once('/') {
            Some((bucket, key)) => (bucket, Some(key)),
            None => (target.path.clone(), None),
        };
        let bucket = arn("s3:::{}", &with_open_parts(&bucket));
        let Some(key) = key else {
            return self.add(found, &["s3:ListBucket"], &[bucket], uri.at, REASON);
        };
        let action = match method {
            "PUT" => "s3:PutObject",
            "DELETE" => "s3:DeleteObject",
            _ => "s3:GetObject",
        };
        let mut object = objects(&bucket, Some(&with_open_parts(&key)));
        if !target.path.has_unknown() && !key.to_policy_string().contains('{') {
            object = bucket;
            object.push_literal("/");
            object.push_pattern(&key);
        }
        self.add(found, &[action], &[object], uri.at, REASON);
    }

    /// The request that a template for JSON makes, and that constant parameters add to.
    fn request(templates: Option<&Value>, parameters: Option<&Value>) -> Vec<(String, Argument)> {
        let template = templates.and_then(|templates| templates.entries().first());
        let text = template.and_then(|(_, template)| template.texts().first());
        let mut members = text.map(request_template::members).unwrap_or_default();
        for (name, value) in parameters.map(Value::entries).unwrap_or_default() {
            let Some((_, member)) = name.split_once(".querystring.") else { continue };
            // Constants stand in single quotes.
            let constants: Vec<Pattern> = value.texts().iter().filter_map(in_quotes).collect();
            let value = match constants.len() == value.texts().len() {
                true => Argument::Text(constants),
                false => Argument::Given(name.clone()),
            };
            members.push((member.to_owned(), value));
        }
        members
    }

    /// `Action=SendMessage` in the body or in a parameter.
    fn form_action(templates: Option<&Value>, parameters: Option<&Value>) -> Option<String> {
        let in_parameters =
            parameters.map(Value::entries).unwrap_or_default().iter().find_map(|(name, value)| {
                name.ends_with(".Action")
                    .then(|| value.text().map(|text| text.trim_matches('\'').to_owned()))?
            });
        in_parameters.or_else(|| {
            let (_, template) = templates?.entries().first()?;
            let text = template.texts().first()?.literal_prefix().to_owned();
            let action = text.split('&').find_map(|pair| pair.trim().strip_prefix("Action="))?.to_owned();
            Some(action)
        })
    }

    /// An integration of an HTTP API: the subtype says the operation, the parameters are its members.
    fn integration_of_http_api(&mut self, subject: &Subject<'_>, integration: &Value, found: &mut Found) {
        let subtype = integration.get("IntegrationSubtype").or_else(|| integration.get("integrationSubtype"));
        let Some(name) = subtype.and_then(Value::text) else {
            if let Some(uri) = integration.get("IntegrationUri") {
                for function in uri.texts().iter().filter(|uri| uri.literal_prefix().starts_with("arn:")) {
                    let function = Target::of(function)
                        .and_then(|target| target.function)
                        .unwrap_or_else(|| function.clone());
                    self.add(found, &["lambda:InvokeFunction"], &[function], uri.at, REASON);
                }
            }
            return;
        };
        let at = subtype.map_or(subject.at, |subtype| subtype.at);
        let Some((_, service, operation)) = SUBTYPES.iter().find(|(known, ..)| *known == name) else {
            let message = format!("the integration {name} is not known");
            return self.warn("unresolved-operation", at, message, "add what it calls to the role by hand");
        };
        let parameters =
            integration.get("RequestParameters").or_else(|| integration.get("requestParameters"));
        let argument = |(name, value): &(String, Value)| {
            let is_open = value.texts().iter().any(|text| text.to_policy_string().contains("$request."));
            let argument = match is_open {
                true => Argument::Given(value.text().unwrap_or_default().to_owned()),
                false => value.argument()?,
            };
            Some((name.clone(), argument))
        };
        let mut arguments: Vec<(String, Argument)> =
            parameters.map(Value::entries).unwrap_or_default().iter().filter_map(argument).collect();
        if *operation == "PutEvents" {
            arguments = vec![("Entries".to_owned(), Argument::List(vec![Argument::Map(arguments)]))];
        }
        found.calls.push(self.call(service, operation, arguments, at, REASON));
    }
}

/// What the URI of an integration names.
struct Target {
    service: String,
    /// The operation in `action/Operation`.
    operation: Option<String>,
    /// What follows `path/`.
    path: Pattern,
    /// The function in `path/2015-03-31/functions/ARN/invocations`.
    function: Option<Pattern>,
}

impl Target {
    /// `arn:aws:apigateway:REGION:SERVICE:path/...` or `...:action/Operation&Version=...`.
    fn of(uri: &Pattern) -> Option<Target> {
        let text = uri.to_policy_string();
        let (_, named) = text.split_once(":apigateway:")?;
        let kinds = [":path/", ":action/"];
        let (kind, at) = kinds.iter().find_map(|kind| named.find(kind).map(|at| (*kind, at)))?;
        let service = named[..at].rsplit(':').next()?.to_owned();
        let rest = after(uri, kind)?;
        if kind == ":action/" {
            let name = rest.literal_prefix();
            let name = name.split(['&', '?']).next().unwrap_or_default();
            return Some(Target {
                service,
                operation: Some(name.to_owned()),
                path: Pattern::default(),
                function: None,
            });
        }
        let function = after(&rest, "/functions/").map(|arn| without_end(&arn, "/invocations"));
        let path = match rest.split_once('/') {
            Some((empty, path)) if empty == Pattern::default() => path,
            _ => rest,
        };
        Some(Target { service, operation: None, path, function })
    }
}

/// What follows a text in a pattern.
fn after(pattern: &Pattern, text: &str) -> Option<Pattern> {
    let mut rest: Option<Pattern> = None;
    for part in pattern.parts() {
        match (&mut rest, part) {
            (Some(rest), part) => rest.push(part.clone()),
            (None, Part::Literal(literal)) => {
                rest = literal.split_once(text).map(|(_, after)| Pattern::literal(after));
            }
            (None, _) => {}
        }
    }
    rest
}

/// A text without the single quotes around it.
fn in_quotes(text: &Pattern) -> Option<Pattern> {
    let first = text.literal_prefix().strip_prefix('\'')?;
    let mut inner = Pattern::literal(first);
    text.parts().iter().skip(1).for_each(|part| inner.push(part.clone()));
    inner.literal_suffix().ends_with('\'').then(|| without_end(&inner, "'"))
}

fn without_end(pattern: &Pattern, end: &str) -> Pattern {
    let mut parts = pattern.parts().to_vec();
    if let Some(Part::Literal(last)) = parts.last_mut() {
        *last = last.trim_end_matches(end).to_owned();
    }
    let mut without = Pattern::default();
    parts.into_iter().for_each(|part| without.push(part));
    without
}

/// A path with its variables (`{key}`) open.
fn with_open_parts(path: &Pattern) -> Pattern {
    let mut open = Pattern::default();
    for part in path.parts() {
        let Part::Literal(text) = part else {
            open.push(part.clone());
            continue;
        };
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            open.push_literal(before);
            open.push(Part::Any);
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        open.push_literal(rest);
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_name_a_service_and_what_is_done() {
        let of = |uri: &str| Target::of(&Pattern::literal(uri));
        let put = of("arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem").expect("target");
        assert_eq!((put.service.as_str(), put.operation.as_deref()), ("dynamodb", Some("PutItem")));
        let queue = of("arn:aws:apigateway:eu-west-1:sqs:path/123456789012/jobs").expect("target");
        assert_eq!((queue.service.as_str(), queue.path), ("sqs", Pattern::literal("123456789012/jobs")));
        let function = of("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:f/invocations").expect("target");
        let expected = Pattern::literal("arn:aws:lambda:eu-west-1:123456789012:function:f");
        assert_eq!(function.function, Some(expected));
        assert!(of("https://example.com").is_none());
    }
}
