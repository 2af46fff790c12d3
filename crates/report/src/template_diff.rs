//! How a file changes, as a unified diff that `git apply` takes.

use anstyle::{AnsiColor, Style};
use perm_infer_policy::inert::inert;
use similar::{Algorithm, TextDiff};

use crate::style::{HEADING, paint};

const ADDED: Style = AnsiColor::Green.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const PLACE: Style = AnsiColor::Cyan.on_default();

/// The diff of a file; nothing where nothing changes. For a terminal it has colours, and characters that
/// would do something there are made inert.
#[must_use]
pub fn template_diff(path: &str, old: &str, new: &str, for_terminal: bool) -> String {
    let path = path.trim_start_matches("./");
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_lines(old, new);
    let text = diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string();
    if !for_terminal {
        return text;
    }
    let painted = |line: &str| {
        let shown = inert(line.trim_end_matches('\r'));
        let style = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => HEADING,
            [b'+', ..] => ADDED,
            [b'-', ..] => REMOVED,
            [b'@', ..] => PLACE,
            _ => return format!("{shown}\n"),
        };
        paint(style, &shown) + "\n"
    };
    text.lines().map(painted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_a_patch_and_no_change_is_nothing() {
        let diff = template_diff("./t.yaml", "a\nb\n", "a\nc\n", false);
        assert_eq!(diff, "--- a/t.yaml\n+++ b/t.yaml\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n");
        assert_eq!(template_diff("t.yaml", "a\n", "a\n", false), "");
    }

    #[test]
    fn a_terminal_gets_nothing_that_does_something_to_it() {
        let diff = template_diff("t.yaml", "a\r\n", "a\u{1b}[2J\r\n", true);
        assert!(diff.contains("+a\\u{1b}[2J"), "{diff:?}");
    }
}
