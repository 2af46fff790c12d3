//! Sessions of boto3, botocore, aioboto3 and aiobotocore, and the clients and resources they make.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Value};

use super::resource::service_resource;
use super::{Python, foreign::foreign, kind};
use crate::shared::{credentials, credentials_in, dict_of, known_strings, made_with};

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
            "client" => Some(self.make_client(cx, args)),
            "resource" => Some(self.make_resource(cx, args)),
            "Session" if let Some(inner) = args.named("botocore_session") => {
                Some(made_with(inner.without(|atom| !is_session(atom)), key_of(args, 0)))
            }
            "Session"
            | "session.Session"
            | "session.AioSession"
            | "session.get_session"
            | "get_session"
            | "_get_default_session" => Some(made_with(session(), key_of(args, 0))),
            "setup_default_session" => Some(Atom::Null.into()),
            // A thin wrapper with the same methods as the client it is given.
            "s3.transfer.S3Transfer" => Some(match args.get(0, "client") {
                Some(client) => client.clone(),
                None => foreign(dotted),
            }),
            _ => self.make_credentials(cx, dotted, args),
        }
    }

    /// Attributes of the SDK's packages that are values.
    pub(crate) fn sdk_attribute(&self, dotted: &str, name: &str) -> Option<Value> {
        (dotted == "boto3" && name == "DEFAULT_SESSION").then(session)
    }

    /// Methods of a session.
    pub(crate) fn session_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        match name {
            "client" | "create_client" => Some(self.make_client(cx, args)),
            "resource" => Some(self.make_resource(cx, args)),
            "__enter__" | "__aenter__" => Some(session()),
            _ => Some(foreign("boto3.Session")),
        }
    }

    /// Data of a session.
    pub(crate) fn session_attribute(&self, cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
        matches!(name, "region_name" | "profile_name")
            .then(|| cx.unknown(HoleReason::Result(format!("session.{name}").into())))
    }

    /// The client for every service that the arguments may name.
    pub(crate) fn make_client(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let mut result = Value::bottom();
        let (names, open) = service_names(args.get(0, "service_name"));
        let mut unknown = Vec::new();
        for name in names {
            match self.shared.catalog.service(&name) {
                Some(service) => {
                    self.shared.uses_service(cx, service);
                    result.join(&client(&name));
                }
                None => unknown.push(name),
            }
        }
        // A name that has a client elsewhere stands for another path through the code.
        if result.is_bottom() {
            unknown.iter().for_each(|name| unknown_service(cx, name));
        }
        if open {
            unresolved_client(cx);
            result.join(&client(""));
        }
        made_with(result, key_of(args, CLIENT_KEY))
    }

    /// The service resource for every service that the arguments may name.
    pub(crate) fn make_resource(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let mut result = Value::bottom();
        let (names, open) = service_names(args.get(0, "service_name"));
        let mut unknown = Vec::new();
        for name in names {
            match self.shared.catalog.service(&name).and_then(|service| service.resource_model()) {
                Some(model) => {
                    self.shared.uses_service(cx, model.service());
                    result.join(&service_resource(&name));
                }
                None => unknown.push(name),
            }
        }
        if result.is_bottom() {
            unknown.iter().for_each(|name| unknown_service(cx, name));
        }
        if open {
            unresolved_client(cx);
            result.join(&cx.unknown(HoleReason::Result("boto3.resource".into())));
        }
        made_with(result, key_of(args, CLIENT_KEY))
    }

    /// Credentials that botocore builds around others: the metadata it is given, what the function gives
    /// that refreshes them, or those of a role that it assumes itself.
    pub(crate) fn make_credentials(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let path = dotted.strip_prefix("botocore.credentials.")?;
        let class = path.split('.').next().unwrap_or_default();
        if class.ends_with("AssumeRoleCredentialFetcher")
            || class == "AssumeRoleWithWebIdentityCredentialFetcher"
        {
            let role = args.get(2, "role_arn").cloned().unwrap_or_default();
            if class == "AssumeRoleCredentialFetcher" {
                let params = dict_of(&[("RoleArn", Some(&role))]).into();
                self.shared.perform_named(cx, "sts", "AssumeRole", params);
            }
            return Some(credentials(&role));
        }
        if !class.ends_with("Credentials") {
            return None;
        }
        let mut found = Value::bottom();
        for value in args.values() {
            found.join(&credentials_in(value));
        }
        let refresh = args.named("refresh_using").cloned();
        if let Some(refresh) =
            refresh.or_else(|| args.positional.iter().find(|value| is_function(value)).cloned())
        {
            let fresh = cx.call(&refresh, &Args::of(Vec::new()));
            found.join(&credentials_in(&fresh));
        }
        Some(if found.is_bottom() { foreign(dotted) } else { found })
    }

    /// `session._credentials = credentials`, as code does that has them refreshed.
    pub(crate) fn assign_credentials(object: &Atom, name: &str, value: &Value) -> Option<Value> {
        let assigned = is_session(object) && name == "_credentials";
        assigned.then(|| made_with(object.clone().into(), Some(&credentials_in(value))))
    }
}

/// Where `client` and `resource` take the access key, by position.
const CLIENT_KEY: usize = 6;

/// The part of the credentials among the arguments that tells whose they are.
fn key_of(args: &Args, position: usize) -> Option<&Value> {
    let names = ["aws_access_key_id", "access_key", "aws_secret_access_key", "aws_session_token"];
    names.iter().find_map(|name| args.named(name)).or_else(|| args.positional.get(position))
}

/// `session.set_credentials(key, secret, token)`
pub(crate) fn with_credentials(session: &Atom, args: &Args) -> Value {
    made_with(session.clone().into(), key_of(args, 0))
}

fn is_session(atom: &Atom) -> bool {
    matches!(atom, Atom::Library(value) if value.kind == kind::SESSION)
}

fn is_function(value: &Value) -> bool {
    matches!(value.single(), Some(Atom::Function(_) | Atom::Method(..)))
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
