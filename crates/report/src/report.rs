//! The full result for programs: everything the tool knows, with evidence, as one JSON document.
//! Lists refer to each other by position. A change that a reader of version 1 would misunderstand
//! needs another [`VERSION`]; new keys do not.

use perm_infer_infer::{
    AccessLevel, CallOutcome, Cause, Condition, Counts, Diagnostic, Document, Inference, Location,
    PartOrigin, RequirementEvidence, ResourcePart, SdkCall, StatementEvidence, Step, UnitInference,
};
use perm_infer_policy::to_pretty_json;
use serde::Serialize;

use crate::summary::Summary;
use perm_infer_policy::inert::in_json;

/// The version of the form of this document.
const VERSION: u32 = 1;

/// The report as JSON with a final newline.
#[must_use]
pub fn report(inference: &Inference) -> String {
    in_json(&to_pretty_json(&Report::of(inference)))
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    tool: Tool,
    summary: Summary,
    files: Files,
    document: &'a Document,
    #[serde(skip_serializing_if = "Option::is_none")]
    trust_policy: Option<&'a Document>,
    statements: Vec<StatementReport<'a>>,
    requirements: Vec<RequirementReport<'a>>,
    calls: Vec<CallReport<'a>>,
    diagnostics: &'a [Diagnostic],
    /// Each function of a template for itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    functions: Vec<FunctionReport<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// What became of the source files.
#[derive(Serialize)]
struct Files {
    found: usize,
    parsed: usize,
    irrelevant: usize,
    tests: usize,
    excluded: usize,
    skipped_directories: usize,
    minified: usize,
    generated: usize,
    too_large: usize,
    binary: usize,
    unreadable: usize,
}

#[derive(Serialize)]
struct StatementReport<'a> {
    sid: Option<&'a str>,
    /// Positions in `requirements`.
    requirements: &'a [usize],
}

#[derive(Serialize)]
struct RequirementReport<'a> {
    action: &'a str,
    access_level: &'static str,
    /// As a policy writes it.
    resource: String,
    resource_type: Option<&'a str>,
    /// Whether the action can be limited to resources at all.
    resource_level: bool,
    conditions: &'a Condition,
    calls: Vec<NeededBy<'a>>,
    /// Comments in the source that state it.
    stated: &'a [Location],
    /// What of a template needs it.
    causes: Vec<CauseReport<'a>>,
    note: Option<&'a str>,
}

/// One of the calls behind a requirement.
#[derive(Serialize)]
struct NeededBy<'a> {
    /// Position in `calls`.
    call: usize,
    /// Where the parts of the resource came from in this call.
    parts: Vec<PartReport<'a>>,
}

#[derive(Serialize)]
struct CauseReport<'a> {
    reason: &'a str,
    location: Option<&'a Location>,
}

impl<'a> CauseReport<'a> {
    fn of(cause: &'a Cause) -> Self {
        CauseReport { reason: &cause.reason, location: cause.location.as_ref() }
    }
}

/// One function of a template.
#[derive(Serialize)]
struct FunctionReport<'a> {
    name: &'a str,
    kind: &'static str,
    /// The service that assumes its role.
    principal: &'static str,
    location: &'a Location,
    /// The source that was found for it.
    code: Option<CodeReport<'a>>,
    document: &'a Document,
    statements: Vec<StatementReport<'a>>,
    requirements: Vec<RequirementReport<'a>>,
    calls: Vec<CallReport<'a>>,
}

#[derive(Serialize)]
struct CodeReport<'a> {
    path: &'a str,
    function: Option<&'a str>,
}

