//! The policies of the functions of templates, each for itself.

use perm_infer_infer::Inference;
use perm_infer_policy::{Document, to_pretty_json, to_yaml};
use serde_json::{Map, Value};

use perm_infer_policy::inert::in_json;

/// One JSON object with the policy of each function under its name.
#[must_use]
pub fn json_by_function(inference: &Inference) -> String {
    in_json(&to_pretty_json(&by_name(inference)))
}

/// The same as YAML.
#[must_use]
pub fn yaml_by_function(inference: &Inference) -> String {
    to_yaml(&by_name(inference))
}

fn by_name(inference: &Inference) -> Map<String, Value> {
    let functions = inference.units.iter();
    functions.map(|function| (function.name.clone(), shown(&function.inference))).collect()
}

/// The policy, or both policies of the role where the trust policy is asked for.
pub(crate) fn shown(inference: &Inference) -> Value {
    // A document has no value that JSON cannot represent.
    let value = |document: &Document| serde_json::to_value(document).unwrap_or_default();
    match &inference.trust_policy {
        Some(trust) => {
            let policies = [("TrustPolicy", trust), ("Policy", &inference.document)];
            policies.into_iter().map(|(name, document)| (name.to_owned(), value(document))).collect()
        }
        None => value(&inference.document),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::with_functions;

    #[test]
    fn each_function_has_its_document_under_its_name() {
        let whole = with_functions(&["B", "Nested/A"]);
        let read: Value = serde_json::from_str(&json_by_function(&whole)).expect("JSON");
        let names: Vec<&String> = read.as_object().expect("object").keys().collect();
        assert_eq!(names, ["B", "Nested/A"]);
        assert_eq!(read["B"], serde_json::to_value(&whole.document).expect("value"));
        let yaml: Value = serde_norway::from_str(&yaml_by_function(&whole)).expect("YAML");
        assert_eq!(yaml, read);
    }
}
