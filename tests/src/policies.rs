//! Generated policies of every kind and requests that nearly match them, for tests of the evaluator. All
//! names come from small sets, so that much matches and much just fails to.
#![expect(clippy::panic, reason = "a case that cannot be made has failed")]

use perm_infer_policy::Document;
use perm_infer_policy::evaluate::{Policies, Policy, Request};
use serde_json::{Map, Value, json};

use crate::random::Random;

/// The account of the principals.
const HOME: &str = "111111111111";
/// Another account.
const AWAY: &str = "222222222222";

/// One case: policies and a request.
#[derive(Clone, Debug)]
pub struct Case {
    /// Policies of the principal.
    pub identity: Vec<Value>,
    /// The policy of the resource.
    pub resource: Option<Value>,
    /// The permissions boundary.
    pub boundary: Option<Value>,
    /// The session policy.
    pub session: Option<Value>,
    /// Service control policies, one list for each level.
    pub service_control: Vec<Vec<Value>>,
    /// Resource control policies, one list for each level.
    pub resource_control: Vec<Vec<Value>>,
    /// The principal's ARN.
    pub principal: String,
    /// The request.
    pub request: Request,
}

impl Case {
    /// A case that only the seed decides.
    #[must_use]
    pub fn generate(seed: u64) -> Case {
        let random = &mut Random::new(seed);
        let (action, resource) = random.pick(REQUESTS).to_owned();
        let principal = random.pick(PRINCIPALS).to_string();
        let mut request = Request::new(&principal, action, resource);
        let account = if random.once_in(4) { AWAY } else { HOME };
        request.resource_account = Some(account.to_owned());
        request.context.set("aws:ResourceAccount", vec![account.to_owned()]);
        for (key, values) in CONTEXT {
            match random.below(4) {
                0 => {}
                _ if MULTIVALUED.contains(key) => {
                    let values = random.some(1, 3, |random| random.pick(values).to_string());
                    request.context.set(key, values);
                }
                _ => request.context.set(key, vec![random.pick(values).to_string()]),
            }
        }
        let mut policies = Generator { random, action, resource };
        let is_session = principal.contains(":sts:");
        let identity = policies.several(0, 2, Kind::Identity);
        let resource = policies.sometimes(2, Kind::Resource);
        // Whether a session policy limits what a resource grants to the session or to everybody is read
        // differently too.
        let granted = resource.as_ref().map(Value::to_string).unwrap_or_default();
        let direct =
            ["\"*\"", ":assumed-role/", ":federated-user/"].iter().any(|name| granted.contains(name));
        // Without a session policy a federated user has no permissions, which the other implementation passes over:
        // "GetFederationToken" in the API Reference of AWS STS.
        let all = || json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        let needs_session = principal.contains(":federated-user/");
        let boundary = policies.sometimes(3, Kind::Identity);
        let session = policies.sometimes(3, Kind::Identity).filter(|_| is_session && !direct);
        Case {
            identity,
            resource,
            boundary,
            session: session.or_else(|| needs_session.then(all)),
            service_control: policies.levels(Kind::Identity),
            resource_control: policies.levels(Kind::ResourceControl),
            principal,
            request,
        }
    }

    /// The policies, compiled.
    ///
    /// # Panics
    /// When a generated policy is none.
    #[must_use]
    pub fn policies(&self) -> Policies {
        let levels =
            |levels: &[Vec<Value>]| levels.iter().map(|level| level.iter().map(compile).collect()).collect();
        Policies {
            identity: self.identity.iter().map(compile).collect(),
            resource: self.resource.as_ref().map(compile),
            boundary: self.boundary.iter().map(compile).collect(),
            session: self.session.iter().map(compile).collect(),
            service_control: levels(&self.service_control),
            resource_control: levels(&self.resource_control),
            endpoint: None,
            management_account: None,
        }
    }

