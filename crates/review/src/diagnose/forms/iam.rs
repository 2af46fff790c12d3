//! The form that IAM gives to messages: `User: ARN is not authorized to perform: ACTION on resource: ARN because ...`
//!
//! Source: "Troubleshoot access denied error messages" in the IAM User Guide.

use perm_infer_catalog::Action;

use super::operation::named_beside;
use super::text::{clean, is_action, sender, set_action, word};
use crate::diagnose::{Denial, DenyingPolicy, Form};

/// Where messages of IAM's form turn from who to what.
pub(crate) const NOT_AUTHORIZED: &str = "not authorized to perform";

/// Every message of the form in a text, in order.
pub(super) fn all(text: &str) -> Vec<Denial> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(NOT_AUTHORIZED) {
        let start = from + at;
        let rest = &text[start + NOT_AUTHORIZED.len()..];
        // What comes after belongs to the next message.
        let next = rest.find(NOT_AUTHORIZED);
        let end = next.map_or(rest.len(), |next| rest[..next].rfind("User:").unwrap_or(next));
        found.extend(one(&text[from..start], &rest[..end]));
        from = start + NOT_AUTHORIZED.len();
    }
    found
}

fn one(before: &str, after: &str) -> Option<Denial> {
    let after = after.trim_start_matches([':', ' ', '`', '\'', '"']);
    let end = after.find(|letter: char| !(letter.is_ascii_alphanumeric() || ":-*".contains(letter)));
    let (action, rest) = after.split_at(end.unwrap_or(after.len()));
    let (action, rest) = match whole(action, rest) {
        Some((joined, rest)) => (joined, rest),
        None => (action.trim_end_matches(':').to_owned(), rest),
    };
    if !is_action(&action) {
        return of_operation(before, &action, rest);
    }
    let rest = rest.trim_start_matches(['`', '\'', '"', '.', ',', ' ']);
    let mut denial = Denial {
        principal: principal(before),
        operation: operation(before),
        form: Form::Iam,
        ..Denial::default()
    };
    set_action(&mut denial, &action);
    let resource = rest.strip_prefix("on resource").map(|rest| rest.trim_start_matches([':', ' ']));
    let rest = match resource {
        Some(resource) => {
            let (name, rest) = resource_name(resource);
            if name == "*" || name.starts_with("arn:") {
                let resource = unmasked(name, denial.principal.as_deref());
                // Names of IAM have no spaces: one was put where a line was cut.
                let spaced = resource.split(':').nth(2) == Some("iam");
                denial.resource = Some(if spaced { resource.replace(' ', "") } else { resource });
            } else if !name.is_empty() {
                denial.name = Some(name.to_owned());
            }
            rest
        }
        None => rest,
    };
    reason(rest.strip_prefix("on this resource ").unwrap_or(rest), &mut denial);
    Some(denial)
}

/// `User with accountId: 111122223333 is not authorized to perform CreateLogGroup with Tags (Service: CloudWatchLogs, ...`
fn of_operation(before: &str, name: &str, rest: &str) -> Option<Denial> {
    let service = sender(rest)?;
    let operation = service.operation(name)?;
    let mut denial = Denial { principal: principal(before), form: Form::Operation, ..Denial::default() };
    denial.operation = Some(format!("{operation:?}"));
    // Tagging is an action of its own.
    let tags = rest.trim_start().to_ascii_lowercase().starts_with("with tags");
    let mut needed =
        operation.possible_actions().into_iter().filter(|action| action.contains(":Tag") == tags);
    if let (Some(action), None) = (needed.next(), needed.next()) {
        set_action(&mut denial, action);
    }
    Some(denial)
}

/// An action with a space where a line was cut, `iam: PassRole`, if there is such an action.
fn whole<'t>(service: &str, rest: &'t str) -> Option<(String, &'t str)> {
    let service = service.strip_suffix(':').filter(|service| !service.contains(':'))?;
    let name = rest.strip_prefix(' ')?;
    let (name, rest) =
        name.split_at(name.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(name.len()));
    let action = format!("{service}:{name}");
    Action::find(&action).is_some().then_some((action, rest))
}

/// Resources have spaces at times (parameters, queues); they end where the reason starts.
fn resource_name(text: &str) -> (&str, &str) {
    const REASONS: [&str; 5] =
        [" because ", " with an explicit deny", " (Service", " (RequestToken", " status code"];
    const ENDS: [&str; 5] = ["\\", "\"", "; ", ", ", "</"];
    // Amazon SES opens with a backtick and closes with an apostrophe.
    let quotes = [('"', '"'), ('\'', '\''), ('`', '\'')];
    let quoted = quotes.into_iter().find_map(|(open, close)| text.strip_prefix(open)?.split_once(close));
    if let Some((name, rest)) = quoted {
        return (name, rest.trim_start());
    }
    let first = |ends: &[&str]| ends.iter().filter_map(|end| text.find(end)).min();
    let name = match (first(&REASONS), first(&ENDS)) {
        (Some(reason), end) if end.is_none_or(|end| reason < end) => &text[..reason],
        // Without a reason behind it nobody knows where a name with spaces ends.
        (_, end) => first_words(&text[..end.unwrap_or(text.len())]),
    };
    (cleaned(name), text[name.len()..].trim_start_matches(['"', '\'', ' ']))
}

