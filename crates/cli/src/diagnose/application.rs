//! The application that made a request: what its code needs, and which function of a template it was.

use std::collections::BTreeSet;

use perm_infer_infer::{Diagnostic, Inference, Location, References, Severity, UnitInference};
use perm_infer_policy::matches;
use perm_infer_report::{ShownNeed, ShownUnit};
use perm_infer_review::diagnose::{CodeNeed, Denial, Diagnosis};
use perm_infer_review::{RolePolicies, Symbolic, role_of_template};

/// What was read of code and templates.
pub(crate) struct Application {
    inference: Inference,
}

/// The part of an application that a message is about.
pub(crate) struct Part<'a> {
    inference: &'a Inference,
    pub(crate) unit: Option<&'a UnitInference>,
    pub(crate) needs: Vec<CodeNeed>,
    /// The roles that the template gives what makes the request, where the message names another one.
    pub(crate) other_roles: Vec<String>,
}

impl Application {
    pub(crate) fn new(inference: Inference) -> Application {
        Application { inference }
    }

    /// What could not be read of code and templates, so that the answer may miss it.
    pub(crate) fn unread(&self) -> Vec<Diagnostic> {
        const CODES: [&str; 4] = ["syntax-error", "handler-not-found", "code-not-found", "unreadable-file"];
        let diagnostics = self.inference.diagnostics.iter();
        let is_unread =
            |found: &&Diagnostic| found.severity == Severity::Error || CODES.contains(&found.code);
        diagnostics.filter(is_unread).cloned().collect()
    }

    /// What references of the templates stand for.
    pub(crate) fn references(&self) -> &References {
        &self.inference.references
    }

    /// The function that the principal is the role or the session of, or else everything.
    pub(crate) fn part(&self, denial: &Denial) -> Part<'_> {
        let unit = self.unit(denial);
        let inference = unit.map_or(&self.inference, |unit| &unit.inference);
        // Only policies of the template are in its terms.
        let references = unit.and_then(|unit| unit.role.as_ref()).map(|_| &*self.inference.references);
        Part {
            inference,
            unit,
            needs: needs(inference, references),
            other_roles: self.other_roles(denial, unit),
        }
    }

    /// The roles of the unit, or else of all that make such a request, unless the message is of one of them or of one
    /// whose name is not known.
    fn other_roles(&self, denial: &Denial, unit: Option<&UnitInference>) -> Vec<String> {
        let Some(role) = denial.role() else { return Vec::new() };
        let units: Vec<&UnitInference> = match unit {
            Some(unit) => vec![unit],
            None => self.inference.units.iter().filter(|unit| asks(unit, denial)).collect(),
        };
        let known: Vec<Vec<String>> = units.iter().map(|unit| self.role_names(unit)).collect();
        if known.iter().any(Vec::is_empty) || units.iter().any(|unit| self.has_role(unit, role)) {
            return Vec::new();
        }
        let names: BTreeSet<String> = known.into_iter().flatten().collect();
        names.into_iter().collect()
    }

    /// The names that the role of a unit may have once deployed, without paths; nothing where that is not known.
    fn role_names(&self, unit: &UnitInference) -> Vec<String> {
        let deployed = unit.role.iter().flat_map(|role| &role.deployed);
        let names: Vec<String> = deployed
            .flat_map(|name| self.inference.references.resolve(name))
            .map(|name| name.to_policy_string())
            .map(|name| name.rsplit('/').next().unwrap_or_default().to_owned())
            .collect();
        // A name of which nothing is known would be everybody's.
        if names.iter().any(|name| name.chars().all(|letter| letter == '*')) { Vec::new() } else { names }
    }

    /// Whether a unit has a role: by its name, or as CloudFormation names it, `<stack>-<logical id>-<random>`; AWS SAM
    /// calls it after the function.
    fn has_role(&self, unit: &UnitInference, role: &str) -> bool {
        let stated = unit.role.as_ref().map(|stated| format!("*-{}-*", stated.name));
        let made = format!("*-{}Role-*", local_name(unit));
        self.role_names(unit).into_iter().chain(stated).chain([made]).any(|name| matches(&name, role))
    }

    fn unit(&self, denial: &Denial) -> Option<&UnitInference> {
        // Sessions of Lambda functions have the name of the function.
        let named =
            |unit: &&UnitInference| denial.session().is_some_and(|session| self.is_called(unit, session));
        let role = |unit: &&UnitInference| denial.role().is_some_and(|role| self.has_role(unit, role));
        let units = || self.inference.units.iter();
        let known = only(units().filter(named)).or_else(|| only(units().filter(role)));
        // A message that says not who asked is about the only one that asks for this.
        let asks = |unit: &&UnitInference| asks(unit, denial);
        let unsaid = denial.principal.is_none() && (denial.action.is_some() || denial.operation.is_some());
        known.or_else(|| unsaid.then(|| only(units().filter(asks))).flatten())
    }

    /// Whether the template says that a function is called so.
    fn is_called(&self, unit: &UnitInference, name: &str) -> bool {
        let names = unit.deployed.iter().flat_map(|name| self.inference.references.resolve(name));
        // A name of which nothing is known would be everybody's.
        names.filter(|known| !known.is_any()).any(|known| matches(&known.to_policy_string(), name))
    }
}

