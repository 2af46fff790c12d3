//! One policy as it was written, with the places of its statements.

use jsonc_parser::ast::Value;
use jsonc_parser::common::{Range, Ranged};
use perm_infer_catalog::ManagedPolicy;
use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_infra::PolicySource;
use perm_infer_policy::evaluate::Policy;
use perm_infer_policy::{Document, OneOrMany, Statement};

use crate::grammar::{self, PolicyKind};
use crate::json::{self, Places};
use crate::symbolic::Symbolic;

/// A policy that was read from a file, or from a part of one.
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// The path as given.
    pub path: String,
    /// What it says.
    pub document: Document,
    /// Ready to be evaluated.
    pub policy: Policy,
    /// Warnings and notes about it.
    pub diagnostics: Vec<Diagnostic>,
    /// Who wrote it.
    pub source: PolicySource,
    pub(crate) kind: PolicyKind,
    /// The characters of its text, white space included; nothing where it has none of its own.
    pub(crate) characters: Option<usize>,
    /// Where it starts, or is named.
    pub(crate) location: Location,
    pub(crate) statements: Vec<StatementPlaces>,
}

/// A statement as it can be named to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRef {
    /// Where it starts.
    pub location: Location,
    /// The policy of AWS that it belongs to.
    pub policy: Option<String>,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// Its position in the policy, from zero.
    pub index: usize,
}

/// Where the parts of a statement are in a text.
#[derive(Clone, Debug)]
pub(crate) struct StatementRanges {
    pub(crate) whole: Range,
    pub(crate) actions: Vec<Range>,
    pub(crate) resources: Vec<Range>,
    /// Operator and key with their range.
    pub(crate) keys: Vec<(String, String, Range)>,
}

/// Where the parts of a statement are, and what its document does not say.
#[derive(Clone, Debug)]
pub(crate) struct StatementPlaces {
    pub(crate) whole: Location,
    pub(crate) actions: Vec<Location>,
    pub(crate) resources: Vec<Location>,
    /// Operator and key with their place.
    pub(crate) keys: Vec<(String, String, Location)>,
    /// The resources as a template refers to them, one for each; none of a plain document.
    pub(crate) symbolic: Vec<Symbolic>,
    /// Whether the role certainly has the statement, as it is.
    pub(crate) certain: bool,
}

impl StatementPlaces {
    /// A statement whose parts have no places of their own.
    fn all_at(location: &Location, statement: &Statement) -> StatementPlaces {
        let of = |texts: [&Option<OneOrMany<String>>; 2]| {
            texts.into_iter().flatten().flat_map(|texts| texts.iter()).map(|_| location.clone()).collect()
        };
        let keys = statement.condition.iter().flat_map(|(operator, keys)| {
            keys.keys().map(|key| (operator.clone(), key.clone(), location.clone()))
        });
        StatementPlaces {
            whole: location.clone(),
            actions: of([&statement.action, &statement.not_action]),
            resources: of([&statement.resource, &statement.not_resource]),
            keys: keys.collect(),
            symbolic: Vec::new(),
            certain: true,
        }
    }
}

impl StatementRanges {
    fn placed(&self, places: &Places) -> StatementPlaces {
        let all = |ranges: &[Range]| ranges.iter().map(|range| places.at(*range)).collect();
        let keys = self.keys.iter();
        StatementPlaces {
            whole: places.at(self.whole),
            actions: all(&self.actions),
            resources: all(&self.resources),
            keys: keys
                .map(|(operator, key, range)| (operator.clone(), key.clone(), places.at(*range)))
                .collect(),
            symbolic: Vec::new(),
            certain: true,
        }
    }
}

