//! Evaluates inferred policies with the IAM simulator of `tests/support/simulate.mjs`: one Node
//! process for all policies, since starting it costs more than evaluating them.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{Expectation, OneOrMany};
use crate::policies::Case;
use crate::tools::Node;

/// A policy and what it has to allow.
#[derive(Debug, Serialize)]
pub struct Question {
    policy: Value,
    requests: Vec<SimulatedRequest>,
}

#[derive(Debug, Serialize)]
struct SimulatedRequest {
    action: String,
    resource: String,
    context: BTreeMap<String, OneOrMany>,
}

impl Question {
    /// The policy against every request of the expectation.
    #[must_use]
    pub fn new(policy: Value, expectation: &Expectation) -> Self {
        let requests = expectation.requests.iter().flat_map(|request| {
            request.concrete().into_iter().map(|resource| SimulatedRequest {
                action: request.action.clone(),
                resource,
                context: request.context.clone(),
            })
        });
        Question { policy, requests: requests.collect() }
    }
}

/// What the simulator found.
#[derive(Debug, Deserialize)]
pub struct Answer {
    /// Requests that the policy does not allow, with the reason.
    pub denied: Vec<String>,
    /// Actions that could be taken out of the policy without any request being denied.
    pub needless: Vec<String>,
}

/// Asks the simulator all questions; gives the answers in the same order.
///
/// # Errors
/// When the simulator fails.
pub fn simulate(node: &Node, questions: &[Question]) -> Result<Vec<Answer>, String> {
    let answers: Vec<Answer> = ask(node, "simulate.mjs", questions)?;
    if answers.len() != questions.len() {
        return Err(format!("{} questions, {} answers", questions.len(), answers.len()));
    }
    Ok(answers)
}

/// What the simulator says of generated cases: `Allowed`, `ExplicitlyDenied` or `ImplicitlyDenied`, in their order.
///
/// # Errors
/// When the simulator fails.
pub fn outcomes(node: &Node, cases: &[Case]) -> Result<Vec<String>, String> {
    let simulations: Vec<Value> = cases.iter().map(Case::simulation).collect();
    let answers: Vec<String> = ask(node, "evaluate.mjs", &simulations)?;
    if answers.len() != cases.len() {
        return Err(format!("{} cases, {} answers", cases.len(), answers.len()));
    }
    Ok(answers)
}

/// Gives a script its input and reads its answer.
fn ask<A: serde::de::DeserializeOwned>(
    node: &Node,
    script: &str,
    input: &(impl Serialize + ?Sized),
) -> Result<A, String> {
    let text = serde_json::to_string(input).map_err(|error| error.to_string())?;
    // A test process may ask twice at the same time.
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let path = node.folder.join(format!("input-{}-{count}.json", std::process::id()));
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = fs::File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let output = Command::new("node")
        .arg(node.folder.join(script))
        .stdin(Stdio::from(file))
        .output()
        .map_err(|error| format!("node does not start: {error}"))?;
    fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    if !output.status.success() {
        return Err(format!("the simulator failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("the simulator: {error}"))
}
