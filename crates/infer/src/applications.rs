//! Programs that describe deployments: applications of AWS CDK whose output is not there, configurations of
//! the Serverless Framework in TypeScript and JavaScript. They are evaluated like any code, and what they
//! make is read as a template.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use perm_infer_analysis::{
    Analysis, Atom, Call, EntryPoint, Linked, SourceFile, TextKind, Value, analyze_linked,
};
use perm_infer_catalog::Catalog;
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_facts::Grammar;
use perm_infer_infra::{
    Construct, Deployment, Settings, Tree, applications_without_output, is_program_name,
    program_of_application, programs_of_configuration, read_configuration, read_constructs,
};
use perm_infer_scan::{Prefilter, Root, ScanRequest, ScanResult};
use perm_infer_sdk::constructs::{self, Constructs};

use crate::evidence::Evidence;
use crate::request::{InferError, Request, Variables};

/// How deep values are looked into.
const MAX_DEPTH: usize = 12;

/// The programs of a project that describe deployments.
#[derive(Default)]
pub(crate) struct Programs {
    /// Directories of applications of AWS CDK whose output is not there.
    pub(crate) applications: Vec<PathBuf>,
    /// Files that make configurations of the Serverless Framework.
    pub(crate) configurations: Vec<String>,
}

impl Programs {
    /// Those among the files that a scan came across.
    pub(crate) fn of(scanned: &ScanResult) -> Programs {
        let is_program = |path: &&String| is_program_name(path.rsplit('/').next().unwrap_or_default());
        Programs {
            applications: applications_without_output(&scanned.beside),
            configurations: scanned.walked.iter().filter(is_program).cloned().collect(),
        }
    }

    /// Evaluates the programs, and gives what each deploys. `is_only` says that there is no template
    /// besides.
    pub(crate) fn deployments(
        &self,
        request: &Request<'_>,
        grammars: &[&dyn Grammar],
        catalog: Catalog,
        settings: &Settings,
        is_only: bool,
    ) -> Result<Vec<Deployment>, InferError> {
        let count = self.applications.len() + self.configurations.len();
        if count == 0 {
            return Ok(Vec::new());
        }
        let scanned = self.scan(request, grammars)?;
        let files: Vec<SourceFile<'_>> =
            scanned.files.iter().map(|file| crate::source_file(file, grammars)).collect();
        let variables = Variables(&request.environment);
        let library = |directory: &str| {
            Constructs::new(catalog, &variables, files.iter().map(|file| file.path), directory)
        };
        let any = library("");
        let linked = Linked::new(&files, &scanned.index, &any);
        let evidence = Evidence::new(&scanned.files);
        let run = |directory: &str, entries: &[EntryPoint]| -> Result<Vec<Construct>, InferError> {
            if entries.is_empty() {
                return Ok(Vec::new());
            }
            let analyses = analyze_linked(&linked, entries, &library(directory), request.threads())
                .map_err(|error| InferError::Internal(format!("a thread cannot be started: {error}")))?;
            Ok(analyses.iter().flat_map(|analysis| of_analysis(analysis, &evidence)).collect())
        };
        let scope = |place: &str| match is_only && count == 1 {
            true => String::new(),
            false => format!("{place}#"),
        };
        let mut deployments = Vec::new();
        for application in &self.applications {
            let directory = plain(application);
            let place = directory.to_string_lossy().replace('\\', "/");
            // Applications below this one are read for themselves.
            let is_own = |path: &str| {
                let around = self
                    .applications
                    .iter()
                    .map(|one| plain(one))
                    .filter(|one| Path::new(path).starts_with(one));
                around.max_by_key(|one| one.components().count()) == Some(directory)
            };
            let own = files.iter().enumerate().filter(|(_, file)| is_own(file.path) && !is_reader(file.path));
            let entries: Vec<EntryPoint> = own.map(|(file, _)| EntryPoint::file(file)).collect();
            // Of several programs, the one that `cdk deploy` runs comes first; the others count for what it
            // does not make.
            let program = program_of_application(application).map(|program| plain(&program).to_owned());
            let main = entries.iter().filter(|entry| {
                program.as_deref().is_some_and(|program| Path::new(files[entry.file].path) == program)
            });
            let main: Vec<EntryPoint> = main.cloned().collect();
            let mut made = run(&place, &main)?;
            let places: BTreeSet<Location> = made.iter().map(|made| made.location.clone()).collect();
            let others = run(&place, &entries)?;
            made.extend(others.into_iter().filter(|other| !places.contains(&other.location)));
            let prefixes = [constructs::DIRECTORY, constructs::ABSOLUTE];
            deployments.push(read_constructs(&made, directory, prefixes, scope(&place), settings));
        }
        for configuration in &self.configurations {
            let reader = reader_of(configuration);
            let directory = configuration.rsplit_once('/').map_or("", |(directory, _)| directory);
            let file = files.iter().position(|file| file.path == reader);
            let entries: Vec<EntryPoint> = file.map(EntryPoint::file).into_iter().collect();
            let made = run(directory, &entries)?;
            let stated = made.iter().find(|made| {
                made.operation == constructs::CONFIGURATION && made.params.get("provider").is_some()
            });
            let Some(stated) = stated else { continue };
            match read_configuration(&stated.params, Path::new(configuration), scope(configuration), settings)
            {
                Ok(deployment) => deployments.push(deployment),
                Err(problem) => deployments.push(Deployment {
                    diagnostics: vec![Diagnostic { severity: Severity::Note, unresolved: false, ..problem }],
                    ..Deployment::default()
                }),
            }
        }
        Ok(deployments)
    }

