//! Helpers of JavaScript and TypeScript: their statements stand before the statement that calls, what they
//! return stands in place of the call.

use std::collections::BTreeSet;

use tree_sitter::Node;

use super::super::javascript::{Form, Function, Module, Use, descendants, grammar, outermost_function};
use super::super::{Edit, Mutated, applied, children};
use super::{occurrences, one_by_one, parsed, renamed, share_names, without_definition};

/// The source with its helpers inlined that no other file names.
pub(in super::super) fn inline_helpers(
    extension: &str,
    source: &str,
    is_used: &dyn Fn(&str) -> bool,
) -> Option<Mutated> {
    one_by_one(source, |text, number| {
        let tree = parsed(&grammar(extension)?, text)?;
        let module = Module::new(&tree, text);
        let functions = module.functions().into_iter();
        let mut unused = functions.filter(|function| !is_used(function.name));
        unused.find_map(|function| {
            let edits = Helper::read(&module, function)?.inlined(number)?;
            Some(applied(text, edits))
        })
    })
}

struct Helper<'m, 't> {
    module: &'m Module<'t>,
    function: Function<'t>,
    params: Vec<Param<'t>>,
    statements: Vec<Node<'t>>,
    returned: Option<Node<'t>>,
    /// Names that the function binds, and others that it uses.
    locals: BTreeSet<&'t str>,
    others: BTreeSet<&'t str>,
    calls: Vec<Node<'t>>,
}

struct Param<'t> {
    pattern: Node<'t>,
    ty: Option<Node<'t>>,
    default: Option<Node<'t>>,
}

impl<'m, 't> Helper<'m, 't> {
    fn read(module: &'m Module<'t>, function: Function<'t>) -> Option<Self> {
        let node = function.node;
        let is_own = function.form != Form::Export && !function.is_exported && module.is_plain(&function);
        if !is_own || node.child_by_field_name("type_parameters").is_some() {
            return None;
        }
        let params = match node.child_by_field_name("parameter") {
            Some(only) => vec![Param { pattern: only, ty: None, default: None }],
            None => children(node.child_by_field_name("parameters")?)
                .into_iter()
                .map(Param::read)
                .collect::<Option<Vec<Param<'t>>>>()?,
        };
        let body = node.child_by_field_name("body")?;
        let (returned, statements) = match (body.kind(), children(body)) {
            ("statement_block", statements) => match statements.split_last() {
                Some((last, before)) if last.kind() == "return_statement" => {
                    (last.named_child(0), before.to_vec())
                }
                _ => (None, statements),
            },
            _ => (Some(body), Vec::new()),
        };
        let is_opaque = |node: &Node<'t>| {
            let returns = node.kind() == "return_statement"
                && function_around(*node) == Some(function.node)
                && node.parent() != Some(body);
            returns
                || matches!(node.kind(), "function_declaration" | "class_declaration" | "yield_expression")
        };
        let returns = children(body).iter().filter(|node| node.kind() == "return_statement").count();
        if descendants(body).iter().any(is_opaque) || body.kind() == "statement_block" && returns > 1 {
            return None;
        }
        let (mut locals, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (identifier, used) in module.identifiers_in(node) {
            match used {
                Use::Bound => locals.insert(module.text(identifier)),
                Use::Fixed if is_declared(identifier) => locals.insert(module.text(identifier)),
                _ => others.insert(module.text(identifier)),
            };
        }
        locals.remove(function.name);
        others.retain(|name| !locals.contains(name));
        let calls = Self::calls(module, &function)?;
        Some(Helper { module, function, params, statements, returned, locals, others, calls })
    }

