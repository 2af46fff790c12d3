//! Reading the files of a module and of the local modules that it calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::structure::{Block, Body};
use perm_infer_diagnostics::{Diagnostic, LineIndex, Severity};

use super::scope::{Argument, Object, Scope};
use super::{Module, ModuleId, Placed, Terraform, is_module_file, registry, unknown, unreadable};
use crate::code::{is_inside, join, shown};
use crate::tree::{self, Mark, Node};

/// Modules that one root may have.
const MAX_MODULES: usize = 200;

/// How deep modules may be nested.
const MAX_NESTING: usize = 12;

impl Terraform<'_> {
    pub(super) fn load(
        &mut self,
        directory: &Path,
        prefix: String,
        variables: BTreeMap<String, Argument>,
    ) -> Result<ModuleId, Diagnostic> {
        let mut module = Module { directory: directory.to_owned(), prefix, variables, ..Module::default() };
        let mut calls = Vec::new();
        let files = sorted_files(directory)?;
        for path in files.iter().filter(|path| is_module_file(path)) {
            // OpenTofu reads its own file in place of one of the same name.
            let own = path.with_extension("tofu");
            if *path == own || !files.contains(&own) {
                self.read_file(path, &mut module, &mut calls);
            }
        }
        let id = self.modules.len();
        self.modules.push(module);
        if id == 0 {
            self.read_values(directory);
        }
        // What is repeated may depend on what the others give.
        calls.sort_by_key(|call| {
            call.value.body.has_attribute("for_each") || call.value.body.has_attribute("count")
        });
        for call in calls {
            self.call(id, &call);
        }
        Ok(id)
    }

    fn parse(&mut self, path: &Path) -> Option<(u32, Body)> {
        let size = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let text = match std::fs::read_to_string(path) {
            Ok(text) if size <= tree::MAX_BYTES => text,
            Ok(_) => return None,
            Err(error) => {
                self.diagnostics.push(unreadable(path, &error));
                return None;
            }
        };
        let file = self.files.add(&shown(path));
        self.lines.push(LineIndex::new(&text));
        match text.parse::<Body>() {
            Ok(body) => Some((file, body)),
            Err(error) => {
                let place = error.location();
                let line = u32::try_from(place.line()).unwrap_or(u32::MAX);
                let at = Mark::at(file, line, u32::try_from(place.column()).unwrap_or(u32::MAX));
                let message = format!("the template cannot be read: {}", error.message());
                let remedy = "correct the file, or leave it out with --no-template";
                self.warn("template-syntax", at, message, remedy);
                None
            }
        }
    }

    fn read_file(&mut self, path: &Path, module: &mut Module, calls: &mut Vec<Placed<Block>>) {
        let Some((file, body)) = self.parse(path) else { return };
        for block in body.into_blocks() {
            let labels: Vec<String> = block.labels.iter().map(|label| label.as_str().to_owned()).collect();
            let placed = |value: Block| Placed { file, value: Arc::new(value) };
            match (block.ident.as_str(), labels.as_slice()) {
                ("locals", _) => {
                    for attribute in block.body.into_attributes() {
                        let name = attribute.key.as_str().to_owned();
                        module.locals.insert(name, Placed { file, value: Arc::new(attribute.value) });
                    }
                }
                ("variable", [name]) => {
                    module.declared.insert(name.clone(), placed(block));
                }
                ("output", [name]) => {
                    if let Some(value) = block.body.get_attribute("value") {
                        let value = Arc::new(value.value.clone());
                        module.outputs.insert(name.clone(), Placed { file, value });
                    }
                }
                ("resource", [kind, name]) => {
                    module.blocks.insert(format!("{kind}.{name}"), placed(block));
                }
                ("data", [kind, name]) => {
                    module.blocks.insert(format!("data.{kind}.{name}"), placed(block));
                }
                ("module", [_]) => calls.push(placed(block)),
                _ => {}
            }
        }
    }

    /// Variables files that are read without being asked for, in the order of Terraform.
    fn read_values(&mut self, directory: &Path) {
        let Ok(files) = sorted_files(directory) else { return };
        let name = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let rank = |name: &str| match name {
            "terraform.tfvars" => Some(0),
            "terraform.tfvars.json" => Some(1),
            name if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") => Some(2),
            _ => None,
        };
        let mut ranked: Vec<(u8, &PathBuf)> =
            files.iter().filter_map(|path| Some((rank(&name(path)?)?, path))).collect();
        ranked.sort();
        for (_, path) in ranked {
            let values: Vec<(String, Node)> = match path.extension().is_some_and(|end| end == "json") {
                true => self.json_values(path),
                false => {
                    let Some((file, body)) = self.parse(path) else { continue };
                    let attributes = body.into_attributes();
                    attributes
                        .map(|attribute| {
                            let value = self.convert(0, file, &attribute.value);
                            (attribute.key.as_str().to_owned(), value)
                        })
                        .collect()
                }
            };
            let values = values.into_iter().map(|(name, value)| (name, Argument::Value(value)));
            self.modules[0].variables.extend(values);
        }
    }

    fn json_values(&mut self, path: &Path) -> Vec<(String, Node)> {
        let size = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let text = std::fs::read_to_string(path).ok().filter(|_| size <= tree::MAX_BYTES);
        let Some(text) = text else { return Vec::new() };
        let file = self.files.add(&shown(path));
        self.lines.push(LineIndex::new(&text));
        match tree::read(&text, file, &self.files, &mut self.diagnostics) {
            Ok(node) => node.entries().iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect(),
            Err(problem) => {
                self.diagnostics.push(problem);
                Vec::new()
            }
        }
    }

    /// A call of another module.
    fn call(&mut self, caller: ModuleId, block: &Placed<Block>) {
        let name = block.value.labels.first().map(|label| label.as_str().to_owned()).unwrap_or_default();
        let at = self.mark(block.file, block.value.span());
        let source = block.value.body.get_attribute("source").and_then(|source| source.value.as_str());
        let Some(source) = source.map(str::to_owned) else { return };
        if registry::is_known(&block.value) {
            // Its arguments say what it makes.
            self.modules[caller].blocks.insert(format!("module.{name}"), block.clone());
            return;
        }
        let is_local = source.starts_with("./") || source.starts_with("../");
        if !is_local {
            let location = self.files.location(at);
            let message =
                format!("module {name} comes from {source}, which is not a local path; it is not read");
            let remedy = "add what its functions need by hand, or download it and name it by its path";
            self.diagnostics.push(
                Diagnostic::new(Severity::Note, "module-not-local", message).at(location).remedy(remedy),
            );
            return;
        }
        let directory = join(&self.modules[caller].directory, &source);
        if !self.settings.allow_outside && !is_inside(&directory, &self.settings.roots) {
            let message = format!("{} lies outside of the given paths; it is not read", shown(&directory));
            return self.warn(
                "outside-of-paths",
                at,
                message,
                "pass it as a further PATH, or --allow-outside",
            );
        }
        let prefix = format!("{}module.{name}", self.modules[caller].prefix);
        let copy = |this: &mut Self, key: &str, _: &str, scope: Scope| {
            this.copy_of_module(caller, block, &directory, format!("{prefix}{key}."), &scope, at)
        };
        let children = self.repeated(caller, block.file, &block.value.body, copy, at);
        self.modules[caller].children.insert(name, children);
    }

    /// Reads a module for one of its copies.
    fn copy_of_module(
        &mut self,
        caller: ModuleId,
        block: &Placed<Block>,
        directory: &Path,
        prefix: String,
        scope: &Scope,
        at: Mark,
    ) -> Node {
        let nesting = prefix.matches("module.").count();
        if self.modules.len() >= MAX_MODULES || nesting > MAX_NESTING {
            let message = format!("{prefix} contains itself, or nests too many modules");
            self.warn("cyclic-reference", at, message, "break the circle of modules");
            return unknown(at);
        }
        let arguments = block.value.body.attributes().map(|attribute| {
            let expression = Placed { file: block.file, value: Arc::new(attribute.value.clone()) };
            let argument = Argument::Expression { module: caller, expression, scope: scope.clone() };
            (attribute.key.as_str().to_owned(), argument)
        });
        let arguments = arguments.collect();
        match self.load(directory, prefix, arguments) {
            Ok(child) => self.object_node(Object::Module(child), at),
            Err(diagnostic) => {
                let location = self.files.location(at);
                self.diagnostics.push(diagnostic.at(location));
                unknown(at)
            }
        }
    }
}

fn sorted_files(directory: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let read = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    let entries = std::fs::read_dir(read).map_err(|error| unreadable(directory, &error))?;
    let names = entries.filter_map(Result::ok).map(|entry| directory.join(entry.file_name()));
    let mut files: Vec<PathBuf> = names.filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}
