//! Names that `package.json`, `tsconfig.json` and `jsconfig.json` give to files (Node.js documentation,
//! "Modules: Packages"; TypeScript TSConfig Reference, `baseUrl`, `paths` and `extends`).

use perm_infer_facts::{ConfigurationFile, ImportAlias};

use crate::json::{self, Json, JsonKind};
use crate::paths::{EXTERNAL, folder_of, joined, within};

/// Configurations that one extends through others; cycles end here.
const MAX_EXTENDS: usize = 8;

/// Members of a package that name its main file, sources first.
const MAIN: &[&str] = &["source", "types", "typings", "module", "main", "browser"];

/// Whether a file of this name is read here.
pub(crate) fn is_configuration(name: &str) -> bool {
    let compiler = |start| name.starts_with(start) && name.ends_with(".json");
    name == "package.json" || compiler("tsconfig") || compiler("jsconfig")
}

/// What all configuration files of a project say.
pub(crate) fn import_aliases(files: &[ConfigurationFile]) -> Vec<ImportAlias> {
    let parsed: Vec<(&str, Json)> =
        files.iter().filter_map(|file| Some((file.path.as_str(), json::parse(&file.text)?))).collect();
    let mut aliases = Vec::new();
    for (path, document) in &parsed {
        if path.ends_with("package.json") {
            package(folder_of(path), document, &mut aliases);
            dependencies(folder_of(path), document, &parsed, &mut aliases);
        } else {
            compiler(path, &parsed, &mut aliases);
        }
    }
    aliases.retain(|alias| {
        let start = alias.pattern.split('/').next().unwrap_or_default();
        !alias.targets.is_empty() && !EXTERNAL.contains(&start)
    });
    aliases
}

/// The names of a package and of what it exports, and its own imports with a `#`.
fn package(folder: &str, document: &Json, aliases: &mut Vec<ImportAlias>) {
    let mut add = |local: bool, pattern: String, targets: Vec<String>| {
        aliases.push(ImportAlias { home: folder.to_owned(), local, pattern, targets });
    };
    for (name, target) in document.get("imports").map(|imports| imports.entries()).into_iter().flatten() {
        add(true, name.to_owned(), targets(folder, target));
    }
    // The package `module-alias`.
    for (name, target) in document.get("_moduleAliases").map(|names| names.entries()).into_iter().flatten() {
        let Some(path) = target.as_str().and_then(|target| joined(folder, target)) else { continue };
        add(true, format!("{name}/*"), vec![format!("{path}/*")]);
        add(true, name.to_owned(), vec![path]);
    }
    if let Some(name) = document.get("name").and_then(Json::as_str).filter(|name| !name.is_empty()) {
        exported(folder, document, name, |pattern, targets| add(false, pattern, targets));
    }
}

/// What a package exports, under a name.
fn exported(folder: &str, document: &Json, name: &str, mut add: impl FnMut(String, Vec<String>)) {
    let exports = document.get("exports");
    let by_path = exports.filter(|exports| exports.entries().any(|(key, _)| key.starts_with('.')));
    let mut main = Vec::new();
    match (by_path, exports) {
        (Some(by_path), _) => {
            for (key, target) in by_path.entries() {
                match key.strip_prefix("./") {
                    Some(rest) => add(format!("{name}/{rest}"), targets(folder, target)),
                    None => main.extend(targets(folder, target)),
                }
            }
        }
        (None, Some(exports)) => main.extend(targets(folder, exports)),
        (None, None) => {}
    }
    let members = MAIN.iter().filter_map(|member| document.get(member));
    main.extend(members.flat_map(|member| targets(folder, member)));
    main.extend([within(folder, "src"), folder.to_owned()]);
    add(name.to_owned(), main);
    add(format!("{name}/*"), vec![within(folder, "*"), within(folder, "src/*")]);
}

