//! What the AWS SAM CLI is told in `samconfig.toml` beside a template: the name of the stack and values of
//! parameters, of its default environment. What the user says comes first.
//!
//! Source: "AWS SAM CLI configuration file" in the AWS SAM Developer Guide.

use std::collections::BTreeMap;
use std::path::Path;

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use toml::{Table, Value};

use crate::code::{is_inside, shown};
use crate::model::Settings;

/// The name of the file.
const NAME: &str = "samconfig.toml";

/// Largest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// The environment that counts without `--config-env`.
const ENVIRONMENT: &str = "default";

/// Commands whose parameters hold for a deployment, the one that counts first.
const COMMANDS: [&str; 2] = ["deploy", "global"];

/// The settings with what the configuration beside a template adds, if there is one, and what to say of it.
pub(super) fn add_to(settings: &Settings, template: &Path) -> (Settings, Option<Diagnostic>) {
    let path = template.with_file_name(NAME);
    let may_read = settings.allow_outside || is_inside(&path, &settings.roots);
    let is_small = std::fs::metadata(&path).is_ok_and(|file| file.is_file() && file.len() <= MAX_BYTES);
    if !may_read || !is_small {
        return (settings.clone(), None);
    }
    let place = shown(&path);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("cannot read it: {error}");
            return (settings.clone(), Some(problem(&message, Location::file(&place))));
        }
    };
    match text.parse::<Table>() {
        Ok(table) => with(settings, &table, template, &place),
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
            let location = Location { path: place, line, column: 1 };
            (settings.clone(), Some(problem(error.message(), location)))
        }
    }
}

fn problem(message: &str, location: Location) -> Diagnostic {
    Diagnostic::new(Severity::Warning, "template-syntax", format!("the file cannot be read: {message}"))
        .at(location)
        .remedy("correct the file, or pass --stack-name and --parameter; what it says is not used")
        .unresolved()
}

fn with(settings: &Settings, table: &Table, template: &Path, place: &str) -> (Settings, Option<Diagnostic>) {
    let parameters: Vec<&Table> = COMMANDS
        .iter()
        .filter_map(|command| table.get(ENVIRONMENT)?.get(command)?.get("parameters")?.as_table())
        .collect();
    let get = |name: &str| parameters.iter().find_map(|table| table.get(name));
    let of_other_template = ["template_file", "template"].iter().any(|name| {
        let file = get(name).and_then(Value::as_str).map(Path::new).and_then(Path::file_name);
        file.is_some_and(|file| Some(file) != template.file_name())
    });
    if of_other_template {
        return (settings.clone(), None);
    }
    let stack_name = get("stack_name").and_then(Value::as_str).filter(|name| is_stack_name(name));
    let overrides = get("parameter_overrides").map(overrides).unwrap_or_default();
    if stack_name.is_none() && overrides.is_empty() {
        return (settings.clone(), None);
    }
    let mut settings = settings.clone();
    for (name, value) in overrides {
        settings.parameters.entry(name).or_insert(value);
    }
    if settings.stack_name.is_none() {
        settings.stack_name = stack_name.map(str::to_owned);
    }
    let message = format!("the stack name and the parameters of environment `{ENVIRONMENT}` are used");
    let note = Diagnostic::new(Severity::Note, "sam-configuration", message)
        .at(Location::file(place))
        .remedy("--stack-name and --parameter say otherwise");
    (settings, Some(note))
}

fn is_stack_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !name.is_empty() && name.len() <= 128 && name.bytes().all(is_letter)
}

/// Values of parameters in any of the forms: one text, a list of texts, a table.
fn overrides(value: &Value) -> BTreeMap<String, String> {
    match value {
        Value::String(text) => pairs(text),
        Value::Array(items) => items.iter().filter_map(Value::as_str).flat_map(pairs).collect(),
        Value::Table(table) => {
            let text = |value: &Value| match value {
                Value::String(text) => Some(text.clone()),
                Value::Integer(number) => Some(number.to_string()),
                Value::Boolean(flag) => Some(flag.to_string()),
                _ => None,
            };
            table.iter().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect()
        }
        _ => BTreeMap::new(),
    }
}

/// `Name=value Other="a b"`, or `ParameterKey=Name,ParameterValue=value`.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    for word in words(text) {
        let long = word
            .strip_prefix("ParameterKey=")
            .and_then(|rest| rest.split_once(",ParameterValue="))
            .or_else(|| word.split_once('='));
        if let Some((name, value)) = long.filter(|(name, _)| !name.is_empty()) {
            pairs.insert(name.to_owned(), value.to_owned());
        }
    }
    pairs
}

/// Words of a command line; quotes hold spaces together and a backslash the character behind it.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('\\', _) => word.get_or_insert_default().extend(characters.next()),
            (character, Some(open)) if character == open => quote = None,
            (character, Some(_)) => word.get_or_insert_default().push(character),
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (character, None) if character.is_whitespace() => words.extend(word.take()),
            (character, None) => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_have_three_forms() {
        let of = |text: &str| {
            let table: Table = text.parse().expect("TOML");
            overrides(&table["p"])
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(of(r#"p = "Stage=\"prod\" Name='a b' Empty=""#), ["Empty=", "Name=a b", "Stage=prod"]);
        assert_eq!(of(r#"p = ["A=1", "B=x=y"]"#), ["A=1", "B=x=y"]);
        assert_eq!(of(r#"p = "ParameterKey=A,ParameterValue=1""#), ["A=1"]);
        assert_eq!(of("p = {A = 1, B = true}"), ["A=1", "B=true"]);
        assert_eq!(of("p = 3"), Vec::<String>::new());
    }
}
