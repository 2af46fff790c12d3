//! The environment variables that the scanned code will find, and where each value comes from. The
//! environment of the running process is never looked at: it says nothing about the deployed code.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use perm_infer_diagnostics::Location;
use perm_infer_policy::Pattern;

use crate::dotenv;
use crate::error::InfraError;

/// Variables by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, Variable>,
}

/// One variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// What it may be: several values where a condition of a template is not decided. A part that
    /// depends on an unknown variable is an unknown part.
    pub values: Vec<Pattern>,
    /// Where the value comes from.
    pub source: Source,
    /// The value as it is written there, for people: `"orders"`, `Ref Orders`.
    pub written: String,
}

/// Where a value comes from; shown as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// `--var NAME=VALUE`.
    Option,
    /// A line of an environment file or of a template.
    File(Location),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Option => f.write_str("--var"),
            Source::File(location) => location.fmt(f),
        }
    }
}

impl Environment {
    /// Adds a variable in the form `NAME=VALUE`. It wins over files, whichever is added first.
    ///
    /// # Errors
    /// When there is no `=` or no valid name before it.
    pub fn add_option(&mut self, option: &str) -> Result<(), InfraError> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        if !option.contains('=') || !dotenv::is_name(name) {
            return Err(InfraError {
                location: None,
                message: "--var takes the name of a variable, `=` and its value".to_owned(),
                remedy: "write it as in --var TABLE_NAME=orders",
            });
        }
        let variable = Variable {
            values: vec![Pattern::literal(value)],
            source: Source::Option,
            written: quoted(value),
        };
        self.variables.insert(name.to_owned(), variable);
        Ok(())
    }

    /// Adds the variables of a `.env` file. Later files win over earlier ones.
    ///
    /// # Errors
    /// When the file cannot be read, is no UTF-8, or has a line that makes no sense. Nothing is added
    /// then.
    pub fn add_file(&mut self, path: &Path) -> Result<(), InfraError> {
        let shown = path.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(path).map_err(|error| InfraError {
            location: Some(Location::file(&shown)),
            message: format!("cannot read the environment file: {error}"),
            remedy: "check the path given with --env-file and that the file is UTF-8 text",
        })?;
        self.add_text(&shown, &text)
    }

    /// Adds the variables of a text in the form of a `.env` file; `path` is shown as its place.
    ///
    /// # Errors
    /// When a line makes no sense. Nothing is added then.
    pub fn add_text(&mut self, path: &str, text: &str) -> Result<(), InfraError> {
        let place = |line| Location { path: path.to_owned(), line, column: 0 };
        let entries = dotenv::parse(text).map_err(|error| InfraError {
            location: Some(place(error.line)),
            message: error.message.to_owned(),
            remedy: error.remedy,
        })?;
        for entry in entries {
            let is_option = |variable: &Variable| variable.source == Source::Option;
            if !self.variables.get(&entry.name).is_some_and(is_option) {
                let source = Source::File(place(entry.line));
                let written = quoted(&entry.value.to_policy_string());
                self.variables.insert(entry.name, Variable { values: vec![entry.value], source, written });
            }
        }
        Ok(())
    }

    /// Adds a variable that a template sets, in the words of the template. Whatever is set already stays: what the user says on the
    /// command line wins over the template.
    pub fn add_default(&mut self, name: &str, values: Vec<Pattern>, place: Location, written: String) {
        let variable = Variable { values, source: Source::File(place), written };
        self.variables.entry(name.to_owned()).or_insert(variable);
    }

    /// Adds the variables of another one that are not set here.
    pub fn add_defaults(&mut self, other: &Environment) {
        for (name, variable) in &other.variables {
            self.variables.entry(name.clone()).or_insert_with(|| variable.clone());
        }
    }

    /// The variable of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// All variables, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.variables.is_empty()
    }
}

/// A text between quotation marks.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use perm_infer_diagnostics::Diagnostic;

    fn value(environment: &Environment, name: &str) -> (String, String) {
        let variable = environment.get(name).expect(name);
        (variable.values[0].to_policy_string(), variable.source.to_string())
    }

    #[test]
    fn options_win_over_files_and_later_files_over_earlier_ones() {
        let mut environment = Environment::default();
        environment.add_option("A=option").expect("valid");
        environment.add_text("x.env", "A=x\nB=x\nC=x").expect("valid");
        environment.add_text("y.env", "\nB=y").expect("valid");
        assert_eq!(value(&environment, "A"), ("option".into(), "--var".into()));
        assert_eq!(value(&environment, "B"), ("y".into(), "y.env:2".into()));
        assert_eq!(value(&environment, "C"), ("x".into(), "x.env:3".into()));
        assert_eq!(environment.get("PATH"), None);
    }

    #[test]
    fn the_value_of_an_option_is_taken_as_it_is() {
        let mut environment = Environment::default();
        environment.add_option("A= b=${C} ").expect("valid");
        assert_eq!(
            environment.get("A").and_then(|variable| variable.values[0].as_literal()),
            Some(" b=${C} ")
        );
        for bad in ["A", "=x", "", "A B=x"] {
            assert!(environment.add_option(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn errors_name_the_place_and_no_value() {
        let mut environment = Environment::default();
        let error = environment.add_text("a/.env", "OK=1\n\nsecret value").expect_err("no name");
        let diagnostic = Diagnostic::from(error).to_string();
        assert!(diagnostic.starts_with("a/.env:3: error: "), "{diagnostic}");
        assert!(!diagnostic.contains("secret"), "{diagnostic}");
        assert!(environment.is_empty());
    }

    #[test]
    fn files_are_read_and_missing_ones_reported() {
        let directory = tempfile::tempdir().expect("directory");
        let path = directory.path().join(".env");
        let mut environment = Environment::default();
        assert!(environment.add_file(&path).is_err());
        fs::write(&path, "\u{feff}TABLE=orders\r\nNEXT=2\r\n").expect("file");
        environment.add_file(&path).expect("valid");
        assert_eq!(value(&environment, "TABLE").0, "orders");
        assert_eq!(value(&environment, "NEXT").0, "2");
        fs::write(&path, b"A=\xff").expect("file");
        assert!(environment.add_file(&path).is_err());
    }
}
