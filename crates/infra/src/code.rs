//! From what a template says of code (a directory and a handler such as `app.handler`) to the source file
//! and the function in it. Only looks whether files exist; the text of source files is not read.

use std::path::{Component, Path, PathBuf};

/// The languages whose conventions are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    Python,
    Node,
    /// The template does not say.
    Unknown,
    /// A language that is not read.
    Other,
}

impl Runtime {
    /// Of an identifier such as `python3.13`.
    pub(crate) fn of(identifier: &str) -> Runtime {
        match identifier {
            "" => Runtime::Unknown,
            name if name.starts_with("python") => Runtime::Python,
            name if name.starts_with("nodejs") => Runtime::Node,
            _ => Runtime::Other,
        }
    }
}

/// Extensions of source files that a Node.js module may be written in, sources before what is compiled.
const NODE_EXTENSIONS: [&str; 8] = ["ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "jsx"];

/// Directories that compilers write to.
const OUTPUT_DIRECTORIES: [&str; 8] = ["dist", "build", "lib", "out", "output", ".build", ".dist", "target"];

/// Finds the file and function of a handler below a directory. `entry_points` are source files that a
/// bundler makes the code from, relative to the directory.
pub(crate) fn locate(
    directory: &Path,
    handler: &str,
    runtime: Runtime,
    entry_points: &[String],
) -> Option<(PathBuf, String)> {
    if matches!(runtime, Runtime::Python | Runtime::Unknown)
        && let Some(found) = python(directory, handler)
    {
        return Some(found);
    }
    if matches!(runtime, Runtime::Node | Runtime::Unknown) {
        return node(directory, handler, entry_points);
    }
    None
}

/// The file names that the module of a handler may have, and the function, wherever the code is.
pub(crate) fn file_names(handler: &str, runtime: Runtime) -> Option<(Vec<String>, String)> {
    let mut names = Vec::new();
    let mut function = None;
    if matches!(runtime, Runtime::Python | Runtime::Unknown) {
        let (module, name) = handler.rsplit_once('.')?;
        names.push(format!("{}.py", module.replace('.', "/")));
        function = Some(name.to_owned());
    }
    if matches!(runtime, Runtime::Node | Runtime::Unknown) {
        let (folder, base) = handler.rsplit_once('/').map_or(("", handler), |(folder, base)| (folder, base));
        let (stem, name) = base.split_once('.')?;
        // What a compiler writes to is no part of the source's path.
        let folder = folder.split('/').filter(|part| !OUTPUT_DIRECTORIES.contains(part)).collect::<Vec<_>>();
        let module = folder.into_iter().filter(|part| !part.is_empty()).chain([stem]).collect::<Vec<_>>();
        names.extend(NODE_EXTENSIONS.iter().map(|extension| format!("{}.{extension}", module.join("/"))));
        function.get_or_insert_with(|| name.to_owned());
    }
    Some((names, function?))
}

/// What the directory of the source may be called of one that a build writes: `save` of `dist/save`. Nothing where
/// no build is known to write there.
pub(crate) fn output_name(directory: &Path) -> Option<String> {
    let mut names = directory.components().rev().filter_map(|component| component.as_os_str().to_str());
    let name = names.next()?;
    names.any(|parent| OUTPUT_DIRECTORIES.contains(&parent)).then(|| name.to_owned())
}

/// The directory of the source of an archive that is written beside it, or into an output directory of it.
pub(crate) fn beside_archive(archive: &Path) -> Option<PathBuf> {
    let is_output = |directory: &Path| {
        let name = directory.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| OUTPUT_DIRECTORIES.contains(&name))
    };
    let directory = archive.ancestors().skip(1).find(|directory| !is_output(directory))?;
    // All of the project is no answer.
    (directory.components().count() > 0).then(|| directory.to_owned())
}

fn python(directory: &Path, handler: &str) -> Option<(PathBuf, String)> {
    let (module, function) = handler.rsplit_once('.')?;
    let module = module.replace('.', "/");
    let candidates = [format!("{module}.py"), format!("{module}/__init__.py")];
    let mut places: Vec<PathBuf> = candidates.iter().map(|candidate| join(directory, candidate)).collect();
    // Where what is built is not there, the source is around it.
    let name = directory.file_name().and_then(|name| name.to_str());
    if !directory.is_dir() && name.is_some_and(|name| OUTPUT_DIRECTORIES.contains(&name)) {
        let around = directory.parent().unwrap_or(Path::new(""));
        places.extend(candidates.iter().map(|candidate| join(around, candidate)));
        places.extend(candidates.iter().map(|candidate| join(&around.join("src"), candidate)));
    }
    // The package may be the directory itself, put into one of its name while it is built.
    if let Some(inner) = name.and_then(|package| module.strip_prefix(package)?.strip_prefix('/')) {
        places.push(join(directory, &format!("{inner}.py")));
    }
    let found = places.into_iter().find(|path| path.is_file())?;
    Some((found, function.to_owned()))
}

