//! A report as far as joining has to look into it; everything else goes through as it is.

use perm_infer_infer::{Condition, Location, Pattern};
use perm_infer_policy::Grant;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) summary: Map<String, Value>,
    pub(super) files: Map<String, Value>,
    pub(super) requirements: Vec<Requirement>,
    pub(super) calls: Vec<Call>,
    pub(super) diagnostics: Vec<Value>,
    #[serde(default)]
    pub(super) functions: Vec<Function>,
}

impl Report {
    /// Whether every position is that of something.
    pub(super) fn is_consistent(&self) -> bool {
        let needed = self.requirements.iter().flat_map(|requirement| &requirement.calls);
        let mut needs = self.calls.iter().filter_map(|call| call.requirements.as_ref()).flatten();
        needed.map(|needed| needed.call).all(|call| call < self.calls.len())
            && needs.all(|need| *need < self.requirements.len())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) path: String,
    line: u32,
    column: u32,
}

impl Place {
    pub(super) fn place(&self) -> Location {
        Location { path: self.path.clone(), line: self.line, column: self.column }
    }
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    pub(super) requirements: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Requirement {
    pub(super) action: String,
    access_level: Value,
    resource: String,
    resource_type: Value,
    resource_level: Value,
    pub(super) conditions: Condition,
    pub(super) calls: Vec<NeededBy>,
    stated: Vec<Value>,
    causes: Vec<Value>,
    note: Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct NeededBy {
    pub(super) call: usize,
    parts: Vec<Value>,
}

impl Requirement {
    pub(super) fn pattern(&self) -> Pattern {
        Pattern::of_policy_resource(&self.resource)
    }

    pub(super) fn grant(&self) -> Grant {
        Grant { action: self.action.clone(), resource: self.pattern(), conditions: self.conditions.clone() }
    }

    /// The same with other positions of its calls.
    pub(super) fn renumbered(&self, positions: &[Option<usize>]) -> Requirement {
        let renumbered = |needed: &NeededBy| {
            let call = positions.get(needed.call).copied().flatten()?;
            Some(NeededBy { call, parts: needed.parts.clone() })
        };
        let mut calls: Vec<NeededBy> = self.calls.iter().filter_map(renumbered).collect();
        calls.sort_by_key(|needed| needed.call);
        Requirement { calls, ..self.clone() }
    }

    /// Adds what is behind the same requirement of another report.
    pub(super) fn absorb(&mut self, other: Requirement) {
        for needed in other.calls {
            match self.calls.iter_mut().find(|known| known.call == needed.call) {
                Some(known) => add_new(&mut known.parts, needed.parts),
                None => self.calls.push(needed),
            }
        }
        self.calls.sort_by_key(|needed| needed.call);
        add_new(&mut self.stated, other.stated);
        add_new(&mut self.causes, other.causes);
    }
}

fn add_new(known: &mut Vec<Value>, more: Vec<Value>) {
    for value in more {
        if !known.contains(&value) {
            known.push(value);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Call {
    service: String,
    operation: String,
    pub(super) location: Place,
    pub(super) source: String,
    certainty: Value,
    chain: Vec<Value>,
    outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requirements: Option<Vec<usize>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    role: Option<String>,
}

impl Call {
    /// The call itself, without where in its report its needs are.
    pub(super) fn without_positions(&self) -> Call {
        Call { requirements: self.requirements.as_ref().map(|_| Vec::new()), ..self.clone() }
    }

    pub(super) fn sort_key(&self) -> (Location, String) {
        (self.location.place(), serde_json::to_string(self).unwrap_or_default())
    }

    pub(super) fn add_requirement(&mut self, position: usize) {
        let own = self.requirements.get_or_insert_default();
        if !own.contains(&position) {
            own.push(position);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Function {
    pub(super) name: String,
    kind: Value,
    principal: Value,
    pub(super) location: Place,
    #[serde(default)]
    code: Value,
    document: Value,
    statements: Value,
    requirements: Value,
    calls: Value,
}

/// Diagnostics by place, then as much as they matter; those of a whole run come first.
pub(super) fn diagnostic_key(diagnostic: &Value) -> (Option<Location>, usize, String) {
    let place =
        diagnostic.get("location").and_then(|place| serde_json::from_value::<Place>(place.clone()).ok());
    let severity = diagnostic["severity"].as_str().unwrap_or_default();
    let rank = ["error", "warning", "note"].iter().position(|known| *known == severity).unwrap_or(3);
    (place.map(|place| place.place()), rank, format!("{}{}", diagnostic["code"], diagnostic["message"]))
}
