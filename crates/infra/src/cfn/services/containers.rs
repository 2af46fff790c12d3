//! Tasks of Amazon ECS: the programs in their containers, and what the role of a task is used for besides.
//!
//! Source: "Amazon ECS task IAM role" in the Amazon ECS Developer Guide.

use std::path::{Path, PathBuf};

use perm_infer_diagnostics::{Diagnostic, Location, Severity};
use perm_infer_policy::{Part, Pattern};

use super::tasks::without_tag;
use super::{Reader, named};
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::pseudo::{self, arn};
use crate::code::{is_inside, join, shown};
use crate::container::{Dockerfile, Image, Named, Programs, build_context, context_of};
use crate::environment::{Environment, quoted};
use crate::model::{Code, Program, Unit, UnitKind};
use crate::needs::{EFS, EXEC, XRAY_DAEMON};
use crate::shell::Variables;
use crate::tree::{Mark, Node};
use crate::value::Value;

/// Where an image is built.
struct Build {
    context: PathBuf,
    dockerfile: PathBuf,
}

impl Reader<'_> {
    /// The role of a task; none where the task has no role and no code that is known.
    pub(super) fn task_of_containers(&mut self, subject: &Subject<'_>, task: &Value) -> Option<Unit> {
        let role = subject.get(&["TaskRoleArn"]);
        let mut found = Found::default();
        let mut programs = Vec::new();
        for container in task.get("ContainerDefinitions").map(Value::items).unwrap_or_default() {
            match self.container(subject, task, container, &mut found) {
                Ok(more) => programs.extend(more),
                Err(Some(problem)) if role.is_some() => self.diagnostics.push(problem),
                Err(_) => {}
            }
        }
        if role.is_none() {
            if programs.is_empty() {
                return None;
            }
            let message =
                format!("task {} has no TaskRoleArn, so its containers get no role of their own", subject.id);
            self.warn(
                "task-without-role",
                subject.at,
                message,
                "add TaskRoleArn with a role that has this policy",
            );
        }
        self.exec_into(subject, &mut found);
        self.mounted_volumes(task, &mut found);
        let unit = self.unit_with_role(subject, UnitKind::Task, found, role);
        Some(Unit { programs, ..unit })
    }

    /// The programs of a container; what to say where they are not known, nothing where they call nothing of AWS.
    fn container(
        &mut self,
        subject: &Subject<'_>,
        task: &Value,
        container: &Value,
        found: &mut Found,
    ) -> Result<Vec<Program>, Option<Diagnostic>> {
        let Some(image) = container.get("Image") else { return Err(None) };
        let name = container.get("Name").and_then(Value::text).unwrap_or_default().to_owned();
        let repository = image.texts().first().and_then(literal_name).unwrap_or_default();
        if repository.ends_with("aws-xray-daemon") {
            // "Running the X-Ray daemon on Amazon ECS" in the AWS X-Ray Developer Guide.
            self.add(
                found,
                XRAY_DAEMON,
                &[Pattern::any()],
                image.at,
                "the X-Ray daemon in a container sends traces",
            );
            return Err(None);
        }
        let Some(build) = self.build(subject, task, container, image) else {
            return Err(self.image_without_source(container, image, &name, &repository));
        };
        if !self.may_read(&build.context, image.at) || !self.may_read(&build.dockerfile, image.at) {
            return Err(None);
        }
        let environment = self.environment_of(subject, container);
        let text = std::fs::read_to_string(&build.dockerfile).unwrap_or_default();
        let (roots, outside) = (&self.settings.roots, self.settings.allow_outside);
        let allowed = |path: &Path| outside || is_inside(path, roots);
        let image_of = Image {
            context: build.context.clone(),
            dockerfile: Dockerfile::read(&text, None),
            allowed: &allowed,
        };
        let words = |key: &str| {
            let items = container.get(key)?.items();
            Some(items.iter().filter_map(|item| item.texts().first().cloned()).collect::<Vec<_>>())
        };
        let started = image_of.programs(words("EntryPoint"), words("Command"), &single_values(&environment));
        self.cli_calls(&started, image.at, "a script of the container calls it", found);
        let programs =
            self.programs(&started, &build.context, &name, environment, &image_of.dockerfile.environment);
        match (programs.is_empty(), started.foreign) {
            (false, _) => Ok(programs),
            (true, Some(language)) => {
                let message = format!("container {name} runs {language}, which is not read");
                Err(Some(self.not_known_of(
                    image.at,
                    "unread-language",
                    message,
                    "add what its code calls by hand",
                )))
            }
            (true, None)
                if started.missing.is_none()
                    && found.calls.iter().any(|call| call.reason.contains("script")) =>
            {
                Err(None)
            }
            (true, None) => {
                let what = started.missing.map_or_else(
                    || format!("{} starts no program that is known", shown(&build.dockerfile)),
                    |missing| {
                        format!("`{missing}` is not among the files that {} copies", shown(&build.dockerfile))
                    },
                );
                let message = format!("the program of container {name} is not found: {what}");
                let remedy = "start a file of the build context with CMD or Command, or pass it as --entry";
                Err(Some(self.not_known_of(image.at, "handler-not-found", message, remedy)))
            }
        }
    }

    /// What a container or an instance starts as programs with their environment.
    pub(super) fn programs(
        &self,
        started: &Programs,
        context: &Path,
        name: &str,
        environment: Environment,
        of_image: &Variables,
    ) -> Vec<Program> {
        let mut environment = environment;
        let of_scripts = started.scripts.iter().flat_map(|(_, script)| &script.variables);
        for (variable, value) in of_image.iter().chain(of_scripts) {
            let place = Location::file(shown(context));
            environment.add_default(
                variable,
                vec![value.clone()],
                place,
                written(std::slice::from_ref(value)),
            );
        }
        let mut codes: Vec<Code> = started.files.iter().cloned().map(Code::Script).collect();
        if started.everything {
            codes.push(Code::Directory(context.to_owned()));
        }
        let program =
            |code| Program { name: name.to_owned(), code, environment: environment.clone(), receiver: None };
        codes.into_iter().map(program).collect()
    }

    /// The variables of a container: its own, and parameters of the template that it is given as secrets.
    fn environment_of(&mut self, subject: &Subject<'_>, container: &Value) -> Environment {
        let mut environment = Environment::default();
        for variable in container.get("Environment").map(Value::items).unwrap_or_default() {
            let name = variable.get("Name").and_then(Value::text);
            let value = variable.get("Value").filter(|value| !value.texts().is_empty());
            if let (Some(name), Some(value)) = (name, value) {
                let place = self.location(variable.at);
                environment.add_default(name, value.texts().to_vec(), place, written(value.texts()));
            }
        }
        for secret in container.get("Secrets").map(Value::items).unwrap_or_default() {
            let (Some(name), Some(place)) =
                (secret.get("Name").and_then(Value::text), secret.get("ValueFrom"))
            else {
                continue;
            };
            let value = self.value_of_parameter(subject, place);
            if !value.is_empty() {
                let shown = written(&value);
                environment.add_default(name, value, self.location(secret.at), shown);
            }
        }
        let mut region = Pattern::default();
        region.push(pseudo::part("AWS::Region"));
        let shown = written(std::slice::from_ref(&region));
        environment.add_default("AWS_REGION", vec![region], self.location(subject.at), shown);
        environment
    }

    /// The value of a parameter of AWS Systems Manager that the template makes, by its name or ARN.
    fn value_of_parameter(&mut self, subject: &Subject<'_>, place: &Value) -> Vec<Pattern> {
        let template = self.template(subject.stack);
        for entry in template.of_types(&["AWS::SSM::Parameter"]) {
            let names = self.resource_reference(subject.stack, &entry.key, entry.at);
            let is_own = |text: &Pattern| {
                names.contains(text) || names.iter().any(|name| arn("ssm:R:A:parameter/{}", name) == *text)
            };
            if place.texts().iter().any(is_own)
                && let Some(value) = entry.value.at_path(&["Properties", "Value"])
            {
                return self.texts(subject.stack, value);
            }
        }
        Vec::new()
    }

    /// Where the image of a container is built from.
    fn build(
        &mut self,
        subject: &Subject<'_>,
        task: &Value,
        container: &Value,
        image: &Value,
    ) -> Option<Build> {
        let template = self.template(subject.stack);
        let metadata = subject.resource.get("Metadata");
        let stated = |name: &str| {
            let own = container.get(name).and_then(Value::text);
            own.or_else(|| metadata.and_then(|metadata| metadata.get(name)?.text())).map(str::to_owned)
        };
        if let Some(context) = stated("DockerContext") {
            let context = join(&template.directory, &context);
            let dockerfile = join(&context, &stated("Dockerfile").unwrap_or_else(|| "Dockerfile".to_owned()));
            return Some(Build { context, dockerfile });
        }
        if let Some(asset) = image.texts().iter().find_map(|text| self.image_asset(subject.stack, text)) {
            let (directory, file) = asset;
            let context = self.asset_context(subject.stack, directory, &file);
            let dockerfile = join(&context, &file);
            return Some(Build { context, dockerfile });
        }
        let named = self.names_of_image(subject, task, container, image)?;
        let dockerfile = context_of(&self.settings.dockerfiles, &named)?.clone();
        let text = std::fs::read_to_string(&dockerfile).ok()?;
        let context = build_context(&dockerfile, &Dockerfile::read(&text, None), &self.settings.roots);
        let name = container.get("Name").and_then(Value::text).unwrap_or(subject.id);
        let message =
            format!("{} is taken for the image of container {name}, by its name", shown(&dockerfile));
        let note = self.fact("code-by-handler", image.at, message);
        self.diagnostics.push(note);
        Some(Build { context, dockerfile })
    }

    /// The names that a Dockerfile of an image may go by; none for an image that others publish.
    fn names_of_image(
        &self,
        subject: &Subject<'_>,
        task: &Value,
        container: &Value,
        image: &Value,
    ) -> Option<Named> {
        let texts = image.texts();
        let is_own = texts
            .iter()
            .any(|text| text.as_literal().is_none() || text.literal_prefix().contains(".dkr.ecr."));
        let repository = texts.iter().find_map(literal_name);
        if !is_own && !repository.as_deref().is_some_and(|name| name.contains('/')) {
            return None;
        }
        let mut names: Vec<String> = Vec::new();
        if let Some(repository) = &repository {
            names.extend(repository.rsplit('/').next().map(str::to_owned));
            names.push(repository.clone());
        }
        if is_own {
            names.extend(container.get("Name").and_then(Value::text).map(str::to_owned));
            names.extend(task.get("Family").and_then(Value::text).map(str::to_owned));
            let id = subject.id.rsplit([':', '.']).next().unwrap_or(subject.id);
            names.push(id.to_owned());
        }
        Some(Named { names, takes_only: is_own })
    }

    /// What to say of an image without source. Official images call nothing of AWS by themselves.
    fn image_without_source(
        &self,
        container: &Value,
        image: &Value,
        name: &str,
        repository: &str,
    ) -> Option<Diagnostic> {
        let official = ["docker.io/library/", "public.ecr.aws/docker/library/"];
        let is_official = !repository.is_empty()
            && (!repository.contains('/') || official.iter().any(|start| repository.starts_with(start)))
            && image.texts().iter().all(|text| text.as_literal().is_some());
        let sidecars = ["aws-for-fluent-bit", "amazon-ecs-pause"];
        let is_known = sidecars.iter().any(|end| repository.ends_with(end));
        if is_known || is_official && container.get("Command").is_none() {
            return None;
        }
        let shown = image.texts().first().map(Pattern::to_policy_string).unwrap_or_default();
        let message = format!(
            "the image of container {name} ({shown}) is not built from here; what it calls is not known"
        );
        let remedy = "pass the directory with its Dockerfile as PATH, name its program with --entry, or add what it calls \
                      by hand";
        Some(self.not_known_of(image.at, "code-not-local", message, remedy))
    }

    pub(super) fn not_known_of(
        &self,
        at: Mark,
        code: &'static str,
        message: String,
        remedy: &str,
    ) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message).at(self.location(at)).remedy(remedy).unresolved()
    }

    /// A service that lets people run commands in the containers of the task.
    /// Source: "Monitor Amazon ECS containers with ECS Exec" in the Amazon ECS Developer Guide.
    fn exec_into(&mut self, subject: &Subject<'_>, found: &mut Found) {
        let template = self.template(subject.stack);
        for entry in template.of_types(&["AWS::ECS::Service"]) {
            let Some(properties) = entry.value.get("Properties") else { continue };
            let is_own = properties
                .get("TaskDefinition")
                .and_then(Node::intrinsic)
                .is_some_and(|(_, id)| id.text().or_else(|| id.items().first()?.text()) == Some(subject.id));
            let Some(exec) = properties.get("EnableExecuteCommand").filter(|_| is_own) else { continue };
            if self.known_text(subject.stack, exec).as_deref() != Some("false") {
                self.add(
                    found,
                    EXEC,
                    &[Pattern::any()],
                    exec.at,
                    "people may run commands in the containers",
                );
            }
        }
    }

    /// File systems of Amazon EFS that the task mounts with its role.
    /// Source: "Specify an Amazon EFS file system in an Amazon ECS task definition", `authorizationConfig`.
    fn mounted_volumes(&mut self, task: &Value, found: &mut Found) {
        for volume in task.get("Volumes").map(Value::items).unwrap_or_default() {
            let Some(config) = volume.get("EFSVolumeConfiguration") else { continue };
            if config.at_path(&["AuthorizationConfig", "IAM"]).and_then(Value::text) != Some("ENABLED") {
                continue;
            }
            let Some(system) = config.get("FilesystemId") else { continue };
            let name = volume.get("Name").and_then(Value::text);
            let containers = task.get("ContainerDefinitions").map(Value::items).unwrap_or_default().iter();
            let mut mounts =
                containers.flat_map(|one| one.get("MountPoints").map(Value::items).unwrap_or_default());
            let writes = mounts.any(|mount| {
                mount.get("SourceVolume").and_then(Value::text) == name
                    && mount.get("ReadOnly").and_then(Value::text) != Some("true")
            });
            let actions = if writes { EFS } else { &EFS[..1] };
            let systems = named(system, "elasticfilesystem:R:A:file-system/{}");
            self.add(found, actions, &systems, config.at, "the task mounts a file system of Amazon EFS");
        }
    }
}

/// A value in the words of the template.
fn written(values: &[Pattern]) -> String {
    values.iter().map(|value| quoted(&value.to_policy_string())).collect::<Vec<_>>().join(" or ")
}

/// Variables that have one value.
fn single_values(environment: &Environment) -> Variables {
    let single = environment.iter().filter_map(|(name, variable)| match variable.values.as_slice() {
        [only] => Some((name.to_owned(), only.clone())),
        _ => None,
    });
    single.collect()
}

/// The name of an image, without the registry where that is of Amazon ECR, and without its tag.
fn literal_name(image: &Pattern) -> Option<String> {
    let is_private =
        image.parts().iter().any(|part| matches!(part, Part::Literal(text) if text.contains(".dkr.ecr.")));
    let name = if is_private { image.split_once('/')?.1 } else { image.clone() };
    let name = without_tag(&name);
    name.as_literal().map(str::to_owned)
}