/// The first word, or two where IAM says of which kind the resource is: `role app`.
fn first_words(text: &str) -> &str {
    let kind = ["role ", "user ", "group ", "policy "].into_iter().find(|kind| text.starts_with(kind));
    let start = kind.map_or(0, str::len);
    let end = text[start..].find(' ').map_or(text.len(), |end| start + end);
    &text[..end]
}

/// Without what stands around a name; brackets belong to names of log streams.
fn cleaned(name: &str) -> &str {
    let name = name.trim_matches(|letter: char| "\"'`,;. ".contains(letter));
    let name = name.strip_suffix("<").unwrap_or(name);
    // A bracket that the name does not open was around the message.
    match name.strip_suffix([')', ']', '}']) {
        Some(rest) if !rest.contains(['(', '[', '{']) => rest,
        _ => name,
    }
}

/// API Gateway hides the first digits of an account, which are those of the principal when the others are.
fn unmasked(resource: &str, principal: Option<&str>) -> String {
    let account = |arn: &str| arn.split(':').nth(4).map(str::to_owned);
    let known = principal.and_then(account).filter(|known| known.len() == 12);
    match (account(resource), known) {
        (Some(hidden), Some(known)) if hidden.starts_with("****") => {
            let digits = hidden.trim_start_matches('*');
            if hidden.len() == 12 && !digits.is_empty() && known.ends_with(digits) {
                return resource.replacen(&hidden, &known, 1);
            }
            resource.to_owned()
        }
        _ => resource.to_owned(),
    }
}

/// Which kind of policy denied, and how.
fn reason(text: &str, denial: &mut Denial) {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("with an explicit deny") || lower.starts_with("because it is explicitly denied") {
        denial.explicit = Some(true);
    } else if lower.starts_with("because no ") {
        denial.explicit = Some(false);
    } else if lower.starts_with("on the resource associated with this ciphertext")
        || lower.starts_with("because the resource does not exist in this region")
    {
        denial.policy = Some(DenyingPolicy::Resource);
        return;
    } else {
        return;
    }
    // Only what belongs to the reason: the next sentence may name anything.
    let end = lower.char_indices().map(|(at, _)| at).take_while(|at| *at <= 160).last().unwrap_or_default();
    denial.policy = policy_kind(&lower[..end]);
    let named = text.find("arn:").filter(|_| denial.explicit == Some(true));
    denial.policy_arn = named.and_then(|at| word(&text[at..])).map(|(arn, _)| clean(arn).to_owned());
}

fn policy_kind(text: &str) -> Option<DenyingPolicy> {
    [
        ("identity-based polic", DenyingPolicy::Identity),
        ("resource-based polic", DenyingPolicy::Resource),
        ("permissions boundary", DenyingPolicy::Boundary),
        ("permission boundary", DenyingPolicy::Boundary),
        ("session polic", DenyingPolicy::Session),
        ("service control polic", DenyingPolicy::ServiceControl),
        ("resource control polic", DenyingPolicy::ResourceControl),
        ("vpc endpoint polic", DenyingPolicy::VpcEndpoint),
        ("role trust polic", DenyingPolicy::Trust),
        ("trust polic", DenyingPolicy::Trust),
    ]
    .into_iter()
    .filter_map(|(words, kind)| text.find(words).map(|at| (at, kind)))
    .min_by_key(|(at, _)| *at)
    .map(|(_, kind)| kind)
}

/// The operation that an SDK names before the message of the service.
fn operation(before: &str) -> Option<String> {
    let start = before.rfind("User:").unwrap_or(before.len());
    let named =
        before[..start].rfind("when calling the ").or_else(|| before[..start].rfind("operation error "))?;
    // The code of the error stands before it, in the same message.
    let from = before[..named].rfind("error").unwrap_or(named);
    named_beside(&before[from..start])
}

/// The principal before `is not authorized`: the last ARN, service or `anonymous`, or an account.
fn principal(before: &str) -> Option<String> {
    let before = before.trim_end().strip_suffix("is").unwrap_or(before).trim_end();
    if let Some(at) = before.rfind("User:") {
        let named = before[at + "User:".len()..].trim_start();
        // Where somebody hid the name, as in `user/<name>`.
        let hidden = named.contains("/<") && named.ends_with('>');
        let name = if hidden { named } else { clean(named) };
        return (!name.is_empty()).then(|| name.to_owned());
    }
    let (rest, last) = before.rsplit_once(' ').unwrap_or(("", before));
    let name = clean(last);
    let account = rest.ends_with("accountId:") && name.bytes().all(|byte| byte.is_ascii_digit());
    (name.starts_with("arn:") || name.ends_with(".amazonaws.com") || account).then(|| name.to_owned())
}
