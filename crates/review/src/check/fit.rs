//! Whether a statement is about a need: yes, no, or depending on what is not known.

use perm_infer_policy::evaluate::{Context, condition_holds};
use perm_infer_policy::{Arn, Effect, OneOrMany, Statement, covers, matches, overlaps};

use super::Need;
use super::rule::{Resource, Rule};
use crate::mismatch::is_whole_service;

/// Three values, from no to yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    No,
    Maybe,
    Yes,
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Action,
    Resource,
    /// Whether the role has the statement.
    Presence,
    Condition {
        operator: String,
        key: String,
        wanted: Vec<String>,
    },
}

/// How a statement fits, and the part that fits least.
#[derive(Clone, Debug)]
pub(super) struct StatementFit {
    pub(super) fit: Fit,
    pub(super) because: Part,
}

/// Whether a statement is about a need.
pub(super) fn rule_fit(rule: Rule<'_>, need: &Need<'_>, known: &Context) -> StatementFit {
    if !action_fits(rule.statement, need.action) {
        return StatementFit { fit: Fit::No, because: Part::Action };
    }
    let resource = StatementFit { fit: resource_fit(rule, need), because: Part::Resource };
    if resource.fit == Fit::No {
        return resource;
    }
    let found = match condition_fit(rule.statement, need, known) {
        Some(condition) if condition.fit < resource.fit => condition,
        _ => resource,
    };
    match found.fit {
        Fit::Yes if !rule.is_certain() => StatementFit { fit: Fit::Maybe, because: Part::Presence },
        _ => found,
    }
}

pub(super) fn action_fits(statement: &Statement, action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let listed =
        |texts: &OneOrMany<String>| texts.iter().any(|text| matches(&text.to_ascii_lowercase(), &action));
    match (&statement.action, &statement.not_action) {
        (Some(texts), _) => listed(texts),
        (None, Some(texts)) => !listed(texts),
        (None, None) => false,
    }
}

fn resource_fit(rule: Rule<'_>, need: &Need<'_>) -> Fit {
    let text = need.resource.to_policy_string();
    let wanted = Resource::of_need(need, &text);
    let fit = |resource: Resource<'_>| match (rule.statement.effect, &rule.statement.resource) {
        (Effect::Allow, Some(_)) => need_fits(resource, need, &text),
        _ => resource_fits(resource, wanted),
    };
    let best = rule.resources().map(fit).max().unwrap_or(Fit::No);
    match (&rule.statement.resource, &rule.statement.not_resource) {
        (Some(_), _) => best,
        (None, Some(_)) => match best {
            Fit::Yes => Fit::No,
            Fit::Maybe => Fit::Maybe,
            Fit::No => Fit::Yes,
        },
        (None, None) => Fit::Yes,
    }
}

/// Whether an allowed resource covers that of a need, whose text is `text`.
pub(super) fn need_fits(resource: Resource<'_>, need: &Need<'_>, text: &str) -> Fit {
    match is_whole_service(need.action, resource.text) {
        true => Fit::Yes,
        false => resource_fits(resource, Resource::of_need(need, text)),
    }
}

/// Whether a resource covers another one. Where both come from a template, references to the same things are the
/// same whatever they stand for, and what a policy leaves open is no wildcard.
pub(super) fn resource_fits(known: Resource<'_>, wanted: Resource<'_>) -> Fit {
    let plain = text_fit(known.text, wanted.text);
    let (Some(stated), Some(needed)) = (known.symbolic, wanted.symbolic) else { return plain };
    if plain == Fit::No {
        return Fit::No;
    }
    let certain = if stated.certain { Fit::Yes } else { Fit::Maybe };
    if stated.is_any() {
        return certain;
    }
    if wanted.text != "*" && (stated.covers(needed) || stated.covers_text(wanted.text)) {
        return certain;
    }
    if stated.is_other_than(needed) { Fit::No } else { Fit::Maybe }
}

/// Whether a resource of a policy is the one that is needed.
pub(super) fn text_fit(text: &str, wanted: &str) -> Fit {
    if text == "*" {
        return Fit::Yes;
    }
    if wanted == "*" {
        return Fit::No;
    }
    let (plain, has_variable) = without_variables(text);
    let fit = match (plain.parse::<Arn>(), wanted.parse::<Arn>()) {
        (Ok(known), Ok(wanted)) => arn_fit(&known, &wanted),
        _ if covers(&plain, wanted) => Fit::Yes,
        _ if overlaps(&plain, wanted) => Fit::Maybe,
        _ => Fit::No,
    };
    if has_variable { fit.min(Fit::Maybe) } else { fit }
}

