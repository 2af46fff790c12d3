//! `check`: whether a policy covers the code, and what it grants beyond it.

use perm_infer_infer::{Inference, Pattern, Severity};
use perm_infer_policy::evaluate::Context;
use perm_infer_review::PolicyKind;
use perm_infer_review::check::{Findings, Need, Review, check, tighten};

use crate::config::{Config, usage_error};
use crate::output;
use crate::policies::PolicyReader;
use crate::policy_args::{CheckArgs, CheckFormat};
use crate::run::{Exit, fail, infer_with_progress};
use crate::terminal::{self, Terminal};

/// Compares what the code needs with what the policies grant.
pub(crate) fn run(args: &CheckArgs) -> Exit {
    terminal::set_color(args.read.color);
    if args.policy.is_empty() && args.role_json.is_empty() {
        return fail(&[usage_error("no policy is given", "name one with --policy FILE or --role-json FILE")]);
    }
    let config = match Config::new(&args.paths.paths, &args.read) {
        Ok(config) => config,
        Err(errors) => return fail(&errors),
    };
    let mut reader = PolicyReader::default();
    let mut policies = reader.all(&args.policy, PolicyKind::Identity);
    let mut boundary = reader.all(&args.boundary, PolicyKind::Identity);
    for path in &args.role_json {
        reader.role(path, args.role.as_deref(), &mut policies, &mut boundary);
    }
    if reader.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        // Half of a role would look like gaps.
        return fail(&reader.diagnostics);
    }
    let inference = match infer_with_progress(&config.request, &config.talk) {
        Ok(inference) => inference,
        Err(error) => return fail(&[error]),
    };
    let review = Review { policies: &policies, boundary: &boundary, known: known(&config), keep: &args.keep };
    let needs = needs(&inference);
    let findings = check(&review, &needs);
    let text = if args.fix {
        tighten(&review, &needs).to_json()
    } else {
        render(args.format, &inference, &findings)
    };
    let terminal = Terminal::new(&config.talk);
    terminal.diagnostics(&inference.diagnostics);
    terminal.diagnostics(&reader.diagnostics);
    if let Err(error) = output::write(config.output.as_deref(), &text) {
        return fail(&[error]);
    }
    if args.fix {
        terminal::print(&perm_infer_report::check_text(&inference, &findings));
    }
    if !args.read.quiet {
        terminal::print(&perm_infer_report::check_summary(&findings));
    }
    if inference.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Exit::Failed;
    }
    let refused = findings.gaps.iter().any(|gap| gap.certain) || !findings.excess.is_empty();
    match (refused, config.strict && !findings.gaps.is_empty()) {
        (true, _) => Exit::No,
        (false, true) => Exit::Unresolved,
        (false, false) => Exit::Done,
    }
}

fn render(format: CheckFormat, inference: &Inference, findings: &Findings) -> String {
    match format {
        CheckFormat::Text => perm_infer_report::check_text(inference, findings),
        CheckFormat::Json => perm_infer_report::check_json(inference, findings),
        CheckFormat::Sarif => perm_infer_report::check_sarif(inference, findings),
    }
}

fn needs(inference: &Inference) -> Vec<Need<'_>> {
    let needs = inference.requirements.iter();
    needs
        .map(|need| Need { action: need.action, resource: &need.resource, conditions: &need.conditions })
        .collect()
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
