//! Which file of the project an import means.
//!
//! A grammar proposes [`ImportCandidate`]s; a [`FileIndex`] over the project's files says which of
//! them exists. Both the scan (to find out what belongs together) and the analysis (to follow names)
//! use it, so that they never disagree. Nothing here touches the file system.

use rustc_hash::FxHashMap;

use crate::aliases::{AliasTable, ImportAlias};
use crate::grammar::{Grammar, ImportCandidate};

/// How many symbolic links one path is followed through, so that links in a circle end.
const MAX_LINK_STEPS: usize = 16;

/// The files of a project by path and by the end of their path.
///
/// Paths have forward slashes; a leading `/` and leading `./` and `../` segments do not count, because
/// importers and imported files share them. A file's number is its position in the list the index was made from.
#[derive(Clone, Debug, Default)]
pub struct FileIndex {
    paths: Vec<Box<str>>,
    /// How deep each file lies, parallel to `paths`.
    depths: Vec<u32>,
    by_path: FxHashMap<Box<str>, usize>,
    /// Files by their last segment and by their last two, so that the many `index.js` and
    /// `__init__.py` of a large tree are not looked through one by one.
    by_end: FxHashMap<Box<str>, Vec<usize>>,
    links: FxHashMap<Box<str>, Box<str>>,
    /// Names that configuration gives to files, by the name of the grammar.
    aliases: FxHashMap<&'static str, AliasTable>,
}

impl FileIndex {
    /// Indexes files by their paths. The first of several equal paths counts.
    pub fn new(paths: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut index = FileIndex::default();
        for path in paths {
            let path: Box<str> = without_dots(path.as_ref()).into();
            let id = index.paths.len();
            index.by_end.entry(last_segments(&path, 1).into()).or_default().push(id);
            if path.contains('/') {
                index.by_end.entry(last_segments(&path, 2).into()).or_default().push(id);
            }
            index.depths.push(depth(&path));
            index.by_path.entry(path.clone()).or_insert(id);
            index.paths.push(path);
        }
        index.sort_ends();
        index
    }

