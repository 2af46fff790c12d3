//! What an operation needs, as facts to show: every rule with the members that it looks at, independent
//! of any call. [`Operation::requirements`](crate::Operation::requirements) applies the same rules to a call.

use crate::action::Action;
use crate::arn;
use crate::operation::Operation;
use crate::rule::{Binding, Caveat, Condition, KeyUse, Rule, RuleVerdict, Source, Target, Test, With};

/// What calls of an operation need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs {
    /// These permissions, some of them only with certain parameters.
    Actions(Vec<Need>),
    /// Nothing.
    NoPermission,
    /// The catalogue does not know.
    Unknown,
}

/// One action that calls of an operation need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The action.
    pub action: Action,
    /// Needed once for every value at this member path.
    pub each: Option<&'static str>,
    /// Needed only when all of these hold; nothing for what every call needs.
    pub when: Vec<When>,
    /// The resources; none means `*`.
    pub resources: Vec<NeededResource>,
    /// Conditions that the statement carries.
    pub conditions: Vec<NeededCondition>,
}

/// A condition on the parameters of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// Holds when the test fails.
    pub unless: bool,
    /// Member paths of which any may pass the test.
    pub members: Vec<String>,
    /// What a member has to look like.
    pub test: WhenTest,
}

/// What a member is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenTest {
    /// It is passed.
    Passed,
    /// It is this text.
    Equals(&'static str),
    /// It starts with this text.
    StartsWith(&'static str),
    /// It ends with this text.
    EndsWith(&'static str),
    /// It contains this text.
    Contains(&'static str),
}

/// A resource that an action is needed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededResource {
    /// The resource type, when it is one of the action's.
    pub kind: Option<&'static str>,
    /// ARN template with `${Variable}`s.
    pub template: &'static str,
    /// Used only when the call passes its members.
    pub optional: bool,
    /// What fills the variables; one that is missing stays `*`.
    pub filled: Vec<Filled>,
}

/// What fills one variable of an ARN template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The variable.
    pub variable: &'static str,
    /// How the value is read, as the notation of the catalogue names it: `auto`, `queue-url`, ...
    pub mode: &'static str,
    /// The first of these that is passed.
    pub sources: Vec<FilledFrom>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilledFrom {
    /// A member path of the input.
    Member(String),
    /// This text.
    Text(&'static str),
}

/// A condition of the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededCondition {
    /// `StringEquals`.
    pub operator: &'static str,
    /// `iam:PassedToService`.
    pub key: &'static str,
    /// Any of these.
    pub values: Vec<FilledFrom>,
}

/// What calls need of the customer-managed KMS key that encrypts a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyNeed {
    /// The actions on the key.
    pub actions: Vec<Action>,
    /// The actions on the encrypted resource; calls that do not need one of them need no key.
    pub of: Vec<Action>,
    /// The member that names the key; none where only the resource has one.
    pub member: Option<&'static str>,
    /// Only a key that the call names counts, not one that the resource has.
    pub named_only: bool,
    /// Needed only when all of these hold.
    pub when: Vec<When>,
}

/// What decides about a call besides its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The remark.
    pub text: &'static str,
    /// It does not matter when this member is passed.
    pub unless: Option<&'static str>,
}

impl Operation {
    /// What calls of the operation need of the keys that encrypt the resources in use.
    /// [`Operation::key_requirements`] applies the same rules to a call.
    #[must_use]
    pub fn key_needs(self) -> Vec<KeyNeed> {
        self.rules().keys.into_iter().map(key_need).collect()
    }

    /// What else decides about calls of the operation; [`OperationNeeds::caveats`](crate::OperationNeeds::caveats) tells it of one call.
    #[must_use]
    pub fn remarks(self) -> Vec<Remark> {
        let remark = |caveat: Caveat| Remark { text: caveat.text, unless: caveat.unless };
        self.rules().caveats.into_iter().map(remark).collect()
    }

    /// What calls of the operation need, with the parameters that decide it.
    #[must_use]
    pub fn needs(self) -> Needs {
        match self.rules().verdict {
            RuleVerdict::Unknown => Needs::Unknown,
            RuleVerdict::NoPermission => Needs::NoPermission,
            RuleVerdict::Rules(rules) => Needs::Actions(rules.iter().map(need).collect()),
        }
    }
}

impl NeededResource {
    /// Variables of the template that no member fills, besides partition, region and account.
    pub fn open_variables(&self) -> impl Iterator<Item = &'static str> {
        arn::variables(self.template)
            .filter(|variable| self.filled.iter().all(|filled| filled.variable != *variable))
    }
}

