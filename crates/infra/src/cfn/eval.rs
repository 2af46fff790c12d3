//! Values: literals, references and intrinsic functions. A value is a list of alternatives, because a
//! condition that nobody can decide leaves both.
//!
//! Source: "Intrinsic function reference" in the AWS CloudFormation User Guide.

use perm_infer_policy::{Part, Pattern};

use super::{MAX_DEPTH, Reader, StackId};
use crate::references::Reference;
use crate::tree::{Kind, Mark, Node};

/// Alternatives of one value; beyond that it is unknown.
const MAX_ALTERNATIVES: usize = 16;

/// Characters and parts of one value; beyond that it is unknown.
const MAX_LENGTH: usize = 4096;

/// How deep values are written as JSON, and parts of such a text; beyond that they are unknown.
const MAX_JSON_DEPTH: usize = 16;
const MAX_JSON_PARTS: usize = 256;

impl Reader<'_> {
    /// The alternatives of a string.
    pub(super) fn texts(&mut self, stack: StackId, node: &Node) -> Vec<Pattern> {
        if self.depth >= MAX_DEPTH {
            self.too_deep(node.at);
            return vec![Pattern::any()];
        }
        self.depth += 1;
        let mut values = match (&node.kind, node.intrinsic()) {
            (Kind::Scalar(text), _) => vec![literal(text)],
            (_, Some((function, argument))) => self.function(stack, function, argument, node.at),
            (Kind::Null, _) => Vec::new(),
            (Kind::List(_) | Kind::Map(_), None) => vec![Pattern::any()],
        };
        self.depth -= 1;
        values.sort();
        values.dedup();
        if values.len() > MAX_ALTERNATIVES || values.iter().any(is_too_long) {
            return vec![Pattern::any()];
        }
        values
    }

    fn too_deep(&mut self, at: Mark) {
        let message = "the value refers to itself, or through too many other values".to_owned();
        self.warn("cyclic-reference", at, message, "break the circle of references");
    }

    /// The only value of a string, where there is exactly one and all of it is known.
    pub(super) fn known_text(&mut self, stack: StackId, node: &Node) -> Option<String> {
        let values = self.texts(stack, node);
        let mut resolved = values.iter().flat_map(|value| self.references.resolve(value));
        let only = resolved.next()?.as_literal().map(str::to_owned)?;
        resolved.next().is_none().then_some(only)
    }

    fn function(&mut self, stack: StackId, function: &str, argument: &Node, at: Mark) -> Vec<Pattern> {
        match function {
            "Ref" => match argument.text() {
                Some(name) => self.reference(stack, name, at),
                None => vec![Pattern::any()],
            },
            "Fn::GetAtt" => self.get_attribute(stack, argument, at),
            "Fn::Sub" => self.sub(stack, argument),
            "Fn::Join" => self.join(stack, argument),
            "Fn::Select" => self.select(stack, argument),
            "Fn::If" => {
                let chosen: Vec<Node> = self.if_branches(stack, argument).into_iter().cloned().collect();
                chosen.iter().flat_map(|node| self.texts(stack, node)).collect()
            }
            "Fn::FindInMap" => self.find_in_map(stack, argument),
            "Fn::ImportValue" => self.import_value(stack, argument, at),
            "Fn::ToJsonString" => {
                let mut text = Pattern::default();
                self.push_json(stack, argument, 0, &mut text);
                vec![text]
            }
            "Fn::Base64" | "Fn::Cidr" | "Fn::GetAZs" | "Fn::Split" | "Fn::Transform" | "Fn::Length"
            | "Condition" | "Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or" | "Fn::ForEach" => {
                vec![Pattern::any()]
            }
            other => {
                let message =
                    format!("`{}` is no function of CloudFormation", other.trim_start_matches("Fn::"));
                self.warn("unknown-function", at, message, "correct the tag; the value counts as unknown");
                vec![Pattern::any()]
            }
        }
    }

    /// A value as JSON. Of flags, whose kind in the template is not known, only that they are there.
    fn push_json(&mut self, stack: StackId, node: &Node, depth: usize, text: &mut Pattern) {
        if depth > MAX_JSON_DEPTH || text.parts().len() > MAX_JSON_PARTS {
            text.push(Part::Any);
            return;
        }
        match (&node.kind, node.intrinsic()) {
            (Kind::Null, _) | (_, Some(("Ref", _))) if is_nothing(node) => text.push_literal("null"),
            (_, Some(_)) => match self.texts(stack, node).as_slice() {
                [only] => {
                    text.push_literal("\"");
                    for part in only.parts() {
                        match part {
                            Part::Literal(literal) => text.push_literal(&escaped(literal)),
                            other => text.push(other.clone()),
                        }
                    }
                    text.push_literal("\"");
                }
                _ => text.push_pattern(&quoted_any()),
            },
            (Kind::Scalar(scalar), None) => match scalar.as_str() {
                "true" | "false" => text.push_pattern(&quoted_any()),
                number if number.parse::<i64>().is_ok() => text.push_literal(number),
                scalar => text.push_literal(&format!("\"{}\"", escaped(scalar))),
            },
            (Kind::List(items), None) => {
                text.push_literal("[");
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        text.push_literal(",");
                    }
                    self.push_json(stack, item, depth + 1, text);
                }
                text.push_literal("]");
            }
            (Kind::Map(entries), None) => {
                text.push_literal("{");
                for (position, entry) in entries.iter().enumerate() {
                    let comma = if position > 0 { "," } else { "" };
                    text.push_literal(&format!("{comma}\"{}\":", escaped(&entry.key)));
                    self.push_json(stack, &entry.value, depth + 1, text);
                }
                text.push_literal("}");
            }
            (Kind::Null, None) => text.push_literal("null"),
        }
    }

    /// `Ref`.
    pub(super) fn reference(&mut self, stack: StackId, name: &str, at: Mark) -> Vec<Pattern> {
        if name == "AWS::NoValue" {
            return Vec::new();
        }
        if name == "AWS::StackName" {
            let template = self.template(stack);
            if template.parent.is_some() || self.names_its_stack {
                return vec![self.stack_name(stack)];
            }
        }
        if name.starts_with("AWS::") && self.references.get(&format!("${{{name}}}")).is_some() {
            let mut pattern = Pattern::default();
            pattern.push(super::pseudo::part(name));
            return vec![pattern];
        }
        let template = self.template(stack);
        if let Some(parameter) = template.root.get("Parameters").and_then(|all| all.entry(name)) {
            let (declared, at) = (parameter.value.clone(), parameter.at);
            return self.parameter(stack, name, &declared, at);
        }
        if template.resource(name).is_some() {
            return self.resource_reference(stack, name, at);
        }
        if !template.is_sam {
            self.undefined(name, at);
        }
        vec![self.unknown(&format!("{}{name}", template.scope), &format!("`{name}`"), at)]
    }

    fn undefined(&mut self, name: &str, at: Mark) {
        let name: String = name.chars().take(80).collect();
        let message = format!("nothing in the template is called `{name}`");
        self.warn("undefined-reference", at, message, "correct the name; the value counts as unknown");
    }

    /// A value that nobody knows, by a name of its own.
    fn unknown(&mut self, name: &str, what: &str, at: Mark) -> Pattern {
        let reference = Reference {
            values: vec![Pattern::any()],
            location: Some(self.location(at)),
            what: what.to_owned(),
            remedy: String::new(),
            is_arn: false,
            written: Vec::new(),
        };
        let mut pattern = Pattern::default();
        pattern.push(self.references.symbol(name, reference));
        pattern
    }

    /// A parameter: what the user or the stack around says, else the default, else unknown.
    fn parameter(&mut self, stack: StackId, name: &str, declared: &Node, at: Mark) -> Vec<Pattern> {
        let template = self.template(stack);
        let mut values = Vec::new();
        match &template.parent {
            None => {
                if let Some(value) = self.settings.parameters.get(name) {
                    return vec![Pattern::literal(value)];
                }
            }
            Some((parent, id)) => {
                let outer = self.template(*parent);
                let given =
                    outer.resource(id).and_then(|stack| stack.at_path(&["Properties", "Parameters", name]));
                if let Some(given) = given {
                    values = self.texts(*parent, given);
                }
            }
        }
        // A default of these types is the name of a parameter in Systems Manager, not the value.
        let is_lookup = declared
            .get("Type")
            .and_then(Node::text)
            .is_some_and(|kind| kind.starts_with("AWS::SSM::Parameter::"));
        if is_lookup {
            values.clear();
        } else if values.is_empty()
            && let Some(default) = declared.get("Default")
        {
            values = default.text().map(Pattern::literal).into_iter().collect();
        }
        if values.is_empty() {
            values.push(Pattern::any());
        }
        let remedy = match template.parent {
            None => format!("pass --parameter {name}=VALUE"),
            Some(_) => format!("give {name} a value in the template around"),
        };
        let lower = name.to_ascii_lowercase();
        let reference = Reference {
            values,
            location: Some(self.location(at)),
            what: format!("parameter {name}"),
            remedy,
            is_arn: lower.ends_with("arn"),
            written: Vec::new(),
        };
        self.as_symbol(&format!("{}{name}", template.scope), reference)
    }

    fn get_attribute(&mut self, stack: StackId, argument: &Node, at: Mark) -> Vec<Pattern> {
        let [resource, attribute] = argument.items() else { return vec![Pattern::any()] };
        let Some(resource) = resource.text().map(str::to_owned) else { return vec![Pattern::any()] };
        let Some(attribute) = self.known_text(stack, attribute) else { return vec![Pattern::any()] };
        self.attribute(stack, &resource, &attribute, at)
    }

    /// `Fn::GetAtt`, also of the outputs of nested stacks.
    pub(super) fn attribute(&mut self, stack: StackId, id: &str, attribute: &str, at: Mark) -> Vec<Pattern> {
        let template = self.template(stack);
        if let Some(&child) = self.children.get(&(stack, id.to_owned()))
            && let Some(output) = attribute.strip_prefix("Outputs.")
        {
            let inner = self.template(child);
            return match inner.root.at_path(&["Outputs", output, "Value"]) {
                Some(value) => self.texts(child, value),
                None => {
                    self.undefined(&format!("{id}.{attribute}"), at);
                    vec![Pattern::any()]
                }
            };
        }
        if template.resource(id).is_some() {
            return self.resource_attribute(stack, id, attribute, at);
        }
        // SAM makes the role of a function.
        let owner = id.strip_suffix("Role").filter(|owner| template.resource(owner).is_some());
        if template.is_sam && owner.is_some() {
            return vec![self.unknown(
                &format!("{}{id}.{attribute}", template.scope),
                &format!("role {id}"),
                at,
            )];
        }
        if !template.is_sam {
            self.undefined(id, at);
        }
        vec![self.unknown(&format!("{}{id}.{attribute}", template.scope), &format!("`{id}`"), at)]
    }

    /// `Fn::Sub`, alone or with variables of its own.
    fn sub(&mut self, stack: StackId, argument: &Node) -> Vec<Pattern> {
        let (text, variables) = match argument.items() {
            [] => (argument, None),
            [text] => (text, None),
            [text, variables, ..] => (text, Some(variables)),
        };
        let at = text.at;
        let Some(text) = text.text() else { return vec![Pattern::any()] };
        let mut values = vec![Pattern::default()];
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            append(&mut values, &[Pattern::literal(before)]);
            let Some((name, after)) = after.split_once('}') else {
                append(&mut values, &[Pattern::literal(format!("${{{after}"))]);
                return values;
            };
            rest = after;
            let name = name.trim();
            let part = match name.strip_prefix('!') {
                Some(name) => vec![Pattern::literal(format!("${{{name}}}"))],
                None => self.substitute(stack, name, variables, at),
            };
            append(&mut values, &part);
        }
        append(&mut values, &[Pattern::literal(rest)]);
        values.iter().map(without_dynamic).collect()
    }

    /// What `${Name}` in a `Fn::Sub` is.
    pub(super) fn substitute(
        &mut self,
        stack: StackId,
        name: &str,
        variables: Option<&Node>,
        at: Mark,
    ) -> Vec<Pattern> {
        match (variables.and_then(|variables| variables.get(name)), name.split_once('.')) {
            (Some(variable), _) => self.texts(stack, variable),
            (None, Some((id, attribute))) => self.attribute(stack, id, attribute, at),
            (None, None) => self.reference(stack, name, at),
        }
    }

    fn join(&mut self, stack: StackId, argument: &Node) -> Vec<Pattern> {
        let [separator, list] = argument.items() else { return vec![Pattern::any()] };
        let separator = self.known_text(stack, separator).unwrap_or_default();
        let Some(list) = self.list(stack, list) else { return vec![Pattern::any()] };
        let mut values = vec![Pattern::default()];
        for (position, item) in list.iter().enumerate() {
            if position > 0 {
                append(&mut values, &[Pattern::literal(&separator)]);
            }
            append(&mut values, item);
        }
        values
    }

    fn select(&mut self, stack: StackId, argument: &Node) -> Vec<Pattern> {
        let [index, list] = argument.items() else { return vec![Pattern::any()] };
        let index = self.known_text(stack, index).and_then(|index| index.parse::<usize>().ok());
        let list = self.list(stack, list);
        match (index, list) {
            (Some(index), Some(list)) => list.get(index).cloned().unwrap_or_else(|| vec![Pattern::any()]),
            _ => vec![Pattern::any()],
        }
    }

    /// A list of strings, each with its alternatives; nothing where its length is not known.
    pub(super) fn list(&mut self, stack: StackId, node: &Node) -> Option<Vec<Vec<Pattern>>> {
        if self.depth >= MAX_DEPTH {
            self.too_deep(node.at);
            return None;
        }
        self.depth += 1;
        let list = self.list_of(stack, node);
        self.depth -= 1;
        list
    }

    fn list_of(&mut self, stack: StackId, node: &Node) -> Option<Vec<Vec<Pattern>>> {
        if let Kind::List(items) = &node.kind {
            let values = items.iter().map(|item| self.texts(stack, item));
            return Some(values.filter(|values| !values.is_empty()).collect());
        }
        let (function, argument) = match node.intrinsic() {
            Some(call) => call,
            None => return Some(split(&literal(node.text()?), ",")),
        };
        match function {
            "Fn::Split" => {
                let [separator, text] = argument.items() else { return None };
                let separator = self.known_text(stack, separator)?;
                let texts = self.texts(stack, text);
                let [only] = texts.as_slice() else { return None };
                Some(split(only, &separator))
            }
            "Fn::If" => {
                let chosen: Vec<Node> = self.if_branches(stack, argument).into_iter().cloned().collect();
                let [only] = chosen.as_slice() else { return None };
                self.list(stack, only)
            }
            "Ref" => {
                let text = self.known_text(stack, node)?;
                Some(split(&Pattern::literal(text), ","))
            }
            "Fn::FindInMap" => {
                self.map_entries(stack, argument).first().and_then(|node| self.list(stack, node))
            }
            _ => None,
        }
    }

    fn find_in_map(&mut self, stack: StackId, argument: &Node) -> Vec<Pattern> {
        let mut found: Vec<Node> = self.map_entries(stack, argument);
        if let Some(default) = argument.items().get(3).and_then(|options| options.get("DefaultValue")) {
            found.push(default.clone());
        }
        if found.is_empty() {
            return vec![Pattern::any()];
        }
        found.iter().flat_map(|node| self.texts(stack, node)).collect()
    }

    /// The entries that a look-up may mean: all of a level whose key is not known.
    fn map_entries(&mut self, stack: StackId, argument: &Node) -> Vec<Node> {
        let [map, first, second, ..] = argument.items() else { return Vec::new() };
        let Some(map) = self.known_text(stack, map) else { return Vec::new() };
        let (first, second) = (self.known_text(stack, first), self.known_text(stack, second));
        let template = self.template(stack);
        let Some(map) = template.root.at_path(&["Mappings", &map]) else { return Vec::new() };
        let fits = |wanted: &Option<String>, key: &str| wanted.as_deref().is_none_or(|wanted| wanted == key);
        let levels = map.entries().iter().filter(|entry| fits(&first, &entry.key));
        let entries =
            levels.flat_map(|level| level.value.entries()).filter(|entry| fits(&second, &entry.key));
        entries.map(|entry| entry.value.clone()).collect()
    }

    fn import_value(&mut self, stack: StackId, argument: &Node, at: Mark) -> Vec<Pattern> {
        let name = self.texts(stack, argument).into_iter().next().unwrap_or_default();
        let text = name.to_policy_string();
        let reference = Reference {
            values: vec![Pattern::any()],
            location: Some(self.location(at)),
            what: format!("import `{text}`"),
            remedy: "the value is an export of another stack; pass its template with --template, or the \
                     environment variable with --var"
                .to_owned(),
            is_arn: text.to_ascii_lowercase().ends_with("arn"),
            written: Vec::new(),
        };
        let mut pattern = Pattern::default();
        pattern.push(self.references.import(&name, reference));
        vec![pattern]
    }

    /// Notes what a stack exports.
    pub(super) fn note_exports(&mut self, stack: StackId) {
        let template = self.template(stack);
        for output in template.root.get("Outputs").map(Node::entries).unwrap_or_default() {
            let Some(value) = output.value.get("Value") else { continue };
            let values = self.texts(stack, value);
            if let Some(name) = output.value.at_path(&["Export", "Name"]) {
                for name in self.texts(stack, name) {
                    self.references.add_export(&name, &values);
                }
            }
            if let Some(own) = self.stack_name(stack).as_literal() {
                let name = name_of_output(&format!("{own}.{}", output.key));
                self.references.add_export(&Pattern::literal(name), &values);
            }
        }
    }
}

