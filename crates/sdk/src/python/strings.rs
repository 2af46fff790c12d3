//! Methods of strings. A result is computed as far as the known parts decide it; what
//! an unknown part decides is unknown, what is around it is kept.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, List, Text, TextPart, Value};

use super::foreign::foreign;
use super::formatting;
use crate::shared::{
    computed, from_parts, joined_literals, known_strings, map_literals, replace, split, trim,
};

/// `text.name(args)`
pub(crate) fn method(cx: &mut Cx<'_, '_>, text: &Text, name: &str, args: &Args) -> Value {
    let of = |text: Text| Value::from(Atom::Text(text));
    match name {
        "upper" => of(map_literals(text, str::to_uppercase)),
        "lower" | "casefold" => of(map_literals(text, str::to_lowercase)),
        "capitalize" | "title" | "swapcase" | "zfill" | "center" | "ljust" | "rjust" | "expandtabs"
        | "translate" => of(computed()),
        "strip" => stripped(text, args, true, true),
        "lstrip" => stripped(text, args, true, false),
        "rstrip" => stripped(text, args, false, true),
        "removeprefix" => without_affix(text, args, true),
        "removesuffix" => without_affix(text, args, false),
        "replace" => replaced(text, args),
        "split" => splitted(text, args, false),
        "rsplit" => splitted(text, args, true),
        "partition" => partitioned(text, args, false),
        "rpartition" => partitioned(text, args, true),
        "splitlines" => Value::list_of(of(computed())),
        "join" => joined(cx, text, args),
        "format" => formatting::format(cx, text, args),
        "format_map" => {
            let args = super::arguments::from_values(None, args.positional.first());
            formatting::format(cx, text, &args)
        }
        // Bytes are strings here; `isoformat`-like methods do not exist on strings.
        "encode" | "decode" | "__str__" | "as_posix" => of(text.clone()),
        "startswith" | "endswith" => affix_test(text, name, args),
        "get" | "hex" => cx.unknown(HoleReason::Computed),
        _ => foreign("str"),
    }
}

/// The literal of an argument that is one known string.
fn literal(args: &Args, position: usize) -> Option<String> {
    let value = args.positional.get(position)?;
    match known_strings(value) {
        (strings, false) if strings.len() == 1 => strings.into_iter().next(),
        _ => None,
    }
}

fn stripped(text: &Text, args: &Args, start: bool, end: bool) -> Value {
    let text = joined_literals(text);
    let result = match (args.positional.first(), literal(args, 0)) {
        (None, _) => trim(&text, char::is_whitespace, start, end),
        (Some(_), Some(chars)) => trim(&text, |c| chars.contains(c), start, end),
        (Some(_), None) => computed(),
    };
    Atom::Text(result).into()
}

fn without_affix(text: &Text, args: &Args, is_prefix: bool) -> Value {
    let Some(affix) = literal(args, 0) else { return Atom::Text(computed()).into() };
    let text = joined_literals(text);
    let mut parts: Vec<TextPart> = text.parts().to_vec();
    let part = if is_prefix { parts.first_mut() } else { parts.last_mut() };
    if let Some(part) = part {
        let kept = part.literal().map(|literal| {
            let kept = if is_prefix { literal.strip_prefix(&*affix) } else { literal.strip_suffix(&*affix) };
            kept.unwrap_or(literal).to_owned()
        });
        if let Some(kept) = kept {
            part.kind = perm_infer_analysis::TextKind::Literal(kept.into());
        }
    }
    Atom::Text(from_parts(parts)).into()
}

fn replaced(text: &Text, args: &Args) -> Value {
    let (Some(from), Some(to)) = (literal(args, 0), args.positional.get(1)) else {
        return Atom::Text(computed()).into();
    };
    if args.positional.len() > 2 {
        return Atom::Text(computed()).into();
    }
    let mut result = Value::bottom();
    for to in to.texts() {
        result.join(&Atom::Text(replace(text, &from, &to)).into());
    }
    result
}

fn affix_test(text: &Text, name: &str, args: &Args) -> Value {
    let known = text.to_literal().zip(literal(args, 0)).map(|(text, affix)| match name {
        "startswith" => text.starts_with(&affix),
        _ => text.ends_with(&affix),
    });
    match known {
        Some(known) => Atom::Bool(known).into(),
        None => Value::from(Atom::Bool(true)).joined(&Atom::Bool(false).into()),
    }
}

