//! Methods of strings. Known parts are computed with, what an unknown part could change is unknown.

use perm_infer_analysis::{Args, Atom, Cx, HoleReason, List, Text, Value};

use super::functions::call_back;
use super::regex;
use crate::shared::{computed, concat_all, joined_literals, map_literals, replace, split, trim};

/// Alternatives of one computed string.
const MAX_RESULTS: usize = 32;

/// `text.name(args)`
pub(crate) fn method(cx: &mut Cx<'_, '_>, text: &Text, name: &str, args: &Args) -> Value {
    let value = |text: Text| Value::from(Atom::Text(text));
    let first = args.positional.first();
    match name {
        "toString" | "valueOf" | "normalize" | "toWellFormed" => value(text.clone()),
        "toLowerCase" | "toLocaleLowerCase" => value(map_literals(text, str::to_lowercase)),
        "toUpperCase" | "toLocaleUpperCase" => value(map_literals(text, str::to_uppercase)),
        "trim" => value(trim(text, char::is_whitespace, true, true)),
        "trimStart" | "trimLeft" => value(trim(text, char::is_whitespace, true, false)),
        "trimEnd" | "trimRight" => value(trim(text, char::is_whitespace, false, true)),
        "concat" => {
            let mut all = vec![value(text.clone())];
            for argument in &args.positional {
                all.push(cx.to_text(argument));
            }
            concat_all(&all, MAX_RESULTS)
        }
        "replace" | "replaceAll" => replaced(cx, text, name == "replaceAll", args),
        "split" => pieces(cx, text, first),
        "slice" | "substring" | "substr" => cut(text, name, args),
        "charAt" | "at" => match (text.to_literal(), integer(first)) {
            (Some(known), Some(position)) => {
                let found = usize::try_from(position).ok().and_then(|position| known.chars().nth(position));
                found.map_or_else(|| value(computed()), |found| Value::text(&found.to_string(), None))
            }
            _ => value(computed()),
        },
        "padStart" | "padEnd" | "repeat" => resized(text, name, args),
        "startsWith" | "endsWith" | "includes" if args.positional.len() == 1 => {
            contains(cx, text, name, first)
        }
        "length" | "indexOf" | "lastIndexOf" | "localeCompare" | "search" | "charCodeAt" | "codePointAt" => {
            cx.unknown(HoleReason::Computed)
        }
        _ => {
            call_back(cx, args);
            cx.unknown(HoleReason::Computed)
        }
    }
}

fn integer(value: Option<&Value>) -> Option<i64> {
    match value?.single()? {
        Atom::Int(number) => Some(*number),
        _ => None,
    }
}

/// `replace` with constants. The first occurrence alone can be replaced only where all is known before
/// it; a pattern, or a function, makes everything unknown that it could touch.
fn replaced(cx: &mut Cx<'_, '_>, text: &Text, all: bool, args: &Args) -> Value {
    let from = args.positional.first().and_then(Value::to_str);
    let to = args.positional.get(1).cloned().unwrap_or_default();
    if let (Some(pattern), Some(to)) = (args.positional.first().and_then(regex::pattern), to.to_str()) {
        let text = regex::replaced(text, &pattern, &to).unwrap_or_else(computed);
        return Atom::Text(text).into();
    }
    let (Some(from), false) = (from, to.atoms().iter().any(|atom| atom.as_text().is_none())) else {
        call_back(cx, &args.skip(1));
        return Atom::Text(computed()).into();
    };
    let mut result = Value::bottom();
    for to in to.texts() {
        let text = if all { replace(text, &from, &to) } else { replace_first(text, &from, &to) };
        result.join(&Atom::Text(text).into());
    }
    result
}

