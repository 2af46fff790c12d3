//! Lists of YAML in block style: the managed elements stand between two comments.

use perm_infer_policy::to_template_yaml;
use serde_json::Value;

use crate::document::{Change, Document, Refusal, Wanted};
use crate::text::{indentation, line_end, line_start, next_line};
use crate::tree::{Entry, Kind, Node};

/// What the comment before the managed elements starts with.
pub(crate) const BEGIN: &str = "# perm-infer: begin";
/// The comment behind them.
pub(crate) const END: &str = "# perm-infer: end";
/// What is written before them.
pub(crate) const BEGIN_LINE: &str = "# perm-infer: begin (what is between these lines is replaced)";

/// Changes the list, or the one value, of an entry of a map in block style.
pub(crate) fn change(document: &Document, entry: &Entry, wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
    let value = &entry.value;
    match &value.kind {
        Kind::List { items, flow: false } => in_list(document, entry, items, wanted),
        Kind::List { items, flow: true } if items.is_empty() => in_empty(document, entry, wanted),
        Kind::List { flow: true, .. } => crate::flow::change(document, entry, wanted),
        Kind::Map { flow: false, .. } => in_block_map(document, value, wanted),
        _ => in_one_value(document, entry, wanted),
    }
}

/// Lines of a list with managed elements, below the keys of the path; the first starts `indent` deep.
pub(crate) fn lines(document: &Document, path: &[&str], indent: usize, wanted: &Wanted) -> Option<String> {
    let style = document.style;
    let mut out = String::new();
    let mut depth = indent;
    for (position, key) in path.iter().enumerate() {
        out.push_str(&format!("{}{key}:{}", " ".repeat(depth), document.ending));
        depth += if position + 1 == path.len() { style.list } else { style.map };
    }
    let elements = elements(document, depth, wanted)?;
    Some(out + &elements)
}

/// The lines of the elements, with the comments around them; none where there are none.
fn elements(document: &Document, indent: usize, wanted: &Wanted) -> Option<String> {
    let (elements, is_managed) = match wanted {
        Wanted::Set { plain, .. } if plain.is_empty() => return None,
        Wanted::Set { plain, .. } => (plain.clone(), true),
        Wanted::Add(elements) => (elements.clone(), false),
    };
    let text = to_template_yaml(&Value::Array(elements), document.style);
    let mut lines: Vec<&str> = text.lines().collect();
    if is_managed {
        lines.insert(0, BEGIN_LINE);
        lines.push(END);
    }
    let space = " ".repeat(indent);
    let lines: Vec<String> = lines.iter().map(|line| format!("{space}{line}")).collect();
    Some(lines.join(document.ending))
}

/// The column of the dash before an element, which may stand on a line of its own.
pub(crate) fn dash_column(text: &str, element: usize) -> Option<usize> {
    let start = line_start(text, element);
    let before = text.get(start..element)?;
    if let Some(dash) = before.find(|character: char| character != ' ') {
        return before[dash..].starts_with('-').then_some(dash);
    }
    let is_empty = |line: &&str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let line = text[..start].lines().rev().find(|line| !is_empty(line))?;
    let after = line.trim_start().strip_prefix('-')?.trim();
    (after.is_empty() || after.starts_with('#')).then(|| line.len() - line.trim_start().len())
}

fn in_list(
    document: &Document,
    entry: &Entry,
    items: &[Node],
    wanted: &Wanted,
) -> Result<Vec<Change>, Refusal> {
    let text = &document.text;
    // The managed elements may come first, with comments between the key and them.
    let dash = items.iter().find_map(|item| dash_column(text, item.span.start));
    let Some(dash) = dash else {
        return Err(Refusal::new(entry.value.span.start, format!("`{}` starts beside its key", entry.key)));
    };
    if let Wanted::Add(elements) = wanted
        && elements.iter().all(|element| items.iter().any(|item| is_same(item, element)))
    {
        return Ok(Vec::new());
    }
    let new = elements(document, dash, wanted);
    let managed = managed(document, entry)?;
    if let (Wanted::Add(_), Some(new)) = (wanted, &new) {
        let last = line_end(text, entry.value.end());
        let at = managed.map_or(last, |block| block.end.max(last));
        return Ok(vec![(at..at, format!("{}{new}", document.ending))]);
    }
    match (managed, new) {
        (Some(block), Some(new)) => Ok(vec![(block, new)]),
        (Some(block), None) => {
            let is_all = items.iter().all(|item| block.contains(&item.span.start));
            let end = next_line(text, block.end);
            // The last line of the file takes the line ending before it along.
            let start = match block.end == text.len() {
                true => line_end(text, text[..block.start].trim_end_matches(['\r', '\n']).len()),
                false => block.start,
            };
            let mut changes = vec![(start..end, String::new())];
            if is_all {
                // A key without a value would be null.
                changes.push((entry.colon..entry.colon, " []".to_owned()));
            }
            Ok(changes)
        }
        (None, Some(new)) => {
            let at = line_end(text, entry.value.end());
            Ok(vec![(at..at, format!("{}{new}", document.ending))])
        }
        (None, None) => Ok(Vec::new()),
    }
}

