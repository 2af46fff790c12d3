//! Which members of an operation's input fill the variables of an ARN template: declared by the
//! overrides, of the same name, hinted by the community map, or fitting by type.

use super::{Inference, makes, noun};
use crate::community_map::Entry;
use crate::format::{Action, Binding, BindingMode, ResourceType, Source, Target, TargetKind};
use std::collections::BTreeSet;

impl Inference<'_> {
    /// Operations such as `TagResource(ResourceArn)` take the ARN of any resource type.
    pub(super) fn arn_target(&self, operation: &str, action: &str, facts: &Action) -> Option<Target> {
        if facts.types.len() < 2 {
            return None;
        }
        let input = self.api.model.input(operation)?;
        let member = input.members.keys().find(|name| {
            matches!(normal(name).as_str(), "resourcearn" | "arn" | "resourceidentifier" | "resource")
                && input.required.contains(*name)
                && self.api.model.at_path(operation, name).is_some_and(|shape| shape.kind == "string")
        })?;
        let prefix = action.split(':').next()?;
        // Types of global services have no region in their ARNs, some have no account.
        let templates = facts.types.iter().filter_map(|(kind, _)| self.resource_type(action, kind));
        let templates: Vec<&String> = templates.filter_map(|kind| kind.templates.first()).collect();
        let field = |position: usize, variable: &'static str| {
            let empty = |template: &&String| template.split(':').nth(position) == Some("");
            if !templates.is_empty() && templates.iter().all(empty) { "" } else { variable }
        };
        let (region, account) = (field(3, "${Region}"), field(4, "${Account}"));
        let template = format!("arn:${{Partition}}:{prefix}:{region}:{account}:${{{member}}}");
        let binding = Binding {
            variable: member.clone(),
            mode: BindingMode::Auto,
            sources: vec![Source::Path(member.clone())],
        };
        Some(Target {
            kind: TargetKind::Template(template),
            optional: false,
            bindings: vec![binding],
            bare: false,
        })
    }

    /// What fills the variables of a resource type, and how many stay unbound.
    pub(super) fn bindings(
        &self,
        operation: &str,
        kind: &ResourceType,
        entry: Option<&Entry>,
        action: &Action,
    ) -> (Vec<Binding>, usize) {
        let Some(template) = kind.templates.first() else { return (Vec::new(), 0) };
        let variables = variables(template);
        let mut found: Vec<Option<Binding>> = vec![None; variables.len()];
        // What is declared or has the variable's name is certain and goes first; no member fills two.
        for guessing in [false, true] {
            for (position, variable) in variables.iter().enumerate() {
                if found[position].is_some() {
                    continue;
                }
                let last = position + 1 == variables.len();
                let binding = if guessing {
                    self.hinted(operation, &kind.name, variable, last, entry)
                        .or_else(|| self.guessed(operation, &kind.name, variable, last, action, &found))
                } else {
                    self.declared(operation, &kind.name, variable)
                        .or_else(|| self.same_name_member(operation, variable))
                };
                found[position] = binding.filter(|binding| !repeats(binding, &found));
            }
        }
        let bindings: Vec<Binding> = found.into_iter().flatten().collect();
        let unbound = variables.len() - bindings.len();
        (bindings, unbound)
    }

    /// A `bind` line of the overrides whose members the operation has.
    fn declared(&self, operation: &str, kind: &str, variable: &str) -> Option<Binding> {
        self.own.binds.iter().find_map(|bind| {
            let (on, binding) = &bind.what;
            let applies = (on == "*" || on == kind) && binding.variable == variable;
            let mut kept = binding.clone();
            kept.sources.retain(|source| match source {
                Source::Path(path) => self.api.model.at_path(operation, path).is_some(),
                Source::Literal(_) => true,
            });
            // A default alone says nothing where its member is missing; a value that is always the same does.
            let named =
                |binding: &Binding| binding.sources.iter().any(|source| matches!(source, Source::Path(_)));
            (applies && (named(&kept) || !named(binding))).then(|| {
                bind.take();
                kept
            })
        })
    }

    /// What the community map says.
    fn hinted(
        &self,
        operation: &str,
        kind: &str,
        variable: &str,
        last: bool,
        entry: Option<&Entry>,
    ) -> Option<Binding> {
        let entry = entry?;
        let member = entry
            .member_for(variable)
            .or_else(|| if last { entry.member_with_arn_of(kind) } else { None })?;
        self.text_binding(operation, variable, member).and_then(|binding| id_or_arn(operation, binding))
    }

    /// A member whose name fits the variable or the type.
    fn guessed(
        &self,
        operation: &str,
        kind: &str,
        variable: &str,
        last: bool,
        action: &Action,
        taken: &[Option<Binding>],
    ) -> Option<Binding> {
        let input = self.api.model.input(operation)?;
        let mut wanted = vec![normal(variable)];
        let base = stem(&normal(variable));
        let kind = normal(kind);
        let generic = matches!(base.as_str(), "" | "resource" | "relative");
        let bases: Vec<&str> = if generic {
            vec![&kind]
        } else if last {
            vec![&base, &kind]
        } else {
            vec![&base]
        };
        for base in bases.into_iter().filter(|base| base.len() > 1) {
            for suffix in ["name", "id", "arn", "identifier", "", "names", "ids", "arns", "identifiers", "s"]
            {
                wanted.push(format!("{base}{suffix}"));
            }
        }
        let single =
            action.types.len() == 1 || action.types.iter().filter(|(_, required)| *required).count() == 1;
        // The name given to something new is not the name of what it is made from.
        let noun = noun(operation);
        let own_name = noun.ends_with(&kind) || kind.ends_with(&noun);
        if last && single && makes(operation) {
            let generic = if own_name {
                &["name", "resourcearn", "arn", "identifier", "id"][..]
            } else {
                &["resourcearn", "arn"]
            };
            wanted.extend(generic.iter().map(|name| (*name).to_owned()));
        } else if last && single {
            wanted
                .extend(["resourcearn", "arn", "resourceid", "identifier", "id", "name"].map(str::to_owned));
        }
        wanted.iter().find_map(|name| {
            let member = input.members.keys().find(|member| normal(member) == *name)?;
            let binding = self.text_binding(operation, variable, member)?;
            id_or_arn(operation, binding).filter(|binding| !repeats(binding, taken))
        })
    }

    fn same_name_member(&self, operation: &str, variable: &str) -> Option<Binding> {
        let input = self.api.model.input(operation)?;
        let member = input.members.keys().find(|member| normal(member) == normal(variable))?;
        self.text_binding(operation, variable, member)
    }

    /// Binds a variable to a member that is text or a list of texts.
    fn text_binding(&self, operation: &str, variable: &str, member: &str) -> Option<Binding> {
        let shape = self.api.model.at_path(operation, member)?;
        let path = match shape.kind.as_str() {
            "string" => member.to_owned(),
            "list" => {
                let path = format!("{member}[]");
                (self.api.model.at_path(operation, &path)?.kind == "string").then_some(path)?
            }
            _ => return None,
        };
        Some(Binding {
            variable: variable.to_owned(),
            mode: BindingMode::Auto,
            sources: vec![Source::Path(path)],
        })
    }
}

