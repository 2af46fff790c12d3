//! The node kinds and fields of the three syntaxes (JavaScript, TypeScript, TSX) as dense enums, so
//! that lowering dispatches on one byte and never compares kind names. It also lists the node kinds
//! that carry nothing to lower; a test holds both lists against the grammars' own tables.

use std::num::NonZeroU16;
use std::sync::OnceLock;

use tree_sitter::{Language, Node};

macro_rules! node_kinds {
    ($($kind:ident = $name:literal),* $(,)?) => {
        /// A node kind that lowering gives a meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($kind,)*
            /// Punctuation and keywords.
            Token,
            /// A node kind without a meaning of its own, listed in `NOT_LOWERED`.
            Ignored,
            /// What the parser could not make sense of.
            Error,
        }

        /// Every node kind that lowering gives a meaning, by its name in the grammars.
        const KINDS: &[(&str, Kind)] = &[$(($name, Kind::$kind),)*];
    };
}

node_kinds! {
    // Left out of every list of children
    Comment = "comment",
    HtmlComment = "html_comment",
    // Files and statements
    Program = "program",
    StatementBlock = "statement_block",
    ExpressionStatement = "expression_statement",
    IfStatement = "if_statement",
    ElseClause = "else_clause",
    ForStatement = "for_statement",
    ForInStatement = "for_in_statement",
    WhileStatement = "while_statement",
    DoStatement = "do_statement",
    SwitchStatement = "switch_statement",
    SwitchBody = "switch_body",
    SwitchCase = "switch_case",
    SwitchDefault = "switch_default",
    TryStatement = "try_statement",
    CatchClause = "catch_clause",
    FinallyClause = "finally_clause",
    ThrowStatement = "throw_statement",
    ReturnStatement = "return_statement",
    BreakStatement = "break_statement",
    ContinueStatement = "continue_statement",
    LabeledStatement = "labeled_statement",
    WithStatement = "with_statement",
    DebuggerStatement = "debugger_statement",
    EmptyStatement = "empty_statement",
    // Declarations
    LexicalDeclaration = "lexical_declaration",
    VariableDeclaration = "variable_declaration",
    UsingDeclaration = "using_declaration",
    VariableDeclarator = "variable_declarator",
    FunctionDeclaration = "function_declaration",
    GeneratorFunctionDeclaration = "generator_function_declaration",
    ClassDeclaration = "class_declaration",
    AbstractClassDeclaration = "abstract_class_declaration",
    EnumDeclaration = "enum_declaration",
    EnumBody = "enum_body",
    EnumAssignment = "enum_assignment",
    InternalModule = "internal_module",
    Module = "module",
    AmbientDeclaration = "ambient_declaration",
    InterfaceDeclaration = "interface_declaration",
    TypeAliasDeclaration = "type_alias_declaration",
    FunctionSignature = "function_signature",
    ImportAlias = "import_alias",
    // Imports and exports
    ImportStatement = "import_statement",
    ImportClause = "import_clause",
    NamedImports = "named_imports",
    ImportSpecifier = "import_specifier",
    NamespaceImport = "namespace_import",
    ImportRequireClause = "import_require_clause",
    ExportStatement = "export_statement",
    ExportClause = "export_clause",
    ExportSpecifier = "export_specifier",
    NamespaceExport = "namespace_export",
    // Functions and classes
    FunctionExpression = "function_expression",
    GeneratorFunction = "generator_function",
    ArrowFunction = "arrow_function",
    FormalParameters = "formal_parameters",
    RequiredParameter = "required_parameter",
    OptionalParameter = "optional_parameter",
    AccessibilityModifier = "accessibility_modifier",
    OverrideModifier = "override_modifier",
    Class = "class",
    ClassBody = "class_body",
    ClassHeritage = "class_heritage",
    ExtendsClause = "extends_clause",
    ClassStaticBlock = "class_static_block",
    MethodDefinition = "method_definition",
    FieldDefinition = "field_definition",
    PublicFieldDefinition = "public_field_definition",
    Decorator = "decorator",
    // Expressions
    Identifier = "identifier",
    PropertyIdentifier = "property_identifier",
    PrivatePropertyIdentifier = "private_property_identifier",
    ShorthandPropertyIdentifier = "shorthand_property_identifier",
    ShorthandPropertyIdentifierPattern = "shorthand_property_identifier_pattern",
    ComputedPropertyName = "computed_property_name",
    NestedIdentifier = "nested_identifier",
    This = "this",
    Super = "super",
    Null = "null",
    Undefined = "undefined",
    True = "true",
    False = "false",
    Number = "number",
    String = "string",
    StringFragment = "string_fragment",
    EscapeSequence = "escape_sequence",
    TemplateString = "template_string",
    TemplateSubstitution = "template_substitution",
    Regex = "regex",
    Array = "array",
    Object = "object",
    Pair = "pair",
    SpreadElement = "spread_element",
    MemberExpression = "member_expression",
    SubscriptExpression = "subscript_expression",
    CallExpression = "call_expression",
    Arguments = "arguments",
    NewExpression = "new_expression",
    Import = "import",
    MetaProperty = "meta_property",
    AwaitExpression = "await_expression",
    YieldExpression = "yield_expression",
    UnaryExpression = "unary_expression",
    UpdateExpression = "update_expression",
    BinaryExpression = "binary_expression",
    TernaryExpression = "ternary_expression",
    SequenceExpression = "sequence_expression",
    ParenthesizedExpression = "parenthesized_expression",
    AssignmentExpression = "assignment_expression",
    AugmentedAssignmentExpression = "augmented_assignment_expression",
    AsExpression = "as_expression",
    SatisfiesExpression = "satisfies_expression",
    TypeAssertion = "type_assertion",
    NonNullExpression = "non_null_expression",
    InstantiationExpression = "instantiation_expression",
    // Patterns
    ObjectPattern = "object_pattern",
    ArrayPattern = "array_pattern",
    PairPattern = "pair_pattern",
    RestPattern = "rest_pattern",
    AssignmentPattern = "assignment_pattern",
    ObjectAssignmentPattern = "object_assignment_pattern",
    // JSX
    JsxElement = "jsx_element",
    JsxSelfClosingElement = "jsx_self_closing_element",
    JsxOpeningElement = "jsx_opening_element",
    JsxAttribute = "jsx_attribute",
    JsxExpression = "jsx_expression",
    // Types that name a class
    TypeAnnotation = "type_annotation",
    TypeIdentifier = "type_identifier",
    NestedTypeIdentifier = "nested_type_identifier",
    GenericType = "generic_type",
    TypeArguments = "type_arguments",
    UnionType = "union_type",
    IntersectionType = "intersection_type",
    LiteralType = "literal_type",
    ParenthesizedType = "parenthesized_type",
    ReadonlyType = "readonly_type",
    OptionalType = "optional_type",
    FunctionType = "function_type",
    // Types that say what an object holds
    InterfaceBody = "interface_body",
    ObjectType = "object_type",
    PropertySignature = "property_signature",
    MethodSignature = "method_signature",
    ExtendsTypeClause = "extends_type_clause",
}

