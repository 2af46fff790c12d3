//! `cloudaux`: clients in other accounts, by the name of a role, and functions that are handed one.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, NamedArg, Value};

use super::{Python, kind};
use crate::shared::{credentials, dict_of, made_with};

impl Python<'_> {
    /// `boto3_cached_conn(service, ...)` gives a client; `sts_conn(service, ...)` is a decorator that hands
    /// one over as `client`, or a `resource`.
    pub(crate) fn call_cloudaux(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        match dotted {
            "cloudaux.aws.sts.boto3_cached_conn" => Some(self.connect(cx, args)),
            "cloudaux.aws.sts.sts_conn" => {
                let (positional, named) = super::arguments::to_values(args);
                Some(Value::library(kind::INJECTS, "client", vec![("args", positional), ("named", named)]))
            }
            _ => None,
        }
    }

    /// Decorates a function: it gets the client beside what it is called with.
    pub(crate) fn call_injecting(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        args: &Args,
    ) -> Option<Value> {
        let made =
            self.connect(cx, &super::arguments::from_values(value.field("args"), value.field("named")));
        let is_resource = made
            .atoms()
            .iter()
            .any(|atom| matches!(atom, Atom::Library(made) if made.kind == kind::RESOURCE));
        let name = if is_resource { "resource" } else { "client" };
        let injected = NamedArg { name: name.into(), value: made, maybe: false };
        let function = args.positional.first()?.clone();
        let (_, named) =
            super::arguments::to_values(&Args { named: vec![injected], complete: true, ..Args::default() });
        let fields = vec![("callee", function), ("args", Value::list(Vec::new())), ("named", named)];
        Some(Value::library(kind::PARTIAL, "sts_conn", fields))
    }

    fn connect(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Value {
        let is_resource = args.get(1, "service_type").and_then(Value::as_str) == Some("resource");
        let mut own = Args::of(args.get(0, "service").cloned().into_iter().collect());
        own.complete = args.complete;
        let made = if is_resource { self.make_resource(cx, &own) } else { self.make_client(cx, &own) };
        let Some(name) = args.named("assume_role").filter(|name| name.atoms() != [Atom::Null]) else {
            return made;
        };
        let account = args.named("account_number").cloned().unwrap_or_default();
        let account =
            if account.is_bottom() { Value::from(Atom::Text(crate::shared::computed())) } else { account };
        let start = cx.concat(&Value::text("arn:aws:iam::", None), &account);
        let middle = cx.concat(&start, &Value::text(":role/", None));
        let role = cx.concat(&middle, name);
        self.shared.perform_named(cx, "sts", "AssumeRole", dict_of(&[("RoleArn", Some(&role))]).into());
        made_with(made, Some(&credentials(&role)))
    }
}
