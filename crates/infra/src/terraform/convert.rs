//! Expressions of HCL as values of a template.

use std::path::Path;

use hcl_edit::Span as _;
use hcl_edit::expr::{BinaryOperator, Expression, FuncCall, Object, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::template::{Element, Template};

use super::{ModuleId, Terraform, call, entry, list, map, scalar, types, unknown};
use crate::code::shown;
use crate::tree::{Entry, Kind, Mark, Node};

/// How deep values may lead to values.
const MAX_DEPTH: usize = 40;

impl Terraform<'_> {
    /// The value of an expression of a module.
    pub(super) fn convert(&mut self, module: ModuleId, file: u32, expression: &Expression) -> Node {
        let at = self.mark(file, expression.span());
        if self.depth >= MAX_DEPTH {
            return unknown(at);
        }
        self.depth += 1;
        let node = self.expression(module, file, expression, at);
        self.depth -= 1;
        node
    }

    fn expression(&mut self, module: ModuleId, file: u32, expression: &Expression, at: Mark) -> Node {
        match expression {
            Expression::Null(_) => call("Ref", scalar("AWS::NoValue", at)),
            Expression::Bool(flag) => scalar(&flag.value().to_string(), at),
            Expression::Number(number) => scalar(&number.value().to_string(), at),
            Expression::String(text) => scalar(text.value(), at),
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.convert(module, file, item)).collect();
                list(at, items)
            }
            Expression::Object(object) => self.object(module, file, object, at),
            Expression::StringTemplate(template) => {
                let elements: Vec<&Element> = template.iter().collect();
                self.template_text(module, file, &elements, at)
            }
            Expression::HeredocTemplate(heredoc) => self.heredoc(module, file, &heredoc.template, at),
            Expression::Parenthesis(inner) => self.convert(module, file, inner.inner()),
            Expression::Variable(_)
            | Expression::UnaryOp(_)
            | Expression::ForExpr(_)
            | Expression::BinaryOp(_) => unknown(at),
            Expression::Conditional(conditional) => {
                let condition = self.condition(module, file, &conditional.cond_expr, at);
                let then = self.convert(module, file, &conditional.true_expr);
                let otherwise = self.convert(module, file, &conditional.false_expr);
                call("Fn::If", list(at, vec![scalar(&condition, at), then, otherwise]))
            }
            Expression::FuncCall(function) => self.function(module, file, function, at),
            Expression::Traversal(traversal) => self.traversal(module, file, traversal, at),
        }
    }

    fn object(&mut self, module: ModuleId, file: u32, object: &Object, at: Mark) -> Node {
        let mut entries = Vec::new();
        for (key, value) in object {
            let name = match key {
                ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
                ObjectKey::Expression(expression) => {
                    self.convert(module, file, expression).text().map(str::to_owned)
                }
            };
            if let Some(key) = name {
                let value = self.convert(module, file, value.expr());
                entries.push(Entry { key, at: value.at, value });
            }
        }
        map(at, entries)
    }

    fn heredoc(&mut self, module: ModuleId, file: u32, template: &Template, at: Mark) -> Node {
        let elements: Vec<&Element> = template.iter().collect();
        self.template_text(module, file, &elements, at)
    }

    /// Text with values in it: a substitution with a variable for each of them.
    fn template_text(&mut self, module: ModuleId, file: u32, elements: &[&Element], at: Mark) -> Node {
        let mut parts = Vec::new();
        for element in elements {
            parts.push(match element {
                Element::Literal(text) => scalar(text, at),
                Element::Interpolation(interpolation) => self.convert(module, file, &interpolation.expr),
                Element::Directive(_) => unknown(at),
            });
        }
        joined(parts, at)
    }

    /// The name of a condition for an expression; one that nobody knows where it cannot be told.
    fn condition(&mut self, module: ModuleId, file: u32, expression: &Expression, at: Mark) -> String {
        let name = format!("condition{}", self.conditions.len());
        let compared = match expression {
            Expression::Parenthesis(inner) => return self.condition(module, file, inner.inner(), at),
            Expression::BinaryOp(operation) => {
                let left = self.convert(module, file, &operation.lhs_expr);
                let right = self.convert(module, file, &operation.rhs_expr);
                let equals = call("Fn::Equals", list(at, vec![left, right]));
                match operation.operator.value() {
                    BinaryOperator::Eq => Some(equals),
                    BinaryOperator::NotEq => Some(call("Fn::Not", list(at, vec![equals]))),
                    _ => None,
                }
            }
            other => {
                let value = self.convert(module, file, other);
                Some(call("Fn::Equals", list(at, vec![value, scalar("true", at)])))
            }
        };
        self.conditions.push(entry(&name, compared.unwrap_or_else(|| unknown(at))));
        name
    }

    fn function(&mut self, module: ModuleId, file: u32, function: &FuncCall, at: Mark) -> Node {
        let mut args: Vec<Node> = function.args.iter().map(|arg| self.convert(module, file, arg)).collect();
        match function.name.name.as_str() {
            "tostring" | "toset" | "tolist" | "tomap" | "sensitive" | "nonsensitive" | "abspath"
            | "trimspace" | "coalesce" | "try" | "one" | "pathexpand"
                if !args.is_empty() =>
            {
                args.swap_remove(0)
            }
            "join" if args.len() == 2 => call("Fn::Join", list(at, args)),
            "format" if !args.is_empty() => formatted(args, at),
            "merge" => {
                let mut entries: Vec<Entry> = Vec::new();
                for entry in args.iter().flat_map(Node::entries) {
                    entries.retain(|known| known.key != entry.key);
                    entries.push(entry.clone());
                }
                map(at, entries)
            }
            "concat" => list(at, args.iter().flat_map(Node::items).cloned().collect()),
            "lower" | "upper" if args.len() == 1 => match args[0].text() {
                Some(text) if function.name.name.as_str() == "lower" => scalar(&text.to_lowercase(), at),
                Some(text) => scalar(&text.to_uppercase(), at),
                None => unknown(at),
            },
            "lookup" if args.len() >= 2 => {
                let found = args[1].text().and_then(|key| args[0].get(key)).cloned();
                found.or_else(|| args.get(2).cloned()).unwrap_or_else(|| unknown(at))
            }
            _ => unknown(at),
        }
    }

    fn traversal(&mut self, module: ModuleId, file: u32, traversal: &Traversal, at: Mark) -> Node {
        let Expression::Variable(root) = &traversal.expr else { return unknown(at) };
        let mut steps = Vec::new();
        for operator in &traversal.operators {
            steps.push(match operator.value() {
                TraversalOperator::GetAttr(name) => name.as_str().to_owned(),
                TraversalOperator::Index(index) => {
                    self.convert(module, file, index).text().unwrap_or_default().to_owned()
                }
                TraversalOperator::LegacyIndex(index) => index.value().to_string(),
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => String::new(),
            });
        }
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        self.named(module, root.as_str(), &steps, at)
    }

    fn named(&mut self, module: ModuleId, root: &str, steps: &[&str], at: Mark) -> Node {
        match (root, steps) {
            ("var", [name, rest @ ..]) => {
                let value = self.variable(module, name, at);
                follow(value, rest, at)
            }
            ("local", [name, rest @ ..]) => match self.modules[module].locals.get(*name).cloned() {
                Some(local) => {
                    let value = self.convert(module, local.file, &local.value);
                    follow(value, rest, at)
                }
                None => unknown(at),
            },
            ("module", [name, output, rest @ ..]) => self.output(module, name, output, rest, at),
            ("path", ["module"]) => {
                let directory = self.modules[module].directory.clone();
                self.path(&directory, at)
            }
            ("path", ["root" | "cwd"]) => {
                let root = self.root.clone();
                self.path(&root, at)
            }
            ("terraform", ["workspace"]) => self.unknown_named("workspace", at),
            ("data", ["aws_region", _, "name" | "region" | "id"]) => call("Ref", scalar("AWS::Region", at)),
            ("data", ["aws_caller_identity", _, "account_id" | "id"]) => {
                call("Ref", scalar("AWS::AccountId", at))
            }
            ("data", ["aws_partition", _, "partition" | "id"]) => call("Ref", scalar("AWS::Partition", at)),
            ("data", [kind, name, attribute, ..]) => self.data(module, kind, name, attribute, at),
            (kind, [name, rest @ ..]) if kind.starts_with("aws_") => {
                // An index picks one of several equal resources.
                let attribute = rest.iter().find(|step| !step.is_empty() && step.parse::<u32>().is_err());
                let id = format!("{}{kind}:{name}", self.modules[module].prefix);
                types::attribute(kind, &id, attribute.copied().unwrap_or("id"), at)
            }
            _ => unknown(at),
        }
    }

    /// Paths are made relative to the root module, where the template stands.
    fn path(&mut self, directory: &Path, at: Mark) -> Node {
        let relative = directory.strip_prefix(&self.root).map(shown);
        scalar(&relative.unwrap_or_else(|_| shown(directory)), at)
    }

    /// A variable: what is given, else its default, else a parameter that nobody knows.
    fn variable(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        if module == 0
            && let Some(value) = self.settings.parameters.get(name)
        {
            return scalar(value, at);
        }
        if let Some(value) = self.modules[module].variables.get(name) {
            return value.clone();
        }
        let Some(declared) = self.modules[module].declared.get(name).cloned() else { return unknown(at) };
        let place = self.mark(declared.file, declared.value.span());
        let default = declared.value.body.get_attribute("default").map(|default| default.value.clone());
        let default = default.filter(|default| !default.is_null());
        match default.map(|default| self.convert(module, declared.file, &default)) {
            Some(value) if module == 0 && value.text().is_some() => {
                self.parameters.insert(name.to_owned(), (place, value.text().map(str::to_owned)));
                call("Ref", scalar(name, at))
            }
            Some(value) => value,
            None => {
                self.unknown_named(&format!("{}{name}", self.modules[module].prefix.replace('.', "")), place)
            }
        }
    }

    /// A value that nobody knows, as a parameter of that name.
    fn unknown_named(&mut self, name: &str, at: Mark) -> Node {
        self.parameters.entry(name.to_owned()).or_insert((at, None));
        call("Ref", scalar(name, at))
    }

    fn output(&mut self, module: ModuleId, name: &str, output: &str, rest: &[&str], at: Mark) -> Node {
        let Some(&child) = self.modules[module].children.get(name) else {
            let id = format!("{}module:{name}", self.modules[module].prefix);
            return types::function_module_output(&id, output, at).unwrap_or_else(|| unknown(at));
        };
        match self.modules[child].outputs.get(output).cloned() {
            Some(value) => {
                let value = self.convert(child, value.file, &value.value);
                follow(value, rest, at)
            }
            None => unknown(at),
        }
    }

    /// Data that names an existing resource stands for it by the name it is looked up by.
    fn data(&mut self, module: ModuleId, kind: &str, name: &str, attribute: &str, at: Mark) -> Node {
        let key = (kind.to_owned(), name.to_owned());
        if kind == "archive_file"
            || !self.modules[module].data.contains_key(&key)
            || types::find(kind).is_none()
        {
            return unknown(at);
        }
        let id = format!("{}data.{kind}:{name}", self.modules[module].prefix);
        types::attribute(kind, &id, attribute, at)
    }
}

