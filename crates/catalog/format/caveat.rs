//! What no rule can say about an operation: that something else than its parameters decides what it needs.
//!
//! ```text
//! caveat [unless PATH] "text"
//! ```

use super::words::{FormatError, unquote};
use std::fmt::{self, Display};

/// A remark for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caveat {
    /// A member that, when passed, makes the remark pointless.
    pub unless: Option<String>,
    /// One sentence without its full stop.
    pub text: String,
}

impl Caveat {
    /// Reads one remark.
    ///
    /// # Errors
    /// When the text does not have the form of a remark.
    pub fn parse(text: &str) -> Result<Caveat, FormatError> {
        let malformed = || FormatError(format!("`caveat [unless MEMBER] \"text\"` expected, not `{text}`"));
        let rest = text.strip_prefix("caveat ").unwrap_or(text);
        let (unless, quoted) = match rest.strip_prefix("unless ") {
            Some(rest) => rest
                .split_once(' ')
                .map(|(path, quoted)| (Some(path.to_owned()), quoted))
                .ok_or_else(malformed)?,
            None => (None, rest),
        };
        let text = unquote(quoted.trim(), '"').ok_or_else(malformed)?;
        Ok(Caveat { unless, text: text.to_owned() })
    }
}

impl Display for Caveat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unless {
            Some(path) => write!(out, "caveat unless {path} \"{}\"", self.text),
            None => write!(out, "caveat \"{}\"", self.text),
        }
    }
}
