//! Resources whose role AWS itself uses to reach others: rules, schedules, pipes, data sources, APIs, tasks,
//! streams. Each file says what one kind of them needs.

mod apis;
mod containers;
mod data_sources;
mod deliveries;
mod instances;
mod pipes;
mod request_template;
mod resolvers;
mod schedules;
mod streams;
mod tasks;
mod topic_rules;

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::Pattern;

use super::function::Subject;
use super::needs::Found;
use super::pseudo::{self, arn};
use super::{Reader, StackId};
use crate::code::shown;
use crate::container::Programs;
use crate::model::{Argument, Call, Unit, UnitKind};
use crate::shell::aws;
use crate::tree::{Mark, Node};
use crate::value::Value;

impl Reader<'_> {
    /// The units of a stack that are no functions and no state machines.
    pub(super) fn service_units(&mut self, stack: StackId) -> Vec<Unit> {
        let template = self.template(stack);
        let mut units = Vec::new();
        for entry in template.root.get("Resources").map(Node::entries).unwrap_or_default() {
            let kind = match entry.value.get("Type").and_then(Node::text) {
                Some("AWS::Events::Rule") => UnitKind::Rule,
                Some("AWS::Scheduler::Schedule") => UnitKind::Schedule,
                Some("AWS::Pipes::Pipe") => UnitKind::Pipe,
                Some("AWS::AppSync::DataSource") => UnitKind::DataSource,
                Some(
                    "AWS::ApiGateway::Method"
                    | "AWS::ApiGateway::RestApi"
                    | "AWS::ApiGatewayV2::Api"
                    | "AWS::ApiGatewayV2::Integration"
                    | "AWS::Serverless::Api"
                    | "AWS::Serverless::HttpApi",
                ) => UnitKind::Api,
                Some("AWS::ECS::TaskDefinition") => UnitKind::Task,
                Some(
                    "AWS::EC2::Instance"
                    | "AWS::EC2::LaunchTemplate"
                    | "AWS::AutoScaling::LaunchConfiguration",
                ) => UnitKind::Instance,
                Some("AWS::KinesisFirehose::DeliveryStream") => UnitKind::DeliveryStream,
                Some("AWS::IoT::TopicRule") => UnitKind::TopicRule,
                Some("AWS::Serverless::Function" | "AWS::Serverless::StateMachine") => {
                    if self.may_exist(stack, &entry.value) {
                        let subject = Subject::of(stack, entry, true, None);
                        units.extend(self.sam_schedules(&subject));
                    }
                    continue;
                }
                _ => continue,
            };
            if !self.may_exist(stack, &entry.value) {
                continue;
            }
            let Some(properties) = entry.value.get("Properties") else { continue };
            let subject = Subject::of(stack, entry, false, None);
            let value = self.value_naming(stack, properties, None);
            let mut found = Found::default();
            let role = match kind {
                UnitKind::Rule => self.rule(&subject, &value, &mut found),
                UnitKind::Schedule => self.schedule(&subject, &value, &mut found),
                UnitKind::Pipe => self.pipe(&subject, &value, &mut found),
                UnitKind::Api => self.api_integrations(&subject, &value, &mut found),
                UnitKind::Task => {
                    units.extend(self.task_of_containers(&subject, &value));
                    units.extend(self.execution_of_task(&subject, &value));
                    continue;
                }
                UnitKind::DataSource => {
                    units.extend(self.data_source(&subject, &value));
                    continue;
                }
                UnitKind::Instance => {
                    units.extend(self.instance(&subject, &value));
                    continue;
                }
                UnitKind::DeliveryStream => self.delivery_stream(&value, &mut found),
                UnitKind::TopicRule => self.topic_rule(&value, &mut found),
                UnitKind::Function | UnitKind::StateMachine | UnitKind::TaskExecution => None,
            };
            let Some(role) = role else { continue };
            units.push(self.unit_with_role(&subject, kind, found, properties.at_path(role)));
        }
        units
    }

    /// A resource as a unit whose role the template names at this place.
    fn unit_with_role(
        &mut self,
        subject: &Subject<'_>,
        kind: UnitKind,
        found: Found,
        role: Option<&Node>,
    ) -> Unit {
        self.check_trust(subject, role, kind);
        let unit = self.unit(subject, kind, found);
        let role = role.and_then(|role| self.role_named(subject.stack, role));
        Unit { role: role.or(unit.role.clone()), ..unit }
    }

    /// What a program of the AWS CLI in a script calls.
    fn cli_calls(&mut self, started: &Programs, at: Mark, reason: &str, found: &mut Found) {
        for (path, script) in &started.scripts {
            let place = self.location(at);
            for command in &script.commands {
                let place = match path {
                    Some(path) => Location { path: shown(path), line: command.line + 1, column: 1 },
                    None => Location { line: place.line + command.line, ..place.clone() },
                };
                match aws::called(&command.words) {
                    None => {}
                    Some(Ok(calls)) => found.calls.extend(calls.into_iter().map(|call| Call {
                        service: call.service,
                        operation: call.operation,
                        arguments: Argument::Map(call.arguments),
                        location: place.clone(),
                        reason: reason.to_owned(),
                    })),
                    Some(Err(command)) => {
                        let message = format!("what `aws {command}` calls is not known");
                        let said = Diagnostic::new(Severity::Warning, "unresolved-operation", message);
                        let remedy = "add what it calls to the role by hand";
                        self.diagnostics.push(said.at(place).remedy(remedy).unresolved());
                    }
                }
            }
        }
    }

    /// ARNs that a value gives; any resource of the kind, and a warning, where that is not known.
    fn arns_in(&mut self, value: &Value, fields: &str, what: &str) -> Vec<Pattern> {
        let known = value.texts().iter().filter(|arn| arn.literal_prefix().starts_with("arn:"));
        let mut arns: Vec<Pattern> = known.map(pseudo::as_written).collect();
        if arns.len() < value.texts().len().max(1) {
            self.not_known(value.at, what);
            arns.push(arn(fields, &Pattern::default()));
        }
        arns
    }

    /// That something is not known, so that any is allowed.
    fn not_known(&mut self, at: Mark, what: &str) {
        let message = format!("the ARN of {what} is not known, so any is allowed");
        let remedy = "define the resource in the template, pass --parameter, or narrow the policy by hand";
        self.warn("unresolved-resource", at, message, remedy);
    }
}

/// ARNs of resources that a value gives by name or by ARN.
fn named(value: &Value, fields: &str) -> Vec<Pattern> {
    let name = |name: &Pattern| match name.literal_prefix().starts_with("arn:") {
        true => pseudo::as_written(name),
        false => arn(fields, name),
    };
    value.texts().iter().map(name).collect()
}

/// The bucket and what is below a prefix in it.
fn objects(bucket: &Pattern, prefix: Option<&Pattern>) -> Pattern {
    let mut objects = bucket.clone();
    objects.push_literal("/");
    if let Some(prefix) = prefix {
        objects.push_pattern(prefix);
    }
    objects.push_pattern(&Pattern::any());
    objects
}
