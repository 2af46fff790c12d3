//! Models for Python: boto3 and its relatives, the builtins and the parts of the standard library on
//! which names of resources and the flow of control depend. Every other library is foreign: its
//! values are opaque, calls on them are no SDK calls, and functions handed to it are called.

mod argparse;
mod arguments;
mod assume_role_lib;
mod builtins;
mod client;
mod cloudaux;
mod concurrency;
mod containers;
mod externals;
mod foreign;
mod formatting;
mod frameworks;
mod injector;
mod likely;
mod paginator;
mod paths;
mod powertools;
mod pynamodb;
mod records;
mod resource;
mod resource_params;
mod response;
mod session;
mod settings;
mod signing;
mod stdlib;
mod storage;
mod strings;
mod transfer;
mod typed;
mod wrangler;

use perm_infer_analysis::{Args, Atom, Cx, Dict, Library, LibraryValue, Outcome, Protocol, Value};
use perm_infer_facts::BinaryOp;

use crate::shared::{CREDENTIALS, Shared};

/// Kinds of values that these models own.
pub(crate) mod kind {
    /// A boto3, botocore or aioboto3 session.
    pub(crate) const SESSION: &str = "session";
    /// A low-level client; its name is the service, empty when unknown.
    pub(crate) const CLIENT: &str = "client";
    /// A resource object; its name is `service:Type`, `service:-` for the service resource. Its fields
    /// are its identifiers, and `loaded` when its data are there already.
    pub(crate) const RESOURCE: &str = "resource";
    /// A collection of a resource; its name is that of the attribute.
    pub(crate) const COLLECTION: &str = "collection";
    /// `meta` of a client or resource; its name is the service.
    pub(crate) const META: &str = "meta";
    /// A paginator; its name is `service:Operation`.
    pub(crate) const PAGINATOR: &str = "paginator";
    /// What `paginate` gives; its name is `service:Operation`.
    pub(crate) const PAGES: &str = "pages";
    /// A waiter; its name is `service:Operation`.
    pub(crate) const WAITER: &str = "waiter";
    /// A paginator of an unknown client; its name is the method that it repeats.
    pub(crate) const LIKELY_PAGINATOR: &str = "likely-paginator";
    /// A method of a client whose name is not known; its name is the service.
    pub(crate) const UNKNOWN_METHOD: &str = "unknown-method";
    /// What an operation gave back, or a part of it; its name is `service:Operation`.
    pub(crate) const RESPONSE: &str = "response";
    /// What `Table.batch_writer` gives.
    pub(crate) const BATCH_WRITER: &str = "batch-writer";
    /// A value of a library that has nothing to do with AWS; its name is where it came from.
    pub(crate) const FOREIGN: &str = "foreign";
    /// A class that `namedtuple` made; its field `names` are those of its fields.
    pub(crate) const RECORD_CLASS: &str = "record-class";
    /// An instance of one; its field `values` is a dictionary.
    pub(crate) const RECORD: &str = "record";
    /// A file system of S3.
    pub(crate) const FILE_SYSTEM: &str = "file-system";
    /// A provider of `dependency_injector`; with a field `value` it is what one has made.
    pub(crate) const PROVIDER: &str = "provider";
    /// `click.option`, with the parameter's name and its default.
    pub(crate) const OPTION: &str = "option";
    /// A decorator that hands a client to what it decorates.
    pub(crate) const INJECTS: &str = "injects";
    /// A reader of environment variables.
    pub(crate) const ENVIRONMENT: &str = "environment";
    /// A parser of the command line; its name tells parsers apart.
    pub(crate) const PARSER: &str = "parser";
    /// What a parser gives; its name is that of the parser.
    pub(crate) const OPTIONS: &str = "options";
    /// `functools.partial`.
    pub(crate) const PARTIAL: &str = "partial";
    /// A decorator that gives back what it decorates.
    pub(crate) const TRANSPARENT: &str = "transparent";
    /// A pool of threads or processes.
    pub(crate) const EXECUTOR: &str = "executor";
    /// A result that is there already.
    pub(crate) const FUTURE: &str = "future";
    /// `start` of an instance of a class that extends a thread.
    pub(crate) const STARTER: &str = "starter";
    /// A `pathlib` path.
    pub(crate) const PATH: &str = "path";
    /// A generic type with its argument.
    pub(crate) const GENERIC: &str = "generic";
    /// A method of a `pynamodb` model or index; its name is the method.
    pub(crate) const PYNAMODB: &str = "pynamodb";
    /// A provider of powertools' data masking, or what masks with it.
    pub(crate) const DATA_MASKING: &str = "data-masking";
    /// A provider of powertools' parameters; its name is the class.
    pub(crate) const PARAMETERS: &str = "parameters";
}

pub(crate) use externals::is_sdk_module;

/// The models of everything that Python code uses from outside of the project.
pub(crate) struct Python<'a> {
    pub(crate) shared: Shared<'a>,
}

