//! Finding denials in a stream of any length with constant memory: line by line, and a few lines together
//! where a message goes on in the next ones.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, Read};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::window::{Message, Open, message};
use super::{Denial, encoding, is_bare, structured};

/// The distinct denials of an input, each with how often it occurs, in the order in which they come.
#[derive(Clone, Debug, Default)]
pub struct Denials {
    /// Denial, count, and the first line that has it.
    pub found: Vec<(Denial, usize, usize)>,
    /// Whether there were more distinct ones than are kept.
    pub truncated: bool,
    /// Why the rest of the input was not read.
    pub unread: Option<String>,
    /// Where each is, and the last request that it was about.
    positions: BTreeMap<Denial, (usize, Option<String>)>,
}

/// More distinct denials than this are not told apart by anybody.
const MAX_DISTINCT: usize = 10_000;

/// Longer lines are cut; the longest messages have a few kilobytes.
const MAX_LINE: usize = 64 * 1024;

/// A document as a whole is read up to this size, so that events over many lines are found.
const MAX_DOCUMENT: usize = 16 * 1024 * 1024;

/// Lines over which a message may be wrapped.
const WINDOW: usize = 8;

impl Denials {
    /// Counts a denial; what is logged twice of one request counts once.
    fn add(&mut self, denial: Denial, line: usize, request: Option<&str>) {
        if let Some((position, last)) = self.positions.get_mut(&denial) {
            if request.is_none() || last.as_deref() != request {
                self.found[*position].1 += 1;
                *last = request.map(str::to_owned);
            }
        } else if self.found.len() < MAX_DISTINCT {
            self.positions.insert(denial.clone(), (self.found.len(), request.map(str::to_owned)));
            self.found.push((denial, 1, line));
        } else {
            self.truncated = true;
        }
    }
}

/// Reads all denials of an input: UTF-8 or UTF-16, plain or compressed with gzip.
///
/// # Errors
/// When nothing of the input can be read. Where reading stops in the middle, [`Denials::unread`] says why.
pub fn read_denials(input: impl BufRead) -> io::Result<Denials> {
    let mut input = encoding::decoded(input)?;
    let mut denials = Denials::default();
    let mut head = Vec::new();
    let read = input.by_ref().take(MAX_DOCUMENT as u64).read_to_end(&mut head);
    if read.is_ok() && head.len() < MAX_DOCUMENT && of_document(&head, &mut denials) {
        return Ok(denials);
    }
    let failed = read.err();
    let rest: Box<dyn BufRead> = if failed.is_some() { Box::new(io::empty()) } else { input };
    let mut lines = Lines { input: head.as_slice().chain(rest), number: 0, line: Vec::new(), failed };
    of_lines(&mut lines, &mut denials);
    denials.unread = lines.failed.map(|error| error.to_string());
    Ok(denials)
}

/// Reads an input that is one JSON document; false when it is none or has nothing to say as one.
fn of_document(text: &[u8], denials: &mut Denials) -> bool {
    let Ok(document) = serde_json::from_slice::<serde_json::Value>(text) else { return false };
    let found = structured::denials(&document);
    let any = !found.is_empty();
    found.into_iter().for_each(|denial| denials.add(denial, 1, None));
    any
}

fn of_lines(lines: &mut Lines<impl BufRead>, denials: &mut Denials) {
    let mut window: VecDeque<(usize, String)> = VecDeque::new();
    let mut last_line: Option<usize> = None;
    let mut open: Option<(usize, Open)> = None;
    loop {
        while window.front().is_some_and(|(_, line)| !is_of_interest(line.as_bytes())) {
            window.pop_front();
        }
        if window.is_empty() {
            match lines.next_of_interest() {
                Some(line) => window.push_back(line),
                None => return,
            }
        }
        while window.len() < WINDOW
            && let Some(line) = lines.next()
        {
            window.push_back(line);
        }
        let texts: Vec<&str> = window.iter().map(|(_, line)| line.as_str()).collect();
        let first = window.front().map_or(0, |(number, _)| *number);
        let rival = open.as_ref().filter(|(line, _)| first < line + WINDOW).map(|(_, open)| open);
        let Message { found, used, open: opened, request } = message(&texts, rival);
        if let Some(opened) = opened {
            open = Some((first, opened));
        }
        if !found.is_empty() {
            let near = last_line.is_some_and(|last| first <= last + 2);
            let is_rest = near && found.iter().all(is_bare) && goes_on_from_before(texts[0]);
            last_line = Some(first + used - 1);
            if !is_rest {
                let request = request.filter(|_| found.len() == 1);
                found.into_iter().for_each(|denial| denials.add(denial, first, request.as_deref()));
            }
        }
        window.drain(..used);
    }
}

/// Whether a line looks like the rest of a message rather than the start of one: a code, a status, a field of an object,
/// the end of an element or of brackets.
fn goes_on_from_before(line: &str) -> bool {
    let indented = line.starts_with([' ', '\t', '(', '"', '│']) || line.starts_with("</");
    let lower = line.trim_start().to_ascii_lowercase();
    let closes = line.find(['(', ')']).is_some_and(|at| line[at..].starts_with(')'));
    indented || closes || ["code:", "status code", "error code"].iter().any(|words| lower.starts_with(words))
}

/// Words of which every message has one: other lines are not looked at.
const WORDS: [&str; 21] = [
    "uthorized",
    "enied",
    "403",
    "User:",
    "errorCode",
    "execution",
    "assume",
    "Queue",
    "ermission",
    "Cannot access ",
    "role can perform",
    "ciphertext",
    "KMS",
    "CloudTrailEvent",
    "orbidden",
    "output bucket",
    "EFSMountFailure",
    "access to the model",
    "UnauthorizedOperation",
    "CannotPull",
    "Not allowed to invoke",
];

fn is_of_interest(line: &[u8]) -> bool {
    static MATCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(WORDS).ok());
    // Without a matcher every line is looked at.
    MATCHER.as_ref().is_none_or(|matcher| matcher.is_match(line))
}

struct Lines<R> {
    input: R,
    number: usize,
    line: Vec<u8>,
    /// Why nothing more can be read.
    failed: Option<io::Error>,
}

impl<R: BufRead> Lines<R> {
    /// Reads a line, cut to the longest that is looked at; false at the end.
    fn read(&mut self) -> bool {
        self.line.clear();
        let mut read = || -> io::Result<()> {
            let read = self.input.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut self.line)?;
            if self.line.last() != Some(&b'\n') && read == MAX_LINE {
                self.input.skip_until(b'\n')?;
            }
            Ok(())
        };
        if let Err(error) = read() {
            self.failed = Some(error);
        }
        self.number += 1;
        !self.line.is_empty()
    }

    fn next(&mut self) -> Option<(usize, String)> {
        self.read().then(|| self.text())
    }

    /// The next line that may say something; the others are not kept.
    fn next_of_interest(&mut self) -> Option<(usize, String)> {
        while self.read() {
            if is_of_interest(&self.line) {
                return Some(self.text());
            }
        }
        None
    }

    fn text(&self) -> (usize, String) {
        let text = String::from_utf8_lossy(&self.line);
        (self.number, text.trim_end_matches(['\n', '\r']).to_owned())
    }
}
