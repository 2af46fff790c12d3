//! How permissions change between two states of the code, or between documents written earlier, with
//! what a reviewer asks of each change: how far it reaches, why it deserves a second look, and which
//! lines caused it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use perm_infer_catalog::{AccessLevel, Action, Risk};
use perm_infer_diagnostics::Location;
use perm_infer_policy::{Arn, ChangeKind, Document, Effect, Grant, Pattern, diff, matches};

use crate::result::{Inference, RequirementEvidence, Step};

/// One permission and the calls behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The permission.
    pub grant: Grant,
    /// Where the code asks for it; empty for permissions out of a document.
    pub evidence: Vec<Evidenced>,
}

/// What the code needs in one state: altogether, and for each function of its templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// All permissions.
    pub whole: Vec<Permission>,
    /// Those of each function, by its name.
    pub functions: BTreeMap<String, Vec<Permission>>,
}

impl State {
    /// What a run found.
    #[must_use]
    pub fn of_inference(inference: &Inference) -> Self {
        let functions = inference.units.iter();
        State {
            whole: Permission::of_inference(inference),
            functions: functions
                .map(|function| (function.name.clone(), Permission::of_inference(&function.inference)))
                .collect(),
        }
    }
}

/// A place that asks for a permission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidenced {
    /// Where.
    pub location: Location,
    /// The source line, or what the line of a template means; empty where the place is a comment.
    pub source_line: String,
    /// The way from an entry point to a call; empty for places that are none.
    pub chain: Vec<Arc<Step>>,
}

impl Evidenced {
    /// A place that is no call.
    #[must_use]
    pub fn place(location: Location, source_line: String) -> Self {
        Evidenced { location, source_line, chain: Vec::new() }
    }

    fn is_same_place(&self, other: &Evidenced) -> bool {
        (&self.location, &self.source_line) == (&other.location, &other.source_line)
    }
}

/// One change of one or several actions on the same resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The functions that it concerns, sorted; empty for code that belongs to none.
    pub functions: Vec<String>,
    /// What happened.
    pub kind: ChangeKind,
    /// The actions, sorted.
    pub actions: Vec<String>,
    /// The highest access level of the actions; none when the catalogue knows none of them.
    pub access_level: Option<AccessLevel>,
    /// The resources and conditions before, sorted; empty for what was added.
    pub before: Vec<Grant>,
    /// The resources and conditions after, sorted; empty for what was removed.
    pub after: Vec<Grant>,
    /// Why the change deserves a second look.
    pub risks: BTreeSet<Risk>,
    /// Whether what is new reaches every resource of its type.
    pub any_resource: bool,
    /// The lines that cause it: after the change, or before it for what is gone.
    pub evidence: Vec<Evidenced>,
}

/// Everything that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The changes: what is newly allowed first.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Puts every place below a directory, with a slash as in URLs.
    pub fn put_below(&mut self, directory: &str) {
        let put = |location: &mut Location| {
            location.path = format!("{directory}/{}", location.path.trim_start_matches("./"));
        };
        for evidence in self.differences.iter_mut().flat_map(|difference| &mut difference.evidence) {
            put(&mut evidence.location);
            evidence.chain.iter_mut().for_each(|step| put(&mut Arc::make_mut(step).location));
        }
    }
}

/// Why a document cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentError {
    /// A statement, counted from 1, has an element with which no list of permissions can be made.
    Unsupported {
        /// Which one.
        statement: usize,
        /// The element.
        element: &'static str,
    },
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DocumentError::Unsupported { statement, element } = self;
        write!(f, "statement {statement} has {element}, which cannot be compared permission by permission")
    }
}

impl std::error::Error for DocumentError {}

impl Permission {
    /// The permissions that a run found.
    #[must_use]
    pub fn of_inference(inference: &Inference) -> Vec<Permission> {
        inference.requirements.iter().map(|requirement| of_requirement(requirement, inference)).collect()
    }

    /// The permissions that a document allows; wildcards in actions are expanded.
    ///
    /// # Errors
    /// When the document denies something or allows everything but something.
    pub fn of_document(document: &Document) -> Result<Vec<Permission>, DocumentError> {
        let mut permissions = Vec::new();
        for (statement, number) in document.statement.iter().zip(1..) {
            let unsupported = |element| DocumentError::Unsupported { statement: number, element };
            if statement.effect == Effect::Deny {
                return Err(unsupported("Effect Deny"));
            }
            let actions = statement.action.as_ref().ok_or_else(|| unsupported("no Action"))?;
            let resources = statement.resource.as_ref().ok_or_else(|| unsupported("no Resource"))?;
            for action in actions.iter().flat_map(|action| expanded(action)) {
                permissions.extend(resources.iter().map(|resource| Permission {
                    grant: Grant {
                        action: action.clone(),
                        resource: Pattern::from_policy_string(resource),
                        conditions: statement.condition.clone(),
                    },
                    evidence: Vec::new(),
                }));
            }
        }
        Ok(permissions)
    }
}

