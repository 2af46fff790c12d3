//! The SDK v2: `new AWS.S3()`, `aws-sdk/clients/s3`, `AWS.DynamoDB.DocumentClient`, `S3.ManagedUpload`.

use perm_infer_analysis::{Args, Cx, Value};
use perm_infer_catalog::Service;

use super::client::{client, document_client};
use super::foreign::foreign;
use super::names::Name;
use super::{Javascript, kind};
use crate::shared::entry;

/// `new AWS[name]()` with a name that only the run knows.
pub(crate) fn unresolved_client(cx: &mut Cx<'_, '_>) -> Value {
    cx.note(
        "unresolved-client",
        "the service of this client is not known from the source".to_owned(),
        "name the service as a constant".to_owned(),
        true,
    );
    foreign("client")
}

impl Javascript<'_> {
    /// Calling or constructing a name of the SDK v2; nothing for other modules.
    pub(crate) fn call_v2(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        let (service, rest) = match self.v2_class(name)? {
            (Some(service), rest) => (service, rest),
            // Credentials, configuration, errors.
            (None, _) => return Some(self.foreign_call(cx, name, args)),
        };
        Some(match rest {
            "" => self.new_client(cx, service, args),
            "DocumentClient" => self.new_document_client(cx, args),
            "ManagedUpload" => {
                let params = args.at(0).map(|options| entry(cx, options, "params")).unwrap_or_default();
                Value::library(kind::UPLOAD, "s3", vec![("params", params)])
            }
            "Signer" if service.name() == "rds" => self.database_signer(cx, args),
            "Converter.marshall" | "Converter.unmarshall" | "Converter.input" | "Converter.output" => {
                cx.unknown(perm_infer_analysis::HoleReason::Computed)
            }
            _ => foreign(service.name()),
        })
    }

    /// The service that a path of the SDK v2 starts with, and what follows; nothing for other modules.
    fn v2_class<'n>(&self, name: Name<'n>) -> Option<(Option<Service>, &'n str)> {
        if let Some(module) = name.module.strip_prefix("aws-sdk/clients/") {
            // `require('aws-sdk/clients/s3')` is the class; the module `all` holds every class.
            if module != "all" {
                return Some((self.shared.catalog.service_for_v2_class(module), name.path));
            }
        } else if name.module != "aws-sdk" && !(name.module.is_empty() && name.path.starts_with("AWS.")) {
            return None;
        }
        let path = name.path.strip_prefix("AWS.").unwrap_or(name.path);
        let (class, rest) = path.split_once('.').unwrap_or((path, ""));
        Some((self.shared.catalog.service_for_v2_class(class), rest))
    }

    pub(crate) fn typed_v2_client(&self, cx: &mut Cx<'_, '_>, name: Name<'_>) -> Option<Value> {
        let (Some(service), rest) = self.v2_class(name)? else { return None };
        self.shared.uses_service(cx, service);
        match rest {
            "" => Some(client(service.name(), None)),
            "DocumentClient" => Some(document_client(None)),
            _ => None,
        }
    }
}