    /// The case as the other simulator takes it.
    #[must_use]
    pub fn simulation(&self) -> Value {
        let named = |policies: &[Value]| -> Vec<Value> {
            let named = policies.iter().enumerate();
            named
                .map(|(position, policy)| json!({"name": format!("p{position}"), "policy": policy}))
                .collect()
        };
        let levels = |levels: &[Vec<Value>]| -> Vec<Value> {
            let levels = levels.iter().enumerate();
            levels
                .map(|(level, policies)| json!({"orgIdentifier": format!("level{level}"), "policies": named(policies)}))
                .collect()
        };
        let context: Map<String, Value> = self
            .request
            .context
            .iter()
            .map(|(key, values)| match values {
                [only] if !MULTIVALUED.iter().any(|known| known.eq_ignore_ascii_case(key)) => {
                    (key.to_owned(), json!(only))
                }
                values => (key.to_owned(), json!(values)),
            })
            .collect();
        let mut simulation = json!({
            "request": {
                "principal": self.principal,
                "action": self.request.action,
                "resource": {"resource": self.request.resource, "accountId": self.request.resource_account},
                "contextVariables": context,
            },
            "identityPolicies": named(&self.identity),
            "serviceControlPolicies": levels(&self.service_control),
            "resourceControlPolicies": levels(&self.resource_control),
        });
        if let Some(policy) = &self.resource {
            simulation["resourcePolicy"] = policy.clone();
        }
        if let Some(policy) = &self.boundary {
            simulation["permissionBoundaryPolicies"] = json!(named(std::slice::from_ref(policy)));
        }
        if let Some(policy) = &self.session {
            simulation["sessionPolicy"] = policy.clone();
        }
        simulation
    }
}

fn compile(policy: &Value) -> Policy {
    let document: Document =
        serde_json::from_value(policy.clone()).unwrap_or_else(|error| panic!("{error}: {policy}"));
    Policy::new(&document)
}

const PRINCIPALS: &[&str] = &[
    "arn:aws:iam::111111111111:user/anna",
    "arn:aws:iam::111111111111:user/team/bert",
    "arn:aws:sts::111111111111:assumed-role/app/one",
    "arn:aws:sts::111111111111:assumed-role/app/two",
    "arn:aws:sts::111111111111:federated-user/carl",
];

const REQUESTS: &[(&str, &str)] = &[
    ("s3:GetObject", "arn:aws:s3:::data/reports/2026/a.csv"),
    ("s3:PutObject", "arn:aws:s3:::data/anna/Notes.txt"),
    ("s3:ListBucket", "arn:aws:s3:::data"),
    ("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:jobs"),
    ("dynamodb:Query", "arn:aws:dynamodb:eu-west-1:111111111111:table/orders/index/by-day"),
    ("sns:Publish", "arn:aws:sns:eu-west-1:111111111111:news"),
    ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111111111111:function:worker"),
    ("kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("s3:ListAllMyBuckets", "*"),
];

/// Keys with values that requests and policies take.
const CONTEXT: &[(&str, &[&str])] = &[
    ("aws:PrincipalTag/team", &["red", "Red", "blue", "r?d", "anna"]),
    ("aws:RequestedRegion", &["eu-west-1", "us-east-1"]),
    ("aws:UserAgent", &["agent/1.0", "agent/2.0", "*"]),
    ("aws:MultiFactorAuthAge", &["10", "3600", "3600.5", "-1"]),
    ("aws:SecureTransport", &["true", "false"]),
    ("aws:SourceIp", &["203.0.113.7", "203.0.113.200", "198.51.100.1"]),
    ("aws:VpcSourceIp", &["2001:db8::1", "2001:db8:1::1", "10.0.0.1"]),
    ("aws:CurrentTime", &["2026-03-01T00:00:00Z", "2026-03-01T12:30:00Z", "2025-12-31T23:59:59Z"]),
    ("aws:SourceArn", &["arn:aws:sns:eu-west-1:111111111111:news", "arn:aws:s3:::data"]),
    ("aws:TagKeys", &["cost", "team", "stage", "Cost"]),
    ("aws:CalledVia", &["athena.amazonaws.com", "dynamodb.amazonaws.com"]),
];

const MULTIVALUED: &[&str] = &["aws:TagKeys", "aws:CalledVia"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Identity,
    Resource,
    ResourceControl,
}

struct Generator<'r> {
    random: &'r mut Random,
    action: &'r str,
    resource: &'r str,
}

