//! Encodes the catalogue as one string pool and one byte table, laid out for binary search in place.
//! `src/table.rs` is the reader; both name the sections alike.
//!
//! Strings are sorted and unique, so the number of a string orders like its text. Fixed-width records
//! are little-endian `u32`; what has a variable length is in the stream, as LEB128 numbers.

use crate::format::{
    BindingMode, Condition, IamService, KeyUse, Operation, ResourceAction, ResourceModel, ResourceParam,
    Resources, Rule, Service, Source, SubResource, Target, TargetKind, Test, Verdict, WithValue,
};
use crate::naming;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// Everything that was read from the text files.
pub(crate) struct Catalogue {
    pub(crate) services: Vec<Service>,
    pub(crate) iam: Vec<IamService>,
    pub(crate) resources: Vec<Resources>,
}

/// The embedded files.
pub(crate) struct Tables {
    pub(crate) strings: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) layout: String,
}

/// No such string, record or stream position.
const NONE: u32 = u32::MAX;

/// Gives a string its number. The first pass collects, the second one looks up.
enum Strings {
    Collecting(BTreeSet<String>),
    Numbered(BTreeMap<String, u32>),
}

impl Strings {
    fn id(&mut self, text: &str) -> u32 {
        match self {
            Strings::Collecting(all) => {
                if !all.contains(text) {
                    all.insert(text.to_owned());
                }
                0
            }
            Strings::Numbered(ids) => ids.get(text).copied().unwrap_or(NONE),
        }
    }
}

#[derive(Default)]
struct Sections {
    services: Vec<u32>,
    operations: Vec<u32>,
    by_method: Vec<u32>,
    by_camel: Vec<u32>,
    by_package: Vec<u32>,
    by_v2: Vec<u32>,
    by_client: Vec<u32>,
    actions: Vec<u32>,
    types: Vec<u32>,
    resources: Vec<u32>,
    stream: Vec<u8>,
}

/// Encodes in two passes: the first finds all strings, the second uses their numbers.
pub(crate) fn encode(catalogue: &Catalogue) -> Result<Tables, String> {
    let mut strings = Strings::Collecting(BTreeSet::new());
    Encoder::new(catalogue, &mut strings).run()?;
    let Strings::Collecting(all) = strings else { return Err("strings are collected first".to_owned()) };
    let numbers = all.iter().zip(0_u32..).map(|(text, id)| (text.clone(), id)).collect();
    let mut strings = Strings::Numbered(numbers);
    let sections = Encoder::new(catalogue, &mut strings).run()?;
    lay_out(&all, &sections)
}

/// Longest string that a place in the pool can describe, and the bits of its length.
const LENGTH_BITS: u32 = 10;

/// The text of all strings, where a string that another one ends in is not repeated (`GetObject` in
/// `s3:GetObject`), and the place of each: start above its length.
fn pool(strings: &BTreeSet<String>) -> Result<(String, Vec<u32>), String> {
    let mut backwards: Vec<(Vec<u8>, &str)> =
        strings.iter().map(|text| (text.bytes().rev().collect(), text.as_str())).collect();
    backwards.sort();
    let mut pool = String::new();
    let mut places: HashMap<&str, u32> = HashMap::new();
    let mut host: Option<(&[u8], usize)> = None;
    // From behind, a string comes right after the longest one that ends in it.
    for (reversed, text) in backwards.iter().rev() {
        let start = match host {
            Some((longer, end)) if longer.starts_with(reversed) => end - text.len(),
            _ => {
                pool.push_str(text);
                host = Some((reversed, pool.len()));
                pool.len() - text.len()
            }
        };
        let too_long = text.len() >= 1 << LENGTH_BITS || start >= 1 << (32 - LENGTH_BITS);
        if too_long {
            return Err(format!("`{text}` does not fit into the string pool"));
        }
        places.insert(text, ((start as u32) << LENGTH_BITS) | text.len() as u32);
    }
    let places = strings.iter().filter_map(|text| places.get(text.as_str()).copied()).collect();
    Ok((pool, places))
}

