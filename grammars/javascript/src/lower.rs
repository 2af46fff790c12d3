//! The state of lowering one file and what all parts of it share: access to nodes, the bound on
//! nesting, names for functions, and the collection of problems. The parts are in the sibling
//! modules, each an `impl` block about one area of the language.

use perm_infer_diagnostics::Span;
use perm_infer_facts::{
    Block, Builder, Export, Expr, ExprId, ImportId, Imported, LowerProblem, Lowered, Name, Stmt, StmtId,
    VarId,
};
use tree_sitter::{Node, Tree};

use crate::kinds::{Field, Kind, Syntax};
use crate::parser::comments;

/// How deep expressions, statements, patterns and types may stand inside each other; what lies deeper
/// is dropped and reported. Parentheses, chains of calls, members and operators, and `else if` ladders
/// do not count. The bound keeps lowering within a thread's stack.
pub(crate) const MAX_DEPTH: u32 = 200;

/// How many syntax errors of one file are reported.
pub(crate) const MAX_SYNTAX_PROBLEMS: usize = 20;

/// An `export { a as b }`, which may precede the declaration of `a`.
pub(crate) struct PendingExport {
    pub(crate) local: Name,
    pub(crate) exported: Name,
}

/// Lowers one file.
pub(crate) struct Lowerer<'s> {
    pub(crate) b: Builder,
    pub(crate) pending_exports: Vec<PendingExport>,
    /// The exported variables of each TypeScript namespace that is open, outermost first.
    pub(crate) namespaces: Vec<Vec<VarId>>,
    /// Whether the file makes its own `require` with `createRequire`.
    pub(crate) makes_require: bool,
    source: &'s str,
    syntax: &'static Syntax,
    depth: u32,
    too_deep: Option<Span>,
    /// The dotted name of the function or class being lowered.
    path: String,
}

/// Lowers a parsed file.
pub(crate) fn lower(source: &str, syntax: &'static Syntax, tree: &Tree) -> Lowered {
    let root = tree.root_node();
    let mut lowerer = Lowerer {
        b: Builder::new("javascript", false, Span::new(0, source.len())),
        pending_exports: Vec::new(),
        namespaces: Vec::new(),
        makes_require: false,
        source,
        syntax,
        depth: 0,
        too_deep: None,
        path: String::new(),
    };
    let mut body = Block::new();
    if lowerer.kind(root) == Kind::Program {
        lowerer.statements(&lowerer.children(root), &mut body);
    } else {
        lowerer.salvage(root, &mut body);
    }
    lowerer.resolve_pending_exports();
    lowerer.b.function(perm_infer_facts::FileFacts::MODULE).body = body;
    let mut problems = lowerer.syntax_problems(root);
    problems.extend(lowerer.too_deep.map(LowerProblem::TooDeep));
    let mut facts = lowerer.b.finish();
    facts.directives = perm_infer_facts::directives(source, || comments(root));
    Lowered { facts, problems }
}

impl<'s> Lowerer<'s> {
    pub(crate) fn kind(&self, node: Node<'_>) -> Kind {
        self.syntax.kind(node)
    }

    pub(crate) fn field<'t>(&self, node: Node<'t>, field: Field) -> Option<Node<'t>> {
        self.syntax.field(node, field)
    }

    pub(crate) fn text(&self, node: Node<'_>) -> &'s str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    /// The text of a node as a name.
    pub(crate) fn intern(&mut self, node: Node<'_>) -> Name {
        let text = self.text(node);
        self.b.intern(text)
    }

    /// The named children that carry code, in order.
    pub(crate) fn children<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = node.walk();
        node.named_children(&mut cursor)
            .filter(|&child| !matches!(self.kind(child), Kind::Comment | Kind::HtmlComment))
            .collect()
    }

    /// The only or first named child.
    pub(crate) fn child<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let mut cursor = node.walk();
        node.named_children(&mut cursor)
            .find(|&child| !matches!(self.kind(child), Kind::Comment | Kind::HtmlComment))
    }

    /// Whether a keyword or punctuation mark is among the direct children.
    pub(crate) fn has_token(&self, node: Node<'_>, token: &str) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor).any(|child| !child.is_named() && child.kind() == token)
    }

    /// The node inside any number of parentheses.
    pub(crate) fn unwrap_parentheses<'t>(&self, mut node: Node<'t>) -> Node<'t> {
        while self.kind(node) == Kind::ParenthesizedExpression {
            match self.child(node) {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }

    pub(crate) fn add(&mut self, expr: Expr, node: Node<'_>) -> ExprId {
        self.b.expr(expr, span(node))
    }

    pub(crate) fn add_stmt(&mut self, stmt: Stmt, node: Node<'_>) -> StmtId {
        self.b.stmt(stmt, span(node))
    }

    pub(crate) fn str(&mut self, name: Name, node: Node<'_>) -> ExprId {
        self.add(Expr::Str(name), node)
    }

    /// A value of which nothing is known.
    pub(crate) fn unknown(&mut self, node: Node<'_>) -> ExprId {
        self.add(Expr::Opaque(Vec::new()), node)
    }

    /// The name if nothing in view binds it.
    pub(crate) fn is_unbound(&mut self, name: &str) -> bool {
        let name = self.b.intern(name);
        self.b.lookup(name).is_none()
    }

    /// Runs `lower` one level deeper, or gives nothing where that would be too deep.
    pub(crate) fn nested<T>(&mut self, node: Node<'_>, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.too_deep.get_or_insert(span(node));
            return None;
        }
        self.depth += 1;
        let result = lower(self);
        self.depth -= 1;
        Some(result)
    }

    /// Runs `lower` for what stands inside the function or class `name` and gives its dotted name to it.
    pub(crate) fn within<T>(&mut self, name: Option<Name>, lower: impl FnOnce(&mut Self, String) -> T) -> T {
        let outer = self.path.len();
        if outer > 0 {
            self.path.push('.');
        }
        self.path.push_str(name.map_or("<anonymous>", |name| self.b.text(name)));
        let path = self.path.clone();
        let result = lower(self, path);
        self.path.truncate(outer);
        result
    }

    /// Exports a variable under its own name from the module, or from the namespace around it.
    pub(crate) fn export_var(&mut self, var: VarId) {
        match self.namespaces.last_mut() {
            Some(namespace) => namespace.push(var),
            None => {
                let name = self.b.variable(var).name;
                let name = self.exported_name(name);
                self.b.export(Export::Var { name, var });
            }
        }
    }

    pub(crate) fn export_from(&mut self, name: Name, import: ImportId, imported: Imported) {
        self.b.export(Export::From { name, import, imported });
    }

    fn resolve_pending_exports(&mut self) {
        for PendingExport { local, exported } in std::mem::take(&mut self.pending_exports) {
            // Without a variable it is a type that is not followed, or a mistake.
            if let Some(var) = self.lookup_value_or_type(local) {
                self.b.export(Export::Var { name: exported, var });
            }
        }
    }

    /// The outermost regions that the parser could not make sense of.
    fn syntax_problems(&self, root: Node<'_>) -> Vec<LowerProblem> {
        let mut problems = Vec::new();
        let mut cursor = root.walk();
        loop {
            let node = cursor.node();
            let broken = node.is_error() || node.is_missing();
            if broken {
                problems.push(LowerProblem::Syntax(span(node)));
                if problems.len() == MAX_SYNTAX_PROBLEMS {
                    return problems;
                }
            }
            if !broken && node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return problems;
                }
            }
        }
    }
}

pub(crate) fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}
