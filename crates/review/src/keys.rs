//! Condition keys: whether they exist, and which operators fit their type.
//!
//! Sources: "AWS global condition context keys"; the catalogue for the keys of services.

use perm_infer_catalog::{Action, ConditionKey, KeyType, ServiceConditions};
use perm_infer_policy::evaluate::{Comparison, Operator, SetOperator};

use crate::grammar::did_you_mean;

/// Key, type, and whether it can have several values. A key that ends in `/` is followed by a tag's name.
const GLOBAL: &[(&str, KeyType, bool)] = &[
    ("aws:AssumedRoot", KeyType::Bool, false),
    ("aws:CalledVia", KeyType::Text, true),
    ("aws:CalledViaFirst", KeyType::Text, false),
    ("aws:CalledViaLast", KeyType::Text, false),
    ("aws:ChatbotSourceArn", KeyType::Arn, false),
    ("aws:CurrentTime", KeyType::Date, false),
    ("aws:Ec2InstanceSourcePrivateIPv4", KeyType::Ip, false),
    ("aws:Ec2InstanceSourceVpc", KeyType::Text, false),
    ("aws:EpochTime", KeyType::Date, false),
    ("aws:FederatedProvider", KeyType::Text, false),
    ("aws:IsMcpServiceAction", KeyType::Bool, false),
    ("aws:MultiFactorAuthAge", KeyType::Number, false),
    ("aws:MultiFactorAuthPresent", KeyType::Bool, false),
    ("aws:PrincipalAccount", KeyType::Text, false),
    ("aws:PrincipalArn", KeyType::Arn, false),
    ("aws:PrincipalIsAWSService", KeyType::Bool, false),
    ("aws:PrincipalOrgID", KeyType::Text, false),
    ("aws:PrincipalOrgPaths", KeyType::Text, true),
    ("aws:PrincipalServiceName", KeyType::Text, false),
    ("aws:PrincipalServiceNamesList", KeyType::Text, true),
    ("aws:PrincipalTag/", KeyType::Text, false),
    ("aws:PrincipalType", KeyType::Text, false),
    ("aws:referer", KeyType::Text, false),
    ("aws:RequestedRegion", KeyType::Text, false),
    ("aws:RequestTag/", KeyType::Text, false),
    ("aws:ResourceAccount", KeyType::Text, false),
    ("aws:ResourceOrgID", KeyType::Text, false),
    ("aws:ResourceOrgPaths", KeyType::Text, true),
    ("aws:ResourceTag/", KeyType::Text, false),
    ("aws:SecureTransport", KeyType::Bool, false),
    ("aws:SourceAccount", KeyType::Text, false),
    ("aws:SourceArn", KeyType::Arn, false),
    ("aws:SourceIdentity", KeyType::Text, false),
    ("aws:SourceIp", KeyType::Ip, false),
    ("aws:SourceOrgID", KeyType::Text, false),
    ("aws:SourceOrgPaths", KeyType::Text, true),
    ("aws:SourceVpc", KeyType::Text, false),
    ("aws:SourceVpcArn", KeyType::Arn, false),
    ("aws:SourceVpce", KeyType::Text, false),
    ("aws:TagKeys", KeyType::Text, true),
    ("aws:TokenIssueTime", KeyType::Date, false),
    ("aws:UserAgent", KeyType::Text, false),
    ("aws:userid", KeyType::Text, false),
    ("aws:username", KeyType::Text, false),
    ("aws:ViaAWSService", KeyType::Bool, false),
    ("aws:VpceAccount", KeyType::Text, false),
    ("aws:VpceOrgID", KeyType::Text, false),
    ("aws:VpceOrgPaths", KeyType::Text, true),
    ("aws:VpcSourceIp", KeyType::Ip, false),
];

