//! One rule: under which condition an operation needs which action on which resources.
//!
//! ```text
//! [for PATH] [if COND, unless COND] then ACTION [on TARGET, TARGET?] [with KEY=VALUE|VALUE, ...]
//! ```
//!
//! Without `for`, `if` and `unless` the word `then` is left out. A path names members of the input
//! (`A.B`, `A[]` every element, `A{}` every key, `A{*}` every value of a map); a path that starts with
//! a dot is relative to the element of `for`. `docs/catalog.md` explains the notation with examples.

use super::mode::BindingMode;
use super::words::{FormatError, split_outside, unquote};
use std::fmt::{self, Display};

/// When, what, on what, with which conditions.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rule {
    /// Evaluate the rule once for every value at this path.
    pub scope: Option<String>,
    /// All of these have to be possible.
    pub conditions: Vec<Condition>,
    /// `prefix:Name`.
    pub action: String,
    /// The resources; none means the action is used on `*`.
    pub targets: Vec<Target>,
    /// Conditions that the statement carries.
    pub with: Vec<With>,
}

/// What a parameter has to look like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `unless` instead of `if`.
    pub negated: bool,
    /// The member looked at, or several with `|` between them: any of them.
    pub path: String,
    /// What it is compared with.
    pub test: Test,
}

/// The comparison of a [`Condition`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The member is present.
    Present,
    /// `path='text'`: exactly this text, ignoring case (`true`/`false` for booleans).
    Equals(String),
    /// `path^'text'`: starts with the text, ignoring case and leading white space.
    StartsWith(String),
    /// `path!'text'`: is known to start with the text.
    KnownStart(String),
    /// `path$'text'`: is known to end with the text.
    KnownEnd(String),
    /// `path%'text'`: is known to contain the text.
    KnownPart(String),
    /// `path~'text'`: contains the text, ignoring case.
    Contains(String),
}

/// One resource of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The type or the template.
    pub kind: TargetKind,
    /// Used only when one of its members is present.
    pub optional: bool,
    /// Which members fill the variables of the template.
    pub bindings: Vec<Binding>,
    /// Written without parentheses: in an override, the builder finds the bindings.
    pub bare: bool,
}

/// How a [`Target`] names its ARN template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// A resource type of the action's service in the IAM data.
    Type(String),
    /// A template written out.
    Template(String),
}

/// What fills one variable of an ARN template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The variable without `${` and `}`.
    pub variable: String,
    /// How the value is read.
    pub mode: BindingMode,
    /// The first source that is certainly present wins; all that may be present before it count.
    pub sources: Vec<Source>,
}

/// A member path or a fixed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A member of the input.
    Path(String),
    /// This text.
    Literal(String),
}

/// A condition that the statement carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct With {
    /// `StringEquals` unless written `Operator:key`.
    pub operator: String,
    /// The condition key, such as `iam:PassedToService`.
    pub key: String,
    /// Any of these.
    pub values: Vec<WithValue>,
}

/// A value of a [`With`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithValue {
    /// This text.
    Literal(String),
    /// The value of a member; the condition is left out when it is not known.
    Path(String),
}

impl Rule {
    /// Reads one rule.
    ///
    /// # Errors
    /// When the text does not have the form of a rule; the message says what was expected.
    pub fn parse(text: &str) -> Result<Rule, FormatError> {
        let mut rule = Rule::default();
        let mut words = split_outside(text, ' ').into_iter().peekable();
        let guarded = matches!(words.peek(), Some(&("for" | "if" | "unless")));
        if guarded {
            let mut negated = None;
            loop {
                match words.next() {
                    Some("for") => rule.scope = words.next().map(str::to_owned),
                    Some("if") => negated = Some(false),
                    Some("unless") => negated = Some(true),
                    Some("then") => break,
                    Some(word) => {
                        let Some(negated) = negated else {
                            return Err(FormatError(format!("`if` or `unless` expected before `{word}`")));
                        };
                        rule.conditions.push(Condition::parse(word.trim_end_matches(','), negated)?);
                    }
                    None => return Err(FormatError("`then` expected".to_owned())),
                }
            }
        }
        words
            .next()
            .ok_or_else(|| FormatError("an action expected".to_owned()))?
            .clone_into(&mut rule.action);
        if !rule.action.contains(':') {
            return Err(FormatError(format!("`{}` is no action (prefix:Name)", rule.action)));
        }
        let mut section = "";
        for word in words {
            match (word, section) {
                ("on" | "with", _) => section = word,
                (_, "on") => rule.targets.push(Target::parse(word.trim_end_matches(','))?),
                (_, "with") => rule.with.push(With::parse(word.trim_end_matches(','))?),
                (word, _) => return Err(FormatError(format!("`on` or `with` expected before `{word}`"))),
            }
        }
        Ok(rule)
    }

