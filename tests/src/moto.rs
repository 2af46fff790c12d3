//! moto's server on loopback, started by `tests/support/serve.py` and driven over its stdin.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::case::Setup;
use crate::tools::{Python, support};

/// A running server; it ends with this value.
#[derive(Debug)]
pub struct Moto {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Its address, `http://127.0.0.1:PORT`.
    pub endpoint: String,
}

impl Moto {
    /// Starts a server on a free port.
    ///
    /// # Errors
    /// When the script does not start, or does not say its address.
    pub fn start(python: &Python) -> Result<Self, String> {
        let mut command = Command::new(&python.interpreter);
        command.arg(support().join("serve.py")).envs(credentials());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("moto does not start: {error}"))?;
        let requests = child.stdin.take();
        let stdout = child.stdout.take().ok_or("moto has no stdout")?;
        let mut moto = Moto { child, requests, answers: BufReader::new(stdout), endpoint: String::new() };
        moto.endpoint = moto.line()?;
        if !moto.endpoint.starts_with("http://127.0.0.1:") {
            return Err(format!("moto gives no address but {:?}", moto.endpoint));
        }
        Ok(moto)
    }

    /// Empties the account and performs the operations of a set-up. Gives the saved values, with
    /// `endpoint` among them.
    ///
    /// # Errors
    /// When an operation fails or a value to save is not there.
    pub fn prepare(&mut self, setup: &[Setup]) -> Result<BTreeMap<String, String>, String> {
        self.ask(&json!({"reset": true}))?;
        let mut saved = BTreeMap::from([("endpoint".to_owned(), self.endpoint.clone())]);
        for step in setup {
            let context = |error: String| format!("set-up {}: {error}", step.operation);
            let params: Value = serde_json::from_str(&fill(&step.params, &saved))
                .map_err(|error| context(error.to_string()))?;
            let answer =
                self.ask(&json!({"operation": step.operation, "params": params})).map_err(context)?;
            for (name, path) in &step.save {
                let value = at(&answer, path).ok_or_else(|| context(format!("no {path} in {answer}")))?;
                saved.insert(name.clone(), value);
            }
        }
        Ok(saved)
    }

    fn ask(&mut self, request: &Value) -> Result<Value, String> {
        let requests = self.requests.as_mut().ok_or("moto has no stdin")?;
        writeln!(requests, "{request}").map_err(|error| format!("moto: {error}"))?;
        let line = self.line()?;
        let mut answer: Value =
            serde_json::from_str(&line).map_err(|error| format!("moto said {line:?}: {error}"))?;
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.answers.read_line(&mut line).map_err(|error| format!("moto: {error}"))?;
        Ok(line.trim_end().to_owned())
    }
}

impl Drop for Moto {
    /// The end of its stdin ends the server; it is then waited for.
    fn drop(&mut self) {
        drop(self.requests.take());
        if self.child.wait().is_err() {
            let _ = self.child.kill();
        }
    }
}

/// What the SDKs want to have in the environment; nothing of it is real.
#[must_use]
pub fn credentials() -> [(&'static str, &'static str); 6] {
    [
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_SESSION_TOKEN", "test"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
}

/// Replaces `{name}` by saved values; other braces stay.
#[must_use]
pub fn fill(text: &str, saved: &BTreeMap<String, String>) -> String {
    saved.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The value at a dotted path, as text.
fn at(answer: &Value, path: &str) -> Option<String> {
    let value = path.split('.').try_fold(answer, |value, key| match key.parse::<usize>() {
        Ok(position) if value.is_array() => value.get(position),
        _ => value.get(key),
    })?;
    Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_values_are_found_by_path_and_filled_in() {
        let answer = json!({"Items": [{"Id": "i-1"}], "Count": 2});
        assert_eq!(at(&answer, "Items.0.Id").as_deref(), Some("i-1"));
        assert_eq!(at(&answer, "Count").as_deref(), Some("2"));
        assert_eq!(at(&answer, "Items.1"), None);
        let saved = BTreeMap::from([("id".to_owned(), "i-1".to_owned())]);
        assert_eq!(fill(r#"{"Ids": ["{id}"]}"#, &saved), r#"{"Ids": ["i-1"]}"#);
    }
}
