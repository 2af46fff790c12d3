//! Follows a member path (`A.B`, `A[]`, `A{}`, `A{*}`) through the parameters of a call and gives
//! everything that may be at its end. It does not interpret the values.

use crate::params::{Param, ParamMap, Presence, TracedPattern};

/// Something that may be at the end of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaf<'p> {
    /// Nothing is there.
    Absent,
    /// Nobody knows whether something is there.
    Open,
    /// This value.
    Value(&'p Param),
    /// This text: an alternative of a text parameter, or a map key.
    Text(&'p TracedPattern),
}

/// Where a path starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'p> {
    /// All parameters.
    pub(crate) root: &'p ParamMap,
    /// What `for` goes through at the moment; paths that start with a dot begin here.
    pub(crate) item: Leaf<'p>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Elements,
    Keys,
    Values,
}

static UNKNOWN: Param = Param::Unknown;

/// What may be at `path`, or at any of several paths with `|` between them.
pub(crate) fn leaves<'p>(scope: Scope<'p>, path: &str) -> Vec<Leaf<'p>> {
    path.split('|').flat_map(|path| leaves_at(scope, path)).collect()
}

fn leaves_at<'p>(scope: Scope<'p>, path: &str) -> Vec<Leaf<'p>> {
    let mut found = Vec::new();
    match path.strip_prefix('.') {
        Some(relative) => follow(scope.item, &steps(relative), &mut found),
        None => match steps(path).split_first() {
            Some((Step::Field(name), rest)) => follow_field(scope.root, name, rest, &mut found),
            _ => found.push(Leaf::Absent),
        },
    }
    found
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        let name = segment.split(['[', '{']).next().unwrap_or_default();
        if !name.is_empty() {
            steps.push(Step::Field(name));
        }
        let mut suffix = &segment[name.len()..];
        loop {
            let (step, rest) = if let Some(rest) = suffix.strip_prefix("[]") {
                (Step::Elements, rest)
            } else if let Some(rest) = suffix.strip_prefix("{*}") {
                (Step::Values, rest)
            } else if let Some(rest) = suffix.strip_prefix("{}") {
                (Step::Keys, rest)
            } else {
                break;
            };
            steps.push(step);
            suffix = rest;
        }
    }
    steps
}

fn follow<'p>(leaf: Leaf<'p>, steps: &[Step<'_>], found: &mut Vec<Leaf<'p>>) {
    let Some((step, rest)) = steps.split_first() else {
        return finish(leaf, found);
    };
    let Leaf::Value(param) = leaf else {
        // A text has no members; what is open or absent stays so.
        return found.push(match leaf {
            Leaf::Text(text) if text.pattern.is_any() => Leaf::Open,
            Leaf::Text(_) => Leaf::Absent,
            other => other,
        });
    };
    match (param, step) {
        (Param::Null, _) => found.push(Leaf::Absent),
        (Param::Unknown, Step::Field(_)) => found.push(Leaf::Open),
        (Param::Unknown, _) => follow(Leaf::Value(&UNKNOWN), rest, found),
        (Param::Map(map), Step::Field(name)) => follow_field(map, name, rest, found),
        (Param::Map(map), Step::Keys) => keys(map, found),
        (Param::Map(map), Step::Values) => values(map, rest, found),
        (Param::List(elements), Step::Elements) if elements.is_empty() => found.push(Leaf::Absent),
        (Param::List(elements), Step::Elements) => {
            for element in elements {
                follow(Leaf::Value(element), rest, found);
            }
        }
        // What has no known text may be anything that has members.
        (Param::Text(texts), Step::Field(_)) if may_be_anything(texts) => found.push(Leaf::Open),
        (Param::Text(texts), Step::Keys | Step::Values) if may_be_anything(texts) => {
            follow(Leaf::Value(&UNKNOWN), rest, found);
        }
        // One text where a list is expected stands for its only element.
        (Param::Text(_), Step::Elements) => follow(leaf, rest, found),
        (Param::List(_), Step::Field(_) | Step::Keys | Step::Values) => found.push(Leaf::Open),
        (Param::Map(_), Step::Elements) | (Param::Text(_) | Param::Bool(_), _) => found.push(Leaf::Absent),
    }
}

