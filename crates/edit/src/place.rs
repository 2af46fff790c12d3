//! Templates, and the places in them that hold the policies of functions.

use std::collections::BTreeMap;

use perm_infer_diagnostics::{Diagnostic, LineIndex, Location, Severity, Span};
use perm_infer_infra::Language;
use serde_json::{Value, json};

use crate::cloudformation::{self, POLICY_NAME};
use crate::document::{Document, Refusal, SID_PREFIX, Wanted};
use crate::serverless;
use crate::statement::TemplateStatement;
use crate::terraform::{self, Module};
use crate::text::Edit;

/// A file as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path, for messages and in edits.
    pub path: String,
    /// Its text, with its byte order mark and line endings.
    pub text: String,
}

/// A function of a template.
#[derive(Clone, Copy, Debug)]
pub struct FunctionAt<'a> {
    /// Its name: logical id, key, or label.
    pub name: &'a str,
    /// Where it is defined.
    pub location: &'a Location,
    /// The logical id of its role, where the function itself does not say it.
    pub role: Option<&'a str>,
}

/// What a function needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Statements.
    pub statements: Vec<TemplateStatement>,
    /// Policy templates of AWS SAM, such as `{"DynamoDBReadPolicy": {"TableName": ...}}`.
    pub sam_templates: Vec<Value>,
}

/// Where the policy of one or more functions stands. Functions that share a role have the same place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(PlaceKind);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum PlaceKind {
    List(Spot),
    Terraform(terraform::Spot),
}

/// A list in a YAML or JSON file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) path: Vec<String>,
    pub(crate) wrap: Wrap,
}

impl Spot {
    pub(crate) fn new(path: &[&str], wrap: Wrap) -> Self {
        Spot { path: path.iter().map(|&key| key.to_owned()).collect(), wrap }
    }
}

/// What the elements of the list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wrap {
    /// Policy documents, as SAM takes them.
    Policy,
    /// Policy documents with names, as roles have them.
    NamedPolicy,
    /// Statements.
    Statement,
}

impl Wrap {
    fn elements(self, statements: Vec<Value>, name: &str) -> Vec<Value> {
        let document = |statements: Vec<Value>| json!({ "Version": "2012-10-17", "Statement": statements });
        match self {
            _ if statements.is_empty() => Vec::new(),
            Wrap::Policy => vec![document(statements)],
            Wrap::NamedPolicy => vec![json!({ "PolicyName": name, "PolicyDocument": document(statements) })],
            Wrap::Statement => statements,
        }
    }
}

/// A template that can be edited.
#[derive(Debug)]
pub struct Template {
    language: Language,
    path: String,
    content: Parsed,
}

#[derive(Debug)]
enum Parsed {
    Document(Box<Document>),
    Module(Module),
}

impl Template {
    /// Reads a template: one file, or all files of a module of Terraform.
    ///
    /// # Errors
    /// When a file is not of its language.
    pub fn read(language: Language, sources: Vec<Source>) -> Result<Template, Box<Diagnostic>> {
        let path = sources.first().map(|source| source.path.clone()).unwrap_or_default();
        let content = match language {
            Language::Terraform => Parsed::Module(Module::read(sources)),
            Language::CloudFormation | Language::Serverless => {
                if let Some(maker) = sources.first().and_then(maker) {
                    let message = format!("{maker} makes the template, so that it is not edited");
                    let problem = Diagnostic::new(Severity::Warning, "not-applied", message);
                    let remedy = "add in the program what `perm-infer --per-function` prints, with --format cdk or serverless";
                    return Err(Box::new(problem.at(Location::file(&path)).remedy(remedy)));
                }
                let text = sources.into_iter().next().map(|source| source.text).unwrap_or_default();
                let lines = LineIndex::new(&text);
                let document = Document::read(text).map_err(|refusal| {
                    let message = format!("it cannot be read, so it is not edited: {}", refusal.message);
                    Box::new(problem(&path, &lines, refusal.at, message, "correct the file"))
                })?;
                Parsed::Document(Box::new(document))
            }
        };
        Ok(Template { language, path, content })
    }

