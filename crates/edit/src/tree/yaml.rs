//! YAML with the bytes of everything in it.

use std::ops::Range;

use perm_infer_infra::{Failure, Indented, read_leniently};
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Entry, Kind, MAX_DEPTH, Node};

/// Reads the first document of a text that starts `shift` bytes into its file.
pub(super) fn read(text: &str, shift: usize) -> Result<Node, (usize, String)> {
    read_leniently(text, |indented| read_strictly(indented, text, shift))
}

/// From characters of the text that was read to bytes of the file.
struct Offsets<'a> {
    /// The byte of each character, unless all characters are one byte.
    bytes: Option<Vec<usize>>,
    read: &'a Indented,
    shift: usize,
}

impl<'a> Offsets<'a> {
    fn new(read: &'a Indented, shift: usize) -> Self {
        let text = &read.text;
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(byte, _)| byte).collect());
        Offsets { bytes, read, shift }
    }

    fn of(&self, character: usize) -> usize {
        let length = self.read.text.len();
        let byte = match &self.bytes {
            Some(bytes) => bytes.get(character).copied().unwrap_or(length),
            None => character.min(length),
        };
        self.read.original(byte) + self.shift
    }

    fn range(&self, span: Span) -> Range<usize> {
        self.of(span.start.index())..self.of(span.end.index())
    }
}

fn read_strictly(
    read: &Indented,
    original: &str,
    shift: usize,
) -> Result<Node, Box<Failure<(usize, String)>>> {
    let offsets = Offsets::new(read, shift);
    let mut builder = Builder { text: original, offsets: &offsets, open: Vec::new(), root: None };
    let mut parser = Parser::new_from_str(&read.text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let (character, message) = (error.marker().index(), error.info().to_owned());
            Box::new(Failure { character, error: (offsets.of(character), message.clone()), message })
        })?;
        // What the builder refuses is not a matter of indentation.
        let character = span.start.index();
        builder.event(event, offsets.range(span)).map_err(|error| Failure {
            character,
            message: String::new(),
            error,
        })?;
        if builder.root.is_some() {
            break;
        }
    }
    Ok(builder.root.unwrap_or(Node { span: 0..0, kind: Kind::Null, tag: None, anchor: 0 }))
}

struct Builder<'a> {
    text: &'a str,
    offsets: &'a Offsets<'a>,
    /// Containers that are not closed yet, outermost first.
    open: Vec<Open>,
    root: Option<Node>,
}

struct Open {
    start: usize,
    flow: bool,
    anchor: usize,
    tag: Option<String>,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(String, Range<usize>)> },
}

