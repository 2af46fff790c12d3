//! The one JSON writer for output: two spaces, a final newline, lists of plain values on one line as
//! long as they fit. Takes anything that serializes; knows nothing of policies.

use serde::Serialize;
use serde_json::Value;

/// The widest line that a list of plain values may fill, in characters.
const WIDTH: usize = 100;

/// Writes a value as two-space JSON with a final newline. A value that cannot be represented in JSON
/// (a map with keys that are no strings) is written as `null`; no type of this workspace has one.
#[must_use]
pub fn to_pretty_json<T: Serialize + ?Sized>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    let mut out = String::new();
    write(&value, 0, 0, &mut out);
    out.push('\n');
    out
}

/// `column` is where the value starts on its line.
fn write(value: &Value, indent: usize, column: usize, out: &mut String) {
    match value {
        Value::Array(items) if !items.is_empty() => {
            let plain = items.iter().all(|item| !item.is_array() && !item.is_object());
            let line = plain.then(|| one_line(items));
            match line {
                // One more column for the comma that may follow.
                Some(line) if column + line.chars().count() < WIDTH => out.push_str(&line),
                _ => write_items(items, indent, out),
            }
        }
        Value::Object(entries) if !entries.is_empty() => {
            out.push('{');
            for (position, (key, entry)) in entries.iter().enumerate() {
                start_line(position, indent + 2, out);
                let key = Value::from(key.as_str()).to_string();
                out.push_str(&key);
                out.push_str(": ");
                write(entry, indent + 2, indent + 2 + key.chars().count() + 2, out);
            }
            end_line(indent, '}', out);
        }
        plain => out.push_str(&plain.to_string()),
    }
}

fn write_items(items: &[Value], indent: usize, out: &mut String) {
    out.push('[');
    for (position, item) in items.iter().enumerate() {
        start_line(position, indent + 2, out);
        write(item, indent + 2, indent + 2, out);
    }
    end_line(indent, ']', out);
}

fn one_line(items: &[Value]) -> String {
    let items: Vec<String> = items.iter().map(Value::to_string).collect();
    format!("[{}]", items.join(", "))
}

fn start_line(position: usize, indent: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn end_line(indent: usize, bracket: char, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
    out.push(bracket);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_lists_stay_on_the_line_and_long_ones_do_not() {
        let long = "x".repeat(60);
        let text = to_pretty_json(&json!({"a": [1, 2], "b": [long, long], "c": [], "d": {}}));
        let expected = format!(
            "{{\n  \"a\": [1, 2],\n  \"b\": [\n    \"{long}\",\n    \"{long}\"\n  ],\n  \"c\": [],\n  \"d\": {{}}\n}}\n"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        let value = json!({"q\"\n": ["\u{e9}\t", null, true], "n": [[1.5], {"x": -1}]});
        assert_eq!(serde_json::from_str::<Value>(&to_pretty_json(&value)).expect("valid"), value);
    }
}
