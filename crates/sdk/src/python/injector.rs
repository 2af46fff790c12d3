//! `dependency_injector`: providers keep what they make and with which arguments; calling one makes it,
//! with what the providers among its arguments make.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, List, Value};

use super::{Python, arguments, kind};

/// Providers that call what they are given first.
const CALLING: &[&str] = &[
    "Factory",
    "Singleton",
    "ThreadSafeSingleton",
    "ThreadLocalSingleton",
    "ContextLocalSingleton",
    "Resource",
    "Callable",
    "Coroutine",
    "MethodCaller",
];

impl Python<'_> {
    /// `providers.Singleton(Service, client=client)`
    pub(crate) fn call_injector(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        let name = dotted.strip_prefix("dependency_injector.providers.")?;
        match name {
            _ if CALLING.contains(&name) => Some(provider(args.positional.first()?, &args.skip(1))),
            "Object" => args.positional.first().cloned(),
            "List" => {
                let made = args.positional.iter().map(|value| self.made(cx, value)).collect();
                Some(List::new(made, args.rest.clone()).into())
            }
            "Dict" => {
                let made = arguments::to_values(&self.made_args(cx, args.clone())).1;
                Some(args.positional.first().cloned().unwrap_or(made))
            }
            _ => None,
        }
    }

    /// `provider(args)`: what it makes.
    pub(crate) fn call_provider(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, args: &Args) -> Value {
        let own = arguments::from_values(value.field("args"), value.field("named"));
        let args = self.made_args(cx, arguments::chained(own, args));
        let callee = value.field("callee").cloned().unwrap_or_default();
        cx.call(&callee, &args)
    }

    /// Attributes of a provider: `provided` is what it makes, and what is reached from there.
    pub(crate) fn provider_attribute(&self, cx: &mut Cx<'_, '_>, object: &Atom, name: &str) -> Value {
        let Atom::Library(value) = object else { return Value::bottom() };
        match value.field("value") {
            Some(value) => provided(cx.attribute(value, name)),
            None if name == "provided" => provided(self.made(cx, &object.clone().into())),
            None => object.clone().into(),
        }
    }

    /// Methods of a provider: `provided.client.call(args)` calls what is reached, later; the others give
    /// the provider again.
    pub(crate) fn provider_method(&self, value: &LibraryValue, name: &str, args: &Args) -> Value {
        match value.field("value") {
            Some(callee) if name == "call" => provider(callee, args),
            _ => Atom::Library(std::sync::Arc::new(value.clone())).into(),
        }
    }

    /// What a value is once the providers in it have made what they make.
    pub(crate) fn made(&self, cx: &mut Cx<'_, '_>, value: &Value) -> Value {
        value.map(
            |atom| match atom {
                Atom::Library(own) if own.kind == kind::PROVIDER => match own.field("value") {
                    Some(value) => value.clone(),
                    None => self.call_provider(cx, own, &Args::of(Vec::new())),
                },
                _ => atom.clone().into(),
            },
            |hole| Value::unknown((**hole).clone()),
        )
    }

    fn made_args(&self, cx: &mut Cx<'_, '_>, mut args: Args) -> Args {
        for value in &mut args.positional {
            *value = self.made(cx, value);
        }
        for arg in &mut args.named {
            arg.value = self.made(cx, &arg.value);
        }
        args
    }
}

fn provider(callee: &Value, args: &Args) -> Value {
    let (positional, named) = arguments::to_values(args);
    let fields = vec![("callee", callee.clone()), ("args", positional), ("named", named)];
    Value::library(kind::PROVIDER, "provider", fields)
}

fn provided(value: Value) -> Value {
    Value::library(kind::PROVIDER, "provided", vec![("value", value)])
}
