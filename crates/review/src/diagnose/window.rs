//! Messages over several lines: which lines go on, and which of two messages that come in turns they belong to.

use perm_infer_catalog::Action;

use super::forms::{self, NOT_AUTHORIZED};
use super::normal::normal;
use super::{Denial, Form, is_bare, structured};
use crate::validate::can_be_of;

/// What the first line of a window begins.
pub(super) struct Message {
    /// The denials that it tells.
    pub(super) found: Vec<Denial>,
    /// The lines that it takes.
    pub(super) used: usize,
    /// The action of a message that may go on in a later line, which nobody found.
    pub(super) open: Option<Open>,
    /// The id of the denied request.
    pub(super) request: Option<String>,
}

/// A message that began and did not end.
#[derive(Clone, Debug)]
pub(super) struct Open {
    action: Option<String>,
}

/// The denials that start in the first line of a window. Where another message began before and has not ended, the
/// next lines may be its own.
pub(super) fn message(window: &[&str], rival: Option<&Open>) -> Message {
    let first = window[0];
    let alone = |found| Message { found, used: 1, open: None, request: request(first) };
    if first.trim_start().starts_with('{')
        && let Ok(event) = serde_json::from_str::<serde_json::Value>(first)
    {
        let found = structured::denials(&event);
        if !found.is_empty() {
            return alone(found);
        }
    }
    let mut found = forms::denials(&normal(first));
    // A status that is followed by the whole message is a part of it.
    let follows =
        || window[1..].iter().any(|line| line.contains("User: arn:") || line.contains(NOT_AUTHORIZED));
    if found.iter().all(is_bare) && follows() {
        found.clear();
    }
    if !may_go_on(first, &found) {
        return alone(found);
    }
    let open = Open { action: found.last().and_then(|denial| denial.action.clone()) };
    match continued(window, score(&found), rival) {
        Some((text, found, used)) => Message { found, used, open: None, request: request(&text) },
        None => Message { open: Some(open), ..alone(found) },
    }
}

/// The message with the lines that say more than the first one alone.
fn continued(window: &[&str], alone: usize, rival: Option<&Open>) -> Option<(String, Vec<Denial>, usize)> {
    // A terminal cuts anywhere, and its lines have one length; an editor cuts between words.
    let cut_anywhere = window.get(1).is_some_and(|next| window[0].chars().count() == next.chars().count());
    let separators = if cut_anywhere { ["", " "] } else { [" ", ""] };
    let (mut best, mut most) = (None, alone);
    for length in 2..=window.len() {
        for separator in separators {
            let joined = normal(&join(&window[..length], separator));
            let found = forms::denials(&joined);
            if found.len() <= 1
                && score(&found) > most
                && is_one(&joined)
                && found.iter().all(|denial| belongs(denial, &joined, rival))
            {
                most = score(&found);
                best = Some((joined, found, length));
            }
        }
    }
    best
}

fn join(lines: &[&str], separator: &str) -> String {
    let bare = |line: &&str| {
        line.trim_matches(|letter: char| letter.is_whitespace() || "│╷╵".contains(letter)).to_owned()
    };
    lines.iter().map(bare).collect::<Vec<_>>().join(separator)
}

/// Whether a text is one message and not the beginnings of two.
fn is_one(text: &str) -> bool {
    text.matches("User: ").count() <= text.matches(NOT_AUTHORIZED).count().max(1)
}

/// Whether lines that were put together say what one request can have asked for, and not the one that began before.
fn belongs(denial: &Denial, text: &str, rival: Option<&Open>) -> bool {
    let (Some(action), true) = (denial.action.as_deref(), denial.known_action) else {
        return rival.is_none();
    };
    // `because no identity-based policy allows the s3:GetObject action`
    let named = text.rsplit_once("allows the ").and_then(|(_, rest)| rest.split_once(" action"));
    if let Some((named, _)) = named {
        return named.eq_ignore_ascii_case(action);
    }
    let fits = |action: &str| {
        let resource = denial.resource.as_deref();
        resource.is_none_or(|resource| Action::find(action).is_none_or(|action| can_be_of(action, resource)))
    };
    let of_rival =
        |rival: &Open| rival.action.as_deref().is_none_or(|other| denial.resource.is_none() || fits(other));
    fits(action) && !rival.is_some_and(of_rival)
}

/// Whether a message may go on in the next lines.
fn may_go_on(line: &str, found: &[Denial]) -> bool {
    const STARTS: [&str; 6] = [
        "User: arn:",
        "not authorized",
        "Cannot access ",
        "execution role",
        "S3ServiceException",
        "Insufficient Lake Formation",
    ];
    const CUTS: [&str; 4] = ["execution", "operation", "when calling the", "User:"];
    let end = line.trim_end();
    let cut = CUTS.iter().any(|word| end.ends_with(word)) || (end.ends_with(':') && !found.is_empty());
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
                denial.encoded,
                denial.service.is_some(),
                denial.resource.is_some() || denial.name.is_some(),
                denial.policy.is_some(),
            ];
            parts.into_iter().filter(|part| *part).count()
        })
        .sum()
}

/// The id of the request as SDKs and Amazon Redshift write it; the `RequestId` of a function's log is that of its
/// invocation, in which many requests are made.
fn request(text: &str) -> Option<String> {
    const WORDS: [&str; 4] = ["Request ID: ", "request id: ", "RequestID: ", ",Rid "];
    let (_, rest) = WORDS.iter().find_map(|words| text.split_once(words))?;
    let end =
        rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(rest.len());
    (end > 5).then(|| rest[..end].to_owned())
}
