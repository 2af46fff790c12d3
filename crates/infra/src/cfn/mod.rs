//! AWS CloudFormation and AWS SAM templates.
//!
//! A [`Reader`] holds the stacks of one template: the template itself and its nested stacks with local
//! templates. `eval` computes values, `names` says what resources are called, `load` reads files,
//! `function` and `needs` look at functions. Nothing is ever fetched, and no file outside of the roots is
//! read unless the user allows it.

mod assets;
mod circles;
mod conditions;
mod eval;
mod events;
mod function;
mod handler;
mod index;
mod keys;
mod load;
mod names;
mod needs;
mod origin;
mod policies;
mod pseudo;
mod role;
mod samconfig;
mod services;
mod statements;
mod states;
mod types;
mod value;
mod written;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::Pattern;

use crate::cdk::Origins;
use crate::model::{Deployment, Language, Settings};
use crate::references::References;
use crate::tree::{Entry, Files, Mark, Node};
use index::Index;

pub(crate) use eval::name_of_output;
pub(crate) use load::{is_state_machine, is_template};
pub(crate) use pseudo::service_of;

/// Position of a stack in [`Reader::stacks`].
type StackId = usize;

/// How many references a value may go through.
const MAX_DEPTH: usize = 64;

/// One template with its place among the stacks.
struct Template {
    root: Node,
    index: Index,
    path: PathBuf,
    /// The directory that relative paths in it start from.
    directory: PathBuf,
    /// What stands before the names of references: names of the stacks around it, each followed by a slash.
    scope: String,
    /// The stack around it and its logical id there.
    parent: Option<(StackId, String)>,
    is_sam: bool,
}

/// Reads one template and its nested stacks.
pub(crate) struct Reader<'s> {
    settings: &'s Settings,
    /// The language of the templates.
    language: Language,
    /// Whether the name of the stack is that of this template and not of all.
    names_its_stack: bool,
    /// Names of functions to show, by logical id, where they differ.
    shown_names: BTreeMap<String, String>,
    files: Files,
    stacks: Vec<Arc<Template>>,
    /// Nested stacks by the stack around them and their logical ids in it.
    children: HashMap<(StackId, String), StackId>,
    references: References,
    diagnostics: Vec<Diagnostic>,
    /// Names of resources that are known, or being computed.
    names: HashMap<(StackId, String), Option<Vec<Pattern>>>,
    /// Files that were read as documents of resources.
    documents: Vec<PathBuf>,
    /// Files of the projects around cloud assemblies, by the directories of templates.
    origins: HashMap<PathBuf, Rc<Origins>>,
    depth: usize,
}

/// Reads the template in a file, and tells which files its nested stacks came from. `scope` is put before
/// the names of its references, where it is not the only template.
///
/// # Errors
/// When the file cannot be read as a template at all.
pub(crate) fn read(
    path: &Path,
    scope: String,
    settings: &Settings,
) -> Result<(Deployment, Vec<PathBuf>), Diagnostic> {
    let (settings, said) = samconfig::add_to(settings, path);
    let mut reader = Reader::new(&settings);
    reader.diagnostics.extend(said);
    reader.load_root(path, scope)?;
    Ok(reader.deployment())
}

/// Reads the template of a stack whose own name the settings hold.
///
/// # Errors
/// When the file cannot be read as a template at all.
pub(crate) fn read_stack(
    path: &Path,
    scope: String,
    settings: &Settings,
) -> Result<(Deployment, Vec<PathBuf>), Diagnostic> {
    let mut reader = Reader::new(settings);
    reader.names_its_stack = true;
    reader.load_root(path, scope)?;
    Ok(reader.deployment())
}

/// A template that another language was made into.
pub(crate) struct Parts {
    /// The template.
    pub(crate) template: Node,
    /// The files that places in it are in.
    pub(crate) files: Files,
    /// What was found while it was made.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The language.
    pub(crate) language: Language,
    /// What functions are called, by their logical ids.
    pub(crate) names: BTreeMap<String, String>,
}

/// Reads such a template, which stands for the file at `path`.
pub(crate) fn read_parts(parts: Parts, path: &Path, scope: String, settings: &Settings) -> Deployment {
    let mut reader = Reader::new(settings);
    reader.files = parts.files;
    reader.diagnostics = parts.diagnostics;
    reader.language = parts.language;
    reader.shown_names = parts.names;
    reader.names_its_stack = reader.language == Language::Serverless;
    reader.add_root(parts.template, path, scope);
    reader.deployment().0
}

impl<'s> Reader<'s> {
    fn new(settings: &'s Settings) -> Self {
        Reader {
            settings,
            language: Language::CloudFormation,
            names_its_stack: false,
            shown_names: BTreeMap::new(),
            files: Files::default(),
            stacks: Vec::new(),
            children: HashMap::new(),
            references: pseudo::references(settings),
            diagnostics: Vec::new(),
            names: HashMap::new(),
            documents: Vec::new(),
            origins: HashMap::new(),
            depth: 0,
        }
    }

    /// What the stacks say, and the files that nested ones and documents came from.
    fn deployment(mut self) -> (Deployment, Vec<PathBuf>) {
        let mut units = Vec::new();
        let mut keys = Vec::new();
        for stack in 0..self.stacks.len() {
            units.extend(self.functions(stack));
            units.extend(self.state_machines(stack));
            units.extend(self.service_units(stack));
            keys.extend(self.keys(stack));
            self.note_arns(stack);
            self.note_exports(stack);
            self.note_dependencies(stack);
        }
        for unit in &mut units {
            self.add_key_needs(&mut unit.needs, &keys);
        }
        let nested = self.stacks.iter().skip(1).map(|template| template.path.clone());
        let read = nested.chain(std::mem::take(&mut self.documents)).collect();
        let Reader { references, diagnostics, .. } = self;
        (Deployment { units, references, keys, diagnostics }, read)
    }
}

impl Reader<'_> {
    fn template(&self, stack: StackId) -> Arc<Template> {
        self.stacks[stack].clone()
    }

    fn location(&self, mark: Mark) -> Location {
        self.files.location(mark)
    }

    fn problem(&self, code: &'static str, at: Mark, message: String, remedy: &str) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message).at(self.location(at)).remedy(remedy).unresolved()
    }

    fn warn(&mut self, code: &'static str, at: Mark, message: String, remedy: &str) {
        let diagnostic = self.problem(code, at, message, remedy);
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    fn note(&mut self, code: &'static str, at: Mark, message: String, remedy: &str) {
        let diagnostic = Diagnostic::new(Severity::Note, code, message).at(self.location(at)).remedy(remedy);
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }
}

impl Template {
    /// A resource by its logical id.
    fn resource(&self, logical_id: &str) -> Option<&Node> {
        self.entry(logical_id).map(|entry| &entry.value)
    }

    /// The same with its place.
    fn entry(&self, logical_id: &str) -> Option<&Entry> {
        self.index.entry(&self.root, logical_id)
    }

    /// The resources of some types.
    fn of_types(&self, kinds: &[&str]) -> Vec<&Entry> {
        self.index.of_types(&self.root, kinds)
    }

    fn resource_type(&self, logical_id: &str) -> Option<&str> {
        self.resource(logical_id)?.get("Type")?.text()
    }
}
