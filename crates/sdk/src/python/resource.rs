//! boto3's resource objects, by the resource models of the catalogue: sub-resources, methods, data that
//! load, references, collections with their batch methods, waiters, and the few methods that boto3
//! adds by hand.
//!
//! A request is reported where it is sent: a collection when it is read, not when it is made.

use perm_infer_analysis::{Args, Atom, Cx, Dict, HoleReason, LibraryValue, Value};
use perm_infer_catalog::{ParamSource, ResourceAction, ResourceModel, ResourceParam, SubResource};

use super::client::unresolved_operation;
use super::foreign::foreign;
use super::resource_params::Params;
use super::response::response;
use super::transfer::is_transfer_method;
use super::{Python, kind};
use crate::shared::{dict_of, entry, identifier, named_args};

/// Services whose list operations give names only, so that items of a collection have no data yet.
const LISTS_NAMES_ONLY: &[&str] = &["dynamodb", "sqs", "sns"];

/// Names that boto3 adds to what the models say, on one resource or another.
const ADDED: &[&str] =
    &["batch_writer", "create_tags", "delete_tags", "get_available_subresources", "load", "meta", "reload"];

/// The service resource of a service, by boto3's name.
pub(crate) fn service_resource(service: &str) -> Value {
    Value::library(kind::RESOURCE, &format!("{service}:-"), Vec::new())
}

/// A resource whose identifiers are not known.
pub(crate) fn any_resource(cx: &Cx<'_, '_>, model: &ResourceModel) -> Value {
    let unknown = cx.unknown(HoleReason::Parameter("a resource".into()));
    let fields = model.identifiers().iter().map(|&name| (name, unknown.clone())).collect();
    resource(model, fields)
}

fn resource(model: &ResourceModel, fields: Vec<(&'static str, Value)>) -> Value {
    let name = format!("{}:{}", model.service().name(), model.name().unwrap_or("-"));
    Value::library(kind::RESOURCE, &name, fields)
}

/// What is known when a resource is made from something.
struct Origin<'v> {
    /// The resource it is made from.
    parent: &'v LibraryValue,
    /// The request whose response it is made from.
    request: Option<(&'v ResourceAction, &'v Value)>,
    /// Arguments of the caller.
    args: &'v Args,
    /// Whether its data came with the response.
    loaded: bool,
}