impl Python<'_> {
    fn library_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match value.kind {
            kind::SESSION => self.session_method(cx, name, args),
            kind::CLIENT => self.client_method(cx, value, name, args),
            kind::RESOURCE => self.resource_method(cx, value, name, args),
            kind::COLLECTION => self.collection_method(cx, value, name, args),
            kind::PAGINATOR | kind::LIKELY_PAGINATOR => self.paginator_method(cx, value, name, args),
            kind::PAGES => self.pages_method(cx, value, name),
            kind::WAITER => self.waiter_method(cx, value, name, args),
            kind::RESPONSE => self.response_method(cx, value, name, args),
            kind::BATCH_WRITER => Some(Atom::Null.into()),
            kind::FILE_SYSTEM => Some(self.storage_method(cx, value, name, args)),
            kind::FOREIGN if let Some(result) = self.frame_method(cx, name, args) => Some(result),
            kind::ENVIRONMENT => self.environment_method(cx, value, name, args),
            kind::PARSER => Some(argparse::method(cx, value, name, args)),
            kind::RECORD => Some(records::method(cx, value, name, args)),
            kind::EXECUTOR => self.executor_method(cx, name, args),
            kind::FUTURE => Some(self.future_method(cx, value, name, args)),
            kind::PROVIDER => Some(self.provider_method(value, name, args)),
            kind::PATH => Some(self.path_method(cx, value, name, args)),
            kind::PARAMETERS => self.parameters_method(cx, value, name, args),
            // `fetcher.fetch_credentials`, `credentials.get_frozen_credentials()`
            CREDENTIALS => Some(Atom::Library(std::sync::Arc::new(value.clone())).into()),
            kind::DATA_MASKING => Some(self.data_masking_method(cx, value, name)),
            kind::PARTIAL => None,
            _ => Some(self.foreign_method(cx, value, name, args)),
        }
    }
}

