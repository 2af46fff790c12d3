//! boto3's resource models: what a service resource or a resource such as `Table` offers, under the
//! names that Python code uses, and which operation with which parameters each method performs.

use crate::operation::Operation;
use crate::service::Service;
use crate::table::{RESOURCES, Reader, text};

/// A boto3 resource type, or the service resource itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceModel {
    service: Service,
    name: &'static str,
    identifiers: Vec<&'static str>,
    attributes: Vec<(&'static str, &'static str)>,
    load: Option<ResourceAction>,
    actions: Vec<ResourceAction>,
    batch: Vec<ResourceAction>,
    collections: Vec<ResourceAction>,
    has: Vec<ResourceHas>,
    waiters: Vec<ResourceAction>,
}

/// A method, collection, load call or waiter of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceAction {
    /// Python name.
    pub name: &'static str,
    /// The operation it performs; for a waiter, the one it polls.
    pub operation: Operation,
    /// What it adds to the parameters of the caller.
    pub params: Vec<ResourceParam>,
    /// The resource it gives; for a collection, the type of its items.
    pub result: Option<SubResource>,
}

/// A parameter or identifier that is set from a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceParam {
    /// Member path of the request (`Delete.Objects[].Key`, `InstanceIds[0]`), or the Python name of an identifier.
    pub target: &'static str,
    /// Where its value comes from.
    pub source: ParamSource,
}

/// Where a [`ResourceParam`] gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamSource {
    /// An identifier of the resource, by its Python name.
    Identifier(&'static str),
    /// A member of the data that `load` fetched.
    Data(&'static str),
    /// A parameter of the request that was sent.
    RequestParameter(&'static str),
    /// The response.
    Response,
    /// An argument of the caller.
    Input,
    /// This text.
    Literal(&'static str),
}

/// A resource that is made from another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubResource {
    /// Its type, for [`Service::resource`].
    pub kind: &'static str,
    /// Its identifiers.
    pub identifiers: Vec<ResourceParam>,
}

/// A sub-resource (`bucket.Object`) or reference (`instance.vpc`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceHas {
    /// Python name. With an [`ParamSource::Input`] identifier it is called, else it is an attribute.
    pub name: &'static str,
    /// What it gives.
    pub resource: SubResource,
}

impl ResourceModel {
    pub(crate) fn find(service: Service, first: u32, kind: &str) -> Option<ResourceModel> {
        let records = (first..RESOURCES.len()).take_while(|record| RESOURCES.word(*record, 0) == service.0);
        let record = records.into_iter().find(|record| text(RESOURCES.word(*record, 1)) == kind)?;
        Some(ResourceModel::read(
            service,
            text(RESOURCES.word(record, 1)),
            Reader::at(RESOURCES.word(record, 2)),
        ))
    }

    fn read(service: Service, name: &'static str, mut reader: Reader) -> ResourceModel {
        let reader = &mut reader;
        ResourceModel {
            service,
            name,
            identifiers: list(reader, Reader::text),
            attributes: list(reader, |reader| (reader.text(), reader.text())),
            load: list(reader, action).pop(),
            actions: list(reader, action),
            batch: list(reader, action),
            collections: list(reader, action),
            has: list(reader, |reader| ResourceHas {
                name: reader.text(),
                resource: sub_resource(reader).unwrap_or(SubResource { kind: "", identifiers: Vec::new() }),
            }),
            waiters: list(reader, action),
        }
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> Service {
        self.service
    }

    /// The type, such as `Table`; nothing for the service resource.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        (self.name != "-").then_some(self.name)
    }

    /// Python names of the identifiers, in the order of positional arguments.
    #[must_use]
    pub fn identifiers(&self) -> &[&'static str] {
        &self.identifiers
    }

    /// Attributes that loading fetches: Python name and member of the shape.
    #[must_use]
    pub fn attributes(&self) -> &[(&'static str, &'static str)] {
        &self.attributes
    }

    /// What reading an attribute or `load()`, `reload()` performs.
    #[must_use]
    pub fn load(&self) -> Option<&ResourceAction> {
        self.load.as_ref()
    }

    /// The methods.
    #[must_use]
    pub fn actions(&self) -> &[ResourceAction] {
        &self.actions
    }

    /// The method with this Python name.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&ResourceAction> {
        self.actions.iter().find(|action| action.name == name)
    }

    /// Methods that a collection of this type has, such as `delete` of `bucket.objects`.
    #[must_use]
    pub fn batch_actions(&self) -> &[ResourceAction] {
        &self.batch
    }

    /// The collections; the result of each names its item type.
    #[must_use]
    pub fn collections(&self) -> &[ResourceAction] {
        &self.collections
    }

    /// The collection with this Python name.
    #[must_use]
    pub fn collection(&self, name: &str) -> Option<&ResourceAction> {
        self.collections.iter().find(|collection| collection.name == name)
    }

    /// Sub-resources and references.
    #[must_use]
    pub fn has(&self) -> &[ResourceHas] {
        &self.has
    }

    /// The sub-resource or reference with this Python name.
    #[must_use]
    pub fn sub_resource(&self, name: &str) -> Option<&ResourceHas> {
        self.has.iter().find(|has| has.name == name)
    }

    /// Waiter methods such as `wait_until_exists`.
    #[must_use]
    pub fn waiters(&self) -> &[ResourceAction] {
        &self.waiters
    }
}

fn list<T>(reader: &mut Reader, mut read: impl FnMut(&mut Reader) -> T) -> Vec<T> {
    let count = reader.number();
    (0..count).map(|_| read(reader)).collect()
}

fn action(reader: &mut Reader) -> ResourceAction {
    ResourceAction {
        name: reader.text(),
        operation: Operation(reader.number()),
        params: list(reader, param),
        result: sub_resource(reader),
    }
}

fn param(reader: &mut Reader) -> ResourceParam {
    let target = reader.text();
    let kind = reader.number();
    let value = reader.text();
    let source = match kind {
        0 => ParamSource::Identifier(value),
        1 => ParamSource::Data(value),
        2 => ParamSource::RequestParameter(value),
        4 => ParamSource::Input,
        5 => ParamSource::Literal(value),
        _ => ParamSource::Response,
    };
    ResourceParam { target, source }
}

fn sub_resource(reader: &mut Reader) -> Option<SubResource> {
    let kind = reader.optional_text();
    let identifiers = list(reader, param);
    kind.map(|kind| SubResource { kind, identifiers })
}
