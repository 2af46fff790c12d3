//! The `match` statement. Values that a case compares with become the values of the case; what it
//! takes apart becomes a pattern.

use perm_infer_facts::{AssignOp, Block, Case, Expr, ExprId, Name, Pattern, Stmt};
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::Lowerer;

/// Classes whose one positional pattern is the subject itself ("Class Patterns" in the Python language
/// reference).
const SELF_MATCHING: &[&str] =
    &["bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"];

/// What a pattern asks for.
enum Asked {
    /// Nothing: it fits everything.
    Anything,
    /// One of these values.
    Values(Vec<ExprId>),
    /// Something that cannot be said by values; it binds this.
    Shape(Pattern),
    /// The shape, and the whole under a name.
    Named(Name, Box<Asked>),
}

impl<'t> Lowerer<'t, '_> {
    pub(crate) fn match_statement(&mut self, node: Node<'t>, out: &mut Block) {
        let fields = self.fields();
        let subjects = self.children_in(node, fields.subject);
        let subject = match subjects[..] {
            [subject] => self.expr(subject),
            _ => {
                let items = subjects.into_iter().map(|subject| self.expr(subject)).collect();
                self.make(Expr::List(items), node)
            }
        };
        let mut cases = Vec::new();
        if let Some(body) = self.field(node, fields.body) {
            for clause in self.children(body) {
                if self.kind(clause) == Kind::CaseClause {
                    cases.push(self.case(clause));
                } else {
                    self.salvage(clause, out);
                }
            }
        }
        self.push(Stmt::Switch { subject, cases, falls_through: false }, node, out);
    }

    fn case(&mut self, node: Node<'t>) -> Case {
        let fields = self.fields();
        let mut patterns = self.children(node);
        patterns.retain(|pattern| self.kind(*pattern) == Kind::CasePattern);
        let asked = match patterns[..] {
            [pattern] => self.asked(pattern),
            _ => Asked::Shape(self.sequence(&patterns)),
        };
        let mut body = Block::new();
        let (values, pattern) = self.split(asked, node, &mut body);
        let guard = self.field(node, fields.guard).and_then(|guard| self.first_child(guard));
        let guard = guard.map(|guard| self.expr(guard));
        body.extend(self.block(self.field(node, fields.consequence)));
        Case { values, pattern, guard, body }
    }

    /// Values and pattern of a case. The parts of a whole that has a name are bound from that name
    /// in the body.
    fn split(&mut self, asked: Asked, node: Node<'t>, body: &mut Block) -> (Vec<ExprId>, Option<Pattern>) {
        match asked {
            Asked::Anything => (Vec::new(), None),
            Asked::Values(values) => (values, None),
            Asked::Shape(pattern) => (Vec::new(), Some(pattern)),
            Asked::Named(name, inner) => {
                let var = self.state.builder.declare(name);
                let (values, inner) = self.split(*inner, node, body);
                if let Some(inner) = inner.filter(|inner| *inner != Pattern::Ignore) {
                    let span = self.span(node);
                    let value = self.state.builder.name(name, span);
                    let assign = Stmt::Assign { targets: vec![inner], op: AssignOp::Set, value };
                    self.push(assign, node, body);
                }
                (values, Some(Pattern::Var(var)))
            }
        }
    }

    fn asked(&mut self, node: Node<'t>) -> Asked {
        if !self.enter(node) {
            return Asked::Shape(Pattern::Ignore);
        }
        let asked = self.asked_inside(node);
        self.leave();
        asked
    }

    fn asked_inside(&mut self, node: Node<'t>) -> Asked {
        match self.kind(node) {
            Kind::CasePattern => self.case_pattern(node),
            Kind::UnionPattern => self.union_pattern(node),
            Kind::AsPattern => {
                let children = self.children(node);
                let inner = children.first().map_or(Asked::Anything, |&inner| self.asked(inner));
                match self.name_of(children.last().copied().filter(|_| children.len() > 1)) {
                    Some(name) => Asked::Named(name, Box::new(inner)),
                    None => inner,
                }
            }
            Kind::DottedName => self.name_pattern(node),
            Kind::ListPattern => {
                let items = self.children(node);
                Asked::Shape(self.sequence(&items))
            }
            Kind::TuplePattern => {
                let items = self.children(node);
                match items[..] {
                    // Parentheses around one pattern only group.
                    [inner] if !self.has_token(node, ",") => self.asked(inner),
                    _ => Asked::Shape(self.sequence(&items)),
                }
            }
            Kind::DictPattern => self.dict_pattern(node),
            Kind::ClassPattern => self.class_pattern(node),
            Kind::SplatPattern => match self.capture(node) {
                Some(pattern) => Asked::Shape(Pattern::Rest(Box::new(pattern))),
                None => Asked::Shape(Pattern::Rest(Box::new(Pattern::Ignore))),
            },
            Kind::ComplexPattern | Kind::KeywordPattern => {
                let value = self.opaque(Vec::new(), node);
                Asked::Values(vec![value])
            }
            _ => {
                let value = self.expr(node);
                Asked::Values(vec![value])
            }
        }
    }

    fn case_pattern(&mut self, node: Node<'t>) -> Asked {
        let Some(inner) = self.first_child(node) else {
            // `_` is punctuation to the grammar.
            return Asked::Anything;
        };
        let negative = self.has_token(node, "-");
        match self.asked(inner) {
            Asked::Values(values) if negative => {
                Asked::Values(values.into_iter().map(|value| self.negated(value, node)).collect())
            }
            asked => asked,
        }
    }

    fn negated(&mut self, value: ExprId, node: Node<'t>) -> ExprId {
        match *self.state.builder.get(value) {
            Expr::Int(number) => match number.checked_neg() {
                Some(number) => self.make(Expr::Int(number), node),
                None => self.opaque(Vec::new(), node),
            },
            _ => self.opaque(vec![value], node),
        }
    }

    /// `A | B`: all values together, or the shape of the first that has one.
    fn union_pattern(&mut self, node: Node<'t>) -> Asked {
        let mut values = Vec::new();
        let mut shape = None;
        let mut negative = false;
        for child in self.all_children(node) {
            if !child.is_named() {
                if child.kind() == "_" {
                    return Asked::Anything;
                }
                negative = child.kind() == "-";
                continue;
            }
            match self.asked(child) {
                Asked::Anything => return Asked::Anything,
                Asked::Values(found) => {
                    values.extend(
                        found.into_iter().map(
                            |value| {
                                if negative { self.negated(value, node) } else { value }
                            },
                        ),
                    );
                }
                Asked::Shape(found) => {
                    shape.get_or_insert(found);
                }
                Asked::Named(name, _) => {
                    let var = self.state.builder.declare(name);
                    shape.get_or_insert(Pattern::Var(var));
                }
            }
        }
        match shape {
            Some(shape) => Asked::Shape(shape),
            None => Asked::Values(values),
        }
    }

    /// A name captures, a dotted name is a value.
    fn name_pattern(&mut self, node: Node<'t>) -> Asked {
        let names = self.children(node);
        match names[..] {
            [name] => match self.name_of(Some(name)) {
                Some(name) if self.state.builder.text(name) != "_" => {
                    Asked::Shape(Pattern::Var(self.state.builder.declare(name)))
                }
                _ => Asked::Anything,
            },
            _ => Asked::Values(vec![self.dotted_value(node)]),
        }
    }

    fn dotted_value(&mut self, node: Node<'t>) -> ExprId {
        let mut value = None;
        for name_node in self.children(node) {
            let Some(name) = self.name_of(Some(name_node)) else { continue };
            value = Some(match value {
                None => {
                    let span = self.span(name_node);
                    self.state.builder.name(name, span)
                }
                Some(object) => self.make(Expr::Attr { object, name }, node),
            });
        }
        match value {
            Some(value) => value,
            None => self.opaque(Vec::new(), node),
        }
    }

    fn sequence(&mut self, items: &[Node<'t>]) -> Pattern {
        Pattern::List(items.iter().map(|&item| Some(self.bound(item))).collect())
    }

    /// What a pattern inside another one binds; comparing its values decides nothing by itself.
    fn bound(&mut self, node: Node<'t>) -> Pattern {
        match self.asked(node) {
            Asked::Anything | Asked::Values(_) => Pattern::Ignore,
            Asked::Shape(pattern) => pattern,
            Asked::Named(name, _) => Pattern::Var(self.state.builder.declare(name)),
        }
    }

    fn capture(&mut self, node: Node<'t>) -> Option<Pattern> {
        let inner = self.first_child(node)?;
        let name = self.name_of(Some(inner))?;
        (self.state.builder.text(name) != "_").then(|| Pattern::Var(self.state.builder.declare(name)))
    }

    fn dict_pattern(&mut self, node: Node<'t>) -> Asked {
        let fields = self.fields();
        let keys = self.children_in(node, fields.key);
        let values = self.children_in(node, fields.value);
        let mut entries = Vec::new();
        for (key, value) in keys.into_iter().zip(values) {
            let key = match self.asked(key) {
                Asked::Values(keys) if keys.len() == 1 => keys[0],
                _ => self.opaque(Vec::new(), key),
            };
            let pattern = self.bound(value);
            entries.push((key, pattern));
        }
        let mut rest = None;
        for child in self.children(node) {
            if self.kind(child) == Kind::SplatPattern {
                rest = self.capture(child).map(Box::new);
            }
        }
        Asked::Shape(Pattern::Dict { entries, rest })
    }

    /// `Class(pattern, attribute=pattern)`
    fn class_pattern(&mut self, node: Node<'t>) -> Asked {
        let mut children = self.children(node).into_iter();
        let class = children.next().map_or("", |class| self.text(class));
        let is_whole = SELF_MATCHING.contains(&class);
        let mut entries = Vec::new();
        for child in children {
            let inner = self.first_child(child).filter(|&inner| self.kind(inner) == Kind::KeywordPattern);
            if let Some(keyword) = inner {
                entries.extend(self.keyword_pattern(keyword));
            } else if is_whole {
                return Asked::Shape(self.bound(child));
            } else {
                // Which attribute this is, the class decides.
                let key = self.opaque(Vec::new(), child);
                let pattern = self.bound(child);
                entries.push((key, pattern));
            }
        }
        entries.retain(|(_, pattern)| *pattern != Pattern::Ignore);
        if entries.is_empty() {
            return Asked::Shape(Pattern::Ignore);
        }
        Asked::Shape(Pattern::Dict { entries, rest: None })
    }

    fn keyword_pattern(&mut self, node: Node<'t>) -> Option<(ExprId, Pattern)> {
        let children = self.children(node);
        let name = self.name_of(children.first().copied())?;
        let key = self.make(Expr::Str(name), node);
        let pattern = match children.get(1) {
            Some(&value) => self.bound(value),
            None => Pattern::Ignore,
        };
        Some((key, pattern))
    }
}