impl Library for Python<'_> {
    fn owns_module(&self, _dialect: &str, specifier: &str) -> bool {
        externals::owns_module(specifier)
    }

    fn global(&self, cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
        builtins::global(cx, name)
    }

    fn attribute(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str) -> Option<Value> {
        match object {
            Atom::External(external) => self.external_attribute(cx, &external.dotted(), name),
            Atom::Library(value) => match value.kind {
                kind::SESSION => self.session_attribute(cx, name),
                kind::CLIENT => self.client_attribute(value, name),
                kind::META => self.meta_attribute(cx, value, name),
                kind::RESOURCE => self.resource_attribute(cx, value, name),
                kind::PATH => self.path_attribute(cx, value, name),
                kind::FOREIGN => Some(foreign::attribute(cx, value, name)),
                kind::OPTIONS => Some(argparse::option(cx, value, name)),
                kind::PROVIDER => Some(self.provider_attribute(cx, object, name)),
                kind::RECORD => records::attribute(cx, value, name),
                CREDENTIALS if !name.contains("fetch") => Some(object.clone().into()),
                kind::PARTIAL if name == "func" => value.field("callee").cloned(),
                _ => None,
            },
            // `client.list_objects_v2.__name__`
            Atom::Method(_, method) if name == "__name__" => Some(Value::text(method, None)),
            // Members of an enumeration are their values here.
            Atom::Text(_) | Atom::Int(_) if name == "value" => Some(object.clone().into()),
            _ => None,
        }
    }

    fn index(&self, cx: &mut Cx<'_, '_>, object: &Atom, index: &Value) -> Option<Value> {
        match object {
            Atom::External(external) => self.external_index(cx, &external.dotted(), index),
            Atom::Library(value) => match value.kind {
                kind::RESPONSE => Some(self.response_index(cx, value, index)),
                kind::ENVIRONMENT => Some(self.shared.environment_variable(cx, index, None)),
                kind::RECORD => Some(records::index(value, index)),
                kind::FOREIGN if let Some(name) = index.to_str() => {
                    Some(foreign::attribute(cx, value, &name))
                }
                kind::RESOURCE | kind::FOREIGN => Some(object.clone().into()),
                _ => None,
            },
            _ => None,
        }
    }

    fn element(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        let Atom::Library(value) = object else { return None };
        match value.kind {
            kind::COLLECTION => self.collection_element(cx, value),
            kind::PAGES => self.pages_element(cx, value),
            kind::RESPONSE => Some(self.response_element(cx, value)),
            kind::RECORD => records::values(value).map(Dict::element),
            kind::RESOURCE | kind::FOREIGN => Some(object.clone().into()),
            _ => None,
        }
    }

    fn enter(&self, _cx: &mut Cx<'_, '_>, _object: &Atom) -> Option<Value> {
        None
    }

    fn awaited(&self, _cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        match object {
            Atom::Library(value) if value.kind == kind::FUTURE => value.field("result").cloned(),
            _ => None,
        }
    }

    fn call(&self, cx: &mut Cx<'_, '_>, callee: &Atom, args: &Args) -> Option<Value> {
        match callee {
            Atom::External(external) => Some(self.call_external(cx, &external.dotted(), args)),
            Atom::Library(value) => match value.kind {
                kind::PARTIAL => Some(self.call_partial(cx, value, args)),
                kind::ENVIRONMENT => self.environment_method(cx, value, "", args),
                kind::INJECTS => self.call_injecting(cx, value, args),
                kind::PROVIDER => Some(match value.field("value") {
                    Some(made) => cx.call(&made.clone(), args),
                    None => self.call_provider(cx, value, args),
                }),
                kind::OPTION => Some(frameworks::decorate(cx, value, args)),
                kind::RECORD_CLASS => Some(records::make(value, args)),
                kind::TRANSPARENT => args.positional.first().cloned(),
                kind::UNKNOWN_METHOD => Some(self.call_unknown_method(cx, value)),
                kind::PYNAMODB => Some(self.call_pynamodb(cx, value, args)),
                kind::STARTER => Some(self.call_starter(cx, value)),
                kind::FOREIGN => Some(self.foreign_call(cx, &value.name, args)),
                _ => None,
            },
            _ => None,
        }
    }

    fn method(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, args: &Args) -> Option<Outcome> {
        match object {
            Atom::Text(text) => Some(strings::method(cx, text, name, args).into()),
            Atom::List(list) => containers::list_method(cx, list, name, args),
            Atom::Dict(dict) => containers::dict_method(cx, dict, name, args),
            Atom::Function(_) => self.function_method(cx, object, name, args).map(Outcome::from),
            Atom::Library(value) if value.kind == kind::SESSION && name == "set_credentials" => {
                Some(Outcome {
                    result: Atom::Null.into(),
                    object: Some(session::with_credentials(object, args)),
                })
            }
            Atom::Library(value) => self.library_method(cx, value, name, args).map(Outcome::from),
            Atom::Method(inner, attribute) => {
                self.method_of_method(cx, inner, attribute, name, args).map(Outcome::from)
            }
            _ => None,
        }
    }

    fn unknown_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        self.frame_method(cx, name, args)
            .or_else(|| self.likely_client(cx, name, args))
            .or_else(|| self.likely_call(cx, name, args))
    }

    fn lacks(&self, _dialect: &str, object: &Atom, name: &str) -> bool {
        let Atom::Library(value) = object else { return false };
        match value.kind {
            kind::CLIENT => self.client_lacks(value, name),
            kind::RESOURCE => self.resource_lacks(value, name),
            _ => false,
        }
    }

    fn assign(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, value: &Value) -> Option<Value> {
        match object {
            Atom::Library(own) if own.kind == kind::FOREIGN => foreign::assign(cx, &own.name, name, value),
            Atom::External(external) => foreign::assign(cx, &external.dotted(), name, value),
            _ => return Self::assign_credentials(object, name, value),
        }
        None
    }

    fn typed(&self, cx: &mut Cx<'_, '_>, ty: &Atom) -> Option<Value> {
        self.value_of_type(cx, ty)
    }

    fn binary(&self, cx: &mut Cx<'_, '_>, op: BinaryOp, left: &Atom, right: &Value) -> Option<Value> {
        match (op, left) {
            (BinaryOp::Mod, Atom::Text(format)) => Some(formatting::percent(cx, format, right)),
            (BinaryOp::Div, Atom::Library(value)) if value.kind == kind::PATH => {
                Some(paths::join(cx, value, std::slice::from_ref(right)))
            }
            (_, Atom::Library(value)) if value.kind == kind::FOREIGN => Some(left.clone().into()),
            _ => None,
        }
    }

    fn inherited_default(
        &self,
        cx: &mut Cx<'_, '_>,
        base: &Atom,
        instance: &Atom,
        name: &str,
        default: &Value,
    ) -> Option<Value> {
        let Atom::External(external) = base else { return None };
        let is_settings = external.dotted().rsplit('.').next() == Some("BaseSettings");
        if is_settings { self.settings_field(cx, instance, name, Some(default)) } else { None }
    }

    fn inherited(&self, cx: &mut Cx<'_, '_>, base: &Atom, instance: &Atom, name: &str) -> Option<Value> {
        self.inherited_attribute(cx, base, instance, name)
    }

    fn wraps(&self, method: &str) -> bool {
        powertools::WRAPPERS.contains(&method)
            || ["setter", "getter", "deleter", "wraps", "capture", "capture_async"].contains(&method)
    }

    fn entered(&self, cx: &mut Cx<'_, '_>, function: &Atom) -> Option<Args> {
        frameworks::options(cx, function)
    }

    fn subclassed(&self, cx: &mut Cx<'_, '_>, base: &Atom, class: &Atom) {
        pynamodb::subclassed(cx, base, class);
    }

    fn protocol(&self, _protocol: Protocol) -> &'static [&'static str] {
        // Named for all languages at once by `Models`.
        &[]
    }
}
