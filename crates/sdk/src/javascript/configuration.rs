//! Configuration that code reads through a library: schemas over `process.env` (zod, joi, yup, envalid,
//! env-var, znv, t3-env, convict), dotenv, and the configuration service of NestJS. What they give is the
//! environment variable of that name, with the default that the schema states.

use std::sync::Arc;

use perm_infer_analysis::{Args, Atom, Cx, Dict, External, HoleReason, LibraryValue, Value};

use super::foreign::foreign;
use super::functions::call_back;
use super::names::Name;
use super::{Javascript, kind};
use crate::shared::{dict_of, entry};

/// How deep schemas of objects hold others.
const MAX_DEPTH: usize = 8;

/// Under which name what is loaded at the root of NestJS's configuration is remembered.
const LOADED: &str = "nest:config:";

/// Libraries whose functions make schemas of values and of objects.
const SCHEMAS: &[&str] = &["zod", "joi", "@hapi/joi", "yup", "envalid"];

/// A schema of one value.
fn leaf(default: Option<Value>) -> Value {
    Value::library(kind::SCHEMA, "value", default.map(|default| ("default", default)).into_iter().collect())
}

/// A schema of an object with these members.
fn object(shape: Value) -> Value {
    Value::library(kind::SCHEMA, "object", vec![("shape", shape)])
}

/// All environment variables.
fn process_env() -> Value {
    Atom::External(External::new("", "process.env")).into()
}

fn is_process_env(atom: &Atom) -> bool {
    matches!(atom, Atom::External(external) if Name::of(external).global().as_deref() == Some("process.env"))
}

fn schema_of(value: &Value) -> Option<&LibraryValue> {
    match value.single() {
        Some(Atom::Library(schema)) if schema.kind == kind::SCHEMA => Some(schema),
        _ => None,
    }
}

