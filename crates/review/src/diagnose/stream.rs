//! Finding denials in a stream of any length with constant memory: line by line, and a few lines together
//! where a message goes on in the next ones.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, Read};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::forms::{self, NOT_AUTHORIZED};
use super::normal::normal;
use super::{Denial, Form, cloudtrail};

/// The distinct denials of an input, each with how often it occurs, in the order in which they come.
#[derive(Clone, Debug, Default)]
pub struct Denials {
    /// Denial, count, and the first line that has it.
    pub found: Vec<(Denial, usize, usize)>,
    /// Whether there were more distinct ones than are kept.
    pub truncated: bool,
    positions: BTreeMap<Denial, usize>,
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
    fn add(&mut self, denial: Denial, line: usize) {
        if let Some(&position) = self.positions.get(&denial) {
            self.found[position].1 += 1;
        } else if self.found.len() < MAX_DISTINCT {
            self.positions.insert(denial.clone(), self.found.len());
            self.found.push((denial, 1, line));
        } else {
            self.truncated = true;
        }
    }
}

/// Reads all denials of an input.
///
/// # Errors
/// When the input cannot be read.
pub fn read_denials(mut input: impl BufRead) -> io::Result<Denials> {
    let mut denials = Denials::default();
    let mut head = Vec::new();
    input.by_ref().take(MAX_DOCUMENT as u64).read_to_end(&mut head)?;
    if head.len() < MAX_DOCUMENT
        && let Ok(document) = serde_json::from_slice::<serde_json::Value>(&head)
    {
        let found = cloudtrail::denials(&document);
        if !found.is_empty() {
            found.into_iter().for_each(|denial| denials.add(denial, 1));
            return Ok(denials);
        }
    }
    let mut lines = Lines { input: head.as_slice().chain(input), number: 0, line: Vec::new() };
    let mut window: VecDeque<(usize, String)> = VecDeque::new();
    let mut last_line: Option<usize> = None;
    loop {
        while window.front().is_some_and(|(_, line)| !is_of_interest(line.as_bytes())) {
            window.pop_front();
        }
        if window.is_empty() {
            match lines.next_of_interest()? {
                Some(line) => window.push_back(line),
                None => return Ok(denials),
            }
        }
        while window.len() < WINDOW
            && let Some(line) = lines.next()?
        {
            window.push_back(line);
        }
        let texts: Vec<&str> = window.iter().map(|(_, line)| line.as_str()).collect();
        let (found, used) = message(&texts);
        let first = window.front().map_or(0, |(number, _)| *number);
        if !found.is_empty() {
            let near = last_line.is_some_and(|last| first <= last + 2);
            let is_rest = near && found.iter().all(is_bare) && goes_on_from_before(texts[0]);
            last_line = Some(first + used - 1);
            if !is_rest {
                found.into_iter().for_each(|denial| denials.add(denial, first));
            }
        }
        window.drain(..used);
    }
}

/// Whether a denial says nothing but that there was one.
fn is_bare(denial: &Denial) -> bool {
    denial.form == Form::Service && denial.action.is_none() && denial.policy.is_none()
}

/// Whether a line looks like the rest of a message rather than the start of one: a code, a status, a field of an object.
fn goes_on_from_before(line: &str) -> bool {
    let indented = line.starts_with([' ', '\t', '(', '"', '│']);
    let lower = line.trim_start().to_ascii_lowercase();
    indented || ["code:", "status code", "error code"].iter().any(|words| lower.starts_with(words))
}

/// Words of which every message has one: other lines are not looked at.
const WORDS: [&str; 20] = [
    "uthorized",
    "enied",
    "403",
    "User: ",
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
];

fn is_of_interest(line: &[u8]) -> bool {
    static MATCHER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| AhoCorasick::new(WORDS).ok());
    // Without a matcher every line is looked at.
    MATCHER.as_ref().is_none_or(|matcher| matcher.is_match(line))
}

/// The denials that start in the first line of a window, and how many lines they take.
fn message(window: &[&str]) -> (Vec<Denial>, usize) {
    let first = window[0];
    if first.trim_start().starts_with('{')
        && let Ok(event) = serde_json::from_str::<serde_json::Value>(first)
    {
        let found = cloudtrail::denials(&event);
        if !found.is_empty() {
            return (found, 1);
        }
    }
    let mut alone = forms::denials(&normal(first));
    // A status that is followed by the whole message is a part of it.
    let follows =
        || window[1..].iter().any(|line| line.contains("User: arn:") || line.contains(NOT_AUTHORIZED));
    if alone.iter().all(is_bare) && follows() {
        alone.clear();
    }
    if !may_go_on(first, &alone) {
        return (alone, 1);
    }
    // A terminal cuts anywhere, and its lines have one length; an editor cuts between words.
    let cut_anywhere = window.get(1).is_some_and(|next| first.chars().count() == next.chars().count());
    let separators = if cut_anywhere { ["", " "] } else { [" ", ""] };
    let mut best = (score(&alone), alone, 1);
    for length in 2..=window.len() {
        for separator in separators {
            let joined = window[..length]
                .iter()
                .map(|line| {
                    line.trim_matches(|letter: char| letter.is_whitespace() || "│╷╵".contains(letter))
                })
                .collect::<Vec<_>>()
                .join(separator);
            let found = forms::denials(&normal(&joined));
            if found.len() <= 1 && score(&found) > best.0 {
                best = (score(&found), found, length);
            }
        }
    }
    (best.1, best.2)
}

/// Whether a message may go on in the next lines.
fn may_go_on(line: &str, found: &[Denial]) -> bool {
    const STARTS: [&str; 4] = ["User: arn:", "not authorized", "Cannot access ", "execution role"];
    let end = line.trim_end();
    let cut = end.ends_with("execution") || (end.ends_with(':') && !found.is_empty());
    let starts = cut || STARTS.iter().any(|words| line.contains(words));
    let whole = !cut
        && found.last().is_some_and(|denial| {
            !matches!(denial.form, Form::Iam | Form::Service)
                || (denial.known_action && denial.resource.is_some() && denial.policy.is_some())
        });
    starts && !whole
}

/// How much of a message was understood.
fn score(found: &[Denial]) -> usize {
    found
        .iter()
        .map(|denial| {
            let parts = [
                denial.principal.as_deref().is_some_and(|principal| principal.starts_with("arn:")),
                denial.known_action,
                denial.known_action,
                denial.resource.is_some(),
                denial.policy.is_some(),
            ];
            parts.into_iter().filter(|part| *part).count()
        })
        .sum()
}

struct Lines<R> {
    input: R,
    number: usize,
    line: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    /// Reads a line, cut to the longest that is looked at; false at the end.
    fn read(&mut self) -> io::Result<bool> {
        self.line.clear();
        let read = self.input.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut self.line)?;
        if self.line.last() != Some(&b'\n') && read == MAX_LINE {
            self.input.skip_until(b'\n')?;
        }
        self.number += 1;
        Ok(read > 0)
    }

    fn next(&mut self) -> io::Result<Option<(usize, String)>> {
        let any = self.read()?;
        Ok(any.then(|| self.text()))
    }

    /// The next line that may say something; the others are not kept.
    fn next_of_interest(&mut self) -> io::Result<Option<(usize, String)>> {
        while self.read()? {
            if is_of_interest(&self.line) {
                return Ok(Some(self.text()));
            }
        }
        Ok(None)
    }

    fn text(&self) -> (usize, String) {
        let text = String::from_utf8_lossy(&self.line);
        (self.number, text.trim_end_matches(['\n', '\r']).to_owned())
    }
}
