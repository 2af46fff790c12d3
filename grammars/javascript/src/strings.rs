//! String and template literals: escapes resolved, constants found.

use perm_infer_facts::{Arg, ArgKind, Expr, ExprId, Name};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::Lowerer;

impl Lowerer<'_> {
    /// The constant text of a string, or of a template without substitutions.
    pub(crate) fn constant_string(&self, node: Node<'_>) -> Option<String> {
        match self.kind(node) {
            Kind::String => Some(self.string_text(node)),
            Kind::TemplateString => {
                let children = self.children(node);
                let constant = children.iter().all(|&child| self.kind(child) != Kind::TemplateSubstitution);
                constant.then(|| self.joined(&children))
            }
            _ => None,
        }
    }

    /// The text of a string literal.
    pub(crate) fn string_text(&self, node: Node<'_>) -> String {
        self.joined(&self.children(node))
    }

    /// The name that a string literal, an identifier or a number spells.
    pub(crate) fn spelled_name(&mut self, node: Node<'_>) -> Name {
        match self.constant_string(node) {
            Some(text) => self.b.intern(&text),
            None => self.intern(node),
        }
    }

    /// A property name as a constant, or the expression that computes it.
    pub(crate) fn property_key(&mut self, node: Node<'_>) -> Result<Name, ExprId> {
        if self.kind(node) != Kind::ComputedPropertyName {
            return Ok(self.spelled_name(node));
        }
        let Some(inner) = self.child(node) else { return Err(self.unknown(node)) };
        match self.constant_string(inner) {
            Some(text) => Ok(self.b.intern(&text)),
            None => Err(self.expr(inner)),
        }
    }

    /// A property name as an expression.
    pub(crate) fn property_key_expr(&mut self, node: Node<'_>) -> ExprId {
        match self.property_key(node) {
            Ok(name) => self.str(name, node),
            Err(key) => key,
        }
    }

    pub(crate) fn template(&mut self, node: Node<'_>) -> ExprId {
        let parts = self.template_parts(node, Escapes::Resolved);
        self.template_of(parts, node)
    }

    /// A template whose backslashes are text.
    pub(crate) fn raw_template(&mut self, node: Node<'_>) -> ExprId {
        let parts = self.template_parts(node, Escapes::Raw);
        self.template_of(parts, node)
    }

    fn template_of(&mut self, parts: Vec<ExprId>, node: Node<'_>) -> ExprId {
        match parts[..] {
            [] => {
                let empty = self.b.intern("");
                self.str(empty, node)
            }
            [part] if matches!(self.b.get(part), Expr::Str(_)) => part,
            _ => self.add(Expr::Template(parts), node),
        }
    }

    /// The arguments that a template gives to its tag: the list of its texts, then the substitutions.
    pub(crate) fn tagged_template_args(&mut self, template: Node<'_>) -> Vec<Arg> {
        let (texts, substitutions): (Vec<ExprId>, Vec<ExprId>) = self
            .template_parts(template, Escapes::Resolved)
            .into_iter()
            .partition(|&part| matches!(self.b.get(part), Expr::Str(_)));
        let texts = self.add(Expr::List(texts), template);
        std::iter::once(texts)
            .chain(substitutions)
            .map(|value| Arg { kind: ArgKind::Positional, value })
            .collect()
    }

    /// Texts and substitutions in order; neighbouring texts are one.
    fn template_parts(&mut self, node: Node<'_>, escapes: Escapes) -> Vec<ExprId> {
        let mut parts = Vec::new();
        let mut texts = Vec::new();
        for child in self.children(node) {
            if self.kind(child) != Kind::TemplateSubstitution {
                texts.push(child);
                continue;
            }
            self.flush_texts(&mut texts, escapes, &mut parts);
            parts.push(self.child_expr(child));
        }
        self.flush_texts(&mut texts, escapes, &mut parts);
        parts
    }

    fn flush_texts(&mut self, texts: &mut Vec<Node<'_>>, escapes: Escapes, parts: &mut Vec<ExprId>) {
        if let Some(&first) = texts.first() {
            let text = match escapes {
                Escapes::Resolved => self.joined(texts),
                Escapes::Raw => texts.iter().map(|&piece| self.text(piece)).collect(),
            };
            let name = self.b.intern(&text);
            parts.push(self.str(name, first));
            texts.clear();
        }
    }

    /// The text of fragments and escapes.
    fn joined(&self, pieces: &[Node<'_>]) -> String {
        let mut text = String::new();
        let mut high_surrogate = None;
        for &piece in pieces {
            let raw = self.text(piece);
            if self.kind(piece) != Kind::EscapeSequence {
                text.push_str(raw);
                continue;
            }
            match unescape(raw) {
                Escape::Unit(unit @ 0xD800..=0xDBFF) => high_surrogate = Some(unit),
                Escape::Unit(unit) => {
                    let pair = high_surrogate.take().into_iter().chain([unit]);
                    text.extend(char::decode_utf16(pair).filter_map(Result::ok));
                }
                Escape::Char(char) => text.push(char),
                Escape::Nothing => {}
            }
        }
        text
    }

    /// A numeric literal.
    pub(crate) fn number(&mut self, node: Node<'_>) -> ExprId {
        match integer(self.text(node)) {
            Some(value) => self.add(Expr::Int(value), node),
            None => self.unknown(node),
        }
    }

    /// `-1` and other unary operators.
    pub(crate) fn unary(&mut self, node: Node<'_>) -> ExprId {
        let Some(argument) = self.field(node, Field::Argument) else { return self.unknown(node) };
        let value = self.expr(argument);
        let operator = self.field(node, Field::Operator).map_or("", |operator| operator.kind());
        match (operator, self.b.get(value)) {
            ("!", _) => self.add(Expr::Not(value), node),
            ("-", &Expr::Int(number)) => self.add(Expr::Int(number.wrapping_neg()), node),
            ("void", Expr::Int(_) | Expr::Str(_) | Expr::Null) => self.add(Expr::Null, node),
            _ => self.add(Expr::Opaque(vec![value]), node),
        }
    }
}

