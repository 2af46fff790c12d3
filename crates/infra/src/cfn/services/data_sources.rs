//! Data sources of AWS AppSync.
//!
//! Source: "Attaching a data source in AWS AppSync" and, for each kind, its resolver reference in the AWS
//! AppSync Developer Guide.

use perm_infer_policy::{Part, Pattern};

use super::resolvers::Asked;
use super::{Reader, named};
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::pseudo::arn;
use crate::model::{Argument, Program, Receiver, Unit, UnitKind};
use crate::tree::{Mark, Node};
use crate::value::Value;

/// What resolvers may do with a table: which of it they do is said in their own language.
const TABLE: &[&str] = &[
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
];

const DOMAIN: &[&str] =
    &["es:ESHttpDelete", "es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut"];

const DATABASE: &[&str] = &["rds-data:BatchExecuteStatement", "rds-data:ExecuteStatement"];

/// Services that sign requests under another name than the SDKs have for them.
const SIGNED: [(&str, &str); 3] =
    [("events", "eventbridge"), ("states", "sfn"), ("monitoring", "cloudwatch")];

impl Reader<'_> {
    /// A data source with a role; none where it needs none.
    pub(super) fn data_source(&mut self, subject: &Subject<'_>, source: &Value) -> Option<Unit> {
        let role = subject.get(&["ServiceRoleArn"])?;
        source.get("ServiceRoleArn")?;
        let mut found = Found::default();
        let mut asked = self.asked_of(subject, source);
        let mut programs = Vec::new();
        for (kind, configuration) in source.entries() {
            match kind.as_str() {
                "DynamoDBConfig" => {
                    self.tables(configuration, &asked, &mut found);
                    programs = Self::programs_for(configuration, &mut asked);
                }
                "LambdaConfig" => {
                    if let Some(function) = configuration.get("LambdaFunctionArn") {
                        let what = "the function of the data source";
                        let arns = self.arns_in(function, "lambda:R:A:function:*", what);
                        self.add(&mut found, &["lambda:InvokeFunction"], &arns, function.at, what);
                    }
                }
                "EventBridgeConfig" => {
                    if let Some(bus) = configuration.get("EventBusArn") {
                        let what = "the event bus of the data source";
                        let arns = self.arns_in(bus, "events:R:A:event-bus/*", what);
                        self.add(&mut found, &["events:PutEvents"], &arns, bus.at, what);
                    }
                }
                "OpenSearchServiceConfig" | "ElasticsearchConfig" => {
                    self.domain(subject, configuration, &asked, &mut found);
                }
                "RelationalDatabaseConfig" => self.database(configuration, &mut found),
                "HttpConfig" if configuration.get("AuthorizationConfig").is_some() => {
                    self.signed_requests(configuration, &asked, &mut found);
                }
                _ => {}
            }
        }
        let unit = self.unit_with_role(subject, UnitKind::DataSource, found, Some(role));
        Some(Unit { programs, ..unit })
    }

    fn tables(&mut self, configuration: &Value, asked: &Asked, found: &mut Found) {
        if uses_callers(configuration) {
            return;
        }
        let known = configuration.get("TableName").map(Value::texts).unwrap_or_default().to_vec();
        // Conflict detection reads and writes more than resolvers say.
        let is_versioned = configuration.get("DeltaSyncConfig").is_some();
        let mut of_templates = Found::default();
        if asked.is_known() && !is_versioned && self.table_requests(asked, &known, &mut of_templates) {
            found.calls.extend(of_templates.calls);
            return;
        }
        let what = "resolvers read and write the table of the data source";
        let names = [&["TableName"][..], &["DeltaSyncConfig", "DeltaSyncTableName"]];
        for name in names.iter().filter_map(|path| configuration.at_path(path)) {
            let tables = named(name, "dynamodb:R:A:table/{}");
            self.add(found, TABLE, &tables, name.at, what);
            let indexes: Vec<Pattern> = tables.iter().map(indexes).collect();
            self.add(found, &["dynamodb:Query", "dynamodb:Scan"], &indexes, name.at, what);
        }
        self.resolvers_not_read(asked.unread.unwrap_or(configuration.at));
    }

    /// Code of resolvers with the table that it asks; it tells nothing where AWS's own policy is taken.
    fn programs_for(configuration: &Value, asked: &mut Asked) -> Vec<Program> {
        let is_versioned = configuration.get("DeltaSyncConfig").is_some();
        if uses_callers(configuration) || is_versioned || asked.unread.is_some() {
            return Vec::new();
        }
        let mut programs = std::mem::take(&mut asked.programs);
        let table = configuration.get("TableName").and_then(Value::argument);
        for program in &mut programs {
            // What `request` returns is a request to the table.
            let arguments = table.iter().cloned().collect();
            program.receiver =
                Some(Receiver { module: "@aws-appsync/utils", function: "request", arguments });
        }
        programs
    }

    fn resolvers_not_read(&mut self, at: Mark) {
        let message =
            "which operations the resolvers use is not read; all of AWS's own policy are allowed".to_owned();
        self.note("resolvers-not-read", at, message, "narrow the actions in the policy by hand");
    }

    fn domain(&mut self, subject: &Subject<'_>, configuration: &Value, asked: &Asked, found: &mut Found) {
        let Some(endpoint) = configuration.get("Endpoint") else { return };
        let what = "resolvers ask the domain of the data source";
        let node = ["OpenSearchServiceConfig", "ElasticsearchConfig"]
            .iter()
            .find_map(|kind| subject.get(&[kind])?.get("Endpoint"));
        let mut domains = node.map(|node| self.domain_of_endpoint(subject, node)).unwrap_or_default();
        if domains.is_empty() {
            // The name of a domain is not all of its endpoint.
            self.not_known(endpoint.at, "the domain of the data source");
            domains.push(arn("es:R:A:domain/*", &Pattern::default()));
        }
        let methods =
            asked.requests.iter().flat_map(|(members, _)| members).filter(|(name, _)| name == "operation");
        let methods: Option<Vec<&str>> = methods
            .map(|(_, value)| match value {
                Argument::Text(texts) => match texts.as_slice() {
                    [only] => only.as_literal().and_then(action_of_method),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        let is_known = asked.is_known() && asked.programs.is_empty();
        match methods.filter(|methods| is_known && methods.len() == asked.requests.len()) {
            Some(methods) => {
                for action in DOMAIN.iter().filter(|action| methods.contains(action)) {
                    self.add(found, &[action], &domains, endpoint.at, what);
                }
            }
            None => {
                self.add(found, DOMAIN, &domains, endpoint.at, what);
                self.resolvers_not_read(asked.unread.unwrap_or(configuration.at));
            }
        }
    }

    /// What is below the domain of the template that an endpoint is an attribute of.
    fn domain_of_endpoint(&mut self, subject: &Subject<'_>, endpoint: &Node) -> Vec<Pattern> {
        let template = self.template(subject.stack);
        let mut texts = Vec::new();
        texts_of(endpoint, &mut texts, 0);
        let ids = texts.iter().flat_map(|text| text.split(['.', '{', '}', '$', '/', ':']));
        let id = ids.into_iter().find(|id| {
            matches!(
                template.resource_type(id),
                Some("AWS::OpenSearchService::Domain" | "AWS::Elasticsearch::Domain")
            )
        });
        let Some(id) = id else { return Vec::new() };
        let arns = self.resource_arns(subject.stack, id);
        arns.iter().map(|domain| super::objects(domain, None)).collect()
    }

    fn database(&mut self, configuration: &Value, found: &mut Found) {
        let Some(endpoint) = configuration.get("RdsHttpEndpointConfig") else { return };
        let what = "resolvers ask the database of the data source";
        if let Some(cluster) = endpoint.get("DbClusterIdentifier") {
            self.add(found, DATABASE, &named(cluster, "rds:R:A:cluster:{}"), cluster.at, what);
        }
        if let Some(secret) = endpoint.get("AwsSecretStoreArn") {
            let what = "the secret of the database of the data source";
            let arns = self.arns_in(secret, "secretsmanager:R:A:secret:*", what);
            self.add(found, &["secretsmanager:GetSecretValue"], &arns, secret.at, what);
        }
    }

    /// Requests that AppSync signs: those with a target in their header name the operation.
    fn signed_requests(&mut self, configuration: &Value, asked: &Asked, found: &mut Found) {
        let signing = configuration.at_path(&["AuthorizationConfig", "AwsIamConfig", "SigningServiceName"]);
        let service = signing.and_then(Value::text).unwrap_or_default().to_owned();
        let service =
            SIGNED.iter().find(|(name, _)| *name == service).map_or(service, |(_, sdk)| (*sdk).to_owned());
        let mut all = asked.is_known() && asked.programs.is_empty() && !service.is_empty();
        for (members, at) in &asked.requests {
            match target_of(members) {
                Some((operation, arguments)) if !service.is_empty() => {
                    let reason = "a resolver of the data source calls it";
                    found.calls.push(self.call(&service, &operation, arguments, *at, reason));
                }
                _ => all = false,
            }
        }
        if !all {
            let message =
                "what the resolvers of this endpoint call is not read; the policy does not allow it";
            let remedy = "add what they call to the role by hand";
            self.warn("unresolved-operation", configuration.at, message.to_owned(), remedy);
        }
    }
}

fn uses_callers(configuration: &Value) -> bool {
    configuration.get("UseCallerCredentials").and_then(Value::text) == Some("true")
}

fn action_of_method(method: &str) -> Option<&'static str> {
    let action = match method {
        "GET" => "es:ESHttpGet",
        "POST" => "es:ESHttpPost",
        "PUT" => "es:ESHttpPut",
        "DELETE" => "es:ESHttpDelete",
        "HEAD" => "es:ESHttpHead",
        _ => return None,
    };
    Some(action)
}

/// The operation that `X-Amz-Target` names, and the body of the request.
fn target_of(members: &[(String, Argument)]) -> Option<(String, Vec<(String, Argument)>)> {
    let of_map = |value: &Argument| match value {
        Argument::Map(entries) => Some(entries.clone()),
        _ => None,
    };
    let (_, parameters) = members.iter().find(|(name, _)| name == "params")?;
    let parameters = of_map(parameters)?;
    let headers =
        parameters.iter().find(|(name, _)| name == "headers").and_then(|(_, value)| of_map(value))?;
    let (_, target) = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("x-amz-target"))?;
    let Argument::Text(texts) = target else { return None };
    let [only] = texts.as_slice() else { return None };
    let operation = only.as_literal()?.rsplit('.').next()?.to_owned();
    let body = parameters.iter().find(|(name, _)| name == "body").and_then(|(_, value)| of_map(value));
    Some((operation, body.unwrap_or_default()))
}

/// All texts of a value.
fn texts_of<'n>(node: &'n Node, texts: &mut Vec<&'n str>, depth: usize) {
    if depth < 16 {
        texts.extend(node.text());
        node.items().iter().for_each(|item| texts_of(item, texts, depth + 1));
        node.entries().iter().for_each(|entry| texts_of(&entry.value, texts, depth + 1));
    }
}

fn indexes(table: &Pattern) -> Pattern {
    let mut indexes = table.clone();
    indexes.push_literal("/index/");
    indexes.push(Part::Any);
    indexes
}
