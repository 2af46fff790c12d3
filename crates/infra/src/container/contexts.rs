//! The Dockerfile of an image that something else builds than the template: by the names that the template gives
//! to the image and to its container.

use std::path::{Path, PathBuf};

use super::dockerfile::Dockerfile;
use crate::code::join;

/// Names of an image, the most telling first.
pub(crate) struct Named {
    pub(crate) names: Vec<String>,
    /// Whether the only Dockerfile of a project is the image's, whatever it is called.
    pub(crate) takes_only: bool,
}

/// Whether a file is a Dockerfile, by its name: `Dockerfile`, `Dockerfile.worker`, `worker.Dockerfile`.
#[must_use]
pub fn is_dockerfile_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_ignored = lower.ends_with(".dockerignore");
    !is_ignored
        && ["dockerfile", "containerfile"].iter().any(|word| {
            lower == *word
                || lower.strip_prefix(word).is_some_and(|rest| rest.starts_with(['.', '-']))
                || lower.strip_suffix(word).is_some_and(|rest| rest.ends_with('.'))
        })
}

/// The Dockerfile among several that an image is built from.
pub(crate) fn context_of<'d>(dockerfiles: &'d [PathBuf], named: &Named) -> Option<&'d PathBuf> {
    for name in named.names.iter().map(|name| plain(name)).filter(|name| !name.is_empty()) {
        let mut called = dockerfiles.iter().filter(|path| words(path).contains(&name));
        if let Some(first) = called.next() {
            // Another one of the same name tells nothing; the next name may.
            if called.next().is_none() {
                return Some(first);
            }
        }
    }
    match dockerfiles {
        [only] if named.takes_only => Some(only),
        _ => None,
    }
}

/// The directory that a Dockerfile is built in: of those around it the first that has most of what it copies.
pub(crate) fn build_context(path: &Path, dockerfile: &Dockerfile, roots: &[PathBuf]) -> PathBuf {
    let own = path.parent().unwrap_or(Path::new("")).to_owned();
    let has = |directory: &Path| {
        let copied = dockerfile.copied.iter().filter(|source| !source.contains('*'));
        copied.filter(|source| join(directory, source.trim_start_matches('/')).exists()).count()
    };
    let around = own
        .ancestors()
        .take(6)
        .filter(|directory| crate::code::is_inside(directory, roots) || **directory == *own);
    let mut best = (has(&own), own.clone());
    for directory in around {
        let count = has(directory);
        if count > best.0 {
            best = (count, directory.to_owned());
        }
    }
    best.1
}

/// The names that a Dockerfile has: its directories and what its own name says more.
fn words(path: &Path) -> Vec<String> {
    let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let directories = path.parent().into_iter().flat_map(Path::components);
    let directories = directories.filter_map(|part| part.as_os_str().to_str()).map(plain);
    let own = file.split(['.', '-']).filter(|word| !word.eq_ignore_ascii_case("dockerfile")).map(plain);
    own.chain(directories).collect()
}

/// Names are compared without signs, capitals and what only says that it is a service.
fn plain(name: &str) -> String {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let mut rest = letters.as_str();
    for end in ["taskdefinition", "taskdef", "container", "service", "task", "image"] {
        if let Some(before) = rest.strip_suffix(end).filter(|before| !before.is_empty()) {
            rest = before;
        }
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        for name in
            ["Dockerfile", "Dockerfile.worker", "worker.Dockerfile", "dockerfile-dev", "Containerfile"]
        {
            assert!(is_dockerfile_name(name), "{name}");
        }
        for name in
            ["Dockerfile.dockerignore", "dockerfiles", "x.py", ".dockerignore", "dockerfile_helper.py"]
        {
            assert!(!is_dockerfile_name(name), "{name}");
        }
    }

    #[track_caller]
    fn found(paths: &[&str], names: &[&str], takes_only: bool) -> Option<String> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let named = Named { names: names.iter().map(|&name| name.to_owned()).collect(), takes_only };
        context_of(&paths, &named).map(|path| path.to_string_lossy().into_owned())
    }

    #[test]
    fn images_are_found_by_the_first_name_that_tells_them_apart() {
        let paths = ["services/web/Dockerfile", "services/worker/docker/Dockerfile", "Dockerfile.report"];
        assert_eq!(found(&paths, &["web"], false).as_deref(), Some(paths[0]));
        assert_eq!(found(&paths, &["shop", "WorkerTaskDefinition"], false).as_deref(), Some(paths[1]));
        assert_eq!(found(&paths, &["report"], false).as_deref(), Some(paths[2]));
        assert_eq!(found(&paths, &["services"], true), None);
        assert_eq!(found(&["a/Dockerfile"], &["other"], true).as_deref(), Some("a/Dockerfile"));
        assert_eq!(found(&["a/Dockerfile"], &["other"], false), None);
    }
}