impl Generator<'_> {
    fn several(&mut self, least: usize, most: usize, kind: Kind) -> Vec<Value> {
        let count = least + self.random.below(most - least + 1);
        (0..count).map(|_| self.policy(kind)).collect()
    }

    fn sometimes(&mut self, once_in: usize, kind: Kind) -> Option<Value> {
        self.random.once_in(once_in).then(|| self.policy(kind))
    }

    fn levels(&mut self, kind: Kind) -> Vec<Vec<Value>> {
        let levels = if self.random.once_in(4) { 1 + self.random.below(2) } else { 0 };
        (0..levels).map(|_| self.several(1, 2, kind)).collect()
    }

    fn policy(&mut self, kind: Kind) -> Value {
        let count = 1 + self.random.below(3);
        let statements: Vec<Value> = (0..count).map(|_| self.statement(kind)).collect();
        // The other implementation replaces variables in every version of the language.
        let has_variables = Value::from(statements.clone()).to_string().contains("${");
        let old = kind != Kind::ResourceControl && !has_variables && self.random.once_in(12);
        let version = if old { "2008-10-17" } else { "2012-10-17" };
        json!({"Version": version, "Statement": statements})
    }

    fn statement(&mut self, kind: Kind) -> Value {
        let mut statement = Map::new();
        let deny = kind == Kind::ResourceControl || self.random.once_in(5);
        statement.insert("Effect".to_owned(), json!(if deny { "Deny" } else { "Allow" }));
        match kind {
            Kind::Identity => {}
            Kind::ResourceControl => drop(statement.insert("Principal".to_owned(), json!("*"))),
            Kind::Resource => self.principal(&mut statement, deny),
        }
        // These may neither use `NotAction` nor a lone `*` ("Resource control policy syntax").
        let control = kind == Kind::ResourceControl;
        let negated = !control && self.random.once_in(8);
        let mut actions = self.random.some(1, 2, |random| action(random, self.action));
        if control {
            actions
                .iter_mut()
                .filter(|action| *action == "*")
                .for_each(|action| self.action.clone_into(action));
        }
        statement.insert(if negated { "NotAction" } else { "Action" }.to_owned(), one_or_many(actions));
        let negated = self.random.once_in(8);
        let resources = self.random.some(1, 2, |random| resource(random, self.resource));
        statement.insert(if negated { "NotResource" } else { "Resource" }.to_owned(), one_or_many(resources));
        if self.random.once_in(2) {
            let mut conditions = Map::new();
            for _ in 0..1 + self.random.below(2) {
                let (operator, key, values) = condition(self.random);
                let keys = conditions.entry(operator).or_insert_with(|| json!({}));
                keys[key] = values;
            }
            statement.insert("Condition".to_owned(), Value::Object(conditions));
        }
        Value::Object(statement)
    }

    fn principal(&mut self, statement: &mut Map<String, Value>, deny: bool) {
        let names = self.random.some(1, 3, |random| {
            random
                .pick(&[
                    "arn:aws:iam::111111111111:root",
                    "111111111111",
                    "arn:aws:iam::111111111111:role/app",
                    "arn:aws:sts::111111111111:assumed-role/app/one",
                    "arn:aws:iam::111111111111:user/anna",
                    "arn:aws:iam::111111111111:user/team/bert",
                    "arn:aws:iam::222222222222:root",
                    "arn:aws:sts::111111111111:federated-user/carl",
                ])
                .to_string()
        });
        let element = match self.random.below(6) {
            0 => json!("*"),
            1 => json!({"AWS": "*"}),
            2 => json!({"Service": "lambda.amazonaws.com"}),
            _ => json!({"AWS": one_or_many(names)}),
        };
        let not = deny && self.random.once_in(3);
        // A principal that is left out is listed with everything that stands for it; see `tests/evaluator.rs`.
        let everything = [
            "arn:aws:iam::111111111111:root",
            "arn:aws:iam::111111111111:role/app",
            "arn:aws:sts::111111111111:assumed-role/app/one",
            "arn:aws:sts::111111111111:assumed-role/app/two",
            "arn:aws:iam::111111111111:user/anna",
            "arn:aws:iam::111111111111:user/team/bert",
            "arn:aws:sts::111111111111:federated-user/carl",
        ];
        let element = match (not, self.random.below(2)) {
            (false, _) => element,
            (true, 0) => json!({"AWS": everything}),
            (true, _) => json!({"AWS": "arn:aws:iam::222222222222:root"}),
        };
        statement.insert(if not { "NotPrincipal" } else { "Principal" }.to_owned(), element);
    }
}

fn one_or_many(mut values: Vec<String>) -> Value {
    if values.len() == 1 { json!(values.remove(0)) } else { json!(values) }
}

