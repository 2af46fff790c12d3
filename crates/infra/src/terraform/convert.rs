//! Expressions of HCL as values of a template.

use std::path::Path;

use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOp, BinaryOperator, Conditional, Expression, ForExpr, Object as ObjectExpression, ObjectKey,
    Traversal, TraversalOperator, UnaryOperator,
};

use super::scope::{Argument, MAX_SIZE, Object, Scope, size};
use super::{
    ModuleId, Named, Terraform, call, entry, is_missing, is_null, list, map, missing, null, registry, scalar,
    types, unknown,
};
use crate::code::shown;
use crate::tree::{Entry, Kind, Mark, Node};

/// How deep values may lead to values.
const MAX_DEPTH: usize = 48;

/// Expressions that one root module may take.
const MAX_STEPS: usize = 2_000_000;

/// Alternatives of a look-up by a key that is not known.
const MAX_ALTERNATIVES: usize = 8;

/// One step of `a.b["c"][*]`.
pub(super) enum Step {
    Attribute(String),
    Index(Node),
    Splat,
}

impl Terraform<'_> {
    /// The value of an expression of a module.
    pub(super) fn convert(&mut self, module: ModuleId, file: u32, expression: &Expression) -> Node {
        let at = self.mark(file, expression.span());
        self.steps += 1;
        if self.steps > MAX_STEPS {
            let message = "the configuration takes too long to compute; its values are not known".to_owned();
            self.warn("loop-not-unrolled", Mark::default(), message, "read a plan of it instead");
            return unknown(at);
        }
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
            Expression::Null(_) => null(at),
            Expression::Bool(flag) => scalar(&flag.value().to_string(), at),
            Expression::Number(number) => scalar(&number.value().to_string(), at),
            Expression::String(text) => scalar(text.value(), at),
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.convert(module, file, item)).collect();
                list(at, items)
            }
            Expression::Object(object) => self.object_value(module, file, object, at),
            Expression::StringTemplate(template) => {
                let elements: Vec<_> = template.iter().collect();
                self.template_text(module, file, &elements, at)
            }
            Expression::HeredocTemplate(heredoc) => {
                let elements: Vec<_> = heredoc.template.iter().collect();
                self.template_text(module, file, &elements, at)
            }
            Expression::Parenthesis(inner) => self.convert(module, file, inner.inner()),
            Expression::Variable(name) => match self.scope.get(name.as_str()) {
                Some(value) => value.clone(),
                None => unknown(at),
            },
            Expression::UnaryOp(operation) => {
                let value = self.convert(module, file, &operation.expr);
                match (operation.operator.value(), self.text(&value).as_deref()) {
                    (UnaryOperator::Not, Some("true")) => scalar("false", at),
                    (UnaryOperator::Not, Some("false")) => scalar("true", at),
                    (UnaryOperator::Neg, Some(number)) => scalar(&format!("-{number}"), at),
                    _ => unknown(at),
                }
            }
            Expression::ForExpr(each) => self.for_expression(module, file, each, at),
            Expression::BinaryOp(operation) => self.operation(module, file, operation, at),
            Expression::Conditional(conditional) => self.conditional(module, file, conditional, at),
            Expression::FuncCall(function) => self.function(module, file, function, at),
            Expression::Traversal(traversal) => self.traversal(module, file, traversal, at),
        }
    }

    fn object_value(&mut self, module: ModuleId, file: u32, object: &ObjectExpression, at: Mark) -> Node {
        let mut entries = Vec::new();
        for (key, value) in object {
            let name = match key {
                ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
                ObjectKey::Expression(expression) => {
                    let key = match expression {
                        // A name as a key is that name.
                        Expression::Variable(name) => scalar(name.as_str(), at),
                        other => self.convert(module, file, other),
                    };
                    self.text(&key)
                }
            };
            if let Some(key) = name {
                let value = self.convert(module, file, value.expr());
                entries.push(Entry { key, at: value.at, value });
            }
        }
        map(at, entries)
    }

    fn conditional(&mut self, module: ModuleId, file: u32, conditional: &Conditional, at: Mark) -> Node {
        let condition = self.convert(module, file, &conditional.cond_expr);
        match self.text(&condition).as_deref() {
            Some("true") => self.convert(module, file, &conditional.true_expr),
            Some("false") => self.convert(module, file, &conditional.false_expr),
            _ => {
                let then = self.convert(module, file, &conditional.true_expr);
                let otherwise = self.convert(module, file, &conditional.false_expr);
                self.either(then, otherwise, at)
            }
        }
    }

    /// One of two values; nobody knows which.
    pub(super) fn either(&mut self, one: Node, other: Node, at: Mark) -> Node {
        let name = format!("condition{}", self.conditions.len());
        self.conditions.push(entry(&name, unknown(at)));
        call("Fn::If", list(at, vec![scalar(&name, at), one, other]))
    }

    fn for_expression(&mut self, module: ModuleId, file: u32, each: &ForExpr, at: Mark) -> Node {
        let collection = self.convert(module, file, &each.intro.collection_expr);
        let Some(pairs) = self.elements(&collection) else { return unknown(at) };
        let mut items = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        let mut total = 0;
        for (key, value) in pairs {
            let mut scope = self.scope.with(each.intro.value_var.as_str(), value);
            if let Some(name) = &each.intro.key_var {
                scope = scope.with(name.as_str(), key);
            }
            let (is_wanted, key, value) = self.within(scope, |this| {
                let is_wanted = each.cond.as_ref().map(|cond| this.convert(module, file, &cond.expr));
                let is_wanted = is_wanted.is_none_or(|node| this.text(&node).as_deref() != Some("false"));
                if !is_wanted {
                    return (false, None, null(at));
                }
                let key = each.key_expr.as_ref().map(|key| this.convert(module, file, key));
                let key = key.map(|key| this.text(&key));
                (true, key, this.convert(module, file, &each.value_expr))
            });
            total += size(&value);
            if total > MAX_SIZE {
                return unknown(at);
            }
            match key {
                _ if !is_wanted => {}
                None => items.push(value),
                Some(None) => return unknown(at),
                Some(Some(key)) if each.grouping => match entries.iter_mut().find(|entry| entry.key == key) {
                    Some(Entry { value: Node { kind: Kind::List(group), .. }, .. }) => group.push(value),
                    _ => entries.push(Entry { key, at, value: list(at, vec![value]) }),
                },
                Some(Some(key)) => entries.push(Entry { key, at, value }),
            }
        }
        if each.key_expr.is_some() { map(at, entries) } else { list(at, items) }
    }

    /// What a loop goes over: keys or positions, and values.
    pub(super) fn elements(&mut self, node: &Node) -> Option<Vec<(Node, Node)>> {
        if self.object(node).is_some() {
            return None;
        }
        let at = node.at;
        match &node.kind {
            Kind::List(items) => {
                let numbered = items.iter().enumerate();
                Some(numbered.map(|(index, item)| (scalar(&index.to_string(), at), item.clone())).collect())
            }
            Kind::Map(entries) if node.intrinsic().is_none() => {
                Some(entries.iter().map(|entry| (scalar(&entry.key, at), entry.value.clone())).collect())
            }
            _ => None,
        }
    }

    fn operation(&mut self, module: ModuleId, file: u32, operation: &BinaryOp, at: Mark) -> Node {
        let left = self.convert(module, file, &operation.lhs_expr);
        let right = self.convert(module, file, &operation.rhs_expr);
        let number = |node: &Node| self.text(node).and_then(|text| text.parse::<f64>().ok());
        let truth = |node: &Node| self.text(node).and_then(|text| text.parse::<bool>().ok());
        let numbers = number(&left).zip(number(&right));
        let (left_truth, right_truth) = (truth(&left), truth(&right));
        let answer = match operation.operator.value() {
            BinaryOperator::Eq => self.equal(&left, &right),
            BinaryOperator::NotEq => self.equal(&left, &right).map(|equal| !equal),
            BinaryOperator::And => match (left_truth, right_truth) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            BinaryOperator::Or => match (left_truth, right_truth) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            BinaryOperator::Less => numbers.map(|(a, b)| a < b),
            BinaryOperator::LessEq => numbers.map(|(a, b)| a <= b),
            BinaryOperator::Greater => numbers.map(|(a, b)| a > b),
            BinaryOperator::GreaterEq => numbers.map(|(a, b)| a >= b),
            calculation => {
                let result = numbers.map(|(a, b)| match calculation {
                    BinaryOperator::Plus => a + b,
                    BinaryOperator::Minus => a - b,
                    BinaryOperator::Mul => a * b,
                    BinaryOperator::Div => a / b,
                    _ => a % b,
                });
                return match result.filter(|result| result.is_finite()) {
                    Some(result) => scalar(&result.to_string(), at),
                    None => unknown(at),
                };
            }
        };
        answer.map_or_else(|| unknown(at), |answer| scalar(&answer.to_string(), at))
    }

    /// Whether two values are equal, where that can be told.
    fn equal(&self, left: &Node, right: &Node) -> Option<bool> {
        if let (Some(left), Some(right)) = (self.text(left), self.text(right)) {
            return Some(left == right);
        }
        let is_nothing = |node: &Node| is_null(node) || node.text() == Some("");
        if is_null(left) && is_null(right) {
            return Some(true);
        }
        if is_nothing(left) && is_certain(right) || is_nothing(right) && is_certain(left) {
            return Some(false);
        }
        match (&left.kind, &right.kind) {
            (Kind::List(left), Kind::List(right)) if left.len() != right.len() => Some(false),
            (Kind::List(left), Kind::List(_)) if left.is_empty() => Some(true),
            _ => None,
        }
    }

    /// The text of a value, where all of it is known.
    pub(super) fn text(&self, node: &Node) -> Option<String> {
        match (&node.kind, node.intrinsic()) {
            (Kind::Scalar(text), _) => Some(text.clone()),
            (_, Some(("Ref", name))) => self.parameters.get(name.text()?)?.1.clone(),
            (_, Some(("Fn::Join", parts))) => {
                let [separator, parts] = parts.items() else { return None };
                let parts: Option<Vec<String>> = parts.items().iter().map(|part| self.text(part)).collect();
                Some(parts?.join(separator.text()?))
            }
            _ => None,
        }
    }

    fn traversal(&mut self, module: ModuleId, file: u32, traversal: &Traversal, at: Mark) -> Node {
        let mut steps = Vec::with_capacity(traversal.operators.len());
        for operator in &traversal.operators {
            steps.push(match operator.value() {
                TraversalOperator::GetAttr(name) => Step::Attribute(name.as_str().to_owned()),
                TraversalOperator::Index(index) => Step::Index(self.convert(module, file, index)),
                TraversalOperator::LegacyIndex(index) => Step::Index(scalar(&index.value().to_string(), at)),
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => Step::Splat,
            });
        }
        let Expression::Variable(root) = &traversal.expr else {
            let start = self.convert(module, file, &traversal.expr);
            return self.follow(start, &steps, at);
        };
        if let Some(value) = self.scope.get(root.as_str()).cloned() {
            return self.follow(value, &steps, at);
        }
        let (start, taken) = self.named(module, root.as_str(), &steps, at);
        self.follow(start, steps.get(taken..).unwrap_or_default(), at)
    }

    /// The value of the first names of a traversal, and how many steps they are.
    fn named(&mut self, module: ModuleId, root: &str, steps: &[Step], at: Mark) -> (Node, usize) {
        let name = |position: usize| match steps.get(position) {
            Some(Step::Attribute(name)) => name.as_str(),
            _ => "",
        };
        let (first, second) = (name(0), name(1));
        match root {
            "var" => (self.variable(module, first, at), 1),
            "local" => (self.local(module, first, at), 1),
            "module" => {
                let child = self.modules[module].children.get(first).cloned();
                let known = child.or_else(|| self.block(module, &format!("module.{first}"), at));
                (known.unwrap_or_else(|| unknown(at)), 1)
            }
            "path" => {
                let directory = if first == "module" {
                    self.modules[module].directory.clone()
                } else {
                    self.root.clone()
                };
                (self.path(&directory, at), 1)
            }
            "terraform" => (self.unknown_named("workspace", at), 1),
            "data" => match (first, name(2)) {
                ("aws_region", "name" | "region" | "id") => (call("Ref", scalar("AWS::Region", at)), 3),
                ("aws_caller_identity", "account_id" | "id") => {
                    (call("Ref", scalar("AWS::AccountId", at)), 3)
                }
                ("aws_partition", "partition" | "id") => (call("Ref", scalar("AWS::Partition", at)), 3),
                _ => {
                    let known = self.block(module, &format!("data.{first}.{second}"), at);
                    (known.unwrap_or_else(|| unknown(at)), 2)
                }
            },
            kind => {
                let known = self.block(module, &format!("{kind}.{first}"), at);
                (known.unwrap_or_else(|| unknown(at)), 1)
            }
        }
    }

    /// The value below attributes and keys.
    pub(super) fn follow(&mut self, value: Node, steps: &[Step], at: Mark) -> Node {
        let Some((step, rest)) = steps.split_first() else { return value };
        if self.depth >= MAX_DEPTH {
            return unknown(at);
        }
        self.depth += 1;
        let found = match (self.object(&value), value.intrinsic()) {
            (Some(object), _) => self.follow_object(value, &object, step, rest, at),
            (None, Some(("Fn::If", branches))) => match branches.items() {
                [name, then, otherwise] => {
                    let then = self.follow(then.clone(), steps, at);
                    let otherwise = self.follow(otherwise.clone(), steps, at);
                    call("Fn::If", list(at, vec![name.clone(), then, otherwise]))
                }
                _ => unknown(at),
            },
            _ => self.follow_value(value, step, rest, at),
        };
        self.depth -= 1;
        found
    }

    fn follow_object(&mut self, value: Node, object: &Object, step: &Step, rest: &[Step], at: Mark) -> Node {
        match step {
            Step::Attribute(name) => {
                let value = self.attribute(object, name, at);
                self.follow(value, rest, at)
            }
            // An index picks one of copies whose number is not known.
            Step::Index(_) => self.follow(value, rest, at),
            Step::Splat => {
                let only = self.follow(value, rest, at);
                list(at, vec![only])
            }
        }
    }

    fn follow_value(&mut self, value: Node, step: &Step, rest: &[Step], at: Mark) -> Node {
        // Of a value that nobody knows, every part is not known either.
        if value.intrinsic().is_some() && !is_null(&value) {
            return value;
        }
        let key = match step {
            Step::Splat => {
                let items = match value.kind {
                    Kind::List(items) => items,
                    _ if is_null(&value) => Vec::new(),
                    _ => vec![value],
                };
                let items = items.into_iter().map(|item| self.follow(item, rest, at)).collect();
                return list(at, items);
            }
            Step::Attribute(name) => Some(name.clone()),
            Step::Index(index) => self.text(index),
        };
        let next = match (&value.kind, key) {
            (Kind::List(items), Some(key)) => {
                key.parse::<usize>().ok().and_then(|position| items.get(position)).cloned()
            }
            (Kind::Map(_), Some(key)) => value.get(&key).cloned(),
            (Kind::List(items), None) => Some(self.any_of(items, at)),
            (Kind::Map(entries), None) => {
                let values: Vec<Node> = entries.iter().map(|entry| entry.value.clone()).collect();
                Some(self.any_of(&values, at))
            }
            _ => None,
        };
        match next {
            Some(next) => self.follow(next, rest, at),
            None => missing(at),
        }
    }

    /// One of several values.
    fn any_of(&mut self, values: &[Node], at: Mark) -> Node {
        match values {
            [] => missing(at),
            values if values.len() > MAX_ALTERNATIVES => unknown(at),
            [first, rest @ ..] => {
                rest.iter().fold(first.clone(), |all, next| self.either(next.clone(), all, at))
            }
        }
    }

    /// An attribute of a resource or an output of a module.
    fn attribute(&mut self, object: &Object, name: &str, at: Mark) -> Node {
        let instance = match object {
            Object::Module(module) => return self.output(*module, name, at),
            Object::Block(instance) => instance,
        };
        if let Some(known) = registry::find(&instance.kind) {
            return known.output(&instance.id, name, at).unwrap_or_else(|| unknown(at));
        }
        if instance.is_data && instance.kind == "aws_iam_policy_document" && name == "json" {
            return self.policy_document(instance, at);
        }
        if let Some(node) = types::attribute(&instance.kind, &instance.id, name, at) {
            return node;
        }
        // An argument that is given is also an attribute.
        let body = &instance.block.value.body;
        match body.get_attribute(name) {
            Some(argument) => self.within(instance.scope.clone(), |this| {
                this.convert(instance.module, instance.block.file, &argument.value)
            }),
            None => types::unknown_attribute(&instance.kind, &instance.id, name, at)
                .unwrap_or_else(|| unknown(at)),
        }
    }

    /// Paths are made relative to the root module, where the template stands.
    fn path(&mut self, directory: &Path, at: Mark) -> Node {
        let relative = directory.strip_prefix(&self.root).map(shown);
        let relative = relative.unwrap_or_else(|_| {
            pathdiff(directory, &self.root).map_or_else(|| shown(directory), |path| shown(Path::new(&path)))
        });
        scalar(&relative, at)
    }

    fn local(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        let Some(local) = self.modules[module].locals.get(name).cloned() else { return unknown(at) };
        self.once(Named::Local(module, name.to_owned()), at, |this| {
            this.convert(module, local.file, &local.value)
        })
    }

    pub(super) fn output(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        let Some(output) = self.modules[module].outputs.get(name).cloned() else { return missing(at) };
        self.once(Named::Output(module, name.to_owned()), at, |this| {
            this.convert(module, output.file, &output.value)
        })
    }

    /// A variable: what is given, else its default, else a parameter that nobody knows.
    fn variable(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        self.once(Named::Variable(module, name.to_owned()), at, |this| this.value_of(module, name, at))
    }

    fn value_of(&mut self, module: ModuleId, name: &str, at: Mark) -> Node {
        if module == 0
            && let Some(value) = self.settings.parameters.get(name)
        {
            return scalar(value, at);
        }
        let given = match self.modules[module].variables.get(name).cloned() {
            Some(Argument::Value(value)) => Some(value),
            Some(Argument::Expression { module, expression, scope }) => {
                Some(self.within(scope, |this| this.convert(module, expression.file, &expression.value)))
            }
            None => None,
        };
        // `null` asks for the default.
        if let Some(value) = given.filter(|value| !is_null(value)) {
            return value;
        }
        let Some(declared) = self.modules[module].declared.get(name).cloned() else { return unknown(at) };
        let place = self.mark(declared.file, declared.value.span());
        let default = declared.value.body.get_attribute("default").map(|default| default.value.clone());
        match default.map(|default| self.convert(module, declared.file, &default)) {
            Some(value) if module == 0 && value.text().is_some() => {
                self.parameters.insert(name.to_owned(), (place, value.text().map(str::to_owned)));
                call("Ref", scalar(name, at))
            }
            Some(value) => value,
            None => {
                let prefix = self.modules[module].prefix.replace(['.', '[', ']', '"'], "");
                self.unknown_named(&format!("{prefix}{name}"), place)
            }
        }
    }

    /// A value that nobody knows, as a parameter of that name.
    fn unknown_named(&mut self, name: &str, at: Mark) -> Node {
        if let Some(value) = self.settings.parameters.get(name) {
            return scalar(value, at);
        }
        let name: String =
            name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-').collect();
        self.parameters.entry(name.clone()).or_insert((at, None));
        call("Ref", scalar(&name, at))
    }
}

