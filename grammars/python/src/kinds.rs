//! The node kinds and fields of the tree-sitter grammar that the lowering tells apart, as numbers
//! that are looked up once per process. Says nothing about how they are lowered.

use std::sync::OnceLock;

use tree_sitter::Language;

/// What a kind of node is by itself, which decides what becomes of it inside a syntax error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Stands in a block.
    Statement,
    /// Has a value.
    Expression,
    /// Is read by the node around it.
    Part,
}

macro_rules! kinds {
    ($($role:ident { $($kind:ident $text:literal)* })*) => {
        /// A kind of node.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($(#[doc = $text] $kind,)*)*
            /// A syntax error.
            Error,
            /// Punctuation, keywords, comments and what [`NOT_LOWERED`] lists.
            Other,
        }

        /// The named kinds that the lowering handles.
        const KINDS: &[(&str, Kind)] = &[$($(($text, Kind::$kind),)*)*];

        impl Kind {
            /// What it is by itself.
            pub(crate) fn role(self) -> Role {
                match self {
                    $($(Kind::$kind)|* => Role::$role,)*
                    Kind::Error | Kind::Other => Role::Part,
                }
            }
        }
    };
}

kinds! {
    Statement {
        AssertStatement "assert_statement"
        BreakStatement "break_statement"
        ClassDefinition "class_definition"
        ContinueStatement "continue_statement"
        DecoratedDefinition "decorated_definition"
        DeleteStatement "delete_statement"
        ExecStatement "exec_statement"
        ExpressionStatement "expression_statement"
        ForStatement "for_statement"
        FunctionDefinition "function_definition"
        FutureImportStatement "future_import_statement"
        GlobalStatement "global_statement"
        IfStatement "if_statement"
        ImportFromStatement "import_from_statement"
        ImportStatement "import_statement"
        MatchStatement "match_statement"
        NonlocalStatement "nonlocal_statement"
        PassStatement "pass_statement"
        PrintStatement "print_statement"
        RaiseStatement "raise_statement"
        ReturnStatement "return_statement"
        TryStatement "try_statement"
        TypeAliasStatement "type_alias_statement"
        WhileStatement "while_statement"
        WithStatement "with_statement"
    }
    Expression {
        AsPattern "as_pattern"
        Assignment "assignment"
        Attribute "attribute"
        AugmentedAssignment "augmented_assignment"
        Await "await"
        BinaryOperator "binary_operator"
        BooleanOperator "boolean_operator"
        Call "call"
        ComparisonOperator "comparison_operator"
        ConcatenatedString "concatenated_string"
        ConditionalExpression "conditional_expression"
        Dictionary "dictionary"
        DictionaryComprehension "dictionary_comprehension"
        DictionarySplat "dictionary_splat"
        Ellipsis "ellipsis"
        ExpressionList "expression_list"
        False "false"
        Float "float"
        GeneratorExpression "generator_expression"
        Identifier "identifier"
        Integer "integer"
        Lambda "lambda"
        List "list"
        ListComprehension "list_comprehension"
        ListSplat "list_splat"
        NamedExpression "named_expression"
        None "none"
        NotOperator "not_operator"
        ParenthesizedExpression "parenthesized_expression"
        ParenthesizedListSplat "parenthesized_list_splat"
        PatternList "pattern_list"
        Set "set"
        SetComprehension "set_comprehension"
        Slice "slice"
        String "string"
        Subscript "subscript"
        True "true"
        Tuple "tuple"
        UnaryOperator "unary_operator"
        Yield "yield"
    }
    Part {
        AliasedImport "aliased_import"
        ArgumentList "argument_list"
        AsPatternTarget "as_pattern_target"
        Block "block"
        CaseClause "case_clause"
        CasePattern "case_pattern"
        Chevron "chevron"
        ClassPattern "class_pattern"
        ComplexPattern "complex_pattern"
        ConstrainedType "constrained_type"
        Decorator "decorator"
        DefaultParameter "default_parameter"
        DictPattern "dict_pattern"
        DictionarySplatPattern "dictionary_splat_pattern"
        DottedName "dotted_name"
        ElifClause "elif_clause"
        ElseClause "else_clause"
        ExceptClause "except_clause"
        FinallyClause "finally_clause"
        ForInClause "for_in_clause"
        FormatExpression "format_expression"
        FormatSpecifier "format_specifier"
        GenericType "generic_type"
        IfClause "if_clause"
        ImportPrefix "import_prefix"
        Interpolation "interpolation"
        KeywordArgument "keyword_argument"
        KeywordPattern "keyword_pattern"
        KeywordSeparator "keyword_separator"
        LambdaParameters "lambda_parameters"
        ListPattern "list_pattern"
        ListSplatPattern "list_splat_pattern"
        MemberType "member_type"
        Module "module"
        Pair "pair"
        Parameters "parameters"
        PositionalSeparator "positional_separator"
        RelativeImport "relative_import"
        SplatPattern "splat_pattern"
        SplatType "splat_type"
        StringContent "string_content"
        StringStart "string_start"
        TuplePattern "tuple_pattern"
        Type "type"
        TypeConversion "type_conversion"
        TypeParameter "type_parameter"
        TypedDefaultParameter "typed_default_parameter"
        TypedParameter "typed_parameter"
        UnionPattern "union_pattern"
        UnionType "union_type"
        WildcardImport "wildcard_import"
        WithClause "with_clause"
        WithItem "with_item"
    }
}

