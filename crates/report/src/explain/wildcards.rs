//! Every wildcard in the resources, why it is there, and what takes it away.

use std::collections::BTreeMap;

use perm_infer_infer::{Inference, PartOrigin, RequirementEvidence, ResourcePart};
use perm_infer_policy::inert::inert;
use perm_infer_policy::{Arn, Part, Pattern};

use super::origin::part;
use crate::page::{Page, WIDTH};
use crate::style::{FAINT, paint};

/// Fields of an ARN before the resource.
const FIELDS: usize = 5;

/// The wildcards, resource by resource, with styles.
#[must_use]
pub fn why_wildcards(inference: &Inference) -> String {
    let mut by_resource: BTreeMap<String, Vec<&RequirementEvidence>> = BTreeMap::new();
    let selected = inference.statements.iter().flat_map(|statement| &statement.requirements);
    for requirement in selected.filter_map(|&at| inference.requirements.get(at)) {
        let resource = requirement.resource.to_policy_string();
        if without_escapes(&resource).contains(['*', '?']) {
            by_resource.entry(resource).or_default().push(requirement);
        }
    }
    let mut out = Page::default();
    if by_resource.is_empty() {
        out.line(0, "No resource has a wildcard.");
    }
    let mut fields: BTreeMap<Vec<&str>, Vec<String>> = BTreeMap::new();
    for (resource, requirements) in by_resource {
        let (open_fields, is_name_open) = open_parts(&resource);
        if !open_fields.is_empty() {
            fields.entry(open_fields).or_default().push(resource.clone());
        }
        if !is_name_open {
            continue;
        }
        out.heading(&resource);
        let actions: Vec<&str> = requirements.iter().map(|requirement| requirement.action).collect();
        out.wrapped(2, "for ", &actions, ", ");
        if requirements.iter().any(|requirement| !requirement.resource_level) {
            out.words(2, "the action cannot be limited to resources; nothing takes the wildcard away");
        } else {
            Wildcards { requirements: &requirements, inference, out: &mut out }.of_name();
        }
        out.blank();
    }
    for (open, resources) in &fields {
        of_fields(open, resources, &mut out);
    }
    out.text
}

fn without_escapes(resource: &str) -> String {
    resource.replace("${*}", "").replace("${?}", "")
}

/// Why the name of one resource has wildcards.
struct Wildcards<'w> {
    requirements: &'w [&'w RequirementEvidence],
    inference: &'w Inference,
    out: &'w mut Page,
}

impl Wildcards<'_> {
    fn of_name(&mut self) {
        let open = self.of_calls();
        let made = self.of_references();
        let Some(symbolic) = self.requirements.first().map(|one| &one.symbolic) else { return };
        let name = name_parts(symbolic);
        if name.iter().any(|part| matches!(part, Part::AnyChars(_))) {
            let why = "the service appends random characters to the name when the resource is made";
            self.told(why, "nothing takes them away, and no other name has that form");
        }
        let is_open = name.contains(&Part::Any);
        if is_open && !open {
            self.of_rule(made);
        }
    }

    fn told(&mut self, why: &str, remedy: &str) {
        self.out.words(2, why);
        for line in wrap(remedy, WIDTH - 4) {
            self.out.line(4, &paint(FAINT, &line));
        }
    }

    /// The parts that are not known, at each call. Whether there are any.
    fn of_calls(&mut self) -> bool {
        let mut told = Vec::new();
        for requirement in self.requirements {
            for (&call, parts) in requirement.calls.iter().zip(&requirement.parts) {
                let Some(call) = self.inference.calls.get(call) else { continue };
                for open in parts.iter().filter(|part| !is_known(part)) {
                    if told.contains(&(&call.location, open)) {
                        continue;
                    }
                    told.push((&call.location, open));
                    let why = part(open);
                    let place = inert(&call.location.to_string()).into_owned();
                    let place = if open.location.as_ref() == Some(&call.location) {
                        String::new()
                    } else {
                        place + " "
                    };
                    self.told(&format!("{place}{why}"), &inert(&remedy(open)));
                }
            }
        }
        !told.is_empty()
    }

    /// What a template refers to and only the deployment knows. Whether there is any.
    fn of_references(&mut self) -> bool {
        let mut told = Vec::new();
        for symbol in self.requirements.iter().flat_map(|one| one.symbolic.parts()) {
            let Part::Raw(symbol) = symbol else { continue };
            let reference = self.inference.references.get(symbol);
            let Some(reference) = reference.filter(|one| one.location.is_some()) else { continue };
            if told.contains(&symbol) || !reference.values.iter().any(|value| value.as_literal().is_none()) {
                continue;
            }
            told.push(symbol);
            let place = reference.location.as_ref().map(ToString::to_string).unwrap_or_default();
            let is_any = reference.values.iter().any(Pattern::is_any);
            let why = match is_any {
                true => format!("the value of {} is not known", reference.what),
                false => format!("the name of {} is made when it is deployed", reference.what),
            };
            let remedy = match (is_any, reference.remedy.is_empty()) {
                (true, true) => "state the resource: # perm-infer: resource ARN",
                (true, false) => &reference.remedy,
                (false, _) => "--stack-name narrows it, a name in the template makes it exact",
            };
            self.told(&inert(&format!("{why} ({place})")), &inert(remedy));
        }
        !told.is_empty()
    }

    /// What the rule for the action leaves open, whatever the call or the template says.
    fn of_rule(&mut self, has_reference: bool) {
        let causes = self.requirements.iter().flat_map(|one| &one.causes);
        let reasons: Vec<&str> = causes.map(|cause| cause.reason.as_str()).collect();
        match reasons.first() {
            Some(reason) => {
                let why = format!("{}, with everything below the name", inert(reason));
                self.told(&why, "nothing takes it away");
            }
            None if has_reference => self.told(
                "the action is for everything below the name, or for a part that AWS chooses",
                "nothing takes it away",
            ),
            None => self.told(
                "the call does not say this part of the name: AWS chooses it, or it means every resource of this type",
                "state the resource: # perm-infer: resource ARN",
            ),
        }
    }
}