    /// The calls of the helper, if nothing else is done with it.
    fn calls(module: &Module<'t>, function: &Function<'t>) -> Option<Vec<Node<'t>>> {
        let inside = |node: &Node<'t>| function.statement.byte_range().contains(&node.start_byte());
        let uses = module.identifiers.iter().filter(|(node, used)| {
            *used == Use::Read && module.text(*node) == function.name && !inside(node)
        });
        let call = |(node, _): &(Node<'t>, Use)| {
            let call = node.parent().filter(|call| call.kind() == "call_expression")?;
            (call.child_by_field_name("function") == Some(*node)).then_some(call)
        };
        let calls = uses.map(call).collect::<Option<Vec<Node<'t>>>>()?;
        // Besides the calls there is only the definition.
        let all = occurrences(module.source, function.name) == calls.len() + 1;
        (all && !calls.is_empty()).then_some(calls)
    }

    fn inlined(&self, number: usize) -> Option<Vec<Edit>> {
        without_definition(self.function.statement, &self.calls, |call, index| {
            self.at(call, &format!("Inlined{number}x{index}"))
        })
    }

    /// The edits for one call: what stands around its statement, and instead of it.
    fn at(&self, call: Node<'t>, suffix: &str) -> Option<[Edit; 3]> {
        let module = self.module;
        let parent = call.parent()?;
        let caller = function_around(call);
        let in_async = caller.is_some_and(|caller| module.text(caller).starts_with("async"));
        let waits = match parent.kind() {
            "await_expression" => true,
            "return_statement" | "arrow_function" => in_async,
            _ => false,
        };
        if module.text(self.function.node).starts_with("async") && !waits {
            return None;
        }
        let statement = statement_of(call)?;
        let around = outermost_function(statement);
        let bound = module.identifiers.iter().filter(|(node, used)| {
            *used != Use::Read && around.is_some() && outermost_function(*node) == around
        });
        let bound: BTreeSet<&str> = bound.map(|(node, _)| module.text(*node)).collect();
        if share_names(&self.others, &bound) {
            return None;
        }
        let of_locals = module
            .identifiers_in(self.function.node)
            .filter(|(node, _)| self.locals.contains(module.text(*node)));
        let renames: Vec<Edit> = of_locals
            .map(|(node, _)| {
                let name = module.text(node);
                let text = match node.kind() {
                    "identifier" => format!("{name}{suffix}"),
                    // A property and a variable at once.
                    _ => format!("{name}: {name}{suffix}"),
                };
                (node.byte_range(), text)
            })
            .collect();
        let mut before = String::new();
        for (param, argument) in self.params.iter().zip(self.arguments(call)?) {
            let ty = param.ty.map_or("", |ty| module.text(ty));
            let argument = argument.map_or("undefined", |argument| module.text(argument));
            let pattern = renamed(module.source, param.pattern, &renames);
            before.push_str(&format!("let {pattern}{ty} = {argument};\n"));
        }
        for statement in &self.statements {
            before.push_str(&renamed(module.source, *statement, &renames));
            before.push('\n');
        }
        let value = self
            .returned
            .map_or_else(|| "undefined".to_owned(), |value| renamed(module.source, value, &renames));
        let (before, after) = match is_body(statement) {
            true => (format!("{{\n{before}return "), ";\n}"),
            false => (before, ""),
        };
        let (start, end) = (statement.start_byte(), statement.end_byte());
        Some([
            (start..start, before),
            (call.byte_range(), format!("({value})")),
            (end..end, after.to_owned()),
        ])
    }

    /// What the call passes for each parameter.
    fn arguments(&self, call: Node<'t>) -> Option<Vec<Option<Node<'t>>>> {
        let arguments = children(call.child_by_field_name("arguments")?);
        let is_plain = |argument: &Node<'t>| !matches!(argument.kind(), "spread_element" | "comment");
        if !arguments.iter().all(is_plain) || arguments.len() > self.params.len() {
            return None;
        }
        let passed = |(place, param): (usize, &Param<'t>)| arguments.get(place).copied().or(param.default);
        Some(self.params.iter().enumerate().map(passed).collect())
    }
}

impl<'t> Param<'t> {
    fn read(param: Node<'t>) -> Option<Self> {
        let pattern = param.child_by_field_name("pattern")?;
        let is_plain = matches!(param.kind(), "required_parameter" | "optional_parameter")
            && matches!(pattern.kind(), "identifier" | "object_pattern" | "array_pattern");
        // A parameter that may be missing says so in its type only with a question mark.
        let ty = param.child_by_field_name("type").filter(|_| param.kind() == "required_parameter");
        is_plain.then(|| Param { pattern, ty, default: param.child_by_field_name("value") })
    }
}

/// Whether a binding that is no declaration of a variable makes a name: assignments do not.
fn is_declared(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| {
        !matches!(
            parent.kind(),
            "assignment_expression" | "augmented_assignment_expression" | "update_expression"
        )
    })
}

