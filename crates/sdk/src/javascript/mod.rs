//! Models for JavaScript and TypeScript: the builtins that names and the flow of control depend on,
//! Node.js, and both SDKs. Everything else is foreign.

mod arrays;
mod client;
mod configuration;
mod credentials;
mod foreign;
mod functions;
mod globals;
mod injection;
mod json;
mod libraries;
mod likely;
mod names;
mod node;
mod objects;
mod promises;
mod regex;
mod response;
mod signed_requests;
mod signers;
mod strings;
mod transfer;
mod v2;
mod v3;

use std::sync::Arc;

use perm_infer_analysis::{
    Args, Atom, Cx, External, HoleReason, Library, LibraryValue, Outcome, Protocol, Text, Value,
};
use perm_infer_facts::BinaryOp;

use crate::shared::{CREDENTIALS, Shared};
use foreign::foreign;
use names::Name;

pub(crate) use names::is_sdk_module;

/// Kinds of library values of this model.
pub(crate) mod kind {
    /// A client of either SDK; its name is the service.
    pub(crate) const CLIENT: &str = "js.client";
    /// A document client of DynamoDB.
    pub(crate) const DOCUMENT_CLIENT: &str = "js.document-client";
    /// A command that was not sent; its name is `service:Operation`.
    pub(crate) const COMMAND: &str = "js.command";
    /// A response; its name is `service:Operation`.
    pub(crate) const RESPONSE: &str = "js.response";
    /// An upload in parts that was not started.
    pub(crate) const UPLOAD: &str = "js.upload";
    /// Signs connections to databases of Amazon RDS; the fields are `hostname` and `username`.
    pub(crate) const DATABASE_SIGNER: &str = "js.database-signer";
    /// Signs connections to clusters of Aurora DSQL; the field is `Hostname`.
    pub(crate) const CLUSTER_SIGNER: &str = "js.cluster-signer";
    /// A value of a library that has nothing to do with AWS.
    pub(crate) const FOREIGN: &str = "js.foreign";
    /// A function with bound arguments.
    pub(crate) const BOUND: &str = "js.bound";
    /// A function that takes a callback, as one that gives a promise.
    pub(crate) const PROMISIFIED: &str = "js.promisified";
    /// A function that gives its argument back.
    pub(crate) const TRANSPARENT: &str = "js.transparent";
    /// The function by which a promise is resolved.
    pub(crate) const RESOLVER: &str = "js.resolver";
    /// `require` as a value.
    pub(crate) const REQUIRE: &str = "js.require";
    /// A model of a library that maps objects to items; its name is the library.
    pub(crate) const MAPPER: &str = "js.mapper";
    /// A request of such a library that was built and not sent.
    pub(crate) const MAPPER_REQUEST: &str = "js.mapper-request";
    /// A provider of parameters; its name is the class.
    pub(crate) const PARAMETERS: &str = "js.parameters";
    /// A consumer or producer of a queue; its name is the library.
    pub(crate) const QUEUE: &str = "js.queue";
    /// A transport of mails through SES.
    pub(crate) const MAIL: &str = "js.mail";
    /// A schema of configuration.
    pub(crate) const SCHEMA: &str = "js.schema";
    /// A namespace of NestJS's configuration.
    pub(crate) const NAMESPACE: &str = "js.namespace";
    /// NestJS's configuration service.
    pub(crate) const CONFIGURATION: &str = "js.configuration";
    /// A regular expression; its name is the pattern.
    pub(crate) const REGEX: &str = "js.regex";
    /// A symbol; its name tells it from others.
    pub(crate) const SYMBOL: &str = "js.symbol";
    /// A decorator that injects what is registered under a token.
    pub(crate) const INJECTED: &str = "js.injected";
    /// The function by which a module of a container binds tokens.
    pub(crate) const BINDER: &str = "js.binder";
    /// A token that is being bound.
    pub(crate) const BINDING: &str = "js.binding";
    /// What awilix will give for a name; the field is `value`.
    pub(crate) const REGISTRATION: &str = "js.registration";
    /// All that a container holds, by name.
    pub(crate) const CRADLE: &str = "js.cradle";
    /// A keyring of the AWS Encryption SDK; the fields are its keys.
    pub(crate) const KEYRING: &str = "js.keyring";
    /// What encrypts and decrypts with keyrings.
    pub(crate) const ENCRYPTION: &str = "js.encryption";
    /// The JSON text of a value.
    pub(crate) const JSON: &str = "js.json";

