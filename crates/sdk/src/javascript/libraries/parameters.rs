//! `@aws-lambda-powertools/parameters` and the DynamoDB store of `@aws-lambda-powertools/idempotency`
//! ("IAM Permissions" and "Required resources" in their documentation). What else the package has (logger,
//! tracer, metrics, batch) is foreign and transparent.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::super::credentials::like_client;
use super::super::foreign::foreign;
use super::super::names::Name;
use super::super::{Javascript, kind};
use crate::shared::{dict_of, entry};

/// Functions, and methods of providers, with the service, the operation and the member that the first
/// argument fills.
const PARAMETERS: &[(&str, &str, &str, &str)] = &[
    ("getParameter", "ssm", "GetParameter", "Name"),
    ("getParameters", "ssm", "GetParametersByPath", "Path"),
    ("setParameter", "ssm", "PutParameter", "Name"),
    ("getSecret", "secretsmanager", "GetSecretValue", "SecretId"),
    ("SSMProvider.get", "ssm", "GetParameter", "Name"),
    ("SSMProvider.getMultiple", "ssm", "GetParametersByPath", "Path"),
    ("SSMProvider.set", "ssm", "PutParameter", "Name"),
    ("SecretsProvider.get", "secretsmanager", "GetSecretValue", "SecretId"),
];

/// What the idempotency utility's store does with its table.
const IDEMPOTENCY: &[&str] = &["GetItem", "PutItem", "UpdateItem", "DeleteItem"];

impl Javascript<'_> {
    pub(super) fn call_powertools(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        let mut parts = name.module.split('/').skip(1);
        match (parts.next()?, name.last()) {
            ("idempotency", "DynamoDBPersistenceLayer") => {
                let options = args.at(0)?;
                let params: Value = dict_of(&[("TableName", Some(&entry(cx, options, "tableName")))]).into();
                for operation in IDEMPOTENCY {
                    self.shared.perform_named(cx, "dynamodb", operation, params.clone());
                }
                Some(foreign("idempotency"))
            }
            (
                "parameters",
                provider @ ("SSMProvider" | "SecretsProvider" | "AppConfigProvider" | "DynamoDBProvider"),
            ) => {
                let options = args.at(0).cloned().unwrap_or_default();
                let client = entry(cx, &options, "awsSdkV3Client").closed();
                let provider = Value::library(kind::PARAMETERS, provider, vec![("options", options)]);
                Some(like_client(&provider, Some(&client)))
            }
            ("parameters", "getParametersByName") => Some(self.parameters_by_name(cx, args)),
            ("parameters", "getAppConfig") => {
                let options = args.at(1).cloned().unwrap_or_default();
                Some(self.app_config(cx, args.at(0), &options))
            }
            ("parameters", function) => self.parameter(cx, function, args),
            _ => None,
        }
    }

    pub(super) fn parameters_method(
        &self,
        cx: &mut Cx<'_, '_>,
        provider: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        let options = provider.field("options").cloned().unwrap_or_default();
        match (&*provider.name, name) {
            ("AppConfigProvider", "get") => Some(self.app_config(cx, args.at(0), &options)),
            ("DynamoDBProvider", "get" | "getMultiple") => {
                let operation = if name == "get" { "GetItem" } else { "Query" };
                let table = entry(cx, &options, "tableName");
                let params = dict_of(&[("TableName", Some(&table))]).into();
                self.shared.perform_named(cx, "dynamodb", operation, params);
                Some(cx.unknown(HoleReason::Result(name.into())))
            }
            ("SSMProvider", "getParametersByName") => Some(self.parameters_by_name(cx, args)),
            (class, _) => {
                let path = format!("{class}.{name}");
                Some(self.parameter(cx, &path, args).unwrap_or_else(|| foreign("parameters")))
            }
        }
    }

    fn parameter(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        let (_, service, operation, member) = PARAMETERS.iter().find(|(function, ..)| *function == name)?;
        let params = dict_of(&[(member, args.at(0))]).into();
        self.shared.perform_named(cx, service, operation, params);
        Some(cx.unknown(HoleReason::Result(name.into())))
    }

    /// `getParametersByName({ "/a": {...}, "/b": {...} })`
    fn parameters_by_name(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let parameters = args.at(0).cloned().unwrap_or_default();
        let names = match parameters.single() {
            Some(Atom::Dict(dict)) if dict.rest.is_none() => {
                Value::list(dict.entries.iter().map(|entry| Atom::Text(entry.key.clone()).into()).collect())
            }
            _ => Value::list_of(cx.unknown(HoleReason::Computed)),
        };
        let params = dict_of(&[("Names", Some(&names))]).into();
        self.shared.perform_named(cx, "ssm", "GetParameters", params);
        cx.unknown(HoleReason::Result("getParametersByName".into()))
    }

    fn app_config(&self, cx: &mut Cx<'_, '_>, profile: Option<&Value>, options: &Value) -> Value {
        let (application, environment) =
            (entry(cx, options, "application"), entry(cx, options, "environment"));
        let params: Value = dict_of(&[
            ("ApplicationIdentifier", Some(&application)),
            ("EnvironmentIdentifier", Some(&environment)),
            ("ConfigurationProfileIdentifier", profile),
        ])
        .into();
        self.shared.perform_named(cx, "appconfigdata", "StartConfigurationSession", params.clone());
        self.shared.perform_named(cx, "appconfigdata", "GetLatestConfiguration", params);
        cx.unknown(HoleReason::Result("getAppConfig".into()))
    }
}