/// The name under which an output is looked up that is not an export: `stack.Output`, of which no export
/// has the form.
pub(crate) fn name_of_output(address: &str) -> String {
    format!("output {address}")
}

/// Every alternative so far with every alternative of the next part behind it.
pub(super) fn append(values: &mut Vec<Pattern>, next: &[Pattern]) {
    match next {
        [] => {}
        [only] => values.iter_mut().for_each(|value| value.push_pattern(only)),
        several if several.len() * values.len() <= MAX_ALTERNATIVES => {
            let all = values.iter().flat_map(|start| {
                several.iter().map(|end| {
                    let mut whole = start.clone();
                    whole.push_pattern(end);
                    whole
                })
            });
            *values = all.collect();
        }
        _ => values.iter_mut().for_each(|value| value.push(Part::Any)),
    }
    values.iter_mut().filter(|value| is_too_long(value)).for_each(|value| *value = Pattern::any());
}

fn is_too_long(value: &Pattern) -> bool {
    let length = |part: &Part| match part {
        Part::Literal(text) => text.len(),
        _ => 1,
    };
    value.parts().iter().map(length).sum::<usize>() > MAX_LENGTH
}

/// A literal; dynamic references in it are not known.
pub(super) fn literal(text: &str) -> Pattern {
    without_dynamic(&Pattern::literal(text))
}

