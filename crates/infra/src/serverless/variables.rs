//! Variables of the Serverless Framework, `${self:custom.x}`, replaced by what they stand for. What is
//! known only where the service is deployed becomes a parameter of the template.
//!
//! Source: "Serverless Framework - Variables".

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use perm_infer_diagnostics::Diagnostic;

use crate::code::{is_inside, join, shown};
use crate::dotenv;
use crate::model::Settings;
use crate::tree::{self, Entry, Files, Kind, Mark, Node};

/// How deep variables may lead to variables.
const MAX_DEPTH: usize = 24;

/// Variables that one file may have in all.
const MAX_REPLACED: usize = 50_000;

/// Nodes that replacing may copy.
const MAX_COPIED: usize = 500_000;

/// What a variable stands for.
enum Found {
    Node(Node),
    /// A reference of CloudFormation or a parameter, by name.
    Reference(String),
}

/// Replaces the variables of one configuration.
pub(super) struct Variables<'a> {
    pub(super) root: Node,
    pub(super) directory: PathBuf,
    pub(super) settings: &'a Settings,
    pub(super) files: &'a mut Files,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    /// Variables that nobody knows: names of parameters and where they are first used.
    pub(super) parameters: BTreeMap<String, Mark>,
    environment: HashMap<String, String>,
    read: HashMap<PathBuf, Option<Node>>,
    replaced: usize,
    copied: usize,
}

impl<'a> Variables<'a> {
    pub(super) fn new(
        root: Node,
        directory: PathBuf,
        settings: &'a Settings,
        files: &'a mut Files,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let mut environment = HashMap::new();
        let uses_file = root.get("useDotenv").and_then(Node::text) == Some("true");
        if let Some(text) =
            uses_file.then(|| std::fs::read_to_string(join(&directory, ".env")).ok()).flatten()
        {
            for entry in dotenv::parse(&text).unwrap_or_default() {
                environment
                    .extend(entry.value.as_literal().map(|value| (entry.name.clone(), value.to_owned())));
            }
        }
        Variables {
            root,
            directory,
            settings,
            files,
            diagnostics,
            parameters: BTreeMap::new(),
            environment,
            read: HashMap::new(),
            replaced: 0,
            copied: 0,
        }
    }

    /// The node with everything in it replaced.
    pub(super) fn resolved(&mut self, node: &Node) -> Node {
        self.resolve(node, 0, false)
    }

    /// The text of a node, where all of it is known.
    pub(super) fn text(&mut self, node: &Node) -> Option<String> {
        self.resolved(node).text().map(str::to_owned)
    }

    fn resolve(&mut self, node: &Node, depth: usize, in_sub: bool) -> Node {
        self.copied += 1;
        if self.copied > MAX_COPIED {
            return Node { at: node.at, kind: Kind::Null };
        }
        let kind = match &node.kind {
            Kind::Null => Kind::Null,
            Kind::Scalar(text) => return self.scalar(text, node.at, depth, in_sub),
            Kind::List(items) => {
                Kind::List(items.iter().map(|item| self.resolve(item, depth, in_sub)).collect())
            }
            Kind::Map(entries) => {
                let in_sub = matches!(entries.as_slice(), [only] if only.key == "Fn::Sub");
                let copied = entries.iter().map(|entry| Entry {
                    key: entry.key.clone(),
                    at: entry.at,
                    value: self.resolve(&entry.value, depth, in_sub),
                });
                Kind::Map(copied.collect())
            }
        };
        Node { at: node.at, kind }
    }

