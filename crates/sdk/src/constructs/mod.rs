//! Programs that describe a deployment with AWS CDK: what they build is reported as effects, and what
//! their values stand for once deployed as text that says so.
//!
//! Every construct is one [`Effect`] of the service [`SERVICE`], whose operation is the class
//! (`lambda.Function`, `dynamodb.Table.fromTableName`) and whose parameters are `token`, `scope`, `id`,
//! `arguments` and `properties`. Calls of methods that change a construct are effects named after the
//! method (`addEnvironment`) with `token` and `arguments`. Names are those of TypeScript in every language.
//! An attribute of a construct is a text with a token in it, as in CDK itself, so that it survives whatever
//! the program does with texts: `${Cdk[TOKEN|tableName]}`. Nothing here knows what a class makes.

mod names;

use perm_infer_analysis::{Args, Atom, Cx, Effect, External, HoleReason, Library, Outcome, Protocol, Value};
use perm_infer_catalog::Catalog;
use perm_infer_facts::BinaryOp;

use crate::Models;
use crate::shared::Environment;
use names::{Name, camel};

pub use names::is_construct_module;

/// The service of the effects.
pub const SERVICE: &str = "cdk";

/// The kind of library values that are constructs; the field [`TOKEN`] tells them apart.
pub const CONSTRUCT: &str = "cdk.construct";

/// The kind of library values that are something else of CDK: `Code.fromAsset("x")`. The fields are
/// `arguments` and `properties`.
pub const VALUE: &str = "cdk.value";

/// The field of a construct that tells it from others.
pub const TOKEN: &str = "token";

/// What stands before the directory of a file of the project in `__dirname`: paths relative to where the
/// files are scanned from, and absolute ones.
pub const DIRECTORY: &str = "/@/";
/// The same of absolute directories.
pub const ABSOLUTE: &str = "/@absolute/";

/// Byte strings of which every file contains one that uses CDK.
#[must_use]
pub fn construct_patterns() -> &'static [&'static str] {
    &["aws-cdk-lib", "@aws-cdk/", "aws_cdk"]
}

/// The global function that takes a configuration which a program makes: an effect of that name.
pub const CONFIGURATION: &str = "describeConfiguration";

/// The name of library values that are the text of a file, by its path.
pub const FILE: &str = "file.contents";

/// The models of everything that such programs use.
pub struct Constructs<'a> {
    models: Models<'a>,
    /// The directory of each file.
    directories: Vec<String>,
    /// Where the program runs.
    working_directory: String,
}

/// A directory as `__dirname` gives it.
fn marked(directory: &str) -> String {
    match directory.strip_prefix('/') {
        Some(absolute) => format!("{ABSOLUTE}{absolute}"),
        None => format!("{DIRECTORY}{directory}").trim_end_matches('/').to_owned(),
    }
}

