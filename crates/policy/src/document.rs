//! Policy documents as types: what is written, and what is read from existing files. Elements keep
//! the form they were read in (one value or a list). Whether a document is semantically sensible is
//! not judged here.
//!
//! Source: "Grammar of the IAM JSON policy language".

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::json::to_pretty_json;

/// Condition operator -> condition key -> values.
pub type Condition = BTreeMap<String, BTreeMap<String, OneOrMany<String>>>;

/// A policy document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Document {
    /// The version of the policy language; `2012-10-17` is what this tool writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// An identifier, used by resource-based policies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The statements.
    pub statement: OneOrMany<Statement>,
}

impl Document {
    /// The version of the policy language that has policy variables.
    pub const VERSION: &'static str = "2012-10-17";

    /// A document with these statements.
    #[must_use]
    pub fn new(statements: Vec<Statement>) -> Self {
        Document { version: Some(Self::VERSION.to_owned()), id: None, statement: OneOrMany::Many(statements) }
    }

    /// The document as two-space JSON with a final newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        to_pretty_json(self)
    }

    /// Reads a document.
    ///
    /// # Errors
    /// When the text is no JSON or not of the form of a policy document; the error has line and column.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// One statement. Exactly one of `action`/`not_action` and, in identity-based policies, one of
/// `resource`/`not_resource` is present.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Statement {
    /// The statement's name: ASCII letters and digits, unique in the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// Allow or deny.
    pub effect: Effect,
    /// Who, in resource-based and trust policies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<serde_json::Value>,
    /// Everybody but these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_principal: Option<serde_json::Value>,
    /// What may be done, `service:Action` with wildcards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<OneOrMany<String>>,
    /// Everything but these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_action: Option<OneOrMany<String>>,
    /// On what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<OneOrMany<String>>,
    /// On everything but these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_resource: Option<OneOrMany<String>>,
    /// Under which conditions; all have to hold.
    #[serde(default, skip_serializing_if = "Condition::is_empty")]
    #[serde(deserialize_with = "condition")]
    pub condition: Condition,
}

/// What a statement does with a request it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Effect {
    /// Allows it, unless another statement denies it.
    Allow,
    /// Denies it, whatever other statements say.
    Deny,
}

/// One value, written as it stands, or a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One value without a list around it.
    One(T),
    /// A list of any length.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// A list, unless there is exactly one value.
    #[must_use]
    pub fn from_values(mut values: Vec<T>) -> Self {
        match values.pop() {
            Some(only) if values.is_empty() => OneOrMany::One(only),
            Some(last) => {
                values.push(last);
                OneOrMany::Many(values)
            }
            None => OneOrMany::Many(values),
        }
    }
}

impl<T> std::ops::Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match self {
            OneOrMany::One(value) => std::slice::from_ref(value),
            OneOrMany::Many(values) => values,
        }
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Condition values may be numbers and booleans too; they become the strings that IAM compares.
fn condition<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
    let raw: BTreeMap<String, BTreeMap<String, Scalars>> = Deserialize::deserialize(deserializer)?;
    let plain =
        |keys: BTreeMap<String, Scalars>| keys.into_iter().map(|(key, value)| (key, value.0)).collect();
    Ok(raw.into_iter().map(|(operator, keys)| (operator, plain(keys))).collect())
}

struct Scalars(OneOrMany<String>);

impl<'de> Deserialize<'de> for Scalars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarsVisitor)
    }
}

struct ScalarsVisitor;

impl<'de> Visitor<'de> for ScalarsVisitor {
    type Value = Scalars;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, number, boolean or a list of them")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Scalars, E> {
        Ok(Scalars(OneOrMany::One(value.to_owned())))
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Scalars, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Scalars, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scalars, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Scalars, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalars, A::Error> {
        let mut values = Vec::new();
        while let Some(Scalars(item)) = items.next_element()? {
            match item {
                OneOrMany::One(value) => values.push(value),
                OneOrMany::Many(_) => {
                    return Err(de::Error::custom("a list inside a list of condition values"));
                }
            }
        }
        Ok(Scalars(OneOrMany::Many(values)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DynamodbOrdersTable",
      "Effect": "Allow",
      "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
      "Resource": "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
      "Condition": {
        "StringEquals": {
          "aws:ResourceTag/team": ["a", "b"]
        }
      }
    },
    {
      "Sid": "S3ReportsObjects",
      "Effect": "Deny",
      "NotAction": "s3:PutObject",
      "NotResource": ["arn:aws:s3:::reports-bucket/daily/*.csv"]
    }
  ]
}
"#;

    #[test]
    fn a_document_comes_back_byte_for_byte() {
        let document = Document::from_json(EXAMPLE).expect("valid");
        assert_eq!(document.to_json(), EXAMPLE);
    }

    #[test]
    fn one_statement_without_a_list_and_a_principal_are_kept() {
        let text = r#"{"Version":"2008-10-17","Id":"x","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
        let document = Document::from_json(text).expect("valid");
        assert_eq!(document.statement.len(), 1);
        assert_eq!(serde_json::to_string(&document).expect("writes"), text);
    }

    #[test]
    fn numbers_and_booleans_in_conditions_are_read_as_text() {
        let text = r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":true},"NumericLessThan":{"s3:max-keys":[10,"20"]}}}]}"#;
        let document = Document::from_json(text).expect("valid");
        let condition = &document.statement[0].condition;
        assert_eq!(condition["Bool"]["aws:SecureTransport"], OneOrMany::One("true".into()));
        assert_eq!(condition["NumericLessThan"]["s3:max-keys"].to_vec(), ["10", "20"]);
    }

    #[test]
    fn a_misspelt_element_is_an_error_that_names_it() {
        let text = r#"{"Statement":[{"Effect":"Allow","Actions":"s3:GetObject","Resource":"*"}]}"#;
        assert!(Document::from_json(text).is_err());
    }
}
