//! What the role of a function needs besides what its code calls, each with the line that causes it.

use perm_infer_diagnostics::{Diagnostic, Severity};
use perm_infer_policy::Pattern;

use super::Reader;
use super::function::Subject;
use super::pseudo::{self, arn};
use crate::model::{Call, Language, Need, Open, UnitKind};
use crate::needs::{DURABLE, EFS, Given, LOGS, VPC, VPC_INTERFACES, XRAY};
use crate::tree::{Mark, Node};

/// Needs of one unit as they are found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) needs: Vec<Need>,
    /// Calls that the template writes down.
    pub(super) calls: Vec<Call>,
    /// Needs that the framework gives to a role that it makes itself.
    pub(super) added: Vec<Need>,
    /// Needs that managed policies of the role give.
    pub(super) covered: Vec<Need>,
}

impl Found {
    /// Sets apart what managed policies of the role give already.
    pub(super) fn set_apart(&mut self, given: &Given) {
        for needs in [&mut self.added, &mut self.needs] {
            self.covered.extend(needs.extract_if(.., |need| given.covers(need)));
        }
    }
}

/// The resource of a need.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) arn: Pattern,
    pub(super) open: Option<Open>,
}

impl From<Pattern> for Target {
    fn from(arn: Pattern) -> Self {
        Target { arn, open: None }
    }
}

