//! `check`: whether the policies of a role cover the code, and what they grant beyond it. The policies are given, or
//! they are those that the template states for each of its functions.

use std::collections::BTreeMap;

use perm_infer_infer::{Diagnostic, Document, Inference, Pattern, References, Severity, UnitInference};
use perm_infer_policy::evaluate::Context;
use perm_infer_policy::inert::in_json;
use perm_infer_policy::to_pretty_json;
use perm_infer_report::Checked;
use perm_infer_review::check::{Findings, Need, Review, check, gaps, tighten};
use perm_infer_review::{PolicyKind, RolePolicies, Symbolic, role_of_template};

use crate::args::BaselineArgs;
use crate::baseline;
use crate::config::{Config, usage_error};
use crate::output;
use crate::policies::{PolicyReader, problems_of_template};
use crate::policy_args::{CheckArgs, CheckFormat};
use crate::run::{Exit, fail, infer_with_progress};
use crate::terminal::{self, Terminal};

/// Compares what the code needs with what the policies grant.
pub(crate) fn run(args: &CheckArgs) -> Exit {
    terminal::set_color(args.read.color);
    let config = match Config::new(&args.paths.paths, &args.read) {
        Ok(config) => config,
        Err(errors) => return fail(&errors),
    };
    if args.policy.is_empty() && args.role_json.is_empty() {
        of_template(args, config)
    } else {
        given(args, &config)
    }
}

/// Checks the policies that the user names against all code.
fn given(args: &CheckArgs, config: &Config) -> Exit {
    let mut reader = PolicyReader::default();
    let mut role = RolePolicies {
        identity: reader.all(&args.policy, PolicyKind::Identity),
        boundary: reader.all(&args.boundary, PolicyKind::Identity),
        ..RolePolicies::default()
    };
    for path in &args.role_json {
        reader.role(path, args.role.as_deref(), &mut role);
    }
    if reader.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        // Half of a role would look like gaps.
        return fail(&reader.diagnostics);
    }
    let inference = match infer_with_progress(&config.request, &config.talk) {
        Ok(inference) => inference,
        Err(error) => return fail(&[error]),
    };
    let review = review(args, config, &role);
    let needs: Vec<Need<'_>> = needs(&inference, None).collect();
    let mut found = [Found { unit: None, inference: &inference, findings: check(&review, &needs) }];
    let fixed = args.fix.then(|| in_json(&tighten(&review, &needs).to_json()));
    finish(args, config, &inference, &mut found, fixed, &reader.diagnostics)
}

/// Checks the role of each unit of the template against what the unit needs.
fn of_template(args: &CheckArgs, mut config: Config) -> Exit {
    config.request.deployment.with_covered = true;
    let inference = match infer_with_progress(&config.request, &config.talk) {
        Ok(inference) => inference,
        Err(error) => return fail(&[error]),
    };
    let stated = |unit: &&UnitInference| unit.role.is_some();
    let units: Vec<&UnitInference> = inference.units.iter().filter(stated).collect();
    if units.is_empty() {
        let remedy =
            "name a policy with --policy FILE or --role-json FILE, or the template with --template FILE";
        let mut errors: Vec<Diagnostic> = inference.diagnostics.clone();
        errors.push(usage_error("no policy is given, and no template states the role of a function", remedy));
        return fail(&errors);
    }
    let mut diagnostics = Vec::new();
    let mut found: Vec<Found<'_>> = Vec::new();
    let mut tightened: BTreeMap<&str, Document> = BTreeMap::new();
    for (position, unit) in units.iter().enumerate() {
        let Some(role) = &unit.role else { continue };
        let policies = role_of_template(role, &inference.references);
        diagnostics.extend(policies.diagnostics.iter().cloned());
        diagnostics.extend(problems_of_template(&policies));
        let review = review(args, &config, &policies);
        let own: Vec<Need<'_>> = needs(&unit.inference, Some(&inference.references)).collect();
        let same = |other: &&&UnitInference| other.role.as_ref().is_some_and(|other| other.name == role.name);
        // A role that several units share has to fit all of them; what none needs is told once.
        let sharing: Vec<&&UnitInference> = units.iter().filter(same).collect();
        let is_first = units[..position].iter().all(|other| !same(&other));
        let excess = if is_first && sharing.iter().all(|unit| unit.is_read) {
            let all = sharing.iter().flat_map(|unit| needs(&unit.inference, Some(&inference.references)));
            let all: Vec<Need<'_>> = all.collect();
            if args.fix {
                tightened.insert(&role.name, tighten(&review, &all));
            }
            check(&review, &all).excess
        } else {
            Vec::new()
        };
        let findings = Findings { gaps: gaps(&review, &own), excess };
        found.push(Found { unit: Some(&unit.name), inference: &unit.inference, findings });
    }
    diagnostics.extend(inference.units.iter().filter(|unit| unit.role.is_none()).map(without_role));
    diagnostics.extend(units.iter().filter(|unit| !unit.is_read).map(|unit| without_code(unit)));
    diagnostics.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
    diagnostics.dedup();
    let fixed = args.fix.then(|| in_json(&to_pretty_json(&tightened)));
    finish(args, &config, &inference, &mut found, fixed, &diagnostics)
}

