//! Applications of AWS CDK whose output is not there: their programs are evaluated, and what they make is
//! read as a template.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use perm_infer_analysis::{Analysis, Atom, Call, Linked, SourceFile, TextKind, Value, analyze_linked};
use perm_infer_catalog::Catalog;
use perm_infer_facts::Grammar;
use perm_infer_infra::{Construct, Deployment, Settings, Tree, read_constructs};
use perm_infer_scan::{Prefilter, ScanRequest, ScanResult};
use perm_infer_sdk::constructs::{self, Constructs};

use crate::evidence::Evidence;
use crate::request::{InferError, Request, Variables};

/// How deep values are looked into.
const MAX_DEPTH: usize = 12;

/// Evaluates the programs of the applications in these directories, and gives what each deploys. `is_only`
/// says that there is no template besides.
pub(crate) fn deployments(
    applications: &[PathBuf],
    request: &Request<'_>,
    grammars: &[&dyn Grammar],
    catalog: Catalog,
    settings: &Settings,
    is_only: bool,
) -> Result<Vec<Deployment>, InferError> {
    if applications.is_empty() {
        return Ok(Vec::new());
    }
    let scanned = scan(request, grammars)?;
    let files: Vec<SourceFile<'_>> = scanned
        .files
        .iter()
        .map(|file| SourceFile { path: &file.path, facts: &file.facts, grammar: grammars[file.grammar] })
        .collect();
    let variables = Variables(&request.environment);
    let library = Constructs::new(catalog, &variables, files.iter().map(|file| file.path));
    let linked = Linked::new(&files, &scanned.index, &library);
    let analyses = analyze_linked(&linked, &[], &library, request.threads())
        .map_err(|error| InferError::Internal(format!("a thread cannot be started: {error}")))?;
    let evidence = Evidence::new(&scanned.files);
    let mut by_application: BTreeMap<&Path, Vec<Construct>> = BTreeMap::new();
    for construct in analyses.iter().flat_map(|analysis| of_analysis(analysis, &evidence)) {
        let path = Path::new(&construct.location.path);
        let around = applications.iter().filter(|directory| path.starts_with(plain(directory)));
        if let Some(application) = around.max_by_key(|directory| directory.components().count()) {
            by_application.entry(application).or_default().push(construct);
        }
    }
    let prefixes = [constructs::DIRECTORY, constructs::ABSOLUTE];
    let is_only = is_only && by_application.len() == 1;
    let read = |(application, made): (&Path, Vec<Construct>)| {
        let application = plain(application);
        let scope = if is_only { String::new() } else { format!("{}#", application.display()) };
        read_constructs(&made, application, prefixes, scope, settings)
    };
    Ok(by_application.into_iter().map(read).collect())
}

/// The path as the scan shows it.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn scan(request: &Request<'_>, grammars: &[&dyn Grammar]) -> Result<ScanResult, InferError> {
    let prefilter = Prefilter::new(constructs::construct_patterns(), Vec::<&str>::new)
        .map_err(|error| InferError::Internal(error.to_string()))?;
    let pool = perm_infer_scan::worker_pool(request.threads())
        .map_err(|error| InferError::Internal(format!("threads cannot be started: {error}")))?;
    let wanted = ScanRequest { beside: None, progress: None, ..request.scan.clone() };
    Ok(pool.install(|| perm_infer_scan::scan(&wanted, grammars, &prefilter)))
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
