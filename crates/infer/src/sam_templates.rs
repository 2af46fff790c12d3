//! Policy templates of AWS SAM instead of statements: the smallest set of them that covers what a unit needs, and
//! what they grant beyond that.

use std::collections::{BTreeMap, BTreeSet};

use perm_infer_catalog::SamPolicyTemplate;
use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_infra::{Language, References, UnitKind};
use perm_infer_policy::{OneOrMany, Part, Pattern, covers};
use serde_json::Value;

use crate::result::{Inference, RequirementEvidence, UnitInference};

/// Templates among which every set is looked at; of more the ones are taken that cover most.
const MAX_CHOICE: usize = 12;

/// A policy template with values for its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamTemplateUse {
    /// `DynamoDBCrudPolicy`.
    pub name: &'static str,
    /// The parameters with their values, in which references stand as in requirements.
    pub parameters: Vec<(&'static str, Pattern)>,
    /// The requirements that it covers: positions in the requirements of the unit.
    pub covers: BTreeSet<usize>,
    /// Actions that it grants and that nothing needs, and those that it grants on more than is needed.
    pub excess: Vec<String>,
    /// Statements of it of which nothing is needed: it is rather about something else.
    unused: usize,
}

impl SamTemplateUse {
    fn cost(&self) -> (usize, usize) {
        (self.unused, self.excess.len())
    }
}

/// Chooses templates for a unit.
fn choose(unit: &UnitInference) -> Vec<SamTemplateUse> {
    let requirements = &unit.inference.requirements;
    let mut candidates = candidates(requirements, &unit.inference.references);
    let mut chosen = Vec::new();
    while let Some(first) = candidates.first() {
        // Templates that have nothing to do with each other are chosen apart.
        let mut covered = first.covers.clone();
        let mut group = Vec::new();
        loop {
            let before = group.len();
            candidates.retain(|candidate| {
                let is_near = !candidate.covers.is_disjoint(&covered);
                if is_near {
                    covered.extend(&candidate.covers);
                    group.push(candidate.clone());
                }
                !is_near
            });
            if group.len() == before {
                break;
            }
        }
        chosen.extend(smallest(group, &covered));
    }
    chosen.sort_by(|a, b| (a.name, &a.parameters).cmp(&(b.name, &b.parameters)));
    chosen
}

/// The fewest templates that cover everything; of equally many those with the least excess.
fn smallest(mut group: Vec<SamTemplateUse>, wanted: &BTreeSet<usize>) -> Vec<SamTemplateUse> {
    group.sort_by_key(|one| (std::cmp::Reverse(one.covers.len()), one.cost(), one.name));
    if group.len() > MAX_CHOICE {
        return greedy(group, wanted);
    }
    let sets = (1_u32..1 << group.len()).filter_map(|set| {
        let members = group.iter().enumerate().filter(move |(position, _)| set & (1 << position) != 0);
        let covered: BTreeSet<usize> =
            members.clone().flat_map(|(_, one)| one.covers.iter().copied()).collect();
        let cost = members.map(|(_, one)| one.cost()).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (covered == *wanted).then_some((set.count_ones(), cost, set))
    });
    let Some((.., set)) = sets.min() else { return Vec::new() };
    let members = group.into_iter().enumerate().filter(|(position, _)| set & (1 << position) != 0);
    members.map(|(_, one)| one).collect()
}

fn greedy(mut group: Vec<SamTemplateUse>, wanted: &BTreeSet<usize>) -> Vec<SamTemplateUse> {
    let mut open = wanted.clone();
    let mut chosen = Vec::new();
    while !open.is_empty() && !group.is_empty() {
        let gain =
            |one: &SamTemplateUse| (one.covers.intersection(&open).count(), std::cmp::Reverse(one.cost()));
        let best = (0..group.len()).rev().max_by_key(|&position| gain(&group[position])).unwrap_or_default();
        let one = group.remove(best);
        open.retain(|requirement| !one.covers.contains(requirement));
        chosen.push(one);
    }
    chosen
}

/// ARNs that the template has an expression for, although not all of their characters are known.
type Arns<'a> = BTreeSet<&'a Pattern>;

