//! Resources of a module as resources of a template.

use std::collections::BTreeMap;
use std::path::Path;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, TraversalOperator};
use hcl_edit::structure::{Block, Body};

use super::{ModuleId, Placed, Terraform, call, entry, list, map, scalar, types, unknown};
use crate::code::{Runtime, join, locate};
use crate::tree::{Entry, Mark, Node};

/// Whether a module is the widely used one for Lambda functions.
pub(super) fn is_function_module(source: &str) -> bool {
    let name = source.strip_prefix("registry.terraform.io/").unwrap_or(source);
    name == "terraform-aws-modules/lambda/aws"
}

impl Terraform<'_> {
    /// Adds the resources of a module, and the names of functions by their ids.
    pub(super) fn resources(
        &mut self,
        module: ModuleId,
        resources: &mut Vec<Entry>,
        names: &mut BTreeMap<String, String>,
    ) {
        let prefix = self.modules[module].prefix.clone();
        for block in self.modules[module].resources.clone() {
            let labels: Vec<&str> = block.value.labels.iter().map(|label| label.as_str()).collect();
            match labels.as_slice() {
                ["aws_lambda_function", name] => {
                    let id = format!("{prefix}aws_lambda_function:{name}");
                    names.insert(id.clone(), format!("{prefix}{name}"));
                    let function = self.function_resource(module, &block);
                    resources.push(Entry { key: id, at: function.at, value: function });
                }
                [name] => {
                    let id = format!("{prefix}module:{name}");
                    names.insert(id.clone(), format!("{prefix}{name}"));
                    let function = self.function_of_module(module, &block);
                    resources.push(Entry { key: id, at: function.at, value: function });
                }
                [kind, name] => {
                    let id = format!("{prefix}{kind}:{name}");
                    resources.extend(self.resource(module, kind, id, &block));
                }
                _ => {}
            }
        }
        for ((kind, name), block) in self.modules[module].data.clone() {
            if types::find(&kind).is_some() {
                let id = format!("{prefix}data.{kind}:{name}");
                resources.extend(self.resource(module, &kind, id, &block));
            }
        }
    }

    fn resource(&mut self, module: ModuleId, kind: &str, id: String, block: &Placed<Block>) -> Option<Entry> {
        let at = self.mark(block.file, block.value.span());
        let body = &block.value.body;
        let (cloudformation, properties) = match kind {
            "aws_lambda_event_source_mapping" => {
                ("AWS::Lambda::EventSourceMapping", self.event_source(module, block))
            }
            "aws_lambda_function_event_invoke_config" => {
                ("AWS::Lambda::EventInvokeConfig", self.invoke_config(module, block))
            }
            "aws_lambda_alias" => {
                ("AWS::Lambda::Alias", self.arguments(module, block, &[("function_name", "FunctionName")]))
            }
            "aws_lambda_permission" => (
                "AWS::Lambda::Permission",
                self.arguments(
                    module,
                    block,
                    &[("function_name", "FunctionName"), ("principal", "Principal")],
                ),
            ),
            _ => {
                let known = types::find(kind)?;
                let mut properties = self.name_of(module, block, known, at);
                if let Some((argument, path)) = known.key
                    && let Some(key) = self.argument(module, block.file, body, argument)
                {
                    properties.push(nested(path, key));
                }
                properties.extend(self.arguments(module, block, &[("file_system_id", "FileSystemId")]));
                if kind == "aws_iam_role" {
                    properties.extend(self.arguments(module, block, &[("path", "Path")]));
                    properties.extend(self.managed_policies(module, block, at));
                }
                (known.cloudformation, properties)
            }
        };
        let resource =
            vec![entry("Type", scalar(cloudformation, at)), entry("Properties", map(at, properties))];
        Some(Entry { key: id, at, value: map(at, resource) })
    }

    /// The name as given, as a prefix with something behind it, or unknown.
    fn name_of(
        &mut self,
        module: ModuleId,
        block: &Placed<Block>,
        known: &types::Type,
        at: Mark,
    ) -> Vec<Entry> {
        let (argument, property) = known.name;
        if argument.is_empty() {
            return Vec::new();
        }
        let body = &block.value.body;
        let name = match self.argument(module, block.file, body, argument) {
            Some(name) => name,
            None => match self.argument(module, block.file, body, &format!("{argument}_prefix")) {
                Some(prefix) => {
                    let parts = list(at, vec![prefix, unknown(at)]);
                    call("Fn::Join", list(at, vec![scalar("", at), parts]))
                }
                None => unknown(at),
            },
        };
        vec![entry(property, name)]
    }

    /// An argument, of an inner block where the path has a dot.
    fn argument(&mut self, module: ModuleId, file: u32, body: &Body, path: &str) -> Option<Node> {
        let mut body = body;
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            if names.peek().is_none() {
                let attribute = body.get_attribute(name)?;
                return Some(self.convert(module, file, &attribute.value));
            }
            body = &body.get_blocks(name).next()?.body;
        }
        None
    }

    fn arguments(&mut self, module: ModuleId, block: &Placed<Block>, wanted: &[(&str, &str)]) -> Vec<Entry> {
        let mut found = Vec::new();
        for (argument, property) in wanted {
            let value = self.argument(module, block.file, &block.value.body, argument);
            found.extend(value.map(|value| entry(property, value)));
        }
        found
    }

    fn managed_policies(&mut self, module: ModuleId, role: &Placed<Block>, at: Mark) -> Option<Entry> {
        let name = role.value.labels.get(1)?.as_str().to_owned();
        let mut arns = Vec::new();
        for block in self.modules[module].resources.clone() {
            let is_attachment = block
                .value
                .labels
                .first()
                .is_some_and(|kind| kind.as_str() == "aws_iam_role_policy_attachment");
            let body = &block.value.body;
            let is_own = body.get_attribute("role").is_some_and(|role| {
                traversed(&role.value)
                    .is_some_and(|steps| steps.starts_with(&["aws_iam_role".into(), name.clone()]))
            });
            if is_attachment && is_own {
                arns.extend(self.argument(module, block.file, body, "policy_arn"));
            }
        }
        if let Some(stated) = self.argument(module, role.file, &role.value.body, "managed_policy_arns") {
            arns.extend(stated.items().iter().cloned());
        }
        Some(entry("ManagedPolicyArns", list(at, arns)))
    }

    fn event_source(&mut self, module: ModuleId, block: &Placed<Block>) -> Vec<Entry> {
        let mut properties = self.arguments(
            module,
            block,
            &[("event_source_arn", "EventSourceArn"), ("function_name", "FunctionName")],
        );
        let target = self.argument(
            module,
            block.file,
            &block.value.body,
            "destination_config.on_failure.destination_arn",
        );
        properties
            .extend(target.map(|target| nested(&["DestinationConfig", "OnFailure", "Destination"], target)));
        properties
    }

    fn invoke_config(&mut self, module: ModuleId, block: &Placed<Block>) -> Vec<Entry> {
        let mut properties = self.arguments(module, block, &[("function_name", "FunctionName")]);
        let at = self.mark(block.file, block.value.span());
        let mut sides = Vec::new();
        for (from, to) in [("on_success", "OnSuccess"), ("on_failure", "OnFailure")] {
            let path = format!("destination_config.{from}.destination");
            let target = self.argument(module, block.file, &block.value.body, &path);
            sides.extend(target.map(|target| nested(&[to, "Destination"], target)));
        }
        properties.push(entry("DestinationConfig", map(at, sides)));
        properties
    }

    fn function_resource(&mut self, module: ModuleId, block: &Placed<Block>) -> Node {
        let at = self.mark(block.file, block.value.span());
        let mut properties = self.arguments(
            module,
            block,
            &[
                ("function_name", "FunctionName"),
                ("handler", "Handler"),
                ("runtime", "Runtime"),
                ("role", "Role"),
                ("layers", "Layers"),
                ("kms_key_arn", "KmsKeyArn"),
                ("package_type", "PackageType"),
                ("tracing_config.mode", "Tracing"),
            ],
        );
        let inner: [(&str, &[&str]); 4] = [
            ("environment.variables", &["Environment", "Variables"]),
            ("vpc_config.subnet_ids", &["VpcConfig", "SubnetIds"]),
            ("dead_letter_config.target_arn", &["DeadLetterQueue", "TargetArn"]),
            ("logging_config.log_group", &["LoggingConfig", "LogGroup"]),
        ];
        for (argument, path) in inner {
            let value = self.argument(module, block.file, &block.value.body, argument);
            properties.extend(value.map(|value| nested(path, value)));
        }
        if let Some(arn) = self.argument(module, block.file, &block.value.body, "file_system_config.arn") {
            let config = map(at, vec![entry("Arn", arn)]);
            properties.push(entry("FileSystemConfigs", list(at, vec![config])));
        }
        let place = self.code_place(module, block, &properties);
        properties.push(entry("CodeUri", place));
        map(
            at,
            vec![
                entry("Type", scalar("AWS::Serverless::Function", at)),
                entry("Properties", map(at, properties)),
            ],
        )
    }

    /// The directory of the source of an archive.
    fn code_place(&mut self, module: ModuleId, block: &Placed<Block>, properties: &[Entry]) -> Node {
        let at = self.mark(block.file, block.value.span());
        let Some(filename) = block.value.body.get_attribute("filename") else {
            // In a bucket or a registry.
            return scalar("s3://", at);
        };
        let steps = traversed(&filename.value).unwrap_or_default();
        let by_reference = match steps.as_slice() {
            [data, kind, name, ..] if data == "data" && kind == "archive_file" => Some(name.clone()),
            _ => None,
        };
        let file = self.convert(module, block.file, &filename.value);
        let archives: Vec<(String, Placed<Block>)> = self.modules[module]
            .data
            .iter()
            .filter(|((kind, _), _)| kind == "archive_file")
            .map(|((_, name), block)| (name.clone(), block.clone()))
            .collect();
        for (name, archive) in archives {
            let body = &archive.value.body;
            let output = self.argument(module, archive.file, body, "output_path");
            let is_output =
                output.as_ref().and_then(Node::text).is_some_and(|text| Some(text) == file.text());
            if by_reference.as_ref() != Some(&name) && !is_output {
                continue;
            }
            if let Some(directory) = self.argument(module, archive.file, body, "source_dir") {
                return directory;
            }
            let source = self.argument(module, archive.file, body, "source_file");
            if let Some((text, at)) = source.as_ref().and_then(|source| Some((source.text()?, source.at))) {
                let parent = Path::new(text).parent().map(crate::code::shown);
                return scalar(&parent.unwrap_or_else(|| ".".to_owned()), at);
            }
        }
        self.beside_archive(module, &file, properties).unwrap_or(file)
    }

    /// Where the source of an archive that something else makes may be: a directory of its name, or one
    /// around it, in which the handler is.
    fn beside_archive(&self, module: ModuleId, file: &Node, properties: &[Entry]) -> Option<Node> {
        let text =
            |key: &str| properties.iter().find(|entry| entry.key == key).and_then(|entry| entry.value.text());
        let handler = text("Handler")?;
        let runtime = Runtime::of(text("Runtime").unwrap_or_default());
        let archive = Path::new(file.text()?);
        let stem = archive.file_stem()?.to_str()?;
        let parent = archive.parent().map(crate::code::shown).unwrap_or_default();
        let own = crate::code::shown(
            self.modules[module].directory.strip_prefix(&self.root).unwrap_or(Path::new(".")),
        );
        let mut places = vec![format!("{parent}/{stem}"), parent];
        for base in [own.clone(), format!("{own}/..")] {
            places.extend(
                [stem, "src", "lambda", "lambdas", "functions", "."]
                    .iter()
                    .map(|inner| format!("{base}/{inner}")),
            );
            places.push(format!("{base}/src/{stem}"));
            places.push(format!("{base}/lambda/{stem}"));
        }
        let has_handler = |place: &&String| locate(&join(&self.root, place), handler, runtime, &[]).is_some();
        places.iter().find(has_handler).map(|place| scalar(place, file.at))
    }

    /// A call of the registry's module for Lambda functions.
    fn function_of_module(&mut self, module: ModuleId, block: &Placed<Block>) -> Node {
        let at = self.mark(block.file, block.value.span());
        let mut properties = self.arguments(
            module,
            block,
            &[
                ("function_name", "FunctionName"),
                ("handler", "Handler"),
                ("runtime", "Runtime"),
                ("layers", "Layers"),
                ("kms_key_arn", "KmsKeyArn"),
                ("package_type", "PackageType"),
                ("tracing_mode", "Tracing"),
            ],
        );
        let inner: [(&str, &[&str]); 3] = [
            ("environment_variables", &["Environment", "Variables"]),
            ("vpc_subnet_ids", &["VpcConfig", "SubnetIds"]),
            ("dead_letter_target_arn", &["DeadLetterQueue", "TargetArn"]),
        ];
        for (argument, path) in inner {
            let value = self.argument(module, block.file, &block.value.body, argument);
            properties.extend(value.map(|value| nested(path, value)));
        }
        let source = self.argument(module, block.file, &block.value.body, "source_path");
        let source = source.map(|source| source.items().first().cloned().unwrap_or(source));
        let source = source.map(|source| source.get("path").cloned().unwrap_or(source));
        let place = match source.as_ref().and_then(Node::text) {
            // One file is its own archive.
            Some(text) if Path::new(text).extension().is_some() => {
                let parent = Path::new(text).parent().map(crate::code::shown);
                scalar(&parent.unwrap_or_else(|| ".".to_owned()), at)
            }
            _ => source.unwrap_or_else(|| scalar("s3://", at)),
        };
        properties.push(entry("CodeUri", place));
        map(
            at,
            vec![
                entry("Type", scalar("AWS::Serverless::Function", at)),
                entry("Properties", map(at, properties)),
            ],
        )
    }
}

/// A value under several keys.
fn nested(path: &[&str], value: Node) -> Entry {
    let mut keys = path.iter().rev();
    let mut inner = entry(keys.next().copied().unwrap_or_default(), value);
    for key in keys {
        let at = inner.at;
        inner = entry(key, map(at, vec![inner]));
    }
    inner
}

/// The names of `a.b.c`.
fn traversed(expression: &Expression) -> Option<Vec<String>> {
    let Expression::Traversal(traversal) = expression else { return None };
    let Expression::Variable(root) = &traversal.expr else { return None };
    let mut steps = vec![root.as_str().to_owned()];
    for operator in &traversal.operators {
        if let TraversalOperator::GetAttr(name) = operator.value() {
            steps.push(name.as_str().to_owned());
        }
    }
    Some(steps)
}
