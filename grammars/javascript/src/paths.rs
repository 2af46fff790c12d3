//! Paths: which files an import may mean, and which files are tests. Nothing is looked up here; the
//! candidates are tried by the caller in the order given.

use perm_infer_facts::ImportCandidate;

/// Extensions that an import may leave out, most likely first.
const EXTENSIONS: &[&str] = &["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts"];

/// Extensions of TypeScript sources that an import names by the extension of their output.
const SOURCES: &[(&str, &[&str])] =
    &[("js", &["ts", "tsx", "jsx"]), ("jsx", &["tsx"]), ("mjs", &["mts"]), ("cjs", &["cts"])];

/// Folders in which the packages of a repository with several packages stand.
const PACKAGE_FOLDERS: &[&str] = &["packages", "libs"];

/// Scopes and first segments of packages that are never part of a repository under that name.
const EXTERNAL: &[&str] = &[
    "@aws-cdk",
    "@aws-crypto",
    "@aws-lambda-powertools",
    "@aws-sdk",
    "@middy",
    "@nestjs",
    "@smithy",
    "@types",
    "aws-cdk-lib",
    "aws-sdk",
];

/// Modules that are part of Node.js (Node.js documentation, "module.builtinModules").
const NODE_MODULES: &[&str] = &[
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// The files that `specifier` may mean in `importer`, best first.
pub(crate) fn import_candidates(importer: &str, specifier: &str) -> Vec<ImportCandidate> {
    let mut paths = Vec::new();
    if let Some(layer) = specifier.strip_prefix("/opt/") {
        return layer_candidates(layer);
    }
    let folder = folder_of(importer);
    if specifier == "." || specifier == ".." || specifier.starts_with("./") || specifier.starts_with("../") {
        if let Some(path) = joined(folder, specifier) {
            let only_folder = specifier.ends_with('/') || specifier.ends_with('.');
            if !only_folder {
                push_file(&path, &mut paths);
            }
            push_index(&path, &mut paths);
        }
    } else if let Some(rest) = specifier.strip_prefix("~/").or_else(|| specifier.strip_prefix("@/")) {
        push_from_source_root(folder, rest, &mut paths);
    } else {
        push_from_ancestors(folder, specifier, &mut paths);
    }
    paths.into_iter().map(ImportCandidate::Path).collect()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `folder/relative` without `.` and `..`; none where it leaves the scanned root.
fn joined(folder: &str, relative: &str) -> Option<String> {
    let mut segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    for segment in relative.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop()?;
            }
            segment => segments.push(segment),
        }
    }
    let absolute = if folder.starts_with('/') { "/" } else { "" };
    Some(format!("{absolute}{}", segments.join("/")))
}

/// `path` as a file, with or without its extension.
fn push_file(path: &str, paths: &mut Vec<String>) {
    let name = path.rsplit('/').next().unwrap_or(path);
    if let Some((stem, extension)) = name.rsplit_once('.')
        && EXTENSIONS.contains(&extension)
        && !stem.is_empty()
    {
        paths.push(path.to_owned());
        let stem = &path[..path.len() - extension.len()];
        let sources = SOURCES.iter().find(|(output, _)| *output == extension);
        paths
            .extend(sources.iter().flat_map(|(_, sources)| *sources).map(|source| format!("{stem}{source}")));
    }
    paths.extend(EXTENSIONS.iter().map(|extension| format!("{path}.{extension}")));
}

/// `path` as a folder.
fn push_index(path: &str, paths: &mut Vec<String>) {
    let slash = if path.is_empty() || path.ends_with('/') { "" } else { "/" };
    paths.extend(EXTENSIONS.iter().map(|extension| format!("{path}{slash}index.{extension}")));
}

/// The folder and all folders around it, nearest first; the root is the empty string.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder_of(folder)))
}

fn within(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// `@/x` and `~/x`: from the nearest folder `src`, else from a `src` in each folder around, else from
/// those folders.
fn push_from_source_root(folder: &str, rest: &str, paths: &mut Vec<String>) {
    let Some(rest) = joined("", rest) else { return };
    let sources = ancestors(folder).filter(|folder| *folder == "src" || folder.ends_with("/src"));
    let beside = ancestors(folder).flat_map(|folder| [within(folder, "src"), folder.to_owned()]);
    for root in sources.map(str::to_owned).chain(beside) {
        let path = within(&root, &rest);
        push_file(&path, paths);
        push_index(&path, paths);
    }
}

/// A bare specifier: a path from a folder around (`libs/util`), or another package of the repository.
fn push_from_ancestors(folder: &str, specifier: &str, paths: &mut Vec<String>) {
    let mut segments = specifier.split('/');
    let first = segments.next().unwrap_or_default();
    if specifier.contains(':') || EXTERNAL.contains(&first) || NODE_MODULES.contains(&first) {
        return;
    }
    // A `#` starts an import that `package.json` maps, mostly from its own folder or `src`.
    if let Some(mapped) = specifier.strip_prefix('#') {
        return push_from_source_root(folder, mapped.trim_start_matches('/'), paths);
    }
    let Some(path) = joined("", specifier).filter(|path| !path.is_empty()) else { return };
    let package =
        if first.starts_with('@') { path.split_once('/').map(|(_, rest)| rest) } else { Some(&*path) };
    for ancestor in ancestors(folder) {
        let direct = within(ancestor, &path);
        if path.contains('/') {
            push_file(&direct, paths);
        }
        push_index(&direct, paths);
        push_index(&format!("{direct}/src"), paths);
        for package_folder in PACKAGE_FOLDERS {
            let Some(package) = package else { continue };
            push_package(&within(ancestor, package_folder), package, paths);
        }
    }
}

/// `name/sub` in a folder of packages: sources stand in the package's folder or in its `src`.
fn push_package(folder: &str, package: &str, paths: &mut Vec<String>) {
    let direct = format!("{folder}/{package}");
    match package.split_once('/') {
        None => {
            push_index(&format!("{direct}/src"), paths);
            push_index(&direct, paths);
        }
        Some((name, rest)) => {
            push_file(&format!("{folder}/{name}/src/{rest}"), paths);
            push_file(&direct, paths);
            push_index(&direct, paths);
        }
    }
}

/// `/opt/nodejs/x`: a file of a Lambda layer, whose folder may or may not contain `nodejs` before it
/// is built (AWS Lambda developer guide, "Packaging your layer content").
fn layer_candidates(path: &str) -> Vec<ImportCandidate> {
    let mut paths = Vec::new();
    let Some(path) = joined("", path).filter(|path| !path.is_empty()) else { return Vec::new() };
    push_file(&path, &mut paths);
    push_index(&path, &mut paths);
    if let Some(rest) = path.strip_prefix("nodejs/") {
        push_file(rest, &mut paths);
        push_index(rest, &mut paths);
    }
    paths.into_iter().map(ImportCandidate::Suffix).collect()
}

/// Whether a path is that of a test or of its set-up, by the habits of Jest, Vitest, Mocha and Cypress.
pub(crate) fn is_test(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let in_test_folder = folders.split('/').any(|folder| {
        matches!(folder, "__tests__" | "__mocks__" | "__fixtures__" | "tests" | "test" | "cypress" | "e2e")
    });
    let mut parts = name.split('.');
    let stem = parts.next().unwrap_or_default();
    let marked = parts.any(|part| matches!(part, "test" | "spec" | "e2e-spec"));
    let tool = matches!(stem, "jest" | "vitest" | "cypress" | "playwright" | "karma")
        && (name.contains(".config.") || name.contains(".setup."));
    in_test_folder || marked || tool
}