/// The separator; white space when there is none.
fn separator(args: &Args) -> Option<String> {
    match args.get(0, "sep").and_then(Value::single) {
        None if args.get(0, "sep").is_none() => Some(" ".to_owned()),
        Some(Atom::Null) => Some(" ".to_owned()),
        Some(Atom::Text(text)) => text.to_literal().filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn splitted(text: &Text, args: &Args, from_end: bool) -> Value {
    let Some(separator) = separator(args) else { return Value::list_of(Atom::Text(computed()).into()) };
    let most = match args.get(1, "maxsplit").and_then(Value::single) {
        Some(Atom::Int(most)) => usize::try_from(*most).ok(),
        None => None,
        _ => return Value::list_of(Atom::Text(computed()).into()),
    };
    let pieces = split(text, &separator);
    let cut = match (most, from_end) {
        (Some(most), true) => glue_start(pieces, most + 1, &separator),
        (Some(most), false) => glue_end(pieces, most + 1, &separator),
        (None, _) => pieces,
    };
    match most.filter(|_| from_end) {
        // Unknown parts may hide further separators: how many pieces there are is not certain.
        Some(most) if cut.len() <= most && cut.iter().any(Text::has_hole) => any_of(&cut),
        bounded => sound_list(&cut, bounded.is_some()),
    }
}

/// Any number of these pieces and of unknown ones.
fn any_of(pieces: &[Text]) -> Value {
    let mut element = Value::from(Atom::Text(computed()));
    for piece in pieces {
        element.join(&Atom::Text(piece.clone()).into());
    }
    Value::list_of(element)
}

/// The pieces as a list that holds whatever the unknown parts are. From the first unknown part on they
/// may hide separators, so the positions after it are not certain; seen from the end, with the number of
/// pieces given, those before it are not.
fn sound_list(pieces: &[Text], from_end: bool) -> Value {
    let value = |text: &Text| Value::from(Atom::Text(text.clone()));
    let unknown = Value::from(Atom::Text(computed()));
    if !pieces.iter().any(Text::has_hole) {
        return Value::list(pieces.iter().map(value).collect());
    }
    if from_end {
        let last = pieces.iter().rposition(Text::has_hole).unwrap_or_default();
        let items = pieces.iter().enumerate().map(|(position, piece)| {
            if position < last { value(piece).joined(&unknown) } else { tail_of(piece) }
        });
        return Value::list(items.collect());
    }
    let first = pieces.iter().position(Text::has_hole).unwrap_or_default();
    let items = pieces.iter().take(first).map(value).collect();
    let mut rest = unknown;
    for piece in &pieces[first..] {
        rest.join(&value(piece));
    }
    let mut list = List::new(items, None);
    if let Some(piece) = pieces.get(first) {
        list.items.push(head_of(piece));
    }
    list.rest = Some(rest);
    list.into()
}

/// A piece whose unknown part may hide a separator: what is known before it, then unknown.
fn head_of(piece: &Text) -> Value {
    let known = piece.parts().iter().take_while(|part| part.literal().is_some()).cloned();
    let hole = piece.parts().iter().find(|part| part.literal().is_none()).cloned();
    Atom::Text(from_parts(known.chain(hole))).into()
}

/// The same seen from the end.
fn tail_of(piece: &Text) -> Value {
    let from = piece.parts().iter().rposition(|part| part.literal().is_none()).unwrap_or_default();
    Atom::Text(from_parts(piece.parts()[from..].iter().cloned())).into()
}

/// At most `most` pieces: the last ones stay apart.
fn glue_start(mut pieces: Vec<Text>, most: usize, separator: &str) -> Vec<Text> {
    while pieces.len() > most.max(1) {
        let first = pieces.remove(0);
        pieces[0] = glued(&first, separator, &pieces[0]);
    }
    pieces
}

/// At most `most` pieces: the first ones stay apart.
fn glue_end(mut pieces: Vec<Text>, most: usize, separator: &str) -> Vec<Text> {
    while pieces.len() > most.max(1) {
        if let (Some(last), Some(before)) = (pieces.pop(), pieces.pop()) {
            pieces.push(glued(&before, separator, &last));
        }
    }
    pieces
}

fn glued(first: &Text, separator: &str, second: &Text) -> Text {
    let mut result = first.clone();
    result.push_text(&Text::literal(separator, None));
    result.push_text(second);
    result
}

/// `partition` and `rpartition`: what is before the separator, the separator, what is after it.
fn partitioned(text: &Text, args: &Args, from_end: bool) -> Value {
    let unknown = || Value::from(Atom::Text(computed()));
    let Some(separator) = literal(args, 0).filter(|separator| !separator.is_empty()) else {
        return Value::list(vec![unknown(), unknown(), unknown()]);
    };
    let pieces = split(text, &separator);
    let pieces = if from_end { glue_start(pieces, 2, &separator) } else { glue_end(pieces, 2, &separator) };
    let middle = Value::text(&separator, None);
    match pieces.as_slice() {
        [before, after] if from_end && !after.has_hole() || !from_end && !before.has_hole() => {
            Value::list(vec![Atom::Text(before.clone()).into(), middle, Atom::Text(after.clone()).into()])
        }
        [only] if !only.has_hole() => {
            let (empty, whole) = (Value::text("", None), Value::from(Atom::Text(only.clone())));
            Value::list(if from_end {
                vec![empty.clone(), empty, whole]
            } else {
                vec![whole, empty.clone(), empty]
            })
        }
        _ => Value::list(vec![unknown(), middle, unknown()]),
    }
}

/// What is after the last separator, as far as known.
pub(crate) fn after_last(text: &Text, separator: &str) -> Text {
    let pieces = split(text, separator);
    match pieces.last() {
        Some(last) if last.has_hole() => match tail_of(last).single() {
            Some(Atom::Text(text)) => text.clone(),
            _ => computed(),
        },
        Some(last) => last.clone(),
        None => computed(),
    }
}

/// What is before the last separator, as far as known.
pub(crate) fn before_last(text: &Text, separator: &str) -> Text {
    let pieces = split(text, separator);
    match pieces.last() {
        Some(last) if !last.has_hole() => {
            let glued = glue_start(pieces, 2, separator);
            if glued.len() == 2 { glued[0].clone() } else { Text::default() }
        }
        _ => computed(),
    }
}

/// `separator.join(items)`
fn joined(cx: &mut Cx<'_, '_>, separator: &Text, args: &Args) -> Value {
    let separator = Value::from(Atom::Text(separator.clone()));
    let items = args.positional.first().cloned().unwrap_or_default();
    let mut result = Value::bottom();
    for atom in items.atoms() {
        let text = match atom {
            Atom::List(list) => joined_list(cx, &separator, list),
            _ => Atom::Text(computed()).into(),
        };
        result.join(&text);
    }
    if items.is_open() {
        result.join(&Atom::Text(computed()).into());
    }
    result
}

fn joined_list(cx: &mut Cx<'_, '_>, separator: &Value, list: &List) -> Value {
    let mut result = Value::text("", None);
    for (position, item) in list.items.iter().enumerate() {
        if position > 0 {
            result = cx.concat(&result, separator);
        }
        result = cx.concat(&result, item);
    }
    if list.rest.is_some() {
        result = cx.concat(&result, &Atom::Text(computed()).into());
    }
    result
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

    fn args(values: &[&str]) -> Args {
        Args::of(values.iter().map(|value| Value::text(value, None)).collect())
    }

    fn items(value: &Value) -> Vec<Option<String>> {
        let Some(Atom::List(list)) = value.single() else { panic!("no list") };
        list.items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn constants_are_split_exactly() {
        let pieces = splitted(&text(&[Some("a/b/c")]), &args(&["/"]), false);
        assert_eq!(items(&pieces), [Some("a".into()), Some("b".into()), Some("c".into())]);
    }

    #[test]
    fn only_pieces_before_an_unknown_part_have_a_certain_position() {
        let value = splitted(&text(&[Some("in/"), None, Some("/out")]), &args(&["/"]), false);
        let Some(Atom::List(list)) = value.single() else { panic!("no list") };
        assert_eq!(list.items[0].as_str(), Some("in"));
        assert_eq!(list.items.len(), 2);
        assert!(list.rest.as_ref().is_some_and(|rest| rest.texts().any(|text| text.has_hole())));
    }

    #[test]
    fn splitting_once_from_the_end_is_exact_after_the_unknown_part() {
        let mut args = args(&["/"]);
        args.positional.push(Atom::Int(1).into());
        let value = splitted(&text(&[Some("in/"), None, Some("/out")]), &args, true);
        let Some(Atom::List(list)) = value.single() else { panic!("no list") };
        assert_eq!(list.items.len(), 2);
        assert_eq!(list.items[1].as_str(), Some("out"));
    }

    #[test]
    fn an_unknown_part_may_hide_the_separator_that_would_split_it() {
        let mut args = args(&["."]);
        args.positional.push(Atom::Int(1).into());
        let value = splitted(&text(&[None]), &args, true);
        let Some(Atom::List(list)) = value.single() else { panic!("no list") };
        assert!(list.items.is_empty() && list.rest.is_some());
    }

    #[test]
    fn partition_gives_three_parts() {
        let value = partitioned(&text(&[Some("table-"), None]), &args(&["-"]), false);
        assert_eq!(items(&value)[..2], [Some("table".into()), Some("-".into())]);
        let value = partitioned(&text(&[Some("name")]), &args(&["-"]), false);
        assert_eq!(items(&value), [Some("name".into()), Some(String::new()), Some(String::new())]);
    }

    #[test]
    fn affixes_are_removed_where_they_are_known() {
        let removed = without_affix(&text(&[Some("pre-"), None]), &args(&["pre-"]), true);
        assert_eq!(removed, Value::from(Atom::Text(computed())));
        let kept = without_affix(&text(&[Some("name")]), &args(&["x"]), false);
        assert_eq!(kept.as_str(), Some("name"));
    }

    #[test]
    fn last_segments_stop_at_unknown_parts() {
        assert_eq!(after_last(&text(&[Some("a/b.txt")]), "/").to_literal().as_deref(), Some("b.txt"));
        assert!(after_last(&text(&[Some("a/"), None, Some(".txt")]), "/").has_hole());
        assert_eq!(before_last(&text(&[Some("a/b/c")]), "/").to_literal().as_deref(), Some("a/b"));
    }
}
