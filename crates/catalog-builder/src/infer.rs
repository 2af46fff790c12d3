//! Derives what an operation needs from the upstream facts: the action of the same name, else what the
//! community map says; the resource types of that action; and which input members fill the variables
//! of their ARN templates. Overrides are applied last.

mod apply;
mod bindings;
mod inputs;
mod roles;

use self::bindings::{keep_distinct, normal};
use crate::BuildError;
use crate::apigateway;
use crate::botocore::Api;
use crate::community_map::{CommunityMap, Entry};
use crate::format::{
    Action, Condition, IamService, Member, NamedOperation, Operation, ResourceType, Rule, Service, Target,
    TargetKind, Test, Verdict, snake_case,
};
use crate::overrides::{EntryKind, Overrides, ServiceOverrides};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// All upstream facts.
pub(crate) struct Facts<'a> {
    pub(crate) iam: &'a BTreeMap<String, IamService>,
    pub(crate) community: &'a CommunityMap,
    pub(crate) irregular_methods: &'a HashMap<String, String>,
    pub(crate) overrides: &'a Overrides,
}

/// Everything about one SDK service.
pub(crate) fn service(api: &Api, facts: &Facts<'_>) -> Result<Service, BuildError> {
    let nothing = ServiceOverrides::default();
    let own = facts.overrides.services.get(&api.name).unwrap_or(&nothing);
    let inference =
        Inference { api, facts, own, prefixes: prefixes(api, own, facts.iam), classes: classes(api, own) };
    let mut operations: Vec<Operation> =
        api.model.operations.keys().map(|name| inference.operation(name)).collect();
    // What is said of the result comes after what changes it, in whichever file it stands.
    let (said, changing): (Vec<_>, Vec<_>) =
        own.entries.iter().partition(|entry| entry.kind == EntryKind::Unnamed);
    for entry in changing.into_iter().chain(said) {
        inference.apply(entry, &mut operations)?;
    }
    for operation in &mut operations {
        inference.add_keys(operation)?;
    }
    inference.check(&operations)?;
    for operation in &mut operations {
        inference.presume(operation);
    }
    inference.check_used()?;
    let v2 = if own.v2.is_empty() {
        inference.classes.iter().filter(|class| facts.community.knows_class(class)).take(1).cloned().collect()
    } else {
        own.v2.clone()
    };
    let waiters = api
        .waiters
        .iter()
        .map(|(name, operation)| NamedOperation { name: name.clone(), operation: operation.clone() });
    Ok(Service {
        name: api.name.clone(),
        id: api.model.metadata.service_id.clone(),
        v2,
        paginators: api.paginators.clone(),
        waiters: waiters.collect(),
        operations,
    })
}

/// IAM prefixes in which the service's actions may be.
fn prefixes(api: &Api, own: &ServiceOverrides, iam: &BTreeMap<String, IamService>) -> Vec<String> {
    let metadata = &api.model.metadata;
    let declared = own.prefixes.iter().filter(|prefix| iam.contains_key(&prefix.what));
    let mut prefixes: Vec<String> = declared.map(|prefix| prefix.take().clone()).collect();
    for candidate in [metadata.signing_name.as_ref(), Some(&metadata.endpoint_prefix), Some(&api.name)]
        .into_iter()
        .flatten()
    {
        if iam.contains_key(candidate) && !prefixes.contains(candidate) && own.prefixes.is_empty() {
            prefixes.push(candidate.clone());
        }
    }
    prefixes
}

/// Names under which the community map and the JavaScript SDK v2 may know the service.
fn classes(api: &Api, own: &ServiceOverrides) -> Vec<String> {
    let metadata = &api.model.metadata;
    let full = metadata.service_abbreviation.as_ref().unwrap_or(&metadata.service_full_name);
    let full = full.split('(').next().unwrap_or_default();
    let full = full.strip_prefix("Amazon").or_else(|| full.strip_prefix("AWS")).unwrap_or(full);
    let squeeze = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let mut classes = own.v2.clone();
    classes.extend([squeeze(full), squeeze(&metadata.service_id)]);
    classes
}

