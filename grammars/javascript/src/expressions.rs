//! Expressions. What can be as long as a file in one piece (chains of members and calls, binary
//! operators, parentheses) is lowered with a list instead of recursion.

use perm_infer_facts::{Arg, ArgKind, AssignOp, BinaryOp, DictEntry, Expr, ExprId, Name};
use tree_sitter::Node;

use crate::functions::FunctionKind;
use crate::kinds::{Field, Kind};
use crate::lower::Lowerer;
use crate::patterns::Bind;

impl Lowerer<'_> {
    /// Lowers an expression.
    pub(crate) fn expr(&mut self, node: Node<'_>) -> ExprId {
        self.named_expr(node, None)
    }

    /// Lowers an expression; a function or class without a name of its own gets `name`, as it does
    /// at run time.
    pub(crate) fn named_expr(&mut self, node: Node<'_>, name: Option<Name>) -> ExprId {
        let node = self.unwrap_parentheses(node);
        self.nested(node, |this| this.expr_by_kind(node, name)).unwrap_or_else(|| self.unknown(node))
    }

    /// Lowers the expression in a field; unknown where the parser found none.
    pub(crate) fn field_expr(&mut self, node: Node<'_>, field: Field) -> ExprId {
        match self.field(node, field) {
            Some(value) => self.expr(value),
            None => self.unknown(node),
        }
    }

    /// Lowers the first child; unknown where the parser found none.
    pub(crate) fn child_expr(&mut self, node: Node<'_>) -> ExprId {
        match self.child(node) {
            Some(value) => self.expr(value),
            None => self.unknown(node),
        }
    }

    fn expr_by_kind(&mut self, node: Node<'_>, name: Option<Name>) -> ExprId {
        match self.kind(node) {
            Kind::MemberExpression
            | Kind::SubscriptExpression
            | Kind::CallExpression
            | Kind::NonNullExpression
            | Kind::InstantiationExpression
            | Kind::NestedIdentifier => self.chain(node),
            Kind::AsExpression | Kind::SatisfiesExpression | Kind::TypeAssertion => self.typed(node, name),
            Kind::BinaryExpression => self.binary(node),
            Kind::FunctionExpression | Kind::GeneratorFunction => self.function_expression(node, name),
            Kind::ArrowFunction => self.arrow_function(node, name),
            Kind::Class | Kind::ClassDeclaration => self.class_expression(node, name),
            Kind::Object => self.object(node),
            Kind::Array => self.array(node),
            Kind::NewExpression => self.new_expression(node),
            Kind::TernaryExpression => {
                let test = self.field_expr(node, Field::Condition);
                let then = self.field_expr(node, Field::Consequence);
                let otherwise = self.field_expr(node, Field::Alternative);
                self.add(Expr::Cond { test, then, otherwise }, node)
            }
            Kind::SequenceExpression => self.sequence(node),
            Kind::AssignmentExpression | Kind::AugmentedAssignmentExpression => self.assignment(node),
            Kind::UpdateExpression => self.update(node),
            Kind::UnaryExpression => self.unary(node),
            Kind::AwaitExpression => {
                let value = self.child_expr(node);
                self.add(Expr::Await(value), node)
            }
            Kind::YieldExpression => self.yield_expression(node),
            Kind::SpreadElement => {
                let value = self.child_expr(node);
                self.add(Expr::Spread(value), node)
            }
            Kind::JsxElement | Kind::JsxSelfClosingElement => self.jsx_element(node),
            Kind::JsxExpression => match self.child(node) {
                Some(inner) => self.named_expr(inner, name),
                None => self.unknown(node),
            },
            _ => self.atom(node),
        }
    }

    fn atom(&mut self, node: Node<'_>) -> ExprId {
        match self.kind(node) {
            Kind::Identifier
            | Kind::ShorthandPropertyIdentifier
            | Kind::ShorthandPropertyIdentifierPattern
            | Kind::TypeIdentifier => self.identifier(node),
            // `#field in object`
            Kind::PrivatePropertyIdentifier | Kind::PropertyIdentifier => {
                let name = self.intern(node);
                self.str(name, node)
            }
            Kind::This => self.add(Expr::This, node),
            Kind::Super => self.add(Expr::Super, node),
            Kind::Null | Kind::Undefined => self.add(Expr::Null, node),
            Kind::True => self.add(Expr::Bool(true), node),
            Kind::False => self.add(Expr::Bool(false), node),
            Kind::Number => self.number(node),
            Kind::String => {
                let name = self.spelled_name(node);
                self.str(name, node)
            }
            Kind::TemplateString => self.template(node),
            Kind::Regex => self.regex(node),
            Kind::MetaProperty | Kind::Import => self.unknown(node),
            _ => self.salvaged_expr(node),
        }
    }

    /// `/pattern/flags` as `new RegExp("pattern", "flags")`.
    fn regex(&mut self, node: Node<'_>) -> ExprId {
        let text = self.text(node);
        let Some((pattern, flags)) = text.strip_prefix('/').and_then(|text| text.rsplit_once('/')) else {
            return self.unknown(node);
        };
        let global = self.b.intern("RegExp");
        let callee = self.add(Expr::Global(global), node);
        let args = [pattern, flags].map(|text| {
            let name = self.b.intern(text);
            Arg { kind: ArgKind::Positional, value: self.str(name, node) }
        });
        self.add(Expr::New { callee, args: args.into() }, node)
    }

    fn identifier(&mut self, node: Node<'_>) -> ExprId {
        if node.is_missing() {
            return self.unknown(node);
        }
        let text = self.text(node);
        match text {
            "undefined" => self.add(Expr::Null, node),
            "exports" if self.is_unbound(text) => self.add(Expr::Exports, node),
            _ => {
                let name = self.b.intern(text);
                self.b.name(name, crate::lower::span(node))
            }
        }
    }

    /// Members, subscripts and calls, from the outermost back to the first operand.
    fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while let Some(inner) = self.chain_operand(current) {
            links.push(current);
            current = self.unwrap_parentheses(inner);
        }
        let mut value = match links.last() {
            // The innermost operand may be any expression, deeper by one.
            Some(_) => self.expr(current),
            None => self.chain_start(current),
        };
        while let Some(link) = links.pop() {
            value = self.chain_link(value, link);
        }
        value
    }

    /// What a member, subscript or call is applied to; none where the node is to be read as a whole.
    fn chain_operand<'t>(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        match self.kind(node) {
            Kind::MemberExpression | Kind::NestedIdentifier if !self.is_module_exports(node) => {
                self.field(node, Field::Object)
            }
            Kind::SubscriptExpression => self.field(node, Field::Object),
            Kind::CallExpression if !self.is_module_call(node) => {
                let template = self
                    .field(node, Field::Arguments)
                    .is_some_and(|arguments| self.kind(arguments) == Kind::TemplateString);
                self.field(node, Field::Function)
                    .filter(|&function| !(template && self.text(function) == "String.raw"))
            }
            Kind::NonNullExpression => self.child(node),
            Kind::InstantiationExpression => self.field(node, Field::Function).or_else(|| self.child(node)),
            _ => None,
        }
    }

    /// A node of a chain's kind that is read as a whole.
    fn chain_start(&mut self, node: Node<'_>) -> ExprId {
        if self.is_module_exports(node) {
            return self.add(Expr::Exports, node);
        }
        if let Some(module) = self.module_call(node) {
            return module;
        }
        match self.field(node, Field::Arguments) {
            // `String.raw` gives the text itself.
            Some(template) if self.kind(template) == Kind::TemplateString => self.raw_template(template),
            _ => self.salvaged_expr(node),
        }
    }

    fn chain_link(&mut self, value: ExprId, node: Node<'_>) -> ExprId {
        match self.kind(node) {
            Kind::MemberExpression | Kind::NestedIdentifier => {
                let Some(property) = self.field(node, Field::Property) else { return value };
                let name = self.intern(property);
                self.add(Expr::Attr { object: value, name }, node)
            }
            Kind::SubscriptExpression => {
                let index = self.field_expr(node, Field::Index);
                self.add(Expr::Index { object: value, index }, node)
            }
            Kind::CallExpression => {
                let args = match self.field(node, Field::Arguments) {
                    Some(template) if self.kind(template) == Kind::TemplateString => {
                        self.tagged_template_args(template)
                    }
                    Some(arguments) => self.arguments(arguments),
                    None => Vec::new(),
                };
                self.interop_call(value, &args)
                    .unwrap_or_else(|| self.add(Expr::Call { callee: value, args }, node))
            }
            // `x!` and `f<T>` are their operand.
            _ => value,
        }
    }

    pub(crate) fn arguments(&mut self, node: Node<'_>) -> Vec<Arg> {
        self.children(node)
            .into_iter()
            .map(|child| {
                if self.kind(child) == Kind::SpreadElement {
                    Arg { kind: ArgKind::Spread, value: self.child_expr(child) }
                } else {
                    Arg { kind: ArgKind::Positional, value: self.expr(child) }
                }
            })
            .collect()
    }

    fn new_expression(&mut self, node: Node<'_>) -> ExprId {
        let callee = self.field_expr(node, Field::Constructor);
        let args = self.field(node, Field::Arguments).map_or_else(Vec::new, |args| self.arguments(args));
        self.add(Expr::New { callee, args }, node)
    }

    /// A binary operator with its left-deep operands as a list.
    fn binary(&mut self, node: Node<'_>) -> ExprId {
        let mut links = Vec::new();
        let mut current = node;
        while self.kind(current) == Kind::BinaryExpression {
            links.push(current);
            let Some(left) = self.field(current, Field::Left) else { break };
            current = self.unwrap_parentheses(left);
        }
        let mut left = self.expr(current);
        while let Some(link) = links.pop() {
            let right = self.field_expr(link, Field::Right);
            let op = self.field(link, Field::Operator).map_or(BinaryOp::Other, |op| binary_op(op.kind()));
            left = self.add(Expr::Binary { op, left, right }, link);
        }
        left
    }

    /// `a, b`: evaluates both, its value is the last. Leading constants leave only the last, as in
    /// `(0, module.f)()`; else it is the last element of a list.
    fn sequence(&mut self, node: Node<'_>) -> ExprId {
        let mut values: Vec<ExprId> =
            self.children(node).into_iter().map(|operand| self.expr(operand)).collect();
        let Some(last) = values.last().copied() else { return self.unknown(node) };
        let is_constant = |&value: &ExprId| {
            matches!(self.b.get(value), Expr::Int(_) | Expr::Str(_) | Expr::Bool(_) | Expr::Null)
        };
        let leading = values.len() - 1;
        if values[..leading].iter().all(is_constant) {
            return last;
        }
        values.retain(|value| *value == last || !is_constant(value));
        let index = i64::try_from(values.len() - 1).unwrap_or_default();
        let object = self.add(Expr::List(values), node);
        let index = self.add(Expr::Int(index), node);
        self.add(Expr::Index { object, index }, node)
    }

    /// An assignment inside an expression.
    fn assignment(&mut self, node: Node<'_>) -> ExprId {
        let left = self.field(node, Field::Left);
        let name = left.and_then(|left| self.target_name(left));
        let value = match self.field(node, Field::Right) {
            Some(right) => self.named_expr(right, name),
            None => self.unknown(node),
        };
        let Some(left) = left else { return value };
        let target = Box::new(self.pattern(left, Bind::Assign));
        let op = self.assign_op(node);
        self.add(Expr::Assign { target, op, value }, node)
    }

    /// The operator of an assignment.
    pub(crate) fn assign_op(&self, node: Node<'_>) -> AssignOp {
        match self.field(node, Field::Operator).map(|operator| operator.kind()) {
            None => AssignOp::Set,
            Some("+=") => AssignOp::Update(BinaryOp::Add),
            Some("||=") => AssignOp::Update(BinaryOp::Or),
            Some("&&=") => AssignOp::Update(BinaryOp::And),
            Some("??=") => AssignOp::Update(BinaryOp::Coalesce),
            Some(_) => AssignOp::Update(BinaryOp::Other),
        }
    }

    /// `i++`
    fn update(&mut self, node: Node<'_>) -> ExprId {
        let Some(argument) = self.field(node, Field::Argument) else { return self.unknown(node) };
        let target = Box::new(self.pattern(argument, Bind::Assign));
        let value = self.add(Expr::Int(1), node);
        self.add(Expr::Assign { target, op: AssignOp::Update(BinaryOp::Other), value }, node)
    }

    fn yield_expression(&mut self, node: Node<'_>) -> ExprId {
        let value = self.child(node).map(|child| self.expr(child));
        let value = match value {
            Some(value) if self.has_token(node, "*") => Some(self.add(Expr::Spread(value), node)),
            value => value,
        };
        self.add(Expr::Yield(value), node)
    }

    fn array(&mut self, node: Node<'_>) -> ExprId {
        let items = self.children(node).into_iter().map(|item| self.expr(item)).collect();
        self.add(Expr::List(items), node)
    }

    fn object(&mut self, node: Node<'_>) -> ExprId {
        let mut entries = Vec::new();
        for entry in self.children(node) {
            match self.kind(entry) {
                Kind::Pair => {
                    let Some(key) = self.field(entry, Field::Key) else { continue };
                    let (key, name) = self.key_and_name(key);
                    let value = match self.field(entry, Field::Value) {
                        Some(value) => self.named_expr(value, name),
                        None => self.unknown(entry),
                    };
                    entries.push(DictEntry::Pair(key, value));
                }
                Kind::ShorthandPropertyIdentifier => {
                    let name = self.intern(entry);
                    let key = self.str(name, entry);
                    entries.push(DictEntry::Pair(key, self.identifier(entry)));
                }
                Kind::SpreadElement => entries.push(DictEntry::Spread(self.child_expr(entry))),
                Kind::MethodDefinition => self.object_method(entry, &mut entries),
                _ => {
                    let value = self.salvaged_expr(entry);
                    entries.push(DictEntry::Spread(value));
                }
            }
        }
        self.add(Expr::Dict(entries), node)
    }

    fn object_method(&mut self, node: Node<'_>, entries: &mut Vec<DictEntry>) {
        let Some(key) = self.field(node, Field::Name) else { return };
        let (key, name) = self.key_and_name(key);
        let func = self.function(node, name, FunctionKind::Plain);
        if self.has_token(node, "get") {
            entries.push(DictEntry::Getter(key, func));
            return;
        }
        let value = self.add(Expr::Function(func), node);
        if self.has_token(node, "set") {
            // Spreading something unknown evaluates it and gives no entry.
            let setter = self.add(Expr::Opaque(vec![value]), node);
            entries.push(DictEntry::Spread(setter));
        } else {
            entries.push(DictEntry::Pair(key, value));
        }
    }

    /// A property's name as an expression, and as a constant where it is one.
    fn key_and_name(&mut self, node: Node<'_>) -> (ExprId, Option<Name>) {
        match self.property_key(node) {
            Ok(name) => (self.str(name, node), Some(name)),
            Err(key) => (key, None),
        }
    }

    /// What an expression without a form of its own still evaluates.
    pub(crate) fn salvaged_expr(&mut self, node: Node<'_>) -> ExprId {
        let mut parts = Vec::new();
        for child in self.children(node) {
            if !self.is_statement(child) && self.kind(child) != Kind::Ignored {
                parts.push(self.expr(child));
            }
        }
        self.add(Expr::Opaque(parts), node)
    }
}

fn binary_op(operator: &str) -> BinaryOp {
    match operator {
        "+" => BinaryOp::Add,
        "%" => BinaryOp::Mod,
        "/" => BinaryOp::Div,
        "&&" => BinaryOp::And,
        "||" => BinaryOp::Or,
        "??" => BinaryOp::Coalesce,
        "==" | "===" => BinaryOp::Eq,
        "!=" | "!==" => BinaryOp::NotEq,
        _ => BinaryOp::Other,
    }
}
