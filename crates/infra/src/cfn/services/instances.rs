//! Instances of Amazon EC2 with an instance profile: what the script of their first start tells.
//!
//! Source: "IAM roles for Amazon EC2" and "Run commands when you launch an EC2 instance with user data input" in
//! the Amazon EC2 User Guide.

use std::path::Path;

use super::Reader;
use crate::cfn::function::Subject;
use crate::cfn::needs::Found;
use crate::cfn::value::first_scalar;
use crate::code::is_inside;
use crate::container::{Dockerfile, Image};
use crate::environment::Environment;
use crate::model::{Unit, UnitKind};
use crate::shell::{self, Variables};
use crate::tree::Node;
use crate::value::Value;

impl Reader<'_> {
    /// An instance, or what instances are launched from; none where it has no instance profile.
    pub(super) fn instance(&mut self, subject: &Subject<'_>, instance: &Value) -> Option<Unit> {
        let nested = subject.get(&["LaunchTemplateData"]);
        let get = |name: &str| nested.and_then(|nested| nested.get(name)).or_else(|| subject.get(&[name]));
        let profile = get("IamInstanceProfile")?;
        // A condition may leave it out.
        let stated = instance.get("LaunchTemplateData").unwrap_or(instance).get("IamInstanceProfile")?;
        let mut found = Found::default();
        let mut programs = Vec::new();
        let mut is_known = false;
        if let Some(data) = get("UserData") {
            let data = match data.intrinsic() {
                Some(("Fn::Base64", inner)) => inner,
                _ => data,
            };
            let script = shell::read(&self.long_text(subject.stack, data), &Variables::new());
            let context = self.template(subject.stack).directory.clone();
            let (roots, outside) = (&self.settings.roots, self.settings.allow_outside);
            let allowed = |path: &Path| outside || is_inside(path, roots);
            let image =
                Image { context: context.clone(), dockerfile: Dockerfile::default(), allowed: &allowed };
            let started = image.programs_of(script);
            let at = first_scalar(data).at;
            self.cli_calls(&started, at, "the script that the instance starts with calls it", &mut found);
            is_known = !found.calls.is_empty();
            programs = self.programs(&started, &context, "", Environment::default(), &Variables::new());
        }
        if programs.is_empty() {
            let what = if is_known {
                "only what its user data calls is known"
            } else {
                "nothing is known of what it runs"
            };
            let message = format!("{} runs with an instance profile, and {what}", subject.id);
            let remedy = "name its program with --entry, or add what it calls by hand";
            let problem = self.not_known_of(stated.at, "code-not-local", message, remedy);
            self.diagnostics.push(problem);
        }
        let role = self.role_of_profile(subject, profile);
        let unit = self.unit_with_role(subject, UnitKind::Instance, found, role.as_ref());
        Some(Unit { programs, ..unit })
    }

    /// The role of an instance profile of the template.
    fn role_of_profile(&self, subject: &Subject<'_>, profile: &Node) -> Option<Node> {
        let named = profile.get("Arn").or_else(|| profile.get("Name")).unwrap_or(profile);
        let (_, argument) = named.intrinsic()?;
        let id = argument.text().or_else(|| argument.items().first()?.text())?;
        let template = self.template(subject.stack);
        let roles = template.resource(id)?.at_path(&["Properties", "Roles"])?;
        roles.items().first().cloned()
    }
}
