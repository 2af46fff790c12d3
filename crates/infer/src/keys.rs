//! Customer-managed KMS keys that encrypt what calls work on, as far as the deployment tells them. A key
//! that a call names itself is known without them.

use std::fmt;

use perm_infer_policy::Pattern;

/// Keys of resources. By default none is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The key of every resource of which nothing else is known: an ARN, an id or an alias.
    pub every: Option<Pattern>,
    /// ARNs of resources and their keys. A resource below one of them (an object in a bucket, an index of
    /// a table) has its key.
    pub of_resources: Vec<(Pattern, Pattern)>,
}

impl Keys {
    /// The key of a resource.
    pub(crate) fn of(&self, resource: &Pattern) -> Option<Pattern> {
        let resource = resource.to_policy_string();
        let holds = |whole: &Pattern| {
            let rest = resource.strip_prefix(&whole.to_policy_string());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
        };
        let own = self.of_resources.iter().find(|(whole, _)| holds(whole)).map(|(_, key)| key);
        own.or(self.every.as_ref()).cloned()
    }
}

/// A text that names no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoKey(String);

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` names no KMS key", self.0)
    }
}

impl std::error::Error for NoKey {}

/// Reads a key as the user names it: the ARN of a key or an alias, `alias/NAME`, or a key id. Wildcards
/// are refused: they would widen the policy.
///
/// # Errors
/// When the text is none of these.
pub fn parse_key(text: &str) -> Result<Pattern, NoKey> {
    let name = match text.strip_prefix("arn:") {
        Some(arn) => {
            let fields: Vec<&str> = arn.splitn(5, ':').collect();
            match fields.as_slice() {
                [partition, "kms", region, account, name]
                    if [partition, region, account].into_iter().all(|field| is_plain(field)) =>
                {
                    *name
                }
                _ => return Err(NoKey(text.to_owned())),
            }
        }
        None => text,
    };
    let id = name.strip_prefix("key/").filter(|_| text.starts_with("arn:"));
    let is_key = match (name.strip_prefix("alias/"), id) {
        (Some(alias), _) => alias.split('/').all(is_plain),
        (None, Some(id)) => is_plain(id),
        // Ids are UUIDs, those of multi-Region keys start with `mrk-`.
        (None, None) => !text.starts_with("arn:") && is_plain(name) && name.contains('-') && name.len() >= 36,
    };
    if is_key { Ok(Pattern::literal(text)) } else { Err(NoKey(text.to_owned())) }
}

/// One or more letters, digits, dashes and underscores.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_by_arn_alias_or_id() {
        for key in [
            "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:eu-west-1:123456789012:alias/app/data",
            "alias/app",
            "1234abcd-12ab-34cd-56ef-1234567890ab",
            "mrk-1234abcd12ab34cd56ef1234567890ab",
        ] {
            assert_eq!(parse_key(key), Ok(Pattern::literal(key)));
        }
    }

    #[test]
    fn what_names_no_key_or_many_is_refused() {
        for text in [
            "",
            "app",
            "alias/",
            "alias/*",
            "key/1",
            "arn:aws:kms:*:*:key/*",
            "arn:aws:s3:::b",
            "arn:aws:kms",
        ] {
            assert!(parse_key(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_resource_has_its_own_key_or_that_of_every_resource() {
        let bucket = Pattern::literal("arn:aws:s3:::data");
        let mut keys = Keys { every: None, of_resources: vec![(bucket, Pattern::literal("alias/data"))] };
        let of = |keys: &Keys, resource: &str| {
            keys.of(&Pattern::literal(resource)).map(|key| key.to_policy_string())
        };
        assert_eq!(of(&keys, "arn:aws:s3:::data/a/b").as_deref(), Some("alias/data"));
        assert_eq!(of(&keys, "arn:aws:s3:::database/a"), None);
        keys.every = Some(Pattern::literal("alias/all"));
        assert_eq!(of(&keys, "arn:aws:s3:::database/a").as_deref(), Some("alias/all"));
    }
}