/// Node kinds that have no meaning of their own for the analysis.
#[cfg(test)]
const NOT_LOWERED: &[&str] = &[
    // No code.
    "hash_bang_line",
    // Text of JSX: shown to people, never a name.
    "jsx_text",
    "html_character_reference",
    // The name after `<a:` and the closing tag repeat or refine an element's name.
    "jsx_namespace_name",
    "jsx_closing_element",
    // Labels: a jump to an outer loop counts as one to the innermost.
    "statement_identifier",
    // `?.` is read like `.`.
    "optional_chain",
    // `with { type: "json" }` does not change which file is meant.
    "import_attribute",
    // Parts of a regular expression, whose value is unknown as a whole.
    "regex_pattern",
    "regex_flags",
    // Members without code: overloads, abstract methods, index signatures.
    "call_signature",
    "construct_signature",
    "abstract_method_signature",
    "index_signature",
    "mapped_type_clause",
    "implements_clause",
    "opting_type_annotation",
    "omitting_type_annotation",
    "adding_type_annotation",
    // Declarations of type parameters.
    "type_parameters",
    "type_parameter",
    "constraint",
    "default_type",
    // Types that name no class, or only by computation.
    "array_type",
    "asserts",
    "asserts_annotation",
    "conditional_type",
    "constructor_type",
    "existential_type",
    "flow_maybe_type",
    "index_type_query",
    "infer_type",
    "lookup_type",
    "predefined_type",
    "rest_type",
    "template_literal_type",
    "template_type",
    "this_type",
    "tuple_type",
    "type_predicate",
    "type_predicate_annotation",
    "type_query",
];

macro_rules! fields {
    ($($field:ident = $name:literal),* $(,)?) => {
        /// A field of a node.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Field { $($field,)* }

        const FIELDS: &[&str] = &[$($name,)*];
    };
}

