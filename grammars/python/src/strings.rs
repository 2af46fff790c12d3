//! String literals: prefixes, escapes, implicit concatenation and interpolation.
//!
//! Follows "String and Bytes literals" and "Formatted string literals" of the Python language
//! reference. Where the text of a part is not known here (a formatted number, a character by name)
//! the part becomes an unknown expression, so that nothing false is said of the string.

use perm_infer_facts::{Expr, ExprId};
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::{Lowerer, Nodes};

/// The letters before the quotes.
#[derive(Clone, Copy, Debug, Default)]
struct Prefix {
    raw: bool,
    bytes: bool,
    format: bool,
}

impl Prefix {
    fn of(start: &str) -> Self {
        let mut prefix = Prefix::default();
        for letter in start.chars().take_while(char::is_ascii_alphabetic) {
            match letter {
                'r' | 'R' => prefix.raw = true,
                'b' | 'B' => prefix.bytes = true,
                'f' | 'F' | 't' | 'T' => prefix.format = true,
                _ => {}
            }
        }
        prefix
    }
}

/// A part of a string.
#[derive(Debug, PartialEq)]
enum Piece<E> {
    Text(String),
    Value(E),
    /// Text that is not known.
    Unknown,
}

/// The parts of a string so far; neighbouring texts are one.
#[derive(Debug)]
struct Pieces<E>(Vec<Piece<E>>);

impl<E> Pieces<E> {
    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }
}