fn action(random: &mut Random, action: &str) -> String {
    let (service, name) = action.split_once(':').unwrap_or((action, ""));
    match random.below(8) {
        0 => "*".to_owned(),
        1 => format!("{service}:*"),
        2 => format!("{service}:{}*", &name[..3]),
        3 => format!("{service}:?{}", &name[1..]),
        4 => action.to_ascii_uppercase(),
        5 => random.pick(&["s3:DeleteObject", "sqs:ReceiveMessage", "ec2:RunInstances"]).to_string(),
        _ => action.to_owned(),
    }
}

fn resource(random: &mut Random, resource: &str) -> String {
    if resource == "*" {
        return random.pick(&["*", "*", "arn:aws:s3:::*"]).to_string();
    }
    let last = resource.len() - 1 - random.below(3);
    match random.below(10) {
        0 => "*".to_owned(),
        1 => format!("{}*", &resource[..last]),
        2 => format!("{}?", &resource[..resource.len() - 1]),
        3 => resource.replace("eu-west-1", "*"),
        4 => resource.replace(HOME, "*").replace("data", "${aws:PrincipalTag/team}"),
        5 => resource.replace("anna", "${aws:username}").replace("reports", "${aws:username, 'reports'}"),
        6 => resource.replace("data", "da*").replace("jobs", "j*b?").replace("orders", "*"),
        7 => random
            .pick(&[
                "arn:aws:s3:::data/*",
                "arn:aws:s3:::data",
                "arn:aws:sqs:*:*:*",
                "arn:aws:dynamodb:*:*:table/orders",
            ])
            .to_string(),
        _ => resource.to_owned(),
    }
}

/// A condition that AWS would accept: an operator that fits the key, and values of its type.
fn condition(random: &mut Random) -> (String, &'static str, Value) {
    let (key, known) = *random.pick(CONTEXT);
    let (operators, extra): (&[&str], &[&str]) = match key {
        "aws:MultiFactorAuthAge" => (
            &[
                "NumericEquals",
                "NumericNotEquals",
                "NumericLessThan",
                "NumericLessThanEquals",
                "NumericGreaterThan",
                "NumericGreaterThanEquals",
            ],
            &["3600.0", "100"],
        ),
        "aws:SecureTransport" => (&["Bool"], &[]),
        "aws:SourceIp" => {
            (&["IpAddress", "NotIpAddress"], &["203.0.113.0/24", "203.0.113.128/25", "2001:db8::/32"])
        }
        "aws:CurrentTime" => (
            &[
                "DateEquals",
                "DateNotEquals",
                "DateLessThan",
                "DateLessThanEquals",
                "DateGreaterThan",
                "DateGreaterThanEquals",
            ],
            &["2026-01-01T00:00:00Z"],
        ),
        "aws:SourceArn" => (
            &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike"],
            &["arn:aws:sns:*:111111111111:*", "arn:aws:s3:::d*", "arn:aws:s?s:eu-west-1:*:news"],
        ),
        _ => (
            &[
                "StringEquals",
                "StringNotEquals",
                "StringEqualsIgnoreCase",
                "StringNotEqualsIgnoreCase",
                "StringLike",
                "StringNotLike",
            ],
            &[
                "r*",
                "*e*",
                "${aws:username}",
                "${aws:PrincipalTag/team}",
                "${aws:userid, 'red'}",
                "r${?}d",
                "?ed",
            ],
        ),
    };
    if random.once_in(10) {
        let set = if MULTIVALUED.contains(&key) { "" } else { random.pick(&["", ""]) };
        return (format!("{set}Null"), key, json!(random.pick(&["true", "false"])));
    }
    let operator = *random.pick(operators);
    // Where the implementations read the documentation differently, `tests/evaluator.rs` says who is right:
    // variables without value and addresses of the other family under negated operators.
    let negated = operator.contains("Not");
    let values = known.iter().chain(extra).copied();
    let values = values.filter(|value| !negated || !(value.starts_with("${aws:") || value.contains("::")));
    // Nor does the other implementation know escapes where there are no wildcards.
    let values: Vec<&str> =
        values.filter(|value| operator.contains("Like") || !value.contains("${?}")).collect();
    let values = random.some(1, 3, |random| random.pick(&values).to_string());
    let set = match MULTIVALUED.contains(&key) {
        true => *random.pick(&["ForAllValues:", "ForAnyValue:"]),
        false => "",
    };
    let suffix = if set != "ForAnyValue:" && random.once_in(4) { "IfExists" } else { "" };
    (format!("{set}{operator}{suffix}"), key, one_or_many(values))
}
