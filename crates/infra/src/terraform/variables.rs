//! Variables, locals, outputs and paths of modules.

use std::path::Path;

use hcl_edit::Span as _;

use super::scope::Argument;
use super::{ModuleId, Named, Terraform, call, is_null, missing, scalar, unknown};
use crate::code::shown;
use crate::tree::{Mark, Node};

impl Terraform<'_> {
    /// Paths are made relative to the root module, where the template stands.
    pub(super) fn path(&mut self, directory: &Path, at: Mark) -> Node {
        let relative = directory.strip_prefix(&self.root).map(shown);
        let relative = relative.unwrap_or_else(|_| {
            pathdiff(directory, &self.root).map_or_else(|| shown(directory), |path| shown(Path::new(&path)))
        });
        scalar(&relative, at)
    }

    pub(super) fn local(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        let Some(local) = self.modules[module].locals.get(name).cloned() else { return unknown(at) };
        self.once(Named::Local(module, name.to_owned()), at, |this| {
            this.convert(module, local.file, &local.value)
        })
    }

    pub(super) fn output(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        let Some(output) = self.modules[module].outputs.get(name).cloned() else { return missing(at) };
        self.once(Named::Output(module, name.to_owned()), at, |this| {
            this.convert(module, output.file, &output.value)
        })
    }

    /// A variable: what is given, else its default, else a parameter that nobody knows.
    pub(super) fn variable(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        self.once(Named::Variable(module, name.to_owned()), at, |this| this.value_of(module, name, at))
    }

    fn value_of(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        let value = self.stated_value(module, name, at);
        let declared = self.modules[module].declared.get(name);
        let kind = declared.and_then(|declared| {
            Some((declared.file, declared.value.body.get_attribute("type")?.value.clone()))
        });
        match kind {
            Some((file, kind)) if !is_null(&value) => self.completed(module, file, &kind, value, 0),
            _ => value,
        }
    }

    /// What is given for a variable, or its default.
    fn stated_value(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        if module == 0
            && let Some(value) = self.settings.parameters.get(name)
        {
            return scalar(value, at);
        }
        let given = match self.modules[module].variables.get(name).cloned() {
            Some(Argument::Value(value)) => Some(value),
            Some(Argument::Expression { module, expression, scope }) => {
                Some(self.within(scope, |this| this.convert(module, expression.file, &expression.value)))
            }
            None => None,
        };
        // `null` asks for the default.
        if let Some(value) = given.filter(|value| !is_null(value)) {
            return value;
        }
        let Some(declared) = self.modules[module].declared.get(name).cloned() else { return unknown(at) };
        let place = self.mark(declared.file, declared.value.span());
        let default = declared.value.body.get_attribute("default").map(|default| default.value.clone());
        match default.map(|default| self.convert(module, declared.file, &default)) {
            Some(value) if module == 0 && value.text().is_some() => {
                self.parameters.insert(name.to_owned(), (place, value.text().map(str::to_owned)));
                call("Ref", scalar(name, at))
            }
            Some(value) => value,
            None => {
                let prefix = self.modules[module].prefix.replace(['.', '[', ']', '"'], "");
                self.unknown_named(&format!("{prefix}{name}"), place)
            }
        }
    }

    /// A value that nobody knows, as a parameter of that name.
    pub(super) fn unknown_named(&mut self, name: &str, at: Mark) -> Node {
        if let Some(value) = self.settings.parameters.get(name) {
            return scalar(value, at);
        }
        let name: String =
            name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect();
        self.parameters.entry(name.clone()).or_insert((at, None));
        call("Ref", scalar(&name, at))
    }
}

/// The way from one directory to another, both below the same one.
fn pathdiff(to: &Path, from: &Path) -> Option<String> {
    let (to, from): (Vec<_>, Vec<_>) = (to.components().collect(), from.components().collect());
    let shared = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    if from[shared..].iter().any(|part| part.as_os_str() == "..") {
        return None;
    }
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}