impl<'t> Lowerer<'t, '_> {
    /// A string, or several side by side.
    pub(crate) fn string(&mut self, node: Node<'t>) -> ExprId {
        let strings = self.strings_of(node);
        if let &[string] = &strings[..]
            && let Some(text) = self.plain_text(string)
        {
            let name = self.intern(text);
            return self.make(Expr::Str(name), node);
        }
        let mut pieces = Pieces(Vec::new());
        for string in strings {
            self.string_pieces(string, &mut pieces);
        }
        self.join(pieces, node)
    }

    /// Whether evaluating the string evaluates anything else.
    pub(crate) fn has_interpolation(&mut self, node: Node<'t>) -> bool {
        let strings = self.strings_of(node);
        strings.into_iter().any(|string| {
            self.children(string)
                .iter()
                .any(|&part| !matches!(self.kind(part), Kind::StringStart | Kind::StringContent))
        })
    }

    /// The text of a string constant, if the node is one.
    pub(crate) fn constant_text(&mut self, node: Node<'t>) -> Option<String> {
        let mut pieces: Pieces<Node<'t>> = Pieces(Vec::new());
        for string in self.strings_of(node) {
            let (prefix, parts) = self.parts(string);
            for part in parts {
                match self.kind(part) {
                    Kind::StringContent => decode(self.text(part), prefix, &mut pieces),
                    _ => return None,
                }
            }
        }
        match pieces.0.pop() {
            None => Some(String::new()),
            Some(Piece::Text(text)) if pieces.0.is_empty() => Some(text),
            Some(_) => None,
        }
    }

    fn strings_of(&mut self, node: Node<'t>) -> Nodes<'t> {
        if self.kind(node) == Kind::ConcatenatedString {
            self.children(node)
        } else {
            std::iter::once(node).collect()
        }
    }

    /// The text of the most usual string: nothing in it needs work.
    fn plain_text(&mut self, string: Node<'t>) -> Option<&'t str> {
        let (_, parts) = self.parts(string);
        match parts[..] {
            [] => Some(""),
            [content] if self.kind(content) == Kind::StringContent => {
                Some(self.text(content)).filter(|text| !text.contains(['\\', '\r', '{', '}']))
            }
            _ => None,
        }
    }

    /// What stands between the quotes.
    fn parts(&mut self, string: Node<'t>) -> (Prefix, Nodes<'t>) {
        let mut parts = self.children(string);
        match parts.first() {
            Some(&start) if self.kind(start) == Kind::StringStart => {
                parts.remove(0);
                (Prefix::of(self.text(start)), parts)
            }
            _ => (Prefix::default(), parts),
        }
    }

    fn string_pieces(&mut self, string: Node<'t>, pieces: &mut Pieces<ExprId>) {
        let (prefix, parts) = self.parts(string);
        for part in parts {
            match self.kind(part) {
                Kind::StringContent => decode(self.text(part), prefix, pieces),
                Kind::Interpolation => self.interpolation(part, pieces),
                // A string among strings or a piece of one: a syntax error.
                _ => {
                    let values = self.salvage_expressions(part);
                    let value = self.opaque(values, part);
                    pieces.0.push(Piece::Value(value));
                }
            }
        }
    }

    fn interpolation(&mut self, node: Node<'t>, pieces: &mut Pieces<ExprId>) {
        let fields = self.fields();
        let Some(expression) = self.field(node, fields.expression) else {
            let values = self.salvage_expressions(node);
            let value = self.opaque(values, node);
            pieces.0.push(Piece::Value(value));
            return;
        };
        let mut shows_source = false;
        for child in self.all_children(node) {
            if !child.is_named() && child.kind() == "=" {
                // `{x=}` is the source of the expression and its `repr`.
                shows_source = true;
                pieces.text(self.between(node.start_byte() + 1, child.end_byte()));
            }
        }
        let value = self.expr(expression);
        let converts = match self.field(node, fields.type_conversion) {
            Some(conversion) => self.text(conversion) != "!s",
            None => shows_source,
        };
        let mut formatted = vec![value];
        let specifier = self.field(node, fields.format_specifier);
        if let Some(specifier) = specifier {
            self.nested_values(specifier, &mut formatted);
        }
        let has_specifier = specifier.is_some_and(|specifier| self.text(specifier) != ":");
        let is_tuple = matches!(self.kind(expression), Kind::ExpressionList | Kind::PatternList);
        let value = if converts || has_specifier || is_tuple { self.opaque(formatted, node) } else { value };
        pieces.0.push(Piece::Value(value));
    }

    /// The expressions inside a format specification: `{x:{width}}`.
    fn nested_values(&mut self, specifier: Node<'t>, values: &mut Vec<ExprId>) {
        for child in self.children(specifier) {
            if self.kind(child) == Kind::FormatExpression
                && let Some(expression) = self.field(child, self.fields().expression)
            {
                values.push(self.expr(expression));
                if let Some(nested) = self.field(child, self.fields().format_specifier)
                    && self.enter(nested)
                {
                    self.nested_values(nested, values);
                    self.leave();
                }
            }
        }
    }

    fn join(&mut self, pieces: Pieces<ExprId>, node: Node<'t>) -> ExprId {
        let mut parts = Vec::new();
        let mut is_constant = true;
        for piece in pieces.0 {
            parts.push(match piece {
                Piece::Text(text) => {
                    let name = self.intern(&text);
                    self.make(Expr::Str(name), node)
                }
                Piece::Value(value) => {
                    is_constant = false;
                    value
                }
                Piece::Unknown => {
                    is_constant = false;
                    self.opaque(Vec::new(), node)
                }
            });
        }
        match parts[..] {
            [] => {
                let name = self.intern("");
                self.make(Expr::Str(name), node)
            }
            [part] if is_constant => part,
            _ => self.make(Expr::Template(parts), node),
        }
    }
}

/// Resolves the escapes of the text between quotes.
fn decode<E>(text: &str, prefix: Prefix, pieces: &mut Pieces<E>) {
    // Bytes that are no text must not reach the string piecewise.
    if prefix.bytes && !prefix.raw && text.contains('\\') {
        return match decode_bytes(text) {
            Some(text) => pieces.text(&text),
            None => pieces.0.push(Piece::Unknown),
        };
    }
    let mut rest = text;
    while let Some(position) = rest.find(['\\', '\r', '{', '}']) {
        let (before, special) = rest.split_at(position);
        pieces.text(before);
        rest = match special.as_bytes()[0] {
            b'\\' if !prefix.raw => decode_escape(&special[1..], pieces),
            b'\r' => {
                // Line ends are line feeds to Python, whatever they are in the file.
                pieces.text("\n");
                special.strip_prefix("\r\n").unwrap_or(&special[1..])
            }
            b'{' | b'}' if prefix.format => {
                let (brace, after) = special.split_at(1);
                pieces.text(brace);
                after.strip_prefix(brace).unwrap_or(after)
            }
            _ => {
                pieces.text(&special[..1]);
                &special[1..]
            }
        };
    }
    pieces.text(rest);
}

/// Resolves the escape after a backslash and gives what follows it.
fn decode_escape<'a, E>(after: &'a str, pieces: &mut Pieces<E>) -> &'a str {
    let Some(first) = after.chars().next() else {
        pieces.text("\\");
        return after;
    };
    let rest = &after[first.len_utf8()..];
    if let Some(plain) = simple_escape(first) {
        pieces.text(plain);
        return rest;
    }
    let numeric = match first {
        '\r' => return rest.strip_prefix('\n').unwrap_or(rest),
        '0'..='7' => take_digits(after, 8, 1, 3),
        'x' => take_digits(rest, 16, 2, 2),
        'u' => take_digits(rest, 16, 4, 4),
        'U' => take_digits(rest, 16, 8, 8),
        'N' if rest.starts_with('{') => {
            return match rest.split_once('}') {
                // The names of characters are not known here.
                Some((_, rest)) => {
                    pieces.0.push(Piece::Unknown);
                    rest
                }
                None => {
                    pieces.text("\\N");
                    rest
                }
            };
        }
        _ => None,
    };
    match numeric {
        Some((code, rest)) => {
            // Half of a surrogate pair is a character to Python and none to Unicode.
            let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            pieces.text(character.encode_utf8(&mut [0; 4]));
            rest
        }
        // An unknown escape stands for itself.
        None => {
            pieces.text("\\");
            after
        }
    }
}

