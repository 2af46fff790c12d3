//! Documents of JSON as values. Texts that are known in part, such as settings in an environment variable with
//! names of a deployment in them, are read too.

use perm_infer_analysis::{Atom, Dict, Entry, Hole, HoleReason, Site, Text, TextKind, TextPart, Value};

/// The first of the characters, for private use, that stand for unknown parts while a text is read.
const FIRST_MARK: u32 = 0xE000;

/// How many of them there are.
const MARKS: usize = 0x1900;

/// The value of a document; nothing where the text is none.
pub(crate) fn parsed(text: &Text, site: Site) -> Option<Value> {
    let mut holes: Vec<&TextPart> = Vec::new();
    let mut marked = String::new();
    for part in text.parts() {
        match &part.kind {
            TextKind::Literal(literal) if literal.contains(is_mark) => return None,
            TextKind::Literal(literal) => marked.push_str(literal),
            TextKind::Hole(_) if holes.len() < MARKS => {
                marked.push(char::from_u32(FIRST_MARK + u32::try_from(holes.len()).ok()?)?);
                holes.push(part);
            }
            TextKind::Hole(_) => return None,
        }
    }
    let document: serde_json::Value = serde_json::from_str(&marked).ok()?;
    Some(Document { holes, site }.value(&document))
}

fn is_mark(character: char) -> bool {
    (FIRST_MARK..FIRST_MARK + 0x1900).contains(&u32::from(character))
}

struct Document<'t> {
    /// The unknown parts, by their marks.
    holes: Vec<&'t TextPart>,
    site: Site,
}

impl Document<'_> {
    fn value(&self, document: &serde_json::Value) -> Value {
        match document {
            serde_json::Value::Null => Atom::Null.into(),
            serde_json::Value::Bool(truth) => Atom::Bool(*truth).into(),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(integer) => Atom::Int(integer).into(),
                None => Value::unknown(Hole::at(HoleReason::Computed, self.site)),
            },
            serde_json::Value::String(text) => Atom::Text(self.text(text)).into(),
            serde_json::Value::Array(items) => {
                Value::list(items.iter().map(|item| self.value(item)).collect())
            }
            serde_json::Value::Object(entries) => {
                let entries = entries.iter().map(|(key, item)| Entry {
                    key: self.text(key),
                    value: self.value(item),
                    maybe: false,
                });
                Dict::new(entries.collect(), None).into()
            }
        }
    }

    /// A text with the unknown parts where their marks are.
    fn text(&self, marked: &str) -> Text {
        let mut text = Text::default();
        let mut rest = marked;
        while let Some(at) = rest.find(is_mark) {
            let (before, after) = rest.split_at(at);
            self.push(&mut text, before);
            let mut characters = after.chars();
            let number = characters.next().map_or(0, |mark| u32::from(mark) - FIRST_MARK);
            if let Some(&hole) = self.holes.get(number as usize) {
                text.push(hole.clone());
            }
            rest = characters.as_str();
        }
        self.push(&mut text, rest);
        text
    }

    fn push(&self, text: &mut Text, literal: &str) {
        if !literal.is_empty() {
            text.push_text(&Text::literal(literal, Some(self.site)));
        }
    }
}
