//! Data sources of AWS AppSync.
//!
//! Source: "Attaching a data source in AWS AppSync" and, for each kind, its resolver reference in the AWS
//! AppSync Developer Guide.

use perm_infer_policy::{Part, Pattern};

use super::{Reader, named};
use crate::cfn::needs::Found;
use crate::cfn::pseudo::arn;
use crate::tree::Mark;
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

impl Reader<'_> {
    /// A data source with a role.
    pub(super) fn data_source(
        &mut self,
        source: &Value,
        found: &mut Found,
    ) -> Option<&'static [&'static str]> {
        source.get("ServiceRoleArn")?;
        for (kind, configuration) in source.entries() {
            match kind.as_str() {
                "DynamoDBConfig" => self.tables(configuration, found),
                "LambdaConfig" => {
                    if let Some(function) = configuration.get("LambdaFunctionArn") {
                        let what = "the function of the data source";
                        let arns = self.arns_in(function, "lambda:R:A:function:*", what);
                        self.add(found, &["lambda:InvokeFunction"], &arns, function.at, what);
                    }
                }
                "EventBridgeConfig" => {
                    if let Some(bus) = configuration.get("EventBusArn") {
                        let what = "the event bus of the data source";
                        let arns = self.arns_in(bus, "events:R:A:event-bus/*", what);
                        self.add(found, &["events:PutEvents"], &arns, bus.at, what);
                    }
                }
                "OpenSearchServiceConfig" | "ElasticsearchConfig" => self.domain(configuration, found),
                "RelationalDatabaseConfig" => self.database(configuration, found),
                "HttpConfig" if configuration.get("AuthorizationConfig").is_some() => {
                    let message =
                        "what the resolvers of this endpoint call is not read; the policy does not allow it";
                    let remedy = "add what they call to the role by hand";
                    self.warn("unresolved-operation", configuration.at, message.to_owned(), remedy);
                }
                _ => {}
            }
        }
        Some(&["ServiceRoleArn"])
    }

    fn tables(&mut self, configuration: &Value, found: &mut Found) {
        let uses_callers = configuration.get("UseCallerCredentials").and_then(Value::text) == Some("true");
        if uses_callers {
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
        self.resolvers_not_read(configuration.at);
    }

    fn resolvers_not_read(&mut self, at: Mark) {
        let message =
            "which operations the resolvers use is not read; all of AWS's own policy are allowed".to_owned();
        self.note("resolvers-not-read", at, message, "narrow the actions in the policy by hand");
    }

    fn domain(&mut self, configuration: &Value, found: &mut Found) {
        let Some(endpoint) = configuration.get("Endpoint") else { return };
        let what = "resolvers ask the domain of the data source";
        // The name of a domain is not all of its endpoint.
        self.not_known(endpoint.at, "the domain of the data source");
        self.add(found, DOMAIN, &[arn("es:R:A:domain/*", &Pattern::default())], endpoint.at, what);
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
}

fn indexes(table: &Pattern) -> Pattern {
    let mut indexes = table.clone();
    indexes.push_literal("/index/");
    indexes.push(Part::Any);
    indexes
}
