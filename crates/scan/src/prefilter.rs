//! Decides from a file's bytes whether it may have to do with an SDK at all. It may say yes too
//! often, which costs a parse; it must not say no to a file that the analysis would learn from.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use rustc_hash::FxHashSet;

use crate::bundle::{BundleKind, bundle_kind};
use crate::read::{Decoded, decode, read_file};
use crate::request::Skipped;
use crate::source::{Content, SourceFile};
use crate::words::{WordId, WordTable, for_each_word, has_lone_dots};

type Names<'a> = FxHashSet<Cow<'a, str>>;

/// What makes a file worth a parse.
pub struct Prefilter<'a> {
    seeds: AhoCorasick,
    methods: LazyLock<Names<'a>, Box<dyn FnOnce() -> Names<'a> + Send + Sync + 'a>>,
}

impl<'a> Prefilter<'a> {
    /// A prefilter by texts that name an SDK (`boto3`, `aws-sdk`) and by names of methods that are
    /// calls of an SDK where the receiver is unknown. The method names are asked for only when a file
    /// without such a text is met.
    ///
    /// # Errors
    /// When the texts are too long or too many for one automaton.
    pub fn new<S, I, N>(
        seeds: S,
        methods: impl FnOnce() -> I + Send + Sync + 'a,
    ) -> Result<Self, aho_corasick::BuildError>
    where
        S: IntoIterator,
        S::Item: AsRef<[u8]>,
        I: IntoIterator<Item = N>,
        N: Into<Cow<'a, str>>,
    {
        let names = move || methods().into_iter().map(Into::into).collect();
        Ok(Prefilter { seeds: AhoCorasick::new(seeds)?, methods: LazyLock::new(Box::new(names)) })
    }

    fn names_sdk(&self, text: &str) -> bool {
        self.seeds.is_match(text)
    }

    fn is_method(&self, name: &str) -> bool {
        self.methods.contains(name)
    }
}

/// What one look at a file's bytes tells.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    /// Set if the file is left out altogether.
    pub(crate) skipped: Option<Skipped>,
    /// Why, or what was lost in decoding.
    pub(crate) diagnostic: Option<Diagnostic>,
    /// Whether it names an SDK.
    pub(crate) seed: bool,
    /// Whether it calls something that is named like an operation.
    pub(crate) calls_method: bool,
    /// Whether it has an import of dots alone.
    pub(crate) lone_dots: bool,
    /// Words by which it may import others, sorted. Empty for files that are parsed anyway.
    pub(crate) mentions: Vec<WordId>,
    /// The text, kept if the file will certainly or probably be parsed.
    pub(crate) text: Option<Arc<str>>,
}

impl Probe {
    /// Reads a file and looks at it. Without a filter every file counts as naming an SDK.
    pub(crate) fn of(file: &SourceFile, filter: Option<&Prefilter<'_>>, words: &WordTable) -> Probe {
        let (text, diagnostic) = match load(file) {
            Ok(loaded) => loaded,
            Err((skipped, diagnostic)) => {
                return Probe { skipped: Some(skipped), diagnostic: Some(diagnostic), ..Probe::default() };
            }
        };
        let mut probe = Probe { diagnostic, ..Probe::default() };
        match filter {
            Some(filter) if !filter.names_sdk(&text) => probe.look_at_words(&text, filter, words),
            _ => probe.seed = true,
        }
        if probe.seed || probe.calls_method {
            probe.text = Some(text.into());
        }
        probe
    }

    fn look_at_words(&mut self, text: &str, filter: &Prefilter<'_>, words: &WordTable) {
        self.lone_dots = has_lone_dots(text);
        for_each_word(text, |word| {
            self.mentions.extend(words.find(word.text));
            self.calls_method |= !self.calls_method && word.may_be_called() && filter.is_method(word.text);
        });
        self.mentions.sort_unstable();
        self.mentions.dedup();
        self.mentions.shrink_to_fit();
    }
}

/// Reads and decodes a file, unless it is no source text that somebody wrote.
pub(crate) fn load(file: &SourceFile) -> Result<(String, Option<Diagnostic>), (Skipped, Diagnostic)> {
    let decoded = match &file.content {
        Content::Bytes(bytes) => Ok(decode(bytes.to_vec())),
        Content::Path(path) => read_file(path),
    };
    let report = |severity, code, message: &str, remedy: &str| {
        Diagnostic::new(severity, code, message).at(Location::file(&file.shown)).remedy(remedy)
    };
    match decoded {
        Ok(Decoded::Text(text)) => skip_bundle(file, text).map(|text| (text, None)),
        Ok(Decoded::Lossy(text)) => {
            let diagnostic = report(
                Severity::Warning,
                "not-utf8",
                "not valid UTF-8; read as Latin-1 where it is not",
                "save the file as UTF-8 if names in it come out wrong",
            );
            skip_bundle(file, text).map(|text| (text, Some(diagnostic)))
        }
        Ok(Decoded::Binary) => {
            let message = "not a text file in spite of its name; not read";
            let remedy = "save it as UTF-8 if it is source code, else leave it out with --exclude";
            Err((Skipped::Binary, report(Severity::Warning, "binary-file", message, remedy)))
        }
        Ok(Decoded::TooLarge) => {
            let message = "over 5 MB, which source code is not; not read";
            let remedy = "scan the sources it was built from, or leave it out with --exclude";
            let diagnostic = report(Severity::Warning, "file-too-large", message, remedy).unresolved();
            Err((Skipped::TooLarge, diagnostic))
        }
        Err(error) => {
            let message = format!("cannot read the file: {error}");
            let remedy = "make it readable, or leave it out with --exclude";
            let diagnostic = report(Severity::Warning, "unreadable-file", &message, remedy).unresolved();
            Err((Skipped::Unreadable, diagnostic))
        }
    }
}

fn skip_bundle(file: &SourceFile, text: String) -> Result<String, (Skipped, Diagnostic)> {
    let kind = if file.explicit || file.is_data { None } else { bundle_kind(&text) };
    let (skipped, code, message) = match kind {
        None => return Ok(text),
        Some(BundleKind::Minified) => (Skipped::Minified, "minified-file", "looks minified; not read"),
        Some(BundleKind::Generated) => {
            (Skipped::Generated, "generated-file", "looks like the output of a bundler; not read")
        }
    };
    let diagnostic = Diagnostic::new(Severity::Note, code, message)
        .at(Location::file(&file.shown))
        .remedy("name the file itself as PATH to have it read");
    Err((skipped, diagnostic))
}