fn node(directory: &Path, handler: &str, entry_points: &[String]) -> Option<(PathBuf, String)> {
    let (folder, base) = handler.rsplit_once('/').map_or(("", handler), |(folder, base)| (folder, base));
    let (stem, function) = base.split_once('.')?;
    let entries: Vec<PathBuf> = entry_points.iter().map(|entry| join(directory, entry)).collect();
    let named = entries.iter().find(|entry| entry.file_stem().is_some_and(|name| name == stem));
    let only = if let [only] = entries.as_slice() { Some(only) } else { None };
    if let Some(entry) = named.or(only)
        && let Some(file) = with_extension(entry)
    {
        return Some((file, function.to_owned()));
    }
    let module = if folder.is_empty() { stem.to_owned() } else { format!("{folder}/{stem}") };
    source_of(&join(directory, &module)).map(|file| (file, function.to_owned()))
}

/// The source of a module of Node.js, which may be compiled.
fn source_of(compiled: &Path) -> Option<PathBuf> {
    let own = with_extension(compiled);
    let mut sources = source_places(compiled).into_iter().filter_map(|place| with_extension(&place));
    // What is compiled may be there too; the source says more.
    match &own {
        Some(file) if !is_typescript(file) => sources.find(|source| is_typescript(source)).or(own),
        Some(_) => own,
        None => sources.next(),
    }
}

/// The source of a program by the path that starts it, where there is one.
pub(crate) fn script(path: &Path, runtime: Runtime) -> Option<PathBuf> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if runtime == Runtime::Python || extension == "py" {
        let places = [path.to_owned(), path.join("__main__.py"), path.with_extension("py")];
        return places.into_iter().find(|place| place.is_file());
    }
    let is_module = extension.is_empty() || NODE_EXTENSIONS.contains(&extension);
    if !is_module && runtime == Runtime::Unknown {
        return None;
    }
    // What is compiled has another extension than its source.
    let without = NODE_EXTENSIONS.contains(&extension).then(|| source_of(&path.with_extension(""))).flatten();
    let own = || with_extension(path);
    match without {
        Some(source) if is_typescript(&source) || !path.is_file() => Some(source),
        _ => own().or_else(|| source_of(path)),
    }
}

fn is_typescript(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| ["ts", "mts", "cts", "tsx"].contains(&extension))
}

/// The source file of a module path, which may have an extension of its own.
fn with_extension(module: &Path) -> Option<PathBuf> {
    let known = module.extension().and_then(|extension| extension.to_str());
    if known.is_some_and(|extension| NODE_EXTENSIONS.contains(&extension)) && module.is_file() {
        return Some(module.to_owned());
    }
    let named = NODE_EXTENSIONS.iter().map(|extension| {
        let mut name = module.as_os_str().to_owned();
        name.push(".");
        name.push(extension);
        PathBuf::from(name)
    });
    let index = NODE_EXTENSIONS.iter().map(|extension| module.join(format!("index.{extension}")));
    named.chain(index).find(|path| path.is_file())
}

/// Where the source of a compiled module may be: as `tsconfig.json` says, else the same path with the
/// output directory replaced by `src` or left out.
fn source_places(compiled: &Path) -> Vec<PathBuf> {
    let mut places = Vec::new();
    for directory in compiled.ancestors().skip(1).take(12) {
        if let Some((out, root)) = tsconfig(&directory.join("tsconfig.json")) {
            let out = join(directory, &out);
            if let Ok(rest) = compiled.strip_prefix(&out) {
                places.push(join(directory, &root).join(rest));
                places.push(join(directory, "src").join(rest));
            }
            break;
        }
    }
    let components: Vec<Component<'_>> = compiled.components().collect();
    for (position, component) in components.iter().enumerate() {
        let Some(name) = component.as_os_str().to_str() else { continue };
        if OUTPUT_DIRECTORIES.contains(&name) {
            let before: PathBuf = components[..position].iter().collect();
            let after: PathBuf = components[position + 1..].iter().collect();
            places.push(before.join("src").join(&after));
            places.push(before.join(&after));
        }
    }
    places
}

/// `outDir` and `rootDir` of a TypeScript configuration.
fn tsconfig(path: &Path) -> Option<(String, String)> {
    let text = std::fs::read_to_string(path).ok().filter(|text| text.len() < 1 << 20)?;
    let parsed = jsonc_parser::parse_to_ast(
        &text,
        &jsonc_parser::CollectOptions::default(),
        &jsonc_parser::ParseOptions::default(),
    );
    let value = parsed.ok()?.value?;
    let options = value.as_object()?.get("compilerOptions")?.value.as_object()?;
    let text = |name: &str| {
        options
            .get(name)
            .and_then(|property| property.value.as_string_lit())
            .map(|text| text.value.to_string())
    };
    Some((text("outDir")?, text("rootDir").unwrap_or_else(|| ".".to_owned())))
}