fn replace_first(text: &Text, from: &str, to: &Text) -> Text {
    let text = joined_literals(text);
    let Some(known) = text.parts().first().and_then(|part| part.literal()) else {
        // An unknown part may hold the first occurrence, so a later one may stay or go.
        let later = text.parts().iter().any(|part| part.literal().is_some_and(|part| part.contains(from)));
        return if later { computed() } else { text };
    };
    let Some((before, after)) = known.split_once(from) else {
        let later = text.parts().iter().any(|part| part.literal().is_some_and(|part| part.contains(from)));
        return if later { computed() } else { text };
    };
    let site = text.parts().first().and_then(|part| part.site);
    let mut result = Text::literal(before, site);
    result.push_text(to);
    result.push_text(&Text::literal(after, site));
    for part in text.parts().iter().skip(1) {
        result.push(part.clone());
    }
    result
}

/// `split` by a constant. Behind an unknown part positions are not certain, so all that follows it may
/// stand anywhere.
fn pieces(cx: &mut Cx<'_, '_>, text: &Text, separator: Option<&Value>) -> Value {
    let unknown = cx.unknown(HoleReason::Computed);
    if let Some(pieces) = separator.and_then(regex::pattern).and_then(|pattern| regex::split(text, &pattern))
    {
        let site = text.parts().first().and_then(|part| part.site);
        return Value::list(pieces.iter().map(|piece| Value::text(piece, site)).collect());
    }
    let Some(separator) = separator.and_then(Value::to_str).filter(|separator| !separator.is_empty()) else {
        return Value::list_of(unknown);
    };
    let mut items = Vec::new();
    let mut rest: Option<Value> = None;
    for piece in split(text, &separator) {
        let certain = rest.is_none() && !piece.has_hole();
        let piece: Value = Atom::Text(piece).into();
        if certain {
            items.push(piece);
        } else {
            rest.get_or_insert_with(|| unknown.clone()).join(&piece);
        }
    }
    List::new(items, rest).into()
}

/// `slice`, `substring` and `substr` with constants.
fn cut(text: &Text, name: &str, args: &Args) -> Value {
    let cut = match (integer(args.positional.first()), args.positional.get(1)) {
        (Some(start), None) => cut_at(text, name, start, None),
        (Some(start), Some(end)) => integer(Some(end)).and_then(|end| cut_at(text, name, start, Some(end))),
        _ => None,
    };
    Atom::Text(cut.unwrap_or_else(computed)).into()
}

fn cut_at(text: &Text, name: &str, start: i64, end: Option<i64>) -> Option<Text> {
    let joined = joined_literals(text);
    let site = joined.parts().first().and_then(|part| part.site);
    if let Some(known) = joined.to_literal() {
        return Some(Text::literal(&cut_known(&known, name, start, end), site));
    }
    // Only what is known from the start on has positions.
    let characters: Vec<char> = joined.parts().first()?.literal()?.chars().collect();
    let start = usize::try_from(start).ok().filter(|start| *start <= characters.len())?;
    let kept = |end: usize| Text::literal(&characters[start..end].iter().collect::<String>(), site);
    let mut result = kept(characters.len());
    match end {
        None => joined.parts().iter().skip(1).for_each(|part| result.push(part.clone())),
        Some(end) => {
            let end = usize::try_from(end).ok()?;
            let end = if name == "substr" { start.saturating_add(end) } else { end };
            if end < start {
                return None;
            }
            if end <= characters.len() {
                return Some(kept(end));
            }
            result.push_text(&computed());
        }
    }
    Some(result)
}

fn cut_known(known: &str, name: &str, start: i64, end: Option<i64>) -> String {
    let characters: Vec<char> = known.chars().collect();
    let length = i64::try_from(characters.len()).unwrap_or(i64::MAX);
    let place =
        |bound: i64| if bound < 0 && name != "substring" { bound + length } else { bound }.clamp(0, length);
    let first = place(start);
    let last = match end {
        None => length,
        Some(count) if name == "substr" => first.saturating_add(count).clamp(first, length),
        Some(end) => place(end),
    };
    let (first, last) =
        if name == "substring" { (first.min(last), first.max(last)) } else { (first, last.max(first)) };
    let at = |position: i64| usize::try_from(position).unwrap_or(0).min(characters.len());
    characters[at(first)..at(last)].iter().collect()
}

