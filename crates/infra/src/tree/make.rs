//! Making trees: other languages become the CloudFormation template that they stand for.

use super::{Entry, Kind, Mark, Node};

/// A value under a key, at the value's place.
pub(crate) fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.to_owned(), at: value.at, value }
}

/// A map.
pub(crate) fn map(at: Mark, entries: Vec<Entry>) -> Node {
    Node { at, kind: Kind::Map(entries) }
}

/// A list.
pub(crate) fn list(at: Mark, items: Vec<Node>) -> Node {
    Node { at, kind: Kind::List(items) }
}

/// A text.
pub(crate) fn scalar(text: &str, at: Mark) -> Node {
    Node { at, kind: Kind::Scalar(text.to_owned()) }
}

/// A call of an intrinsic function.
pub(crate) fn call(function: &str, argument: Node) -> Node {
    let at = argument.at;
    map(at, vec![Entry { key: function.to_owned(), at, value: argument }])
}

/// A value under several keys.
pub(crate) fn nested(path: &[&str], value: Node) -> Entry {
    let mut keys = path.iter().rev();
    let mut inner = entry(keys.next().copied().unwrap_or_default(), value);
    for key in keys {
        let at = inner.at;
        inner = entry(key, map(at, vec![inner]));
    }
    inner
}

/// A value of which nothing is known.
pub(crate) fn unknown(at: Mark) -> Node {
    call("Fn::Base64", scalar("", at))
}