/// From the start of the first comment's line to the end of the last one's.
fn managed(document: &Document, entry: &Entry) -> Result<Option<std::ops::Range<usize>>, Refusal> {
    let text = &document.text;
    let limit = document.tree.next_start(entry.value.end().max(entry.colon)).unwrap_or(text.len());
    let mut start = None;
    let mut at = next_line(text, entry.colon);
    while at < limit {
        let line = text[at..line_end(text, at)].trim();
        let is_comment =
            line.starts_with('#') && !document.tree.is_in_scalar(at + indentation(text, at).len());
        match start {
            None if is_comment && line.starts_with(BEGIN) => start = Some(at),
            Some(start) if is_comment && line.starts_with(END) => return Ok(Some(start..line_end(text, at))),
            Some(_) if is_comment && line.starts_with(BEGIN) => {
                return Err(Refusal::new(at, format!("`{BEGIN}` stands here a second time without `{END}`")));
            }
            _ => {}
        }
        at = next_line(text, at);
    }
    match start {
        Some(start) => {
            Err(Refusal::new(start, format!("`{BEGIN}` has no `{END}` behind it in `{}`", entry.key)))
        }
        None => Ok(None),
    }
}

/// A list without elements becomes one in block style.
fn in_empty(document: &Document, entry: &Entry, wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
    let inner = &document.text[entry.value.span.clone()];
    if inner.contains('#') {
        return crate::flow::change(document, entry, wanted);
    }
    let indent = document.column(entry.key_span.start) + document.style.list;
    let Some(new) = elements(document, indent, wanted) else { return Ok(Vec::new()) };
    let end = line_end(&document.text, entry.value.span.end);
    Ok(vec![
        (entry.colon..entry.value.span.end, String::new()),
        (end..end, format!("{}{new}", document.ending)),
    ])
}

/// One map becomes the first element of a list.
fn in_block_map(document: &Document, value: &Node, wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
    let text = &document.text;
    let Some(first) = value.entries().first() else { return Ok(Vec::new()) };
    let indent = document.column(first.key_span.start);
    let Some(new) = elements(document, indent, wanted) else { return Ok(Vec::new()) };
    let start = first.key_span.start;
    if !text[line_start(text, start)..start].trim().is_empty() {
        return Err(Refusal::new(start, "it starts beside its key"));
    }
    let end = line_end(text, value.end());
    let mut changes = vec![(start..start, "- ".to_owned())];
    let mut at = next_line(text, start);
    while at < end {
        if !text[at..line_end(text, at)].trim().is_empty() {
            changes.push((at..at, "  ".to_owned()));
        }
        at = next_line(text, at);
    }
    changes.push((end..end, format!("{}{new}", document.ending)));
    Ok(changes)
}

/// A text, or a map in flow style, becomes the first element of a list.
fn in_one_value(document: &Document, entry: &Entry, wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
    let text = &document.text;
    let indent = document.column(entry.key_span.start) + document.style.list;
    let Some(new) = elements(document, indent, wanted) else { return Ok(Vec::new()) };
    let inner = &text[entry.colon..entry.value.span.end];
    if inner.contains('\n') && matches!(entry.value.kind, Kind::Scalar(_)) {
        let message = format!("`{}` is one text on several lines; write it as a list", entry.key);
        return Err(Refusal::new(entry.value.span.start, message));
    }
    let start = entry.colon + (inner.len() - inner.trim_start().len());
    let end = line_end(text, entry.value.span.end);
    Ok(vec![
        (entry.colon..start, format!("{}{}- ", document.ending, " ".repeat(indent))),
        (end..end, format!("{}{new}", document.ending)),
    ])
}

/// Whether a node says the same as a value.
pub(crate) fn is_same(node: &Node, value: &Value) -> bool {
    if let Some(tag) = &node.tag {
        let Some((key, argument)) =
            value.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next())
        else {
            return false;
        };
        let joined = argument
            .as_array()
            .map(|parts| parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("."));
        return key.trim_start_matches("Fn::") == tag
            && (node
                .text()
                .is_some_and(|text| argument.as_str() == Some(text) || joined.as_deref() == Some(text)));
    }
    match (&node.kind, value) {
        (Kind::Scalar(text), Value::String(other)) => text == other,
        (Kind::Scalar(text), Value::Bool(flag)) => text.parse() == Ok(*flag),
        (Kind::Scalar(text), Value::Number(number)) => text.parse().ok().as_ref() == Some(number),
        (Kind::List { items, .. }, Value::Array(others)) => {
            items.len() == others.len() && items.iter().zip(others).all(|(item, other)| is_same(item, other))
        }
        (Kind::Map { entries, .. }, Value::Object(others)) => {
            entries.len() == others.len()
                && entries
                    .iter()
                    .all(|entry| others.get(&entry.key).is_some_and(|other| is_same(&entry.value, other)))
        }
        (Kind::Null, Value::Null) => true,
        _ => false,
    }
}