fn need(rule: &Rule) -> Need {
    let path = |path: &'static str| absolute(rule.scope, path);
    Need {
        action: rule.action,
        each: rule.scope,
        when: rule.conditions.iter().map(|condition| when(condition, &path)).collect(),
        resources: rule.targets.iter().map(|target| resource(target, &path)).collect(),
        conditions: rule.with.iter().map(|with| condition(with, &path)).collect(),
    }
}

fn key_need(key_use: KeyUse) -> KeyNeed {
    KeyNeed {
        when: key_use.conditions.iter().map(|condition| when(condition, &str::to_owned)).collect(),
        actions: key_use.needs,
        of: key_use.of,
        member: key_use.by,
        named_only: key_use.only,
    }
}

/// A path that starts with a dot is relative to the element of `for`.
fn absolute(scope: Option<&'static str>, path: &'static str) -> String {
    match path.strip_prefix('.') {
        Some("") => scope.unwrap_or_default().to_owned(),
        Some(rest) => format!("{}.{rest}", scope.unwrap_or_default()),
        None => path.to_owned(),
    }
}

fn when(condition: &Condition, path: &dyn Fn(&'static str) -> String) -> When {
    When {
        unless: condition.negated,
        members: condition.path.split('|').map(path).collect(),
        test: match condition.test {
            Test::Present => WhenTest::Passed,
            Test::Equals(text) => WhenTest::Equals(text),
            Test::StartsWith(text) | Test::KnownStart(text) => WhenTest::StartsWith(text),
            Test::KnownEnd(text) => WhenTest::EndsWith(text),
            Test::Contains(text) | Test::KnownPart(text) => WhenTest::Contains(text),
        },
    }
}

fn resource(target: &Target, path: &dyn Fn(&'static str) -> String) -> NeededResource {
    let filled = |binding: &Binding| Filled {
        variable: binding.variable,
        mode: binding.mode.word(),
        sources: binding.sources.iter().map(|source| from(*source, path)).collect(),
    };
    NeededResource {
        kind: target.kind,
        template: target.template,
        optional: target.optional,
        filled: target.bindings.iter().map(filled).collect(),
    }
}

fn condition(with: &With, path: &dyn Fn(&'static str) -> String) -> NeededCondition {
    let values = with.values.iter().map(|source| from(*source, path)).collect();
    NeededCondition { operator: with.operator, key: with.key, values }
}

fn from(source: Source, path: &dyn Fn(&'static str) -> String) -> FilledFrom {
    match source {
        Source::Path(member) => FilledFrom::Member(path(member)),
        Source::Literal(text) => FilledFrom::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalog;

    fn needs(service: &str, operation: &str) -> Vec<Need> {
        let service = Catalog::embedded().service(service).expect("a service");
        match service.operation(operation).expect("an operation").needs() {
            Needs::Actions(needs) => needs,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_only_a_parameter_adds_names_the_parameter() {
        let send = needs("sqs", "SendMessage");
        assert_eq!((send[0].action.name(), send[0].when.as_slice()), ("sqs:SendMessage", [].as_slice()));
        let create = needs("lambda", "CreateFunction");
        let tagging = create.iter().find(|need| need.action.name() == "lambda:TagResource").expect("tags");
        let expected = When { unless: false, members: vec!["Tags".to_owned()], test: WhenTest::Passed };
        assert_eq!(tagging.when, [expected]);
    }

    #[test]
    fn what_an_exception_takes_the_place_of_says_so() {
        let list = needs("s3", "ListObjectsV2");
        let unless_directory =
            When { unless: true, members: vec!["Bucket".to_owned()], test: WhenTest::EndsWith("--x-s3") };
        assert_eq!(list[0].action.name(), "s3:ListBucket");
        assert_eq!(list[0].when, [unless_directory]);
    }

    #[test]
    fn keys_name_the_member_that_gives_one() {
        let put = Catalog::embedded().service("s3").and_then(|service| service.operation("PutObject"));
        let keys = put.expect("an operation").key_needs();
        assert!(keys.iter().any(|key| key.member == Some("SSEKMSKeyId")
            && key.of.iter().any(|action| action.name() == "s3:PutObject")
            && key.actions.iter().any(|action| action.name() == "kms:GenerateDataKey")));
    }

    #[test]
    fn paths_within_a_list_are_written_out() {
        let delete = needs("s3", "DeleteObjects");
        assert_eq!(delete[0].each, Some("Delete.Objects[]"));
        let key = delete[0].resources[0].filled.iter().find(|filled| filled.variable == "ObjectName");
        let member = FilledFrom::Member("Delete.Objects[].Key".to_owned());
        assert_eq!(key.map(|filled| filled.sources.as_slice()), Some([member].as_slice()));
    }
}
