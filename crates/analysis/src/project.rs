//! The input of the analysis: files, their facts and how their imports name each other; and the split
//! into parts that no import connects, which run in parallel.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use perm_infer_facts::{Export, FileFacts, FileIndex, Grammar, Import, ImportId, Imported, VarId};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::bounds::STACK_BYTES;
use crate::interp::{Analysis, Interp};
use crate::library::Library;
use crate::value::{External, FileId, Value};

/// One file of the project.
#[derive(Clone, Copy)]
pub struct SourceFile<'a> {
    /// Path relative to the scanned root, forward slashes.
    pub path: &'a str,
    /// What it says.
    pub facts: &'a FileFacts,
    /// Its language, for the meaning of imports.
    pub grammar: &'a dyn Grammar,
    /// Whether its text names what the library models. Where no file of a connected part does, calls can
    /// only look like those of the library, and the part is evaluated roughly.
    pub names_library: bool,
}

/// Where to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// Position of the file.
    pub file: usize,
    /// The function or method by its dotted name; none for the whole file.
    pub function: Option<String>,
    /// What it is called with, as far as that is known: the first arguments. What is missing is unknown.
    pub arguments: Vec<Value>,
    /// What its result is handed to.
    pub receiver: Option<Receiver>,
}

impl EntryPoint {
    /// A whole file.
    #[must_use]
    pub fn file(file: usize) -> Self {
        EntryPoint { file, function: None, arguments: Vec::new(), receiver: None }
    }
}

/// A function of a library that the platform calls with the result of an entry point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// The function.
    pub function: External,
    /// Its arguments behind the result.
    pub arguments: Vec<Value>,
}

/// The files to analyse together.
pub struct Project<'a> {
    /// All files, in a stable order.
    pub files: Vec<SourceFile<'a>>,
    /// Finds files by path; its positions are those of `files`.
    pub index: &'a FileIndex,
    /// Where to start; empty for every module and every function that nothing calls.
    pub entries: Vec<EntryPoint>,
}

/// The files with their imports resolved.
pub struct Linked<'p> {
    pub(crate) files: &'p [SourceFile<'p>],
    index: &'p FileIndex,
    /// For each file the targets of its imports.
    targets: Vec<Vec<Option<FileId>>>,
    /// For each file the module-level variables by name.
    module_vars: Vec<FxHashMap<&'p str, VarId>>,
    /// For each file the modules that it imports every name from.
    star_imports: Vec<Vec<FileId>>,
    exports: Vec<Exports<'p>>,
    library: &'p dyn Library,
}

impl<'p> Linked<'p> {
    /// Resolves the imports of all files. The library says which modules are its own; that may not
    /// depend on anything that differs between analyses of the same files.
    #[must_use]
    pub fn new(files: &'p [SourceFile<'p>], index: &'p FileIndex, library: &'p dyn Library) -> Self {
        let mut linked = Linked {
            files,
            index,
            targets: Vec::new(),
            module_vars: Vec::new(),
            star_imports: Vec::new(),
            exports: Vec::new(),
            library,
        };
        for (position, file) in files.iter().enumerate() {
            let id = file_id(position);
            let resolve = |import: &Import| linked.resolve(id, file.facts.text(import.specifier));
            let targets: Vec<Option<FileId>> = file.facts.imports.iter().map(resolve).collect();
            linked.star_imports.push(star_imports(file.facts, &targets));
            linked.targets.push(targets);
            linked.module_vars.push(module_vars(file.facts));
            linked.exports.push(Exports::of(file.facts));
        }
        linked
    }

    /// The project file that an import means.
    pub(crate) fn target(&self, file: FileId, import: ImportId) -> Option<FileId> {
        self.targets[file.0 as usize].get(import.index()).copied().flatten()
    }

    /// The project file that a specifier means, seen from a file.
    pub(crate) fn resolve(&self, importer: FileId, specifier: &str) -> Option<FileId> {
        let file = &self.files[importer.0 as usize];
        let exact = self.library.owns_module(file.facts.dialect, specifier);
        self.index.resolve_import(file.grammar, importer.0 as usize, file.path, specifier, exact).map(file_id)
    }

    /// The module-level variable of a name.
    pub(crate) fn module_var(&self, file: FileId, name: &str) -> Option<VarId> {
        self.module_vars[file.0 as usize].get(name).copied()
    }

    /// The modules that a file imports every name from.
    pub(crate) fn star_imports(&self, file: FileId) -> &[FileId] {
        &self.star_imports[file.0 as usize]
    }

    /// The exports of a file that may bring a name, in order.
    pub(crate) fn exports(&self, file: FileId, name: &str) -> SmallVec<[&'p Export; 2]> {
        let exports = &self.exports[file.0 as usize];
        let named = exports.by_name.get(name).into_iter().flatten();
        let mut positions: SmallVec<[usize; 2]> = named.chain(&exports.stars).copied().collect();
        positions.sort_unstable();
        let all = &self.files[file.0 as usize].facts.exports;
        positions.into_iter().filter_map(|position| all.get(position)).collect()
    }

    /// Groups of files that imports connect, each in file order, in the order of their first files.
    fn components(&self) -> Vec<Vec<FileId>> {
        let mut parent: Vec<usize> = (0..self.files.len()).collect();
        for (file, targets) in self.targets.iter().enumerate() {
            for target in targets.iter().flatten() {
                let (a, b) = (root(&mut parent, file), root(&mut parent, target.0 as usize));
                parent[a.max(b)] = a.min(b);
            }
        }
        let mut groups: Vec<Vec<FileId>> = vec![Vec::new(); self.files.len()];
        for file in 0..self.files.len() {
            groups[root(&mut parent, file)].push(file_id(file));
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}

/// The exports of a file by what they may bring: positions among all of them.
#[derive(Default)]
struct Exports<'p> {
    by_name: FxHashMap<&'p str, SmallVec<[usize; 1]>>,
    stars: Vec<usize>,
}