fn without_role(unit: &UnitInference) -> Diagnostic {
    let message = format!("the role of {} is not in the template, so that it is not checked", unit.name);
    Diagnostic::new(Severity::Warning, "role-not-held", message)
        .at(unit.location.clone())
        .remedy("pass its policies with --policy or --role-json, and the function with --function")
        .unresolved()
}

fn without_code(unit: &UnitInference) -> Diagnostic {
    let message =
        format!("the code of {} is not read, so that only what the template needs is checked", unit.name);
    Diagnostic::new(Severity::Warning, "code-not-read", message)
        .at(unit.location.clone())
        .remedy("see the message about its code; what its role grants beyond that is not judged")
        .unresolved()
}

fn review<'r>(args: &'r CheckArgs, config: &Config, role: &'r RolePolicies) -> Review<'r> {
    Review {
        policies: &role.identity,
        boundary: &role.boundary,
        is_incomplete: !role.is_complete,
        known: known(config),
        keep: &args.keep,
    }
}

/// What was found for one unit, or for all code.
struct Found<'f> {
    unit: Option<&'f str>,
    inference: &'f Inference,
    findings: Findings,
}

impl Found<'_> {
    fn checked(&self) -> Checked<'_> {
        Checked { unit: self.unit, inference: self.inference, findings: &self.findings }
    }
}

/// Takes out what the baseline accepts, or what is accepted from now on; gives how much it is.
fn accept(args: &BaselineArgs, found: &mut [Found<'_>]) -> Result<usize, Diagnostic> {
    let mut known = baseline::accepted(args)?;
    if args.write_baseline.is_some() {
        known.accept_findings(&found.iter().map(Found::checked).collect::<Vec<_>>());
        baseline::write(args, &known)?;
    }
    Ok(found.iter_mut().map(|one| known.take_findings(one.unit, one.inference, &mut one.findings)).sum())
}

/// Writes what was found, and says how it ended.
fn finish(
    args: &CheckArgs,
    config: &Config,
    inference: &Inference,
    found: &mut [Found<'_>],
    fixed: Option<String>,
    diagnostics: &[Diagnostic],
) -> Exit {
    let taken = match accept(&args.baseline, found) {
        Ok(taken) => taken,
        Err(error) => return fail(&[error]),
    };
    let checked: Vec<Checked<'_>> = found.iter().map(Found::checked).collect();
    let checked = checked.as_slice();
    let is_fix = fixed.is_some();
    let text = fixed.unwrap_or_else(|| match args.format {
        CheckFormat::Text => perm_infer_report::check_text(checked),
        CheckFormat::Json => perm_infer_report::check_json(checked),
        CheckFormat::Sarif => perm_infer_report::check_sarif(checked),
    });
    let terminal = Terminal::new(&config.talk);
    terminal.diagnostics(&inference.diagnostics);
    terminal.diagnostics(diagnostics);
    if let Err(error) = output::write(config.output.as_deref(), &text) {
        return fail(&[error]);
    }
    if is_fix {
        terminal::print(&perm_infer_report::check_text(checked));
    }
    baseline::told(taken).into_iter().for_each(|told| terminal.say(&told));
    if !args.read.quiet {
        terminal::print(&perm_infer_report::check_summary(checked));
    }
    if inference.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Exit::Failed;
    }
    let findings = || checked.iter().map(|one| one.findings);
    let refused = findings().any(|one| !one.excess.is_empty() || one.gaps.iter().any(|gap| gap.certain));
    let uncertain = findings().any(|one| !one.gaps.is_empty());
    match (refused, config.strict && uncertain) {
        (true, _) => Exit::No,
        (false, true) => Exit::Unresolved,
        (false, false) => Exit::Done,
    }
}

/// What the code needs; with references, also as the template says it.
fn needs<'i>(inference: &'i Inference, references: Option<&'i References>) -> impl Iterator<Item = Need<'i>> {
    inference.requirements.iter().map(move |need| Need {
        action: need.action,
        resource: &need.resource,
        symbolic: references.map(|references| Symbolic::new(&need.symbolic, references)),
        conditions: &need.conditions,
    })
}
/// What is known of every request of an application: SDKs use TLS and are no AWS services; region and account
/// when they are given.
fn known(config: &Config) -> Context {
    let mut known = Context::default();
    let plain = |key: &str, value: &str, known: &mut Context| known.set(key, vec![value.to_owned()]);
    plain("aws:SecureTransport", "true", &mut known);
    plain("aws:PrincipalIsAWSService", "false", &mut known);
    plain("aws:ViaAWSService", "false", &mut known);
    let arn = &config.request.arn;
    let keys = [
        ("aws:RequestedRegion", &arn.region),
        ("aws:PrincipalAccount", &arn.account),
        ("aws:ResourceAccount", &arn.account),
    ];
    for (key, pattern) in keys {
        if let Some(value) = Pattern::as_literal(pattern) {
            plain(key, value, &mut known);
        }
    }
    known
}