/// AWS makes the id of a resource: its name does not tell it, and a member that takes a name or an ARN
/// tells it only when it is given an ARN.
fn id_or_arn(operation: &str, mut binding: Binding) -> Option<Binding> {
    let variable = normal(&binding.variable);
    let id = ["id", "identifier", "uuid"].iter().any(|ending| variable.ends_with(ending));
    let name = binding.sources.iter().any(|source| match source {
        Source::Path(path) => normal(path.trim_end_matches("[]")).trim_end_matches('s').ends_with("name"),
        Source::Literal(_) => false,
    });
    if id && name {
        if makes(operation) || operation.starts_with("Start") || operation.starts_with("Run") {
            return None;
        }
        binding.mode = BindingMode::ArnOnly;
    }
    Some(binding)
}

/// Whether a binding reads a member that another variable of the template has already.
fn repeats(binding: &Binding, taken: &[Option<Binding>]) -> bool {
    taken.iter().flatten().any(|other| other.sources == binding.sources)
}

/// Of several types that the same members fill, keeps the required ones, or the best bound one. An ARN
/// is of any of the types that it fits, which only its value tells.
pub(super) fn keep_distinct(mut found: Vec<(Target, bool, usize)>) -> Vec<Target> {
    found.sort_by_key(|(target, required, unbound)| (!required, *unbound, target.bindings.len()));
    let mut kept: Vec<Target> = Vec::new();
    for (target, required, unbound) in found {
        let members = member_set(&target);
        let holds_arn = members.iter().all(|member| {
            let name = normal(member);
            name.ends_with("arn") || name.ends_with("arns")
        });
        let repeats = kept.iter().any(|other| {
            if holds_arn && other.optional && members == member_set(other) {
                return false;
            }
            members.is_subset(&member_set(other)) || (unbound > 0 && !members.is_disjoint(&member_set(other)))
        });
        if required || !repeats {
            kept.push(target);
        }
    }
    kept
}

fn member_set(target: &Target) -> BTreeSet<String> {
    let sources = target.bindings.iter().flat_map(|binding| &binding.sources);
    sources
        .filter_map(|source| match source {
            Source::Path(path) => Some(path.clone()),
            Source::Literal(_) => None,
        })
        .collect()
}

/// The variables of an ARN template except partition, region and account.
pub(super) fn variables(template: &str) -> Vec<String> {
    template
        .split("${")
        .skip(1)
        .filter_map(|piece| piece.split('}').next())
        .filter(|name| !["Partition", "Region", "Account"].contains(name))
        .map(str::to_owned)
        .collect()
}

/// A name without case and separators.
pub(super) fn normal(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

/// A normal name without its ending.
fn stem(name: &str) -> String {
    for ending in ["namewithpath", "resourceid", "identifier", "name", "arn", "id"] {
        if let Some(stem) = name.strip_suffix(ending) {
            return stem.to_owned();
        }
    }
    name.to_owned()
}
