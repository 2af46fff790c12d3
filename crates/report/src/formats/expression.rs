//! Policies in the terms of a template: resources as references to what the template defines.

use std::collections::{BTreeMap, BTreeSet};

use perm_infer_edit::{Expression, Piece, TemplateStatement};
use perm_infer_infer::{
    Language, Pattern, References, UnitInference, serverless_logical_id, terraform_expression,
};
use perm_infer_policy::{BuildOptions, Document, Grant, Part, build};
use serde_json::{Value, json};

/// Resources that one may stand for.
const MAX_ALTERNATIVES: usize = 32;

/// How deep names may be made of names.
const MAX_DEPTH: usize = 16;

/// What one role needs for all that run with it, in the terms of their template.
#[must_use]
pub fn template_statements(units: &[&UnitInference]) -> Vec<TemplateStatement> {
    statements(units, false)
}

/// The policy templates of AWS SAM that were chosen for units with one role, and statements for what none of them
/// covers.
#[must_use]
pub fn sam_policies(units: &[&UnitInference]) -> (Vec<Value>, Vec<TemplateStatement>) {
    let mut templates: Vec<Value> = Vec::new();
    for unit in units {
        let writer = Writer::new(unit);
        for one in &unit.sam_templates {
            let parameters = one.parameters.iter().map(|(name, value)| {
                let mut expression = Expression::default();
                writer.push(&writer.at_arn_value(value), &mut expression, 0);
                let known = writer.known_arn(value).filter(|(_, rest)| rest.parts().is_empty());
                let expression = known.map_or(expression, |(expression, _)| expression);
                ((*name).to_owned(), expression.to_cloudformation())
            });
            let parameters: serde_json::Map<String, Value> = parameters.collect();
            let template = json!({ (one.name): parameters });
            if !templates.contains(&template) {
                templates.push(template);
            }
        }
    }
    (templates, statements(units, true))
}

fn statements(units: &[&UnitInference], with_sam_templates: bool) -> Vec<TemplateStatement> {
    let mut expressions: BTreeMap<String, (Pattern, Vec<Expression>)> = BTreeMap::new();
    let mut grants = Vec::new();
    for unit in units {
        let writer = Writer::new(unit);
        let covered: BTreeSet<usize> = match with_sam_templates {
            true => unit.sam_templates.iter().flat_map(|one| one.covers.iter().copied()).collect(),
            false => BTreeSet::new(),
        };
        for (position, requirement) in unit.inference.requirements.iter().enumerate() {
            if covered.contains(&position) {
                continue;
            }
            let mut resource = plain_names(&requirement.symbolic);
            let clashes = expressions
                .get(&resource.to_policy_string())
                .is_some_and(|(known, _)| *known != requirement.symbolic);
            if clashes {
                resource = requirement.symbolic.clone();
            }
            expressions
                .entry(resource.to_policy_string())
                .or_insert_with(|| (requirement.symbolic.clone(), writer.resources(&requirement.symbolic)));
            grants.push(Grant {
                action: requirement.action.to_owned(),
                resource,
                conditions: requirement.conditions.clone(),
            });
        }
    }
    let document: Document = build(grants, &BuildOptions::default());
    let statements = document.statement.iter().map(|statement| {
        let resources = statement.resource.iter().flatten();
        let resources = resources.flat_map(|text| match expressions.get(text) {
            Some((_, expressions)) => expressions.clone(),
            None => vec![Expression::text(text)],
        });
        let mut resources: Vec<Expression> = resources.collect();
        let mut known = BTreeSet::new();
        resources.retain(|resource| known.insert(resource.clone()));
        TemplateStatement { resources, ..TemplateStatement::from(statement) }
    });
    statements.collect()
}

/// The document of a unit as a value in which resources are expressions of CloudFormation.
pub(super) fn document(unit: &UnitInference) -> Value {
    let statements = template_statements(&[unit]);
    let statements: Vec<Value> = statements.iter().map(TemplateStatement::to_cloudformation).collect();
    json!({ "Version": Document::VERSION, "Statement": statements })
}

/// The policies of a unit of AWS SAM: policy templates where they are asked for, and a document.
pub(super) fn policies(unit: &UnitInference) -> Vec<Value> {
    let (mut policies, statements) = sam_policies(&[unit]);
    if !statements.is_empty() || policies.is_empty() {
        let statements: Vec<Value> = statements.iter().map(TemplateStatement::to_cloudformation).collect();
        policies.push(json!({ "Version": Document::VERSION, "Statement": statements }));
    }
    policies
}

