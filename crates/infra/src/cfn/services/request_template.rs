//! Request templates of API Gateway: JSON with pieces of a template language (`#set`, `$input`) in it.
//!
//! Source: "Mapping template transformations for REST APIs in API Gateway".

use perm_infer_policy::{Part, Pattern};

use crate::model::Argument;

/// Texts of a member that a template sets apart from where its object stands: `#set($request.operation = "Query")`,
/// `$request.put("operation", "Query")`.
pub(super) fn assigned(template: &Pattern, member: &str) -> Vec<Pattern> {
    let mut values = Vec::new();
    let (set, put) = (format!(".{member}"), format!(".put(\"{member}\""));
    for part in template.parts() {
        let Part::Literal(text) = part else { continue };
        for (mark, sign) in [(&set, '='), (&put, ',')] {
            for (at, _) in text.match_indices(mark.as_str()) {
                let rest = text[at + mark.len()..].trim_start();
                let Some(rest) = rest.strip_prefix(sign).filter(|rest| !rest.starts_with('=')) else {
                    continue;
                };
                let value = rest
                    .trim_start()
                    .strip_prefix(['"', '\''])
                    .and_then(|rest| rest.split(['"', '\'']).next());
                values.push(match value.filter(|value| !value.contains('$')) {
                    Some(value) => Pattern::literal(value),
                    None => Pattern::any(),
                });
            }
        }
    }
    values
}

/// Levels of containers that are kept; requests of AWS are flatter.
const MAX_DEPTH: usize = 32;

/// The members of the request that a template makes. Texts without pieces of the template language are known,
/// others only to be there.
pub(super) fn members(template: &Pattern) -> Vec<(String, Argument)> {
    objects(template).into_iter().next().unwrap_or_default()
}

/// The objects that a template writes down, each as it stands with nothing around it.
pub(super) fn objects(template: &Pattern) -> Vec<Vec<(String, Argument)>> {
    let mut reader = Reader::default();
    for part in template.parts() {
        match part {
            Part::Literal(text) => text.chars().for_each(|character| reader.character(character)),
            part => reader.string.iter_mut().for_each(|string| string.push(part.clone())),
        }
    }
    while reader.open.len() > 1 {
        reader.close();
    }
    let open = reader.open.pop().map(|container| container.content);
    let all = reader.roots.into_iter().chain(open);
    all.filter_map(|content| match content {
        Argument::Map(members) => Some(members),
        _ => None,
    })
    .collect()
}

/// Reads a template character by character.
#[derive(Default)]
struct Reader {
    /// The containers around the present place.
    open: Vec<Container>,
    /// Containers that were closed with nothing around them.
    roots: Vec<Argument>,
    /// The string that is being read.
    string: Option<Pattern>,
    is_escaped: bool,
    /// The last string, which may turn out to be a key.
    last: Option<Pattern>,
    /// A key whose value comes next.
    key: Option<String>,
    /// The character before, and the braces of a reference `${name}`.
    before: char,
    in_reference: bool,
}

/// An object or a list that is being read.
struct Container {
    /// Its key in the object around it.
    key: Option<String>,
    content: Argument,
}

impl Reader {
    fn character(&mut self, character: char) {
        let before = std::mem::replace(&mut self.before, character);
        if let Some(string) = &mut self.string {
            match character {
                _ if self.is_escaped => self.is_escaped = false,
                '\\' => {
                    self.is_escaped = true;
                    string.push(Part::Any);
                    return;
                }
                '"' => return self.end_string(),
                _ => {}
            }
            return string.push_literal(character.encode_utf8(&mut [0; 4]));
        }
        match character {
            '}' if self.in_reference => self.in_reference = false,
            _ if self.in_reference => {}
            '"' => self.string = Some(Pattern::default()),
            '{' if before == '$' || before == '!' => self.in_reference = true,
            '{' => self.open(Argument::Map(Vec::new())),
            '[' => self.open(Argument::List(Vec::new())),
            '}' | ']' => self.close(),
            ':' => self.key = self.last.take().and_then(|key| key.as_literal().map(str::to_owned)),
            _ if character.is_whitespace() || character == ',' => {}
            _ => {
                if let Some(key) = self.key.take() {
                    self.add(Some(key), computed());
                }
            }
        }
    }

