//! `simulate`: whether policies allow requests, and by which statement.

use perm_infer_infer::{Diagnostic, Location, Severity};
use perm_infer_policy::evaluate::Outcome;
use perm_infer_review::{ContextValue, RequestSpec, Simulation, read_batch, simulate};

use crate::args::TextOrJson;
use crate::config::usage_error;
use crate::policies::{PolicyReader, read, shown};
use crate::policy_args::SimulateArgs;
use crate::run::{Exit, fail, print};
use crate::terminal::{self, Terminal};

/// Account of the principal when nothing tells one; the one in AWS's own examples.
const EXAMPLE_ACCOUNT: &str = "123456789012";

/// Answers the requests of the arguments.
pub(crate) fn run(args: &SimulateArgs) -> Exit {
    terminal::set_color(args.color);
    let batch = match requests(args) {
        Ok(batch) => batch,
        Err(error) => return fail(&[*error]),
    };
    let mut reader = PolicyReader::default();
    let files = reader.files(&args.policies, args.assume.as_ref());
    let principal = args.principal.clone().unwrap_or_else(|| default_principal(args, &batch));
    let (answers, odd) = simulate(&Simulation::new(files), &batch, &principal);
    reader.diagnostics.extend(odd);
    let text = match args.format {
        TextOrJson::Text => perm_infer_report::simulation(&answers),
        TextOrJson::Json => perm_infer_report::simulation_json(&answers),
    };
    let printed = print(&text);
    Terminal::default().diagnostics(&reader.diagnostics);
    let failed = reader.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match printed {
        Exit::Done if failed => Exit::Failed,
        Exit::Done if answers.iter().any(|answer| answer.outcome != Outcome::Allowed) => Exit::No,
        other => other,
    }
}

/// The requests that options or a batch file ask for.
fn requests(args: &SimulateArgs) -> Result<Vec<RequestSpec>, Box<Diagnostic>> {
    let any_policy = args.assume.is_some() || !args.policies.is_empty();
    if !any_policy {
        return Err(usage("no policy is given", "name one with --policy FILE"));
    }
    if let Some(batch) = &args.batch {
        let text = read(batch)?;
        return read_batch(&text).map_err(|error| {
            let place =
                Location { path: shown(batch), line: line(error.line()), column: line(error.column()) };
            let diagnostic =
                Diagnostic::new(Severity::Error, "no-batch", format!("this is no batch: {error}"));
            Box::new(
                diagnostic.at(place).remedy("write an array of objects with action, resource and context"),
            )
        });
    }
    let assume = args.assume.is_some() && args.action.is_empty();
    let actions = if assume { vec!["sts:AssumeRole".to_owned()] } else { args.action.clone() };
    if actions.is_empty() {
        return Err(usage("no request is given", "name an action with --action, or requests with --batch"));
    }
    if args.assume.is_some() && args.principal.is_none() {
        return Err(usage("who assumes the role is not given", "name an ARN or a service with --principal"));
    }
    let resources = match args.resource.as_slice() {
        [] if args.assume.is_some() => vec![format!("arn:aws:iam::{EXAMPLE_ACCOUNT}:role/role")],
        [] => vec!["*".to_owned()],
        resources => resources.to_vec(),
    };
    let mut spec = RequestSpec { resource_account: args.resource_account.clone(), ..RequestSpec::default() };
    for pair in &args.context {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| key.contains(':')) else {
            return Err(usage(
                &format!("`{pair}` is no condition key with a value"),
                "write it as key=value, such as aws:SourceIp=203.0.113.7",
            ));
        };
        add(&mut spec, key, value);
    }
    let pairs = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
    let request = |(action, resource): (&String, &String)| RequestSpec {
        action: action.clone(),
        resource: Some(resource.clone()),
        ..spec.clone()
    };
    Ok(pairs.map(request).collect())
}

fn add(spec: &mut RequestSpec, key: &str, value: &str) {
    let values = spec.context.entry(key.to_owned()).or_insert_with(|| ContextValue::Many(Vec::new()));
    if let ContextValue::Many(values) = values {
        values.push(value.to_owned());
    }
}

/// A role in the account of the first resource that has one. Of a role to be assumed, somebody has to be named.
fn default_principal(args: &SimulateArgs, batch: &[RequestSpec]) -> String {
    let accounts = batch.iter().filter_map(|spec| spec.resource.as_deref()?.split(':').nth(4));
    let digits = |account: &&str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let found = args.resource_account.as_deref().into_iter().chain(accounts).find(digits);
    format!("arn:aws:iam::{}:role/principal", found.unwrap_or(EXAMPLE_ACCOUNT))
}

fn line(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn usage(message: &str, remedy: &str) -> Box<Diagnostic> {
    Box::new(usage_error(message.to_owned(), remedy))
}
