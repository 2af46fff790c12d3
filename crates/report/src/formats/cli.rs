//! A bash script that puts inline policies on roles with the AWS CLI.

use perm_infer_infer::Inference;
use perm_infer_policy::to_pretty_json;

use super::{Named, documents, identifier};
use perm_infer_policy::inert::in_json;

/// A script for the one document.
#[must_use]
pub fn cli(inference: &Inference) -> String {
    script(&documents(inference, false))
}

/// A script with the document of each function.
#[must_use]
pub fn cli_by_function(inference: &Inference) -> String {
    script(&documents(inference, true))
}

fn script(documents: &[Named<'_>]) -> String {
    let mut out = "#!/usr/bin/env bash\nset -euo pipefail\n".to_owned();
    for Named { name, document, trust_policy } in documents {
        let variable = match documents.len() {
            1 => "ROLE_NAME".to_owned(),
            _ => format!("{}_ROLE_NAME", identifier(name, '_').to_ascii_uppercase()),
        };
        if let Some(trust) = trust_policy {
            let json = in_json(&to_pretty_json(trust));
            out.push_str(&format!(
                "\naws iam update-assume-role-policy \\\n  --role-name \"${{{variable}:?set it to the name of the role}}\" \\\n  \
                 --policy-document \"$(cat <<'POLICY'\n{json}POLICY\n)\"\n"
            ));
        }
        // No line of the document can be the end mark: all of them start with a space or a bracket.
        let json = in_json(&to_pretty_json(document));
        out.push_str(&format!(
            "\naws iam put-role-policy \\\n  --role-name \"${{{variable}:?set it to the name of the role}}\" \\\n  \
             --policy-name perm-infer \\\n  --policy-document \"$(cat <<'POLICY'\n{json}POLICY\n)\"\n"
        ));
    }
    out
}
