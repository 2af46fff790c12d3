//! The forms of the model. Each says what the analysis may assume of it.

use perm_infer_diagnostics::Span;

use crate::directive::Directive;
use crate::names::{Name, NameTable};

macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $id(pub u32);

        impl $id {
            /// The position in its arena.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An expression of one file.
    ExprId,
    /// A statement of one file.
    StmtId,
    /// A function of one file; 0 is the module's top level.
    FuncId,
    /// A class of one file.
    ClassId,
    /// A variable of one file, after name resolution.
    VarId,
    /// An import of one file.
    ImportId,
}

/// Everything the analysis knows of one source file.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// Name of the grammar that made it, such as `python`; library models look at it, analysis does not.
    pub dialect: &'static str,
    /// Interned names and string constants.
    pub names: NameTable,
    /// All expressions.
    pub exprs: Vec<Expr>,
    /// The bytes of each expression, parallel to `exprs`.
    pub spans: Vec<Span>,
    /// All statements.
    pub stmts: Vec<Stmt>,
    /// The place of each statement, parallel to `stmts`.
    pub stmt_spans: Vec<Span>,
    /// All functions; the first is the module's top level.
    pub functions: Vec<Function>,
    /// All classes.
    pub classes: Vec<Class>,
    /// All variables.
    pub vars: Vec<Variable>,
    /// All imports, wherever they stand.
    pub imports: Vec<Import>,
    /// What importers may name, apart from [`Stmt::Export`], which decides at run time.
    pub exports: Vec<Export>,
    /// Whether every top-level variable can be imported (Python) or only `exports` (JavaScript).
    pub exports_all: bool,
    /// Comments that speak to the tool, in source order.
    pub directives: Vec<Directive>,
}

impl FileFacts {
    /// The module's top level as a function.
    pub const MODULE: FuncId = FuncId(0);

    /// The expression.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.index()]
    }

    /// The bytes of an expression.
    #[must_use]
    pub fn span(&self, id: ExprId) -> Span {
        self.spans[id.index()]
    }

    /// The text of a name.
    #[must_use]
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }
}

/// A variable: one name in one scope.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: Name,
    /// The function whose activation holds it. Class-level variables belong to the function that
    /// the class statement stands in.
    pub owner: FuncId,
    /// Whether a function nested in the owner mentions it, so that it outlives the activation.
    pub captured: bool,
    /// Whether a function nested in the owner assigns it.
    pub assigned_inside: bool,
}

/// Statements in order.
pub type Block = Vec<StmtId>;

/// An expression. Sub-expressions are evaluated in the order in which fields are listed.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the text of a variant names its fields")]
pub enum Expr {
    /// A variable of this file.
    Var(VarId),
    /// A name that nothing in the file binds: a builtin or a global.
    Global(Name),
    /// A string constant, escapes resolved.
    Str(Name),
    /// An integer constant; other numbers are [`Expr::Opaque`].
    Int(i64),
    /// A boolean constant.
    Bool(bool),
    /// `None`, `null`, `undefined`.
    Null,
    /// String interpolation: the parts as strings, joined.
    Template(Vec<ExprId>),
    /// `object.name`
    Attr { object: ExprId, name: Name },
    /// `object[index]`
    Index { object: ExprId, index: ExprId },
    /// `object[start:end]`; the bounds when they are integer constants.
    Slice { object: ExprId, start: Option<i64>, end: Option<i64> },
    /// `object[start:end]` with bounds that only the run knows, or with a step.
    Part { object: ExprId, bounds: Vec<ExprId> },
    /// `callee(args)`
    Call { callee: ExprId, args: Vec<Arg> },
    /// `new callee(args)`
    New { callee: ExprId, args: Vec<Arg> },
    /// List, tuple, set or array; spread elements are [`Expr::Spread`].
    List(Vec<ExprId>),
    /// All elements of the operand, inside a list.
    Spread(ExprId),
    /// Dictionary or object literal.
    Dict(Vec<DictEntry>),
    /// A list whose elements are `element` evaluated for the bindings of the clauses; `filters` are
    /// the conditions. Dictionary comprehensions have a key.
    Comprehension {
        clauses: Vec<(Pattern, ExprId)>,
        filters: Vec<ExprId>,
        key: Option<ExprId>,
        element: ExprId,
    },
    /// `left op right`
    Binary { op: BinaryOp, left: ExprId, right: ExprId },
    /// Logical negation.
    Not(ExprId),
    /// `test ? then : otherwise`
    Cond { test: ExprId, then: ExprId, otherwise: ExprId },
    /// A function as a value.
    Function(FuncId),
    /// A class as a value.
    Class(ClassId),
    /// The receiver of the enclosing method, where the language has a keyword for it.
    This,
    /// The receiver seen as an instance of its base class.
    Super,
    /// `await operand`
    Await(ExprId),
    /// `yield operand`: its value goes to the caller of the generator.
    Yield(Option<ExprId>),
    /// An assignment used as an expression; its value is the assigned one.
    Assign { target: Box<Pattern>, op: AssignOp, value: ExprId },
    /// A module as a value: `require("x")`, `import("x")`.
    Module(ImportId),
    /// The object that this module exports so far (`module.exports`, `exports`).
    Exports,
    /// The operand with a stated type, which is an expression too.
    Typed { value: ExprId, ty: ExprId },
    /// A union of types, in type positions only.
    TypeUnion(Vec<ExprId>),
    /// A construct without a form of its own: all of these are evaluated, the result is unknown.
    Opaque(Vec<ExprId>),
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// How it is passed.
    pub kind: ArgKind,
    /// Its value.
    pub value: ExprId,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgKind {
    /// By position.
    Positional,
    /// By name.
    Keyword(Name),
    /// All elements of a list, by position.
    Spread,
    /// All entries of a dictionary, by name.
    KeywordSpread,
}

/// One entry of a dictionary or object literal.
#[derive(Clone, Debug, PartialEq)]
pub enum DictEntry {
    /// `key: value`; an identifier key is a string constant.
    Pair(ExprId, ExprId),
    /// All entries of another one.
    Spread(ExprId),
    /// A property computed by a function on each access.
    Getter(ExprId, FuncId),
}

/// Binary operators that matter for names and branches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`: also joins strings and lists.
    Add,
    /// `%`: also formats strings.
    Mod,
    /// `/`: also joins paths.
    Div,
    /// `|`: also merges dictionaries.
    Merge,
    /// Left if it is false, else right.
    And,
    /// Left if it is true, else right.
    Or,
    /// Left unless it is null, else right.
    Coalesce,
    /// Equality of any strictness.
    Eq,
    /// Its negation.
    NotEq,
    /// Membership of left in right.
    In,
    /// Its negation.
    NotIn,
    /// Any other: evaluates both, result unknown.
    Other,
}