    /// Clients of all kinds.
    pub(crate) const CLIENTS: &[&str] = &[CLIENT, DOCUMENT_CLIENT];
    /// Kinds that can be called.
    pub(crate) const FUNCTIONS: &[&str] = &[BOUND, PROMISIFIED, TRANSPARENT, RESOLVER];
}

/// The models of everything that JavaScript code uses from outside of the project.
pub(crate) struct Javascript<'a> {
    pub(crate) shared: Shared<'a>,
}

impl Javascript<'_> {
    fn call_external(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        if let Some(object) = name.path.strip_suffix(name.last()).filter(|_| promises::is_method(name.last()))
        {
            // A module that is imported by a call is a promise.
            let object = External::new(name.module, object.trim_end_matches('.'));
            return Some(promises::method(cx, &Atom::External(object).into(), name.last(), args));
        }
        if let Some(result) = self.call_credentials(cx, name, args) {
            return Some(result);
        }
        if let Some(result) = signed_requests::call(cx, name, args) {
            return Some(result);
        }
        if let Some(result) = self.call_v3(cx, name, args).or_else(|| self.call_v2(cx, name, args)) {
            return Some(result);
        }
        if let Some(result) = self.call_injection(cx, name, args) {
            return Some(result);
        }
        if let Some(result) = self.call_wrapper(cx, name, args) {
            return Some(result);
        }
        if let Some(result) = self.call_configuration(cx, name, args) {
            return Some(result);
        }
        if let Some(path) = name.global() {
            return Some(self.call_global(cx, &path, args));
        }
        if name.may_be_project() {
            return self.call_of_missing(cx, name, args);
        }
        Some(self.call_node(cx, name, args).unwrap_or_else(|| self.foreign_call(cx, name, args)))
    }

    fn call_library(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Option<Value> {
        match value.kind {
            kind::BOUND => self.call_bound(cx, value, args),
            kind::PROMISIFIED => self.call_promisified(cx, value, args),
            kind::TRANSPARENT => Some(args.at(0).cloned().unwrap_or_else(|| Atom::Null.into())),
            kind::RESOLVER => Some(self.call_resolver(cx, value, args)),
            kind::REQUIRE => Some(self.required(cx, args)),
            kind::NAMESPACE => {
                let factory = value.field("factory")?.clone();
                Some(cx.call(&factory, args))
            }
            // An item of a model that is made with `new`.
            kind::MAPPER => Some(Atom::Library(Arc::new(value.clone())).into()),
            kind::BINDER => {
                let token = args.at(0).cloned().unwrap_or_default();
                Some(Value::library(kind::BINDING, "binding", vec![("token", token)]))
            }
            // A provider gives credentials when it is called.
            CREDENTIALS => Some(Atom::Library(Arc::new(value.clone())).into()),
            kind::INJECTED => Some(args.at(0).cloned().unwrap_or_default()),
            kind::FOREIGN => Some(self.foreign_call(cx, Name { module: &value.name, path: "" }, args)),
            _ => None,
        }
    }

    fn library_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        let whole: Value = Atom::Library(Arc::new(value.clone())).into();
        if promises::is_method(name) && value.kind != kind::COMMAND {
            return Some(promises::method(cx, &whole, name, args));
        }
        if let Some(result) = self.wrapper_method(cx, value, name, args) {
            return Some(result);
        }
        match value.kind {
            kind::CLIENT | kind::DOCUMENT_CLIENT => Some(self.client_method(cx, value, name, args)),
            kind::RESPONSE => Some(self.response_method(cx, value, name, args)),
            kind::UPLOAD => Some(self.upload_method(cx, value, name, args)),
            kind::DATABASE_SIGNER => Some(self.database_signer_method(cx, value, name, args)),
            kind::CLUSTER_SIGNER => Some(self.cluster_signer_method(cx, value, name)),
            kind::COMMAND => Some(foreign("command")),
            kind::JSON => Some(cx.unknown(HoleReason::Computed)),
            CREDENTIALS => Some(whole),
            kind::SCHEMA => Some(self.schema_method(cx, value, name, args)),
            kind::CONFIGURATION => Some(self.configuration_method(cx, name, args)),
            kind::NAMESPACE => Some(foreign("@nestjs/config")),
            kind::REGEX => Some(cx.unknown(HoleReason::Computed)),
            kind::BINDING => Some(injection::binding_method(cx, value, name, args)),
            // Lifetimes: `asClass(Archive).singleton()`.
            kind::REGISTRATION => Some(whole),
            kind::BINDER if name == "bind" => self.call_library(cx, value, args),
            kind::FOREIGN => Some(self.foreign_method(cx, value, name, args)),
            _ => self
                .function_method(cx, &Atom::Library(Arc::new(value.clone())), name, args)
                .map(|outcome| outcome.result),
        }
    }
}

