//! Tasks of Amazon ECS and instances of Amazon EC2 as CloudFormation has them.

use super::resources::{All, Resource, mapped, referred};
use super::role::read_document;
use super::{call, entry, list, map, scalar};
use crate::tree::{Entry, Kind, Node};

/// Members of a container whose keys are names of something.
const NAMES: [&str; 2] = ["options", "dockerLabels"];

impl All<'_> {
    /// A task definition: its roles, its containers with where their images are built, its volumes.
    pub(super) fn task(&self, task: &Resource) -> Vec<Entry> {
        let mut properties = mapped(&task.values, &[("family", &["Family"])]);
        for (argument, property) in
            [("task_role_arn", "TaskRoleArn"), ("execution_role_arn", "ExecutionRoleArn")]
        {
            let role = task.get(argument).map(|role| entry(property, self.reference_to_role(role)));
            properties.extend(role);
        }
        if let Some(text) = task.get("container_definitions")
            && let Some(definitions) = read_document(text)
        {
            let containers = definitions.items().iter().map(|container| self.container(container)).collect();
            properties.push(entry("ContainerDefinitions", list(text.at, containers)));
        }
        let volumes = task.get("volume").map(Node::items).unwrap_or_default();
        let volumes: Vec<Node> = volumes
            .iter()
            .map(|volume| {
                let mapping = mapped(
                    volume,
                    &[
                        ("name", &["Name"]),
                        (
                            "efs_volume_configuration.file_system_id",
                            &["EFSVolumeConfiguration", "FilesystemId"],
                        ),
                    ],
                );
                let iam =
                    super::resources::argument(volume, "efs_volume_configuration.authorization_config.iam");
                map(volume.at, with_authorization(mapping, iam))
            })
            .collect();
        if !volumes.is_empty() {
            properties.push(entry("Volumes", list(task.at, volumes)));
        }
        properties
    }

    fn container(&self, container: &Node) -> Node {
        let mut capital = capitalized(container);
        if let Kind::Map(entries) = &mut capital.kind {
            entries.extend(self.build_of(container.get("image")));
        }
        capital
    }

    /// A service, for what it says of its task.
    pub(super) fn service(&self, service: &Resource) -> Vec<Entry> {
        let mut properties =
            mapped(&service.values, &[("enable_execute_command", &["EnableExecuteCommand"])]);
        if let Some(task) = service.get("task_definition").filter(|task| referred(task).is_some()) {
            let id = referred(task).unwrap_or_default();
            properties.push(entry("TaskDefinition", call("Ref", scalar(id, task.at))));
        }
        properties
    }

    /// An instance or a launch template: its profile and the script of its first start.
    pub(super) fn instance(&self, instance: &Resource) -> Vec<Entry> {
        let mut properties =
            mapped(&instance.values, &[("user_data", &["UserData"]), ("user_data_base64", &["UserData"])]);
        let named = ["iam_instance_profile.arn", "iam_instance_profile.name", "iam_instance_profile"];
        let stated = named.iter().find_map(|path| instance.get(path));
        if let Some(stated) = stated {
            let mut profiles = self.resources.iter().filter(|one| one.kind == "aws_iam_instance_profile");
            let node = match profiles.find(|profile| self.means(stated, profile)) {
                Some(profile) => call("Ref", scalar(&profile.id, stated.at)),
                None => stated.clone(),
            };
            properties.push(entry("IamInstanceProfile", node));
        }
        properties
    }
}

/// A volume with what says whether the role of the task is asked.
fn with_authorization(mut volume: Vec<Entry>, iam: Option<&Node>) -> Vec<Entry> {
    let configuration = volume.iter_mut().find(|entry| entry.key == "EFSVolumeConfiguration");
    if let (Some(Entry { value: Node { kind: Kind::Map(entries), .. }, .. }), Some(iam)) =
        (configuration, iam)
    {
        let authorization = map(iam.at, vec![entry("IAM", iam.clone())]);
        entries.push(entry("AuthorizationConfig", authorization));
    }
    volume
}

/// The same with the keys of CloudFormation, which start with a capital letter.
fn capitalized(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::List(items) => Kind::List(items.iter().map(capitalized).collect()),
        Kind::Map(_) if node.intrinsic().is_some() => return node.clone(),
        Kind::Map(entries) => {
            let entry = |entry: &Entry| {
                let mut letters = entry.key.chars();
                let key = letters
                    .next()
                    .map(|first| first.to_ascii_uppercase())
                    .into_iter()
                    .chain(letters)
                    .collect();
                let value = match NAMES.contains(&entry.key.as_str()) {
                    true => entry.value.clone(),
                    false => capitalized(&entry.value),
                };
                Entry { key, at: entry.at, value }
            };
            Kind::Map(entries.iter().map(entry).collect())
        }
        _ => return node.clone(),
    };
    Node { at: node.at, kind }
}
