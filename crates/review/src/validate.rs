//! What the grammar allows and the catalogue does not: actions that do not exist, resources that no action of
//! the statement works on, limits of size. Each is a warning with line and column: the policy can be used, and
//! part of it does nothing.
//!
//! Source: "Actions, resources, and condition keys for AWS services" (Service Authorization Reference), which the
//! catalogue has.

use std::collections::BTreeSet;

use perm_infer_catalog::{Action, Nearest};
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::evaluate::Operator;
use perm_infer_policy::{
    Arn, Document, SizeLimit, SizeWarning, Statement, covers, overlaps, policy_size, size_warnings,
};

use crate::grammar::{PolicyKind, did_you_mean};
use crate::keys;
use crate::mismatch::is_whole_service;
use crate::policy_file::{PolicyFile, StatementPlaces};

/// Checks a policy against the catalogue.
#[must_use]
pub fn validate(file: &PolicyFile) -> Vec<Diagnostic> {
    let mut checker = Checker { file, found: Vec::new() };
    for (statement, places) in file.document.statement.iter().zip(&file.statements) {
        checker.statement(statement, places);
    }
    checker.size();
    checker.found
}

/// Checks a policy that a template states: against the catalogue, and for what the grammar of a document would refuse.
#[must_use]
pub fn validate_stated(file: &PolicyFile) -> Vec<Diagnostic> {
    let mut checker = Checker { file, found: validate(file) };
    let mut sids = BTreeSet::new();
    for (statement, places) in file.document.statement.iter().zip(&file.statements) {
        match statement.sid.as_deref() {
            Some("") => {
                let remedy = "leave it out or name the statement".to_owned();
                checker.warn("empty-sid", &places.whole, "the Sid is empty".to_owned(), remedy);
            }
            Some(sid) if !sids.insert(sid) => {
                let message = format!("another statement of the policy has the Sid `{sid}` too");
                checker.warn("duplicate-sid", &places.whole, message, "name it otherwise".to_owned());
            }
            _ => {}
        }
        for (operator, _, place) in &places.keys {
            if Operator::parse(operator).is_none() {
                let message = format!("there is no condition operator `{operator}`");
                let bare = operator.rsplit(':').next().unwrap_or(operator);
                let remedy = did_you_mean(bare.strip_suffix("IfExists").unwrap_or(bare), &Operator::NAMES);
                checker.warn("unknown-operator", place, message, remedy);
            }
        }
    }
    checker.found
}