    fn scan(&self, request: &Request<'_>, grammars: &[&dyn Grammar]) -> Result<ScanResult, InferError> {
        scan_with(self.configurations.iter().map(|path| reader(path, &BTreeSet::new())), request, grammars)
    }
}

/// What programs export that configurations of the Serverless Framework take values from, by path.
pub(crate) fn exports(
    templates: &[PathBuf],
    scanned: &ScanResult,
    request: &Request<'_>,
    grammars: &[&dyn Grammar],
    catalog: Catalog,
) -> Result<BTreeMap<String, Tree>, InferError> {
    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, keys) in
        templates.iter().chain(&scanned.beside).flat_map(|path| programs_of_configuration(path))
    {
        wanted.entry(path).or_default().extend(keys);
    }
    wanted.retain(|path, _| scanned.walked.contains(path));
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let scanned = scan_with(wanted.iter().map(|(path, keys)| reader(path, keys)), request, grammars)?;
    let files: Vec<SourceFile<'_>> =
        scanned.files.iter().map(|file| crate::source_file(file, grammars)).collect();
    let variables = Variables(&request.environment);
    let library = Constructs::new(catalog, &variables, files.iter().map(|file| file.path), "");
    let linked = Linked::new(&files, &scanned.index, &library);
    let evidence = Evidence::new(&scanned.files);
    let mut exported = BTreeMap::new();
    for path in wanted.into_keys() {
        let reader = reader_of(&path);
        let Some(file) = files.iter().position(|file| file.path == reader) else { continue };
        let entries = [EntryPoint::file(file)];
        let analyses = analyze_linked(&linked, &entries, &library, request.threads())
            .map_err(|error| InferError::Internal(format!("a thread cannot be started: {error}")))?;
        let stated = analyses.iter().flat_map(|analysis| of_analysis(analysis, &evidence));
        let stated = stated.filter(|made| made.operation == constructs::CONFIGURATION);
        let mut whole = Tree::Unknown;
        let mut called = Vec::new();
        for made in stated {
            match made.params {
                Tree::Map(entries) if entries.iter().any(|(key, _)| key == KEY) => called.push(entries),
                known @ (Tree::Map(_) | Tree::List(_) | Tree::Text(_)) if matches!(whole, Tree::Unknown) => {
                    whole = known;
                }
                _ => {}
            }
        }
        // Where a function stands under a key, what it gives is meant.
        for entries in called {
            let value_of = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
            let (Some(Tree::Text(key)), Some(value)) = (value_of(KEY), value_of("value")) else { continue };
            let [Some(key)] = key.as_slice() else { continue };
            if matches!(value, Tree::Unknown) {
                continue;
            }
            if matches!(whole, Tree::Unknown) {
                whole = Tree::Map(Vec::new());
            }
            let Tree::Map(known) = &mut whole else { continue };
            match known.iter_mut().find(|(name, _)| name == key) {
                Some((_, stated)) if matches!(stated, Tree::Unknown) => *stated = value.clone(),
                Some(_) => {}
                None => known.push((key.clone(), value.clone())),
            }
        }
        if !matches!(whole, Tree::Unknown) {
            exported.insert(path, whole);
        }
    }
    Ok(exported)
}

fn scan_with(
    readers: impl Iterator<Item = Root>,
    request: &Request<'_>,
    grammars: &[&dyn Grammar],
) -> Result<ScanResult, InferError> {
    let seeds = constructs::construct_patterns().iter().chain([&constructs::CONFIGURATION]);
    let prefilter =
        Prefilter::new(seeds, Vec::<&str>::new).map_err(|error| InferError::Internal(error.to_string()))?;
    let pool = perm_infer_scan::worker_pool(request.threads())
        .map_err(|error| InferError::Internal(format!("threads cannot be started: {error}")))?;
    let roots = request.scan.roots.iter().cloned().chain(readers).collect();
    let wanted = ScanRequest { roots, beside: None, progress: None, ..request.scan.clone() };
    Ok(pool.install(|| perm_infer_scan::scan(&wanted, grammars, &prefilter)))
}

