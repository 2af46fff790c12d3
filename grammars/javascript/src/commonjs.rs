//! CommonJS modules: `require`, `module.exports`, `exports`, and what compilers make of ES modules.

use perm_infer_facts::{Arg, Block, Export, Expr, ExprId, Import, ImportId, Name, Pattern, Stmt};
use tree_sitter::Node;

use crate::kinds::{Field, Kind};
use crate::lower::{Lowerer, span};
use crate::patterns::Bind;

/// Helper functions of compilers that give a module in a form for ES imports: for the analysis the
/// module itself.
const INTEROP: &[&str] = &[
    "__importDefault",
    "__importStar",
    "__toESM",
    "_interopDefault",
    "_interopNamespace",
    "_interopRequireDefault",
    "_interopRequireWildcard",
];

impl Lowerer<'_> {
    /// `module.exports`, where `module` is Node's.
    pub(crate) fn is_module_exports(&mut self, node: Node<'_>) -> bool {
        self.kind(node) == Kind::MemberExpression
            && self.field(node, Field::Property).is_some_and(|property| self.text(property) == "exports")
            && self.field(node, Field::Object).is_some_and(|object| self.text(object) == "module")
            && self.is_unbound("module")
    }

    /// The object of this module's exports: `exports` or `module.exports`.
    fn is_exports(&mut self, node: Node<'_>) -> bool {
        self.is_module_exports(node)
            || self.kind(node) == Kind::Identifier
                && self.text(node) == "exports"
                && self.is_unbound("exports")
    }

    /// What an assignment target exports: `Some(None)` for the whole module.
    fn export_target(&mut self, node: Node<'_>) -> Option<Option<Name>> {
        if self.is_module_exports(node) {
            return Some(None);
        }
        let object = match self.kind(node) {
            Kind::MemberExpression | Kind::SubscriptExpression => self.field(node, Field::Object)?,
            _ => return None,
        };
        if !self.is_exports(object) {
            return None;
        }
        match self.field(node, Field::Property) {
            Some(property) => Some(Some(self.intern(property))),
            None => {
                let index = self.field(node, Field::Index)?;
                let text = self.constant_string(index)?;
                Some(Some(self.b.intern(&text)))
            }
        }
    }

    /// Sorts one target of an assignment into plain targets and exports.
    pub(crate) fn store_target(
        &mut self,
        node: Node<'_>,
        targets: &mut Vec<Pattern>,
        exports: &mut Vec<Option<Name>>,
    ) {
        let node = self.unwrap_parentheses(node);
        if let Some(export) = self.export_target(node) {
            exports.push(export);
        } else if !self.is_exports(node) {
            // Assigning the name `exports` itself exports nothing.
            targets.push(self.pattern(node, Bind::Assign));
        }
    }

    /// Whether a call is `require("m")` or `import("m")`.
    pub(crate) fn is_module_call(&mut self, node: Node<'_>) -> bool {
        self.module_specifier(node).is_some()
    }

    /// `require("m")` or `import("m")` as the module.
    pub(crate) fn module_call(&mut self, node: Node<'_>) -> Option<ExprId> {
        let import = self.import_of_call(node)?;
        Some(self.add(Expr::Module(import), node))
    }

    fn import_of_call(&mut self, node: Node<'_>) -> Option<ImportId> {
        let specifier = self.module_specifier(node)?;
        let specifier = self.b.intern(&specifier);
        let bindings = Vec::new();
        Some(self.b.import(Import { specifier, bindings, type_only: false, span: span(node) }))
    }

    fn module_specifier(&mut self, node: Node<'_>) -> Option<String> {
        if self.kind(node) != Kind::CallExpression {
            return None;
        }
        let function = self.field(node, Field::Function)?;
        let loads = match self.kind(function) {
            Kind::Import => true,
            Kind::Identifier if self.text(function) == "require" => {
                self.makes_require || self.is_unbound("require")
            }
            _ => false,
        };
        if !loads {
            return None;
        }
        let specifier = self.child(self.field(node, Field::Arguments)?)?;
        self.constant_string(specifier)
    }

    /// Notes `const require = createRequire(...)`, after which `require` loads modules as ever.
    pub(crate) fn note_made_require(&mut self, target: Node<'_>, value: Node<'_>) {
        if self.text(target) == "require"
            && self
                .field(value, Field::Function)
                .is_some_and(|function| self.text(function).ends_with("createRequire"))
        {
            self.makes_require = true;
        }
    }

    /// A call of a compiler's helper around a module is the module.
    pub(crate) fn interop_call(&self, callee: ExprId, args: &[Arg]) -> Option<ExprId> {
        let name = match self.b.get(callee) {
            Expr::Global(name) | Expr::Attr { name, .. } => *name,
            _ => return None,
        };
        let module = args.first()?.value;
        (INTEROP.contains(&self.b.text(name)) && matches!(self.b.get(module), Expr::Module(_)))
            .then_some(module)
    }

    /// Calls that stand for exports. Gives false, and adds nothing, for others.
    pub(crate) fn common_js_call(&mut self, node: Node<'_>, out: &mut Block) -> bool {
        let Some(function) = self.field(node, Field::Function) else { return false };
        let Some(arguments) = self.field(node, Field::Arguments) else { return false };
        let name = self.text(function);
        if name == "Object.defineProperty" {
            return self.define_export(arguments, node, out);
        }
        if matches!(name.rsplit('.').next(), Some("__exportStar" | "__export")) {
            return self.export_star(arguments, node, out);
        }
        false
    }

    /// `Object.defineProperty(exports, "a", { get: function () { return m.a; } })`
    fn define_export(&mut self, arguments: Node<'_>, node: Node<'_>, out: &mut Block) -> bool {
        let arguments = self.children(arguments);
        let [object, name, descriptor] = arguments[..] else { return false };
        if !self.is_exports(object) {
            return false;
        }
        let Some(name) = self.constant_string(name) else { return false };
        if name == "__esModule" {
            return true;
        }
        let Some(value) = self.described_value(descriptor) else { return false };
        let name = self.b.intern(&name);
        let value = self.named_expr(value, Some(name));
        out.push(self.add_stmt(Stmt::Export { name: Some(name), value }, node));
        true
    }

    /// The value of a property descriptor: its `value`, or what its getter returns at once.
    fn described_value<'t>(&self, descriptor: Node<'t>) -> Option<Node<'t>> {
        self.children(descriptor).into_iter().find_map(|entry| {
            let key = self.field(entry, Field::Key).or_else(|| self.field(entry, Field::Name))?;
            match (self.kind(entry), self.text(key)) {
                (Kind::Pair, "value") => self.field(entry, Field::Value),
                (Kind::Pair, "get") => self.returned_value(self.field(entry, Field::Value)?),
                (Kind::MethodDefinition, "get") => self.returned_value(entry),
                _ => None,
            }
        })
    }

    /// The expression of a function that does nothing but return it.
    fn returned_value<'t>(&self, function: Node<'t>) -> Option<Node<'t>> {
        let body = self.field(function, Field::Body)?;
        if self.kind(body) != Kind::StatementBlock {
            return Some(body);
        }
        match self.children(body)[..] {
            [only] if self.kind(only) == Kind::ReturnStatement => self.child(only),
            _ => None,
        }
    }

    /// `__exportStar(require("m"), exports)`
    fn export_star(&mut self, arguments: Node<'_>, node: Node<'_>, out: &mut Block) -> bool {
        let Some(module) = self.child(arguments) else { return false };
        let Some(import) = self.import_of_call(module) else { return false };
        out.push(self.add_stmt(Stmt::Import(import), node));
        self.b.export(Export::Star(import));
        true
    }

    /// An assignment as a statement.
    pub(crate) fn assignment_statement(&mut self, node: Node<'_>, out: &mut Block) {
        self.store(Vec::new(), None, node, node, out);
    }
}
