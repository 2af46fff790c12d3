//! Expressions of HCL as values of a template.

use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOp, BinaryOperator, Conditional, Expression, ForExpr, Object as ObjectExpression, ObjectKey,
    UnaryOperator,
};

use super::scope::{MAX_SIZE, Scope, size};
use super::{
    ModuleId, Terraform, call, entry, is_missing, is_null, list, map, missing, null, scalar, unknown,
};
use crate::tree::{Entry, Kind, Mark, Node};

/// How deep values may lead to values.
pub(super) const MAX_DEPTH: usize = 48;

/// Expressions that one root module may take.
const MAX_STEPS: usize = 2_000_000;

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