/// The innermost function around a node.
fn function_around(node: Node<'_>) -> Option<Node<'_>> {
    std::iter::successors(node.parent(), |node| node.parent()).find(|around| {
        matches!(
            around.kind(),
            "function_declaration" | "function_expression" | "arrow_function" | "method_definition"
        )
    })
}

/// The statement around an expression that is evaluated once whenever the statement is, or the expression
/// that is the whole body of a function.
fn statement_of(expression: Node<'_>) -> Option<Node<'_>> {
    let mut node = expression;
    loop {
        let parent = node.parent()?;
        let is_field = |name: &str| parent.child_by_field_name(name) == Some(node);
        if is_body(node) {
            return Some(node);
        }
        match parent.kind() {
            "call_expression"
            | "arguments"
            | "member_expression"
            | "subscript_expression"
            | "await_expression"
            | "new_expression"
            | "object"
            | "pair"
            | "array"
            | "spread_element"
            | "template_string"
            | "template_substitution"
            | "parenthesized_expression"
            | "non_null_expression"
            | "as_expression"
            | "satisfies_expression"
            | "unary_expression" => {}
            "binary_expression" if !is_short_circuit(parent) => {}
            "assignment_expression" if is_field("right") => {}
            "variable_declarator" if is_field("value") => {}
            "lexical_declaration" | "variable_declaration" => {
                let exported = parent.parent().filter(|around| around.kind() == "export_statement");
                return Some(exported.unwrap_or(parent)).filter(is_in_block);
            }
            "expression_statement" | "return_statement" => return Some(parent).filter(is_in_block),
            "if_statement" if is_field("condition") => return Some(parent).filter(is_in_block),
            "for_in_statement" if is_field("right") => return Some(parent).filter(is_in_block),
            _ => return None,
        }
        node = parent;
    }
}

/// Whether an expression is all that an arrow function has.
fn is_body(node: Node<'_>) -> bool {
    let around = node.parent().filter(|around| around.kind() == "arrow_function");
    node.kind() != "statement_block"
        && around.is_some_and(|around| around.child_by_field_name("body") == Some(node))
}

fn is_short_circuit(binary: Node<'_>) -> bool {
    let operator = binary.child_by_field_name("operator").map(|operator| operator.kind());
    matches!(operator, Some("&&" | "||" | "??"))
}

fn is_in_block(statement: &Node<'_>) -> bool {
    statement.parent().is_some_and(|parent| matches!(parent.kind(), "statement_block" | "program"))
}

#[cfg(test)]
mod tests {
    use super::inline_helpers;

    fn source(source: &str) -> String {
        inline_helpers("ts", source, &|_| false).map_or_else(String::new, |mutated| mutated.source)
    }

    #[test]
    fn a_body_stands_before_the_statement_that_calls() {
        let text = "const save = async ({ key }: Row, b = 'x') => {\n  const c = key + b;\n  return put({ Key: c, key });\n};\nexports.handler = async (event) => {\n  const r = await save(event);\n};";
        let inlined = "\nexports.handler = async (event) => {\n  let { key: keyInlined0x0 }: Row = event;\nlet bInlined0x0 = 'x';\nconst cInlined0x0 = keyInlined0x0 + bInlined0x0;\nconst r = await (put({ Key: cInlined0x0, key: keyInlined0x0 }));\n};";
        assert_eq!(source(text), inlined);
    }

    #[test]
    fn a_body_without_braces_gets_some() {
        let text = "const f = (a) => h(a);\nexports.g = (b) => b.map((c) => f(c));";
        let inlined =
            "\nexports.g = (b) => b.map((c) => {\nlet aInlined0x0 = c;\nreturn (h(aInlined0x0));\n});";
        assert_eq!(source(text), inlined);
    }

    #[test]
    fn what_is_more_than_a_helper_stays() {
        let unchanged = [
            "function f(a) { if (a) { return 1; } return 2; }\nexports.g = (b) => { return f(b); };",
            "const n = 1;\nconst f = () => n;\nexports.g = (n) => { return f(); };",
            "const f = (a) => a;\nexports.g = (b) => { run(f); return f(b); };",
            "const f = (a) => a;\nexports.g = (b) => { return b && f(b); };",
            "export const f = (a) => a;\nexport const g = (b) => { return f(b); };",
        ];
        for text in unchanged {
            assert_eq!(source(text), "", "{text}");
        }
    }
}
