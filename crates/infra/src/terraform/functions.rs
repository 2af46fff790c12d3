//! Functions of the language, as far as names and lists of a deployment go through them. What cannot be
//! computed is unknown, never guessed.
//!
//! Source: "Functions - Configuration Language" in the Terraform documentation.

use hcl_edit::expr::FuncCall;

use super::convert::first_present;
use super::text::formatted;
use super::traversal::Step;
use super::{
    ModuleId, Terraform, call, is_missing, is_null, is_unknown, list, map, missing, null, patterns, scalar,
    unknown,
};
use crate::tree::{Entry, Kind, Mark, Node};

/// Elements that a function may make.
const MAX_ELEMENTS: usize = 5_000;

/// Functions that fail when they are given `null`, which `try` and `can` notice.
const TAKE_NO_NULL: [&str; 21] = [
    "basename",
    "dirname",
    "endswith",
    "file",
    "join",
    "length",
    "lower",
    "regex",
    "replace",
    "reverse",
    "sort",
    "split",
    "startswith",
    "strcontains",
    "substr",
    "templatefile",
    "title",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
];

impl Terraform<'_> {
    pub(super) fn function(&mut self, module: ModuleId, file: u32, function: &FuncCall, at: Mark) -> Node {
        let mut args: Vec<Node> = function.args.iter().map(|arg| self.convert(module, file, arg)).collect();
        if function.args.expand_final()
            && let Some(last) = args.pop()
        {
            if is_unknown(&last) {
                return unknown(at);
            }
            args.extend(last.items().iter().cloned());
        }
        if !function.name.namespace.is_empty() {
            return unknown(at);
        }
        let name = function.name.name.as_str();
        let is_failure = args.iter().any(is_missing) && !["can", "try"].contains(&name);
        if is_failure || (TAKE_NO_NULL.contains(&name) && args.iter().any(is_null)) {
            return missing(at);
        }
        let result = self.of_files(module, file, name, &args, at);
        let result = result.or_else(|| self.of_texts(name, &args, at));
        let result = result.or_else(|| self.of_collections(name, &args, at));
        result.or_else(|| self.of_values(name, args, at)).unwrap_or_else(|| unknown(at))
    }

    fn of_files(&mut self, module: ModuleId, file: u32, name: &str, args: &[Node], at: Mark) -> Option<Node> {
        if !["file", "templatefile", "fileexists", "fileset", "jsondecode", "yamldecode"].contains(&name) {
            return None;
        }
        let first = self.text(args.first()?)?;
        match (name, args) {
            ("file", [_]) => Some(self.file(&first, at)),
            ("fileexists", [_]) => Some(self.file_exists(&first, at)),
            ("templatefile", [_, variables]) => Some(self.template_file(module, file, &first, variables, at)),
            ("fileset", [_, pattern]) => {
                let pattern = self.text(pattern)?;
                Some(self.file_set(&first, &pattern, at))
            }
            ("jsondecode" | "yamldecode", [_]) => Some(self.decoded(&first, at)),
            _ => None,
        }
    }

    /// Functions from text to text.
    fn of_texts(&mut self, name: &str, args: &[Node], at: Mark) -> Option<Node> {
        let text = |position: usize| self.text(args.get(position)?);
        let truth = |answer: bool| Some(scalar(&answer.to_string(), at));
        match (name, args) {
            ("lower", [value]) => Some(self.mapped(value, &|text| text.to_lowercase())),
            ("upper", [value]) => Some(self.mapped(value, &|text| text.to_uppercase())),
            ("replace", [value, from, to]) => {
                let (from, to) = (self.text(from)?, self.text(to)?);
                let is_pattern = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
                match is_pattern {
                    true => {
                        let whole = self.text(value)?;
                        patterns::replaced(&from[1..from.len() - 1], &whole, &to)
                            .map(|text: String| scalar(&text, at))
                    }
                    // Text of one character is found in the parts as in the whole.
                    false if from.chars().count() == 1 => {
                        Some(self.mapped(value, &|text| text.replace(&from, &to)))
                    }
                    false => Some(scalar(&self.text(value)?.replace(&from, &to), at)),
                }
            }
            ("regex", [_, _]) => patterns::first(&text(0)?, &text(1)?, at),
            ("regexall", [_, _]) => patterns::all(&text(0)?, &text(1)?, at),
            ("trimspace", [_]) => match text(0) {
                Some(text) => Some(scalar(text.trim(), at)),
                None => args.first().cloned(),
            },
            ("title", [_]) => {
                let (first, words) = (text(0)?, |word: &str| {
                    let mut characters = word.chars();
                    let first = characters.next().map(char::to_uppercase);
                    first.into_iter().flatten().chain(characters).collect::<String>()
                });
                Some(scalar(&first.split(' ').map(words).collect::<Vec<_>>().join(" "), at))
            }
            ("trimprefix", [_, _]) => {
                let (whole, part) = (text(0)?, text(1)?);
                Some(scalar(whole.strip_prefix(&*part).unwrap_or(&whole), at))
            }
            ("trimsuffix", [_, _]) => {
                let (whole, part) = (text(0)?, text(1)?);
                Some(scalar(whole.strip_suffix(&*part).unwrap_or(&whole), at))
            }
            ("trim", [_, _]) => {
                let (whole, part) = (text(0)?, text(1)?);
                Some(scalar(whole.trim_matches(|c| part.contains(c)), at))
            }
            ("substr", [_, _, _]) => {
                let (start, length) = (text(1)?.parse::<usize>().ok()?, text(2)?.parse::<i64>().ok()?);
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                Some(scalar(&text(0)?.chars().skip(start).take(length).collect::<String>(), at))
            }
            ("startswith", [_, _]) => truth(text(0)?.starts_with(&*text(1)?)),
            ("endswith", [_, _]) => truth(text(0)?.ends_with(&*text(1)?)),
            ("strcontains", [_, _]) => truth(text(0)?.contains(&*text(1)?)),
            ("basename", [_]) => {
                let whole = text(0)?;
                Some(scalar(whole.trim_end_matches('/').rsplit('/').next().unwrap_or_default(), at))
            }
            ("dirname", [_]) => {
                let whole = text(0)?;
                let parent = whole.trim_end_matches('/').rsplit_once('/').map(|(parent, _)| parent);
                Some(scalar(parent.unwrap_or("."), at))
            }
            ("split", [_, _]) => {
                let (separator, whole) = (text(0)?, text(1)?);
                let items: Vec<Node> = match whole.as_str() {
                    "" => Vec::new(),
                    whole => whole.split(&*separator).map(|part| scalar(part, at)).collect(),
                };
                Some(list(at, items))
            }
            ("join", [_, items]) if matches!(items.kind, Kind::List(_)) => {
                Some(call("Fn::Join", list(at, args.to_vec())))
            }
            ("format", [_, rest @ ..]) => Some(formatted(&text(0)?, rest.to_vec(), at)),
            ("formatlist", [_, rest @ ..]) => self.formatted_list(&text(0)?, rest, at),
            _ => None,
        }
    }

    /// A text whose parts can be changed one by one.
    fn mapped(&mut self, value: &Node, change: &dyn Fn(&str) -> String) -> Node {
        let at = value.at;
        if let Some(text) = self.text(value) {
            return scalar(&change(&text), at);
        }
        match value.intrinsic() {
            Some(("Fn::Join", parts)) => match parts.items() {
                [separator, parts] => {
                    let separator = scalar(&change(separator.text().unwrap_or_default()), at);
                    let parts = parts.items().iter().map(|part| self.mapped(part, change)).collect();
                    call("Fn::Join", list(at, vec![separator, list(at, parts)]))
                }
                _ => unknown(at),
            },
            Some(("Fn::If", branches)) => match branches.items() {
                [name, then, otherwise] => {
                    let (then, otherwise) = (self.mapped(then, change), self.mapped(otherwise, change));
                    call("Fn::If", list(at, vec![name.clone(), then, otherwise]))
                }
                _ => unknown(at),
            },
            _ => unknown(at),
        }
    }

    fn formatted_list(&mut self, pattern: &str, args: &[Node], at: Mark) -> Option<Node> {
        let length = args.iter().filter(|arg| matches!(arg.kind, Kind::List(_))).map(|arg| arg.items().len());
        let length = length.max()?;
        let of = |index: usize| {
            let each = args.iter().map(|arg| match &arg.kind {
                Kind::List(items) => items.get(index).cloned().unwrap_or_else(|| unknown(at)),
                _ => arg.clone(),
            });
            formatted(pattern, each.collect(), at)
        };
        Some(list(at, (0..length.min(MAX_ELEMENTS)).map(of).collect()))
    }

    /// Functions of lists, sets and maps.
    fn of_collections(&mut self, name: &str, args: &[Node], at: Mark) -> Option<Node> {
        match (name, args) {
            ("merge", maps) => self.merged(maps, at),
            // Of Terraform before 0.12.
            ("list", items) => Some(list(at, items.to_vec())),
            ("map", pairs) => {
                let pairs = pairs.chunks_exact(2);
                let entries = pairs
                    .map(|pair| Some(Entry { key: self.text(&pair[0])?, at, value: pair[1].clone() }))
                    .collect::<Option<_>>()?;
                Some(map(at, entries))
            }
            ("concat", lists) => {
                let are_lists = lists.iter().all(|list| matches!(list.kind, Kind::List(_)));
                are_lists.then(|| list(at, lists.iter().flat_map(Node::items).cloned().collect()))
            }
            ("flatten", [value]) => {
                let mut items = Vec::new();
                flatten(value, &mut items)?;
                Some(list(at, items))
            }
            ("compact", [value]) => {
                let is_wanted = |item: &&Node| !is_null(item) && item.text() != Some("");
                as_list(value).map(|items| list(at, items.iter().filter(is_wanted).cloned().collect()))
            }
            ("toset" | "distinct", [value]) => {
                let mut seen = std::collections::HashSet::new();
                let items = as_list(value)?.iter();
                let is_first = |item: &&Node| self.text(item).is_none_or(|text| seen.insert(text));
                Some(list(at, items.filter(is_first).cloned().collect()))
            }
            ("setunion", lists) => {
                let items: Option<Vec<&[Node]>> = lists.iter().map(as_list).collect();
                let all = list(at, items?.into_iter().flatten().cloned().collect());
                self.of_collections("toset", &[all], at)
            }
            ("reverse", [value]) => {
                as_list(value).map(|items| list(at, items.iter().rev().cloned().collect()))
            }
            ("sort", [value]) => {
                let mut texts: Vec<String> =
                    as_list(value)?.iter().map(|item| self.text(item)).collect::<Option<_>>()?;
                texts.sort();
                Some(list(at, texts.iter().map(|text| scalar(text, at)).collect()))
            }
            ("slice", [value, start, end]) => {
                let items = as_list(value)?;
                let number = |node: &Node| self.text(node).and_then(|text| text.parse::<usize>().ok());
                Some(list(at, items.get(number(start)?..number(end)?)?.to_vec()))
            }
            ("range", bounds) => {
                let numbers: Vec<i64> = bounds
                    .iter()
                    .map(|bound| self.text(bound).and_then(|text| text.parse().ok()))
                    .collect::<Option<_>>()?;
                let (start, end, step) = match numbers[..] {
                    [end] => (0, end, 1),
                    [start, end] => (start, end, 1),
                    [start, end, step] if step > 0 => (start, end, step),
                    _ => return None,
                };
                let step = usize::try_from(step).ok()?;
                let numbers = (start..end).step_by(step).take(MAX_ELEMENTS);
                Some(list(at, numbers.map(|number| scalar(&number.to_string(), at)).collect()))
            }
            ("keys", [value]) => {
                let mut keys: Vec<String> = self.pairs(value)?.into_iter().map(|(key, _)| key).collect();
                keys.sort();
                Some(list(at, keys.iter().map(|key| scalar(key, at)).collect()))
            }
            ("values", [value]) => {
                let mut pairs = self.pairs(value)?;
                pairs.sort_by(|a, b| a.0.cmp(&b.0));
                Some(list(at, pairs.into_iter().map(|(_, value)| value).collect()))
            }
            ("zipmap", [keys, values]) => {
                let pairs = as_list(keys)?.iter().zip(as_list(values)?);
                let entries = pairs
                    .map(|(key, value)| Some(Entry { key: self.text(key)?, at, value: value.clone() }))
                    .collect::<Option<_>>()?;
                Some(map(at, entries))
            }
            ("contains", [value, wanted]) => {
                let wanted = self.text(wanted)?;
                let texts: Option<Vec<String>> = as_list(value)?.iter().map(|item| self.text(item)).collect();
                Some(scalar(&texts?.contains(&wanted).to_string(), at))
            }
            ("length", [value]) => {
                let length = match &value.kind {
                    Kind::List(items) => items.len(),
                    Kind::Map(entries) if value.intrinsic().is_none() => entries.len(),
                    _ => self.text(value)?.chars().count(),
                };
                Some(scalar(&length.to_string(), at))
            }
            ("element", [value, index]) => {
                let items = as_list(value)?;
                let index = self.text(index)?.parse::<usize>().ok()?;
                items.get(index.checked_rem(items.len())?).cloned()
            }
            ("one", [value]) => match value.items() {
                [] if matches!(value.kind, Kind::List(_)) => Some(null(at)),
                [only] => Some(only.clone()),
                _ => Some(value.clone()),
            },
            _ => None,
        }
    }

    /// Maps one over the other; of a map that is not known nothing is said.
    fn merged(&mut self, maps: &[Node], at: Mark) -> Option<Node> {
        let mut entries: Vec<Entry> = Vec::new();
        for node in maps {
            let pairs = match node.intrinsic() {
                // Both branches of what nobody can decide.
                Some(("Fn::If", branches)) => {
                    let both = branches.items().get(1..).unwrap_or_default();
                    both.iter().rev().flat_map(|branch| self.pairs(branch).unwrap_or_default()).collect()
                }
                _ => self.pairs(node).unwrap_or_default(),
            };
            for (key, value) in pairs {
                entries.retain(|known| known.key != key);
                entries.push(Entry { key, at: value.at, value });
            }
        }
        (entries.len() <= MAX_ELEMENTS).then(|| map(at, entries))
    }

    /// The rest: conversions, alternatives, look-ups.
    fn of_values(&mut self, name: &str, args: Vec<Node>, at: Mark) -> Option<Node> {
        match name {
            "tostring" | "tonumber" | "tobool" | "tolist" | "tomap" | "sensitive" | "nonsensitive"
            | "abspath" | "pathexpand" | "toset" | "distinct" => args.into_iter().next(),
            "try" => Some(first_present(args, at)),
            "can" => {
                let value = args.first()?;
                let answer =
                    if is_missing(value) { Some(false) } else { (!is_unknown(value)).then_some(true) };
                answer.map(|answer| scalar(&answer.to_string(), at))
            }
            "coalesce" => {
                let is_nothing = |node: &Node| is_null(node) || self.text(node).as_deref() == Some("");
                args.into_iter().find(|arg| !is_nothing(arg))
            }
            "coalescelist" => args.into_iter().find(|arg| !arg.items().is_empty()),
            "lookup" => {
                let mut args = args.into_iter();
                let (map, key) = (args.next()?, args.next()?);
                let found = self.follow(map, &[Step::Index(key)], at);
                match args.next() {
                    Some(default) if is_missing(&found) => Some(default),
                    _ => Some(found),
                }
            }
            "jsonencode" | "yamlencode" => {
                args.into_iter().next().map(|value| call("Fn::ToJsonString", value))
            }
            "max" | "min" => {
                let numbers: Vec<f64> = args
                    .iter()
                    .map(|arg| self.text(arg).and_then(|text| text.parse().ok()))
                    .collect::<Option<_>>()?;
                let pick = if name == "max" { f64::max } else { f64::min };
                numbers.into_iter().reduce(pick).map(|number| scalar(&number.to_string(), at))
            }
            _ => None,
        }
    }
}

/// The elements of a list or set; a map has values.
fn as_list(node: &Node) -> Option<&[Node]> {
    match &node.kind {
        Kind::List(items) => Some(items),
        _ => None,
    }
}

fn flatten(node: &Node, items: &mut Vec<Node>) -> Option<()> {
    match &node.kind {
        Kind::List(inner) => inner.iter().try_for_each(|item| flatten(item, items)),
        _ if items.len() >= MAX_ELEMENTS => None,
        _ => {
            items.push(node.clone());
            Some(())
        }
    }
}