impl<'p> Exports<'p> {
    fn of(facts: &'p FileFacts) -> Self {
        let mut exports = Exports::default();
        for (position, export) in facts.exports.iter().enumerate() {
            match export {
                Export::Var { name, .. } | Export::From { name, .. } => {
                    exports.by_name.entry(facts.text(*name)).or_default().push(position);
                }
                Export::Star(_) => exports.stars.push(position),
            }
        }
        exports
    }
}

fn star_imports(facts: &FileFacts, targets: &[Option<FileId>]) -> Vec<FileId> {
    let is_star = |import: &Import| import.bindings.iter().any(|binding| binding.imported == Imported::Star);
    let with_targets = facts.imports.iter().zip(targets);
    with_targets.filter_map(|(import, target)| target.filter(|_| is_star(import))).collect()
}

fn root(parent: &mut [usize], mut node: usize) -> usize {
    while parent[node] != node {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    node
}

fn file_id(position: usize) -> FileId {
    FileId(u32::try_from(position).unwrap_or(u32::MAX))
}

fn module_vars(facts: &FileFacts) -> FxHashMap<&str, VarId> {
    let class_vars: std::collections::BTreeSet<VarId> =
        facts.classes.iter().flat_map(|class| class.vars.iter().copied()).collect();
    let mut vars = FxHashMap::default();
    for (position, variable) in facts.vars.iter().enumerate() {
        let var = VarId(u32::try_from(position).unwrap_or(u32::MAX));
        if variable.owner == FileFacts::MODULE && !class_vars.contains(&var) {
            // The first declaration is the module scope's; block scopes come later.
            vars.entry(facts.text(variable.name)).or_insert(var);
        }
    }
    for export in &facts.exports {
        if let Export::Var { var, .. } = export {
            vars.insert(facts.text(facts.vars[var.index()].name), *var);
        }
    }
    vars
}

/// Analyses the whole project; parts that no import connects run in parallel on up to `threads`
/// threads. The result does not depend on their number.
///
/// # Errors
/// When the system gives no thread with the stack that evaluation needs.
pub fn analyze(project: &Project<'_>, library: &dyn Library, threads: usize) -> io::Result<Vec<Analysis>> {
    let linked = Linked::new(&project.files, project.index, library);
    analyze_linked(&linked, &project.entries, library, threads)
}

/// Like [`analyze`], for several analyses of the same files: with other entry points, or a library that
/// answers otherwise.
///
/// # Errors
/// When the system gives no thread with the stack that evaluation needs.
pub fn analyze_linked(
    linked: &Linked<'_>,
    entries: &[EntryPoint],
    library: &dyn Library,
    threads: usize,
) -> io::Result<Vec<Analysis>> {
    let mut components = linked.components();
    if !entries.is_empty() {
        components
            .retain(|files| entries.iter().any(|entry| files.binary_search(&file_id(entry.file)).is_ok()));
    }
    let run = |files: &Vec<FileId>| {
        let own = |entry: &&EntryPoint| files.binary_search(&file_id(entry.file)).is_ok();
        let entries: Vec<&EntryPoint> = entries.iter().filter(own).collect();
        Interp::new(linked, library).analyze(files, &entries)
    };
    run_on_threads(&components, threads, &run)
}

/// Runs the parts on threads of their own, because evaluation is recursive and needs a large stack.
fn run_on_threads(
    components: &[Vec<FileId>],
    threads: usize,
    run: &(dyn Fn(&Vec<FileId>) -> Analysis + Sync),
) -> io::Result<Vec<Analysis>> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Analysis>>> = Mutex::new(components.iter().map(|_| None).collect());
    let work = || {
        while let Some((position, files)) = take(components, &next) {
            let analysis = run(files);
            if let Ok(mut results) = results.lock() {
                results[position] = Some(analysis);
            }
        }
    };
    thread::scope(|scope| {
        for started in 0..threads.max(1).min(components.len()) {
            match thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work) {
                Ok(_) => {}
                // Without another thread the ones that run do all the work.
                Err(_) if started > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    })?;
    Ok(results.into_inner().unwrap_or_default().into_iter().flatten().collect())
}

fn take<'c>(components: &'c [Vec<FileId>], next: &AtomicUsize) -> Option<(usize, &'c Vec<FileId>)> {
    let position = next.fetch_add(1, Ordering::Relaxed);
    components.get(position).map(|files| (position, files))
}
