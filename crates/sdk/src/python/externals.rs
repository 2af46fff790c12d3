//! Names outside of the project: which modules are known, and where each call of one goes.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::session::is_sdk;
use super::{Python, argparse, foreign, frameworks, kind, records, signing};

/// Modules of the standard library and the SDKs that real code imports. A project file of the same name
/// in some folder is not what `import` of them means.
const MODULES: &[&str] = &[
    // The SDKs and what belongs to them.
    "aioboto3",
    "aiobotocore",
    "aws_lambda_powertools",
    "aws_xray_sdk",
    "boto3",
    "botocore",
    "mypy_boto3",
    "s3transfer",
    // The standard library.
    "abc",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "atexit",
    "base64",
    "bisect",
    "builtins",
    "bz2",
    "calendar",
    "codecs",
    "collections",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "csv",
    "ctypes",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "email",
    "enum",
    "errno",
    "fnmatch",
    "fractions",
    "functools",
    "gc",
    "getpass",
    "glob",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "logging",
    "lzma",
    "math",
    "mimetypes",
    "multiprocessing",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "pkgutil",
    "platform",
    "pprint",
    "random",
    "re",
    "secrets",
    "shlex",
    "shutil",
    "signal",
    "smtplib",
    "socket",
    "sqlite3",
    "ssl",
    "stat",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tarfile",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "traceback",
    "types",
    "typing",
    "typing_extensions",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "xml",
    "zipfile",
    "zlib",
    "zoneinfo",
];

/// Whether a module is none of the project's, whatever its files are called.
pub(crate) fn owns_module(specifier: &str) -> bool {
    let package = specifier.split('.').next().unwrap_or_default();
    MODULES.contains(&package) || is_stub(package)
}

/// Whether a module belongs to an SDK or to the packages of types for one.
pub(crate) fn is_sdk_module(specifier: &str) -> bool {
    is_sdk(specifier) || is_stub(specifier.split('.').next().unwrap_or_default())
}

fn is_stub(package: &str) -> bool {
    ["mypy_boto3", "types_boto3", "types_aiobotocore", "types_aioboto3"]
        .iter()
        .any(|prefix| package.starts_with(prefix))
}

/// Whether values of a type are plain data or anything at all, so that the type does not tell that they
/// are foreign.
pub(crate) fn is_data_type(dotted: &str) -> bool {
    let package = dotted.split('.').next().unwrap_or_default();
    let is_builtin = package == dotted;
    is_builtin
        || matches!(package, "typing" | "typing_extensions" | "collections" | "types" | "abc" | "builtins")
}

