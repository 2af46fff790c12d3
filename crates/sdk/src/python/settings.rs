//! Libraries that read settings from the environment: `decouple`, `dotenv`, `environs`, `django-environ`,
//! Starlette's configuration and the settings classes of pydantic.

use perm_infer_analysis::{Args, Atom, Cx, LibraryValue, Text, Value};

use super::{Python, kind};

/// What makes a reader of environment variables, and what reads one at once.
const READERS: &[&str] = &[
    "decouple.AutoConfig",
    "decouple.Config",
    "dotenv.dotenv_values",
    "environ.Env",
    "environs.Env",
    "starlette.config.Config",
];

impl Python<'_> {
    /// Calls something of such a library.
    pub(crate) fn call_settings(&self, cx: &mut Cx<'_, '_>, dotted: &str, args: &Args) -> Option<Value> {
        match dotted {
            "decouple.config" => self.read_variable(cx, args),
            "pydantic_settings.SettingsConfigDict" | "pydantic.ConfigDict" => {
                Some(crate::shared::named_args(args).into())
            }
            _ if READERS.contains(&dotted) => Some(Value::library(kind::ENVIRONMENT, dotted, Vec::new())),
            _ if dotted.starts_with("environs.env") => self.read_variable(cx, args),
            _ => None,
        }
    }

    /// `env("NAME")`, `env.str("NAME", "default")`
    pub(crate) fn environment_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match name {
            "read_env" | "seal" | "read_envfile" => Some(Atom::Null.into()),
            "prefixed" | "__enter__" => Some(Atom::Library(std::sync::Arc::new(value.clone())).into()),
            _ => self.read_variable(cx, args),
        }
    }

    fn read_variable(&self, cx: &mut Cx<'_, '_>, args: &Args) -> Option<Value> {
        let name = args.positional.first().or_else(|| args.named("option")).or_else(|| args.named("name"))?;
        // The second argument is a default for some of them and a conversion for others.
        let is_data = |value: &&Value| is_plain(value) && !value.atoms().contains(&Atom::Null);
        let default = args.named("default").or_else(|| args.positional.get(1).filter(is_data));
        Some(self.shared.environment_variable(cx, name, default))
    }

    /// A field of a pydantic settings class: the variable of its name behind the prefix of the class, in
    /// capitals, or else its default ("Settings Management" in pydantic's documentation).
    pub(crate) fn settings_field(
        &self,
        cx: &mut Cx<'_, '_>,
        instance: &Atom,
        name: &str,
        default: Option<&Value>,
    ) -> Option<Value> {
        if name.starts_with('_') || name == "model_config" || name == "Config" {
            return None;
        }
        if default.is_some_and(|default| !is_plain(default) || is_of_environment(default)) {
            return None;
        }
        let object = Value::from(instance.clone());
        let mut prefix = Value::bottom();
        for holder in ["model_config", "Config"] {
            let holder = cx.attribute(&object, holder);
            let found = match holder.single() {
                Some(Atom::Class(_)) => cx.attribute(&holder, "env_prefix"),
                Some(Atom::Dict(_)) => cx.index(&holder, &Value::text("env_prefix", None)),
                _ => continue,
            };
            prefix.join(&found.without(|atom| !matches!(atom, Atom::Text(_))).closed());
        }
        if prefix.is_bottom() {
            prefix = Value::text("", None);
        }
        let name = cx.concat(&prefix, &Value::text(name, None));
        let name = crate::shared::each_text(&name, |text| match text.to_literal() {
            Some(text) => Value::text(&text.to_uppercase(), None),
            None => Atom::Text(text.clone()).into(),
        });
        Some(self.shared.environment_variable(cx, &name, default))
    }
}

/// Whether it is such data as a variable can hold.
fn is_plain(default: &Value) -> bool {
    let plain = |atom: &Atom| matches!(atom, Atom::Text(_) | Atom::Int(_) | Atom::Bool(_) | Atom::Null);
    default.atoms().iter().all(plain)
}

/// Whether a field says itself which variable it is.
fn is_of_environment(default: &Value) -> bool {
    let of_setting = |text: Text| text.parts().iter().any(|part| part.setting.is_some());
    default.default_hole().is_some() || default.texts().any(of_setting)
}
