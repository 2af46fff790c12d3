//! How many requests a second the evaluator decides for a policy as large as a managed policy may be, on one
//! core, and how that compares with `@cloud-copilot/iam-simulate` on the same cases:
//! `cargo bench -p perm-infer-tests --bench evaluator`. The ratio is what counts.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use perm_infer_policy::evaluate::{Policies, Policy, Request, evaluate};
use perm_infer_policy::{Document, SizeLimit, policy_size};
use perm_infer_tests::tools;
use serde_json::{Value, json};

const PRINCIPAL: &str = "arn:aws:sts::111111111111:assumed-role/app/one";

/// Requests for each decision of the other implementation.
const CASES: usize = 300;

fn main() -> Result<(), Box<dyn Error>> {
    let document = large_policy()?;
    let policies = Policies { identity: vec![Policy::new(&document)], ..Policies::default() };
    let requests: Vec<Request> = (0..CASES).map(request).collect();
    let ours = per_second(&policies, &requests);
    let theirs = other_per_second(&document, &requests)?;
    println!("policy of {} characters, {} statements", policy_size(&document), document.statement.len());
    println!("evaluations a second         {ours:12.0}");
    println!("of the other implementation  {theirs:12.0}   {:.0} times slower", ours / theirs);
    Ok(())
}

/// Statements until the limit of a managed policy is reached.
fn large_policy() -> Result<Document, Box<dyn Error>> {
    let mut statements: Vec<Value> = Vec::new();
    loop {
        let number = statements.len();
        statements.push(json!({
            "Sid": format!("Statement{number}"),
            "Effect": if number % 10 == 9 { "Deny" } else { "Allow" },
            "Action": ["s3:GetObject*", "s3:PutObject", "dynamodb:*Item", "sqs:SendMessage"],
            "Resource": [
                format!("arn:aws:s3:::bucket-{number}/${{aws:PrincipalTag/team}}/*"),
                format!("arn:aws:dynamodb:*:111111111111:table/table-{number}"),
            ],
            "Condition": {"StringLike": {"aws:RequestedRegion": "eu-*"}},
        }));
        let document: Document =
            serde_json::from_value(json!({"Version": "2012-10-17", "Statement": statements}))?;
        if policy_size(&document) > SizeLimit::Managed.characters() - 300 {
            return Ok(document);
        }
    }
}

/// Allowed, about another resource, and about another action in turns.
fn request(number: usize) -> Request {
    let (action, resource) = match number % 3 {
        0 => ("s3:GetObject", format!("arn:aws:s3:::bucket-{}/red/a.csv", number % 20)),
        1 => ("dynamodb:PutItem", format!("arn:aws:dynamodb:eu-west-1:111111111111:table/other-{number}")),
        _ => ("sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111111111111:jobs".to_owned()),
    };
    let mut request = Request::new(PRINCIPAL, action, &resource);
    request.resource_account = Some("111111111111".to_owned());
    request.context.set("aws:PrincipalTag/team", vec!["red".to_owned()]);
    request.context.set("aws:RequestedRegion", vec!["eu-west-1".to_owned()]);
    request
}

fn per_second(policies: &Policies, requests: &[Request]) -> f64 {
    let started = Instant::now();
    let mut count = 0.0;
    while started.elapsed() < Duration::from_secs(2) {
        for request in requests {
            std::hint::black_box(evaluate(policies, std::hint::black_box(request)));
            count += 1.0;
        }
    }
    count / started.elapsed().as_secs_f64()
}

fn other_per_second(document: &Document, requests: &[Request]) -> Result<f64, Box<dyn Error>> {
    let node = tools::node(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
    let simulations: Vec<Value> = requests
        .iter()
        .map(|request| {
            let context: serde_json::Map<String, Value> = request
                .context
                .iter()
                .map(|(key, values)| (key.to_owned(), json!(values.join(","))))
                .collect();
            json!({
                "request": {
                    "principal": PRINCIPAL,
                    "action": request.action,
                    "resource": {"resource": request.resource, "accountId": request.resource_account},
                    "contextVariables": context,
                },
                "identityPolicies": [{"name": "p", "policy": document}],
                "serviceControlPolicies": [],
                "resourceControlPolicies": [],
            })
        })
        .collect();
    let input = node.folder.join("benchmark.json");
    std::fs::write(&input, serde_json::to_string(&simulations)?)?;
    let output = Command::new("node")
        .arg(node.folder.join("evaluate.mjs"))
        .arg("--time")
        .stdin(Stdio::from(std::fs::File::open(&input)?))
        .output()?;
    let time: Value = serde_json::from_slice(&output.stdout)?;
    let figure = |key: &str| time[key].as_f64().ok_or("the other implementation gives no figures");
    Ok(figure("count")? / figure("seconds")?)
}
