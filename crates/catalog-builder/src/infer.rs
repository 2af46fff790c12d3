//! Derives what an operation needs from the upstream facts: the action of the same name, else what the
//! community map says; the resource types of that action; and which input members fill the variables
//! of their ARN templates. Overrides are applied last.

use crate::BuildError;
use crate::apigateway;
use crate::botocore::{Api, Shape};
use crate::community_map::{CommunityMap, Entry};
use crate::format::{
    Action, Binding, BindingMode, Condition, IamService, Member, NamedOperation, Operation, ResourceType,
    Rule, Service, Source, Target, TargetKind, Test, Verdict, With, WithValue, snake_case,
};
use crate::overrides::{self, EntryKind, Overrides, ServiceOverrides};
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
    for entry in &own.entries {
        inference.apply(entry, &mut operations)?;
    }
    inference.check(&operations)?;
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
    let mut prefixes = own.prefixes.clone();
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
        Operation { name: name.to_owned(), method, members: self.members(name), verdict, reason }
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
            if self.own.skipped.contains(kind) {
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

    /// Operations such as `TagResource(ResourceArn)` take the ARN of any resource type.
    fn arn_target(&self, operation: &str, action: &str, facts: &Action) -> Option<Target> {
        if facts.types.len() < 2 {
            return None;
        }
        let input = self.api.model.input(operation)?;
        let member = input.members.keys().find(|name| {
            matches!(normal(name).as_str(), "resourcearn" | "arn" | "resourceidentifier")
                && input.required.contains(*name)
        })?;
        let prefix = action.split(':').next()?;
        let template = format!("arn:${{Partition}}:{prefix}:${{Region}}:${{Account}}:${{{member}}}");
        let binding = Binding {
            variable: member.clone(),
            mode: BindingMode::Auto,
            sources: vec![Source::Path(member.clone())],
        };
        Some(Target {
            kind: TargetKind::Template(template),
            optional: false,
            bindings: vec![binding],
            bare: false,
        })
    }

    /// What fills the variables of a resource type, and how many stay unbound.
    fn bindings(
        &self,
        operation: &str,
        kind: &ResourceType,
        entry: Option<&Entry>,
        action: &Action,
    ) -> (Vec<Binding>, usize) {
        let Some(template) = kind.templates.first() else { return (Vec::new(), 0) };
        let variables = variables(template);
        let mut found: Vec<Option<Binding>> = vec![None; variables.len()];
        // What is declared or has the variable's name is certain and goes first; no member fills two.
        for guessing in [false, true] {
            for (position, variable) in variables.iter().enumerate() {
                if found[position].is_some() {
                    continue;
                }
                let last = position + 1 == variables.len();
                let binding = if guessing {
                    self.hinted(operation, &kind.name, variable, last, entry)
                        .or_else(|| self.guessed(operation, &kind.name, variable, last, action, &found))
                } else {
                    self.declared(operation, &kind.name, variable)
                        .or_else(|| self.same_name_member(operation, variable))
                };
                found[position] = binding.filter(|binding| !repeats(binding, &found));
            }
        }
        let bindings: Vec<Binding> = found.into_iter().flatten().collect();
        let unbound = variables.len() - bindings.len();
        (bindings, unbound)
    }

    /// A `bind` line of the overrides whose members the operation has.
    fn declared(&self, operation: &str, kind: &str, variable: &str) -> Option<Binding> {
        self.own.binds.iter().find_map(|(on, binding)| {
            let applies = (on == "*" || on == kind) && binding.variable == variable;
            let mut kept = binding.clone();
            kept.sources.retain(|source| match source {
                Source::Path(path) => self.api.model.at_path(operation, path).is_some(),
                Source::Literal(_) => true,
            });
            let bound = kept.sources.iter().any(|source| matches!(source, Source::Path(_)));
            (applies && bound).then_some(kept)
        })
    }

    /// What the community map says.
    fn hinted(
        &self,
        operation: &str,
        kind: &str,
        variable: &str,
        last: bool,
        entry: Option<&Entry>,
    ) -> Option<Binding> {
        let entry = entry?;
        let member = entry
            .member_for(variable)
            .or_else(|| if last { entry.member_with_arn_of(kind) } else { None })?;
        self.text_binding(operation, variable, member)
    }

    /// A member whose name fits the variable or the type.
    fn guessed(
        &self,
        operation: &str,
        kind: &str,
        variable: &str,
        last: bool,
        action: &Action,
        taken: &[Option<Binding>],
    ) -> Option<Binding> {
        let input = self.api.model.input(operation)?;
        let mut wanted = vec![normal(variable)];
        let base = stem(&normal(variable));
        let kind = normal(kind);
        let generic = matches!(base.as_str(), "" | "resource" | "relative");
        let bases: Vec<&str> = if generic {
            vec![&kind]
        } else if last {
            vec![&base, &kind]
        } else {
            vec![&base]
        };
        for base in bases.into_iter().filter(|base| base.len() > 1) {
            for suffix in ["name", "id", "arn", "identifier", "", "names", "ids", "arns", "identifiers", "s"]
            {
                wanted.push(format!("{base}{suffix}"));
            }
        }
        let single =
            action.types.len() == 1 || action.types.iter().filter(|(_, required)| *required).count() == 1;
        if last && single {
            wanted
                .extend(["resourcearn", "arn", "resourceid", "identifier", "id", "name"].map(str::to_owned));
        }
        wanted.iter().find_map(|name| {
            let member = input.members.keys().find(|member| normal(member) == *name)?;
            self.text_binding(operation, variable, member).filter(|binding| !repeats(binding, taken))
        })
    }

    fn same_name_member(&self, operation: &str, variable: &str) -> Option<Binding> {
        let input = self.api.model.input(operation)?;
        let member = input.members.keys().find(|member| normal(member) == normal(variable))?;
        self.text_binding(operation, variable, member)
    }

    /// Binds a variable to a member that is text or a list of texts.
    fn text_binding(&self, operation: &str, variable: &str, member: &str) -> Option<Binding> {
        let shape = self.api.model.at_path(operation, member)?;
        let path = match shape.kind.as_str() {
            "string" => member.to_owned(),
            "list" => {
                let path = format!("{member}[]");
                (self.api.model.at_path(operation, &path)?.kind == "string").then_some(path)?
            }
            _ => return None,
        };
        Some(Binding {
            variable: variable.to_owned(),
            mode: BindingMode::Auto,
            sources: vec![Source::Path(path)],
        })
    }

    /// Tags given to a call that makes a resource need the right to tag it.
    fn tag_rule(&self, operation: &str, rules: &[Rule]) -> Option<Rule> {
        let verbs =
            ["Create", "Register", "Run", "Start", "Import", "Publish", "Request", "Put", "Allocate", "Copy"];
        if !verbs.iter().any(|verb| operation.starts_with(verb)) {
            return None;
        }
        let main = rules.first()?;
        let (prefix, _) = main.action.split_once(':')?;
        let input = self.api.model.input(operation)?;
        let member = input
            .members
            .keys()
            .find(|member| matches!(member.as_str(), "Tags" | "tags" | "TagList" | "tagList"))?;
        let tagging = ["TagResource", "AddTagsToResource"].map(|name| format!("{prefix}:{name}"));
        let action =
            tagging.into_iter().find(|action| self.action(action).is_some() && *action != main.action)?;
        let condition = Condition { negated: false, path: member.clone(), test: Test::Present };
        Some(Rule { conditions: vec![condition], action, targets: main.targets.clone(), ..Rule::default() })
    }

    /// `iam:PassRole` for the roles among the members of a call that creates or changes something.
    fn pass_role(&self, operation: &str) -> Vec<Rule> {
        let verbs = ["Create", "Update", "Put", "Start", "Register", "Run", "Import", "Modify", "Submit"];
        if !verbs.iter().any(|verb| operation.starts_with(verb)) {
            return Vec::new();
        }
        let Some(input) = self.api.model.input(operation) else { return Vec::new() };
        let Some(prefix) = self.prefixes.first() else { return Vec::new() };
        let principal = self.own.principal.clone().unwrap_or_else(|| format!("{prefix}.amazonaws.com"));
        let mut paths = Vec::new();
        self.role_paths(input, "", 0, &mut paths);
        paths.iter().map(|path| pass_role_rule(path, &principal)).collect()
    }

    /// Paths of members that hold a role, down to three levels.
    fn role_paths(&self, shape: &Shape, prefix: &str, depth: usize, paths: &mut Vec<String>) {
        for name in shape.members.keys() {
            let Some(mut inner) = shape.field(name).and_then(|field| self.api.model.shapes.get(&field.shape))
            else {
                continue;
            };
            let mut path = format!("{prefix}{name}");
            if inner.kind == "list"
                && let Some(element) =
                    inner.member.as_ref().and_then(|member| self.api.model.shapes.get(&member.shape))
            {
                inner = element;
                path.push_str("[]");
            }
            match inner.kind.as_str() {
                "string" if is_role(name) => paths.push(path),
                "structure" if depth < 2 => self.role_paths(inner, &format!("{path}."), depth + 1, paths),
                _ => {}
            }
        }
    }

    /// Objects in S3 that a call gives to a service to read with the caller's rights.
    fn s3_inputs(&self, operation: &str) -> Vec<Rule> {
        let reads = ["rekognition", "textract"];
        let Some(input) = self.api.model.input(operation) else { return Vec::new() };
        let mut paths = Vec::new();
        if self.prefixes.first().is_some_and(|prefix| reads.contains(&prefix.as_str())) {
            self.s3_object_paths(input, "", 0, &mut paths);
        }
        paths.iter().flat_map(|path| [false, true].map(|version| s3_read_rule(path, version))).collect()
    }

    fn s3_object_paths(&self, shape: &Shape, prefix: &str, depth: usize, paths: &mut Vec<String>) {
        for name in shape.members.keys() {
            let Some(inner) = shape.field(name).and_then(|field| self.api.model.shapes.get(&field.shape))
            else {
                continue;
            };
            if inner.kind == "structure"
                && inner.members.contains_key("Bucket")
                && inner.members.contains_key("Name")
            {
                paths.push(format!("{prefix}{name}"));
            } else if inner.kind == "structure" && depth < 2 {
                self.s3_object_paths(inner, &format!("{prefix}{name}."), depth + 1, paths);
            }
        }
    }

    fn apply(&self, entry: &overrides::Entry, operations: &mut [Operation]) -> Result<(), BuildError> {
        for name in &entry.operations {
            let operation =
                operations.iter_mut().find(|operation| operation.name == *name).ok_or_else(|| {
                    entry.place.error(format!(
                        "`{}` has no operation `{name}`; correct the name or delete the override",
                        self.api.name
                    ))
                })?;
            let named = |rule: &Rule| Rule { action: rule.action.replace("$op", name), ..rule.clone() };
            let rules: Vec<Rule> = entry.rules.iter().map(|rule| self.complete(name, &named(rule))).collect();
            let verdict = match entry.kind {
                EntryKind::Replace => Verdict::Rules(rules),
                EntryKind::NoPermission => Verdict::NoPermission,
                EntryKind::Unknown => Verdict::Unknown,
                EntryKind::Add => match operation.verdict.clone() {
                    Verdict::Rules(mut generated) => {
                        generated.extend(rules);
                        Verdict::Rules(generated)
                    }
                    _ => {
                        return Err(entry
                            .place
                            .error(format!("`{name}` has no generated rules to add to; use `op`")));
                    }
                },
            };
            if verdict == operation.verdict && operation.reason.is_none() {
                return Err(entry
                    .place
                    .error(format!("`{name}` is generated like this already; delete it from the override")));
            }
            operation.verdict = verdict;
            operation.reason = Some(match (&operation.reason, entry.kind) {
                (Some(before), EntryKind::Add) => format!("{before}; {}", entry.reason),
                _ => entry.reason.clone(),
            });
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
    fn check(&self, operations: &[Operation]) -> Result<(), BuildError> {
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
        if self.action(&rule.action).is_none() {
            return Err(format!(
                "action `{}` is not in the IAM data; add it to overrides/iam.txt with a reason",
                rule.action
            ));
        }
        for target in &rule.targets {
            let template = match &target.kind {
                TargetKind::Template(template) => template.clone(),
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

fn is_role(name: &str) -> bool {
    let name = normal(name);
    name.ends_with("rolearn") || matches!(name.as_str(), "role" | "servicerole" | "executionrole" | "iamrole")
}

fn s3_read_rule(path: &str, version: bool) -> Rule {
    let binding = |variable: &str, member: &str| Binding {
        variable: variable.to_owned(),
        mode: BindingMode::Auto,
        sources: vec![Source::Path(format!("{path}.{member}"))],
    };
    let target = Target {
        kind: TargetKind::Type("object".to_owned()),
        optional: false,
        bindings: vec![binding("BucketName", "Bucket"), binding("ObjectName", "Name")],
        bare: false,
    };
    let present = |path: String, negated: bool| Condition { negated, path, test: Test::Present };
    Rule {
        conditions: vec![present(path.to_owned(), false), present(format!("{path}.Version"), !version)],
        action: if version { "s3:GetObjectVersion" } else { "s3:GetObject" }.to_owned(),
        targets: vec![target],
        ..Rule::default()
    }
}

fn pass_role_rule(member: &str, principal: &str) -> Rule {
    let binding = Binding {
        variable: "RoleNameWithPath".to_owned(),
        mode: BindingMode::Auto,
        sources: vec![Source::Path(member.to_owned())],
    };
    Rule {
        conditions: vec![Condition { negated: false, path: member.to_owned(), test: Test::Present }],
        action: "iam:PassRole".to_owned(),
        targets: vec![Target {
            kind: TargetKind::Type("role".to_owned()),
            optional: false,
            bindings: vec![binding],
            bare: false,
        }],
        with: vec![With {
            operator: "StringEquals".to_owned(),
            key: "iam:PassedToService".to_owned(),
            values: vec![WithValue::Literal(principal.to_owned())],
        }],
        ..Rule::default()
    }
}

fn dedup(rules: &mut Vec<Rule>) {
    let mut seen = BTreeSet::new();
    rules.retain(|rule| seen.insert(rule.to_string()));
}

/// Whether a binding reads a member that another variable of the template has already.
fn repeats(binding: &Binding, taken: &[Option<Binding>]) -> bool {
    taken.iter().flatten().any(|other| other.sources == binding.sources)
}

/// Of several types that the same members fill, keeps the required ones, or the best bound one.
fn keep_distinct(mut found: Vec<(Target, bool, usize)>) -> Vec<Target> {
    found.sort_by_key(|(target, required, unbound)| (!required, *unbound, target.bindings.len()));
    let mut kept: Vec<Target> = Vec::new();
    for (target, required, unbound) in found {
        let members = member_set(&target);
        let repeats = kept.iter().any(|other| {
            members.is_subset(&member_set(other)) || (unbound > 0 && !members.is_disjoint(&member_set(other)))
        });
        if required || !repeats {
            kept.push(target);
        }
    }
    kept
}

fn member_set(target: &Target) -> BTreeSet<String> {
    let sources = target.bindings.iter().flat_map(|binding| &binding.sources);
    sources
        .filter_map(|source| match source {
            Source::Path(path) => Some(path.clone()),
            Source::Literal(_) => None,
        })
        .collect()
}

/// The variables of an ARN template except partition, region and account.
pub(crate) fn variables(template: &str) -> Vec<String> {
    template
        .split("${")
        .skip(1)
        .filter_map(|piece| piece.split('}').next())
        .filter(|name| !["Partition", "Region", "Account"].contains(name))
        .map(str::to_owned)
        .collect()
}

/// A name without case and separators.
fn normal(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

/// A normal name without its ending.
fn stem(name: &str) -> String {
    for ending in ["namewithpath", "resourceid", "identifier", "name", "arn", "id"] {
        if let Some(stem) = name.strip_suffix(ending) {
            return stem.to_owned();
        }
    }
    name.to_owned()
}
