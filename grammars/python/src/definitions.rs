//! Functions, their parameters and decorators, and classes.

use perm_infer_facts::{
    Accessor, Binding, Block, Class, ClassId, Expr, ExprId, FuncId, Function, Member, MemberKind, Name,
    Param, ParamKind, Pattern, Receiver, ScopeKind, Stmt, VarId,
};
use tree_sitter::Node;

use crate::kinds::Kind;
use crate::lower::Lowerer;

/// Methods that Python binds to the class without a decorator ("Special method names" in the Python
/// language reference).
const IMPLICIT_CLASS_METHODS: &[&str] = &["__new__", "__init_subclass__", "__class_getitem__"];

/// A parameter whose default and type are lowered, and the node of what it binds, which belongs to
/// the scope of the function.
pub(crate) struct OpenParam<'t> {
    param: Param,
    target: Option<Node<'t>>,
}

/// What the decorators of a function say about how it is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Binds(Binding),
    /// The setter or deleter of a property: it leaves the name to the property.
    Accessor,
}

impl<'t> Lowerer<'t, '_> {
    pub(crate) fn decorated_definition(&mut self, node: Node<'t>, out: &mut Block) {
        let mut decorators = Vec::new();
        for child in self.children(node) {
            if self.kind(child) == Kind::Decorator {
                decorators.extend(self.first_child(child));
            }
        }
        let Some(definition) = self.field(node, self.fields().definition) else { return };
        match self.kind(definition) {
            Kind::ClassDefinition => self.class_definition(definition, &decorators, out),
            _ => self.function_definition(definition, &decorators, out),
        }
        if definition.has_error() {
            self.stray_children(definition, out);
        }
    }

    pub(crate) fn function_definition(&mut self, node: Node<'t>, decorators: &[Node<'t>], out: &mut Block) {
        let fields = self.fields();
        let name_node = self.field(node, fields.name);
        let text = name_node.map_or("", |name| self.text(name));
        let class = self.enclosing_class();
        let (role, decorators) = self.decorators(text, decorators, class.is_some());
        let params = self.params(self.field(node, fields.parameters));
        let returns = self.field(node, fields.return_type).map(|ty| self.ty(ty));
        let name = self.name_of(name_node);
        let var = self.function_var(name, role);
        let function = Function {
            name,
            qualified_name: self.qualified(text),
            span: self.span(node),
            parent: None,
            class,
            params: Vec::new(),
            body: Block::new(),
            decorators,
            receiver: Receiver::FirstParam,
            binding: match (role, class) {
                (_, None) => Binding::Static,
                (Role::Binds(binding), Some(_)) => binding,
                (Role::Accessor, Some(_)) => Binding::Instance,
            },
            is_generator: false,
            returns,
        };
        let body = self.field(node, fields.body);
        let id = self.in_function(function, text, params, |lowerer| lowerer.block(body));
        if let Some(class) = class
            && text == "__init__"
        {
            self.state.builder.class(class).constructor = Some(id);
        }
        // A setter takes a value beside the instance; a deleter does not.
        if let (Some(class), Some(name), Role::Accessor) = (class, name, role)
            && self.state.builder.function(id).params.len() > 1
        {
            let kind = MemberKind::Method(id, Accessor::Set);
            self.state.builder.class(class).members.push(Member { name, is_static: false, kind });
        }
        self.push(Stmt::Function { var, func: id }, node, out);
    }

    /// The variable that the definition assigns.
    fn function_var(&mut self, name: Option<Name>, role: Role) -> VarId {
        match (name, role) {
            (Some(name), Role::Binds(_)) => self.state.builder.declare(name),
            (Some(name), Role::Accessor) => {
                let label = format!("{} accessor", self.state.builder.text(name));
                self.state.builder.hidden_var(&label)
            }
            (None, _) => self.state.builder.hidden_var("<unnamed>"),
        }
    }

    /// Lowers the body of a function in its own scope.
    pub(crate) fn in_function(
        &mut self,
        function: Function,
        name: &str,
        params: Vec<OpenParam<'t>>,
        body: impl FnOnce(&mut Self) -> Block,
    ) -> FuncId {
        let id = self.state.builder.reserve_function(function);
        self.state.builder.push_scope(ScopeKind::Function, id);
        let around = self.extend_path(name);
        let params = params.into_iter().map(|param| self.close_param(param)).collect();
        let body = body(self);
        self.state.path.truncate(around);
        self.state.builder.pop_scope();
        let function = self.state.builder.function(id);
        function.params = params;
        function.body = body;
        id
    }

    /// The class whose body the present node stands directly in.
    fn enclosing_class(&self) -> Option<ClassId> {
        match self.state.builder.scope_kind() {
            ScopeKind::Class => self.state.classes.last().copied(),
            ScopeKind::Function | ScopeKind::Block => None,
        }
    }

    /// The dotted name of a definition called `name` at the present place.
    pub(crate) fn qualified(&self, name: &str) -> String {
        if self.state.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.state.path) }
    }

    /// Enters a definition; gives the length to which the path is cut on leaving it.
    fn extend_path(&mut self, name: &str) -> usize {
        let around = self.state.path.len();
        if around > 0 {
            self.state.path.push('.');
        }
        self.state.path.push_str(name);
        around
    }

    /// How a function is bound, and its decorators without those that only say so.
    fn decorators(&mut self, name: &str, decorators: &[Node<'t>], in_class: bool) -> (Role, Vec<ExprId>) {
        let mut role = if IMPLICIT_CLASS_METHODS.contains(&name) {
            Role::Binds(Binding::Class)
        } else {
            Role::Binds(Binding::Instance)
        };
        let mut kept = Vec::new();
        for &decorator in decorators {
            match binding_role(self.text(decorator), name).filter(|_| in_class) {
                Some(found) => role = found,
                None => kept.push(self.expr(decorator)),
            }
        }
        (role, kept)
    }

    /// The parameters; defaults and types belong to the scope around the function.
    pub(crate) fn params(&mut self, list: Option<Node<'t>>) -> Vec<OpenParam<'t>> {
        let mut params: Vec<OpenParam<'t>> = Vec::new();
        let mut kind = ParamKind::Normal;
        let Some(list) = list else { return params };
        for node in self.children(list) {
            match self.kind(node) {
                Kind::KeywordSeparator => kind = ParamKind::KeywordOnly,
                Kind::Error => {}
                // Those before it cannot be passed by name.
                Kind::PositionalSeparator => params.iter_mut().for_each(|param| param.param.name = None),
                _ => {
                    let param = self.param(node, kind);
                    if param.param.kind == ParamKind::Rest {
                        kind = ParamKind::KeywordOnly;
                    }
                    params.push(param);
                }
            }
        }
        params
    }

    fn param(&mut self, node: Node<'t>, kind: ParamKind) -> OpenParam<'t> {
        let fields = self.fields();
        let target = match self.kind(node) {
            Kind::DefaultParameter | Kind::TypedDefaultParameter => self.field(node, fields.name),
            Kind::TypedParameter => self.first_child(node),
            _ => Some(node),
        };
        let (kind, target) = match target.map(|target| (self.kind(target), target)) {
            Some((Kind::ListSplatPattern, splat)) => (ParamKind::Rest, self.first_child(splat)),
            Some((Kind::DictionarySplatPattern, splat)) => (ParamKind::KeywordRest, self.first_child(splat)),
            _ => (kind, target),
        };
        let name = target.filter(|&target| self.kind(target) == Kind::Identifier);
        let name = self.name_of(name);
        let default = self.field(node, fields.value).map(|value| self.expr(value));
        let ty = self.type_of(node).map(|ty| self.ty(ty));
        OpenParam { param: Param { name, pattern: Pattern::Ignore, kind, default, ty }, target }
    }

    /// Declares what a parameter binds, in the function's scope.
    fn close_param(&mut self, open: OpenParam<'t>) -> Param {
        let mut param = open.param;
        if let Some(target) = open.target {
            param.pattern = self.target(target);
        }
        param
    }

    pub(crate) fn class_definition(&mut self, node: Node<'t>, decorators: &[Node<'t>], out: &mut Block) {
        let fields = self.fields();
        let decorators = decorators.iter().map(|&decorator| self.expr(decorator)).collect();
        let (bases, keywords) = self.bases(self.field(node, fields.superclasses));
        let name_node = self.field(node, fields.name);
        let text = name_node.map_or("", |name| self.text(name));
        let name = self.name_of(name_node);
        let var = match name {
            Some(name) => self.state.builder.declare(name),
            None => self.state.builder.hidden_var("<unnamed>"),
        };
        let class = self.state.builder.reserve_class(Class {
            name,
            span: self.span(node),
            bases,
            decorators,
            constructor: None,
            members: Vec::new(),
            body: Block::new(),
            vars: Vec::new(),
            is_shape: false,
        });
        let mut body = Block::new();
        if !keywords.is_empty() {
            let value = self.opaque(keywords, node);
            self.push(Stmt::Expr(value), node, &mut body);
        }
        let function = self.state.builder.current_function();
        self.state.builder.push_scope(ScopeKind::Class, function);
        self.state.classes.push(class);
        let around = self.extend_path(text);
        body.extend(self.block(self.field(node, fields.body)));
        self.state.path.truncate(around);
        self.state.classes.pop();
        let vars = self.state.builder.pop_scope();
        let finished = self.state.builder.class(class);
        finished.body = body;
        finished.vars = vars;
        self.push(Stmt::Class { var, class }, node, out);
    }

    /// The bases, and the values of `metaclass=` and the like.
    fn bases(&mut self, list: Option<Node<'t>>) -> (Vec<ExprId>, Vec<ExprId>) {
        let (mut bases, mut keywords) = (Vec::new(), Vec::new());
        let Some(list) = list else { return (bases, keywords) };
        for node in self.children(list) {
            match self.kind(node) {
                Kind::KeywordArgument | Kind::DictionarySplat => keywords.push(self.argument(node).value),
                // `Base[T]` inherits from `Base`.
                Kind::Subscript => {
                    let ty = self.expr(node);
                    bases.push(match *self.state.builder.get(ty) {
                        Expr::Index { object, .. } => object,
                        _ => ty,
                    });
                }
                _ => bases.push(self.expr(node)),
            }
        }
        (bases, keywords)
    }
}

/// What a decorator of the method `name` says about its binding, if it is one of Python's own.
fn binding_role(decorator: &str, name: &str) -> Option<Role> {
    let last = decorator.rsplit('.').next().unwrap_or(decorator);
    Some(match last {
        "staticmethod" | "abstractstaticmethod" => Role::Binds(Binding::Static),
        "classmethod" | "abstractclassmethod" => Role::Binds(Binding::Class),
        "property" | "cached_property" | "abstractproperty" => Role::Binds(Binding::Property),
        // `@name.getter` and its kin belong to the property of the same name.
        _ if decorator.strip_suffix(last)?.strip_suffix('.')? != name => return None,
        "getter" => Role::Binds(Binding::Property),
        "setter" | "deleter" => Role::Accessor,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decorators_of_python_say_how_a_method_is_bound() {
        assert_eq!(binding_role("staticmethod", "f"), Some(Role::Binds(Binding::Static)));
        assert_eq!(binding_role("functools.cached_property", "f"), Some(Role::Binds(Binding::Property)));
        assert_eq!(binding_role("f.setter", "f"), Some(Role::Accessor));
    }

    #[test]
    fn other_decorators_say_nothing() {
        assert_eq!(binding_role("app.route", "f"), None);
        assert_eq!(binding_role("app.setter", "f"), None);
        assert_eq!(binding_role("logger.inject_lambda_context", "f"), None);
        assert_eq!(binding_role("setter", "f"), None);
    }
}