/// `{{resolve:ssm:name}}` and its like are looked up while deploying.
/// Source: "Get values stored in other services using dynamic references".
fn without_dynamic(value: &Pattern) -> Pattern {
    const START: &str = "{{resolve:";
    if !value.parts().iter().any(|part| matches!(part, Part::Literal(text) if text.contains(START))) {
        return value.clone();
    }
    let mut result = Pattern::default();
    let mut inside = false;
    for part in value.parts() {
        let Part::Literal(text) = part else {
            if !inside {
                result.push(part.clone());
            }
            continue;
        };
        let mut rest = text.as_str();
        loop {
            let marker = if inside { "}}" } else { START };
            match rest.split_once(marker) {
                Some((before, after)) => {
                    if inside {
                        result.push(Part::Any);
                    } else {
                        result.push_literal(before);
                    }
                    inside = !inside;
                    rest = after;
                }
                None => {
                    if !inside {
                        result.push_literal(rest);
                    }
                    break;
                }
            }
        }
    }
    if inside {
        result.push(Part::Any);
    }
    result
}

fn split(text: &Pattern, separator: &str) -> Vec<Vec<Pattern>> {
    let mut pieces = vec![Pattern::default()];
    for part in text.parts() {
        match part {
            Part::Literal(literal) if !separator.is_empty() => {
                for (position, piece) in literal.split(separator).enumerate() {
                    if position > 0 {
                        pieces.push(Pattern::default());
                    }
                    if let Some(last) = pieces.last_mut() {
                        last.push_literal(piece);
                    }
                }
            }
            other => {
                if let Some(last) = pieces.last_mut() {
                    last.push(other.clone());
                }
            }
        }
    }
    pieces.into_iter().map(|piece| vec![piece]).collect()
}

/// What stands for a value that is not given.
fn is_nothing(node: &Node) -> bool {
    match node.intrinsic() {
        Some(("Ref", name)) => name.text() == Some("AWS::NoValue"),
        _ => matches!(node.kind, Kind::Null),
    }
}

/// A text as it stands between the quotes of JSON.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\\' => escaped.extend(['\\', character]),
            control if control.is_control() => escaped.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => escaped.push(other),
        }
    }
    escaped
}

fn quoted_any() -> Pattern {
    let mut pattern = Pattern::literal("\"");
    pattern.push(Part::Any);
    pattern.push_literal("\"");
    pattern
}
