//! The templates of a project as one deployment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Location, Severity};

use crate::cfn::service_of;
use crate::code::{is_inside, join, shown};
use crate::container::is_dockerfile_name;
use crate::model::{Deployment, Need, Settings};
use crate::references::References;
use crate::{cdk, cfn, serverless, terraform};

/// Whether a file of this name may be a template, so that it is worth a look into it.
#[must_use]
pub fn is_template_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let Some((stem, extension)) = lower.rsplit_once('.') else { return false };
    match extension {
        "yaml" | "yml" | "template" | "tf" | "tofu" => true,
        "json" => {
            // The configuration of an application of AWS CDK says where its output is.
            stem == "cdk"
                || ["template", "cloudformation", "stack", "sam", "serverless", ".asl"]
                    .iter()
                    .any(|word| stem.contains(word))
        }
        "asl" => true,
        _ => false,
    }
}

/// Whether a file of this name belongs to a deployment: a template, or a Dockerfile that an image is built with.
#[must_use]
pub fn is_deployment_name(name: &str) -> bool {
    is_template_name(name) || is_dockerfile_name(name)
}

/// Directories around the paths in which the output of an application is looked for.
const MAX_AROUND: usize = 4;

/// One template and how it is read.
struct Template {
    path: PathBuf,
    is_named: bool,
    /// The stack of a cloud assembly that it is of.
    stack: Option<cdk::Stack>,
}

/// Reads templates. Files that were only found, not named by the user, and turn out to be something else
/// are passed over.
#[must_use]
pub fn read_templates(named: &[PathBuf], found: &[PathBuf], settings: &Settings) -> Deployment {
    let mut whole = Deployment::default();
    let mut nested: BTreeSet<PathBuf> = BTreeSet::new();
    let mut deployments = Vec::new();
    let is_dockerfile =
        |path: &&PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(is_dockerfile_name);
    let (dockerfiles, found): (Vec<&PathBuf>, Vec<&PathBuf>) = found.iter().partition(is_dockerfile);
    let found: Vec<PathBuf> = found.into_iter().cloned().collect();
    let dockerfiles = dockerfiles.into_iter().cloned().collect();
    let settings = &Settings { dockerfiles, ..settings.clone() };
    let templates = templates(named, &found, settings, &mut whole.diagnostics);
    let several = templates.len() > 1;
    for Template { path, is_named, stack } in &templates {
        let (path, is_named) = (path.as_path(), *is_named);
        let scope = if several { format!("{}#", shown(path)) } else { String::new() };
        let read = match stack {
            Some(stack) => cfn::read_stack(path, scope, &stack.settings(settings)),
            None => read(path, scope, settings),
        };
        match read {
            Ok((deployment, inner)) => {
                nested.extend(inner);
                deployments.push((path, is_named, deployment));
            }
            Err(diagnostic) if is_named => {
                whole.diagnostics.push(Diagnostic { severity: Severity::Error, ..diagnostic });
            }
            // What only looks like a template is no loss.
            Err(diagnostic)
                if ["other-provider", "template-without-resources"].contains(&diagnostic.code) =>
            {
                whole.diagnostics.push(Diagnostic {
                    severity: Severity::Note,
                    unresolved: false,
                    ..diagnostic
                });
            }
            Err(diagnostic) => whole.diagnostics.push(diagnostic),
        }
    }
    for (path, is_named, deployment) in deployments {
        // A nested stack is read with its parameters where it is nested.
        if !is_named && nested.contains(&join(path, "")) {
            continue;
        }
        whole.extend(deployment);
    }
    whole.references.link();
    settle_needs(&mut whole);
    if named.is_empty() && whole.units.is_empty() {
        tell_of_assemblies_around(settings, &mut whole.diagnostics);
    }
    make_names_unique(&mut whole);
    whole
}

