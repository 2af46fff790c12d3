//! Finding operations, actions and services by any name that an SDK or IAM gives them, and the nearest
//! names when nothing fits. A query is one word as it stands in code or in a policy; nothing is guessed
//! about what it may do.

use crate::action::Action;
use crate::describe::Needs;
use crate::nearest::Nearest;
use crate::operation::Operation;
use crate::service::{Catalog, Service};

/// What a query names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// The operations, by service and name.
    pub operations: Vec<Operation>,
    /// The IAM actions, by name.
    pub actions: Vec<Action>,
    /// The service, when the query is the name of one.
    pub service: Option<Service>,
    /// Names that resemble the query, the nearest first; only when it names nothing.
    pub nearest: Vec<String>,
}

impl Lookup {
    /// Whether the query names nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.actions.is_empty() && self.service.is_none()
    }
}

/// Longest query that is looked at. The longest name has about 100 characters.
const MAX_QUERY: usize = 256;

impl Catalog {
    /// Finds what a word names: an operation (`s3:CopyObject`, `CopyObject`), an action
    /// (`dynamodb:Query`), a method (`put_item`, `putItem`, `DynamoDbClient.putItem`), a command,
    /// paginator or waiter (`PutObjectCommand`, `paginateListObjectsV2`, `object_exists`), or a service
    /// under any of its names. Case matters only when there is a name that fits exactly.
    #[must_use]
    pub fn lookup(self, query: &str) -> Lookup {
        let query = Query::read(query);
        let found = find(self, &query, str::eq);
        if !found.is_empty() {
            return found;
        }
        let found = find(self, &query, str::eq_ignore_ascii_case);
        if !found.is_empty() {
            return found;
        }
        Lookup { nearest: nearest(self, &query), ..Lookup::default() }
    }

    /// The operations of which some call may need an action.
    pub fn operations_needing(self, action: Action) -> impl Iterator<Item = Operation> {
        let needs = move |operation: &Operation| match operation.needs() {
            Needs::Actions(needs) => needs.iter().any(|need| need.action == action),
            Needs::NoPermission | Needs::Unknown => false,
        };
        self.services().flat_map(Service::operations).filter(needs)
    }
}

/// A query in its parts: `s3` and `PutObject`.
struct Query<'q> {
    whole: &'q str,
    qualifier: Option<&'q str>,
    name: &'q str,
    /// Whether a colon separates the parts: a qualifier that is not known is a mistake then, while
    /// before a dot it may be a variable.
    colon: bool,
}

