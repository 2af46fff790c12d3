//! Expressions other than chains (see `chains`) and strings.

use perm_infer_facts::{
    Arg, ArgKind, AssignOp, BinaryOp, Binding, DictEntry, Expr, ExprId, FileFacts, Function, Pattern,
    Receiver, ScopeKind, Stmt,
};
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::Lowerer;

/// An argument passed by position.
pub(crate) fn positional(value: ExprId) -> Arg {
    Arg { kind: ArgKind::Positional, value }
}

impl<'t> Lowerer<'t, '_> {
    /// An expression that is no chain.
    pub(crate) fn simple_expr(&mut self, node: Node<'t>) -> ExprId {
        match self.kind(node) {
            Kind::Identifier => match self.name_of(Some(node)) {
                Some(name) => {
                    let span = self.span(node);
                    self.state.builder.name(name, span)
                }
                None => self.opaque(Vec::new(), node),
            },
            Kind::String | Kind::ConcatenatedString => self.string(node),
            Kind::Integer => self.integer(node),
            Kind::True => self.make(Expr::Bool(true), node),
            Kind::False => self.make(Expr::Bool(false), node),
            Kind::None => self.make(Expr::Null, node),
            Kind::Float | Kind::Ellipsis => self.opaque(Vec::new(), node),
            Kind::List
            | Kind::Tuple
            | Kind::Set
            | Kind::ExpressionList
            | Kind::PatternList
            | Kind::TuplePattern
            | Kind::ListPattern => {
                let items = self.each(node);
                self.make(Expr::List(items), node)
            }
            Kind::Dictionary => {
                let entries = self.dict_entries(node);
                self.make(Expr::Dict(entries), node)
            }
            Kind::ListComprehension
            | Kind::SetComprehension
            | Kind::GeneratorExpression
            | Kind::DictionaryComprehension => self.comprehension(node),
            Kind::ListSplat | Kind::ListSplatPattern => {
                let inner = self.inner(node);
                self.make(Expr::Spread(inner), node)
            }
            Kind::ParenthesizedListSplat | Kind::Type => self.inner(node),
            Kind::ConditionalExpression => self.conditional(node),
            Kind::ComparisonOperator => self.comparison(node),
            Kind::NotOperator => {
                let argument = self.expr_or_opaque(self.field(node, self.fields().argument), node);
                self.make(Expr::Not(argument), node)
            }
            Kind::UnaryOperator => self.unary(node),
            Kind::Await => {
                let operand = self.inner(node);
                self.make(Expr::Await(operand), node)
            }
            Kind::Yield => self.yielded(node),
            Kind::Lambda => self.lambda(node),
            Kind::NamedExpression => self.walrus(node),
            Kind::AsPattern => self.named_by_as(node),
            Kind::AugmentedAssignment => {
                let (target, op, value) = self.update(node);
                self.make(Expr::Assign { target: Box::new(target), op, value }, node)
            }
            _ => {
                let parts = self.salvage_expressions(node);
                self.opaque(parts, node)
            }
        }
    }

    /// Every child that is an expression.
    pub(crate) fn each(&mut self, node: Node<'t>) -> Vec<ExprId> {
        self.children(node).into_iter().map(|child| self.expr(child)).collect()
    }

    /// The first child as an expression.
    fn inner(&mut self, node: Node<'t>) -> ExprId {
        let inner = self.first_child(node);
        self.expr_or_opaque(inner, node)
    }

    fn integer(&mut self, node: Node<'t>) -> ExprId {
        match parse_integer(self.text(node)) {
            Some(value) => self.make(Expr::Int(value), node),
            None => self.opaque(Vec::new(), node),
        }
    }

    fn unary(&mut self, node: Node<'t>) -> ExprId {
        let fields = self.fields();
        let operand = self.expr_or_opaque(self.field(node, fields.argument), node);
        let operator = self.field(node, fields.operator).map(|operator| self.text(operator));
        match (operator, self.state.builder.get(operand)) {
            (Some("-"), &Expr::Int(value)) => match value.checked_neg() {
                Some(value) => self.make(Expr::Int(value), node),
                None => self.opaque(vec![operand], node),
            },
            (Some("+"), Expr::Int(_)) => operand,
            _ => self.opaque(vec![operand], node),
        }
    }

    fn comparison(&mut self, node: Node<'t>) -> ExprId {
        let operators = self.all_children(node).into_iter().filter(|child| !child.is_named());
        let operators: Vec<&str> = operators.map(|operator| operator.kind()).collect();
        let operands = self.each(node);
        let (&[left, right], &[operator]) = (&operands[..], &operators[..]) else {
            // `a < b < c` has no form of its own and decides nothing that matters.
            return self.opaque(operands, node);
        };
        let op = match operator {
            "==" | "is" => BinaryOp::Eq,
            "!=" | "<>" | "is not" => BinaryOp::NotEq,
            "in" => BinaryOp::In,
            "not in" => BinaryOp::NotIn,
            _ => BinaryOp::Other,
        };
        self.make(Expr::Binary { op, left, right }, node)
    }

    fn conditional(&mut self, node: Node<'t>) -> ExprId {
        let parts = self.each(node);
        match parts[..] {
            [then, test, otherwise] => self.make(Expr::Cond { test, then, otherwise }, node),
            _ => self.opaque(parts, node),
        }
    }

    fn yielded(&mut self, node: Node<'t>) -> ExprId {
        let function = self.state.builder.current_function();
        if function != FileFacts::MODULE {
            self.state.builder.function(function).is_generator = true;
        }
        let operand = self.first_child(node).map(|operand| self.expr(operand));
        let operand = match operand {
            Some(elements) if self.has_token(node, "from") => Some(self.make(Expr::Spread(elements), node)),
            operand => operand,
        };
        self.make(Expr::Yield(operand), node)
    }

    fn walrus(&mut self, node: Node<'t>) -> ExprId {
        let fields = self.fields();
        let value = self.expr_or_opaque(self.field(node, fields.value), node);
        let target = match self.name_of(self.field(node, fields.name)) {
            Some(name) => Pattern::Var(self.state.builder.declare_in_function(name)),
            None => Pattern::Ignore,
        };
        self.make(Expr::Assign { target: Box::new(target), op: AssignOp::Set, value }, node)
    }

    /// `value as name` outside the statements that have it.
    fn named_by_as(&mut self, node: Node<'t>) -> ExprId {
        let value = self.inner(node);
        let target = match self.field(node, self.fields().alias) {
            Some(alias) => self.target(alias),
            None => Pattern::Ignore,
        };
        self.make(Expr::Assign { target: Box::new(target), op: AssignOp::Set, value }, node)
    }

    fn lambda(&mut self, node: Node<'t>) -> ExprId {
        let fields = self.fields();
        let params = self.params(self.field(node, fields.parameters));
        let body = self.field(node, fields.body);
        let function = Function {
            name: None,
            qualified_name: self.qualified("<lambda>"),
            span: self.span(node),
            parent: None,
            class: None,
            params: Vec::new(),
            body: Vec::new(),
            decorators: Vec::new(),
            receiver: Receiver::Lexical,
            binding: Binding::Static,
            is_generator: false,
            returns: None,
        };
        let id = self.in_function(function, "<lambda>", params, |lowerer| {
            let value = body.map(|body| lowerer.expr(body));
            let mut block = Vec::new();
            lowerer.push(Stmt::Return(value), body.unwrap_or(node), &mut block);
            block
        });
        self.make(Expr::Function(id), node)
    }

    fn comprehension(&mut self, node: Node<'t>) -> ExprId {
        // The body comes first in the source but is evaluated last.
        let Some(body) = self.field(node, self.fields().body) else {
            let parts = self.salvage_expressions(node);
            return self.opaque(parts, node);
        };
        let (mut clauses, mut filters) = (Vec::new(), Vec::new());
        let mut is_open = false;
        for child in self.children(node) {
            match self.kind(child) {
                Kind::ForInClause => {
                    // The first iterable is evaluated outside the comprehension.
                    let iter = self.iterable(child);
                    if !std::mem::replace(&mut is_open, true) {
                        self.open_block_scope();
                    }
                    let target = match self.field(child, self.fields().left) {
                        Some(left) => self.target(left),
                        None => Pattern::Ignore,
                    };
                    clauses.push((target, iter));
                }
                Kind::IfClause => filters.push(self.inner(child)),
                _ => {}
            }
        }
        let (key, element) = if self.kind(body) == Kind::Pair {
            let (key, value) = self.pair(body);
            (Some(key), value)
        } else {
            (None, self.expr(body))
        };
        if is_open {
            self.state.builder.pop_scope();
        }
        self.make(Expr::Comprehension { clauses, filters, key, element }, node)
    }

    /// A dictionary entry, for displays and comprehensions.
    pub(crate) fn pair(&mut self, node: Node<'t>) -> (ExprId, ExprId) {
        let fields = self.fields();
        let key = self.expr_or_opaque(self.field(node, fields.key), node);
        let value = self.expr_or_opaque(self.field(node, fields.value), node);
        (key, value)
    }

    /// The entries of a dictionary display.
    pub(crate) fn dict_entries(&mut self, node: Node<'t>) -> Vec<DictEntry> {
        let mut entries = Vec::new();
        for child in self.children(node) {
            match self.kind(child) {
                Kind::Pair => {
                    let (key, value) = self.pair(child);
                    entries.push(DictEntry::Pair(key, value));
                }
                Kind::DictionarySplat => {
                    let inner = self.first_child(child);
                    let value = self.expr_or_opaque(inner, child);
                    entries.push(DictEntry::Spread(value));
                }
                // A syntax error; what it holds is not an entry, but may be evaluated.
                _ => {
                    let value = self.expr(child);
                    entries.push(DictEntry::Spread(value));
                }
            }
        }
        entries
    }

    fn open_block_scope(&mut self) {
        let function = self.state.builder.current_function();
        self.state.builder.push_scope(ScopeKind::Block, function);
    }

    fn iterable(&mut self, clause: Node<'t>) -> ExprId {
        let right = self.children_in(clause, self.fields().right);
        match right[..] {
            [iter] => self.expr(iter),
            _ => {
                let items = right.into_iter().map(|item| self.expr(item)).collect();
                self.make(Expr::List(items), clause)
            }
        }
    }

    /// `object[...]` with the object lowered before.
    pub(crate) fn subscript(&mut self, object: ExprId, node: Node<'t>) -> ExprId {
        let subscripts = self.children_in(node, self.fields().subscript);
        if let &[slice] = &subscripts[..]
            && self.kind(slice) == Kind::Slice
        {
            return self.slice(object, slice, node);
        }
        let index = self.index_of(node);
        self.make(Expr::Index { object, index }, node)
    }

    /// What stands between the brackets; several subscripts are a tuple.
    pub(crate) fn index_of(&mut self, node: Node<'t>) -> ExprId {
        let subscripts = self.children_in(node, self.fields().subscript);
        match subscripts[..] {
            [subscript] if !self.has_token(node, ",") => self.expr(subscript),
            _ => {
                let items = subscripts.into_iter().map(|item| self.expr(item)).collect();
                self.make(Expr::List(items), node)
            }
        }
    }

    fn slice(&mut self, object: ExprId, slice: Node<'t>, node: Node<'t>) -> ExprId {
        let mut bounds: [Option<ExprId>; 3] = [None; 3];
        let mut position = 0;
        for child in self.all_children(slice) {
            if child.is_named() {
                if let Some(bound) = bounds.get_mut(position) {
                    *bound = Some(self.expr(child));
                }
            } else {
                position += 1;
            }
        }
        let constant = |lowerer: &Self, bound: Option<ExprId>| match bound {
            None => Some(None),
            Some(bound) => match *lowerer.state.builder.get(bound) {
                Expr::Int(value) => Some(Some(value)),
                Expr::Null => Some(None),
                _ => None,
            },
        };
        match (constant(self, bounds[0]), constant(self, bounds[1]), bounds[2]) {
            (Some(start), Some(end), None) => self.make(Expr::Slice { object, start, end }, node),
            // Bounds that only the run knows, or a step.
            _ => {
                let bounds = bounds.into_iter().flatten().collect();
                self.make(Expr::Part { object, bounds }, node)
            }
        }
    }

    /// `callee(...)` with the callee lowered before.
    pub(crate) fn call(&mut self, callee: ExprId, node: Node<'t>) -> ExprId {
        let args = self.arguments(node);
        let annotation = self.cast_type(callee, node);
        let call = self.make(Expr::Call { callee, args }, node);
        self.note_idiom(call, callee, annotation);
        call
    }

    /// The arguments of a call.
    pub(crate) fn arguments(&mut self, call: Node<'t>) -> Vec<Arg> {
        let Some(list) = self.field(call, self.fields().arguments) else { return Vec::new() };
        if self.kind(list) == Kind::GeneratorExpression {
            return vec![positional(self.expr(list))];
        }
        self.children(list).into_iter().map(|child| self.argument(child)).collect()
    }

    /// One argument of a call or one item of a class's list of bases.
    pub(crate) fn argument(&mut self, node: Node<'t>) -> Arg {
        match self.kind(node) {
            Kind::KeywordArgument => {
                let fields = self.fields();
                let value = self.expr_or_opaque(self.field(node, fields.value), node);
                let kind = match self.name_of(self.field(node, fields.name)) {
                    Some(name) => ArgKind::Keyword(name),
                    None => ArgKind::Positional,
                };
                Arg { kind, value }
            }
            Kind::ListSplat => Arg { kind: ArgKind::Spread, value: self.inner(node) },
            Kind::DictionarySplat => Arg { kind: ArgKind::KeywordSpread, value: self.inner(node) },
            _ => {
                let value = self.expr(node);
                match *self.state.builder.get(value) {
                    // `f((*a))`
                    Expr::Spread(value) => Arg { kind: ArgKind::Spread, value },
                    _ => positional(value),
                }
            }
        }
    }
}

/// The value of an integer literal; none for what does not fit, for complex numbers and for the
/// octal numbers of Python 2.
fn parse_integer(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    let digits = digits.trim_end_matches(['l', 'L']);
    let radix = match digits.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ if digits.len() > 1 && digits.starts_with('0') && digits.contains(|c| c != '0') => return None,
        _ => return digits.parse().ok(),
    };
    i64::from_str_radix(&digits[2..], radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_their_value() {
        assert_eq!(parse_integer("1_000"), Some(1000));
        assert_eq!(parse_integer("0xFF"), Some(255));
        assert_eq!(parse_integer("0o17"), Some(15));
        assert_eq!(parse_integer("0B101"), Some(5));
        assert_eq!(parse_integer("12L"), Some(12));
        assert_eq!(parse_integer("00"), Some(0));
    }

    #[test]
    fn what_is_no_integer_of_64_bits_has_no_value() {
        assert_eq!(parse_integer("99999999999999999999"), None);
        assert_eq!(parse_integer("3j"), None);
        assert_eq!(parse_integer("0777"), None);
    }
}
