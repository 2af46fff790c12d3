//! `corpus/diagnose`: applications, messages of requests that were denied to them, and the policies that were in
//! force. Every case expects the cause and the statements; here is checked as well that the request was denied
//! before, is allowed with the statements, and that its neighbour is denied still; that `--apply` makes the template
//! give its role what was missing. Of a cause that no policy of the principal can change, that even allowing
//! everything changes nothing.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use perm_infer_tests::sandbox::Sandbox;
use serde::Deserialize;
use serde_json::{Value, json};

/// The cases of an application.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Application {
    /// Options that every case has, such as `--template template.yaml`.
    options: Vec<String>,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    message: String,
    /// Policies that were in force: the option that passes each, and its statements as JSON.
    #[serde(default)]
    policies: BTreeMap<String, String>,
    /// More options.
    #[serde(default)]
    options: Vec<String>,
    cause: String,
    /// The kind of policy that the cause speaks of.
    #[serde(default)]
    kind: Option<String>,
    /// Words of the text for people.
    #[serde(default)]
    says: Vec<String>,
    /// `path:line` of every place that is named.
    #[serde(default)]
    calls: Vec<String>,
    #[serde(default)]
    function: Option<String>,
    /// Statements by the option whose policy they belong to, as JSON.
    #[serde(default)]
    add: BTreeMap<String, String>,
    /// The request that was denied, where the message does not name all of it.
    #[serde(default)]
    request: Request,
    /// Another request, which stays denied; the same on a longer name otherwise.
    #[serde(default)]
    neighbour: Request,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default)]
    action: Option<String>,
    #[serde(default)]
    resource: Option<String>,
    #[serde(default)]
    principal: Option<String>,
    #[serde(default)]
    context: BTreeMap<String, String>,
}

fn main() {
    let arguments = Arguments::from_args();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/diagnose");
    let mut trials = Vec::new();
    for folder in fs::read_dir(&corpus).expect("the corpus").map(|entry| entry.expect("an entry").path()) {
        let text = fs::read_to_string(folder.join("cases.toml")).expect("cases");
        let application: Application =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for case in application.case {
            let (folder, options) = (folder.clone(), application.options.clone());
            let name = format!("{}/{}", folder.file_name().unwrap().to_string_lossy(), case.name);
            trials.push(Trial::test(name, move || run(&folder, &options, &case)));
        }
    }
    assert!(trials.len() >= 60, "{} cases", trials.len());
    libtest_mimic::run(&arguments, trials).exit();
}

fn run(folder: &Path, options: &[String], case: &Case) -> Result<(), Failed> {
    let mut sandbox = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("message.txt", &case.message);
    for path in files(folder) {
        let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        sandbox = sandbox.with(&name, fs::read(&path).unwrap());
    }
    let passed = write_policies(&mut sandbox, &case.policies, "before");
    let arguments: Vec<&str> = ["diagnose", "--log", "message.txt"]
        .into_iter()
        .chain(options.iter().map(String::as_str))
        .chain(case.options.iter().map(String::as_str))
        .chain(passed.iter().map(String::as_str))
        .collect();
    let text = sandbox.run(&arguments);
    let document = sandbox.run(&[&arguments[..], &["--format", "json"]].concat());
    if text.code != Some(0) || document.code != Some(0) {
        return Err(format!("{:?}\n{}{}", text.code, text.stdout, text.stderr).into());
    }
    let found = document.json();
    let [denial] = found["denials"].as_array().unwrap().as_slice() else {
        return Err(format!("one denial is expected: {found:#}").into());
    };
    compare(case, denial, &text.stdout)?;
    let asked = Asked::new(case, denial);
    prove(&sandbox, case, &asked)?;
    let is_template =
        case.function.is_some() && case.cause == "not-allowed" && denial["resource"].is_string();
    if is_template { prove_edit(&sandbox, options, denial) } else { Ok(()) }
}

