//! Shell scripts as far as they tell what runs: the commands with their words, and the variables that they set.
//! Nothing is executed: every branch and every loop counts once, and what only the shell computes is unknown.
//!
//! Used for `CMD` and `ENTRYPOINT` of images, for scripts that these start, for scripts of `package.json` and
//! for user data of instances.

pub(crate) mod aws;

use std::collections::BTreeMap;

use perm_infer_policy::{Part, Pattern};

/// Characters of a script that are read.
const MAX_CHARACTERS: usize = 256 << 10;

/// Commands of a script that count.
const MAX_COMMANDS: usize = 2_000;

/// Commands inside of commands: `$(...)`.
const MAX_NESTING: usize = 8;

/// Words that stand before a command and are none themselves.
const KEYWORDS: [&str; 15] = [
    "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!", "time", "exec",
    "command",
];

/// What stands for all arguments that a script is given.
pub(crate) const ARGUMENTS: &str = "$@";

/// Values of variables by name.
pub(crate) type Variables = BTreeMap<String, Pattern>;

/// One command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// The program and its arguments.
    pub(crate) words: Vec<Pattern>,
    /// Lines before it.
    pub(crate) line: u32,
}

/// A script that was read.
#[derive(Debug, Default)]
pub(crate) struct Script {
    /// Its commands in their order, those inside of others before these.
    pub(crate) commands: Vec<Command>,
    /// Variables that it sets, and those that it was read with.
    pub(crate) variables: Variables,
}

/// Reads a script. `variables` are set when it starts.
pub(crate) fn read(text: &Pattern, variables: &Variables) -> Script {
    let mut reader = Reader {
        tokens: tokens(text),
        at: 0,
        line: 0,
        here: Vec::new(),
        script: Script { commands: Vec::new(), variables: variables.clone() },
        nesting: 0,
    };
    reader.commands(None);
    reader.script
}

/// A text with the values of variables in it, as Dockerfiles and double quotes have it.
pub(crate) fn expanded(text: &str, variables: &Variables) -> Pattern {
    let mut reader = Reader {
        tokens: tokens(&Pattern::literal(text)),
        at: 0,
        line: 0,
        here: Vec::new(),
        script: Script { commands: Vec::new(), variables: variables.clone() },
        nesting: MAX_NESTING,
    };
    let mut word = Pattern::default();
    while let Some(token) = reader.next() {
        match token {
            Token::Character('$') => reader.variable(&mut word),
            Token::Character('\\') => {
                if let Some(Token::Character(escaped)) = reader.next() {
                    push(&mut word, escaped);
                }
            }
            Token::Character('"' | '\'') => {}
            token => push_token(&mut word, token),
        }
    }
    word
}

/// A character, or a part of the text that a template fills in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Character(char),
    Made(Part),
}

fn tokens(text: &Pattern) -> Vec<Token> {
    let mut tokens = Vec::new();
    for part in text.parts() {
        match part {
            Part::Literal(text) => tokens.extend(text.chars().map(Token::Character)),
            part => tokens.push(Token::Made(part.clone())),
        }
    }
    tokens.truncate(MAX_CHARACTERS);
    tokens
}

fn push(word: &mut Pattern, character: char) {
    word.push_literal(character.encode_utf8(&mut [0; 4]));
}

