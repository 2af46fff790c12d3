//! Amazon Resource Names as their parts. Wildcards and policy variables may stand in any part; whether
//! such a resource exists or which service it belongs to is not judged here.

use std::fmt;
use std::str::FromStr;

/// An ARN, `arn:partition:service:region:account-id:resource`, possibly with wildcards.
///
/// Source: "Identify AWS resources with Amazon Resource Names (ARNs)".
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`, ...
    pub partition: String,
    /// The service namespace, such as `dynamodb`.
    pub service: String,
    /// The region; empty for global resources.
    pub region: String,
    /// The account's 12 digits; empty where the service leaves it out.
    pub account: String,
    /// Everything after the fifth colon, colons included.
    pub resource: String,
}

/// Why a text is no ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArnError {
    /// It does not start with `arn:`.
    NoPrefix,
    /// It has this many of the six parts.
    TooFewParts(usize),
}

impl fmt::Display for ArnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArnError::NoPrefix => f.write_str("an ARN starts with `arn:`"),
            ArnError::TooFewParts(count) => {
                write!(f, "an ARN has six parts separated by colons, this has {count}")
            }
        }
    }
}

impl std::error::Error for ArnError {}

impl FromStr for Arn {
    type Err = ArnError;

    /// Splits at the first five colons that are not inside a policy variable such as `${aws:username}`.
    fn from_str(text: &str) -> Result<Self, ArnError> {
        if !text.starts_with("arn:") {
            return Err(ArnError::NoPrefix);
        }
        let parts = split_parts(text);
        match parts.as_slice() {
            [_, partition, service, region, account, resource] => Ok(Arn {
                partition: (*partition).to_owned(),
                service: (*service).to_owned(),
                region: (*region).to_owned(),
                account: (*account).to_owned(),
                resource: (*resource).to_owned(),
            }),
            _ => Err(ArnError::TooFewParts(parts.len())),
        }
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Arn { partition, service, region, account, resource } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// At most six parts; the last one keeps its colons.
pub(crate) fn split_parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::with_capacity(6);
    let mut start = 0;
    let mut inside_variable = false;
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            b'{' if text[..position].ends_with('$') => inside_variable = true,
            b'}' => inside_variable = false,
            b':' if !inside_variable && parts.len() < 5 => {
                parts.push(&text[start..position]);
                start = position + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_parts_come_back_as_they_went_in() {
        for text in [
            "arn:aws:s3:::bucket/key:with:colons",
            "arn:aws-cn:lambda:cn-north-1:123456789012:function:f:live",
            "arn:*:dynamodb:*:*:table/${aws:username}-*",
            "arn:aws:iam::${aws:PrincipalAccount}:role/x",
        ] {
            assert_eq!(text.parse::<Arn>().expect(text).to_string(), text);
        }
    }

    #[test]
    fn colons_of_policy_variables_separate_nothing() {
        let arn: Arn = "arn:aws:iam::${aws:PrincipalAccount}:role/x".parse().expect("six parts");
        assert_eq!((arn.account.as_str(), arn.resource.as_str()), ("${aws:PrincipalAccount}", "role/x"));
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        assert_eq!("*".parse::<Arn>(), Err(ArnError::NoPrefix));
        assert_eq!("arn:aws:s3".parse::<Arn>(), Err(ArnError::TooFewParts(3)));
        assert_eq!("arn:é{:".parse::<Arn>(), Err(ArnError::TooFewParts(3)));
    }
}
