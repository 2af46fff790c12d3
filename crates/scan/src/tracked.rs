//! Files that a repository holds although its `.gitignore` matches them: git goes on tracking what was
//! added by force or before the rule (`lib/` and `build/` are in many a template), and so they are
//! sources like any other.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::revision::git;
use crate::skip::skipped_directory;

/// The question to git about a directory, asked while the directory is walked.
pub(crate) struct Tracked {
    answer: Option<Child>,
}

impl Tracked {
    /// Asks for the files under `root`, if it is in a work tree. Without git nothing is found.
    pub(crate) fn under(root: &Path) -> Tracked {
        let is_in_repository =
            root.canonicalize().is_ok_and(|root| root.ancestors().any(|above| above.join(".git").exists()));
        let ask = || {
            // The repository's configuration may name a program to ask for changes; it is not run.
            git(root)
                .args(["-c", "core.fsmonitor=false", "ls-files", "-z", "--cached", "--ignored"])
                .arg("--exclude-per-directory=.gitignore")
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()
        };
        Tracked { answer: is_in_repository.then(ask).flatten() }
    }

    /// The files, below the root as it was given: those in directories that a walk would enter.
    pub(crate) fn files(self, root: &Path) -> Vec<PathBuf> {
        let Some(Ok(output)) = self.answer.map(Child::wait_with_output) else { return Vec::new() };
        let names = output.stdout.split(|&byte| byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        let paths = names.filter(|name| !name.is_empty() && !is_hidden(name)).map(|name| root.join(name));
        paths.filter(|path| is_file(path) && is_entered(path, root)).collect()
    }
}

fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.'))
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

fn is_entered(path: &Path, root: &Path) -> bool {
    let above = path.ancestors().skip(1).take_while(|above| *above != root);
    above.into_iter().all(|directory| skipped_directory(directory).is_none())
}

#[cfg(test)]
mod tests {
    use crate::revision::git;
    use crate::test_support::Tree;

    #[test]
    fn files_that_git_tracks_are_read_although_they_are_ignored() {
        let tree = Tree::new(&[
            (".gitignore", "lib/\nlocal.toy\n"),
            ("lib/a.toy", ""),
            ("lib/node_modules/b.toy", ""),
            ("lib/.hidden/c.toy", ""),
            ("lib/new.toy", ""),
            ("local.toy", ""),
            ("main.toy", ""),
        ]);
        assert_eq!(tree.scan().files(), "main.toy");
        let run = |arguments: &[&str]| {
            let status = git(tree.root()).args(arguments).status();
            assert!(status.is_ok_and(|status| status.success()), "git {arguments:?}");
        };
        run(&["init", "--quiet"]);
        run(&["add", "--force", "lib/a.toy", "lib/node_modules/b.toy", "lib/.hidden/c.toy", "main.toy"]);
        assert_eq!(tree.scan().files(), "lib/a.toy main.toy");
    }
}