fn resized(text: &Text, name: &str, args: &Args) -> Value {
    /// Longer strings are no names.
    const MAX_LENGTH: usize = 2048;
    let unknown: Value = Atom::Text(computed()).into();
    let size = integer(args.positional.first()).and_then(|size| usize::try_from(size).ok());
    let (Some(known), Some(size)) = (text.to_literal(), size.filter(|size| *size <= MAX_LENGTH)) else {
        return unknown;
    };
    if name == "repeat" {
        return if known.len() * size <= MAX_LENGTH {
            Value::text(&known.repeat(size), None)
        } else {
            unknown
        };
    }
    let Some(filler) = args.positional.get(1).map_or(Some(" "), Value::as_str) else { return unknown };
    let missing = size.saturating_sub(known.chars().count());
    let padding: String = filler.chars().cycle().take(missing).collect();
    let padded = if name == "padStart" { padding + &known } else { known + &padding };
    Value::text(&padded, None)
}

fn contains(cx: &mut Cx<'_, '_>, text: &Text, name: &str, wanted: Option<&Value>) -> Value {
    match (text.to_literal(), wanted.and_then(Value::as_str)) {
        (Some(text), Some(wanted)) => Atom::Bool(match name {
            "startsWith" => text.starts_with(wanted),
            "endsWith" => text.ends_with(wanted),
            _ => text.contains(wanted),
        })
        .into(),
        _ => cx.unknown(HoleReason::Computed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(known: &str) -> Text {
        let mut text = Text::literal(known, None);
        text.push_text(&computed());
        text
    }

    fn args(values: &[i64]) -> Args {
        Args::of(values.iter().map(|value| Atom::Int(*value).into()).collect())
    }

    #[test]
    fn known_strings_are_cut_as_in_javascript() {
        for (name, start, end, expected) in [
            ("slice", 1, Some(3), "bc"),
            ("slice", -2, None, "ef"),
            ("slice", 4, Some(2), ""),
            ("slice", 1, Some(-1), "bcde"),
            ("substring", 4, Some(2), "cd"),
            ("substring", -3, Some(2), "ab"),
            ("substr", 2, Some(2), "cd"),
            ("substr", -3, Some(2), "de"),
            ("slice", i64::MIN, Some(i64::MAX), "abcdef"),
            ("substr", i64::MAX, Some(i64::MAX), ""),
        ] {
            assert_eq!(cut_known("abcdef", name, start, end), expected, "{name} {start} {end:?}");
        }
    }

    #[test]
    fn partly_known_strings_keep_what_the_cut_leaves() {
        let kept = |values: &[i64]| cut(&open("abc"), "slice", &args(values));
        assert_eq!(kept(&[1]), Atom::Text(open("bc")).into());
        assert_eq!(kept(&[0, 2]), Value::text("ab", None));
        assert_eq!(kept(&[0, 9]), Atom::Text(open("abc")).into());
        assert_eq!(kept(&[-2]), Atom::Text(computed()).into());
        assert_eq!(kept(&[9]), Atom::Text(computed()).into());
    }

    #[test]
    fn only_the_first_occurrence_is_replaced_and_only_where_it_is_certain() {
        let to = Text::literal("_", None);
        assert_eq!(replace_first(&Text::literal("a-b-c", None), "-", &to), Text::literal("a_b-c", None));
        assert_eq!(replace_first(&open("a-b"), "-", &to), open("a_b"));
        let mut later = computed();
        later.push_text(&Text::literal("-x", None));
        assert_eq!(replace_first(&later, "-", &to), computed());
    }

    #[test]
    fn padding_needs_known_strings_of_reasonable_length() {
        let padded = |size| {
            resized(
                &Text::literal("7", None),
                "padStart",
                &Args::of(vec![Atom::Int(size).into(), Value::text("0", None)]),
            )
        };
        assert_eq!(padded(3), Value::text("007", None));
        assert_eq!(padded(1_000_000), Atom::Text(computed()).into());
    }
}