struct Inference<'a> {
    api: &'a Api,
    facts: &'a Facts<'a>,
    own: &'a ServiceOverrides,
    prefixes: Vec<String>,
    classes: Vec<String>,
}

impl Inference<'_> {
    fn operation(&self, name: &str) -> Operation {
        let method = self.facts.irregular_methods.get(name).cloned().unwrap_or_else(|| snake_case(name));
        let (verdict, reason) = self.verdict(name);
        let members = self.members(name);
        Operation {
            name: name.to_owned(),
            method,
            members,
            verdict,
            keys: Vec::new(),
            caveats: Vec::new(),
            reason,
        }
    }

    fn members(&self, operation: &str) -> Vec<Member> {
        let Some(input) = self.api.model.input(operation) else { return Vec::new() };
        let member = |name: &String| Member { name: name.clone(), required: input.required.contains(name) };
        input.members.keys().map(member).collect()
    }

    fn verdict(&self, name: &str) -> (Verdict, Option<String>) {
        if let Some(operation) = self.api.model.operations.get(name) {
            if operation.is_unsigned() {
                return (
                    Verdict::NoPermission,
                    Some("unauthenticated: AWS takes the call without a signature".to_owned()),
                );
            }
            if operation.is_bearer() || self.api.model.is_bearer() {
                return (
                    Verdict::NoPermission,
                    Some("authenticated by a bearer token, not by IAM".to_owned()),
                );
            }
        }
        if self.prefixes.first().is_some_and(|prefix| prefix == "apigateway")
            && let Some(rule) = apigateway::rule(self.api, name)
        {
            return (Verdict::Rules(vec![rule]), None);
        }
        let entries = self.facts.community.entries(&self.classes, name);
        let mut rules: Vec<Rule> = match self.same_name(name) {
            Some(action) => vec![self.rule(name, &action, entries)],
            None => entries
                .iter()
                .filter(|entry| entry.action != "iam:PassRole" && self.action(&entry.action).is_some())
                .map(|entry| self.rule(name, &entry.action, entries))
                .collect(),
        };
        let mut reason = None;
        if rules.is_empty()
            && let Some(action) = self.single_action(name)
        {
            rules.push(self.rule(name, &action, entries));
            reason = Some(format!("IAM has no action of this name: taken as several calls of {action}"));
        }
        if rules.is_empty() {
            return (Verdict::Unknown, None);
        }
        dedup(&mut rules);
        rules.extend(self.tag_rule(name, &rules));
        rules.extend(self.pass_role(name));
        rules.extend(self.s3_inputs(name));
        (Verdict::Rules(rules), reason)
    }

    /// What is left has no action in the IAM data, which are older than the operation: its action has its name,
    /// as nearly all have. Users are told that this is presumed.
    fn presume(&self, operation: &mut Operation) {
        let Some(prefix) = self.prefixes.first().filter(|_| operation.verdict == Verdict::Unknown) else {
            return;
        };
        if operation.reason.is_some() {
            return;
        }
        let action = format!("{prefix}:{}", operation.name);
        let mut rules = vec![Rule { action, ..Rule::default() }];
        rules.extend(self.pass_role(&operation.name));
        operation.verdict = Verdict::Rules(rules);
        operation.reason = Some(PRESUMED.to_owned());
    }

    /// The action that has the operation's name.
    fn same_name(&self, operation: &str) -> Option<String> {
        self.prefixes.iter().find_map(|prefix| {
            let service = self.facts.iam.get(prefix)?;
            let action = service.actions.iter().find(|action| action.name.eq_ignore_ascii_case(operation))?;
            Some(format!("{prefix}:{}", action.name))
        })
    }

    /// The action of the single operation behind a batch operation that has no action of its own.
    fn single_action(&self, operation: &str) -> Option<String> {
        let single = operation.strip_prefix("Batch").or_else(|| operation.strip_suffix("Batch"))?;
        self.same_name(single).or_else(|| self.same_name(single.strip_suffix('s')?))
    }

    fn action(&self, name: &str) -> Option<&Action> {
        let (prefix, name) = name.split_once(':')?;
        self.facts.iam.get(prefix)?.actions.iter().find(|action| action.name == name)
    }

    fn resource_type(&self, action: &str, kind: &str) -> Option<&ResourceType> {
        let (prefix, _) = action.split_once(':')?;
        self.facts.iam.get(prefix)?.types.iter().find(|known| known.name == kind)
    }

    /// The rule for one action of an operation, with its resources.
    fn rule(&self, operation: &str, action: &str, entries: &[Entry]) -> Rule {
        let entry = entries.iter().find(|entry| entry.action == action).or(match entries {
            [only] => Some(only),
            _ => None,
        });
        let targets = self
            .action(action)
            .map(|facts| self.targets(operation, action, facts, entry))
            .unwrap_or_default();
        Rule { action: action.to_owned(), targets, ..Rule::default() }
    }

    fn targets(&self, operation: &str, name: &str, action: &Action, entry: Option<&Entry>) -> Vec<Target> {
        if let Some(target) = self.arn_target(operation, name, action) {
            return vec![target];
        }
        let mut found: Vec<(Target, bool, usize)> = Vec::new();
        for (kind, required) in &action.types {
            let Some(facts) = self.resource_type(name, kind) else { continue };
            if let Some(skipped) = self.own.skipped.iter().find(|skipped| skipped.what == *kind) {
                skipped.take();
                continue;
            }
            let (bindings, unbound) = self.bindings(operation, facts, entry, action);
            if bindings.is_empty() && !required {
                continue;
            }
            let target =
                Target { kind: TargetKind::Type(kind.clone()), optional: !required, bindings, bare: false };
            found.push((target, *required, unbound));
        }
        keep_distinct(found)
    }

    /// Tags given to a call that makes a resource need the right to tag it.
    fn tag_rule(&self, operation: &str, rules: &[Rule]) -> Option<Rule> {
        let verbs =
            ["Create", "Register", "Run", "Start", "Import", "Publish", "Request", "Put", "Allocate", "Copy"];
        if !verbs.iter().any(|verb| operation.starts_with(verb)) || operation.ends_with("Tagging") {
            return None;
        }
        let main = rules.first()?;
        let (prefix, _) = main.action.split_once(':')?;
        let input = self.api.model.input(operation)?;
        let member = input.members.keys().find(|member| TAG_MEMBERS.contains(&member.as_str()))?;
        if prefix == "ec2" {
            return Some(self.instance_tags(operation, member));
        }
        let tagging = ["TagResource", "AddTagsToResource"].map(|name| format!("{prefix}:{name}"));
        let action =
            tagging.into_iter().find(|action| self.action(action).is_some() && *action != main.action)?;
        let condition = Condition { negated: false, path: member.clone(), test: Test::Present };
        let targets = self.tagged(operation, &action, main);
        Some(Rule { conditions: vec![condition], action, targets, ..Rule::default() })
    }

    /// EC2 authorizes tags with `ec2:CreateTags`, limited to the operation that makes what is tagged; the
    /// request says of which types that is.
    fn instance_tags(&self, operation: &str, member: &str) -> Rule {
        let text = format!(
            "if {member} then ec2:CreateTags on \"arn:${{Partition}}:ec2:${{Region}}:*:${{ResourceType}}/*\"(ResourceType={member}[].ResourceType) with ec2:CreateAction={operation}"
        );
        Rule::parse(&text).unwrap_or_default()
    }

    /// What the tags of a call that makes something are put on: the resource type that the operation is
    /// named after, else those of the call itself that can be tagged.
    fn tagged(&self, operation: &str, action: &str, main: &Rule) -> Vec<Target> {
        let Some(facts) = self.action(action).filter(|facts| !facts.types.is_empty()) else {
            return Vec::new();
        };
        let noun = noun(operation);
        // The whole name fits better than its end, and its end better than the end of a longer one.
        let fit = |kind: &str| {
            let kind = normal(kind);
            if kind == noun {
                (3, kind.len())
            } else if noun.ends_with(&kind) {
                (2, kind.len())
            } else {
                (usize::from(kind.ends_with(&noun) || kind.starts_with(&noun)), 0)
            }
        };
        let made = facts.types.iter().max_by_key(|(kind, _)| fit(kind)).filter(|(kind, _)| fit(kind).0 > 0);
        let Some((kind, _)) = made else {
            let mut targets = main.targets.clone();
            targets.retain(|target| match &target.kind {
                TargetKind::Type(kind) => facts.types.iter().any(|(known, _)| known == kind),
                TargetKind::Template(_) => true,
            });
            if targets.is_empty() {
                // The IAM data of the tagging action may be behind: the ARN of what is made is right anyway.
                targets = main.targets.iter().map(|target| self.by_template(&main.action, target)).collect();
            }
            return targets;
        };
        let same = main.targets.iter().find(|target| target.kind == TargetKind::Type(kind.clone()));
        let bindings = match (same, self.resource_type(action, kind)) {
            (Some(target), _) => target.bindings.clone(),
            (None, Some(known)) => {
                // Only this type is meant, so that a plain name is its name.
                let only = Action { types: vec![(kind.clone(), true)], ..facts.clone() };
                self.bindings(operation, known, None, &only).0
            }
            (None, None) => Vec::new(),
        };
        vec![Target { kind: TargetKind::Type(kind.clone()), optional: false, bindings, bare: false }]
    }

    /// A target with its ARN template instead of its type.
    fn by_template(&self, action: &str, target: &Target) -> Target {
        let template = match &target.kind {
            TargetKind::Type(kind) => {
                self.resource_type(action, kind).and_then(|kind| kind.templates.first())
            }
            TargetKind::Template(_) => None,
        };
        let kind = template.map_or_else(|| target.kind.clone(), |text| TargetKind::Template(text.clone()));
        Target { kind, ..target.clone() }
    }
}