/// What is wrong about a key under an operator, and what to do.
pub(crate) fn problem(operator: &str, key: &str) -> Option<(String, String)> {
    let (name, kind, several) = match find(key) {
        Ok(Some(found)) => found,
        Ok(None) => return None,
        Err(problem) => return Some(problem),
    };
    let operator = Operator::parse(operator)?;
    if operator.set.is_none() && several && operator.comparison != Comparison::Null {
        let remedy = "put ForAllValues: or ForAnyValue: before the operator".to_owned();
        return Some((format!("`{name}` can have several values"), remedy));
    }
    if fits(kind, operator.comparison) {
        return None;
    }
    let (is, use_) = match kind {
        KeyType::Text => ("a text", "a String operator"),
        KeyType::Arn => ("an ARN", "ArnLike or a String operator"),
        KeyType::Bool => ("a truth value", "Bool"),
        KeyType::Date => ("a date", "a Date operator"),
        KeyType::Number => ("a number", "a Numeric operator"),
        KeyType::Ip => ("an IP address", "IpAddress or NotIpAddress"),
    };
    Some((format!("`{name}` is {is}, which this operator does not compare"), format!("use {use_}")))
}

type Known = (&'static str, KeyType, bool);

/// The key that a policy means; nothing where nobody knows the keys, such as those of identity providers.
fn find(key: &str) -> Result<Option<Known>, (String, String)> {
    let lower = key.to_ascii_lowercase();
    let Some((prefix, _)) = lower.split_once(':') else {
        let remedy = "write it as in aws:SourceIp or s3:prefix".to_owned();
        return Err((format!("`{key}` is no condition key: a key is written service:name"), remedy));
    };
    if prefix == "aws" {
        return global(key, &lower).map(Some);
    }
    let Some(service) = ServiceConditions::of(prefix) else {
        // Identity providers are domains, and name their keys themselves.
        if prefix.contains('.') || ServiceConditions::is_prefix(prefix) {
            return Ok(None);
        }
        let remedy = "see \"Actions, resources, and condition keys for AWS services\"".to_owned();
        return Err((format!("no service has condition keys that start with `{prefix}:`"), remedy));
    };
    if let Some(ConditionKey { name, kind, several }) = service.key(key) {
        return Ok(Some((name, kind, several)));
    }
    // Keys that are named after one service and belong to others, such as `ec2:SourceInstanceARN`.
    if let Some(ConditionKey { name, kind, several }) = ServiceConditions::anywhere(key) {
        return Ok(Some((name, kind, several)));
    }
    let names: Vec<&str> = service.keys().map(|key| key.name).collect();
    Err((format!("the service has no condition key `{key}`"), nearest(key, &names)))
}

fn global(key: &str, lower: &str) -> Result<Known, (String, String)> {
    let is_named = |name: &str| {
        let name = name.to_ascii_lowercase();
        if name.ends_with('/') { lower.len() > name.len() && lower.starts_with(&name) } else { lower == name }
    };
    GLOBAL.iter().find(|(name, _, _)| is_named(name)).copied().ok_or_else(|| {
        let names: Vec<&str> = GLOBAL.iter().map(|(name, _, _)| *name).collect();
        (format!("there is no global condition key `{key}`"), nearest(key, &names))
    })
}

fn nearest(key: &str, names: &[&str]) -> String {
    let remedy = did_you_mean(key, names);
    if remedy.starts_with("use one") {
        return "see \"Actions, resources, and condition keys for AWS services\"".to_owned();
    }
    remedy
}

/// Why a condition under a key is never met: none of these actions has the key. Operators that are met without the
/// key are no problem, nor are keys that every request has.
pub(crate) fn without_action(operator: &str, key: &str, actions: &[Action]) -> Option<String> {
    let operator = Operator::parse(operator)?;
    let absent_is_met = operator.if_exists
        || operator.comparison == Comparison::Null
        || operator.set == Some(SetOperator::ForAllValues);
    if absent_is_met || actions.is_empty() || key.to_ascii_lowercase().starts_with("aws:") {
        return None;
    }
    let (name, _, _) = find(key).ok().flatten()?;
    let has = |action: &Action| {
        let prefix = action.name().split_once(':').map_or("", |(prefix, _)| prefix);
        ServiceConditions::of(prefix)
            .is_some_and(|service| service.of_action(*action).iter().any(|known| known.is(key)))
    };
    (!actions.iter().any(has)).then(|| format!("no action of the statement has the condition key `{name}`"))
}

fn fits(kind: KeyType, comparison: Comparison) -> bool {
    use Comparison::{Arn, Binary, Bool, Date, Ip, Like, Null, Number, String, StringIgnoreCase};
    match comparison {
        Null => true,
        // Truth values are compared as texts in many policies, and that works.
        String | StringIgnoreCase | Like => matches!(kind, KeyType::Text | KeyType::Arn | KeyType::Bool),
        // Keys that hold ARNs are texts in the data of some services.
        Arn => matches!(kind, KeyType::Arn | KeyType::Text),
        Bool => kind == KeyType::Bool,
        Date(_) => kind == KeyType::Date,
        // `aws:EpochTime` is a number of seconds as well.
        Number(_) => matches!(kind, KeyType::Number | KeyType::Date),
        Ip => kind == KeyType::Ip,
        Binary => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_types_and_some_have_several_values() {
        for (operator, key, expected) in [
            ("StringEquals", "aws:PrincipalTag/team", None),
            ("stringequals", "AWS:principaltag/Team", None),
            ("IpAddress", "aws:SourceIp", None),
            ("StringEquals", "s3:prefix", None),
            ("Null", "aws:TagKeys", None),
            ("ForAllValues:StringLike", "aws:TagKeys", None),
            ("StringLike", "aws:TagKeys", Some("several values")),
            ("StringEquals", "aws:SourceIp", Some("IP address")),
            ("DateLessThan", "aws:SourceArn", Some("an ARN")),
            ("Bool", "aws:MultiFactorAuthPressent", Some("no global condition key")),
            ("StringEquals", "s3:Prefixx", Some("no condition key `s3:Prefixx`")),
            ("NumericLessThan", "s3:max-keys", None),
            ("StringEquals", "s3:max-keys", Some("a number")),
            ("StringEquals", "dynamodb:LeadingKeys", Some("several values")),
            ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", None),
            ("ArnLike", "lambda:FunctionArn", None),
            ("Bool", "kms:GrantIsForAWSResource", None),
            ("StringEquals", "kms:EncryptionContext:app", None),
            ("StringEquals", "s3:ExistingObjectTag/team", None),
            ("StringEquals", "token.actions.githubusercontent.com:sub", None),
            ("StringEquals", "saml:aud", None),
            ("ArnEquals", "ec2:SourceInstanceARN", None),
            ("StringEquals", "dynamo:LeadingKeys", Some("start with `dynamo:`")),
            ("StringEquals", "SourceIp", Some("service:name")),
        ] {
            let found = problem(operator, key);
            match (expected, &found) {
                (None, None) => {}
                (Some(part), Some((message, _))) => assert!(message.contains(part), "{message}"),
                _ => panic!("{operator} {key}: {found:?}"),
            }
        }
        for (key, remedy) in [
            ("aws:MultiFactorAuthPressent", "did you mean `aws:MultiFactorAuthPresent`?"),
            ("s3:prefx", "did you mean `s3:prefix`?"),
        ] {
            assert_eq!(problem("StringEquals", key).expect("unknown").1, remedy);
        }
    }

    #[test]
    fn a_key_that_no_action_has_is_never_met() {
        for (operator, key, action, expected) in [
            ("StringLike", "s3:prefix", "s3:GetObject", true),
            ("StringLike", "s3:prefix", "s3:List*", false),
            ("StringLikeIfExists", "s3:prefix", "s3:GetObject", false),
            ("ForAllValues:StringEquals", "dynamodb:LeadingKeys", "dynamodb:CreateTable", false),
            ("ForAnyValue:StringEquals", "dynamodb:LeadingKeys", "dynamodb:CreateTable", true),
            ("StringEquals", "kms:ViaService", "kms:Decrypt", false),
            ("StringEquals", "kms:ViaService", "s3:GetObject", true),
            ("StringEquals", "aws:SourceVpce", "s3:GetObject", false),
        ] {
            let actions: Vec<Action> = Action::named(action).collect();
            assert_eq!(
                without_action(operator, key, &actions).is_some(),
                expected,
                "{operator} {key} {action}"
            );
        }
    }
}