    /// Adds symbolic links, each from its own path to the path of its target: an import through a
    /// link then finds the file behind it.
    #[must_use]
    pub fn with_links(mut self, links: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> Self {
        for (link, target) in links {
            self.links.insert(without_dots(link.as_ref()).into(), without_dots(target.as_ref()).into());
        }
        self
    }

    /// Adds the names that configuration gives to files.
    #[must_use]
    pub fn with_aliases(mut self, grammar: &dyn Grammar, aliases: Vec<ImportAlias>) -> Self {
        self.aliases.insert(grammar.name(), AliasTable::new(aliases));
        self
    }

    /// Takes the names that another index knows.
    #[must_use]
    pub fn with_aliases_of(mut self, other: &FileIndex) -> Self {
        self.aliases.clone_from(&other.aliases);
        self
    }

    /// The names without a `*`, each with the number of the file that it means.
    #[must_use]
    pub fn named_files(&self, grammar: &dyn Grammar) -> Vec<(&str, usize)> {
        let aliases = self.aliases.get(grammar.name()).into_iter().flat_map(AliasTable::iter);
        let fixed = aliases.filter(|alias| !alias.pattern.contains('*'));
        let file = |alias: &ImportAlias| {
            alias.targets.iter().find_map(|target| self.resolve(usize::MAX, &grammar.path_candidates(target)))
        };
        fixed.filter_map(|alias| Some((alias.pattern.as_str(), file(alias)?))).collect()
    }

    /// The file that an import means: by the names of the configuration, else by the habits of the
    /// language. `exact` leaves out files that are found by the end of their path alone.
    #[must_use]
    pub fn resolve_import(
        &self,
        grammar: &dyn Grammar,
        importer: usize,
        path: &str,
        specifier: &str,
        exact: bool,
    ) -> Option<usize> {
        if let Some(aliases) = self.aliases.get(grammar.name())
            && !specifier.starts_with(['.', '/'])
            && let Some(found) = aliases
                .paths(path, specifier)
                .iter()
                .find_map(|target| self.resolve(importer, &grammar.path_candidates(target)))
        {
            return Some(found);
        }
        let mut candidates = grammar.import_candidates(path, specifier);
        if exact {
            candidates.retain(|candidate| matches!(candidate, ImportCandidate::Path(_)));
        }
        self.resolve(importer, &candidates)
    }

    /// The file that the first existing candidate means, seen from file number `importer`.
    ///
    /// A [`ImportCandidate::Suffix`] prefers a file that lies at this path below the importer's own
    /// directory or below one of the directories around it, innermost first. Else it is the file
    /// that shares the most leading directories with the importer; of these the one that lies least
    /// deep, then the first by path. A file never finds itself by suffix.
    #[must_use]
    pub fn resolve(&self, importer: usize, candidates: &[ImportCandidate]) -> Option<usize> {
        candidates.iter().find_map(|candidate| match candidate {
            ImportCandidate::Path(path) => self.exact(without_dots(path)),
            ImportCandidate::Suffix(suffix) => self.nearest(importer, without_dots(suffix)),
        })
    }

    /// The number of the file at exactly this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<usize> {
        self.exact(without_dots(path))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    fn sort_ends(&mut self) {
        let paths = &self.paths;
        for ids in self.by_end.values_mut() {
            ids.sort_by(|&a, &b| paths[a].split('/').cmp(paths[b].split('/')).then(a.cmp(&b)));
        }
    }

    fn exact(&self, path: &str) -> Option<usize> {
        if let Some(&id) = self.by_path.get(path) {
            return Some(id);
        }
        if self.links.is_empty() {
            return None;
        }
        let mut path = path.to_owned();
        for _ in 0..MAX_LINK_STEPS {
            path = self.follow_link(&path)?;
            if let Some(&id) = self.by_path.get(path.as_str()) {
                return Some(id);
            }
        }
        None
    }

    /// The path with its first link replaced by what the link points to.
    fn follow_link(&self, path: &str) -> Option<String> {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        for end in ends {
            if let Some(target) = self.links.get(&path[..end]) {
                let rest = path[end..].trim_start_matches('/');
                let joint = if target.is_empty() || rest.is_empty() { "" } else { "/" };
                return Some(format!("{target}{joint}{rest}"));
            }
        }
        None
    }

    fn nearest(&self, importer: usize, suffix: &str) -> Option<usize> {
        let from = self.paths.get(importer).map_or("", |path| &**path);
        let mut directory = parent(from);
        loop {
            let joint = if directory.is_empty() { "" } else { "/" };
            match self.exact(&format!("{directory}{joint}{suffix}")) {
                Some(id) if id != importer => return Some(id),
                _ if directory.is_empty() => break,
                _ => directory = parent(directory),
            }
        }
        self.most_related(importer, parent(from), suffix)
    }

    /// The file with this end of path that shares the most leading directories with `directory`.
    fn most_related(&self, importer: usize, directory: &str, suffix: &str) -> Option<usize> {
        let ids = self.by_end.get(last_segments(suffix, 2))?;
        let mut directory = directory;
        loop {
            let best = self
                .below(ids, directory)
                .iter()
                .copied()
                .filter(|&id| id != importer && ends_with(&self.paths[id], suffix))
                .min_by_key(|&id| self.depths[id]);
            if best.is_some() || directory.is_empty() {
                return best;
            }
            directory = parent(directory);
        }
    }

    /// The part of a sorted list that lies below a directory.
    fn below<'a>(&self, ids: &'a [usize], directory: &str) -> &'a [usize] {
        if directory.is_empty() {
            return ids;
        }
        let length = directory.split('/').count();
        let head = |id: usize| self.paths[id].split('/').take(length);
        let start = ids.partition_point(|&id| head(id).lt(directory.split('/')));
        let rest = &ids[start..];
        let end = rest.partition_point(|&id| head(id).eq(directory.split('/')));
        &rest[..end]
    }
}

