//! Sessions of boto3, botocore, aioboto3 and aiobotocore, and the clients and resources they make.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Value};

use super::resource::service_resource;
use super::{Python, foreign::foreign, kind};
use crate::shared::known_strings;

/// Modules whose functions make clients, sessions or resources.
const SDK_MODULES: &[&str] = &["boto3", "botocore", "aioboto3", "aiobotocore"];

/// A session; which one does not matter for what it makes.
pub(crate) fn session() -> Value {
    Value::library(kind::SESSION, "session", Vec::new())
}

/// A client of a service, by boto3's name.
pub(crate) fn client(service: &str) -> Value {
    Value::library(kind::CLIENT, service, Vec::new())
}

/// Whether a dotted name belongs to one of the SDK's packages.
pub(crate) fn is_sdk(dotted: &str) -> bool {
    SDK_MODULES.contains(&dotted.split('.').next().unwrap_or_default())
}

impl Python<'_> {
    /// Functions and classes of the SDK's packages.
    pub(crate) fn call_sdk(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let (package, path) = dotted.split_once('.')?;
        if !SDK_MODULES.contains(&package) {
            return None;
        }
        match path {
            "client" => Some(self.make_client(cx, args.get(0, "service_name"))),
            "resource" => Some(self.make_resource(cx, args.get(0, "service_name"))),
            "Session"
            | "session.Session"
            | "session.AioSession"
            | "session.get_session"
            | "get_session"
            | "_get_default_session" => Some(session()),
            "setup_default_session" => Some(Atom::Null.into()),
            // A thin wrapper with the same methods as the client it is given.
            "s3.transfer.S3Transfer" => Some(match args.get(0, "client") {
                Some(client) => client.clone(),
                None => foreign(dotted),
            }),
            _ => None,
        }
    }

    /// Attributes of the SDK's packages that are values.
    pub(crate) fn sdk_attribute(&self, dotted: &str, name: &str) -> Option<Value> {
        (dotted == "boto3" && name == "DEFAULT_SESSION").then(session)
    }

    /// Methods of a session.
    pub(crate) fn session_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        match name {
            "client" | "create_client" => Some(self.make_client(cx, args.get(0, "service_name"))),
            "resource" => Some(self.make_resource(cx, args.get(0, "service_name"))),
            "__enter__" | "__aenter__" => Some(session()),
            _ => Some(foreign("boto3.Session")),
        }
    }

    /// Data of a session.
    pub(crate) fn session_attribute(&self, cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
        matches!(name, "region_name" | "profile_name")
            .then(|| cx.unknown(HoleReason::Result(format!("session.{name}").into())))
    }

    /// The client for every service that the value may name.
    pub(crate) fn make_client(&self, cx: &mut Cx<'_, '_>, name: Option<&Value>) -> Value {
        let mut result = Value::bottom();
        let (names, open) = service_names(name);
        for name in names {
            match self.shared.catalog.service(&name) {
                Some(service) => {
                    self.shared.uses_service(cx, service);
                    result.join(&client(&name));
                }
                None => unknown_service(cx, &name),
            }
        }
        if open {
            unresolved_client(cx);
            result.join(&client(""));
        }
        result
    }

    /// The service resource for every service that the value may name.
    pub(crate) fn make_resource(&self, cx: &mut Cx<'_, '_>, name: Option<&Value>) -> Value {
        let mut result = Value::bottom();
        let (names, open) = service_names(name);
        for name in names {
            match self.shared.catalog.service(&name).and_then(|service| service.resource_model()) {
                Some(model) => {
                    self.shared.uses_service(cx, model.service());
                    result.join(&service_resource(&name));
                }
                None => unknown_service(cx, &name),
            }
        }
        if open {
            unresolved_client(cx);
            result.join(&cx.unknown(HoleReason::Result("boto3.resource".into())));
        }
        result
    }
}

fn service_names(name: Option<&Value>) -> (Vec<String>, bool) {
    match name {
        // Reached by nothing yet: no client either.
        Some(name) if name.is_bottom() => (Vec::new(), false),
        Some(name) => known_strings(name),
        None => (Vec::new(), true),
    }
}

fn unknown_service(cx: &mut Cx<'_, '_>, name: &str) {
    cx.note(
        "unknown-service",
        format!("the SDK has no service `{name}` that could be made here"),
        "correct the name; calls of this client are not in the policy".to_owned(),
        true,
    );
}

fn unresolved_client(cx: &mut Cx<'_, '_>) {
    cx.note(
        "unresolved-client",
        "the service of this client is not known from the source".to_owned(),
        "name the service as a constant, or add what its calls need to the policy by hand".to_owned(),
        true,
    );
}
