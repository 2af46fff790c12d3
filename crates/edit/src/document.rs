//! A YAML or JSON file in which lists get managed elements: everything else keeps its bytes.
//!
//! In block style the managed elements stand between two comments. Flow style and JSON have no place for
//! comments; there the statements that are managed are those whose `Sid` starts with [`SID_PREFIX`].

use perm_infer_policy::YamlStyle;
use serde_json::{Map, Value};

use crate::block;
use crate::flow;
use crate::text::{BYTE_ORDER_MARK, indentation, line_end, line_ending, line_start};
use crate::tree::{Kind, Node, Tree};

/// What the `Sid` of a managed statement starts with where there are no comments.
pub(crate) const SID_PREFIX: &str = "PermInfer";

/// Why something is not edited, and the byte that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Refusal { at, message: message.into() }
    }
}

/// A replacement of bytes.
pub(crate) type Change = (std::ops::Range<usize>, String);

/// What is to become of the managed elements of a list.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// They become these; the second form has managed `Sid`s.
    Set { plain: Vec<Value>, marked: Vec<Value> },
    /// These are added to those that are not managed.
    Add(Vec<Value>),
}

/// A file with its tree.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) tree: Tree,
    pub(crate) ending: &'static str,
    pub(crate) style: YamlStyle,
}

impl Document {
    /// Reads a file.
    pub(crate) fn read(text: String) -> Result<Document, Refusal> {
        let tree = Tree::read(&text).map_err(|(at, message)| Refusal::new(at, message))?;
        let style = style(&text, &tree.root);
        Ok(Document { ending: line_ending(&text), style, text, tree })
    }

    /// The changes that give the list at a path the elements that are wanted. What is missing of the path is
    /// added.
    pub(crate) fn change(&self, path: &[&str], wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
        let mut changes = self.changes(path, wanted)?;
        changes.retain(|(range, text)| self.text[range.clone()] != **text);
        Ok(changes)
    }

    fn changes(&self, path: &[&str], wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
        let mut map = &self.tree.root;
        for (position, key) in path.iter().enumerate() {
            let Some(entry) = map.entry(key) else {
                if self.tree.inherits(map, key) {
                    let message = format!("`{key}` comes from another map by an alias, which is not edited");
                    return Err(Refusal::new(map.span.start, message));
                }
                return self.insert(map, &path[position..], wanted);
            };
            let value = &entry.value;
            if let Some(reason) = self.uneditable(value) {
                return Err(Refusal::new(value.span.start, format!("`{key}` {reason}")));
            }
            let is_last = position + 1 == path.len();
            match &value.kind {
                Kind::Null if self.tree.is_json => {
                    return Err(Refusal::new(value.span.start, format!("`{key}` is null")));
                }
                Kind::Null if !value.span.is_empty() => {
                    return Err(Refusal::new(value.span.start, format!("`{key}` is null")));
                }
                Kind::Null => return self.fill(map, entry.colon, &path[position + 1..], wanted),
                _ if is_last && map.is_flow() => return flow::change(self, entry, wanted),
                _ if is_last => return block::change(self, entry, wanted),
                Kind::Map { .. } => map = value,
                _ => return Err(Refusal::new(value.span.start, format!("`{key}` is no map"))),
            }
        }
        Err(Refusal::new(0, "there is no place for it"))
    }

    /// Whether comments can mark what is written at a path: not in JSON and in flow style.
    pub(crate) fn has_comments_at(&self, path: &[&str]) -> bool {
        let mut node = &self.tree.root;
        for key in path {
            if node.is_flow() {
                return false;
            }
            let Some(inner) = node.get(key) else { return true };
            node = inner;
        }
        !matches!(&node.kind, Kind::List { items, flow: true } if !items.is_empty())
    }

    /// Why a node is not edited.
    fn uneditable(&self, node: &Node) -> Option<String> {
        if matches!(node.kind, Kind::Alias(_)) {
            return Some("is an alias of something that stands elsewhere, which is not edited".to_owned());
        }
        if self.tree.is_repeated(node) {
            return Some(
                "is repeated elsewhere by an alias, so that an edit would change that too".to_owned(),
            );
        }
        if node.is_computed() && !self.is_one_text(node) {
            return Some(
                "is computed by a function of the template, so that there is no list to edit".to_owned(),
            );
        }
        node.text().filter(|text| text.starts_with("${")).map(|text| {
            let text: String = text.chars().take(80).collect();
            format!("is defined elsewhere, by `{text}`")
        })
    }

