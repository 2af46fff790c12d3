//! Text for people, line by line: indented, wrapped at the edge, with styles.

use crate::style::{HEADING, PLACE, paint};
use perm_infer_diagnostics::Location;
use perm_infer_policy::inert::inert;

/// Columns of a line.
pub(crate) const WIDTH: usize = 80;

/// Columns of a text that may have styles in it.
fn shown_width(text: &str) -> usize {
    let mut pieces = text.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().chars().count();
    let rest = pieces.map(|piece| piece.split_once('m').map_or(piece, |(_, after)| after).chars().count());
    first + rest.sum::<usize>()
}

/// Text that grows line by line.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn line(&mut self, indent: usize, text: &str) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn heading(&mut self, text: &str) {
        self.line(0, &paint(HEADING, &inert(text)));
    }

    /// A place and what is there; below each other where both do not fit on a line.
    pub(crate) fn placed(&mut self, indent: usize, place: &Location, text: &str) {
        let place = inert(&place.to_string()).into_owned();
        let styled = paint(PLACE, &place);
        if indent + place.chars().count() + 1 + shown_width(text) <= WIDTH {
            self.line(indent, &format!("{styled} {text}"));
        } else {
            self.line(indent, &styled);
            self.words(indent + 2, text);
        }
    }

    /// A label and values below each other.
    pub(crate) fn labelled(&mut self, label: &str, values: &[String]) {
        for (position, value) in values.iter().enumerate() {
            let label = if position == 0 { label } else { "" };
            self.line(2, &format!("{label:<7} {value}"));
        }
    }

    /// One line that is cut at the edge.
    pub(crate) fn cut(&mut self, indent: usize, text: &str) {
        let room = WIDTH - indent;
        if text.chars().count() <= room {
            return self.line(indent, text);
        }
        let shown: String = text.chars().take(room.saturating_sub(3)).collect();
        self.line(indent, &format!("{shown}..."));
    }

    /// A label and pieces with separators between them, as many on a line as fit; further lines are
    /// indented by two more.
    pub(crate) fn wrapped<T: AsRef<str>>(
        &mut self,
        indent: usize,
        label: &str,
        pieces: &[T],
        separator: &str,
    ) {
        let mut line = format!("{:indent$}{label}", "");
        for (position, piece) in pieces.iter().map(AsRef::as_ref).enumerate() {
            let separator = if position + 1 == pieces.len() { "" } else { separator };
            let needed = piece.chars().count() + separator.trim_end().chars().count();
            if position > 0 && line.chars().count() + needed > WIDTH {
                self.line(0, line.trim_end());
                line = " ".repeat(indent + 2);
            }
            line.push_str(piece);
            line.push_str(separator);
        }
        self.line(0, line.trim_end());
    }

    pub(crate) fn words(&mut self, indent: usize, text: &str) {
        self.labelled_words(indent, "", text);
    }

    /// A label and text that is wrapped between words; further lines are indented by two more.
    pub(crate) fn labelled_words(&mut self, indent: usize, label: &str, text: &str) {
        self.wrapped(indent, label, &text.split(' ').collect::<Vec<_>>(), " ");
    }
}