/// The end of the names of programs that only read another one.
const READER: &str = ".perm-infer-reader.js";

fn is_reader(path: &str) -> bool {
    path.ends_with(READER)
}

fn reader_of(configuration: &str) -> String {
    format!("{configuration}{READER}")
}

/// What a reader hands over the name of a single export as.
const KEY: &str = "perm-infer-key";

/// A program beside another that hands over what the other exports, and what stands under `keys` or what
/// functions there give.
fn reader(configuration: &str, keys: &BTreeSet<String>) -> Root {
    let name = configuration.rsplit('/').next().unwrap_or(configuration);
    let describe = constructs::CONFIGURATION;
    let mut text = format!("const configuration = require(\"./{name}\");\n");
    for exported in ["configuration", "configuration.default", "configuration()", "configuration.default()"] {
        text.push_str(&format!("{describe}({exported});\n"));
    }
    for key in keys {
        for value in [format!("configuration.{key}"), format!("configuration.{key}()")] {
            text.push_str(&format!("{describe}({{ \"{KEY}\": \"{key}\", value: {value} }});\n"));
        }
    }
    Root::Text { name: reader_of(configuration), language: None, bytes: text.into_bytes() }
}

/// The path as the scan shows it.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn of_analysis(analysis: &Analysis, evidence: &Evidence<'_>) -> Vec<Construct> {
    let own = analysis.calls.iter().filter(|call| &*call.effect.service == constructs::SERVICE);
    let construct = |call: &Call| Construct {
        operation: call.effect.operation.to_string(),
        location: evidence.location(call.site),
        params: tree(&call.effect.params, 0),
    };
    own.map(construct).collect()
}

/// A value of the program as plain data.
fn tree(value: &Value, depth: usize) -> Tree {
    if depth >= MAX_DEPTH {
        return Tree::Unknown;
    }
    let mut all: Vec<Tree> = value.atoms().iter().map(|atom| of_atom(atom, depth)).collect();
    if value.rest().is_some() {
        all.push(Tree::Unknown);
    }
    match all.len() {
        0 => Tree::Unknown,
        1 => all.remove(0),
        _ => Tree::Either(all),
    }
}

fn of_atom(atom: &Atom, depth: usize) -> Tree {
    let known = |text: String| Tree::Text(vec![Some(text)]);
    match atom {
        Atom::Null => Tree::Null,
        Atom::Bool(flag) => known(flag.to_string()),
        Atom::Int(number) => known(number.to_string()),
        Atom::Text(text) => Tree::Text(
            text.parts()
                .iter()
                .map(|part| match &part.kind {
                    TextKind::Literal(text) => Some(text.to_string()),
                    TextKind::Hole(_) => None,
                })
                .collect(),
        ),
        Atom::List(list) => {
            let mut items: Vec<Tree> = list.items.iter().map(|item| tree(item, depth + 1)).collect();
            items.extend(list.rest.as_ref().map(|rest| tree(rest, depth + 1)));
            Tree::List(items)
        }
        Atom::Dict(dict) => {
            let entries = dict.entries.iter().filter_map(|entry| {
                let value = tree(&entry.value, depth + 1);
                let value = if entry.maybe { Tree::Either(vec![value, Tree::Null]) } else { value };
                Some((entry.key.to_literal()?, value))
            });
            Tree::Map(entries.collect())
        }
        Atom::Library(value) if value.kind == constructs::CONSTRUCT => {
            let token = value.field(constructs::TOKEN).and_then(Value::as_str).unwrap_or_default();
            known(format!("${{Cdk[{token}|]}}"))
        }
        Atom::Library(value) if value.kind == constructs::VALUE => {
            let field = |name: &str| value.field(name).map(|value| tree(value, depth + 1));
            let arguments = field("arguments").map(|list| list.items().to_vec()).unwrap_or_default();
            let properties = field("properties").map(|map| map.entries().to_vec()).unwrap_or_default();
            Tree::Call(value.name.to_string(), arguments, properties)
        }
        // A constant of a class: `Runtime.PYTHON_3_13`.
        Atom::External(external) => match external.path.rsplit('.').next() {
            Some(last) if !last.is_empty() => known(last.to_owned()),
            _ => Tree::Unknown,
        },
        _ => Tree::Unknown,
    }
}
