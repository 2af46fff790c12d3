//! From inputs to the complete result: the library face of perm-infer.
//!
//! [`infer`] is the whole path: scan, analysis, SDK calls, requirements, policy. It renders nothing and
//! reads no arguments; the result holds everything that a renderer can ask for, with evidence.

mod applications;
mod calls;
mod compare;
mod convert;
mod deployment;
mod directives;
mod evidence;
mod keys;
mod likely;
mod messages;
mod performed;
mod possible;
mod request;
mod require;
mod result;
mod sam_templates;
mod statements;

use std::path::Path;
use std::sync::Arc;

use perm_infer_analysis::{Analysis, Linked, SourceFile};
use perm_infer_catalog::Catalog;
use perm_infer_facts::{DIRECTIVE_MARK, Grammar};
use perm_infer_grammar_javascript::JavaScript;
use perm_infer_grammar_python::Python;
use perm_infer_infra::{Deployment, Unit};
use perm_infer_policy::{BuildOptions, Grant, build_with_sources};
use perm_infer_scan::{Prefilter, ScanResult, ScannedFile};
use perm_infer_sdk::Models;

use crate::directives::Directives;

pub use compare::{Comparison, Difference, DocumentError, Evidenced, Permission, State, compare};
pub use keys::{Keys, NoKey, parse_key};
pub use perm_infer_analysis::Setting;
pub use perm_infer_catalog::{AccessLevel, ArnContext, Risk};
pub use perm_infer_diagnostics::{Diagnostic, Location, Severity};
pub use perm_infer_infra::{
    ArnOf, Environment, InfraError, Language, Need, Reference, References, Role, UnitKind,
    serverless_logical_id, terraform_expression,
};
pub use perm_infer_policy::{ChangeKind, Condition, Document, Pattern, Statement};
pub use perm_infer_scan::{
    Counts, MAX_FILE_BYTES, Progress, Revision, RevisionError, Root, ScanRequest, SharedFiles, range,
};
pub use request::{Confidence, DeploymentRequest, EntrySpec, InferError, Request, RuntimeNeeds};
pub use result::{
    CallOutcome, Cause, Inference, PartOrigin, RequirementEvidence, ResourcePart, SdkCall, SourceOfUnit,
    StatementEvidence, Step, UnitInference,
};
pub use sam_templates::SamTemplateUse;

/// Every language; a new one is one more line.
#[must_use]
pub fn grammars() -> [&'static dyn Grammar; 2] {
    [&Python, &JavaScript]
}

/// Forms of files beside source code that decide what is read and what names mean.
const OTHER_EXTENSIONS: [&str; 10] =
    ["json", "template", "yaml", "yml", "toml", "tf", "tfvars", "hcl", "env", "cfg"];

/// Such files that go by their name.
const OTHER_NAMES: [&str; 5] = [".gitignore", ".ignore", ".env", "Dockerfile", "RECORD"];

/// Reads the files of a commit that a run looks at, of the directory `repository` in it.
///
/// # Errors
/// When there is no git, no such commit, or no place for the files.
pub fn read_revision(repository: &Path, revision: &str) -> Result<Revision, RevisionError> {
    perm_infer_scan::read_revision(repository, revision, |path| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_source = grammars().iter().any(|grammar| grammar.extensions().contains(&extension));
        is_source || OTHER_EXTENSIONS.contains(&extension) || OTHER_NAMES.contains(&name)
    })
}

/// A scanned file as the analysis takes it.
fn source_file<'a>(file: &'a ScannedFile, grammars: &[&'a dyn Grammar]) -> SourceFile<'a> {
    SourceFile {
        path: &file.path,
        facts: &file.facts,
        grammar: grammars[file.grammar],
        names_library: file.names_sdk,
    }
}

/// Infers the policy of the code that the request names: one document for all of it, and one for each
/// function that a template defines.
///
/// # Errors
/// When an entry point or a function is not there, or the threads cannot be started. Everything else
/// that goes wrong is a diagnostic of the result.
pub fn infer(request: &Request<'_>) -> Result<Inference, InferError> {
    let grammars = grammars();
    let catalog = Catalog::embedded();
    let (scanned, deployment) = deployment::scan_with_templates(request, &grammars, catalog)?;
    let files: Vec<SourceFile<'_>> = scanned.files.iter().map(|file| source_file(file, &grammars)).collect();
    let run = Run {
        request,
        catalog,
        scanned: &scanned,
        references: Arc::new(deployment.references.clone()),
        deployment: &deployment,
        services: performed::Services::new(catalog),
    };
    let variables = request::Variables(&request.environment);
    let models = Models::new(catalog, &variables);
    let linked = Linked::new(&files, &scanned.index, &models);
    let analyzed = run.analyze(&linked)?;
    let mut whole = run.conclude(&run.analyses_of_code(&analyzed), &run.units_of_code(&analyzed), true);
    whole.units = run.units(&analyzed);
    if request.deployment.sam_templates {
        sam_templates::add(&mut whole);
    }
    Ok(whole)
}

/// What all steps after the scan share.
struct Run<'a> {
    request: &'a Request<'a>,
    catalog: Catalog,
    scanned: &'a ScanResult,
    deployment: &'a Deployment,
    references: Arc<References>,
    services: performed::Services,
}

