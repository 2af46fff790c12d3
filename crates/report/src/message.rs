//! One diagnostic as a line for people: the form that [`Diagnostic`] itself has, with colours and
//! with everything from the scanned code made inert.

use perm_infer_diagnostics::{Diagnostic, Location, Severity};

use crate::style::{ERROR, FAINT, NOTE, PLACE, WARNING, paint};
use perm_infer_policy::inert::inert;

/// The line, without a line feed at its end.
#[must_use]
pub fn message(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.location.as_ref().map_or_else(String::new, |location| place(location) + " ");
    let style = match diagnostic.severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    };
    let severity = paint(style, &format!("{}:", diagnostic.severity));
    let code = paint(FAINT, &format!("[{}]", diagnostic.code));
    let remedy = match inert(&diagnostic.remedy) {
        remedy if remedy.is_empty() => remedy.into_owned(),
        remedy => format!("; {remedy}"),
    };
    format!("{place}{severity} {} {code}{remedy}", inert(&diagnostic.message))
}

fn place(location: &Location) -> String {
    paint(PLACE, &format!("{}:", inert(&location.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::without_style;

    #[test]
    fn without_colours_it_is_the_form_of_the_diagnostic() {
        let diagnostic = Diagnostic::new(Severity::Warning, "some-code", "what")
            .at(Location { path: "a.py".into(), line: 3, column: 7 })
            .remedy("do this");
        assert_eq!(without_style(&message(&diagnostic)), diagnostic.to_string());
        let bare = Diagnostic::new(Severity::Error, "other", "what");
        assert_eq!(without_style(&message(&bare)), bare.to_string());
    }

    #[test]
    fn a_file_name_cannot_forge_a_line() {
        let diagnostic =
            Diagnostic::new(Severity::Note, "x", "m").at(Location::file("a\nerror: \u{1b}[0m.py"));
        let line = without_style(&message(&diagnostic));
        assert_eq!(line, "a\\nerror: \\u{1b}[0m.py: note: m [x]");
    }
}
