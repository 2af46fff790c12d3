//! Dependency injection: what containers and modules register under a token is what injection by that
//! token gives. Covers the providers of NestJS, InversifyJS, tsyringe, typedi and awilix, whose registries
//! all map a token (a string, a symbol or a class) to a value, a class or a function that makes one.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::foreign::foreign;
use super::names::Name;
use super::{Javascript, kind};
use crate::shared::entry;

/// Packages whose decorators `@Inject` and `@inject` take a token.
const INJECTORS: &[&str] = &["@nestjs/common", "inversify", "tsyringe", "typedi"];

/// Packages whose objects (or exports) are containers.
const CONTAINERS: &[&str] = &["@nestjs/core", "inversify", "tsyringe", "typedi", "awilix"];

/// How deep modules import modules as values (`imports: [Other.forRoot()]`).
const MAX_MODULES: usize = 8;

/// What a token that is not a name by itself is known by; nothing for values that are no token.
fn key(atom: &Atom) -> Option<String> {
    match atom {
        Atom::Text(text) => Some(format!("inject:name:{}", text.to_literal()?)),
        Atom::Class(class) => Some(format!("inject:class:{class:?}")),
        Atom::External(external) => Some(format!("inject:external:{}:{}", external.module, external.path)),
        Atom::Library(value) if value.kind == kind::SYMBOL => Some(format!("inject:symbol:{}", value.name)),
        _ => None,
    }
}

/// The tokens that a value may be; `forwardRef(() => Class)` is its class.
fn keys(cx: &mut Cx<'_, '_>, token: &Value) -> Vec<String> {
    let functions = token.without(|atom| !matches!(atom, Atom::Function(_))).closed();
    let referred =
        if functions.is_bottom() { Value::bottom() } else { cx.call(&functions, &Args::of(Vec::new())) };
    token.atoms().iter().chain(referred.atoms()).filter_map(key).collect()
}

fn register(cx: &mut Cx<'_, '_>, token: &Value, value: &Value) {
    let value = value.map(
        |atom| match atom {
            Atom::Library(registration) if registration.kind == kind::REGISTRATION => {
                registration.field("value").cloned().unwrap_or_default()
            }
            other => other.clone().into(),
        },
        |hole| Value::unknown((**hole).clone()),
    );
    for key in keys(cx, token) {
        cx.remember(&key, &value);
    }
}

/// What is registered under a token, and instances of the token where it is a class.
fn resolve(cx: &mut Cx<'_, '_>, token: &Value) -> Value {
    let mut result = Value::bottom();
    for key in keys(cx, token) {
        result.join(&cx.recall(&key));
    }
    let classes = token.without(|atom| !matches!(atom, Atom::Class(_))).closed();
    if result.atoms().is_empty() && !classes.is_bottom() {
        result = cx.call(&classes, &Args::unknown());
    }
    result
}

/// A symbol that is made here, or (`Symbol.for`) known by its name.
pub(crate) fn symbol(cx: &mut Cx<'_, '_>, args: &Args, shared: bool) -> Value {
    let description = args.at(0).and_then(Value::single).and_then(Atom::as_text);
    let description = description.and_then(|text| text.to_literal()).unwrap_or_default();
    let name = if shared { description } else { format!("{description}@{}", cx.identity()) };
    Value::library(kind::SYMBOL, &name, Vec::new())
}

/// What awilix registers, on which lifetimes are set before it is.
fn registration(value: Value) -> Value {
    Value::library(kind::REGISTRATION, "awilix", vec![("value", value)])
}

/// What awilix hands to every class and function: all that is registered, by name.
fn cradle() -> Value {
    Value::library(kind::CRADLE, "cradle", Vec::new())
}

/// `cradle.name`
pub(crate) fn cradle_attribute(cx: &mut Cx<'_, '_>, name: &str) -> Value {
    resolve(cx, &Value::text(name, None))
}