/// `kms:ViaService is sqs.*.amazonaws.com`
fn condition(need: &CodeNeed) -> Option<String> {
    let keys = need.conditions.values().flatten();
    let shown: Vec<String> = keys
        .map(|(key, values)| {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            format!("{key} is {}", values.join(" or "))
        })
        .collect();
    (!shown.is_empty()).then(|| shown.join(" and "))
}

/// Whether a unit needs what a message says was denied.
fn asks(unit: &UnitInference, denial: &Denial) -> bool {
    needs(&unit.inference, None).iter().any(|need| need.fits(denial))
}

/// The logical id, without the names of the stacks around it.
fn local_name(unit: &UnitInference) -> &str {
    unit.name.rsplit(['/', '#']).next().unwrap_or(&unit.name)
}

fn only<'u>(mut units: impl Iterator<Item = &'u UnitInference>) -> Option<&'u UnitInference> {
    units.next().filter(|_| units.next().is_none())
}

fn needs(inference: &Inference, references: Option<&References>) -> Vec<CodeNeed> {
    let needs = inference.requirements.iter().map(|need| {
        let calls = need.calls.iter().filter_map(|&call| inference.calls.get(call));
        CodeNeed {
            action: need.action.to_owned(),
            resource: need.resource.clone(),
            symbolic: references.map(|references| Symbolic::new(&need.symbolic, references)),
            conditions: need.conditions.clone(),
            operations: calls.map(|call| format!("{}:{}", call.service, call.operation)).collect(),
            calls: need.calls.clone(),
        }
    });
    needs.collect()
}

impl Part<'_> {
    /// The calls, or lines of the template, that made the request.
    pub(crate) fn places(&self, diagnosis: &Diagnosis, denial: &Denial) -> Vec<Location> {
        // What the message names, not everything of a service that it may be about.
        if denial.action.is_none() && denial.operation.is_none() && diagnosis.gaps.is_empty() {
            return Vec::new();
        }
        let gaps: Vec<usize> = diagnosis.gaps.iter().map(|gap| gap.need).collect();
        let unnamed = denial.action.is_none() && denial.operation.is_none();
        let wanted = diagnosis.needs.iter().filter(|need| !unnamed || gaps.contains(need));
        let needs: Vec<_> = wanted.filter_map(|&need| self.inference.requirements.get(need)).collect();
        let calls =
            needs.iter().flat_map(|need| &need.calls).filter_map(|&call| self.inference.calls.get(call));
        let causes = needs.iter().flat_map(|need| &need.causes).filter_map(|cause| cause.location.clone());
        let mut places: Vec<Location> = calls.map(|call| call.location.clone()).chain(causes).collect();
        places.sort();
        places.dedup();
        places
    }

    /// The policies that the template gives the role.
    pub(crate) fn role(&self, references: &References) -> Option<RolePolicies> {
        let role = self.unit?.role.as_ref()?;
        Some(role_of_template(role, references))
    }

    pub(crate) fn shown_needs(&self, diagnosis: &Diagnosis) -> Vec<ShownNeed> {
        let needs =
            diagnosis.needs.iter().filter_map(|&position| Some((position, self.needs.get(position)?)));
        let shown = needs.map(|(position, need)| ShownNeed {
            position,
            action: need.action.clone(),
            resource: need.resource.to_policy_string(),
            condition: condition(need),
        });
        shown.collect()
    }

    pub(crate) fn shown_unit(&self) -> Option<ShownUnit> {
        let unit = self.unit?;
        let name = format!("{} {}", unit.kind.name(), unit.name);
        Some(ShownUnit { name, location: unit.location.clone() })
    }
}