    fn open(&mut self, content: Argument) {
        if self.open.len() < MAX_DEPTH {
            let key = self.key.take();
            self.open.push(Container { key, content });
        }
    }

    fn close(&mut self) {
        self.last = None;
        self.key = None;
        let Some(Container { key, content }) = self.open.pop() else { return };
        match self.open.is_empty() {
            true => self.roots.push(content),
            false => self.add(key, content),
        }
    }

    fn end_string(&mut self) {
        let Some(string) = self.string.take() else { return };
        let is_element = matches!(self.open.last(), Some(Container { content: Argument::List(_), .. }));
        if self.key.is_none() && !is_element {
            self.last = Some(string);
            return;
        }
        let is_computed = string.parts().iter().any(|part| match part {
            Part::Literal(text) => text.contains(['$', '#']),
            Part::Any => true,
            _ => false,
        });
        let key = self.key.take();
        self.add(key, if is_computed { computed() } else { Argument::Text(vec![string]) });
    }

    /// Adds a value to the container around it. A member that stands there twice, in branches of a directive,
    /// may be either.
    fn add(&mut self, key: Option<String>, value: Argument) {
        let Some(container) = self.open.last_mut() else { return };
        match (&mut container.content, key) {
            (Argument::List(items), _) => items.push(value),
            (Argument::Map(members), Some(key)) => {
                let Some((_, known)) = members.iter_mut().find(|(name, _)| *name == key) else {
                    return members.push((key, value));
                };
                match (known, value) {
                    (Argument::Text(texts), Argument::Text(more)) => texts.extend(more),
                    (Argument::Given(_), _) => {}
                    (known, _) => *known = computed(),
                }
            }
            _ => {}
        }
    }
}

fn computed() -> Argument {
    Argument::Given("the request template".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members_in(template: &str) -> Vec<(String, Argument)> {
        members(&Pattern::literal(template))
    }

    fn text(text: &str) -> Argument {
        Argument::Text(vec![Pattern::literal(text)])
    }

    fn named(entries: impl IntoIterator<Item = (&'static str, Argument)>) -> Vec<(String, Argument)> {
        entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    #[test]
    fn templates_tell_the_members_of_a_request() {
        let template =
            "#set($x = \"a: b\")\n{\"TableName\": \"orders\", \"Item\": {\"id\": \"$x\"}, \"Limit\": 3}";
        let item = Argument::Map(named([("id", computed())]));
        assert_eq!(
            members_in(template),
            named([("TableName", text("orders")), ("Item", item), ("Limit", computed())])
        );
        let branches = "{#if($a)\"TableName\": \"a\"#else \"TableName\": \"b\"#end}";
        let both = Argument::Text(vec![Pattern::literal("a"), Pattern::literal("b")]);
        assert_eq!(members_in(branches), named([("TableName", both)]));
        assert_eq!(members_in("{\"TableName\": \"$input.params('t')\"}"), named([("TableName", computed())]));
    }

    #[test]
    fn lists_of_objects_are_followed() {
        let template =
            "{\"Entries\": [#foreach($e in $x){\"EventBusName\": \"shop\", \"Detail\": ${e}}#end]}";
        let entry = Argument::Map(named([("EventBusName", text("shop")), ("Detail", computed())]));
        assert_eq!(members_in(template), named([("Entries", Argument::List(vec![entry]))]));
    }

    #[test]
    fn broken_templates_do_no_harm() {
        for template in
            ["", "{", "\"", "}}}}", "{\"a\"", "{\"a\":", "{\"a\\", "[[[\"a\": \"b\"", &"{".repeat(10_000)]
        {
            assert!(members_in(template).is_empty(), "{template}");
        }
    }
}