impl<'a> Constructs<'a> {
    /// Models for the files at these paths, of a program that runs in a directory.
    pub fn new<'p>(
        catalog: Catalog,
        environment: &'a dyn Environment,
        paths: impl Iterator<Item = &'p str>,
        working_directory: &str,
    ) -> Self {
        let directory = |path: &str| marked(path.rsplit_once('/').map_or("", |(directory, _)| directory));
        Constructs {
            models: Models::new(catalog, environment),
            directories: paths.map(directory).collect(),
            working_directory: marked(working_directory),
        }
    }

    /// Functions of the languages that lead to files, and the one that takes a configuration.
    fn call_of_language(&self, cx: &mut Cx<'_, '_>, external: &External, args: &Args) -> Option<Value> {
        let module = external.module.strip_prefix("node:").unwrap_or(&external.module);
        match (module, &*external.path) {
            ("", "process.cwd") | ("os", "getcwd") => Some(Value::text(&self.working_directory, None)),
            ("fs", "readFileSync") | (CONFIGURATION, "open") => {
                Some(Value::library(VALUE, FILE, vec![("arguments", Value::list(args.positional.clone()))]))
            }
            (CONFIGURATION, "") => {
                let params = args.positional.first().cloned().unwrap_or_default();
                let (service, operation) = (SERVICE.into(), CONFIGURATION.into());
                cx.perform(Effect { service, operation, params, certain: true });
                Some(Atom::Null.into())
            }
            _ => None,
        }
    }

    fn call_external(cx: &mut Cx<'_, '_>, name: &Name, args: &Args) -> Value {
        let (scope, id) = (args.get(0, "scope"), args.get(1, "id").or_else(|| args.named("construct_id")));
        let is_construct = scope.is_some_and(|scope| scope.texts().next().is_none())
            && id.is_some_and(|id| id.texts().next().is_some());
        let from_scope = name.last().starts_with("from") || name.is_class();
        if is_construct && from_scope && !name.service.ends_with("-event-sources") {
            let (scope, id) = (scope.cloned().unwrap_or_default(), id.cloned().unwrap_or_default());
            return Self::construct(cx, name, scope, id, args);
        }
        let is_structure = name.is_class() && args.positional.is_empty() && !args.named.is_empty();
        if is_structure {
            return properties(args, &[]);
        }
        let fields =
            vec![("arguments", Value::list(args.positional.clone())), ("properties", properties(args, &[]))];
        Value::library(VALUE, &name.to_string(), fields)
    }

    fn construct(cx: &mut Cx<'_, '_>, name: &Name, scope: Value, id: Value, args: &Args) -> Value {
        let token = cx.identity();
        let stated = properties(args, &["scope", "id", "construct_id"]);
        let positional: Vec<Value> = args.positional.iter().skip(2).cloned().collect();
        let site = Some(cx.site());
        let text = |text: &str| Value::text(text, site);
        let key = |name: &str| perm_infer_analysis::Text::literal(name, None);
        let params = Value::dict(vec![
            (key(TOKEN), text(&token)),
            (key("scope"), scope),
            (key("id"), id),
            (key("arguments"), Value::list(positional)),
            (key("properties"), stated),
        ]);
        cx.perform(Effect {
            service: SERVICE.into(),
            operation: name.to_string().into(),
            params,
            certain: true,
        });
        Value::library(CONSTRUCT, &name.to_string(), vec![(TOKEN, text(&token))])
    }

    /// A method that changes a construct.
    fn change(cx: &mut Cx<'_, '_>, token: &Value, method: &str, args: &Args) -> Value {
        let key = |name: &str| perm_infer_analysis::Text::literal(name, None);
        let params = Value::dict(vec![
            (key(TOKEN), token.clone()),
            (key("arguments"), Value::list(args.positional.clone())),
            (key("properties"), properties(args, &[])),
        ]);
        cx.perform(Effect { service: SERVICE.into(), operation: method.into(), params, certain: true });
        cx.unknown(HoleReason::Result(method.into()))
    }
}

/// Methods that change what a construct becomes.
const CHANGES: [&str; 4] =
    ["addEnvironment", "addEventSource", "addEventSourceMapping", "configureAsyncInvoke"];

/// Arguments by name with names of TypeScript; where there are none, the last dictionary is used as them by
/// whoever reads the arguments.
fn properties(args: &Args, without: &[&str]) -> Value {
    let named = args.named.iter().filter(|arg| !without.contains(&&*arg.name));
    let key = |name: &str| perm_infer_analysis::Text::literal(&camel(name), None);
    Value::dict(named.map(|arg| (key(&arg.name), arg.value.clone())).collect())
}

/// What a stack says of itself: values that CloudFormation knows.
fn of_stack(name: &str) -> Option<&'static str> {
    match camel(name).as_str() {
        "region" => Some("${AWS::Region}"),
        "account" => Some("${AWS::AccountId}"),
        "partition" => Some("${AWS::Partition}"),
        "stackName" => Some("${AWS::StackName}"),
        "urlSuffix" => Some("${AWS::URLSuffix}"),
        _ => None,
    }
}