impl Python<'_> {
    /// Calls `module.path(args)`.
    pub(crate) fn call_external(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Value {
        if is_sdk(dotted)
            && let Some(result) = self.call_sdk(cx, dotted, args)
        {
            return result;
        }
        let known = self
            .call_builtin(cx, dotted, args)
            .or_else(|| self.call_stdlib(cx, dotted, args))
            .or_else(|| self.call_concurrent(cx, dotted, args))
            .or_else(|| records::call(dotted, args))
            .or_else(|| argparse::call(cx, dotted))
            .or_else(|| self.call_settings(cx, dotted, args))
            .or_else(|| self.call_storage(cx, dotted, args))
            .or_else(|| self.call_wrangler(cx, dotted, args))
            .or_else(|| self.call_injector(cx, dotted, args))
            .or_else(|| self.call_cloudaux(cx, dotted, args))
            .or_else(|| self.call_assume_role_lib(cx, dotted, args))
            .or_else(|| signing::call(cx, dotted, args))
            .or_else(|| self.field_default(cx, dotted, args))
            .or_else(|| frameworks::call(cx, dotted, args))
            .or_else(|| self.call_powertools(cx, dotted, args));
        known.unwrap_or_else(|| self.foreign_call(cx, dotted, args))
    }

    /// Reads `object.name` of something external; nothing makes it the longer path.
    pub(crate) fn external_attribute(&self, cx: &mut Cx<'_, '_>, object: &str, name: &str) -> Option<Value> {
        match (object, name) {
            ("sys", "argv") => Some(Value::list_of(cx.unknown(HoleReason::Parameter("argv".into())))),
            ("os", "sep") | ("os.path", "sep") => Some(Value::text("/", None)),
            _ => self.sdk_attribute(object, name).or_else(|| foreign::assigned(cx, object, name)),
        }
    }

    /// Indexes something external.
    pub(crate) fn external_index(&self, cx: &mut Cx<'_, '_>, object: &str, index: &Value) -> Option<Value> {
        match object {
            "os.environ" => Some(self.shared.environment_variable(cx, index, None)),
            _ if is_sdk(object) => None,
            // A default that stands for what a provider makes.
            "dependency_injector.wiring.Provide" | "dependency_injector.wiring.Closing" => {
                Some(self.made(cx, index))
            }
            _ if let Some(name) = index.to_str()
                && let Some(value) = foreign::assigned(cx, object, &name) =>
            {
                Some(value)
            }
            // `list[S3Client]`, or data of a module.
            _ => Some(Self::generic(object, index)),
        }
    }

    /// Methods of functions of the project: what task queues add to them.
    pub(crate) fn function_method(
        &self,
        cx: &mut Cx<'_, '_>,
        function: &Atom,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        let function = function.clone().into();
        match name {
            "delay" | "s" | "si" | "remote" | "submit" | "spawn" | "fn" | "__call__" => {
                Some(cx.call(&function, args))
            }
            "apply_async" | "apply" => {
                let args = super::arguments::from_values(args.get(0, "args"), args.get(1, "kwargs"));
                Some(cx.call(&function, &args))
            }
            "cache_clear" | "cache_info" => Some(Atom::Null.into()),
            _ => None,
        }
    }

    /// A method of something that is itself a method not yet called, such as `app.route.get(f)`.
    pub(crate) fn method_of_method(
        &self,
        cx: &mut Cx<'_, '_>,
        _object: &Atom,
        attribute: &str,
        _name: &str,
        args: &Args,
    ) -> Option<Value> {
        Some(self.foreign_call(cx, attribute, args))
    }

    /// An attribute of instances of a project class that extends `base`.
    pub(crate) fn inherited_attribute(
        &self,
        cx: &mut Cx<'_, '_>,
        base: &Atom,
        instance: &Atom,
        name: &str,
    ) -> Option<Value> {
        match base {
            Atom::External(external) => {
                let dotted = external.dotted();
                if dotted.starts_with("pynamodb.") {
                    return super::pynamodb::inherited(&dotted, instance, name);
                }
                match (dotted.rsplit('.').next().unwrap_or_default(), name) {
                    ("BaseSettings", _) => self.settings_field(cx, instance, name, None),
                    ("Thread" | "Process" | "Timer", "start") => {
                        let instance = vec![("instance", instance.clone().into())];
                        Some(Value::library(kind::STARTER, "start", instance))
                    }
                    ("Thread" | "Process", "join") | ("object", "__init__") => {
                        Some(Value::library(kind::TRANSPARENT, name, Vec::new()))
                    }
                    ("Session", _) if is_sdk(&dotted) => {
                        let session = super::session::session();
                        session.single().map(|session| method(session, name))
                    }
                    // A member of an enumeration is its value; made from a value it is not known which.
                    ("Enum" | "StrEnum" | "IntEnum" | "Flag", "value" | "name") => {
                        Some(cx.unknown(HoleReason::Computed))
                    }
                    _ => None,
                }
            }
            Atom::Library(value) if matches!(value.kind, kind::SESSION | kind::CLIENT | kind::RESOURCE) => {
                Some(method(base, name))
            }
            _ => None,
        }
    }

    /// `thread.start()` of a class of the project.
    pub(crate) fn call_starter(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Value {
        let instance = value.field("instance").cloned().unwrap_or_default();
        cx.call_method(&instance, "run", &Args::of(Vec::new()));
        Atom::Null.into()
    }
}

fn method(object: &Atom, name: &str) -> Value {
    Atom::Method(std::sync::Arc::new(object.clone()), name.into()).into()
}
