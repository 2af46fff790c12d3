//! Text of the scanned code in Markdown: in code spans, where neither Markdown nor HTML means anything.

use perm_infer_policy::inert::inert;

/// A code span in a table: there a bar ends the cell even inside of code.
pub(crate) fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A code span with more backticks around it than inside.
pub(crate) fn code(text: &str) -> String {
    let text = inert(text);
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
