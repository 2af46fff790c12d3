//! JSON, and lists of YAML in flow style: the managed statements are known by their `Sid`s.

use perm_infer_policy::inert::in_json;
use serde_json::{Map, Value};

use crate::block::is_same;
use crate::document::{Change, Document, Refusal, SID_PREFIX, Wanted};
use crate::text::{indentation, line_start};
use crate::tree::{Entry, Kind, Node};

/// Changes the list, or the one value, of an entry.
pub(crate) fn change(document: &Document, entry: &Entry, wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
    let value = &entry.value;
    let Kind::List { items, .. } = &value.kind else { return Ok(wrap(document, value, wanted)) };
    match wanted {
        Wanted::Add(elements) => {
            let is_new = |element: &&Value| !items.iter().any(|item| is_same(item, element));
            let new: Vec<Value> = elements.iter().filter(is_new).cloned().collect();
            Ok(append(document, value, items, &new))
        }
        Wanted::Set { marked, .. } => {
            let is_managed: Vec<bool> = items.iter().map(is_managed).collect();
            Ok(match is_managed.contains(&true) {
                true => replace(document, items, &is_managed, marked),
                false => append(document, value, items, marked),
            })
        }
    }
}

/// Whether all statements of a policy, or the statement itself, are managed.
fn is_managed(node: &Node) -> bool {
    let document = node.get("PolicyDocument").unwrap_or(node);
    let statements = document.get("Statement").map_or(vec![document], Node::one_or_items);
    let has_mark = |statement: &&Node| {
        statement.get("Sid").and_then(Node::text).is_some_and(|sid| sid.starts_with(SID_PREFIX))
    };
    !statements.is_empty() && statements.iter().all(has_mark)
}

/// One value becomes the first of a list.
fn wrap(document: &Document, value: &Node, wanted: &Wanted) -> Vec<Change> {
    let elements = match wanted {
        Wanted::Set { marked, .. } => marked.clone(),
        Wanted::Add(elements) => elements.clone(),
    };
    if elements.is_empty() {
        return Vec::new();
    }
    let base = indentation(&document.text, value.end());
    let added: String =
        elements.iter().map(|element| format!(", {}", json(document, element, base))).collect();
    let (start, end) = (value.span.start, value.span.end);
    vec![(start..start, "[".to_owned()), (end..end, format!("{added}]"))]
}

/// Elements behind those that are there.
fn append(document: &Document, list: &Node, items: &[Node], elements: &[Value]) -> Vec<Change> {
    if elements.is_empty() {
        return Vec::new();
    }
    let text = &document.text;
    let Some(last) = items.last() else {
        let outer = indentation(text, list.span.start);
        let base = if document.is_compact() { String::new() } else { format!("{outer}{}", document.unit()) };
        let lines: Vec<String> = elements.iter().map(|element| json(document, element, &base)).collect();
        let (start, end) = (break_line(document, &base), break_line(document, outer));
        return vec![(list.span.clone(), format!("[{start}{}{end}]", lines.join(&format!(",{start}"))))];
    };
    vec![behind(document, last, elements)]
}

/// Elements behind another one, on lines of their own where it is.
fn behind(document: &Document, item: &Node, elements: &[Value]) -> Change {
    let text = &document.text;
    let has_own_line = text[line_start(text, item.span.start)..item.span.start].trim().is_empty();
    // The element stands on the line on which it starts.
    let base = indentation(text, if has_own_line { item.span.start } else { item.end() });
    let space = if has_own_line { break_line(document, base) } else { separator(document).to_owned() };
    let lines: String =
        elements.iter().map(|element| format!(",{space}{}", json(document, element, base))).collect();
    let end = item.end();
    (end..end, lines)
}

fn separator(document: &Document) -> &'static str {
    if document.is_compact() { "" } else { " " }
}