/// The named kinds that nothing looks at, with the reason.
#[cfg(test)]
const NOT_LOWERED: &[&str] = &[
    // Without meaning.
    "comment",
    "line_continuation",
    // Escapes are resolved from the text of the string's content, which is one pass instead of one
    // node per escape.
    "escape_sequence",
    "escape_interpolation",
    // The quotes at the end say nothing that those at the start did not.
    "string_end",
];

macro_rules! fields {
    ($($field:ident)*) => {
        /// The numbers of the fields; 0, which is no field, for one that the grammar lacks.
        #[derive(Debug)]
        pub(crate) struct Fields {
            $(#[doc = stringify!($field)] pub(crate) $field: u16,)*
        }

        impl Fields {
            fn of(language: &Language) -> Self {
                Fields {
                    $($field: language.field_id_for_name(stringify!($field)).map_or(0, Into::into),)*
                }
            }

            #[cfg(test)]
            fn all(&self) -> Vec<u16> {
                vec![$(self.$field),*]
            }
        }
    };
}

fields! {
    alias alternative argument arguments attribute body condition consequence definition expression
    format_specifier function guard key left module_name name object operator parameters
    return_type right subject subscript superclasses type_conversion value
    cause
}

/// What the lowering looks up in the grammar.
#[derive(Debug)]
pub(crate) struct Tables {
    kinds: Vec<Kind>,
    /// The fields.
    pub(crate) fields: Fields,
    /// The field `type`, whose name is a Rust keyword.
    pub(crate) type_field: u16,
}

impl Tables {
    /// The tables, made on first use.
    pub(crate) fn get() -> &'static Tables {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| Tables::of(&language()))
    }

    /// The kind with this number.
    pub(crate) fn kind(&self, id: u16) -> Kind {
        self.kinds.get(usize::from(id)).copied().unwrap_or(Kind::Other)
    }

    fn of(language: &Language) -> Self {
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let kinds = (0..count)
            .map(|id| {
                let named = language.node_kind_is_named(id) && language.node_kind_is_visible(id);
                let text = language.node_kind_for_id(id).filter(|_| named);
                text.and_then(kind_of).unwrap_or(Kind::Other)
            })
            .collect();
        let type_field = language.field_id_for_name("type").map_or(0, Into::into);
        Tables { kinds, fields: Fields::of(language), type_field }
    }
}

/// The grammar.
pub(crate) fn language() -> Language {
    tree_sitter_python::LANGUAGE.into()
}

fn kind_of(text: &str) -> Option<Kind> {
    KINDS.iter().find(|(kind, _)| *kind == text).map(|(_, kind)| *kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_kind_of_the_grammar_is_lowered_or_listed() {
        let language = language();
        for id in 0..u16::try_from(language.node_kind_count()).unwrap() {
            if language.node_kind_is_named(id)
                && language.node_kind_is_visible(id)
                && !language.node_kind_is_supertype(id)
            {
                let text = language.node_kind_for_id(id).unwrap();
                let known = kind_of(text).is_some();
                assert!(known != NOT_LOWERED.contains(&text), "node kind {text}");
            }
        }
    }

    #[test]
    fn every_kind_and_field_of_the_tables_is_in_the_grammar() {
        let language = language();
        for (text, _) in KINDS {
            assert_ne!(language.id_for_node_kind(text, true), 0, "node kind {text}");
        }
        for text in NOT_LOWERED {
            assert_ne!(language.id_for_node_kind(text, true), 0, "node kind {text}");
        }
        assert!(Tables::get().fields.all().iter().all(|&id| id != 0));
        assert_ne!(Tables::get().type_field, 0);
    }

    #[test]
    fn every_kind_occurs_in_a_fixture() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
        let mut seen = std::collections::BTreeSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let tree = crate::parse::parse(&source).unwrap();
            let mut cursor = tree.walk();
            'tree: loop {
                seen.insert(cursor.node().kind().to_owned());
                if cursor.goto_first_child() {
                    continue;
                }
                while !cursor.goto_next_sibling() {
                    if !cursor.goto_parent() {
                        break 'tree;
                    }
                }
            }
        }
        let missing: Vec<_> =
            KINDS.iter().map(|(text, _)| *text).filter(|text| !seen.contains(*text)).collect();
        assert!(missing.is_empty(), "in no fixture: {missing:?}");
    }
}
