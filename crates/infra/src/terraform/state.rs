//! Plans and states: what `terraform show -json` prints, and state files. They know the values that a
//! configuration only describes, so that names and ARNs are exact.
//!
//! Source: "JSON Output Format" in the Terraform documentation.

use std::path::Path;

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::Pattern;

use super::resources::Resource;
use super::{Found, unreadable};
use crate::code::shown;
use crate::model::{Deployment, Settings};
use crate::tree::{self, Files, Kind, Node};

/// How deep modules of a plan may be nested.
const MAX_NESTING: usize = 12;

/// Whether a file is a plan or state, by its name or its content.
pub(crate) fn is_state_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if name.ends_with(".tfstate") {
        return true;
    }
    name.ends_with(".json")
        && std::fs::read(path).is_ok_and(|bytes| {
            let start = &bytes[..bytes.len().min(4096)];
            let has = |word: &str| memchr::memmem::find(start, word.as_bytes()).is_some();
            has("\"terraform_version\"")
        })
}

/// Reads a plan or state.
///
/// # Errors
/// When the file cannot be read, or is none.
pub(crate) fn read(path: &Path, scope: String, settings: &Settings) -> Result<Deployment, Diagnostic> {
    let place = shown(path);
    let size = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    let problem = |message: &str| {
        Diagnostic::new(Severity::Warning, "unreadable-template", message)
            .at(Location::file(&place))
            .remedy("pass what `terraform show -json` prints, or a state file")
            .unresolved()
    };
    if size > tree::MAX_BYTES {
        return Err(problem(&format!("it is larger than {} MiB", tree::MAX_BYTES >> 20)));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let mut files = Files::default();
    let mut diagnostics = Vec::new();
    let file = files.add(&place);
    let root = tree::read(&text, file, &files, &mut diagnostics)?;
    let mut resources = Vec::new();
    // Data that were read while planning are in the state before it.
    for values in [&["prior_state", "values"][..], &["values"], &["planned_values"]] {
        if let Some(module) = root.at_path(values).and_then(|values| values.get("root_module")) {
            add_module(module, &mut resources, 0);
        }
    }
    if root.get("resources").is_some_and(|all| matches!(all.kind, Kind::List(_))) {
        root.get("resources").map(Node::items).unwrap_or_default().iter().for_each(|resource| {
            add_of_state(resource, &mut resources);
        });
    } else if resources.is_empty() && root.get("terraform_version").is_none() {
        return Err(problem("it is no plan or state of Terraform"));
    }
    latest(&mut resources);
    let settings = with_place(settings, &resources);
    let directory = path.parent().map(Path::to_owned).unwrap_or_default();
    let found = Found {
        resources,
        outputs: Vec::new(),
        parameters: Vec::new(),
        conditions: Vec::new(),
        files,
        diagnostics,
    };
    Ok(found.deployment(&directory, scope, &settings))
}

/// The resources of a module of a plan, and of the modules in it.
fn add_module(module: &Node, resources: &mut Vec<Resource>, depth: usize) {
    for resource in module.get("resources").map(Node::items).unwrap_or_default() {
        let text = |name: &str| resource.get(name).and_then(Node::text).unwrap_or_default();
        let values = resource.get("values").cloned().unwrap_or_else(|| resource.clone());
        resources.push(one(text("address"), text("type"), text("mode") == "data", values, resource));
    }
    if depth < MAX_NESTING {
        for child in module.get("child_modules").map(Node::items).unwrap_or_default() {
            add_module(child, resources, depth + 1);
        }
    }
}

/// The copies of a resource of a state file.
fn add_of_state(resource: &Node, resources: &mut Vec<Resource>) {
    let text = |name: &str| resource.get(name).and_then(Node::text).unwrap_or_default();
    let is_data = text("mode") == "data";
    let module = text("module");
    let dot = if module.is_empty() { "" } else { "." };
    let data = if is_data { "data." } else { "" };
    let kind = text("type");
    let address = format!("{module}{dot}{data}{kind}.{}", text("name"));
    for instance in resource.get("instances").map(Node::items).unwrap_or_default() {
        let Some(values) = instance.get("attributes") else { continue };
        let key = match instance.get("index_key").and_then(Node::text) {
            Some(number) if number.parse::<usize>().is_ok() => format!("[{number}]"),
            Some(key) => format!("[{key:?}]"),
            None => String::new(),
        };
        resources.push(one(&format!("{address}{key}"), kind, is_data, values.clone(), instance));
    }
}

fn one(address: &str, kind: &str, is_data: bool, values: Node, node: &Node) -> Resource {
    // The name that functions have where the configuration is read.
    let marker = format!("{kind}.");
    let shown = match address.rsplit_once(&marker) {
        Some((before, after)) => format!("{}{after}", before.strip_suffix("data.").unwrap_or(before)),
        None => address.to_owned(),
    };
    let id: String = address
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "-_./[]:".contains(c) { c } else { '_' })
        .collect();
    Resource {
        id: format!("state:{id}"),
        shown,
        kind: kind.to_owned(),
        is_data,
        is_module: false,
        is_of_state: true,
        at: node.at,
        values,
        directory: ".".to_owned(),
    }
}

/// Of several values of one resource the last ones count.
fn latest(resources: &mut Vec<Resource>) {
    let mut seen = std::collections::HashSet::new();
    let mut kept: Vec<Resource> =
        resources.drain(..).rev().filter(|resource| seen.insert(resource.id.clone())).collect();
    kept.reverse();
    *resources = kept;
}

/// Partition, region and account where all ARNs agree on them and the user does not say.
fn with_place(settings: &Settings, resources: &[Resource]) -> Settings {
    let arns = resources.iter().filter(|resource| !resource.is_data);
    let arns: Vec<Vec<&str>> = arns
        .filter_map(|resource| resource.get("arn")?.text())
        .map(|arn| arn.splitn(6, ':').collect())
        .filter(|fields: &Vec<&str>| fields.len() == 6)
        .collect();
    let only = |field: usize| -> Option<Pattern> {
        let mut values = arns.iter().map(|fields| fields[field]).filter(|value| !value.is_empty());
        let first = values.next()?;
        values.all(|value| value == first).then(|| Pattern::literal(first))
    };
    let mut settings = settings.clone();
    let fill = |place: &mut Pattern, value: Option<Pattern>| {
        if *place == Pattern::any()
            && let Some(value) = value
        {
            *place = value;
        }
    };
    fill(&mut settings.region, only(3));
    fill(&mut settings.account, only(4));
    settings
}
