//! The units of templates: reads the templates that belong to the scanned code, analyses each function
//! from its handler with its own environment, and what belongs to no function as before.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use perm_infer_analysis::{Analysis, EntryPoint, Linked, Value, analyze_linked};
use perm_infer_catalog::{ArnContext, Catalog};
use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_facts::{Export, Grammar};
use perm_infer_infra::{
    Code, Deployment, Environment, Need, Settings, Unit, is_deployment_name, is_dockerfile_name,
    read_templates,
};
use perm_infer_policy::{Document, Part, Pattern};
use perm_infer_scan::{Root, ScanRequest, ScanResult};
use perm_infer_sdk::Models;
use rayon::prelude::*;

use crate::applications::{Programs, exports};
use crate::performed;
use crate::request::{InferError, Request, Variables};
use crate::result::{SourceOfUnit, UnitInference};
use crate::{Run, scan};

/// Scans, reads the templates, and scans again where these name code that the first scan left out.
pub(crate) fn scan_with_templates(
    request: &Request<'_>,
    grammars: &[&dyn Grammar],
    catalog: Catalog,
) -> Result<(ScanResult, Deployment), InferError> {
    let wanted = &request.deployment;
    // Entry points that the user names say what runs; the template would say it again.
    let discover = wanted.discover && request.entries.is_empty();
    let beside: Option<fn(&str) -> bool> = match (discover, wanted.templates.is_empty()) {
        (true, _) => Some(is_deployment_name),
        // A template that is named still needs the images that are built beside it.
        (false, false) => Some(is_dockerfile_name),
        (false, true) => None,
    };
    let scan_request = ScanRequest { beside, ..request.scan.clone() };
    let mut scanned = scan(request, &scan_request, grammars, catalog)?;
    if !discover && wanted.templates.is_empty() {
        return Ok((scanned, Deployment::default()));
    }
    let mut settings = settings(request);
    settings.programs = exports(&wanted.templates, &scanned, request, grammars, catalog)?;
    let mut deployment = read_templates(&wanted.templates, &scanned.beside, &settings);
    if discover {
        let is_only = deployment.units.is_empty();
        let described = Programs::of(&scanned).deployments(request, grammars, catalog, &settings, is_only)?;
        described.into_iter().for_each(|more| deployment.add(more));
    }
    let more = missing_roots(&deployment.units, &scanned);
    if !more.is_empty() {
        let roots = request.scan.roots.iter().cloned().chain(more).collect();
        scanned =
            scan(request, &ScanRequest { roots, beside: None, ..request.scan.clone() }, grammars, catalog)?;
    }
    choose(&mut deployment, &wanted.functions)?;
    find_packed(&mut deployment, &scanned);
    find_handlers(&mut deployment, &scanned);
    for function in &mut deployment.units {
        let own = function.programs.iter_mut().map(|program| &mut program.environment);
        for own in own.chain([&mut function.environment]) {
            let mut environment = request.environment.clone();
            environment.add_defaults(own);
            *own = environment;
        }
    }
    Ok((scanned, deployment))
}

fn settings(request: &Request<'_>) -> Settings {
    let path = |root: &Root| match root {
        Root::Path(path) => Some(path.clone()),
        Root::Text { .. } => None,
    };
    Settings {
        parameters: request.deployment.parameters.clone(),
        stack_name: request.deployment.stack_name.clone(),
        partition: request.arn.partition.clone(),
        region: request.arn.region.clone(),
        account: request.arn.account.clone(),
        roots: request.scan.roots.iter().filter_map(path).collect(),
        allow_outside: request.deployment.allow_outside,
        dockerfiles: Vec::new(),
        programs: BTreeMap::new(),
    }
}

/// Code of functions that the scan did not come across: in the template itself, outside of the paths,
/// in directories that are not entered.
fn missing_roots(units: &[Unit], scanned: &ScanResult) -> Vec<Root> {
    let mut roots = Vec::new();
    let mut paths: Vec<PathBuf> = Vec::new();
    for code in units.iter().flat_map(Unit::codes) {
        match code {
            Code::Inline { name, text, .. } => {
                roots.push(Root::Text {
                    name: name.clone(),
                    language: None,
                    bytes: text.clone().into_bytes(),
                });
            }
            Code::Handler { file, .. } | Code::Script(file) if !was_walked(file, scanned) => {
                // The file itself too: it may be a bundle, which is read only when it is named.
                paths.extend(file.parent().map(Path::to_owned));
                paths.push(file.clone());
            }
            Code::Directory(directory) if !scanned.walked.iter().any(|file| is_below(file, directory)) => {
                paths.push(directory.clone());
            }
            Code::Handler { .. }
            | Code::Script(_)
            | Code::Directory(_)
            | Code::Packed { .. }
            | Code::Elsewhere => {}
        }
    }
    paths.sort();
    paths.dedup();
    roots.extend(paths.into_iter().filter(|path| path.exists()).map(Root::Path));
    roots
}

