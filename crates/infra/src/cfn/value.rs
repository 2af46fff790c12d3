//! Properties as values, and documents that a template carries as text (definitions of state machines, API
//! descriptions): files and strings with placeholders, read into the same kind of value.

use std::path::Path;

use perm_infer_diagnostics::Diagnostic;
use perm_infer_policy::Pattern;

use super::{MAX_DEPTH, Reader, StackId};
use crate::code::join;
use crate::references::Reference;
use crate::tree::{self, Mark, Node};
use crate::value::{Kind, Value};

/// Characters of a document in a template, with everything that is put into it.
const MAX_DOCUMENT: usize = 1 << 20;

/// The mark of placeholders for values that a function of CloudFormation gives inside of a document.
const MADE: char = '\u{e000}';

/// What the placeholders `${Name}` of a document stand for.
#[derive(Default)]
pub(super) struct Placeholders<'n> {
    /// Whether maps may be calls of intrinsic functions.
    intrinsic: bool,
    /// Values of numbered placeholders.
    made: Vec<Vec<Pattern>>,
    /// Values of named ones.
    named: Option<&'n Node>,
}

/// A document: the tree of it, and what its placeholders stand for.
pub(super) struct Document<'n> {
    root: Node,
    placeholders: Placeholders<'n>,
}

