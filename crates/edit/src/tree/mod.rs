//! YAML and JSON as one kind of tree that knows which bytes everything stands on, for editing.
//!
//! Other than the tree that `infra` computes values from, it keeps aliases, tags and the difference between
//! block and flow style.

mod json;
mod yaml;

use std::collections::HashMap;
use std::ops::Range;

/// How deep nodes may be nested.
const MAX_DEPTH: usize = 128;

/// A whole file.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) root: Node,
    /// Whether it is JSON, which has no comments.
    pub(crate) is_json: bool,
    /// Anchors that some alias repeats.
    used: HashMap<usize, u32>,
    /// Keys of anchored maps.
    keys: HashMap<usize, Vec<String>>,
    /// Where nodes start, ascending.
    starts: Vec<usize>,
    /// Where scalars stand, ascending.
    scalars: Vec<Range<usize>>,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Its bytes without tag and anchor; empty for a value that is left out.
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
    /// A tag that is none of YAML's own, without its exclamation mark: `GetAtt`.
    pub(crate) tag: Option<String>,
    /// The number of its anchor; 0 is none.
    anchor: usize,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    Scalar(String),
    /// The number of the anchor.
    Alias(usize),
    List {
        items: Vec<Node>,
        flow: bool,
    },
    Map {
        entries: Vec<Entry>,
        flow: bool,
    },
}

/// An entry of a map.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    /// The offset behind the colon.
    pub(crate) colon: usize,
    pub(crate) value: Node,
}

impl Node {
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map { entries, .. } => entries,
            _ => &[],
        }
    }

    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List { items, .. } => items,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The last entry of that key, which is the one that counts.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| entry.key == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    pub(crate) fn at_path(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The items of a list, or the one value.
    pub(crate) fn one_or_items(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::List { items, .. } => items.iter().collect(),
            Kind::Null => Vec::new(),
            _ => vec![self],
        }
    }

    pub(crate) fn is_flow(&self) -> bool {
        matches!(self.kind, Kind::List { flow: true, .. } | Kind::Map { flow: true, .. })
    }

    /// Whether CloudFormation computes the value.
    pub(crate) fn is_computed(&self) -> bool {
        let is_call = |key: &str| key == "Ref" || key.starts_with("Fn::");
        self.tag.is_some() || matches!(self.entries(), [entry] if is_call(&entry.key))
    }

    /// The resource that `Ref`, `Fn::GetAtt` or `Fn::Sub` refers to, in any of their forms.
    pub(crate) fn refers_to(&self) -> Option<String> {
        let (function, argument) = match (self.tag.as_deref(), self.entries()) {
            (Some(tag), _) => (tag, self),
            (None, [entry]) => (entry.key.trim_start_matches("Fn::"), &entry.value),
            _ => return None,
        };
        let id = match (function, &argument.kind) {
            ("Ref", Kind::Scalar(id)) => id.as_str(),
            ("GetAtt", Kind::Scalar(text)) => text.split('.').next()?,
            ("GetAtt", Kind::List { items, .. }) => items.first()?.text()?,
            ("Sub", Kind::Scalar(text)) => {
                let inner = text.strip_prefix("${")?.strip_suffix('}')?;
                inner.split('.').next().filter(|id| !id.contains("${"))?
            }
            _ => return None,
        };
        Some(id.to_owned())
    }

    /// The offset behind everything in it.
    pub(crate) fn end(&self) -> usize {
        match &self.kind {
            Kind::List { items, flow: false } => items.last().map_or(self.span.end, Node::end),
            Kind::Map { entries, flow: false } => {
                entries.last().map_or(self.span.end, |entry| entry.value.end().max(entry.colon))
            }
            _ => self.span.end,
        }
    }
}

impl Tree {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is neither YAML nor JSON: the offset and what is wrong.
    pub(crate) fn read(text: &str) -> Result<Tree, (usize, String)> {
        let content = text.trim_start_matches(crate::text::BYTE_ORDER_MARK);
        let shift = text.len() - content.len();
        let looks_like_json = content.trim_start().starts_with('{');
        if looks_like_json && let Ok(root) = json::read(content, shift) {
            return Ok(Tree::of(root, true));
        }
        match yaml::read(content, shift) {
            Ok(root) => Ok(Tree::of(root, false)),
            Err(error) if looks_like_json => Err(json::read(content, shift).err().unwrap_or(error)),
            Err(error) => Err(error),
        }
    }

    fn of(root: Node, is_json: bool) -> Tree {
        let mut tree = Tree {
            root: Node { span: 0..0, kind: Kind::Null, tag: None, anchor: 0 },
            is_json,
            used: HashMap::new(),
            keys: HashMap::new(),
            starts: Vec::new(),
            scalars: Vec::new(),
        };
        tree.note(&root);
        tree.starts.sort_unstable();
        tree.scalars.sort_unstable_by_key(|span| span.start);
        tree.root = root;
        tree
    }

    fn note(&mut self, node: &Node) {
        self.starts.push(node.span.start);
        if node.anchor > 0 {
            let keys = node.entries().iter().map(|entry| entry.key.clone()).collect();
            self.keys.insert(node.anchor, keys);
        }
        match &node.kind {
            Kind::Alias(anchor) => *self.used.entry(*anchor).or_default() += 1,
            Kind::Scalar(_) => self.scalars.push(node.span.clone()),
            Kind::List { items, .. } => items.iter().for_each(|item| self.note(item)),
            Kind::Map { entries, .. } => {
                for entry in entries {
                    self.starts.push(entry.key_span.start);
                    self.note(&entry.value);
                }
            }
            Kind::Null => {}
        }
    }

