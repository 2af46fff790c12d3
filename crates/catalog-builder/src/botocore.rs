//! Reads the service models of botocore: operations, input shapes, paginators, waiters. It gives facts
//! only; what an operation needs is decided elsewhere.

use crate::BuildError;
use crate::sources::{names_in, read_json};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A service of botocore in its newest API version.
pub(crate) struct Api {
    /// boto3 name.
    pub(crate) name: String,
    /// The model.
    pub(crate) model: Model,
    /// Operations with a paginator.
    pub(crate) paginators: Vec<String>,
    /// Waiter and operation.
    pub(crate) waiters: Vec<(String, String)>,
}

/// `service-2.json`.
#[derive(Deserialize)]
pub(crate) struct Model {
    pub(crate) metadata: Metadata,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: HashMap<String, Shape>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) service_id: String,
    pub(crate) endpoint_prefix: String,
    pub(crate) signing_name: Option<String>,
    pub(crate) service_abbreviation: Option<String>,
    pub(crate) service_full_name: String,
    pub(crate) signature_version: Option<String>,
    #[serde(default)]
    pub(crate) auth: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Operation {
    pub(crate) http: Http,
    pub(crate) input: Option<Reference>,
    pub(crate) authtype: Option<String>,
    #[serde(default)]
    pub(crate) auth: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) request_uri: String,
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reference {
    pub(crate) shape: String,
    pub(crate) location: Option<String>,
    pub(crate) location_name: Option<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) members: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    pub(crate) member: Option<Reference>,
    pub(crate) value: Option<Reference>,
    pub(crate) pattern: Option<String>,
    /// The only values that a text may have.
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
}

impl Shape {
    /// The reference of a structure's member.
    pub(crate) fn field(&self, name: &str) -> Option<Reference> {
        serde_json::from_value(self.members.get(name)?.clone()).ok()
    }
}

impl Operation {
    /// Whether AWS accepts the call without a signature.
    pub(crate) fn is_unsigned(&self) -> bool {
        self.authtype.as_deref() == Some("none") || self.auth == ["smithy.api#noAuth"]
    }

    /// Whether the call carries a bearer token instead of a signature.
    pub(crate) fn is_bearer(&self) -> bool {
        self.authtype.as_deref() == Some("bearer") || self.auth == ["smithy.api#httpBearerAuth"]
    }
}

impl Model {
    /// Whether every call of the service carries a bearer token instead of a signature.
    pub(crate) fn is_bearer(&self) -> bool {
        self.metadata.signature_version.as_deref() == Some("bearer")
            || self.metadata.auth == ["smithy.api#httpBearerAuth"]
    }

    /// Adds an operation whose members are texts.
    pub(crate) fn add(&mut self, name: &str, members: &[(String, bool)]) {
        let reference = |shape: String| Reference { shape, location: None, location_name: None };
        let shape = |kind: &str| Shape { kind: kind.to_owned(), ..Shape::default() };
        let (input, text) = (format!("{name}Request"), format!("{name}Text"));
        let mut request = shape("structure");
        for (member, required) in members {
            request.members.insert(member.clone(), serde_json::json!({ "shape": text }));
            if *required {
                request.required.push(member.clone());
            }
        }
        self.shapes.insert(input.clone(), request);
        self.shapes.insert(text, shape("string"));
        let http = Http { method: "GET".to_owned(), request_uri: "/".to_owned() };
        let operation = Operation { http, input: Some(reference(input)), authtype: None, auth: Vec::new() };
        self.operations.insert(name.to_owned(), operation);
    }

    /// The input shape of an operation.
    pub(crate) fn input(&self, operation: &str) -> Option<&Shape> {
        self.shapes.get(&self.operations.get(operation)?.input.as_ref()?.shape)
    }

    /// The shape at a member path (`A.B`, `A[]`, `A{}`, `A{*}`); map keys count as strings.
    pub(crate) fn at_path(&self, operation: &str, path: &str) -> Option<&Shape> {
        let mut shape = self.input(operation)?;
        for segment in path.split('.') {
            let name = segment.split(['[', '{']).next()?;
            // A map may be asked for one of its keys.
            let field = if shape.kind == "map" { shape.value.clone()? } else { shape.field(name)? };
            shape = self.shapes.get(&field.shape)?;
            let mut suffix = &segment[name.len()..];
            while !suffix.is_empty() {
                let (next, rest) = if let Some(rest) = suffix.strip_prefix("[]") {
                    (shape.member.as_ref()?, rest)
                } else if let Some(rest) = suffix.strip_prefix("{*}") {
                    (shape.value.as_ref()?, rest)
                } else if let Some(rest) = suffix.strip_prefix("{}") {
                    // The key of a map is text; a member below it does not exist.
                    return (shape.kind == "map" && rest.is_empty()).then_some(shape);
                } else {
                    return None;
                };
                shape = self.shapes.get(&next.shape)?;
                suffix = rest;
            }
        }
        Some(shape)
    }
}

#[derive(Deserialize)]
struct Paginators {
    pagination: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct Waiters {
    waiters: BTreeMap<String, Waiter>,
}

#[derive(Deserialize)]
struct Waiter {
    operation: String,
}

/// Reads every service under botocore's data directory.
pub(crate) fn read(package: &Path) -> Result<Vec<Api>, BuildError> {
    let data = package.join("botocore").join("data");
    let mut apis = Vec::new();
    for name in names_in(&data)? {
        let directory = data.join(&name);
        if directory.is_dir()
            && let Some(api) = read_service(&directory, name)?
        {
            apis.push(api);
        }
    }
    Ok(apis)
}

fn read_service(directory: &Path, name: String) -> Result<Option<Api>, BuildError> {
    let mut versions = names_in(directory)?;
    versions.retain(|version| {
        names_in(&directory.join(version))
            .is_ok_and(|files| files.iter().any(|file| file.starts_with("service-2.json")))
    });
    let Some(version) = versions.last() else { return Ok(None) };
    let directory = directory.join(version);
    let model: Model = read_json(&directory.join("service-2.json"))?;
    let paginators = directory.join("paginators-1.json");
    let paginators = if paginators.exists() {
        read_json::<Paginators>(&paginators)?.pagination.into_keys().collect()
    } else {
        Vec::new()
    };
    let waiters = directory.join("waiters-2.json");
    let waiters = if waiters.exists() {
        read_json::<Waiters>(&waiters)?
            .waiters
            .into_iter()
            .map(|(name, waiter)| (name, waiter.operation))
            .collect()
    } else {
        Vec::new()
    };
    Ok(Some(Api { name, model, paginators, waiters }))
}

/// The method names that botocore lists as exceptions: operation and method.
///
/// They are the entries `('Operation', '_'): 'method'` of the table in `botocore/__init__.py`.
pub(crate) fn irregular_methods(package: &Path) -> Result<HashMap<String, String>, BuildError> {
    let path = package.join("botocore").join("__init__.py");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| BuildError::new(format!("{}: {error}", path.display())))?;
    let table = text
        .split_once("_xform_cache = {")
        .map_or("", |(_, rest)| rest.split_once("\n}").map_or("", |(table, _)| table));
    let words: Vec<&str> = table.split('\'').skip(1).step_by(2).collect();
    Ok(words
        .chunks_exact(3)
        .filter(|entry| entry[1] == "_")
        .map(|entry| (entry[0].to_owned(), entry[2].to_owned()))
        .collect())
}
