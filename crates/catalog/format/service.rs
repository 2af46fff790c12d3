//! The files of the text form: an SDK service with its operations, an IAM service with its actions
//! and resource types, and the boto3 resource models. Each has `parse` (errors carry the line number)
//! and `Display`; what is printed parses to the same value.

use super::caveat::Caveat;
use super::key_use::KeyUse;
use super::rule::Rule;
use super::words::{FormatError, split_outside, split_reason};
use std::fmt::{self, Display};

/// `data/sdk/<name>.txt`: one service as the SDKs know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Name in botocore and boto3.
    pub name: String,
    /// The service id of which JavaScript SDK v3 makes `@aws-sdk/client-...` and the client's name.
    pub id: String,
    /// Class names in the JavaScript SDK v2.
    pub v2: Vec<String>,
    /// Operations that boto3 can paginate.
    pub paginators: Vec<String>,
    /// Waiter and the operation it polls.
    pub waiters: Vec<NamedOperation>,
    /// All operations.
    pub operations: Vec<Operation>,
}

/// A name and the operation behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedOperation {
    /// The waiter.
    pub name: String,
    /// The operation.
    pub operation: String,
}

/// One line of a service file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// `PutObject`.
    pub name: String,
    /// boto3's method name.
    pub method: String,
    /// Members of the input.
    pub members: Vec<Member>,
    /// What the operation needs.
    pub verdict: Verdict,
    /// What it needs of the keys that encrypt its resources.
    pub keys: Vec<KeyUse>,
    /// What else decides.
    pub caveats: Vec<Caveat>,
    /// Why the verdict differs from what the upstreams say.
    pub reason: Option<String>,
}

/// A top-level member of an operation's input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Whether the service insists on it.
    pub required: bool,
}

/// What an operation needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These permissions.
    Rules(Vec<Rule>),
    /// Nothing; the reason of the line says why.
    NoPermission,
    /// Nobody knows.
    Unknown,
}

/// `data/iam/<prefix>.txt`: one service as IAM knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IamService {
    /// The prefix of its actions.
    pub prefix: String,
    /// Resource types.
    pub types: Vec<ResourceType>,
    /// Actions.
    pub actions: Vec<Action>,
}

/// A resource type with its ARN templates (mostly one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceType {
    /// Name, spaces written as `-`.
    pub name: String,
    /// ARN templates.
    pub templates: Vec<String>,
}

/// An IAM action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Name without prefix.
    pub name: String,
    /// `Read`, `Write`, `List`, `Tagging` or `Permissions`.
    pub level: String,
    /// Resource types and whether each is required.
    pub types: Vec<(String, bool)>,
    /// Set for an action that the IAM data lacks.
    pub reason: Option<String>,
}

/// `data/resources/<service>.txt`: the boto3 resources of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resources {
    /// boto3's service name.
    pub service: String,
    /// The resource types; the service itself is the first, named `-`.
    pub types: Vec<ResourceModel>,
}

/// A boto3 resource type. Names are as Python code writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResourceModel {
    /// `Bucket`; `-` for the service resource.
    pub name: String,
    /// Identifiers in order, with the member of the shape that repeats it, if any.
    pub identifiers: Vec<String>,
    /// Attributes that `load` fetches: Python name and member of the shape.
    pub attributes: Vec<(String, String)>,
    /// What loading calls.
    pub load: Option<ResourceAction>,
    /// Methods.
    pub actions: Vec<ResourceAction>,
    /// Methods of a collection of this type.
    pub batch: Vec<ResourceAction>,
    /// Sub-resources and references.
    pub has: Vec<ResourceHas>,
    /// Collections.
    pub collections: Vec<ResourceAction>,
    /// Waiters.
    pub waiters: Vec<ResourceWaiter>,
}

/// A method of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceAction {
    /// Python name.
    pub name: String,
    /// The operation it performs.
    pub operation: String,
    /// What the method adds to the request.
    pub params: Vec<ResourceParam>,
    /// The resource it gives.
    pub result: Option<SubResource>,
}

