//! Finding denials in a stream of any length with constant memory: line by line, and a few lines together
//! where a message goes on in the next ones.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

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
    let mut lines = Lines { input: head.as_slice().chain(input), number: 0 };
    let mut window: Vec<String> = Vec::new();
    loop {
        while window.len() < WINDOW
            && let Some(line) = lines.next()?
        {
            window.push(line);
        }
        if window.is_empty() {
            return Ok(denials);
        }
        let first = lines.number + 1 - window.len();
        let (found, used) = message(&window);
        found.into_iter().for_each(|denial| denials.add(denial, first));
        window.drain(..used);
    }
}

/// Words of which every message has one: other lines are not looked at.
const WORDS: [&str; 13] = [
    "uthorized",
    "enied",
    "403",
    "User: ",
    "errorCode",
    "execution role",
    "assume",
    "Queue",
    "Invalid permissions",
    "Cannot access stream",
    "ciphertext",
    "KMS",
    "CloudTrailEvent",
];

/// The denials that start in the first line of a window, and how many lines they take.
fn message(window: &[String]) -> (Vec<Denial>, usize) {
    let first = &window[0];
    if !WORDS.iter().any(|word| first.contains(word)) {
        return (Vec::new(), 1);
    }
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
    if alone.iter().all(|denial| denial.form == Form::Service && denial.action.is_none()) && follows() {
        alone.clear();
    }
    if !may_go_on(first, &alone) {
        return (alone, 1);
    }
    // A terminal cuts anywhere, an editor between words.
    let mut best = (score(&alone), alone, 1);
    for length in 2..=window.len() {
        for separator in ["", " "] {
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
    let starts =
        line.contains("User: arn:") || line.contains("not authorized") || line.contains(NOT_AUTHORIZED);
    let whole = found.last().is_some_and(|denial| {
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
}

impl<R: BufRead> Lines<R> {
    /// The next line, cut to the longest that is looked at.
    fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.input.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() != Some(&b'\n') && read == MAX_LINE {
            self.input.skip_until(b'\n')?;
        }
        self.number += 1;
        Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned()))
    }
}
