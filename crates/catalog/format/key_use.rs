//! What a call needs of the customer-managed KMS key that encrypts a resource.
//!
//! ```text
//! key of ACTION ACTION [by PATH | only by PATH] [if COND, COND] [unless COND] needs kms:ACTION kms:ACTION
//! ```
//!
//! It applies to every resource on which the operation needs one of the first actions. `by` names the
//! member with which the call itself names the key; with `only` the rule applies to such calls alone.

use super::rule::Condition;
use super::words::FormatError;
use std::fmt::{self, Display};

/// One rule about keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// The actions on the encrypted resource.
    pub of: Vec<String>,
    /// The member that names the key.
    pub by: Option<String>,
    /// Whether only a key named by the call counts.
    pub only: bool,
    /// All of these have to be possible.
    pub conditions: Vec<Condition>,
    /// The actions on the key.
    pub needs: Vec<String>,
}

impl KeyUse {
    /// Reads one rule.
    ///
    /// # Errors
    /// When the text does not have the form of a rule about keys; the message says what was expected.
    pub fn parse(text: &str) -> Result<KeyUse, FormatError> {
        let mut key_use = KeyUse::default();
        let mut section = "";
        for word in text.strip_prefix("key ").unwrap_or(text).split(' ').filter(|word| !word.is_empty()) {
            match (word, section) {
                ("only", _) => key_use.only = true,
                ("of" | "by" | "if" | "unless" | "needs", _) => section = word,
                (action, "of") => key_use.of.push(action.to_owned()),
                (path, "by") => key_use.by = Some(path.to_owned()),
                (condition, "if" | "unless") => {
                    let condition = condition.trim_end_matches(',');
                    key_use.conditions.push(Condition::parse(condition, section == "unless")?);
                }
                (action, "needs") => key_use.needs.push(action.to_owned()),
                (other, _) => return Err(FormatError(format!("`of` expected before `{other}`"))),
            }
        }
        if key_use.of.is_empty() || key_use.needs.is_empty() {
            return Err(FormatError(format!("`of ACTION needs kms:ACTION` expected, not `{text}`")));
        }
        if key_use.only && key_use.by.is_none() {
            return Err(FormatError("`only` needs `by MEMBER`".to_owned()));
        }
        Ok(key_use)
    }

    /// Every member path that the rule names.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let tested = self.conditions.iter().flat_map(|condition| condition.path.split('|'));
        tested.map(str::to_owned).chain(self.by.clone()).collect()
    }
}

impl Display for KeyUse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "key of {}", self.of.join(" "))?;
        if let Some(path) = &self.by {
            write!(out, " {}by {path}", if self.only { "only " } else { "" })?;
        }
        for (word, negated) in [("if", false), ("unless", true)] {
            let chosen: Vec<String> = self
                .conditions
                .iter()
                .filter(|item| item.negated == negated)
                .map(ToString::to_string)
                .collect();
            if !chosen.is_empty() {
                write!(out, " {word} {}", chosen.join(", "))?;
            }
        }
        write!(out, " needs {}", self.needs.join(" "))
    }
}
