//! Walking over the sub-expressions of an expression.

use crate::model::{Arg, DictEntry, Expr, ExprId, FileFacts, Pattern};

impl FileFacts {
    /// Calls `visit` for the expression and everything below it, parents first. Bodies of functions
    /// and classes are not entered.
    pub fn walk(&self, root: ExprId, visit: &mut impl FnMut(ExprId)) {
        // A list instead of recursion: a chain of binary operators may be as long as the file.
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            visit(id);
            let first_child = pending.len();
            self.for_each_child(id, &mut |child| pending.push(child));
            pending[first_child..].reverse();
        }
    }

    /// Calls `visit` for each direct sub-expression, in order of evaluation.
    pub fn for_each_child(&self, id: ExprId, visit: &mut impl FnMut(ExprId)) {
        match self.expr(id) {
            Expr::Var(_)
            | Expr::Global(_)
            | Expr::Str(_)
            | Expr::Int(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Function(_)
            | Expr::Class(_)
            | Expr::This
            | Expr::Super
            | Expr::Module(_)
            | Expr::Exports
            | Expr::Yield(None) => {}
            Expr::Template(parts) | Expr::List(parts) | Expr::TypeUnion(parts) | Expr::Opaque(parts) => {
                parts.iter().copied().for_each(visit);
            }
            Expr::Attr { object, .. } | Expr::Slice { object, .. } => visit(*object),
            Expr::Part { object, bounds } => {
                visit(*object);
                bounds.iter().copied().for_each(visit);
            }
            Expr::Index { object, index } => [*object, *index].into_iter().for_each(visit),
            Expr::Call { callee, args } | Expr::New { callee, args } => {
                visit(*callee);
                args.iter().map(|Arg { value, .. }| *value).for_each(visit);
            }
            Expr::Spread(value) | Expr::Not(value) | Expr::Await(value) | Expr::Yield(Some(value)) => {
                visit(*value);
            }
            Expr::Dict(entries) => {
                for entry in entries {
                    match entry {
                        DictEntry::Pair(key, value) => [*key, *value].into_iter().for_each(&mut *visit),
                        DictEntry::Spread(value) | DictEntry::Getter(value, _) => visit(*value),
                    }
                }
            }
            Expr::Comprehension { clauses, filters, key, element } => {
                for (target, iter) in clauses {
                    visit(*iter);
                    self.for_each_child_of_pattern(target, visit);
                }
                filters.iter().chain(key).copied().for_each(&mut *visit);
                visit(*element);
            }
            Expr::Binary { left, right, .. } => [*left, *right].into_iter().for_each(visit),
            Expr::Cond { test, then, otherwise } => [*test, *then, *otherwise].into_iter().for_each(visit),
            Expr::Assign { target, value, .. } => {
                visit(*value);
                self.for_each_child_of_pattern(target, visit);
            }
            Expr::Typed { value, ty } => [*value, *ty].into_iter().for_each(visit),
        }
    }

    /// Calls `visit` for each expression directly inside a pattern.
    pub fn for_each_child_of_pattern(&self, pattern: &Pattern, visit: &mut impl FnMut(ExprId)) {
        match pattern {
            Pattern::Var(_) | Pattern::Ignore => {}
            Pattern::Attr { object, .. } => visit(*object),
            Pattern::Index { object, index } => [*object, *index].into_iter().for_each(visit),
            Pattern::List(items) => {
                for item in items.iter().flatten() {
                    self.for_each_child_of_pattern(item, visit);
                }
            }
            Pattern::Dict { entries, rest } => {
                for (key, value) in entries {
                    visit(*key);
                    self.for_each_child_of_pattern(value, visit);
                }
                if let Some(rest) = rest {
                    self.for_each_child_of_pattern(rest, visit);
                }
            }
            Pattern::Rest(inner) => self.for_each_child_of_pattern(inner, visit),
            Pattern::Default(inner, value) | Pattern::Typed(inner, value) => {
                self.for_each_child_of_pattern(inner, visit);
                visit(*value);
            }
        }
    }
}
