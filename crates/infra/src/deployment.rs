//! The templates of a project as one deployment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Severity};

use crate::code::{join, shown};
use crate::model::{Deployment, Settings};
use crate::{cfn, serverless, terraform};

/// Whether a file of this name may be a template, so that it is worth a look into it.
#[must_use]
pub fn is_template_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some((stem, extension)) = lower.rsplit_once('.') else { return false };
    match extension {
        "yaml" | "yml" | "template" | "tf" | "tofu" => true,
        "json" => ["template", "cloudformation", "stack", "sam", "serverless", ".asl"]
            .iter()
            .any(|word| stem.contains(word)),
        "asl" => true,
        _ => false,
    }
}

/// Reads templates. Files that were only found, not named by the user, and turn out to be something else
/// are passed over.
#[must_use]
pub fn read_templates(named: &[PathBuf], found: &[PathBuf], settings: &Settings) -> Deployment {
    let mut whole = Deployment::default();
    let found = templates_among(found);
    let mut nested: BTreeSet<PathBuf> = BTreeSet::new();
    let mut deployments = Vec::new();
    let several = named.len() + found.len() > 1;
    for (path, is_named) in
        named.iter().map(|path| (path, true)).chain(found.iter().map(|path| (path, false)))
    {
        let scope = if several { format!("{}#", shown(path)) } else { String::new() };
        match read(path, scope, settings) {
            Ok((deployment, inner)) => {
                nested.extend(inner);
                deployments.push((path, is_named, deployment));
            }
            Err(diagnostic) if is_named => {
                whole.diagnostics.push(Diagnostic { severity: Severity::Error, ..diagnostic });
            }
            // What only looks like a template is no loss.
            Err(diagnostic)
                if ["other-provider", "template-without-resources"].contains(&diagnostic.code) =>
            {
                whole.diagnostics.push(Diagnostic {
                    severity: Severity::Note,
                    unresolved: false,
                    ..diagnostic
                });
            }
            Err(diagnostic) => whole.diagnostics.push(diagnostic),
        }
    }
    for (path, is_named, deployment) in deployments {
        // A nested stack is read with its parameters where it is nested.
        if !is_named && nested.contains(&join(path, "")) {
            continue;
        }
        whole.diagnostics.extend(deployment.diagnostics);
        whole.units.extend(deployment.units);
        whole.keys.extend(deployment.keys);
        whole.references.extend(deployment.references);
    }
    make_names_unique(&mut whole);
    whole
}

/// The templates among files that may be some: files, and directories with modules of Terraform.
fn templates_among(found: &[PathBuf]) -> Vec<PathBuf> {
    let mut templates = Vec::new();
    let mut modules: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in found {
        if terraform::is_module_file(path) {
            let directory = path.parent().map(Path::to_owned).unwrap_or_default();
            modules.entry(directory).or_default().push(path.clone());
        } else if is_serverless(path) || std::fs::read(path).is_ok_and(|bytes| is_cfn(path, &bytes)) {
            templates.push(path.clone());
        }
    }
    modules.retain(|_, files| terraform::has_functions(files));
    templates.extend(modules.into_keys());
    templates
}

/// Reads a template of any language.
fn read(path: &Path, scope: String, settings: &Settings) -> Result<(Deployment, Vec<PathBuf>), Diagnostic> {
    if is_serverless(path) {
        serverless::read(path, scope, settings).map(|deployment| (deployment, Vec::new()))
    } else if terraform::is_module_file(path) {
        terraform::read(path.parent().unwrap_or(Path::new("")), scope, settings)
    } else if path.is_dir() {
        terraform::read(path, scope, settings)
    } else if terraform::is_state_name(path) {
        terraform::read_state(path, scope, settings).map(|deployment| (deployment, Vec::new()))
    } else {
        cfn::read(path, scope, settings)
    }
}

/// Whether a file is a template of CloudFormation or a definition of a state machine.
fn is_cfn(path: &Path, text: &[u8]) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let is_definition = name.contains(".asl.") || name.ends_with(".asl");
    cfn::is_template(text) || (is_definition && cfn::is_state_machine(text))
}

fn is_serverless(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(serverless::is_configuration_name)
}

/// Units of the same name in several templates get the path of their template before it.
fn make_names_unique(deployment: &mut Deployment) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for unit in &deployment.units {
        *count.entry(unit.name.clone()).or_default() += 1;
    }
    for unit in &mut deployment.units {
        if count.get(&unit.name).is_some_and(|&count| count > 1) {
            let template = unit.scope.split_once('#').map_or(&*unit.location.path, |(path, _)| path);
            unit.name = format!("{template}#{}", unit.name);
        }
    }
}
