//! One condition of a statement: an operator, a key and values, and whether a request meets it.

use super::operator::{Comparison, Operator, SetOperator};
use super::request::Context;
use super::values::Operand;
use crate::glob::Dollar;

/// A condition, ready to be tested.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    /// As the policy writes it.
    pub(crate) operator_name: String,
    /// `None` when no operator has the name: such a condition is never met.
    operator: Option<Operator>,
    /// As the policy writes it.
    pub(crate) key: String,
    lower_key: String,
    /// As the policy writes them.
    pub(crate) values: Vec<String>,
    operands: Vec<Operand>,
}

/// Whether a request with this context meets one condition of a policy of the current version.
#[must_use]
pub fn condition_holds(operator: &str, key: &str, values: &[String], context: &Context) -> bool {
    Condition::new(operator, key, values, Dollar::Variables).holds(context)
}

impl Condition {
    pub(crate) fn new(operator_name: &str, key: &str, values: &[String], dollar: Dollar) -> Condition {
        let operator = Operator::parse(operator_name);
        let operand =
            |value: &String| operator.map(|operator| Operand::new(operator.comparison, value, dollar));
        Condition {
            operator_name: operator_name.to_owned(),
            operator,
            key: key.to_owned(),
            lower_key: key.to_ascii_lowercase(),
            operands: values.iter().filter_map(operand).collect(),
            values: values.to_vec(),
        }
    }

    /// Whether the request meets it.
    pub(crate) fn holds(&self, context: &Context) -> bool {
        let Some(operator) = self.operator else { return false };
        let found = context.get_lower(&self.lower_key);
        if operator.comparison == Comparison::Null {
            let absent = found.is_none_or(<[String]>::is_empty);
            return self
                .operands
                .iter()
                .any(|operand| matches!(operand, Operand::Bool(Some(wanted)) if *wanted == absent));
        }
        let passes = |value: &String| self.passes(operator, value, context);
        match (operator.set, found) {
            (_, None) if operator.if_exists => true,
            (Some(SetOperator::ForAllValues), None) => true,
            (Some(SetOperator::ForAnyValue), None) => false,
            (None, None) => operator.negated,
            // An empty text is no value here: "Set operators for multi-valued context keys", null datasets.
            (Some(SetOperator::ForAllValues), Some(values)) => {
                values.iter().filter(|value| !value.is_empty()).all(passes)
            }
            (Some(SetOperator::ForAnyValue), Some(values)) => {
                values.iter().filter(|value| !value.is_empty()).any(passes)
            }
            (None, Some([value])) => passes(value),
            // Several values need a set operator ("Set operators for multi-valued context keys").
            (None, Some(_)) => false,
        }
    }

    /// Whether one value of the request passes: one of the policy's values fits, or none does.
    fn passes(&self, operator: Operator, value: &str, context: &Context) -> bool {
        let variables = |key: &str| context.only(key);
        let fits = self.operands.iter().any(|operand| operand.fits(operator.comparison, value, &variables));
        fits != operator.negated
    }
}
