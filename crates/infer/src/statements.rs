//! The simple statements of a file by place: those that hold no other statements, except in functions
//! that stand in their expressions.

use perm_infer_diagnostics::Span;
use perm_infer_facts::{FileFacts, Stmt};

/// The statements, sorted by start, outer ones before inner ones.
pub(crate) struct Statements {
    spans: Vec<Span>,
    /// The statement around each.
    parents: Vec<Option<usize>>,
    /// Where statements of any kind start, sorted.
    starts: Vec<u32>,
}

impl Statements {
    pub(crate) fn of(facts: &FileFacts) -> Self {
        let all = facts.stmts.iter().zip(&facts.stmt_spans);
        let mut spans: Vec<Span> = all.filter(|(stmt, _)| is_simple(stmt)).map(|(_, &span)| span).collect();
        spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        spans.dedup();
        let mut starts: Vec<u32> = facts.stmt_spans.iter().map(|span| span.start).collect();
        starts.sort_unstable();
        let parents = parents(&spans);
        Statements { spans, parents, starts }
    }

    /// The innermost statement around a byte.
    pub(crate) fn innermost(&self, offset: u32) -> Option<usize> {
        let mut candidate = self.spans.partition_point(|span| span.start <= offset).checked_sub(1);
        while let Some(at) = candidate
            && self.spans[at].end <= offset
        {
            candidate = self.parents[at];
        }
        candidate
    }

    pub(crate) fn span(&self, statement: usize) -> Span {
        self.spans[statement]
    }

    /// Where the first statement at or behind a byte starts.
    pub(crate) fn next_start(&self, offset: u32) -> Option<u32> {
        self.starts.get(self.starts.partition_point(|&start| start < offset)).copied()
    }
}

fn is_simple(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Expr(_)
        | Stmt::Assign { .. }
        | Stmt::Declare { .. }
        | Stmt::Return(_)
        | Stmt::Raise(_)
        | Stmt::Export { .. }
        | Stmt::Delete(_) => true,
        Stmt::Break
        | Stmt::Continue
        | Stmt::If { .. }
        | Stmt::While { .. }
        | Stmt::For { .. }
        | Stmt::With { .. }
        | Stmt::Try { .. }
        | Stmt::Switch { .. }
        | Stmt::Function { .. }
        | Stmt::Class { .. }
        | Stmt::Import(_)
        | Stmt::Block(_) => false,
    }
}

fn parents(spans: &[Span]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut parents = Vec::with_capacity(spans.len());
    for (at, span) in spans.iter().enumerate() {
        while open.last().is_some_and(|&outer| spans[outer].end < span.end) {
            open.pop();
        }
        parents.push(open.last().copied());
        open.push(at);
    }
    parents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_belongs_to_the_innermost_statement() {
        let spans = vec![Span::new(0, 50), Span::new(10, 20), Span::new(25, 30), Span::new(60, 70)];
        let parents = parents(&spans);
        let statements = Statements { spans, parents, starts: vec![0, 10, 25, 60] };
        assert_eq!(statements.innermost(12), Some(1));
        assert_eq!(statements.innermost(22), Some(0));
        assert_eq!(statements.innermost(40), Some(0));
        assert_eq!(statements.innermost(55), None);
        assert_eq!(statements.next_start(31), Some(60));
    }
}