/// The text of an escape of one character.
fn simple_escape(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\n' => "",
        '\\' => "\\",
        '\'' => "'",
        '"' => "\"",
        'a' => "\u{7}",
        'b' => "\u{8}",
        'f' => "\u{c}",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\u{b}",
        _ => return None,
    })
}

/// A number of `least` to `most` digits at the start, and what follows it.
fn take_digits(text: &str, radix: u32, least: usize, most: usize) -> Option<(u32, &str)> {
    let length = text.chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
    if length < least {
        return None;
    }
    u32::from_str_radix(&text[..length], radix).ok().map(|code| (code, &text[length..]))
}

/// The text that a bytes literal spells in UTF-8, if it does.
fn decode_bytes(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let first = after.chars().next();
        let number = match first {
            Some('0'..='7') => take_digits(after, 8, 1, 3),
            Some('x') => take_digits(&after[1..], 16, 2, 2),
            _ => None,
        };
        rest = if let Some((code, rest)) = number {
            bytes.push(u8::try_from(code & 0xFF).ok()?);
            rest
        } else if let Some((plain, letter)) = first.and_then(|letter| Some((simple_escape(letter)?, letter)))
        {
            bytes.extend_from_slice(plain.as_bytes());
            &after[letter.len_utf8()..]
        } else if let Some(rest) = after.strip_prefix("\r\n") {
            rest
        } else {
            bytes.push(b'\\');
            after
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(start: &str, text: &str) -> Vec<Piece<()>> {
        let mut pieces = Pieces(Vec::new());
        decode(text, Prefix::of(start), &mut pieces);
        pieces.0
    }

    fn text(start: &str, source: &str) -> String {
        match decoded(start, source).as_slice() {
            [] => String::new(),
            [Piece::Text(text)] => text.clone(),
            other => panic!("not one text: {other:?}"),
        }
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(text("'", r"a\tb\n\\\'\x41\u00e9\U0001F600\101\0"), "a\tb\n\\'A\u{e9}\u{1F600}A\0");
        assert_eq!(text("'", "one\\\ntwo\\\r\nthree"), "onetwothree");
    }

    #[test]
    fn unknown_and_cut_off_escapes_stay() {
        assert_eq!(text("'", r"\d\x4\u12\"), r"\d\x4\u12\");
        assert_eq!(text("'", "\\é"), "\\é");
    }

    #[test]
    fn raw_strings_keep_backslashes() {
        assert_eq!(text("r'", r"\n{}"), r"\n{}");
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        assert_eq!(text("'", r"a\ud800b"), "a\u{FFFD}b");
    }

    #[test]
    fn named_characters_are_unknown() {
        let pieces = decoded("'", r"a\N{BULLET}b");
        assert_eq!(pieces, [Piece::Text("a".into()), Piece::Unknown, Piece::Text("b".into())]);
    }

    #[test]
    fn doubled_braces_are_one_in_format_strings_only() {
        assert_eq!(text("f'", "{{a}}"), "{a}");
        assert_eq!(text("'", "{{a}}"), "{{a}}");
    }

    #[test]
    fn line_ends_are_line_feeds() {
        assert_eq!(text("\"\"\"", "a\r\nb\rc"), "a\nb\nc");
    }

    #[test]
    fn bytes_are_text_only_in_utf_8() {
        assert_eq!(text("b'", r"\xc3\xa9\u0041"), "\u{e9}\\u0041");
        assert_eq!(decoded("b'", r"a\xff"), [Piece::Unknown]);
    }
}
