//! Reads the `.env` format: `NAME=value` lines, `export`, comments, quotes over several lines, and
//! references to other variables. References are resolved from the file alone, so that the result
//! does not depend on the environment of the process; one that stays open is an unknown part.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

use perm_infer_policy::{Part, Pattern};

/// How much text references may put into the values of one file, in bytes; beyond that they count as
/// unknown. A few lines that each repeat the one before would else fill the memory.
const MAX_EXPANSION: usize = 1 << 20;

/// One assignment.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) value: Pattern,
    /// 1-based line of the name.
    pub(crate) line: u32,
}

/// What is wrong with a line.
#[derive(Debug)]
pub(crate) struct LineError {
    pub(crate) line: u32,
    pub(crate) message: &'static str,
    pub(crate) remedy: &'static str,
}

/// Whether a text can be the name of a variable.
pub(crate) fn is_name(text: &str) -> bool {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(is_allowed)
}

/// All assignments in order; of several for one name the last counts.
pub(crate) fn parse(text: &str) -> Result<Vec<Entry>, LineError> {
    let mut reader = Reader {
        rest: text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable(),
        line: 1,
        known: BTreeMap::new(),
        expanded: 0,
    };
    let mut entries = Vec::new();
    while let Some(entry) = reader.entry()? {
        reader.known.insert(entry.name.clone(), entry.value.clone());
        entries.push(entry);
    }
    Ok(entries)
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    line: u32,
    known: BTreeMap<String, Pattern>,
    /// What references gave so far, in bytes.
    expanded: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.line += u32::from(next == Some('\n'));
        next
    }

    fn skip_line(&mut self) {
        while self.rest.peek().is_some_and(|next| *next != '\n') {
            self.next();
        }
    }

    fn skip_blanks(&mut self) {
        while self.rest.peek().is_some_and(|next| matches!(next, ' ' | '\t' | '\r')) {
            self.next();
        }
    }

    fn error<T>(line: u32, message: &'static str, remedy: &'static str) -> Result<T, LineError> {
        Err(LineError { line, message, remedy })
    }

    /// The next assignment; blank lines and comments are passed over.
    fn entry(&mut self) -> Result<Option<Entry>, LineError> {
        while let Some(next) = self.rest.peek() {
            match next {
                '#' => self.skip_line(),
                next if next.is_whitespace() => drop(self.next()),
                _ => return self.assignment().map(Some),
            }
        }
        Ok(None)
    }

    fn assignment(&mut self) -> Result<Entry, LineError> {
        let line = self.line;
        let mut name = String::new();
        while let Some(next) = self.rest.next_if(|next| !matches!(next, '=' | '\n')) {
            name.push(next);
        }
        let name = name.trim();
        let name = name.strip_prefix("export ").map_or(name, str::trim_start);
        if self.rest.next_if_eq(&'=').is_none() || !is_name(name) {
            return Self::error(
                line,
                "not of the form NAME=value",
                "correct the line, or start it with # to make it a comment",
            );
        }
        self.skip_blanks();
        Ok(Entry { name: name.to_owned(), value: self.value(line)?, line })
    }

    /// Quoted and unquoted pieces up to the end of the line.
    fn value(&mut self, line: u32) -> Result<Pattern, LineError> {
        let mut value = Pattern::default();
        // Blanks are part of the value only if more follows.
        let mut blanks = String::new();
        loop {
            let Some(next) = self.rest.peek().copied() else { return Ok(value) };
            match next {
                '\n' => return Ok(value),
                '#' if !blanks.is_empty() || value == Pattern::default() => {
                    self.skip_line();
                    return Ok(value);
                }
                ' ' | '\t' | '\r' => {
                    blanks.push(next);
                    self.next();
                    continue;
                }
                _ => value.push_literal(&std::mem::take(&mut blanks)),
            }
            self.next();
            match next {
                '\'' => self.single_quoted(line, &mut value)?,
                '"' => self.double_quoted(line, &mut value)?,
                '$' => self.reference(&mut value),
                '\\' => value.push_literal(&self.escape()),
                other => value.push_literal(other.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn single_quoted(&mut self, line: u32, value: &mut Pattern) -> Result<(), LineError> {
        loop {
            match self.next() {
                None => return Self::unclosed(line),
                Some('\'') => return Ok(()),
                Some(other) => value.push_literal(other.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn double_quoted(&mut self, line: u32, value: &mut Pattern) -> Result<(), LineError> {
        loop {
            match self.next() {
                None => return Self::unclosed(line),
                Some('"') => return Ok(()),
                Some('$') => self.reference(value),
                Some('\\') => value.push_literal(&self.escape()),
                Some(other) => value.push_literal(other.encode_utf8(&mut [0; 4])),
            }
        }
    }

    fn unclosed<T>(line: u32) -> Result<T, LineError> {
        Self::error(line, "a quote that is never closed", "close the quote, or escape it with a backslash")
    }

    /// What a backslash and the next character stand for; the backslash stays before others.
    fn escape(&mut self) -> String {
        let escaped = self.rest.next_if(|next| matches!(next, 'n' | 'r' | 't' | '\\' | '"' | '\'' | '$'));
        match escaped {
            Some('n') => "\n".to_owned(),
            Some('r') => "\r".to_owned(),
            Some('t') => "\t".to_owned(),
            Some(other) => other.to_string(),
            None => "\\".to_owned(),
        }
    }

    /// `$NAME`, `${NAME}` or `${NAME:-default}` after the dollar sign; else a dollar sign.
    fn reference(&mut self, value: &mut Pattern) {
        let is_inner = |next: &char| next.is_ascii_alphanumeric() || *next == '_';
        let mut name = String::new();
        if self.rest.next_if_eq(&'{').is_none() {
            while let Some(next) = self.rest.next_if(is_inner) {
                name.push(next);
            }
            if name.is_empty() {
                return value.push_literal("$");
            }
            return self.push_known(&name, value);
        }
        while let Some(next) = self.rest.next_if(|next| !matches!(next, '}' | '\n')) {
            name.push(next);
        }
        if self.rest.next_if_eq(&'}').is_none() {
            value.push_literal("${");
            return value.push_literal(&name);
        }
        let name = name.split_once(":-").or_else(|| name.split_once('-')).map_or(&*name, |(name, _)| name);
        self.push_known(name, value);
    }

    /// The value of a variable. A default after `:-` is not taken for an unknown one: whatever sets the
    /// variable overrides it, and nothing says that nobody does.
    fn push_known(&mut self, name: &str, value: &mut Pattern) {
        match self.known.get(name) {
            Some(known) if self.expanded <= MAX_EXPANSION => {
                self.expanded += length(known);
                value.push_pattern(known);
            }
            _ => value.push(Part::Any),
        }
    }
}

fn length(pattern: &Pattern) -> usize {
    let parts = pattern.parts().iter();
    parts.map(|part| if let Part::Literal(text) = part { text.len() } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let entries = parse(text).expect("valid");
        entries.iter().map(|entry| format!("{}={}", entry.name, entry.value.to_policy_string())).collect()
    }

    #[test]
    fn plain_lines_comments_and_exports() {
        let text = "# comment\n\nA=1\n export B = two words # comment\nC=a#b\nD=\nE= # empty\n";
        assert_eq!(values(text), ["A=1", "B=two words", "C=a#b", "D=", "E="]);
    }

    #[test]
    fn quotes_and_escapes() {
        let text = r#"A="a # b" # c
B='$A \n'
C="x\ny\"\q"
D=pre"mid"'end'
E=C:\dir
"#;
        assert_eq!(values(text), ["A=a # b", "B=${$}A \\n", "C=x\ny\"\\q", "D=premidend", "E=C:\\dir"]);
    }

    #[test]
    fn quotes_may_span_lines_and_lines_are_counted() {
        let entries = parse("A=\"x\ny\"\nB=1").expect("valid");
        assert_eq!((entries[1].line, entries[0].value.as_literal()), (3, Some("x\ny")));
        assert_eq!(parse("A=1\nB='x\ny").expect_err("unclosed").line, 2);
    }

    #[test]
    fn references_are_resolved_from_the_file_and_else_unknown() {
        let text =
            "S=dev\nA=$S-orders\nB=\"${S}_x/${NOWHERE}/y\"\nC=${S:-prod}\nD=a$\nE=${NOWHERE:-x}\nF=\\$S\n";
        assert_eq!(
            values(text),
            ["S=dev", "A=dev-orders", "B=dev_x/*/y", "C=dev", "D=a${$}", "E=*", "F=${$}S"]
        );
    }

    #[test]
    fn values_that_double_with_every_line_are_cut() {
        let lines = (1..100).map(|number| format!("A{number}=$A{0}$A{0}\n", number - 1));
        let text = format!("A0=xxxxxxxx\n{}", lines.collect::<String>());
        let entries = parse(&text).expect("valid");
        assert!(entries.iter().map(|entry| length(&entry.value)).sum::<usize>() < 4 * MAX_EXPANSION);
        assert_eq!(entries[3].value.as_literal().map(str::len), Some(64));
        assert!(entries[99].value.has_unknown());
    }

    #[test]
    fn lines_that_make_no_sense_are_errors() {
        for text in ["A", "=x", "1A=x", "A B=x"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