    /// Every member path that the rule names, relative ones joined to their scope.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let sources =
            self.targets.iter().flat_map(|target| &target.bindings).flat_map(|binding| &binding.sources);
        let bound = sources.filter_map(|source| match source {
            Source::Path(path) => Some(path),
            Source::Literal(_) => None,
        });
        let values = self.with.iter().flat_map(|with| &with.values).filter_map(|value| match value {
            WithValue::Path(path) => Some(path),
            WithValue::Literal(_) => None,
        });
        let tested: Vec<String> = self
            .conditions
            .iter()
            .flat_map(|condition| condition.path.split('|'))
            .map(str::to_owned)
            .collect();
        let scope = self.scope.as_deref().unwrap_or("");
        let absolute = bound.chain(values).chain(&tested).map(|path| match path.strip_prefix('.') {
            Some("") => scope.to_owned(),
            Some(rest) => format!("{scope}.{rest}"),
            None => path.clone(),
        });
        absolute.chain(self.scope.clone()).collect()
    }
}

impl Condition {
    /// Reads `path`, or a path, an operator and a text in single quotes.
    pub fn parse(text: &str, negated: bool) -> Result<Condition, FormatError> {
        let quoted = |value: &str| {
            unquote(value, '\'')
                .map(str::to_owned)
                .ok_or_else(|| FormatError(format!("a value in single quotes expected in `{text}`")))
        };
        let (path, test) = match text.find(['=', '^', '!', '$', '%', '~']) {
            None => (text, Test::Present),
            Some(position) => {
                let value = quoted(&text[position + 1..])?;
                let test = match &text[position..=position] {
                    "=" => Test::Equals(value),
                    "^" => Test::StartsWith(value),
                    "!" => Test::KnownStart(value),
                    "$" => Test::KnownEnd(value),
                    "%" => Test::KnownPart(value),
                    _ => Test::Contains(value),
                };
                (&text[..position], test)
            }
        };
        Ok(Condition { negated, path: path.to_owned(), test })
    }
}

impl Target {
    fn parse(text: &str) -> Result<Target, FormatError> {
        let bare = !text.ends_with(')');
        let (head, bindings) = match text.strip_suffix(')') {
            Some(open) => {
                open.split_once('(').ok_or_else(|| FormatError(format!("`(` missing in `{text}`")))?
            }
            None => (text, ""),
        };
        let (head, optional) = match head.strip_suffix('?') {
            Some(head) => (head, true),
            None => (head, false),
        };
        let kind = match unquote(head, '"') {
            Some(template) => TargetKind::Template(template.to_owned()),
            None => TargetKind::Type(head.to_owned()),
        };
        let bindings = split_outside(bindings, ' ')
            .into_iter()
            .map(|binding| Binding::parse(binding.trim_end_matches(',')))
            .collect::<Result<_, _>>()?;
        Ok(Target { kind, optional, bindings, bare })
    }
}

