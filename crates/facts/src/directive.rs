//! Comments that speak to the tool itself. What they say is not looked at here.

use perm_infer_diagnostics::Span;

/// How such a comment starts.
pub const DIRECTIVE_MARK: &str = "perm-infer:";

/// What opens, continues and closes comments in the languages there are.
const COMMENT_SIGNS: [char; 4] = ['#', '/', '*', '!'];

/// One line of a comment that speaks to the tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The bytes from the mark to the end of the line or comment.
    pub span: Span,
    /// What follows the mark, trimmed.
    pub text: String,
}

/// The directives of a file; `comments` is asked for the bytes of all its comments only if the mark
/// stands somewhere. The mark has to open its line of the comment: prose about it says nothing.
pub fn directives(source: &str, comments: impl FnOnce() -> Vec<Span>) -> Vec<Directive> {
    if !source.contains(DIRECTIVE_MARK) {
        return Vec::new();
    }
    comments().into_iter().flat_map(|comment| in_comment(source, comment)).collect()
}

fn in_comment(source: &str, comment: Span) -> Vec<Directive> {
    let start = comment.start as usize;
    let text = source.get(start..comment.end as usize).unwrap_or_default();
    let mut found = Vec::new();
    let mut line_start = start;
    for line in text.split_inclusive('\n') {
        let opened = line.trim_start_matches(|character: char| {
            character.is_whitespace() || COMMENT_SIGNS.contains(&character)
        });
        if let Some(rest) = opened.strip_prefix(DIRECTIVE_MARK) {
            let at = line_start + line.len() - opened.len();
            let said = rest.trim_end().trim_end_matches("*/").trim();
            let end = at + opened.trim_end().len();
            found.push(Directive { span: Span::new(at, end), text: said.to_owned() });
        }
        line_start += line.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(source: &str) -> Vec<String> {
        let whole = Span::new(0, source.len());
        directives(source, || vec![whole]).into_iter().map(|directive| directive.text).collect()
    }

    #[test]
    fn the_mark_opens_a_line_of_a_comment() {
        assert_eq!(said("# perm-infer: ignore"), ["ignore"]);
        assert_eq!(said("//perm-infer:ignore  "), ["ignore"]);
        assert_eq!(said("/* perm-infer: resource arn:aws:s3:::b/* */"), ["resource arn:aws:s3:::b/*"]);
        assert_eq!(said("/**\n * perm-infer: ignore\n * perm-infer: x\n */"), ["ignore", "x"]);
    }

    #[test]
    fn prose_about_the_mark_says_nothing() {
        assert!(said("# see perm-infer: ignore").is_empty());
        assert!(said("# permissions are inferred").is_empty());
    }

    #[test]
    fn the_span_starts_at_the_mark() {
        let found = directives("x = 1  # perm-infer: ignore\n", || vec![Span::new(7, 27)]);
        assert_eq!(found[0].span, Span::new(9, 27));
    }
}
