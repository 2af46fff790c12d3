//! Changes to Python source.

use std::collections::{BTreeMap, BTreeSet};

use tree_sitter::{Node, Parser, Tree};

use super::{Edit, Mutated, Mutation, applied, children, reversed};

/// The source after a change; nothing when there is no place for it. `stem` is the module's name.
pub(super) fn mutate(mutation: Mutation, stem: &str, source: &str) -> Option<Mutated> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into()).ok()?;
    let tree = parser.parse(source, None)?;
    if tree.root_node().has_error() {
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
        Mutation::MoveToModules => module.move_to_modules(stem, &mut modules),
    };
    (!edits.is_empty()).then(|| Mutated { source: applied(source, edits), modules })
}

/// How an identifier is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// Read as a variable.
    Read,
    /// Bound by an assignment, a loop, a `with` or a comprehension.
    Bound,
    /// Bound by a parameter, a definition, an import, or named by `global`: not to be touched.
    Fixed,
    /// The name of an attribute or of a keyword argument: no variable.
    Other,
}

pub(super) struct Module<'t> {
    pub(super) source: &'t str,
    root: Node<'t>,
    /// Every identifier with its use.
    pub(super) identifiers: Vec<(Node<'t>, Use)>,
}

impl<'t> Module<'t> {
    pub(super) fn new(tree: &'t Tree, source: &'t str) -> Self {
        let root = tree.root_node();
        let mut identifiers = Vec::new();
        let mut cursor = root.walk();
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if node.kind() == "identifier" {
                identifiers.push((node, use_of(node)));
            }
            pending.extend(node.children(&mut cursor));
        }
        identifiers.sort_by_key(|(node, _)| node.start_byte());
        Module { source, root, identifiers }
    }

    pub(super) fn text(&self, node: Node<'_>) -> &'t str {
        &self.source[node.byte_range()]
    }

    /// The identifiers in a function, with its own name.
    pub(super) fn identifiers_in(&self, function: Node<'t>) -> impl Iterator<Item = (Node<'t>, Use)> + '_ {
        let inside = move |node: &Node<'t>| function.byte_range().contains(&node.start_byte());
        self.identifiers.iter().copied().filter(move |(node, _)| inside(node))
    }

    /// The undecorated functions of the module's top level whose name nothing else binds, in order.
    pub(super) fn functions(&self) -> Vec<(&'t str, Node<'t>)> {
        let mut bound: BTreeMap<&str, usize> = BTreeMap::new();
        for (node, used) in &self.identifiers {
            if matches!(used, Use::Bound | Use::Fixed) {
                *bound.entry(self.text(*node)).or_default() += 1;
            }
        }
        let functions = children(self.root).into_iter().filter(|node| node.kind() == "function_definition");
        functions
            .filter_map(|node| Some((self.text(node.child_by_field_name("name")?), node)))
            .filter(|(name, _)| bound.get(name) == Some(&1) && !name.starts_with("__"))
            .collect()
    }

    /// Whether lines can be moved to another depth, and nothing depends on where it stands.
    pub(super) fn is_movable(&self, function: Node<'t>) -> bool {
        let text = self.text(function);
        let multiline =
            |node: &Node<'_>| node.kind() == "string" && node.start_position().row != node.end_position().row;
        !self.descendants(function).iter().any(multiline)
            && !["global ", "nonlocal ", "super(", "__name__", "locals(", "import "]
                .iter()
                .any(|word| text.contains(word))
    }

    pub(super) fn descendants(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut found = Vec::new();
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            found.push(node);
            pending.extend(children(node));
        }
        found
    }

    pub(super) fn params(&self, function: Node<'t>) -> Vec<Node<'t>> {
        function.child_by_field_name("parameters").map(|params| children(params)).unwrap_or_default()
    }

    /// Renames what one function assigns and nothing else in the file names.
    fn rename_locals(&self) -> Vec<Edit> {
        let mut by_name: BTreeMap<&str, Vec<(Node<'t>, Use)>> = BTreeMap::new();
        for (node, used) in &self.identifiers {
            by_name.entry(self.text(*node)).or_default().push((*node, *used));
        }
        let mut edits = Vec::new();
        for (name, uses) in by_name {
            let owner = uses.first().and_then(|(node, _)| outermost_function(*node));
            let in_function = owner.is_some_and(|owner| owner.kind() != "class_definition");
            let in_class = |(node, _): &(Node<'t>, Use)| {
                scope_of(*node).is_some_and(|scope| scope.kind() == "class_definition")
            };
            let is_local = in_function
                && !uses.iter().any(in_class)
                && uses.iter().all(|(node, _)| outermost_function(*node) == owner)
                && uses.iter().all(|(_, used)| matches!(used, Use::Read | Use::Bound))
                && uses.iter().any(|(_, used)| *used == Use::Bound);
            if is_local {
                edits.extend(uses.iter().map(|(node, _)| (node.byte_range(), format!("{name}_renamed"))));
            }
        }
        edits
    }

    fn reverse_functions(&self) -> Vec<Edit> {
        let mut runs: Vec<Vec<Node<'t>>> = vec![Vec::new()];
        for node in children(self.root) {
            let plain = node.kind() == "function_definition" && !self.text(node).contains("=boto3");
            let defaults = self.params(node).iter().any(|param| param.kind().contains("default"));
            match runs.last_mut() {
                Some(run) if plain && !defaults => run.push(node),
                _ => runs.push(Vec::new()),
            }
        }
        let mut edits = Vec::new();
        for run in runs.iter().filter(|run| run.len() > 1) {
            let names: BTreeSet<Option<&str>> =
                run.iter().map(|node| node.child_by_field_name("name").map(|name| self.text(name))).collect();
            if names.len() == run.len() {
                edits.extend(reversed(self.source, run));
            }
        }
        edits
    }

    fn extract_bodies(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (name, function) in self.functions() {
            let simple = self.params(function).iter().all(|param| param.kind() == "identifier");
            let is_async = self.text(function).starts_with("async");
            if let (true, false, Some(node)) = (simple, is_async, function.child_by_field_name("name")) {
                edits.push((node.byte_range(), format!("{name}_body")));
                let forward =
                    format!("\n\n\ndef {name}(*args, **kwargs):\n    return {name}_body(*args, **kwargs)");
                edits.push((function.end_byte()..function.end_byte(), forward));
            }
        }
        edits
    }

    fn wrap_in_classes(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (name, function) in
            self.functions().into_iter().filter(|(_, function)| self.is_movable(*function))
        {
            let class = format!("Holder_{name}");
            let indented: Vec<String> = self
                .text(function)
                .lines()
                .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
                .collect();
            let text = format!(
                "class {class}:\n    @staticmethod\n{}\n\n\n{name} = {class}.{name}",
                indented.join("\n")
            );
            edits.push((function.byte_range(), text));
        }
        edits
    }

    fn move_to_modules(&self, stem: &str, modules: &mut Vec<(String, String)>) -> Vec<Edit> {
        let tops = children(self.root);
        let imports: Vec<&str> = tops
            .iter()
            .filter(|node| {
                matches!(
                    node.kind(),
                    "import_statement" | "import_from_statement" | "future_import_statement"
                )
            })
            .map(|node| self.text(*node))
            .collect();
        if imports.iter().any(|import| import.starts_with("from .") || import.contains('*')) {
            return Vec::new();
        }
        let own = self.module_names();
        let mut edits = Vec::new();
        for (name, function) in
            self.functions().into_iter().filter(|(_, function)| self.is_movable(*function))
        {
            let inside = |node: &Node<'_>| function.byte_range().contains(&node.start_byte());
            let alone = self
                .identifiers
                .iter()
                .filter(|(node, used)| inside(node) && *used != Use::Other && self.text(*node) != name)
                .all(|(node, _)| !own.contains(self.text(*node)));
            let recursive = self
                .identifiers
                .iter()
                .any(|(node, used)| inside(node) && *used == Use::Read && self.text(*node) == name);
            let named_in_text = |node: &Node<'_>| {
                node.kind() == "string" && node.parent().is_some_and(|parent| parent.kind() == "type")
            };
            let typed_by_text = self.descendants(function).iter().any(named_in_text);
            if alone && !recursive && !typed_by_text {
                let module = format!("moved_{stem}_{name}");
                edits.push((function.byte_range(), format!("from {module} import {name}")));
                modules.push((
                    format!("{module}.py"),
                    format!("{}\n\n\n{}\n", imports.join("\n"), self.text(function)),
                ));
            }
        }
        edits
    }

    /// Names that the module's top level binds other than by plain imports.
    fn module_names(&self) -> BTreeSet<&'t str> {
        let by_import = |node: Node<'_>| {
            let top = top_statement(node);
            top.is_some_and(|top| top.kind().contains("import"))
        };
        let of_module = self.identifiers.iter().filter(|(node, used)| {
            let is_name =
                node.parent().is_some_and(|parent| parent.child_by_field_name("name") == Some(*node));
            let around = if is_name { node.parent().and_then(|parent| parent.parent()) } else { Some(*node) };
            matches!(used, Use::Bound | Use::Fixed)
                && around.is_some_and(|around| outermost_function(around).is_none())
                && !by_import(*node)
        });
        of_module.map(|(node, _)| self.text(*node)).collect()
    }
}

