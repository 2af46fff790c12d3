//! `pathlib`: paths as strings that are joined by slashes.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, LibraryValue, Value};

use super::strings::{after_last, before_last};
use super::{Python, kind};
use crate::shared::each_text;

/// The path of a string.
pub(crate) fn path(text: Value) -> Value {
    Value::library(kind::PATH, "pathlib.Path", vec![("text", text)])
}

/// The string of a path, or of a value that is a string already.
pub(crate) fn text_of(cx: &mut Cx<'_, '_>, value: &Value) -> Value {
    let mut result = Value::bottom();
    for atom in value.atoms() {
        match atom {
            Atom::Library(path) if path.kind == kind::PATH => {
                result.join(path.field("text").unwrap_or(&Value::bottom()));
            }
            other => {
                let text = cx.to_text(&other.clone().into());
                result.join(&text);
            }
        }
    }
    result.joined(&value.without(|_| true))
}

/// The strings joined by slashes; an absolute one forgets what was before it.
pub(crate) fn join_texts(cx: &mut Cx<'_, '_>, first: Value, rest: &[Value]) -> Value {
    let mut result = first;
    for piece in rest {
        let piece = text_of(cx, piece);
        let absolute = piece.texts().all(|text| {
            text.parts().first().and_then(|part| part.literal()).is_some_and(|part| part.starts_with('/'))
        });
        if absolute && !piece.is_bottom() {
            result = piece;
            continue;
        }
        let ends_in_slash = result.texts().all(|text| {
            text.parts().last().is_none_or(|part| part.literal().is_some_and(|part| part.ends_with('/')))
        });
        if !ends_in_slash {
            result = cx.concat(&result, &Value::text("/", None));
        }
        result = cx.concat(&result, &piece);
    }
    result
}

/// `path / other / ...`
pub(crate) fn join(cx: &mut Cx<'_, '_>, value: &LibraryValue, rest: &[Value]) -> Value {
    let first = value.field("text").cloned().unwrap_or_default();
    path(join_texts(cx, first, rest))
}

impl Python<'_> {
    /// Attributes of a path.
    pub(crate) fn path_attribute(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
    ) -> Option<Value> {
        let text = value.field("text")?;
        match name {
            "name" => Some(each_text(text, |text| Atom::Text(after_last(text, "/")).into())),
            "parent" => Some(path(each_text(text, |text| Atom::Text(before_last(text, "/")).into()))),
            "stem" | "suffix" | "parts" | "parents" | "suffixes" => Some(cx.unknown(HoleReason::Computed)),
            _ => None,
        }
    }

    /// Methods of a path.
    pub(crate) fn path_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Value {
        match name {
            "joinpath" => join(cx, value, &args.positional),
            "as_posix" | "__str__" | "__fspath__" => value.field("text").cloned().unwrap_or_default(),
            "resolve" | "absolute" | "expanduser" => Atom::Library(std::sync::Arc::new(value.clone())).into(),
            "glob" | "rglob" | "iterdir" => {
                let hole = cx.unknown(HoleReason::Result(format!("Path.{name}").into()));
                Value::list_of(path(hole))
            }
            "with_suffix" | "with_name" | "with_stem" | "relative_to" => {
                path(cx.unknown(HoleReason::Computed))
            }
            _ => self.foreign_call(cx, "pathlib.Path", args),
        }
    }
}
