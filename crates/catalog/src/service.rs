//! Services and how SDKs name them: boto3 names, packages and clients of the JavaScript SDK v3, the Go SDK
//! and the Java SDK, classes of the JavaScript SDK v2, paginators and waiters.

use crate::operation::Operation;
use crate::resource_model::ResourceModel;
use crate::table::{
    BY_CAMEL, BY_CLIENT, BY_METHOD, BY_PACKAGE, BY_V2, NONE, OPERATIONS, Reader, SERVICES, Section,
    find_text, text,
};
use std::fmt;

/// The embedded catalogue. A handle without content; making one costs nothing.
#[derive(Clone, Copy, Debug)]
pub struct Catalog(());

/// One service of the SDKs. Orders by its boto3 name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service(pub(crate) u32);

impl Catalog {
    /// The catalogue that is part of the program.
    #[must_use]
    pub const fn embedded() -> Catalog {
        Catalog(())
    }

    /// How many bytes of the program the catalogue takes. It is read in place: nothing is parsed or
    /// copied at start-up.
    #[must_use]
    pub fn embedded_bytes(self) -> usize {
        crate::table::embedded_bytes()
    }

    /// The service with this name in botocore and boto3, such as `s3` or `stepfunctions`.
    #[must_use]
    pub fn service(self, sdk_name: &str) -> Option<Service> {
        SERVICES.find(0, find_text(sdk_name)?).map(Service)
    }

    /// All services, by name.
    pub fn services(self) -> impl Iterator<Item = Service> {
        (0..SERVICES.len()).map(Service)
    }

    /// The service of a package of the JavaScript SDK v3, such as `@aws-sdk/client-s3`.
    #[must_use]
    pub fn service_for_v3_package(self, package: &str) -> Option<Service> {
        let wanted = find_text(package)?;
        let key = |record| SERVICES.word(BY_PACKAGE.word(record, 0), 1);
        let found = BY_PACKAGE.lower_bound(wanted, key);
        (key(found) == wanted).then(|| Service(BY_PACKAGE.word(found, 0)))
    }

    /// The service of a class of the JavaScript SDK v2, such as `StepFunctions`, or of the module that
    /// holds it: `aws-sdk/clients/stepfunctions` or only `stepfunctions`.
    #[must_use]
    pub fn service_for_v2_class(self, class: &str) -> Option<Service> {
        let class = class.strip_prefix("aws-sdk/clients/").unwrap_or(class);
        let record = BY_V2.find(0, find_text(class)?)?;
        Some(Service(BY_V2.word(record, 1)))
    }

    /// The service of a client's name in any SDK: a package (`@aws-sdk/client-s3`, `service/s3`) or a class
    /// (`S3Client`, `S3`, `DynamoDbClient`, with `Async` in Java too).
    #[must_use]
    pub fn service_for_client(self, name: &str) -> Option<Service> {
        let class = name.rsplit_once("/service/").map_or(name, |(_, package)| package);
        let found = |name: &str| BY_CLIENT.find(0, find_text(name)?);
        let record = found(name)
            .or_else(|| found(&format!("service/{class}")))
            .or_else(|| found(&name.strip_suffix("AsyncClient").map(|start| format!("{start}Client"))?));
        record.map(|record| Service(BY_CLIENT.word(record, 1))).or_else(|| self.service_for_v2_class(name))
    }

    /// The operations of all services that boto3 calls by this method name, such as `put_item`.
    pub fn operations_for_method(self, method: &str) -> impl Iterator<Item = Operation> + use<> {
        named(BY_METHOD, 1, method)
    }

    /// The operations of all services that JavaScript calls by this method name, such as `putItem`.
    pub fn operations_for_camel(self, method: &str) -> impl Iterator<Item = Operation> + use<> {
        named(BY_CAMEL, 2, method)
    }

    /// Every method name of an operation in Python and JavaScript, sorted and unique.
    pub fn method_names(self) -> impl Iterator<Item = &'static str> {
        // Numbers of strings order like the strings, and both indexes are sorted by them.
        let mut snake =
            (0..BY_METHOD.len()).map(|record| OPERATIONS.word(BY_METHOD.word(record, 0), 1)).peekable();
        let mut camel =
            (0..BY_CAMEL.len()).map(|record| OPERATIONS.word(BY_CAMEL.word(record, 0), 2)).peekable();
        std::iter::from_fn(move || {
            let next = match (snake.peek(), camel.peek()) {
                (Some(left), Some(right)) => (*left).min(*right),
                (left, right) => *left.or(right)?,
            };
            while snake.next_if_eq(&next).is_some() {}
            while camel.next_if_eq(&next).is_some() {}
            Some(text(next))
        })
    }
}

/// The operations whose `field` is the name, by an index that is sorted by that field.
fn named(index: Section, field: usize, name: &str) -> impl Iterator<Item = Operation> + use<> {
    let wanted = find_text(name).unwrap_or(NONE);
    let key = move |record| OPERATIONS.word(index.word(record, 0), field);
    let first = if wanted == NONE { index.len() } else { index.lower_bound(wanted, key) };
    (first..index.len())
        .take_while(move |record| key(*record) == wanted)
        .map(move |record| Operation(index.word(record, 0)))
}

