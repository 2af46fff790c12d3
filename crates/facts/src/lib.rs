//! The language-neutral program model: what a grammar lowers a source file to, and all that the
//! analysis ever sees of it.
//!
//! A [`FileFacts`] is an arena: expressions, statements, functions and classes are numbered, names
//! are interned per file, and every expression keeps its bytes' [`Span`]. Names are resolved to
//! variables while lowering (see [`Builder`]), so that the scoping rules of a language stay in its
//! grammar crate. No syntax-tree node survives. What the model has no form for is
//! [`Expr::Opaque`], which keeps its sub-expressions.
//!
//! This crate knows neither AWS nor how facts are evaluated.

mod aliases;
mod builder;
mod directive;
mod dump;
mod grammar;
mod model;
mod names;
mod resolve;
mod walk;

pub use aliases::{ConfigurationFile, ImportAlias};
pub use builder::{Builder, ScopeKind};
pub use directive::{DIRECTIVE_MARK, Directive, directives};
pub use dump::dump;
pub use grammar::{Grammar, ImportCandidate, LowerProblem, Lowered};
pub use model::{
    Accessor, Arg, ArgKind, AssignOp, BinaryOp, Binding, Block, Case, Class, ClassId, DictEntry, Export,
    Expr, ExprId, FileFacts, FuncId, Function, Handler, Import, ImportBinding, ImportId, Imported, Member,
    MemberKind, Param, ParamKind, Pattern, Receiver, Stmt, StmtId, VarId, Variable,
};
pub use names::{Name, NameTable};
pub use resolve::FileIndex;
