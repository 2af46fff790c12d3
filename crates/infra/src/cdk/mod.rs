//! AWS CDK: what `cdk synth` writes, a cloud assembly. Its manifest names the template of every stack, with
//! the account and region it is for; stages are assemblies inside of it. `origin` leads from the copies of
//! code in it back to the source.
//!
//! Source: "Cloud assembly schema" in the reference of AWS CDK.

mod origin;
mod source;

use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::Pattern;

use crate::code::{join, shown};
use crate::model::Settings;
use crate::tree::{self, Files, Node};

pub(crate) use origin::{Found, Origins};
pub use source::{Construct, Tree, read_constructs};

/// The file that makes a directory an assembly.
const MANIFEST: &str = "manifest.json";

/// How deep assemblies may be nested: pipelines have stages, stages have none.
const MAX_NESTING: usize = 4;

/// Stacks that one assembly may have.
const MAX_STACKS: usize = 500;

/// The template of one stack.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stack {
    pub(crate) template: PathBuf,
    name: String,
    /// As far as they are known when the assembly is made.
    account: Option<String>,
    region: Option<String>,
}

impl Stack {
    /// The settings for this stack: its own name, account and region where the user says nothing.
    pub(crate) fn settings(&self, settings: &Settings) -> Settings {
        let mut own = settings.clone();
        own.stack_name.get_or_insert_with(|| self.name.clone());
        let fill = |place: &mut Pattern, known: &Option<String>| {
            if let Some(known) = known
                && *place == Pattern::any()
            {
                *place = Pattern::literal(known);
            }
        };
        fill(&mut own.account, &self.account);
        fill(&mut own.region, &self.region);
        own
    }
}

/// The file that the application in a directory starts with, as its `cdk.json` says: `npx ts-node bin/shop.ts`.
/// Source: "`cdk.json`" in the AWS CDK Developer Guide.
#[must_use]
pub fn program_of_application(directory: &Path) -> Option<PathBuf> {
    let node = node(&directory.join("cdk.json"), &mut Files::default(), &mut Vec::new())?;
    let command = node.get("app")?.text()?;
    let words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    let files = words.map(|word| join(directory, word));
    let mut files = files.filter(|file| {
        let extension = file.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| ["py", "ts", "mts", "js", "mjs", "cjs"].contains(&extension))
    });
    files.find(|file| file.is_file())
}

/// The assembly that a path means: the directory, or its manifest.
pub(crate) fn assembly(path: &Path) -> Option<PathBuf> {
    if path.file_name().is_some_and(|name| name == MANIFEST) && is_assembly(path.parent()?) {
        return path.parent().map(Path::to_owned);
    }
    is_assembly(path).then(|| path.to_owned())
}

/// The assembly of an application, by its `cdk.json`: `cdk.out` beside it, or what `output` names.
pub(crate) fn assembly_of_application(configuration: &Path) -> Option<PathBuf> {
    let directory = configuration.parent()?;
    let output = node(configuration, &mut Files::default(), &mut Vec::new())
        .and_then(|root| root.get("output")?.text().map(str::to_owned))
        .unwrap_or_else(|| "cdk.out".to_owned());
    let place = join(directory, &output);
    is_assembly(&place).then_some(place)
}

fn is_assembly(directory: &Path) -> bool {
    let Ok(text) = std::fs::read(directory.join(MANIFEST)) else { return false };
    let has = |word: &str| memchr::memmem::find(&text, word.as_bytes()).is_some();
    has("\"artifacts\"") && has("aws:cloudformation:stack")
        || has("cdk:cloud-assembly") && has("\"artifacts\"")
}

/// The stacks of an assembly and of the stages in it, and what could not be read.
pub(crate) fn stacks(directory: &Path) -> (Vec<Stack>, Vec<Diagnostic>) {
    let mut stacks = Vec::new();
    let mut diagnostics = Vec::new();
    add(directory, 0, &mut stacks, &mut diagnostics);
    (stacks, diagnostics)
}

