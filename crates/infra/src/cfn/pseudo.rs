//! Pseudo parameters. Source: "Get AWS values using pseudo parameters" in the AWS CloudFormation User Guide.

use perm_infer_policy::{Part, Pattern};

use crate::model::Settings;
use crate::references::{Reference, References};

/// What Secrets Manager appends to a name, as a reference of its own, so that an ARN with it is known to
/// be complete.
pub(super) const SECRET_SUFFIX: &str = "AWS::SecretSuffix";

/// The references that every template has.
pub(super) fn references(settings: &Settings) -> References {
    let mut references = References::default();
    let stated =
        |pattern: &Pattern| if *pattern == Pattern::default() { Pattern::any() } else { pattern.clone() };
    let suffix = match settings.partition.as_literal() {
        Some("aws-cn") => Pattern::literal("amazonaws.com.cn"),
        Some("" | "aws" | "aws-us-gov") => Pattern::literal("amazonaws.com"),
        _ => Pattern::any(),
    };
    let mut six = Pattern::default();
    six.push(Part::AnyChars(6));
    let stack = settings.stack_name.as_ref().map_or_else(Pattern::any, Pattern::literal);
    for (name, value) in [
        ("AWS::Partition", stated(&settings.partition)),
        ("AWS::Region", stated(&settings.region)),
        ("AWS::AccountId", stated(&settings.account)),
        ("AWS::URLSuffix", suffix),
        ("AWS::StackName", stack),
        ("AWS::StackId", Pattern::any()),
        ("AWS::NotificationARNs", Pattern::any()),
        (SECRET_SUFFIX, six),
    ] {
        references.symbol(
            name,
            Reference {
                values: vec![value],
                location: None,
                what: format!("pseudo parameter {name}"),
                remedy: String::new(),
                is_arn: false,
                written: Vec::new(),
            },
        );
    }
    references
}

/// The raw part for a pseudo parameter.
pub(super) fn part(name: &str) -> Part {
    Part::Raw(format!("${{{name}}}"))
}

/// An ARN as it stands in a requirement: with the characters that Secrets Manager appends, not a
/// reference to them.
pub(super) fn as_written(arn: &Pattern) -> Pattern {
    let suffix = part(SECRET_SUFFIX);
    let mut written = Pattern::default();
    for part in arn.parts() {
        written.push(if *part == suffix { Part::AnyChars(6) } else { part.clone() });
    }
    written
}

/// `arn:<partition>:<fields>` where the fields are those of the table of types.
pub(super) fn arn(fields: &str, name: &Pattern) -> Pattern {
    let mut arn = Pattern::literal("arn:");
    arn.push(part("AWS::Partition"));
    for (position, field) in fields.splitn(4, ':').enumerate() {
        arn.push_literal(":");
        match (position, field) {
            (1, "R") => arn.push(part("AWS::Region")),
            (2, "A") => arn.push(part("AWS::AccountId")),
            _ => push_resource(&mut arn, field, name),
        }
    }
    arn
}

/// The service in an ARN.
pub(crate) fn service_of(arn: &Pattern) -> Option<String> {
    let [_, service, ..] = fields(arn)?;
    service.as_literal().map(str::to_owned)
}

/// What stands between the first colons of an ARN after `arn:`: partition, service, region, account, and all
/// of the resource. Colons in references do not count.
pub(super) fn fields(arn: &Pattern) -> Option<[Pattern; 5]> {
    let mut fields: [Pattern; 5] = Default::default();
    let mut at = 0;
    for (position, part) in arn.parts().iter().enumerate() {
        let Part::Literal(text) = part else {
            fields[at].push(part.clone());
            continue;
        };
        let text = if position == 0 { text.strip_prefix("arn:")? } else { text.as_str() };
        for (number, piece) in text.splitn(5 - at, ':').enumerate() {
            if number > 0 {
                at += 1;
            }
            fields[at].push_literal(piece);
        }
    }
    (at == 4).then_some(fields)
}

fn push_resource(arn: &mut Pattern, field: &str, name: &Pattern) {
    let Some((before, after)) = field.split_once("{}") else { return push_wildcards(arn, field) };
    push_wildcards(arn, before);
    // Names of parameters have a leading slash, which the ARN does not repeat.
    match name.literal_prefix().strip_prefix('/').filter(|_| before.ends_with('/')) {
        Some(_) => {
            if let Some((_, rest)) = name.split_once('/') {
                arn.push_pattern(&rest);
            }
        }
        None => arn.push_pattern(name),
    }
    match after {
        "-??????" => {
            arn.push_literal("-");
            arn.push(part(SECRET_SUFFIX));
        }
        _ => push_wildcards(arn, after),
    }
}

/// Text of the table of types: `*` in it is a wildcard.
fn push_wildcards(arn: &mut Pattern, text: &str) {
    for (position, text) in text.split('*').enumerate() {
        if position > 0 {
            arn.push(Part::Any);
        }
        arn.push_literal(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_arns_are_told_apart_also_between_references() {
        let mut arn = Pattern::literal("arn:");
        arn.push(part("AWS::Partition"));
        arn.push_literal(":states:");
        arn.push(part("AWS::Region"));
        arn.push_literal(":1:aws-sdk:s3:getObject");
        let [partition, service, _, account, resource] = fields(&arn).expect("an ARN");
        assert_eq!(partition.to_policy_string(), "${AWS::Partition}");
        assert_eq!((service.as_literal(), account.as_literal()), (Some("states"), Some("1")));
        assert_eq!(resource.as_literal(), Some("aws-sdk:s3:getObject"));
        assert!(fields(&Pattern::literal("arn:aws:s3")).is_none());
        assert!(fields(&Pattern::any()).is_none());
    }
}
