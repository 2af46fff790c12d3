//! State machines of AWS Step Functions: what their role needs, from the tasks of their definition and from
//! how they are configured.

mod definition;
mod integration;

use perm_infer_policy::{Part, Pattern};

use self::definition::{Definition, Place, Task, texts};
use self::integration::{Integration, Job, On, Operation};
use super::function::Subject;
use super::needs::Found;
use super::pseudo::{self, arn};
use super::{Reader, StackId};
use crate::model::{Argument, Call, Limit, Need, Unit, UnitKind};
use crate::needs::XRAY;
use crate::tree::{Mark, Node};
use crate::value::Value;

/// Actions with which a state machine has its log delivered; none of them can be limited to resources.
/// Source: "Using CloudWatch Logs to log execution history in Step Functions".
const LOG_DELIVERY: &[&str] = &[
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];

/// What tracing takes besides what functions need for it.
/// Source: "Trace Step Functions request data in AWS X-Ray".
const SAMPLING: &[&str] = &["xray:GetSamplingRules", "xray:GetSamplingTargets"];

/// What Step Functions does with the rules that tell it of the end of jobs.
const RULES: &[&str] = &["events:DescribeRule", "events:PutRule", "events:PutTargets"];

/// What reading and writing the results of a map takes besides `s3:PutObject`.
/// Source: "IAM policies for using Distributed Map states".
const RESULTS: &[&str] =
    &["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"];