fn lay_out(strings: &BTreeSet<String>, sections: &Sections) -> Result<Tables, String> {
    let (pool, places) = pool(strings)?;
    let mut bytes = Vec::new();
    let mut layout = String::new();
    let mut words = |name: &str, width: usize, section: &[u32]| {
        // Writing to a String cannot fail.
        let _ = writeln!(
            layout,
            "pub(crate) const {name}: Section = Section {{ start: {}, width: {width}, records: {} }};",
            bytes.len(),
            section.len() / width
        );
        bytes.extend(section.iter().flat_map(|word| word.to_le_bytes()));
    };
    words("STRINGS", 1, &places);
    words("SERVICES", SERVICE_WIDTH, &sections.services);
    words("OPERATIONS", OPERATION_WIDTH, &sections.operations);
    words("BY_METHOD", 1, &sections.by_method);
    words("BY_CAMEL", 1, &sections.by_camel);
    words("BY_PACKAGE", 1, &sections.by_package);
    words("BY_V2", 2, &sections.by_v2);
    words("BY_CLIENT", 2, &sections.by_client);
    words("ACTIONS", ACTION_WIDTH, &sections.actions);
    words("TYPES", TYPE_WIDTH, &sections.types);
    words("RESOURCES", RESOURCE_WIDTH, &sections.resources);
    let _ = writeln!(layout, "pub(crate) const STREAM: usize = {};", bytes.len());
    bytes.extend(&sections.stream);
    Ok(Tables { strings: pool, bytes, layout })
}

/// What tells a target from others: types are those of the action's service.
fn target_key(action: &str, target: &Target) -> String {
    format!("{} {target}", action.split(':').next().unwrap_or_default())
}

const SERVICE_WIDTH: usize = 11;
const OPERATION_WIDTH: usize = 5;
const ACTION_WIDTH: usize = 3;
const TYPE_WIDTH: usize = 2;
const RESOURCE_WIDTH: usize = 3;

struct Encoder<'a> {
    catalogue: &'a Catalogue,
    strings: &'a mut Strings,
    out: Sections,
    /// Position of an action in its section.
    actions: HashMap<String, u32>,
    templates: HashMap<String, String>,
    /// Where targets are in the stream.
    targets: HashMap<String, u32>,
    /// Lists that are in the stream already: many operations share their members, many actions their types.
    lists: HashMap<Vec<u32>, u32>,
}

type Encoded = Result<(), String>;

impl<'a> Encoder<'a> {
    fn new(catalogue: &'a Catalogue, strings: &'a mut Strings) -> Self {
        Encoder {
            catalogue,
            strings,
            out: Sections::default(),
            actions: HashMap::new(),
            templates: HashMap::new(),
            targets: HashMap::new(),
            lists: HashMap::new(),
        }
    }

    fn run(mut self) -> Result<Sections, String> {
        self.iam();
        self.services()?;
        self.indexes();
        self.resources()?;
        Ok(self.out)
    }

    fn id(&mut self, text: &str) -> u32 {
        self.strings.id(text)
    }

    fn position(&self) -> u32 {
        self.out.stream.len() as u32
    }

    fn put(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.out.stream.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.out.stream.push(number as u8);
    }

    /// Puts a list of numbers with its length, unless it is in the stream already; gives its offset.
    fn list(&mut self, numbers: Vec<u32>) -> u32 {
        if let Some(known) = self.lists.get(&numbers) {
            return *known;
        }
        let offset = self.position();
        self.put(numbers.len() as u32);
        for number in &numbers {
            self.put(*number);
        }
        self.lists.insert(numbers, offset);
        offset
    }

    fn put_text(&mut self, text: &str) {
        let id = self.id(text);
        self.put(id);
    }