fn source_of(unit: &Unit) -> Option<SourceOfUnit> {
    let (path, function) = match &unit.code {
        Code::Handler { file, function, .. } => (shown(file), function.clone()),
        Code::Inline { name, function, .. } => (name.clone(), function.clone()),
        Code::Script(path) | Code::Directory(path) => (shown(path), String::new()),
        Code::Packed { .. } | Code::Elsewhere => return None,
    };
    Some(SourceOfUnit { path, function: Some(function).filter(|function| !function.is_empty()) })
}

fn was_walked(file: &Path, scanned: &ScanResult) -> bool {
    let shown = shown(file);
    scanned.walked.binary_search_by(|walked| walked.as_str().cmp(shown.as_str())).is_ok()
}

fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.trim_start_matches("./").to_owned()
}

fn is_below(file: &str, directory: &Path) -> bool {
    match shown(directory).as_str() {
        "" | "." => true,
        directory => file.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/')),
    }
}

/// Whether a name that somebody gave means what has this name in the templates.
pub(crate) fn is_called(own: &str, name: &str) -> bool {
    own == name || own.strip_suffix(name).is_some_and(|before| before.ends_with(['/', '#']))
}

/// Keeps only the functions that the user asks for.
fn choose(deployment: &mut Deployment, wanted: &[String]) -> Result<(), InferError> {
    let is_called = |function: &Unit, name: &str| is_called(&function.name, name);
    for name in wanted {
        if !deployment.units.iter().any(|function| is_called(function, name)) {
            let known = deployment.units.iter().map(|function| function.name.clone()).collect();
            return Err(InferError::NoSuchFunction { name: name.clone(), known });
        }
    }
    if !wanted.is_empty() {
        deployment.units.retain(|function| wanted.iter().any(|name| is_called(function, name)));
    }
    Ok(())
}

/// Finds the source of functions whose template names an archive, a bucket or an image: the only file of
/// the project that the handler fits, of several the only one around the template, else the only one in a
/// directory that is called like the archive or the function. Where a bundler gives the module a name, it is the only
/// file beside the archive that exports the function.
fn find_packed(deployment: &mut Deployment, scanned: &ScanResult) {
    for function in &mut deployment.units {
        let Code::Packed { handler, files, function: name, directory, names, problem } = &function.code
        else {
            continue;
        };
        let fits = |path: &&String| {
            files.iter().any(|file| {
                path.strip_suffix(file.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            })
        };
        let around = function.location.path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let all: Vec<&String> = scanned.walked.iter().filter(fits).collect();
        let below = |directory: &Path| -> Vec<&String> {
            all.iter().copied().filter(|path| is_below(path, directory)).collect()
        };
        let candidates = [
            directory.as_deref().map(below).unwrap_or_default(),
            directory.as_deref().map(|directory| exporting(scanned, directory, name)).unwrap_or_default(),
            all.clone(),
            below(Path::new(around)),
            called(&all, names),
        ];
        let Some(&[only]) = candidates.iter().map(Vec::as_slice).find(|found| found.len() == 1) else {
            deployment.diagnostics.push(problem.clone());
            function.code = Code::Elsewhere;
            continue;
        };
        let message =
            format!("{only} is taken for the code of {}, by its handler `{handler}`", function.name);
        let location = problem.location.clone().unwrap_or_else(|| function.location.clone());
        function.notes.push(Diagnostic::new(Severity::Note, "code-by-handler", message).at(location.clone()));
        function.code = Code::Handler { file: only.into(), function: name.clone(), location };
    }
}

/// The files below a directory that export a name of their own.
fn exporting<'s>(scanned: &'s ScanResult, directory: &Path, name: &str) -> Vec<&'s String> {
    let first = name.split('.').next().unwrap_or_default();
    let exports = |path: &&String| {
        let Some(file) = scanned.index.find(path) else { return false };
        let facts = &scanned.files[file].facts;
        facts.exports.iter().any(|export| match export {
            Export::Var { name, .. } => facts.names.text(*name) == first,
            Export::From { .. } | Export::Star(_) => false,
        })
    };
    scanned.walked.iter().filter(|path| is_below(path, directory)).filter(exports).collect()
}