/// A path below a directory without `.` segments and with `..` taken back where that is possible.
pub(crate) fn join(directory: &Path, relative: &str) -> PathBuf {
    let mut path = directory.to_owned();
    for component in Path::new(relative).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match path.components().next_back() {
                Some(Component::Normal(_)) => {
                    path.pop();
                }
                _ => path.push(".."),
            },
            Component::Normal(name) => path.push(name),
            Component::RootDir | Component::Prefix(_) => path = PathBuf::from(component.as_os_str()),
        }
    }
    path
}

/// Whether a path may be read: it lies below one of the roots once links are followed.
pub(crate) fn is_inside(path: &Path, roots: &[PathBuf]) -> bool {
    let existing = path.ancestors().find(|ancestor| ancestor.as_os_str().is_empty() || ancestor.exists());
    let resolve = |path: &Path| {
        if path.as_os_str().is_empty() { Path::new(".").canonicalize() } else { path.canonicalize() }
    };
    let Some(Ok(resolved)) = existing.map(resolve) else { return false };
    roots.iter().any(|root| resolve(root).is_ok_and(|root| resolved.starts_with(root)))
}

/// A path as users see it.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    match text.strip_prefix("./") {
        Some(rest) => rest.to_owned(),
        None if text.is_empty() => ".".to_owned(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[track_caller]
    fn found(files: &[&str], handler: &str, runtime: Runtime, entries: &[&str]) -> Option<(String, String)> {
        let directory = tempfile::tempdir().expect("directory");
        for file in files {
            let path = directory.path().join(file);
            fs::create_dir_all(path.parent().expect("parent")).expect("directory");
            let text = if file.ends_with(".json") {
                "{\"compilerOptions\": {\"outDir\": \"./js\", /* comment */ \"rootDir\": \"./ts\"}}"
            } else {
                ""
            };
            fs::write(path, text).expect("file");
        }
        let entries: Vec<String> = entries.iter().map(|&entry| entry.to_owned()).collect();
        let (path, function) = locate(directory.path(), handler, runtime, &entries)?;
        let path = path.strip_prefix(directory.path()).expect("below").to_string_lossy().into_owned();
        Some((path, function))
    }

    #[track_caller]
    fn is_found(files: &[&str], handler: &str, runtime: Runtime, entries: &[&str], expected: (&str, &str)) {
        let expected = (expected.0.to_owned(), expected.1.to_owned());
        assert_eq!(found(files, handler, runtime, entries), Some(expected));
    }

    #[test]
    fn handlers_of_python_name_modules_by_dots_or_slashes() {
        is_found(&["app.py"], "app.handler", Runtime::Python, &[], ("app.py", "handler"));
        is_found(&["a/b.py"], "a.b.main", Runtime::Python, &[], ("a/b.py", "main"));
        is_found(&["a/b/__init__.py"], "a/b.main", Runtime::Python, &[], ("a/b/__init__.py", "main"));
        assert_eq!(found(&["app.js"], "app.handler", Runtime::Python, &[]), None);
    }

    #[test]
    fn compiled_handlers_lead_to_their_source() {
        is_found(&["src/index.ts"], "dist/index.handler", Runtime::Node, &[], ("src/index.ts", "handler"));
        is_found(&["get/index.ts"], "build/get/index.main", Runtime::Node, &[], ("get/index.ts", "main"));
        is_found(&["ts/a.ts", "tsconfig.json"], "js/a.handler", Runtime::Node, &[], ("ts/a.ts", "handler"));
        is_found(&["a.js", "a.ts"], "a.handler", Runtime::Node, &[], ("a.ts", "handler"));
        is_found(&["a/index.mjs"], "a.handler", Runtime::Unknown, &[], ("a/index.mjs", "handler"));
    }

    #[test]
    fn the_source_is_read_where_what_is_compiled_is_there_too() {
        let files = ["dist/a.js", "src/a.ts", "lib/b.js", "src/b.js"];
        is_found(&files, "dist/a.handler", Runtime::Node, &[], ("src/a.ts", "handler"));
        is_found(&files, "lib/b.handler", Runtime::Node, &[], ("lib/b.js", "handler"));
    }

    #[test]
    fn entry_points_of_a_bundler_come_first() {
        let files = ["src/one.ts", "src/two.ts", "two.js"];
        is_found(
            &files,
            "two.handler",
            Runtime::Node,
            &["src/one.ts", "src/two.ts"],
            ("src/two.ts", "handler"),
        );
        is_found(&files, "index.handler", Runtime::Node, &["src/one.ts"], ("src/one.ts", "handler"));
    }

    #[test]
    fn paths_are_joined_without_noise_and_bounded_by_the_roots() {
        assert_eq!(join(Path::new("a/b"), "../c/./d"), Path::new("a/c/d"));
        assert_eq!(join(Path::new(""), "../c"), Path::new("../c"));
        let directory = tempfile::tempdir().expect("directory");
        let inner = directory.path().join("inner");
        fs::create_dir(&inner).expect("directory");
        let roots = [inner.clone()];
        assert!(is_inside(&inner.join("not/there"), &roots));
        assert!(!is_inside(&join(&inner, "../x"), &roots));
    }
}
