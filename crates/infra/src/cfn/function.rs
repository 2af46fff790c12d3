//! Functions: their properties with what `Globals` says, their environment, and what is known of them
//! elsewhere in the template.

use perm_infer_diagnostics::Diagnostic;
use perm_infer_policy::Pattern;

use super::needs::Found;
use super::pseudo;
use super::written::written;
use super::{Reader, StackId};
use crate::environment::Environment;
use crate::model::{Code, Unit, UnitKind};
use crate::tree::{Entry, Mark, Node};

/// A function resource with its properties.
pub(super) struct Subject<'t> {
    pub(super) stack: StackId,
    pub(super) id: &'t str,
    pub(super) at: Mark,
    pub(super) resource: &'t Node,
    /// Whether it is of SAM's type.
    pub(super) is_sam: bool,
    /// Its properties, then those of `Globals`.
    layers: Vec<&'t Node>,
}

impl<'t> Subject<'t> {
    /// A resource with its properties, and those of `Globals` for its type.
    pub(super) fn of(
        stack: StackId,
        entry: &'t Entry,
        is_sam: bool,
        globals: Option<&'t Node>,
    ) -> Subject<'t> {
        let layers = entry.value.get("Properties").into_iter().chain(globals).collect();
        Subject { stack, id: &entry.key, at: entry.at, resource: &entry.value, is_sam, layers }
    }

    /// A property: its own, else that of `Globals`.
    pub(super) fn get(&self, path: &[&str]) -> Option<&'t Node> {
        self.layers.iter().find_map(|layer| layer.at_path(path))
    }

    /// A property wherever it is stated: lists and maps of `Globals` are added to those of functions.
    /// Source: "Globals section of the AWS SAM template" in the AWS SAM Developer Guide.
    pub(super) fn all(&self, path: &[&str]) -> Vec<&'t Node> {
        self.layers.iter().filter_map(|layer| layer.at_path(path)).collect()
    }

    /// The own value of a property, else that of `Globals`, by its name at the top.
    fn property(&self, name: &str) -> Option<&'t Node> {
        self.get(&[name])
    }

    /// The first of several properties that is stated.
    pub(super) fn first(&self, names: &[&str]) -> Option<&'t Node> {
        names.iter().find_map(|name| self.get(&[name]))
    }
}

impl Reader<'_> {
    /// What a property may be once conditions are decided, also those around the maps that it is in.
    pub(super) fn stated<'t>(&mut self, subject: &Subject<'t>, path: &[&str]) -> Vec<&'t Node> {
        let [name, below @ ..] = path else { return Vec::new() };
        subject.property(name).map(|node| self.below(subject.stack, node, below)).unwrap_or_default()
    }

    /// What stands below keys of a node, on every branch that a condition may choose.
    pub(super) fn below<'n>(&mut self, stack: StackId, node: &'n Node, path: &[&str]) -> Vec<&'n Node> {
        let mut nodes = self.present(stack, Some(node));
        for key in path {
            let values: Vec<&Node> = nodes.into_iter().filter_map(|node| node.get(key)).collect();
            nodes = values.into_iter().flat_map(|value| self.present(stack, Some(value))).collect();
        }
        nodes
    }

    /// The items of lists, on every branch.
    pub(super) fn items_of<'n>(&mut self, stack: StackId, lists: &[&'n Node]) -> Vec<&'n Node> {
        let mut items = Vec::new();
        for list in lists {
            for list in self.present(stack, Some(list)) {
                for item in list.items() {
                    items.extend(self.present(stack, Some(item)));
                }
            }
        }
        items
    }

    /// The functions of a stack.
    pub(super) fn functions(&mut self, stack: StackId) -> Vec<Unit> {
        let template = self.template(stack);
        let mut functions = Vec::new();
        for entry in template.root.get("Resources").map(Node::entries).unwrap_or_default() {
            let is_sam = match entry.value.get("Type").and_then(Node::text) {
                Some("AWS::Serverless::Function") => true,
                Some("AWS::Lambda::Function") => false,
                _ => continue,
            };
            let is_provider = self.is_provider(&entry.key, &entry.value, entry.at);
            if !is_provider && self.may_exist(stack, &entry.value) {
                functions.push(self.function_of(stack, entry, is_sam, &template.root));
            }
        }
        functions
    }

    fn function_of(&mut self, stack: StackId, entry: &Entry, is_sam: bool, root: &Node) -> Unit {
        let globals = root.at_path(&["Globals", "Function"]).filter(|_| is_sam);
        let subject = Subject::of(stack, entry, is_sam, globals);
        let name = self.resource_reference(stack, &entry.key, entry.at);
        let mut notes = Vec::new();
        let found = self.needs(&subject, &name, &mut notes);
        let code = self.code(&subject);
        let environment = self.environment(&subject, &name);
        let event = self.event(&subject);
        if event.is_some() {
            let message = format!(
                "events of {} are taken to come only from what invokes it in the template",
                subject.id
            );
            notes.push(self.fact("event-of-template", subject.at, message));
        }
        Unit {
            code,
            environment,
            event,
            notes,
            deployed: name,
            ..self.unit(&subject, UnitKind::Function, found)
        }
    }

    /// A resource as a unit without code.
    pub(super) fn unit(&mut self, subject: &Subject<'_>, kind: UnitKind, found: Found) -> Unit {
        let role = self.role(subject, &found.added);
        let template = self.template(subject.stack);
        let scope = template.scope.rsplit_once('#').map_or(&*template.scope, |(_, inner)| inner);
        let shown = self.shown_names.get(subject.id).cloned();
        Unit {
            name: shown.unwrap_or_else(|| format!("{scope}{}", subject.id)),
            kind,
            location: self.location(subject.at),
            scope: template.scope.clone(),
            language: self.language,
            code: Code::Elsewhere,
            environment: Environment::default(),
            programs: Vec::new(),
            needs: found.added.into_iter().chain(found.needs).collect(),
            covered: found.covered,
            role,
            deployed: Vec::new(),
            calls: found.calls,
            event: None,
            notes: self.own_role(subject, kind).into_iter().collect(),
        }
    }

    /// That the one document of everything does not hold what the unit needs.
    fn own_role(&self, subject: &Subject<'_>, kind: UnitKind) -> Option<Diagnostic> {
        let message = format!(
            "{} {} has a role of its own, which {} assumes",
            kind.name(),
            subject.id,
            kind.principal()
        );
        (!kind.runs_code()).then(|| {
            self.fact("role-of-a-service", subject.at, message).remedy("--per-function shows its policy")
        })
    }

    fn environment(&mut self, subject: &Subject<'_>, name: &[Pattern]) -> Environment {
        let mut environment = Environment::default();
        for variables in subject.all(&["Environment", "Variables"]) {
            for variables in self.present(subject.stack, Some(variables)) {
                for entry in variables.entries() {
                    let values = self.texts(subject.stack, &entry.value);
                    if !values.is_empty() {
                        let written = written(&entry.value, self.language);
                        environment.add_default(&entry.key, values, self.location(entry.at), written);
                    }
                }
            }
        }
        // Source: "Defined runtime environment variables" in the AWS Lambda Developer Guide.
        let mut region = Pattern::default();
        region.push(pseudo::part("AWS::Region"));
        let place = self.location(subject.at);
        for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            let written = "the region of the function".to_owned();
            environment.add_default(variable, vec![region.clone()], place.clone(), written);
        }
        let written = "the name of the function".to_owned();
        environment.add_default("AWS_LAMBDA_FUNCTION_NAME", name.to_vec(), place, written);
        environment
    }
}
