//! Condition keys of services. They are kept as text and looked for when a policy has conditions, which inferring
//! one never needs.

use crate::Action;

static TEXT: &str = include_str!("../data/conditions/keys.txt");

/// What the values of a condition key are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// Texts.
    Text,
    /// ARNs.
    Arn,
    /// Truth values.
    Bool,
    /// Dates.
    Date,
    /// Numbers.
    Number,
    /// IP addresses.
    Ip,
}

/// A condition key of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConditionKey {
    /// `s3:ResourceAccount`; a part that requests fill in is `${TagKey}` or `<key>`.
    pub name: &'static str,
    /// What its values are.
    pub kind: KeyType,
    /// Whether a request can have several values of it.
    pub several: bool,
}

/// The condition keys of a service.
#[derive(Clone, Copy, Debug)]
pub struct ServiceConditions {
    lines: &'static str,
}

impl ServiceConditions {
    /// Those of the service with this IAM prefix; nothing for one without condition keys.
    #[must_use]
    pub fn of(prefix: &str) -> Option<ServiceConditions> {
        let heading = format!("\nservice {}\n", prefix.to_ascii_lowercase());
        let start = TEXT.find(&heading)? + heading.len();
        let end = TEXT[start..].find("\nservice ").map_or(TEXT.len(), |end| start + end);
        Some(ServiceConditions { lines: &TEXT[start..end] })
    }

    /// Whether some service has keys that start with this and a colon.
    #[must_use]
    pub fn is_prefix(prefix: &str) -> bool {
        TEXT.contains(&format!("\nkey {}:", prefix.to_ascii_lowercase()))
    }

    /// A key by its name, of whatever service has it.
    #[must_use]
    pub fn anywhere(name: &str) -> Option<ConditionKey> {
        TEXT.lines().filter_map(key_of_line).find(|key| key.is(name))
    }

    /// Every key, by name.
    pub fn keys(self) -> impl Iterator<Item = ConditionKey> {
        self.lines.lines().map_while(key_of_line)
    }

    /// The key that a policy means.
    #[must_use]
    pub fn key(self, name: &str) -> Option<ConditionKey> {
        self.keys().find(|key| key.is(name))
    }

    /// The keys of one of its actions, with those of the resources that the action works on.
    #[must_use]
    pub fn of_action(self, action: Action) -> Vec<ConditionKey> {
        let name = action.name().split_once(':').map_or("", |(_, name)| name);
        let types: Vec<&str> = action.resources().map(|kind| kind.name).collect();
        let mut found: Vec<bool> = Vec::new();
        for line in self.lines.lines() {
            let Some((word, rest)) = line.split_once(' ') else { continue };
            let Some((numbers, names)) = rest.split_once(": ") else { continue };
            let mut names = names.split(' ');
            let holds = match word {
                "action" => names.any(|other| other == name),
                "type" => names.any(|other| types.contains(&other)),
                _ => false,
            };
            if holds {
                mark(numbers, &mut found);
            }
        }
        self.keys().zip(found).filter(|(_, found)| *found).map(|(key, _)| key).collect()
    }
}

/// `key s3:prefix String`
fn key_of_line(line: &'static str) -> Option<ConditionKey> {
    let (name, kind) = line.strip_prefix("key ")?.rsplit_once(' ')?;
    let several = kind.starts_with("ArrayOf");
    let kind = match kind.strip_prefix("ArrayOf").unwrap_or(kind) {
        "ARN" => KeyType::Arn,
        "Bool" => KeyType::Bool,
        "Date" => KeyType::Date,
        "Numeric" => KeyType::Number,
        "IPAddress" => KeyType::Ip,
        _ => KeyType::Text,
    };
    Some(ConditionKey { name, kind, several })
}

/// `0-2 5`.
fn mark(numbers: &str, found: &mut Vec<bool>) {
    for range in numbers.split(' ') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else { continue };
        if found.len() <= last {
            found.resize(last + 1, false);
        }
        found[first..=last].fill(true);
    }
}

impl ConditionKey {
    /// Whether a policy that writes `name` means this key.
    #[must_use]
    pub fn is(self, name: &str) -> bool {
        let place = self.name.find("${").or_else(|| self.name.find('<'));
        let Some(start) = place else { return self.name.eq_ignore_ascii_case(name) };
        let rest = &self.name[start..];
        let end = rest.find(['}', '>']).map_or("", |end| &rest[end + 1..]);
        let before = &self.name[..start];
        let fits =
            |part: &str, whole: Option<&str>| whole.is_some_and(|whole| whole.eq_ignore_ascii_case(part));
        name.len() > before.len() + end.len()
            && fits(before, name.get(..before.len()))
            // A key of several open parts is only looked at up to the first.
            && (end.contains("${") || fits(end, name.get(name.len() - end.len()..)))
    }
}

/// Whether resource control policies apply to the actions of a service.
/// Source: "Resource control policies (RCPs)" in the AWS Organizations User Guide.
#[must_use]
pub fn has_resource_control(prefix: &str) -> bool {
    let line = TEXT.lines().find_map(|line| line.strip_prefix("resource-control ")).unwrap_or_default();
    line.split(' ').any(|service| service.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_keys_with_types() {
        let s3 = ServiceConditions::of("s3").expect("known");
        let prefix = s3.key("S3:PREFIX").expect("known");
        assert_eq!((prefix.name, prefix.kind, prefix.several), ("s3:prefix", KeyType::Text, false));
        assert_eq!(s3.key("s3:max-keys").expect("known").kind, KeyType::Number);
        assert!(s3.key("s3:ExistingObjectTag/team").is_some());
        assert!(s3.key("s3:ExistingObjectTag/").is_none());
        assert!(s3.key("s3:Prefixes").is_none());
        let leading = ServiceConditions::of("dynamodb").expect("known").key("dynamodb:LeadingKeys");
        assert!(leading.expect("known").several);
        assert!(ServiceConditions::of("nothing").is_none());
    }

    #[test]
    fn an_action_has_its_own_keys_and_those_of_its_resources() {
        let has = |action: &str, key: &str| {
            let (prefix, _) = action.split_once(':').expect("a prefix");
            let action = Action::find(action).expect("an action");
            let keys = ServiceConditions::of(prefix).expect("known").of_action(action);
            keys.iter().any(|found| found.is(key))
        };
        for (action, key, expected) in [
            ("s3:ListBucket", "s3:prefix", true),
            ("s3:GetObject", "s3:prefix", false),
            ("s3:GetObject", "s3:ExistingObjectTag/team", true),
            ("sqs:SendMessage", "aws:ResourceTag/team", true),
            ("sqs:SendMessage", "aws:RequestTag/team", false),
            ("sqs:CreateQueue", "aws:RequestTag/team", true),
            ("dynamodb:Query", "dynamodb:LeadingKeys", true),
            ("dynamodb:CreateTable", "dynamodb:LeadingKeys", false),
            ("kms:Decrypt", "kms:ViaService", true),
            ("iam:PassRole", "iam:PassedToService", true),
            ("lambda:InvokeFunction", "lambda:FunctionArn", false),
        ] {
            assert_eq!(has(action, key), expected, "{action} {key}");
        }
    }

    #[test]
    fn resource_control_policies_apply_to_some_services() {
        for (prefix, expected) in
            [("s3", true), ("KMS", true), ("sts", true), ("sqs", true), ("lambda", false), ("sns", false)]
        {
            assert_eq!(has_resource_control(prefix), expected, "{prefix}");
        }
    }
}
