//! What file names and module names mean in Python: which files are tests, and which files an import
//! may mean. Only looks at the text of paths.

use perm_infer_facts::ImportCandidate;

/// Directories that hold tests.
const TEST_DIRECTORIES: &[&str] =
    &["test", "tests", "unittests", "unit_tests", "integration_tests", "functional_tests", "e2e_tests"];

/// Directories that projects put on the module search path besides their root: the `src` layout of
/// the Python Packaging User Guide, the folder of a Lambda layer, and their kin.
const SOURCE_ROOTS: &[&str] = &["src", "python", "lib"];

/// Whether a file is a test by its path.
pub(crate) fn is_test(path: &str) -> bool {
    let mut segments = path.rsplit('/');
    let file = segments.next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    matches!(stem, "conftest" | "test" | "tests")
        || stem.starts_with("test_")
        || stem.ends_with("_test")
        || segments.any(|directory| TEST_DIRECTORIES.contains(&directory))
}

/// The files that `specifier`, written in the file `importer`, may mean; best first.
pub(crate) fn import_candidates(importer: &str, specifier: &str) -> Vec<ImportCandidate> {
    let dots = specifier.len() - specifier.trim_start_matches('.').len();
    let segments = &specifier[dots..];
    let is_name = |segment: &str| !segment.is_empty() && !segment.contains(['/', '\\']);
    if !segments.is_empty() && !segments.split('.').all(is_name) {
        return Vec::new();
    }
    let module = segments.replace('.', "/");
    let directory = parent(importer);
    match dots {
        0 if module.is_empty() => Vec::new(),
        0 => absolute(importer, directory, &module),
        _ => relative(directory, dots, &module),
    }
}

/// The specifier of the module `name` in the package `specifier`.
pub(crate) fn submodule(specifier: &str, name: &str) -> String {
    let joint = if specifier.ends_with('.') { "" } else { "." };
    format!("{specifier}{joint}{name}")
}

fn relative(directory: Option<&str>, dots: usize, module: &str) -> Vec<ImportCandidate> {
    let mut package = directory.unwrap_or_default();
    for _ in 1..dots {
        match package {
            // Above the scanned root there is nothing to import.
            "" => return Vec::new(),
            _ => package = parent(package).unwrap_or_default(),
        }
    }
    if module.is_empty() {
        return vec![ImportCandidate::Path(join(package, "__init__.py"))];
    }
    let base = join(package, module);
    files(&base).map(ImportCandidate::Path).to_vec()
}

fn absolute(importer: &str, directory: Option<&str>, module: &str) -> Vec<ImportCandidate> {
    let mut candidates = Vec::new();
    let mut current = Some(directory.unwrap_or_default());
    while let Some(directory) = current {
        let roots = std::iter::once("").chain(SOURCE_ROOTS.iter().copied());
        for root in roots {
            let base = join(&join(directory, root), module);
            // A module does not import itself: what has its name is of another origin.
            let others = files(&base).into_iter().filter(|path| path != importer);
            candidates.extend(others.map(ImportCandidate::Path));
        }
        current = if directory.is_empty() { None } else { Some(parent(directory).unwrap_or_default()) };
    }
    candidates.extend(files(module).map(ImportCandidate::Suffix));
    candidates
}

/// The file or package of a module.
fn files(base: &str) -> [String; 2] {
    [format!("{base}.py"), format!("{base}/__init__.py")]
}

fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(directory, _)| directory)
}

fn join(directory: &str, path: &str) -> String {
    match (directory, path) {
        ("", path) => path.to_owned(),
        (directory, "") => directory.to_owned(),
        (directory, path) => format!("{directory}/{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(importer: &str, specifier: &str) -> Vec<String> {
        import_candidates(importer, specifier)
            .into_iter()
            .map(|candidate| match candidate {
                ImportCandidate::Path(path) => path,
                ImportCandidate::Suffix(path) => format!("**/{path}"),
            })
            .collect()
    }

    #[test]
    fn tests_are_known_by_file_and_directory() {
        for path in ["test_app.py", "a/app_test.py", "conftest.py", "tests/app.py", "a/test/b/c.py"] {
            assert!(is_test(path), "{path}");
        }
        for path in ["app.py", "contest.py", "testing.py", "attest/app.py", "latest.py", "tested/x.py"] {
            assert!(!is_test(path), "{path}");
        }
    }

    #[test]
    fn relative_imports_start_at_the_package_of_the_importer() {
        assert_eq!(paths("pkg/sub/mod.py", ".x"), ["pkg/sub/x.py", "pkg/sub/x/__init__.py"]);
        assert_eq!(paths("pkg/sub/mod.py", "..x.y"), ["pkg/x/y.py", "pkg/x/y/__init__.py"]);
        assert_eq!(paths("pkg/sub/__init__.py", "."), ["pkg/sub/__init__.py"]);
        assert_eq!(paths("mod.py", "."), ["__init__.py"]);
    }

    #[test]
    fn relative_imports_do_not_leave_the_root() {
        assert!(paths("mod.py", "..x").is_empty());
        assert!(paths("pkg/mod.py", "...x").is_empty());
    }

    #[test]
    fn absolute_imports_look_outwards_and_then_anywhere() {
        let found = paths("svc/api/app.py", "core.db");
        assert_eq!(found[..2], ["svc/api/core/db.py", "svc/api/core/db/__init__.py"]);
        let position = |path: &str| found.iter().position(|found| found == path).unwrap();
        assert!(position("svc/core/db.py") < position("svc/src/core/db.py"));
        assert!(position("svc/python/core/db.py") < position("core/db.py"));
        assert!(position("core/db.py") < position("src/core/db.py"));
        assert_eq!(found[found.len() - 2..], ["**/core/db.py", "**/core/db/__init__.py"]);
    }

    #[test]
    fn a_module_does_not_import_itself() {
        assert!(!paths("app/json.py", "json").contains(&"app/json.py".to_owned()));
    }

    #[test]
    fn what_is_no_module_name_finds_nothing() {
        for specifier in ["", "a..b", "a/b", "a.", "../etc"] {
            assert!(paths("app/main.py", specifier).is_empty(), "{specifier}");
        }
    }

    #[test]
    fn submodules_continue_the_specifier() {
        assert_eq!(submodule("pkg", "m"), "pkg.m");
        assert_eq!(submodule(".", "m"), ".m");
        assert_eq!(submodule(".x", "m"), ".x.m");
        assert_eq!(submodule("..", "m"), "..m");
    }
}