/// Something the resource adds to a request or hands to a sub-resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceParam {
    /// The member path or the identifier (Python name) that is set.
    pub target: String,
    /// `id:`, `data:`, `param:`, `response:` with a name, `input`, or `text:` with the value.
    pub source: String,
}

/// The type and identifiers of a resource made from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubResource {
    /// The type.
    pub kind: String,
    /// Where its identifiers come from.
    pub identifiers: Vec<ResourceParam>,
}

/// A sub-resource or reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceHas {
    /// Attribute in Python.
    pub name: String,
    /// What it makes.
    pub resource: SubResource,
}

/// A waiter method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceWaiter {
    /// `wait_until_exists`.
    pub name: String,
    /// The waiter of the service.
    pub waiter: String,
    /// What the method adds to the request.
    pub params: Vec<ResourceParam>,
}

type Parsed<T> = Result<T, FormatError>;

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn at_line<T>(number: usize, result: Parsed<T>) -> Parsed<T> {
    result.map_err(|error| FormatError(format!("line {number}: {error}")))
}

impl Service {
    /// Reads a service file.
    ///
    /// # Errors
    /// When a line does not have the expected form; the message starts with its number.
    pub fn parse(text: &str) -> Parsed<Service> {
        let mut service = Service::default();
        for (number, line) in lines(text) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "service" => rest.clone_into(&mut service.name),
                "id" => rest.clone_into(&mut service.id),
                "v2" => service.v2 = rest.split(' ').map(str::to_owned).collect(),
                "paginator" => service.paginators.push(rest.to_owned()),
                "waiter" => {
                    let (name, operation) = rest.split_once(' ').unwrap_or((rest, rest));
                    service
                        .waiters
                        .push(NamedOperation { name: name.to_owned(), operation: operation.to_owned() });
                }
                _ => service.operations.push(at_line(number, Operation::parse(line))?),
            }
        }
        Ok(service)
    }
}

impl Display for Service {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "service {}\nid {}", self.name, self.id)?;
        if !self.v2.is_empty() {
            writeln!(out, "v2 {}", self.v2.join(" "))?;
        }
        for paginator in &self.paginators {
            writeln!(out, "paginator {paginator}")?;
        }
        for waiter in &self.waiters {
            writeln!(out, "waiter {} {}", waiter.name, waiter.operation)?;
        }
        for operation in &self.operations {
            writeln!(out, "{operation}")?;
        }
        Ok(())
    }
}

impl Operation {
    fn parse(line: &str) -> Parsed<Operation> {
        let malformed = || FormatError(format!("`Name(members) = rules` expected, not `{line}`"));
        let (facts, reason) = split_reason(line);
        let (head, body) = facts.split_once(" = ").ok_or_else(malformed)?;
        let (name, members) =
            head.strip_suffix(')').and_then(|head| head.split_once('(')).ok_or_else(malformed)?;
        let (name, method) = match name.split_once('/') {
            Some((name, method)) => (name, method.to_owned()),
            None => (name, super::words::snake_case(name)),
        };
        let members = members
            .split(' ')
            .filter(|member| !member.is_empty())
            .map(|member| Member {
                name: member.trim_end_matches('!').to_owned(),
                required: member.ends_with('!'),
            })
            .collect();
        let (keys, rules): (Vec<&str>, Vec<&str>) =
            split_outside(body, ';').into_iter().partition(|rule| rule.starts_with("key of "));
        let (caveats, rules): (Vec<&str>, Vec<&str>) =
            rules.into_iter().partition(|rule| rule.starts_with("caveat "));
        let verdict = match rules.as_slice() {
            ["none"] => Verdict::NoPermission,
            ["unknown"] => Verdict::Unknown,
            rules => Verdict::Rules(rules.iter().map(|rule| Rule::parse(rule)).collect::<Parsed<_>>()?),
        };
        let keys = keys.into_iter().map(KeyUse::parse).collect::<Parsed<_>>()?;
        let caveats = caveats.into_iter().map(Caveat::parse).collect::<Parsed<_>>()?;
        let reason = reason.map(str::to_owned);
        Ok(Operation { name: name.to_owned(), method, members, verdict, keys, caveats, reason })
    }
}