fn of_requirement(requirement: &RequirementEvidence, inference: &Inference) -> Permission {
    let calls = requirement.calls.iter().map(|&call| &inference.calls[call]).map(|call| Evidenced {
        location: call.location.clone(),
        source_line: call.source_line.clone(),
        chain: call.chain.clone(),
    });
    let causes = requirement.causes.iter().filter_map(|cause| {
        let location = cause.location.clone()?;
        Some(Evidenced::place(location, cause.reason.clone()))
    });
    let comment = |location: &Location| Evidenced::place(location.clone(), String::new());
    Permission {
        grant: requirement.grant(),
        evidence: calls.chain(causes).chain(requirement.stated.iter().map(comment)).collect(),
    }
}

/// The actions that an action with wildcards stands for; itself if the catalogue knows none.
fn expanded(action: &str) -> Vec<String> {
    if let Some(known) = Action::find(action) {
        return vec![known.name().to_owned()];
    }
    let pattern = action.to_ascii_lowercase();
    let fits = |known: &Action| matches(&pattern, &known.name().to_ascii_lowercase());
    let found: Vec<String> = Action::all().filter(fits).map(|known| known.name().to_owned()).collect();
    if found.is_empty() { vec![action.to_owned()] } else { found }
}

/// Compares two states: function by function where both have templates, and what belongs to no function.
#[must_use]
pub fn compare(before: &State, after: &State) -> Comparison {
    let whole = compare_permissions(&before.whole, &after.whole);
    if before.functions.is_empty() || after.functions.is_empty() {
        return Comparison { differences: whole.into_values().collect() };
    }
    let mut merged: BTreeMap<(Key, Vec<String>), Difference> = BTreeMap::new();
    let names: BTreeSet<&String> = before.functions.keys().chain(after.functions.keys()).collect();
    for name in names {
        let of = |state: &'_ State| state.functions.get(name).cloned().unwrap_or_default();
        for (key, mut difference) in compare_permissions(&of(before), &of(after)) {
            difference.functions.push(name.clone());
            match merged.entry((key, difference.actions.clone())) {
                Entry::Vacant(entry) => drop(entry.insert(difference)),
                Entry::Occupied(mut entry) => entry.get_mut().join(difference),
            }
        }
    }
    // What is told of a function is not told again as part of the whole.
    let told = |side: fn(&Difference) -> &[Grant]| -> BTreeSet<Grant> {
        merged.values().flat_map(|difference| difference.of_each_action(side(difference))).collect()
    };
    let (gone, new) = (told(|difference| &difference.before), told(|difference| &difference.after));
    let is_told = |difference: &Difference| match difference.allows_more() {
        true => difference.of_each_action(&difference.after).all(|grant| new.contains(&grant)),
        false => difference.of_each_action(&difference.before).all(|grant| gone.contains(&grant)),
    };
    let elsewhere: Vec<Difference> = whole.into_values().filter(|difference| !is_told(difference)).collect();
    let mut differences: Vec<Difference> = merged.into_values().chain(elsewhere).collect();
    differences.sort_by_key(|difference| difference.kind);
    Comparison { differences }
}

/// Compares two lists of permissions; the changes by what they have in common.
fn compare_permissions(before: &[Permission], after: &[Permission]) -> BTreeMap<Key, Difference> {
    let grants = |side: &[Permission]| -> Vec<Grant> { side.iter().map(|one| one.grant.clone()).collect() };
    let (old, new) = (grants(before), grants(after));
    let passing = Passing::of(&new);
    let mut merged: BTreeMap<Key, Difference> = BTreeMap::new();
    for change in diff(&old, &new) {
        let of = |positions: &[usize], side: &[Grant]| -> Vec<Grant> {
            let mut grants: Vec<Grant> = positions.iter().map(|&at| side[at].clone()).collect();
            grants.sort();
            grants
        };
        let (was, is) = (of(&change.before, &old), of(&change.after, &new));
        let asked: Vec<&Permission> = match is.is_empty() || change.kind == ChangeKind::Narrowed {
            true => change.before.iter().map(|&at| &before[at]).collect(),
            false => change.after.iter().map(|&at| &after[at]).collect(),
        };
        let action = is.first().or(was.first()).map(|grant| grant.action.clone()).unwrap_or_default();
        let key = Key { kind: change.kind, before: resources(&was), after: resources(&is) };
        let difference = merged.entry(key).or_insert_with(|| Difference {
            functions: Vec::new(),
            kind: change.kind,
            actions: Vec::new(),
            access_level: None,
            before: was,
            after: is,
            risks: BTreeSet::new(),
            any_resource: false,
            evidence: Vec::new(),
        });
        difference.add(action, &asked, passing);
    }
    for difference in merged.values_mut() {
        difference.evidence.sort();
        difference.evidence.dedup_by(|one, other| one.is_same_place(other));
    }
    merged
}

