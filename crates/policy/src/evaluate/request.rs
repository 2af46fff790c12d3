//! What is asked: who wants to do what on what, with which context.

use std::collections::BTreeMap;

use super::principal::Principal;
use crate::Arn;

/// Context keys and their values. Keys are the same whatever their case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// The values of a key, given in any case; `None` when the request does not have it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[String]> {
        if key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.get_lower(&key.to_ascii_lowercase());
        }
        self.get_lower(key)
    }

    /// Sets the values of a key.
    pub fn set(&mut self, key: &str, values: Vec<String>) {
        self.0.insert(key.to_ascii_lowercase(), values);
    }

    /// Adds a value to a key.
    pub fn push(&mut self, key: &str, value: String) {
        self.0.entry(key.to_ascii_lowercase()).or_default().push(value);
    }

    /// Sets a key that has no values yet.
    pub fn set_default(&mut self, key: &str, value: &str) {
        self.0.entry(key.to_ascii_lowercase()).or_insert_with(|| vec![value.to_owned()]);
    }

    /// Every key in small letters with its values, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    pub(crate) fn get_lower(&self, key: &str) -> Option<&[String]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// The value of a key that has exactly one; a key with several has none for a policy variable.
    pub(crate) fn only(&self, key: &str) -> Option<&str> {
        match self.get_lower(key)? {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who asks.
    pub principal: Principal,
    /// `service:Action`.
    pub action: String,
    /// The ARN, or `*` for an action without resource.
    pub resource: String,
    /// The account of the resource; `None` when it is that of the principal.
    pub resource_account: Option<String>,
    /// Condition keys.
    pub context: Context,
}

impl Request {
    /// A request with the context keys that follow from it: `aws:PrincipalArn`, `aws:PrincipalAccount`,
    /// `aws:PrincipalType`, `aws:username` and `aws:ResourceAccount`. The resource's account is the one in its
    /// ARN, when it has one.
    #[must_use]
    pub fn new(principal: &str, action: &str, resource: &str) -> Request {
        let principal = Principal::parse(principal);
        let account = resource.parse::<Arn>().ok().map(|arn| arn.account);
        let mut request = Request {
            principal,
            action: action.to_owned(),
            resource: resource.to_owned(),
            resource_account: account.filter(|account| !account.is_empty()),
            context: Context::default(),
        };
        request.derive_context();
        request
    }

    /// Adds the context keys that follow from the request and are not set.
    pub fn derive_context(&mut self) {
        for (key, value) in self.principal.context() {
            self.context.set_default(key, &value);
        }
        if let Some(account) = self.resource_account.as_deref().or(self.principal.account()) {
            self.context.set_default("aws:ResourceAccount", account);
        }
    }

    /// Whether principal and resource are in the same account, as far as known.
    #[must_use]
    pub fn is_same_account(&self) -> bool {
        match (self.principal.account(), &self.resource_account) {
            (Some(principal), Some(resource)) => principal == resource,
            _ => true,
        }
    }
}
