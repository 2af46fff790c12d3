//! JSON files as modules: the whole file is what the module exports.

use perm_infer_diagnostics::Span;
use perm_infer_facts::{Builder, DictEntry, Expr, ExprId, FileFacts, LowerProblem, Lowered, Stmt};

use crate::json::{self, Json, JsonKind};

/// Bytes of a data file that is looked into; larger ones hold records instead of names.
const MAX_BYTES: usize = 256 << 10;

/// Lowers a JSON file.
pub(crate) fn lower(source: &str) -> Lowered {
    let span = Span::new(0, source.len());
    let mut builder = Builder::new("javascript", false, span);
    let mut problems = Vec::new();
    let document = if source.len() > MAX_BYTES { None } else { json::parse(source) };
    if document.is_none() && source.len() <= MAX_BYTES {
        problems.push(LowerProblem::Syntax(span));
    }
    let value = match &document {
        Some(document) => expr(&mut builder, document),
        None => builder.expr(Expr::Opaque(Vec::new()), span),
    };
    let export = builder.stmt(Stmt::Export { name: None, value }, span);
    builder.function(FileFacts::MODULE).body = vec![export];
    Lowered { facts: builder.finish(), problems }
}

fn expr(builder: &mut Builder, json: &Json) -> ExprId {
    let expr = match &json.kind {
        JsonKind::Null => Expr::Null,
        JsonKind::Bool(value) => Expr::Bool(*value),
        JsonKind::Number(text) => match text.parse() {
            Ok(value) => Expr::Int(value),
            Err(_) => Expr::Opaque(Vec::new()),
        },
        JsonKind::String(text) => Expr::Str(builder.intern(text)),
        JsonKind::Array(items) => Expr::List(items.iter().map(|item| self::expr(builder, item)).collect()),
        JsonKind::Object(entries) => {
            let pair = |(key, value): &(Json, Json)| {
                DictEntry::Pair(self::expr(builder, key), self::expr(builder, value))
            };
            Expr::Dict(entries.iter().map(pair).collect())
        }
    };
    builder.expr(expr, json.span)
}

#[cfg(test)]
mod tests {
    use perm_infer_facts::dump;

    use super::*;

    #[test]
    fn the_document_is_what_the_module_exports() {
        let lowered = lower(r#"{ "tables": ["a", "b"], "limit": 2.5 }"#);
        assert!(lowered.problems.is_empty());
        assert_eq!(
            dump(&lowered.facts),
            "file javascript\nexport <module> = {\"tables\": [\"a\", \"b\"], \"limit\": opaque()}\n"
        );
    }

    #[test]
    fn what_is_no_json_is_a_problem_and_unknown() {
        let lowered = lower("{ nothing }");
        assert_eq!(lowered.problems.len(), 1);
        assert_eq!(dump(&lowered.facts), "file javascript\nexport <module> = opaque()\n");
    }
}