impl Reader<'_> {
    /// A property with placeholders in its texts.
    pub(super) fn value_naming(&mut self, stack: StackId, node: &Node, named: Option<&Node>) -> Value {
        self.value_with(stack, node, &Placeholders { intrinsic: true, named, ..Placeholders::default() }, 0)
    }

    /// The value of a document.
    pub(super) fn value_of_document(&mut self, stack: StackId, document: &Document<'_>) -> Value {
        self.value_with(stack, &document.root, &document.placeholders, 0)
    }

    fn value_with(
        &mut self,
        stack: StackId,
        node: &Node,
        placeholders: &Placeholders<'_>,
        depth: usize,
    ) -> Value {
        let unknown = |at| Value { at, kind: Kind::Text(vec![Pattern::any()]) };
        if depth > 2 * MAX_DEPTH {
            return unknown(node.at);
        }
        let kind = match &node.kind {
            tree::Kind::Null => Kind::Null,
            tree::Kind::Scalar(text) => Kind::Text(self.filled(stack, text, node.at, placeholders)),
            tree::Kind::List(items) => {
                let mut values = Vec::new();
                for item in items {
                    // All items that a condition may choose.
                    let choices: Vec<&Node> = match placeholders.intrinsic {
                        true => self.present(stack, Some(item)),
                        false => vec![item],
                    };
                    for choice in choices {
                        values.push(self.value_with(stack, choice, placeholders, depth + 1));
                    }
                }
                Kind::List(values)
            }
            tree::Kind::Map(_) if placeholders.intrinsic && node.intrinsic().is_some() => {
                return self.intrinsic_value(stack, node, placeholders, depth);
            }
            tree::Kind::Map(entries) => {
                let entries = entries.iter();
                let value = |entry: &tree::Entry| {
                    (entry.key.clone(), self.value_with(stack, &entry.value, placeholders, depth + 1))
                };
                Kind::Map(entries.map(value).collect())
            }
        };
        Value { at: node.at, kind }
    }

    /// The value of a call of an intrinsic function; conditions choose among whole values.
    fn intrinsic_value(
        &mut self,
        stack: StackId,
        node: &Node,
        placeholders: &Placeholders<'_>,
        depth: usize,
    ) -> Value {
        let branches: Vec<Node> = self.present(stack, Some(node)).into_iter().cloned().collect();
        if let [only] = branches.as_slice()
            && only.intrinsic().is_some()
        {
            return Value { at: node.at, kind: Kind::Text(self.texts(stack, only)) };
        }
        let branches = branches.iter().map(|branch| self.value_with(stack, branch, placeholders, depth + 1));
        branches.reduce(Value::or).unwrap_or(Value { at: node.at, kind: Kind::Null })
    }

    /// A text with its placeholders replaced.
    fn filled(
        &mut self,
        stack: StackId,
        text: &str,
        at: Mark,
        placeholders: &Placeholders<'_>,
    ) -> Vec<Pattern> {
        let is_plain = placeholders.named.is_none() && placeholders.made.is_empty() && placeholders.intrinsic;
        if is_plain || !text.contains("${") {
            return vec![super::eval::literal(text)];
        }
        let mut values = vec![Pattern::default()];
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, after)) = after.split_once('}') else { break };
            super::eval::append(&mut values, &[super::eval::literal(before)]);
            let value = self.placeholder(stack, name.trim(), at, placeholders);
            super::eval::append(&mut values, &value);
            rest = after;
        }
        super::eval::append(&mut values, &[super::eval::literal(rest)]);
        values
    }

    fn placeholder(
        &mut self,
        stack: StackId,
        name: &str,
        at: Mark,
        placeholders: &Placeholders<'_>,
    ) -> Vec<Pattern> {
        let made = name.strip_prefix(MADE).and_then(|number| number.parse::<usize>().ok());
        if let Some(made) = made.and_then(|number| placeholders.made.get(number)) {
            return made.clone();
        }
        match placeholders.named.and_then(|named| named.get(name)) {
            Some(node) => self.texts(stack, node),
            None if self.settings.parameters.contains_key(name) && self.template(stack).parent.is_none() => {
                self.settings.parameters.get(name).map(Pattern::literal).into_iter().collect()
            }
            None => {
                let scope = self.template(stack).scope.clone();
                let reference = Reference {
                    values: vec![Pattern::any()],
                    location: Some(self.location(at)),
                    what: format!("placeholder `{name}`"),
                    remedy: format!(
                        "say what it stands for in the template, or pass --parameter {name}=VALUE"
                    ),
                    is_arn: false,
                    written: Vec::new(),
                };
                let mut pattern = Pattern::default();
                pattern.push(self.references.symbol(&format!("{scope}{name}"), reference));
                vec![pattern]
            }
        }
    }

    /// The document in a file next to the template; reported where it cannot be read.
    pub(super) fn document_file<'n>(
        &mut self,
        stack: StackId,
        local: &str,
        at: Mark,
        named: Option<&'n Node>,
    ) -> Option<Document<'n>> {
        let path = join(&self.template(stack).directory, local);
        if !self.may_read(&path, at) {
            return None;
        }
        if path != join(&self.template(stack).path, "") {
            self.documents.push(path.clone());
        }
        match self.read_document(&path) {
            Ok(root) => {
                Some(Document { root, placeholders: Placeholders { named, ..Placeholders::default() } })
            }
            Err(problem) => {
                self.diagnostics.push(about_document(problem));
                None
            }
        }
    }

    /// Reads a file as a document.
    pub(super) fn read_document(&mut self, path: &Path) -> Result<Node, Diagnostic> {
        self.read_text(path, |text| quoted(&text))
    }

    /// The document in a string of the template, which intrinsic functions may put together.
    pub(super) fn document_text<'n>(
        &mut self,
        stack: StackId,
        node: &Node,
        named: Option<&'n Node>,
    ) -> Option<Document<'n>> {
        let mut placeholders = Placeholders { named, ..Placeholders::default() };
        let mut text = String::new();
        self.write_text(stack, node, &mut text, &mut placeholders.made, 0);
        if text.len() > MAX_DOCUMENT {
            text.clear();
        }
        let first_line = first_scalar(node).at;
        // In JSON a string is on one line, whatever line feeds are in it.
        let path = self.template(stack).path.clone();
        let has_lines = path.extension().is_none_or(|extension| extension != "json");
        let before = if has_lines { first_line.line.saturating_sub(1) as usize } else { 0 };
        let file = first_line.file();
        let problems = self.diagnostics.len();
        let read = tree::read(
            &format!("{}{}", "\n".repeat(before), quoted(&text)),
            file,
            &self.files,
            &mut self.diagnostics,
        );
        let mut root = match read {
            Ok(root) => root,
            Err(problem) => {
                self.diagnostics.truncate(problems);
                let at = self.location(node.at);
                self.diagnostics.push(about_document(problem.at(at)));
                return None;
            }
        };
        if !has_lines {
            root.move_to(node.at);
        }
        Some(Document { root, placeholders })
    }

    /// A long text, such as a script, with what the template puts into it; what that may be in several ways is not
    /// known.
    pub(super) fn long_text(&mut self, stack: StackId, node: &Node) -> Pattern {
        let (mut text, mut made) = (String::new(), Vec::new());
        self.write_text(stack, node, &mut text, &mut made, 0);
        let mut whole = Pattern::default();
        let mut rest = text.as_str();
        let mark = format!("${{{MADE}");
        while let Some((before, after)) = rest.split_once(&mark) {
            whole.push_literal(before);
            let (number, after) = after.split_once('}').unwrap_or((after, ""));
            match number.parse::<usize>().ok().and_then(|number| made.get(number)).map(Vec::as_slice) {
                Some([only]) => whole.push_pattern(only),
                _ => whole.push_pattern(&Pattern::any()),
            }
            rest = after;
        }
        whole.push_literal(rest);
        whole
    }

    /// The text of a string; values that are not written down there become numbered placeholders.
    fn write_text(
        &mut self,
        stack: StackId,
        node: &Node,
        text: &mut String,
        made: &mut Vec<Vec<Pattern>>,
        depth: usize,
    ) {
        if depth > MAX_DEPTH || text.len() > MAX_DOCUMENT {
            return;
        }
        if let Some(literal) = node.text() {
            return text.push_str(literal);
        }
        let mut add = |text: &mut String, values: Vec<Pattern>| {
            text.push_str(&format!("${{{MADE}{}}}", made.len()));
            made.push(values);
        };
        match node.intrinsic() {
            Some(("Fn::Sub", argument)) => {
                let (template, variables) = match argument.items() {
                    [] => (argument, None),
                    [template, rest @ ..] => (template, rest.first()),
                };
                let at = template.at;
                let mut rest = template.text().unwrap_or_default();
                while let Some((before, after)) = rest.split_once("${") {
                    let Some((name, after)) = after.split_once('}') else { break };
                    text.push_str(before);
                    match name.strip_prefix('!') {
                        Some(name) => text.push_str(&format!("${{{name}}}")),
                        None => {
                            let values = self.substitute(stack, name.trim(), variables, at);
                            add(text, values);
                        }
                    }
                    rest = after;
                }
                text.push_str(rest);
            }
            Some(("Fn::Join", argument)) => {
                let [separator, list] = argument.items() else { return };
                let separator = self.known_text(stack, separator).unwrap_or_default();
                for (position, item) in list.items().iter().enumerate() {
                    if position > 0 {
                        text.push_str(&separator);
                    }
                    self.write_text(stack, item, text, made, depth + 1);
                }
            }
            _ => {
                let values = self.texts(stack, node);
                add(text, values);
            }
        }
    }
}