    /// Zero for nothing, else the number of the string plus one.
    fn put_optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => {
                let id = self.id(text);
                self.put(id + 1);
            }
            None => self.put(0),
        }
    }

    fn iam(&mut self) {
        let mut types: Vec<(String, &str)> = Vec::new();
        let mut actions = Vec::new();
        for service in &self.catalogue.iam {
            for kind in &service.types {
                let template = kind.templates.first().map_or("", String::as_str);
                let name = format!("{}:{}", service.prefix, kind.name);
                self.templates.insert(name.clone(), template.to_owned());
                types.push((name, template));
            }
            actions.extend(
                service.actions.iter().map(|action| (format!("{}:{}", service.prefix, action.name), action)),
            );
        }
        types.sort();
        actions.sort_by(|left, right| left.0.cmp(&right.0));
        for (name, template) in types {
            let record = [self.id(&name), self.id(template)];
            self.out.types.extend(record);
        }
        for (position, (name, action)) in actions.into_iter().enumerate() {
            let types =
                action.types.iter().map(|(kind, required)| self.strings.id(kind) * 2 + u32::from(*required));
            let types = types.collect();
            let stream = self.list(types);
            let record = [self.id(&name), self.id(&action.level), stream];
            self.out.actions.extend(record);
            self.actions.insert(name, position as u32);
        }
    }

    fn services(&mut self) -> Encoded {
        let catalogue = self.catalogue;
        for (index, service) in (0_u32..).zip(&catalogue.services) {
            let first = (self.out.operations.len() / OPERATION_WIDTH) as u32;
            for operation in &service.operations {
                let members = operation.members.iter();
                let members =
                    members.map(|member| self.strings.id(&member.name) * 2 + u32::from(member.required));
                let members = members.collect();
                let members = self.list(members);
                self.targets(operation)
                    .map_err(|error| format!("{} {}: {error}", service.name, operation.name))?;
                let rules = self.position();
                self.put_optional(operation.reason.as_deref());
                self.put(operation.caveats.len() as u32);
                for caveat in &operation.caveats {
                    self.put_optional(caveat.unless.as_deref());
                    self.put_text(&caveat.text);
                }
                self.put(operation.keys.len() as u32);
                for key_use in &operation.keys {
                    self.key_use(key_use)
                        .map_err(|error| format!("{} {}: {error}", service.name, operation.name))?;
                }
                self.verdict(&operation.verdict)
                    .map_err(|error| format!("{} {}: {error}", service.name, operation.name))?;
                let camel = lower_first(&operation.name);
                let record =
                    [self.id(&operation.name), self.id(&operation.method), self.id(&camel), members, rules];
                self.out.operations.extend(record);
            }
            let last = (self.out.operations.len() / OPERATION_WIDTH) as u32;
            let names = self.position();
            self.names(service, first, last);
            let class = class_name(&service.id);
            let package = format!("@aws-sdk/client-{}", service.id.to_lowercase().replace(' ', "-"));
            let v2 = self.position();
            self.put(service.v2.len() as u32);
            for class in &service.v2 {
                self.put_text(class);
                for key in [class.clone(), class.to_lowercase()] {
                    let id = self.id(&key);
                    self.out.by_v2.extend([id, index]);
                }
            }
            let client = format!("{class}Client");
            let go_package = naming::go_package(&service.id);
            let java_client = naming::java_client(&service.id);
            let record = [
                self.id(&service.name),
                self.id(&package),
                self.id(&client),
                self.id(&class),
                v2,
                first,
                last,
                names,
                self.id(&go_package),
                self.id(&java_client),
                NONE,
            ];
            for client in [record[1], record[2], record[3], record[8], record[9]] {
                self.out.by_client.extend([client, index]);
            }
            self.out.services.extend(record);
        }
        Ok(())
    }

    /// Paginators, then waiters, each sorted by name.
    fn names(&mut self, service: &Service, first: u32, last: u32) {
        let find = |name: &str| {
            let found = service.operations.iter().position(|operation| operation.name == name);
            found.map_or(NONE, |position| first + position as u32).min(last)
        };
        self.put(service.paginators.len() as u32);
        for name in &service.paginators {
            self.put_text(name);
            self.put(find(name));
        }
        self.put(service.waiters.len() as u32);
        for waiter in &service.waiters {
            self.put_text(&waiter.name);
            let snake = crate::format::snake_case(&waiter.name);
            self.put_text(&snake);
            self.put(find(&waiter.operation));
        }
    }

    fn verdict(&mut self, verdict: &Verdict) -> Encoded {
        match verdict {
            Verdict::Unknown => self.put(0),
            Verdict::NoPermission => self.put(1),
            Verdict::Rules(rules) => {
                self.put(2);
                self.put(rules.len() as u32);
                for rule in rules {
                    self.rule(rule)?;
                }
            }
        }
        Ok(())
    }

    fn key_use(&mut self, key_use: &KeyUse) -> Encoded {
        self.put(u32::from(key_use.only));
        self.put_optional(key_use.by.as_deref());
        self.conditions(&key_use.conditions);
        for actions in [&key_use.of, &key_use.needs] {
            self.put(actions.len() as u32);
            for action in actions {
                let action = *self.actions.get(action).ok_or_else(|| format!("no action `{action}`"))?;
                self.put(action);
            }
        }
        Ok(())
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        self.put(conditions.len() as u32);
        for condition in conditions {
            let (kind, text) = match &condition.test {
                Test::Present => (0, None),
                Test::Equals(text) => (1, Some(text)),
                Test::StartsWith(text) => (2, Some(text)),
                Test::Contains(text) => (3, Some(text)),
                Test::KnownStart(text) => (4, Some(text)),
                Test::KnownEnd(text) => (5, Some(text)),
                Test::KnownPart(text) => (6, Some(text)),
            };
            self.put(kind * 2 + u32::from(condition.negated));
            self.put_text(&condition.path);
            self.put_optional(text.map(String::as_str));
        }
    }

    fn rule(&mut self, rule: &Rule) -> Encoded {
        let action = *self.actions.get(&rule.action).ok_or_else(|| format!("no action `{}`", rule.action))?;
        self.put(action);
        self.put_optional(rule.scope.as_deref());
        self.conditions(&rule.conditions);
        self.put(rule.targets.len() as u32);
        for target in &rule.targets {
            let key = target_key(&rule.action, target);
            let offset = *self.targets.get(&key).ok_or_else(|| format!("`{key}` is not there yet"))?;
            self.put(offset);
        }
        self.put(rule.with.len() as u32);
        for with in &rule.with {
            self.put_text(&with.operator);
            self.put_text(&with.key);
            self.put(with.values.len() as u32);
            for value in &with.values {
                let (kind, text) = match value {
                    WithValue::Path(text) => (0, text),
                    WithValue::Literal(text) => (1, text),
                };
                self.put(kind);
                self.put_text(text);
            }
        }
        Ok(())
    }

    /// Puts the targets of an operation's rules, which many operations share, before the rules.
    fn targets(&mut self, operation: &Operation) -> Encoded {
        let Verdict::Rules(rules) = &operation.verdict else { return Ok(()) };
        for rule in rules {
            for target in &rule.targets {
                let key = target_key(&rule.action, target);
                let numbers = self.target(&rule.action, target)?;
                let offset = self.list(numbers);
                self.targets.insert(key, offset);
            }
        }
        Ok(())
    }

    fn target(&mut self, action: &str, target: &Target) -> Result<Vec<u32>, String> {
        let prefix = action.split(':').next().unwrap_or_default();
        let (kind, template) = match &target.kind {
            TargetKind::Template(template) => (None, template.clone()),
            TargetKind::Type(kind) => {
                let template = self.templates.get(&format!("{prefix}:{kind}"));
                (Some(kind), template.cloned().ok_or_else(|| format!("no resource type `{prefix}:{kind}`"))?)
            }
        };
        let kind = kind.map_or(0, |kind| self.id(kind) + 1);
        let mut numbers = vec![u32::from(target.optional), kind, self.id(&template)];
        numbers.push(target.bindings.len() as u32);
        for binding in &target.bindings {
            let mode = BindingMode::ALL.iter().position(|mode| *mode == binding.mode).unwrap_or(0);
            numbers.extend([self.id(&binding.variable), mode as u32, binding.sources.len() as u32]);
            for source in &binding.sources {
                let (kind, text) = match source {
                    Source::Path(text) => (0, text),
                    Source::Literal(text) => (1, text),
                };
                numbers.extend([kind, self.id(text)]);
            }
        }
        Ok(numbers)
    }

    fn indexes(&mut self) {
        let operations: Vec<&[u32]> = self.out.operations.chunks_exact(OPERATION_WIDTH).collect();
        let sorted_by = |field: usize| {
            let mut order: Vec<u32> = (0..operations.len() as u32).collect();
            order.sort_by_key(|index| (operations[*index as usize][field], *index));
            order
        };
        let by_method = sorted_by(1);
        let by_camel = sorted_by(2);
        let services: Vec<&[u32]> = self.out.services.chunks_exact(SERVICE_WIDTH).collect();
        let mut by_package: Vec<u32> = (0..services.len() as u32).collect();
        by_package.sort_by_key(|index| services[*index as usize][1]);
        let sorted_pairs = |pairs: &[u32]| -> Vec<u32> {
            let sorted: BTreeSet<(u32, u32)> = pairs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            sorted.into_iter().flat_map(|(name, service)| [name, service]).collect()
        };
        let by_v2 = sorted_pairs(&self.out.by_v2);
        let by_client = sorted_pairs(&self.out.by_client);
        self.out.by_method = by_method;
        self.out.by_camel = by_camel;
        self.out.by_package = by_package;
        self.out.by_v2 = by_v2;
        self.out.by_client = by_client;
    }

    fn resources(&mut self) -> Encoded {
        let catalogue = self.catalogue;
        for resources in &catalogue.resources {
            let index = catalogue
                .services
                .iter()
                .position(|service| service.name == resources.service)
                .ok_or_else(|| format!("resources/{}.txt: no such service", resources.service))?;
            let mut models: Vec<&ResourceModel> = resources.types.iter().collect();
            models.sort_by(|left, right| left.name.cmp(&right.name));
            let first = (self.out.resources.len() / RESOURCE_WIDTH) as u32;
            for model in models {
                let stream = self.position();
                self.model(&catalogue.services[index], index, model)?;
                let record = [index as u32, self.id(&model.name), stream];
                self.out.resources.extend(record);
            }
            let slot = index * SERVICE_WIDTH + SERVICE_WIDTH - 1;
            self.out.services[slot] = first;
        }
        Ok(())
    }

    fn model(&mut self, service: &Service, index: usize, model: &ResourceModel) -> Encoded {
        self.put(model.identifiers.len() as u32);
        for identifier in &model.identifiers {
            self.put_text(identifier);
        }
        self.put(model.attributes.len() as u32);
        for (name, member) in &model.attributes {
            self.put_text(name);
            self.put_text(member);
        }
        let load: Vec<ResourceAction> = model.load.iter().cloned().collect();
        for actions in [&load, &model.actions, &model.batch, &model.collections] {
            self.put(actions.len() as u32);
            for action in actions {
                self.put_text(&action.name);
                self.operation(service, index, &action.operation)?;
                self.params(&action.params);
                self.sub_resource(action.result.as_ref());
            }
        }
        self.put(model.has.len() as u32);
        for has in &model.has {
            self.put_text(&has.name);
            self.sub_resource(Some(&has.resource));
        }
        self.put(model.waiters.len() as u32);
        for waiter in &model.waiters {
            let polled = service.waiters.iter().find(|known| known.name == waiter.waiter);
            let polled = polled.ok_or_else(|| format!("{}: no waiter `{}`", service.name, waiter.waiter))?;
            self.put_text(&waiter.name);
            self.operation(service, index, &polled.operation)?;
            self.params(&waiter.params);
            self.sub_resource(None);
        }
        Ok(())
    }

    fn operation(&mut self, service: &Service, index: usize, name: &str) -> Encoded {
        let position = service.operations.iter().position(|operation| operation.name == name);
        let position = position.ok_or_else(|| format!("{}: no operation `{name}`", service.name))?;
        let first = self.out.services[index * SERVICE_WIDTH + 5];
        self.put(first + position as u32);
        Ok(())
    }

    fn params(&mut self, params: &[ResourceParam]) {
        self.put(params.len() as u32);
        for param in params {
            self.put_text(&param.target);
            let (kind, value) = param.source.split_once(':').unwrap_or((&param.source, ""));
            let kind =
                ["id", "data", "param", "response", "input", "text"].iter().position(|known| *known == kind);
            self.put(kind.unwrap_or(3) as u32);
            self.put_text(value);
        }
    }

    fn sub_resource(&mut self, resource: Option<&SubResource>) {
        self.put_optional(resource.map(|resource| resource.kind.as_str()));
        self.params(resource.map_or(&[], |resource| &resource.identifiers));
    }
}

/// `getObject` for `GetObject`.
fn lower_first(name: &str) -> String {
    let mut characters = name.chars();
    characters
        .next()
        .map(|first| first.to_ascii_lowercase().to_string() + characters.as_str())
        .unwrap_or_default()
}

/// The class name that JavaScript SDK v3 makes of a service id: its words, each with a capital first.
fn class_name(id: &str) -> String {
    id.split(|character: char| !character.is_ascii_alphanumeric())
        .map(|word| {
            let mut characters = word.chars();
            characters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + characters.as_str())
                .unwrap_or_default()
        })
        .collect()
}
