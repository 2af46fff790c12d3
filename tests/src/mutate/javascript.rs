//! Changes to JavaScript and TypeScript source. Functions are what the top level of a module declares or
//! exports: `function f() {}`, `const f = () => {}`, `exports.f = () => {}`, with or without `export`.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::{Language, Node, Parser, Tree};

use super::{Edit, Mutated, Mutation, applied, children, reversed};

/// The source after a change; nothing when there is no place for it, and for other files.
pub(super) fn mutate(mutation: Mutation, stem: &str, extension: &str, source: &str) -> Option<Mutated> {
    let mut parser = Parser::new();
    parser.set_language(&grammar(extension)?).ok()?;
    let tree = parser.parse(source, None)?;
    // Comments that state resources stay where they are.
    if tree.root_node().has_error() || source.contains("perm-infer:") {
        return None;
    }
    let module = Module::new(&tree, source);
    let mut modules = Vec::new();
    let edits = match mutation {
        Mutation::RenameLocals => module.rename_locals(),
        Mutation::ReverseFunctions => module.reverse_functions(),
        Mutation::ExtractBody => module.extract_bodies(),
        // It is made by `inline`.
        Mutation::InlineHelpers => Vec::new(),
        Mutation::WrapInClasses => module.wrap_in_classes(),
        Mutation::MoveToModules => module.move_to_modules(stem, extension, &mut modules),
    };
    (!edits.is_empty()).then(|| Mutated { source: applied(source, edits), modules })
}

/// The grammar of files with an ending.
pub(super) fn grammar(extension: &str) -> Option<Language> {
    match extension {
        "ts" | "mts" | "cts" => Some(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
        "js" | "mjs" | "cjs" | "jsx" | "tsx" => Some(tree_sitter_typescript::LANGUAGE_TSX.into()),
        _ => None,
    }
}

/// How an identifier is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Read as a variable, or assigned.
    Read,
    /// Declared by `const`, `let` or `var` as a name of its own.
    Bound,
    /// Bound in another way: a parameter, a definition, an import, a pattern.
    Fixed,
}

/// How a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `function f() {}`
    Declaration,
    /// `const f = () => {}`
    Constant,
    /// `exports.f = () => {}`
    Export,
}

/// A function of the module's top level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function<'t> {
    pub(super) name: &'t str,
    pub(super) form: Form,
    /// The whole statement, with its `export`.
    pub(super) statement: Node<'t>,
    /// The statement without `export`.
    inner: Node<'t>,
    /// The declaration, arrow function or function expression.
    pub(super) node: Node<'t>,
    pub(super) is_exported: bool,
}

pub(super) struct Module<'t> {
    pub(super) source: &'t str,
    root: Node<'t>,
    /// Every identifier with its use.
    pub(super) identifiers: Vec<(Node<'t>, Use)>,
    /// Names that stand for a property and a variable at once: `{ name }`.
    shorthands: BTreeSet<&'t str>,
}

impl<'t> Module<'t> {
    pub(super) fn new(tree: &'t Tree, source: &'t str) -> Self {
        let root = tree.root_node();
        let mut identifiers = Vec::new();
        let mut shorthands = BTreeSet::new();
        for node in descendants(root) {
            match node.kind() {
                "identifier" => identifiers.push((node, use_of(node))),
                "shorthand_property_identifier" => {
                    identifiers.push((node, Use::Read));
                    shorthands.insert(&source[node.byte_range()]);
                }
                "shorthand_property_identifier_pattern" => {
                    identifiers.push((node, Use::Fixed));
                    shorthands.insert(&source[node.byte_range()]);
                }
                _ => {}
            }
        }
        identifiers.sort_by_key(|(node, _)| node.start_byte());
        Module { source, root, identifiers, shorthands }
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'t str {
        &self.source[node.byte_range()]
    }