fn top_statement(node: Node<'_>) -> Option<Node<'_>> {
    std::iter::successors(Some(node), |node| node.parent())
        .find(|node| node.parent().is_some_and(|parent| parent.kind() == "module"))
}

/// The outermost function or lambda around a node, the node itself not counted as inside its own name.
pub(super) fn outermost_function(node: Node<'_>) -> Option<Node<'_>> {
    std::iter::successors(node.parent(), |node| node.parent())
        .filter(|around| matches!(around.kind(), "function_definition" | "lambda" | "class_definition"))
        .last()
        .filter(|around| around.child_by_field_name("name") != Some(node))
}

/// The innermost function, lambda or class around a node.
fn scope_of(node: Node<'_>) -> Option<Node<'_>> {
    std::iter::successors(node.parent(), |node| node.parent())
        .find(|around| matches!(around.kind(), "function_definition" | "lambda" | "class_definition"))
}

fn use_of(node: Node<'_>) -> Use {
    let Some(parent) = node.parent() else { return Use::Read };
    let is_field = |name: &str| parent.child_by_field_name(name) == Some(node);
    match parent.kind() {
        "attribute" if is_field("attribute") => Use::Other,
        "keyword_argument" if is_field("name") => Use::Other,
        "function_definition" | "class_definition" if is_field("name") => Use::Fixed,
        "parameters"
        | "lambda_parameters"
        | "typed_parameter"
        | "list_splat_pattern"
        | "dictionary_splat_pattern" => Use::Fixed,
        "default_parameter" | "typed_default_parameter" if is_field("name") => Use::Fixed,
        "global_statement"
        | "nonlocal_statement"
        | "dotted_name"
        | "aliased_import"
        | "import_from_statement" => Use::Fixed,
        "assignment" | "augmented_assignment" | "for_statement" | "for_in_clause" if is_field("left") => {
            Use::Bound
        }
        "named_expression" if is_field("name") => Use::Bound,
        "as_pattern_target" => Use::Bound,
        "pattern_list" | "tuple_pattern" | "list_pattern" => Use::Bound,
        // Names in patterns of `match`, types and the like.
        kind if kind.contains("pattern") || kind == "type" || kind == "type_parameter" => Use::Fixed,
        _ => Use::Read,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mutation;
    use super::mutate;

    fn source(mutation: Mutation, source: &str) -> String {
        mutate(mutation, "app", source).map_or_else(String::new, |mutated| mutated.source)
    }

    #[test]
    fn locals_are_renamed_everywhere_and_parameters_nowhere() {
        let text = "def f(a):\n    b = a.b\n    return g(b=b, c=[c for c in b])\n";
        let renamed = "def f(a):\n    b = a.b\n    return g(b=b, c=[c for c in b])\n";
        assert_ne!(source(Mutation::RenameLocals, "def f(a):\n    x = a\n    return x\n"), "");
        assert_eq!(
            source(Mutation::RenameLocals, "def f(a):\n    x = a\n    return h(x)\n"),
            "def f(a):\n    x_renamed = a\n    return h(x_renamed)\n"
        );
        // `b` and `c` are names of arguments and attributes too.
        assert_eq!(source(Mutation::RenameLocals, text), "");
        assert_eq!(text, renamed);
    }

    #[test]
    fn functions_swap_places() {
        assert_eq!(
            source(Mutation::ReverseFunctions, "def f():\n    pass\n\ndef g():\n    pass\n"),
            "def g():\n    pass\n\ndef f():\n    pass\n"
        );
        assert_eq!(
            source(Mutation::ReverseFunctions, "def f():\n    pass\n\nx = f()\n\ndef g():\n    pass\n"),
            ""
        );
    }

    #[test]
    fn a_function_moves_only_without_names_of_its_module() {
        let moved =
            mutate(Mutation::MoveToModules, "app", "import os\n\ndef f(a):\n    return os.getenv(a)\n");
        let moved = moved.expect("a function to move");
        assert_eq!(moved.source, "import os\n\nfrom moved_app_f import f\n");
        assert_eq!(moved.modules[0].1, "import os\n\n\ndef f(a):\n    return os.getenv(a)\n");
        assert_eq!(source(Mutation::MoveToModules, "x = 1\n\ndef f():\n    return x\n"), "");
    }
}
