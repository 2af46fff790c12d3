//! Evaluates inferred policies with the IAM simulator of `tests/support/simulate.mjs`: one Node
//! process for all policies, since starting it costs more than evaluating them.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{Expectation, OneOrMany};
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
    let input = node.folder.join(format!("questions-{}.json", std::process::id()));
    let text = serde_json::to_string(questions).map_err(|error| error.to_string())?;
    fs::write(&input, text).map_err(|error| format!("{}: {error}", input.display()))?;
    let file = fs::File::open(&input).map_err(|error| format!("{}: {error}", input.display()))?;
    let output = Command::new("node")
        .arg(node.folder.join("simulate.mjs"))
        .stdin(Stdio::from(file))
        .output()
        .map_err(|error| format!("node does not start: {error}"))?;
    fs::remove_file(&input).map_err(|error| format!("{}: {error}", input.display()))?;
    if !output.status.success() {
        return Err(format!("the simulator failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    let answers: Vec<Answer> =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("the simulator: {error}"))?;
    if answers.len() != questions.len() {
        return Err(format!("{} questions, {} answers", questions.len(), answers.len()));
    }
    Ok(answers)
}