struct Checker<'f> {
    file: &'f PolicyFile,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn warn(&mut self, code: &'static str, place: &Location, message: String, remedy: String) {
        let diagnostic = Diagnostic::new(Severity::Warning, code, message).remedy(remedy);
        self.found.push(diagnostic.at(place.clone()));
    }

    fn statement(&mut self, statement: &Statement, places: &StatementPlaces) {
        let texts = statement.action.iter().chain(&statement.not_action).flatten();
        let mut actions: Vec<(&Location, Vec<Action>)> = Vec::new();
        for (text, place) in texts.zip(&places.actions) {
            let named = self.action(text, place);
            actions.push((place, named));
        }
        let resources: Vec<(&String, &Location)> =
            statement.resource.iter().flatten().zip(&places.resources).collect();
        for (text, place) in
            statement.resource.iter().chain(&statement.not_resource).flatten().zip(&places.resources)
        {
            self.resource_form(text, place);
        }
        if statement.action.is_some() && statement.resource.is_some() {
            self.resources(&actions, &resources);
        }
        if self.file.document.version.as_deref() != Some(Document::VERSION) {
            self.variables(statement, places);
        }
        // What a wildcard or an unknown action means is not known well enough to miss a key.
        let is_known = statement.action.is_some() && actions.iter().all(|(_, named)| !named.is_empty());
        let all: Vec<Action> = actions.iter().flat_map(|(_, named)| named.iter().copied()).collect();
        for (operator, key, place) in &places.keys {
            self.key(operator, key, if is_known { &all } else { &[] }, place);
        }
    }

    /// The actions that a text names; nothing for `*` and for what names none.
    fn action(&mut self, text: &str, place: &Location) -> Vec<Action> {
        if text == "*" {
            return Vec::new();
        }
        let Some((prefix, name)) = text.split_once(':') else {
            let message = format!("`{text}` is no action: an action is written service:Name");
            self.warn("unknown-action", place, message, nearest_action(text));
            return Vec::new();
        };
        let named: Vec<Action> = Action::named(text).collect();
        if named.is_empty() {
            let known = prefixes();
            let message = if !known.contains(prefix.to_ascii_lowercase().as_str()) && !prefix.contains('*') {
                format!("there is no service `{prefix}`, so `{text}` allows nothing")
            } else if name.contains(['*', '?']) {
                format!("no action of the service is like `{text}`")
            } else {
                format!("there is no action `{text}`")
            };
            self.warn("unknown-action", place, message, nearest_action(text));
        }
        named
    }

    fn resource_form(&mut self, text: &str, place: &Location) {
        let variable = text.starts_with("${");
        if text != "*" && !text.starts_with("arn:") && !variable && !text.starts_with("*") {
            let message = format!("`{text}` is no resource: a resource is an ARN or \"*\"");
            self.warn("odd-resource", place, message, "write the ARN".to_owned());
        }
    }

    /// Each action has to find a resource that it works on, and each resource an action.
    fn resources(&mut self, actions: &[(&Location, Vec<Action>)], resources: &[(&String, &Location)]) {
        if resources.iter().any(|(text, _)| *text == "*") {
            return;
        }
        for (place, named) in actions {
            // A wildcard is meant to be wider than the resources.
            let [action] = named.as_slice() else { continue };
            if resources.iter().any(|(text, _)| is_whole_service(action.name(), text)) {
                continue;
            }
            if !action.is_resource_level() {
                let message =
                    format!("`{}` cannot be limited to resources, so this allows nothing", action.name());
                self.warn(
                    "needs-any-resource",
                    place,
                    message,
                    "give it a statement with \"Resource\": \"*\"".to_owned(),
                );
            } else if !resources.iter().any(|(text, _)| works_on(*action, text)) {
                let types: Vec<String> =
                    action.resources().map(|kind| format!("{} ({})", kind.name, kind.template)).collect();
                let message =
                    format!("no resource of the statement is one that `{}` works on", action.name());
                self.warn("wrong-resource", place, message, format!("it works on {}", types.join(", ")));
            }
        }
        let all: BTreeSet<Action> = actions.iter().flat_map(|(_, named)| named.iter().copied()).collect();
        if actions.iter().any(|(_, named)| named.is_empty()) {
            return;
        }
        for (text, place) in resources.iter().filter(|(text, _)| text.starts_with("arn:")) {
            let works = |action: &Action| works_on(*action, text) || is_whole_service(action.name(), text);
            if !all.iter().any(works) {
                let message = format!("no action of the statement works on `{text}`");
                self.warn("unused-resource", place, message, "name its actions or leave it out".to_owned());
            }
        }
    }

    fn key(&mut self, operator: &str, key: &str, actions: &[Action], place: &Location) {
        if let Some((message, remedy)) = keys::problem(operator, key) {
            self.warn("odd-condition-key", place, message, remedy);
        } else if let Some(message) = keys::without_action(operator, key, actions) {
            let remedy =
                "leave the condition out, or give the actions that have the key a statement of their own";
            self.warn("condition-key-without-action", place, message, remedy.to_owned());
        }
    }

    /// What a policy of the current version would put in place of variables is text in an older one. Source: "IAM JSON
    /// policy elements: Version".
    fn variables(&mut self, statement: &Statement, places: &StatementPlaces) {
        let resources =
            statement.resource.iter().chain(&statement.not_resource).flatten().zip(&places.resources);
        let conditions = places.keys.iter().flat_map(|(operator, key, place)| {
            let values = statement.condition.get(operator).and_then(|keys| keys.get(key));
            values.into_iter().flatten().map(move |value| (value, place))
        });
        let found: Vec<(String, Location)> = resources
            .chain(conditions)
            .filter(|(text, _)| text.contains("${"))
            .map(|(text, place)| (text.clone(), place.clone()))
            .collect();
        for (text, place) in found {
            let message =
                format!("the variable in `{text}` is not replaced: the policy is of version 2008-10-17");
            let remedy = "write \"Version\": \"2012-10-17\"".to_owned();
            self.warn("unexpanded-variable", &place, message, remedy);
        }
    }

    fn size(&mut self) {
        if let Some(warning) = self.too_large() {
            let remedy = warning.remedy().to_owned();
            self.warn("too-large", &self.file.location.clone(), warning.to_string(), remedy);
        }
    }

    fn too_large(&self) -> Option<SizeWarning> {
        let limit = match self.file.kind {
            // Which limit counts depends on where the policy is attached; those of roles are the largest.
            PolicyKind::Identity => {
                let warnings = size_warnings(&self.file.document);
                return warnings.last().copied().filter(|warning| warning.limit >= SizeLimit::Managed);
            }
            PolicyKind::Trust => SizeLimit::Trust,
            PolicyKind::Session => SizeLimit::Session,
            PolicyKind::ServiceControl => SizeLimit::ServiceControl,
            PolicyKind::ResourceControl => SizeLimit::ResourceControl,
            // Each service has a limit of its own.
            PolicyKind::Resource => return None,
        };
        let packed = policy_size(&self.file.document);
        let size = self.file.characters.filter(|_| limit.counts_white_space()).unwrap_or(packed);
        (size > limit.characters()).then_some(SizeWarning { limit, size })
    }
}

