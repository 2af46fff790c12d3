//! Operations on strings of which parts may be unknown. Each gives the most that is certain: what an
//! unknown part could change becomes unknown, the rest is kept with the place it came from.

use std::sync::Arc;

use perm_infer_analysis::{Atom, Hole, HoleReason, Text, TextKind, TextPart, Value};

/// Applies an operation to every string alternative; other alternatives, and the unknown rest, become
/// strings of which nothing is known.
pub(crate) fn each_text(value: &Value, mut operation: impl FnMut(&Text) -> Value) -> Value {
    let mut result = Value::bottom();
    for text in value.texts() {
        result.join(&operation(&text));
    }
    if let Some(hole) = value.default_hole() {
        result.join(&Value::unknown((**hole).clone()));
    }
    result
}

/// A string of which nothing is known, because it is computed.
pub(crate) fn computed() -> Text {
    Text::hole(Arc::new(Hole::new(HoleReason::Computed)), None)
}

/// Every known part changed by a function that works byte by byte, such as upper case.
pub(crate) fn map_literals(text: &Text, change: impl Fn(&str) -> String) -> Text {
    let mut result = Text::default();
    for part in text.parts() {
        let kind = match &part.kind {
            TextKind::Literal(literal) => TextKind::Literal(change(literal).into()),
            hole @ TextKind::Hole(_) => hole.clone(),
        };
        result.push(TextPart { kind, ..part.clone() });
    }
    result
}

/// `text` without any of these characters at its start and end. What an unknown part hides stays.
pub(crate) fn trim(text: &Text, drop: impl Fn(char) -> bool + Copy, start: bool, end: bool) -> Text {
    let mut parts: Vec<TextPart> = text.parts().to_vec();
    while start && trim_part(parts.first_mut(), |literal| literal.trim_start_matches(drop)) {
        parts.remove(0);
    }
    while end && trim_part(parts.last_mut(), |literal| literal.trim_end_matches(drop)) {
        parts.pop();
    }
    from_parts(parts)
}

/// Trims one known part; true when nothing is left of it.
fn trim_part(part: Option<&mut TextPart>, trim: impl for<'t> Fn(&'t str) -> &'t str) -> bool {
    let Some(part) = part else { return false };
    let Some(trimmed) = part.literal().map(|literal| Arc::<str>::from(trim(literal))) else { return false };
    let empty = trimmed.is_empty();
    part.kind = TextKind::Literal(trimmed);
    empty
}

/// A string of these parts.
pub(crate) fn from_parts(parts: impl IntoIterator<Item = TextPart>) -> Text {
    let mut text = Text::default();
    for part in parts {
        text.push(part);
    }
    text
}

/// `text` with every occurrence of `from` replaced. Occurrences that an unknown part is involved in
/// cannot be seen; the unknown part stays unknown, so what is around it is kept.
pub(crate) fn replace(text: &Text, from: &str, to: &Text) -> Text {
    if from.is_empty() {
        return computed();
    }
    let mut result = Text::default();
    for part in joined_literals(text).parts() {
        let Some(literal) = part.literal() else {
            result.push(part.clone());
            continue;
        };
        for (position, piece) in literal.split(from).enumerate() {
            if position > 0 {
                result.push_text(to);
            }
            result.push(TextPart { kind: TextKind::Literal(piece.into()), ..part.clone() });
        }
    }
    result
}

/// The same string with neighbouring known parts in one.
pub(crate) fn joined_literals(text: &Text) -> Text {
    let mut parts: Vec<TextPart> = Vec::new();
    for part in text.parts() {
        match (parts.last().and_then(TextPart::literal), part.literal()) {
            (Some(last), Some(literal)) => {
                let joined: Arc<str> = format!("{last}{literal}").into();
                if let Some(last) = parts.last_mut() {
                    last.kind = TextKind::Literal(joined);
                }
            }
            _ => parts.push(part.clone()),
        }
    }
    from_parts(parts)
}

