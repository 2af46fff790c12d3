//! `aws_lambda_powertools`, as far as it calls AWS for the user: parameters, idempotency, feature
//! flags, streaming and data masking. What else it has (logger, tracer, metrics, event handlers) is foreign and transparent.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, LibraryValue, Text, Value};

use super::{Python, kind};
use crate::shared::dict_of;

/// Functions of the parameters utility with one operation: the name, the service, the operation, and the
/// member that the first argument fills, which is called by the last name.
const PARAMETERS: &[(&str, &str, &str, &str, &str)] = &[
    ("get_parameter", "ssm", "GetParameter", "Name", "name"),
    ("get_parameters", "ssm", "GetParametersByPath", "Path", "path"),
    ("set_parameter", "ssm", "PutParameter", "Name", "name"),
    ("get_secret", "secretsmanager", "GetSecretValue", "SecretId", "name"),
    ("SSMProvider.get", "ssm", "GetParameter", "Name", "name"),
    ("SSMProvider.get_multiple", "ssm", "GetParametersByPath", "Path", "path"),
    ("SSMProvider.set", "ssm", "PutParameter", "Name", "path"),
    ("SecretsProvider.get", "secretsmanager", "GetSecretValue", "SecretId", "name"),
];

/// What the idempotency utility's DynamoDB store does, from "Required resources" of its documentation.
const IDEMPOTENCY: &[&str] = &["GetItem", "PutItem", "UpdateItem", "DeleteItem"];

/// Methods of `Logger`, `Tracer` and `Metrics` that decorate handlers and wrap them.
pub(super) const WRAPPERS: [&str; 4] =
    ["inject_lambda_context", "capture_lambda_handler", "capture_method", "log_metrics"];