/// What changes have to share to be shown as one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: ChangeKind,
    before: Vec<(Pattern, String)>,
    after: Vec<(Pattern, String)>,
}

/// Resources with their service and conditions.
fn resources(grants: &[Grant]) -> Vec<(Pattern, String)> {
    let service = |grant: &Grant| grant.action.split(':').next().unwrap_or_default().to_owned();
    grants
        .iter()
        .map(|grant| (grant.resource.clone(), format!("{} {:?}", service(grant), grant.conditions)))
        .collect()
}

impl Difference {
    fn add(&mut self, action: String, asked: &[&Permission], passing: Passing) {
        let known = Action::find(&action);
        let level = known.map(Action::access_level);
        self.access_level = self.access_level.max(level);
        if self.allows_more() {
            let risk = known.and_then(Action::risk);
            self.risks.extend(risk.filter(|&risk| risk != Risk::PassesRole || passing.matters()));
            let is_new_use = passing.matters() && known.is_some_and(Action::runs_under_passed_role);
            self.risks.extend(is_new_use.then_some(Risk::PassesRole));
            let is_limitable = known.is_some_and(Action::is_resource_level);
            self.any_resource |= is_limitable && self.after.iter().any(reaches_every_resource);
        }
        self.actions.push(action);
        self.evidence.extend(asked.iter().flat_map(|permission| permission.evidence.iter().cloned()));
    }

    /// Adds the same change of another function.
    fn join(&mut self, other: Difference) {
        self.functions.extend(other.functions);
        self.evidence.extend(other.evidence);
        self.evidence.sort();
        self.evidence.dedup_by(|one, other| one.is_same_place(other));
        self.risks.extend(other.risks);
    }

    /// The grants for each of the actions.
    fn of_each_action(&self, grants: &[Grant]) -> impl Iterator<Item = Grant> {
        let each = |grant: &Grant| {
            let grant = grant.clone();
            self.actions.iter().map(move |action| Grant { action: action.clone(), ..grant.clone() })
        };
        grants.iter().flat_map(each).collect::<Vec<_>>().into_iter()
    }

    /// Whether something is allowed now that was not before.
    #[must_use]
    pub fn allows_more(&self) -> bool {
        match self.kind {
            ChangeKind::Added | ChangeKind::Widened | ChangeKind::Renamed | ChangeKind::ConditionChanged => {
                true
            }
            ChangeKind::Narrowed | ChangeKind::Removed => false,
        }
    }

    /// Whether the change deserves a second look.
    #[must_use]
    pub fn is_risky(&self) -> bool {
        !self.risks.is_empty() || self.any_resource
    }
}

/// Whether nothing of the resource's name is known: `*`, `table/*`, `*/*`, `function:*`.
fn reaches_every_resource(grant: &Grant) -> bool {
    let text = grant.resource.to_policy_string();
    let Ok(arn) = text.parse::<Arn>() else { return text == "*" };
    let mut parts = arn.resource.split(['/', ':']);
    // Elsewhere the first of several parts is the type.
    if !matches!(arn.service.as_str(), "s3" | "sns" | "sqs") && arn.resource.contains(['/', ':']) {
        parts.next();
    }
    parts.all(|part| part == "*")
}

/// Whether permissions pass roles, and start something that runs under a role which is passed: both together give
/// what the roles may do, whichever of them is new.
#[derive(Clone, Copy)]
struct Passing {
    passes: bool,
    runs: bool,
}

impl Passing {
    fn of(grants: &[Grant]) -> Passing {
        let known = || grants.iter().filter_map(|grant| Action::find(&grant.action));
        Passing {
            passes: known().any(|action| action.risk() == Some(Risk::PassesRole)),
            runs: known().any(Action::runs_under_passed_role),
        }
    }