/// Every template with every set of values that lets it cover something.
fn candidates(requirements: &[RequirementEvidence], references: &References) -> Vec<SamTemplateUse> {
    let arns: Arns<'_> = references.arns().map(|(arn, _)| arn).collect();
    let mut found = Vec::new();
    for template in SamPolicyTemplate::all() {
        // Of every statement it has to be known what it grants.
        let statements: Option<Vec<TemplateStatement>> =
            template.statements().map(TemplateStatement::read).collect();
        let Some(statements) = statements else { continue };
        let mut uses: BTreeMap<Vec<(&'static str, Pattern)>, BTreeSet<usize>> = BTreeMap::new();
        let given = |position: usize| {
            let (requirement, arns) = (&requirements[position], &arns);
            statements.iter().filter_map(move |one| one.values_for(requirement, arns))
        };
        let all: Vec<&'static str> = template.parameters().collect();
        for position in 0..requirements.len() {
            for values in given(position) {
                let parameters: Option<Vec<_>> =
                    all.iter().map(|&name| values.get(name).map(|value| (name, value.clone()))).collect();
                let Some(parameters) = parameters else { continue };
                uses.entry(parameters).or_default().insert(position);
            }
        }
        // What has no parameter of its own is covered by every use of the template.
        let without: Vec<usize> = (0..requirements.len())
            .filter(|&position| given(position).any(|values| values.is_empty()))
            .collect();
        for (parameters, mut covered) in uses {
            covered.extend(&without);
            let excess = excess(&statements, &parameters, &covered, requirements, references);
            let is_unused = |one: &&TemplateStatement| {
                let all = covered.iter().map(|&position| requirements[position].action);
                !all.clone().any(|action| one.actions.iter().any(|granted| covers(granted, action)))
            };
            let unused = statements.iter().filter(is_unused).count();
            found.push(SamTemplateUse { name: template.name, parameters, covers: covered, excess, unused });
        }
    }
    found
}

/// What a use grants beyond the requirements that it covers.
fn excess(
    statements: &[TemplateStatement],
    parameters: &[(&'static str, Pattern)],
    covered: &BTreeSet<usize>,
    requirements: &[RequirementEvidence],
    references: &References,
) -> Vec<String> {
    let mut more = BTreeSet::new();
    for statement in statements {
        for action in &statement.actions {
            let needed = covered
                .iter()
                .map(|&position| &requirements[position])
                .filter(|one| covers(action, one.action));
            let needed: BTreeSet<&Pattern> = needed.map(|one| &one.symbolic).collect();
            if needed.is_empty() || action.contains(['*', '?']) {
                more.insert(action.clone());
                continue;
            }
            let granted = statement.resources.iter().map(|one| one.with(parameters));
            let is_as_needed = granted.filter(|one| works_on(one, &needed)).all(|one| needed.contains(&one));
            if !is_as_needed {
                let needed: Vec<String> = needed
                    .iter()
                    .flat_map(|one| references.resolve(one))
                    .map(|one| one.to_policy_string())
                    .collect();
                more.insert(format!("{action} on more than {}", needed.join(", ")));
            }
        }
    }
    more.into_iter().collect()
}

/// Whether actions that work on what is needed work on a resource too. An action on objects does not on buckets,
/// nor one on buckets on objects, although templates grant each on both.
fn works_on(granted: &Pattern, needed: &BTreeSet<&Pattern>) -> bool {
    let has_path = |pattern: &Pattern| {
        pattern.parts().iter().any(|part| matches!(part, Part::Literal(text) if text.contains('/')))
    };
    let is_of_s3 = |pattern: &Pattern| {
        pattern.parts().iter().any(|part| matches!(part, Part::Literal(text) if text.starts_with(":s3:::")))
    };
    !is_of_s3(granted) || needed.iter().any(|one| has_path(one) == has_path(granted))
}

/// A statement of a template.
struct TemplateStatement {
    actions: Vec<String>,
    resources: Vec<Resource>,
}

/// A resource with parameters in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Resource(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Part(Part),
    Parameter(String),
}

impl TemplateStatement {
    /// Reads a statement; none with conditions, which are about something else than resources, and none that allows
    /// everything of a service.
    fn read(text: &str) -> Option<TemplateStatement> {
        let statement: Value = serde_json::from_str(text).ok()?;
        if statement.get("Condition").is_some() || statement["Effect"] != "Allow" {
            return None;
        }
        let actions: OneOrMany<String> = serde_json::from_value(statement["Action"].clone()).ok()?;
        if actions.iter().any(|action| action.ends_with(":*")) {
            return None;
        }
        let resources = match &statement["Resource"] {
            Value::Array(items) => items.iter().filter_map(Resource::read).collect(),
            one => vec![Resource::read(one)?],
        };
        Some(TemplateStatement { actions: actions.iter().cloned().collect(), resources })
    }

    /// The values of parameters with which it covers a requirement.
    fn values_for(
        &self,
        requirement: &RequirementEvidence,
        arns: &Arns<'_>,
    ) -> Option<BTreeMap<String, Pattern>> {
        let is_action = self.actions.iter().any(|action| covers(action, requirement.action));
        if !is_action || !requirement.conditions.is_empty() {
            return None;
        }
        self.resources.iter().find_map(|resource| resource.values_for(&requirement.symbolic, arns))
    }
}

impl Resource {
    fn read(value: &Value) -> Option<Resource> {
        let (text, variables) = match value {
            Value::String(text) => (text.as_str(), None),
            other => match other.get("Fn::Sub")? {
                Value::String(text) => (text.as_str(), None),
                Value::Array(parts) => (parts.first()?.as_str()?, parts.get(1)),
                _ => return None,
            },
        };
        let mut pieces = Resource(Vec::new());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            pieces.push_text(before);
            let (name, after) = after.split_once('}')?;
            let parameter = variables.and_then(|all| all.get(name)).and_then(|one| one.get("Ref"));
            pieces.0.push(match parameter.and_then(Value::as_str) {
                Some(parameter) => Piece::Parameter(parameter.to_owned()),
                None => Piece::Part(Part::Raw(format!("${{{name}}}"))),
            });
            rest = after;
        }
        pieces.push_text(rest);
        Some(pieces)
    }

    fn push_text(&mut self, text: &str) {
        for (position, text) in text.split('*').enumerate() {
            if position > 0 {
                self.0.push(Piece::Part(Part::Any));
            }
            if !text.is_empty() {
                self.0.push(Piece::Part(Part::Literal(text.to_owned())));
            }
        }
    }

    /// The resource with values in place of its parameters.
    fn with(&self, parameters: &[(&'static str, Pattern)]) -> Pattern {
        let mut pattern = Pattern::default();
        for piece in &self.0 {
            match piece {
                Piece::Part(part) => pattern.push(part.clone()),
                Piece::Parameter(name) => {
                    let value = parameters.iter().find(|(known, _)| known == name);
                    match value {
                        Some((_, value)) => pattern.push_pattern(value),
                        None => pattern.push(Part::Any),
                    }
                }
            }
        }
        pattern
    }

    /// The values with which the resource is or contains the wanted one.
    fn values_for(&self, wanted: &Pattern, arns: &Arns<'_>) -> Option<BTreeMap<String, Pattern>> {
        if !self.0.iter().any(|piece| matches!(piece, Piece::Parameter(_))) {
            // Without a parameter it has to be the same: it would be about everything of its type otherwise.
            return (self.with(&[]) == *wanted).then(BTreeMap::new);
        }
        let mut values = BTreeMap::new();
        let mut rest = Rest { parts: wanted.parts().to_vec() };
        for (position, piece) in self.0.iter().enumerate() {
            match piece {
                // A wildcard at the end contains whatever follows.
                Piece::Part(Part::Any) if position + 1 == self.0.len() => {
                    return is_bound(&values, arns).then_some(values);
                }
                Piece::Part(part) => rest.strip(part)?,
                Piece::Parameter(name) => {
                    let whole = position == 0 && self.0.len() == 1;
                    let value = rest.take_name(whole);
                    if value == Pattern::default() || values.insert(name.clone(), value).is_some() {
                        return None;
                    }
                }
            }
        }
        (rest.parts.is_empty() && is_bound(&values, arns)).then_some(values)
    }
}

/// Whether values are known: one of several may be anything, as the stream of a known table.
fn is_bound(values: &BTreeMap<String, Pattern>, arns: &Arns<'_>) -> bool {
    let is_known = |value: &Pattern| {
        let is_text = |part: &Part| matches!(part, Part::Literal(_) | Part::Raw(_));
        arns.contains(value) || value.parts().iter().all(is_text)
    };
    let unknown = values.values().filter(|value| !is_known(value));
    let known = values.values().filter(|value| is_known(value)).count();
    values.is_empty() || known > 0 && unknown.clone().all(|value| *value == Pattern::any())
}

/// What is left of a pattern.
struct Rest {
    parts: Vec<Part>,
}

impl Rest {
    /// Takes a part from the front.
    fn strip(&mut self, wanted: &Part) -> Option<()> {
        match (self.parts.first_mut()?, wanted) {
            (Part::Literal(text), Part::Literal(wanted)) => {
                let left = text.strip_prefix(wanted.as_str())?.to_owned();
                if left.is_empty() {
                    self.parts.remove(0)
                } else {
                    std::mem::replace(&mut self.parts[0], Part::Literal(left))
                };
            }
            (first, wanted) if first == wanted => {
                self.parts.remove(0);
            }
            _ => return None,
        }
        Some(())
    }

    /// Takes a name: everything up to a slash or a colon, or all of it.
    fn take_name(&mut self, whole: bool) -> Pattern {
        let mut name = Pattern::default();
        while let Some(first) = self.parts.first().cloned() {
            if let (Part::Literal(text), false) = (&first, whole)
                && let Some(end) = text.find(['/', ':'])
            {
                name.push_literal(&text[..end]);
                self.parts[0] = Part::Literal(text[end..].to_owned());
                return name;
            }
            name.push(first);
            self.parts.remove(0);
        }
        name
    }
}

/// Adds the templates of each unit that AWS SAM can give some, and notes about what they grant beyond its needs.
pub(crate) fn add(whole: &mut Inference) {
    for unit in &mut whole.units {
        let takes_some = matches!(unit.kind, UnitKind::Function | UnitKind::StateMachine);
        if unit.language == Language::CloudFormation && takes_some {
            unit.sam_templates = choose(unit);
            let notes = notes(unit);
            unit.inference.diagnostics.extend(notes.iter().cloned());
            whole.diagnostics.extend(notes);
        }
    }
    whole.diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
}

fn notes(unit: &UnitInference) -> Vec<Diagnostic> {
    let beyond = unit.sam_templates.iter().filter(|one| !one.excess.is_empty());
    let note = |one: &SamTemplateUse| {
        let message =
            format!("{} grants {} beyond what it needs: {}", one.name, unit.name, one.excess.join("; "));
        Diagnostic::new(Severity::Note, "sam-template-excess", message)
            .at(unit.location.clone())
            .remedy("leave out --sam-templates for statements without it")
    };
    beyond.map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        let mut pattern = Pattern::default();
        let resource = Resource::read(&Value::from(text)).expect("a resource");
        for piece in resource.0 {
            let Piece::Part(part) = piece else { panic!("no parameter") };
            pattern.push(part);
        }
        pattern
    }

    fn values(template: &str, action: &str, resource: &str) -> Vec<String> {
        let template = SamPolicyTemplate::find(template).expect("known");
        let statements = template.statements().filter_map(TemplateStatement::read);
        let resources = statements.filter(|one| one.actions.iter().any(|known| known == action));
        let found = resources
            .flat_map(|one| one.resources)
            .find_map(|one| one.values_for(&pattern(resource), &Arns::new()));
        found
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name}={}", value.to_policy_string()))
            .collect()
    }

    const ARN: &str = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table";

    #[test]
    fn parameters_are_found_in_the_resource() {
        let table = format!("{ARN}/${{Orders}}");
        assert_eq!(values("DynamoDBReadPolicy", "dynamodb:GetItem", &table), ["TableName=${Orders}"]);
        let index = format!("{table}/index/by-date");
        assert_eq!(values("DynamoDBReadPolicy", "dynamodb:Query", &index), ["TableName=${Orders}"]);
        let object = "arn:${AWS::Partition}:s3:::files-${Stage}/in/*.csv";
        assert_eq!(values("S3ReadPolicy", "s3:GetObject", object), ["BucketName=files-${Stage}"]);
        let stream = format!("{table}/stream/*");
        let found = values("DynamoDBStreamReadPolicy", "dynamodb:GetRecords", &stream);
        assert_eq!(found, ["StreamName=*", "TableName=${Orders}"]);
        let function = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Work}:live";
        assert_eq!(values("LambdaInvokePolicy", "lambda:InvokeFunction", function), ["FunctionName=${Work}"]);
    }

    #[test]
    fn a_name_that_is_not_known_is_no_parameter() {
        let any = format!("{ARN}/*");
        assert!(values("DynamoDBReadPolicy", "dynamodb:GetItem", &any).is_empty());
        let part = format!("{ARN}/orders-*");
        assert!(values("DynamoDBReadPolicy", "dynamodb:GetItem", &part).is_empty());
        // Another account is none of the template's.
        let other = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:123456789012:table/orders";
        assert!(values("DynamoDBReadPolicy", "dynamodb:GetItem", other).is_empty());
    }
}