impl Python<'_> {
    /// The model of a resource value.
    pub(crate) fn resource_model(&self, value: &LibraryValue) -> Option<ResourceModel> {
        let (service, kind) = value.name.split_once(':')?;
        self.shared.catalog.service(service)?.resource(kind)
    }

    /// `resource.name(args)`
    pub(crate) fn resource_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        let model = self.resource_model(value)?;
        if let Some(result) = self.added_method(cx, &model, value, name, args) {
            return Some(result);
        }
        if let Some(has) = model.sub_resource(name) {
            let origin = Origin { parent: value, request: None, args, loaded: false };
            return self.make(cx, &model, &has.resource, &origin);
        }
        if let Some(action) = model.action(name) {
            return Some(self.act(cx, &model, value, action, args));
        }
        if let ("load" | "reload", Some(load)) = (name, model.load()) {
            self.act(cx, &model, value, load, &Args::of(Vec::new()));
            return Some(Atom::Null.into());
        }
        if let Some(waiter) = model.waiters().iter().find(|waiter| waiter.name == name) {
            self.act(cx, &model, value, waiter, args);
            return Some(Atom::Null.into());
        }
        if model.collection(name).is_some() || value.field(name).is_some() {
            return None;
        }
        unresolved_operation(
            cx,
            model.service(),
            &format!(
                "`{name}` is no method of {}'s resource {}",
                model.service().name(),
                model.name().unwrap_or("")
            ),
        );
        Some(foreign(model.service().name()))
    }

    /// Whether a resource has nothing of this name.
    pub(crate) fn resource_lacks(&self, value: &LibraryValue, name: &str) -> bool {
        let Some(model) = self.resource_model(value) else { return false };
        let waits = model.waiters().iter().any(|waiter| waiter.name == name);
        let holds = model.attributes().iter().any(|(own, _)| *own == name)
            || identifier_alias(&model, name).is_some()
            || value.field(name).is_some();
        !(holds
            || waits
            || model.sub_resource(name).is_some()
            || model.action(name).is_some()
            || model.collection(name).is_some()
            || ADDED.contains(&name)
            || is_transfer_method(name)
            || name.starts_with('_'))
    }

    /// `resource.name`
    pub(crate) fn resource_attribute(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
    ) -> Option<Value> {
        let model = self.resource_model(value)?;
        if name == "meta" {
            return Some(Value::library(kind::META, model.service().name(), Vec::new()));
        }
        if let Some(identifier) = model.identifiers().iter().find(|identifier| **identifier == name) {
            return value.field(identifier).cloned();
        }
        if let Some(alias) = identifier_alias(&model, name) {
            return value.field(alias).cloned();
        }
        if let Some(collection) = model.collection(name) {
            let parent = Atom::Library(std::sync::Arc::new(value.clone())).into();
            let fields = vec![("parent", parent), ("params", Value::dict(Vec::new()))];
            return Some(Value::library(kind::COLLECTION, collection.name, fields));
        }
        if let Some((_, member)) = model.attributes().iter().find(|(own, _)| *own == name) {
            return Some(self.data(cx, &model, value, member));
        }
        let has = model.sub_resource(name).filter(|has| needs_data(&has.resource))?;
        self.load(cx, &model, value);
        let args = Args::of(Vec::new());
        self.make(
            cx,
            &model,
            &has.resource,
            &Origin { parent: value, request: None, args: &args, loaded: false },
        )
    }

    /// A member of the data that loading fetches.
    fn data(&self, cx: &mut Cx<'_, '_>, model: &ResourceModel, value: &LibraryValue, member: &str) -> Value {
        self.load(cx, model, value);
        let Some(load) = model.load() else {
            return cx.unknown(HoleReason::Result(value.name.clone()));
        };
        let params = self.params(cx, value, load, &Args::of(Vec::new())).into();
        identifier(cx, load.operation, Some(member), &params).unwrap_or_else(|| {
            let method = format!("{}.{}", model.service().name(), load.operation.method());
            cx.unknown(HoleReason::Result(method.into()))
        })
    }

    /// Fetches the data, unless they are there.
    fn load(&self, cx: &mut Cx<'_, '_>, model: &ResourceModel, value: &LibraryValue) {
        if value.field("loaded").is_some() {
            return;
        }
        match model.load() {
            Some(load) => {
                self.act(cx, model, value, load, &Args::of(Vec::new()));
            }
            None => {
                self.added_load(cx, model, value);
            }
        }
    }

    /// Performs an action and gives its result.
    fn act(
        &self,
        cx: &mut Cx<'_, '_>,
        model: &ResourceModel,
        value: &LibraryValue,
        action: &ResourceAction,
        args: &Args,
    ) -> Value {
        let params: Value = self.params(cx, value, action, args).into();
        self.shared.perform(cx, action.operation, params.clone());
        let Some(result) = &action.result else { return response(action.operation, params) };
        let origin = Origin { parent: value, request: Some((action, &params)), args, loaded: false };
        self.make(cx, model, result, &origin).unwrap_or_else(|| response(action.operation, params.clone()))
    }

    /// The parameters of an action: those of the model, then those of the caller.
    fn params(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        action: &ResourceAction,
        args: &Args,
    ) -> Dict {
        let mut params = Params::new();
        for param in &action.params {
            params.set(param.target, self.source(cx, value, param));
        }
        let mut params = params.into_dict();
        params.update(&named_args(args));
        params
    }

    fn source(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue, param: &ResourceParam) -> Value {
        match param.source {
            ParamSource::Identifier(name) => value.field(name).cloned(),
            ParamSource::Literal(text) => Some(Value::text(text, Some(cx.site()))),
            _ => None,
        }
        .unwrap_or_else(|| cx.unknown(HoleReason::Result(value.name.clone())))
    }

    /// The resource that a method, reference or collection gives.
    fn make(
        &self,
        cx: &mut Cx<'_, '_>,
        model: &ResourceModel,
        made: &SubResource,
        origin: &Origin<'_>,
    ) -> Option<Value> {
        let made_model = model.service().resource(made.kind)?;
        let mut position = 0;
        let mut fields = Vec::new();
        for &name in made_model.identifiers() {
            let source = made.identifiers.iter().find(|param| param.target == name).map(|param| param.source);
            let value = match source {
                Some(ParamSource::Input) | None => {
                    let value = origin.args.get(position, name).cloned();
                    position += 1;
                    value
                }
                Some(ParamSource::Identifier(own)) => origin.parent.field(own).cloned(),
                Some(ParamSource::RequestParameter(path)) => origin
                    .request
                    .map(|(_, params)| entry(cx, params, path))
                    .filter(|value| !value.is_bottom()),
                Some(ParamSource::Literal(text)) => Some(Value::text(text, Some(cx.site()))),
                Some(ParamSource::Response) => origin
                    .request
                    .and_then(|(action, params)| from_response(cx, action, made.kind, name, params)),
                Some(ParamSource::Data(_)) => None,
            };
            let value = value.unwrap_or_else(|| {
                let from = match origin.request {
                    Some((action, _)) => {
                        format!("{}.{}", model.service().name(), action.operation.method())
                    }
                    None => format!("{}.{}", model.service().name(), made.kind),
                };
                cx.unknown(HoleReason::Result(from.into()))
            });
            fields.push((name, value));
        }
        if origin.loaded {
            fields.push(("loaded", Atom::Bool(true).into()));
        }
        Some(resource(&made_model, fields))
    }

    /// Methods that boto3 adds to what the models say.
    fn added_method(
        &self,
        cx: &mut Cx<'_, '_>,
        model: &ResourceModel,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match (model.service().name(), model.name(), name) {
            (_, _, "get_available_subresources") => Some(foreign("get_available_subresources")),
            (_, _, "__enter__" | "__aenter__") => {
                Some(Atom::Library(std::sync::Arc::new(value.clone())).into())
            }
            ("dynamodb", Some("Table"), "batch_writer") => Some(self.batch_writer(cx, value)),
            ("s3", Some("Bucket"), _) => {
                if matches!(name, "load" | "reload") {
                    return self.added_load(cx, model, value);
                }
                self.resource_transfer(cx, value.field("name")?, None, name, args)
            }
            ("s3", Some("Object" | "ObjectSummary"), _) => {
                if matches!(name, "load" | "reload") && model.load().is_none() {
                    return self.added_load(cx, model, value);
                }
                self.resource_transfer(cx, value.field("bucket_name")?, value.field("key"), name, args)
            }
            ("ec2", None, "create_tags") => {
                let params = named_args(args).into();
                self.shared.perform_named(cx, "ec2", "CreateTags", params);
                Some(cx.unknown(HoleReason::Result("ec2.create_tags".into())))
            }
            ("ec2", Some(_), "delete_tags") if model.action(name).is_none() => {
                let mut params = Params::new();
                let id = model.identifiers().first().and_then(|id| value.field(id)).cloned();
                params.set("Resources[]", id.unwrap_or_default());
                let mut params = params.into_dict();
                params.update(&named_args(args));
                self.shared.perform_named(cx, "ec2", "DeleteTags", params.into());
                Some(Atom::Null.into())
            }
            _ => None,
        }
    }

    /// `load` of the resources to which boto3 adds it.
    fn added_load(&self, cx: &mut Cx<'_, '_>, model: &ResourceModel, value: &LibraryValue) -> Option<Value> {
        match (model.service().name(), model.name()) {
            ("s3", Some("Bucket")) => {
                self.shared.perform_named(cx, "s3", "ListBuckets", Value::dict(Vec::new()));
            }
            ("s3", Some("ObjectSummary")) => {
                let params = dict_of(&[("Bucket", value.field("bucket_name")), ("Key", value.field("key"))]);
                self.shared.perform_named(cx, "s3", "HeadObject", params.into());
            }
            _ => return None,
        }
        Some(Atom::Null.into())
    }

    /// `table.batch_writer()`: writes what it is given with `BatchWriteItem`.
    fn batch_writer(&self, cx: &mut Cx<'_, '_>, table: &LibraryValue) -> Value {
        let name = table.field("name").cloned().unwrap_or_default();
        let mut items = Dict::default();
        for text in cx.to_text(&name).texts() {
            let writes = Value::list_of(cx.unknown(HoleReason::Computed));
            items.set(text, writes);
        }
        // Several alternatives for the name are several dictionaries, of which one is written to.
        let mut requests = Value::bottom();
        for entry in items.entries {
            requests.join(&Dict::new(vec![entry], None).into());
        }
        let params = dict_of(&[("RequestItems", Some(&requests))]).into();
        self.shared.perform_named(cx, "dynamodb", "BatchWriteItem", params);
        Value::library(kind::BATCH_WRITER, "batch_writer", vec![("table", name)])
    }

    /// Methods of a collection.
    pub(crate) fn collection_method(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        match name {
            "all" | "limit" | "page_size" | "__aiter__" | "__iter__" => {
                Some(Atom::Library(std::sync::Arc::new(value.clone())).into())
            }
            "filter" => {
                let mut params = match value.field("params").and_then(Value::single) {
                    Some(Atom::Dict(dict)) => (**dict).clone(),
                    _ => Dict::default(),
                };
                params.update(&named_args(args));
                let parent = value.field("parent").cloned().unwrap_or_default();
                let fields = vec![("parent", parent), ("params", params.into())];
                Some(Value::library(kind::COLLECTION, &value.name, fields))
            }
            "pages" => self.collection_element(cx, value).map(|item| Value::list_of(Value::list_of(item))),
            _ => self.batch_action(cx, value, name, args),
        }
    }

    /// What a loop over a collection gives; asks for the list.
    pub(crate) fn collection_element(&self, cx: &mut Cx<'_, '_>, value: &LibraryValue) -> Option<Value> {
        let (model, parent, collection) = self.collection(value)?;
        let mut params = self.params(cx, &parent, &collection, &Args::of(Vec::new()));
        if let Some(Atom::Dict(filter)) = value.field("params").and_then(Value::single) {
            params.update(filter);
        }
        let params: Value = params.into();
        self.shared.perform(cx, collection.operation, params.clone());
        let loaded = !LISTS_NAMES_ONLY.contains(&model.service().name());
        let args = Args::of(Vec::new());
        let origin = Origin { parent: &parent, request: Some((&collection, &params)), args: &args, loaded };
        self.make(cx, &model, collection.result.as_ref()?, &origin)
    }

    /// A method that a collection applies to all of its items.
    fn batch_action(
        &self,
        cx: &mut Cx<'_, '_>,
        value: &LibraryValue,
        name: &str,
        args: &Args,
    ) -> Option<Value> {
        let (model, _, collection) = self.collection(value)?;
        let kind = collection.result.as_ref()?.kind;
        let item_model = model.service().resource(kind)?;
        let Some(action) = item_model.batch_actions().iter().find(|action| action.name == name) else {
            unresolved_operation(
                cx,
                model.service(),
                &format!("`{name}` is no method of the collection `{}`", value.name),
            );
            return Some(foreign(model.service().name()));
        };
        let items = self.collection_element(cx, value)?;
        for atom in items.atoms() {
            if let Atom::Library(item) = atom {
                let params: Value = self.params(cx, item, action, args).into();
                self.shared.perform(cx, action.operation, params);
            }
        }
        Some(cx.unknown(HoleReason::Result(name.into())))
    }

    /// The model and value of the parent of a collection, and the collection itself.
    fn collection(&self, value: &LibraryValue) -> Option<(ResourceModel, LibraryValue, ResourceAction)> {
        let Some(Atom::Library(parent)) = value.field("parent").and_then(Value::single) else { return None };
        let model = self.resource_model(parent)?;
        let collection = model.collection(&value.name)?.clone();
        Some((model, (**parent).clone(), collection))
    }
}