impl Builder<'_> {
    /// The text from an offset of the file on.
    fn from(&self, offset: usize) -> &str {
        self.text.get(offset - self.offsets.shift..).unwrap_or_default()
    }

    fn between(&self, range: &Range<usize>) -> &str {
        self.from(range.start).get(..range.end.saturating_sub(range.start)).unwrap_or_default()
    }

    fn event(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), (usize, String)> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_null =
                    style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let tag = tag.as_deref().and_then(own_tag);
                let kind =
                    if is_null && tag.is_none() { Kind::Null } else { Kind::Scalar(text.into_owned()) };
                let span = self.trimmed(span, style);
                self.add(Node { span, kind, tag, anchor });
            }
            Event::SequenceStart(anchor, tag) => {
                let content = Content::List(Vec::new());
                self.start(span.start, '[', anchor, tag.as_deref(), content)?;
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), key: None };
                self.start(span.start, '{', anchor, tag.as_deref(), content)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                self.add(Node { span, kind: Kind::Alias(anchor), tag: None, anchor: 0 });
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        Ok(())
    }

    /// The span of a scalar without what only follows it. The last line feeds of a block scalar are left out,
    /// except where it says that they are kept.
    fn trimmed(&self, span: Range<usize>, style: ScalarStyle) -> Range<usize> {
        let span = self.content(span.start)..span.end;
        let text = self.between(&span);
        let length = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let header = text.lines().next().unwrap_or_default();
                let keeps = header.starts_with(['|', '>'])
                    && header.split('#').next().unwrap_or_default().contains('+');
                if keeps {
                    text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text)).len()
                } else {
                    text.trim_end().len()
                }
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted_length(text),
            ScalarStyle::Plain => text.trim_end().len(),
        };
        span.start..span.start + length
    }

    fn start(
        &mut self,
        start: usize,
        bracket: char,
        anchor: usize,
        tag: Option<&Tag>,
        content: Content,
    ) -> Result<(), (usize, String)> {
        if self.open.len() >= MAX_DEPTH {
            return Err((start, "it is nested too deep".to_owned()));
        }
        let start = self.content(start);
        let flow = self.from(start).starts_with(bracket);
        self.open.push(Open { start, flow, anchor, tag: tag.and_then(own_tag), content });
        Ok(())
    }

    /// Where the value itself starts, behind its tag and anchor.
    fn content(&self, offset: usize) -> usize {
        let mut at = offset;
        loop {
            let rest = self.from(at);
            if !rest.starts_with(['&', '!']) {
                return at;
            }
            let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
            at += rest.len() - rest[word..].trim_start().len();
        }
    }

    /// The offset behind the closing bracket that follows an offset; only commas and comments are between.
    fn closed(&self, offset: usize) -> usize {
        let mut at = offset;
        loop {
            let rest = self.from(at);
            let inner =
                rest.trim_start_matches(|character: char| character.is_whitespace() || character == ',');
            at += rest.len() - inner.len();
            match inner.chars().next() {
                Some('#') => at += inner.find('\n').unwrap_or(inner.len()),
                Some(']' | '}') => return at + 1,
                _ => return at,
            }
        }
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let Open { start, flow, anchor, tag, content } = open;
        let kind = match content {
            Content::List(items) => Kind::List { items, flow },
            Content::Map { entries, .. } => Kind::Map { entries, flow },
        };
        let mut node = Node { span: start..start, kind, tag, anchor };
        node.span.end = match flow {
            true => self.closed(node.end_of_last().unwrap_or(start + 1)),
            // A block ends with what is in it.
            false => node.end_of_last().unwrap_or(start),
        };
        self.add(node);
    }

    fn add(&mut self, node: Node) {
        let text = self.text;
        let shift = self.offsets.shift;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map { entries, key } => match key.take() {
                None => *key = Some((node.text().unwrap_or_default().to_owned(), node.span)),
                Some((key, key_span)) => {
                    let behind = text.get(key_span.end - shift..).unwrap_or_default();
                    let spaces = behind.len() - behind.trim_start().len();
                    let has_colon = behind[spaces..].starts_with(':');
                    let colon = key_span.end + if has_colon { spaces + 1 } else { 0 };
                    let mut node = node;
                    if matches!(node.kind, Kind::Null) && node.span.is_empty() {
                        // A value that is left out stands wherever the reader went on.
                        node.span = colon..colon;
                    }
                    entries.push(Entry { key, key_span, colon, value: node });
                }
            },
        }
    }
}

impl Node {
    fn end_of_last(&self) -> Option<usize> {
        match &self.kind {
            Kind::List { items, .. } => items.last().map(Node::end),
            Kind::Map { entries, .. } => entries.last().map(|entry| entry.value.end().max(entry.colon)),
            _ => None,
        }
    }
}

/// The length of a quoted text with its quotes; the reader counts what follows it to it.
fn quoted_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let Some((_, quote)) = characters.next() else { return 0 };
    let mut characters = characters.peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if quote == '"' => {
                characters.next();
            }
            '\'' if quote == '\'' && characters.peek().is_some_and(|(_, next)| *next == '\'') => {
                characters.next();
            }
            character if character == quote => return at + 1,
            _ => {}
        }
    }
    text.trim_end().len()
}

/// A tag that is none of YAML's own.
fn own_tag(tag: &Tag) -> Option<String> {
    (!tag.is_yaml_core_schema() && !tag.suffix.is_empty())
        .then(|| tag.suffix.trim_start_matches("Fn::").to_owned())
}