fn prefixes() -> BTreeSet<&'static str> {
    Action::all().filter_map(|action| action.name().split_once(':')).map(|(prefix, _)| prefix).collect()
}

fn nearest_action(text: &str) -> String {
    let mut nearest = Nearest::new(text);
    Action::all().for_each(|action| nearest.offer(action.name()));
    match nearest.names().as_slice() {
        [] => "see `perm-infer lookup` for names".to_owned(),
        names => format!("did you mean {}?", names.join(", ")),
    }
}

/// Whether some resource of a type of the action can have an ARN like this text. A text that can only be of a
/// more special type (`bucket/*` is objects, not a bucket) is not of the general one.
pub(crate) fn works_on(action: Action, text: &str) -> bool {
    let patterns: Vec<String> = action.resources().map(|kind| as_pattern(kind.template)).collect();
    patterns.iter().any(|pattern| {
        arns_overlap(pattern, text)
            && !more_special(action, pattern)
                .iter()
                .any(|special| covers(special, text) && !patterns.contains(special))
    })
}

/// Whether an action can be asked for on a resource, as far as the catalogue tells services and types apart.
pub(crate) fn can_be_of(action: Action, resource: &str) -> bool {
    if resource == "*" || !action.is_resource_level() {
        return true;
    }
    action.resources().any(|kind| arns_overlap(&as_pattern(kind.template), resource))
}

/// Whether some ARN is matched by both, field by field: a star in one field says nothing of the next.
fn arns_overlap(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (one.parse::<Arn>(), other.parse::<Arn>()) else {
        // A text with a star across fields, such as `arn:aws:s3:*`.
        return overlaps(one, other);
    };
    overlaps(&one.partition, &other.partition)
        && overlaps(&one.service, &other.service)
        && overlaps(&one.region, &other.region)
        && overlaps(&one.account, &other.account)
        && overlaps(&one.resource, &other.resource)
}

/// Templates of the same service that are like this one with more behind it.
fn more_special(action: Action, pattern: &str) -> Vec<String> {
    let prefix = action.name().split_once(':').map_or("", |(prefix, _)| prefix);
    let templates = perm_infer_catalog::resource_templates(prefix).map(as_pattern);
    templates.filter(|special| special.len() > pattern.len() && special.starts_with(pattern)).collect()
}

/// `arn:*:s3:::*/*` for `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
fn as_pattern(template: &str) -> String {
    let mut pattern = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        pattern.push_str(before);
        pattern.push('*');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    pattern + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn works(action: &str, text: &str) -> bool {
        works_on(Action::find(action).expect("an action"), text)
    }

    #[test]
    fn actions_work_on_what_their_types_can_be() {
        for (action, text, expected) in [
            ("s3:ListBucket", "arn:aws:s3:::data", true),
            ("s3:ListBucket", "arn:aws:s3:::data/*", false),
            ("s3:ListBucket", "arn:aws:s3:::data*", true),
            ("s3:GetObject", "arn:aws:s3:::data/*", true),
            ("s3:GetObject", "arn:aws:s3:::data", false),
            ("s3:GetObject", "arn:aws:s3:::*", true),
            ("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/orders", true),
            ("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/orders/index/*", false),
            ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/orders/index/*", true),
            ("sqs:SendMessage", "arn:aws:sns:*:*:jobs", false),
            ("iam:PassRole", "arn:aws:iam::123456789012:role/service/app", true),
        ] {
            assert_eq!(works(action, text), expected, "{action} {text}");
        }
    }
}