    /// A text with its variables: any node where the text is one variable and nothing else.
    fn scalar(&mut self, text: &str, at: Mark, depth: usize, in_sub: bool) -> Node {
        let scalar = |text: String| Node { at, kind: Kind::Scalar(text) };
        if !text.contains("${") {
            return scalar(text.to_owned());
        }
        let mut out = String::new();
        let mut has_reference = false;
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let Some(end) = closing_brace(after) else {
                out.push_str("${");
                rest = after;
                continue;
            };
            let (inner, after) = (&after[..end], &after[end + 1..]);
            rest = after;
            if !is_variable(inner) {
                out.push_str(&format!("${{{inner}}}"));
                continue;
            }
            match self.variable(inner, at, depth) {
                Found::Node(node) if out.is_empty() && rest.is_empty() => {
                    return Node { at, kind: self.resolve(&node, depth + 1, in_sub).kind };
                }
                Found::Node(node) => {
                    let node = self.resolve(&node, depth + 1, true);
                    match (node.text(), node.intrinsic()) {
                        (Some(text), _) => out.push_str(text),
                        // `!Ref X` in the middle of a text can only be meant as its value.
                        (None, Some(("Ref", name))) => {
                            has_reference = true;
                            out.push_str(&format!("${{{}}}", name.text().unwrap_or_default()));
                        }
                        (None, Some(("Fn::Sub", inner))) => {
                            has_reference = true;
                            out.push_str(inner.text().unwrap_or_default());
                        }
                        _ => {
                            has_reference = true;
                            out.push_str(&format!("${{{}}}", self.parameter(inner, at)));
                        }
                    }
                }
                Found::Reference(name) => {
                    has_reference = true;
                    out.push_str(&format!("${{{name}}}"));
                }
            }
        }
        out.push_str(rest);
        if has_reference && !in_sub {
            let argument = scalar(out);
            let entry = Entry { key: "Fn::Sub".to_owned(), at, value: argument };
            return Node { at, kind: Kind::Map(vec![entry]) };
        }
        scalar(out)
    }

    /// A parameter for what is not known, named after the variable.
    fn parameter(&mut self, variable: &str, at: Mark) -> String {
        let first = split_top(variable, ',').first().map_or(variable, |first| first.trim()).to_owned();
        let name = first.rsplit([':', '.', '/']).next().unwrap_or_default();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = if name.is_empty() { "unknown".to_owned() } else { name };
        self.parameters.entry(name.clone()).or_insert(at);
        name
    }

    /// The value of `source:address, fallback`.
    fn variable(&mut self, inner: &str, at: Mark, depth: usize) -> Found {
        self.replaced += 1;
        if depth >= MAX_DEPTH || self.replaced > MAX_REPLACED {
            self.diagnostics.push(super::problem(
                "cyclic-reference",
                self.files.location(at),
                "the variable refers to itself, or through too many other variables",
                "break the circle of variables",
            ));
            return Found::Reference(self.parameter(inner, at));
        }
        for candidate in split_top(inner, ',') {
            let candidate = self.scalar(candidate.trim(), at, depth + 1, true);
            let Some(candidate) = candidate.text().map(str::to_owned) else { continue };
            if let Some(found) = self.candidate(&candidate, depth) {
                return found;
            }
        }
        match self.output_of_stack(inner, at, depth) {
            Some(node) => Found::Node(node),
            None => Found::Reference(self.parameter(inner, at)),
        }
    }

    /// `cf:stack.Output` and `cf(region):stack.Output`: what another stack puts out, which may be one of
    /// those that are read too.
    fn output_of_stack(&mut self, inner: &str, at: Mark, depth: usize) -> Option<Node> {
        let address = split_top(inner, ',').into_iter().find_map(|candidate| {
            let address = self.scalar(candidate.trim(), at, depth + 1, true);
            let address = address.text()?;
            let address = match address.strip_prefix("cf(") {
                Some(rest) => rest.split_once("):")?.1,
                None => address.strip_prefix("cf:")?,
            };
            Some(address.to_owned())
        })?;
        let name = Node { at, kind: Kind::Scalar(crate::cfn::name_of_output(&address)) };
        Some(Node { at, kind: Kind::Map(vec![Entry { key: "Fn::ImportValue".to_owned(), at, value: name }]) })
    }

    /// A parameter under `params`, or under `stages` of newer versions: of the stage, else the default.
    fn parameter_of_stage(&mut self, name: &str, depth: usize) -> Option<Node> {
        let stage = self.stage(depth + 1);
        let places: [[&str; 3]; 4] = [
            ["params", &stage, name],
            ["stages", &stage, "params"],
            ["params", "default", name],
            ["stages", "default", "params"],
        ];
        places.iter().find_map(|place| {
            let node = self.root.at_path(place)?;
            if place[0] == "stages" { node.get(name) } else { Some(node) }.cloned()
        })
    }

    fn candidate(&mut self, text: &str, depth: usize) -> Option<Found> {
        let scalar =
            |text: &str| Found::Node(Node { at: Mark::default(), kind: Kind::Scalar(text.to_owned()) });
        if let Some(quoted) = text.strip_prefix(['\'', '"']) {
            return Some(scalar(quoted.trim_end_matches(['\'', '"'])));
        }
        if text.starts_with("file(") {
            return self.file(text).map(Found::Node);
        }
        let Some((source, address)) = text.split_once(':') else {
            return (!text.is_empty() && !text.contains('(')).then(|| scalar(text));
        };
        match source {
            "self" => self.own(address, depth).map(Found::Node),
            "opt" => {
                let given = self.settings.parameters.get(address).map(|value| scalar(value));
                given.or_else(|| (address == "region").then(|| self.region()).flatten())
            }
            "param" => {
                let given = self.settings.parameters.get(address).map(|value| scalar(value));
                given.or_else(|| self.parameter_of_stage(address, depth).map(Found::Node))
            }
            "custom" => self.settings.parameters.get(address).map(|value| scalar(value)),
            "env" => {
                let given = self.settings.parameters.get(address).or_else(|| self.environment.get(address));
                given.map(|value| scalar(value))
            }
            "sls" if address == "stage" => Some(scalar(&self.stage(depth))),
            "aws" if address == "accountId" => Some(Found::Reference("AWS::AccountId".to_owned())),
            "aws" if address == "region" => {
                Some(self.region().unwrap_or_else(|| Found::Reference("AWS::Region".to_owned())))
            }
            _ => None,
        }
    }

    fn region(&self) -> Option<Found> {
        let region = self.root.at_path(&["provider", "region"])?;
        region.text().filter(|text| !text.contains("${")).map(|_| Found::Node(region.clone()))
    }

    /// The stage: as given, as the provider says, or `dev`.
    pub(super) fn stage(&mut self, depth: usize) -> String {
        if let Some(stage) = self.settings.parameters.get("stage") {
            return stage.clone();
        }
        let stated = self.root.at_path(&["provider", "stage"]).cloned();
        let stated = stated.filter(|_| depth < MAX_DEPTH).map(|node| self.resolve(&node, depth + 1, true));
        stated.and_then(|node| node.text().map(str::to_owned)).unwrap_or_else(|| "dev".to_owned())
    }

    /// `self:` and a path.
    fn own(&mut self, address: &str, depth: usize) -> Option<Node> {
        if address.is_empty() {
            return Some(self.root.clone());
        }
        if address == "provider.stage" {
            return Some(Node { at: Mark::default(), kind: Kind::Scalar(self.stage(depth)) });
        }
        let root = self.root.clone();
        self.follow(root, address, depth)
    }

    /// The node at a dotted path; what is on the way may be a variable itself.
    fn follow(&mut self, start: Node, address: &str, depth: usize) -> Option<Node> {
        let mut node = start;
        for key in address.split('.') {
            if node.text().is_some_and(|text| text.contains("${")) {
                node = self.resolve(&node, depth + 1, false);
            }
            let next = match (&node.kind, key.parse::<usize>()) {
                (Kind::List(items), Ok(position)) => items.get(position).cloned(),
                _ => node.get(key).cloned(),
            };
            // `service: name` and `service: {name: x}` are the same.
            node = match next {
                Some(next) => next,
                None if key == "name" && node.text().is_some() => node,
                None => return None,
            };
        }
        match &node.kind {
            Kind::Map(_) if address == "service" => node.get("name").cloned(),
            Kind::Null => None,
            _ => Some(node),
        }
    }

    /// `file(path)` or `file(path):address`.
    fn file(&mut self, text: &str) -> Option<Node> {
        let (path, rest) = text.strip_prefix("file(")?.split_once(')')?;
        let path = join(&self.directory, path.trim().trim_matches(['\'', '"']));
        let node = self.read_file(path)?;
        match rest.strip_prefix(':') {
            Some(address) => self.follow(node, address, 0),
            None => Some(node),
        }
    }

    fn read_file(&mut self, path: PathBuf) -> Option<Node> {
        if let Some(known) = self.read.get(&path) {
            return known.clone();
        }
        if let Some(exported) = self.settings.programs.get(&shown(&path)) {
            let at = Mark::at(self.files.add(&shown(&path)), 1, 1);
            let node = Some(super::node(exported, at));
            self.read.insert(path, node.clone());
            return node;
        }
        let may_read = self.settings.allow_outside || is_inside(&path, &self.settings.roots);
        let is_data = path.extension().and_then(|extension| extension.to_str());
        let is_data = is_data.is_some_and(|extension| ["yml", "yaml", "json"].contains(&extension));
        let text = (may_read && is_data)
            .then(|| std::fs::read_to_string(&path).ok())
            .flatten()
            .filter(|text| text.len() as u64 <= tree::MAX_BYTES);
        let node = text.and_then(|text| {
            let file = self.files.add(&shown(&path));
            match tree::read(&text, file, self.files, self.diagnostics) {
                Ok(node) => Some(node),
                Err(problem) => {
                    self.diagnostics.push(problem);
                    None
                }
            }
        });
        self.read.insert(path, node.clone());
        node
    }
}

/// Whether what stands in `${}` is a variable of the framework and not one of CloudFormation.
fn is_variable(inner: &str) -> bool {
    let word = inner.split([':', '(']).next().unwrap_or_default();
    let has_source = inner.len() > word.len() && !inner[word.len()..].starts_with("::");
    !word.is_empty() && has_source && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The position of the brace that closes what started before the text.
fn closing_brace(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    for (position, byte) in bytes.iter().enumerate() {
        match byte {
            b'{' if position > 0 && bytes[position - 1] == b'$' => depth += 1,
            b'}' if depth == 0 => return Some(position),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The parts between separators that stand outside of quotes, brackets and inner variables.
fn split_top(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let mut quote = None;
    for (position, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '{' | '(') => depth += 1,
            (None, '}' | ')') => depth = depth.saturating_sub(1),
            (None, _) if character == separator && depth == 0 => {
                parts.push(&text[start..position]);
                start = position + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
