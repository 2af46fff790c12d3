//! Reading template files: the root, nested stacks with local templates, included snippets, loops.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use perm_infer_diagnostics::{Diagnostic, Location, Severity};

use super::index::Index;
use super::{Reader, StackId, Template};
use crate::code::{is_inside, join, shown};
use crate::tree::{self, Entry, Kind, Mark, Node};

/// Stacks that one template may have, with those in stacks.
const MAX_STACKS: usize = 200;

/// Copies that loops of one template may make.
const MAX_COPIES: usize = 5_000;

/// Whether a text is a CloudFormation or SAM template, by words that every one has.
pub(crate) fn is_template(text: &[u8]) -> bool {
    let has = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    has("Resources") && has("AWS::")
}

/// Whether a text is a definition of a state machine, by words that every one has.
/// Source: "State machine structure in Amazon States Language".
pub(crate) fn is_state_machine(text: &[u8]) -> bool {
    let has = |word: &str| memchr::memmem::find(text, word.as_bytes()).is_some();
    has("StartAt") && has("States") && has("Type") && !has("Resources")
}

impl Reader<'_> {
    /// Reads the template and everything nested in it.
    pub(super) fn load_root(&mut self, path: &Path, scope: String) -> Result<(), Diagnostic> {
        if std::fs::read(path).is_ok_and(|bytes| is_state_machine(&bytes)) {
            let file = self.files.add(&shown(path));
            self.add_root(state_machine(file, path), path, scope);
            return Ok(());
        }
        self.load(path, scope, None).map(|_| ())
    }

    fn load(
        &mut self,
        path: &Path,
        scope: String,
        parent: Option<(StackId, String)>,
    ) -> Result<StackId, Diagnostic> {
        let root = self.read_file(path)?;
        let shown = shown(path);
        if root.get("Resources").is_none() {
            return Err(Diagnostic::new(
                Severity::Warning,
                "template-without-resources",
                "it has no `Resources`, so it is no CloudFormation template",
            )
            .at(Location::file(shown))
            .remedy("pass a template with --template, or --no-template"));
        }
        let id = self.add_template(root, path, scope, parent);
        self.load_children(id);
        Ok(id)
    }

    /// Adds the root that was made of something else.
    pub(super) fn add_root(&mut self, root: Node, path: &Path, scope: String) {
        let id = self.add_template(root, path, scope, None);
        self.load_children(id);
    }

    fn add_template(
        &mut self,
        mut root: Node,
        path: &Path,
        scope: String,
        parent: Option<(StackId, String)>,
    ) -> StackId {
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        let mut copies = 0;
        self.expand(&mut root, &directory, &mut copies);
        let is_sam = root.get("Transform").is_some_and(is_sam);
        let index = Index::of(&root);
        let template = Template { root, index, path: path.to_owned(), directory, scope, parent, is_sam };
        self.stacks.push(Arc::new(template));
        self.stacks.len() - 1
    }

    fn read_file(&mut self, path: &Path) -> Result<Node, Diagnostic> {
        self.read_text(path, |text| text)
    }

    /// Reads a file, whose text `prepare` makes one that can be parsed.
    pub(super) fn read_text(
        &mut self,
        path: &Path,
        prepare: impl FnOnce(String) -> String,
    ) -> Result<Node, Diagnostic> {
        let shown = shown(path);
        let unreadable = |message: String| {
            Diagnostic::new(Severity::Warning, "unreadable-template", message)
                .at(Location::file(&shown))
                .remedy("check the path and that the file is UTF-8 text")
                .unresolved()
        };
        let size = std::fs::metadata(path)
            .map_err(|error| unreadable(format!("cannot read {shown}: {error}")))?
            .len();
        if size > tree::MAX_BYTES {
            return Err(unreadable(format!("{shown} is larger than {} MiB", tree::MAX_BYTES >> 20)));
        }
        let text = std::fs::read_to_string(path)
            .map_err(|error| unreadable(format!("cannot read {shown}: {error}")))?;
        let file = self.files.add(&shown);
        tree::read(&prepare(text), file, &self.files, &mut self.diagnostics)
    }

    fn load_children(&mut self, id: StackId) {
        let template = self.template(id);
        let resources = template.root.get("Resources").map(Node::entries).unwrap_or_default();
        for entry in resources {
            let property = match entry.value.get("Type").and_then(Node::text) {
                Some("AWS::CloudFormation::Stack") => "TemplateURL",
                Some("AWS::Serverless::Application") => "Location",
                _ => continue,
            };
            // AWS CDK uploads the template of a nested stack and says which file it is.
            let asset = entry.value.at_path(&["Metadata", "aws:asset:path"]);
            let place = asset.or_else(|| entry.value.at_path(&["Properties", property]));
            let Some(place) = place else { continue };
            if self.may_exist(id, &entry.value) {
                self.load_child(id, entry, place);
            }
        }
    }

    fn load_child(&mut self, id: StackId, entry: &Entry, place: &Node) {
        let template = self.template(id);
        let local = place.text().filter(|text| !text.contains("://"));
        let Some(local) = local else {
            let message = format!("the template of {} is not a local file; it is not read", entry.key);
            return self.note(
                "nested-stack-not-local",
                place.at,
                message,
                "pass its functions' templates with --template",
            );
        };
        let path = join(&template.directory, local);
        let is_around = self.ancestors(id).any(|around| around == path);
        if is_around || self.stacks.len() >= MAX_STACKS {
            let message = format!("the template of {} contains itself, or nests too many stacks", entry.key);
            return self.warn("cyclic-reference", place.at, message, "break the circle of templates");
        }
        if !self.may_read(&path, place.at) {
            return;
        }
        let scope = format!("{}{}/", template.scope, entry.key);
        match self.load(&path, scope, Some((id, entry.key.clone()))) {
            Ok(child) => {
                self.children.insert((id, entry.key.clone()), child);
            }
            Err(diagnostic) => {
                let location = self.location(place.at);
                self.diagnostics.push(diagnostic.at(location));
            }
        }
    }

    fn ancestors(&self, id: StackId) -> impl Iterator<Item = PathBuf> {
        let mut names = Vec::new();
        let mut next = Some(id);
        while let Some(id) = next {
            names.push(self.stacks[id].path.clone());
            next = self.stacks[id].parent.as_ref().map(|(parent, _)| *parent);
        }
        names.into_iter()
    }

    /// Whether a file or directory that the template names may be read; reported if not.
    pub(super) fn may_read(&mut self, path: &Path, at: Mark) -> bool {
        if self.settings.allow_outside || is_inside(path, &self.settings.roots) {
            return true;
        }
        let message = format!("{} lies outside of the given paths; it is not read", shown(path));
        self.warn("outside-of-paths", at, message, "pass it as a further PATH, or --allow-outside");
        false
    }

    /// Puts included files in their places and unrolls loops.
    fn expand(&mut self, node: &mut Node, directory: &Path, copies: &mut usize) {
        match &mut node.kind {
            Kind::List(items) => items.iter_mut().for_each(|item| self.expand(item, directory, copies)),
            Kind::Map(entries) => {
                let mut expanded = Vec::with_capacity(entries.len());
                for mut entry in std::mem::take(entries) {
                    if entry.key == "Fn::Transform"
                        && let Some(included) = self.included(&entry.value, directory)
                    {
                        expanded.extend(included.entries().iter().cloned());
                    } else if entry.key.starts_with("Fn::ForEach::") {
                        self.unroll(&entry, &mut expanded, copies);
                    } else {
                        self.expand(&mut entry.value, directory, copies);
                        expanded.push(entry);
                    }
                }
                *entries = expanded;
            }
            Kind::Null | Kind::Scalar(_) => {}
        }
    }

    /// The file of an `AWS::Include` transform.
    fn included(&mut self, transform: &Node, directory: &Path) -> Option<Node> {
        if transform.get("Name").and_then(Node::text) != Some("AWS::Include") {
            return None;
        }
        let place = transform.at_path(&["Parameters", "Location"])?;
        let Some(local) = place.text().filter(|text| !text.contains("://")) else {
            self.note(
                "include-not-local",
                place.at,
                "the included file is not a local file; it is not read".to_owned(),
                "download it next to the template and name it there",
            );
            return None;
        };
        let path = join(directory, local);
        if !self.may_read(&path, place.at) {
            return None;
        }
        match self.read_file(&path) {
            Ok(node) => Some(node),
            Err(diagnostic) => {
                let location = self.location(place.at);
                self.diagnostics.push(diagnostic.at(location));
                None
            }
        }
    }

    /// `Fn::ForEach::Name: [Variable, [values], {key: body}]`.
    /// Source: "Fn::ForEach" in the AWS CloudFormation User Guide.
    fn unroll(&mut self, entry: &Entry, expanded: &mut Vec<Entry>, copies: &mut usize) {
        let [variable, values, body] = entry.value.items() else { return };
        let Some(variable) = variable.text() else { return };
        let known: Option<Vec<&str>> = match &values.kind {
            Kind::List(items) => items.iter().map(Node::text).collect(),
            _ => None,
        };
        let Some(known) = known else {
            let message = "the values of the loop are not constants; what it makes is not seen".to_owned();
            return self.warn("loop-not-unrolled", values.at, message, "list the values in the template");
        };
        for value in known {
            *copies += 1;
            if *copies > MAX_COPIES {
                let message = "the loops of the template make too many copies".to_owned();
                return self.warn("loop-not-unrolled", values.at, message, "loop over fewer values");
            }
            for inner in body.entries() {
                let mut copy = Entry {
                    key: substitute(&inner.key, variable, value),
                    at: inner.at,
                    value: substituted(&inner.value, variable, value),
                };
                if copy.key.starts_with("Fn::ForEach::") {
                    self.unroll(&copy, expanded, copies);
                } else {
                    self.expand(&mut copy.value, Path::new(""), copies);
                    expanded.push(copy);
                }
            }
        }
    }
}