/// Where an assignment stores, or what a parameter, loop or import binds.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the text of a variant names its fields")]
pub enum Pattern {
    /// A variable.
    Var(VarId),
    /// `object.name`
    Attr { object: ExprId, name: Name },
    /// `object[index]`
    Index { object: ExprId, index: ExprId },
    /// Elements by position; a [`Pattern::Rest`] takes what is left.
    List(Vec<Option<Pattern>>),
    /// Entries by name, then possibly the rest.
    Dict { entries: Vec<(ExprId, Pattern)>, rest: Option<Box<Pattern>> },
    /// The elements that are left, inside [`Pattern::List`].
    Rest(Box<Pattern>),
    /// The inner pattern, with this value where there is none.
    Default(Box<Pattern>, ExprId),
    /// The inner pattern with a stated type.
    Typed(Box<Pattern>, ExprId),
    /// Nothing is stored.
    Ignore,
}

/// How an assignment changes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignOp {
    /// `=`
    Set,
    /// `op=`: the target becomes `target op value`.
    Update(BinaryOp),
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the text of a variant names its fields")]
pub enum Stmt {
    /// Evaluate.
    Expr(ExprId),
    /// Store. Several targets (`a = b = v`) are several statements with the same value expression;
    /// the grammar lowers the value once and lists all targets here.
    Assign { targets: Vec<Pattern>, op: AssignOp, value: ExprId },
    /// A variable with a type but no value (a declaration or a field).
    Declare { var: VarId, ty: ExprId },
    /// Leave the function.
    Return(Option<ExprId>),
    /// Leave by an exception.
    Raise(Option<ExprId>),
    /// Leave the innermost loop or switch.
    Break,
    /// Go on with the next turn.
    Continue,
    /// Branch.
    If { test: ExprId, then: Block, otherwise: Block },
    /// Loop while the test holds; a missing test loops until a break. `update` runs after each turn and may
    /// break too.
    While { test: Option<ExprId>, body: Block, update: Block, otherwise: Block },
    /// Loop over the elements (or, with `keys`, over the keys or indices).
    For { target: Pattern, iter: ExprId, keys: bool, body: Block, otherwise: Block },
    /// Context managers: each value is entered and bound.
    With { items: Vec<(ExprId, Option<Pattern>)>, body: Block },
    /// Exceptions.
    Try { body: Block, handlers: Vec<Handler>, otherwise: Block, finally: Block },
    /// Exactly one of the cases runs, or none if no case is a default. `values` of a case are compared
    /// with the subject; a case with none is the default, or binds by pattern. With `falls_through`
    /// a case that does not end in break runs into the next.
    Switch { subject: ExprId, cases: Vec<Case>, falls_through: bool },
    /// Bind a function to a variable; decorators are applied from last to first.
    Function { var: VarId, func: FuncId },
    /// Bind a class to a variable.
    Class { var: VarId, class: ClassId },
    /// Import here.
    Import(ImportId),
    /// Export a value under a name; without a name it is the whole module.
    Export { name: Option<Name>, value: ExprId },
    /// Forget a variable, attribute or entry.
    Delete(Vec<Pattern>),
    /// A block.
    Block(Block),
}