/// The path without leading `/`, `./` and `../`.
fn without_dots(path: &str) -> &str {
    let mut rest = path;
    loop {
        rest = match rest {
            "." | ".." => "",
            other => match ["/", "./", "../"].iter().find_map(|head| other.strip_prefix(head)) {
                Some(shorter) => shorter,
                None => return other,
            },
        };
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

fn depth(path: &str) -> u32 {
    u32::try_from(path.matches('/').count()).unwrap_or(u32::MAX)
}

/// The last `count` segments, or all of them if there are fewer.
fn last_segments(path: &str, count: usize) -> &str {
    match path.rmatch_indices('/').nth(count - 1) {
        Some((position, _)) => &path[position + 1..],
        None => path,
    }
}

fn ends_with(path: &str, suffix: &str) -> bool {
    path.strip_suffix(suffix).is_some_and(|head| head.is_empty() || head.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<ImportCandidate> {
        vec![ImportCandidate::Path(text.into())]
    }

    fn suffix(text: &str) -> Vec<ImportCandidate> {
        vec![ImportCandidate::Suffix(text.into())]
    }

    #[test]
    fn the_first_existing_candidate_wins() {
        let index = FileIndex::new(["a/main.ts", "a/lib/index.ts", "a/lib.js"]);
        let candidates: Vec<_> =
            ["a/lib.ts", "a/lib/index.ts", "a/lib.js"].iter().flat_map(|text| path(text)).collect();
        assert_eq!(index.resolve(0, &candidates), Some(1));
        assert_eq!(index.resolve(0, &path("a/none.ts")), None);
    }

    #[test]
    fn a_suffix_prefers_directories_around_the_importer() {
        let index = FileIndex::new(["a/b/main.py", "a/store.py", "a/b/deep/store.py", "store.py"]);
        assert_eq!(index.resolve(0, &suffix("store.py")), Some(1));
    }

    #[test]
    fn a_suffix_else_takes_the_most_related_then_the_shallowest_file() {
        let paths =
            ["svc/tests/t.py", "svc/src/pkg/store.py", "other/pkg/store.py", "svc/a/b/c/pkg/store.py"];
        let index = FileIndex::new(paths);
        assert_eq!(index.resolve(0, &suffix("pkg/store.py")), Some(1));
    }

    #[test]
    fn a_suffix_matches_whole_segments_of_any_number() {
        let index = FileIndex::new(["main.py", "x/mypkg/store.py", "x/a/pkg/store.py", "y/b/pkg/store.py"]);
        assert_eq!(index.resolve(0, &suffix("kg/store.py")), None);
        assert_eq!(index.resolve(0, &suffix("b/pkg/store.py")), Some(3));
        assert_eq!(index.resolve(0, &suffix("pkg/store.py")), Some(2));
    }

    #[test]
    fn a_file_does_not_import_itself_by_suffix() {
        let index = FileIndex::new(["tests/utils.py", "src/utils.py"]);
        assert_eq!(index.resolve(0, &suffix("utils.py")), Some(1));
        assert_eq!(FileIndex::new(["json.py"]).resolve(0, &suffix("json.py")), None);
    }

    #[test]
    fn leading_dots_do_not_count() {
        let index = FileIndex::new(["../app/main.js", "../app/lib.js"]);
        assert_eq!(index.resolve(0, &path("app/lib.js")), Some(1));
        assert_eq!(index.resolve(0, &path("../app/lib.js")), Some(1));
        assert_eq!(index.find("./app/main.js"), Some(0));
        let absolute = FileIndex::new(["/home/app/main.js", "/home/app/lib.js"]);
        assert_eq!(absolute.resolve(0, &path("home/app/lib.js")), Some(1));
    }

    #[test]
    fn imports_through_links_find_the_file_behind_and_circles_end() {
        let index = FileIndex::new(["fn/main.js", "common/store.js"]).with_links([
            ("fn/common", "common"),
            ("loop/a", "loop/b"),
            ("loop/b", "loop/a"),
            ("self", "self/deeper"),
        ]);
        assert_eq!(index.resolve(0, &path("fn/common/store.js")), Some(1));
        assert_eq!(index.resolve(0, &path("loop/a/x.js")), None);
        assert_eq!(index.resolve(0, &path("self/x.js")), None);
    }

    #[test]
    fn names_that_sort_between_a_directory_and_its_files_do_not_disturb() {
        // `a-b/…` sorts before `a/…` by bytes, but not by segments.
        let index = FileIndex::new(["a/tests/t.py", "a-b/x/store.py", "a/x/store.py", "ab/x/store.py"]);
        assert_eq!(index.resolve(0, &suffix("x/store.py")), Some(2));
        assert_eq!(
            FileIndex::new(["a/t/t.py", "a!/q/y.py", "a/r/y.py"]).resolve(0, &suffix("y.py")),
            Some(2)
        );
    }
}