/// What is injected by a token, as evidence of what a parameter or field holds.
pub(crate) fn injected(cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Option<Value> {
    let token = value.field("token")?.clone();
    let found = resolve(cx, &token);
    (!found.atoms().is_empty()).then_some(found)
}

/// One provider in the form that NestJS, tsyringe and typedi share: an object that says where the value
/// comes from.
fn provided(cx: &mut Cx<'_, '_>, provider: &Value) -> Value {
    let mut result = entry(cx, provider, "useValue").closed();
    result.join(&entry(cx, provider, "value").closed());
    for name in ["useFactory", "factory"] {
        let factory = entry(cx, provider, name).closed();
        if !factory.is_bottom() {
            let args = factory_args(cx, provider);
            result.join(&cx.call(&factory, &args));
        }
    }
    let class = entry(cx, provider, "useClass").closed();
    if !class.is_bottom() {
        result.join(&cx.call(&class, &Args::unknown()));
    }
    for name in ["useExisting", "useToken"] {
        let token = entry(cx, provider, name).closed();
        if !token.is_bottom() {
            result.join(&resolve(cx, &token));
        }
    }
    result
}

/// The arguments of a factory, whose tokens the provider lists.
fn factory_args(cx: &mut Cx<'_, '_>, provider: &Value) -> Args {
    let tokens = entry(cx, provider, "inject").closed();
    let Some(Atom::List(tokens)) = tokens.single() else { return Args::unknown() };
    let mut args = Args::unknown();
    for token in &tokens.items {
        let found = resolve(cx, token);
        let unknown = cx.unknown(HoleReason::Parameter("injected".into()));
        args.positional.push(if found.atoms().is_empty() { unknown } else { found });
    }
    args
}

/// The providers of a NestJS module, and of the modules that it imports as values.
fn register_module(cx: &mut Cx<'_, '_>, module: &Value, depth: usize) {
    let providers = entry(cx, module, "providers").closed();
    for provider in elements(cx, &providers) {
        let token = entry(cx, &provider, "provide").closed();
        if !token.is_bottom() {
            let value = provided(cx, &provider);
            register(cx, &token, &value);
        }
    }
    let imports = entry(cx, module, "imports").closed();
    if depth < MAX_MODULES {
        for import in elements(cx, &imports) {
            let modules = import.without(|atom| !matches!(atom, Atom::Dict(_))).closed();
            if !modules.is_bottom() {
                register_module(cx, &modules, depth + 1);
            }
        }
    }
}

/// Each element of a list, or what all of them may be.
fn elements(cx: &mut Cx<'_, '_>, list: &Value) -> Vec<Value> {
    match list.single() {
        Some(Atom::List(list)) => list.items.iter().chain(&list.rest).cloned().collect(),
        _ if list.is_bottom() => Vec::new(),
        _ => vec![cx.element(list)],
    }
}

/// `container.register(...)` in the forms of tsyringe (a token, then where it comes from) and awilix (an
/// object of registrations, or a name and one).
fn register_any(cx: &mut Cx<'_, '_>, args: &Args) {
    let (Some(token), Some(source)) = (args.positional.first(), args.positional.get(1)) else {
        let Some(Atom::Dict(dict)) = args.at(0).and_then(Value::single) else { return };
        for entry in dict.entries.clone() {
            register(cx, &Atom::Text(entry.key).into(), &entry.value);
        }
        return;
    };
    let mut value = Value::bottom();
    for atom in source.atoms() {
        let one: Value = match atom {
            Atom::Dict(_) => provided(cx, &atom.clone().into()),
            Atom::Class(_) => cx.call(&atom.clone().into(), &Args::unknown()),
            _ => atom.clone().into(),
        };
        value.join(&one);
    }
    register(cx, token, &value);
}

/// A method of a container; nothing for methods that neither register nor resolve.
fn container_method(cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0).cloned().unwrap_or_default();
    match name {
        "register" => register_any(cx, args),
        "registerInstance" => register(cx, &first, args.at(1)?),
        "registerSingleton" | "registerType" => {
            let class = args.at(1).unwrap_or(&first).clone();
            let value = resolve(cx, &class);
            register(cx, &first, &value);
        }
        "set" => match args.at(1) {
            Some(value) => register(cx, &first, value),
            None => {
                let token = entry(cx, &first, "id").closed().joined(&entry(cx, &first, "type").closed());
                let value = provided(cx, &first);
                register(cx, &token, &value);
            }
        },
        "bind" | "rebind" => {
            return Some(Value::library(kind::BINDING, "binding", vec![("token", first)]));
        }
        "get" | "getAsync" | "resolve" | "resolveAsync" => {
            let found = resolve(cx, &first);
            return (!found.atoms().is_empty()).then_some(found);
        }
        "getAll" | "getMany" | "resolveAll" => {
            let found = resolve(cx, &first);
            return (!found.atoms().is_empty()).then(|| Value::list_of(found));
        }
        _ => return None,
    }
    Some(foreign("a container"))
}

/// A method of what `container.bind(token)` gives.
pub(crate) fn binding_method(cx: &mut Cx<'_, '_>, binding: &LibraryValue, name: &str, args: &Args) -> Value {
    let token = binding.field("token").cloned().unwrap_or_default();
    let first = args.at(0).cloned().unwrap_or_default();
    let value = match name {
        "toConstantValue" => first,
        "toDynamicValue" => cx.call(&first, &Args::unknown()),
        "to" => cx.call(&first, &Args::unknown()),
        "toSelf" => cx.call(&token, &Args::unknown()),
        "toService" => resolve(cx, &first),
        "toFactory" | "toProvider" => cx.call(&first, &Args::unknown()),
        // Scopes and conditions.
        _ => Value::bottom(),
    };
    if !value.is_bottom() {
        register(cx, &token, &value);
    }
    Atom::Library(std::sync::Arc::new(binding.clone())).into()
}

impl Javascript<'_> {
    /// Names of the packages of containers; nothing for other modules.
    pub(crate) fn call_injection(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        if INJECTORS.contains(&name.module) && matches!(name.path, "Inject" | "inject") {
            let token = args.at(0).cloned().unwrap_or_default();
            return Some(Value::library(kind::INJECTED, "injected", vec![("token", token)]));
        }
        match (name.module, name.path) {
            ("@nestjs/common", "Module") => {
                register_module(cx, args.at(0)?, 0);
                None
            }
            ("@nestjs/common", "forwardRef") => args.at(0).cloned(),
            ("inversify", "ContainerModule") => {
                // The callback gets `bind`, or (since version 7) options that hold it.
                let binder = Value::library(kind::BINDER, "bind", Vec::new());
                let callback = args.at(0)?.clone();
                cx.call(&callback, &Args { positional: vec![binder], ..Args::unknown() });
                Some(foreign("inversify"))
            }
            ("tsyringe", "instanceCachingFactory" | "instancePerContainerCachingFactory") => {
                args.at(0).cloned()
            }
            ("typedi", "Token") => Some(symbol(cx, args, false)),
            ("awilix", "asValue") => args.at(0).cloned().map(registration),
            ("awilix", "asClass" | "asFunction") => {
                let made = args.at(0)?.clone();
                Some(registration(cx.call(&made, &Args::of(vec![cradle()]))))
            }
            (module, path) if CONTAINERS.contains(&module) => {
                let (_, method) = path.rsplit_once('.')?;
                container_method(cx, method, args)
            }
            _ => None,
        }
    }

    /// A method of a value that a package of containers gave.
    pub(crate) fn injection_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        CONTAINERS.contains(&&*value.name).then(|| container_method(cx, name, args))?
    }
}