/// Decides needs on what other stacks export, now that all templates are read.
fn settle_needs(deployment: &mut Deployment) {
    let Deployment { units, references, diagnostics, .. } = deployment;
    for unit in units {
        unit.needs.retain_mut(|need| {
            let (is_needed, said) = settled(need, references);
            diagnostics.extend(said.filter(|said| !diagnostics.contains(said)));
            is_needed
        });
        unit.covered.retain_mut(|need| settled(need, references).0);
    }
}

/// Whether a need is one, and what to say where nobody knows.
fn settled(need: &mut Need, references: &References) -> (bool, Option<Diagnostic>) {
    let Some(open) = need.open.take() else { return (true, None) };
    let known = references.resolve(&open.reference);
    if known.iter().all(|arn| arn.literal_prefix().starts_with("arn:")) {
        let service = need.action.split(':').next();
        return (known.iter().any(|arn| service_of(arn).as_deref() == service), None);
    }
    match open.unknown {
        Some(resource) => {
            need.resource = resource;
            (true, Some(open.said))
        }
        None => (false, Some(open.said)),
    }
}

impl Deployment {
    fn extend(&mut self, other: Deployment) {
        self.diagnostics.extend(other.diagnostics);
        self.units.extend(other.units);
        self.keys.extend(other.keys);
        self.references.extend(other.references);
    }

    /// Adds what something else than a template says.
    pub fn add(&mut self, other: Deployment) {
        self.extend(other);
        make_names_unique(self);
    }
}

/// The directories of applications of AWS CDK among files that were found whose output is not there.
#[must_use]
pub fn applications_without_output(found: &[PathBuf]) -> Vec<PathBuf> {
    let applications = found.iter().filter(|path| path.file_name().is_some_and(|name| name == "cdk.json"));
    let without = applications.filter(|path| cdk::assembly_of_application(path).is_none());
    without.map(|path| path.parent().map(Path::to_owned).unwrap_or_default()).collect()
}

