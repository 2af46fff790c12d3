//! A policy ready to be evaluated, and why a statement does not match a request.

use super::condition::Condition;
use super::principal::{Named, Principals};
use super::request::Request;
use crate::document::{Document, Effect};
use crate::glob::{Dollar, Glob, Syntax};
use crate::{OneOrMany, Statement};

/// A policy ready to be evaluated.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub(crate) statements: Vec<Compiled>,
}

/// Why a statement does not match a request, the first thing that does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// It is about other actions.
    Action,
    /// It is about other resources.
    Resource,
    /// It is about other principals.
    Principal,
    /// A condition is not met.
    Condition {
        /// The operator.
        operator: String,
        /// The key.
        key: String,
        /// The values that would do, or must not be.
        wanted: Vec<String>,
        /// The values of the request; `None` when it does not have the key.
        found: Option<Vec<String>>,
    },
}

/// A statement ready to be tested.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) effect: Effect,
    actions: Matcher,
    resources: Option<Matcher>,
    principals: Option<(Principals, bool)>,
    conditions: Vec<Condition>,
}

/// Texts of which one has to match, or none.
#[derive(Clone, Debug)]
struct Matcher {
    globs: Vec<Glob>,
    negated: bool,
}

impl Policy {
    /// Compiles a document. What a document must not say (an unknown operator, a number that is none) never
    /// matches anything.
    #[must_use]
    pub fn new(document: &Document) -> Policy {
        // Policy variables came with this version; "IAM JSON policy elements: Version".
        let dollar = match document.version.as_deref() {
            Some(Document::VERSION) => Dollar::Variables,
            _ => Dollar::Text,
        };
        Policy {
            statements: document.statement.iter().map(|statement| Compiled::new(statement, dollar)).collect(),
        }
    }
}

impl Compiled {
    fn new(statement: &Statement, dollar: Dollar) -> Compiled {
        let action = |text: &String| Glob::new(text, Syntax { wildcards: true, dollar: Dollar::Text });
        let resource = |text: &String| Glob::resource(text, dollar);
        let either = |yes: &Option<OneOrMany<String>>,
                      no: &Option<OneOrMany<String>>,
                      read: &dyn Fn(&String) -> Glob| {
            let (texts, negated) = match (yes, no) {
                (Some(texts), _) => (texts, false),
                (None, Some(texts)) => (texts, true),
                (None, None) => return None,
            };
            Some(Matcher { globs: texts.iter().map(read).collect(), negated })
        };
        let conditions = statement.condition.iter().flat_map(|(operator, keys)| {
            keys.iter().map(move |(key, values)| Condition::new(operator, key, values, dollar))
        });
        let nothing = Matcher { globs: Vec::new(), negated: false };
        Compiled {
            effect: statement.effect,
            actions: either(&statement.action, &statement.not_action, &action).unwrap_or(nothing),
            resources: either(&statement.resource, &statement.not_resource, &resource),
            principals: match (&statement.principal, &statement.not_principal) {
                (Some(element), _) => Some((Principals::new(element), false)),
                (None, Some(element)) => Some((Principals::new(element), true)),
                (None, None) => None,
            },
            conditions: conditions.collect(),
        }
    }

    /// How the statement matches the request: by naming its principal in this way. Policies of identities name
    /// nobody and match directly.
    pub(crate) fn matches(&self, request: &Request) -> Result<Named, Mismatch> {
        if !self.matches_action(&request.action) {
            return Err(Mismatch::Action);
        }
        if !self.matches_resource(request) {
            return Err(Mismatch::Resource);
        }
        let named = self.names(request).ok_or(Mismatch::Principal)?;
        match self.failing(request) {
            None => Ok(named),
            Some(condition) => Err(Mismatch::Condition {
                operator: condition.operator_name.clone(),
                key: condition.key.clone(),
                wanted: condition.values.clone(),
                found: request.context.get(&condition.key).map(<[String]>::to_vec),
            }),
        }
    }

    pub(crate) fn matches_action(&self, action: &str) -> bool {
        let fits = self.actions.globs.iter().any(|glob| glob.matches_ignoring_case(action, &|_| None));
        fits != self.actions.negated
    }

    fn failing(&self, request: &Request) -> Option<&Condition> {
        self.conditions.iter().find(|condition| !condition.holds(&request.context))
    }

    /// Whether it is a `NotPrincipal` statement.
    pub(crate) fn excludes_principals(&self) -> bool {
        matches!(self.principals, Some((_, true)))
    }

    /// Whether everything but the principal matches.
    pub(crate) fn matches_ignoring_principal(&self, request: &Request) -> bool {
        self.matches_action(&request.action)
            && self.matches_resource(request)
            && self.failing(request).is_none()
    }

    /// A statement without resources is about what the policy is attached to.
    fn matches_resource(&self, request: &Request) -> bool {
        let Some(Matcher { globs, negated }) = &self.resources else { return true };
        let variables = |key: &str| request.context.only(key);
        // A variable that cannot be resolved makes the statement void; without this, `NotResource` would
        // match everything ("IAM policy elements: Variables and tags", note).
        if *negated && !globs.iter().all(|glob| glob.is_resolvable(&variables)) {
            return false;
        }
        let fits = globs.iter().any(|glob| glob.matches(&request.resource, &variables));
        fits != *negated
    }

    fn names(&self, request: &Request) -> Option<Named> {
        match &self.principals {
            None => Some(Named::Directly),
            Some((principals, false)) => principals.names(&request.principal),
            Some((principals, true)) => (!principals.excludes(&request.principal)).then_some(Named::Directly),
        }
    }
}