impl Reader<'_> {
    /// The state machines of a stack.
    pub(super) fn state_machines(&mut self, stack: StackId) -> Vec<Unit> {
        let template = self.template(stack);
        let mut units = Vec::new();
        for entry in template.root.get("Resources").map(Node::entries).unwrap_or_default() {
            let is_sam = match entry.value.get("Type").and_then(Node::text) {
                Some("AWS::Serverless::StateMachine") => true,
                Some("AWS::StepFunctions::StateMachine") => false,
                _ => continue,
            };
            if !self.may_exist(stack, &entry.value) {
                continue;
            }
            let subject = Subject::of(stack, entry, is_sam, None);
            self.check_trust(&subject, subject.first(&["Role", "RoleArn"]), UnitKind::StateMachine);
            // AWS SAM gives the role that it makes what tracing needs.
            let mut tracing = Found::default();
            self.machine_tracing(&subject, &mut tracing);
            let mut found = Found { added: tracing.needs, ..Found::default() };
            self.definition(&subject, &mut found);
            self.logging(&subject, &mut found);
            self.machine_encryption(&subject, &mut found);
            found.set_apart(&self.given(&subject));
            units.push(self.unit(&subject, UnitKind::StateMachine, found));
        }
        units
    }

    fn definition(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let Some(root) = self.definition_value(subject) else { return };
        let definition = Definition::of(&root);
        let own = self.resource_arns(subject.stack, subject.id);
        for task in &definition.tasks {
            self.task(subject, task, &own, found);
        }
        for (state, at) in definition.distributed {
            let reason = format!("state `{state}` starts an execution for its items");
            self.add(found, &["states:StartExecution"], &own, at, &reason);
            let executions: Vec<Pattern> = own.iter().map(executions).collect();
            self.add(found, &["states:DescribeExecution", "states:StopExecution"], &executions, at, &reason);
        }
    }

    /// The definition, wherever it is.
    fn definition_value(&mut self, subject: &Subject<'_>) -> Option<Value> {
        let stack = subject.stack;
        let named = subject.get(&["DefinitionSubstitutions"]);
        if let Some(inline) = subject.get(&["Definition"]) {
            return Some(self.value_naming(stack, inline, named));
        }
        let document = if let Some(text) = subject.get(&["DefinitionString"]) {
            self.document_text(stack, text, named)?
        } else {
            let place = subject.first(&["DefinitionUri", "DefinitionS3Location"])?;
            let local = self
                .known_text(stack, place)
                .filter(|_| place.entries().is_empty() || place.intrinsic().is_some());
            match local.filter(|local| !local.contains("://")) {
                Some(local) => self.document_file(stack, &local, place.at, named)?,
                None => {
                    let message =
                        format!("the definition of {} is in a bucket; what it needs is not seen", subject.id);
                    let remedy = "use the template before it is packaged";
                    self.warn("code-not-local", place.at, message, remedy);
                    return None;
                }
            }
        };
        Some(self.value_of_document(stack, &document))
    }

    fn task(&mut self, subject: &Subject<'_>, task: &Task<'_>, own: &[Pattern], found: &mut Found) {
        let state = format!("state `{}`", task.state);
        if let Some(role) = task.role {
            return self.task_of_another_role(role, &state, found);
        }
        if let Place::ResultWriter = task.place {
            return self.results(task, own, found);
        }
        for resource in task.resource {
            let reason = format!("{state} calls it");
            match Integration::of(resource) {
                Integration::Activity | Integration::Cluster => {}
                Integration::Function => {
                    let named = ("FunctionName".to_owned(), Argument::Text(vec![resource.clone()]));
                    found.calls.push(self.call("lambda", "Invoke", vec![named], task.at, &reason));
                }
                Integration::Http => self.endpoint(task, own, found),
                Integration::Api => self.api(task, own, found),
                Integration::Operation(operation) => {
                    self.operation(subject, task, own, &operation, &reason, found);
                }
                Integration::Unknown => {
                    let message = format!("what {state} calls is not known");
                    let remedy = "make its Resource a constant, say with --parameter what its placeholder stands for, or add what it needs by hand";
                    self.warn("unresolved-operation", task.at, message, remedy);
                }
            }
        }
    }

    /// A call that the template writes down.
    pub(in crate::cfn) fn call(
        &self,
        service: &str,
        operation: &str,
        arguments: Vec<(String, Argument)>,
        at: Mark,
        reason: &str,
    ) -> Call {
        Call {
            service: service.to_owned(),
            operation: operation.to_owned(),
            arguments: Argument::Map(arguments),
            location: self.location(at),
            reason: reason.to_owned(),
        }
    }

    /// A task that is done with another role: this one only has to become that one.
    /// Source: "Accessing resources in other AWS accounts in Step Functions".
    fn task_of_another_role(&mut self, role: &Value, state: &str, found: &mut Found) {
        let known = role.texts().iter().filter(|role| role.literal_prefix().starts_with("arn:"));
        let mut roles: Vec<Pattern> = known.cloned().collect();
        if roles.is_empty() {
            roles.push(arn("iam::A:role/*", &Pattern::default()));
            let message = format!("the role of {state} is not known, so any is allowed");
            self.warn(
                "unresolved-resource",
                role.at,
                message,
                "make it a constant, or narrow the policy by hand",
            );
        }
        self.add(found, &["sts:AssumeRole"], &roles, role.at, &format!("{state} is done with another role"));
    }

    fn operation(
        &mut self,
        subject: &Subject<'_>,
        task: &Task<'_>,
        own: &[Pattern],
        operation: &Operation,
        reason: &str,
        found: &mut Found,
    ) {
        let mut arguments = task.passed(own);
        if operation.service == "ecs" && operation.operation == "runTask" {
            self.add_roles_of_task(subject, &mut arguments);
        }
        if let Place::ItemReader(configuration) = task.place {
            let kind = configuration.and_then(|reader| reader.get("InputType")).and_then(Value::text);
            // A manifest names further objects of the bucket.
            if kind == Some("MANIFEST") {
                arguments.retain(|(key, _)| key != "Key");
                arguments.push(("Key".to_owned(), Argument::Text(vec![Pattern::any()])));
            }
        }
        if operation.is_unknown_job {
            let message = format!("what waiting for {} takes is not known", operation.operation);
            let remedy =
                "add what IAM policies for this service say in the AWS Step Functions Developer Guide";
            self.warn("unknown-permission", task.at, message, remedy);
        }
        if let Some(job) = operation.job {
            self.job(job, &operation.service, &arguments, task, found);
        }
        integration::name_as_the_api(operation, &mut arguments);
        found.calls.push(self.call(&operation.service, &operation.operation, arguments, task.at, reason));
    }

    /// What a task needs to wait for the end of a job, and to stop it.
    fn job(
        &mut self,
        job: &Job,
        service: &str,
        arguments: &[(String, Argument)],
        task: &Task<'_>,
        found: &mut Found,
    ) {
        let reason = format!("state `{}` waits for the end of what it starts", task.state);
        for operation in job.operations {
            found.calls.push(self.call(service, operation, arguments.to_vec(), task.at, &reason));
        }
        for (action, on) in job.actions {
            let resources = match on {
                On::Everything => vec![Pattern::any()],
                On::Any(fields) => vec![arn(fields, &Pattern::default())],
                On::Named(fields, argument) => named(fields, texts(arguments, argument)),
                On::Executions(argument) => {
                    let machines = texts(arguments, argument).unwrap_or_default();
                    let known = machines.iter().filter(|arn| arn.literal_prefix().starts_with("arn:"));
                    let known: Vec<Pattern> = known.map(executions).collect();
                    if known.is_empty() {
                        vec![arn("states:R:A:execution:*", &Pattern::default())]
                    } else {
                        known
                    }
                }
            };
            self.add(found, &[action], &resources, task.at, &reason);
        }
        if let Some(rule) = job.rule {
            let rule = arn("events:R:A:rule/{}", &Pattern::literal(rule));
            self.add(found, RULES, &[rule], task.at, &reason);
        }
    }

    /// The roles that running a task passes, where the template has its definition.
    pub(in crate::cfn) fn add_roles_of_task(
        &mut self,
        subject: &Subject<'_>,
        arguments: &mut Vec<(String, Argument)>,
    ) {
        let has_overrides = arguments.iter().any(|(key, _)| key.eq_ignore_ascii_case("overrides"));
        let Some(definition) = texts(arguments, "TaskDefinition").map(<[Pattern]>::to_vec) else { return };
        let template = self.template(subject.stack);
        for entry in template.of_types(&["AWS::ECS::TaskDefinition"]) {
            let mut names = self.resource_arns(subject.stack, &entry.key);
            names.extend(self.resource_attribute(subject.stack, &entry.key, "Family", entry.at));
            if !definition.iter().all(|name| names.contains(name)) {
                continue;
            }
            let mut roles = Vec::new();
            for property in ["TaskRoleArn", "ExecutionRoleArn"] {
                if let Some(role) = entry.value.at_path(&["Properties", property]) {
                    roles.push((property.to_owned(), Argument::Text(self.texts(subject.stack, role))));
                }
            }
            // One role twice is the same as one role.
            if let [(_, only)] = roles.as_slice() {
                let only = only.clone();
                roles =
                    ["TaskRoleArn", "ExecutionRoleArn"].map(|name| (name.to_owned(), only.clone())).into();
            }
            if roles.is_empty() {
                return;
            }
            if !has_overrides {
                arguments.push(("Overrides".to_owned(), Argument::Map(Vec::new())));
            }
            let overrides = arguments.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case("overrides"));
            if let Some((_, Argument::Map(overrides))) = overrides {
                for role in roles {
                    if !overrides.iter().any(|(key, _)| *key == role.0) {
                        overrides.push(role);
                    }
                }
            }
            return;
        }
    }

    /// An endpoint of somebody else, with the credentials of a connection.
    /// Source: "Call HTTPS APIs in Step Functions workflows: IAM permissions to run an HTTP Task".
    fn endpoint(&mut self, task: &Task<'_>, own: &[Pattern], found: &mut Found) {
        let arguments = task.passed(own);
        let reason = format!("state `{}` calls an HTTPS endpoint", task.state);
        let mut limits = Vec::new();
        for (argument, key) in [("ApiEndpoint", "states:HTTPEndpoint"), ("Method", "states:HTTPMethod")] {
            if let Some([value]) = texts(&arguments, argument) {
                limits.push(Limit::Equals(key, value.clone()));
            }
        }
        found.needs.push(Need {
            action: "states:InvokeHTTPEndpoint",
            resource: Pattern::any(),
            limits,
            location: Some(self.location(task.at)),
            reason: reason.clone(),
            open: None,
        });
        let connection = ["Authentication", "InvocationConfig"].iter().find_map(|holder| {
            let (_, Argument::Map(entries)) = arguments.iter().find(|(key, _)| key == holder)? else {
                return None;
            };
            texts(entries, "ConnectionArn")
        });
        let known: Vec<Pattern> = connection
            .unwrap_or_default()
            .iter()
            .filter(|connection| connection.literal_prefix().starts_with("arn:"))
            .cloned()
            .collect();
        let connections = match known.is_empty() {
            true => vec![arn("events:R:A:connection/*", &Pattern::default())],
            false => known,
        };
        self.add(found, &["events:RetrieveConnectionCredentials"], &connections, task.at, &reason);
        let secrets = arn("secretsmanager:R:A:secret:events!connection/*", &Pattern::default());
        self.add(
            found,
            &["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            &[secrets],
            task.at,
            &reason,
        );
    }

    /// An API of Amazon API Gateway; only requests that are signed with the role need a permission.
    /// Source: "Create API Gateway REST APIs with Step Functions".
    fn api(&mut self, task: &Task<'_>, own: &[Pattern], found: &mut Found) {
        let arguments = task.passed(own);
        let authorization = texts(&arguments, "AuthType");
        if !authorization.is_some_and(|kinds| kinds.iter().any(|kind| kind.as_literal() != Some("NO_AUTH"))) {
            return;
        }
        let part = |name: &str| match texts(&arguments, name) {
            Some([only]) => only.clone(),
            _ => Pattern::any(),
        };
        let mut path = match part("ApiEndpoint").split_once('.') {
            Some((api, _)) => api,
            None => Pattern::any(),
        };
        for name in ["Stage", "Method", "Path"] {
            path.push_literal("/");
            let value = part(name);
            let rest = value.split_once('/').filter(|_| value.literal_prefix().starts_with('/'));
            path.push_pattern(rest.as_ref().map_or(&value, |(_, rest)| rest));
        }
        let reason = format!("state `{}` calls an API", task.state);
        self.add(found, &["execute-api:Invoke"], &[arn("execute-api:R:A:{}", &path)], task.at, &reason);
    }

    /// The results of a map, which are written below a prefix.
    fn results(&mut self, task: &Task<'_>, own: &[Pattern], found: &mut Found) {
        let arguments = task.passed(own);
        let reason = format!("state `{}` writes its results", task.state);
        let bucket = match texts(&arguments, "Bucket") {
            Some([only]) => only.clone(),
            _ => {
                let message = "the bucket of the results is not known, so any is allowed".to_owned();
                let remedy = "make it a constant, or narrow the policy by hand";
                self.warn("unresolved-resource", task.at, message, remedy);
                Pattern::any()
            }
        };
        let mut objects = arn("s3:::{}", &bucket);
        objects.push_literal("/");
        if let Some([prefix]) = texts(&arguments, "Prefix") {
            objects.push_pattern(prefix);
        }
        objects.push(Part::Any);
        self.add(found, RESULTS, &[objects], task.at, &reason);
    }

    fn logging(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let Some(logging) = subject.first(&["Logging", "LoggingConfiguration"]) else { return };
        for configuration in self.present(subject.stack, Some(logging)) {
            let has_destinations = configuration.get("Destinations").is_some();
            let level = configuration.get("Level").and_then(|level| self.known_text(subject.stack, level));
            if has_destinations && level.as_deref() != Some("OFF") {
                let reason = "the state machine has its log delivered";
                self.add(found, LOG_DELIVERY, &[Pattern::any()], logging.at, reason);
            }
        }
    }

    fn machine_tracing(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let Some(tracing) = subject.first(&["Tracing", "TracingConfiguration"]) else { return };
        let enabled = tracing.get("Enabled").and_then(|enabled| self.known_text(subject.stack, enabled));
        if tracing.get("Enabled").is_some() && enabled.as_deref() != Some("false") {
            let reason = "active tracing with AWS X-Ray";
            self.add(found, XRAY, &[Pattern::any()], tracing.at, reason);
            self.add(found, SAMPLING, &[Pattern::any()], tracing.at, reason);
        }
    }

    /// Definitions and histories that are encrypted with a key of the customer's.
    /// Source: "Data at rest encryption in Step Functions: IAM policies".
    fn machine_encryption(&mut self, subject: &Subject<'_>, found: &mut Found) {
        if let Some(key) = subject.get(&["EncryptionConfiguration", "KmsKeyId"]) {
            let arns = self.arns_of(subject, key, "kms:R:A:key/{}", "the key of the state machine");
            let reason = "the state machine is encrypted with the key";
            self.add(found, &["kms:Decrypt", "kms:GenerateDataKey"], &arns, key.at, reason);
        }
    }
}

/// ARNs of resources that an argument names; any where it is not known.
fn named(fields: &str, names: Option<&[Pattern]>) -> Vec<Pattern> {
    let Some(names) = names.filter(|names| !names.is_empty()) else {
        return vec![arn(fields, &Pattern::any())];
    };
    let name = |name: &Pattern| match name.literal_prefix().starts_with("arn:") {
        true => pseudo::as_written(name),
        false => arn(fields, name),
    };
    names.iter().map(name).collect()
}

/// The executions of a state machine, by its ARN.
fn executions(machine: &Pattern) -> Pattern {
    let mut executions = Pattern::default();
    for part in machine.parts() {
        match part {
            Part::Literal(text) => {
                executions.push_literal(&text.replacen(":stateMachine:", ":execution:", 1));
            }
            other => executions.push(other.clone()),
        }
    }
    executions.push_literal(":");
    executions.push(Part::Any);
    executions
}
