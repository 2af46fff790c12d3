//! Terraform and OpenTofu: the functions and resources of a root module and its local modules become the
//! CloudFormation template that they stand for, and are read as one. Nothing is downloaded: modules of
//! registries are reported and passed over, except that some widely used ones are known by their arguments.
//!
//! `module` reads files, `scope` makes the copies of `for_each` and `count`, `convert`, `traversal`,
//! `variables`, `text` and `functions` compute values, `arguments` collects those of a resource. What comes out, or out of a plan
//! or state by `state`, is a list of [`Resource`]s, which `resources`, `role`, `code` and `registry` turn
//! into the template.

mod arguments;
mod code;
mod convert;
mod files;
mod functions;
mod module;
mod optional;
mod patterns;
mod registry;
mod resources;
mod role;
mod scope;
mod state;
mod tasks;
mod text;
mod traversal;
mod types;
mod variables;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Block;
use perm_infer_diagnostics::{Diagnostic, LineIndex, Location, Severity, Span};

use crate::cfn;
use crate::code::shown;
use crate::model::{Deployment, Language, Settings, UnitKind};
use crate::tree::make::{call, entry, list, map, nested, scalar, unknown};
use crate::tree::{Entry, Files, Mark, Node, looked_up};
use resources::Resource;
use scope::{Argument, Object, Scope};

pub(crate) use state::{is_state_name, read as read_state};

pub(crate) use types::expression;

/// Position of a module in [`Terraform::modules`].
type ModuleId = usize;

/// An expression and the file it stands in.
#[derive(Clone)]
struct Placed<T> {
    file: u32,
    value: Arc<T>,
}

/// One module with its arguments.
#[derive(Default)]
struct Module {
    directory: PathBuf,
    /// What stands before the names of its resources: `module.name.`, for each module around.
    prefix: String,
    /// Values of variables: what the caller or a variables file gives.
    variables: BTreeMap<String, Argument>,
    /// Variables as they are declared.
    declared: BTreeMap<String, Placed<Block>>,
    locals: BTreeMap<String, Placed<Expression>>,
    outputs: BTreeMap<String, Placed<Expression>>,
    /// Resources, data and modules that are known by their arguments, by address: `aws_sqs_queue.jobs`,
    /// `data.aws_iam_policy_document.trust`, `module.resize`.
    blocks: BTreeMap<String, Placed<Block>>,
    /// Local modules by name.
    children: BTreeMap<String, Node>,
}

/// A value that is computed once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Named {
    Variable(ModuleId, String),
    Local(ModuleId, String),
    Output(ModuleId, String),
    /// The copies of a block.
    Block(ModuleId, String),
}

/// A root module that is being read.
struct Terraform<'s> {
    settings: &'s Settings,
    root: PathBuf,
    files: Files,
    lines: Vec<LineIndex>,
    diagnostics: Vec<Diagnostic>,
    modules: Vec<Module>,
    /// What values may refer to besides texts, lists and maps.
    objects: Vec<Arc<Object>>,
    /// Values that are known, or none while they are being computed.
    known: HashMap<Named, Option<Node>>,
    scope: Scope,
    parameters: BTreeMap<String, (Mark, Option<String>)>,
    conditions: Vec<Entry>,
    depth: usize,
    /// Expressions computed and nodes copied so far.
    steps: usize,
}

/// What has a role and runs no code of the project, as far as it is read.
const OTHER_UNITS: [UnitKind; 2] = [UnitKind::StateMachine, UnitKind::TaskExecution];

/// Whether a file holds a part of a module, by its name.
pub(crate) fn is_module_file(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tf" || extension == "tofu")
}

