//! The configuration file `perm-infer.toml`. Its keys are the long options of the command line, so
//! what it says becomes arguments that stand before those of the user, who therefore has the last word.
//! A table named after a command holds for that command only; what means something else in each command can be said in
//! such tables only.
//!
//! The file belongs to the scanned project, which may be hostile: it can set how the project is read,
//! not where results are written.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, Command};
use perm_infer_infer::{Diagnostic, Location, Severity};
use serde_json::{Map, Value, json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Name of the file.
pub(crate) const FILE_NAME: &str = "perm-infer.toml";

/// The command without a name.
pub(crate) const DEFAULT_COMMAND: &str = "infer";

/// Options that only the user can set: where things are written and what lies outside of the project.
const USER_ONLY: [&str; 7] =
    ["allow-outside", "config", "help", "output", "version", "write-baseline", "yes"];

/// Options with which findings are left out. A project cannot say that of itself: they count on the command line and
/// in a file that the user names.
const SILENCING: [&str; 3] = ["baseline", "keep", "quiet"];

/// The file that governs a path: in its directory, or in the nearest one above.
pub(crate) fn find(path: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(path).ok()?;
    start.ancestors().map(|directory| directory.join(FILE_NAME)).find(|file| file.is_file())
}

/// The arguments that a file stands for, for one command of `cli`.
///
/// # Errors
/// When the file cannot be read, is no TOML, or sets what no command has; with file and line.
pub(crate) fn arguments(
    path: &Path,
    is_named: bool,
    cli: &Command,
    command: &str,
) -> Result<Vec<OsString>, Diagnostic> {
    let shown = shown(path);
    let text = fs::read_to_string(path).map_err(|error| {
        problem(Location::file(&shown), format!("cannot read the configuration: {error}"), "check the path")
    })?;
    let file = File { path, is_named, shown, text: &text, cli, command };
    let table = DeTable::parse(&text)
        .map_err(|error| file.error(error.span().map_or(0, |span| span.start), error.message()))?;
    // So that the run can say which file it follows.
    let mut own_name = OsString::from("--config=");
    own_name.push(path);
    let mut arguments = vec![own_name];
    file.table(table.get_ref(), false, &mut arguments)?;
    Ok(arguments)
}

/// Says which file a run follows.
pub(crate) fn note(path: &Path) -> Diagnostic {
    Diagnostic::new(Severity::Note, "configuration", "options are taken from this file")
        .at(Location::file(shown(path)))
        .remedy("options on the command line win; --config names another file")
}

/// The path as users write it: relative where it lies below the present directory.
fn shown(path: &Path) -> String {
    let present = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&present).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn problem(location: Location, message: String, remedy: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, "configuration", message).at(location).remedy(remedy)
}

struct File<'a> {
    path: &'a Path,
    /// Whether the user named it; otherwise it was found.
    is_named: bool,
    shown: String,
    text: &'a str,
    cli: &'a Command,
    command: &'a str,
}

impl File<'_> {
    /// The options of the whole file, or of the table of one command in it.
    fn table(
        &self,
        table: &DeTable<'_>,
        in_section: bool,
        arguments: &mut Vec<OsString>,
    ) -> Result<(), Diagnostic> {
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            if let (DeValue::Table(section), true) = (value.get_ref(), is_command(self.cli, name)) {
                if name == self.command {
                    self.table(section, true, arguments)?;
                }
                continue;
            }
            if USER_ONLY.contains(&name) {
                return Err(
                    self.error(key.span().start, &format!("`{name}` can be set on the command line only"))
                );
            }
            if SILENCING.contains(&name) && !self.is_named {
                let message = format!(
                    "`{name}` leaves findings out, which a file that was only found cannot say; set it on the command \
line, or name this file with --config"
                );
                return Err(self.error(key.span().start, &message));
            }
            let having: Vec<&Command> =
                commands(self.cli).filter(|command| option(command, name).is_some()).collect();
            if having.is_empty() {
                return Err(self.error(key.span().start, &format!("no option is called `{name}`")));
            }
            if !in_section && has_several_meanings(&having, name) {
                let tables: Vec<String> =
                    having.iter().map(|command| format!("[{}]", command.get_name())).collect();
                let message = format!(
                    "`{name}` is something else in each command; set it in a table of {}",
                    tables.join(", ")
                );
                return Err(self.error(key.span().start, &message));
            }
            let own = self.own_command().and_then(|command| option(command, name));
            // What only other commands can do is said to them.
            let is_for_others = |own: &Arg| {
                let options = having.iter().filter_map(|command| option(command, name));
                !in_section && !knows(own, value) && options.into_iter().any(|other| knows(other, value))
            };
            if let Some(option) = own.filter(|own| !is_for_others(own)) {
                self.values(option, value, arguments)?;
            }
        }
        Ok(())
    }

    fn own_command(&self) -> Option<&Command> {
        commands(self.cli).find(|command| command.get_name() == self.command)
    }

    /// The arguments for one option.
    fn values(
        &self,
        option: &Arg,
        value: &Spanned<DeValue<'_>>,
        arguments: &mut Vec<OsString>,
    ) -> Result<(), Diagnostic> {
        let name = option.get_long().unwrap_or_default();
        let wrong = |expected: &str| self.error(value.span().start, &format!("`{name}` takes {expected}"));
        match (value.get_ref(), option.get_action()) {
            (DeValue::Boolean(wanted), ArgAction::SetTrue) => {
                arguments.extend(wanted.then(|| OsString::from(format!("--{name}"))));
            }
            (_, ArgAction::SetTrue) => return Err(wrong("true or false")),
            (DeValue::Array(items), ArgAction::Append) => {
                for item in items {
                    arguments.push(self.argument(option, item).ok_or_else(|| wrong("a list of texts"))?);
                }
            }
            (DeValue::Table(pairs), ArgAction::Append) if takes_pairs(option) => {
                for (key, value) in pairs {
                    let text = scalar(value.get_ref()).ok_or_else(|| wrong("a table of texts"))?;
                    arguments.push(format!("--{name}={}={text}", key.get_ref()).into());
                }
            }
            _ => arguments.push(self.argument(option, value).ok_or_else(|| wrong("a text or a number"))?),
        }
        Ok(())
    }

    fn argument(&self, option: &Arg, value: &Spanned<DeValue<'_>>) -> Option<OsString> {
        let text = scalar(value.get_ref())?;
        let mut argument = OsString::from(format!("--{}=", option.get_long()?));
        match takes_path(option).then(|| self.path.parent()).flatten() {
            // Paths in the file are meant from where the file is.
            Some(directory) => argument.push(directory.join(text)),
            None => argument.push(text),
        }
        Some(argument)
    }

    fn error(&self, offset: usize, message: &str) -> Diagnostic {
        let before = self.text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let location =
            Location { path: self.shown.clone(), line: u32::try_from(line).unwrap_or(u32::MAX), column: 0 };
        problem(location, message.to_owned(), "use the names of the long options, see perm-infer --help")
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

fn commands(cli: &Command) -> impl Iterator<Item = &Command> {
    cli.get_subcommands()
}

fn is_command(cli: &Command, name: &str) -> bool {
    commands(cli).any(|command| command.get_name() == name)
}

fn option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|argument| argument.get_long() == Some(name))
}