fields! {
    Alias = "alias",
    Alternative = "alternative",
    Argument = "argument",
    Arguments = "arguments",
    Body = "body",
    Condition = "condition",
    Consequence = "consequence",
    Constructor = "constructor",
    Declaration = "declaration",
    Finalizer = "finalizer",
    Function = "function",
    Handler = "handler",
    Increment = "increment",
    Index = "index",
    Initializer = "initializer",
    Key = "key",
    Kind = "kind",
    Left = "left",
    Module = "module",
    Name = "name",
    Object = "object",
    OpenTag = "open_tag",
    Operator = "operator",
    Parameter = "parameter",
    Parameters = "parameters",
    Pattern = "pattern",
    Property = "property",
    ReturnType = "return_type",
    Right = "right",
    Source = "source",
    Type = "type",
    TypeArguments = "type_arguments",
    Value = "value",
}

/// One syntax with its tables.
#[derive(Debug)]
pub(crate) struct Syntax {
    pub(crate) language: Language,
    kinds: Vec<Kind>,
    fields: Vec<Option<NonZeroU16>>,
}

impl Syntax {
    fn new(language: Language) -> Self {
        let kinds = (0..language.node_kind_count())
            .map(|id| u16::try_from(id).map_or(Kind::Ignored, |id| kind_of(&language, id)))
            .collect();
        let fields = FIELDS.iter().map(|name| language.field_id_for_name(name)).collect();
        Syntax { language, kinds, fields }
    }

    /// JavaScript with JSX.
    pub(crate) fn javascript() -> &'static Syntax {
        static SYNTAX: OnceLock<Syntax> = OnceLock::new();
        SYNTAX.get_or_init(|| Syntax::new(tree_sitter_javascript::LANGUAGE.into()))
    }

    /// TypeScript without JSX.
    pub(crate) fn typescript() -> &'static Syntax {
        static SYNTAX: OnceLock<Syntax> = OnceLock::new();
        SYNTAX.get_or_init(|| Syntax::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()))
    }

    /// TypeScript with JSX.
    pub(crate) fn tsx() -> &'static Syntax {
        static SYNTAX: OnceLock<Syntax> = OnceLock::new();
        SYNTAX.get_or_init(|| Syntax::new(tree_sitter_typescript::LANGUAGE_TSX.into()))
    }

    /// The kind of a node.
    pub(crate) fn kind(&self, node: Node<'_>) -> Kind {
        // The kind number of an ERROR node lies beyond the table.
        self.kinds.get(usize::from(node.kind_id())).copied().unwrap_or(Kind::Error)
    }

    /// The first child in a field.
    pub(crate) fn field<'t>(&self, node: Node<'t>, field: Field) -> Option<Node<'t>> {
        let id = self.fields[field as usize]?;
        node.child_by_field_id(id.get())
    }
}

fn kind_of(language: &Language, id: u16) -> Kind {
    if !language.node_kind_is_named(id) {
        return Kind::Token;
    }
    let name = language.node_kind_for_id(id).unwrap_or_default();
    KINDS.iter().find(|(known, _)| *known == name).map_or(Kind::Ignored, |&(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn named_kinds(syntax: &Syntax) -> BTreeSet<&'static str> {
        let language = &syntax.language;
        (0..u16::try_from(language.node_kind_count()).unwrap())
            .filter(|&id| {
                language.node_kind_is_named(id)
                    && language.node_kind_is_visible(id)
                    && !language.node_kind_is_supertype(id)
            })
            .filter_map(|id| language.node_kind_for_id(id).map(str::to_owned))
            .map(|name| &*name.leak())
            .collect()
    }

    fn syntaxes() -> [&'static Syntax; 3] {
        [Syntax::javascript(), Syntax::typescript(), Syntax::tsx()]
    }

    #[test]
    fn every_node_kind_is_lowered_or_listed_as_not_lowered() {
        for syntax in syntaxes() {
            for name in named_kinds(syntax) {
                let lowered = KINDS.iter().any(|(known, _)| *known == name);
                let listed = NOT_LOWERED.contains(&name);
                assert!(lowered != listed, "{name}: lowered {lowered}, listed {listed}");
            }
        }
    }

    #[test]
    fn every_listed_kind_and_field_exists_in_a_grammar() {
        let known: BTreeSet<&str> = syntaxes().into_iter().flat_map(named_kinds).collect();
        for name in KINDS.iter().map(|(name, _)| name).chain(NOT_LOWERED) {
            assert!(known.contains(name), "{name}");
        }
        for name in FIELDS {
            assert!(
                syntaxes().iter().any(|syntax| syntax.language.field_id_for_name(name).is_some()),
                "{name}"
            );
        }
    }
}
