//! The Serverless Framework: a configuration becomes the CloudFormation template that it stands for, as
//! far as functions, their environment and the resources are concerned, and is read as one.

mod events;
mod functions;
mod machines;
mod variables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Location, Severity};

use crate::cdk::Tree;
use crate::cfn;
use crate::code::{join, shown};
use crate::model::{Deployment, Language, Settings};
use crate::tree::make::{call, entry, list, map, scalar, unknown};
use crate::tree::{self, Entry, Files, Kind, Mark, Node};
use variables::Variables;

pub(crate) use functions::logical_id;

/// How many files of one configuration are looked through for programs.
const MAX_PARTS: usize = 200;

/// Whether a file is a configuration of the framework, by its name.
pub(crate) fn is_configuration_name(name: &str) -> bool {
    name.strip_prefix("serverless")
        .is_some_and(|rest| [".yml", ".yaml", ".json"].iter().any(|extension| rest.ends_with(extension)))
}

/// Reads a configuration.
///
/// # Errors
/// When the file cannot be read, or is no configuration for AWS.
pub(crate) fn read(path: &Path, scope: String, settings: &Settings) -> Result<Deployment, Diagnostic> {
    let place = shown(path);
    let unreadable = |error: std::io::Error| {
        problem(
            "unreadable-template",
            Location::file(&place),
            &format!("cannot read it: {error}"),
            "check the path",
        )
    };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let mut files = Files::default();
    let mut diagnostics = Vec::new();
    let file = files.add(&place);
    let root = tree::read(&text, file, &files, &mut diagnostics)?;
    of_root(root, path, scope, settings, files, diagnostics)
}

/// Whether a file may be a program that makes a configuration, by its name.
#[must_use]
pub fn is_program_name(name: &str) -> bool {
    ["serverless.ts", "serverless.js", "serverless.mjs", "serverless.cjs"].contains(&name)
}

/// The programs that the configuration in a file takes values from with `${file(x.js):key}`, and the keys
/// that it asks for. Files that it is made of are looked through too.
#[must_use]
pub fn programs_of_configuration(path: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut programs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    if !path.file_name().and_then(|name| name.to_str()).is_some_and(is_configuration_name) {
        return programs;
    }
    let directory = path.parent().unwrap_or(Path::new(""));
    let mut parts = vec![path.to_owned()];
    let mut next = 0;
    while let Some(part) = parts.get(next).filter(|_| next < MAX_PARTS) {
        next += 1;
        let is_small = std::fs::metadata(part).is_ok_and(|found| found.len() <= tree::MAX_BYTES);
        let Some(text) = is_small.then(|| std::fs::read_to_string(part).ok()).flatten() else { continue };
        for address in text.split("${file(").skip(1) {
            let Some((name, rest)) = address.split_once(')') else { continue };
            let file = join(directory, name.trim().trim_matches(['\'', '"']));
            match file.extension().and_then(|extension| extension.to_str()) {
                Some("js" | "cjs" | "mjs" | "ts") => {
                    let key = rest.strip_prefix(':').unwrap_or_default();
                    let end = key.find(|one: char| !one.is_ascii_alphanumeric() && one != '_');
                    let key = &key[..end.unwrap_or(key.len())];
                    let keys = programs.entry(shown(&file)).or_default();
                    keys.extend((!key.is_empty()).then(|| key.to_owned()));
                }
                Some("yml" | "yaml" | "json") if !parts.contains(&file) => parts.push(file),
                _ => {}
            }
        }
    }
    programs
}

/// Reads the configuration that the program in a file makes.
///
/// # Errors
/// When it is no configuration for AWS.
pub fn read_configuration(
    configuration: &Tree,
    path: &Path,
    scope: String,
    settings: &Settings,
) -> Result<Deployment, Diagnostic> {
    let mut files = Files::default();
    let at = Mark::at(files.add(&shown(path)), 1, 1);
    of_root(node(configuration, at), path, scope, settings, files, Vec::new())
}