/// The pieces between separators, and whether an unknown part may hide further separators.
///
/// With an unknown part the pieces up to it, and those after it counted from the end, are still right.
pub(crate) fn split(text: &Text, separator: &str) -> Vec<Text> {
    let mut pieces = vec![Text::default()];
    for part in joined_literals(text).parts() {
        let Some(literal) = part.literal().filter(|_| !separator.is_empty()) else {
            if let Some(last) = pieces.last_mut() {
                last.push(part.clone());
            }
            continue;
        };
        for (position, piece) in literal.split(separator).enumerate() {
            if position > 0 {
                pieces.push(Text::default());
            }
            if let Some(last) = pieces.last_mut() {
                last.push(TextPart { kind: TextKind::Literal(piece.into()), ..part.clone() });
            }
        }
    }
    pieces
}

/// All strings that joining these values gives; alternatives multiply up to `limit`, past it the
/// result has a hole there.
pub(crate) fn concat_all(values: &[Value], limit: usize) -> Value {
    let mut results = vec![Text::default()];
    for value in values {
        let mut pieces: Vec<Text> = value.texts().collect();
        let others = value.atoms().iter().any(|atom| atom.as_text().is_none());
        if others || pieces.len() * results.len() > limit {
            pieces = vec![computed()];
        }
        results = results
            .iter()
            .flat_map(|result| {
                pieces.iter().map(move |piece| {
                    let mut text = result.clone();
                    text.push_text(piece);
                    text
                })
            })
            .collect();
    }
    let mut value = Value::bottom();
    for text in results {
        value.join(&Atom::Text(text).into());
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: &[Option<&str>]) -> Text {
        let mut text = Text::default();
        for part in parts {
            match part {
                Some(literal) => text.push_text(&Text::literal(literal, None)),
                None => text.push_text(&computed()),
            }
        }
        text
    }

    #[test]
    fn case_changes_known_parts_only() {
        let changed = map_literals(&text(&[Some("Ab-"), None]), str::to_uppercase);
        assert_eq!(changed, text(&[Some("AB-"), None]));
    }

    #[test]
    fn trimming_stops_at_unknown_parts() {
        let slash = |c| c == '/';
        assert_eq!(
            trim(&text(&[Some("/a/"), None, Some("/")]), slash, true, true),
            text(&[Some("a/"), None])
        );
        assert_eq!(trim(&text(&[Some("//")]), slash, true, true), Text::default());
        assert_eq!(trim(&text(&[None, Some("/x/")]), slash, true, false), text(&[None, Some("/x/")]));
    }

    #[test]
    fn replacing_keeps_unknown_parts() {
        let replaced = replace(&text(&[Some("a.b"), None, Some(".c")]), ".", &Text::literal("-", None));
        assert_eq!(replaced, text(&[Some("a-b"), None, Some("-c")]));
    }

    #[test]
    fn occurrences_across_known_parts_are_replaced() {
        let replaced = replace(&text(&[Some("a:"), Some(":b")]), "::", &Text::literal("/", None));
        assert_eq!(replaced.to_literal().as_deref(), Some("a/b"));
    }

    #[test]
    fn splitting_gives_pieces_around_unknown_parts() {
        let pieces = split(&text(&[Some("s3://bucket/"), None, Some("/file")]), "/");
        assert_eq!(pieces.len(), 5);
        assert_eq!(pieces[2], text(&[Some("bucket")]));
        assert_eq!(pieces[3], text(&[None]));
        assert_eq!(pieces[4], text(&[Some("file")]));
    }

    #[test]
    fn alternatives_multiply_up_to_the_limit() {
        let either = Value::text("a", None).joined(&Value::text("b", None));
        let both = concat_all(&[either.clone(), Value::text("-", None), either.clone()], 8);
        assert_eq!(both.atoms().len(), 4);
        let wide = concat_all(&[either.clone(), either], 2);
        assert!(wide.texts().all(|text| text.has_hole()));
    }
}
