//! AWS CDK as source code: the constructs that a program makes, as another part of the house found them by
//! evaluating the program, become the template that they stand for. What `cdk synth` would write is better
//! where it is there: it has the logical ids that names are made from, and the values of conditions.
//!
//! `tree` is the form in which constructs come, `resources` says what classes make and what their
//! attributes give, `function` makes functions.

mod function;
mod resources;
mod tree;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use perm_infer_diagnostics::Location;

use crate::cfn;
use crate::model::{Deployment, Language, Settings, UnitKind};
use crate::tree::make::{call, entry, list, map, nested, scalar, unknown};
use crate::tree::{Entry, Files, LOOKED_UP, Mark, looked_up};
pub use tree::Tree;

/// Something that a program made, or a change of it.
#[derive(Clone, Debug)]
pub struct Construct {
    /// The class, or the way in which it was looked up: `lambda.Function`, `dynamodb.Table.fromTableName`;
    /// or the method that changes it: `addEnvironment`.
    pub operation: String,
    /// Where.
    pub location: Location,
    /// What the program says: `token`, `id`, `arguments`, `properties`.
    pub params: Tree,
}

/// What constructs of the application in a directory say. `prefixes` are what stands before relative and
/// absolute paths that files of the program made from their own place; `scope` is put before the names of
/// references, where it is not the only template.
#[must_use]
pub fn read_constructs(
    constructs: &[Construct],
    application: &Path,
    prefixes: [&str; 2],
    scope: String,
    settings: &Settings,
) -> Deployment {
    let mut program = Program {
        application: application.to_owned(),
        prefixes: prefixes.map(str::to_owned),
        files: Files::default(),
        numbers: HashMap::new(),
        ids: HashMap::new(),
        made: Vec::new(),
        conditions: vec![looked_up(Mark::default())],
    };
    for construct in constructs {
        program.declare(construct);
    }
    let mut resources = Vec::new();
    let mut names = BTreeMap::new();
    for position in 0..program.made.len() {
        program.resource(position, constructs, &mut resources, &mut names);
    }
    let at = Mark::default();
    let template = map(
        at,
        vec![
            entry("Transform", scalar("AWS::Serverless-2016-10-31", at)),
            entry("Conditions", map(at, std::mem::take(&mut program.conditions))),
            entry("Resources", map(at, resources)),
        ],
    );
    let Program { files, .. } = program;
    let parts =
        cfn::Parts { template, files, diagnostics: Vec::new(), language: Language::CloudFormation, names };
    // Paths are those of the scan.
    let mut deployment = cfn::read_parts(parts, Path::new("cdk.json"), scope, settings);
    // The role of a state machine comes with what CDK lets it do; its definition is not a text yet.
    deployment.units.retain(|unit| unit.kind == UnitKind::Function);
    // What grants (`table.grantReadData(reader)`) put into a role is seen in the output of `cdk synth` only.
    deployment.units.iter_mut().for_each(|unit| unit.role = None);
    deployment
}

/// A construct that becomes a resource.
struct Made {
    token: String,
    id: String,
    operation: String,
    at: Mark,
    path: PathBuf,
    arguments: Vec<Tree>,
    properties: Tree,
    /// What may be in the name that CloudFormation makes.
    part_of_name: Option<String>,
}

struct Program {
    application: PathBuf,
    prefixes: [String; 2],
    files: Files,
    numbers: HashMap<String, u32>,
    /// Positions in `made` by token.
    ids: HashMap<String, usize>,
    made: Vec<Made>,
    conditions: Vec<Entry>,
}

impl Program {
    fn mark(&mut self, location: &Location) -> Mark {
        let number = match self.numbers.get(&location.path) {
            Some(number) => *number,
            None => {
                let number = self.files.add(&location.path);
                self.numbers.insert(location.path.clone(), number);
                number
            }
        };
        Mark::at(number, location.line, location.column)
    }

    fn declare(&mut self, construct: &Construct) {
        let params = &construct.params;
        let Some(token) = params.get("token").and_then(Tree::text) else { return };
        // Changes come with a construct that is there.
        let Some(id) = params.get("id") else { return };
        if self.ids.contains_key(&token) {
            return;
        }
        let arguments = params.get("arguments").map(Tree::items).unwrap_or_default().to_vec();
        let stated = params.get("properties").cloned().unwrap_or(Tree::Unknown);
        // Keyword arguments, else the last dictionary.
        let properties = match &stated {
            Tree::Map(entries) if entries.is_empty() => {
                arguments.iter().rev().find(|last| matches!(last, Tree::Map(_))).cloned().unwrap_or(stated)
            }
            _ => stated,
        };
        let at = self.mark(&construct.location);
        let plain = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
        let pieces = id.known_parts();
        // An id that the program computes is no name; its function may have one, or the module of its handler.
        let stated = |name: &str| properties.get(name).map(Tree::known_parts).unwrap_or_default().concat();
        let handler = stated("handler");
        let module = handler.rsplit_once('.').map_or("", |(module, _)| module);
        let module = module.rsplit(['.', '/']).next().unwrap_or_default();
        let names = [pieces.concat(), stated("functionName"), module.to_owned(), "Construct".to_owned()];
        let base = names.iter().map(|name| plain(name)).find(|name| !name.is_empty()).unwrap_or_default();
        // Of an id that is known in part, one part is certain to be in the name.
        let part_of_name = pieces.iter().map(|piece| plain(piece)).max_by_key(String::len);
        let taken = |id: &String| self.made.iter().any(|made| made.id == *id);
        let numbered = (1..).map(|number| match number {
            1 => base.clone(),
            number => format!("{base}{number}"),
        });
        let id = numbered.into_iter().find(|id| !taken(id)).unwrap_or(base);
        self.ids.insert(token.clone(), self.made.len());
        self.made.push(Made {
            token,
            id,
            operation: construct.operation.clone(),
            at,
            path: PathBuf::from(&construct.location.path),
            arguments,
            properties,
            part_of_name: part_of_name.filter(|part| !part.is_empty()),
        });
    }

    fn resource(
        &mut self,
        position: usize,
        constructs: &[Construct],
        resources: &mut Vec<Entry>,
        names: &mut BTreeMap<String, String>,
    ) {
        let operation = self.made[position].operation.clone();
        if function::is_function(&operation) {
            let copies = self.same_before(position);
            if !copies {
                let id = self.made[position].id.clone();
                names.insert(id.clone(), id);
                self.function(position, constructs, resources);
            }
            return;
        }
        if let Some(known) = resources::find(&operation) {
            let (id, at) = (self.made[position].id.clone(), self.made[position].at);
            let properties = self.named(position, known);
            let mut inner = vec![
                entry("Type", scalar(known.cloudformation, at)),
                entry("Properties", map(at, properties)),
            ];
            if operation.contains(".from") {
                inner.push(entry("Condition", scalar(LOOKED_UP, at)));
            }
            resources.push(Entry { key: id, at, value: map(at, inner) });
        }
    }

    /// Whether the same function was made before: a stack that is made for several stages.
    fn same_before(&self, position: usize) -> bool {
        let own = &self.made[position];
        self.made[..position].iter().any(|other| {
            other.at == own.at
                && other.part_of_name == own.part_of_name
                && other.properties == own.properties
                && other.arguments == own.arguments
        })
    }
}
