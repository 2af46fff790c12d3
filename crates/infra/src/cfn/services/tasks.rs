//! What starts the containers of a task of Amazon ECS: images, logs and secrets.
//!
//! Source: "Amazon ECS task execution IAM role" in the Amazon ECS Developer Guide.

use perm_infer_policy::{Part, Pattern};

use super::{Reader, named};
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::pseudo::arn;
use crate::model::{Unit, UnitKind};
use crate::value::Value;

const PULL: &[&str] = &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

impl Reader<'_> {
    /// The execution role of a task definition.
    pub(super) fn execution_of_task(&mut self, subject: &Subject<'_>, task: &Value) -> Option<Unit> {
        let role = subject.get(&["ExecutionRoleArn"])?;
        let mut found = Found::default();
        self.task_execution(task, &mut found);
        let unit = self.unit_with_role(subject, UnitKind::TaskExecution, found, Some(role));
        Some(Unit { name: format!("{}.ExecutionRole", unit.name), ..unit })
    }

    fn task_execution(&mut self, task: &Value, found: &mut Found) {
        for container in task.get("ContainerDefinitions").map(Value::items).unwrap_or_default() {
            if let Some(image) = container.get("Image") {
                self.image_of_registry(image, found);
            }
            if let Some(logging) = container.get("LogConfiguration") {
                self.log_driver(logging, found);
            }
            let secrets = container.get("Secrets").map(Value::items).unwrap_or_default();
            let of_driver = container.at_path(&["LogConfiguration", "SecretOptions"]).map(Value::items);
            for secret in secrets.iter().chain(of_driver.unwrap_or_default()) {
                if let Some(place) = secret.get("ValueFrom") {
                    self.secret_of_task(place, found);
                }
            }
            if let Some(secret) = container.at_path(&["RepositoryCredentials", "CredentialsParameter"]) {
                self.secret_of_task(secret, found);
            }
            for file in container.get("EnvironmentFiles").map(Value::items).unwrap_or_default() {
                if let Some(object) = file.get("Value") {
                    self.environment_file(object, found);
                }
            }
        }
    }

    /// A file of environment variables in Amazon S3.
    /// Source: "Amazon ECS task execution IAM role", section "Amazon S3 file storage permissions".
    fn environment_file(&mut self, object: &Value, found: &mut Found) {
        let what = "a container gets environment variables from the file";
        let objects = self.arns_in(object, "s3:::*/*", what);
        let buckets: Vec<Pattern> =
            objects.iter().filter_map(|object| Some(object.split_once('/')?.0)).collect();
        self.add(found, &["s3:GetObject"], &objects, object.at, what);
        self.add(found, &["s3:GetBucketLocation"], &buckets, object.at, what);
    }

    /// An image of Amazon ECR: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/name:tag`.
    fn image_of_registry(&mut self, image: &Value, found: &mut Found) {
        for text in image.texts() {
            let is_ecr = text.parts().iter().any(|part| match part {
                Part::Literal(literal) => literal.contains(".dkr.ecr.") || literal.contains("/cdk-"),
                _ => false,
            });
            if !is_ecr {
                continue;
            }
            let what = "the image of a container is in Amazon ECR";
            let repository =
                text.split_once('/').map(|(_, name)| without_tag(&name)).unwrap_or_else(Pattern::any);
            self.add(found, PULL, &[arn("ecr:R:A:repository/{}", &repository)], image.at, what);
            self.add(found, &["ecr:GetAuthorizationToken"], &[Pattern::any()], image.at, what);
        }
    }

    fn log_driver(&mut self, logging: &Value, found: &mut Found) {
        if logging.get("LogDriver").and_then(Value::text) != Some("awslogs") {
            return;
        }
        let Some(group) = logging.at_path(&["Options", "awslogs-group"]) else { return };
        let groups = named(group, "logs:R:A:log-group:{}:*");
        let what = "a container writes its log";
        self.add(found, &["logs:CreateLogStream", "logs:PutLogEvents"], &groups, group.at, what);
        if let Some(create) = logging.at_path(&["Options", "awslogs-create-group"])
            && create.text() == Some("true")
        {
            self.add(found, &["logs:CreateLogGroup"], &groups, create.at, what);
        }
    }

    /// A secret, perhaps with a key in it (`arn:...:secret:name-a1b2c3:key::`), or a parameter.
    /// Source: "Pass Secrets Manager secrets through Amazon ECS environment variables".
    fn secret_of_task(&mut self, place: &Value, found: &mut Found) {
        for text in place.texts() {
            let written = text.to_policy_string();
            if written.contains(":secretsmanager:") {
                let what = "a container gets the secret";
                let secret = without_key(text);
                self.add(found, &["secretsmanager:GetSecretValue"], &[secret], place.at, what);
            } else {
                let what = "a container gets the parameter";
                let parameters = match text.literal_prefix().starts_with("arn:") {
                    true => vec![text.clone()],
                    false => vec![arn("ssm:R:A:parameter/{}", text)],
                };
                self.add(found, &["ssm:GetParameters"], &parameters, place.at, what);
            }
        }
    }
}

/// The name of an image without its tag or digest.
pub(super) fn without_tag(name: &Pattern) -> Pattern {
    let without_digest = name.split_once('@').map_or_else(|| name.clone(), |(name, _)| name);
    match without_digest.split_once(':') {
        Some((name, _)) => name,
        None => without_digest,
    }
}

/// The ARN of a secret without what follows its name.
fn without_key(arn: &Pattern) -> Pattern {
    let mut secret = Pattern::default();
    let mut is_in_name = false;
    for part in arn.parts() {
        let Part::Literal(text) = part else {
            secret.push(
                crate::cfn::pseudo::as_written(&one(part)).parts().first().cloned().unwrap_or(Part::Any),
            );
            continue;
        };
        let start = match text.find(":secret:") {
            Some(at) => at + ":secret:".len(),
            None if is_in_name => 0,
            None => {
                secret.push_literal(text);
                continue;
            }
        };
        is_in_name = true;
        match text[start..].find(':') {
            Some(end) => {
                secret.push_literal(&text[..start + end]);
                return secret;
            }
            None => secret.push_literal(text),
        }
    }
    secret
}

fn one(part: &Part) -> Pattern {
    let mut pattern = Pattern::default();
    pattern.push(part.clone());
    pattern
}