    fn matters(self) -> bool {
        self.passes && self.runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(statements: &str) -> State {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#);
        let document = Document::from_json(&text).expect("a document");
        State { whole: Permission::of_document(&document).expect("permissions"), ..State::default() }
    }

    fn allow(actions: &str, resource: &str) -> String {
        format!(r#"[{{"Effect":"Allow","Action":{actions},"Resource":"{resource}"}}]"#)
    }

    #[test]
    fn actions_on_the_same_resource_change_together() {
        let table = "arn:aws:dynamodb:*:*:table/orders";
        let before = state(&allow(r#"["dynamodb:GetItem"]"#, table));
        let after = state(&allow(r#"["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Scan"]"#, table));
        let comparison = compare(&before, &after);
        let [added] = comparison.differences.as_slice() else { panic!("{comparison:?}") };
        assert_eq!(added.kind, ChangeKind::Added);
        assert_eq!(added.actions, ["dynamodb:PutItem", "dynamodb:Scan"]);
        assert_eq!(added.access_level, Some(AccessLevel::Write));
        assert!(!added.is_risky());
    }

    #[test]
    fn wildcards_in_the_actions_of_a_document_are_expanded() {
        let wide = state(&allow(r#""sqs:Send*""#, "arn:aws:sqs:*:*:jobs"));
        let narrow = state(&allow(r#""SQS:sendmessage""#, "arn:aws:sqs:*:*:jobs"));
        assert!(compare(&wide, &narrow).differences.is_empty());
    }

    #[test]
    fn a_role_that_can_be_passed_to_new_compute_and_a_bare_wildcard_are_marked() {
        let role = r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::*:role/worker"}"#;
        let make = r#"{"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"arn:aws:lambda:*:*:function:*"}"#;
        let alone = compare(&State::default(), &state(&format!("[{role}]")));
        assert!(!alone.differences[0].is_risky());
        let both = compare(&State::default(), &state(&format!("[{role},{make}]")));
        let marks = |comparison: &Comparison| -> Vec<(String, bool, bool)> {
            let differences = comparison.differences.iter();
            let mark = |one: &Difference| {
                (one.actions.join(","), one.risks.contains(&Risk::PassesRole), one.any_resource)
            };
            differences.map(mark).collect()
        };
        let pass = ("iam:PassRole".to_owned(), true, false);
        let start = ("lambda:CreateFunction".to_owned(), true, true);
        assert_eq!(marks(&both), [pass, start.clone()]);
        // What starts code is marked too where the role could be passed before.
        let later = compare(&state(&format!("[{role}]")), &state(&format!("[{role},{make}]")));
        assert_eq!(marks(&later), [start]);
    }

    #[test]
    fn the_same_change_of_several_functions_is_one_that_names_them() {
        let table = |name: &str| {
            state(&allow(r#""dynamodb:GetItem""#, &format!("arn:aws:dynamodb:*:*:table/{name}"))).whole
        };
        let functions = |pairs: &[(&str, Vec<Permission>)]| State {
            whole: pairs.iter().flat_map(|(_, permissions)| permissions.clone()).collect(),
            functions: pairs
                .iter()
                .map(|(name, permissions)| ((*name).to_owned(), permissions.clone()))
                .collect(),
        };
        let before = functions(&[("A", table("x")), ("B", table("x")), ("C", table("y"))]);
        let both = [table("x"), table("y")].concat();
        let after = functions(&[("A", both.clone()), ("B", both), ("C", table("y"))]);
        let comparison = compare(&before, &after);
        let [added] = comparison.differences.as_slice() else { panic!("{comparison:?}") };
        assert_eq!(
            (added.kind, added.functions.as_slice()),
            (ChangeKind::Added, &["A".to_owned(), "B".to_owned()][..])
        );
    }

    #[test]
    fn code_of_no_function_is_compared_beside_the_functions() {
        let get = state(&allow(r#""s3:GetObject""#, "arn:aws:s3:::a/x")).whole;
        let put = state(&allow(r#""s3:PutObject""#, "arn:aws:s3:::b/x")).whole;
        let with = |whole: &[Permission]| State {
            whole: whole.to_vec(),
            functions: [("A".to_owned(), get.clone())].into(),
        };
        let comparison = compare(&with(&get), &with(&[get.clone(), put].concat()));
        let [added] = comparison.differences.as_slice() else { panic!("{comparison:?}") };
        assert_eq!((added.actions.as_slice(), added.functions.len()), (&["s3:PutObject".to_owned()][..], 0));
    }

    #[test]
    fn names_with_some_text_are_not_every_resource() {
        let reaches = |resource: &str| {
            let conditions = perm_infer_policy::Condition::new();
            let resource = Pattern::from_policy_string(resource);
            reaches_every_resource(&Grant { action: String::new(), resource, conditions })
        };
        for wide in ["*", "arn:aws:s3:::*/*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:sqs:*:*:*"] {
            assert!(reaches(wide), "{wide}");
        }
        for narrow in ["arn:aws:s3:::b/*", "arn:aws:s3:::*/in/*", "arn:aws:dynamodb:*:*:table/a*"] {
            assert!(!reaches(narrow), "{narrow}");
        }
    }

    #[test]
    fn a_denial_cannot_be_compared() {
        let text = r#"{"Statement":[{"Effect":"Deny","Action":"s3:*","Resource":"*"}]}"#;
        let document = Document::from_json(text).expect("a document");
        let error = Permission::of_document(&document).expect_err("no permissions");
        assert!(error.to_string().contains("Effect Deny"));
    }
}