/// The files in directories of the first name that any of them has.
fn called<'p>(paths: &[&'p String], names: &[String]) -> Vec<&'p String> {
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
    };
    let named = |name: &String| -> Vec<&'p String> {
        let name = plain(name);
        let is_called = |path: &&&String| path.rsplit('/').skip(1).any(|part| plain(part) == name);
        paths.iter().filter(is_called).copied().collect()
    };
    names
        .iter()
        .filter(|name| !plain(name).is_empty())
        .map(named)
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// Reports handlers that their files do not define; the whole file is taken then.
fn find_handlers(deployment: &mut Deployment, scanned: &ScanResult) {
    for function in &mut deployment.units {
        let (path, name, location) = match &function.code {
            Code::Handler { file, function, location } => (shown(file), function.clone(), location.clone()),
            Code::Inline { name, function, location, .. } => {
                (name.clone(), function.clone(), location.clone())
            }
            Code::Script(_) | Code::Directory(_) | Code::Packed { .. } | Code::Elsewhere => continue,
        };
        let Some(file) = scanned.index.find(&path) else { continue };
        let facts = &scanned.files[file].facts;
        let first = name.split('.').next().unwrap_or_default();
        let exports_more = facts.exports.iter().any(|export| matches!(export, Export::Star(_)));
        if facts.names.find(first).is_some() || exports_more {
            continue;
        }
        let message = format!(
            "{path} does not define the handler `{name}` of {}; the whole file is taken",
            function.name
        );
        deployment.diagnostics.push(
            Diagnostic::new(Severity::Warning, "handler-not-found", message)
                .at(location)
                .remedy("correct Handler")
                .unresolved(),
        );
        match &mut function.code {
            Code::Handler { function, .. } | Code::Inline { function, .. } => function.clear(),
            Code::Script(_) | Code::Directory(_) | Code::Packed { .. } | Code::Elsewhere => {}
        }
    }
}

/// Whether an analysis evaluated anything of a file.
pub(crate) fn touches(analysis: &Analysis, file: usize) -> bool {
    analysis.contexts.iter().any(|context| context.file.0 as usize == file)
}

/// The analyses of all units, and of what belongs to none.
pub(crate) struct Analyzed {
    units: Vec<Vec<Analysis>>,
    rest: Vec<Analysis>,
}

