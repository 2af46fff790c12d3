//! Which directories are not entered: dependencies, environments, and what tools wrote. Each was
//! made by a program from sources that stand elsewhere, or belongs to somebody else's project.

use std::path::Path;

/// Why a directory is not entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SkippedDirectory {
    /// Its name or contents leave no doubt.
    Certain,
    /// It looks like the output of a build of the project beside it, which deserves a note.
    BuildOutput,
}

/// Names that are dependencies, environments, caches or output wherever they stand.
const CERTAIN: &[&str] = &[
    "node_modules",
    "bower_components",
    "jspm_packages",
    "site-packages",
    "dist-packages",
    "vendor",
    "vendored",
    "__pycache__",
    "__pypackages__",
    "cdk.out",
    "htmlcov",
    "lcov-report",
    // Hidden ones are met only when a directory above them is hidden and named itself.
    ".aws-sam",
    ".serverless",
    ".terraform",
    ".git",
    ".tox",
    ".nox",
    ".venv",
    ".next",
    ".nuxt",
    ".yarn",
];

/// Names of output directories that may as well be sources.
const OUTPUT: &[&str] = &["dist", "build", "out"];

/// Files that make the directory they lie in a project that gets built.
const MANIFESTS: &[&str] = &["package.json", "tsconfig.json", "pyproject.toml", "setup.py", "setup.cfg"];

/// Whether the directory at `path` is left out.
pub(crate) fn skipped_directory(path: &Path) -> Option<SkippedDirectory> {
    let name = path.file_name()?.to_str()?;
    if CERTAIN.contains(&name) || name.ends_with(".egg-info") || name.starts_with("bazel-") {
        return Some(SkippedDirectory::Certain);
    }
    if path.join("pyvenv.cfg").is_file() || name == "coverage" && is_coverage_report(path) {
        return Some(SkippedDirectory::Certain);
    }
    let parent = path.parent()?;
    let is_output =
        OUTPUT.contains(&name) && MANIFESTS.iter().any(|manifest| parent.join(manifest).is_file());
    is_output.then_some(SkippedDirectory::BuildOutput)
}

/// `coverage` is also a good name for a package of one's own.
fn is_coverage_report(path: &Path) -> bool {
    ["lcov.info", "lcov-report", "coverage-final.json", "clover.xml", "index.html"]
        .iter()
        .any(|name| path.join(name).exists())
}