/// Why an operation has an action that the IAM data do not know.
pub(crate) const PRESUMED: &str = "presumed: the action is younger than the IAM data; actions are named after their operations (Service Authorization Reference, introduction of every page)";

/// The presumed actions of a service by prefix, in the order of its operations.
pub(crate) fn presumed(service: &Service) -> impl Iterator<Item = (&str, Action)> {
    let presumed =
        service.operations.iter().filter(|operation| operation.reason.as_deref() == Some(PRESUMED));
    presumed.filter_map(|operation| {
        let Verdict::Rules(rules) = &operation.verdict else { return None };
        let (prefix, name) = rules.first()?.action.split_once(':')?;
        let level = match name {
            _ if name.starts_with("List") => "List",
            _ if ["Get", "Describe", "BatchGet", "Search"].iter().any(|verb| name.starts_with(verb)) => {
                "Read"
            }
            _ if ["TagResource", "UntagResource"].contains(&name) => "Tagging",
            _ => "Write",
        };
        let reason = Some("presumed from the operation of this name".to_owned());
        Some((prefix, Action { name: name.to_owned(), level: level.to_owned(), types: Vec::new(), reason }))
    })
}

/// Members that give tags to what a call makes.
const TAG_MEMBERS: [&str; 5] = ["Tags", "tags", "TagList", "tagList", "TagSpecifications"];

/// What an operation is about, as a normal name: `statemachine` of `CreateStateMachine`.
fn noun(operation: &str) -> String {
    let verb = operation.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase());
    normal(verb.map_or("", |(end, _)| &operation[end..]))
}

/// Whether an operation makes a resource, which has no id before.
fn makes(operation: &str) -> bool {
    let verbs = ["Create", "Register", "Import", "Publish", "Request", "Allocate", "Copy"];
    verbs.iter().any(|verb| operation.starts_with(verb))
}

fn dedup(rules: &mut Vec<Rule>) {
    let mut seen = BTreeSet::new();
    rules.retain(|rule| seen.insert(rule.to_string()));
}

#[cfg(test)]
mod tests;