fn push_token(word: &mut Pattern, token: Token) {
    match token {
        Token::Character(character) => push(word, character),
        Token::Made(part) => word.push(part),
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    line: u32,
    /// Delimiters of documents that begin on the next line.
    here: Vec<String>,
    script: Script,
    nesting: usize,
}

impl Reader {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at)?.clone();
        self.at += 1;
        if token == Token::Character('\n') {
            self.line += 1;
        }
        Some(token)
    }

    fn peek(&self) -> Option<char> {
        match self.tokens.get(self.at) {
            Some(Token::Character(character)) => Some(*character),
            _ => None,
        }
    }

    /// Reads commands up to a character that closes them, or to the end.
    fn commands(&mut self, end: Option<char>) {
        let mut words: Vec<Pattern> = Vec::new();
        let mut word: Option<Pattern> = None;
        let mut line = self.line;
        // What follows a redirection is no argument.
        let mut is_redirected = false;
        loop {
            let token = self.next();
            let Some(Token::Character(character)) = token else {
                match token {
                    Some(token) => push_token(word.get_or_insert_with(Pattern::default), token),
                    None => break,
                }
                continue;
            };
            if words.is_empty() && word.is_none() {
                line = self.line;
            }
            let is_end = end == Some(character);
            match character {
                _ if is_end && character == '`' => break,
                '#' if word.is_none() => {
                    while self.peek().is_some_and(|next| next != '\n') {
                        self.at += 1;
                    }
                }
                '<' | '>' => {
                    let is_descriptor = word.as_ref().and_then(Pattern::as_literal).is_some_and(is_number);
                    if is_descriptor {
                        word = None;
                    }
                    end_word(&mut words, &mut word, &mut is_redirected);
                    is_redirected = !self.redirection(character);
                }
                ' ' | '\t' | '\r' => end_word(&mut words, &mut word, &mut is_redirected),
                '\n' | ';' | '&' | '|' | '(' | ')' => {
                    end_word(&mut words, &mut word, &mut is_redirected);
                    self.end_command(&mut words, line);
                    if character == '\n' {
                        self.documents();
                    }
                    if is_end {
                        return;
                    }
                    is_redirected = false;
                }
                // The line goes on.
                '\\' if self.peek() == Some('\n') => {
                    self.next();
                }
                _ => {
                    let mut inner = word.take().unwrap_or_default();
                    self.character(character, &mut inner);
                    word = Some(inner);
                }
            }
        }
        end_word(&mut words, &mut word, &mut is_redirected);
        self.end_command(&mut words, line);
    }

    /// One character of a word, or what it begins.
    fn character(&mut self, character: char, word: &mut Pattern) {
        match character {
            '\'' => {
                while let Some(token) = self.next() {
                    match token {
                        Token::Character('\'') => break,
                        token => push_token(word, token),
                    }
                }
            }
            '"' => self.quoted(word),
            '\\' => match self.next() {
                Some(Token::Character('\n')) | None => {}
                Some(token) => push_token(word, token),
            },
            '$' => self.variable(word),
            '`' => {
                self.nested('`');
                word.push(Part::Any);
            }
            _ => push(word, character),
        }
    }

    fn quoted(&mut self, word: &mut Pattern) {
        while let Some(token) = self.next() {
            match token {
                Token::Character('"') => break,
                Token::Character('\\') => match self.next() {
                    Some(Token::Character('\n')) | None => {}
                    Some(token) => push_token(word, token),
                },
                Token::Character('$') => self.variable(word),
                Token::Character('`') => {
                    self.nested('`');
                    word.push(Part::Any);
                }
                token => push_token(word, token),
            }
        }
    }

    /// What stands behind `$`.
    fn variable(&mut self, word: &mut Pattern) {
        let name = match self.peek() {
            Some('(') => {
                self.at += 1;
                self.nested(')');
                return word.push(Part::Any);
            }
            Some('{') => {
                self.at += 1;
                return self.braces(word);
            }
            Some('@' | '*') => {
                self.at += 1;
                return word.push_literal(ARGUMENTS);
            }
            Some(first) if first.is_ascii_alphabetic() || first == '_' => self.name(),
            Some(first) if first.is_ascii_digit() || "?#!$-".contains(first) => {
                self.at += 1;
                return word.push(Part::Any);
            }
            _ => return word.push_literal("$"),
        };
        self.push_variable(&name, word);
    }

    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(next) = self.peek().filter(|next| next.is_ascii_alphanumeric() || *next == '_') {
            name.push(next);
            self.at += 1;
        }
        name
    }

    fn push_variable(&self, name: &str, word: &mut Pattern) {
        match self.script.variables.get(name) {
            Some(value) => word.push_pattern(value),
            None => word.push(Part::Any),
        }
    }

    /// `${name}`, `${name:-default}`; of other forms nothing is known.
    fn braces(&mut self, word: &mut Pattern) {
        let name = self.name();
        let mut rest = Pattern::default();
        let mut depth = 1;
        while let Some(token) = self.next() {
            match token {
                Token::Character('{') => depth += 1,
                Token::Character('}') => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
            push_token(&mut rest, token);
        }
        let default = rest.literal_prefix();
        let default =
            default.strip_prefix(":-").or_else(|| default.strip_prefix(":=")).or(default.strip_prefix('-'));
        match (self.script.variables.contains_key(&name), default) {
            (true, _) if rest.parts().is_empty() || default.is_some() => self.push_variable(&name, word),
            (false, Some(default)) if rest.as_literal().is_some() && !default.contains('$') => {
                word.push_literal(default);
            }
            _ => word.push(Part::Any),
        }
    }

    fn nested(&mut self, end: char) {
        if self.nesting >= MAX_NESTING {
            return;
        }
        self.nesting += 1;
        self.commands(Some(end));
        self.nesting -= 1;
    }

    /// Reads the sign of a redirection; whether it stands alone, with no word that follows.
    fn redirection(&mut self, sign: char) -> bool {
        let mut length = 1;
        while self.peek() == Some(sign) && length < 3 {
            self.at += 1;
            length += 1;
        }
        if sign == '<' && length == 2 {
            if self.peek() == Some('-') {
                self.at += 1;
            }
            while self.peek() == Some(' ') {
                self.at += 1;
            }
            let mut delimiter = String::new();
            while let Some(next) =
                self.peek().filter(|next| !next.is_whitespace() && !";|&()<>".contains(*next))
            {
                self.at += 1;
                if !"'\"\\".contains(next) {
                    delimiter.push(next);
                }
            }
            if !delimiter.is_empty() {
                self.here.push(delimiter);
            }
            return true;
        }
        if self.peek() == Some('&') {
            self.at += 1;
        }
        false
    }

    /// Documents that begin here. A unit of systemd in one says what it starts.
    fn documents(&mut self) {
        for delimiter in std::mem::take(&mut self.here) {
            loop {
                let line = self.line;
                let mut text = Pattern::default();
                let mut is_last = true;
                while let Some(token) = self.next() {
                    if token == Token::Character('\n') {
                        is_last = false;
                        break;
                    }
                    push_token(&mut text, token);
                }
                if text.as_literal().is_some_and(|text| text.trim() == delimiter) {
                    break;
                }
                if let Some(started) =
                    text.as_literal().and_then(|text| text.trim().strip_prefix("ExecStart="))
                {
                    let inner = read(&Pattern::literal(started), &self.script.variables);
                    self.script
                        .commands
                        .extend(inner.commands.into_iter().map(|one| Command { line, ..one }));
                }
                if is_last {
                    break;
                }
            }
        }
    }

    fn end_command(&mut self, words: &mut Vec<Pattern>, line: u32) {
        let mut words: Vec<Pattern> = std::mem::take(words);
        let mut position = 0;
        while let Some(word) = words.get(position) {
            let is_keyword = word.as_literal().is_some_and(|word| KEYWORDS.contains(&word));
            let is_export = word.as_literal() == Some("export");
            if !is_keyword && !is_export {
                let Some((name, value)) = assignment(word) else { break };
                self.script.variables.insert(name, value);
            }
            position += 1;
        }
        words.drain(..position);
        if !words.is_empty() && self.script.commands.len() < MAX_COMMANDS {
            self.script.commands.push(Command { words, line });
        }
    }
}