impl Display for Operation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)?;
        if self.method != super::words::snake_case(&self.name) {
            write!(out, "/{}", self.method)?;
        }
        out.write_str("(")?;
        for (position, member) in self.members.iter().enumerate() {
            let space = if position > 0 { " " } else { "" };
            write!(out, "{space}{}{}", member.name, if member.required { "!" } else { "" })?;
        }
        out.write_str(") = ")?;
        match &self.verdict {
            Verdict::NoPermission => out.write_str("none")?,
            Verdict::Unknown => out.write_str("unknown")?,
            Verdict::Rules(rules) => {
                for (position, rule) in rules.iter().enumerate() {
                    write!(out, "{}{rule}", if position > 0 { " ; " } else { "" })?;
                }
            }
        }
        for key_use in &self.keys {
            write!(out, " ; {key_use}")?;
        }
        for caveat in &self.caveats {
            write!(out, " ; {caveat}")?;
        }
        match &self.reason {
            Some(reason) => write!(out, " -- {reason}"),
            None => Ok(()),
        }
    }
}

impl IamService {
    /// Adds an action, unless one of its name is there.
    pub fn add(&mut self, action: Action) {
        if !self.actions.iter().any(|known| known.name == action.name) {
            self.actions.push(action);
            self.actions.sort_by(|left, right| left.name.cmp(&right.name));
        }
    }

    /// Reads an IAM file.
    ///
    /// # Errors
    /// When a line does not have the expected form; the message starts with its number.
    pub fn parse(text: &str) -> Parsed<IamService> {
        let mut service = IamService::default();
        for (number, line) in lines(text) {
            let (facts, reason) = split_reason(line);
            let mut words = facts.split(' ');
            match (words.next(), words.next()) {
                (Some("prefix"), Some(prefix)) => prefix.clone_into(&mut service.prefix),
                (Some("type"), Some(name)) => service.types.push(ResourceType {
                    name: name.to_owned(),
                    templates: words.map(str::to_owned).collect(),
                }),
                (Some("action"), Some(name)) => {
                    let level = words.next().unwrap_or("").to_owned();
                    let types = words
                        .map(|word| (word.trim_end_matches('!').to_owned(), word.ends_with('!')))
                        .collect();
                    let reason = reason.map(str::to_owned);
                    service.actions.push(Action { name: name.to_owned(), level, types, reason });
                }
                _ => {
                    return at_line(
                        number,
                        Err(FormatError(format!("`prefix`, `type` or `action` expected, not `{line}`"))),
                    );
                }
            }
        }
        Ok(service)
    }
}

impl Display for IamService {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "prefix {}", self.prefix)?;
        for kind in &self.types {
            writeln!(out, "type {} {}", kind.name, kind.templates.join(" "))?;
        }
        for action in &self.actions {
            write!(out, "action {} {}", action.name, action.level)?;
            for (name, required) in &action.types {
                write!(out, " {name}{}", if *required { "!" } else { "" })?;
            }
            match &action.reason {
                Some(reason) => writeln!(out, " -- {reason}")?,
                None => writeln!(out)?,
            }
        }
        Ok(())
    }
}

impl Resources {
    /// Reads a resource file.
    ///
    /// # Errors
    /// When a line does not have the expected form; the message starts with its number.
    pub fn parse(text: &str) -> Parsed<Resources> {
        let mut resources = Resources::default();
        for (number, line) in lines(text) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match (word, resources.types.last_mut()) {
                ("service", _) => rest.clone_into(&mut resources.service),
                ("resource", _) => {
                    resources.types.push(ResourceModel { name: rest.to_owned(), ..ResourceModel::default() });
                }
                (_, Some(model)) => at_line(number, model.parse_line(word, rest))?,
                (_, None) => {
                    return at_line(number, Err(FormatError("`resource` expected first".to_owned())));
                }
            }
        }
        Ok(resources)
    }
}

