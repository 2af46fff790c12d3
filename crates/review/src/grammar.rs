//! From JSON to a policy document, with everything that is not as the grammar wants it.
//!
//! Sources: "Grammar of the IAM JSON policy language"; "IAM JSON policy elements reference".

use std::collections::{BTreeMap, BTreeSet};

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged};
use perm_infer_catalog::Nearest;
use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_policy::evaluate::{Comparison, Operator};
use perm_infer_policy::{Condition, Document, Effect, OneOrMany, Statement};

use crate::json::{Places, name, plain};
use crate::policy_file::StatementRanges;

/// What a policy is attached to, which decides which elements it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// A user, group or role, or the boundary of one: no principals.
    Identity,
    /// A session: no principals.
    Session,
    /// A resource: principals, and resources.
    Resource,
    /// A role, as its trust policy: principals, and no resources.
    Trust,
    /// An organisation's limit for principals.
    ServiceControl,
    /// An organisation's limit for resources.
    ResourceControl,
}

/// What was read.
pub(crate) struct Read {
    pub(crate) document: Document,
    pub(crate) ranges: Vec<StatementRanges>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads a policy. The document is complete when no diagnostic is an error.
pub(crate) fn read(root: &Value<'_>, kind: PolicyKind, places: &Places) -> Read {
    let mut reader = Reader { kind, places, diagnostics: Vec::new() };
    let mut document = Document { version: None, id: None, statement: OneOrMany::Many(Vec::new()) };
    let mut ranges = Vec::new();
    match root.as_object() {
        Some(object) => reader.document(object, &mut document, &mut ranges),
        None => {
            reader.error("no-policy", root.range(), "a policy is an object with `Version` and `Statement`");
        }
    }
    Read { document, ranges, diagnostics: reader.diagnostics }
}

struct Reader<'p> {
    kind: PolicyKind,
    places: &'p Places,
    diagnostics: Vec<Diagnostic>,
}

const DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
const STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

