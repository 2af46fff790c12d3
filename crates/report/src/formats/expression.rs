//! Policy documents in the terms of a template: resources as references to what the template defines.

use std::collections::BTreeMap;

use perm_infer_infer::{Pattern, References, UnitInference};
use perm_infer_policy::{BuildOptions, Document, Grant, Part, build};
use serde_json::{Value, json};

/// The document of a function as a value in which resources are expressions of CloudFormation.
pub(super) fn document(function: &UnitInference) -> Value {
    let writer = Writer {
        references: &function.inference.references,
        scope: &function.scope,
        logical_id: function.name.rsplit(['/', '#']).next().unwrap_or_default(),
    };
    let mut patterns: BTreeMap<String, &Pattern> = BTreeMap::new();
    let mut grants = Vec::new();
    for requirement in &function.inference.requirements {
        let mut resource = plain_names(&requirement.symbolic);
        let known = patterns.entry(resource.to_policy_string()).or_insert(&requirement.symbolic);
        if **known != requirement.symbolic {
            resource = requirement.symbolic.clone();
            patterns.insert(resource.to_policy_string(), &requirement.symbolic);
        }
        grants.push(Grant {
            action: requirement.action.to_owned(),
            resource,
            conditions: requirement.conditions.clone(),
        });
    }
    let document = build(grants, &BuildOptions::default());
    with_resources(&document, |text| match patterns.get(text) {
        Some(pattern) => writer.resource(pattern),
        None => text.into(),
    })
}

/// The pattern with references by their logical id alone, which is what statements are named after.
fn plain_names(pattern: &Pattern) -> Pattern {
    let mut plain = Pattern::default();
    for part in pattern.parts() {
        let name = match part {
            Part::Raw(symbol) if !symbol.starts_with("${AWS::") && !symbol.starts_with("${aws:") => {
                symbol.trim_start_matches("${").trim_end_matches('}').rsplit(['/', '#']).next()
            }
            _ => None,
        };
        match name.and_then(|name| name.split('.').next()) {
            Some(id) => plain.push(Part::Raw(format!("${{{id}}}"))),
            None => plain.push(part.clone()),
        }
    }
    plain
}

/// The document with each resource replaced.
fn with_resources(document: &Document, replace: impl Fn(&str) -> Value) -> Value {
    // A document has no value that JSON cannot represent.
    let mut value = serde_json::to_value(document).unwrap_or_default();
    if let Some(Value::Array(statements)) = value.get_mut("Statement") {
        for resource in statements.iter_mut().filter_map(|statement| statement.get_mut("Resource")) {
            match resource {
                Value::String(text) => *resource = replace(text),
                Value::Array(all) => all.iter_mut().for_each(|one| {
                    if let Value::String(text) = one {
                        *one = replace(text);
                    }
                }),
                _ => {}
            }
        }
    }
    value
}

struct Writer<'a> {
    references: &'a References,
    /// What stands before the references of the function's own template.
    scope: &'a str,
    /// The function: its role cannot refer to it, because it refers to its role.
    logical_id: &'a str,
}

