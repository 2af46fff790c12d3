//! A small YAML writer: block style, plain strings where no YAML reader of any version can take them
//! for something else, double quotes otherwise. Writes whatever serializes to JSON.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::inert::{escape_utf16, is_active};

/// How deep things stand under each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YamlStyle {
    /// Spaces before the entries of a map under a key, more than before the key.
    pub map: usize,
    /// Spaces before the dashes of a list under a key, more than before the key.
    pub list: usize,
}

impl Default for YamlStyle {
    fn default() -> Self {
        YamlStyle { map: 2, list: 2 }
    }
}

/// Writes a value with a final newline. A value that JSON cannot represent is written as `null`; no
/// type of this workspace has one.
#[must_use]
pub fn to_yaml<T: Serialize + ?Sized>(value: &T) -> String {
    let value = serde_json::to_value(value).unwrap_or(Value::Null);
    write(&value, YamlStyle::default())
}

/// Writes a value for a template: calls of `Ref`, `Fn::GetAtt` and `Fn::Sub` in their short forms.
#[must_use]
pub fn to_template_yaml<T: Serialize + ?Sized>(value: &T, style: YamlStyle) -> String {
    let mut value = serde_json::to_value(value).unwrap_or(Value::Null);
    mark_short_forms(&mut value);
    write(&value, style)
}

fn write(value: &Value, style: YamlStyle) -> String {
    let mut writer = Writer { style, out: String::new() };
    match value {
        Value::Object(entries) if !entries.is_empty() => writer.entries(entries, 0),
        Value::Array(items) if !items.is_empty() => writer.items(items, 0),
        scalar => write_scalar(scalar, &mut writer.out),
    }
    writer.out
}

/// The key under which a scalar with a tag is kept until it is written. No policy or template has it.
const TAGGED: &str = "\u{0}tagged";

/// Replaces calls of functions by their tag and argument.
fn mark_short_forms(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(mark_short_forms),
        Value::Object(entries) if entries.len() == 1 => {
            let short = entries.iter().next().and_then(|(key, argument)| short_form(key, argument));
            match short {
                Some((tag, argument)) => {
                    let mut tagged = Map::new();
                    tagged.insert(TAGGED.to_owned(), Value::from(vec![tag.to_owned(), argument]));
                    *entries = tagged;
                }
                None => entries.values_mut().for_each(mark_short_forms),
            }
        }
        Value::Object(entries) => entries.values_mut().for_each(mark_short_forms),
        _ => {}
    }
}

fn short_form(key: &str, argument: &Value) -> Option<(&'static str, String)> {
    match (key, argument) {
        ("Ref", Value::String(name)) => Some(("!Ref", name.clone())),
        ("Fn::Sub", Value::String(text)) => Some(("!Sub", text.clone())),
        ("Fn::GetAtt", Value::Array(parts)) => match parts.as_slice() {
            [Value::String(id), Value::String(attribute)] => Some(("!GetAtt", format!("{id}.{attribute}"))),
            _ => None,
        },
        _ => None,
    }
}

/// The tag and argument of a marked call.
fn tagged(value: &Value) -> Option<(&str, &str)> {
    match value.as_object()?.get(TAGGED)?.as_array()?.as_slice() {
        [Value::String(tag), Value::String(argument)] => Some((tag, argument)),
        _ => None,
    }
}

struct Writer {
    style: YamlStyle,
    out: String,
}

impl Writer {
    /// Lines `key: value`; the first goes where the writer stands, the others start with `indent` spaces.
    fn entries(&mut self, entries: &Map<String, Value>, indent: usize) {
        for (position, (key, value)) in entries.iter().enumerate() {
            if position > 0 {
                self.spaces(indent);
            }
            write_string(key, &mut self.out);
            self.out.push(':');
            match value {
                value if tagged(value).is_some() => {
                    self.out.push(' ');
                    write_scalar(value, &mut self.out);
                }
                Value::Object(inner) if !inner.is_empty() => {
                    self.start_line(indent + self.style.map);
                    self.entries(inner, indent + self.style.map);
                }
                Value::Array(items) if !items.is_empty() => {
                    self.start_line(indent + self.style.list);
                    self.items(items, indent + self.style.list);
                }
                scalar => {
                    self.out.push(' ');
                    write_scalar(scalar, &mut self.out);
                }
            }
        }
    }

