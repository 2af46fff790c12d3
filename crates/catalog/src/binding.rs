//! How the text of a parameter becomes the value of an ARN variable: one function per kind of text
//! that AWS takes (names, ARNs, URLs, paths, aliases, addresses). Unknown parts stay unknown.

use crate::arn::{Arn, Value, after_last, strip_prefix, strip_suffix};
use crate::mode::BindingMode;
use crate::requirement::RequirementCondition;
use crate::{copy_source, partiql};
use perm_infer_policy::{Part, Pattern};

/// What a text gives: one or more values, and conditions that go with them.
#[derive(Debug, Default)]
pub(crate) struct Interpreted {
    pub(crate) values: Vec<Value>,
    pub(crate) conditions: Vec<RequirementCondition>,
}

impl From<Value> for Interpreted {
    fn from(value: Value) -> Self {
        Interpreted { values: vec![value], conditions: Vec::new() }
    }
}

/// Reads a text in a mode. No value means the text is not of the mode's kind: as good as absent.
pub(crate) fn interpret(mode: BindingMode, text: &Pattern) -> Interpreted {
    match mode {
        BindingMode::Auto => Value::name_or_arn(text).into(),
        BindingMode::QueueUrl => queue_url(text).into(),
        BindingMode::Path => path(text).into(),
        BindingMode::KmsKey => kms_key(text),
        BindingMode::Alias => alias(text).into(),
        BindingMode::Document => document(text).into(),
        BindingMode::TaskDefinition => task_definition(text).into(),
        BindingMode::SecretReference => {
            strip_prefix(text, "/aws/reference/secretsmanager/").map(|name| secret(&name)).unwrap_or_default()
        }
        BindingMode::Function => function(text).into(),
        BindingMode::Secret => secret(text),
        BindingMode::LogGroup => log_group(text).into(),
        BindingMode::CopyBucket => Value::name_or_arn(&copy_source::parse(text).bucket).into(),
        BindingMode::CopyKey => Value::name(copy_source::parse(text).key).into(),
        BindingMode::S3UriBucket => Value::name(s3_uri(text).0).into(),
        BindingMode::S3UriKey => Value::name(s3_uri(text).1).into(),
        BindingMode::S3UriPrefix => Value::name(everything_below(s3_uri(text).1)).into(),
        BindingMode::Prefix => Value::name(everything_below(text.clone())).into(),
        BindingMode::PartiqlTable => {
            Value::name_or_arn(&partiql::names(text).map_or_else(Pattern::any, |names| names.table)).into()
        }
        BindingMode::PartiqlIndex => {
            optional(partiql::names(text).and_then(|names| names.index).map(Value::name))
        }
        BindingMode::Tail => Value::name(crate::arn::last_segment(text)).into(),
        BindingMode::Email => email(text).into(),
        BindingMode::EmailDomain => optional(email_domain(text)),
        BindingMode::Model => foundation_model(text),
        BindingMode::InferenceProfile => optional(inference_profile(text)),
        BindingMode::HostLabel => {
            Value::name(text.split_once('.').map_or_else(|| text.clone(), |(label, _)| label)).into()
        }
        BindingMode::HostPath => {
            Value::name(strip_prefix(text, "https://").unwrap_or_else(|| text.clone())).into()
        }
        BindingMode::WafScope => Value::name(waf_scope(text)).into(),
        BindingMode::Head => head(text).into(),
        BindingMode::StateMachine => state_machine(text).into(),
        BindingMode::ArnOnly => optional(Some(Value::name_or_arn(text)).filter(|value| value.arn.is_some())),
    }
}

fn optional(value: Option<Value>) -> Interpreted {
    Interpreted { values: value.into_iter().collect(), conditions: Vec::new() }
}

fn everything_below(mut prefix: Pattern) -> Pattern {
    prefix.push(Part::Any);
    prefix
}

