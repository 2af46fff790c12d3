//! Format strings: `str.format` and the operator `%`. Fields whose conversion or width changes their text
//! become unknown parts.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, Text, Value};

use crate::shared::{computed, each_text, from_parts, joined_literals};

/// One piece of a format string.
enum Piece {
    Literal(String),
    /// The field's name and whether a conversion or format specification changes its text.
    Field(String, bool),
}

/// `template.format(args)`
pub(crate) fn format(cx: &mut Cx<'_, '_>, template: &Text, args: &Args) -> Value {
    let mut result = Value::text("", None);
    let mut next = 0;
    for part in joined_literals(template).parts() {
        let Some(literal) = part.literal() else {
            let hole = Atom::Text(from_parts([part.clone()])).into();
            result = cx.concat(&result, &hole);
            continue;
        };
        for piece in fields(literal) {
            let value = match piece {
                Piece::Literal(text) => Value::text(&text, part.site),
                Piece::Field(name, changed) => {
                    let value = field(cx, &name, &mut next, args);
                    if changed { each_text(&value, |_| Atom::Text(computed()).into()) } else { value }
                }
            };
            result = cx.concat(&result, &value);
        }
    }
    result
}

/// The value of a replacement field: `{}`, `{0}`, `{name}`, `{name.attribute}`, `{name[key]}`.
fn field(cx: &mut Cx<'_, '_>, name: &str, next: &mut usize, args: &Args) -> Value {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (root, mut path) = name.split_at(end);
    let value = if root.is_empty() {
        *next += 1;
        args.at(*next - 1)
    } else {
        match root.parse::<usize>() {
            Ok(position) => args.at(position),
            Err(_) => args.named(root).or(args.named_rest.as_ref()),
        }
    };
    let mut value = value.cloned().unwrap_or_else(|| cx.unknown(HoleReason::Computed));
    while !path.is_empty() {
        if let Some(rest) = path.strip_prefix('.') {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            value = cx.attribute(&value, &rest[..end]);
            path = &rest[end..];
        } else {
            let Some((key, rest)) = path.get(1..).and_then(|rest| rest.split_once(']')) else { break };
            let key = match key.parse() {
                Ok(position) => Atom::Int(position).into(),
                Err(_) => Value::text(key, None),
            };
            value = cx.index(&value, &key);
            path = rest;
        }
    }
    cx.to_text(&value)
}

fn fields(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = template;
    while let Some(position) = rest.find(['{', '}']) {
        literal.push_str(&rest[..position]);
        let (brace, after) = rest[position..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            literal.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            rest = after;
            continue;
        }
        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        let Some(end) = closing_brace(after) else {
            pieces.push(Piece::Field("0".to_owned(), true));
            return pieces;
        };
        let field = &after[..end];
        let name_end = field.find(['!', ':']).unwrap_or(field.len());
        let (name, how) = field.split_at(name_end);
        pieces.push(Piece::Field(name.to_owned(), !matches!(how, "" | "!s" | ":")));
        rest = &after[end + 1..];
    }
    literal.push_str(rest);
    pieces.push(Piece::Literal(literal));
    pieces
}

/// The brace that ends a field; its format specification may have fields of its own.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (position, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(position),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// `template % values`
pub(crate) fn percent(cx: &mut Cx<'_, '_>, template: &Text, values: &Value) -> Value {
    let mut result = Value::text("", None);
    let mut next = 0;
    for part in joined_literals(template).parts() {
        let Some(literal) = part.literal() else {
            let hole = Atom::Text(from_parts([part.clone()])).into();
            result = cx.concat(&result, &hole);
            continue;
        };
        let mut rest = literal;
        while let Some(position) = rest.find('%') {
            result = cx.concat(&result, &Value::text(&rest[..position], part.site));
            let after = &rest[position + 1..];
            let (value, length) = conversion(cx, after, values, &mut next);
            result = cx.concat(&result, &value);
            rest = after.get(length..).unwrap_or_default();
        }
        result = cx.concat(&result, &Value::text(rest, part.site));
    }
    result
}

/// The value of one conversion specifier after its `%`, and its length in bytes.
fn conversion(cx: &mut Cx<'_, '_>, text: &str, values: &Value, next: &mut usize) -> (Value, usize) {
    if text.starts_with('%') {
        return (Value::text("%", None), 1);
    }
    let (key, after_key) = match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((key, rest)) => (Some(key), rest),
        None => (None, text),
    };
    let Some(kind) = after_key.find(|c: char| c.is_ascii_alphabetic()) else {
        return (Atom::Text(computed()).into(), text.len());
    };
    let plain = kind == 0 && matches!(after_key.as_bytes().first(), Some(b's' | b'd' | b'i'));
    let length = text.len() - after_key.len() + kind + 1;
    let value = match (key, values.single()) {
        (Some(key), _) => cx.index(values, &Value::text(key, None)),
        (None, Some(Atom::List(list))) => {
            *next += 1;
            list.items.get(*next - 1).cloned().unwrap_or_else(|| list.element())
        }
        // Whether an unknown value is a tuple cannot be told.
        (None, None) if values.is_open() => cx.unknown(HoleReason::Computed),
        (None, _) => values.clone(),
    };
    let text = if plain { cx.to_text(&value) } else { each_text(&value, |_| Atom::Text(computed()).into()) };
    (text, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn format_strings_are_taken_apart() {
        let pieces = fields("{{a}} {} {name.key!r:>{width}}-{0[id]}");
        let shown: Vec<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.clone(),
                Piece::Field(name, changed) => format!("<{name}{}>", if *changed { "!" } else { "" }),
            })
            .collect();
        assert_eq!(shown.concat(), "{a} <> <name.key!>-<0[id]>");
        assert_eq!(fields("{unclosed").len(), 2);
    }
}
