//! Files that a configuration reads, none outside of the roots.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use hcl_edit::template::{Element, Template};

use super::convert::scope_of;
use super::{ModuleId, Terraform, list, scalar, unknown};
use crate::code::{is_inside, join, shown};
use crate::tree::{self, Entry, Kind, Mark, Node};

/// Largest text that becomes a value, in bytes.
const MAX_TEXT: u64 = 64 << 10;

/// Files that a search by pattern looks at.
const MAX_FILES: usize = 5_000;

impl Terraform<'_> {
    /// The place of a file that the configuration names, where it may be read.
    fn readable(&self, name: &str) -> Option<PathBuf> {
        let path = join(&self.root, name);
        (self.settings.allow_outside || is_inside(&path, &self.settings.roots)).then_some(path)
    }

    fn contents(&self, name: &str) -> Option<String> {
        let path = self.readable(name)?;
        let size = std::fs::metadata(&path).ok()?.len();
        (size <= MAX_TEXT).then(|| std::fs::read_to_string(&path).ok())?
    }

    /// `file(path)`.
    pub(super) fn file(&mut self, name: &str, at: Mark) -> Node {
        self.contents(name).map_or_else(|| unknown(at), |text| scalar(&text, at))
    }

    pub(super) fn file_exists(&self, name: &str, at: Mark) -> Node {
        let exists = self.readable(name).map(|path| path.is_file());
        exists.map_or_else(|| unknown(at), |exists| scalar(&exists.to_string(), at))
    }

    /// `templatefile(path, variables)`.
    pub(super) fn template_file(
        &mut self,
        module: ModuleId,
        file: u32,
        name: &str,
        variables: &Node,
        at: Mark,
    ) -> Node {
        let Some(template) = self.contents(name).and_then(|text| text.parse::<Template>().ok()) else {
            return unknown(at);
        };
        let elements: Vec<&Element> = template.iter().collect();
        let scope = scope_of(variables);
        let text = self.within(scope, |this| this.template_text(module, file, &elements, at));
        remarked(text, at)
    }

    /// `yamldecode(text)` and `jsondecode(text)`.
    pub(super) fn decoded(&mut self, text: &str, at: Mark) -> Node {
        match tree::read(text, u32::MAX, &self.files, &mut Vec::new()) {
            Ok(node) => remarked(node, at),
            Err(_) => unknown(at),
        }
    }

    /// `fileset(directory, pattern)`.
    pub(super) fn file_set(&mut self, directory: &str, pattern: &str, at: Mark) -> Node {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build();
        let (Some(root), Ok(glob)) = (self.readable(directory), glob) else { return unknown(at) };
        let matcher = glob.compile_matcher();
        let mut names = Vec::new();
        let mut pending = vec![root.clone()];
        let mut seen = 0;
        while let Some(directory) = pending.pop() {
            let Ok(entries) = std::fs::read_dir(&directory) else { continue };
            for entry in entries.filter_map(Result::ok) {
                seen += 1;
                if seen > MAX_FILES {
                    return unknown(at);
                }
                let path = directory.join(entry.file_name());
                // Links are not followed, so that none leads out or around.
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => pending.push(path),
                    Ok(kind) if kind.is_file() => {
                        let name = shown(path.strip_prefix(&root).unwrap_or(Path::new("")));
                        names.extend(matcher.is_match(&name).then_some(name));
                    }
                    _ => {}
                }
            }
        }
        names.sort();
        list(at, names.iter().map(|name| scalar(name, at)).collect())
    }
}

/// The same value as if it stood at another place.
fn remarked(node: Node, at: Mark) -> Node {
    let kind = match node.kind {
        Kind::List(items) => Kind::List(items.into_iter().map(|item| remarked(item, at)).collect()),
        Kind::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|entry| Entry { key: entry.key, at, value: remarked(entry.value, at) })
                .collect(),
        ),
        other => other,
    };
    Node { at, kind }
}