impl<'q> Query<'q> {
    fn read(text: &'q str) -> Query<'q> {
        let end = text.char_indices().nth(MAX_QUERY).map_or(text.len(), |(end, _)| end);
        let text = text[..end].trim();
        // `client.put_object(Bucket=...)` and `aws s3api ...` end where the name does.
        let whole = text.split(['(', ' ']).next().unwrap_or_default();
        let (qualifier, name, colon) = match whole.rsplit_once([':', '.', '#']) {
            Some((qualifier, name)) if !qualifier.is_empty() => {
                (Some(qualifier), name, whole[qualifier.len()..].starts_with(':'))
            }
            _ => (None, whole.trim_start_matches([':', '.', '#']), false),
        };
        Query { whole, qualifier, name, colon }
    }
}

type Same = fn(&str, &str) -> bool;

fn find(catalog: Catalog, query: &Query<'_>, same: Same) -> Lookup {
    let mut found = Lookup { service: service(catalog, query.whole, same), ..Lookup::default() };
    if query.name.is_empty() {
        return found;
    }
    let qualifying = query.qualifier.and_then(|qualifier| service(catalog, qualifier, same));
    if let Some(service) = qualifying {
        found.operations = operations(service, query.name, same);
    }
    if query.colon {
        found.actions = Action::all().filter(|action| same(action.name(), query.whole)).collect();
        if found.operations.is_empty() {
            let action = found.actions.first().copied();
            found.operations =
                action.into_iter().flat_map(|action| catalog.operations_needing(action)).collect();
        }
    } else if qualifying.is_none() {
        found.operations =
            catalog.services().flat_map(|service| operations(service, query.name, same)).collect();
        if found.operations.is_empty() {
            found.actions = Action::all().filter(|action| same(local_name(*action), query.name)).collect();
        }
    }
    found
}

fn service(catalog: Catalog, name: &str, same: Same) -> Option<Service> {
    let exact = catalog.service(name).or_else(|| catalog.service_for_client(name));
    exact.or_else(|| {
        catalog.services().find(|service| {
            let names = [service.name(), service.v3_client(), service.v3_aggregated(), service.java_client()];
            names.into_iter().chain(service.v2_class()).any(|known| same(known, name))
        })
    })
}

/// The operations of a service that a name means: the operation itself, or what a command, a paginator
/// or a waiter of the name calls.
fn operations(service: Service, name: &str, same: Same) -> Vec<Operation> {
    let operation = ["Command", "Async"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let named = |found: &Operation| {
        let command = operation.len() < name.len() && same(found.name(), operation);
        command || [found.name(), found.method(), found.camel()].into_iter().any(|known| same(known, name))
    };
    let mut found: Vec<Operation> = service.operations().filter(named).collect();
    if found.is_empty() {
        found.extend(repeated(service, name));
    }
    found
}

/// What the paginator or waiter of a name calls.
fn repeated(service: Service, name: &str) -> Option<Operation> {
    let go = |end: &str| name.strip_prefix("New").unwrap_or(name).strip_suffix(end);
    let paginator = name.strip_prefix("paginate").or_else(|| go("Paginator"));
    if let Some(operation) = paginator {
        return service.paginator(operation);
    }
    service.waiter(go("Waiter").unwrap_or(name))
}

fn local_name(action: Action) -> &'static str {
    action.name().split_once(':').map_or(action.name(), |(_, name)| name)
}

/// Names like the query, written as the query is: qualified ones when it is qualified.
fn nearest(catalog: Catalog, query: &Query<'_>) -> Vec<String> {
    let mut nearest = Nearest::new(if query.colon { query.whole } else { query.name });
    if query.colon {
        Action::all().for_each(|action| nearest.offer(action.name()));
        for operation in catalog.services().flat_map(Service::operations) {
            nearest.offer_owned(|| format!("{}:{}", operation.service().name(), operation.name()));
        }
        return nearest.names();
    }
    for service in catalog.services() {
        nearest.offer(service.name());
        for operation in service.operations() {
            [operation.name(), operation.method(), operation.camel()]
                .into_iter()
                .for_each(|name| nearest.offer(name));
        }
    }
    Action::all().for_each(|action| nearest.offer(local_name(action)));
    nearest.names()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<String> {
        let lookup = Catalog::embedded().lookup(query);
        lookup.operations.iter().map(|operation| format!("{operation:?}")).collect()
    }

    #[test]
    fn an_operation_is_found_under_every_name() {
        for query in [
            "s3:PutObject",
            "s3.put_object",
            "s3.putObject(params)",
            "S3Client.putObject",
            "S3.PutObjectCommand",
            "PutObjectCommand",
            "@aws-sdk/client-s3:PutObject",
            "service/s3.PutObject",
            "S3AsyncClient.putObject",
            "S3:PUTOBJECT",
            " s3:PutObject ",
        ] {
            assert!(found(query).contains(&"s3:PutObject".to_owned()), "{query}: {:?}", found(query));
        }
        for query in ["put_item", "putItem", "PutItem", "table.put_item(Item=item)", "DynamoDbClient.putItem"]
        {
            assert!(found(query).contains(&"dynamodb:PutItem".to_owned()), "{query}: {:?}", found(query));
        }
    }

    #[test]
    fn paginators_and_waiters_lead_to_what_they_call() {
        for query in ["paginateListObjectsV2", "NewListObjectsV2Paginator", "s3.list_objects_v2"] {
            assert_eq!(found(query), ["s3:ListObjectsV2"], "{query}");
        }
        for query in ["waitUntilObjectExists", "object_exists", "s3.object_exists", "NewObjectExistsWaiter"] {
            assert_eq!(found(query), ["s3:HeadObject"], "{query}");
        }
    }

    #[test]
    fn an_action_of_another_name_leads_to_the_operations_that_need_it() {
        let lookup = Catalog::embedded().lookup("s3:ListBucket");
        let names: Vec<&str> = lookup.actions.iter().map(|action| action.name()).collect();
        assert_eq!(names, ["s3:ListBucket"]);
        let operations: Vec<&str> = lookup.operations.iter().map(|operation| operation.name()).collect();
        assert!(
            operations.contains(&"ListObjectsV2") && operations.contains(&"HeadBucket"),
            "{operations:?}"
        );
        assert!(found("states:StartExecution").contains(&"stepfunctions:StartExecution".to_owned()));
    }

    #[test]
    fn a_service_is_found_under_every_name() {
        for query in ["stepfunctions", "StepFunctions", "SFNClient", "@aws-sdk/client-sfn", "service/sfn"] {
            let service = Catalog::embedded().lookup(query).service;
            assert_eq!(service.map(Service::name), Some("stepfunctions"), "{query}");
        }
    }

    #[test]
    fn unknown_words_get_the_nearest_names() {
        for (query, expected) in [
            ("put_itme", "put_item"),
            ("PutObjet", "PutObject"),
            ("s3:GetObjcet", "s3:GetObject"),
            ("dynamdb:PutItem", "dynamodb:PutItem"),
            ("PutObjectComand", "PutObjectAcl"),
        ] {
            let lookup = Catalog::embedded().lookup(query);
            assert!(lookup.is_empty());
            assert!(lookup.nearest.iter().any(|name| name == expected), "{query}: {:?}", lookup.nearest);
        }
    }

    #[test]
    fn odd_queries_name_nothing_and_take_no_time() {
        let long = "a:".repeat(100_000);
        for query in ["", " ", ":", "::", ".", "()", "s3:", "\u{1b}[2J", "é:ü", "*", "s3:*", &long] {
            let lookup = Catalog::embedded().lookup(query);
            assert!(lookup.operations.is_empty() && lookup.actions.is_empty(), "{query:?}");
        }
    }
}
