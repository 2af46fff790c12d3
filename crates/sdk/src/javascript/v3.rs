//! The SDK v3: clients, commands, aggregated clients, paginators, waiters, and the `@aws-sdk/lib-*`
//! packages.

use perm_infer_analysis::{Args, Cx, Value};
use perm_infer_catalog::{Operation, Service};

use super::Javascript;
use super::client::{bucket_and_key, client, command, document_client, document_operation};
use super::credentials::{like_client, on_behalf_of_client};
use super::foreign::foreign;
use super::kind;
use super::names::{Name, v3_client};
use super::response::response;
use crate::shared::entry;

impl Javascript<'_> {
    /// Calling or constructing a name of the SDK v3; nothing for other modules.
    pub(crate) fn call_v3(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        match name.module {
            "@aws-sdk/lib-dynamodb" => self.call_lib_dynamodb(cx, name.path, args),
            "@aws-sdk/lib-storage" if name.last() == "Upload" => Some(self.new_upload(cx, args)),
            "@aws-sdk/s3-request-presigner" if name.last() == "getSignedUrl" => {
                Some(on_behalf_of_client(cx, args.at(0), |cx| self.signed_command(cx, args)))
            }
            "@aws-sdk/s3-presigned-post" if name.last() == "createPresignedPost" => {
                let params = args.positional.get(1);
                Some(on_behalf_of_client(cx, args.at(0), |cx| self.presigned_post(cx, params)))
            }
            "@aws-sdk/rds-signer" if name.last() == "Signer" => Some(self.database_signer(cx, args)),
            "@aws-sdk/dsql-signer" if name.last() == "DsqlSigner" => Some(self.cluster_signer(cx, args)),
            "@aws-sdk/util-dynamodb" => Some(cx.unknown(perm_infer_analysis::HoleReason::Computed)),
            module if module.starts_with("@aws-sdk/client-") => {
                let Some((service, is_client)) = v3_client(self.shared.catalog, module, name.last()) else {
                    let is_class = name.last().starts_with(|first: char| first.is_ascii_uppercase());
                    if is_class && !name.last().ends_with("Command") {
                        cx.note(
                            "unresolved-client",
                            format!("the service of `{module}` is not in the catalogue; what its clients call is not in the policy"),
                            "add what the calls need to the policy by hand".to_owned(),
                            true,
                        );
                    }
                    return Some(self.foreign_call(cx, name, args));
                };
                if is_client {
                    return Some(self.new_client(cx, service, args));
                }
                Some(self.call_client_package(cx, service, name.last(), args))
            }
            module if module.starts_with("@aws-sdk/") || module.starts_with("@smithy/") => {
                Some(self.foreign_call(cx, name, args))
            }
            _ => None,
        }
    }

    fn call_client_package(&self, cx: &mut Cx<'_, '_>, service: Service, name: &str, args: &Args) -> Value {
        if let Some(operation) =
            name.strip_suffix("Command").and_then(|_| service.operation_for_command(name))
        {
            return command(operation, args);
        }
        if name.starts_with("paginate")
            && let Some(operation) = service.paginator(name)
        {
            let params = args.positional.get(1).cloned().unwrap_or_else(|| Value::dict(Vec::new()));
            return self.performed_by(cx, args, operation, params);
        }
        if let Some(waiter) = name.strip_prefix("waitUntil").or_else(|| name.strip_prefix("waitFor"))
            && let Some(operation) = service.waiter(waiter)
        {
            let params = args.positional.get(1).cloned().unwrap_or_else(|| Value::dict(Vec::new()));
            return self.performed_by(cx, args, operation, params);
        }
        foreign(service.name())
    }

    /// An operation that a function performs whose first argument holds the client.
    fn performed_by(&self, cx: &mut Cx<'_, '_>, args: &Args, operation: Operation, params: Value) -> Value {
        let options = args.at(0).cloned().unwrap_or_default();
        let client = entry(cx, &options, "client").closed();
        on_behalf_of_client(cx, Some(&client), |cx| self.shared.perform(cx, operation, params.clone()));
        like_client(&response(operation, params), Some(&client))
    }

    fn call_lib_dynamodb(&self, cx: &mut Cx<'_, '_>, path: &str, args: &Args) -> Option<Value> {
        let dynamodb = self.shared.catalog.service("dynamodb")?;
        match path {
            "DynamoDBDocumentClient.from"
            | "DynamoDBDocument.from"
            | "DynamoDBDocumentClient"
            | "DynamoDBDocument" => {
                self.shared.uses_service(cx, dynamodb);
                return Some(like_client(&document_client(None), args.at(0)));
            }
            _ => {}
        }
        let words = path.strip_suffix("Command").or_else(|| path.strip_prefix("paginate"))?;
        let mut method = words.to_owned();
        method.get_mut(..1)?.make_ascii_lowercase();
        let operation = dynamodb.operation(document_operation(&method)?)?;
        if path.starts_with("paginate") {
            let params = args.positional.get(1).cloned().unwrap_or_default();
            return Some(self.performed_by(cx, args, operation, params));
        }
        Some(command(operation, args))
    }

    /// `getSignedUrl(client, command)`: who uses the URL acts with the rights of who signed it.
    fn signed_command(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        match self.send_commands(cx, &args.skip(1)) {
            Some(_) => foreign("a signed URL"),
            None => self.foreign_call(
                cx,
                Name { module: "@aws-sdk/s3-request-presigner", path: "getSignedUrl" },
                args,
            ),
        }
    }

    /// A client that is known by its stated type alone.
    pub(crate) fn typed_client(&self, cx: &mut Cx<'_, '_>, name: Name<'_>) -> Option<Value> {
        if name.module == "@nestjs/config" && name.path == "ConfigService" {
            return Some(super::configuration::configuration_service());
        }
        if name.module == "@aws-sdk/lib-dynamodb" {
            if !matches!(name.last(), "DynamoDBDocumentClient" | "DynamoDBDocument") {
                return None;
            }
            self.shared.uses_service(cx, self.shared.catalog.service("dynamodb")?);
            return Some(document_client(None));
        }
        if let Some((service, is_client)) = v3_client(self.shared.catalog, name.module, name.last()) {
            if !is_client {
                return None;
            }
            self.shared.uses_service(cx, service);
            return Some(client(service.name(), None));
        }
        self.typed_v2_client(cx, name)
    }

    /// A pre-signed POST allows what putting the object does.
    pub(crate) fn presigned_post(&self, cx: &mut Cx<'_, '_>, params: Option<&Value>) -> Value {
        let params = params.cloned().unwrap_or_default();
        let key = super::transfer::form_key(&entry(cx, &params, "Key"));
        let target = bucket_and_key(&entry(cx, &params, "Bucket"), &key);
        self.shared.perform_named(cx, "s3", "PutObject", target);
        foreign("a signed form")
    }

    /// `new Upload({ client, params })`, which starts with `done()`.
    fn new_upload(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let options = args.at(0).cloned().unwrap_or_default();
        let params = entry(cx, &options, "params");
        let client = entry(cx, &options, "client").closed();
        like_client(&Value::library(kind::UPLOAD, "s3", vec![("params", params)]), Some(&client))
    }
}
