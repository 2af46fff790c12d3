//! The names of condition operators and what they mean.
//!
//! Source: "IAM JSON policy elements: Condition operators".

use super::values::Operand;
use crate::glob::Dollar;

/// A condition operator with its prefix and suffix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// `ForAllValues:` or `ForAnyValue:`.
    pub set: Option<SetOperator>,
    /// What is compared.
    pub comparison: Comparison,
    /// Whether it holds when no value fits, as in `StringNotEquals`.
    pub negated: bool,
    /// Whether it holds when the key is absent.
    pub if_exists: bool,
}

/// How several values of a key count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// Every value has to pass.
    ForAllValues,
    /// One value has to pass.
    ForAnyValue,
}

/// What a value of the request is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same text.
    String,
    /// The same text, whatever its case.
    StringIgnoreCase,
    /// A text with wildcards.
    Like,
    /// A number in this order to it.
    Number(Order),
    /// A moment in this order to it.
    Date(Order),
    /// The same truth value.
    Bool,
    /// The same bytes.
    Binary,
    /// An address in a range.
    Ip,
    /// An ARN with wildcards in each of its six parts.
    Arn,
    /// Whether the key is absent.
    Null,
}

/// Orders of the value of the request to that of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The same.
    Equal,
    /// Before it.
    Less,
    /// Before it or the same.
    LessOrEqual,
    /// After it.
    Greater,
    /// After it or the same.
    GreaterOrEqual,
}

impl Operator {
    /// Every operator without prefix and suffix, in AWS's spelling.
    pub const NAMES: [&'static str; 27] = [
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
        "NumericEquals",
        "NumericNotEquals",
        "NumericLessThan",
        "NumericLessThanEquals",
        "NumericGreaterThan",
        "NumericGreaterThanEquals",
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
        "DateGreaterThanEquals",
        "Bool",
        "BinaryEquals",
        "IpAddress",
        "NotIpAddress",
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
        "ArnNotLike",
        "Null",
    ];

    /// Reads a name with prefix and suffix, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Operator> {
        let lower = name.to_ascii_lowercase();
        let (set, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Some(SetOperator::ForAllValues), rest),
            Some(("foranyvalue", rest)) => (Some(SetOperator::ForAnyValue), rest),
            Some(_) => return None,
            None => (None, lower.as_str()),
        };
        let (rest, if_exists) = match rest.strip_suffix("ifexists") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (comparison, negated) = comparison(rest)?;
        if comparison == Comparison::Null && if_exists {
            return None;
        }
        Some(Operator { set, comparison, negated, if_exists })
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    let found = match name {
        "stringequals" => (Comparison::String, false),
        "stringnotequals" => (Comparison::String, true),
        "stringequalsignorecase" => (Comparison::StringIgnoreCase, false),
        "stringnotequalsignorecase" => (Comparison::StringIgnoreCase, true),
        "stringlike" => (Comparison::Like, false),
        "stringnotlike" => (Comparison::Like, true),
        "bool" => (Comparison::Bool, false),
        "binaryequals" => (Comparison::Binary, false),
        "ipaddress" => (Comparison::Ip, false),
        "notipaddress" => (Comparison::Ip, true),
        "arnequals" | "arnlike" => (Comparison::Arn, false),
        "arnnotequals" | "arnnotlike" => (Comparison::Arn, true),
        "null" => (Comparison::Null, false),
        _ => return ordered(name),
    };
    Some(found)
}

fn ordered(name: &str) -> Option<(Comparison, bool)> {
    let (make, order): (fn(Order) -> Comparison, &str) = match name.strip_prefix("numeric") {
        Some(order) => (Comparison::Number, order),
        None => (Comparison::Date, name.strip_prefix("date")?),
    };
    let (order, negated) = match order {
        "equals" => (Order::Equal, false),
        "notequals" => (Order::Equal, true),
        "lessthan" => (Order::Less, false),
        "lessthanequals" => (Order::LessOrEqual, false),
        "greaterthan" => (Order::Greater, false),
        "greaterthanequals" => (Order::GreaterOrEqual, false),
        _ => return None,
    };
    Some((make(order), negated))
}

impl Comparison {
    /// Whether a text can be a value of the comparison: a number of a numeric one, and so on. What cannot
    /// is never equal to, before or within anything.
    #[must_use]
    pub fn reads(self, text: &str) -> bool {
        Operand::new(self, text, Dollar::Variables).is_readable()
    }
}

impl Order {
    pub(crate) fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Order::Equal => ordering.is_eq(),
            Order::Less => ordering.is_lt(),
            Order::LessOrEqual => ordering.is_le(),
            Order::Greater => ordering.is_gt(),
            Order::GreaterOrEqual => ordering.is_ge(),
        }
    }
}