    /// Whether some alias repeats the node, so that a change of it would be one elsewhere too.
    pub(crate) fn is_repeated(&self, node: &Node) -> bool {
        node.anchor > 0 && self.used.contains_key(&node.anchor)
    }

    /// Whether a map takes the key from others by `<<`.
    pub(crate) fn inherits(&self, map: &Node, key: &str) -> bool {
        let Some(merged) = map.get("<<") else { return false };
        merged.one_or_items().into_iter().any(|merged| match &merged.kind {
            Kind::Alias(anchor) => {
                self.keys.get(anchor).is_some_and(|keys| keys.iter().any(|known| known == key))
            }
            _ => merged.get(key).is_some(),
        })
    }

    /// Where the first node at or behind an offset starts.
    pub(crate) fn next_start(&self, offset: usize) -> Option<usize> {
        self.starts.get(self.starts.partition_point(|&start| start < offset)).copied()
    }

    /// Whether a place is inside of a scalar, where nothing is a comment.
    pub(crate) fn is_in_scalar(&self, offset: usize) -> bool {
        let behind = self.scalars.partition_point(|span| span.start <= offset);
        behind.checked_sub(1).is_some_and(|position| self.scalars[position].end > offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn tree(text: &str) -> Tree {
        Tree::read(text).unwrap_or_else(|error| panic!("{error:?}"))
    }

    #[track_caller]
    fn spans_of(text: &str, path: &[&str]) -> (String, String) {
        let tree = tree(text);
        let (last, before) = path.split_last().expect("a path");
        let entry = tree.root.at_path(before).and_then(|map| map.entry(last)).expect("an entry");
        let whole = &text[entry.colon..entry.value.end()];
        (text[entry.key_span.clone()].to_owned(), whole.to_owned())
    }

    #[test]
    fn everything_knows_its_bytes_whatever_the_style_and_the_line_ending() {
        let text = "\u{feff}# é\r\na:\r\n  \"b\" : 'ü x'   # c\r\n  l:\r\n  - !Ref é\r\n  - [1, {k: v}]\r\n  m: &x {n: o}\r\nz: |\r\n  one\r\n\r\n  two\r\n\r\n# end\r\n";
        assert_eq!(spans_of(text, &["a", "b"]), ("\"b\"".into(), " 'ü x'".into()));
        assert_eq!(spans_of(text, &["a", "m"]).1, " &x {n: o}");
        assert_eq!(spans_of(text, &["a", "l"]).1, "\r\n  - !Ref é\r\n  - [1, {k: v}]");
        assert_eq!(spans_of(text, &["z"]).1, " |\r\n  one\r\n\r\n  two");
        let tree = tree(text);
        let list = tree.root.at_path(&["a", "l"]).expect("list");
        assert_eq!(list.items()[0].tag.as_deref(), Some("Ref"));
        assert!(!list.is_flow() && list.items()[1].is_flow());
        assert!(tree.root.at_path(&["a", "m"]).expect("map").is_flow());
    }

    #[test]
    fn json_has_spans_too() {
        let text = "{\n\t\"a\": [1, {\"b\" :\"c\"}],\n\t\"d\": null\n}\n";
        assert_eq!(spans_of(text, &["a"]), ("\"a\"".into(), " [1, {\"b\" :\"c\"}]".into()));
        assert!(tree(text).is_json && tree("{a: b}").root.is_flow() && !tree("{a: b}").is_json);
    }

    #[test]
    fn brackets_that_are_not_indented_are_read_at_their_places() {
        let text = "a:\n  b: [\n    1,\n    2\n  ]\nc: {\n  d: 3\n}\ne: f\n";
        assert_eq!(spans_of(text, &["a", "b"]).1, " [\n    1,\n    2\n  ]");
        assert_eq!(spans_of(text, &["c"]).1, " {\n  d: 3\n}");
        assert_eq!(spans_of(text, &["e"]).1, " f");
    }

    #[test]
    fn aliases_and_merges_are_known() {
        let tree = tree("x: &x {k: 1}\ny: &y {k: 1}\na: *x\nb:\n  <<: *x\n  m: 1\nc:\n");
        assert!(tree.is_repeated(tree.root.get("x").expect("x")));
        assert!(!tree.is_repeated(tree.root.get("y").expect("y")));
        let merging = tree.root.get("b").expect("b");
        assert!(tree.inherits(merging, "k") && !tree.inherits(merging, "m"));
        assert!(matches!(tree.root.get("c").expect("c").kind, Kind::Null));
    }

    #[test]
    fn text_in_scalars_is_no_comment() {
        let text = "a: |\n  # no comment\nb: c # comment\n";
        let tree = tree(text);
        assert!(tree.is_in_scalar(text.find("# no").expect("text")));
        assert!(!tree.is_in_scalar(text.find("# comment").expect("text")));
    }

    #[test]
    fn hostile_texts_are_refused_or_read_and_never_panic() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(Tree::read(&deep).is_err());
        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert!(Tree::read(&deep).is_err());
        for text in [
            "",
            "\u{feff}",
            "a",
            "- a",
            "---\n---\n",
            "a:\n\t- b",
            "? [a]\n: b",
            "&a",
            "*a",
            "{",
            "}",
            "a: [",
            "é: ]",
        ] {
            let _ = Tree::read(text);
        }
    }
}