    /// Whether a function of the template gives one text, such as the ARN of a managed policy, and no list.
    fn is_one_text(&self, node: &Node) -> bool {
        let function = node.tag.as_deref().or_else(|| node.entries().first().map(|entry| entry.key.as_str()));
        match function.map(|name| name.trim_start_matches("Fn::")) {
            Some("Sub" | "Join") => true,
            Some("Ref") => {
                node.refers_to().is_some_and(|id| self.tree.root.at_path(&["Resources", &id]).is_some())
            }
            _ => false,
        }
    }

    /// Elements as they stand in the list, and the list in maps of the keys of the path.
    fn nested(&self, path: &[&str], marked: bool, wanted: &Wanted) -> Option<Value> {
        let elements = match wanted {
            Wanted::Set { marked: elements, .. } if marked => elements.clone(),
            Wanted::Set { plain, .. } => plain.clone(),
            Wanted::Add(elements) => elements.clone(),
        };
        if elements.is_empty() {
            return None;
        }
        let list = Value::Array(elements);
        Some(
            path.iter()
                .rev()
                .fold(list, |inner, key| Value::Object(Map::from_iter([((*key).to_owned(), inner)]))),
        )
    }

    /// Adds entries to a map.
    fn insert(&self, map: &Node, path: &[&str], wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
        if map.is_flow() {
            let Some(Value::Object(entries)) = self.nested(path, true, wanted) else { return Ok(Vec::new()) };
            return Ok(vec![flow::insert_entry(self, map, &entries)]);
        }
        let Some(last) = map.entries().last() else {
            return Err(Refusal::new(map.span.start, "there is no map to write it into"));
        };
        let indent = self.column(last.key_span.start);
        let Some(lines) = block::lines(self, path, indent, wanted) else { return Ok(Vec::new()) };
        let at = line_end(&self.text, last.value.end().max(last.colon));
        Ok(vec![(at..at, format!("{}{lines}", self.ending))])
    }

    /// Gives a value to a key without one.
    fn fill(&self, map: &Node, colon: usize, path: &[&str], wanted: &Wanted) -> Result<Vec<Change>, Refusal> {
        if map.is_flow() {
            return Err(Refusal::new(colon, "the key has no value"));
        }
        let indent = self.column(map.entries().first().map_or(colon, |first| first.key_span.start));
        let more = if path.is_empty() { self.style.list } else { self.style.map };
        let Some(lines) = block::lines(self, path, indent + more, wanted) else { return Ok(Vec::new()) };
        let at = line_end(&self.text, colon);
        Ok(vec![(at..at, format!("{}{lines}", self.ending))])
    }

    /// Characters between the start of the line and an offset.
    pub(crate) fn column(&self, offset: usize) -> usize {
        self.text[line_start(&self.text, offset)..offset].chars().count()
    }

    /// One more level of indentation in JSON.
    pub(crate) fn unit(&self) -> String {
        let first = self.tree.root.entries().first().map_or(0, |entry| entry.key_span.start);
        match indentation(&self.text, first) {
            "" => "  ".to_owned(),
            unit => unit.to_owned(),
        }
    }

    /// Whether everything stands on one line, as programs write JSON.
    pub(crate) fn is_compact(&self) -> bool {
        !self.text.trim_start_matches(BYTE_ORDER_MARK).trim().contains('\n')
    }
}

/// How deep the file writes maps and lists, by the first ones in it.
fn style(text: &str, root: &Node) -> YamlStyle {
    let mut found = (None, None);
    look_at(text, root, &mut found);
    let map = found.0.unwrap_or(2);
    YamlStyle { map, list: found.1.unwrap_or(map) }
}

fn look_at(text: &str, node: &Node, found: &mut (Option<usize>, Option<usize>)) {
    let column = |offset: usize| offset - line_start(text, offset);
    for item in node.items() {
        look_at(text, item, found);
    }
    for entry in node.entries() {
        if found.0.is_some() && found.1.is_some() {
            return;
        }
        let key = column(entry.key_span.start);
        match &entry.value.kind {
            Kind::Map { entries, flow: false } if found.0.is_none() => {
                let inner = entries.first().map(|inner| column(inner.key_span.start));
                found.0 =
                    inner.and_then(|inner| inner.checked_sub(key)).filter(|&more| (1..=8).contains(&more));
            }
            Kind::List { items, flow: false } if found.1.is_none() => {
                let dash = items.first().and_then(|item| block::dash_column(text, item.span.start));
                found.1 = dash.and_then(|dash| dash.checked_sub(key)).filter(|&more| more <= 8);
            }
            _ => {}
        }
        look_at(text, &entry.value, found);
    }
}
