//! Functions of a configuration as resources of a template, beside those under `resources`.

use std::collections::BTreeMap;

use super::variables::Variables;
use super::{events, machines};
use crate::tree::make::{map, scalar};
use crate::tree::{Entry, Kind, Mark, Node};

/// All resources, and the names of functions by their logical ids.
pub(super) fn resources(
    variables: &mut Variables<'_>,
    service: &str,
    stage: &str,
) -> (Vec<Entry>, BTreeMap<String, String>) {
    let mut resources = Vec::new();
    let stated = variables.root.get("resources").cloned();
    for part in stated.map(|stated| variables.resolved(&stated)).iter().flat_map(parts) {
        let inner = part.get("Resources").map(Node::entries).unwrap_or_default();
        resources.extend(inner.iter().cloned());
    }
    let mut names = BTreeMap::new();
    let own_roles = variables.root.get("plugins").is_some_and(names_roles_plugin);
    let provider = variables.root.get("provider").cloned().map(|provider| variables.resolved(&provider));
    let wsgi = variables.root.at_path(&["custom", "wsgi", "app"]).cloned();
    let wsgi = wsgi.map(|application| variables.resolved(&application));
    let functions = variables.root.get("functions").cloned().map(|all| variables.resolved(&all));
    for part in functions.iter().flat_map(parts) {
        for entry in part.entries() {
            let id = logical_id(&entry.key);
            names.insert(id.clone(), entry.key.clone());
            let function = Function { entry, provider: provider.as_ref(), wsgi: wsgi.as_ref(), own_roles };
            resources.push(Entry { key: id, at: entry.at, value: function.resource(service, stage) });
        }
    }
    let functions: Vec<String> = names.values().cloned().collect();
    resources.extend(machines::resources(variables, &functions));
    (resources, names)
}

/// What else the stated resources come with: conditions, mappings, outputs, in the sections' order.
pub(super) fn sections(variables: &mut Variables<'_>) -> Vec<Entry> {
    let stated = variables.root.get("resources").cloned();
    let Some(stated) = stated.map(|stated| variables.resolved(&stated)) else { return Vec::new() };
    let section = |name: &str| {
        let entries = parts(&stated).into_iter().filter_map(|part| part.get(name));
        let entries: Vec<Entry> = entries.flat_map(Node::entries).cloned().collect();
        let at = entries.first().map_or(stated.at, |first| first.at);
        entry(name, at, map(at, entries))
    };
    ["Conditions", "Mappings", "Outputs"].into_iter().map(section).collect()
}

/// A map, or each map of a list.
fn parts(node: &Node) -> Vec<&Node> {
    match node.items() {
        [] => vec![node],
        items => items.iter().collect(),
    }
}

/// The logical id that the framework gives a function.
/// Source: "Serverless Framework - AWS Resource Reference".
pub(crate) fn logical_id(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    let rest = characters.as_str().replace('-', "Dash").replace('_', "Underscore");
    format!("{}{rest}LambdaFunction", first.map(String::from).unwrap_or_default())
}

struct Function<'a> {
    entry: &'a Entry,
    provider: Option<&'a Node>,
    /// The application of the plugin `serverless-wsgi`, whose own module is the handler.
    wsgi: Option<&'a Node>,
    /// Whether the plugin `serverless-iam-roles-per-function` gives functions with statements roles of their own.
    own_roles: bool,
}

fn names_roles_plugin(plugins: &Node) -> bool {
    let list = plugins.get("modules").unwrap_or(plugins);
    list.items().iter().any(|plugin| plugin.text() == Some("serverless-iam-roles-per-function"))
}

