//! Environment variables as values: what the user stated, else the default in the code, else a hole
//! that carries the variable's name so that a template can fill it later.

use std::sync::Arc;

use perm_infer_analysis::{Atom, Cx, Hole, HoleReason, Setting, Text, TextKind, TextPart, Value};

use super::Shared;

/// Where values of environment variables come from (`--var`, `--env-file`, a template).
pub trait Environment: Sync {
    /// The variable, when it is stated.
    fn get(&self, name: &str) -> Option<StatedVariable>;
}

/// An environment variable whose value is stated.
#[derive(Clone, Debug)]
pub struct StatedVariable {
    /// Its alternatives, each in its parts.
    pub alternatives: Vec<Vec<EnvironmentPart>>,
    /// What states it, as evidence.
    pub setting: Arc<Setting>,
}

/// A part of the value of an environment variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvironmentPart {
    /// Exactly this text.
    Text(String),
    /// What the deployment gives, by a reference such as `${Orders}`.
    Reference(String),
    /// Not known.
    Unknown,
}

impl Environment for std::collections::BTreeMap<String, String> {
    fn get(&self, name: &str) -> Option<StatedVariable> {
        let value = std::collections::BTreeMap::get(self, name)?;
        let setting = Setting { name: name.to_owned(), stated: None, written: value.clone() };
        Some(StatedVariable {
            alternatives: vec![vec![EnvironmentPart::Text(value.clone())]],
            setting: Arc::new(setting),
        })
    }
}

impl Shared<'_> {
    /// The value of the variable with one of these names; `default` is what the code falls back to.
    pub(crate) fn environment_variable(
        &self,
        cx: &mut Cx<'_, '_>,
        name: &Value,
        default: Option<&Value>,
    ) -> Value {
        let mut result = Value::bottom();
        for text in name.texts() {
            match text.to_literal() {
                Some(name) => result.join(&self.variable(cx, &name, default)),
                None => result.join(&cx.unknown(HoleReason::Computed)),
            };
        }
        result
    }

    fn variable(&self, cx: &mut Cx<'_, '_>, name: &str, default: Option<&Value>) -> Value {
        if let Some(variable) = self.environment.get(name) {
            let mut value = Value::bottom();
            for parts in variable.alternatives {
                value.join(&stated(cx, name, parts, Some(&variable.setting)));
            }
            return value;
        }
        if let Some(default) = default.filter(|default| says_something(default)) {
            cx.note_default(name, default);
            return with_default(cx, HoleReason::Environment(name.into()), default);
        }
        stated(cx, name, vec![EnvironmentPart::Unknown], None)
    }
}

/// The default of something that may be set where the code runs.
pub(crate) fn with_default(cx: &Cx<'_, '_>, reason: HoleReason, default: &Value) -> Value {
    default.clone().joined(&cx.unknown(HoleReason::Default(Arc::new(reason))))
}

/// A value in its parts, all of them found where the variable is read.
fn stated(cx: &Cx<'_, '_>, name: &str, parts: Vec<EnvironmentPart>, setting: Option<&Arc<Setting>>) -> Value {
    let hole = |reason| TextKind::Hole(Arc::new(Hole::at(reason, cx.site())));
    let mut text = Text::default();
    for part in parts {
        let kind = match part {
            EnvironmentPart::Text(literal) => TextKind::Literal(literal.into()),
            EnvironmentPart::Reference(reference) => hole(HoleReason::Reference(reference.into())),
            EnvironmentPart::Unknown => hole(HoleReason::Environment(name.into())),
        };
        text.push(TextPart { kind, site: Some(cx.site()), setting: setting.cloned() });
    }
    Atom::Text(text).into()
}

/// Whether a default is more than a way to say that there is none.
fn says_something(default: &Value) -> bool {
    !default.is_bottom()
        && !default.atoms().iter().any(|atom| match atom {
            Atom::Null => true,
            Atom::Text(text) => text.as_literal() == Some(""),
            _ => false,
        })
}