    /// Where the policy of a function stands, or is to stand.
    ///
    /// # Errors
    /// When that is not in the template; the diagnostic says where else, as far as that is known.
    pub fn place_of(&self, function: FunctionAt<'_>) -> Result<Place, Box<Diagnostic>> {
        let id = function.name.rsplit(['/', '#']).next().unwrap_or(function.name);
        let kind = match &self.content {
            Parsed::Document(document) if self.is_definition(document) => {
                let message = format!(
                    "{} stands in a file of its own; the template with its role is not known",
                    function.name
                );
                let note = Diagnostic::new(Severity::Note, "not-applied", message);
                return Err(Box::new(note.at(function.location.clone()).remedy(REMEDY)));
            }
            Parsed::Document(document) => {
                let spot = match self.language {
                    Language::Serverless => serverless::spot(document, id),
                    _ => cloudformation::spot(document, id, function.role),
                };
                PlaceKind::List(spot.map_err(|refusal| self.refused(document, function, &refusal))?)
            }
            Parsed::Module(module) => {
                let spot = module.spot(function.location, function.role).map_err(|message| {
                    let message = format!("the policy of {} is not written: {message}", function.name);
                    let diagnostic = Diagnostic::new(Severity::Error, "not-applied", message);
                    Box::new(diagnostic.at(function.location.clone()).remedy(REMEDY))
                })?;
                PlaceKind::Terraform(spot)
            }
        };
        Ok(Place(kind))
    }

    /// Whether policy templates of AWS SAM may stand at a place, and would be found again.
    #[must_use]
    pub fn takes_sam_templates(&self, place: &Place) -> bool {
        match (&self.content, &place.0) {
            (Parsed::Document(document), PlaceKind::List(spot)) => {
                let path: Vec<&str> = spot.path.iter().map(String::as_str).collect();
                spot.wrap == Wrap::Policy && document.has_comments_at(&path)
            }
            _ => false,
        }
    }

    /// Whether the file is a definition of a state machine, without the template around it.
    fn is_definition(&self, document: &Document) -> bool {
        self.language == Language::CloudFormation && document.tree.root.get("Resources").is_none()
    }

    /// The edits that make a place hold what its functions need, and nothing else that was written before.
    /// None where it holds that already.
    ///
    /// # Errors
    /// When the place cannot be edited without changing something else.
    pub fn set(&self, place: &Place, content: &Content) -> Result<Vec<Edit>, Box<Diagnostic>> {
        match (&self.content, &place.0) {
            (Parsed::Document(document), PlaceKind::List(spot)) => {
                let plain: Vec<Value> =
                    content.statements.iter().map(TemplateStatement::to_cloudformation).collect();
                let marked = plain.iter().cloned().map(with_prefix).collect();
                let with_templates = |statements: Vec<Value>| -> Vec<Value> {
                    let elements = spot.wrap.elements(statements, POLICY_NAME);
                    content.sam_templates.iter().cloned().chain(elements).collect()
                };
                let wanted = Wanted::Set { plain: with_templates(plain), marked: with_templates(marked) };
                self.change(document, spot, &wanted)
            }
            (Parsed::Module(module), PlaceKind::Terraform(spot)) => Ok(module.set(spot, &content.statements)),
            _ => Ok(Vec::new()),
        }
    }

    /// The edits that add statements beside those that are there, outside of what [`Template::set`] replaces.
    /// None where the same statements stand there already.
    ///
    /// # Errors
    /// When the place cannot be edited without changing something else.
    pub fn add(&self, place: &Place, statements: &[TemplateStatement]) -> Result<Vec<Edit>, Box<Diagnostic>> {
        match (&self.content, &place.0) {
            (Parsed::Document(document), PlaceKind::List(spot)) => {
                let path: Vec<&str> = spot.path.iter().map(String::as_str).collect();
                let list = document.tree.root.at_path(&path);
                let mut values: Vec<Value> = Vec::new();
                for value in statements.iter().map(TemplateStatement::to_cloudformation) {
                    if !values.contains(&value) && !list.is_some_and(|list| holds(list, &value)) {
                        values.push(value);
                    }
                }
                let name = statements.first().and_then(|first| first.sid.as_deref()).unwrap_or("Added");
                let elements = spot.wrap.elements(values, &free_name(list, name));
                if elements.is_empty() {
                    return Ok(Vec::new());
                }
                self.change(document, spot, &Wanted::Add(elements))
            }
            (Parsed::Module(module), PlaceKind::Terraform(spot)) => Ok(module.add(spot, statements)),
            _ => Ok(Vec::new()),
        }
    }

