//! YAML and JSON as one kind of tree that knows the line of everything in it.
//!
//! Short forms of CloudFormation (`!Ref X`, `!GetAtt A.B`) become their long forms while reading, so that
//! nobody else has to know them. Aliases are expanded, up to a bound on the size of the whole.

mod json;
mod lenient;
pub(crate) mod make;
mod yaml;

pub use json::strict_json;
pub use lenient::{Failure, Indented, read_leniently};
use perm_infer_diagnostics::{Diagnostic, Location, Severity};

/// Largest template that is read, in bytes.
pub(crate) const MAX_BYTES: u64 = 8 << 20;

/// Nodes that one file may have after its aliases are expanded.
const MAX_NODES: usize = 1_000_000;

/// How deep nodes may be nested.
const MAX_DEPTH: usize = 128;

/// A place in one of the [`Files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Mark {
    file: u32,
    /// 1-based.
    pub(crate) line: u32,
    /// 1-based.
    column: u32,
}

impl Mark {
    /// A place in a file by its number.
    pub(crate) fn at(file: u32, line: u32, column: u32) -> Mark {
        Mark { file, line, column }
    }

    /// The number of the file.
    pub(crate) fn file(self) -> u32 {
        self.file
    }
}

/// The files that were read, by their shown paths.
#[derive(Debug, Default)]
pub(crate) struct Files {
    shown: Vec<String>,
}

impl Files {
    /// Adds a file and gives its number.
    pub(crate) fn add(&mut self, shown: &str) -> u32 {
        self.shown.push(shown.to_owned());
        u32::try_from(self.shown.len() - 1).unwrap_or(u32::MAX)
    }

    /// The place as users see it.
    pub(crate) fn location(&self, mark: Mark) -> Location {
        let path = self.shown.get(mark.file as usize).cloned().unwrap_or_default();
        Location { path, line: mark.line, column: mark.column }
    }
}

/// One value with the place where it starts.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) at: Mark,
    pub(crate) kind: Kind,
}

/// What a value is. Numbers and booleans are kept as they are written.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// One entry of a map.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: Mark,
    pub(crate) value: Node,
}