/// Whether a reference needs the data of the resource that it belongs to.
fn needs_data(made: &SubResource) -> bool {
    made.identifiers.iter().any(|param| matches!(param.source, ParamSource::Data(_)))
}

/// boto3 gives an identifier that is also a member of the data a second name: `table_name` is
/// `name` and needs no request.
fn identifier_alias(model: &ResourceModel, name: &str) -> Option<&'static str> {
    let kind = model.name()?;
    if model.attributes().iter().any(|(own, _)| *own == name) {
        return None;
    }
    let prefix = kind.to_ascii_lowercase();
    let rest = name.strip_prefix(prefix.as_str())?.strip_prefix('_')?;
    model.identifiers().iter().find(|identifier| **identifier == rest).copied()
}

/// An identifier that comes out of a response: a name that follows from the request, else nothing.
fn from_response(
    cx: &mut Cx<'_, '_>,
    action: &ResourceAction,
    kind: &str,
    name: &str,
    params: &Value,
) -> Option<Value> {
    let member = match name {
        "key" | "object_key" => Some("Key"),
        "url" => Some("QueueUrl"),
        "arn" => Some("TopicArn"),
        // `CreateTable(TableName=...)` makes the table of that name.
        "name" => {
            let value = entry(cx, params, &format!("{kind}Name"));
            return (!value.is_bottom()).then_some(value);
        }
        _ => None,
    };
    identifier(cx, action.operation, Some(member?), params)
}
