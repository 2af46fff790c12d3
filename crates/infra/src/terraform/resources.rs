//! Resources of Terraform as resources of a template, wherever their arguments come from.

use std::collections::BTreeMap;
use std::path::Path;

use perm_infer_diagnostics::Diagnostic;

use super::{call, entry, is_null, list, map, nested, registry, scalar, types, unknown};
use crate::tree::{Entry, Files, Kind, LOOKED_UP, Mark, Node, mention};

/// One copy of a resource, of data or of a module that is known by its arguments.
pub(super) struct Resource {
    /// Its logical id.
    pub(super) id: String,
    /// Its name for people.
    pub(super) shown: String,
    /// The type, or the source of the module.
    pub(super) kind: String,
    pub(super) is_data: bool,
    pub(super) is_module: bool,
    /// Whether it comes from a plan or a state.
    pub(super) is_of_state: bool,
    pub(super) at: Mark,
    /// Its arguments; nested blocks are lists of maps.
    pub(super) values: Node,
    /// The directory of its module, relative to the root module.
    pub(super) directory: String,
}

/// Arguments by their paths and the properties they become.
pub(super) type Mapping = &'static [(&'static str, &'static [&'static str])];

const FUNCTION: Mapping = &[
    ("function_name", &["FunctionName"]),
    ("handler", &["Handler"]),
    ("runtime", &["Runtime"]),
    ("layers", &["Layers"]),
    ("kms_key_arn", &["KmsKeyArn"]),
    ("package_type", &["PackageType"]),
    ("tracing_config.mode", &["Tracing"]),
    ("environment.variables", &["Environment", "Variables"]),
    ("dead_letter_config.target_arn", &["DeadLetterQueue", "TargetArn"]),
    ("durable_config.execution_timeout", &["DurableConfig", "ExecutionTimeout"]),
    ("logging_config.log_group", &["LoggingConfig", "LogGroup"]),
    ("image_config.command", &["ImageConfig", "Command"]),
];

/// The same of the registry's module for functions.
const FUNCTION_MODULE: Mapping = &[
    ("function_name", &["FunctionName"]),
    ("handler", &["Handler"]),
    ("runtime", &["Runtime"]),
    ("layers", &["Layers"]),
    ("kms_key_arn", &["KmsKeyArn"]),
    ("package_type", &["PackageType"]),
    ("tracing_mode", &["Tracing"]),
    ("environment_variables", &["Environment", "Variables"]),
    ("dead_letter_target_arn", &["DeadLetterQueue", "TargetArn"]),
    ("logging_log_group", &["LoggingConfig", "LogGroup"]),
    ("image_config_command", &["ImageConfig", "Command"]),
];

const EVENT_SOURCE: Mapping = &[
    ("event_source_arn", &["EventSourceArn"]),
    ("enabled", &["Enabled"]),
    ("destination_config.on_failure.destination_arn", &["DestinationConfig", "OnFailure", "Destination"]),
    ("destination_arn_on_failure", &["DestinationConfig", "OnFailure", "Destination"]),
    ("self_managed_event_source", &["SelfManagedEventSource"]),
    ("document_db_event_source_config", &["DocumentDBEventSourceConfig"]),
];

/// The resources of the template, and the names of functions by their ids.
pub(super) fn template_resources(
    resources: &[Resource],
    root: &Path,
    files: &Files,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Entry>, BTreeMap<String, String>) {
    let mut all = All { resources, root, files, diagnostics };
    let mut entries = Vec::new();
    let mut names = BTreeMap::new();
    for resource in resources {
        all.add(resource, &mut entries, &mut names);
    }
    (entries, names)
}

/// All resources, where one of them depends on others.
pub(super) struct All<'a> {
    pub(super) resources: &'a [Resource],
    pub(super) root: &'a Path,
    pub(super) files: &'a Files,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

impl Resource {
    /// An argument, of the first nested block where the path has a dot; nothing where it is `null`.
    pub(super) fn get(&self, path: &str) -> Option<&Node> {
        argument(&self.values, path)
    }

    fn is_function(&self) -> bool {
        self.kind == "aws_lambda_function" && !self.is_data
    }
}

/// An argument of a block; one that is `null` or empty text counts as not given.
pub(super) fn argument<'n>(values: &'n Node, path: &str) -> Option<&'n Node> {
    let mut node = values;
    for name in path.split('.') {
        if let Kind::List(items) = &node.kind {
            node = items.first()?;
        }
        node = node.get(name)?;
    }
    let is_given = !is_null(node) && !matches!(node.kind, Kind::Null) && node.text() != Some("");
    is_given.then_some(node)
}

