//! The corpus: its folders and their hand-written `expect.toml` files.
//!
//! The format is described in `corpus/README.md`; unknown keys are errors, so that a misspelt
//! expectation cannot pass for a met one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

/// Languages of the corpus, and applications with templates: the names of its folders.
pub const LANGUAGES: [&str; 4] = ["python", "javascript", "typescript", "templates"];

/// One folder of the corpus.
#[derive(Clone, Debug)]
pub struct Case {
    /// Language and folder, `python/waiters`.
    pub name: String,
    /// The folder.
    pub path: PathBuf,
}

impl Case {
    /// The language: the first part of the name.
    #[must_use]
    pub fn language(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// Reads `expect.toml`.
    ///
    /// # Errors
    /// When the file is missing, or does not follow the format.
    pub fn expectation(&self) -> Result<Expectation, String> {
        let path = self.path.join("expect.toml");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }
}

/// The root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

/// All folders of the corpus, sorted by name.
///
/// # Errors
/// When the corpus cannot be listed.
pub fn all() -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for language in LANGUAGES {
        for entry in fs::read_dir(repository().join("corpus").join(language))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                let folder = entry.file_name().to_string_lossy().into_owned();
                cases.push(Case { name: format!("{language}/{folder}"), path: entry.path() });
            }
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

/// What `expect.toml` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// What the case shows.
    pub title: String,
    /// Extra command line arguments.
    #[serde(default)]
    pub args: Vec<String>,
    /// Globs over actions that must not appear.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// The requests that the code makes.
    #[serde(default, rename = "request")]
    pub requests: Vec<Request>,
    /// What must be reported.
    #[serde(default, rename = "diagnostic")]
    pub diagnostics: Vec<ExpectedDiagnostic>,
    /// What each function of a template needs, by its name.
    #[serde(default, rename = "function")]
    pub functions: BTreeMap<String, FunctionExpectation>,
    /// Why the simulator's answer does not count for this case (rare).
    pub not_simulated: Option<String>,
    /// How the application runs, if it can.
    pub run: Option<Run>,
}

/// What one function of a template needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionExpectation {
    /// Permissions in short: an action and a resource with a space between them. Several actions of one
    /// service may share a line: `sqs:ReceiveMessage,DeleteMessage RESOURCE`.
    #[serde(default)]
    pub allows: Vec<String>,
    /// Permissions in full, where they have conditions.
    #[serde(default, rename = "request")]
    pub requests: Vec<Request>,
    /// Globs over actions that must not appear.
    #[serde(default)]
    pub forbidden: Vec<String>,
    /// How the function runs with the environment that the template gives it, if it can.
    pub run: Option<Run>,
}

impl FunctionExpectation {
    /// The expectation of a run: the operations, each with the permission of its name.
    ///
    /// # Errors
    /// When the function has no permission for an operation that it performs.
    pub fn performing(&self, run: &Run) -> Result<Vec<Request>, String> {
        let permissions = self.all()?;
        let permission_for = |operation: &String| {
            let name = operation.split_once(':').map_or(operation.as_str(), |(_, name)| name);
            let found =
                permissions.iter().find(|one| one.action.split_once(':').is_some_and(|(_, own)| own == name));
            let found = found.ok_or_else(|| format!("no permission is for `{operation}`"))?;
            Ok(Request { operation: Some(operation.clone()), ..found.clone() })
        };
        run.performs.iter().map(permission_for).collect()
    }

    /// All permissions in full.
    ///
    /// # Errors
    /// When a short form has no resource or no service.
    pub fn all(&self) -> Result<Vec<Request>, String> {
        let mut requests = self.requests.clone();
        for line in &self.allows {
            let (actions, resource) =
                line.split_once(' ').ok_or_else(|| format!("no resource in `{line}`"))?;
            let (service, names) =
                actions.split_once(':').ok_or_else(|| format!("no service in `{line}`"))?;
            requests.extend(names.split(',').map(|name| Request {
                action: format!("{service}:{name}"),
                resource: resource.to_owned(),
                condition: BTreeMap::new(),
                operation: None,
                concrete: stream_of(name, resource).map(OneOrMany::One),
                context: BTreeMap::new(),
                not_run: None,
            }));
        }
        Ok(requests)
    }
}