impl Javascript<'_> {
    /// Calling a name of these libraries; nothing for other modules.
    pub(crate) fn call_configuration(
        &self,
        cx: &mut Cx<'_, '_>,
        name: Name<'_>,
        args: &Args,
    ) -> Option<Value> {
        let first = || args.at(0).cloned().unwrap_or_default();
        let package = if name.module.starts_with("zod/") { "zod" } else { name.module };
        match (package, name.last()) {
            ("envalid", "cleanEnv" | "customCleanEnv") | ("znv", "parseEnv") => {
                let shape = args.at(1)?.clone();
                Some(self.checked(cx, &object(shape), &first(), 0))
            }
            ("envalid", _) => Some(leaf(Some(entry(cx, &first(), "default")).filter(|own| !own.is_bottom()))),
            (package, "object" | "strictObject" | "looseObject" | "interface")
                if SCHEMAS.contains(&package) =>
            {
                Some(object(first()))
            }
            (package, _) if SCHEMAS.contains(&package) => Some(leaf(None)),
            ("env-var", "get") => Some(Value::library(kind::SCHEMA, "variable", vec![("name", first())])),
            ("env-var", "from") => Some(Atom::External(External::new("env-var", "")).into()),
            ("dotenv" | "dotenv-flow" | "dotenv-safe", "config" | "load") => {
                Some(dict_of(&[("parsed", Some(&process_env()))]).into())
            }
            ("convict", _) if name.path.is_empty() => {
                Some(Value::library(kind::SCHEMA, "convict", vec![("shape", first())]))
            }
            ("@nestjs/config", "registerAs") => self.register_configuration(cx, args),
            ("@nestjs/config", "ConfigService") => Some(configuration_service()),
            ("@nestjs/config", "forRoot" | "forFeature") => {
                let loaded = entry(cx, &first(), "load").closed();
                let loaded = if loaded.is_bottom() { first() } else { cx.element(&loaded) };
                let value = cx.call(&loaded.closed(), &Args::of(Vec::new()));
                cx.remember(LOADED, &value);
                Some(foreign("@nestjs/config"))
            }
            (module, "createEnv") if module.starts_with("@t3-oss/") => {
                let options = first();
                let runtime =
                    entry(cx, &options, "runtimeEnv").joined(&entry(cx, &options, "runtimeEnvStrict"));
                let mut shape = Dict::default();
                for part in ["server", "client", "shared"] {
                    if let Some(Atom::Dict(part)) = entry(cx, &options, part).closed().single() {
                        shape.update(part);
                    }
                }
                Some(self.checked(cx, &object(shape.into()), &runtime, 0))
            }
            _ => None,
        }
    }

    /// A method of a schema.
    pub(crate) fn schema_method(
        &self,
        cx: &mut Cx<'_, '_>,
        schema: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        let whole: Value = Atom::Library(Arc::new(schema.clone())).into();
        let first = args.at(0).cloned().unwrap_or_default();
        match (&*schema.name, name) {
            (_, "parse" | "parseAsync" | "validateSync" | "cast" | "attempt" | "check") => {
                self.checked(cx, &whole, &first, 0)
            }
            (_, "safeParse" | "safeParseAsync") => {
                let data = self.checked(cx, &whole, &first, 0);
                dict_of(&[("success", Some(&cx.unknown(HoleReason::Computed))), ("data", Some(&data))]).into()
            }
            ("object", "validate" | "validateAsync") => {
                // joi gives an object with the value, yup the value itself.
                let value = self.checked(cx, &whole, &first, 0);
                Value::from(dict_of(&[("value", Some(&value))])).joined(&value)
            }
            ("value" | "variable", "default" | "catch" | "prefault") => {
                let mut fields = schema.fields().to_vec();
                fields.retain(|(name, _)| *name != "default");
                fields.push(("default", first));
                Value::library(kind::SCHEMA, &schema.name, fields)
            }
            ("value" | "object", "transform" | "pipe") => {
                call_back(cx, args);
                Value::library(kind::SCHEMA, "transformed", Vec::new())
            }
            ("object", "extend" | "merge" | "append" | "keys" | "concat" | "shape") => {
                let more = match schema_of(&first) {
                    Some(other) => other.field("shape").cloned().unwrap_or_default(),
                    None => first,
                };
                let own = schema.field("shape").cloned().unwrap_or_default();
                match (own.single(), more.single()) {
                    (Some(Atom::Dict(own)), Some(Atom::Dict(more))) => {
                        let mut shape = (**own).clone();
                        shape.update(more);
                        object(shape.into())
                    }
                    _ => whole,
                }
            }
            ("variable", name) if name.starts_with("as") => {
                let variable = schema.field("name").cloned().unwrap_or_default();
                self.shared.environment_variable(cx, &variable, schema.field("default"))
            }
            ("convict", "get" | "default") => self.convict_property(cx, schema, &first),
            _ => {
                call_back(cx, args);
                whole
            }
        }
    }

    /// What a schema makes of a value.
    fn checked(&self, cx: &mut Cx<'_, '_>, schema: &Value, value: &Value, depth: usize) -> Value {
        let Some(schema) = schema_of(schema).filter(|_| depth < MAX_DEPTH) else { return value.clone() };
        match &*schema.name {
            "object" => {}
            "transformed" => return cx.unknown(HoleReason::Computed),
            _ => {
                let absent = value.without(|atom| matches!(atom, Atom::Null)).is_bottom();
                let default = schema.field("default").filter(|_| absent);
                return default.cloned().unwrap_or_else(|| value.clone());
            }
        }
        let Some(Atom::Dict(shape)) = schema.field("shape").and_then(Value::single) else {
            return value.clone();
        };
        let mut result = Value::bottom();
        for atom in value.atoms() {
            let checked: Value = match atom {
                Atom::Dict(given) => {
                    let mut checked = (**given).clone();
                    for member in &shape.entries {
                        let own = given.look_up(&member.key);
                        let value = self.checked(cx, &member.value, &own, depth + 1);
                        if !value.is_bottom() {
                            checked.set(member.key.clone(), value);
                        }
                    }
                    checked.into()
                }
                atom if is_process_env(atom) => self.variables(cx, shape),
                other => other.clone().into(),
            };
            result.join(&checked);
        }
        if let Some(hole) = value.hole() {
            result.join(&Value::unknown((**hole).clone()));
        }
        result
    }

    /// The environment variables that an object schema names.
    fn variables(&self, cx: &mut Cx<'_, '_>, shape: &Dict) -> Value {
        let mut variables = Dict::default();
        for member in &shape.entries {
            let name = Atom::Text(member.key.clone()).into();
            let schema = schema_of(&member.value);
            let default = schema.and_then(|schema| schema.field("default"));
            let value = match schema {
                Some(schema) if &*schema.name == "transformed" => cx.unknown(HoleReason::Computed),
                _ => self.shared.environment_variable(cx, &name, default),
            };
            variables.set(member.key.clone(), value);
        }
        variables.into()
    }

    /// `convict({ a: { b: { env: "B", default: "x" } } }).get("a.b")`
    fn convict_property(&self, cx: &mut Cx<'_, '_>, schema: &LibraryValue, path: &Value) -> Value {
        let (Some(path), Some(shape)) = (path.to_str(), schema.field("shape")) else {
            return cx.unknown(HoleReason::Result("convict".into()));
        };
        let property = path.split('.').fold(shape.clone(), |value, name| entry(cx, &value, name));
        let (name, default) = (entry(cx, &property, "env"), entry(cx, &property, "default"));
        match name.is_bottom() {
            true if default.is_bottom() => property,
            true => default,
            false => self.shared.environment_variable(cx, &name, Some(&default)),
        }
    }

    /// `registerAs("name", () => ({ ... }))`
    fn register_configuration(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Option<Value> {
        let (name, factory) = (args.at(0)?.to_str()?, args.at(1)?.clone());
        let value = cx.call(&factory, &Args::of(Vec::new()));
        cx.remember(&format!("{LOADED}{name}"), &value);
        // NestJS provides each namespace under this token, which `namespace.KEY` gives.
        cx.remember(&format!("inject:name:CONFIGURATION({name})"), &value);
        Some(Value::library(kind::NAMESPACE, &name, vec![("factory", factory)]))
    }

    /// A method of NestJS's configuration service: a path in what was loaded, else a variable.
    pub(crate) fn configuration_method(&self, cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Value {
        if !matches!(name, "get" | "getOrThrow") {
            return foreign("@nestjs/config");
        }
        let path = args.at(0).cloned().unwrap_or_default();
        let default = args.at(1).map(|default| default.without(|atom| matches!(atom, Atom::Dict(_))));
        let Some(known) = path.to_str() else {
            return cx.unknown(HoleReason::Result("ConfigService.get".into()));
        };
        let loaded = self.loaded(cx, &known);
        if !loaded.is_bottom() {
            return loaded;
        }
        self.shared.environment_variable(cx, &path, default.filter(|default| !default.is_bottom()).as_ref())
    }

    /// What configuration files loaded at a path.
    fn loaded(&self, cx: &mut Cx<'_, '_>, path: &str) -> Value {
        let (namespace, rest) = path.split_once('.').unwrap_or((path, ""));
        let registered = cx.recall(&format!("{LOADED}{namespace}")).closed();
        let (start, names) =
            if registered.is_bottom() { (cx.recall(LOADED).closed(), path) } else { (registered, rest) };
        let names = names.split('.').filter(|name| !name.is_empty());
        let found = names.fold(start, |value, name| entry(cx, &value, name));
        found.without(|atom| matches!(atom, Atom::Null))
    }
}

/// NestJS's configuration service.
pub(crate) fn configuration_service() -> Value {
    Value::library(kind::CONFIGURATION, "ConfigService", Vec::new())
}

/// `namespace.KEY`
pub(crate) fn namespace_attribute(value: &LibraryValue, name: &str) -> Option<Value> {
    (name == "KEY").then(|| Value::text(&format!("CONFIGURATION({})", value.name), None))
}