fn add(directory: &Path, depth: usize, stacks: &mut Vec<Stack>, diagnostics: &mut Vec<Diagnostic>) {
    let manifest = directory.join(MANIFEST);
    let Some(root) = node(&manifest, &mut Files::default(), diagnostics) else {
        let message = "the manifest of the cloud assembly cannot be read";
        let diagnostic = Diagnostic::new(Severity::Warning, "unreadable-template", message);
        let remedy = "run `cdk synth` again";
        return diagnostics.push(diagnostic.at(Location::file(shown(&manifest))).remedy(remedy).unresolved());
    };
    for artifact in root.get("artifacts").map(Node::entries).unwrap_or_default() {
        let property = |name: &str| artifact.value.at_path(&["properties", name]).and_then(Node::text);
        match artifact.value.get("type").and_then(Node::text) {
            Some("aws:cloudformation:stack") => {
                let Some(file) = property("templateFile") else { continue };
                let template = join(directory, file);
                if stacks.len() >= MAX_STACKS || !template.starts_with(directory) {
                    continue;
                }
                let environment = artifact.value.get("environment").and_then(Node::text);
                let (account, region) = place(environment.unwrap_or_default());
                let name = property("stackName").unwrap_or(&artifact.key).to_owned();
                stacks.push(Stack { template, name, account, region });
            }
            Some("cdk:cloud-assembly") => {
                let inner = property("directoryName").map(|name| join(directory, name));
                if let Some(inner) = inner.filter(|inner| inner.starts_with(directory) && inner != directory)
                    && depth < MAX_NESTING
                {
                    add(&inner, depth + 1, stacks, diagnostics);
                }
            }
            _ => {}
        }
    }
}

/// Account and region of `aws://123456789012/eu-west-1`, where they are not `unknown-account` and
/// `unknown-region`.
fn place(environment: &str) -> (Option<String>, Option<String>) {
    let inner = environment.strip_prefix("aws://").unwrap_or_default();
    let (account, region) = inner.split_once('/').unwrap_or_default();
    let known = |text: &str| {
        (!text.is_empty() && !text.starts_with("unknown-") && !text.starts_with("current_"))
            .then(|| text.to_owned())
    };
    (known(account), known(region))
}

fn node(path: &Path, files: &mut Files, diagnostics: &mut Vec<Diagnostic>) -> Option<Node> {
    let size = std::fs::metadata(path).ok()?.len();
    let text = (size <= tree::MAX_BYTES).then(|| std::fs::read_to_string(path).ok())??;
    let file = files.add(&shown(path));
    tree::read(&text, file, files, diagnostics).ok()
}

/// Whether a function is one that AWS CDK brings along, by the path of its construct and its handler: a
/// provider of custom resources, not code of the project.
pub(crate) fn is_provider(construct: &str, handler: &str) -> bool {
    let is_singleton = |part: &str| {
        let (purpose, hash) = part.split_at(part.len().saturating_sub(32).min(part.len()));
        hash.len() == 32
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
            && ["AWS", "LogRetention", "BucketNotificationsHandler"].contains(&purpose)
    };
    let is_own = |part: &str| part.starts_with("Custom::") || is_singleton(part);
    construct.split('/').any(is_own)
        || handler.starts_with("framework.") && construct.contains("/framework-on")
        || handler.starts_with("framework.") && construct.contains("/framework-is")
        || handler.starts_with("__entrypoint__.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_known_or_not() {
        let known = |text: &str| Some(text.to_owned());
        assert_eq!(place("aws://123456789012/eu-west-1"), (known("123456789012"), known("eu-west-1")));
        assert_eq!(place("aws://unknown-account/unknown-region"), (None, None));
        assert_eq!(place("x"), (None, None));
    }

    #[test]
    fn providers_of_cdk_are_told_from_functions_of_the_project() {
        for (construct, handler) in [
            ("App/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler", "index.handler"),
            ("App/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/Resource", "index.handler"),
            ("App/AWS679f53fac002430cb0da5b7982bd2287/Resource", "index.handler"),
            ("App/BucketNotificationsHandler050a0587b7544547bf325f094a3db834/Resource", "index.handler"),
            ("App/Provider/framework-onEvent/Resource", "framework.onEvent"),
            ("App/Own/Handler", "__entrypoint__.handler"),
        ] {
            assert!(is_provider(construct, handler), "{construct}");
        }
        for construct in
            ["App/Save/Resource", "App/SingletonLambdaaae0aa3c5b4d4f87b02d85b201efdd8a/Resource", "é"]
        {
            assert!(!is_provider(construct, "index.handler"), "{construct}");
        }
    }
}
