//! Terraform and OpenTofu: the functions and resources of a root module and its local modules become the
//! CloudFormation template that they stand for, and are read as one. Nothing is downloaded: modules of
//! registries are reported and passed over, except that the widely used module for Lambda functions is
//! known by its arguments.

mod convert;
mod module;
mod resources;
mod types;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Block;
use perm_infer_diagnostics::{Diagnostic, LineIndex, Location, Severity, Span};

use crate::cfn;
use crate::code::shown;
use crate::model::{Deployment, Language, Settings};
use crate::tree::{Entry, Files, Kind, Mark, Node};

/// Position of a module in [`Terraform::modules`].
type ModuleId = usize;

/// An expression and the file it stands in.
#[derive(Clone)]
struct Placed<T> {
    file: u32,
    value: Arc<T>,
}

/// One module with its arguments.
struct Module {
    directory: PathBuf,
    /// What stands before the names of its resources: `module.name.`, for each module around.
    prefix: String,
    /// Values of variables: what the caller or a variables file gives.
    variables: BTreeMap<String, Node>,
    /// Variables as they are declared.
    declared: BTreeMap<String, Placed<Block>>,
    locals: BTreeMap<String, Placed<Expression>>,
    outputs: BTreeMap<String, Placed<Expression>>,
    resources: Vec<Placed<Block>>,
    data: BTreeMap<(String, String), Placed<Block>>,
    /// Local modules by name.
    children: BTreeMap<String, ModuleId>,
}

/// A root module that is being read.
struct Terraform<'s> {
    settings: &'s Settings,
    root: PathBuf,
    files: Files,
    lines: Vec<LineIndex>,
    diagnostics: Vec<Diagnostic>,
    modules: Vec<Module>,
    parameters: BTreeMap<String, (Mark, Option<String>)>,
    conditions: Vec<Entry>,
    depth: usize,
}

/// Whether a directory holds a configuration with functions.
pub(crate) fn has_functions(files: &[PathBuf]) -> bool {
    files.iter().any(|file| {
        std::fs::read(file).is_ok_and(|text| {
            ["\"aws_lambda_function\"", "terraform-aws-modules/lambda/aws", "\"./", "\"../"]
                .iter()
                .any(|word| memchr::memmem::find(&text, word.as_bytes()).is_some())
        })
    })
}

/// Reads the root module in a directory, and tells the directories of the local modules it uses.
///
/// # Errors
/// When the directory cannot be read.
pub(crate) fn read(
    directory: &Path,
    scope: String,
    settings: &Settings,
) -> Result<(Deployment, Vec<PathBuf>), Diagnostic> {
    let mut terraform = Terraform {
        settings,
        root: directory.to_owned(),
        files: Files::default(),
        lines: Vec::new(),
        diagnostics: Vec::new(),
        modules: Vec::new(),
        parameters: BTreeMap::new(),
        conditions: Vec::new(),
        depth: 0,
    };
    terraform.load(directory, String::new(), BTreeMap::new())?;
    let mut resources = Vec::new();
    let mut names = BTreeMap::new();
    for module in 0..terraform.modules.len() {
        terraform.resources(module, &mut resources, &mut names);
    }
    let nested = terraform.modules.iter().skip(1).map(|module| module.directory.clone()).collect();
    let template = terraform.template(resources);
    let Terraform { files, diagnostics, .. } = terraform;
    let parts = cfn::Parts { template, files, diagnostics, language: Language::Terraform, names };
    // Relative paths are already those of their modules.
    let place = PathBuf::from(shown(&directory.join("main.tf")));
    Ok((cfn::read_parts(parts, &place, scope, settings), nested))
}

impl Terraform<'_> {
    fn template(&mut self, resources: Vec<Entry>) -> Node {
        let at = Mark::default();
        let parameters = std::mem::take(&mut self.parameters).into_iter().map(|(name, (at, default))| {
            let default =
                default.map(|text| Entry { key: "Default".to_owned(), at, value: scalar(&text, at) });
            Entry { key: name, at, value: map(at, default.into_iter().collect()) }
        });
        let parameters = map(at, parameters.collect());
        map(
            at,
            vec![
                entry("Transform", scalar("AWS::Serverless-2016-10-31", at)),
                entry("Parameters", parameters),
                entry("Conditions", map(at, std::mem::take(&mut self.conditions))),
                entry("Resources", map(at, resources)),
            ],
        )
    }

    fn mark(&self, file: u32, span: Option<std::ops::Range<usize>>) -> Mark {
        let offset = Span::new(span.map_or(0, |span| span.start), 0).start;
        match self.lines.get(file as usize) {
            Some(lines) => Mark::at(file, lines.line(offset), lines.column(offset)),
            None => Mark::default(),
        }
    }

    fn warn(&mut self, code: &'static str, at: Mark, message: String, remedy: &str) {
        let location = self.files.location(at);
        self.diagnostics
            .push(Diagnostic::new(Severity::Warning, code, message).at(location).remedy(remedy).unresolved());
    }
}

fn unreadable(place: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Severity::Warning, "unreadable-template", format!("cannot read it: {error}"))
        .at(Location::file(shown(place)))
        .remedy("check the path")
        .unresolved()
}

fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.to_owned(), at: value.at, value }
}

fn map(at: Mark, entries: Vec<Entry>) -> Node {
    Node { at, kind: Kind::Map(entries) }
}

fn list(at: Mark, items: Vec<Node>) -> Node {
    Node { at, kind: Kind::List(items) }
}

fn scalar(text: &str, at: Mark) -> Node {
    Node { at, kind: Kind::Scalar(text.to_owned()) }
}

/// A call of an intrinsic function.
fn call(function: &str, argument: Node) -> Node {
    let at = argument.at;
    map(at, vec![Entry { key: function.to_owned(), at, value: argument }])
}

/// A value of which nothing is known.
fn unknown(at: Mark) -> Node {
    call("Fn::Base64", scalar("", at))
}
