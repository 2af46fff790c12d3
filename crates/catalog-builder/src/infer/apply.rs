//! Applies the overrides to what was generated, and refuses those that name something unknown or say
//! what is generated anyway.

use super::Inference;
use super::bindings::variables;
use crate::BuildError;
use crate::format::{Caveat, Condition, KeyUse, Operation, Rule, TargetKind, Verdict};
use crate::overrides::{self, EntryKind};

impl Inference<'_> {
    pub(super) fn apply(
        &self,
        entry: &overrides::Entry,
        operations: &mut [Operation],
    ) -> Result<(), BuildError> {
        for name in &entry.operations {
            let operation =
                operations.iter_mut().find(|operation| operation.name == *name).ok_or_else(|| {
                    entry.place.error(format!(
                        "`{}` has no operation `{name}`; correct the name or delete the override",
                        self.api.name
                    ))
                })?;
            let mut rules = Vec::new();
            for (rule, place) in &entry.rules {
                let named = Rule { action: rule.action.replace("$op", name), ..rule.clone() };
                let rule = self.complete(name, &named);
                self.check_rule(name, &rule).map_err(|message| place.error(format!("{name}: {message}")))?;
                rules.push(rule);
            }
            self.replace(entry, rules, operation)?;
        }
        Ok(())
    }

    fn replace(
        &self,
        entry: &overrides::Entry,
        rules: Vec<Rule>,
        operation: &mut Operation,
    ) -> Result<(), BuildError> {
        let name = &operation.name;
        let verdict = match entry.kind {
            EntryKind::Replace => Verdict::Rules(rules),
            EntryKind::NoPermission => Verdict::NoPermission,
            EntryKind::Unknown => Verdict::Unknown,
            EntryKind::Unnamed => return check_unnamed(entry, operation),
            EntryKind::Key => return Ok(()),
            EntryKind::Caveat => {
                let unless = entry.unless.clone();
                if let Some(path) =
                    unless.as_ref().filter(|path| self.api.model.at_path(name, path).is_none())
                {
                    return Err(entry.place.error(format!("the input of `{name}` has no member `{path}`")));
                }
                operation.caveats.push(Caveat { unless, text: entry.reason.clone() });
                return Ok(());
            }
            EntryKind::Add => match operation.verdict.clone() {
                Verdict::Rules(mut generated) => {
                    if let Some(known) = rules.iter().find(|rule| generated.contains(rule)) {
                        return Err(entry.place.error(format!(
                            "`{name}` has the rule `{known}` already; delete it from the override"
                        )));
                    }
                    generated.extend(rules);
                    Verdict::Rules(generated)
                }
                _ => {
                    return Err(entry
                        .place
                        .error(format!("`{name}` has no generated rules to add to; use `op`")));
                }
            },
            EntryKind::When => self.split(entry, rules, operation)?,
        };
        // `unknown` keeps an action from being presumed later.
        let said = entry.kind != EntryKind::Unknown;
        if said && verdict == operation.verdict && operation.reason.is_none() {
            return Err(entry
                .place
                .error(format!("`{name}` is generated like this already; delete it from the override")));
        }
        operation.verdict = verdict;
        operation.reason = Some(match (&operation.reason, entry.kind) {
            (Some(before), EntryKind::Add | EntryKind::When) => format!("{before}; {}", entry.reason),
            _ => entry.reason.clone(),
        });
        Ok(())
    }

    /// The rules of an operation where a condition does not hold, and others where it does.
    fn split(
        &self,
        entry: &overrides::Entry,
        instead: Vec<Rule>,
        operation: &Operation,
    ) -> Result<Verdict, BuildError> {
        let name = &operation.name;
        let (Some(when), Verdict::Rules(rules)) = (&entry.when, &operation.verdict) else {
            return Err(entry.place.error(format!("`{name}` has no rules to replace; use `op`")));
        };
        if self.api.model.at_path(name, &when.path).is_none() {
            return Err(entry.place.error(format!("the input of `{name}` has no member `{}`", when.path)));
        }
        let with = |negated: bool| {
            move |mut rule: Rule| {
                rule.conditions.push(Condition { negated, ..when.clone() });
                rule
            }
        };
        let otherwise = rules.iter().cloned().map(with(true));
        Ok(Verdict::Rules(otherwise.chain(instead.into_iter().map(with(false))).collect()))
    }

    /// Gives an operation its rules about keys: its own, and those of its actions that it has no own for.
    pub(super) fn add_keys(&self, operation: &mut Operation) -> Result<(), BuildError> {
        let Verdict::Rules(rules) = &operation.verdict else { return Ok(()) };
        let own = self.own.entries.iter().filter(|entry| entry.kind == EntryKind::Key);
        let own: Vec<_> = own.filter(|entry| entry.operations.contains(&operation.name)).collect();
        let mut keys: Vec<KeyUse> = Vec::new();
        let named = |key_use: &KeyUse| {
            let of = key_use.of.iter().map(|action| action.replace("$op", &operation.name));
            KeyUse { of: of.collect(), ..key_use.clone() }
        };
        for (key_use, place) in own.iter().flat_map(|entry| &entry.keys) {
            let key_use = named(key_use);
            let foreign = key_use.of.iter().find(|action| !rules.iter().any(|rule| rule.action == **action));
            if let Some(action) = foreign {
                return Err(place.error(format!("`{}` needs no `{action}`", operation.name)));
            }
            self.check_key(&operation.name, &key_use).map_err(|message| place.error(message))?;
            keys.push(key_use);
        }
        let none_at_all = own.iter().any(|entry| entry.keys.is_empty());
        for default in self.facts.overrides.keys.iter().filter(|_| !none_at_all) {
            let said = |action: &String| {
                own.iter().any(|entry| entry.keys.iter().any(|(key, _)| named(key).of.contains(action)))
            };
            let mut key_use = default.what.clone();
            key_use.of.retain(|action| rules.iter().any(|rule| rule.action == *action));
            if !key_use.of.is_empty() {
                default.take();
            }
            key_use.of.retain(|action| !said(action));
            if !key_use.of.is_empty() {
                keys.push(key_use);
            }
        }
        operation.keys = keys;
        Ok(())
    }

    fn check_key(&self, operation: &str, key_use: &KeyUse) -> Result<(), String> {
        for action in &key_use.needs {
            if self.action(action).is_none() {
                return Err(format!("action `{action}` is not in the IAM data"));
            }
        }
        match key_use.paths().into_iter().find(|path| self.api.model.at_path(operation, path).is_none()) {
            Some(path) => Err(format!("the input of `{operation}` has no member `{path}`")),
            None => Ok(()),
        }
    }

    /// Statements about the service that apply to nothing are stale.
    pub(super) fn check_used(&self) -> Result<(), BuildError> {
        let service = &self.api.name;
        for prefix in &self.own.prefixes {
            prefix.check(&format!("IAM has no prefix `{}`; correct it or delete the line", prefix.what))?;
        }
        for skipped in &self.own.skipped {
            skipped.check(&format!(
                "no action of `{service}` has the resource type `{}`; delete it",
                skipped.what
            ))?;
        }
        for principal in &self.own.principals {
            principal.check(&format!("no operation of `{service}` passes such a role; delete the line"))?;
        }
        for bind in &self.own.binds {
            let (kind, binding) = &bind.what;
            bind.check(&format!(
                "`{binding}` of `{kind}` binds nothing in `{service}`: no such type, variable or member; correct or delete it"
            ))?;
        }
        Ok(())
    }

    /// Gives the targets of a hand-written rule the bindings it leaves out.
    fn complete(&self, operation: &str, rule: &Rule) -> Rule {
        let mut rule = rule.clone();
        let Some(action) = self.action(&rule.action).cloned() else { return rule };
        let own_prefix =
            rule.action.split(':').next().is_some_and(|prefix| self.prefixes.iter().any(|own| own == prefix));
        let entries = self.facts.community.entries(&self.classes, operation);
        let entry = entries.iter().find(|entry| entry.action == rule.action);
        for target in &mut rule.targets {
            if let TargetKind::Type(kind) = &target.kind
                && target.bare
                && own_prefix
                && let Some(facts) = self.resource_type(&rule.action, kind)
            {
                target.bindings = self.bindings(operation, facts, entry, &action).0;
            }
            target.bare = false;
        }
        rule
    }

    /// Every action, resource type, variable and member named has to exist.
    pub(super) fn check(&self, operations: &[Operation]) -> Result<(), BuildError> {
        for operation in operations {
            let Verdict::Rules(rules) = &operation.verdict else { continue };
            for rule in rules {
                self.check_rule(&operation.name, rule).map_err(|message| {
                    BuildError::new(format!("{} {}: {message}", self.api.name, operation.name))
                })?;
            }
        }
        Ok(())
    }

    fn check_rule(&self, operation: &str, rule: &Rule) -> Result<(), String> {
        let Some(action) = self.action(&rule.action) else {
            return Err(format!(
                "action `{}` is not in the IAM data; add it to overrides/iam.txt with a reason",
                rule.action
            ));
        };
        if action.types.is_empty() && !rule.targets.is_empty() {
            return Err(format!("`{}` has no resource-level permissions: leave out `on`", rule.action));
        }
        for target in &rule.targets {
            let template = match &target.kind {
                TargetKind::Template(template) => template.clone(),
                TargetKind::Type(kind) if action.types.iter().all(|(known, _)| known != kind) => {
                    return Err(format!("`{}` does not work on `{kind}`", rule.action));
                }
                TargetKind::Type(kind) => self
                    .resource_type(&rule.action, kind)
                    .and_then(|kind| kind.templates.first().cloned())
                    .ok_or_else(|| format!("`{}` has no resource type `{kind}`", rule.action))?,
            };
            let variables = variables(&template);
            for binding in &target.bindings {
                let special = ["Partition", "Region", "Account"].contains(&binding.variable.as_str());
                if !special && !variables.contains(&binding.variable) {
                    return Err(format!("`{template}` has no variable `{}`", binding.variable));
                }
            }
        }
        for path in rule.paths() {
            if self.api.model.at_path(operation, &path).is_none() {
                return Err(format!("the input has no member `{path}`"));
            }
        }
        Ok(())
    }
}

/// `unnamed` is said only of operations of which no member is bound.
fn check_unnamed(entry: &overrides::Entry, operation: &Operation) -> Result<(), BuildError> {
    let Verdict::Rules(rules) = &operation.verdict else {
        return Err(entry.place.error(format!("`{}` has no rules", operation.name)));
    };
    let main = rules.iter().filter(|rule| rule.action != "iam:PassRole");
    let bound = main.flat_map(|rule| &rule.targets).any(|target| !target.bindings.is_empty());
    if bound {
        return Err(entry
            .place
            .error(format!("a member of `{}` names its resource; delete it from the line", operation.name)));
    }
    Ok(())
}