impl Node {
    /// The text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a map; none of anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The entry of a map.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of an entry.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value below several keys.
    pub(crate) fn at_path(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Says of everything in it that it is at one place.
    pub(crate) fn move_to(&mut self, at: Mark) {
        self.at = at;
        match &mut self.kind {
            Kind::List(items) => items.iter_mut().for_each(|item| item.move_to(at)),
            Kind::Map(entries) => entries.iter_mut().for_each(|entry| {
                entry.at = at;
                entry.value.move_to(at);
            }),
            Kind::Null | Kind::Scalar(_) => {}
        }
    }

    /// The only key of a map that is a call of an intrinsic function, with what it is given.
    pub(crate) fn intrinsic(&self) -> Option<(&str, &Node)> {
        match self.entries() {
            [entry] if entry.key == "Ref" || entry.key == "Condition" || entry.key.starts_with("Fn::") => {
                Some((&entry.key, &entry.value))
            }
            _ => None,
        }
    }
}

/// The condition of resources that a deployment only looks up: they have names, and are not made by it.
pub(crate) const LOOKED_UP: &str = "LookedUp";

/// That condition, for the section of conditions.
pub(crate) fn looked_up(at: Mark) -> Entry {
    let scalar = |text: &str| Node { at, kind: Kind::Scalar(text.to_owned()) };
    let sides = Node { at, kind: Kind::List(vec![scalar("made"), scalar("looked up")]) };
    let equals = Entry { key: "Fn::Equals".to_owned(), at, value: sides };
    Entry { key: LOOKED_UP.to_owned(), at, value: Node { at, kind: Kind::Map(vec![equals]) } }
}

/// A resource that refers to others and of which no more is known: it may invoke a function among them.
pub(crate) fn mention(key: String, ids: &[&str], at: Mark) -> Entry {
    let scalar = |text: &str| Node { at, kind: Kind::Scalar(text.to_owned()) };
    let entry = |key: &str, value: Node| Entry { key: key.to_owned(), at, value };
    let reference = |id: &&str| Node { at, kind: Kind::Map(vec![entry("Ref", scalar(id))]) };
    let of = Node { at, kind: Kind::List(ids.iter().map(reference).collect()) };
    let properties = Node { at, kind: Kind::Map(vec![entry("Of", of)]) };
    let inner = vec![entry("Type", scalar("Other::Resource")), entry("Properties", properties)];
    Entry { key, at, value: Node { at, kind: Kind::Map(inner) } }
}

/// Whether a text starts like JSON.
fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// Reads a text. Problems that leave a tree are added to `diagnostics`; where nothing is left, the error is
/// the result.
pub(crate) fn read(
    text: &str,
    file: u32,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let text = text.trim_start_matches('\u{feff}');
    // YAML has comments and tags that JSON has not; what is no JSON may still be YAML in flow style.
    if is_json(text)
        && let Ok(node) = json::read(text, file, files, diagnostics)
    {
        return Ok(node);
    }
    let before = diagnostics.len();
    let result = yaml::read(text, file, files, diagnostics);
    match result {
        Err(_) if is_json(text) => {
            diagnostics.truncate(before);
            json::read(text, file, files, diagnostics)
        }
        result => result,
    }
}

fn syntax_error(location: Location, message: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::new(Severity::Warning, "template-syntax", format!("the template cannot be read: {message}"))
        .at(location)
        .remedy("correct the file, or leave it out with --no-template; its names and functions are not used")
        .unresolved()
}

fn duplicate_key(location: Location, key: &str) -> Diagnostic {
    let key: String = key.chars().take(80).collect();
    Diagnostic::new(
        Severity::Warning,
        "duplicate-key",
        format!("`{key}` stands here a second time; the last one counts"),
    )
    .at(location)
    .remedy("remove one of them")
}

/// Adds an entry; of two with the same key the later one stays, at the place of the first.
fn add_entry(
    entries: &mut Vec<Entry>,
    known: &mut std::collections::HashMap<String, usize>,
    entry: Entry,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match known.get(&entry.key) {
        Some(&position) => {
            diagnostics.push(duplicate_key(files.location(entry.at), &entry.key));
            entries[position] = entry;
        }
        None => {
            known.insert(entry.key.clone(), entries.len());
            entries.push(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn tree(text: &str) -> (Node, Vec<String>) {
        let mut files = Files::default();
        let file = files.add("t.yaml");
        let mut diagnostics = Vec::new();
        let node = read(text, file, &files, &mut diagnostics).expect("a tree");
        (node, diagnostics.iter().map(ToString::to_string).collect())
    }

    #[track_caller]
    fn error(text: &str) -> String {
        let mut files = Files::default();
        let file = files.add("t.yaml");
        read(text, file, &files, &mut Vec::new()).expect_err("no tree").to_string()
    }

    #[test]
    fn short_forms_become_long_ones_and_lines_are_kept() {
        let (node, problems) = tree("A: !Ref X\nB: !GetAtt Q.Arn\nC: !Sub\n  - a${x}\n  - x: !Ref Y\n");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(node.at_path(&["A", "Ref"]).and_then(Node::text), Some("X"));
        let attribute = node.at_path(&["B", "Fn::GetAtt"]).expect("long form");
        assert_eq!(attribute.items().iter().filter_map(Node::text).collect::<Vec<_>>(), ["Q", "Arn"]);
        let sub = node.at_path(&["C", "Fn::Sub"]).expect("long form");
        assert_eq!(sub.items()[1].at_path(&["x", "Ref"]).expect("inner").at.line, 5);
    }

    #[test]
    fn json_reads_like_yaml_with_lines_and_tabs() {
        let (node, problems) =
            tree("{\n\t\"A\": {\"Ref\": \"X\"},\n\t\"B\": [1, true, null, \"\\ud83d\\ude00\"]\n}");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(node.get("B").expect("list").at.line, 3);
        let items = node.get("B").expect("list").items();
        assert_eq!((items[0].text(), items[1].text()), (Some("1"), Some("true")));
        assert!(matches!(items[2].kind, Kind::Null));
        assert_eq!(items[3].text(), Some("😀"));
    }

    #[test]
    fn anchors_merge_keys_and_duplicates() {
        let (node, problems) = tree("a: &x {k: 1, l: 2}\nb:\n  <<: *x\n  l: 3\nc: *x\nc: 4\n");
        assert_eq!(node.at_path(&["b", "k"]).and_then(Node::text), Some("1"));
        assert_eq!(node.at_path(&["b", "l"]).and_then(Node::text), Some("3"));
        assert_eq!(node.get("c").and_then(Node::text), Some("4"));
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("t.yaml:6:1: warning: `c` stands here"), "{problems:?}");
    }

    #[test]
    fn hostile_texts_end_with_an_error_at_their_line() {
        let mut laughs = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            laughs.push_str(&format!("b{level}: &a{level} [{items}]\n"));
        }
        assert!(error(&laughs).starts_with("t.yaml:6"), "{}", error(&laughs));
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(error(&deep).starts_with("t.yaml:1:"), "{}", error(&deep));
        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        assert!(!error(&deep).is_empty());
        assert!(error("a: 1\nb: [1, 2\nc: 3\n").starts_with("t.yaml:"));
        assert!(error("{\"a\": 1,\n \"b\": [}").starts_with("t.yaml:2"));
        assert!(error("a: *b").starts_with("t.yaml:1"));
    }

    #[test]
    fn closing_brackets_need_no_indentation() {
        let (node, problems) = tree("a:\n  b: [\n    1,\n    2\n  ]\nc: {\n  d: 3\n}\n");
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(node.at_path(&["a", "b"]).expect("list").items().len(), 2);
        assert_eq!(node.at_path(&["c", "d"]).and_then(Node::text), Some("3"));
    }

    #[test]
    fn unknown_tags_are_kept_as_functions_that_nobody_knows() {
        let (node, _) = tree("a: !Frobnicate x\nb: !!str 12\n");
        assert_eq!(node.at_path(&["a", "Fn::Frobnicate"]).and_then(Node::text), Some("x"));
        assert_eq!(node.get("b").and_then(Node::text), Some("12"));
    }

    #[test]
    fn nothing_else_makes_a_panic() {
        for text in [
            "",
            "\u{feff}",
            "a",
            "- a\n- b",
            "---\n---\n",
            "%YAML 1.2\n---\na: 1",
            "a:\n\t- b",
            "? [a]\n: b",
            "&a",
        ] {
            let mut files = Files::default();
            let file = files.add("t.yaml");
            let _ = read(text, file, &files, &mut Vec::new());
        }
    }
}
