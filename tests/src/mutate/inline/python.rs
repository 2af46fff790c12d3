//! Helpers of Python: their statements stand before the statement that calls, what they return stands in
//! place of the call.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::super::python::{Module, Use, outermost_function};
use super::super::{Edit, Mutated, applied, children};
use super::{occurrences, one_by_one, parsed, renamed, share_names, without_definition};

/// The source with its helpers inlined that no other file names.
pub(in super::super) fn inline_helpers(source: &str, is_used: &dyn Fn(&str) -> bool) -> Option<Mutated> {
    one_by_one(source, |text, number| {
        let tree = parsed(&tree_sitter_python::LANGUAGE.into(), text)?;
        let module = Module::new(&tree, text);
        let functions = module.functions().into_iter();
        let mut unused = functions.filter(|(name, _)| !is_used(name));
        unused.find_map(|(name, function)| {
            let edits = Helper::read(&module, name, function)?.inlined(number)?;
            Some(applied(text, edits))
        })
    })
}

struct Helper<'m, 't> {
    module: &'m Module<'t>,
    function: Node<'t>,
    params: Vec<Param<'t>>,
    statements: Vec<Node<'t>>,
    returned: Option<Node<'t>>,
    /// Names that the function binds, and others that it uses.
    locals: BTreeSet<&'t str>,
    others: BTreeSet<&'t str>,
    calls: Vec<Node<'t>>,
}

struct Param<'t> {
    name: &'t str,
    ty: Option<Node<'t>>,
    default: Option<Node<'t>>,
}

impl<'m, 't> Helper<'m, 't> {
    fn read(module: &'m Module<'t>, name: &'t str, function: Node<'t>) -> Option<Self> {
        let params = module.params(function).into_iter().map(|param| Param::read(module, param));
        let params = params.collect::<Option<Vec<Param<'t>>>>()?;
        let body = children(function.child_by_field_name("body")?);
        let (returned, statements) = match body.split_last() {
            Some((last, before)) if last.kind() == "return_statement" => (Some(*last), before.to_vec()),
            _ => (None, body),
        };
        let opaque = |node: &Node<'t>| {
            matches!(
                node.kind(),
                "function_definition" | "class_definition" | "match_statement" | "yield" | "named_expression"
            ) || node.kind() == "return_statement" && returned != Some(*node)
        };
        let inside = module.descendants(function).into_iter().filter(|node| *node != function);
        if inside.into_iter().any(|node| opaque(&node)) || !module.is_movable(function) {
            return None;
        }
        let (mut locals, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (node, used) in module.identifiers_in(function) {
            match used {
                Use::Bound => locals.insert(module.text(node)),
                Use::Fixed if is_parameter(node) => locals.insert(module.text(node)),
                Use::Read | Use::Fixed => others.insert(module.text(node)),
                Use::Other => false,
            };
        }
        others.retain(|name| !locals.contains(name));
        let calls = Self::calls(module, name, function)?;
        Some(Helper { module, function, params, statements, returned, locals, others, calls })
    }

    /// The calls of the helper, if nothing else is done with it.
    fn calls(module: &Module<'t>, name: &str, function: Node<'t>) -> Option<Vec<Node<'t>>> {
        let uses = module.identifiers.iter().filter(|(node, used)| {
            *used == Use::Read
                && module.text(*node) == name
                && !function.byte_range().contains(&node.start_byte())
        });
        let call = |(node, _): &(Node<'t>, Use)| {
            let call = node.parent().filter(|call| call.kind() == "call")?;
            (call.child_by_field_name("function") == Some(*node)).then_some(call)
        };
        let calls = uses.map(call).collect::<Option<Vec<Node<'t>>>>()?;
        // Besides the calls there is only the definition.
        let all = occurrences(module.source, name) == calls.len() + 1;
        (all && !calls.is_empty()).then_some(calls)
    }

    fn inlined(&self, number: usize) -> Option<Vec<Edit>> {
        without_definition(self.function, &self.calls, |call, index| {
            self.at(call, &format!("_inlined{number}_{index}"))
        })
    }

    /// The edits for one call: what stands before its statement, and instead of it.
    fn at(&self, call: Node<'t>, suffix: &str) -> Option<[Edit; 2]> {
        let source = self.module.source;
        let is_async = self.module.text(self.function).starts_with("async");
        let replaced = match call.parent() {
            Some(waiting) if is_async && waiting.kind() == "await" => waiting,
            _ if is_async => return None,
            _ => call,
        };
        let statement = statement_of(replaced)?;
        let around = outermost_function(statement);
        let bound = self.module.identifiers.iter().filter(|(node, used)| {
            matches!(used, Use::Bound | Use::Fixed) && around.is_some() && outermost_function(*node) == around
        });
        let bound: BTreeSet<&str> = bound.map(|(node, _)| self.module.text(*node)).collect();
        let line = source[..statement.start_byte()].rfind('\n').map_or(0, |end| end + 1);
        let indent = &source[line..statement.start_byte()];
        if share_names(&self.others, &bound) || !indent.trim().is_empty() {
            return None;
        }
        let renames: Vec<Edit> = self
            .module
            .identifiers_in(self.function)
            .filter(|(node, used)| *used != Use::Other && self.locals.contains(self.module.text(*node)))
            .map(|(node, _)| (node.byte_range(), format!("{}{suffix}", self.module.text(node))))
            .collect();
        let mut before = String::new();
        for (param, argument) in self.params.iter().zip(self.arguments(call)?) {
            let ty = param.ty.map_or_else(String::new, |ty| format!(": {}", self.module.text(ty)));
            before.push_str(&format!(
                "{}{suffix}{ty} = ({})\n{indent}",
                param.name,
                self.module.text(argument)
            ));
        }
        for statement in &self.statements {
            let text = renamed(source, *statement, &renames);
            let column = statement.start_position().column;
            let lines = text.lines().enumerate().map(|(number, line)| match number {
                0 => line.to_owned(),
                _ => format!("{indent}{}", unindented(line, column)),
            });
            before.push_str(&lines.collect::<Vec<String>>().join("\n"));
            before.push_str(&format!("\n{indent}"));
        }
        let value = self.returned.and_then(|returned| returned.named_child(0));
        let value = value.map_or_else(|| "None".to_owned(), |value| renamed(source, value, &renames));
        let start = statement.start_byte();
        Some([(start..start, before), (replaced.byte_range(), format!("({value})"))])
    }

    /// What the call passes for each parameter.
    fn arguments(&self, call: Node<'t>) -> Option<Vec<Node<'t>>> {
        let arguments = children(call.child_by_field_name("arguments")?);
        if arguments.iter().any(|argument| argument.kind().contains("splat") || argument.kind() == "comment")
        {
            return None;
        }
        let named =
            |argument: &Node<'t>| argument.child_by_field_name("name").map(|name| self.module.text(name));
        let (by_name, by_place): (Vec<Node<'t>>, Vec<Node<'t>>) =
            arguments.into_iter().partition(|argument| argument.kind() == "keyword_argument");
        if by_place.len() > self.params.len()
            || by_place.iter().any(|one| one.kind() == "generator_expression")
        {
            return None;
        }
        self.params
            .iter()
            .enumerate()
            .map(|(place, param)| {
                let given = by_name.iter().find(|argument| named(argument) == Some(param.name));
                let given = given.and_then(|argument| argument.child_by_field_name("value"));
                by_place.get(place).copied().or(given).or(param.default)
            })
            .collect()
    }
}