    /// Lines `- value`, as [`Writer::entries`].
    fn items(&mut self, items: &[Value], indent: usize) {
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.spaces(indent);
            }
            self.out.push_str("- ");
            match item {
                item if tagged(item).is_some() => write_scalar(item, &mut self.out),
                Value::Object(inner) if !inner.is_empty() => self.entries(inner, indent + DASH),
                Value::Array(inner) if !inner.is_empty() => self.items(inner, indent + DASH),
                scalar => write_scalar(scalar, &mut self.out),
            }
        }
    }

    fn start_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.spaces(indent);
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }
}

/// A dash and a space.
const DASH: usize = 2;

fn write_scalar(value: &Value, out: &mut String) {
    if let Some((tag, argument)) = tagged(value) {
        out.push_str(tag);
        out.push(' ');
        write_string(argument, out);
        out.push('\n');
        return;
    }
    match value {
        Value::String(text) => write_string(text, out),
        // Empty lists and maps, numbers, booleans and null are written as in JSON.
        other => out.push_str(&other.to_string()),
    }
    out.push('\n');
}

fn write_string(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // YAML has no surrogate pairs.
            _ if is_active(character) && u32::from(character) > 0xffff => {
                out.push_str(&format!("\\U{:08x}", u32::from(character)));
            }
            _ if is_active(character) => escape_utf16(character, out),
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// Whether a string means itself without quotes: it starts with a letter, has only characters that
/// mean nothing in YAML, and is no word for a truth value or nothing. Dates, numbers and version
/// numbers start with something else.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:+=@*?".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(is_safe)
        && !text.ends_with(':')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Statement};
    use serde_json::json;

    fn statement() -> Statement {
        let text = r#"{"Sid": "DynamodbOrdersTable", "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
            "Resource": "arn:aws:dynamodb:*:*:table/orders"}"#;
        serde_json::from_str(text).expect("a statement")
    }

    #[test]
    fn lists_and_maps_stand_as_deep_as_the_style_says() {
        let value = json!({"a": {"b": [{"c": {"Ref": "X"}, "d": 1}]}});
        let text = to_template_yaml(&value, YamlStyle { map: 4, list: 0 });
        assert_eq!(text, "a:\n    b:\n    - c: !Ref X\n      d: 1\n");
    }

    #[track_caller]
    fn comes_back(value: &Value) {
        let text = to_yaml(value);
        let read: Value = serde_norway::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(&read, value, "{text}");
    }

    #[test]
    fn a_policy_reads_like_one_written_by_hand() {
        let document = Document::new(vec![statement()]);
        let text = to_yaml(&document);
        let expected = "\
Version: \"2012-10-17\"
Statement:
  - Sid: DynamodbOrdersTable
    Effect: Allow
    Action:
      - dynamodb:GetItem
      - dynamodb:PutItem
    Resource: arn:aws:dynamodb:*:*:table/orders
";
        assert_eq!(text, expected);
        let read: Document = serde_norway::from_str(&text).expect("valid");
        assert_eq!(read, document);
    }

    #[test]
    fn strings_that_mean_something_in_yaml_come_back_as_strings() {
        let words = [
            "",
            " ",
            "*",
            "&a",
            "!x",
            "%",
            "@a",
            "`",
            "y",
            "No",
            "ON",
            "NULL",
            "~",
            "1e3",
            "0x1f",
            "12:30:45",
            "2012-10-17",
            "1.5",
            ".inf",
            "-",
            "- a",
            "a: b",
            "a:",
            "a #b",
            "#",
            "[a]",
            "{a}",
            "a,b",
            "'",
            "\"",
            "\\",
            "|",
            ">",
            "a\nb",
            "\ttab",
            "<<",
            "=",
            "arn:aws:s3:::b/${*}/x*",
            "trailing ",
            "\u{85}",
            "\u{2028}",
            "\u{1b}[0m",
            "\u{202e}",
            "\u{e0041}",
            "\u{7f}",
            "é",
            "😀",
            "---",
            "...",
            "? a",
        ];
        for word in words {
            comes_back(&json!({ "value": word }));
            comes_back(&json!({ word: [word, { word: word }] }));
            assert!(to_yaml(&word).chars().all(|c| c == '\n' || !is_active(c)), "{word:?}");
        }
    }

    #[test]
    fn nested_and_empty_containers_come_back() {
        comes_back(&json!({"a": [], "b": {}, "c": [[1, [2.5, null]], [], {}], "d": {"e": {"f": true}}}));
        comes_back(&json!([]));
        comes_back(&json!({"Version": "2012-10-17", "Statement": []}));
    }
}
