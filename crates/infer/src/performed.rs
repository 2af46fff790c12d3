//! Calls that are written down in templates, such as those of a state machine, in the form of calls in
//! code: everything after that asks and reports the same for both.

use std::collections::HashMap;
use std::sync::Arc;

use perm_infer_analysis::{Atom, Dict, Entry, External, Hole, HoleReason, Text, Value};
use perm_infer_catalog::{Catalog, Operation, Service};
use perm_infer_infra::{Argument, Call};
use perm_infer_policy::{Part, Pattern};

use crate::calls::{FoundCall, Place};

/// The services of the catalogue by the names that integrations of AWS give them.
pub(crate) struct Services(HashMap<String, Service>);

impl Services {
    pub(crate) fn new(catalog: Catalog) -> Self {
        let mut services = HashMap::new();
        for service in catalog.services() {
            // "Supported AWS SDK service integrations" in the AWS Step Functions Developer Guide lists the
            // names of the clients in the SDK for Java 2.x.
            let client = service.java_client();
            let name = client.strip_suffix("Client").unwrap_or(client).to_ascii_lowercase();
            services.entry(name).or_insert(service);
        }
        // The AWS CLI names them as the SDK for Python does.
        for service in catalog.services() {
            services.entry(service.name().to_owned()).or_insert(service);
        }
        Services(services)
    }

    /// A call of a template as one that counts.
    pub(crate) fn found(&self, call: &Call) -> FoundCall {
        let service = self.0.get(&call.service).copied();
        let operation = service.and_then(|service| operation(service, &call.operation));
        let has_small_members = operation.is_some_and(has_small_members);
        let mut arguments = value(&call.arguments, has_small_members);
        if let (Some(operation), Argument::Map(entries)) = (operation, &call.arguments) {
            arguments = with_members(operation, entries, has_small_members);
        }
        FoundCall {
            service: service.map_or_else(|| call.service.as_str().into(), |service| service.name().into()),
            operation: operation
                .map_or_else(|| call.operation.as_str().into(), |operation| operation.name().into()),
            params: vec![arguments],
            certain: true,
            place: Place::Template { location: call.location.clone(), reason: call.reason.clone() },
            chain: Vec::new(),
            role: None,
        }
    }
}

/// The operation of a name whose first letter may be small, or that is written as in the AWS CLI.
fn operation(service: Service, name: &str) -> Option<Operation> {
    service
        .operation(name)
        .or_else(|| service.operation(&with_first(name, char::to_ascii_uppercase)))
        .or_else(|| service.operation_for_method(name))
}

/// The parameters of a call. Options of the AWS CLI have the names of members in small letters with dashes.
fn with_members(operation: Operation, entries: &[(String, Argument)], small: bool) -> Value {
    let named = entries.iter().map(|(key, argument)| {
        let is_option = key.contains('-') || key.starts_with(|first: char| first.is_ascii_lowercase());
        let letters = key.replace('-', "");
        let member =
            operation.input_members().find(|member| is_option && member.eq_ignore_ascii_case(&letters));
        (member.map_or_else(|| key.clone(), str::to_owned), argument.clone())
    });
    value(&Argument::Map(named.collect()), small)
}

/// Integrations write all members with a capital letter, the API some of them without.
fn has_small_members(operation: Operation) -> bool {
    operation.input_members().any(|member| member.starts_with(|first: char| first.is_ascii_lowercase()))
}

fn with_first(name: &str, change: impl Fn(&char) -> char) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| change(&first)).into_iter().chain(letters).collect()
}

fn value(argument: &Argument, small: bool) -> Value {
    match argument {
        Argument::Given(expression) => {
            Value::unknown(Hole::new(HoleReason::Parameter(expression.as_str().into())))
        }
        Argument::Text(patterns) => {
            let texts = patterns.iter().map(|pattern| Value::from(Atom::Text(text(pattern))));
            texts.reduce(|all, one| all.joined(&one)).unwrap_or_default()
        }
        Argument::List(items) => Value::list(items.iter().map(|item| value(item, small)).collect()),
        Argument::Map(entries) => {
            let entry = |(key, item): &(String, Argument)| {
                let key = if small { with_first(key, char::to_ascii_lowercase) } else { key.clone() };
                (Text::literal(&key, None), value(item, small))
            };
            Value::dict(entries.iter().map(entry).collect())
        }
    }
}

/// What the result of an entry point is handed to.
pub(crate) fn receiver(receiver: &perm_infer_infra::Receiver) -> perm_infer_analysis::Receiver {
    perm_infer_analysis::Receiver {
        function: External::new(receiver.module, receiver.function),
        arguments: receiver.arguments.iter().map(|argument| value(argument, false)).collect(),
    }
}

/// The event of a function: of fields that are not told it may have any.
pub(crate) fn event(known: &Argument) -> Value {
    let open = || Value::unknown(Hole::new(HoleReason::Parameter("event".into())));
    match known {
        Argument::Given(_) => open(),
        Argument::Text(_) => value(known, false),
        Argument::List(items) => {
            let items = items.iter().map(event).reduce(|all, one| all.joined(&one));
            Value::list_of(items.unwrap_or_else(open))
        }
        Argument::Map(entries) => {
            let entry = |(key, field): &(String, Argument)| Entry {
                key: Text::literal(key, None),
                value: event(field),
                maybe: false,
            };
            Dict::new(entries.iter().map(entry).collect(), Some(open())).into()
        }
    }
}

/// A pattern as a text: references stay what they are, everything else that is open is a hole.
fn text(pattern: &Pattern) -> Text {
    let mut text = Text::default();
    for part in pattern.parts() {
        match part {
            Part::Literal(literal) => text.push_text(&Text::literal(literal, None)),
            Part::Raw(symbol) => text.push_text(&hole(HoleReason::Reference(symbol.as_str().into()))),
            Part::Any | Part::AnyChars(_) => text.push_text(&hole(HoleReason::Computed)),
        }
    }
    text
}

fn hole(reason: HoleReason) -> Text {
    Text::hole(Arc::new(Hole::new(reason)), None)
}