impl Run<'_> {
    /// From analyses to everything that is said about them. `is_whole` is false for one of several units.
    fn conclude(&self, analyses: &[&Analysis], units: &[&Unit], is_whole: bool) -> Inference {
        let scanned = self.scanned;
        let evidence = evidence::Evidence::new(&scanned.files);
        let (directives, misread) = Directives::read(&scanned.files, |file| {
            is_whole || analyses.iter().any(|analysis| deployment::touches(analysis, file))
        });
        let mut found = calls::collect(analyses, &evidence, &directives, self.request.confidence);
        found.calls.extend(units.iter().flat_map(|unit| &unit.calls).map(|call| self.services.found(call)));
        let deployed =
            require::Deployed { references: &self.deployment.references, needs: self.needs_of(units) };
        let mut keys = self.request.keys.clone();
        keys.of_resources.extend(self.deployment.keys.iter().cloned());
        let needs = require::require(
            found.calls,
            self.catalog,
            &self.context(),
            &keys,
            &evidence,
            &directives,
            &deployed,
        );
        let grants: Vec<Grant> = needs.requirements.iter().map(RequirementEvidence::grant).collect();
        let built = build_with_sources(&grants, &BuildOptions::default());
        let mut diagnostics = messages::of_needs(&needs);
        diagnostics.extend(found.notes.iter().map(|note| messages::of_note(note, &evidence)));
        diagnostics.extend(messages::of_references(&needs.requirements, &self.deployment.references));
        diagnostics.extend(messages::of_document(&built.document));
        if is_whole {
            diagnostics.extend(misread);
            diagnostics.extend(directives.diagnostics());
            // A definition of a service is something to read, even where there is no code.
            let is_read = self.deployment.units.iter().any(|unit| !unit.kind.runs_code());
            let of_scan = scanned.diagnostics.iter();
            diagnostics.extend(of_scan.filter(|said| !is_read || said.code != "no-source-files").cloned());
            diagnostics.extend(self.deployment.diagnostics.iter().cloned());
            diagnostics.extend(self.deployment.units.iter().flat_map(|unit| unit.notes.iter().cloned()));
        }
        diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        diagnostics.dedup();
        let statements =
            built.grants.into_iter().map(|requirements| StatementEvidence { requirements }).collect();
        Inference {
            document: built.document,
            trust_policy: self.trust_policy(units, is_whole),
            statements,
            requirements: needs.requirements,
            calls: needs.calls,
            diagnostics,
            counts: scanned.counts,
            units: Vec::new(),
            references: self.references.clone(),
        }
    }
}

fn scan(
    request: &Request<'_>,
    scan: &ScanRequest<'_>,
    grammars: &[&dyn Grammar],
    catalog: Catalog,
) -> Result<ScanResult, InferError> {
    let seeds = perm_infer_sdk::seed_patterns().iter().chain([&DIRECTIVE_MARK]);
    let prefilter = Prefilter::new(seeds, move || catalog.method_names())
        .map_err(|error| InferError::Internal(error.to_string()))?;
    let pool = perm_infer_scan::worker_pool(request.threads())
        .map_err(|error| InferError::Internal(format!("threads cannot be started: {error}")))?;
    Ok(pool.install(|| perm_infer_scan::scan(scan, grammars, &prefilter)))
}

/// The facts of one file as text, for people who look into a grammar; `None` when no grammar reads it.
#[must_use]
pub fn dump_facts(path: &str, source: &str) -> Option<String> {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension)?;
    let grammar = grammars().into_iter().find(|grammar| grammar.extensions().contains(&extension))?;
    Some(perm_infer_facts::dump(&grammar.lower(path, source).facts))
}
