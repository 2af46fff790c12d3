//! Which files belong to the SDK's part of the project. A file is *relevant* if it names an SDK or
//! calls something named like an operation, if it imports a relevant file, directly or through
//! others, or if a file found so imports it, directly or through others: values flow from importers
//! into the files with the calls, and helpers that either of them use shape these values.
//!
//! Who imports whom is known only from parsed files. So files are parsed in rounds: first those that
//! are relevant by themselves, then those whose words say that they may import one of them, and at
//! last what all of these import. What was parsed and turns out not to be relevant is dropped, so
//! that the outcome does not depend on how good the guess by words was.

use perm_infer_facts::{FileFacts, FileIndex, Grammar, Import, Imported};
use rayon::prelude::*;

use crate::parse::{Outcome, parse_file};
use crate::prefilter::Probe;
use crate::request::Progressing;
use crate::shared::SharedFiles;
use crate::source::SourceFile;
use crate::words::WordTable;

/// The project as far as it is known.
pub(crate) struct Closure<'a> {
    files: &'a [SourceFile],
    index: &'a FileIndex,
    grammars: &'a [&'a dyn Grammar],
    probes: &'a [Probe],
    words: &'a WordTable,
    progressing: &'a Progressing<'a>,
    shared: Option<&'a SharedFiles>,
    outcomes: Vec<Option<Outcome>>,
    /// What each parsed file imports.
    imports: Vec<Vec<usize>>,
    /// Which parsed files import each file.
    importers: Vec<Vec<usize>>,
    relevant: Vec<bool>,
}