/// One case of a [`Stmt::Switch`].
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Values that select it; empty for a default.
    pub values: Vec<ExprId>,
    /// What it binds to the subject.
    pub pattern: Option<Pattern>,
    /// A further condition.
    pub guard: Option<ExprId>,
    /// What runs.
    pub body: Block,
}

/// One exception handler.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// The exception types, evaluated.
    pub types: Vec<ExprId>,
    /// What the exception is bound to.
    pub target: Option<Pattern>,
    /// What runs.
    pub body: Block,
}

/// How a function gets its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// The first parameter is the receiver when it is called as a method.
    FirstParam,
    /// [`Expr::This`] is the receiver.
    This,
    /// It sees the receiver of the function around it.
    Lexical,
}

/// How a function in a class is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// A method of instances.
    Instance,
    /// Gets the class as receiver.
    Class,
    /// Gets no receiver.
    Static,
    /// Computed on attribute access.
    Property,
}

/// A function, method, lambda or the module's top level.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// Dotted name for people: `Repository.save`, `handler.<lambda>`.
    pub qualified_name: String,
    /// The whole definition.
    pub span: Span,
    /// The function around it; none for the module.
    pub parent: Option<FuncId>,
    /// The class it is a member of.
    pub class: Option<ClassId>,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// What runs.
    pub body: Block,
    /// Decorators in source order.
    pub decorators: Vec<ExprId>,
    /// How it gets its receiver.
    pub receiver: Receiver,
    /// How it is bound in its class.
    pub binding: Binding,
    /// Whether it yields.
    pub is_generator: bool,
    /// The stated result type.
    pub returns: Option<ExprId>,
}

/// One parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The name by which callers may pass it.
    pub name: Option<Name>,
    /// What it binds.
    pub pattern: Pattern,
    /// How it takes arguments.
    pub kind: ParamKind,
    /// The default, evaluated on call.
    pub default: Option<ExprId>,
    /// The stated type.
    pub ty: Option<ExprId>,
}

/// How a parameter takes arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// By position or name.
    Normal,
    /// By name only.
    KeywordOnly,
    /// All further positional arguments, as a list.
    Rest,
    /// All further named arguments, as a dictionary.
    KeywordRest,
}

/// A class.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// The whole definition.
    pub span: Span,
    /// Base classes.
    pub bases: Vec<ExprId>,
    /// Decorators in source order.
    pub decorators: Vec<ExprId>,
    /// The function that initialises instances.
    pub constructor: Option<FuncId>,
    /// Methods and fields by declaration (JavaScript), beside `vars`.
    pub members: Vec<Member>,
    /// What runs when the class is defined.
    pub body: Block,
    /// Class-level variables that `body` fills: they are attributes of the class.
    pub vars: Vec<VarId>,
    /// Whether it only says what the members of some object hold, as an interface does. It makes no
    /// instances, and its methods have no code.
    pub is_shape: bool,
}

/// One declared member of a class.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: Name,
    /// Whether it belongs to the class instead of instances.
    pub is_static: bool,
    /// What it is.
    pub kind: MemberKind,
}

/// What a member is.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the text of a variant names its fields")]
pub enum MemberKind {
    /// A method or accessor.
    Method(FuncId, Accessor),
    /// A field, initialised for each instance before the constructor runs.
    Field { value: Option<ExprId>, ty: Option<ExprId> },
}

/// Whether a method runs on call or on attribute access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accessor {
    /// On call.
    None,
    /// On reading the attribute.
    Get,
    /// On writing the attribute.
    Set,
}

/// One import statement or expression.
#[derive(Clone, Debug)]
pub struct Import {
    /// The module as written, relative dots included: `boto3`, `.store`, `../lib/s3.js`.
    pub specifier: Name,
    /// What it binds; empty for imports for effect and for [`Expr::Module`].
    pub bindings: Vec<ImportBinding>,
    /// Whether it is there for types alone.
    pub type_only: bool,
    /// Where.
    pub span: Span,
}

/// One name that an import binds.
#[derive(Clone, Debug)]
pub struct ImportBinding {
    /// What of the module.
    pub imported: Imported,
    /// The variable; for [`Imported::Star`] without meaning.
    pub var: Option<VarId>,
}

/// What of a module an import takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// One exported name; `default` is a name like others.
    Name(Name),
    /// The module itself.
    Module,
    /// The first package of a dotted specifier (`import a.b` binds `a`).
    Root,
    /// Every exported name, into the importer's own names.
    Star,
}

/// A static export.
#[derive(Clone, Debug)]
pub enum Export {
    /// A variable under a name.
    Var {
        /// The name importers use.
        name: Name,
        /// What they get.
        var: VarId,
    },
    /// A name of another module.
    From {
        /// The name importers use.
        name: Name,
        /// The other module.
        import: ImportId,
        /// What of it.
        imported: Imported,
    },
    /// All names of another module.
    Star(ImportId),
}
