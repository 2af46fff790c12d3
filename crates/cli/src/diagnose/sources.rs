//! The policies that a denial is held against: those that are given, or those of the role that its message names.

use std::collections::BTreeMap;

use perm_infer_infer::Diagnostic;
use perm_infer_review::diagnose::Denial;
use perm_infer_review::{PolicyFile, PolicyFiles, RolePolicies, Simulation, role_names};

use crate::policies::{PolicyReader, problems_of_template, read, shown};
use crate::policy_args::DiagnoseArgs;

/// Everything that options say about policies.
pub(crate) struct Sources<'a> {
    args: &'a DiagnoseArgs,
    given: PolicyFiles,
    trust: Option<PolicyFile>,
    names: Vec<String>,
    of_role: BTreeMap<String, PolicyFiles>,
    pub(crate) reader: PolicyReader,
}

/// What holds for one denial.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) policies: Option<Simulation>,
    /// The roles that the policies are of.
    pub(crate) roles: Vec<String>,
}

impl<'a> Sources<'a> {
    /// # Errors
    /// When the roles cannot be read.
    pub(crate) fn new(args: &'a DiagnoseArgs) -> Result<Sources<'a>, Vec<Diagnostic>> {
        let mut reader = PolicyReader::default();
        let given = reader.files(&args.policies, None);
        let trust = args.trust_policy.as_ref().and_then(|path| reader.trust(path));
        let names = match &args.role_json {
            Some(path) => role_names(&shown(path), &read(path).map_err(|error| vec![*error])?)?,
            None => Vec::new(),
        };
        Ok(Sources { args, given, trust, names, of_role: BTreeMap::new(), reader })
    }

    /// Whether only the template says which policies roles have.
    pub(crate) fn are_of_template(&self) -> bool {
        self.args.role_json.is_none() && self.args.policies.policy.is_empty()
    }

    /// What holds for a denial.
    pub(crate) fn of(
        &mut self,
        denial: &Denial,
        of_template: impl FnOnce() -> Option<RolePolicies>,
    ) -> Found {
        let assumes = denial.action.as_deref().is_some_and(|action| action.starts_with("sts:AssumeRole"));
        let roles: Vec<String> = self.args.role.iter().cloned().collect();
        let Some(path) = self.args.role_json.clone() else {
            let mut files = self.given.clone();
            if let Some(trust) = self.trust.clone().filter(|_| assumes) {
                files.resource = Some(trust);
            } else if self.args.policies.policy.is_empty() {
                match of_template() {
                    Some(policies) => {
                        self.tell(problems_of_template(&policies));
                        add(&mut files, policies);
                    }
                    None if self.args.policies.is_empty() => return Found { policies: None, roles },
                    None => {}
                }
            }
            return Found { policies: Some(Simulation::new(files)), roles };
        };
        let Some(role) = self.args.role.as_deref().or(denial.role()) else { return Found::default() };
        if !self.names.iter().any(|name| name == role) {
            return Found { policies: None, roles: self.names.clone() };
        }
        if !self.of_role.contains_key(role) {
            let mut files = self.given.clone();
            let mut policies = RolePolicies::default();
            self.reader.role(&path, Some(role), &mut policies);
            add(&mut files, policies);
            self.of_role.insert(role.to_owned(), files);
        }
        let files = self.of_role.get(role).cloned().unwrap_or_default();
        Found { policies: Some(Simulation::new(files)), roles: vec![role.to_owned()] }
    }

    /// Tells what is wrong with policies, once for all denials.
    fn tell(&mut self, problems: Vec<Diagnostic>) {
        for problem in problems {
            if !self.reader.diagnostics.contains(&problem) {
                self.reader.diagnostics.push(problem);
            }
        }
    }
}

fn add(files: &mut PolicyFiles, policies: RolePolicies) {
    files.identity.extend(policies.identity);
    files.boundary.extend(policies.boundary);
    files.is_incomplete |= !policies.is_complete;
}