    fn change(
        &self,
        document: &Document,
        spot: &Spot,
        wanted: &Wanted,
    ) -> Result<Vec<Edit>, Box<Diagnostic>> {
        let path: Vec<&str> = spot.path.iter().map(String::as_str).collect();
        let changes = document.change(&path, wanted).map_err(|refusal| {
            let lines = LineIndex::new(&document.text);
            let message = format!("a policy is not written here: {}", refusal.message);
            Box::new(problem(&self.path, &lines, refusal.at, message, REMEDY))
        })?;
        let edit = |(range, text)| Edit { path: self.path.clone(), range, text };
        Ok(changes.into_iter().map(edit).collect())
    }

    fn refused(&self, document: &Document, function: FunctionAt<'_>, refusal: &Refusal) -> Box<Diagnostic> {
        let message = format!("the policy of {} is not written: {}", function.name, refusal.message);
        if refusal.at == 0 {
            let diagnostic = Diagnostic::new(Severity::Error, "not-applied", message);
            return Box::new(diagnostic.at(function.location.clone()).remedy(REMEDY));
        }
        Box::new(problem(&self.path, &LineIndex::new(&document.text), refusal.at, message, REMEDY))
    }
}

/// The program that makes a template.
fn maker(source: &Source) -> Option<&'static str> {
    let is_program = [".ts", ".js", ".mjs", ".cjs"].iter().any(|ending| source.path.ends_with(ending));
    // Source: "Constructs and the construct tree": the metadata `aws:cdk:path` of synthesized resources.
    match source.text.contains("\"aws:cdk:path\"") {
        true => Some("AWS CDK"),
        false => is_program.then_some("a program"),
    }
}

/// Places with what is to stand there, by place.
pub type Contents = BTreeMap<Place, Content>;

const REMEDY: &str =
    "add by hand what `perm-infer --per-function` prints for it, or leave it out with --function";

fn problem(path: &str, lines: &LineIndex, at: usize, message: String, remedy: &str) -> Diagnostic {
    let at = Span::new(at, at).start;
    let location = Location { path: path.to_owned(), line: lines.line(at), column: lines.column(at) };
    Diagnostic::new(Severity::Error, "not-applied", message).at(location).remedy(remedy)
}

/// The statement with a `Sid` by which it is known again.
fn with_prefix(mut statement: Value) -> Value {
    if let Some(map) = statement.as_object_mut() {
        let sid = map.get("Sid").and_then(Value::as_str).unwrap_or_default();
        let sid = format!("{SID_PREFIX}{sid}");
        // The name comes first.
        let mut named = serde_json::Map::from_iter([("Sid".to_owned(), sid.into())]);
        named.extend(
            map.iter().filter(|(key, _)| *key != "Sid").map(|(key, value)| (key.clone(), value.clone())),
        );
        return Value::Object(named);
    }
    statement
}

/// A name that no policy of the list has: those of one role have to differ.
fn free_name(list: Option<&crate::tree::Node>, name: &str) -> String {
    let items = list.map(crate::tree::Node::one_or_items).unwrap_or_default();
    let taken: Vec<&str> = items.iter().filter_map(|item| item.get("PolicyName")?.text()).collect();
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let free = |name: &String| !taken.contains(&name.as_str());
    std::iter::once(name.to_owned()).chain(numbered).find(free).unwrap_or_default()
}

/// Whether a statement stands somewhere in a list of policies or statements.
fn holds(list: &crate::tree::Node, statement: &Value) -> bool {
    list.one_or_items().into_iter().any(|item| {
        let document = item.get("PolicyDocument").unwrap_or(item);
        let statements = document.get("Statement").map_or(vec![document], crate::tree::Node::one_or_items);
        statements.iter().any(|one| crate::block::is_same(one, statement))
    })
}