impl Reader<'_> {
    pub(super) fn needs(
        &mut self,
        subject: &Subject<'_>,
        name: &[Pattern],
        notes: &mut Vec<Diagnostic>,
    ) -> Found {
        self.check_trust(subject, subject.get(&["Role"]), UnitKind::Function);
        let mut found = self.all_needs(subject, name, notes);
        found.set_apart(&self.given(subject));
        found
    }

    /// What is needed, whatever managed policies give.
    fn all_needs(&mut self, subject: &Subject<'_>, name: &[Pattern], notes: &mut Vec<Diagnostic>) -> Found {
        let mut known = Found::default();
        self.logs(subject, name, &mut known);
        self.vpc(subject, &mut known);
        self.tracing(subject, &mut known);
        self.checkpoints(subject, name, &mut known);
        self.dead_letters(subject, &mut known);
        self.destinations(subject, &mut known);
        self.events(subject, &mut known, notes);
        let mut found = Found::default();
        self.file_systems(subject, &mut found);
        self.encryption(subject, &mut found);
        if self.language == Language::Serverless {
            known.needs.append(&mut found.needs);
        }
        self.layers(subject, &mut found);
        self.event_resources(subject, &mut found, notes);
        Found { added: known.needs, ..found }
    }

    /// Adds each action on each resource.
    pub(super) fn add<T: Clone + Into<Target>>(
        &self,
        found: &mut Found,
        actions: &[&'static str],
        resources: &[T],
        at: Mark,
        reason: &str,
    ) {
        for &action in actions {
            for resource in resources {
                let Target { arn, open } = resource.clone().into();
                let need = Need {
                    action,
                    resource: arn,
                    limits: Vec::new(),
                    location: Some(self.location(at)),
                    reason: reason.to_owned(),
                    open,
                };
                if !found.needs.contains(&need) {
                    found.needs.push(need);
                }
            }
        }
    }

    /// The ARNs that a property gives; any resource of the kind where that is not known.
    pub(super) fn arns_of(
        &mut self,
        subject: &Subject<'_>,
        node: &Node,
        fields: &str,
        what: &str,
    ) -> Vec<Target> {
        let values = self.texts(subject.stack, node);
        values.iter().map(|value| self.known_target(value, fields, what, node.at)).collect()
    }

    /// The resource with an ARN, which another stack may know; any of its kind where nothing does.
    fn known_target(&mut self, value: &Pattern, fields: &str, what: &str, at: Mark) -> Target {
        if value.literal_prefix().starts_with("arn:") {
            return pseudo::as_written(value).into();
        }
        let said = self.problem(
            "unresolved-resource",
            at,
            format!("the ARN of {what} is not known, so any is allowed"),
            "define the resource in the template, pass --parameter, or narrow the policy by hand",
        );
        let any = arn(fields, &Pattern::any());
        if self.references.is_import(value) {
            let open = Open { reference: value.clone(), unknown: Some(any), said };
            return Target { arn: value.clone(), open: Some(open) };
        }
        self.diagnostics.push(said);
        any.into()
    }

    /// Whether a property is a value of another stack.
    pub(super) fn is_import(&mut self, subject: &Subject<'_>, node: &Node) -> bool {
        let values = self.texts(subject.stack, node);
        !values.is_empty() && values.iter().all(|value| self.references.is_import(value))
    }

    /// Resources of one kind among several, with ARNs that other stacks know; none where no stack does.
    pub(super) fn targets_of_kind(&mut self, subject: &Subject<'_>, node: &Node, what: &str) -> Vec<Target> {
        let said = self.problem(
            "unresolved-resource",
            node.at,
            format!("the kind of {what} is not known; the policy does not allow to use it"),
            "give the template of the stack that exports it too, or state the kind",
        );
        let values = self.texts(subject.stack, node);
        let open = |value: &Pattern| Open { reference: value.clone(), unknown: None, said: said.clone() };
        values.iter().map(|value| Target { arn: value.clone(), open: Some(open(value)) }).collect()
    }

    fn logs(&mut self, subject: &Subject<'_>, name: &[Pattern], found: &mut Found) {
        let configured = self.stated(subject, &["LoggingConfig", "LogGroup"]);
        let mut groups = Vec::new();
        for group in &configured {
            groups.extend(self.texts(subject.stack, group));
        }
        let at = configured.first().map_or(subject.at, |group| group.at);
        // A condition may leave it out, with the group that is named after the function.
        let may_be_absent = subject
            .get(&["LoggingConfig"])
            .is_none_or(|config| self.choices(subject.stack, config).iter().any(Option::is_none));
        if groups.is_empty() || may_be_absent {
            groups.extend(name.iter().map(|name| {
                let mut group = Pattern::literal("/aws/lambda/");
                group.push_pattern(name);
                group
            }));
        }
        let arns: Vec<Pattern> = groups.iter().map(|group| arn("logs:R:A:log-group:{}:*", group)).collect();
        self.add(found, LOGS, &arns, at, "the function writes its logs");
    }

    fn vpc(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let Some(config) = subject.get(&["VpcConfig"]) else { return };
        let stated = self.present(subject.stack, Some(config));
        let has_subnets =
            stated.iter().any(|config| config.get("SubnetIds").is_some() || config.intrinsic().is_some());
        if !has_subnets {
            return;
        }
        let reason = "the function has network interfaces in a VPC";
        self.add(found, VPC, &[Pattern::any()], config.at, reason);
        self.add(
            found,
            VPC_INTERFACES,
            &[arn("ec2:R:A:network-interface/*", &Pattern::default())],
            config.at,
            reason,
        );
    }

    fn tracing(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let path: &[&str] = if subject.is_sam { &["Tracing"] } else { &["TracingConfig", "Mode"] };
        let modes = self.stated(subject, path);
        let Some(mode) = modes.first() else { return };
        let values: Vec<Pattern> = modes.iter().flat_map(|mode| self.texts(subject.stack, mode)).collect();
        let is_active = |value: &Pattern| {
            self.references
                .resolve(value)
                .iter()
                .any(|value| value.as_literal().is_none_or(|text| text == "Active"))
        };
        if values.iter().any(is_active) {
            self.add(found, XRAY, &[Pattern::any()], mode.at, "active tracing with AWS X-Ray");
        }
    }

    /// An ARN without a qualifier would match no durable execution.
    fn checkpoints(&mut self, subject: &Subject<'_>, name: &[Pattern], found: &mut Found) {
        let Some(config) = subject.get(&["DurableConfig"]) else { return };
        let is_durable = !self.present(subject.stack, Some(config)).is_empty();
        if is_durable {
            let arns: Vec<Pattern> = name.iter().map(|name| arn("lambda:R:A:function:{}:*", name)).collect();
            self.add(found, DURABLE, &arns, config.at, "the durable function saves its progress");
        }
    }

    fn file_systems(&mut self, subject: &Subject<'_>, found: &mut Found) {
        for config in self.items_of(subject.stack, &subject.all(&["FileSystemConfigs"])) {
            let system = self.file_system(subject, config);
            let reason = "the function mounts a file system of Amazon EFS";
            self.add(found, EFS, &[system], config.at, reason);
        }
    }

    /// The file system behind an access point of the template; else any.
    fn file_system(&mut self, subject: &Subject<'_>, config: &Node) -> Pattern {
        let fields = "elasticfilesystem:R:A:file-system/{}";
        let template = self.template(subject.stack);
        let point =
            config.get("Arn").and_then(Node::intrinsic).and_then(|(_, parts)| parts.items().first()?.text());
        let system = point
            .and_then(|point| template.resource(point))
            .and_then(|point| point.at_path(&["Properties", "FileSystemId"]));
        match system {
            Some(system) => {
                let id = self.texts(subject.stack, system).into_iter().next().unwrap_or_else(Pattern::any);
                arn(fields, &id)
            }
            None => arn(fields, &Pattern::any()),
        }
    }

    fn dead_letters(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let property = if subject.is_sam { "DeadLetterQueue" } else { "DeadLetterConfig" };
        for config in self.stated(subject, &[property]) {
            let kind = config.get("Type").and_then(Node::text);
            if let Some(target) = config.get("TargetArn") {
                self.sent_to(subject, found, kind, target, "dead-letter target");
            }
        }
    }

    fn destinations(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let template = self.template(subject.stack);
        let mut configs: Vec<&Node> = self.stated(subject, &["EventInvokeConfig", "DestinationConfig"]);
        for entry in template.of_types(&["AWS::Lambda::EventInvokeConfig"]) {
            if let Some(properties) = entry.value.get("Properties")
                && properties.get("FunctionName").is_some_and(|function| self.is_function(subject, function))
            {
                configs.extend(properties.get("DestinationConfig"));
            }
        }
        for config in configs {
            for (side, reason) in
                [("OnSuccess", "destination on success"), ("OnFailure", "destination on failure")]
            {
                for side in self.below(subject.stack, config, &[side]) {
                    if let Some(target) = side.get("Destination") {
                        self.sent_to(subject, found, side.get("Type").and_then(Node::text), target, reason);
                    }
                }
            }
        }
    }

    /// What it takes to send a record of an invocation to a target.
    /// Source: "Capturing records of Lambda asynchronous invocations" in the AWS Lambda Developer Guide.
    pub(super) fn sent_to(
        &mut self,
        subject: &Subject<'_>,
        found: &mut Found,
        kind: Option<&str>,
        target: &Node,
        reason: &str,
    ) {
        for value in self.texts(subject.stack, target) {
            let kind = kind.map(str::to_ascii_lowercase).or_else(|| pseudo::service_of(&value));
            if kind.is_none() && self.references.is_import(&value) {
                let resources = self.targets_of_kind(subject, target, &format!("the {reason}"));
                let actions = ["sqs:SendMessage", "sns:Publish", "lambda:InvokeFunction", "events:PutEvents"];
                self.add(found, &actions, &resources, target.at, reason);
                continue;
            }
            let (action, fields) = match kind.as_deref() {
                Some("sqs") => ("sqs:SendMessage", "sqs:R:A:{}"),
                Some("sns") => ("sns:Publish", "sns:R:A:{}"),
                Some("lambda") => ("lambda:InvokeFunction", "lambda:R:A:function:{}"),
                Some("eventbridge" | "events") => ("events:PutEvents", "events:R:A:event-bus/{}"),
                Some("s3" | "s3bucket") => ("s3:PutObject", "s3:::{}"),
                _ => {
                    let message = format!(
                        "the kind of the {reason} is not known; the policy does not allow to send to it"
                    );
                    self.warn(
                        "unresolved-resource",
                        target.at,
                        message,
                        "state its Type, or define it in the template",
                    );
                    continue;
                }
            };
            let resource = self.known_target(&value, fields, &format!("the {reason}"), target.at);
            if action == "s3:PutObject" {
                self.add(found, &["s3:ListBucket"], std::slice::from_ref(&resource), target.at, reason);
                self.add(found, &[action], &[objects_of(resource)], target.at, reason);
            } else {
                self.add(found, &[action], &[resource], target.at, reason);
            }
        }
    }

    /// Environment variables encrypted with a key of the customer's.
    /// Source: "Securing Lambda environment variables" in the AWS Lambda Developer Guide.
    fn encryption(&mut self, subject: &Subject<'_>, found: &mut Found) {
        if let Some(key) = subject.get(&["KmsKeyArn"]) {
            let arns = self.arns_of(subject, key, "kms:R:A:key/{}", "the key of the environment variables");
            self.add(
                found,
                &["kms:Decrypt"],
                &arns,
                key.at,
                "the environment variables are encrypted with the key",
            );
        }
    }

    /// Extensions that call AWS for the function.
    fn layers(&mut self, subject: &Subject<'_>, found: &mut Found) {
        for layer in self.items_of(subject.stack, &subject.all(&["Layers"])) {
            for value in self.texts(subject.stack, layer) {
                let name = value.to_policy_string();
                if name.contains(":layer:LambdaInsightsExtension") {
                    // Managed policy CloudWatchLambdaInsightsExecutionRolePolicy.
                    let group = arn("logs:R:A:log-group:{}:*", &Pattern::literal("/aws/lambda-insights"));
                    self.add(found, LOGS, &[group], layer.at, "Lambda Insights writes its metrics");
                } else if name.contains(":layer:AWS-AppConfig-Extension") {
                    let all =
                        arn("appconfig:R:A:application/*/environment/*/configuration/*", &Pattern::default());
                    self.extension(
                        found,
                        &["appconfig:GetLatestConfiguration", "appconfig:StartConfigurationSession"],
                        all,
                        layer.at,
                    );
                } else if name.contains(":layer:AWS-Parameters-and-Secrets-Lambda-Extension") {
                    self.extension(
                        found,
                        &["ssm:GetParameter"],
                        arn("ssm:R:A:parameter/*", &Pattern::default()),
                        layer.at,
                    );
                    let all = arn("secretsmanager:R:A:secret:*", &Pattern::default());
                    self.extension(found, &["secretsmanager:GetSecretValue"], all, layer.at);
                }
            }
        }
    }

    fn extension(&mut self, found: &mut Found, actions: &[&'static str], resource: Pattern, at: Mark) {
        let message = format!(
            "what the extension in this layer reads is not seen in the code, so {} is allowed on {}",
            actions.join(", "),
            self.references.resolve(&resource).first().map(Pattern::to_policy_string).unwrap_or_default()
        );
        self.warn("unresolved-resource", at, message, "narrow the resource in the policy by hand");
        self.add(found, actions, &[resource], at, "an extension in this layer calls it for the function");
    }

    /// Whether a property names the function.
    pub(super) fn is_function(&mut self, subject: &Subject<'_>, node: &Node) -> bool {
        let id = match node.intrinsic() {
            Some(("Ref", name)) => name.text(),
            Some(("Fn::GetAtt", parts)) => parts.items().first().and_then(Node::text),
            _ => None,
        };
        if let Some(id) = id {
            let template = self.template(subject.stack);
            let alias = template.resource(id).filter(|_| {
                matches!(template.resource_type(id), Some("AWS::Lambda::Alias" | "AWS::Lambda::Version"))
            });
            return match alias.and_then(|alias| alias.at_path(&["Properties", "FunctionName"])) {
                Some(inner) if inner.intrinsic().is_some_and(|(function, _)| function != "Fn::Sub") => {
                    self.is_function(subject, inner)
                }
                _ => id == subject.id,
            };
        }
        let values = self.texts(subject.stack, node);
        let mut own = self.resource_reference(subject.stack, subject.id, subject.at);
        own.extend(self.resource_arns(subject.stack, subject.id));
        values.iter().any(|value| own.contains(value))
    }

    /// A fact for the reader.
    pub(super) fn fact(&self, code: &'static str, at: Mark, message: String) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, message).at(self.location(at))
    }
}

/// All objects of a bucket.
fn objects_of(bucket: Target) -> Target {
    let all = |mut arn: Pattern| {
        arn.push_literal("/");
        arn.push_pattern(&Pattern::any());
        arn
    };
    let open = bucket.open.map(|open| Open { unknown: open.unknown.map(all), ..open });
    Target { arn: all(bucket.arn), open }
}
