//! Condition keys that every service has, and which operators fit their type. Keys of services are not known
//! here and are taken as they are.
//!
//! Source: "AWS global condition context keys".

use perm_infer_policy::evaluate::{Comparison, Operator};

use crate::grammar::did_you_mean;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Arn,
    Bool,
    Date,
    Number,
    Ip,
}

/// Key, type, and whether it can have several values. A key that ends in `/` is followed by a tag's name.
const GLOBAL: &[(&str, Kind, bool)] = &[
    ("aws:AssumedRoot", Kind::Bool, false),
    ("aws:CalledVia", Kind::Text, true),
    ("aws:CalledViaFirst", Kind::Text, false),
    ("aws:CalledViaLast", Kind::Text, false),
    ("aws:ChatbotSourceArn", Kind::Arn, false),
    ("aws:CurrentTime", Kind::Date, false),
    ("aws:Ec2InstanceSourcePrivateIPv4", Kind::Ip, false),
    ("aws:Ec2InstanceSourceVpc", Kind::Text, false),
    ("aws:EpochTime", Kind::Date, false),
    ("aws:FederatedProvider", Kind::Text, false),
    ("aws:IsMcpServiceAction", Kind::Bool, false),
    ("aws:MultiFactorAuthAge", Kind::Number, false),
    ("aws:MultiFactorAuthPresent", Kind::Bool, false),
    ("aws:PrincipalAccount", Kind::Text, false),
    ("aws:PrincipalArn", Kind::Arn, false),
    ("aws:PrincipalIsAWSService", Kind::Bool, false),
    ("aws:PrincipalOrgID", Kind::Text, false),
    ("aws:PrincipalOrgPaths", Kind::Text, true),
    ("aws:PrincipalServiceName", Kind::Text, false),
    ("aws:PrincipalServiceNamesList", Kind::Text, true),
    ("aws:PrincipalTag/", Kind::Text, false),
    ("aws:PrincipalType", Kind::Text, false),
    ("aws:referer", Kind::Text, false),
    ("aws:RequestedRegion", Kind::Text, false),
    ("aws:RequestTag/", Kind::Text, false),
    ("aws:ResourceAccount", Kind::Text, false),
    ("aws:ResourceOrgID", Kind::Text, false),
    ("aws:ResourceOrgPaths", Kind::Text, true),
    ("aws:ResourceTag/", Kind::Text, false),
    ("aws:SecureTransport", Kind::Bool, false),
    ("aws:SourceAccount", Kind::Text, false),
    ("aws:SourceArn", Kind::Arn, false),
    ("aws:SourceIdentity", Kind::Text, false),
    ("aws:SourceIp", Kind::Ip, false),
    ("aws:SourceOrgID", Kind::Text, false),
    ("aws:SourceOrgPaths", Kind::Text, true),
    ("aws:SourceVpc", Kind::Text, false),
    ("aws:SourceVpcArn", Kind::Arn, false),
    ("aws:SourceVpce", Kind::Text, false),
    ("aws:TagKeys", Kind::Text, true),
    ("aws:TokenIssueTime", Kind::Date, false),
    ("aws:UserAgent", Kind::Text, false),
    ("aws:userid", Kind::Text, false),
    ("aws:username", Kind::Text, false),
    ("aws:ViaAWSService", Kind::Bool, false),
    ("aws:VpceAccount", Kind::Text, false),
    ("aws:VpceOrgID", Kind::Text, false),
    ("aws:VpceOrgPaths", Kind::Text, true),
    ("aws:VpcSourceIp", Kind::Ip, false),
];

/// What is wrong about a key under an operator, and what to do; nothing for keys of services.
pub(crate) fn problem(operator: &str, key: &str) -> Option<(String, String)> {
    let lower = key.to_ascii_lowercase();
    if !lower.starts_with("aws:") {
        return None;
    }
    let is_named = |name: &str| {
        let name = name.to_ascii_lowercase();
        if name.ends_with('/') { lower.len() > name.len() && lower.starts_with(&name) } else { lower == name }
    };
    let Some((name, kind, several)) = GLOBAL.iter().find(|(name, _, _)| is_named(name)) else {
        let names: Vec<&str> = GLOBAL.iter().map(|(name, _, _)| *name).collect();
        let remedy = did_you_mean(key, &names);
        let remedy = if remedy.starts_with("use one") {
            "see \"AWS global condition context keys\"".to_owned()
        } else {
            remedy
        };
        return Some((format!("there is no global condition key `{key}`"), remedy));
    };
    let operator = Operator::parse(operator)?;
    if operator.set.is_none() && *several && operator.comparison != Comparison::Null {
        let remedy = "put ForAllValues: or ForAnyValue: before the operator".to_owned();
        return Some((format!("`{name}` can have several values"), remedy));
    }
    if fits(*kind, operator.comparison) {
        return None;
    }
    let (is, use_) = match kind {
        Kind::Text => ("a text", "a String operator"),
        Kind::Arn => ("an ARN", "ArnLike or a String operator"),
        Kind::Bool => ("a truth value", "Bool"),
        Kind::Date => ("a date", "a Date operator"),
        Kind::Number => ("a number", "a Numeric operator"),
        Kind::Ip => ("an IP address", "IpAddress or NotIpAddress"),
    };
    Some((format!("`{name}` is {is}, which this operator does not compare"), format!("use {use_}")))
}

fn fits(kind: Kind, comparison: Comparison) -> bool {
    use Comparison::{Arn, Binary, Bool, Date, Ip, Like, Null, Number, String, StringIgnoreCase};
    match comparison {
        Null => true,
        // Truth values are compared as texts in many policies, and that works.
        String | StringIgnoreCase | Like => matches!(kind, Kind::Text | Kind::Arn | Kind::Bool),
        Arn => kind == Kind::Arn,
        Bool => kind == Kind::Bool,
        Date(_) => kind == Kind::Date,
        // `aws:EpochTime` is a number of seconds as well.
        Number(_) => matches!(kind, Kind::Number | Kind::Date),
        Ip => kind == Kind::Ip,
        Binary => false,
    }
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn global_keys_have_types_and_some_have_several_values() {
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
        ] {
            let found = problem(operator, key);
            match (expected, &found) {
                (None, None) => {}
                (Some(part), Some((message, _))) => assert!(message.contains(part), "{message}"),
                _ => panic!("{operator} {key}: {found:?}"),
            }
        }
        let (_, remedy) = problem("Bool", "aws:MultiFactorAuthPressent").expect("unknown");
        assert_eq!(remedy, "did you mean `aws:MultiFactorAuthPresent`?");
    }
}