fn may_be_anything(texts: &[TracedPattern]) -> bool {
    texts.iter().any(|text| text.pattern.is_any())
}

fn follow_field<'p>(map: &'p ParamMap, name: &str, rest: &[Step<'_>], found: &mut Vec<Leaf<'p>>) {
    let mut certain = false;
    for (key, presence, value) in &map.entries {
        match key.pattern.as_literal() {
            Some(key) if key == name => {
                follow(Leaf::Value(value), rest, found);
                certain |= *presence == Presence::Always;
            }
            Some(_) => {}
            None => found.push(Leaf::Open),
        }
    }
    if !certain {
        found.push(if map.open { Leaf::Open } else { Leaf::Absent });
    }
}

fn keys<'p>(map: &'p ParamMap, found: &mut Vec<Leaf<'p>>) {
    found.extend(map.entries.iter().map(|(key, _, _)| Leaf::Text(key)));
    if map.open {
        found.push(Leaf::Value(&UNKNOWN));
    } else if map.entries.is_empty() {
        found.push(Leaf::Absent);
    }
}

fn values<'p>(map: &'p ParamMap, rest: &[Step<'_>], found: &mut Vec<Leaf<'p>>) {
    for (_, _, value) in &map.entries {
        follow(Leaf::Value(value), rest, found);
    }
    if map.open {
        follow(Leaf::Value(&UNKNOWN), rest, found);
    } else if map.entries.is_empty() {
        found.push(Leaf::Absent);
    }
}

fn finish<'p>(leaf: Leaf<'p>, found: &mut Vec<Leaf<'p>>) {
    match leaf {
        Leaf::Value(Param::Null) => found.push(Leaf::Absent),
        Leaf::Value(Param::Text(alternatives)) => found.extend(alternatives.iter().map(Leaf::Text)),
        other => found.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TraceId;
    use perm_infer_policy::Pattern;

    fn text(value: &str) -> Param {
        Param::Text(vec![traced(value)])
    }

    fn traced(value: &str) -> TracedPattern {
        TracedPattern { pattern: Pattern::literal(value), trace: TraceId(0) }
    }

    fn map(entries: Vec<(&str, Presence, Param)>, open: bool) -> ParamMap {
        ParamMap {
            entries: entries
                .into_iter()
                .map(|(key, presence, value)| (traced(key), presence, value))
                .collect(),
            open,
        }
    }

    fn found(root: &ParamMap, path: &str) -> Vec<String> {
        leaves(Scope { root, item: Leaf::Absent }, path)
            .into_iter()
            .map(|leaf| match leaf {
                Leaf::Absent => "absent".to_owned(),
                Leaf::Open => "open".to_owned(),
                Leaf::Value(_) => "value".to_owned(),
                Leaf::Text(text) => text.pattern.to_policy_string(),
            })
            .collect()
    }

    #[test]
    fn elements_members_and_keys_are_followed() {
        let entry = Param::Map(map(vec![("Bus", Presence::Always, text("a"))], false));
        let root = map(vec![("Entries", Presence::Always, Param::List(vec![entry, Param::Unknown]))], false);
        assert_eq!(found(&root, "Entries[].Bus"), ["a", "open"]);
        let items = Param::Map(map(vec![("orders", Presence::Always, Param::Unknown)], true));
        let root = map(vec![("RequestItems", Presence::Always, items)], false);
        assert_eq!(found(&root, "RequestItems{}"), ["orders", "value"]);
    }

    #[test]
    fn what_may_be_missing_is_absent_too() {
        let root =
            map(vec![("Name", Presence::Maybe, text("a")), ("Null", Presence::Always, Param::Null)], false);
        assert_eq!(found(&root, "Name"), ["a", "absent"]);
        assert_eq!(found(&root, "Null"), ["absent"]);
        assert_eq!(found(&root, "Other"), ["absent"]);
        assert_eq!(found(&map(Vec::new(), true), "Other"), ["open"]);
    }
}
