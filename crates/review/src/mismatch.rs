//! Why a resource in a policy is not the one that was asked for, in the terms of the mistakes that people make.
//! Works on the texts alone; whether the two belong together at all is for the caller to know.

use std::fmt;

use perm_infer_policy::{Arn, covers, matches, overlaps};

/// The difference between a resource of a policy and the one that is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceHint {
    /// The policy names a bucket, the request an object in it.
    BucketForObject,
    /// The policy names objects, the request their bucket.
    ObjectForBucket,
    /// The policy names a table, the request an index or a stream of it.
    TableForIndex,
    /// The policy names indexes, the request their table.
    IndexForTable,
    /// The policy lacks the suffix that Secrets Manager appends to a secret's name.
    SecretSuffix,
    /// The policy lacks the `:*` of a log group, or has it where the group itself is asked for.
    LogGroupSuffix,
    /// Only upper and lower case differ.
    Case,
    /// Only these fields of the ARN differ.
    Fields(Vec<&'static str>),
    /// Another resource.
    Other,
}

impl fmt::Display for ResourceHint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResourceHint::BucketForObject => out.write_str("it names the bucket, and objects need the bucket's ARN with `/*`"),
            ResourceHint::ObjectForBucket => out.write_str("it names objects, and the bucket is its ARN without `/*`"),
            ResourceHint::TableForIndex => out.write_str("it names the table, and indexes and streams have ARNs of their own, such as `/index/*`"),
            ResourceHint::IndexForTable => out.write_str("it names indexes, and the table is its ARN without `/index/`"),
            ResourceHint::SecretSuffix => out.write_str("it lacks the hyphen and six characters that end a secret's ARN; write `-??????` after the name"),
            ResourceHint::LogGroupSuffix => out.write_str("the `:*` that ends a log group's ARN makes the difference"),
            ResourceHint::Case => out.write_str("only upper and lower case differ"),
            ResourceHint::Fields(fields) => write!(out, "it is in another {}", fields.join(" and another ")),
            ResourceHint::Other => out.write_str("it names another resource"),
        }
    }
}

/// Actions that cannot be limited to resources, with a resource that AWS takes for all of the service.
/// Source: "Walkthrough: Controlling access to a bucket with user policies" in the Amazon S3 User Guide.
const WHOLE_SERVICE: [(&str, &str); 1] = [("s3:ListAllMyBuckets", ":s3:::*")];

/// Whether a resource stands for everything that an action without resources works on.
pub(crate) fn is_whole_service(action: &str, resource: &str) -> bool {
    WHOLE_SERVICE.iter().any(|(known, end)| {
        known.eq_ignore_ascii_case(action) && resource.starts_with("arn:") && resource.ends_with(end)
    })
}

/// Compares the resource of a policy with the one of a request, of which parts may be `*` for not known.
#[must_use]
pub fn resource_hint(policy: &str, request: &str) -> ResourceHint {
    let (Ok(known), Ok(wanted)) = (policy.parse::<Arn>(), request.parse::<Arn>()) else {
        return ResourceHint::Other;
    };
    if known.service != wanted.service {
        return ResourceHint::Other;
    }
    if matches(&policy.to_lowercase(), &request.to_lowercase()) {
        return ResourceHint::Case;
    }
    let fields = differing_fields(&known, &wanted);
    if covers(&known.resource, &wanted.resource) && !fields.is_empty() {
        return ResourceHint::Fields(fields);
    }
    if !fields.is_empty() {
        return ResourceHint::Other;
    }
    by_service(&known, &wanted)
}

fn differing_fields(known: &Arn, wanted: &Arn) -> Vec<&'static str> {
    let fields = [
        ("partition", &known.partition, &wanted.partition),
        ("region", &known.region, &wanted.region),
        ("account", &known.account, &wanted.account),
    ];
    fields
        .into_iter()
        .filter(|(_, known, wanted)| !overlaps(known, wanted))
        .map(|(name, _, _)| name)
        .collect()
}

fn by_service(known: &Arn, wanted: &Arn) -> ResourceHint {
    let within = |whole: &str, separator: &str| {
        wanted.resource.split_once(separator).is_some_and(|(start, _)| matches(whole, start))
    };
    let around = |separator: &str| {
        known.resource.split_once(separator).is_some_and(|(start, _)| matches(start, &wanted.resource))
    };
    match known.service.as_str() {
        "s3" if within(&known.resource, "/") => ResourceHint::BucketForObject,
        "s3" if around("/") => ResourceHint::ObjectForBucket,
        "dynamodb" if within(&known.resource, "/index/") || within(&known.resource, "/stream/") => {
            ResourceHint::TableForIndex
        }
        "dynamodb" if around("/index/") => ResourceHint::IndexForTable,
        "secretsmanager" if matches(&format!("{}-??????", known.resource), &wanted.resource) => {
            ResourceHint::SecretSuffix
        }
        "logs" if within(&known.resource, ":*") || within(&known.resource, ":log-stream") || around(":*") => {
            ResourceHint::LogGroupSuffix
        }
        _ => ResourceHint::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mistakes_that_people_make_have_names() {
        for (policy, request, expected) in [
            ("arn:aws:s3:::data", "arn:aws:s3:::data/a.csv", ResourceHint::BucketForObject),
            ("arn:aws:s3:::data/*", "arn:aws:s3:::data", ResourceHint::ObjectForBucket),
            ("arn:aws:s3:::data/x/*", "arn:aws:s3:::data/y", ResourceHint::Other),
            ("arn:aws:s3:::other", "arn:aws:s3:::data/a.csv", ResourceHint::Other),
            (
                "arn:aws:dynamodb:*:*:table/orders",
                "arn:aws:dynamodb:eu-west-1:1:table/orders/index/by-day",
                ResourceHint::TableForIndex,
            ),
            (
                "arn:aws:dynamodb:*:*:table/orders/index/*",
                "arn:aws:dynamodb:eu-west-1:1:table/orders",
                ResourceHint::IndexForTable,
            ),
            (
                "arn:aws:secretsmanager:*:*:secret:db",
                "arn:aws:secretsmanager:eu-west-1:1:secret:db-a1B2c3",
                ResourceHint::SecretSuffix,
            ),
            (
                "arn:aws:logs:*:*:log-group:/a",
                "arn:aws:logs:r:1:log-group:/a:*",
                ResourceHint::LogGroupSuffix,
            ),
            ("arn:aws:sqs:*:*:Jobs", "arn:aws:sqs:eu-west-1:1:jobs", ResourceHint::Case),
            (
                "arn:aws:sqs:us-east-1:1:jobs",
                "arn:aws:sqs:eu-west-1:1:jobs",
                ResourceHint::Fields(vec!["region"]),
            ),
            (
                "arn:aws:sqs:us-east-1:2:jobs",
                "arn:aws:sqs:eu-west-1:1:jobs",
                ResourceHint::Fields(vec!["region", "account"]),
            ),
            ("arn:aws:sqs:*:*:jobs", "arn:aws:sns:eu-west-1:1:jobs", ResourceHint::Other),
            ("*", "arn:aws:sns:eu-west-1:1:jobs", ResourceHint::Other),
        ] {
            assert_eq!(resource_hint(policy, request), expected, "{policy} {request}");
        }
    }
}
