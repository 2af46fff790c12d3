//! Where the parts of a name come from, in words.

use std::sync::Arc;

use perm_infer_infer::{Location, PartOrigin, Reference, References, ResourcePart, SdkCall, Setting, Step};
use perm_infer_policy::inert::inert;

/// Characters of a constant that are shown.
const MAX_CONSTANT: usize = 60;

/// Where the parts of a name came from in a call. What one environment variable has in its value is told once, and so
/// is the place of neighbours.
pub(super) fn origins(parts: &[ResourcePart], call: &SdkCall, references: &References) -> Vec<String> {
    let same = |one: &ResourcePart, other: &ResourcePart| {
        one.setting.is_some() && one.setting == other.setting && one.location == other.location
    };
    let firsts = parts.chunk_by(same).filter_map(<[_]>::first);
    let told: Vec<Told> = firsts.map(|first| Told::of(first, call, references)).collect();
    let joined = told.chunk_by(|one, other| one.more.is_empty() && one.place == other.place);
    joined.map(together).collect()
}

/// One part: what it is, where, and what else is to be said.
struct Told {
    what: String,
    place: Option<String>,
    more: String,
}

fn together(told: &[Told]) -> String {
    let what: Vec<&str> = told.iter().map(|one| one.what.as_str()).collect();
    let last = told.last();
    let place =
        last.and_then(|one| one.place.as_ref()).map_or_else(String::new, |place| format!(" at {place}"));
    let more = last.map_or("", |one| &one.more);
    format!("{}{place}{more}", what.join(", "))
}

impl Told {
    fn of(part: &ResourcePart, call: &SdkCall, references: &References) -> Told {
        if let Some(setting) = &part.setting {
            return Told::setting(setting, part.location.as_ref());
        }
        let callers = call.chain.split_last().map_or(&[][..], |(_, callers)| callers);
        let is_passed = |step: &&Arc<Step>| {
            let place = part.location.as_ref().filter(|place| !is_same_line(place, &call.location));
            place.is_some_and(|place| is_same_line(place, &step.location))
        };
        let caller = callers.iter().rev().find(is_passed);
        let more = match (&part.origin, caller) {
            (PartOrigin::Constant(_), Some(caller)) => format!(", passed by {}", inert(&caller.function)),
            _ => String::new(),
        };
        let reference = match &part.origin {
            PartOrigin::Reference(symbol) => references.get(symbol),
            _ => None,
        };
        let told = || Told { what: what(&part.origin), place: part.location.as_ref().map(line_of), more };
        reference.map_or_else(told, Told::reference)
    }

    /// `environment variable TABLE at app.py:5, set in template.yaml:31 to Ref Orders`.
    fn setting(setting: &Setting, read: Option<&Location>) -> Told {
        let stated = setting.stated.as_ref();
        let by = stated.map_or_else(|| "by --var".to_owned(), |place| format!("in {}", line_of(place)));
        Told {
            what: format!("environment variable {}", inert(&setting.name)),
            place: read.map(line_of),
            more: format!(", set {by} to {}", cut(&setting.written)),
        }
    }

    /// What a template defines, with the line that does.
    fn reference(reference: &Reference) -> Told {
        let place = reference.location.as_ref().map(line_of);
        Told { what: inert(&reference.what).into_owned(), place, more: String::new() }
    }
}

fn is_same_line(one: &Location, other: &Location) -> bool {
    (&one.path, one.line) == (&other.path, other.line)
}

/// One part by itself.
pub(super) fn part(part: &ResourcePart) -> String {
    let place = part.location.as_ref();
    let told = match &part.setting {
        Some(setting) => Told::setting(setting, place),
        None => Told { what: what(&part.origin), place: place.map(line_of), more: String::new() },
    };
    together(&[told])
}

fn what(origin: &PartOrigin) -> String {
    match origin {
        PartOrigin::Constant(text) => constant(text),
        PartOrigin::Reference(name) => format!("{} of the template", inert(name)),
        PartOrigin::Environment(name) => format!("environment variable {}", inert(name)),
        PartOrigin::Parameter(name) => format!("parameter {}", inert(name)),
        PartOrigin::Result(callee) => format!("result of {}", inert(callee)),
        PartOrigin::Undefined(name) => format!("{}, which nothing sets", inert(name)),
        PartOrigin::TooMany => "one of too many values".to_owned(),
        PartOrigin::Computed => "a computed value".to_owned(),
        PartOrigin::Stated => "stated by a comment".to_owned(),
    }
}

fn constant(text: &str) -> String {
    let shown: String = text.chars().take(MAX_CONSTANT).collect();
    let rest = if shown.len() < text.len() { "..." } else { "" };
    format!("\"{}\"{rest}", inert(&shown.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// The start of a long text.
fn cut(text: &str) -> String {
    let shown: String = text.chars().take(MAX_CONSTANT).collect();
    let rest = if shown.len() < text.len() { "..." } else { "" };
    format!("{}{rest}", inert(&shown))
}

/// The place without its column.
pub(super) fn line_of(location: &Location) -> String {
    inert(&Location { column: 0, ..location.clone() }.to_string()).into_owned()
}
