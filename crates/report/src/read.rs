//! Reads a report that was written earlier, as far as a comparison needs it.

use perm_infer_infer::{Condition, Evidenced, Location, Pattern, Permission};
use perm_infer_policy::Grant;
use serde::Deserialize;

#[derive(Deserialize)]
struct Report {
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
}

#[derive(Deserialize)]
struct Place {
    path: String,
    line: u32,
    column: u32,
}

/// The permissions of a report, with the calls behind them; `None` if the text is no report.
#[must_use]
pub fn read_report(text: &str) -> Option<Vec<Permission>> {
    let report: Report = serde_json::from_str(text).ok()?;
    let permission = |requirement: &Requirement| {
        let calls = requirement.calls.iter().filter_map(|needed| report.calls.get(needed.call));
        let calls = calls.map(|call| evidenced(&call.location, &call.source));
        let causes = requirement.causes.iter();
        let causes = causes.filter_map(|cause| Some(evidenced(cause.location.as_ref()?, &cause.reason)));
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
    Some(report.requirements.iter().map(permission).collect())
}

fn evidenced(place: &Place, source_line: &str) -> Evidenced {
    Evidenced {
        location: Location { path: place.path.clone(), line: place.line, column: place.column },
        source_line: source_line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::report;
    use crate::test_support::orders;

    #[test]
    fn a_report_comes_back_as_the_permissions_it_was_made_of() {
        let inference = orders();
        assert_eq!(read_report(&report(&inference)), Some(Permission::of_inference(&inference)));
        assert_eq!(read_report("{}"), None);
    }
}