    /// The identifiers in a function, with its own name.
    pub(super) fn identifiers_in(&self, function: Node<'t>) -> impl Iterator<Item = (Node<'t>, Use)> + '_ {
        let inside = move |node: &Node<'t>| function.byte_range().contains(&node.start_byte());
        self.identifiers.iter().copied().filter(move |(node, _)| inside(node))
    }

    /// The functions of the top level whose name nothing else binds, in order.
    pub(super) fn functions(&self) -> Vec<Function<'t>> {
        let mut bound: BTreeMap<&str, usize> = BTreeMap::new();
        for (node, _) in self.identifiers.iter().filter(|(_, used)| *used != Use::Read) {
            *bound.entry(self.text(*node)).or_default() += 1;
        }
        let all = children(self.root).into_iter().filter_map(|statement| self.function(statement));
        all.filter(|function| {
            let once = bound.get(function.name).copied().unwrap_or_default();
            let is_assigned = function.form == Form::Export;
            once == usize::from(!is_assigned) && !self.text(function.node).contains("super")
        })
        .collect()
    }

    fn function(&self, statement: Node<'t>) -> Option<Function<'t>> {
        let is_exported = statement.kind() == "export_statement";
        if is_exported && (self.text(statement).starts_with("export default") || has_decorator(statement)) {
            return None;
        }
        let inner = if is_exported { statement.child_by_field_name("declaration")? } else { statement };
        let found = |name, form, node| Function { name, form, statement, inner, node, is_exported };
        match inner.kind() {
            "function_declaration" => {
                Some(found(self.text(inner.child_by_field_name("name")?), Form::Declaration, inner))
            }
            "lexical_declaration" => {
                let declarators = children(inner);
                let [only] = declarators.as_slice() else { return None };
                let name = only.child_by_field_name("name")?;
                let value = only.child_by_field_name("value").filter(|value| is_function(*value))?;
                // A stated type of the variable says what the parameters are.
                let untyped = only.child_by_field_name("type").is_none();
                (name.kind() == "identifier" && untyped && self.text(inner).starts_with("const"))
                    .then(|| found(self.text(name), Form::Constant, value))
            }
            "expression_statement" => {
                let assignment =
                    inner.named_child(0).filter(|node| node.kind() == "assignment_expression")?;
                let left = assignment.child_by_field_name("left")?;
                let right = assignment.child_by_field_name("right").filter(|value| is_function(*value))?;
                let name = ["exports.", "module.exports."]
                    .iter()
                    .find_map(|start| self.text(left).strip_prefix(start))
                    .filter(|name| !name.contains('.'))?;
                Some(found(name, Form::Export, right))
            }
            _ => None,
        }
    }

    /// Whether nothing in the function depends on how it is written and called.
    pub(super) fn is_plain(&self, function: &Function<'t>) -> bool {
        let depends = |node: &Node<'t>| matches!(node.kind(), "this" | "super" | "meta_property");
        !descendants(function.node).iter().any(depends)
            && !self.text(function.node).contains("arguments")
            && !self.text(function.node).contains("import(")
            && self.text(function.node).split('{').next().is_some_and(|head| !head.contains("function*"))
    }

    /// Whether the module's top level uses a name before a place.
    fn is_used_before(&self, name: &str, place: usize) -> bool {
        self.identifiers.iter().any(|(node, used)| {
            *used == Use::Read
                && node.start_byte() < place
                && self.text(*node) == name
                && outermost_function(*node).is_none()
        })
    }

    fn rename_locals(&self) -> Vec<Edit> {
        let mut by_name: BTreeMap<&str, Vec<(Node<'t>, Use)>> = BTreeMap::new();
        for (node, used) in &self.identifiers {
            by_name.entry(self.text(*node)).or_default().push((*node, *used));
        }
        let mut edits = Vec::new();
        for (name, uses) in by_name {
            let owner = uses.first().and_then(|(node, _)| outermost_function(*node));
            let is_local = owner.is_some_and(|owner| !owner.kind().starts_with("class"))
                && !self.shorthands.contains(name)
                && uses.iter().all(|(node, used)| outermost_function(*node) == owner && *used != Use::Fixed)
                && uses.iter().any(|(_, used)| *used == Use::Bound);
            if is_local {
                edits.extend(uses.iter().map(|(node, _)| (node.byte_range(), format!("{name}Renamed"))));
            }
        }
        edits
    }

    /// Swaps functions that stand together: neither order runs anything.
    fn reverse_functions(&self) -> Vec<Edit> {
        let functions = self.functions();
        let is_movable = |statement: &Node<'t>| {
            functions.iter().any(|function| {
                function.statement == *statement
                    && function.form != Form::Export
                    && !self.is_used_before(function.name, function.statement.start_byte())
            })
        };
        let mut runs: Vec<Vec<Node<'t>>> = vec![Vec::new()];
        for statement in children(self.root).into_iter().filter(|node| node.kind() != "comment") {
            match runs.last_mut() {
                Some(run) if is_movable(&statement) => run.push(statement),
                _ => runs.push(Vec::new()),
            }
        }
        runs.iter().flat_map(|run| reversed(self.source, run)).collect()
    }

    /// What a function is replaced by: other code, then the name that the module had before.
    fn replaced(&self, function: &Function<'t>, code: &str, by: &str) -> Edit {
        let end = match (function.form, function.is_exported) {
            (Form::Export, _) => format!("exports.{} = {by};", function.name),
            (_, true) => format!("export const {} = {by};", function.name),
            (_, false) => format!("const {} = {by};", function.name),
        };
        (function.statement.byte_range(), format!("{code}\n\n{end}"))
    }

    fn extract_bodies(&self) -> Vec<Edit> {
        let plain = self.functions().into_iter().filter(|function| self.is_plain(function));
        let usable =
            plain.filter(|function| !self.is_used_before(function.name, function.statement.end_byte()));
        usable
            .map(|function| {
                let body = format!("{}Body", function.name);
                let code = match function.form {
                    Form::Declaration => self.renamed(&function, &body),
                    _ => format!("const {body} = {};", self.text(function.node)),
                };
                self.replaced(&function, &code, &format!("(...args) => {body}(...args)"))
            })
            .collect()
    }

    /// The text of a declaration with another name.
    fn renamed(&self, function: &Function<'t>, name: &str) -> String {
        let range = function.inner.byte_range();
        let own = function
            .node
            .child_by_field_name("name")
            .map_or(range.start..range.start, |own| own.byte_range());
        format!("{}{name}{}", &self.source[range.start..own.start], &self.source[own.end..range.end])
    }

    fn wrap_in_classes(&self) -> Vec<Edit> {
        let plain = self.functions().into_iter().filter(|function| self.is_plain(function));
        let usable =
            plain.filter(|function| !self.is_used_before(function.name, function.statement.end_byte()));
        usable
            .map(|function| {
                let class = format!("Holder{}", function.name);
                let member = match function.form {
                    Form::Declaration => {
                        format!("static {}", self.text(function.inner).replacen("function ", "", 1))
                    }
                    _ => format!("static {} = {};", function.name, self.text(function.node)),
                };
                let code = format!("class {class} {{\n  {member}\n}}");
                self.replaced(&function, &code, &format!("{class}.{}", function.name))
            })
            .collect()
    }

    fn move_to_modules(&self, stem: &str, extension: &str, modules: &mut Vec<(String, String)>) -> Vec<Edit> {
        let imports = self.imports();
        let is_esm = children(self.root)
            .iter()
            .any(|node| matches!(node.kind(), "import_statement" | "export_statement"));
        let imported: Vec<&str> = imports.iter().map(|node| self.text(*node)).collect();
        let own = self.module_names(&imports);
        let mut edits = Vec::new();
        for function in self.functions().into_iter().filter(|function| self.is_plain(function)) {
            let inside = |node: &Node<'_>| function.node.byte_range().contains(&node.start_byte());
            let mut names =
                self.identifiers.iter().filter(|(node, _)| inside(node)).map(|(node, _)| self.text(*node));
            let alone = names.all(|name| name == function.name || !own.contains(name));
            let types_alone = descendants(function.node)
                .iter()
                .filter(|node| node.kind() == "type_identifier")
                .all(|node| !own.contains(self.text(*node)));
            let is_used = self.is_used_before(function.name, function.statement.end_byte());
            if !alone || !types_alone || is_used || function.form == Form::Export {
                continue;
            }
            let name = function.name;
            let module = format!("moved-{stem}-{name}");
            let ending = if matches!(extension, "ts" | "tsx" | "mts" | "cts") {
                String::new()
            } else {
                format!(".{extension}")
            };
            let code = self.text(function.inner);
            let (exported, import) = if is_esm {
                let again =
                    if function.is_exported { format!("\nexport {{ {name} }};") } else { String::new() };
                (format!("export {code}"), format!("import {{ {name} }} from './{module}{ending}';{again}"))
            } else {
                (
                    format!("{code}\n\nmodule.exports = {{ {name} }};"),
                    format!("const {{ {name} }} = require('./{module}{ending}');"),
                )
            };
            edits.push((function.statement.byte_range(), import));
            modules
                .push((format!("{module}.{extension}"), format!("{}\n\n{exported}\n", imported.join("\n"))));
        }
        edits
    }

    /// Imports, and declarations of nothing but what `require` gives.
    fn imports(&self) -> Vec<Node<'t>> {
        let is_require = |value: Node<'t>| {
            value.kind() == "call_expression" && self.text(value).starts_with("require(") && {
                let arguments = value.child_by_field_name("arguments");
                arguments
                    .and_then(|arguments| arguments.named_child(0))
                    .is_some_and(|only| only.kind() == "string")
            }
        };
        let requires = |statement: &Node<'t>| {
            statement.kind() == "lexical_declaration"
                && children(*statement)
                    .iter()
                    .all(|one| one.child_by_field_name("value").is_some_and(is_require))
        };
        let all = children(self.root).into_iter();
        all.filter(|node| node.kind() == "import_statement" || requires(node)).collect()
    }

    /// Names that the module's top level binds other than by imports.
    fn module_names(&self, imports: &[Node<'t>]) -> BTreeSet<&'t str> {
        let imported =
            |node: &Node<'_>| imports.iter().any(|import| import.byte_range().contains(&node.start_byte()));
        let mut names: BTreeSet<&str> = self
            .identifiers
            .iter()
            .filter(|(node, used)| {
                *used != Use::Read
                    && outermost_function(*node).is_none_or(|around| names(around, *node))
                    && !imported(node)
            })
            .map(|(node, _)| self.text(*node))
            .collect();
        let types = descendants(self.root).into_iter().filter(|node| {
            node.kind() == "type_identifier"
                && node.parent().is_some_and(|parent| names_type(parent, *node))
                && !imported(node)
        });
        names.extend(types.map(|node| self.text(node)));
        names
    }
}

pub(super) fn descendants(node: Node<'_>) -> Vec<Node<'_>> {
    let mut found = Vec::new();
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        found.push(node);
        let mut cursor = node.walk();
        pending.extend(node.children(&mut cursor));
    }
    found
}

fn is_function(node: Node<'_>) -> bool {
    matches!(node.kind(), "arrow_function" | "function_expression")
}

fn has_decorator(node: Node<'_>) -> bool {
    children(node).iter().any(|child| child.kind() == "decorator")
}

/// Whether a node is the name of what is defined around it.
fn names(around: Node<'_>, node: Node<'_>) -> bool {
    around.child_by_field_name("name") == Some(node)
}

fn names_type(around: Node<'_>, node: Node<'_>) -> bool {
    names(around, node)
        && matches!(
            around.kind(),
            "class_declaration"
                | "abstract_class_declaration"
                | "interface_declaration"
                | "type_alias_declaration"
        )
}

/// The outermost function or class around a node, which is not that one's own name.
pub(super) fn outermost_function(node: Node<'_>) -> Option<Node<'_>> {
    let is_scope = |around: &Node<'_>| {
        matches!(
            around.kind(),
            "function_declaration"
                | "generator_function_declaration"
                | "function_expression"
                | "generator_function"
                | "arrow_function"
                | "method_definition"
                | "class_declaration"
                | "abstract_class_declaration"
                | "class"
        )
    };
    std::iter::successors(node.parent(), |node| node.parent())
        .filter(is_scope)
        .last()
        .filter(|around| !names(*around, node))
}

fn use_of(node: Node<'_>) -> Use {
    let Some(parent) = node.parent() else { return Use::Read };
    let is_field = |name: &str| parent.child_by_field_name(name) == Some(node);
    match parent.kind() {
        "variable_declarator" if is_field("name") => Use::Bound,
        "variable_declarator" | "call_expression" | "member_expression" => Use::Read,
        "required_parameter" | "optional_parameter" | "formal_parameters" => Use::Fixed,
        "arrow_function" if is_field("parameter") => Use::Fixed,
        "assignment_pattern" | "object_assignment_pattern" if is_field("left") => Use::Fixed,
        "for_in_statement" | "assignment_expression" if is_field("left") => Use::Fixed,
        "catch_clause" if is_field("parameter") => Use::Fixed,
        "rest_pattern"
        | "array_pattern"
        | "pair_pattern"
        | "import_specifier"
        | "import_clause"
        | "namespace_import"
        | "import_require_clause"
        | "export_specifier"
        | "augmented_assignment_expression"
        | "update_expression" => Use::Fixed,
        kind if is_field("name")
            && (kind.contains("declaration") || kind.contains("signature") || kind.contains("function")) =>
        {
            Use::Fixed
        }
        _ => Use::Read,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mutation;
    use super::mutate;

    fn source(mutation: Mutation, source: &str) -> String {
        mutate(mutation, "app", "js", source).map_or_else(String::new, |mutated| mutated.source)
    }

    #[test]
    fn locals_are_renamed_unless_a_property_has_their_name() {
        assert_eq!(
            source(Mutation::RenameLocals, "function f(a) { const x = a; return g(x); }"),
            "function f(a) { const xRenamed = a; return g(xRenamed); }"
        );
        assert_eq!(source(Mutation::RenameLocals, "function f(a) { const x = a; return { x }; }"), "");
        assert_eq!(source(Mutation::RenameLocals, "const x = 1;"), "");
    }

    #[test]
    fn functions_swap_places_where_nothing_runs_between_them() {
        assert_eq!(
            source(Mutation::ReverseFunctions, "const f = () => 1;\nexport function g() {}"),
            "export function g() {}\nconst f = () => 1;"
        );
        assert_eq!(source(Mutation::ReverseFunctions, "const f = () => 1;\nf();\nfunction g() {}"), "");
    }

    #[test]
    fn a_body_is_called_through_a_function_with_the_old_name() {
        assert_eq!(
            source(Mutation::ExtractBody, "exports.handler = async (event) => event.id;"),
            "const handlerBody = async (event) => event.id;\n\nexports.handler = (...args) => handlerBody(...args);"
        );
        assert_eq!(source(Mutation::ExtractBody, "run();\nfunction run() {}"), "");
    }

    #[test]
    fn a_class_holds_a_function() {
        assert_eq!(
            source(Mutation::WrapInClasses, "export async function f(a) { return a; }"),
            "class Holderf {\n  static async f(a) { return a; }\n}\n\nexport const f = Holderf.f;"
        );
        assert_eq!(source(Mutation::WrapInClasses, "function f() { return this; }"), "");
    }

    #[test]
    fn a_function_moves_only_without_names_of_its_module() {
        let text = "const fs = require('fs');\nconst f = (a) => fs.readFileSync(a);\nmodule.exports = { f };";
        let moved = mutate(Mutation::MoveToModules, "app", "js", text).expect("a function to move");
        assert_eq!(
            moved.source,
            "const fs = require('fs');\nconst { f } = require('./moved-app-f.js');\nmodule.exports = { f };"
        );
        assert_eq!(
            moved.modules[0].1,
            "const fs = require('fs');\n\nconst f = (a) => fs.readFileSync(a);\n\nmodule.exports = { f };\n"
        );
        assert_eq!(source(Mutation::MoveToModules, "const x = 1;\nconst f = () => x;"), "");
    }
}