fn arn_fit(known: &Arn, wanted: &Arn) -> Fit {
    let fields = [
        (&known.partition, &wanted.partition),
        (&known.service, &wanted.service),
        (&known.region, &wanted.region),
        (&known.account, &wanted.account),
    ];
    if !fields.into_iter().all(|(known, wanted)| overlaps(known, wanted)) {
        return Fit::No;
    }
    if covers(&known.resource, &wanted.resource) {
        Fit::Yes
    } else if overlaps(&known.resource, &wanted.resource) {
        Fit::Maybe
    } else {
        Fit::No
    }
}

/// The text with `*` for policy variables, whose values are not known here.
fn without_variables(text: &str) -> (String, bool) {
    let mut out = String::new();
    let mut found = false;
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, variable) = rest.split_at(start);
        out.push_str(before);
        let end = variable.find('}').map_or(variable.len(), |end| end + 1);
        let (variable, after) = variable.split_at(end);
        if variable.contains(':') {
            out.push('*');
            found = true;
        } else {
            out.push_str(variable);
        }
        rest = after;
    }
    (out + rest, found)
}

/// The condition that holds least; nothing when the statement has none.
fn condition_fit(statement: &Statement, need: &Need<'_>, known: &Context) -> Option<StatementFit> {
    let conditions = statement
        .condition
        .iter()
        .flat_map(|(operator, keys)| keys.iter().map(move |(key, wanted)| (operator, key, wanted)));
    let fits = conditions.map(|(operator, key, wanted)| StatementFit {
        fit: key_fit(operator, key, wanted, need, known),
        because: Part::Condition { operator: operator.clone(), key: key.clone(), wanted: wanted.to_vec() },
    });
    fits.min_by_key(|fit| fit.fit)
}

fn key_fit(operator: &str, key: &str, wanted: &[String], need: &Need<'_>, known: &Context) -> Fit {
    let holds = |context: &Context| condition_holds(operator, key, wanted, context);
    if known.get(key).is_some() {
        return if holds(known) { Fit::Yes } else { Fit::No };
    }
    // What the call fulfils: each of its values is one that a request may have.
    let fulfilled = need.conditions.values().flatten().find(|(known, _)| known.eq_ignore_ascii_case(key));
    let Some((_, values)) = fulfilled else { return Fit::Maybe };
    let each = values.iter().map(|value| {
        let mut context = known.clone();
        context.set(key, vec![value.clone()]);
        match (holds(&context), value.contains(['*', '?'])) {
            (true, _) => Fit::Yes,
            (false, true) => Fit::Maybe,
            (false, false) => Fit::No,
        }
    });
    each.min().unwrap_or(Fit::Maybe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_are_what_the_policy_says_and_unknown_names_are_not() {
        for (text, wanted, expected) in [
            ("*", "arn:aws:s3:::b/*", Fit::Yes),
            ("arn:aws:s3:::b/*", "*", Fit::No),
            ("arn:aws:sqs:eu-west-1:111111111111:jobs", "arn:aws:sqs:*:*:jobs", Fit::Yes),
            ("arn:aws:sqs:eu-west-1:111111111111:jobs", "arn:aws:sqs:us-east-1:*:jobs", Fit::No),
            ("arn:aws:sqs:*:*:*", "arn:aws:sqs:*:*:jobs", Fit::Yes),
            ("arn:aws:sqs:*:*:jobs", "arn:aws:sqs:*:*:*", Fit::Maybe),
            ("arn:aws:sqs:*:*:other", "arn:aws:sqs:*:*:jobs", Fit::No),
            ("arn:aws:s3:::b/daily/*", "arn:aws:s3:::b/*.csv", Fit::Maybe),
            ("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/anna/x", Fit::Maybe),
            ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/anna", Fit::No),
            ("arn:aws:s3:::b", "arn:aws:s3:::b/*", Fit::No),
        ] {
            assert_eq!(text_fit(text, wanted), expected, "{text} {wanted}");
        }
    }
}
