//! Standard error: diagnostics and the summary line. Nobody may be listening there, so failures to
//! write are of no interest.

use std::io::Write;
use std::time::Duration;

use anstream::adapter::strip_str;
use perm_infer_infer::{Diagnostic, Severity};
use perm_infer_report::{Summary, message};

use crate::args::When;
use crate::config::Talk;

/// Decides once for both streams whether styles are written or stripped.
pub(crate) fn set_color(when: When) {
    let choice = match when {
        When::Auto => anstream::ColorChoice::Auto,
        When::Always => anstream::ColorChoice::Always,
        When::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// What the user wants to read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Terminal {
    quiet: bool,
    verbose: bool,
}

impl Terminal {
    pub(crate) fn new(talk: &Talk) -> Self {
        Terminal { quiet: talk.quiet, verbose: talk.verbose }
    }

    /// Prints the diagnostics that are wanted: all with `-v`, errors with `-q`, else errors and
    /// warnings.
    pub(crate) fn diagnostics(self, diagnostics: &[Diagnostic]) {
        let wanted = diagnostics.iter().filter(|diagnostic| self.wants(diagnostic.severity));
        print(&wanted.map(|diagnostic| message(diagnostic) + "\n").collect::<String>());
    }

    fn wants(self, severity: Severity) -> bool {
        match severity {
            Severity::Error => true,
            Severity::Warning => !self.quiet,
            Severity::Note => self.verbose,
        }
    }

    /// Prints one line about what was done.
    pub(crate) fn say(self, text: &str) {
        if !self.quiet {
            print(&format!("perm-infer: {text}\n"));
        }
    }

    /// Prints the one line at the end.
    pub(crate) fn summary(self, summary: &Summary, elapsed: Duration) {
        if self.quiet {
            return;
        }
        let notes = match summary.notes {
            _ if self.verbose => String::new(),
            0 => String::new(),
            1 => "; 1 note, -v shows it".to_owned(),
            notes => format!("; {notes} notes, -v shows them"),
        };
        let time = if self.verbose { format!("; {:.2} s", elapsed.as_secs_f64()) } else { String::new() };
        print(&format!("perm-infer: {summary}{notes}{time}\n"));
    }
}

/// Prints in one piece, so that lines of other programs do not get in between.
pub(crate) fn print(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = match anstream::AutoStream::choice(&stderr) {
        anstream::ColorChoice::Never => stderr.write_all(strip_str(text).to_string().as_bytes()),
        _ => anstream::stderr().write_all(text.as_bytes()),
    };
}
