//! What the user asked to leave out, as globs with the meaning they have in a `.gitignore`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use perm_infer_diagnostics::{Diagnostic, Severity};

/// Compiled globs.
#[derive(Debug)]
pub(crate) struct Excludes {
    globs: Gitignore,
}

impl Excludes {
    /// Compiles globs; one that makes no sense is reported and has no effect.
    pub(crate) fn new(globs: &[String], diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut builder = GitignoreBuilder::new("");
        for glob in globs {
            if let Err(error) = builder.add_line(None, glob) {
                diagnostics.push(bad_glob(glob, &error));
            }
        }
        let globs = builder.build().unwrap_or_else(|error| {
            diagnostics.push(bad_glob(&globs.join(" "), &error));
            Gitignore::empty()
        });
        Excludes { globs }
    }

    /// Whether a file or directory is left out, by its path as shown or relative to its root.
    pub(crate) fn matches(&self, shown: &str, relative: &str, is_directory: bool) -> bool {
        !self.globs.is_empty() && [shown, relative].iter().any(|path| self.matches_one(path, is_directory))
    }

    fn matches_one(&self, path: &str, is_directory: bool) -> bool {
        // The matcher takes only paths below its own root.
        let path = path.trim_start_matches('/');
        !path.is_empty() && self.globs.matched_path_or_any_parents(Path::new(path), is_directory).is_ignore()
    }
}

fn bad_glob(glob: &str, error: &ignore::Error) -> Diagnostic {
    Diagnostic::new(Severity::Error, "bad-glob", format!("cannot use the glob `{glob}`: {error}"))
        .remedy("write it as a line of a .gitignore file")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excludes(globs: &[&str]) -> Excludes {
        let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        Excludes::new(&globs, &mut Vec::new())
    }

    #[test]
    fn globs_mean_what_they_mean_in_a_gitignore() {
        let excludes = excludes(&["*_pb2.py", "src/gen/", "/top.js"]);
        assert!(excludes.matches("a/b/x_pb2.py", "b/x_pb2.py", false));
        assert!(excludes.matches("src/gen/x.js", "gen/x.js", false));
        assert!(excludes.matches("src/gen", "gen", true));
        assert!(excludes.matches("/home/top.js", "top.js", false));
        assert!(!excludes.matches("a/top.js", "a/top.js", false));
    }

    #[test]
    fn a_glob_that_makes_no_sense_is_reported() {
        let mut diagnostics = Vec::new();
        let excludes = Excludes::new(&["[z-a]".to_owned(), "b.py".to_owned()], &mut diagnostics);
        assert_eq!(diagnostics[0].code, "bad-glob");
        assert!(excludes.matches("b.py", "b.py", false));
    }
}