/// The properties that arguments become.
pub(super) fn mapped(values: &Node, mapping: Mapping) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (path, property) in mapping {
        let Some(value) = argument(values, path) else { continue };
        if !entries.iter().any(|known| property.first().is_some_and(|name| known.key == *name)) {
            entries.push(nested(property, value.clone()));
        }
    }
    entries
}

impl<'a> All<'a> {
    fn add(
        &mut self,
        resource: &'a Resource,
        entries: &mut Vec<Entry>,
        names: &mut BTreeMap<String, String>,
    ) {
        if resource.is_function() {
            names.insert(resource.id.clone(), resource.shown.clone());
            let function = self.function(resource, FUNCTION);
            // A state has no references, so that what invokes it is not told.
            if resource.is_of_state {
                entries.push(mention(format!("{}:invoker", resource.id), &[&resource.id], resource.at));
            }
            return entries.push(function);
        }
        let is_unit =
            ["aws_sfn_state_machine", "aws_ecs_task_definition", "aws_instance", "aws_launch_template"];
        if is_unit.contains(&resource.kind.as_str()) && !resource.is_data {
            names.insert(resource.id.clone(), resource.shown.clone());
        }
        if resource.is_module && resource.kind == registry::FUNCTION {
            if is_off(resource, "create") || is_off(resource, "create_function") {
                return;
            }
            names.insert(resource.id.clone(), resource.shown.clone());
            let function = self.function(resource, FUNCTION_MODULE);
            entries.push(function);
            if resource.get("allowed_triggers").is_some()
                || resource.get("create_lambda_function_url").is_some()
            {
                entries.push(mention(format!("{}:invoker", resource.id), &[&resource.id], resource.at));
            }
            return self.event_sources_of_module(resource, entries);
        }
        match self.other(resource) {
            Some(known) => entries.push(known),
            None => {
                let mut ids = Vec::new();
                references(&resource.values, &mut ids);
                let is_function = |id: &&str| {
                    self.resources.iter().any(|one| one.id == *id && (one.is_function() || one.is_module))
                };
                ids.retain(is_function);
                if !ids.is_empty() {
                    entries.push(mention(resource.id.clone(), &ids, resource.at));
                }
            }
        }
    }

    fn other(&self, resource: &Resource) -> Option<Entry> {
        let at = resource.at;
        let (kind, properties) = match resource.kind.as_str() {
            "aws_lambda_event_source_mapping" => {
                let mut properties = event_source(&resource.values);
                properties.extend(self.function_name(resource));
                ("AWS::Lambda::EventSourceMapping", properties)
            }
            "aws_lambda_function_event_invoke_config" => {
                ("AWS::Lambda::EventInvokeConfig", self.invoke_config(resource))
            }
            "aws_ecs_task_definition" if !resource.is_data => {
                ("AWS::ECS::TaskDefinition", self.task(resource))
            }
            "aws_ecs_service" => ("AWS::ECS::Service", self.service(resource)),
            "aws_instance" if !resource.is_data => ("AWS::EC2::Instance", self.instance(resource)),
            "aws_launch_template" if !resource.is_data => {
                let data = map(at, self.instance(resource));
                ("AWS::EC2::LaunchTemplate", vec![entry("LaunchTemplateData", data)])
            }
            "aws_iam_instance_profile" => {
                let role = resource.get("role").map(|role| list(at, vec![self.reference_to_role(role)]));
                ("AWS::IAM::InstanceProfile", role.map(|roles| entry("Roles", roles)).into_iter().collect())
            }
            "aws_lambda_alias" => ("AWS::Lambda::Alias", self.function_name(resource).into_iter().collect()),
            "aws_lambda_permission" => {
                let mut properties = mapped(&resource.values, &[("principal", &["Principal"])]);
                properties.extend(self.function_name(resource));
                ("AWS::Lambda::Permission", properties)
            }
            _ => self.named(resource)?,
        };
        let mut inner = vec![entry("Type", scalar(kind, at)), entry("Properties", map(at, properties))];
        if resource.is_data {
            inner.push(entry("Condition", scalar(LOOKED_UP, at)));
        }
        Some(Entry { key: resource.id.clone(), at, value: map(at, inner) })
    }

