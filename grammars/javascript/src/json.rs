//! JSON, with the comments and trailing commas that configuration files may have, to a tree that knows
//! its bytes. What is no JSON gives nothing.

use perm_infer_diagnostics::Span;

/// How deep arrays and objects may stand inside each other.
const MAX_DEPTH: usize = 64;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Json {
    pub(crate) kind: JsonKind,
    pub(crate) span: Span,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum JsonKind {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(Json, Json)>),
}

impl Json {
    /// The text of a string.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            JsonKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of an array; none of anything else.
    pub(crate) fn items(&self) -> &[Json] {
        match &self.kind {
            JsonKind::Array(items) => items,
            _ => &[],
        }
    }

    /// The entries of an object; none of anything else.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Json)> {
        let entries: &[(Json, Json)] = match &self.kind {
            JsonKind::Object(entries) => entries,
            _ => &[],
        };
        entries.iter().filter_map(|(key, value)| Some((key.as_str()?, value)))
    }

    /// The value under a key; the last one counts.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        self.entries().filter(|(own, _)| *own == key).map(|(_, value)| value).last()
    }
}

/// Parses a whole text.
pub(crate) fn parse(text: &str) -> Option<Json> {
    let mut parser = Parser { text, position: 0 };
    let value = parser.value(0)?;
    parser.skip_space();
    (parser.position == text.len()).then_some(value)
}

struct Parser<'t> {
    text: &'t str,
    position: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.position..]
    }

    /// White space, a byte order mark and comments.
    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']);
            let comment = if trimmed.starts_with("//") {
                trimmed.find('\n').unwrap_or(trimmed.len())
            } else if let Some(inside) = trimmed.strip_prefix("/*") {
                inside.find("*/").map_or(trimmed.len(), |end| end + 4)
            } else {
                0
            };
            self.position += rest.len() - trimmed.len() + comment;
            if comment == 0 {
                return;
            }
        }
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(token);
        self.position += if found { token.len() } else { 0 };
        found
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.skip_space();
        let start = self.position;
        let kind = match self.rest().bytes().next()? {
            _ if depth > MAX_DEPTH => return None,
            b'{' => JsonKind::Object(self.object(depth)?),
            b'[' => JsonKind::Array(self.array(depth)?),
            b'"' => JsonKind::String(self.string()?),
            b'-' | b'0'..=b'9' => JsonKind::Number(self.number()),
            _ if self.take("null") => JsonKind::Null,
            _ if self.take("true") => JsonKind::Bool(true),
            _ if self.take("false") => JsonKind::Bool(false),
            _ => return None,
        };
        Some(Json { kind, span: Span::new(start, self.position) })
    }

    fn object(&mut self, depth: usize) -> Option<Vec<(Json, Json)>> {
        let mut entries = Vec::new();
        self.take("{");
        while !self.take("}") {
            let key = self.value(depth + 1).filter(|key| key.as_str().is_some())?;
            if !self.take(":") {
                return None;
            }
            entries.push((key, self.value(depth + 1)?));
            if !self.take(",") {
                return self.take("}").then_some(entries);
            }
        }
        Some(entries)
    }

    fn array(&mut self, depth: usize) -> Option<Vec<Json>> {
        let mut items = Vec::new();
        self.take("[");
        while !self.take("]") {
            items.push(self.value(depth + 1)?);
            if !self.take(",") {
                return self.take("]").then_some(items);
            }
        }
        Some(items)
    }

    fn number(&mut self) -> String {
        let rest = self.rest();
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.bytes().take_while(|byte| is_part(*byte)).count();
        let text = rest[..length].to_owned();
        self.position += length;
        text
    }

    fn string(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        let mut high = None;
        loop {
            let (offset, character) = characters.next()?;
            let decoded = match character {
                '"' => {
                    self.position += offset + 1;
                    return high.is_none().then_some(text);
                }
                '\\' => match characters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'u' => {
                        let digits: String = characters.by_ref().take(4).map(|(_, digit)| digit).collect();
                        let unit = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 4)?;
                        match (high.take(), unit) {
                            (None, 0xd800..=0xdbff) => {
                                high = Some(unit);
                                continue;
                            }
                            (Some(first), 0xdc00..=0xdfff) => {
                                char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (unit - 0xdc00))?
                            }
                            (None, unit) => char::from_u32(unit)?,
                            (Some(_), _) => return None,
                        }
                    }
                    other => other,
                },
                other => other,
            };
            text.push(decoded);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_at(json: &Json, path: &[&str]) -> Option<String> {
        let found = path.iter().try_fold(json, |json, key| json.get(key))?;
        found.as_str().map(str::to_owned)
    }

    #[test]
    fn comments_and_trailing_commas_are_allowed() {
        let json = parse("\u{feff}// head\n{ /* a */ \"a\": [1, 2,], \"b\": { \"c\": \"x\", }, }\n").unwrap();
        assert_eq!(json.get("a").unwrap().items().len(), 2);
        assert_eq!(text_at(&json, &["b", "c"]).as_deref(), Some("x"));
    }

    #[test]
    fn escapes_are_decoded_and_spans_are_those_of_the_source() {
        let json = parse(r#" "a\u00e9\ud83d\ude00\n\"" "#).unwrap();
        assert_eq!(json.as_str(), Some("aé😀\n\""));
        assert_eq!((json.span.start, json.span.end), (1, 26));
    }

    #[test]
    fn what_is_no_json_gives_nothing() {
        let deep = "[".repeat(10_000);
        for text in ["", "{", "{a: 1}", "[1 2]", "\"\\u12\"", "\"\\ud800\"", "\"open", "1 2", "/*", &deep] {
            assert_eq!(parse(text), None, "{text:.20}");
        }
    }
}