fn end_word(words: &mut Vec<Pattern>, word: &mut Option<Pattern>, is_redirected: &mut bool) {
    if let Some(word) = word.take() {
        match *is_redirected {
            true => *is_redirected = false,
            false => words.push(word),
        }
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `NAME=value`.
pub(crate) fn assignment(word: &Pattern) -> Option<(String, Pattern)> {
    let (name, value) = word.split_once('=')?;
    let name = name.as_literal()?;
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name.starts_with(|first: char| !first.is_ascii_digit());
    is_name.then(|| (name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &[Pattern]) -> String {
        words.iter().map(Pattern::to_policy_string).collect::<Vec<_>>().join("|")
    }

    fn commands(text: &str) -> Vec<String> {
        let script = read(&Pattern::literal(text), &Variables::new());
        script.commands.iter().map(|command| shown(&command.words)).collect()
    }

    #[test]
    fn commands_are_separated_and_words_unquoted() {
        assert_eq!(
            commands("a b && c 'd e' || f \"g h\" ; i\\ j | k"),
            ["a|b", "c|d e", "f|g h", "i j", "k"]
        );
        assert_eq!(commands("a \\\n  b # c\n\n# d\n(e)\nif f; then g; fi"), ["a|b", "e", "f", "g"]);
        assert_eq!(commands("exec a >/dev/null 2>&1 <in b"), ["a|b"]);
        assert_eq!(commands("a#b c"), ["a#b|c"]);
    }

    #[test]
    fn variables_that_the_script_sets_are_known() {
        assert_eq!(commands("A=x\nexport B=$A/y\nrun \"${B}\" $C ${D:-d} ${A:-z} $1"), ["run|x/y|*|d|x|*"]);
        assert_eq!(commands("exec \"$@\""), ["${$}@"]);
        let script = read(&Pattern::literal("T=1 run"), &Variables::new());
        assert_eq!(script.variables.get("T"), Some(&Pattern::literal("1")));
    }

    #[test]
    fn commands_inside_of_words_count_too() {
        assert_eq!(commands("A=$(b c) d `e f` \"$(g)\""), ["b|c", "e|f", "g", "d|*|*"]);
    }

    #[test]
    fn documents_are_data_but_say_what_systemd_starts() {
        let text = "cat <<'EOF' >/etc/a.service\n[Service]\nExecStart=/usr/bin/python3 /opt/a.py\nEOF\nb";
        assert_eq!(commands(text), ["cat", "/usr/bin/python3|/opt/a.py", "b"]);
        let script = read(&Pattern::literal(text), &Variables::new());
        assert_eq!(script.commands.iter().map(|command| command.line).collect::<Vec<_>>(), [0, 2, 4]);
    }

    #[test]
    fn parts_of_a_template_stay_what_they_are() {
        let mut text = Pattern::literal("T=");
        text.push(Part::Raw("${Orders}".to_owned()));
        text.push_literal("\nrun $T");
        let script = read(&text, &Variables::new());
        assert_eq!(shown(&script.commands[0].words), "run|${Orders}");
    }

    #[test]
    fn broken_scripts_do_no_harm() {
        for text in ["'", "\"", "$", "${", "$(", "`", "\\", "<<", "<<A", "a <<A\nb", "((((", "$@", "}"] {
            commands(text);
        }
        let deep = "$(".repeat(100_000);
        assert!(commands(&deep).len() <= MAX_COMMANDS);
        let wide = "a;".repeat(100_000);
        assert_eq!(commands(&wide).len(), MAX_COMMANDS);
    }
}