/// Whether the option takes another kind of value in some commands than in others.
fn has_several_meanings(commands: &[&Command], name: &str) -> bool {
    let kinds: BTreeSet<&str> =
        commands.iter().filter_map(|command| option(command, name)).map(value_name).collect();
    kinds.len() > 1
}

/// Whether the value is one of those that an option lists.
fn knows(option: &Arg, value: &Spanned<DeValue<'_>>) -> bool {
    let listed = option.get_possible_values();
    let Some(text) = scalar(value.get_ref()) else { return true };
    listed.is_empty() || listed.iter().any(|known| known.matches(&text, false))
}

fn value_name(option: &Arg) -> &str {
    option.get_value_names().and_then(|names| names.first()).map_or("", |name| name.as_str())
}

fn takes_path(option: &Arg) -> bool {
    ["FILE", "DIR", "PATH"].contains(&value_name(option))
}

fn takes_pairs(option: &Arg) -> bool {
    value_name(option).contains("=VALUE")
}

/// The JSON schema of the file, for editors.
pub(crate) fn schema(cli: &Command) -> String {
    let mut properties: Map<String, Value> = Map::new();
    for command in commands(cli).filter(|command| !command.is_hide_set()) {
        let own: Map<String, Value> = command
            .get_arguments()
            .filter_map(|option| Some((option.get_long()?.to_owned(), describe(option)?)))
            .collect();
        if own.is_empty() {
            continue;
        }
        for (name, description) in &own {
            let having: Vec<&Command> =
                commands(cli).filter(|command| option(command, name).is_some()).collect();
            if has_several_meanings(&having, name) {
                continue;
            }
            let known = properties.entry(name.clone()).or_insert_with(|| description.clone());
            add_values(known, description);
        }
        let section = json!({ "type": "object", "additionalProperties": false, "properties": own });
        properties.insert(command.get_name().to_owned(), section);
    }
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "perm-infer.toml",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    });
    format!("{schema:#}\n")
}

/// Adds the values that another command lists for the same option.
fn add_values(known: &mut Value, other: &Value) {
    let Some(more) = other["enum"].as_array() else { return };
    if let Some(values) = known["enum"].as_array_mut() {
        values.extend(more.iter().filter(|value| !values.contains(value)).cloned().collect::<Vec<_>>());
    }
}

/// The form of one option's value; `None` for options that a file cannot set.
fn describe(option: &Arg) -> Option<Value> {
    let name = option.get_long()?;
    if USER_ONLY.contains(&name) || option.is_hide_set() {
        return None;
    }
    let values: Vec<String> =
        option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let one = match option.get_action() {
        ArgAction::SetTrue => json!({ "type": "boolean" }),
        _ if !values.is_empty() => json!({ "type": "string", "enum": values }),
        _ => json!({ "type": ["string", "integer"] }),
    };
    let mut described = match option.get_action() {
        ArgAction::Append if takes_pairs(option) => {
            json!({ "type": "object", "additionalProperties": { "type": ["string", "integer"] } })
        }
        ArgAction::Append => json!({ "anyOf": [one, { "type": "array", "items": one }] }),
        _ => one,
    };
    described["description"] = option.get_help().map(ToString::to_string).unwrap_or_default().into();
    Some(described)
}