impl Binding {
    /// Reads `Variable=mode:Path|Path|'text'`, or `Member` for a variable bound to the member of its name.
    pub fn parse(text: &str) -> Result<Binding, FormatError> {
        let (variable, value) = text.split_once('=').unwrap_or((text, text));
        let (mode, value) = match value.split_once(':') {
            Some((word, rest)) if !word.contains('\'') => {
                let mode = BindingMode::ALL.iter().copied().find(|mode| mode.word() == word);
                (mode.ok_or_else(|| FormatError(format!("unknown binding mode `{word}`")))?, rest)
            }
            _ => (BindingMode::Auto, value),
        };
        let sources = split_outside(value, '|')
            .into_iter()
            .map(|source| match unquote(source, '\'') {
                Some(text) => Source::Literal(text.to_owned()),
                None => Source::Path(source.to_owned()),
            })
            .collect();
        Ok(Binding { variable: variable.to_owned(), mode, sources })
    }
}

impl With {
    fn parse(text: &str) -> Result<With, FormatError> {
        let (key, values) =
            text.split_once('=').ok_or_else(|| FormatError(format!("`key=value` expected, not `{text}`")))?;
        let (operator, key) = match key.split_once("::") {
            Some((operator, key)) => (operator, key),
            None => ("StringEquals", key),
        };
        let values = split_outside(values, '|')
            .into_iter()
            .map(|value| match value.strip_prefix('@') {
                Some(path) => WithValue::Path(path.to_owned()),
                None => WithValue::Literal(value.to_owned()),
            })
            .collect();
        Ok(With { operator: operator.to_owned(), key: key.to_owned(), values })
    }
}

fn join<T: Display>(out: &mut fmt::Formatter<'_>, items: &[T], separator: &str) -> fmt::Result {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.write_str(separator)?;
        }
        item.fmt(out)?;
    }
    Ok(())
}

impl Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scope) = &self.scope {
            write!(out, "for {scope} ")?;
        }
        for (word, negated) in [("if ", false), ("unless ", true)] {
            let chosen: Vec<_> = self.conditions.iter().filter(|item| item.negated == negated).collect();
            if !chosen.is_empty() {
                out.write_str(word)?;
                join(out, &chosen, ", ")?;
                out.write_str(" ")?;
            }
        }
        if self.scope.is_some() || !self.conditions.is_empty() {
            out.write_str("then ")?;
        }
        out.write_str(&self.action)?;
        if !self.targets.is_empty() {
            out.write_str(" on ")?;
            join(out, &self.targets, ", ")?;
        }
        if !self.with.is_empty() {
            out.write_str(" with ")?;
            join(out, &self.with, ", ")?;
        }
        Ok(())
    }
}

impl Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.path)?;
        match &self.test {
            Test::Present => Ok(()),
            Test::Equals(text) => write!(out, "='{text}'"),
            Test::StartsWith(text) => write!(out, "^'{text}'"),
            Test::KnownStart(text) => write!(out, "!'{text}'"),
            Test::KnownEnd(text) => write!(out, "$'{text}'"),
            Test::KnownPart(text) => write!(out, "%'{text}'"),
            Test::Contains(text) => write!(out, "~'{text}'"),
        }
    }
}

impl Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            TargetKind::Type(name) => out.write_str(name)?,
            TargetKind::Template(template) => write!(out, "\"{template}\"")?,
        }
        if self.optional {
            out.write_str("?")?;
        }
        if !self.bindings.is_empty() {
            out.write_str("(")?;
            join(out, &self.bindings, ", ")?;
            out.write_str(")")?;
        }
        Ok(())
    }
}

impl Display for Binding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = matches!(self.sources.as_slice(), [Source::Path(path)] if *path == self.variable);
        out.write_str(&self.variable)?;
        if plain && self.mode == BindingMode::Auto {
            return Ok(());
        }
        out.write_str("=")?;
        if self.mode != BindingMode::Auto {
            write!(out, "{}:", self.mode.word())?;
        }
        join(out, &self.sources, "|")
    }
}

impl Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Path(path) => out.write_str(path),
            Source::Literal(text) => write!(out, "'{text}'"),
        }
    }
}

impl Display for With {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.operator != "StringEquals" {
            write!(out, "{}::", self.operator)?;
        }
        write!(out, "{}=", self.key)?;
        join(out, &self.values, "|")
    }
}

impl Display for WithValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WithValue::Literal(text) => out.write_str(text),
            WithValue::Path(path) => write!(out, "@{path}"),
        }
    }
}