/// The template of a definition that stands for itself: one state machine of which the name is not known.
fn state_machine(file: u32, path: &Path) -> Node {
    let at = Mark::at(file, 1, 1);
    let scalar = |text: &str| Node { at, kind: Kind::Scalar(text.to_owned()) };
    let map = |entries: Vec<(&str, Node)>| {
        let entries = entries.into_iter().map(|(key, value)| Entry { key: key.to_owned(), at, value });
        Node { at, kind: Kind::Map(entries.collect()) }
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let id = name.split('.').next().unwrap_or_default().to_owned();
    let properties = map(vec![
        ("DefinitionUri", scalar(&name)),
        ("StateMachineName", map(vec![("Fn::Transform", scalar(""))])),
    ]);
    let resource =
        map(vec![("Type", scalar("AWS::StepFunctions::StateMachine")), ("Properties", properties)]);
    map(vec![("Resources", map(vec![(&id, resource)]))])
}

/// The text with the loop's variable replaced: `${Name}`, or `&{Name}` for alphanumeric keys.
fn substitute(text: &str, variable: &str, value: &str) -> String {
    let alphanumeric: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    text.replace(&format!("${{{variable}}}"), value).replace(&format!("&{{{variable}}}"), &alphanumeric)
}

fn substituted(node: &Node, variable: &str, value: &str) -> Node {
    let kind = match &node.kind {
        Kind::Scalar(text) => Kind::Scalar(substitute(text, variable, value)),
        Kind::List(items) => {
            Kind::List(items.iter().map(|item| substituted(item, variable, value)).collect())
        }
        Kind::Map(_) if matches!(node.intrinsic(), Some(("Ref", name)) if name.text() == Some(variable)) => {
            Kind::Scalar(value.to_owned())
        }
        Kind::Map(entries) => Kind::Map(
            entries
                .iter()
                .map(|entry| Entry {
                    key: substitute(&entry.key, variable, value),
                    at: entry.at,
                    value: substituted(&entry.value, variable, value),
                })
                .collect(),
        ),
        Kind::Null => Kind::Null,
    };
    Node { at: node.at, kind }
}

fn is_sam(transform: &Node) -> bool {
    let is_name = |node: &Node| node.text().is_some_and(|name| name.starts_with("AWS::Serverless-"));
    is_name(transform) || transform.items().iter().any(is_name)
}
