//! Reading policies from files, with what is wrong about them.

use std::io::Read;
use std::path::{Path, PathBuf};

use perm_infer_infer::{Diagnostic, Location, Severity};
use perm_infer_review::{
    PolicyFile, PolicyFiles, PolicyKind, PolicySource, RolePolicies, read_role, validate, validate_stated,
};

use crate::policy_args::PolicyOptions;

/// A path as messages show it.
pub(crate) fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The text of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<String, Box<Diagnostic>> {
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let failed = |message: String| {
        let diagnostic = Diagnostic::new(Severity::Error, "unreadable-file", message);
        Box::new(diagnostic.at(Location::file(shown(path))).remedy("check the path"))
    };
    let bytes = bytes.map_err(|error| failed(format!("cannot read the file: {error}")))?;
    String::from_utf8(bytes).map_err(|_| failed("the file is not UTF-8".to_owned()))
}

/// What is wrong with the policies that a template states for a role; those that AWS wrote are not the template's.
pub(crate) fn problems_of_template(role: &RolePolicies) -> Vec<Diagnostic> {
    let stated =
        role.identity.iter().chain(&role.boundary).filter(|file| file.source == PolicySource::Template);
    stated.flat_map(validate_stated).collect()
}

/// Reads policies and keeps what is wrong with them. A policy that cannot be used is left out, the others are used.
#[derive(Debug, Default)]
pub(crate) struct PolicyReader {
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl PolicyReader {
    /// The policies of a simulation. A trust policy is what a role has as the policy of a resource.
    pub(crate) fn files(&mut self, options: &PolicyOptions, trust: Option<&PathBuf>) -> PolicyFiles {
        let resource = options.resource_policy.iter().map(|path| (path, PolicyKind::Resource));
        let resource = trust.map(|path| (path, PolicyKind::Trust)).into_iter().chain(resource).next();
        let endpoint = options.endpoint_policy.as_ref();
        let told = self.diagnostics.len();
        let files = PolicyFiles {
            identity: self.all(&options.policy, PolicyKind::Identity),
            resource: resource.and_then(|(path, kind)| self.one(path, kind)),
            boundary: self.all(&options.boundary, PolicyKind::Identity),
            session: self.all(&options.session_policy, PolicyKind::Session),
            service_control: self.levels(&options.scp, PolicyKind::ServiceControl),
            resource_control: self.levels(&options.rcp, PolicyKind::ResourceControl),
            endpoint: endpoint.and_then(|path| self.one(path, PolicyKind::Resource)),
            management_account: options.management_account.clone(),
            is_incomplete: false,
        };
        let mut told = self.diagnostics.iter().skip(told);
        let is_incomplete = told.any(|diagnostic| diagnostic.severity == Severity::Error);
        PolicyFiles { is_incomplete, ..files }
    }

    fn levels(&mut self, levels: &[String], kind: PolicyKind) -> Vec<Vec<PolicyFile>> {
        let split = |level: &String| level.split(',').map(PathBuf::from).collect::<Vec<_>>();
        levels.iter().map(|level| self.all(&split(level), kind)).collect()
    }

    pub(crate) fn all(&mut self, paths: &[PathBuf], kind: PolicyKind) -> Vec<PolicyFile> {
        paths.iter().filter_map(|path| self.one(path, kind)).collect()
    }

    /// Reads a trust policy.
    pub(crate) fn trust(&mut self, path: &Path) -> Option<PolicyFile> {
        self.one(path, PolicyKind::Trust)
    }

    /// Reads the policies of a role.
    pub(crate) fn role(&mut self, path: &Path, name: Option<&str>, policies: &mut RolePolicies) {
        let read = read(path).map_err(|error| vec![*error]);
        match read.and_then(|text| read_role(&shown(path), &text, name)) {
            Ok(role) => {
                for file in role.identity.iter().chain(&role.boundary) {
                    self.diagnostics.extend(file.diagnostics.iter().cloned());
                    self.diagnostics.extend(validate(file));
                }
                self.diagnostics.extend(role.diagnostics);
                policies.identity.extend(role.identity);
                policies.boundary.extend(role.boundary);
                policies.is_complete &= role.is_complete;
            }
            Err(errors) => self.diagnostics.extend(errors),
        }
    }

    fn one(&mut self, path: &Path, kind: PolicyKind) -> Option<PolicyFile> {
        let read = read(path).map_err(|error| vec![*error]);
        match read.and_then(|text| PolicyFile::read(&shown(path), &text, kind)) {
            Ok(file) => {
                self.diagnostics.extend(file.diagnostics.iter().cloned());
                self.diagnostics.extend(validate(&file));
                Some(file)
            }
            Err(errors) => {
                self.diagnostics.extend(errors);
                None
            }
        }
    }
}