/// With the edit the policies of the template allow the request.
fn prove_edit(sandbox: &Sandbox, options: &[String], denial: &Value) -> Result<(), Failed> {
    if !denial["edit"].is_string() {
        return Err("no edit of the template is shown".into());
    }
    let diagnose = |more: &[&str]| {
        let plain: Vec<&str> = ["diagnose", "--log", "message.txt", "--format", "json"]
            .into_iter()
            .chain(options.iter().map(String::as_str))
            .chain(more.iter().copied())
            .collect();
        sandbox.run(&plain)
    };
    let applied = diagnose(&["--apply"]);
    if applied.code != Some(0) || !applied.stderr.contains("wrote ") {
        return Err(format!("it was not applied:\n{}", applied.stderr).into());
    }
    let after = diagnose(&[]).json();
    let after_denial = &after["denials"][0];
    // Keys are granted for use through their service only, which the message does not tell.
    let is_key_by_service =
        after_denial["cause"] == "condition" && after_denial.to_string().contains("kms:ViaService");
    if after_denial["simulation"]["outcome"] != "allowed" && !is_key_by_service {
        return Err(format!("the template does not allow it then:\n{after:#}").into());
    }
    Ok(())
}

/// Everything below a folder but the cases.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().unwrap() != "cases.toml" {
            found.push(path);
        }
    }
    found
}

/// Writes policies and gives the options that pass them.
fn write_policies(sandbox: &mut Sandbox, policies: &BTreeMap<String, String>, prefix: &str) -> Vec<String> {
    let mut options = Vec::new();
    for (option, statements) in policies {
        let path = format!("{prefix}-{option}.json");
        let statements: Value =
            serde_json::from_str(statements).unwrap_or_else(|error| panic!("{option}: {error}"));
        let document = json!({"Version": "2012-10-17", "Statement": statements});
        fs::write(sandbox.path().join(&path), format!("{document:#}")).unwrap();
        options.extend([format!("--{option}"), path]);
    }
    options
}

fn compare(case: &Case, denial: &Value, text: &str) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let mut same = |what: &str, found: Value, expected: Value| {
        if found != expected {
            wrong.push(format!("{what} is {found:#}, not {expected:#}"));
        }
    };
    same("cause", denial["cause"].clone(), json!(case.cause));
    same("kind", denial["cause_policy_type"].clone(), json!(case.kind));
    let calls: Vec<String> = denial["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| format!("{}:{}", place["path"].as_str().unwrap(), place["line"]))
        .collect();
    same("calls", json!(calls), json!(case.calls));
    let function = denial["function"]["name"].as_str().map(|name| name.rsplit(' ').next().unwrap());
    same("function", json!(function), json!(case.function));
    let mut additions: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for addition in denial["additions"].as_array().unwrap() {
        let option = option_of(addition["policy_type"].as_str().unwrap());
        additions.entry(option).or_default().push(addition["statement"].clone());
    }
    let expected: BTreeMap<&str, Value> = case
        .add
        .iter()
        .map(|(option, text)| (option.as_str(), serde_json::from_str(text).unwrap()))
        .collect();
    same("additions", json!(additions), json!(expected));
    let plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    wrong.extend(
        case.says
            .iter()
            .filter(|words| !plain.contains(*words))
            .map(|words| format!("`{words}` is not said")),
    );
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n{text}", wrong.join("\n")).into()) }
}

/// The option that passes a kind of policy.
fn option_of(kind: &str) -> &'static str {
    match kind {
        "identity-based policy" => "policy",
        "resource-based policy" => "resource-policy",
        "trust policy" => "trust-policy",
        "permissions boundary" => "boundary",
        "session policy" => "session-policy",
        "service control policy" => "scp",
        "VPC endpoint policy" => "endpoint-policy",
        other => panic!("no option for {other}"),
    }
}

/// The request of a case and its neighbour, as options of `simulate`.
struct Asked {
    request: Vec<String>,
    neighbour: Vec<String>,
}