    /// A resource that matters for its name and its key.
    fn named(&self, resource: &Resource) -> Option<(&'static str, Vec<Entry>)> {
        if let Some(module) = registry::find(&resource.kind) {
            let mut properties = name_of(resource, module.name);
            properties.extend(mapped(
                &resource.values,
                &[
                    ("kms_master_key_id", &["KmsMasterKeyId"]),
                    ("kms_key_id", &["KmsKeyId"]),
                    ("server_side_encryption_kms_key_arn", &["SSESpecification", "KMSMasterKeyId"]),
                ],
            ));
            return (!module.cloudformation.is_empty()).then_some((module.cloudformation, properties));
        }
        let known = types::find(&resource.kind)?;
        let mut properties = name_of(resource, known.name);
        if let Some((path, property)) = known.key
            && let Some(key) = resource.get(path)
        {
            properties.push(nested(property, key.clone()));
        }
        properties.extend(mapped(&resource.values, &[("file_system_id", &["FileSystemId"])]));
        match resource.kind.as_str() {
            "aws_iam_role" => properties.extend(self.role(resource)),
            "aws_sfn_state_machine" => properties.extend(self.state_machine(resource)),
            "aws_s3_bucket" => properties.extend(self.bucket_encryption(resource)),
            _ => {}
        }
        Some((known.cloudformation, properties))
    }

    /// What a state machine does, and the role that it has.
    fn state_machine(&self, resource: &Resource) -> Vec<Entry> {
        let mut properties = Vec::new();
        if let Some(definition) = resource.get("definition") {
            properties.push(match definition.intrinsic() {
                Some(("Fn::ToJsonString", value)) => entry("Definition", value.clone()),
                _ => entry("DefinitionString", definition.clone()),
            });
        }
        if let Some(role) = resource.get("role_arn") {
            properties.push(entry("RoleArn", self.reference_to_role(role)));
        }
        properties.extend(mapped(
            &resource.values,
            &[("tracing_configuration.enabled", &["TracingConfiguration", "Enabled"])],
        ));
        properties
    }

    /// The key of a bucket, which a resource of its own states.
    fn bucket_encryption(&self, bucket: &Resource) -> Option<Entry> {
        let path = "rule.apply_server_side_encryption_by_default.kms_master_key_id";
        let own = bucket.get(&format!("server_side_encryption_configuration.{path}"));
        let key = own.or_else(|| {
            self.resources.iter().find_map(|resource| {
                let is_own = resource.kind == "aws_s3_bucket_server_side_encryption_configuration"
                    && resource.get("bucket").is_some_and(|node| self.means(node, bucket));
                is_own.then(|| resource.get(path))?
            })
        })?;
        let default = map(key.at, vec![entry("KMSMasterKeyID", key.clone())]);
        let rule = map(key.at, vec![entry("ServerSideEncryptionByDefault", default)]);
        Some(nested(&["BucketEncryption", "ServerSideEncryptionConfiguration"], list(key.at, vec![rule])))
    }

    fn function(&mut self, resource: &'a Resource, mapping: Mapping) -> Entry {
        let at = resource.at;
        let mut properties = mapped(&resource.values, mapping);
        properties.retain(|property| property.key != "PackageType" || property.value.text() == Some("Image"));
        if let Some(role) = resource.get("role").or_else(|| resource.get("lambda_role")) {
            properties.push(entry("Role", self.reference_to_role(role)));
        }
        let subnets = resource.get("vpc_config.subnet_ids").or_else(|| resource.get("vpc_subnet_ids"));
        // Without subnets the function is in no VPC.
        if let Some(subnets) = subnets
            && !matches!(&subnets.kind, Kind::List(items) if items.is_empty())
        {
            properties.push(nested(&["VpcConfig", "SubnetIds"], subnets.clone()));
        }
        let mount = resource.get("file_system_config.arn").or_else(|| resource.get("file_system_arn"));
        if let Some(arn) = mount {
            let config = map(at, vec![entry("Arn", arn.clone())]);
            properties.push(entry("FileSystemConfigs", list(at, vec![config])));
        }
        let mut inner = vec![entry("Type", scalar("AWS::Serverless::Function", at))];
        let code = self.code(resource, &properties);
        properties.extend(code.properties);
        inner.push(entry("Properties", map(at, properties)));
        if !code.metadata.is_empty() {
            inner.push(entry("Metadata", map(at, code.metadata)));
        }
        Entry { key: resource.id.clone(), at, value: map(at, inner) }
    }

    /// Event sources that the registry's module makes beside the function.
    fn event_sources_of_module(&self, resource: &Resource, entries: &mut Vec<Entry>) {
        let sources = resource.get("event_source_mapping").map(Node::entries).unwrap_or_default();
        for source in sources {
            let mut properties = event_source(&source.value);
            properties.push(entry("FunctionName", call("Ref", scalar(&resource.id, source.at))));
            let inner = vec![
                entry("Type", scalar("AWS::Lambda::EventSourceMapping", source.at)),
                entry("Properties", map(source.at, properties)),
            ];
            let position = entries.len();
            let key = format!("{}:source{position}", resource.id);
            entries.push(Entry { key, at: source.at, value: map(source.at, inner) });
        }
    }

