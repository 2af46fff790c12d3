//! The policies of a role within what `aws iam get-account-authorization-details` prints.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;
use perm_infer_diagnostics::{Diagnostic, Severity};

use crate::grammar::PolicyKind;
use crate::json::{self, Places};
use crate::policy_file::PolicyFile;

/// The policies of a role.
#[derive(Clone, Debug)]
pub struct RolePolicies {
    /// Inline and attached policies.
    pub identity: Vec<PolicyFile>,
    /// The permissions boundary.
    pub boundary: Vec<PolicyFile>,
    /// What is said about them: warnings of each policy, and policies that are attached and not in the file.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether these are all policies that the role has.
    pub is_complete: bool,
}

impl Default for RolePolicies {
    fn default() -> Self {
        RolePolicies {
            identity: Vec::new(),
            boundary: Vec::new(),
            diagnostics: Vec::new(),
            is_complete: true,
        }
    }
}

/// Reads a role by its name, or the only one that the file has.
///
/// # Errors
/// When the file is none of AWS's, has not the role, or a policy of the role is malformed.
pub fn read_role(path: &str, text: &str, name: Option<&str>) -> Result<RolePolicies, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let places = Places::new(path, text);
    let root = json::parse(text, &places).map_err(|error| vec![*error])?;
    let error = |message: String, remedy: &str| {
        let diagnostic = Diagnostic::new(Severity::Error, "no-role", message);
        vec![diagnostic.at(places.at(root.range())).remedy(remedy)]
    };
    let remedy = "pass what `aws iam get-account-authorization-details` prints";
    let object = root.as_object().ok_or_else(|| error("the file holds no roles".to_owned(), remedy))?;
    let roles = objects(object, "RoleDetailList");
    let named = |role: &&&Object<'_>| name.is_none_or(|name| string(role, "RoleName") == Some(name));
    let found: Vec<&&Object<'_>> = roles.iter().filter(named).collect();
    let role = match found.as_slice() {
        [role] => role,
        [] => return Err(error("the file does not hold the role".to_owned(), remedy)),
        several => {
            let names: Vec<&str> = several.iter().filter_map(|role| string(role, "RoleName")).collect();
            let message = format!("the file holds {} roles: {}", several.len(), names.join(", "));
            return Err(error(message, "say which one with --role NAME"));
        }
    };
    let mut reader = Reader {
        path,
        places: &places,
        managed: objects(object, "Policies"),
        found: RolePolicies::default(),
    };
    reader.role(role)?;
    Ok(reader.found)
}

/// The names of the roles that a file holds.
///
/// # Errors
/// When the file is none of AWS's.
pub fn role_names(path: &str, text: &str) -> Result<Vec<String>, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let places = Places::new(path, text);
    let root = json::parse(text, &places).map_err(|error| vec![*error])?;
    let roles = root.as_object().map(|object| objects(object, "RoleDetailList")).unwrap_or_default();
    Ok(roles.iter().filter_map(|role| string(role, "RoleName")).map(str::to_owned).collect())
}

struct Reader<'p, 'o, 't> {
    path: &'p str,
    places: &'p Places,
    managed: Vec<&'o Object<'t>>,
    found: RolePolicies,
}

impl Reader<'_, '_, '_> {
    fn role(&mut self, role: &Object<'_>) -> Result<(), Vec<Diagnostic>> {
        for inline in objects(role, "RolePolicyList") {
            if let Some(document) = inline.get("PolicyDocument") {
                let file = self.policy(&document.value)?;
                self.found.identity.push(file);
            }
        }
        for attached in objects(role, "AttachedManagedPolicies") {
            if let Some(file) = self.managed(attached, "PolicyArn")? {
                self.found.identity.push(file);
            }
        }
        let boundary = role.get("PermissionsBoundary").and_then(|property| property.value.as_object());
        if let Some(boundary) = boundary
            && let Some(file) = self.managed(boundary, "PermissionsBoundaryArn")?
        {
            self.found.boundary.push(file);
        }
        Ok(())
    }

    fn policy(&self, value: &Value<'_>) -> Result<PolicyFile, Vec<Diagnostic>> {
        PolicyFile::from_value(self.path, value, PolicyKind::Identity, self.places)
    }

    /// The version in force of a managed policy that the file holds.
    fn managed(&mut self, reference: &Object<'_>, key: &str) -> Result<Option<PolicyFile>, Vec<Diagnostic>> {
        let Some(arn) = string(reference, key) else { return Ok(None) };
        let policy = self.managed.iter().find(|policy| string(policy, "Arn") == Some(arn));
        let versions = policy.map(|policy| objects(policy, "PolicyVersionList")).unwrap_or_default();
        let in_force = versions.iter().find(|version| {
            let default =
                version.get("IsDefaultVersion").and_then(|property| property.value.as_boolean_lit());
            default.is_some_and(|truth| truth.value)
        });
        if let Some(document) = in_force.and_then(|version| version.get("Document")) {
            return self.policy(&document.value).map(Some);
        }
        if let Some(known) = PolicyFile::managed(arn, &self.places.at(reference.range)) {
            return Ok(Some(known));
        }
        self.found.is_complete = false;
        let message = format!("the policy {arn} is attached, and the file does not hold it");
        let diagnostic = Diagnostic::new(Severity::Warning, "policy-not-held", message).unresolved();
        let remedy = "add --filter Role LocalManagedPolicy AWSManagedPolicy, or pass it with --policy";
        self.found.diagnostics.push(diagnostic.at(self.places.at(reference.range)).remedy(remedy));
        Ok(None)
    }
}

fn objects<'o, 't>(object: &'o Object<'t>, name: &str) -> Vec<&'o Object<'t>> {
    let list = object.get(name).and_then(|property| property.value.as_array());
    list.map(|list| list.elements.iter().filter_map(Value::as_object).collect()).unwrap_or_default()
}

fn string<'o>(object: &'o Object<'_>, name: &str) -> Option<&'o str> {
    object.get(name)?.value.as_string_lit().map(|text| text.value.as_ref())
}