impl<'a> FunctionReport<'a> {
    fn of(function: &'a UnitInference) -> Self {
        let inference = &function.inference;
        let sids = inference.document.statement.iter().map(|statement| statement.sid.as_deref());
        FunctionReport {
            name: &function.name,
            kind: function.kind.name(),
            principal: function.kind.principal(),
            location: &function.location,
            code: function
                .code
                .as_ref()
                .map(|code| CodeReport { path: &code.path, function: code.function.as_deref() }),
            document: &inference.document,
            statements: sids.zip(&inference.statements).map(StatementReport::of).collect(),
            requirements: inference.requirements.iter().map(RequirementReport::of).collect(),
            calls: inference.calls.iter().map(CallReport::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct PartReport<'a> {
    origin: &'static str,
    /// The constant, or the name of the variable, parameter or function.
    value: Option<&'a str>,
    location: Option<&'a Location>,
    /// The environment variable with this in its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<VariableReport<'a>>,
}

#[derive(Serialize)]
struct VariableReport<'a> {
    name: &'a str,
    /// The line that sets it; none for the command line.
    location: Option<&'a Location>,
    /// The value as it is written there.
    written: &'a str,
}

#[derive(Serialize)]
struct CallReport<'a> {
    service: &'a str,
    operation: &'a str,
    location: &'a Location,
    source: &'a str,
    certainty: &'static str,
    chain: Vec<StepReport<'a>>,
    #[serde(flatten)]
    outcome: OutcomeReport<'a>,
}

#[derive(Serialize)]
struct StepReport<'a> {
    function: &'a str,
    location: &'a Location,
}

