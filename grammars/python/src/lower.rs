//! The state of lowering one file and what all parts of it share: children and text of nodes, the
//! bound on nesting, and what becomes of syntax errors.

use perm_infer_diagnostics::Span;
use perm_infer_facts::{Block, Builder, ClassId, Expr, ExprId, LowerProblem, Lowered, Name, Stmt, StmtId};
use smallvec::SmallVec;
use tree_sitter::{Node, TreeCursor};

use crate::idioms::{self, Idiom};
use crate::kinds::{Fields, Kind, Role, Tables};
use crate::parse::{comments, parse, syntax_problems};

/// How many syntax nodes inside one another are followed. CPython itself accepts 200 parentheses and
/// 100 indentations. What is deeper becomes unknown and is reported.
pub(crate) const MAX_NESTING: u32 = 200;

/// How high an expression of the facts may grow by chains such as `a.b().c().d()`, which are lowered
/// without recursion but evaluated with it.
pub(crate) const MAX_HEIGHT: u32 = 400;

/// Children of a node.
pub(crate) type Nodes<'t> = SmallVec<[Node<'t>; 4]>;

/// What outlives the syntax tree: an annotation in a string has a tree of its own.
pub(crate) struct State {
    pub(crate) builder: Builder,
    problems: Vec<LowerProblem>,
    /// Syntax nodes around the present one.
    nesting: u32,
    /// Expressions of the facts around the present one.
    pub(crate) height: u32,
    too_deep: bool,
    /// The class bodies around the present node.
    pub(crate) classes: Vec<ClassId>,
    /// Names of the functions and classes around the present node, joined by dots.
    pub(crate) path: String,
    /// Whether the code is under `if TYPE_CHECKING:`.
    pub(crate) type_only: bool,
    /// Calls whose meaning depends on what their names turn out to be.
    pub(crate) idioms: Vec<Idiom>,
}

/// Lowers the nodes of one syntax tree.
pub(crate) struct Lowerer<'t, 's> {
    pub(crate) state: &'s mut State,
    source: &'t str,
    /// The place of everything in this tree, where the tree is that of a string inside the file.
    place: Option<Span>,
    cursor: TreeCursor<'t>,
    tables: &'static Tables,
}

/// Lowers a whole file.
pub(crate) fn lower(source: &str) -> Lowered {
    let whole = Span::new(0, source.len());
    let mut state = State {
        builder: Builder::new("python", true, whole),
        problems: Vec::new(),
        nesting: 0,
        height: 0,
        too_deep: false,
        classes: Vec::new(),
        path: String::new(),
        type_only: false,
        idioms: Vec::new(),
    };
    let mut directives = Vec::new();
    match parse(source) {
        Some(tree) => {
            let root = tree.root_node();
            directives = perm_infer_facts::directives(source, || comments(root));
            state.problems.extend(syntax_problems(root).into_iter().map(LowerProblem::Syntax));
            let mut lowerer = Lowerer::new(&mut state, source, root, None);
            let body = lowerer.block(Some(root));
            state.builder.function(perm_infer_facts::FileFacts::MODULE).body = body;
        }
        None => state.problems.push(LowerProblem::Syntax(whole)),
    }
    let mut facts = state.builder.finish();
    facts.directives = directives;
    idioms::apply(&mut facts, state.idioms);
    Lowered { facts, problems: state.problems }
}

impl<'t, 's> Lowerer<'t, 's> {
    /// For the tree of `root`; `place` if the source is not that of the file itself.
    pub(crate) fn new(state: &'s mut State, source: &'t str, root: Node<'t>, place: Option<Span>) -> Self {
        Lowerer { state, source, place, cursor: root.walk(), tables: Tables::get() }
    }

    pub(crate) fn kind(&self, node: Node<'t>) -> Kind {
        if node.is_error() { Kind::Error } else { self.tables.kind(node.kind_id()) }
    }