impl Library for Constructs<'_> {
    fn owns_module(&self, dialect: &str, specifier: &str) -> bool {
        is_construct_module(specifier) || self.models.owns_module(dialect, specifier)
    }

    fn global(&self, cx: &mut Cx<'_, '_>, name: &str) -> Option<Value> {
        let directory = || self.directories.get(cx.site().file.0 as usize).cloned();
        match name {
            CONFIGURATION => Some(Atom::External(External::new(CONFIGURATION, "")).into()),
            "open" if cx.dialect() == "python" => {
                Some(Atom::External(External::new(CONFIGURATION, "open")).into())
            }
            "__dirname" => Some(Value::text(&directory()?, None)),
            "__file__" | "__filename" => Some(Value::text(&format!("{}/_", directory()?), None)),
            _ => self.models.global(cx, name),
        }
    }

    fn attribute(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str) -> Option<Value> {
        match object {
            Atom::External(external) => {
                let Some(known) = Name::of(external) else { return self.models.attribute(cx, object, name) };
                let is_pseudo = known.service == "core" && known.path == "Aws";
                let pseudo = name.to_lowercase().replace("_id", "");
                of_stack(&pseudo).filter(|_| is_pseudo).map(|text| Value::text(text, None))
            }
            Atom::Library(value) if value.kind == CONSTRUCT => {
                if let Some(text) = of_stack(name).filter(|_| value.name.starts_with("core.")) {
                    return Some(Value::text(text, None));
                }
                let token = value.field(TOKEN)?.as_str()?;
                Some(Value::text(&format!("${{Cdk[{token}|{}]}}", camel(name)), None))
            }
            Atom::Library(value) if value.kind == VALUE => match of_stack(name) {
                Some(text) if &*value.name == "core.Stack.of" => Some(Value::text(text, None)),
                _ => Some(cx.unknown(HoleReason::Undefined(name.into()))),
            },
            _ => self.models.attribute(cx, object, name),
        }
    }

    fn index(&self, cx: &mut Cx<'_, '_>, object: &Atom, index: &Value) -> Option<Value> {
        self.models.index(cx, object, index)
    }

    fn element(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        self.models.element(cx, object)
    }

    fn enter(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        self.models.enter(cx, object)
    }

    fn awaited(&self, cx: &mut Cx<'_, '_>, object: &Atom) -> Option<Value> {
        self.models.awaited(cx, object)
    }

    fn call(&self, cx: &mut Cx<'_, '_>, callee: &Atom, args: &Args) -> Option<Value> {
        if let Atom::External(external) = callee {
            if let Some(name) = Name::of(external) {
                return Some(Self::call_external(cx, &name, args));
            }
            if let Some(result) = self.call_of_language(cx, external, args) {
                return Some(result);
            }
        }
        self.models.call(cx, callee, args)
    }

    fn method(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, args: &Args) -> Option<Outcome> {
        match object {
            Atom::Library(value) if value.kind == CONSTRUCT => {
                let method = camel(name);
                let token = value.field(TOKEN)?;
                Some(match CHANGES.contains(&method.as_str()) {
                    true => Self::change(cx, token, &method, args).into(),
                    false => cx.unknown(HoleReason::Result(method.as_str().into())).into(),
                })
            }
            // The text of a file stays that.
            Atom::Library(value)
                if &*value.name == FILE && ["read", "toString", "strip", "trim"].contains(&name) =>
            {
                Some(Value::from(object.clone()).into())
            }
            Atom::Library(value) if value.kind == VALUE => {
                Some(cx.unknown(HoleReason::Result(name.into())).into())
            }
            _ => self.models.method(cx, object, name, args),
        }
    }

    fn unknown_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
        self.models.unknown_method(cx, name, args)
    }

    fn lacks(&self, dialect: &str, object: &Atom, name: &str) -> bool {
        self.models.lacks(dialect, object, name)
    }

    fn assign(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str, value: &Value) -> Option<Value> {
        self.models.assign(cx, object, name, value)
    }

    fn typed(&self, cx: &mut Cx<'_, '_>, ty: &Atom) -> Option<Value> {
        self.models.typed(cx, ty)
    }

    fn binary(&self, cx: &mut Cx<'_, '_>, op: BinaryOp, left: &Atom, right: &Value) -> Option<Value> {
        self.models.binary(cx, op, left, right)
    }

    fn inherited(&self, cx: &mut Cx<'_, '_>, base: &Atom, instance: &Atom, name: &str) -> Option<Value> {
        if let Atom::External(external) = base
            && Name::of(external).is_some_and(|name| name.service == "core")
        {
            return of_stack(name).map(|text| Value::text(text, None));
        }
        self.models.inherited(cx, base, instance, name)
    }

    fn wraps(&self, method: &str) -> bool {
        self.models.wraps(method)
    }

    fn is_entry(&self, name: &str, params: &[Option<&str>]) -> bool {
        self.models.is_entry(name, params)
    }

    fn entered(&self, cx: &mut Cx<'_, '_>, function: &Atom) -> Option<Args> {
        self.models.entered(cx, function)
    }

    fn subclassed(&self, cx: &mut Cx<'_, '_>, base: &Atom, class: &Atom) {
        self.models.subclassed(cx, base, class);
    }

    fn protocol(&self, protocol: Protocol) -> &'static [&'static str] {
        self.models.protocol(protocol)
    }
}