    fn invoke_config(&self, resource: &Resource) -> Vec<Entry> {
        let mut properties: Vec<Entry> = self.function_name(resource).into_iter().collect();
        let mut sides = Vec::new();
        for (from, to) in [("on_success", "OnSuccess"), ("on_failure", "OnFailure")] {
            let target = resource.get(&format!("destination_config.{from}.destination"));
            sides.extend(target.map(|target| nested(&[to, "Destination"], target.clone())));
        }
        properties.push(entry("DestinationConfig", map(resource.at, sides)));
        properties
    }

    /// The function that a resource is about, as a reference where it is one of these.
    fn function_name(&self, resource: &Resource) -> Option<Entry> {
        let stated = resource.get("function_name")?;
        let function = self.resources.iter().find(|one| one.is_function() && self.means(stated, one));
        let node = match function {
            Some(function) => call("Ref", scalar(&function.id, stated.at)),
            None => stated.clone(),
        };
        Some(entry("FunctionName", node))
    }

    pub(super) fn reference_to_role(&self, stated: &Node) -> Node {
        let roles = self.resources.iter().filter(|one| one.kind == "aws_iam_role");
        let mut own = roles.filter(|role| self.means(stated, role));
        match own.next() {
            Some(role) => {
                let parts = vec![scalar(&role.id, stated.at), scalar("Arn", stated.at)];
                call("Fn::GetAtt", list(stated.at, parts))
            }
            None => stated.clone(),
        }
    }

    /// Whether a value names a resource: refers to it, or is its name or ARN as a state knows them.
    pub(super) fn means(&self, node: &Node, resource: &Resource) -> bool {
        if let Some(id) = referred(node) {
            return id == resource.id;
        }
        let Some(text) = node.text() else { return false };
        let named = ["arn", "qualified_arn", "id", "name", "function_name", "bucket"];
        named.iter().any(|name| resource.get(name).and_then(Node::text) == Some(text))
    }
}

/// The id of the resource that a reference is about.
pub(super) fn referred(node: &Node) -> Option<&str> {
    match node.intrinsic()? {
        ("Ref", name) => name.text(),
        ("Fn::GetAtt", parts) => parts.items().first()?.text(),
        _ => None,
    }
}

/// The ids of everything that a value refers to.
fn references<'n>(node: &'n Node, ids: &mut Vec<&'n str>) {
    if let Some(id) = referred(node) {
        ids.push(id);
        return;
    }
    match &node.kind {
        Kind::List(items) => items.iter().for_each(|item| references(item, ids)),
        Kind::Map(entries) => entries.iter().for_each(|entry| references(&entry.value, ids)),
        Kind::Null | Kind::Scalar(_) => {}
    }
}

fn is_off(resource: &Resource, name: &str) -> bool {
    resource.get(name).and_then(Node::text) == Some("false")
}

/// The name as given, as a prefix with something behind it, or unknown.
fn name_of(resource: &Resource, (argument, property): (&str, &str)) -> Vec<Entry> {
    if argument.is_empty() {
        return Vec::new();
    }
    let at = resource.at;
    let with_more = |start: &Node| {
        let parts = list(at, vec![start.clone(), unknown(at)]);
        call("Fn::Join", list(at, vec![scalar("", at), parts]))
    };
    let is_prefix = resource.get("use_name_prefix").and_then(Node::text) == Some("true");
    let name = match resource.get(argument) {
        Some(name) if is_prefix => with_more(name),
        Some(name) => name.clone(),
        None => match resource.get(&format!("{argument}_prefix")) {
            Some(prefix) => with_more(prefix),
            None => unknown(at),
        },
    };
    vec![entry(property, name)]
}

fn event_source(values: &Node) -> Vec<Entry> {
    let mut properties = mapped(values, EVENT_SOURCE);
    let accesses = argument(values, "source_access_configuration").map(Node::items).unwrap_or_default();
    let accesses: Vec<Node> = accesses
        .iter()
        .map(|access| map(access.at, mapped(access, &[("type", &["Type"]), ("uri", &["URI"])])))
        .collect();
    if let Some(first) = accesses.first() {
        let at = first.at;
        properties.push(entry("SourceAccessConfigurations", list(at, accesses)));
    }
    properties
}