impl Writer<'_> {
    /// The ARN of a resource of the template, something below it, or a text with references in it.
    fn resource(&self, pattern: &Pattern) -> Value {
        if let Some(expression) = self.known_arn(pattern) {
            return expression;
        }
        let pattern = self.at_arn_value(&self.without_itself(pattern));
        let mut text = String::new();
        let mut has_reference = false;
        for part in pattern.parts() {
            match part {
                Part::Raw(symbol) => match self.own(symbol) {
                    Some(name) => {
                        has_reference = true;
                        text.push_str(&format!("${{{name}}}"));
                    }
                    None => text.push_str(&escaped(&self.resolved(symbol))),
                },
                other => {
                    let mut one = Pattern::default();
                    one.push(other.clone());
                    text.push_str(&escaped(&one));
                }
            }
        }
        let only = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        match only.filter(|name| !name.contains(['$', '{', '}'])) {
            Some(name) => match name.split_once('.') {
                Some((id, attribute)) => json!({"Fn::GetAtt": [id, attribute]}),
                None => json!({ "Ref": name }),
            },
            None if has_reference => json!({ "Fn::Sub": text }),
            // Without a substitution nothing is escaped.
            None => text.replace("${!", "${").into(),
        }
    }

    /// The expression for the ARN of a resource of this template, or for something below it.
    fn known_arn(&self, pattern: &Pattern) -> Option<Value> {
        let text = pattern.to_policy_string();
        let own = self.references.arns().filter(|(_, of)| of.scope == self.scope);
        let candidates = own.filter_map(|(arn, of)| {
            let arn = arn.to_policy_string();
            let rest = text.strip_prefix(&arn)?;
            (rest.is_empty() || rest.starts_with(['/', ':'])).then(|| (arn.len(), rest.to_owned(), of))
        });
        let (_, rest, of) = candidates.max_by_key(|(length, ..)| *length)?;
        if rest.is_empty() {
            return Some(match &of.attribute {
                Some(attribute) => json!({"Fn::GetAtt": [of.logical_id, attribute]}),
                None => json!({"Ref": of.logical_id}),
            });
        }
        let name = match &of.attribute {
            Some(attribute) => format!("{}.{attribute}", of.logical_id),
            None => of.logical_id.clone(),
        };
        // What is below may have references of its own; they are resolved in the same text.
        let rest = self.text_of(&rest);
        Some(json!({ "Fn::Sub": format!("${{{name}}}{rest}") }))
    }

    /// Policy text with references of this template as they are and everything else escaped.
    fn text_of(&self, policy: &str) -> String {
        let mut out = String::new();
        let mut rest = policy;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            let symbol = format!("${{{name}}}");
            match (self.own(&symbol), self.references.get(&symbol)) {
                (Some(name), _) => out.push_str(&format!("${{{name}}}")),
                (None, Some(_)) => out.push_str(&escaped(&self.resolved(&symbol))),
                (None, None) => out.push_str(&format!("${{!{name}}}")),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// The name of the function as far as it is known without referring to it.
    fn without_itself(&self, pattern: &Pattern) -> Pattern {
        let own = format!("${{{}{}}}", self.scope, self.logical_id);
        let mut result = Pattern::default();
        for part in pattern.parts() {
            match part {
                Part::Raw(symbol) if *symbol == own => {
                    let value = self.resolved(symbol);
                    for (position, part) in value.parts().iter().enumerate() {
                        // A name that CloudFormation makes starts with the name of the stack.
                        match part {
                            Part::Any if position == 0 && value.parts().len() > 1 => {
                                result.push(Part::Raw("${AWS::StackName}".to_owned()));
                            }
                            part => result.push(part.clone()),
                        }
                    }
                }
                part => result.push(part.clone()),
            }
        }
        result
    }

    /// A reference whose whole value is an ARN stands for everything before it too.
    fn at_arn_value(&self, pattern: &Pattern) -> Pattern {
        let is_arn = |part: &Part| match part {
            Part::Raw(symbol) => {
                self.references.get(symbol).is_some_and(|reference| reference.is_arn)
                    && self.own(symbol).is_some()
            }
            _ => false,
        };
        let start = pattern.parts().iter().position(is_arn).unwrap_or(0);
        let mut rest = Pattern::default();
        for part in &pattern.parts()[start..] {
            rest.push(part.clone());
        }
        rest
    }

    /// The name of a reference that this template has: its parameters and resources, pseudo parameters.
    fn own(&self, symbol: &str) -> Option<String> {
        let name = symbol.strip_prefix("${")?.strip_suffix('}')?;
        if name.starts_with("AWS::") {
            return (name != "AWS::SecretSuffix").then(|| name.to_owned());
        }
        let name = name.strip_prefix(self.scope)?;
        let is_known = self.references.get(symbol).is_some();
        (is_known && !name.contains(['/', '#', ':'])).then(|| name.to_owned())
    }

    fn resolved(&self, symbol: &str) -> Pattern {
        let mut pattern = Pattern::default();
        pattern.push(Part::Raw(symbol.to_owned()));
        self.references.resolve(&pattern).into_iter().next().unwrap_or_else(Pattern::any)
    }
}

/// The policy text of a pattern without references, for a substitution: `${*}` is written `${!*}`.
fn escaped(pattern: &Pattern) -> String {
    pattern.to_policy_string().replace("${", "${!")
}