impl Service {
    /// The service whose range of operations holds this one.
    pub(crate) fn of_operation(operation: Operation) -> Service {
        let (mut low, mut high) = (0, SERVICES.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if SERVICES.word(middle, 6) <= operation.0 {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Service(low)
    }

    fn field(self, field: usize) -> &'static str {
        text(SERVICES.word(self.0, field))
    }

    /// Name in botocore and boto3.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.field(0)
    }

    /// Package in the JavaScript SDK v3: `@aws-sdk/client-s3`.
    #[must_use]
    pub fn v3_package(self) -> &'static str {
        self.field(1)
    }

    /// Client class in the JavaScript SDK v3: `S3Client`.
    #[must_use]
    pub fn v3_client(self) -> &'static str {
        self.field(2)
    }

    /// Class with one method per operation in the JavaScript SDK v3: `S3`.
    #[must_use]
    pub fn v3_aggregated(self) -> &'static str {
        self.field(3)
    }

    /// Class in the JavaScript SDK v2, when it has the service.
    #[must_use]
    pub fn v2_class(self) -> Option<&'static str> {
        let mut reader = Reader::at(SERVICES.word(self.0, 4));
        (reader.number() > 0).then(|| reader.text())
    }

    /// Package in the Go SDK: `service/s3`.
    #[must_use]
    pub fn go_package(self) -> &'static str {
        self.field(8)
    }

    /// Client class in the Java SDK v2: `DynamoDbClient`. Its methods are named as in JavaScript.
    #[must_use]
    pub fn java_client(self) -> &'static str {
        self.field(9)
    }

    /// All operations, by name.
    pub fn operations(self) -> impl Iterator<Item = Operation> {
        (SERVICES.word(self.0, 5)..SERVICES.word(self.0, 6)).map(Operation)
    }

    /// The operation with this name: `PutObject`.
    #[must_use]
    pub fn operation(self, name: &str) -> Option<Operation> {
        let wanted = find_text(name)?;
        let (first, last) = (SERVICES.word(self.0, 5), SERVICES.word(self.0, 6));
        let (mut low, mut high) = (first, last);
        while low < high {
            let middle = low + (high - low) / 2;
            if OPERATIONS.word(middle, 0) < wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low < last && OPERATIONS.word(low, 0) == wanted).then_some(Operation(low))
    }

    /// The operation that boto3 calls by this method name: `put_object`.
    #[must_use]
    pub fn operation_for_method(self, method: &str) -> Option<Operation> {
        named(BY_METHOD, 1, method).find(|operation| operation.service() == self)
    }

    /// The operation that JavaScript calls by this method name: `putObject`.
    #[must_use]
    pub fn operation_for_camel(self, method: &str) -> Option<Operation> {
        named(BY_CAMEL, 2, method).find(|operation| operation.service() == self)
    }

    /// The operation of a command class of the JavaScript SDK v3: `PutObjectCommand`.
    #[must_use]
    pub fn operation_for_command(self, class: &str) -> Option<Operation> {
        self.operation(class.strip_suffix("Command")?)
    }

    /// The operation that a paginator repeats, named as in boto3 (`list_objects_v2`), as in JavaScript
    /// (`paginateListObjectsV2`) or by the operation.
    #[must_use]
    pub fn paginator(self, name: &str) -> Option<Operation> {
        let name = name.strip_prefix("paginate").unwrap_or(name);
        self.paginators().find(|operation| operation.name() == name || operation.method() == name)
    }

    /// boto3's names of the paginators.
    pub fn paginator_names(self) -> impl Iterator<Item = &'static str> {
        self.paginators().map(Operation::method)
    }

    fn paginators(self) -> impl Iterator<Item = Operation> {
        let mut reader = Reader::at(SERVICES.word(self.0, 7));
        (0..reader.number()).map(move |_| {
            reader.number();
            Operation(reader.number())
        })
    }

    /// The operation that a waiter polls, named as in boto3 (`object_exists`), as in JavaScript
    /// (`waitUntilObjectExists`) or in the model (`ObjectExists`, `objectExists`).
    #[must_use]
    pub fn waiter(self, name: &str) -> Option<Operation> {
        let name = name.strip_prefix("waitUntil").unwrap_or(name);
        let same_but_first = |model: &str| {
            model.get(1..) == name.get(1..)
                && model
                    .get(..1)
                    .is_some_and(|first| name.get(..1).is_some_and(|other| first.eq_ignore_ascii_case(other)))
        };
        self.waiters()
            .find(|(model, snake, _)| same_but_first(model) || *snake == name)
            .map(|(_, _, operation)| operation)
    }

    /// boto3's names of the waiters.
    pub fn waiter_names(self) -> impl Iterator<Item = &'static str> {
        self.waiters().map(|(_, snake, _)| snake)
    }

    fn waiters(self) -> impl Iterator<Item = (&'static str, &'static str, Operation)> {
        let mut reader = Reader::at(SERVICES.word(self.0, 7));
        for _ in 0..reader.number() * 2 {
            reader.number();
        }
        (0..reader.number()).map(move |_| {
            let model = reader.text();
            let snake = reader.text();
            (model, snake, Operation(reader.number()))
        })
    }

    /// The boto3 service resource (`boto3.resource("s3")`), when the service has one.
    #[must_use]
    pub fn resource_model(self) -> Option<ResourceModel> {
        self.resource("-")
    }

    /// A boto3 resource type of the service, such as `Bucket`.
    #[must_use]
    pub fn resource(self, kind: &str) -> Option<ResourceModel> {
        ResourceModel::find(self, SERVICES.word(self.0, 10), kind)
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
