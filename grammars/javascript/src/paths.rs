//! Paths: which files an import may mean, and which files are tests. Nothing is looked up here; the
//! candidates are tried by the caller in the order given.

use perm_infer_facts::ImportCandidate;

/// Extensions that an import may leave out, most likely first.
const EXTENSIONS: &[&str] = &["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "json"];

/// Extensions of TypeScript sources that an import names by the extension of their output.
const SOURCES: &[(&str, &[&str])] =
    &[("js", &["ts", "tsx", "jsx"]), ("jsx", &["tsx"]), ("mjs", &["mts"]), ("cjs", &["cts"])];

/// Folders in which the packages of a repository with several packages stand.
const PACKAGE_FOLDERS: &[&str] = &["packages", "libs"];

/// Scopes and first segments of packages that are never part of a repository under that name.
pub(crate) const EXTERNAL: &[&str] = &[
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

pub(crate) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `folder/relative` without `.` and `..`; none where it leaves the scanned root.
pub(crate) fn joined(folder: &str, relative: &str) -> Option<String> {
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

/// The files that a path may mean whose extension or `index` is left out.
pub(crate) fn path_candidates(path: &str) -> Vec<ImportCandidate> {
    let mut paths = Vec::new();
    if !path.is_empty() {
        push_file(path, &mut paths);
    }
    push_index(path, &mut paths);
    paths.into_iter().map(ImportCandidate::Path).collect()
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

pub(crate) fn within(folder: &str, path: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(importer: &str, specifier: &str) -> Vec<String> {
        import_candidates(importer, specifier)
            .into_iter()
            .map(|candidate| match candidate {
                ImportCandidate::Path(path) => path,
                ImportCandidate::Suffix(path) => format!("*/{path}"),
            })
            .collect()
    }

    fn position(paths: &[String], path: &str) -> usize {
        paths.iter().position(|known| known == path).unwrap_or_else(|| panic!("{path} in {paths:?}"))
    }

    #[test]
    fn a_relative_import_may_leave_out_its_extension_or_name_a_folder() {
        let paths = candidates("src/app/main.ts", "../lib/store");
        assert_eq!(paths[0], "src/lib/store.ts");
        assert!(position(&paths, "src/lib/store.js") < position(&paths, "src/lib/store/index.ts"));
    }

    #[test]
    fn an_import_of_output_may_mean_its_typescript_source() {
        let paths = candidates("src/main.ts", "./store.js");
        assert_eq!(paths[..3], ["src/store.js", "src/store.ts", "src/store.tsx"]);
    }

    #[test]
    fn a_dotted_name_without_a_known_extension_is_a_stem() {
        assert_eq!(candidates("a.ts", "./orders.service")[0], "orders.service.ts");
    }

    #[test]
    fn a_folder_import_means_its_index() {
        assert_eq!(candidates("src/a/b.js", "..")[2], "src/index.js");
        assert_eq!(candidates("b.js", ".")[2], "index.js");
        assert_eq!(candidates("src/b.js", "./")[2], "src/index.js");
    }

    #[test]
    fn an_import_that_leaves_the_root_means_no_file() {
        assert!(candidates("a.js", "../../b").is_empty());
    }

    #[test]
    fn source_root_prefixes_start_at_the_nearest_src() {
        let paths = candidates("apps/api/src/orders/main.ts", "@/lib/store");
        assert_eq!(paths[0], "apps/api/src/lib/store.ts");
        position(&paths, "src/lib/store.ts");
        assert_eq!(candidates("src/main.ts", "~/lib/store")[0], "src/lib/store.ts");
    }

    #[test]
    fn a_path_without_dots_is_looked_for_in_the_folders_around() {
        let paths = candidates("apps/api/main.ts", "libs/util");
        let near = position(&paths, "apps/api/libs/util.ts");
        assert!(near < position(&paths, "libs/util.ts"));
        position(&paths, "libs/util/src/index.ts");
    }

    #[test]
    fn a_package_of_the_repository_is_found_by_its_folder() {
        let paths = candidates("services/orders/main.ts", "@shop/store");
        position(&paths, "packages/store/src/index.ts");
        let paths = candidates("services/orders/main.ts", "@shop/store/lib/client");
        position(&paths, "packages/store/src/lib/client.ts");
    }

    #[test]
    fn external_packages_and_node_modules_are_no_files() {
        for specifier in ["@aws-sdk/client-s3", "aws-sdk/clients/s3", "fs", "fs/promises", "node:crypto"] {
            assert!(candidates("src/main.ts", specifier).is_empty(), "{specifier}");
        }
    }

    #[test]
    fn a_layer_import_is_found_by_its_ending() {
        let paths = candidates("functions/get.js", "/opt/nodejs/db");
        position(&paths, "*/nodejs/db.js");
        assert!(position(&paths, "*/nodejs/db.js") < position(&paths, "*/db.js"));
    }

    #[test]
    fn tests_are_known_by_name_or_folder() {
        for path in [
            "src/a.test.ts",
            "a.spec.js",
            "src/__tests__/a.js",
            "__mocks__/aws-sdk.js",
            "test/unit/a.mjs",
            "tests/a.ts",
            "jest.setup.js",
            "jest.config.ts",
            "vitest.config.mts",
            "cypress/e2e/a.ts",
        ] {
            assert!(is_test(path), "{path}");
        }
        for path in ["src/latest.ts", "src/contest/a.js", "testing.js", "src/spec.ts", "jest.js"] {
            assert!(!is_test(path), "{path}");
        }
    }
}
