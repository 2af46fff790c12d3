//! From an operation and the known parameters of one call to the permissions that the call needs. The
//! rules come from the table; `path` finds values, `binding` reads them, `arn` fills the templates.

use crate::arn::{self, Value};
use crate::choices::{Choice, Choices, choices, unknown};
use crate::condition::holds;
use crate::operation::Operation;
use crate::params::{ParamMap, TraceId};
use crate::path::{Leaf, Scope, leaves};
use crate::rule::{Rule, RuleVerdict, Rules, Source, Target, With};
use perm_infer_policy::Pattern;

/// What fills partition, region and account of an ARN when the parameters do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArnContext {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: Pattern,
    /// The region.
    pub region: Pattern,
    /// The account id.
    pub account: Pattern,
}

impl Default for ArnContext {
    fn default() -> Self {
        ArnContext { partition: Pattern::literal("aws"), region: Pattern::any(), account: Pattern::any() }
    }
}

/// What a call needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These permissions, sorted by action and resource.
    Requirements(Vec<Requirement>),
    /// Nothing.
    NoPermission {
        /// Why.
        reason: &'static str,
    },
    /// The catalogue does not know.
    Unknown,
}

/// One action on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// `s3:GetObject`.
    pub action: &'static str,
    /// The access level of the action.
    pub access_level: AccessLevel,
    /// The whole ARN, or [`Pattern::any`] when the call is authorized on no particular resource.
    pub resource: Pattern,
    /// The type of the resource, when it is one of the action's types.
    pub resource_type: Option<&'static str>,
    /// Whether the action can be limited to resources at all.
    pub resource_level: bool,
    /// What would have made the ARN more specific.
    pub unresolved: Vec<Unresolved>,
    /// Conditions that the statement should carry.
    pub conditions: Vec<RequirementCondition>,
    /// Evidence of the values used.
    pub traces: Vec<TraceId>,
    /// Why the rule differs from the generated one, with its source.
    pub note: Option<&'static str>,
}

/// A member whose value would have made the resource more specific.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    /// Member path of the input, or the variable of the ARN when no member names it.
    pub member: &'static str,
    /// Why it did not.
    pub reason: UnresolvedReason,
    /// The value that is not known, or only in part.
    pub trace: Option<TraceId>,
}

/// Why a part of a resource stayed `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnresolvedReason {
    /// The call passes it and its value is not known, or only in part.
    Unknown,
    /// The call does not pass it.
    NotPassed,
    /// No member of the input names this part: AWS chooses it.
    NotNamed,
    /// There are too many combinations of values.
    TooMany,
}

/// A condition of a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequirementCondition {
    /// `StringEquals`.
    pub operator: &'static str,
    /// `iam:PassedToService`.
    pub key: &'static str,
    /// Any of these.
    pub values: Vec<Pattern>,
}

/// The access level of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessLevel {
    /// Lists resources.
    List,
    /// Reads content.
    Read,
    /// Changes tags.
    Tagging,
    /// Changes anything else.
    Write,
    /// Changes who may do what.
    PermissionsManagement,
}

impl AccessLevel {
    pub(crate) fn from_word(word: &str) -> AccessLevel {
        match word {
            "List" => AccessLevel::List,
            "Read" => AccessLevel::Read,
            "Tagging" => AccessLevel::Tagging,
            "Permissions" => AccessLevel::PermissionsManagement,
            _ => AccessLevel::Write,
        }
    }
}

/// More combinations of values than this for one resource become `*` in the longest list.
const MAX_COMBINATIONS: usize = 256;

pub(crate) fn possible_actions(operation: Operation) -> Vec<&'static str> {
    let mut actions = match operation.rules().verdict {
        RuleVerdict::Rules(rules) => rules.into_iter().map(|rule| rule.action.name()).collect(),
        RuleVerdict::NoPermission | RuleVerdict::Unknown => Vec::new(),
    };
    actions.sort_unstable();
    actions.dedup();
    actions
}

