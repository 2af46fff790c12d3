//! Values of a program that describes a deployment, and how they become values of a template.

use super::resources;
use super::{Program, call, entry, list, map, scalar, unknown};
use crate::tree::{Mark, Node};

/// What stands before a token in a text, and behind it.
const TOKEN_START: &str = "${Cdk[";
const TOKEN_END: &str = "]}";

/// A value of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// Nobody knows.
    Unknown,
    /// `null`, `None`, `undefined`.
    Null,
    /// A text, number or truth value; nothing stands for a part that nobody knows. Tokens
    /// `${Cdk[TOKEN|attribute]}` stand for what constructs give.
    Text(Vec<Option<String>>),
    /// A list.
    List(Vec<Tree>),
    /// A dictionary.
    Map(Vec<(String, Tree)>),
    /// What a function or class of the library gives, with its arguments and named properties:
    /// `lambda.Code.fromAsset`.
    Call(String, Vec<Tree>, Vec<(String, Tree)>),
    /// One of several.
    Either(Vec<Tree>),
}

impl Tree {
    /// A text that is known as a whole.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Tree::Text(parts) => parts.iter().map(|part| part.as_deref()).collect(),
            Tree::Either(all) => match all.as_slice() {
                [first, Tree::Null] => first.text(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The parts of a text that are known; of several texts those of none.
    pub(super) fn known_parts(&self) -> Vec<&str> {
        match self {
            Tree::Text(parts) => parts.iter().filter_map(Option::as_deref).collect(),
            _ => Vec::new(),
        }
    }

    /// The elements of a list.
    #[must_use]
    pub fn items(&self) -> &[Tree] {
        match self {
            Tree::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a dictionary; of alternatives those of the first dictionary among them.
    #[must_use]
    pub fn entries(&self) -> &[(String, Tree)] {
        match self {
            Tree::Map(entries) => entries,
            Tree::Either(all) => {
                all.iter().map(Tree::entries).find(|entries| !entries.is_empty()).unwrap_or_default()
            }
            _ => &[],
        }
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The token of a construct, where the value is one.
    pub(super) fn token(&self) -> Option<String> {
        let text = self.text()?;
        let inner = text.strip_prefix(TOKEN_START)?.strip_suffix(TOKEN_END)?;
        inner.split_once('|').map(|(token, _)| token.to_owned())
    }
}

impl Program {
    /// A value as one of a template.
    pub(super) fn node(&mut self, tree: &Tree, at: Mark) -> Node {
        match tree {
            Tree::Unknown | Tree::Call(..) => unknown(at),
            Tree::Null => call("Ref", scalar("AWS::NoValue", at)),
            Tree::Text(parts) => self.text_node(parts, at),
            Tree::List(items) => {
                let items = items.iter().map(|item| self.node(item, at)).collect();
                list(at, items)
            }
            Tree::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| entry(key, self.node(value, at))).collect();
                map(at, entries)
            }
            Tree::Either(all) => {
                let nodes: Vec<Node> = all.iter().map(|one| self.node(one, at)).collect();
                nodes
                    .into_iter()
                    .reduce(|all, next| self.either(all, next, at))
                    .unwrap_or_else(|| unknown(at))
            }
        }
    }

    /// One of two values; nobody knows which.
    fn either(&mut self, one: Node, other: Node, at: Mark) -> Node {
        let name = format!("condition{}", self.conditions.len());
        self.conditions.push(entry(&name, unknown(at)));
        call("Fn::If", list(at, vec![scalar(&name, at), one, other]))
    }

    fn text_node(&mut self, parts: &[Option<String>], at: Mark) -> Node {
        let mut nodes = Vec::new();
        for part in parts {
            let Some(text) = part else {
                nodes.push(unknown(at));
                continue;
            };
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once(TOKEN_START) {
                nodes.extend(plain(before, at));
                let Some((token, after)) = after.split_once(TOKEN_END) else {
                    nodes.push(unknown(at));
                    rest = "";
                    break;
                };
                nodes.push(self.attribute(token, at));
                rest = after;
            }
            nodes.extend(plain(rest, at));
        }
        match nodes.len() {
            0 => scalar("", at),
            1 => nodes.remove(0),
            _ => call("Fn::Join", list(at, vec![scalar("", at), list(at, nodes)])),
        }
    }

    /// What an attribute of a construct gives.
    fn attribute(&mut self, token: &str, at: Mark) -> Node {
        let (token, attribute) = token.split_once('|').unwrap_or((token, ""));
        let Some(&position) = self.ids.get(token) else { return unknown(at) };
        let made = &self.made[position];
        let Some(known) = resources::find(&made.operation) else { return unknown(at) };
        // What was looked up by an ARN or a URL has it.
        let looked_up = made.operation.rsplit_once(".from").map(|(_, how)| how.to_ascii_lowercase());
        let lower = attribute.to_ascii_lowercase();
        if let Some(how) = looked_up
            && ["arn", "url"].iter().any(|end| how.ends_with(end) && lower.ends_with(end))
            && let Some(given) = made.arguments.first().cloned()
        {
            return self.node(&given, at);
        }
        known.attribute(attribute, &made.id, at).unwrap_or_else(|| unknown(at))
    }
}

/// A text with the pseudo parameters in it.
fn plain(text: &str, at: Mark) -> Option<Node> {
    match text {
        "" => None,
        text if text.contains("${AWS::") => Some(call("Fn::Sub", scalar(text, at))),
        text => Some(scalar(text, at)),
    }
}