impl Function<'_> {
    fn own(&self, key: &str) -> Option<&Node> {
        self.entry.value.get(key)
    }

    /// The property of the function, else that of the provider.
    fn inherited(&self, key: &str) -> Option<&Node> {
        self.own(key).or_else(|| self.provider?.get(key))
    }

    fn resource(&self, service: &str, stage: &str) -> Node {
        let at = self.entry.at;
        // Plugins that package each function take `module` for the directory of its code.
        let place = self.own("module").filter(|module| module.text().is_some()).cloned();
        let place = place.unwrap_or_else(|| scalar(".", at));
        let mut properties =
            vec![entry("FunctionName", at, self.name(service, stage)), entry("CodeUri", place.at, place)];
        let mut add = |key: &str, node: Option<&Node>| {
            properties.extend(node.map(|node| entry(key, node.at, node.clone())));
        };
        let is_wsgi =
            self.own("handler").and_then(Node::text).is_some_and(|text| text.starts_with("wsgi_handler."));
        add("Handler", self.wsgi.filter(|_| is_wsgi).or_else(|| self.own("handler")));
        add("Runtime", self.inherited("runtime"));
        add("KmsKeyArn", self.inherited("kmsKeyArn").or_else(|| self.inherited("awsKmsKeyArn")));
        add("Layers", self.inherited("layers"));
        add("FunctionUrlConfig", self.own("url"));
        properties.extend(self.role());
        properties.extend(self.environment());
        properties.extend(self.vpc());
        properties.extend(self.tracing());
        properties.extend(self.own("onError").map(|target| {
            entry(
                "DeadLetterQueue",
                target.at,
                map(target.at, vec![entry("TargetArn", target.at, target.clone())]),
            )
        }));
        properties.extend(self.file_system());
        properties.extend(self.destinations());
        properties.extend(self.image());
        properties.push(entry("Events", at, map(at, events::of_function(self.own("events")))));
        let mut resource = vec![
            entry("Type", at, scalar("AWS::Serverless::Function", at)),
            entry("Properties", at, map(at, properties)),
        ];
        resource.extend(self.image_metadata());
        map(at, resource)
    }

    /// The role that the function is given, or what the framework puts into the role that it makes.
    /// Sources: "IAM" in the Serverless Framework documentation; README of `serverless-iam-roles-per-function`.
    fn role(&self) -> Vec<Entry> {
        let iam = self.provider.and_then(|provider| provider.at_path(&["iam", "role"]));
        let shared =
            self.provider.and_then(|provider| provider.get("role")).or(iam.filter(|role| is_reference(role)));
        if let Some(role) = self.own("role").or(shared) {
            // A name without more is that of a resource.
            let role = match role.text().filter(|text| !text.starts_with("arn:")) {
                Some(name) => arn_of(name, role.at),
                None => role.clone(),
            };
            return vec![entry("Role", role.at, role)];
        }
        let old = self.provider.and_then(|provider| provider.get("iamRoleStatements"));
        let statements = iam.and_then(|role| role.get("statements")).or(old);
        let managed = iam.and_then(|role| role.get("managedPolicies"));
        let managed = managed.or(self.provider.and_then(|provider| provider.get("iamManagedPolicies")));
        let own = self.own("iamRoleStatements").filter(|_| self.own_roles);
        let inherits =
            self.own("iamRoleStatementsInherit").and_then(Node::text).is_some_and(|text| text == "true");
        let mut policies: Vec<Node> = own.map(policy_of).into_iter().collect();
        if own.is_none() || inherits {
            policies.extend(statements.map(policy_of));
        }
        policies.extend(managed.into_iter().flat_map(Node::items).cloned());
        let boundary =
            iam.and_then(|role| role.get("permissionsBoundary").or(role.get("permissionBoundary")));
        let at = self.entry.at;
        let mut properties = vec![entry("Policies", at, Node { at, kind: Kind::List(policies) })];
        properties.extend(boundary.map(|arn| entry("PermissionsBoundary", arn.at, arn.clone())));
        // A property that functions of AWS SAM do not have.
        let name = iam.and_then(|role| role.get("name")).filter(|_| own.is_none());
        properties.extend(name.map(|name| entry("RoleName", name.at, name.clone())));
        properties
    }

    fn name(&self, service: &str, stage: &str) -> Node {
        match self.own("name") {
            Some(name) => name.clone(),
            None => scalar(&format!("{service}-{stage}-{}", self.entry.key), self.entry.at),
        }
    }

    fn environment(&self) -> Option<Entry> {
        let own = self.own("environment");
        let shared = self.provider.and_then(|provider| provider.get("environment"));
        let at = own.or(shared)?.at;
        let mut variables: Vec<Entry> = own.map(|own| own.entries().to_vec()).unwrap_or_default();
        for entry in shared.map(Node::entries).unwrap_or_default() {
            if !variables.iter().any(|own| own.key == entry.key) {
                variables.push(entry.clone());
            }
        }
        Some(entry("Environment", at, map(at, vec![entry("Variables", at, map(at, variables))])))
    }

    fn vpc(&self) -> Option<Entry> {
        let vpc = self.inherited("vpc")?;
        let subnets = vpc.get("subnetIds")?;
        Some(entry("VpcConfig", vpc.at, map(vpc.at, vec![entry("SubnetIds", subnets.at, subnets.clone())])))
    }

    fn tracing(&self) -> Option<Entry> {
        let shared = self.provider.and_then(|provider| provider.at_path(&["tracing", "lambda"]));
        let mode = self.own("tracing").or(shared)?;
        let is_active = mode.text().is_some_and(|text| text == "true" || text == "Active");
        is_active.then(|| entry("Tracing", mode.at, scalar("Active", mode.at)))
    }

    fn file_system(&self) -> Option<Entry> {
        let config = self.own("fileSystemConfig")?;
        let arn = config.get("arn")?;
        let one = map(config.at, vec![entry("Arn", arn.at, arn.clone())]);
        Some(entry("FileSystemConfigs", config.at, Node { at: config.at, kind: Kind::List(vec![one]) }))
    }

    /// A destination is the ARN of a target, or the name of a function of the same service.
    fn destinations(&self) -> Option<Entry> {
        let stated = self.own("destinations")?;
        let side = |from: &str, to: &str| -> Option<Entry> {
            let target = stated.get(from)?;
            let at = target.at;
            let arn = target.get("arn").unwrap_or(target);
            let arn = match arn.text().filter(|text| !text.starts_with("arn:")) {
                Some(name) => arn_of(&logical_id(name), at),
                None => arn.clone(),
            };
            Some(entry(to, at, map(at, vec![entry("Destination", at, arn)])))
        };
        let sides = [side("onSuccess", "OnSuccess"), side("onFailure", "OnFailure")];
        let at = stated.at;
        let config = entry("DestinationConfig", at, map(at, sides.into_iter().flatten().collect()));
        Some(entry("EventInvokeConfig", at, map(at, vec![config])))
    }

    fn image(&self) -> Vec<Entry> {
        let Some(image) = self.own("image") else { return Vec::new() };
        let at = image.at;
        let mut properties = vec![entry("PackageType", at, scalar("Image", at))];
        properties.extend(image.get("command").map(|command| {
            entry("ImageConfig", at, map(at, vec![entry("Command", command.at, command.clone())]))
        }));
        properties
    }

    /// The build context of an image that the configuration builds.
    fn image_metadata(&self) -> Option<Entry> {
        let image = self.own("image")?;
        let name = image.get("name").unwrap_or(image).text()?;
        let built = self.provider?.at_path(&["ecr", "images", name])?;
        let path = built.get("path").unwrap_or(built);
        let mut metadata = vec![entry("DockerContext", path.at, path.clone())];
        metadata.extend(built.get("file").map(|file| entry("Dockerfile", file.at, file.clone())));
        Some(entry("Metadata", image.at, map(image.at, metadata)))
    }
}

/// Whether a role is one that is there already: an ARN, or a reference to a resource.
fn is_reference(role: &Node) -> bool {
    role.text().is_some() || role.intrinsic().is_some()
}

/// The ARN of a resource.
fn arn_of(id: &str, at: Mark) -> Node {
    let parts = vec![scalar(id, at), scalar("Arn", at)];
    map(at, vec![entry("Fn::GetAtt", at, Node { at, kind: Kind::List(parts) })])
}

/// A policy with these statements.
fn policy_of(statements: &Node) -> Node {
    let at = statements.at;
    map(at, vec![entry("Statement", at, statements.clone())])
}

pub(super) fn entry(key: &str, at: Mark, value: Node) -> Entry {
    Entry { key: key.to_owned(), at, value }
}
