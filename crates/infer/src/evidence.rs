//! From places in bytes to what users read: locations, source lines, origins of names, call chains.

use std::sync::Arc;

use perm_infer_analysis::{Analysis, ContextId, FileId, HoleReason, Site, Text, TextKind};
use perm_infer_diagnostics::{Location, Span};
use perm_infer_facts::FuncId;
use perm_infer_scan::ScannedFile;
use perm_infer_sdk::is_sdk_module;
use rustc_hash::FxHashMap;

use crate::result::{PartOrigin, ResourcePart, Step};

/// Characters of a source line that are shown.
const MAX_LINE_CHARACTERS: usize = 200;

/// Functions of a call chain that are kept.
const MAX_CHAIN: usize = 64;

/// Steps of call chains: most calls of a project are reached on ways that have much in common.
pub(crate) type Steps = FxHashMap<(FileId, FuncId, Site), Arc<Step>>;

/// The scanned files, to look places up in.
pub(crate) struct Evidence<'a> {
    files: &'a [ScannedFile],
}

impl<'a> Evidence<'a> {
    pub(crate) fn new(files: &'a [ScannedFile]) -> Self {
        Evidence { files }
    }

    pub(crate) fn files(&self) -> &'a [ScannedFile] {
        self.files
    }

    /// Whether a file imports something of an SDK.
    pub(crate) fn imports_sdk(&self, file: FileId) -> bool {
        let facts = &self.files[file.0 as usize].facts;
        facts.imports.iter().any(|import| is_sdk_module(facts.text(import.specifier)))
    }

    pub(crate) fn location(&self, site: Site) -> Location {
        let file = &self.files[site.file.0 as usize];
        let start = site.span.start;
        Location { path: file.path.clone(), line: file.lines.line(start), column: file.lines.column(start) }
    }

    /// The line that the site starts on, without indentation, cut if it is very long, and how many of
    /// its characters stand before the site.
    pub(crate) fn source_line(&self, site: Site) -> (String, usize) {
        let source = &self.files[site.file.0 as usize].source;
        let start = (site.span.start as usize).min(source.len());
        let line_start =
            source.as_bytes()[..start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let line = source[line_start..].lines().next().unwrap_or_default();
        let before = source.get(line_start..start).unwrap_or_default().trim_start();
        (line.trim().chars().take(MAX_LINE_CHARACTERS).collect(), before.chars().count())
    }

    /// The parts of a string with their origins; neighbouring constants of one place are one part.
    pub(crate) fn parts(&self, text: &Text) -> Vec<ResourcePart> {
        text.parts()
            .iter()
            .map(|part| {
                let (origin, site) = match &part.kind {
                    TextKind::Literal(text) => (PartOrigin::Constant(text.to_string()), part.site),
                    TextKind::Hole(hole) => (origin(&hole.reason), hole.site.or(part.site)),
                };
                let location = site.map(|site| self.location(site));
                ResourcePart { origin, location, setting: part.setting.clone() }
            })
            .collect()
    }

    /// The functions from an entry point to a call, outermost first.
    pub(crate) fn chain(
        &self,
        analysis: &Analysis,
        context: ContextId,
        site: Site,
        known: &mut Steps,
    ) -> Vec<Arc<Step>> {
        let mut steps = Vec::new();
        let mut next = Some((context, site));
        while let Some((context, site)) = next
            && steps.len() < MAX_CHAIN
        {
            let info = &analysis.contexts[context.index()];
            // Whoever invokes a handler does so from nowhere in its module.
            if !steps.is_empty() && site.span == Span::default() {
                break;
            }
            let step = known.entry((info.file, info.func, site)).or_insert_with(|| {
                let file = &self.files[info.file.0 as usize];
                let function = file.facts.functions[info.func.index()].qualified_name.clone();
                Arc::new(Step { function, location: self.location(site) })
            });
            steps.push(step.clone());
            next = info.caller;
        }
        steps.reverse();
        steps
    }
}

/// Why something is unknown, without the place.
pub(crate) fn origin(reason: &HoleReason) -> PartOrigin {
    match reason {
        HoleReason::Parameter(name) => PartOrigin::Parameter(name.to_string()),
        HoleReason::Environment(name) => PartOrigin::Environment(name.to_string()),
        HoleReason::Reference(reference) => PartOrigin::Reference(reference.to_string()),
        HoleReason::Result(callee) => PartOrigin::Result(callee.to_string()),
        HoleReason::TooMany => PartOrigin::TooMany,
        HoleReason::Undefined(name) => PartOrigin::Undefined(name.to_string()),
        HoleReason::Computed => PartOrigin::Computed,
        HoleReason::Default(reason) => origin(reason),
    }
}