impl PolicyFile {
    /// Reads a policy and checks it against the grammar. Beside a policy itself, what AWS prints with one
    /// inside is read: `PolicyDocument`, `PolicyVersion.Document`, `Role.AssumeRolePolicyDocument`.
    ///
    /// # Errors
    /// With everything that makes it no policy, each with line and column.
    pub fn read(path: &str, text: &str, kind: PolicyKind) -> Result<PolicyFile, Vec<Diagnostic>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let places = Places::new(path, text);
        let root = json::parse(text, &places).map_err(|error| vec![*error])?;
        let value = inner(&root);
        // What AWS prints of a policy as one text: `get-bucket-policy`, `get-key-policy`, `describe-policy`.
        if let Value::StringLit(inside) = value {
            let places = Places::within(&inside.value, places.at(inside.range));
            let root = json::parse(&inside.value, &places).map_err(|error| vec![*error])?;
            return PolicyFile::from_text(path, &inside.value, &root, kind, &places);
        }
        PolicyFile::from_text(path, text, value, kind, &places)
    }

    fn from_text(
        path: &str,
        text: &str,
        value: &Value<'_>,
        kind: PolicyKind,
        places: &Places,
    ) -> Result<PolicyFile, Vec<Diagnostic>> {
        let mut file = PolicyFile::from_value(path, value, kind, places)?;
        let range = value.range();
        let own = text.get(range.start..range.end).unwrap_or(text);
        file.characters = Some(own.chars().count());
        let takes_any = matches!(kind, PolicyKind::Resource);
        // "IAM and AWS STS quotas", IAM name requirements: what policy documents can contain.
        let odd = |letter: char| letter > '\u{ff}' || (letter < ' ' && !"\t\r\n".contains(letter));
        if let Some(at) = own.find(odd).filter(|_| !takes_any) {
            let place = places.at(Range::new(range.start + at, range.start + at + 1));
            let message = "a policy has only characters up to U+00FF, so AWS refuses this one";
            let warning = Diagnostic::new(Severity::Warning, "odd-character", message).at(place);
            file.diagnostics.push(warning.remedy("write ? in its place where a wildcard can stand"));
        }
        Ok(file)
    }

    /// Reads a policy that is a part of a file.
    pub(crate) fn from_value(
        path: &str,
        value: &Value<'_>,
        kind: PolicyKind,
        places: &Places,
    ) -> Result<PolicyFile, Vec<Diagnostic>> {
        let read = grammar::read(value, kind, places);
        if read.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return Err(read.diagnostics);
        }
        Ok(PolicyFile {
            path: path.to_owned(),
            policy: Policy::new(&read.document),
            document: read.document,
            diagnostics: read.diagnostics,
            source: PolicySource::Template,
            kind,
            characters: None,
            location: places.at(value.range()),
            statements: read.ranges.iter().map(|ranges| ranges.placed(places)).collect(),
        })
    }

    /// A managed policy of AWS that something at this place names; nothing when it is not known.
    #[must_use]
    pub fn managed(name: &str, location: &Location) -> Option<PolicyFile> {
        let policy = ManagedPolicy::find(name)?;
        let statements: Vec<Statement> =
            policy.statements().map(serde_json::from_str).collect::<Result<_, _>>().ok()?;
        let source = PolicySource::Managed(policy.name().to_owned());
        let places =
            statements.iter().map(|statement| StatementPlaces::all_at(location, statement)).collect();
        Some(PolicyFile::from_parts(source, location, statements, places))
    }

    /// A policy of which everything is known already.
    pub(crate) fn from_parts(
        source: PolicySource,
        location: &Location,
        statements: Vec<Statement>,
        places: Vec<StatementPlaces>,
    ) -> PolicyFile {
        let document = Document::new(statements);
        PolicyFile {
            path: location.path.clone(),
            policy: Policy::new(&document),
            document,
            diagnostics: Vec::new(),
            source,
            kind: PolicyKind::Identity,
            characters: None,
            location: location.clone(),
            statements: places,
        }
    }

    /// A statement by its position.
    #[must_use]
    pub fn statement(&self, index: usize) -> StatementRef {
        let location = self.statements.get(index).map(|places| places.whole.clone());
        StatementRef {
            location: location.unwrap_or_else(|| self.location.clone()),
            policy: match &self.source {
                PolicySource::Managed(name) | PolicySource::SamTemplate(name) => Some(name.clone()),
                PolicySource::Template | PolicySource::Framework => None,
            },
            sid: self.document.statement.get(index).and_then(|statement| statement.sid.clone()),
            index,
        }
    }
}

/// The policy within what AWS's command line prints.
fn inner<'v, 't>(root: &'v Value<'t>) -> &'v Value<'t> {
    const WRAPPERS: [&str; 8] = [
        "PolicyVersion",
        "Role",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "Document",
        "Policy",
        "Content",
        "ResourcePolicy",
    ];
    let mut value = root;
    while let Some(object) = value.as_object() {
        if object.get("Statement").is_some() {
            break;
        }
        let wrapped = WRAPPERS.iter().find_map(|name| object.get(name)).map(|property| &property.value);
        let Some(next) = wrapped else { break };
        match next {
            Value::Object(_) => value = next,
            Value::StringLit(text) if text.value.trim_start().starts_with('{') => return next,
            _ => break,
        }
    }
    value
}