/// Whether a directory holds a configuration with functions.
pub(crate) fn has_functions(files: &[PathBuf]) -> bool {
    files.iter().any(|file| {
        std::fs::read(file).is_ok_and(|text| {
            [
                "\"aws_lambda_function\"",
                "\"aws_ecs_task_definition\"",
                "terraform-aws-modules/lambda/aws",
                "\"./",
                "\"../",
            ]
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
        objects: Vec::new(),
        known: HashMap::new(),
        scope: Scope::default(),
        parameters: BTreeMap::new(),
        conditions: Vec::new(),
        depth: 0,
        steps: 0,
    };
    terraform.load(directory, String::new(), BTreeMap::new())?;
    let resources = terraform.all_resources();
    let outputs = terraform.outputs_of_root();
    let nested = terraform.modules.iter().skip(1).map(|module| module.directory.clone()).collect();
    let parameters = terraform.parameters();
    let Terraform { files, diagnostics, conditions, .. } = terraform;
    let found = Found { resources, outputs, parameters, conditions, files, diagnostics };
    Ok((found.deployment(directory, scope, settings), nested))
}

/// What was found, wherever it was found.
struct Found {
    resources: Vec<Resource>,
    /// What others may read.
    outputs: Vec<Entry>,
    parameters: Vec<Entry>,
    conditions: Vec<Entry>,
    files: Files,
    diagnostics: Vec<Diagnostic>,
}

impl Found {
    /// What the template that the resources stand for says.
    fn deployment(mut self, root: &Path, scope: String, settings: &Settings) -> Deployment {
        let (resources, names) =
            resources::template_resources(&self.resources, root, &self.files, &mut self.diagnostics);
        let at = Mark::default();
        self.conditions.push(looked_up(at));
        let template = map(
            at,
            vec![
                entry("Transform", scalar("AWS::Serverless-2016-10-31", at)),
                entry("Parameters", map(at, self.parameters)),
                entry("Conditions", map(at, self.conditions)),
                entry("Resources", map(at, resources)),
                entry("Outputs", map(at, self.outputs)),
            ],
        );
        let Found { files, diagnostics, .. } = self;
        let parts = cfn::Parts { template, files, diagnostics, language: Language::Terraform, names };
        // Relative paths are already those of their modules.
        let place = PathBuf::from(shown(&root.join("main.tf")));
        let mut deployment = cfn::read_parts(parts, &place, scope, settings);
        // What else has a role of its own is not read here as far as it would take.
        deployment.units.retain(|unit| unit.kind.runs_code() || OTHER_UNITS.contains(&unit.kind));
        deployment
    }
}

impl Terraform<'_> {
    /// Outputs of the root module, which other configurations read.
    fn outputs_of_root(&mut self) -> Vec<Entry> {
        let names: Vec<String> = self.modules[0].outputs.keys().cloned().collect();
        let output = |this: &mut Self, name: String| {
            let value = this.output(0, &name, Mark::default());
            let export = nested(&["Export", "Name"], scalar(&format!("output {name}"), value.at));
            entry(&name, map(value.at, vec![entry("Value", value), export]))
        };
        names.into_iter().map(|name| output(self, name)).collect()
    }

    /// Variables of the root module and other values that nobody knows, as parameters of the template.
    fn parameters(&mut self) -> Vec<Entry> {
        let parameters = std::mem::take(&mut self.parameters).into_iter().map(|(name, (at, default))| {
            let default =
                default.map(|text| Entry { key: "Default".to_owned(), at, value: scalar(&text, at) });
            Entry { key: name, at, value: map(at, default.into_iter().collect()) }
        });
        parameters.collect()
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
        let diagnostic =
            Diagnostic::new(Severity::Warning, code, message).at(location).remedy(remedy).unresolved();
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }
}

fn unreadable(place: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Severity::Warning, "unreadable-template", format!("cannot read it: {error}"))
        .at(Location::file(shown(place)))
        .remedy("check the path")
        .unresolved()
}

/// A value that is not there: a key that a map has not.
fn missing(at: Mark) -> Node {
    call("Fn::Base64", scalar("missing", at))
}

fn is_missing(node: &Node) -> bool {
    node.intrinsic().is_some_and(|(name, inner)| name == "Fn::Base64" && inner.text() == Some("missing"))
}

fn is_unknown(node: &Node) -> bool {
    node.intrinsic().is_some_and(|(name, _)| name == "Fn::Base64")
}

/// `null`: the argument counts as not given.
fn null(at: Mark) -> Node {
    call("Ref", scalar("AWS::NoValue", at))
}

fn is_null(node: &Node) -> bool {
    node.intrinsic().is_some_and(|(name, inner)| name == "Ref" && inner.text() == Some("AWS::NoValue"))
}