impl Asked {
    fn new(case: &Case, denial: &Value) -> Asked {
        let text = |key: &str| denial[key].as_str().map(str::to_owned);
        let action = case.request.action.clone().or(text("action")).unwrap_or_default();
        let resource = case.request.resource.clone().or(text("resource")).unwrap_or_else(|| "*".to_owned());
        let principal = case.request.principal.clone().or(text("principal"));
        let other = case.neighbour.resource.clone().unwrap_or_else(|| match case.neighbour.action {
            Some(_) => resource.clone(),
            None => format!("{resource}x"),
        });
        let options = |action: &str, resource: &str, principal: &Option<String>| {
            let mut options =
                vec!["--action".to_owned(), action.to_owned(), "--resource".to_owned(), resource.to_owned()];
            if let Some(principal) = principal {
                options.extend(["--principal".to_owned(), principal.clone()]);
            }
            for (key, value) in &case.request.context {
                options.extend(["--context".to_owned(), format!("{key}={value}")]);
            }
            options
        };
        let other_principal = case.neighbour.principal.clone().or_else(|| principal.clone());
        Asked {
            neighbour: options(case.neighbour.action.as_deref().unwrap_or(&action), &other, &other_principal),
            request: options(&action, &resource, &principal),
        }
    }
}

fn prove(sandbox: &Sandbox, case: &Case, asked: &Asked) -> Result<(), Failed> {
    let ask = |policies: &BTreeMap<String, String>, request: &[String], prefix: &str| {
        let mut sandbox_policies = Vec::new();
        for (option, statements) in policies {
            let path = format!("{prefix}-{option}.json");
            let statements: Value = serde_json::from_str(statements).unwrap();
            let document = json!({"Version": "2012-10-17", "Statement": statements});
            fs::write(sandbox.path().join(&path), document.to_string()).unwrap();
            let option = if option == "trust-policy" { "assume" } else { option };
            sandbox_policies.extend([format!("--{option}"), path]);
        }
        let arguments: Vec<&str> = ["simulate"]
            .into_iter()
            .chain(request.iter().map(String::as_str))
            .chain(sandbox_policies.iter().map(String::as_str))
            .collect();
        let run = sandbox.run(&arguments);
        (run.code, format!("{}{}", run.stdout, run.stderr))
    };
    let with = |more: &BTreeMap<String, String>| {
        let mut policies = case.policies.clone();
        for (option, statements) in more {
            let mut all: Vec<Value> =
                policies.get(option).map(|text| serde_json::from_str(text).unwrap()).unwrap_or_default();
            let added: Vec<Value> = serde_json::from_str(statements).unwrap();
            all.extend(added);
            policies.insert(option.clone(), json!(all).to_string());
        }
        policies
    };
    let helpless = ["denied", "not-allowed-by-other-policy"].contains(&case.cause.as_str());
    if !case.policies.is_empty() && case.cause != "allowed-by-given-policies" && case.cause != "wrong-role" {
        let (code, text) = ask(&case.policies, &asked.request, "before");
        if code != Some(1) {
            return Err(format!("the request is allowed before:\n{text}").into());
        }
        if helpless
            && case.kind.as_deref() != Some("Lake Formation grant")
            && case.kind.as_deref() != Some("model access")
        {
            let everything = BTreeMap::from([(
                "policy".to_owned(),
                r#"[{"Effect": "Allow", "Action": "*", "Resource": "*"}]"#.to_owned(),
            )]);
            let (code, text) = ask(&with(&everything), &asked.request, "everything");
            if code != Some(1) {
                return Err(format!("a policy of the principal changes it after all:\n{text}").into());
            }
        }
    }
    if case.add.is_empty() {
        return Ok(());
    }
    let after = with(&case.add);
    let (code, text) = ask(&after, &asked.request, "after");
    if code != Some(0) {
        return Err(format!("the request is still denied:\n{text}").into());
    }
    let (code, text) = ask(&after, &asked.neighbour, "after");
    if code != Some(1) {
        return Err(format!("its neighbour {:?} is allowed too:\n{text}", asked.neighbour).into());
    }
    Ok(())
}