impl Run<'_> {
    /// Analyses each function from its handler, then every file that none of them has to do with.
    pub(crate) fn analyze(&self, linked: &Linked<'_>) -> Result<Analyzed, InferError> {
        let units = &self.deployment.units;
        if units.is_empty() {
            let entries: Result<Vec<EntryPoint>, InferError> =
                self.request.entries.iter().map(|entry| entry.resolve(self.scanned)).collect();
            let threads = self.request.threads();
            let rest = self.analyze_with(linked, &entries?, &self.request.environment, threads)?;
            return Ok(Analyzed { units: Vec::new(), rest });
        }
        let pool = perm_infer_scan::worker_pool(self.request.threads())
            .map_err(|error| InferError::Internal(format!("threads cannot be started: {error}")))?;
        let of_unit = |unit: &Unit| {
            let mut analyses = Vec::new();
            for (code, environment, receiver) in unit.parts() {
                let mut entries = self.entries_of(unit, code);
                entries.iter_mut().for_each(|entry| entry.receiver = receiver.map(performed::receiver));
                if !entries.is_empty() {
                    analyses.extend(self.analyze_with(linked, &entries, environment, 1)?);
                }
            }
            Ok(analyses)
        };
        let units: Vec<Vec<Analysis>> =
            pool.install(|| units.par_iter().map(of_unit).collect::<Result<_, _>>())?;
        let rest = self.analyze_rest(linked, &units)?;
        Ok(Analyzed { units, rest })
    }

    fn analyze_rest(
        &self,
        linked: &Linked<'_>,
        units: &[Vec<Analysis>],
    ) -> Result<Vec<Analysis>, InferError> {
        if !self.request.deployment.functions.is_empty() {
            return Ok(Vec::new());
        }
        let mut touched = vec![false; self.scanned.files.len()];
        for context in units.iter().flatten().flat_map(|analysis| &analysis.contexts) {
            touched[context.file.0 as usize] = true;
        }
        let untouched = (0..touched.len()).filter(|&file| !touched[file]);
        let entries: Vec<EntryPoint> = untouched.map(EntryPoint::file).collect();
        match entries.is_empty() {
            true => Ok(Vec::new()),
            false => self.analyze_with(linked, &entries, &self.request.environment, self.request.threads()),
        }
    }

    fn analyze_with(
        &self,
        linked: &Linked<'_>,
        entries: &[EntryPoint],
        environment: &Environment,
        threads: usize,
    ) -> Result<Vec<Analysis>, InferError> {
        let variables = Variables(environment);
        let models = Models::new(self.catalog, &variables);
        analyze_linked(linked, entries, &models, threads)
            .map_err(|error| InferError::Internal(format!("a thread cannot be started: {error}")))
    }

    fn entries_of(&self, unit: &Unit, code: &Code) -> Vec<EntryPoint> {
        let arguments: Vec<Value> = unit.event.iter().map(performed::event).collect();
        let named = |path: &str, function: &str| {
            let function = (!function.is_empty()).then(|| function.to_owned());
            let file = self.scanned.index.find(path);
            file.map(|file| EntryPoint { function, arguments: arguments.clone(), ..EntryPoint::file(file) })
                .into_iter()
                .collect()
        };
        match code {
            Code::Handler { file, function, .. } => named(&shown(file), function),
            Code::Script(file) => named(&shown(file), ""),
            Code::Inline { name, function, .. } => named(name, function),
            Code::Directory(directory) => {
                let files = self.scanned.files.iter().enumerate();
                let below = files.filter(|(_, file)| is_below(file.path.trim_start_matches("./"), directory));
                below.map(|(file, _)| EntryPoint::file(file)).collect()
            }
            Code::Packed { .. } | Code::Elsewhere => Vec::new(),
        }
    }

    /// Partition, region and account of resources that the code names itself: with a template those of
    /// the stack, by reference.
    pub(crate) fn context(&self) -> ArnContext {
        if self.deployment.units.is_empty() {
            return self.request.arn.clone();
        }
        let reference = |name: &str| {
            let mut pattern = Pattern::default();
            pattern.push(Part::Raw(format!("${{AWS::{name}}}")));
            pattern
        };
        ArnContext {
            partition: reference("Partition"),
            region: reference("Region"),
            account: reference("AccountId"),
        }
    }

    /// What units, or code without a template, need besides calls.
    pub(crate) fn needs_of<'f>(&'f self, units: &[&'f Unit]) -> Vec<&'f Need> {
        let runs_code = units.is_empty() || units.iter().any(|unit| unit.kind.runs_code());
        let asked_for = self.request.runtime_needs.iter().filter(|_| runs_code);
        let with_covered = self.request.deployment.with_covered;
        let needs = units.iter().flat_map(|unit| {
            let covered = unit.covered.iter().filter(move |_| with_covered);
            unit.needs.iter().chain(covered)
        });
        needs.chain(asked_for).collect()
    }

    /// The trust policy of the role of a unit, or of all code.
    pub(crate) fn trust_policy(&self, units: &[&Unit], is_whole: bool) -> Option<Document> {
        let stated = self.request.trusted.as_deref()?;
        let service = match units {
            [unit] if !is_whole => unit.kind.principal(),
            _ => stated,
        };
        Some(Document::trusting(service, self.request.arn.account.as_literal()))
    }

    /// The analyses that the one document is about.
    pub(crate) fn analyses_of_code<'a>(&self, analyzed: &'a Analyzed) -> Vec<&'a Analysis> {
        let counted = self.units_of_code(analyzed);
        let units = self.deployment.units.iter().zip(&analyzed.units);
        let counts = |unit: &Unit| counted.iter().any(|one| std::ptr::eq(*one, unit));
        let of_units = units.filter(|(unit, _)| counts(unit)).flat_map(|(_, analyses)| analyses);
        of_units.chain(&analyzed.rest).collect()
    }

    /// The units that the one document is about: those that run code of the project. The roles of other
    /// services count only where there is no code, or where the user chose the units.
    pub(crate) fn units_of_code(&self, analyzed: &Analyzed) -> Vec<&Unit> {
        let units = &self.deployment.units;
        let is_chosen = !self.request.deployment.functions.is_empty();
        let has_code = units.iter().any(|unit| unit.kind.runs_code())
            || analyzed.rest.iter().any(|analysis| !analysis.calls.is_empty());
        units.iter().filter(|unit| is_chosen || !has_code || unit.kind.runs_code()).collect()
    }

    /// Whether all code of a unit was read.
    fn is_read(&self, unit: &Unit) -> bool {
        unit.codes().all(|code| match code {
            Code::Handler { file, .. } | Code::Script(file) => was_walked(file, self.scanned),
            Code::Inline { .. } => true,
            Code::Directory(directory) => self.scanned.walked.iter().any(|file| is_below(file, directory)),
            Code::Packed { .. } | Code::Elsewhere => !unit.kind.runs_code(),
        })
    }

    /// What each unit needs.
    pub(crate) fn units(&self, analyzed: &Analyzed) -> Vec<UnitInference> {
        let units = self.deployment.units.iter().zip(&analyzed.units);
        units
            .map(|(unit, analyses)| {
                let analyses: Vec<&Analysis> = analyses.iter().collect();
                let mut inference = self.conclude(&analyses, &[unit], false);
                inference.diagnostics.extend(unit.notes.iter().cloned());
                UnitInference {
                    name: unit.name.clone(),
                    kind: unit.kind,
                    location: unit.location.clone(),
                    scope: unit.scope.clone(),
                    language: unit.language,
                    deployed: unit.deployed.clone(),
                    role: unit.role.clone(),
                    code: source_of(unit),
                    is_read: self.is_read(unit),
                    sam_templates: Vec::new(),
                    inference,
                }
            })
            .collect()
    }
}