/// A value of a program as one of a configuration; what nobody knows is known only once it is deployed.
fn node(value: &Tree, at: Mark) -> Node {
    match value {
        Tree::Unknown | Tree::Call(..) => unknown(at),
        Tree::Null => Node { at, kind: Kind::Null },
        Tree::Text(parts) => {
            let mut nodes: Vec<Node> = parts
                .iter()
                .map(|part| part.as_ref().map_or_else(|| unknown(at), |text| scalar(text, at)))
                .collect();
            if nodes.len() == 1 {
                return nodes.remove(0);
            }
            call("Fn::Join", list(at, vec![scalar("", at), list(at, nodes)]))
        }
        Tree::List(items) => list(at, items.iter().map(|item| node(item, at)).collect()),
        Tree::Map(entries) => {
            map(at, entries.iter().map(|(key, value)| entry(key, node(value, at))).collect())
        }
        // What is there on some paths only is there.
        Tree::Either(all) => {
            let mut there = all.iter().filter(|one| !matches!(one, Tree::Null));
            match (there.next(), there.next()) {
                (Some(only), None) => node(only, at),
                _ => unknown(at),
            }
        }
    }
}

fn of_root(
    root: Node,
    path: &Path,
    scope: String,
    settings: &Settings,
    mut files: Files,
    mut diagnostics: Vec<Diagnostic>,
) -> Result<Deployment, Diagnostic> {
    let place = shown(path);
    let provider = root.at_path(&["provider", "name"]).or_else(|| root.get("provider"));
    if let Some(name) = provider.and_then(Node::text).filter(|name| *name != "aws") {
        let message = format!("its provider is {name}, not AWS; it is not read");
        return Err(problem("other-provider", Location::file(&place), &message, "pass --no-template"));
    }
    if root.get("functions").is_none() && root.get("resources").is_none() {
        let message = "it has neither functions nor resources";
        return Err(problem(
            "template-without-resources",
            Location::file(&place),
            message,
            "pass --no-template",
        ));
    }
    let directory: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
    let mut variables = Variables::new(root, directory, settings, &mut files, &mut diagnostics);
    let service = service_name(&mut variables);
    let stage = variables.stage(0);
    let stack_name = stack_name(&mut variables, &service, &stage);
    let (resources, names) = functions::resources(&mut variables, &service, &stage);
    let sections = functions::sections(&mut variables);
    let parameters = std::mem::take(&mut variables.parameters);
    let template = template(resources, sections, parameters);
    let settings =
        Settings { stack_name: settings.stack_name.clone().or(Some(stack_name)), ..settings.clone() };
    let parts = cfn::Parts { template, files, diagnostics, language: Language::Serverless, names };
    Ok(cfn::read_parts(parts, path, scope, &settings))
}

fn service_name(variables: &mut Variables<'_>) -> String {
    let service = variables.root.get("service").cloned();
    let service = service.map(|node| node.get("name").cloned().unwrap_or(node));
    service.and_then(|node| variables.text(&node)).unwrap_or_else(|| "*".to_owned())
}

fn stack_name(variables: &mut Variables<'_>, service: &str, stage: &str) -> String {
    let stated = variables.root.at_path(&["provider", "stackName"]).cloned();
    stated.and_then(|node| variables.text(&node)).unwrap_or_else(|| format!("{service}-{stage}"))
}

/// The template with these resources and parameters.
fn template(
    resources: Vec<Entry>,
    sections: Vec<Entry>,
    parameters: std::collections::BTreeMap<String, Mark>,
) -> Node {
    let at = Mark::default();
    let entry = |key: &str, kind: Kind| Entry { key: key.to_owned(), at, value: Node { at, kind } };
    let declared = parameters.into_iter().map(|(name, at)| Entry {
        key: name,
        at,
        value: Node { at, kind: Kind::Map(Vec::new()) },
    });
    let transform = Kind::Scalar("AWS::Serverless-2016-10-31".to_owned());
    let mut entries = vec![
        entry("Transform", transform),
        entry("Parameters", Kind::Map(declared.collect())),
        entry("Resources", Kind::Map(resources)),
    ];
    entries.extend(sections);
    Node { at, kind: Kind::Map(entries) }
}

fn problem(code: &'static str, location: Location, message: &str, remedy: &str) -> Diagnostic {
    Diagnostic::new(Severity::Warning, code, message).at(location).remedy(remedy).unresolved()
}