/// Whether escape sequences mean what they say.
#[derive(Clone, Copy)]
enum Escapes {
    Resolved,
    Raw,
}

enum Escape {
    Char(char),
    /// A UTF-16 unit, possibly half of a pair.
    Unit(u16),
    Nothing,
}

/// The meaning of an escape sequence, backslash included.
fn unescape(raw: &str) -> Escape {
    let mut rest = raw.chars();
    rest.next();
    let unit = |digits: &str| u16::from_str_radix(digits, 16).map_or(Escape::Nothing, Escape::Unit);
    match rest.next() {
        Some('n') => Escape::Char('\n'),
        Some('t') => Escape::Char('\t'),
        Some('r') => Escape::Char('\r'),
        Some('b') => Escape::Char('\u{8}'),
        Some('f') => Escape::Char('\u{c}'),
        Some('v') => Escape::Char('\u{b}'),
        Some('\n' | '\r' | '\u{2028}' | '\u{2029}') | None => Escape::Nothing,
        Some('x') => unit(rest.as_str()),
        Some('u') => match rest.as_str().strip_prefix('{').and_then(|digits| digits.strip_suffix('}')) {
            Some(digits) => u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32)
                .map_or(Escape::Nothing, Escape::Char),
            None => unit(rest.as_str()),
        },
        Some(digit @ '0'..='7') => {
            let digits = format!("{digit}{}", rest.as_str());
            u32::from_str_radix(&digits, 8)
                .ok()
                .and_then(char::from_u32)
                .map_or(Escape::Nothing, Escape::Char)
        }
        Some(other) => Escape::Char(other),
    }
}

/// The value of an integer literal that fits.
fn integer(text: &str) -> Option<i64> {
    let text = text.replace('_', "");
    let text = text.strip_suffix('n').unwrap_or(&text);
    let radix = |prefix: [&str; 2], radix: u32| {
        let digits = prefix.iter().find_map(|prefix| text.strip_prefix(prefix))?;
        i64::from_str_radix(digits, radix).ok()
    };
    text.parse()
        .ok()
        .or_else(|| radix(["0x", "0X"], 16))
        .or_else(|| radix(["0o", "0O"], 8))
        .or_else(|| radix(["0b", "0B"], 2))
}

#[cfg(test)]
mod tests {
    use super::integer;

    #[test]
    fn integers_of_every_base_are_read_and_others_are_not() {
        assert_eq!(integer("1_000"), Some(1000));
        assert_eq!(integer("0xfF"), Some(255));
        assert_eq!(integer("0o17"), Some(15));
        assert_eq!(integer("0b11"), Some(3));
        assert_eq!(integer("10n"), Some(10));
        assert_eq!(integer("1.5"), None);
        assert_eq!(integer("1e3"), None);
        assert_eq!(integer("99999999999999999999"), None);
    }
}