impl ResourceModel {
    fn parse_line(&mut self, word: &str, rest: &str) -> Parsed<()> {
        match word {
            "id" => self.identifiers.push(rest.to_owned()),
            "data" => {
                let (name, member) = rest.split_once('=').unwrap_or((rest, rest));
                self.attributes.push((name.to_owned(), member.to_owned()));
            }
            "load" => self.load = Some(ResourceAction::parse(rest)?),
            "action" => self.actions.push(ResourceAction::parse(rest)?),
            "batch" => self.batch.push(ResourceAction::parse(rest)?),
            "many" => self.collections.push(ResourceAction::parse(rest)?),
            "has" => {
                let (name, target) = two_words(rest)?;
                self.has.push(ResourceHas { name, resource: SubResource::parse(target)? });
            }
            "waiter" => {
                let (name, target) = two_words(rest)?;
                let (waiter, params) = parse_call(target)?;
                self.waiters.push(ResourceWaiter { name, waiter, params });
            }
            other => return Err(FormatError(format!("unknown word `{other}`"))),
        }
        Ok(())
    }
}

fn two_words(text: &str) -> Parsed<(String, &str)> {
    let (first, rest) =
        text.split_once(' ').ok_or_else(|| FormatError(format!("two words expected in `{text}`")))?;
    Ok((first.to_owned(), rest))
}

/// Reads `Name(target=source, target=source)`.
fn parse_call(text: &str) -> Parsed<(String, Vec<ResourceParam>)> {
    let malformed = || FormatError(format!("`Name(target=source, ...)` expected, not `{text}`"));
    let (name, params) =
        text.trim().strip_suffix(')').and_then(|head| head.split_once('(')).ok_or_else(malformed)?;
    let params = split_outside(params, ',')
        .into_iter()
        .map(|param| {
            let (target, source) = param.split_once('=').ok_or_else(malformed)?;
            Ok(ResourceParam { target: target.to_owned(), source: source.to_owned() })
        })
        .collect::<Parsed<_>>()?;
    Ok((name.to_owned(), params))
}

impl ResourceAction {
    fn parse(text: &str) -> Parsed<ResourceAction> {
        let (name, rest) = two_words(text)?;
        let (call, result) = match rest.split_once(" => ") {
            Some((call, result)) => (call, Some(SubResource::parse(result)?)),
            None => (rest, None),
        };
        let (operation, params) = parse_call(call)?;
        Ok(ResourceAction { name, operation, params, result })
    }
}

impl SubResource {
    fn parse(text: &str) -> Parsed<SubResource> {
        let (kind, identifiers) = parse_call(text)?;
        Ok(SubResource { kind, identifiers })
    }
}

struct Call<'a>(&'a str, &'a [ResourceParam]);

impl Display for Call<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}(", self.0)?;
        for (position, param) in self.1.iter().enumerate() {
            let comma = if position > 0 { ", " } else { "" };
            write!(out, "{comma}{}={}", param.target, param.source)?;
        }
        out.write_str(")")
    }
}

impl Display for ResourceAction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.name, Call(&self.operation, &self.params))?;
        match &self.result {
            Some(result) => write!(out, " => {}", Call(&result.kind, &result.identifiers)),
            None => Ok(()),
        }
    }
}

impl Display for Resources {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "service {}", self.service)?;
        for model in &self.types {
            write!(out, "{model}")?;
        }
        Ok(())
    }
}

impl Display for ResourceModel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "resource {}", self.name)?;
        for identifier in &self.identifiers {
            writeln!(out, "  id {identifier}")?;
        }
        for (name, member) in &self.attributes {
            writeln!(out, "  data {name}={member}")?;
        }
        if let Some(load) = &self.load {
            writeln!(out, "  load {load}")?;
        }
        for (word, actions) in
            [("action", &self.actions), ("batch", &self.batch), ("many", &self.collections)]
        {
            for action in actions {
                writeln!(out, "  {word} {action}")?;
            }
        }
        for has in &self.has {
            writeln!(out, "  has {} {}", has.name, Call(&has.resource.kind, &has.resource.identifiers))?;
        }
        for waiter in &self.waiters {
            writeln!(out, "  waiter {} {}", waiter.name, Call(&waiter.waiter, &waiter.params))?;
        }
        Ok(())
    }
}