impl<'t> Param<'t> {
    fn read(module: &Module<'t>, param: Node<'t>) -> Option<Self> {
        let (name, ty, default) = match param.kind() {
            "identifier" => (param, None, None),
            "typed_parameter" => (param.named_child(0)?, param.child_by_field_name("type"), None),
            "default_parameter" | "typed_default_parameter" => (
                param.child_by_field_name("name")?,
                param.child_by_field_name("type"),
                Some(param.child_by_field_name("value")?),
            ),
            _ => return None,
        };
        (name.kind() == "identifier").then(|| Param { name: module.text(name), ty, default })
    }
}

fn is_parameter(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| parent.kind().contains("parameter"))
}

/// A line of a block, with less before it.
fn unindented(line: &str, columns: usize) -> &str {
    let spaces = line.len() - line.trim_start().len();
    &line[spaces.min(columns)..]
}

/// The statement around an expression that is evaluated once whenever the statement is.
fn statement_of(expression: Node<'_>) -> Option<Node<'_>> {
    let mut node = expression;
    loop {
        let parent = node.parent()?;
        let is_field = |name: &str| parent.child_by_field_name(name) == Some(node);
        match parent.kind() {
            "call"
            | "argument_list"
            | "keyword_argument"
            | "attribute"
            | "subscript"
            | "binary_operator"
            | "unary_operator"
            | "tuple"
            | "list"
            | "dictionary"
            | "pair"
            | "parenthesized_expression"
            | "await"
            | "expression_list"
            | "dictionary_splat"
            | "list_splat"
            | "as_pattern"
            | "with_item"
            | "with_clause" => {}
            "assignment" if is_field("right") => {}
            "expression_statement" | "return_statement" | "with_statement" => {
                return Some(parent).filter(is_in_block);
            }
            "for_statement" if is_field("right") => return Some(parent).filter(is_in_block),
            "if_statement" if is_field("condition") => return Some(parent).filter(is_in_block),
            _ => return None,
        }
        node = parent;
    }
}

fn is_in_block(statement: &Node<'_>) -> bool {
    statement.parent().is_some_and(|parent| matches!(parent.kind(), "block" | "module"))
}

#[cfg(test)]
mod tests {
    use super::inline_helpers;

    fn source(source: &str) -> String {
        inline_helpers(source, &|_| false).map_or_else(String::new, |mutated| mutated.source)
    }

    #[test]
    fn a_body_stands_before_the_statement_that_calls() {
        let text = "def name(a, b='x'):\n    c = a + b\n    return c.lower()\n\ndef handler(event):\n    if event:\n        put(Bucket=name(event))\n";
        let inlined = "\n\ndef handler(event):\n    if event:\n        a_inlined0_0 = (event)\n        b_inlined0_0 = ('x')\n        c_inlined0_0 = a_inlined0_0 + b_inlined0_0\n        put(Bucket=(c_inlined0_0.lower()))\n";
        assert_eq!(source(text), inlined);
    }

    #[test]
    fn a_coroutine_is_inlined_where_it_is_awaited() {
        let text = "async def load(key):\n    return await get(key)\n\nasync def handler(event):\n    x = await load(key=event)\n";
        let inlined = "\n\nasync def handler(event):\n    key_inlined0_0 = (event)\n    x = (await get(key_inlined0_0))\n";
        assert_eq!(source(text), inlined);
    }

    #[test]
    fn what_is_more_than_a_helper_stays() {
        let unchanged = [
            "def f(a):\n    return a\n\ndef g(b):\n    return [f(c) for c in b]\n",
            "def f(a):\n    if a:\n        return 1\n    return 2\n\ndef g(b):\n    return f(b)\n",
            "N = 1\n\ndef f():\n    return N\n\ndef g(N):\n    return f()\n",
            "def f(a):\n    return a\n\ndef g(b):\n    run(f)\n    return f(b)\n",
        ];
        for text in unchanged {
            assert_eq!(source(text), "", "{text}");
        }
    }
}