/// All templates: those that the user names, then those that were found. A cloud assembly is each of its
/// stacks.
fn templates(
    named: &[PathBuf],
    found: &[PathBuf],
    settings: &Settings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Template> {
    let mut templates = Vec::new();
    let mut assemblies = BTreeSet::new();
    let add = |templates: &mut Vec<Template>, path: &Path, is_named: bool| {
        templates.push(Template { path: path.to_owned(), is_named, stack: None });
    };
    let mut add_assembly = |templates: &mut Vec<Template>, directory: PathBuf, is_named: bool| {
        let (stacks, problems) = cdk::stacks(&directory);
        diagnostics.extend(problems);
        templates.extend(stacks.into_iter().map(|stack| Template {
            path: stack.template.clone(),
            is_named,
            stack: Some(stack),
        }));
        assemblies.insert(plain(&directory));
    };
    for path in named {
        match cdk::assembly(path) {
            Some(directory) => add_assembly(&mut templates, directory, true),
            None => add(&mut templates, path, true),
        }
    }
    // Nothing is looked for beside what the user names.
    if !named.is_empty() && found.is_empty() {
        return templates;
    }
    for directory in assemblies_among(found, settings) {
        add_assembly(&mut templates, directory, false);
    }
    for path in templates_among(found) {
        let plain = plain(&path);
        if !assemblies.iter().any(|assembly| plain.starts_with(assembly)) {
            add(&mut templates, &path, false);
        }
    }
    templates
}

/// The cloud assemblies that belong to files that were found, or that are in one of the roots. What they
/// are called is ignored by version control, so that the scan does not come across them.
fn assemblies_among(found: &[PathBuf], settings: &Settings) -> BTreeSet<PathBuf> {
    let is_application = |path: &&PathBuf| path.file_name().is_some_and(|name| name == "cdk.json");
    let of_applications = found.iter().filter(is_application);
    let mut assemblies: BTreeSet<PathBuf> = of_applications
        .filter_map(|path| cdk::assembly_of_application(path))
        .map(|path| plain(&path))
        .filter(|path| settings.allow_outside || is_inside(path, &settings.roots))
        .collect();
    assemblies.extend(assemblies_around(settings).into_iter().filter(|_| settings.allow_outside));
    let in_roots = settings.roots.iter().flat_map(|root| [root.clone(), join(root, "cdk.out")]);
    assemblies.extend(in_roots.filter_map(|path| cdk::assembly(&path)).map(|path| plain(&path)));
    assemblies
}

/// The cloud assemblies of applications that the roots are parts of.
fn assemblies_around(settings: &Settings) -> BTreeSet<PathBuf> {
    let around = settings.roots.iter().filter_map(|root| root.canonicalize().ok());
    let around = around.filter_map(|root| {
        let directories = root.ancestors().skip(1).take(MAX_AROUND);
        directories.map(|directory| directory.join("cdk.out")).find(|place| cdk::assembly(place).is_some())
    });
    around.filter(|place| !is_inside(place, &settings.roots)).collect()
}

/// Tells of cloud assemblies around the paths, which say more than the code alone.
fn tell_of_assemblies_around(settings: &Settings, diagnostics: &mut Vec<Diagnostic>) {
    for root in &settings.roots {
        let alone = Settings { roots: vec![root.clone()], ..settings.clone() };
        if !settings.allow_outside && !assemblies_around(&alone).is_empty() {
            let message =
                "an application of AWS CDK around this path has its output in cdk.out; it is not read";
            let note = Diagnostic::new(Severity::Note, "outside-of-paths", message);
            let remedy = "pass the directory of the application as PATH, or --allow-outside, for a policy of each function";
            diagnostics.push(note.at(Location::file(shown(root))).remedy(remedy));
        }
    }
}

/// The same path without a `./` before it.
fn plain(path: &Path) -> PathBuf {
    path.strip_prefix(".").unwrap_or(path).to_owned()
}

/// The templates among files that may be some: files, and directories with modules of Terraform.
fn templates_among(found: &[PathBuf]) -> Vec<PathBuf> {
    let mut templates = Vec::new();
    let mut modules: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for path in found {
        if terraform::is_module_file(path) {
            let directory = path.parent().map(Path::to_owned).unwrap_or_default();
            modules.entry(directory).or_default().push(path.clone());
        } else if is_serverless(path) || std::fs::read(path).is_ok_and(|bytes| is_cfn(path, &bytes)) {
            templates.push(path.clone());
        }
    }
    modules.retain(|_, files| terraform::has_functions(files));
    templates.extend(modules.into_keys());
    templates
}

/// Reads a template of any language.
fn read(path: &Path, scope: String, settings: &Settings) -> Result<(Deployment, Vec<PathBuf>), Diagnostic> {
    if is_serverless(path) {
        serverless::read(path, scope, settings).map(|deployment| (deployment, Vec::new()))
    } else if terraform::is_module_file(path) {
        terraform::read(path.parent().unwrap_or(Path::new("")), scope, settings)
    } else if path.is_dir() {
        terraform::read(path, scope, settings)
    } else if terraform::is_state_name(path) {
        terraform::read_state(path, scope, settings).map(|deployment| (deployment, Vec::new()))
    } else {
        cfn::read(path, scope, settings)
    }
}

/// Whether a file is a template of CloudFormation or a definition of a state machine.
fn is_cfn(path: &Path, text: &[u8]) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let is_definition = name.contains(".asl.") || name.ends_with(".asl");
    cfn::is_template(text) || (is_definition && cfn::is_state_machine(text))
}

fn is_serverless(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(serverless::is_configuration_name)
}

/// Units of the same name in several templates get the path of their template before it.
fn make_names_unique(deployment: &mut Deployment) {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for unit in &deployment.units {
        *count.entry(unit.name.clone()).or_default() += 1;
    }
    for unit in &mut deployment.units {
        if count.get(&unit.name).is_some_and(|&count| count > 1) {
            let template = unit.scope.split_once('#').map_or(&*unit.location.path, |(path, _)| path);
            unit.name = format!("{template}#{}", unit.name);
        }
    }
}