/// The value below attributes and keys.
fn follow(value: Node, steps: &[&str], at: Mark) -> Node {
    let mut node = value;
    for step in steps {
        let next = match (&node.kind, step.parse::<usize>()) {
            (Kind::List(items), Ok(position)) => items.get(position).cloned(),
            _ => node.get(step).cloned(),
        };
        match next {
            Some(next) => node = next,
            None => return unknown(at),
        }
    }
    node
}

/// All parts behind each other.
fn joined(parts: Vec<Node>, at: Mark) -> Node {
    if let [_] = parts.as_slice() {
        return parts.into_iter().next().unwrap_or_else(|| unknown(at));
    }
    if parts.iter().all(|part| part.text().is_some()) {
        let text: String = parts.iter().filter_map(Node::text).collect();
        return scalar(&text, at);
    }
    call("Fn::Join", list(at, vec![scalar("", at), list(at, parts)]))
}

/// `format("%s-%d", a, b)`.
fn formatted(args: Vec<Node>, at: Mark) -> Node {
    let mut args = args.into_iter();
    let pattern = args.next();
    let Some(pattern) = pattern.as_ref().and_then(Node::text) else { return unknown(at) };
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        parts.push(scalar(before, at));
        match after.chars().next() {
            Some('%') => parts.push(scalar("%", at)),
            Some('s' | 'd' | 'v') => parts.push(args.next().unwrap_or_else(|| unknown(at))),
            _ => return unknown(at),
        }
        rest = &after[1..];
    }
    parts.push(scalar(rest, at));
    joined(parts.into_iter().filter(|part| part.text() != Some("")).collect(), at)
}
