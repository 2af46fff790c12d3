//! Values in conditions, read once when a policy is compiled, and how a value of a request compares.

use std::cmp::Ordering;
use std::net::IpAddr;

use super::date;
use super::operator::Comparison;
use crate::glob::{Dollar, Glob, Syntax, Values};

/// A value in a condition of a policy.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Text(Glob),
    Number(Option<Number>),
    Date(Option<i64>),
    Bool(Option<bool>),
    Binary(String),
    Ip(Option<(IpAddr, u32)>),
    /// Six parts.
    Arn(Option<Vec<Glob>>),
}

/// A number: exact when it is whole.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Number {
    Whole(i128),
    Broken(f64),
}

impl Number {
    fn parse(text: &str) -> Option<Number> {
        let text = text.trim();
        if let Ok(whole) = text.parse() {
            return Some(Number::Whole(whole));
        }
        let number = text.bytes().any(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|value: &f64| number && value.is_finite()).map(Number::Broken)
    }

    fn compare(self, other: Number) -> Option<Ordering> {
        let float = |number| match number {
            Number::Whole(whole) => whole as f64,
            Number::Broken(broken) => broken,
        };
        match (self, other) {
            (Number::Whole(one), Number::Whole(other)) => Some(one.cmp(&other)),
            (one, other) => float(one).partial_cmp(&float(other)),
        }
    }
}

impl Operand {
    /// Reads a value for a comparison.
    pub(crate) fn new(comparison: Comparison, text: &str, dollar: Dollar) -> Operand {
        let glob = |wildcards: bool, text: &str| Glob::new(text, Syntax { wildcards, dollar });
        match comparison {
            Comparison::String => Operand::Text(glob(false, text)),
            Comparison::StringIgnoreCase => Operand::Text(glob(false, &text.to_lowercase())),
            Comparison::Like => Operand::Text(glob(true, text)),
            Comparison::Number(_) => Operand::Number(Number::parse(text)),
            Comparison::Date(_) => Operand::Date(date::parse(text)),
            Comparison::Bool | Comparison::Null => Operand::Bool(truth(text)),
            Comparison::Binary => Operand::Binary(text.to_owned()),
            Comparison::Ip => Operand::Ip(range(text)),
            Comparison::Arn => {
                Operand::Arn(arn_parts(text).map(|parts| parts.iter().map(|part| glob(true, part)).collect()))
            }
        }
    }

    /// Whether it could be read: what could not matches nothing.
    pub(crate) fn is_readable(&self) -> bool {
        match self {
            Operand::Text(_) | Operand::Binary(_) => true,
            Operand::Number(number) => number.is_some(),
            Operand::Date(date) => date.is_some(),
            Operand::Bool(truth) => truth.is_some(),
            Operand::Ip(range) => range.is_some(),
            Operand::Arn(parts) => parts.is_some(),
        }
    }

    /// Whether a value of the request fits.
    pub(crate) fn fits(&self, comparison: Comparison, value: &str, values: Values<'_>) -> bool {
        self.compare(comparison, value, values).unwrap_or(false)
    }

    fn compare(&self, comparison: Comparison, value: &str, values: Values<'_>) -> Option<bool> {
        match (self, comparison) {
            (Operand::Text(glob), Comparison::StringIgnoreCase) => {
                Some(glob.matches_ignoring_case(&value.to_lowercase(), values))
            }
            (Operand::Text(glob), _) => Some(glob.matches(value, values)),
            (Operand::Number(number), Comparison::Number(order)) => {
                Some(order.holds(Number::parse(value)?.compare((*number)?)?))
            }
            (Operand::Date(date), Comparison::Date(order)) => {
                Some(order.holds(date::parse(value)?.cmp(&(*date)?)))
            }
            (Operand::Bool(wanted), _) => Some(truth(value)? == (*wanted)?),
            (Operand::Binary(wanted), _) => Some(value == wanted),
            (Operand::Ip(range), _) => Some(contains((*range)?, value.parse().ok()?)),
            (Operand::Arn(parts), _) => {
                let value = arn_parts(value)?;
                let mut pairs = parts.as_ref()?.iter().zip(value);
                Some(pairs.all(|(glob, part)| glob.matches(part, values)))
            }
            _ => None,
        }
    }
}

pub(crate) fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// An address, or a range as `203.0.113.0/24`.
fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length.parse().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let length = length.unwrap_or(most);
    (length <= most).then_some((address, length))
}

fn contains((range, length): (IpAddr, u32), address: IpAddr) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let ((range, width), (address, other)) = (bits(range), bits(address));
    let shift = width - length;
    width == other && range.checked_shr(shift).unwrap_or(0) == address.checked_shr(shift).unwrap_or(0)
}

/// The six parts of an ARN; colons in policy variables separate nothing.
fn arn_parts(text: &str) -> Option<Vec<&str>> {
    let parts = crate::arn::split_parts(text);
    (parts.len() == 6 && text.starts_with("arn:")).then_some(parts)
}
