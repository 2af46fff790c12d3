//! Every wildcard in the resources, why it is there, and what takes it away.

use std::collections::BTreeMap;

use perm_infer_infer::{Inference, PartOrigin, RequirementEvidence, ResourcePart};
use perm_infer_policy::Arn;

use super::text::part;
use crate::page::Page;
use crate::style::{FAINT, PLACE, paint};
use perm_infer_policy::inert::inert;

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
    for (resource, requirements) in by_resource {
        out.heading(&resource);
        let actions: Vec<&str> = requirements.iter().map(|requirement| requirement.action).collect();
        out.wrapped(2, "for ", &actions, ", ");
        if requirements.iter().any(|requirement| !requirement.resource_level) {
            out.line(2, "the action cannot be limited to resources; nothing takes the wildcard away");
        } else {
            of_names(&requirements, inference, &mut out);
            of_fields(&resource, &mut out);
        }
        out.blank();
    }
    out.text
}

fn without_escapes(resource: &str) -> String {
    resource.replace("${*}", "").replace("${?}", "")
}

/// Wildcards in the name: the parts that are not known, at each call.
fn of_names(requirements: &[&RequirementEvidence], inference: &Inference, out: &mut Page) {
    let mut told = Vec::new();
    for requirement in requirements {
        for (&call, parts) in requirement.calls.iter().zip(&requirement.parts) {
            let Some(call) = inference.calls.get(call) else { continue };
            for open in parts.iter().filter(|part| !is_known(part)) {
                if told.contains(&(&call.location, open)) {
                    continue;
                }
                told.push((&call.location, open));
                let place = paint(PLACE, &inert(&call.location.to_string()));
                out.line(2, &format!("{place} {}", part(open)));
                out.line(4, &paint(FAINT, &inert(&remedy(&open.origin))));
            }
        }
    }
    let name = requirements.first().and_then(|one| one.resource.to_policy_string().parse::<Arn>().ok());
    let is_open = name.is_some_and(|arn| without_escapes(&arn.resource).contains(['*', '?']));
    if told.is_empty() && is_open {
        out.line(2, "part of the name is chosen by AWS, or the call names every resource of this type");
    }
}

fn is_known(part: &ResourcePart) -> bool {
    matches!(part.origin, PartOrigin::Constant(_) | PartOrigin::Stated | PartOrigin::Reference(_))
}

fn remedy(origin: &PartOrigin) -> String {
    match origin {
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

/// Wildcards for region and account, which only the deployment knows.
fn of_fields(resource: &str, out: &mut Page) {
    let Ok(arn) = resource.parse::<Arn>() else { return };
    for (field, value, option) in
        [("region", &arn.region, "--region"), ("account", &arn.account, "--account")]
    {
        if value == "*" {
            out.line(2, &format!("the {field} is not known"));
            out.line(4, &paint(FAINT, &format!("give it with {option}")));
        }
    }
}
