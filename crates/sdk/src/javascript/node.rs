//! Modules of Node.js on which names of resources or the flow of control depend: `path`, `util`,
//! `module`, `timers/promises`. All other modules are foreign.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Text, Value};

use super::names::Name;
use super::{Javascript, globals, kind};
use crate::shared::{computed, concat_all, each_text, joined_literals, split};

/// Paths that joining alternatives can give.
const MAX_RESULTS: usize = 32;

impl Javascript<'_> {
    /// A function of a module of Node.js; nothing for functions without a model.
    pub(crate) fn call_node(&self, cx: &mut Cx<'_, '_>, name: Name<'_>, args: &Args) -> Option<Value> {
        let first = || args.positional.first().cloned().unwrap_or_default();
        match (name.module, name.last()) {
            ("path" | "path/posix", function) => path_function(cx, function, args),
            ("util", "promisify") => {
                Some(Value::library(kind::PROMISIFIED, "promisify", vec![("callee", first())]))
            }
            ("util", "format") => Some(cx.unknown(HoleReason::Computed)),
            ("util", "deprecate" | "callbackify") => Some(first()),
            ("module", "createRequire") => Some(globals::create_require()),
            ("timers/promises", "setTimeout" | "setImmediate") => {
                let position = usize::from(name.last() == "setTimeout");
                Some(args.positional.get(position).cloned().unwrap_or_else(|| Atom::Null.into()))
            }
            _ => None,
        }
    }
}

fn path_function(cx: &mut Cx<'_, '_>, name: &str, args: &Args) -> Option<Value> {
    let first = args.positional.first().cloned().unwrap_or_default();
    match name {
        "join" => Some(join(cx, args)),
        // Relative paths start at a directory that only the running program knows.
        "resolve" => match args.positional.first().and_then(Value::as_str) {
            Some(start) if start.starts_with('/') => Some(join(cx, args)),
            _ => {
                let joined = join(cx, args);
                Some(concat_all(&[Atom::Text(computed()).into(), joined], MAX_RESULTS))
            }
        },
        "basename" => {
            let suffix = match args.positional.get(1) {
                None => "",
                Some(suffix) => suffix.as_str()?,
            };
            let text = cx.to_text(&first);
            Some(each_text(&text, |text| Atom::Text(base_name(text, suffix)).into()))
        }
        "normalize" => {
            let text = cx.to_text(&first);
            Some(each_text(&text, |text| Atom::Text(normalized(text)).into()))
        }
        "dirname" | "extname" | "relative" => Some(cx.unknown(HoleReason::Computed)),
        _ => None,
    }
}

fn join(cx: &mut Cx<'_, '_>, args: &Args) -> Value {
    let mut pieces = Vec::new();
    for argument in &args.positional {
        if !pieces.is_empty() {
            pieces.push(Value::text("/", None));
        }
        pieces.push(cx.to_text(argument));
    }
    if args.rest.is_some() {
        pieces.push(Atom::Text(computed()).into());
    }
    let joined = concat_all(&pieces, MAX_RESULTS);
    each_text(&joined, |text| Atom::Text(normalized(text)).into())
}

/// A path without empty, `.` and `..` segments. What an unknown segment hides is taken for one segment
/// or more, none of which goes up.
fn normalized(text: &Text) -> Text {
    let joined = joined_literals(text);
    let absolute =
        joined.parts().first().and_then(|part| part.literal()).is_some_and(|part| part.starts_with('/'));
    let mut kept: Vec<Text> = Vec::new();
    for segment in split(&joined, "/") {
        match segment.to_literal().as_deref() {
            Some("" | ".") => {}
            Some("..") => match kept.last() {
                Some(last) if last.has_hole() => return computed(),
                Some(last) if last.as_literal() != Some("..") => {
                    kept.pop();
                }
                _ if absolute => {}
                _ => kept.push(segment),
            },
            _ => kept.push(segment),
        }
    }
    let mut result = Text::literal(if absolute { "/" } else { "" }, None);
    for (position, segment) in kept.iter().enumerate() {
        if position > 0 {
            result.push_text(&Text::literal("/", None));
        }
        result.push_text(segment);
    }
    let trailing =
        joined.parts().last().and_then(|part| part.literal()).is_some_and(|part| part.ends_with('/'));
    if trailing && !kept.is_empty() {
        result.push_text(&Text::literal("/", None));
    }
    result
}

/// What stands behind the last slash, without a suffix.
fn base_name(text: &Text, suffix: &str) -> Text {
    let Some(last) = split(text, "/").pop() else { return computed() };
    match last.to_literal() {
        Some(known) => {
            let cut = known.strip_suffix(suffix).unwrap_or(&known);
            Text::literal(cut, last.parts().first().and_then(|part| part.site))
        }
        None if suffix.is_empty() => last,
        None => computed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: &[&str]) -> Text {
        let mut text = Text::default();
        for piece in pieces {
            if *piece == "?" {
                text.push_text(&computed());
            } else {
                text.push_text(&Text::literal(piece, None));
            }
        }
        text
    }

    #[test]
    fn paths_are_normalised_around_unknown_segments() {
        for (path, expected) in [
            (&["a//b/./c"][..], &["a/b/c"][..]),
            (&["a/../b"], &["b"]),
            (&["/../b/"], &["/b/"]),
            (&["../b"], &["../b"]),
            (&["a/", "?", "/./b"], &["a/", "?", "/b"]),
            (&["a/", "?", "/../b"], &["?"]),
        ] {
            assert_eq!(normalized(&text(path)), text(expected), "{path:?}");
        }
    }

    #[test]
    fn base_names_stand_behind_the_last_slash() {
        assert_eq!(base_name(&text(&["a/b.csv"]), ".csv"), text(&["b"]));
        assert_eq!(base_name(&text(&["a/", "?", ".csv"]), ""), text(&["?", ".csv"]));
        assert_eq!(base_name(&text(&["?"]), ""), text(&["?"]));
    }
}