impl Reader<'_> {
    fn report(
        &mut self,
        severity: Severity,
        code: &'static str,
        range: Range,
        message: String,
        remedy: String,
    ) {
        let diagnostic = Diagnostic::new(severity, code, message).at(self.places.at(range)).remedy(remedy);
        self.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: &'static str, range: Range, message: &str) {
        self.report(Severity::Error, code, range, message.to_owned(), String::new());
    }

    fn warn(&mut self, code: &'static str, range: Range, message: &str, remedy: &str) {
        self.report(Severity::Warning, code, range, message.to_owned(), remedy.to_owned());
    }

    /// Refuses names that are not known, with the nearest one, and names that stand twice.
    fn names(&mut self, object: &Object<'_>, known: &[&str], whose: &str) {
        let mut seen = BTreeSet::new();
        for property in &object.properties {
            let (name, range) = name(property);
            if !seen.insert(name) {
                self.error("duplicate-element", range, &format!("`{name}` stands twice in {whose}"));
            }
            if !known.contains(&name) {
                let message = format!("{whose} has no element `{name}`");
                self.report(Severity::Error, "unknown-element", range, message, did_you_mean(name, known));
            }
        }
    }

    fn document(&mut self, object: &Object<'_>, document: &mut Document, ranges: &mut Vec<StatementRanges>) {
        self.names(object, &DOCUMENT, "a policy");
        self.version(object, document);
        document.id = object.get("Id").and_then(|property| self.string(&property.value, "Id"));
        let Some(statement) = object.get("Statement") else {
            return self.error("no-statement", object.range, "the policy has no `Statement`");
        };
        let statements: Vec<&Value<'_>> = match &statement.value {
            Value::Array(array) => array.elements.iter().collect(),
            one => vec![one],
        };
        let mut sids = BTreeMap::new();
        let mut read = Vec::new();
        for value in statements {
            let Some(object) = value.as_object() else {
                self.error("no-statement", value.range(), "a statement is an object");
                continue;
            };
            let (statement, places) = self.statement(object);
            if let Some(sid) = statement.sid.as_ref().filter(|sid| !sid.is_empty())
                && sids.insert(sid.clone(), ()).is_some()
            {
                self.error(
                    "duplicate-sid",
                    places.whole,
                    &format!("another statement has the Sid `{sid}` too"),
                );
            }
            read.push(statement);
            ranges.push(places);
        }
        document.statement = match (&statement.value, read.len()) {
            (Value::Object(_), 1) => OneOrMany::from_values(read),
            _ => OneOrMany::Many(read),
        };
    }

    fn version(&mut self, object: &Object<'_>, document: &mut Document) {
        let remedy = "write \"Version\": \"2012-10-17\"";
        let Some(property) = object.get("Version") else {
            let message = "without `Version` the policy is of 2008-10-17, in which policy variables are text";
            return self.warn(
                "old-version",
                Range::new(object.range.start, object.range.start),
                message,
                remedy,
            );
        };
        let range = property.value.range();
        document.version = self.string(&property.value, "Version");
        match document.version.as_deref() {
            Some(Document::VERSION) | None => {}
            Some("2008-10-17") => {
                self.warn("old-version", range, "in version 2008-10-17 policy variables are text", remedy);
            }
            Some(other) => {
                let message = format!("there is no version `{other}` of the policy language");
                self.report(Severity::Error, "unknown-version", range, message, remedy.to_owned());
            }
        }
    }

    fn statement(&mut self, object: &Object<'_>) -> (Statement, StatementRanges) {
        self.names(object, &STATEMENT, "a statement");
        let mut ranges = StatementRanges {
            whole: object.range,
            actions: Vec::new(),
            resources: Vec::new(),
            keys: Vec::new(),
        };
        let (action, not_action) = self.either(object, "Action", "NotAction", &mut ranges.actions);
        let (resource, not_resource) = self.either(object, "Resource", "NotResource", &mut ranges.resources);
        let statement = Statement {
            sid: object.get("Sid").and_then(|property| self.sid(property)),
            effect: self.effect(object),
            principal: object.get("Principal").map(|property| self.principal(property)),
            not_principal: object.get("NotPrincipal").map(|property| self.principal(property)),
            action,
            not_action,
            resource,
            not_resource,
            condition: object
                .get("Condition")
                .map(|property| self.condition(property, &mut ranges))
                .unwrap_or_default(),
        };
        self.completeness(object, &statement);
        (statement, ranges)
    }

    /// Which elements a statement must have, and must not.
    fn completeness(&mut self, object: &Object<'_>, statement: &Statement) {
        let range = Range::new(object.range.start, object.range.start);
        if object.get("Action").is_none() && object.get("NotAction").is_none() {
            self.error("no-action", range, "the statement has neither `Action` nor `NotAction`");
        }
        let has_principal = statement.principal.is_some() || statement.not_principal.is_some();
        let has_resource = object.get("Resource").is_some() || object.get("NotResource").is_some();
        let wants_principal =
            matches!(self.kind, PolicyKind::Resource | PolicyKind::Trust | PolicyKind::ResourceControl);
        if wants_principal && !has_principal {
            self.error(
                "no-principal",
                range,
                "the statement does not say whom it is about: `Principal` is missing",
            );
        }
        if !wants_principal && has_principal {
            self.error(
                "needless-principal",
                range,
                "a policy of an identity has no `Principal`: it is about that identity",
            );
        }
        if self.kind == PolicyKind::Trust && has_resource {
            self.error("needless-resource", range, "a trust policy has no `Resource`: it is about its role");
        }
        if !matches!(self.kind, PolicyKind::Trust | PolicyKind::Resource) && !has_resource {
            self.error("no-resource", range, "the statement has neither `Resource` nor `NotResource`");
        }
        if self.kind == PolicyKind::ResourceControl {
            self.resource_control(range, statement);
        }
    }

    /// "RCP syntax", elements summary.
    fn resource_control(&mut self, range: Range, statement: &Statement) {
        if statement.not_action.is_some() || statement.not_principal.is_some() {
            let message = "a resource control policy has neither `NotAction` nor `NotPrincipal`";
            self.error("odd-control-policy", range, message);
        }
        let everybody = serde_json::json!("*");
        if statement.principal.as_ref().is_some_and(|principal| *principal != everybody) {
            let message = "the `Principal` of a resource control policy is \"*\"; conditions say more";
            self.error("odd-control-policy", range, message);
        }
        // `RCPFullAWSAccess`, which is attached everywhere, allows everything.
        let any = |texts: &Option<OneOrMany<String>>| {
            texts.as_ref().is_some_and(|texts| texts.iter().all(|text| text == "*"))
        };
        let full = any(&statement.action) && any(&statement.resource) && statement.condition.is_empty();
        if statement.effect == Effect::Allow && !full {
            self.error("allow-in-control-policy", range, "a resource control policy can only deny");
        }
    }

    fn either(
        &mut self,
        object: &Object<'_>,
        yes: &str,
        no: &str,
        ranges: &mut Vec<Range>,
    ) -> (Option<OneOrMany<String>>, Option<OneOrMany<String>>) {
        if let (Some(_), Some(second)) = (object.get(yes), object.get(no)) {
            let message = format!("a statement has `{yes}` or `{no}`, not both");
            self.error("contradicting-elements", second.name.range(), &message);
        }
        let mut read = |name: &str| object.get(name).map(|property| self.strings(property, name, ranges));
        (read(yes), read(no))
    }

    fn effect(&mut self, object: &Object<'_>) -> Effect {
        let Some(property) = object.get("Effect") else {
            self.error(
                "no-effect",
                Range::new(object.range.start, object.range.start),
                "the statement has no `Effect`",
            );
            return Effect::Deny;
        };
        match property.value.as_string_lit().map(|text| text.value.as_ref()) {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => {
                self.error("unknown-effect", property.value.range(), "`Effect` is \"Allow\" or \"Deny\"");
                Effect::Deny
            }
        }
    }

    fn sid(&mut self, property: &ObjectProp<'_>) -> Option<String> {
        let sid = self.string(&property.value, "Sid")?;
        let range = property.value.range();
        // Policies of resources may have spaces and more in it.
        let plain = sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if sid.is_empty() {
            self.warn("empty-sid", range, "the Sid is empty", "leave it out or name the statement");
        } else if !plain && !matches!(self.kind, PolicyKind::Resource | PolicyKind::ResourceControl) {
            self.error("odd-sid", range, &format!("`{sid}`: a Sid has only letters and digits"));
        }
        Some(sid)
    }

    fn principal(&mut self, property: &ObjectProp<'_>) -> serde_json::Value {
        const KINDS: [&str; 4] = ["AWS", "Service", "Federated", "CanonicalUser"];
        match &property.value {
            Value::StringLit(text) if text.value == "*" => {}
            Value::Object(object) => {
                self.names(object, &KINDS, "a principal");
                for kind in &object.properties {
                    self.strings(kind, "a principal", &mut Vec::new());
                }
            }
            other => {
                let message = "a principal is \"*\" or an object such as {\"AWS\": \"123456789012\"}";
                self.error("odd-principal", other.range(), message);
            }
        }
        plain(&property.value)
    }

    fn condition(&mut self, property: &ObjectProp<'_>, ranges: &mut StatementRanges) -> Condition {
        let mut conditions = Condition::new();
        let Some(operators) = property.value.as_object() else {
            self.error("odd-condition", property.value.range(), "`Condition` is an object of operators");
            return conditions;
        };
        for property in &operators.properties {
            let (operator_name, range) = name(property);
            let operator = self.operator(operator_name, range);
            let Some(keys) = property.value.as_object() else {
                self.error(
                    "odd-condition",
                    property.value.range(),
                    "an operator has an object of condition keys",
                );
                continue;
            };
            for key in &keys.properties {
                let values = self.values(key, operator);
                let (key, range) = name(key);
                if !key.contains(':') {
                    self.error(
                        "odd-condition-key",
                        range,
                        &format!("`{key}` is no condition key: it has no prefix"),
                    );
                }
                ranges.keys.push((operator_name.to_owned(), key.to_owned(), range));
                let known = conditions.entry(operator_name.to_owned()).or_default();
                if known.insert(key.to_owned(), values).is_some() {
                    self.error(
                        "duplicate-element",
                        range,
                        &format!("`{key}` stands twice under `{operator_name}`"),
                    );
                }
            }
        }
        conditions
    }

    fn operator(&mut self, name: &str, range: Range) -> Option<Operator> {
        let operator = Operator::parse(name);
        if operator.is_none() {
            let bare = name.rsplit(':').next().unwrap_or(name);
            let (bare, suffix) = bare.strip_suffix("IfExists").map_or((bare, ""), |bare| (bare, "IfExists"));
            let remedy = did_you_mean(bare, &Operator::NAMES);
            let message = match suffix {
                "IfExists" if bare == "Null" => "`Null` cannot have `IfExists`".to_owned(),
                _ => format!("there is no condition operator `{name}`"),
            };
            self.report(Severity::Error, "unknown-operator", range, message, remedy);
        }
        operator
    }

    /// Values may be numbers and booleans too; each has to be readable for its operator.
    fn values(&mut self, property: &ObjectProp<'_>, operator: Option<Operator>) -> OneOrMany<String> {
        let mut scalar = |value: &Value<'_>| -> Option<String> {
            let text = match value {
                Value::StringLit(text) => text.value.clone().into_owned(),
                Value::NumberLit(number) => number.value.to_owned(),
                Value::BooleanLit(truth) => truth.value.to_string(),
                other => {
                    let message = "a condition value is a string, a number or a boolean";
                    self.error("odd-condition", other.range(), message);
                    return None;
                }
            };
            if let Some(Operator { comparison, .. }) = operator
                && !comparison.reads(&text)
            {
                let message =
                    format!("`{text}` is no {}, so the condition is never met", kind_of(comparison));
                self.error("odd-condition-value", value.range(), &message);
            }
            Some(text)
        };
        match &property.value {
            Value::Array(array) => OneOrMany::Many(array.elements.iter().filter_map(&mut scalar).collect()),
            one => OneOrMany::Many(scalar(one).into_iter().collect()).simplified(),
        }
    }

    fn string(&mut self, value: &Value<'_>, what: &str) -> Option<String> {
        let text = value.as_string_lit().map(|text| text.value.clone().into_owned());
        if text.is_none() {
            self.error("odd-value", value.range(), &format!("{what} is a string"));
        }
        text
    }

    fn strings(
        &mut self,
        property: &ObjectProp<'_>,
        what: &str,
        ranges: &mut Vec<Range>,
    ) -> OneOrMany<String> {
        match &property.value {
            Value::Array(array) => {
                if array.elements.is_empty() {
                    let message = format!("{what} is an empty list, so the statement never matches");
                    self.warn("empty-list", array.range, &message, "name something or delete the statement");
                }
                let texts = array.elements.iter().filter_map(|value| {
                    let text = self.string(value, what)?;
                    ranges.push(value.range());
                    Some(text)
                });
                OneOrMany::Many(texts.collect())
            }
            one => {
                let text = self.string(one, what);
                ranges.extend(text.iter().map(|_| one.range()));
                OneOrMany::Many(text.into_iter().collect()).simplified()
            }
        }
    }
}

trait Simplified {
    fn simplified(self) -> Self;
}

impl Simplified for OneOrMany<String> {
    fn simplified(self) -> Self {
        match self {
            OneOrMany::Many(values) => OneOrMany::from_values(values),
            one @ OneOrMany::One(_) => one,
        }
    }
}

/// A remedy that names what may have been meant.
pub(crate) fn did_you_mean(name: &str, known: &[&str]) -> String {
    let mut nearest = Nearest::new(name);
    known.iter().for_each(|known| nearest.offer(known));
    match nearest.names().first() {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("use one of {}", known.join(", ")),
    }
}

fn kind_of(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Number(_) => "number",
        Comparison::Date(_) => "date",
        Comparison::Bool | Comparison::Null => "truth value (true or false)",
        Comparison::Ip => "IP address or range",
        Comparison::Arn => "ARN with six parts",
        Comparison::String | Comparison::StringIgnoreCase | Comparison::Like | Comparison::Binary => "text",
    }
}