/// Whether a value is there for certain, and not empty text.
fn is_certain(node: &Node) -> bool {
    match (&node.kind, node.intrinsic()) {
        (_, Some(("Fn::GetAtt" | "Fn::Join" | "Fn::TerraformObject" | "Fn::ToJsonString", _))) => true,
        // Ids of resources have a colon, names of parameters have none.
        (_, Some(("Ref", name))) => name.text().is_some_and(|name| name.contains(':')),
        (_, Some(_)) | (Kind::Null, None) => false,
        (Kind::Scalar(text), None) => !text.is_empty(),
        (Kind::List(_) | Kind::Map(_), None) => true,
    }
}

/// The way from one directory to another, both below the same one.
fn pathdiff(to: &Path, from: &Path) -> Option<String> {
    let (to, from): (Vec<_>, Vec<_>) = (to.components().collect(), from.components().collect());
    let shared = to.iter().zip(&from).take_while(|(a, b)| a == b).count();
    if from[shared..].iter().any(|part| part.as_os_str() == "..") {
        return None;
    }
    let up = std::iter::repeat_n("..".to_owned(), from.len() - shared);
    let down = to[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    Some(up.chain(down).collect::<Vec<_>>().join("/"))
}

/// Everything that is there, of values that `try` and its like are given.
pub(super) fn first_present(values: Vec<Node>, at: Mark) -> Node {
    let mut values = values.into_iter().filter(|value| !is_missing(value));
    values.next().unwrap_or_else(|| missing(at))
}

/// The scope of a template file: its variables and nothing else.
pub(super) fn scope_of(variables: &Node) -> Scope {
    let entries = variables.entries().iter();
    entries.fold(Scope::default(), |scope, entry| scope.with(&entry.key, entry.value.clone()))
}