/// Fields of a package that list what it depends on.
const DEPENDENCIES: &[&str] =
    &["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/// Protocols by which a dependency is a folder (npm Docs, "package.json", local paths; Yarn, "Protocols").
const FOLDERS: &[&str] = &["file:", "link:", "portal:", "workspace:"];

/// Dependencies that are folders, which may have another name there than their own.
fn dependencies(folder: &str, document: &Json, all: &[(&str, Json)], aliases: &mut Vec<ImportAlias>) {
    let lists = DEPENDENCIES.iter().filter_map(|list| document.get(list));
    for (name, version) in lists.flat_map(|list| list.entries()) {
        let path =
            version.as_str().and_then(|version| FOLDERS.iter().find_map(|at| version.strip_prefix(at)));
        let Some(target) = path.filter(|path| path.contains('/')).and_then(|path| joined(folder, path))
        else {
            continue;
        };
        let own = within(&target, "package.json");
        let Some((_, package)) = all.iter().find(|(path, _)| *path == own) else { continue };
        if package.get("name").and_then(Json::as_str) != Some(name) {
            exported(&target, package, name, |pattern, targets| {
                aliases.push(ImportAlias { home: folder.to_owned(), local: true, pattern, targets });
            });
        }
    }
}

/// The paths in an entry of `exports`, whatever its conditions, sources before declarations; then where
/// the sources of build output mostly stand.
fn targets(folder: &str, target: &Json) -> Vec<String> {
    let mut named = Vec::new();
    collect(target, &mut named);
    named.sort_by_key(|path| path.ends_with(".d.ts"));
    let mut paths: Vec<String> = named.iter().filter_map(|path| joined(folder, path)).collect();
    for path in &named {
        let path = path.trim_start_matches("./");
        for (place, _) in path.match_indices('/') {
            let rest = &path[place + 1..];
            paths.extend([within(folder, &format!("src/{rest}")), within(folder, rest)]);
        }
    }
    paths
}

fn collect(target: &Json, paths: &mut Vec<String>) {
    match &target.kind {
        JsonKind::String(path) if !path.is_empty() => paths.push(path.clone()),
        JsonKind::Array(items) => items.iter().for_each(|item| collect(item, paths)),
        JsonKind::Object(_) => target.entries().for_each(|(_, target)| collect(target, paths)),
        _ => {}
    }
}

/// `paths` and `baseUrl` of a compiler's configuration, own or inherited.
fn compiler(path: &str, all: &[(&str, Json)], aliases: &mut Vec<ImportAlias>) {
    let home = folder_of(path);
    let mut base = None;
    let mut names = None;
    let mut pending = vec![path.to_owned()];
    for _ in 0..MAX_EXTENDS {
        let Some(path) = pending.pop() else { break };
        let Some((_, document)) = all.iter().find(|(known, _)| *known == path) else { continue };
        let folder = folder_of(&path);
        let options = document.get("compilerOptions");
        let option = |name: &str| options.and_then(|options| options.get(name));
        let here = option("baseUrl").and_then(Json::as_str).and_then(|url| from_folder(folder, home, url));
        base = base.or(here);
        if names.is_none() {
            names = option("paths").map(|paths| (folder.to_owned(), paths));
        }
        // The last of several parents wins, so it is looked at first.
        if let Some(extends) = document.get("extends") {
            let parents = extends.as_str().into_iter().chain(extends.items().iter().filter_map(Json::as_str));
            pending.extend(parents.filter_map(|parent| extended(folder, parent)));
        }
    }
    let mut add = |pattern: &str, targets: Vec<String>| {
        aliases.push(ImportAlias {
            home: home.to_owned(),
            local: true,
            pattern: pattern.to_owned(),
            targets,
        });
    };
    if let Some((folder, names)) = names {
        let folder = base.clone().unwrap_or(folder);
        for (pattern, targets) in names.entries() {
            let targets = targets.items().iter().filter_map(Json::as_str);
            add(pattern, targets.filter_map(|target| from_folder(&folder, home, target)).collect());
        }
    }
    if let Some(base) = base {
        add("*", vec![within(&base, "*")]);
    }
}

fn from_folder(folder: &str, home: &str, path: &str) -> Option<String> {
    match path.strip_prefix("${configDir}") {
        Some(rest) => joined(home, rest.trim_start_matches('/')),
        None => joined(folder, path),
    }
}

/// The path of a configuration that another one extends; none for one from a package.
fn extended(folder: &str, parent: &str) -> Option<String> {
    let path = parent.starts_with('.').then(|| joined(folder, parent))??;
    Some(if path.ends_with(".json") { path } else { format!("{path}.json") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliases(files: &[(&str, &str)]) -> Vec<ImportAlias> {
        let file =
            |(path, text): &(&str, &str)| ConfigurationFile { path: (*path).into(), text: (*text).into() };
        import_aliases(&files.iter().map(file).collect::<Vec<_>>())
    }

    fn targets_of<'a>(aliases: &'a [ImportAlias], home: &str, pattern: &str) -> Vec<&'a str> {
        let fits = |alias: &&ImportAlias| alias.home == home && alias.pattern == pattern;
        aliases.iter().filter(fits).flat_map(|alias| &alias.targets).map(String::as_str).collect()
    }

    #[test]
    fn paths_are_inherited_and_relative_to_where_they_are_written() {
        let found = aliases(&[
            ("tsconfig.base.json", r#"{"compilerOptions": {"paths": {"@a/*": ["./libs/a/*"]}}}"#),
            ("apps/x/tsconfig.json", r#"{"extends": "../../tsconfig.base"}"#),
        ]);
        assert_eq!(targets_of(&found, "apps/x", "@a/*"), ["libs/a/*"]);
        assert_eq!(targets_of(&found, "", "@a/*"), ["libs/a/*"]);
    }

    #[test]
    fn a_base_url_is_where_paths_and_bare_names_start() {
        let text = r#"{"compilerOptions": {"baseUrl": "./src", "paths": {"~": ["root.ts"]}}}"#;
        let found = aliases(&[("p/tsconfig.json", text)]);
        assert_eq!(targets_of(&found, "p", "~"), ["p/src/root.ts"]);
        assert_eq!(targets_of(&found, "p", "*"), ["p/src/*"]);
    }

    #[test]
    fn configurations_that_extend_each_other_end() {
        let found = aliases(&[
            ("tsconfig.json", r#"{"extends": "./tsconfig.b.json"}"#),
            ("tsconfig.b.json", r#"{"extends": ["./tsconfig.json", "@tsconfig/node22/tsconfig.json"]}"#),
        ]);
        assert!(found.is_empty());
    }

    #[test]
    fn a_package_is_found_by_its_main_file_and_its_sources() {
        let found = aliases(&[("libs/x/package.json", r#"{"name": "@a/x", "main": "dist/lib/main.js"}"#)]);
        let main = targets_of(&found, "libs/x", "@a/x");
        assert_eq!(main[..3], ["libs/x/dist/lib/main.js", "libs/x/src/lib/main.js", "libs/x/lib/main.js"]);
        assert_eq!(main.last(), Some(&"libs/x"));
        assert_eq!(targets_of(&found, "libs/x", "@a/x/*"), ["libs/x/*", "libs/x/src/*"]);
    }

    #[test]
    fn a_folder_may_be_depended_on_by_another_name() {
        let found = aliases(&[
            ("api/package.json", r#"{"dependencies": {"@a/db": "file:../libs/store", "b": "^1.0.0"}}"#),
            ("libs/store/package.json", r#"{"name": "store", "main": "lib/index.js"}"#),
        ]);
        assert_eq!(targets_of(&found, "api", "@a/db")[0], "libs/store/lib/index.js");
        assert_eq!(targets_of(&found, "libs/store", "store")[0], "libs/store/lib/index.js");
        assert!(targets_of(&found, "api", "b").is_empty());
    }

    #[test]
    fn exports_and_imports_are_followed_through_their_conditions() {
        let text = r##"{"name": "x", "imports": {"#db": {"node": "./db.js"}},
            "exports": {".": "./a.js", "./b": [{"types": "./b.d.ts", "default": "./b.js"}], "./c": null}}"##;
        let found = aliases(&[("package.json", text)]);
        assert_eq!(targets_of(&found, "", "#db"), ["db.js"]);
        assert_eq!(targets_of(&found, "", "x/b"), ["b.js", "b.d.ts"]);
        assert_eq!(targets_of(&found, "", "x")[0], "a.js");
        assert!(targets_of(&found, "", "x/c").is_empty());
    }

    #[test]
    fn names_of_sdk_packages_stay_the_sdk() {
        let text = r#"{"compilerOptions": {"paths": {"@aws-sdk/*": ["./mocks/*"]}}}"#;
        assert!(aliases(&[("tsconfig.json", text)]).is_empty());
    }
}
