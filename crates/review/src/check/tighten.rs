//! The policy that grants what code needs and no more, within what the given policies say.

use perm_infer_infra::PolicySource;
use perm_infer_policy::{
    Arn, BuildOptions, Condition, Document, Effect, Grant, Part, Pattern, Statement, build, covers,
};

use super::fit::{Fit, rule_fit, text_fit};
use super::rule::Rule;
use super::{Need, Review};

/// Builds the tightened policy: every need, on the narrower of its resource and that of the statement which
/// serves it, under the statement's conditions; and every `Deny` as it is. What a framework gives the role whatever
/// its policies say is not in it.
#[must_use]
pub fn tighten(review: &Review<'_>, needs: &[Need<'_>]) -> Document {
    let needs = needs.iter().filter(|need| !is_given(review, need));
    let grants = needs.flat_map(|need| grants(review, need));
    let mut document = build(grants, &BuildOptions::default());
    let denies = Rule::all(review.policies, Effect::Deny).map(|rule| rule.statement.clone());
    let all: Vec<Statement> = document.statement.iter().cloned().chain(denies).collect();
    document = Document { statement: perm_infer_policy::OneOrMany::Many(all), ..document };
    document
}

fn is_given(review: &Review<'_>, need: &Need<'_>) -> bool {
    let mut rules = Rule::all(review.policies, Effect::Allow);
    rules.any(|rule| {
        rule.file.source == PolicySource::Framework && rule_fit(rule, need, &review.known).fit == Fit::Yes
    })
}

/// What is to be granted for a need.
fn grants(review: &Review<'_>, need: &Need<'_>) -> Vec<Grant> {
    let wanted = need.resource.to_policy_string();
    let mut best: Option<(Fit, Vec<Grant>)> = None;
    for rule in Rule::all(review.policies, Effect::Allow) {
        let statement = rule.statement;
        let fit = rule_fit(rule, need, &review.known).fit;
        if fit == Fit::No || best.as_ref().is_some_and(|(known, _)| *known >= fit) {
            continue;
        }
        let fitting = statement.resource.iter().flatten().filter(|text| text_fit(text, &wanted) != Fit::No);
        let mut grants: Vec<Grant> = fitting
            .map(|text| grant(need, narrower(text, need.resource, &wanted), &statement.condition))
            .collect();
        if grants.is_empty() {
            grants.push(grant(need, need.resource.clone(), &statement.condition));
        }
        best = Some((fit, grants));
    }
    best.map_or_else(|| vec![grant(need, need.resource.clone(), &Condition::new())], |(_, grants)| grants)
}

fn grant(need: &Need<'_>, resource: Pattern, conditions: &Condition) -> Grant {
    let mut all = need.conditions.clone();
    for (operator, keys) in conditions {
        all.entry(operator.clone()).or_default().extend(keys.clone());
    }
    Grant { action: need.action.to_owned(), resource, conditions: all }
}

/// The narrower of a policy's resource and the needed one, field by field.
fn narrower(text: &str, need: &Pattern, wanted: &str) -> Pattern {
    if text == "*" || wanted == "*" {
        return need.clone();
    }
    let (Ok(known), Ok(wanted)) = (text.parse::<Arn>(), wanted.parse::<Arn>()) else { return need.clone() };
    let field =
        |known: &str, wanted: &str| if covers(known, wanted) { wanted.to_owned() } else { known.to_owned() };
    let arn = Arn {
        partition: field(&known.partition, &wanted.partition),
        service: wanted.service.clone(),
        region: field(&known.region, &wanted.region),
        account: field(&known.account, &wanted.account),
        resource: field(&known.resource, &wanted.resource),
    };
    // Both are written as a policy writes them already.
    let mut pattern = Pattern::default();
    pattern.push(Part::Raw(arn.to_string()));
    pattern
}
