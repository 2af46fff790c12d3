//! YAML with places, aliases expanded, short forms of intrinsic functions made long.

use std::collections::HashMap;

use perm_infer_diagnostics::Diagnostic;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::lenient::{Failure, read_leniently};
use super::{Entry, Files, Kind, MAX_DEPTH, MAX_NODES, Mark, Node, add_entry, syntax_error};

/// Reads the first document of a YAML text.
pub(super) fn read(
    text: &str,
    file: u32,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Node, Diagnostic> {
    let before = diagnostics.len();
    read_leniently(text, |indented| {
        diagnostics.truncate(before);
        read_strictly(&indented.text, file, files, diagnostics)
    })
}

fn read_strictly(
    text: &str,
    file: u32,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Node, Box<Failure<Diagnostic>>> {
    let mut builder =
        Builder { file, files, diagnostics, open: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let marker = *error.marker();
            let mark = builder.mark(Span::empty(marker));
            let said = syntax_error(files.location(mark), error.info());
            Box::new(Failure { character: marker.index(), message: error.info().to_owned(), error: said })
        })?;
        // What the builder refuses is not a matter of indentation.
        let place = span.start.index();
        builder.event(event, span).map_err(|error| Failure {
            character: place,
            message: String::new(),
            error,
        })?;
        if builder.root.is_some() {
            break;
        }
    }
    let empty = Node { at: Mark { file, line: 1, column: 1 }, kind: Kind::Null };
    Ok(builder.root.unwrap_or(empty))
}

struct Builder<'a> {
    file: u32,
    files: &'a Files,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Containers that are not closed yet, outermost first.
    open: Vec<Open>,
    /// Anchored nodes and how many nodes each has.
    anchors: HashMap<usize, (Node, usize)>,
    /// Nodes so far, with those that aliases repeat.
    nodes: usize,
    root: Option<Node>,
}

struct Open {
    at: Mark,
    anchor: usize,
    tag: Option<String>,
    /// Nodes when it was opened.
    before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, known: HashMap<String, usize>, key: Option<(String, Mark)>, merged: Vec<Node> },
}

impl Builder<'_> {
    fn mark(&self, span: Span) -> Mark {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Mark { file: self.file, line: number(span.start.line()), column: number(span.start.col() + 1) }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        let at = self.mark(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.count(1, at)?;
                let is_null =
                    style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let tag = tag.as_deref().and_then(function_of);
                let kind =
                    if is_null && tag.is_none() { Kind::Null } else { Kind::Scalar(text.into_owned()) };
                let node = with_tag(Node { at, kind }, tag);
                self.anchor(anchor, &node, 1);
                self.add(node)
            }
            Event::SequenceStart(anchor, tag) => {
                self.start(at, anchor, tag.as_deref(), Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Map {
                    entries: Vec::new(),
                    known: HashMap::new(),
                    key: None,
                    merged: Vec::new(),
                };
                self.start(at, anchor, tag.as_deref(), content)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let Some((node, size)) = self.anchors.get(&anchor) else {
                    return Err(syntax_error(self.files.location(at), "an alias of what is not known yet"));
                };
                let (node, size) = (node.clone(), *size);
                self.count(size, at)?;
                self.add(node)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    /// Counts nodes; a few lines of aliases of aliases would else fill the memory.
    fn count(&mut self, nodes: usize, at: Mark) -> Result<(), Diagnostic> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(syntax_error(self.files.location(at), "its aliases make it too large"));
        }
        Ok(())
    }

    fn start(
        &mut self,
        at: Mark,
        anchor: usize,
        tag: Option<&Tag>,
        content: Content,
    ) -> Result<(), Diagnostic> {
        if self.open.len() >= MAX_DEPTH {
            return Err(syntax_error(self.files.location(at), "it is nested too deep"));
        }
        self.count(1, at)?;
        let tag = tag.and_then(function_of);
        self.open.push(Open { at, anchor, tag, before: self.nodes - 1, content });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let kind = match open.content {
            Content::List(items) => Kind::List(items),
            Content::Map { mut entries, known, merged, .. } => {
                let inherited = merged.iter().flat_map(|merged| match &merged.kind {
                    Kind::List(items) => items.iter().collect(),
                    _ => vec![merged],
                });
                for entry in inherited.flat_map(Node::entries) {
                    if !known.contains_key(&entry.key) && !entries.iter().any(|own| own.key == entry.key) {
                        entries.push(entry.clone());
                    }
                }
                Kind::Map(entries)
            }
        };
        let node = with_tag(Node { at: open.at, kind }, open.tag);
        self.anchor(open.anchor, &node, self.nodes - open.before);
        self.add(node)
    }

    fn anchor(&mut self, anchor: usize, node: &Node, size: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
    }

    fn add(&mut self, node: Node) -> Result<(), Diagnostic> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, known, key, merged } => match key.take() {
                None => {
                    let at = node.at;
                    *key = Some((node.text().unwrap_or_default().to_owned(), at));
                }
                Some((key, _)) if key == "<<" => merged.push(node),
                Some((key, at)) => {
                    let mut value = node;
                    split_attribute(&key, &mut value);
                    add_entry(entries, known, Entry { key, at, value }, self.files, self.diagnostics);
                }
            },
        }
        Ok(())
    }
}

/// The long name of the function that a tag means; none for the tags of YAML itself.
fn function_of(tag: &Tag) -> Option<String> {
    if tag.is_yaml_core_schema() || tag.handle != "!" {
        return None;
    }
    match tag.suffix.as_str() {
        "" => None,
        name @ ("Ref" | "Condition") => Some(name.to_owned()),
        name => Some(format!("Fn::{}", name.strip_prefix("Fn::").unwrap_or(name))),
    }
}

fn with_tag(node: Node, tag: Option<String>) -> Node {
    let Some(key) = tag else { return node };
    let at = node.at;
    let mut value = node;
    split_attribute(&key, &mut value);
    Node { at, kind: Kind::Map(vec![Entry { key, at, value }]) }
}

/// `!GetAtt A.B` and `"Fn::GetAtt": "A.B"` become the form with a list.
pub(super) fn split_attribute(key: &str, value: &mut Node) {
    if key != "Fn::GetAtt" {
        return;
    }
    let at = value.at;
    if let Kind::Scalar(text) = &value.kind
        && let Some((resource, attribute)) = text.split_once('.')
    {
        let part = |text: &str| Node { at, kind: Kind::Scalar(text.to_owned()) };
        value.kind = Kind::List(vec![part(resource), part(attribute)]);
    }
}