fn about_document(problem: Diagnostic) -> Diagnostic {
    let message = problem.message.replace("the template cannot", "the document cannot");
    Diagnostic { message, ..problem }.remedy("correct the document; what it asks for is not in the policy")
}

/// The scalar that a string starts with.
pub(super) fn first_scalar(node: &Node) -> &Node {
    match (node.intrinsic(), node.items()) {
        (Some((_, argument)), _) => first_scalar(argument),
        (None, [first, ..]) => first_scalar(first),
        (None, []) => node,
    }
}

/// The text of a document with placeholders that stand outside of strings in quotes of their own, so that
/// JSON stays JSON: `"Seconds": ${Wait}`.
fn quoted(text: &str) -> String {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\', '$']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let placeholder = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'));
        let length = match (rest.as_bytes()[0], placeholder) {
            (b'"', _) => {
                in_string = !in_string;
                out.push('"');
                1
            }
            (b'\\', _) => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..length]);
                length
            }
            (_, Some((name, _))) if !in_string && !name.contains('"') => {
                out.push_str(&format!("\"${{{name}}}\""));
                name.len() + 3
            }
            _ => {
                out.push('$');
                1
            }
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn placeholders_outside_of_strings_become_strings() {
        assert_eq!(quoted(r#"{"a": ${A}, "b": "x${B}"}"#), r#"{"a": "${A}", "b": "x${B}"}"#);
        assert_eq!(quoted(r#"{"a": "\"${A}", "b": ${B}}"#), r#"{"a": "\"${A}", "b": "${B}"}"#);
        assert_eq!(quoted("a: ${A}"), "a: ${A}");
        assert_eq!(quoted("{\"a\": ${"), "{\"a\": ${");
    }
}
