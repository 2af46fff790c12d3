//! Names that the configuration of a project gives to its files, such as the packages of a workspace
//! and the `paths` of a compiler.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

/// One name or family of names that imports may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportAlias {
    /// The directory of the configuration. Of several aliases that fit, the one of the nearest directory
    /// goes first.
    pub home: String,
    /// Whether only importers below `home` may use it.
    pub local: bool,
    /// What imports say; at most one `*` stands for any text.
    pub pattern: String,
    /// The paths that it may mean, best first; a `*` is the text that the pattern's `*` stands for.
    pub targets: Vec<String>,
}

/// The configuration of one directory as a text.
#[derive(Clone, Debug)]
pub struct ConfigurationFile {
    /// Its path, as those of source files.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// All aliases of one language, found by the start of what an import says.
#[derive(Clone, Debug, Default)]
pub(crate) struct AliasTable {
    aliases: Vec<ImportAlias>,
    /// Aliases by the first segment of their pattern.
    by_start: FxHashMap<Box<str>, Vec<usize>>,
    /// Aliases whose first segment is not fixed.
    open: Vec<usize>,
}

impl AliasTable {
    pub(crate) fn new(aliases: Vec<ImportAlias>) -> Self {
        let mut table = AliasTable::default();
        for (position, alias) in aliases.iter().enumerate() {
            match first_segment(&alias.pattern) {
                segment if segment.contains('*') => table.open.push(position),
                segment => table.by_start.entry(segment.into()).or_default().push(position),
            }
        }
        table.aliases = aliases;
        table
    }

    /// The paths that an import may mean, best first.
    pub(crate) fn paths(&self, importer: &str, specifier: &str) -> Vec<String> {
        let by_start = self.by_start.get(first_segment(specifier)).into_iter().flatten();
        let mut fitting: Vec<(&ImportAlias, &str)> = by_start
            .chain(&self.open)
            .map(|&position| &self.aliases[position])
            .filter(|alias| !alias.local || is_below(importer, &alias.home))
            .filter_map(|alias| Some((alias, matched(&alias.pattern, specifier)?)))
            .collect();
        // A longer pattern says more, as in TypeScript's rules.
        fitting.sort_by_key(|(alias, _)| {
            (Reverse(shared_segments(importer, &alias.home)), Reverse(alias.pattern.len()))
        });
        let paths = fitting
            .into_iter()
            .flat_map(|(alias, rest)| alias.targets.iter().map(move |target| target.replacen('*', rest, 1)));
        paths.collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &ImportAlias> {
        self.aliases.iter()
    }
}

fn first_segment(text: &str) -> &str {
    text.split('/').next().unwrap_or(text)
}

/// The text that the pattern's `*` stands for; empty for a pattern without one.
fn matched<'s>(pattern: &str, specifier: &'s str) -> Option<&'s str> {
    match pattern.split_once('*') {
        None => (pattern == specifier).then_some(""),
        Some((head, tail)) => specifier.strip_prefix(head)?.strip_suffix(tail),
    }
}

fn is_below(path: &str, directory: &str) -> bool {
    directory.is_empty() || path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

/// How many leading directories of a file are also those of a directory.
fn shared_segments(file: &str, directory: &str) -> usize {
    let directories = file.rsplit_once('/').map_or("", |(directories, _)| directories);
    let own = directories.split('/').filter(|segment| !segment.is_empty());
    let other = directory.split('/').filter(|segment| !segment.is_empty());
    own.zip(other).take_while(|(own, other)| own == other).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alias(home: &str, local: bool, pattern: &str, target: &str) -> ImportAlias {
        ImportAlias { home: home.into(), local, pattern: pattern.into(), targets: vec![target.into()] }
    }

    #[test]
    fn a_star_stands_for_any_text_between_head_and_tail() {
        let table = AliasTable::new(vec![alias("", true, "@app/*.js", "src/*.ts")]);
        assert_eq!(table.paths("a.ts", "@app/x/y.js"), ["src/x/y.ts"]);
        assert_eq!(table.paths("a.ts", "@app/x"), [""; 0]);
    }

    #[test]
    fn the_nearest_configuration_and_the_longest_pattern_go_first() {
        let table = AliasTable::new(vec![
            alias("", true, "*", "root/*"),
            alias("apps/a", true, "*", "apps/a/*"),
            alias("", true, "lib/*", "root/lib2/*"),
        ]);
        assert_eq!(table.paths("apps/a/m.ts", "lib/x"), ["apps/a/lib/x", "root/lib2/x", "root/lib/x"]);
        assert_eq!(table.paths("m.ts", "x"), ["root/x"]);
    }

    #[test]
    fn local_names_are_seen_only_below_their_directory() {
        let table = AliasTable::new(vec![alias("apps/a", true, "#x", "apps/a/x")]);
        assert_eq!(table.paths("apps/a/b/m.ts", "#x"), ["apps/a/x"]);
        assert_eq!(table.paths("apps/ab/m.ts", "#x"), [""; 0]);
    }
}