pub(crate) fn requirements(rules: &Rules, params: &ParamMap, context: &ArnContext) -> Verdict {
    match &rules.verdict {
        RuleVerdict::Unknown => Verdict::Unknown,
        RuleVerdict::NoPermission => Verdict::NoPermission { reason: rules.reason.unwrap_or_default() },
        RuleVerdict::Rules(list) => {
            let mut found = Vec::new();
            // Where nothing is certain to be asked for, all that may be counts: items of a transaction
            // that nobody knows are puts, updates, deletes or checks.
            for opens_hold in [false, true] {
                let mut collector = Collector { context, note: rules.reason, opens_hold, found };
                for rule in list {
                    collector.rule(rule, params);
                }
                found = collector.found;
                if !found.is_empty() {
                    break;
                }
            }
            Verdict::Requirements(joined(found))
        }
    }
}

struct Collector<'c> {
    context: &'c ArnContext,
    note: Option<&'static str>,
    /// Whether conditions hold for what nobody knows to be there.
    opens_hold: bool,
    found: Vec<Requirement>,
}

impl Collector<'_> {
    fn rule(&mut self, rule: &Rule, params: &ParamMap) {
        let items = match rule.scope {
            None => vec![Leaf::Absent],
            Some(path) => leaves(Scope { root: params, item: Leaf::Absent }, path)
                .into_iter()
                .filter(|leaf| !matches!(leaf, Leaf::Absent))
                .collect(),
        };
        for item in items {
            let scope = Scope { root: params, item };
            if rule.conditions.iter().all(|condition| holds(condition, scope, self.opens_hold)) {
                self.targets(rule, scope);
            }
        }
    }

    fn targets(&mut self, rule: &Rule, scope: Scope<'_>) {
        let before = self.found.len();
        let mut open_targets = Vec::new();
        for target in &rule.targets {
            let choices: Vec<(&'static str, Choices)> =
                target.bindings.iter().map(|binding| (binding.variable, choices(binding, scope))).collect();
            // An index needs its table and its own name.
            let mut naming = choices.iter().filter(|(variable, _)| !is_context(variable));
            let present = naming.all(|(_, choices)| choices.present);
            if !target.optional || present {
                self.target(rule, target, choices, scope);
            } else if choices.iter().any(|(_, choices)| choices.open) {
                open_targets.push((target, choices));
            }
        }
        if self.found.len() == before && !rule.targets.is_empty() {
            for (target, choices) in open_targets {
                self.target(rule, target, choices, scope);
            }
        }
        if self.found.len() == before {
            self.unnamed(rule, scope);
        }
    }

    /// The call names no resource.
    fn unnamed(&mut self, rule: &Rule, scope: Scope<'_>) {
        self.found.push(Requirement {
            action: rule.action.name(),
            access_level: rule.action.access_level(),
            resource: Pattern::any(),
            resource_type: None,
            resource_level: rule.action.is_resource_level(),
            unresolved: Vec::new(),
            conditions: with(&rule.with, scope),
            traces: Vec::new(),
            note: self.note,
        });
    }

    fn target(
        &mut self,
        rule: &Rule,
        target: &Target,
        choices: Vec<(&'static str, Choices)>,
        scope: Scope<'_>,
    ) {
        let mut lists: Vec<(&'static str, Vec<Choice>)> =
            choices.into_iter().map(|(variable, choices)| (variable, choices.list)).collect();
        let missing: Vec<Unresolved> = arn::variables(target.template)
            .filter(|variable| !target.bindings.iter().any(|binding| binding.variable == *variable))
            .map(|variable| Unresolved { member: variable, reason: UnresolvedReason::NotNamed, trace: None })
            .collect();
        lists.retain(|(variable, list)| {
            !is_context(variable) || list.iter().any(|choice| choice.unresolved.is_none())
        });
        limit(&mut lists);
        for combination in combinations(&lists) {
            let values: Vec<(&str, Value)> =
                combination.iter().map(|(variable, choice)| (*variable, choice.value.clone())).collect();
            let mut unresolved = missing.clone();
            unresolved.extend(combination.iter().filter_map(|(_, choice)| choice.unresolved.clone()));
            let mut conditions = with(&rule.with, scope);
            conditions.extend(combination.iter().flat_map(|(_, choice)| choice.conditions.iter().cloned()));
            self.found.push(Requirement {
                action: rule.action.name(),
                access_level: rule.action.access_level(),
                resource: arn::fill(target.template, &values, self.context),
                resource_type: target.kind,
                resource_level: true,
                unresolved,
                conditions,
                traces: combination.iter().filter_map(|(_, choice)| choice.trace).collect(),
                note: self.note,
            });
        }
    }
}

/// Sorts, and joins what is the same.
pub(crate) fn joined(mut found: Vec<Requirement>) -> Vec<Requirement> {
    for requirement in &mut found {
        requirement.conditions.sort();
    }
    let key = |requirement: &Requirement| {
        (requirement.action, requirement.resource.clone(), requirement.conditions.clone())
    };
    found.sort_by_cached_key(key);
    let mut out: Vec<Requirement> = Vec::new();
    for requirement in found {
        match out.last_mut() {
            Some(last) if key(last) == key(&requirement) => {
                last.traces.extend(requirement.traces);
                last.unresolved.extend(requirement.unresolved);
            }
            _ => out.push(requirement),
        }
    }
    for requirement in &mut out {
        requirement.traces.sort_unstable();
        requirement.traces.dedup();
        requirement.unresolved.sort();
        requirement.unresolved.dedup();
    }
    out
}

/// Variables that the context fills when the call does not.
fn is_context(variable: &str) -> bool {
    ["Partition", "Region", "Account"].contains(&variable)
}

/// Keeps the number of combinations in bounds.
fn limit(lists: &mut [(&'static str, Vec<Choice>)]) {
    loop {
        let total = lists.iter().fold(1_usize, |total, (_, list)| total.saturating_mul(list.len().max(1)));
        let Some((variable, longest)) = lists.iter_mut().max_by_key(|(_, list)| list.len()) else { return };
        if total <= MAX_COMBINATIONS || longest.len() <= 1 {
            return;
        }
        let member = longest.first().and_then(|choice| choice.origin).map_or(*variable, |(path, _)| path);
        *longest = vec![unknown(member, UnresolvedReason::TooMany)];
    }
}

fn combinations<'l>(lists: &'l [(&'static str, Vec<Choice>)]) -> Vec<Vec<(&'static str, &'l Choice)>> {
    let mut all: Vec<Vec<(&'static str, &Choice)>> = vec![Vec::new()];
    for (variable, list) in lists {
        let mut longer = Vec::new();
        for combination in &all {
            for choice in list {
                let fits = combination.iter().all(|(_, other)| match (other.origin, choice.origin) {
                    (Some((path, index)), Some((other_path, other_index))) => {
                        path != other_path || index == other_index
                    }
                    _ => true,
                });
                if fits {
                    let mut next = combination.clone();
                    next.push((variable, choice));
                    longer.push(next);
                }
            }
        }
        all = longer;
    }
    all
}

/// The conditions of a rule; one whose value is not known is left out.
fn with(rules: &[With], scope: Scope<'_>) -> Vec<RequirementCondition> {
    rules
        .iter()
        .filter_map(|with| {
            let mut values = Vec::new();
            for source in &with.values {
                match source {
                    Source::Literal(text) => values.push(Pattern::literal(*text)),
                    Source::Path(path) => {
                        for leaf in leaves(scope, path) {
                            let Leaf::Text(text) = leaf else { return None };
                            if text.pattern.has_unknown() {
                                return None;
                            }
                            values.push(text.pattern.clone());
                        }
                    }
                }
            }
            Some(RequirementCondition { operator: with.operator, key: with.key, values })
        })
        .collect()
}

#[cfg(test)]
#[path = "requirement_tests.rs"]
mod tests;