/// The parts of an ARN behind its fifth colon, or all parts of what is none.
fn name_parts(resource: &Pattern) -> Vec<Part> {
    let mut colons = 0;
    let mut name = Vec::new();
    for part in resource.parts() {
        match part {
            Part::Literal(text) if colons < FIELDS => {
                let mut rest = text.as_str();
                while colons < FIELDS
                    && let Some((_, after)) = rest.split_once(':')
                {
                    colons += 1;
                    rest = after;
                }
                if colons == FIELDS && !rest.is_empty() {
                    name.push(Part::Literal(rest.to_owned()));
                }
            }
            other if colons == FIELDS => name.push(other.clone()),
            _ => {}
        }
    }
    if colons < FIELDS { resource.parts().to_vec() } else { name }
}

/// Text in lines of so many columns.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines
            .last_mut()
            .filter(|line| line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width);
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => *line += &format!(" {word}"),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn is_known(part: &ResourcePart) -> bool {
    matches!(part.origin, PartOrigin::Constant(_) | PartOrigin::Stated | PartOrigin::Reference(_))
}

fn remedy(open: &ResourcePart) -> String {
    match &open.origin {
        PartOrigin::Environment(_) if open.setting.is_some() => {
            "write its value so that it can be read, or state the resource: # perm-infer: resource ARN"
                .to_owned()
        }
        PartOrigin::Environment(name) => {
            format!("give its value: --var {name}=VALUE, --env-file FILE or a deployment template")
        }
        PartOrigin::Parameter(_) => {
            "call it with a constant, or state the resource: # perm-infer: resource ARN".to_owned()
        }
        PartOrigin::Constant(_)
        | PartOrigin::Stated
        | PartOrigin::Reference(_)
        | PartOrigin::Result(_)
        | PartOrigin::TooMany
        | PartOrigin::Undefined(_)
        | PartOrigin::Computed => "state the resource: # perm-infer: resource ARN".to_owned(),
    }
}

/// The fields before the name that are wildcards, and whether the name has any.
fn open_parts(resource: &str) -> (Vec<&'static str>, bool) {
    let Ok(arn) = resource.parse::<Arn>() else { return (Vec::new(), true) };
    let fields = [("partition", &arn.partition), ("region", &arn.region), ("account", &arn.account)];
    let open = fields.iter().filter(|(_, value)| value.as_str() == "*").map(|(field, _)| *field).collect();
    (open, without_escapes(&arn.resource).contains(['*', '?']))
}

/// Wildcards for region and account, which only the deployment knows.
fn of_fields(open: &[&str], resources: &[String], out: &mut Page) {
    let verb = if open.len() > 1 { "are" } else { "is" };
    out.heading(&format!("The {} {verb} not known", open.join(" and the ")));
    for resource in resources {
        out.line(2, &inert(resource));
    }
    let options: Vec<String> = open.iter().map(|field| format!("--{field}")).collect();
    out.line(
        4,
        &paint(
            FAINT,
            &format!("give {} with {}", if open.len() > 1 { "them" } else { "it" }, options.join(" and ")),
        ),
    );
    out.blank();
}