impl Library for Javascript<'_> {
    fn owns_module(&self, _dialect: &str, specifier: &str) -> bool {
        names::owns_module(specifier)
    }

    fn global(&self, cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
        globals::global(cx, name)
    }

    fn attribute(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str) -> Option<Value> {
        match object {
            Atom::External(external) => {
                let of = Name::of(external);
                let path = of.global()?;
                if path == "process.env" {
                    return Some(self.environment(cx, &Value::text(name, None)));
                }
                (path == "process" && name == "argv")
                    .then(|| cx.unknown(HoleReason::Parameter("argv".into())))
            }
            Atom::Dict(dict) => objects::missing_property(cx, dict, name),
            Atom::List(_) | Atom::Text(_) if matches!(name, "length" | "size") => {
                Some(cx.unknown(HoleReason::Computed))
            }
            Atom::Library(value) => match value.kind {
                kind::RESPONSE => self.response_attribute(cx, value, name),
                kind::COMMAND if name == "input" => value.field("input").cloned(),
                kind::CLIENT | kind::DOCUMENT_CLIENT
                    if matches!(name, "config" | "middlewareStack" | "options") =>
                {
                    Some(foreign(name))
                }
                kind::FOREIGN | kind::BINDER | CREDENTIALS => Some(Atom::Library(value.clone()).into()),
                kind::NAMESPACE => configuration::namespace_attribute(value, name),
                kind::MAPPER => self.wrapper_attribute(cx, value, name),
                kind::CRADLE => Some(injection::cradle_attribute(cx, name)),
                _ => None,
            },
            _ => None,
        }
    }

    fn index(&self, cx: &mut Cx<'_, '_>, object: &Atom, index: &Value) -> Option<Value> {
        match object {
            Atom::External(external) => {
                let name = Name::of(external);
                if name.global().as_deref() == Some("process.env") {
                    return Some(self.environment(cx, index));
                }
                let is_class_table = name.module == "aws-sdk" && name.path.is_empty();
                (is_class_table && index.as_str().is_none()).then(|| v2::unresolved_client(cx))
            }
            Atom::Library(value) => match value.kind {
                kind::RESPONSE => Some(self.response_index(cx, value, index)),
                kind::FOREIGN => Some(Atom::Library(value.clone()).into()),
                kind::CLIENT | kind::DOCUMENT_CLIENT if index.as_str().is_none() => {
                    let message = "the operation that is called by its name is not known from the source";
                    client::unresolved_operation(cx, &value.name, message);
                    Some(foreign(&value.name))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn element(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        match object {
            Atom::Library(value) => match value.kind {
                // The pages of a paginator are its responses.
                kind::RESPONSE if value.field("path").and_then(Value::as_str) == Some("") => {
                    Some(Atom::Library(value.clone()).into())
                }
                kind::RESPONSE => Some(self.response_element(cx, value)),
                kind::FOREIGN => Some(Atom::Library(value.clone()).into()),
                _ => None,
            },
            _ => None,
        }
    }

    fn enter(&self, _cx: &mut Cx<'_, '_>, _object: &Atom) -> Option<Value> {
        None
    }

    fn awaited(&self, _cx: &mut Cx<'_, '_>, _object: &Atom) -> Option<Value> {
        None
    }

    fn call(&self, cx: &mut Cx<'_, '_>, callee: &Atom, args: &Args) -> Option<Value> {
        match callee {
            Atom::External(external) => self.call_external(cx, Name::of(external), args),
            Atom::Library(value) => self.call_library(cx, value, args),
            _ => None,
        }
    }

    fn method(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, args: &Args) -> Option<Outcome> {
        match object {
            Atom::Library(value) => self.library_method(cx, value, name, args).map(Outcome::from),
            Atom::Function(_) | Atom::Method(..) => {
                // `s3.getObject(params).promise` and the like were taken as values before the call.
                self.function_method(cx, object, name, args)
            }
            _ if promises::is_method(name) => {
                Some(promises::method(cx, &object.clone().into(), name, args).into())
            }
            Atom::List(list) => Some(arrays::method(cx, list, name, args)),
            Atom::Dict(dict) => Some(objects::method(cx, dict, name, args)),
            Atom::Text(text) => Some(strings::method(cx, text, name, args).into()),
            Atom::Int(value) => {
                let text = Text::literal(&value.to_string(), None);
                Some(strings::method(cx, &text, name, args).into())
            }
            _ => None,
        }
    }

    fn unknown_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        if name == "send"
            && let Some(result) = self.send_commands(cx, args)
        {
            return Some(result);
        }
        if promises::is_method(name) {
            let unknown = cx.like_receiver("a promise");
            return Some(promises::method(cx, &unknown, name, args));
        }
        if let Some(result) = self.likely_call(cx, name, args) {
            return Some(result);
        }
        let element = cx.like_receiver(name);
        arrays::method_of_unknown(cx, &element, name, args)
    }

    fn lacks(&self, _dialect: &str, object: &Atom, name: &str) -> bool {
        match object {
            Atom::Library(value) if kind::CLIENTS.contains(&value.kind) => self.client_lacks(value, name),
            Atom::Function(_) => !functions::is_own_member(name),
            _ => false,
        }
    }

    fn typed(&self, cx: &mut Cx<'_, '_>, ty: &Atom) -> Option<Value> {
        if let Atom::Library(value) = ty {
            return (value.kind == kind::INJECTED).then(|| injection::injected(cx, value))?;
        }
        let Atom::External(external) = ty else { return None };
        self.typed_client(cx, Name::of(external))
    }

    fn binary(&self, _cx: &mut Cx<'_, '_>, _op: BinaryOp, _left: &Atom, _right: &Value) -> Option<Value> {
        None
    }

    fn inherited(&self, cx: &mut Cx<'_, '_>, base: &Atom, _instance: &Atom, name: &str) -> Option<Value> {
        let Atom::External(external) = base else { return None };
        // A class that extends a client is one: it has the client's methods.
        if let Some(client) = self.typed_client(cx, Name::of(external)) {
            return Some(if name.is_empty() { client } else { cx.attribute(&client, name) });
        }
        // A class of a framework: what it gives is none of the SDK's.
        (!Name::of(external).may_be_project()).then(|| foreign(&external.module))
    }

    fn wraps(&self, method: &str) -> bool {
        // Of Powertools for AWS Lambda.
        ["injectLambdaContext", "captureLambdaHandler", "captureMethod", "logMetrics"].contains(&method)
    }

    fn protocol(&self, _protocol: Protocol) -> &'static [&'static str] {
        &[]
    }
}