/// `outcome` says which; the other key depends on it.
#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum OutcomeReport<'a> {
    Requires { requirements: &'a [usize] },
    NoPermission { reason: &'a str },
    OtherRole { role: &'a str },
    Unknown,
}

impl<'a> Report<'a> {
    fn of(inference: &'a Inference) -> Self {
        let sids = inference.document.statement.iter().map(|statement| statement.sid.as_deref());
        Report {
            version: VERSION,
            tool: Tool { name: "perm-infer", version: env!("CARGO_PKG_VERSION") },
            summary: Summary::of(inference),
            files: Files::of(&inference.counts),
            document: &inference.document,
            trust_policy: inference.trust_policy.as_ref(),
            statements: sids.zip(&inference.statements).map(StatementReport::of).collect(),
            requirements: inference.requirements.iter().map(RequirementReport::of).collect(),
            calls: inference.calls.iter().map(CallReport::of).collect(),
            diagnostics: &inference.diagnostics,
            functions: inference.units.iter().map(FunctionReport::of).collect(),
        }
    }
}

impl Files {
    fn of(counts: &Counts) -> Self {
        Files {
            found: counts.found,
            parsed: counts.parsed,
            irrelevant: counts.irrelevant,
            tests: counts.tests,
            excluded: counts.excluded,
            skipped_directories: counts.directories,
            minified: counts.minified,
            generated: counts.generated,
            too_large: counts.too_large,
            binary: counts.binary,
            unreadable: counts.unreadable,
        }
    }
}

impl<'a> StatementReport<'a> {
    fn of((sid, evidence): (Option<&'a str>, &'a StatementEvidence)) -> Self {
        StatementReport { sid, requirements: &evidence.requirements }
    }
}

impl<'a> RequirementReport<'a> {
    fn of(requirement: &'a RequirementEvidence) -> Self {
        let calls = requirement.calls.iter().zip(&requirement.parts);
        RequirementReport {
            action: requirement.action,
            access_level: access_level(requirement.access_level),
            resource: requirement.resource.to_policy_string(),
            resource_type: requirement.resource_type,
            resource_level: requirement.resource_level,
            conditions: &requirement.conditions,
            calls: calls
                .map(|(&call, parts)| NeededBy { call, parts: parts.iter().map(PartReport::of).collect() })
                .collect(),
            stated: &requirement.stated,
            causes: requirement.causes.iter().map(CauseReport::of).collect(),
            note: requirement.note,
        }
    }
}

impl<'a> PartReport<'a> {
    fn of(part: &'a ResourcePart) -> Self {
        let (origin, value) = match &part.origin {
            PartOrigin::Constant(text) => ("constant", Some(text)),
            PartOrigin::Environment(name) => ("environment", Some(name)),
            PartOrigin::Reference(name) => ("reference", Some(name)),
            PartOrigin::Parameter(name) => ("parameter", Some(name)),
            PartOrigin::Result(callee) => ("result", Some(callee)),
            PartOrigin::Undefined(name) => ("undefined", Some(name)),
            PartOrigin::TooMany => ("too_many", None),
            PartOrigin::Computed => ("computed", None),
            PartOrigin::Stated => ("stated", None),
        };
        let variable = part.setting.as_deref().map(|setting| VariableReport {
            name: &setting.name,
            location: setting.stated.as_ref(),
            written: &setting.written,
        });
        PartReport { origin, value: value.map(String::as_str), location: part.location.as_ref(), variable }
    }
}

impl<'a> CallReport<'a> {
    fn of(call: &'a SdkCall) -> Self {
        CallReport {
            service: &call.service,
            operation: &call.operation,
            location: &call.location,
            source: &call.source_line,
            certainty: if call.certain { "certain" } else { "likely" },
            chain: call.chain.iter().map(|step| StepReport::of(step)).collect(),
            outcome: match &call.outcome {
                CallOutcome::Requires(requirements) => OutcomeReport::Requires { requirements },
                CallOutcome::NoPermission(reason) => OutcomeReport::NoPermission { reason },
                CallOutcome::OtherRole(role) => OutcomeReport::OtherRole { role },
                CallOutcome::Unknown => OutcomeReport::Unknown,
            },
        }
    }
}

impl<'a> StepReport<'a> {
    fn of(step: &'a Step) -> Self {
        StepReport { function: &step.function, location: &step.location }
    }
}

/// In the words of the Service Authorization Reference.
pub(crate) fn access_level(level: AccessLevel) -> &'static str {
    match level {
        AccessLevel::List => "List",
        AccessLevel::Read => "Read",
        AccessLevel::Tagging => "Tagging",
        AccessLevel::Write => "Write",
        AccessLevel::PermissionsManagement => "Permissions management",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::orders;
    use serde_json::{Value, json};

    fn read() -> Value {
        serde_json::from_str(&report(&orders())).expect("valid JSON")
    }

    #[test]
    fn a_statement_leads_to_its_calls_and_names() {
        let report = read();
        assert_eq!(report["version"], 1);
        assert_eq!(report["statements"][0], json!({"sid": "DynamodbOrdersTable", "requirements": [0, 1]}));
        let requirement = &report["requirements"][0];
        assert_eq!(requirement["action"], "dynamodb:GetItem");
        assert_eq!(requirement["access_level"], "Read");
        assert_eq!(requirement["resource"], "arn:aws:dynamodb:*:*:table/orders");
        let part = &requirement["calls"][0]["parts"][0];
        assert_eq!(part["origin"], "constant");
        assert_eq!(part["value"], "orders");
        assert_eq!(part["location"], json!({"path": "config.py", "line": 3, "column": 9}));
    }

    #[test]
    fn a_call_says_how_it_is_reached_and_what_it_needs() {
        let calls = &read()["calls"];
        assert_eq!(calls[0]["certainty"], "certain");
        assert_eq!(calls[0]["outcome"], "requires");
        assert_eq!(calls[0]["requirements"], json!([0]));
        assert_eq!(calls[0]["chain"][0]["function"], "handler");
        assert_eq!(calls[1]["certainty"], "likely");
        assert_eq!(calls[2]["outcome"], "no_permission");
    }

    #[test]
    fn the_document_and_the_diagnostics_are_whole() {
        let (report, inference) = (read(), orders());
        assert_eq!(report["document"], serde_json::to_value(&inference.document).expect("value"));
        assert_eq!(report["diagnostics"][0]["code"], "likely-call");
        assert_eq!(report["diagnostics"][0]["unresolved"], true);
    }
}
