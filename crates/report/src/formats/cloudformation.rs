//! YAML for AWS SAM (`Policies` of functions), AWS CloudFormation (managed policies) and the Serverless
//! Framework (statements of roles). The result is merged into the template that it is about.

use std::collections::BTreeMap;

use perm_infer_infer::{Inference, UnitInference, UnitKind};
use perm_infer_policy::{YamlStyle, to_template_yaml};
use serde_json::{Map, Value, json};

use super::expression::{document, policies};

/// The `Policies` property of each function and state machine, a managed policy for whatever else has a role;
/// the property of one function when there is no template.
#[must_use]
pub fn sam(inference: &Inference) -> String {
    if inference.units.is_empty() {
        return to_yaml_of(&json!({ "Policies": [inference.document] }));
    }
    by_template(inference, |unit| match unit.kind {
        UnitKind::Function | UnitKind::StateMachine => {
            let policies = json!({ "Properties": { "Policies": policies(unit) } });
            (logical_id(unit).to_owned(), policies)
        }
        _ => (policy_id(unit), managed(&document(unit))),
    })
}

/// A managed policy for each function, or for everything when there is no template.
#[must_use]
pub fn cloudformation(inference: &Inference) -> String {
    if inference.units.is_empty() {
        let whole = managed(&serde_json::to_value(&inference.document).unwrap_or_default());
        return to_yaml_of(&json!({ "Resources": { "PermInferPolicy": whole } }));
    }
    by_template(inference, |unit| (policy_id(unit), managed(&document(unit))))
}

fn managed(document: &Value) -> Value {
    json!({ "Type": "AWS::IAM::ManagedPolicy", "Properties": { "PolicyDocument": document } })
}

/// The statements of the role that all functions of a Serverless Framework service share.
#[must_use]
pub fn serverless(inference: &Inference) -> String {
    let whole = serde_json::to_value(&inference.document).unwrap_or_default();
    to_yaml_of(&json!({ "provider": { "iam": { "role": { "statements": whole["Statement"] } } } }))
}

/// The statements of each function's own role, as the plugin `serverless-iam-roles-per-function` reads them.
#[must_use]
pub fn serverless_by_function(inference: &Inference) -> String {
    let mut functions = Map::new();
    for function in &inference.units {
        let statements = document(function)["Statement"].take();
        functions.insert(function.name.clone(), json!({ "iamRoleStatements": statements }));
    }
    to_yaml_of(&json!({ "functions": functions }))
}

/// One YAML document for each template that has functions.
fn by_template(inference: &Inference, entry: impl Fn(&UnitInference) -> (String, Value)) -> String {
    let mut templates: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for function in &inference.units {
        let (key, value) = entry(function);
        templates.entry(&function.location.path).or_default().insert(key, value);
    }
    let several = templates.len() > 1;
    let documents = templates.into_iter().map(|(path, resources)| {
        let text = to_yaml_of(&json!({ "Resources": resources }));
        if several { format!("# {}\n{text}", perm_infer_policy::inert::inert(path)) } else { text }
    });
    documents.collect::<Vec<_>>().join("---\n")
}

fn to_yaml_of(value: &Value) -> String {
    to_template_yaml(value, YamlStyle::default())
}

/// The logical id of the policy of a unit. Names of roles of one unit have a dot in them, which no logical id has.
fn policy_id(unit: &UnitInference) -> String {
    format!("{}Policy", logical_id(unit).replace('.', ""))
}

fn logical_id(function: &UnitInference) -> &str {
    function.name.rsplit(['/', '#']).next().unwrap_or(&function.name)
}