impl Python<'_> {
    /// Functions and classes of the package.
    pub(crate) fn call_powertools(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let path = dotted.strip_prefix("aws_lambda_powertools.utilities.")?;
        let (utility, _) = path.split_once('.')?;
        let name = path.rsplit('.').next().unwrap_or_default();
        match (utility, name) {
            ("parameters", "SSMProvider" | "SecretsProvider" | "AppConfigProvider" | "DynamoDBProvider") => {
                let fields = vec![
                    ("table", args.get(0, "table_name").cloned().unwrap_or_default()),
                    ("environment", args.get(0, "environment").cloned().unwrap_or_default()),
                    ("application", args.get(1, "application").cloned().unwrap_or_default()),
                ];
                Some(Value::library(kind::PARAMETERS, name, fields))
            }
            ("parameters", "get_parameters_by_name") => Some(self.parameters_by_name(cx, args)),
            ("parameters", "set_secret") => {
                let name = args.get(0, "name");
                self.shared.perform_named(
                    cx,
                    "secretsmanager",
                    "PutSecretValue",
                    dict_of(&[("SecretId", name)]).into(),
                );
                self.shared.perform_named(
                    cx,
                    "secretsmanager",
                    "CreateSecret",
                    dict_of(&[("Name", name)]).into(),
                );
                Some(cx.unknown(HoleReason::Result(name_of("set_secret"))))
            }
            ("parameters", "get_app_config") => {
                let place = (args.get(1, "environment"), args.get(2, "application"));
                Some(self.app_config(cx, args.get(0, "name"), place.0, place.1))
            }
            ("parameters", _) => self.parameter(cx, name, args),
            ("feature_flags", "AppConfigStore") => {
                let place = (args.get(0, "environment"), args.get(1, "application"));
                self.app_config(cx, args.get(2, "name"), place.0, place.1);
                Some(super::foreign::foreign(dotted))
            }
            ("streaming", "S3Object") => {
                let params: Value = dict_of(&[
                    ("Bucket", args.get(0, "bucket")),
                    ("Key", args.get(1, "key")),
                    ("VersionId", args.get(2, "version_id")),
                ])
                .into();
                self.shared.perform_named(cx, "s3", "HeadObject", params.clone());
                self.shared.perform_named(cx, "s3", "GetObject", params);
                Some(super::foreign::foreign(dotted))
            }
            ("data_masking", "AWSEncryptionSDKProvider") => {
                let keys = args.get(0, "keys").cloned().unwrap_or_default();
                Some(Value::library(kind::DATA_MASKING, "provider", vec![("keys", keys)]))
            }
            ("data_masking", "DataMasking") => args.get(0, "provider").cloned(),
            ("idempotency", "DynamoDBPersistenceLayer") => {
                let params: Value = dict_of(&[("TableName", args.get(0, "table_name"))]).into();
                for operation in IDEMPOTENCY {
                    self.shared.perform_named(cx, "dynamodb", operation, params.clone());
                }
                Some(super::foreign::foreign(dotted))
            }
            _ => None,
        }
    }

    /// Methods of a provider.
    pub(crate) fn parameters_method(
        &self,
        cx: &mut Cx<'_, '_>,
        provider: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match (&*provider.name, name) {
            ("AppConfigProvider", "get") => Some(self.app_config(
                cx,
                args.get(0, "name"),
                provider.field("environment"),
                provider.field("application"),
            )),
            ("DynamoDBProvider", "get" | "get_multiple") => {
                let operation = if name == "get" { "GetItem" } else { "Query" };
                let params = dict_of(&[("TableName", provider.field("table"))]).into();
                self.shared.perform_named(cx, "dynamodb", operation, params);
                Some(cx.unknown(HoleReason::Result(name_of(name))))
            }
            (class, _) => {
                let path = format!("{class}.{name}");
                Some(self.parameter(cx, &path, args).unwrap_or_else(|| super::foreign::foreign("parameters")))
            }
        }
    }

    /// `DataMasking.encrypt` makes a data key under the first key and encrypts it under the others;
    /// `decrypt` tries them ("IAM permissions" in the utility's documentation, "Required permissions
    /// for AWS KMS keys" in the AWS Encryption SDK Developer Guide).
    pub(crate) fn data_masking_method(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, name: &str) -> Value {
        let keys = value.field("keys").cloned().unwrap_or_default();
        let (first, others) = match keys.single() {
            Some(Atom::List(list)) if list.rest.is_none() && !list.items.is_empty() => {
                (list.items[0].clone(), list.items[1..].to_vec())
            }
            _ => {
                let element = cx.element(&keys);
                (element.clone(), vec![element])
            }
        };
        let params = |key: &Value| Value::from(dict_of(&[("KeyId", Some(key))]));
        match name {
            "encrypt" => {
                self.shared.perform_named(cx, "kms", "GenerateDataKey", params(&first));
                for key in &others {
                    self.shared.perform_named(cx, "kms", "Encrypt", params(key));
                }
            }
            "decrypt" => {
                for key in std::iter::once(&first).chain(&others) {
                    self.shared.perform_named(cx, "kms", "Decrypt", params(key));
                }
            }
            _ => {}
        }
        super::foreign::foreign("data_masking")
    }

    fn parameter(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        let (_, service, operation, member, argument) =
            PARAMETERS.iter().find(|(function, ..)| *function == name)?;
        let mut params = dict_of(&[(member, args.get(0, argument))]);
        if let Some(decrypt) = args.named("decrypt") {
            params.set(Text::literal("WithDecryption", None), decrypt.clone());
        }
        self.shared.perform_named(cx, service, operation, params.into());
        Some(cx.unknown(HoleReason::Result(name_of(name))))
    }

    /// `get_parameters_by_name({"/a": {...}, "/b": {...}})`
    fn parameters_by_name(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let parameters = args.get(0, "parameters").cloned().unwrap_or_default();
        let mut params = Dict::default();
        let names = match parameters.single() {
            Some(Atom::Dict(dict)) if dict.rest.is_none() => {
                Value::list(dict.entries.iter().map(|entry| Atom::Text(entry.key.clone()).into()).collect())
            }
            _ => Value::list_of(cx.unknown(HoleReason::Computed)),
        };
        params.set(Text::literal("Names", None), names);
        self.shared.perform_named(cx, "ssm", "GetParameters", params.into());
        cx.unknown(HoleReason::Result(name_of("get_parameters_by_name")))
    }

    fn app_config(
        &self,
        cx: &mut Cx<'_, '_>,
        name: Option<&Value>,
        environment: Option<&Value>,
        application: Option<&Value>,
    ) -> Value {
        let params: Value = dict_of(&[
            ("ApplicationIdentifier", application),
            ("EnvironmentIdentifier", environment),
            ("ConfigurationProfileIdentifier", name),
        ])
        .into();
        self.shared.perform_named(cx, "appconfigdata", "StartConfigurationSession", params.clone());
        self.shared.perform_named(cx, "appconfigdata", "GetLatestConfiguration", params);
        cx.unknown(HoleReason::Result(name_of("get_app_config")))
    }
}

fn name_of(function: &str) -> std::sync::Arc<str> {
    format!("parameters.{function}").into()
}