/// `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`; a name is taken as such.
fn queue_url(text: &Pattern) -> Value {
    let Some((before, name)) = split_last(text, '/') else { return Value::name_or_arn(text) };
    let account = after_last(&before, '/').filter(|account| {
        account
            .as_literal()
            .is_none_or(|digits| digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let region = strip_prefix(text, "https://sqs.")
        .and_then(|rest| Some(rest.split_once('.')?.0))
        .filter(|region| region.as_literal().is_none_or(|region| region.contains('-')));
    Value { name, arn: None, region, account }
}

fn split_last(pattern: &Pattern, separator: char) -> Option<(Pattern, Pattern)> {
    let tail = after_last(pattern, separator)?;
    let (mut head, mut rest) = pattern.split_once(separator)?;
    while let Some((before, after)) = rest.split_once(separator) {
        head.push_literal(&separator.to_string());
        head.push_pattern(&before);
        rest = after;
    }
    Some((head, tail))
}

/// A leading slash separates the path from the resource type in the ARN and is not repeated; a version
/// or label after a colon is no part of it. Public parameters belong to no account.
/// Source: "Restricting access to Parameter Store parameters using IAM policies" and "Working with
/// public parameters" in the AWS Systems Manager User Guide.
fn path(text: &Pattern) -> Value {
    let value = Value::name_or_arn(text);
    if value.arn.is_some() {
        return value;
    }
    let name = strip_prefix(&value.name, "/").unwrap_or(value.name);
    let name = name.split_once(':').map_or(name, |(name, _)| name);
    let public = name.literal_prefix().starts_with("aws/service/");
    Value { name, arn: None, region: None, account: public.then(Pattern::default) }
}

fn alias(text: &Pattern) -> Value {
    let value = Value::name_or_arn(text);
    if value.arn.is_some() {
        value
    } else {
        Value::name(strip_prefix(&value.name, "alias/").unwrap_or(value.name))
    }
}

/// Documents of AWS are named `AWS-...` and belong to AWS in every account.
fn document(text: &Pattern) -> Value {
    let value = Value::name_or_arn(text);
    let owned_by_aws = value.name.literal_prefix().starts_with("AWS");
    Value { account: owned_by_aws.then(Pattern::any), ..value }
}

/// Without a revision the latest one is used, so any revision of the family has to be allowed.
fn task_definition(text: &Pattern) -> Value {
    let mut value = Value::name_or_arn(text);
    let named = match &mut value.arn {
        Some(arn) => &mut arn.resource,
        None => &mut value.name,
    };
    if named.split_once(':').is_none() && !matches!(named.parts().last(), Some(Part::Any)) {
        named.push_literal(":");
        named.push(Part::Any);
    }
    value
}

/// A call by alias is authorized on the key, whose id the code does not know: any key, but only when
/// requested by this alias. Source: "kms:RequestAlias" in the AWS KMS Developer Guide.
fn kms_key(text: &Pattern) -> Interpreted {
    let value = Value::name_or_arn(text);
    let named = value.arn.as_ref().map_or(&value.name, |arn| &arn.resource);
    if strip_prefix(named, "alias/").is_none() {
        return value.into();
    }
    let operator = if named.has_unknown() { "StringLike" } else { "StringEquals" };
    let conditions =
        vec![RequirementCondition { operator, key: "kms:RequestAlias", values: vec![named.clone()] }];
    let (region, account) = value.arn.map_or((None, None), |arn| (Some(arn.region), Some(arn.account)));
    Interpreted { values: vec![Value { name: Pattern::any(), arn: None, region, account }], conditions }
}

/// Source: "Actions, resources, and condition keys for AWS WAF V2", resource types.
fn waf_scope(text: &Pattern) -> Pattern {
    match text.as_literal() {
        Some("CLOUDFRONT") => Pattern::literal("global"),
        Some(other) => Pattern::literal(other.to_ascii_lowercase()),
        None => Pattern::any(),
    }
}

/// `project` of `project:7d3f`, and of an ARN that ends so.
fn head(text: &Pattern) -> Value {
    let named = after_last(text, '/').unwrap_or_else(|| text.clone());
    Value::name(named.split_once(':').map_or(named, |(head, _)| head))
}

/// Versions and aliases follow the name after a colon.
/// Source: "Authorization for versions and aliases in Step Functions workflows" in the AWS Step Functions
/// Developer Guide.
fn state_machine(text: &Pattern) -> Value {
    let mut value = Value::name_or_arn(text);
    if let Some(arn) = &mut value.arn
        && let Some(name) = strip_prefix(&arn.resource, "stateMachine:")
        && let Some((name, _)) = name.split_once(':')
    {
        arn.resource = Pattern::literal("stateMachine:");
        arn.resource.push_pattern(&name);
    }
    value
}

/// `name`, `name:qualifier`, `123456789012:function:name` or an ARN.
fn function(text: &Pattern) -> Value {
    let value = Value::name_or_arn(text);
    if value.arn.is_some() {
        return value;
    }
    if let Some((account, rest)) = value.name.split_once(':')
        && let Some(name) = strip_prefix(&rest, "function:")
    {
        return Value { name, arn: None, region: None, account: Some(account) };
    }
    value
}

/// Secrets Manager appends a hyphen and six characters to the name in the ARN.
/// Source: "Secrets Manager secrets: ARN" in the AWS Secrets Manager User Guide.
fn secret(text: &Pattern) -> Interpreted {
    let suffixed = |mut name: Pattern| {
        if !matches!(name.parts().last(), Some(Part::Any | Part::AnyChars(_)) | None) {
            name.push_literal("-");
            name.push(Part::AnyChars(6));
        }
        name
    };
    let value = Value::name_or_arn(text);
    let Some(arn) = value.arn else { return Value::name(suffixed(value.name)).into() };
    let with = |resource: Pattern| Value { arn: Some(Arn { resource, ..arn.clone() }), ..Value::default() };
    let end = match arn.resource.parts().last() {
        Some(Part::Literal(text)) => text.rsplit_once('-').map(|(_, end)| end),
        _ => None,
    };
    let random = end.filter(|end| end.len() == 6 && end.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let values = match random {
        None => vec![with(suffixed(arn.resource.clone()))],
        // Six small letters may as well be the end of a name that was given without its suffix.
        Some(end) if end.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            vec![with(arn.resource.clone()), with(suffixed(arn.resource.clone()))]
        }
        Some(_) => vec![with(arn.resource.clone())],
    };
    Interpreted { values, conditions: Vec::new() }
}

/// The template appends what a log group ARN ends in.
fn log_group(text: &Pattern) -> Value {
    let mut value = Value::name_or_arn(text);
    if let Some(arn) = &mut value.arn
        && let Some(stripped) = strip_suffix(&arn.resource, ":*")
    {
        arn.resource = stripped;
    }
    value
}

/// Bucket and key of `s3://bucket/key`, `https://bucket.s3.region.amazonaws.com/key` or
/// `https://s3.region.amazonaws.com/bucket/key`.
fn s3_uri(text: &Pattern) -> (Pattern, Pattern) {
    let nothing = || (Pattern::any(), Pattern::any());
    if let Some(rest) = strip_prefix(text, "s3://") {
        return rest.split_once('/').unwrap_or_else(|| match rest.has_unknown() {
            // The hole may hold the slash and the key.
            true => (rest, Pattern::any()),
            false => (rest, Pattern::default()),
        });
    }
    let Some((host, path)) = strip_prefix(text, "https://").and_then(|rest| rest.split_once('/')) else {
        return nothing();
    };
    let virtual_hosted = host.split_once('.').filter(|(_, domain)| domain.literal_prefix().starts_with("s3"));
    match virtual_hosted {
        Some((bucket, _)) => (bucket, path),
        None => path.split_once('/').unwrap_or_else(nothing),
    }
}

/// The address in `Name <user@example.com>`.
fn address(text: &Pattern) -> Pattern {
    let inner = text.split_once('<').map_or_else(|| text.clone(), |(_, inner)| inner);
    inner.split_once('>').map_or(inner, |(address, _)| address)
}

fn email(text: &Pattern) -> Value {
    if text.literal_prefix().starts_with("arn:") {
        Value::name_or_arn(text)
    } else {
        Value::name(address(text))
    }
}

/// The domain is the identity that SES uses when the address itself is none.
fn email_domain(text: &Pattern) -> Option<Value> {
    Some(Value::name(address(text).split_once('@')?.1))
}

/// Regions of cross-region inference profiles: `us.anthropic.claude-...`.
/// Source: "Supported Regions and models for inference profiles" in the Amazon Bedrock User Guide.
const PROFILE_REGIONS: [&str; 8] = ["us.", "eu.", "apac.", "us-gov.", "global.", "jp.", "au.", "ca."];

/// The model of an id that is a profile's, or may be one: what is not known at the start may be the regions.
fn profile_model(id: &Pattern) -> Option<Pattern> {
    if let Some((Part::Any, rest)) = id.parts().split_first() {
        let mut model = Pattern::any();
        for (position, part) in rest.iter().enumerate() {
            match part {
                Part::Literal(text) if position == 0 => {
                    model.push_literal(text.strip_prefix('.').unwrap_or(text));
                }
                part => model.push(part.clone()),
            }
        }
        return Some(model);
    }
    PROFILE_REGIONS.iter().find_map(|region| strip_prefix(id, region))
}

/// An inference profile is used with the right to invoke its models, in every region that it covers. What
/// an application profile copies is not known: its models are limited to calls through it. Source:
/// "Prerequisites for inference profiles" in the Amazon Bedrock User Guide.
fn foundation_model(text: &Pattern) -> Interpreted {
    let model = |id: Pattern| Value { name: id, arn: None, region: Some(Pattern::any()), account: None };
    let value = Value::name_or_arn(text);
    let Some(arn) = &value.arn else {
        return profile_model(&value.name).map_or(value, model).into();
    };
    match strip_prefix(&arn.resource, "inference-profile/") {
        Some(id) => model(profile_model(&id).unwrap_or_else(Pattern::any)).into(),
        None if arn.resource.literal_prefix().starts_with("application-inference-profile/") => {
            let through = RequirementCondition {
                operator: if text.has_unknown() { "StringLike" } else { "StringEquals" },
                key: "bedrock:InferenceProfileArn",
                values: vec![text.clone()],
            };
            Interpreted { values: vec![model(Pattern::any())], conditions: vec![through] }
        }
        None => value.into(),
    }
}

fn inference_profile(text: &Pattern) -> Option<Value> {
    let value = Value::name_or_arn(text);
    match &value.arn {
        Some(arn) => arn.resource.literal_prefix().contains("inference-profile/").then_some(value),
        None => profile_model(&value.name).is_some().then_some(value),
    }
}