/// The managed elements replaced by others, each by one as long as there are some.
fn replace(document: &Document, items: &[Node], is_managed: &[bool], elements: &[Value]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut new = elements.iter();
    let mut last = None;
    let mut has_some = false;
    for (position, item) in items.iter().enumerate() {
        if !is_managed[position] {
            has_some = true;
        } else if let Some(element) = new.next() {
            let base = indentation(&document.text, item.span.start);
            changes.push((item.span.clone(), json(document, element, base)));
            (has_some, last) = (true, Some(item));
        } else if has_some {
            changes.push((items[position - 1].end()..item.end(), String::new()));
        } else {
            // The comma behind it goes too.
            let end = items.get(position + 1).map_or(item.end(), |next| next.span.start);
            changes.push((item.span.start..end, String::new()));
        }
    }
    let rest = new.as_slice();
    if let (Some(last), false) = (last, rest.is_empty()) {
        changes.push(behind(document, last, rest));
    }
    changes
}

fn break_line(document: &Document, indent: &str) -> String {
    if document.is_compact() { String::new() } else { format!("{}{indent}", document.ending) }
}

/// An entry behind those that a map has.
pub(crate) fn insert_entry(document: &Document, map: &Node, entries: &Map<String, Value>) -> Change {
    let text = &document.text;
    let rendered = |base: &str| -> String {
        let entries = entries.iter().map(|(key, value)| {
            let colon = if document.is_compact() { ":" } else { ": " };
            format!("{}{colon}{}", Value::from(key.as_str()), json(document, value, base))
        });
        entries.collect::<Vec<_>>().join(", ")
    };
    let Some(last) = map.entries().last() else {
        let outer = indentation(text, map.span.start);
        let base = format!("{outer}{}", document.unit());
        let inner = rendered(&base);
        let (start, end) = (break_line(document, &base), break_line(document, outer));
        return (map.span.clone(), format!("{{{start}{inner}{end}}}"));
    };
    let end = last.value.end();
    let base = indentation(text, last.key_span.start);
    let has_own_line = text[line_start(text, last.key_span.start)..last.key_span.start].trim().is_empty();
    let space = if has_own_line { break_line(document, base) } else { separator(document).to_owned() };
    (end..end, format!(",{space}{}", rendered(base)))
}

/// The value as JSON, in the indentation of the file.
fn json(document: &Document, value: &Value, base: &str) -> String {
    if document.is_compact() {
        return in_json(&value.to_string());
    }
    let mut out = String::new();
    push_json(value, base, &document.unit(), document.ending, &mut out);
    out
}

fn push_json(value: &Value, base: &str, unit: &str, ending: &str, out: &mut String) {
    let (brackets, items): (_, Vec<(String, &Value)>) = match value {
        Value::Array(items) if !items.is_empty() => {
            (['[', ']'], items.iter().map(|item| (String::new(), item)).collect())
        }
        Value::Object(entries) if !entries.is_empty() => {
            let entries = entries.iter().map(|(key, value)| {
                (format!("{}: ", in_json(&Value::from(key.as_str()).to_string())), value)
            });
            (['{', '}'], entries.collect())
        }
        other => return out.push_str(&in_json(&other.to_string())),
    };
    if let [(key, argument)] = items.as_slice()
        && is_call(key)
    {
        // A call of a function stands on one line.
        let argument = in_json(&argument.to_string()).replace("\",\"", "\", \"");
        return out.push_str(&format!("{{ {key}{argument} }}"));
    }
    let inner = format!("{base}{unit}");
    out.push(brackets[0]);
    for (position, (key, item)) in items.iter().enumerate() {
        out.push_str(if position > 0 { "," } else { "" });
        out.push_str(&format!("{ending}{inner}{key}"));
        push_json(item, &inner, unit, ending, out);
    }
    out.push_str(&format!("{ending}{base}{}", brackets[1]));
}

fn is_call(key: &str) -> bool {
    ["\"Ref\": ", "\"Fn::GetAtt\": ", "\"Fn::Sub\": "].contains(&key)
}
