//! Reads a report that was written earlier, as far as a comparison needs it.

use std::collections::BTreeMap;
use std::sync::Arc;

use perm_infer_infer::{
    Condition, Document, DocumentError, Evidenced, Location, Pattern, Permission, State, Step,
};
use perm_infer_policy::Grant;
use serde::Deserialize;

#[derive(Deserialize)]
struct Report {
    requirements: Vec<Requirement>,
    calls: Vec<Call>,
    #[serde(default)]
    functions: Vec<Function>,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    requirements: Vec<Requirement>,
    calls: Vec<Call>,
}

#[derive(Deserialize)]
struct Requirement {
    action: String,
    resource: String,
    conditions: Condition,
    calls: Vec<NeededBy>,
    #[serde(default)]
    stated: Vec<Place>,
    #[serde(default)]
    causes: Vec<CauseRead>,
}

#[derive(Deserialize)]
struct CauseRead {
    reason: String,
    location: Option<Place>,
}

#[derive(Deserialize)]
struct NeededBy {
    call: usize,
}

#[derive(Deserialize)]
struct Call {
    location: Place,
    source: String,
    #[serde(default)]
    chain: Vec<StepRead>,
}

#[derive(Deserialize)]
struct StepRead {
    function: String,
    location: Place,
}

#[derive(Deserialize)]
struct Place {
    path: String,
    line: u32,
    column: u32,
}

impl Place {
    fn location(&self) -> Location {
        Location { path: self.path.clone(), line: self.line, column: self.column }
    }
}

impl StepRead {
    fn step(&self) -> Arc<Step> {
        Arc::new(Step { function: self.function.clone(), location: self.location.location() })
    }
}

/// The state that a report tells of, with the calls behind each permission, or that of the policies of
/// functions under their names; `None` if the text is neither.
///
/// # Errors
/// When a policy cannot be compared.
#[must_use]
pub fn read_state(text: &str) -> Option<Result<State, DocumentError>> {
    if let Ok(report) = serde_json::from_str::<Report>(text) {
        let functions = report.functions.iter();
        let functions = functions.map(|one| (one.name.clone(), permissions(&one.requirements, &one.calls)));
        let whole = permissions(&report.requirements, &report.calls);
        return Some(Ok(State { whole, functions: functions.collect() }));
    }
    let documents: BTreeMap<String, Document> = serde_json::from_str(text).ok()?;
    let mut state = State::default();
    for (name, document) in documents {
        match Permission::of_document(&document) {
            Ok(permissions) => {
                state.whole.extend(permissions.iter().cloned());
                state.functions.insert(name, permissions);
            }
            Err(error) => return Some(Err(error)),
        }
    }
    Some(Ok(state))
}

fn permissions(requirements: &[Requirement], calls: &[Call]) -> Vec<Permission> {
    let permission = |requirement: &Requirement| {
        let causes = requirement.causes.iter();
        let causes = causes.filter_map(|cause| Some(evidenced(cause.location.as_ref()?, &cause.reason)));
        let calls = requirement.calls.iter().filter_map(|needed| calls.get(needed.call));
        let calls = calls.map(|call| Evidenced {
            chain: call.chain.iter().map(StepRead::step).collect(),
            ..evidenced(&call.location, &call.source)
        });
        Permission {
            grant: Grant {
                action: requirement.action.clone(),
                resource: Pattern::from_policy_string(&requirement.resource),
                conditions: requirement.conditions.clone(),
            },
            evidence: calls
                .chain(causes)
                .chain(requirement.stated.iter().map(|place| evidenced(place, "")))
                .collect(),
        }
    };
    requirements.iter().map(permission).collect()
}

fn evidenced(place: &Place, source_line: &str) -> Evidenced {
    Evidenced::place(place.location(), source_line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::report;
    use crate::test_support::orders;

    #[test]
    fn a_report_comes_back_as_the_permissions_it_was_made_of() {
        let inference = orders();
        assert_eq!(read_state(&report(&inference)), Some(Ok(State::of_inference(&inference))));
    }

    #[test]
    fn policies_by_function_are_a_state_and_one_policy_is_none() {
        let document = orders().document.to_json();
        let state = read_state(&format!("{{\"A\": {document}}}")).expect("a state").expect("permissions");
        assert_eq!(state.functions["A"].len(), 2);
        assert_eq!(read_state(&document), None);
    }
}
