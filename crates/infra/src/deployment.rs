//! The templates of a project as one deployment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Severity};

use crate::code::{join, shown};
use crate::model::{Deployment, Settings};
use crate::{cfn, serverless};

/// Whether a file of this name may be a template, so that it is worth a look into it.
#[must_use]
pub fn is_template_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some((stem, extension)) = lower.rsplit_once('.') else { return false };
    match extension {
        "yaml" | "yml" | "template" => true,
        "json" => ["template", "cloudformation", "stack", "sam", "serverless"]
            .iter()
            .any(|word| stem.contains(word)),
        _ => false,
    }
}

/// Reads templates. Files that were only found, not named by the user, and turn out to be something else
/// are passed over.
#[must_use]
pub fn read_templates(named: &[PathBuf], found: &[PathBuf], settings: &Settings) -> Deployment {
    let mut whole = Deployment::default();
    let is_one = |path: &&PathBuf| {
        is_serverless(path) || std::fs::read(path).is_ok_and(|bytes| cfn::is_template(&bytes))
    };
    let found: Vec<&PathBuf> = found.iter().filter(is_one).collect();
    let mut nested: BTreeSet<PathBuf> = BTreeSet::new();
    let mut deployments = Vec::new();
    let several = named.len() + found.len() > 1;
    for (path, is_named) in
        named.iter().map(|path| (path, true)).chain(found.into_iter().map(|path| (path, false)))
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
        whole.functions.extend(deployment.functions);
        whole.keys.extend(deployment.keys);
        whole.references.extend(deployment.references);
    }
    make_names_unique(&mut whole);
    whole
}

/// Reads a template of any language.
fn read(path: &Path, scope: String, settings: &Settings) -> Result<(Deployment, Vec<PathBuf>), Diagnostic> {
    match is_serverless(path) {
        true => serverless::read(path, scope, settings).map(|deployment| (deployment, Vec::new())),
        false => cfn::read(path, scope, settings),
    }
}

fn is_serverless(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(serverless::is_configuration_name)
}

/// Functions of the same name in several templates get the path of their template before it.
fn make_names_unique(deployment: &mut Deployment) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for function in &deployment.functions {
        *count.entry(function.name.clone()).or_default() += 1;
    }
    for function in &mut deployment.functions {
        if count.get(&function.name).is_some_and(|&count| count > 1) {
            function.name = format!("{}#{}", function.location.path, function.name);
        }
    }
}
