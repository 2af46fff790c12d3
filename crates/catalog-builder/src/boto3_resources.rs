//! Reads boto3's resource models and gives them with the names that Python code uses.

use crate::BuildError;
use crate::botocore::Api;
use crate::format::{
    ResourceAction, ResourceHas, ResourceModel, ResourceParam, ResourceWaiter, Resources, SubResource,
    snake_case,
};
use crate::sources::{names_in, read_json};
use serde::Deserialize;
use serde_json::Map;
use std::collections::HashSet;
use std::path::Path;

#[derive(Deserialize)]
struct File {
    service: Definition,
    resources: Map<String, serde_json::Value>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Definition {
    identifiers: Vec<Identifier>,
    shape: Option<String>,
    load: Option<Action>,
    actions: Map<String, serde_json::Value>,
    batch_actions: Map<String, serde_json::Value>,
    has: Map<String, serde_json::Value>,
    has_many: Map<String, serde_json::Value>,
    waiters: Map<String, serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identifier {
    name: String,
    member_name: Option<String>,
}

#[derive(Deserialize)]
struct Action {
    request: Request,
    resource: Option<Resource>,
}

#[derive(Deserialize)]
struct Has {
    resource: Resource,
}

#[derive(Deserialize)]
struct Request {
    operation: String,
    #[serde(default)]
    params: Vec<Param>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    identifiers: Vec<Param>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Waiter {
    waiter_name: String,
    #[serde(default)]
    params: Vec<Param>,
}

#[derive(Deserialize)]
struct Param {
    target: String,
    source: String,
    name: Option<String>,
    path: Option<String>,
    value: Option<String>,
}

/// The resource models of all services that have some.
pub(crate) fn read(package: &Path, apis: &[Api]) -> Result<Vec<Resources>, BuildError> {
    let data = package.join("boto3").join("data");
    let mut all = Vec::new();
    for service in names_in(&data)? {
        let directory = data.join(&service);
        let versions = names_in(&directory)?;
        let Some(version) = versions.last() else { continue };
        let file: File = read_json(&directory.join(version).join("resources-1.json"))?;
        let api = apis.iter().find(|api| api.name == service);
        let mut types = vec![model("-", file.service, api)?];
        for (name, definition) in file.resources {
            types.push(model(&name, parse(definition)?, api)?);
        }
        make_all_from_service(&mut types);
        all.push(Resources { service, types });
    }
    Ok(all)
}

/// The service resource makes a resource of every type from its identifiers, also of the types that its
/// own definition does not list.
fn make_all_from_service(types: &mut [ResourceModel]) {
    let Some((service, others)) = types.split_first_mut() else { return };
    for model in others {
        if service.has.iter().any(|has| has.name == model.name) {
            continue;
        }
        let input =
            |identifier: &String| ResourceParam { target: identifier.clone(), source: "input".to_owned() };
        let identifiers = model.identifiers.iter().map(input).collect();
        service.has.push(ResourceHas {
            name: model.name.clone(),
            resource: SubResource { kind: model.name.clone(), identifiers },
        });
    }
}

fn parse<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T, BuildError> {
    serde_json::from_value(value).map_err(|error| BuildError::new(format!("boto3 resource model: {error}")))
}

/// Gives each name its final form, with boto3's suffix when an earlier category took it.
struct Names(HashSet<String>);

impl Names {
    fn take(&mut self, name: String, category: &str) -> String {
        let name = if self.0.contains(&name) { format!("{name}_{category}") } else { name };
        self.0.insert(name.clone());
        name
    }
}

fn model(name: &str, definition: Definition, api: Option<&Api>) -> Result<ResourceModel, BuildError> {
    let mut names = Names(HashSet::from(["meta".to_owned()]));
    if definition.load.is_some() {
        names.0.insert("load".to_owned());
    }
    let members: HashSet<String> =
        definition.identifiers.iter().filter_map(|identifier| identifier.member_name.clone()).collect();
    // The order of the categories is boto3's: the first to claim a name keeps it.
    let identifiers: Vec<String> = definition
        .identifiers
        .iter()
        .map(|identifier| names.take(snake_case(&identifier.name), "identifier"))
        .collect();
    let actions = actions(definition.actions, |name| names.take(snake_case(name), "action"))?;
    let has = has(definition.has, &mut names)?;
    let collections = self::actions(definition.has_many, |name| names.take(snake_case(name), "collection"))?;
    let waiters = waiters(definition.waiters, &mut names)?;
    let attributes = attributes(definition.shape.as_deref(), api, &members, &mut names);
    Ok(ResourceModel {
        name: name.to_owned(),
        identifiers,
        attributes,
        load: definition.load.map(|load| action("load".to_owned(), load)),
        actions,
        batch: self::actions(definition.batch_actions, snake_case)?,
        has,
        collections,
        waiters,
    })
}

fn actions(
    map: Map<String, serde_json::Value>,
    mut rename: impl FnMut(&str) -> String,
) -> Result<Vec<ResourceAction>, BuildError> {
    map.into_iter().map(|(name, value)| Ok(action(rename(&name), parse(value)?))).collect()
}

fn action(name: String, action: Action) -> ResourceAction {
    ResourceAction {
        name,
        operation: action.request.operation,
        params: params(action.request.params),
        result: action.resource.map(sub_resource),
    }
}

fn sub_resource(resource: Resource) -> SubResource {
    let mut identifiers = params(resource.identifiers);
    for identifier in &mut identifiers {
        identifier.target = snake_case(&identifier.target);
    }
    SubResource { kind: resource.kind, identifiers }
}

fn params(params: Vec<Param>) -> Vec<ResourceParam> {
    params
        .into_iter()
        .map(|param| {
            let source = match (param.source.as_str(), param.name, param.path, param.value) {
                ("identifier", Some(name), _, _) => format!("id:{}", snake_case(&name)),
                ("data", _, Some(path), _) => format!("data:{path}"),
                ("requestParameter", _, Some(path), _) => format!("param:{path}"),
                ("string", _, _, Some(value)) => format!("text:{value}"),
                (other, ..) => other.to_owned(),
            };
            // JMESPath's `[*]` and `[]` both mean every element in a request.
            ResourceParam { target: param.target.replace("[*]", "[]"), source }
        })
        .collect()
}

fn has(map: Map<String, serde_json::Value>, names: &mut Names) -> Result<Vec<ResourceHas>, BuildError> {
    map.into_iter()
        .map(|(name, value)| {
            let has: Has = parse(value)?;
            let reference = has.resource.identifiers.iter().any(|identifier| identifier.source == "data");
            let name = if reference {
                names.take(snake_case(&name), "reference")
            } else {
                names.take(name, "subresource")
            };
            Ok(ResourceHas { name, resource: sub_resource(has.resource) })
        })
        .collect()
}

fn waiters(
    map: Map<String, serde_json::Value>,
    names: &mut Names,
) -> Result<Vec<ResourceWaiter>, BuildError> {
    map.into_iter()
        .map(|(name, value)| {
            let waiter: Waiter = parse(value)?;
            let name = names.take(snake_case(&format!("WaitUntil{name}")), "waiter");
            Ok(ResourceWaiter { name, waiter: waiter.waiter_name, params: params(waiter.params) })
        })
        .collect()
}

fn attributes(
    shape: Option<&str>,
    api: Option<&Api>,
    identifiers: &HashSet<String>,
    names: &mut Names,
) -> Vec<(String, String)> {
    let Some(shape) = shape.and_then(|shape| api?.model.shapes.get(shape)) else { return Vec::new() };
    shape
        .members
        .keys()
        .filter(|member| !identifiers.contains(*member))
        .map(|member| (names.take(snake_case(member), "attribute"), member.clone()))
        .collect()
}