/// The pattern with references by their logical id alone, which is what statements are named after.
fn plain_names(pattern: &Pattern) -> Pattern {
    let mut plain = Pattern::default();
    for part in pattern.parts() {
        let name = match part {
            Part::Raw(symbol) if !symbol.starts_with("${AWS::") && !symbol.starts_with("${aws:") => {
                symbol.trim_start_matches("${").trim_end_matches('}').rsplit(['/', '#', ':']).next()
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

struct Writer<'a> {
    references: &'a References,
    language: Language,
    /// What stands before the references of the unit's own template.
    scope: &'a str,
    /// Names of the modules of Terraform around it, each with a dot behind it.
    module: &'a str,
    /// What cannot be referred to because it needs the role first, by its logical id.
    needing: BTreeSet<&'a str>,
}

impl<'a> Writer<'a> {
    fn new(unit: &'a UnitInference) -> Self {
        let references = &*unit.inference.references;
        let name = unit.name.rsplit(['/', '#']).next().unwrap_or_default();
        let module = match unit.language {
            Language::Terraform => name.rfind('.').map_or("", |dot| &name[..=dot]),
            _ => "",
        };
        let mut needing = BTreeSet::new();
        if unit.language != Language::Terraform {
            // A policy of Terraform is a resource of its own, which nothing depends on.
            let id = match unit.language {
                Language::Serverless => serverless_logical_id(name),
                _ => name.to_owned(),
            };
            needing = references.needing_role_of(&format!("{}{id}", unit.scope));
        }
        Writer { references, language: unit.language, scope: &unit.scope, module, needing }
    }

    /// The expressions for a resource: several where something in it may be one of several things.
    fn resources(&self, pattern: &Pattern) -> Vec<Expression> {
        let mut alternatives = vec![Pattern::default()];
        for part in pattern.parts() {
            let values = match part {
                Part::Raw(symbol) if self.own(symbol).is_none() => {
                    self.references.get(symbol).map_or(&[][..], |reference| &reference.values)
                }
                _ => &[],
            };
            if values.len() < 2 || values.len() * alternatives.len() > MAX_ALTERNATIVES {
                alternatives.iter_mut().for_each(|one| one.push(part.clone()));
                continue;
            }
            let extended = alternatives.iter().flat_map(|start| {
                values.iter().map(|value| {
                    let mut whole = start.clone();
                    whole.push_pattern(value);
                    whole
                })
            });
            alternatives = extended.collect();
        }
        alternatives.iter().map(|one| self.resource(one)).collect()
    }

    /// The ARN of a resource of the template, something below it, or a text with references in it.
    fn resource(&self, pattern: &Pattern) -> Expression {
        if let Some((expression, rest)) = self.known_arn(pattern) {
            let mut expression = expression;
            self.push(&rest, &mut expression, 0);
            return expression;
        }
        let mut expression = Expression::default();
        self.push(&self.at_arn_value(pattern), &mut expression, 0);
        expression
    }

    fn push(&self, pattern: &Pattern, expression: &mut Expression, depth: usize) {
        for part in pattern.parts() {
            match part {
                Part::Raw(symbol) => self.push_symbol(symbol, expression, depth),
                other => {
                    let mut one = Pattern::default();
                    one.push(other.clone());
                    expression.push(Piece::Text(one.to_policy_string()));
                }
            }
        }
    }

    fn push_symbol(&self, symbol: &str, expression: &mut Expression, depth: usize) {
        let otherwise = self.resolved(symbol);
        if let Some(to) = self.own(symbol) {
            return expression.push(Piece::Reference { to, otherwise: otherwise.to_policy_string() });
        }
        let known = self.references.get(symbol);
        let written = known.map_or(&[][..], |reference| &reference.written);
        match written {
            // The name as the template writes it says more than its value.
            [only] if depth < MAX_DEPTH && self.is_of_this_template(symbol) => {
                match self.with_stack_name(only) {
                    Some(rest) => {
                        let to = "AWS::StackName".to_owned();
                        expression.push(Piece::Reference { to, otherwise: "*".to_owned() });
                        self.push(&rest, expression, depth + 1);
                    }
                    None => self.push(only, expression, depth + 1),
                }
            }
            _ => expression.push(Piece::Text(otherwise.to_policy_string())),
        }
    }

    /// What follows the stack's name in a name that CloudFormation makes of it: `*-Worker-*`.
    fn with_stack_name(&self, name: &Pattern) -> Option<Pattern> {
        let [Part::Any, Part::Literal(id), Part::Any] = name.parts() else { return None };
        // Those of buckets are in small letters, whatever the name of the stack.
        let is_made =
            id.starts_with('-') && id.ends_with('-') && id.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut rest = Pattern::default();
        name.parts()[1..].iter().for_each(|part| rest.push(part.clone()));
        (is_made && self.language == Language::CloudFormation).then_some(rest)
    }

    /// The expression for the ARN of a resource of this template, and what is below it.
    fn known_arn(&self, pattern: &Pattern) -> Option<(Expression, Pattern)> {
        let own = self.references.arns().filter(|(_, of)| of.scope == self.scope);
        let candidates = own.filter_map(|(arn, of)| {
            let rest = after(pattern, arn)?;
            let is_below = rest.parts().first().is_none_or(|part| match part {
                Part::Literal(text) => text.starts_with(['/', ':']),
                _ => false,
            });
            let to = is_below.then(|| self.arn_of(&of.logical_id, of.attribute.as_deref())).flatten()?;
            Some((arn.parts().len(), arn, to, rest))
        });
        let (_, arn, to, rest) =
            candidates.max_by_key(|(length, arn, ..)| (*length, arn.to_policy_string().len()))?;
        let otherwise = self.references.resolve(arn).first().map(Pattern::to_policy_string);
        let mut expression = Expression::default();
        expression.push(Piece::Reference { to, otherwise: otherwise.unwrap_or_else(|| "*".to_owned()) });
        Some((expression, rest))
    }

    /// How this template refers to the ARN of a resource of it.
    fn arn_of(&self, id: &str, attribute: Option<&str>) -> Option<String> {
        if self.needing.contains(format!("{}{id}", self.scope).as_str()) {
            return None;
        }
        if self.language == Language::Terraform {
            let own = id.strip_prefix(self.module).filter(|id| !id.starts_with("module."))?;
            return terraform_expression(&format!("{own}.Arn"));
        }
        Some(match attribute {
            Some(attribute) => format!("{id}.{attribute}"),
            None => id.to_owned(),
        })
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

    /// The name of a symbol without the scope of this template.
    fn local<'s>(&self, symbol: &'s str) -> Option<&'s str> {
        symbol.strip_prefix("${")?.strip_suffix('}')?.strip_prefix(self.scope)
    }

    fn is_of_this_template(&self, symbol: &str) -> bool {
        self.local(symbol).is_some_and(|name| !name.contains(['/', '#']))
    }

    /// How this template names what a symbol stands for: its parameters and resources, pseudo parameters.
    fn own(&self, symbol: &str) -> Option<String> {
        let plain = symbol.strip_prefix("${")?.strip_suffix('}')?;
        if plain.starts_with("AWS::") {
            let is_written = self.language != Language::Terraform && plain != "AWS::SecretSuffix";
            return is_written.then(|| plain.to_owned());
        }
        let name = self.local(symbol).filter(|_| self.references.get(symbol).is_some())?;
        let id = name.split('.').next().unwrap_or(name);
        if self.needing.contains(format!("{}{id}", self.scope).as_str()) {
            return None;
        }
        if self.language == Language::Terraform {
            let own = name.strip_prefix(self.module)?;
            let is_other = own.starts_with("module.") || !self.module.is_empty() && !own.contains(':');
            return if is_other { None } else { terraform_expression(own) };
        }
        (!name.contains(['/', '#', ':'])).then(|| name.to_owned())
    }

    fn resolved(&self, symbol: &str) -> Pattern {
        let mut pattern = Pattern::default();
        pattern.push(Part::Raw(symbol.to_owned()));
        match self.references.resolve(&pattern).as_slice() {
            [only] => only.clone(),
            // One text stands for all alternatives.
            _ => Pattern::any(),
        }
    }
}

/// What a pattern has behind another one that it starts with.
fn after(pattern: &Pattern, start: &Pattern) -> Option<Pattern> {
    let mut rest = Pattern::default();
    let mut parts = pattern.parts().iter();
    let mut wanted = start.parts().iter().peekable();
    while let Some(want) = wanted.next() {
        match (parts.next()?, want) {
            (have, want) if have == want => {}
            (Part::Literal(have), Part::Literal(want)) if wanted.peek().is_none() => {
                rest.push_literal(have.strip_prefix(want.as_str())?);
            }
            _ => return None,
        }
    }
    parts.for_each(|part| rest.push(part.clone()));
    Some(rest)
}
