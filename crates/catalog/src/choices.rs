//! The possible values of an ARN variable in one call: those of the first source that is certainly
//! passed, and those that may be passed before it.

use crate::arn::Value;
use crate::binding::interpret;
use crate::mode::BindingMode;
use crate::params::{Param, ParamMap, TraceId, TracedPattern};
use crate::path::{Leaf, Scope, leaves};
use crate::requirement::{RequirementCondition, Unresolved, UnresolvedReason};
use crate::rule::{Binding, Source};
use perm_infer_policy::{Part, Pattern};

/// One possible value of one ARN variable.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: Value,
    pub(crate) trace: Option<TraceId>,
    pub(crate) unresolved: Option<Unresolved>,
    pub(crate) conditions: Vec<RequirementCondition>,
    /// Path and position of the value: two variables that read one path change together.
    pub(crate) origin: Option<(&'static str, usize)>,
}

/// All possible values of one ARN variable.
pub(crate) struct Choices {
    pub(crate) list: Vec<Choice>,
    /// Some value is certainly or possibly passed.
    pub(crate) present: bool,
    /// Nobody knows whether a value is passed.
    pub(crate) open: bool,
}

pub(crate) fn unknown(member: &'static str, reason: UnresolvedReason) -> Choice {
    Choice {
        value: Value::name(Pattern::any()),
        trace: None,
        unresolved: Some(Unresolved { member, reason, trace: None }),
        conditions: Vec::new(),
        origin: None,
    }
}

/// The possible values of a binding: those of its first source that is certainly there, and those that
/// may be there before it.
pub(crate) fn choices(binding: &Binding, scope: Scope<'_>) -> Choices {
    let mut all = Choices { list: Vec::new(), present: false, open: false };
    let mut certain = false;
    let mut last_path = binding.variable;
    for source in &binding.sources {
        match source {
            Source::Literal(text) => {
                if all.open && is_unknown(scope.item) {
                    all.list.push(unknown(last_path, UnresolvedReason::Unknown));
                }
                all.list.push(Choice {
                    unresolved: None,
                    ..unknown(binding.variable, UnresolvedReason::Unknown)
                });
                if let Some(choice) = all.list.last_mut() {
                    choice.value = Value::name(Pattern::literal(*text));
                }
                all.present = true;
                certain = true;
            }
            Source::Path(path) => {
                last_path = path;
                certain = from_path(binding.mode, path, scope, &mut all);
            }
        }
        if certain {
            break;
        }
    }
    if !certain && all.open {
        all.list.push(unknown(last_path, UnresolvedReason::Unknown));
    } else if all.list.is_empty() && !certain {
        all.list.push(unknown(last_path, UnresolvedReason::NotPassed));
    }
    if binding.mode == BindingMode::Model {
        // A model that nobody knows may be an inference profile's, which is in other regions too.
        for choice in all.list.iter_mut().filter(|choice| choice.trace.is_none()) {
            choice.value.region.get_or_insert_with(Pattern::any);
        }
    }
    all
}

/// Whether nothing is known of the element that a rule is about: it may hold any member.
fn is_unknown(item: Leaf<'_>) -> bool {
    matches!(item, Leaf::Open | Leaf::Value(Param::Unknown))
}

/// Adds the values at one path; gives whether one is there in every run.
fn from_path(mode: BindingMode, path: &'static str, scope: Scope<'_>, all: &mut Choices) -> bool {
    let mut certain = true;
    for (index, leaf) in leaves(scope, path).into_iter().enumerate() {
        match leaf {
            Leaf::Absent => certain = false,
            Leaf::Open => {
                all.open = true;
                certain = false;
            }
            Leaf::Text(text) => certain &= from_text(mode, text, (path, index), all),
            Leaf::Value(Param::Map(map))
                if matches!(mode, BindingMode::CopyBucket | BindingMode::CopyKey) =>
            {
                from_copy_map(mode, map, (path, index), all);
            }
            Leaf::Value(_) => {
                all.list.push(unknown(path, UnresolvedReason::Unknown));
                all.present = true;
            }
        }
    }
    certain
}

fn from_text(
    mode: BindingMode,
    text: &TracedPattern,
    origin: (&'static str, usize),
    all: &mut Choices,
) -> bool {
    if text.pattern.parts().is_empty() {
        // No resource has an empty name: it is one that is not filled in yet.
        all.list.push(unknown(origin.0, UnresolvedReason::Unknown));
        all.present = true;
        return true;
    }
    let unknown_head = matches!(text.pattern.parts().first(), Some(Part::Any));
    let tail = if unknown_head && holds_arn(origin.0) { crate::arn::arn_tail(&text.pattern) } else { None };
    let interpreted = interpret(mode, tail.as_ref().unwrap_or(&text.pattern));
    let used = !interpreted.values.is_empty();
    for value in interpreted.values {
        let holes = text.pattern.has_unknown();
        all.list.push(Choice {
            value,
            trace: Some(text.trace),
            unresolved: holes.then_some(Unresolved {
                member: origin.0,
                reason: UnresolvedReason::Unknown,
                trace: Some(text.trace),
            }),
            conditions: interpreted.conditions.clone(),
            origin: Some(origin),
        });
    }
    all.present |= used;
    used
}

/// Whether a member is named after the ARN that it holds.
fn holds_arn(path: &str) -> bool {
    let name = path.trim_end_matches("[]").trim_end_matches(['s', 'S']);
    name.len() >= 3 && name.get(name.len() - 3..).is_some_and(|end| end.eq_ignore_ascii_case("arn"))
}

/// Python's form of a copy source.
fn from_copy_map(mode: BindingMode, map: &ParamMap, origin: (&'static str, usize), all: &mut Choices) {
    let field = if mode == BindingMode::CopyBucket { "Bucket" } else { "Key" };
    let before = all.list.len();
    if let Some((_, Param::Text(texts))) = map.get(field) {
        for text in texts {
            from_text(BindingMode::Auto, text, origin, all);
        }
    }
    if all.list.len() == before {
        all.list.push(unknown(origin.0, UnresolvedReason::Unknown));
    }
    // Bucket and key of one map vary on their own.
    for choice in &mut all.list[before..] {
        choice.origin = None;
    }
    all.present = true;
}