impl<'a> Closure<'a> {
    pub(crate) fn new(
        files: &'a [SourceFile],
        index: &'a FileIndex,
        grammars: &'a [&'a dyn Grammar],
        probes: &'a [Probe],
        words: &'a WordTable,
        progressing: &'a Progressing<'a>,
        shared: Option<&'a SharedFiles>,
    ) -> Self {
        let count = files.len();
        Closure {
            files,
            index,
            grammars,
            probes,
            words,
            progressing,
            shared,
            outcomes: (0..count).map(|_| None).collect(),
            imports: vec![Vec::new(); count],
            importers: vec![Vec::new(); count],
            relevant: vec![false; count],
        }
    }

    /// Parses every file that was not skipped, and the data that they import.
    pub(crate) fn run_all(mut self) -> Vec<Option<Outcome>> {
        let all = self.not_skipped(|_| true);
        self.parse(&all);
        for file in all {
            self.relevant[file] = true;
        }
        self.add_imported();
        self.outcomes
    }

    /// Parses the relevant files; nothing at all if no file names an SDK.
    pub(crate) fn run(mut self) -> Vec<Option<Outcome>> {
        if !self.probes.iter().any(|probe| probe.seed) {
            return self.outcomes;
        }
        let start = self.not_skipped(|probe| probe.seed || probe.calls_method);
        self.parse(&start);
        self.add_importers(start);
        self.add_imported();
        for (outcome, relevant) in self.outcomes.iter_mut().zip(&self.relevant) {
            if !relevant {
                *outcome = None;
            }
        }
        self.outcomes
    }

    fn not_skipped(&self, wanted: impl Fn(&Probe) -> bool) -> Vec<usize> {
        let is_wanted = |file: &usize| {
            let probe = &self.probes[*file];
            probe.skipped.is_none() && !self.files[*file].is_data && wanted(probe)
        };
        (0..self.files.len()).filter(is_wanted).collect()
    }

    /// Makes files relevant and all that import them.
    fn add_importers(&mut self, start: Vec<usize>) {
        let mentions = Mentions::new(self.probes, self.words.len());
        let mut fresh = start;
        while !fresh.is_empty() {
            for &file in &fresh {
                self.relevant[file] = true;
            }
            let mut guesses: Vec<usize> =
                fresh.iter().flat_map(|file| self.guess_importers(*file, &mentions)).collect();
            guesses.sort_unstable();
            guesses.dedup();
            self.parse(&guesses);
            let importers = fresh.iter().flat_map(|file| &self.importers[*file]).copied();
            let mut next: Vec<usize> = importers.filter(|file| !self.relevant[*file]).collect();
            next.sort_unstable();
            next.dedup();
            fresh = next;
        }
    }

    /// Files not parsed yet that may import this one, by their words.
    fn guess_importers(&self, file: usize, mentions: &Mentions) -> Vec<usize> {
        let keys = self.words.keys(file);
        let mut found = Vec::new();
        for words in &keys.alternatives {
            let is_open = |other: &usize| self.is_open(*other);
            found.extend(mentions.files_with_all(words, self.probes).filter(is_open));
        }
        if keys.stands_for_directory {
            let directory = self.files[file].shown.rsplit_once('/').map_or("", |(directory, _)| directory);
            let below = |other: &usize| {
                let rest = self.files[*other].shown.strip_prefix(directory);
                rest.is_some_and(|rest| directory.is_empty() || rest.starts_with('/'))
            };
            let dotted = self.not_skipped(|probe| probe.lone_dots);
            found.extend(dotted.into_iter().filter(below).filter(|other| self.is_open(*other)));
        }
        found
    }

    fn is_open(&self, file: usize) -> bool {
        self.outcomes[file].is_none() && self.probes[file].skipped.is_none()
    }

    /// Makes everything relevant that relevant files import.
    fn add_imported(&mut self) {
        let mut fresh: Vec<usize> = (0..self.files.len()).filter(|file| self.relevant[*file]).collect();
        while !fresh.is_empty() {
            let imported = fresh.iter().flat_map(|file| &self.imports[*file]).copied();
            let mut next: Vec<usize> = imported.filter(|file| !self.relevant[*file]).collect();
            next.sort_unstable();
            next.dedup();
            for &file in &next {
                self.relevant[file] = true;
            }
            let open: Vec<usize> = next.iter().copied().filter(|file| self.is_open(*file)).collect();
            self.parse(&open);
            fresh = next;
        }
    }

    /// Parses files and notes what they import.
    fn parse(&mut self, files: &[usize]) {
        let this = &*self;
        let parsed: Vec<(Outcome, Vec<usize>)> = files
            .par_iter()
            .map(|&file| {
                let grammar = this.grammars[this.files[file].grammar];
                let outcome = parse_file(&this.files[file], &this.probes[file], grammar, this.shared);
                let imports =
                    outcome.parsed.as_ref().map(|parsed| this.resolve_imports(file, grammar, &parsed.facts));
                this.progressing.file_parsed();
                (outcome, imports.unwrap_or_default())
            })
            .collect();
        for (&file, (outcome, imports)) in files.iter().zip(parsed) {
            for &imported in &imports {
                self.importers[imported].push(file);
            }
            self.outcomes[file] = Some(outcome);
            self.imports[file] = imports;
        }
    }

    fn resolve_imports(&self, importer: usize, grammar: &dyn Grammar, facts: &FileFacts) -> Vec<usize> {
        let path = &self.files[importer].shown;
        let mut found = Vec::new();
        for import in &facts.imports {
            for specifier in specifiers(grammar, facts, import) {
                found.extend(self.index.resolve_import(grammar, importer, path, &specifier, false));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The modules that one import may load: the one it names, the ones its names may be, and the
/// packages around it where it binds the outermost.
fn specifiers(grammar: &dyn Grammar, facts: &FileFacts, import: &Import) -> Vec<String> {
    let specifier = facts.text(import.specifier);
    let mut all = vec![specifier.to_owned()];
    for binding in &import.bindings {
        match &binding.imported {
            Imported::Name(name) => all.extend(grammar.submodule(specifier, facts.text(*name))),
            Imported::Root => {
                all.extend(specifier.match_indices('.').map(|(end, _)| specifier[..end].to_owned()));
            }
            Imported::Module | Imported::Star => {}
        }
    }
    all
}

/// Which files have which words.
struct Mentions {
    files_by_word: Vec<Vec<usize>>,
}

impl Mentions {
    fn new(probes: &[Probe], words: usize) -> Self {
        let mut files_by_word = vec![Vec::new(); words];
        for (file, probe) in probes.iter().enumerate() {
            for &word in &probe.mentions {
                files_by_word[word as usize].push(file);
            }
        }
        Mentions { files_by_word }
    }

    /// The files that have all these words, found through the rarest one. No words at all are a name
    /// that cannot be searched for: every file is given.
    fn files_with_all<'b>(
        &'b self,
        words: &'b [u32],
        probes: &'b [Probe],
    ) -> Box<dyn Iterator<Item = usize> + 'b> {
        let rarest = words.iter().min_by_key(|word| self.files_by_word[**word as usize].len());
        let Some(rarest) = rarest else { return Box::new(0..probes.len()) };
        let files = self.files_by_word[*rarest as usize].iter().copied();
        Box::new(
            files.filter(move |file| {
                words.iter().all(|word| probes[*file].mentions.binary_search(word).is_ok())
            }),
        )
    }
}
