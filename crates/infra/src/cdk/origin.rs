//! From a copy of code in a cloud assembly to the source that it was made from: the same file in the
//! project, what a source map or the comments of a bundler name, or the file that the conventions of the
//! constructs name.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::code::{is_inside, join};
use crate::tree::{self, Files, Node};

/// Files of a project that are looked at.
const MAX_FILES: usize = 50_000;

/// Largest file that is compared or searched, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// Directories that hold no source of the project.
const SKIPPED: [&str; 7] = ["node_modules", "cdk.out", "venv", "env", "__pycache__", "site-packages", "dist"];

/// How the source of a copy was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// It says so itself, or is the same.
    Certain,
    /// By its name only.
    ByName,
}

/// The files of the project around an assembly.
pub(crate) struct Origins {
    project: PathBuf,
    roots: Vec<PathBuf>,
    /// By file name.
    files: HashMap<String, Vec<PathBuf>>,
}

impl Origins {
    /// Of the project that an assembly, or a stage in one, belongs to.
    pub(crate) fn of(assembly: &Path, roots: &[PathBuf]) -> Origins {
        let outermost = assembly.ancestors().take_while(|one| one.join(super::MANIFEST).is_file()).last();
        let outermost = outermost.unwrap_or(assembly);
        let project = match outermost.parent() {
            Some(parent) if !outermost.as_os_str().is_empty() => parent.to_owned(),
            _ => join(outermost, ".."),
        };
        let files = walk(&project, outermost);
        Origins { project, roots: roots.to_vec(), files }
    }

    /// The source of a file in an asset. `module` is the path of the file in the asset, `construct` the
    /// path of the construct that the asset is of.
    pub(crate) fn source(&self, file: &Path, module: &Path, construct: &str) -> Option<(PathBuf, Found)> {
        let text = contents(file)?;
        self.same(&text, file, module)
            .or_else(|| self.by_source_map(file))
            .or_else(|| self.by_comments(&text))
            .map(|path| (path, Found::Certain))
            .or_else(|| self.by_convention(construct).map(|path| (path, Found::ByName)))
    }

    /// The directory of the project with the same file, such as the `Dockerfile` of an image.
    pub(crate) fn directory_with(&self, file: &Path) -> Option<PathBuf> {
        let text = contents(file)?;
        let module = PathBuf::from(file.file_name()?);
        self.same(&text, file, &module)?.parent().map(Path::to_owned)
    }

    /// The same file, where it stands among the same files.
    fn same(&self, text: &[u8], file: &Path, module: &Path) -> Option<PathBuf> {
        let name = file.file_name()?.to_str()?;
        let candidates = self.files.get(name)?.iter();
        let is_same =
            |path: &&PathBuf| path.ends_with(module) && contents(path).is_some_and(|own| own == text);
        let mut same: Vec<&PathBuf> = candidates.filter(is_same).collect();
        if same.len() > 1 {
            let names = names_in(file.parent()?);
            let shared = |path: &PathBuf| {
                let own = path.parent().map(names_in).unwrap_or_default();
                names.iter().filter(|name| own.contains(name)).count()
            };
            same.sort_by_key(|path| std::cmp::Reverse(shared(path)));
        }
        same.first().map(|path| (*path).clone())
    }

    /// The last source of a source map that is a file of the project: a bundler puts what is imported
    /// before what imports it.
    fn by_source_map(&self, file: &Path) -> Option<PathBuf> {
        let mut name = file.as_os_str().to_owned();
        name.push(".map");
        let text = String::from_utf8(contents(Path::new(&name))?).ok()?;
        let root = tree::read(&text, 0, &Files::default(), &mut Vec::new()).ok()?;
        let directory = file.parent()?;
        let sources = root.get("sources").map(Node::items).unwrap_or_default().iter().rev();
        let places = sources.filter_map(Node::text).map(|source| join(directory, source));
        places.into_iter().find(|path| self.is_of_project(path))
    }

    /// The last comment `// path/to/file.ts` that names a file of the project.
    fn by_comments(&self, text: &[u8]) -> Option<PathBuf> {
        let text = std::str::from_utf8(text).ok()?;
        let paths = text.lines().rev().filter_map(|line| line.strip_prefix("// "));
        let paths = paths.filter(|path| is_script(path) && path.len() < 500);
        let bases: Vec<&Path> = self.project.ancestors().take(6).collect();
        paths
            .take(2_000)
            .flat_map(|path| bases.iter().map(|base| join(base, path)).collect::<Vec<_>>())
            .find(|path| self.is_of_project(path))
    }

    /// `stack.Save.ts` for the construct `Save`, as `NodejsFunction` looks for it.
    fn by_convention(&self, construct: &str) -> Option<PathBuf> {
        let parts: Vec<&str> = construct.split('/').collect();
        let id = parts.len().checked_sub(2).and_then(|position| parts.get(position))?;
        let endings: Vec<String> =
            ["ts", "js", "mjs", "mts"].iter().map(|extension| format!(".{id}.{extension}")).collect();
        let is_called = |name: &&String| endings.iter().any(|ending| name.ends_with(ending.as_str()));
        let mut found = self.files.iter().filter(|(name, _)| is_called(name)).flat_map(|(_, paths)| paths);
        let first = found.next()?;
        found.next().is_none().then(|| first.clone())
    }

    fn is_of_project(&self, path: &Path) -> bool {
        let is_skipped = |part: Component<'_>| part.as_os_str() == "node_modules";
        !path.components().any(is_skipped) && path.is_file() && is_inside(path, &self.roots)
    }
}

fn is_script(path: &str) -> bool {
    [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx"].iter().any(|end| path.ends_with(end))
}

fn contents(path: &Path) -> Option<Vec<u8>> {
    let size = std::fs::metadata(path).ok()?.len();
    (size <= MAX_BYTES).then(|| std::fs::read(path).ok())?
}

fn names_in(directory: &Path) -> Vec<std::ffi::OsString> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().filter_map(Result::ok);
    entries.take(500).map(|entry| entry.file_name()).collect()
}

/// The files below a directory by their names, without those of the assembly. Links are not followed.
fn walk(project: &Path, assembly: &Path) -> HashMap<String, Vec<PathBuf>> {
    let mut files: HashMap<String, Vec<PathBuf>> = HashMap::new();
    let mut pending = vec![project.to_owned()];
    let mut seen = 0;
    while let Some(directory) = pending.pop() {
        let read = if directory.as_os_str().is_empty() { Path::new(".") } else { &directory };
        let Ok(entries) = std::fs::read_dir(read) else { continue };
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            seen += 1;
            if seen > MAX_FILES {
                return files;
            }
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = directory.join(&name);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => {
                    let is_skipped = name.starts_with('.') || SKIPPED.contains(&name.as_str());
                    if !is_skipped && path != assembly {
                        pending.push(path);
                    }
                }
                Ok(kind) if kind.is_file() => files.entry(name).or_default().push(path),
                _ => {}
            }
        }
    }
    for paths in files.values_mut() {
        paths.sort();
    }
    files
}