/// One permission that the code needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// IAM action.
    pub action: String,
    /// Resource as the policy states it.
    pub resource: String,
    /// Condition block as the policy states it: operator, key, values.
    #[serde(default)]
    pub condition: BTreeMap<String, BTreeMap<String, OneOrMany>>,
    /// The SDK operation that needs the permission, `service:Operation`.
    pub operation: Option<String>,
    /// Full ARNs for the simulation.
    pub concrete: Option<OneOrMany>,
    /// Condition keys of the simulated request.
    #[serde(default)]
    pub context: BTreeMap<String, OneOrMany>,
    /// Why the run does not perform the operation.
    pub not_run: Option<String>,
}

impl Request {
    /// The full ARNs of simulated requests: as written, else the resource with its wildcards filled.
    #[must_use]
    pub fn concrete(&self) -> Vec<String> {
        match &self.concrete {
            Some(arns) => arns.to_vec(),
            None => vec![fill_wildcards(&self.resource)],
        }
    }
}

/// A log stream of the group that the resource has, where the action works on streams.
fn stream_of(action: &str, resource: &str) -> Option<String> {
    let group = resource.strip_suffix(":*").filter(|group| group.contains(":log-group:"))?;
    let stream = format!("{group}:log-stream:x");
    ["CreateLogStream", "PutLogEvents"].contains(&action).then(|| fill_wildcards(&stream))
}

/// A resource of a policy made into one that a request could name.
fn fill_wildcards(resource: &str) -> String {
    if resource == "*" {
        return resource.to_owned();
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let filled = parts.iter().enumerate().map(|(position, part)| match (position, *part) {
        (3, "*") => "us-east-1".to_owned(),
        (4, "*") => "123456789012".to_owned(),
        _ => unescape(&part.replace("${*}", "\u{1}").replace("${?}", "\u{2}").replace(['*', '?'], "x")),
    });
    filled.collect::<Vec<_>>().join(":")
}

/// Undoes the escapes of literal characters in a policy.
fn unescape(text: &str) -> String {
    text.replace('\u{1}', "*").replace('\u{2}', "?").replace("${$}", "$")
}

/// A diagnostic that must be printed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedDiagnostic {
    /// Code in kebab case.
    pub code: String,
    /// File, relative to the case.
    pub file: String,
    /// 1-based line; none for a whole file.
    pub line: Option<u32>,
}

/// How to run an application; handed on to the runner scripts as JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// A file to execute.
    pub script: Option<String>,
    /// Functions to call.
    #[serde(default)]
    pub call: Vec<Call>,
    /// Environment of the process.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// Files to write before.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// Operations that are performed and need no permission.
    #[serde(default)]
    pub free: Vec<String>,
    /// Of a function of a template: the operations that it performs.
    #[serde(default)]
    pub performs: Vec<String>,
    /// Operations that make what the application expects to exist.
    #[serde(default)]
    pub setup: Vec<Setup>,
}

/// One function call.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// `FILE:FUNCTION`.
    pub function: String,
    /// Positional arguments, a JSON array.
    #[serde(default = "no_arguments")]
    pub args: String,
    /// Whether it ends in an error.
    #[serde(default)]
    pub raises: bool,
}

fn no_arguments() -> String {
    "[]".to_owned()
}

/// One operation of the set-up.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// `service:Operation`.
    pub operation: String,
    /// Parameters, a JSON object.
    pub params: String,
    /// Values to take out of the response: name and dotted path.
    #[serde(default)]
    pub save: BTreeMap<String, String>,
}

/// A string or a list of strings, as in policies.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One value.
    One(String),
    /// Several values.
    Many(Vec<String>),
}

impl OneOrMany {
    /// The values as a list.
    #[must_use]
    pub fn to_vec(&self) -> Vec<String> {
        match self {
            OneOrMany::One(value) => vec![value.clone()],
            OneOrMany::Many(values) => values.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_are_filled_by_place() {
        assert_eq!(
            fill_wildcards("arn:aws:secretsmanager:*:*:secret:a/*-??????"),
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:a/x-xxxxxx"
        );
        assert_eq!(fill_wildcards("arn:aws:s3:::b/*/${*}${$}"), "arn:aws:s3:::b/x/*$");
        assert_eq!(fill_wildcards("*"), "*");
    }
}