    /// The numbers of the fields, for [`Lowerer::field`].
    pub(crate) fn fields(&self) -> &'static Fields {
        &self.tables.fields
    }

    pub(crate) fn field(&self, node: Node<'t>, field: u16) -> Option<Node<'t>> {
        node.child_by_field_id(field)
    }

    /// The child in the field `type`.
    pub(crate) fn type_of(&self, node: Node<'t>) -> Option<Node<'t>> {
        node.child_by_field_id(self.tables.type_field)
    }

    /// The named children without comments.
    pub(crate) fn children(&mut self, node: Node<'t>) -> Nodes<'t> {
        self.collect(node, |lowerer, child| child.is_named() && lowerer.kind(child) != Kind::Other)
    }

    /// The children in a field, without punctuation and comments.
    pub(crate) fn children_in(&mut self, node: Node<'t>, field: u16) -> Nodes<'t> {
        self.collect(node, |lowerer, child| {
            child.is_named()
                && lowerer.kind(child) != Kind::Other
                && lowerer.cursor.field_id().is_some_and(|id| u16::from(id) == field)
        })
    }

    /// All children: keywords and punctuation too, but no comments.
    pub(crate) fn all_children(&mut self, node: Node<'t>) -> Nodes<'t> {
        self.collect(node, |lowerer, child| !child.is_named() || lowerer.kind(child) != Kind::Other)
    }

    /// The first named child that is no comment.
    pub(crate) fn first_child(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        self.cursor.reset(node);
        let mut found = self.cursor.goto_first_child();
        while found {
            let child = self.cursor.node();
            if child.is_named() && self.kind(child) != Kind::Other {
                return Some(child);
            }
            found = self.cursor.goto_next_sibling();
        }
        None
    }

    /// Whether the node has this keyword or punctuation among its children.
    pub(crate) fn has_token(&mut self, node: Node<'t>, token: &str) -> bool {
        self.cursor.reset(node);
        let mut found = self.cursor.goto_first_child();
        while found {
            let child = self.cursor.node();
            if !child.is_named() && child.kind() == token {
                return true;
            }
            found = self.cursor.goto_next_sibling();
        }
        false
    }

    fn collect(&mut self, node: Node<'t>, wanted: impl Fn(&Self, Node<'t>) -> bool) -> Nodes<'t> {
        let mut children = Nodes::new();
        self.cursor.reset(node);
        let mut found = self.cursor.goto_first_child();
        while found {
            let child = self.cursor.node();
            if wanted(self, child) {
                children.push(child);
            }
            found = self.cursor.goto_next_sibling();
        }
        children
    }

    /// The source of a node.
    pub(crate) fn text(&self, node: Node<'t>) -> &'t str {
        self.source.get(node.byte_range()).unwrap_or_default()
    }

    /// The source between two byte offsets of this tree.
    pub(crate) fn between(&self, start: usize, end: usize) -> &'t str {
        self.source.get(start..end).unwrap_or_default()
    }

    pub(crate) fn span(&self, node: Node<'t>) -> Span {
        self.place.unwrap_or_else(|| Span::new(node.start_byte(), node.end_byte()))
    }

    pub(crate) fn intern(&mut self, text: &str) -> Name {
        self.state.builder.intern(text)
    }

    /// The source of a node as a name; none for a token that the parser only supposed.
    pub(crate) fn name_of(&mut self, node: Option<Node<'t>>) -> Option<Name> {
        let text = self.text(node?);
        (!text.is_empty()).then(|| self.intern(text))
    }

    /// Adds an expression in the place of a node.
    pub(crate) fn make(&mut self, expr: Expr, node: Node<'t>) -> ExprId {
        let span = self.span(node);
        self.state.builder.expr(expr, span)
    }

    /// An expression of unknown value.
    pub(crate) fn opaque(&mut self, parts: Vec<ExprId>, node: Node<'t>) -> ExprId {
        self.make(Expr::Opaque(parts), node)
    }

    /// Adds a statement in the place of a node.
    pub(crate) fn push(&mut self, stmt: Stmt, node: Node<'t>, out: &mut Block) -> StmtId {
        let span = self.span(node);
        let id = self.state.builder.stmt(stmt, span);
        out.push(id);
        id
    }

    /// Goes one level down; gives false, and reports it once, where that would be too deep. Each true
    /// needs a [`Lowerer::leave`].
    pub(crate) fn enter(&mut self, node: Node<'t>) -> bool {
        if self.state.nesting >= MAX_NESTING || self.state.height > MAX_HEIGHT {
            self.too_deep(node);
            return false;
        }
        self.state.nesting += 1;
        self.state.height += 1;
        true
    }

    pub(crate) fn leave(&mut self) {
        self.state.nesting -= 1;
        self.state.height -= 1;
    }

    /// Reports that something was too deep to follow, once per file.
    pub(crate) fn too_deep(&mut self, node: Node<'t>) {
        if !self.state.too_deep {
            self.state.too_deep = true;
            let span = self.span(node);
            self.state.problems.push(LowerProblem::TooDeep(span));
        }
    }

    /// Lowers what is whole inside a node that the parser could not make sense of.
    pub(crate) fn salvage(&mut self, node: Node<'t>, out: &mut Block) {
        if !self.enter(node) {
            return;
        }
        for child in self.children(node) {
            match (self.kind(child), self.kind(child).role()) {
                // Alone it is a piece of something else, as likely a keyword as a name.
                (Kind::Identifier, _) => {}
                (_, Role::Statement) => self.statement(child, out),
                (_, Role::Expression) => {
                    let value = self.expr(child);
                    self.push(Stmt::Expr(value), child, out);
                }
                (_, Role::Part) => self.salvage(child, out),
            }
        }
        self.leave();
    }

    /// The expressions that are whole inside such a node, where an expression is wanted.
    pub(crate) fn salvage_expressions(&mut self, node: Node<'t>) -> Vec<ExprId> {
        let mut found = Vec::new();
        if self.enter(node) {
            for child in self.children(node) {
                match self.kind(child).role() {
                    Role::Expression => found.push(self.expr(child)),
                    // A statement cannot stand in an expression; its expressions can.
                    Role::Statement | Role::Part => found.extend(self.salvage_expressions(child)),
                }
            }
            self.leave();
        }
        found
    }
}
