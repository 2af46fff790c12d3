//! What policies grant that no code needs: actions, with wildcards expanded through the catalogue, and
//! resources. The most dangerous comes first.

use std::collections::BTreeSet;

use perm_infer_catalog::{AccessLevel, Action, ManagedPolicy};
use perm_infer_diagnostics::Location;
use perm_infer_infra::PolicySource;
use perm_infer_policy::{Effect, Statement, matches};

use super::fit::{Fit, need_fits, resource_fits, rule_fit};
use super::rule::{Resource, Rule};
use super::{Need, Review};
use crate::policy_file::{PolicyFile, StatementPlaces, StatementRef};

/// Something that is granted and not needed.
#[derive(Clone, Debug)]
pub struct Excess {
    /// Where the policy says it.
    pub location: Location,
    /// In which statement.
    pub statement: StatementRef,
    /// What it is.
    pub kind: ExcessKind,
    /// The action or resource as written.
    pub text: String,
    /// The actions that are not needed; of a resource the actions that it is granted for.
    pub actions: Vec<Action>,
    /// Whether calls need some of the actions on other resources.
    pub needed_elsewhere: bool,
    /// What is needed of it: actions or resources.
    pub needed: Vec<String>,
    /// The highest access level of the actions.
    pub level: AccessLevel,
}

/// The kinds of excess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExcessKind {
    /// No call needs the action, or any of the actions.
    Action,
    /// Some of the actions are needed.
    PartOfActions,
    /// No call needs the resource.
    Resource,
    /// The calls need narrower resources.
    WiderResource,
    /// A policy of AWS allows more than the calls need.
    Policy,
}

pub(super) fn excess(review: &Review<'_>, needs: &[Need<'_>]) -> Vec<Excess> {
    let mut found = Vec::new();
    for file in review.policies {
        match &file.source {
            PolicySource::Template => {
                for rule in Rule::of(file).filter(|rule| rule.statement.effect == Effect::Allow) {
                    Finder { review, rule, needs, served: served(review, rule, needs) }.find(&mut found);
                }
            }
            PolicySource::Managed(name) | PolicySource::SamTemplate(name) => {
                found.extend(of_aws(review, file, name, needs));
            }
            // The framework gives it whatever the template says.
            PolicySource::Framework => {}
        }
    }
    found.sort_by(|one, other| {
        let key = |excess: &Excess| (std::cmp::Reverse(excess.level), excess.location.clone(), excess.kind);
        key(one).cmp(&key(other))
    });
    found
}

/// The needs that a statement serves, or may serve.
fn served<'n>(review: &Review<'_>, rule: Rule<'_>, needs: &'n [Need<'n>]) -> Vec<&'n Need<'n>> {
    needs.iter().filter(|need| rule_fit(rule, need, &review.known).fit != Fit::No).collect()
}

/// What a whole policy of AWS grants and no call needs. Nobody can take a part out of such a policy, so that it is
/// one finding; and one that AWS made for roles of a service is as narrow as there is.
fn of_aws(review: &Review<'_>, file: &PolicyFile, name: &str, needs: &[Need<'_>]) -> Option<Excess> {
    let mut named: BTreeSet<Action> = BTreeSet::new();
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    for rule in Rule::of(file).filter(|rule| rule.statement.effect == Effect::Allow) {
        named.extend(actions_of(rule.statement));
        needed.extend(served(review, rule, needs).iter().map(|need| need.action));
    }
    let is_for_services = ManagedPolicy::find(name).is_some_and(ManagedPolicy::is_for_services);
    if is_for_services && !needed.is_empty() {
        return None;
    }
    let actions: Vec<Action> = named
        .into_iter()
        .filter(|action| !needed.contains(action.name()) && !is_kept(review, *action))
        .collect();
    let level = actions.iter().map(|action| action.access_level()).max()?;
    Some(Excess {
        location: file.location.clone(),
        statement: file.statement(0),
        kind: ExcessKind::Policy,
        text: name.to_owned(),
        needed_elsewhere: false,
        needed: needed.into_iter().map(str::to_owned).collect(),
        actions,
        level,
    })
}

/// The actions that a statement is about.
fn actions_of(statement: &Statement) -> Vec<Action> {
    match (&statement.action, &statement.not_action) {
        (Some(texts), _) => texts.iter().flat_map(|text| Action::named(text)).collect(),
        (None, excepted) => {
            let texts = excepted.iter().flatten();
            let excepted: BTreeSet<Action> = texts.flat_map(|text| Action::named(text)).collect();
            Action::all().filter(|action| !excepted.contains(action)).collect()
        }
    }
}

/// Whether the user lets an action be granted in any case.
fn is_kept(review: &Review<'_>, action: Action) -> bool {
    let name = action.name().to_ascii_lowercase();
    review.keep.iter().any(|glob| matches(&glob.to_ascii_lowercase(), &name))
}

struct Finder<'f> {
    review: &'f Review<'f>,
    rule: Rule<'f>,
    needs: &'f [Need<'f>],
    /// The needs that the statement serves, or may serve.
    served: Vec<&'f Need<'f>>,
}

impl Finder<'_> {
    fn find(&self, found: &mut Vec<Excess>) {
        match &self.rule.statement.action {
            Some(texts) => {
                for (position, text) in texts.iter().enumerate() {
                    let named: Vec<Action> = Action::named(text).collect();
                    found.extend(self.action(text, self.action_place(position), &named));
                }
            }
            None => {
                let others = actions_of(self.rule.statement);
                found.extend(self.action("NotAction", self.action_place(0), &others));
            }
        }
        // Of a statement that nothing needs, the actions say it all.
        if !self.served.is_empty() && self.rule.statement.resource.is_some() {
            for (position, resource) in self.rule.resources().enumerate() {
                found.extend(self.resource(resource, position));
            }
        }
    }

    fn action_place(&self, position: usize) -> Location {
        self.place(|places| places.actions.get(position))
    }

    fn place(&self, place: impl Fn(&StatementPlaces) -> Option<&Location>) -> Location {
        let place = self.rule.places().and_then(place);
        place.cloned().unwrap_or_else(|| self.rule.named().location)
    }

    /// What one text of `Action`, which names these actions, grants beyond what is needed.
    fn action(&self, text: &str, place: Location, named: &[Action]) -> Option<Excess> {
        let needed: BTreeSet<&str> = self.served.iter().map(|need| need.action).collect();
        // Some actions have to be given with an asterisk: `lambda:EnableReplication*`.
        if needed.contains(text) {
            return None;
        }
        let needless: Vec<Action> = named
            .iter()
            .copied()
            .filter(|action| !needed.contains(action.name()) && !is_kept(self.review, *action))
            .collect();
        let level = needless.iter().map(|action| action.access_level()).max()?;
        let needed: Vec<String> = named
            .iter()
            .map(|action| action.name())
            .filter(|name| needed.contains(name))
            .map(str::to_owned)
            .collect();
        let kind = if needed.is_empty() { ExcessKind::Action } else { ExcessKind::PartOfActions };
        Some(self.excess(place, kind, text, needless, needed, level))
    }

    /// What one text of `Resource` grants beyond what is needed.
    fn resource(&self, resource: Resource<'_>, position: usize) -> Option<Excess> {
        let texts: Vec<String> = self.served.iter().map(|need| need.resource.to_policy_string()).collect();
        let served = self.served.iter().zip(&texts);
        let users = served.filter(|(need, text)| need_fits(resource, need, text) != Fit::No);
        let users: Vec<Resource<'_>> = users.map(|(need, text)| Resource::of_need(need, text)).collect();
        let kind = match users.is_empty() {
            true => ExcessKind::Resource,
            // Something that is needed is at least as wide, the same as far as anybody knows, or of no resource at all.
            false
                if users.iter().any(|wanted| {
                    wanted.text == "*"
                        || wanted.text == resource.text
                        || resource_fits(*wanted, resource) == Fit::Yes
                }) =>
            {
                return None;
            }
            false => ExcessKind::WiderResource,
        };
        let actions: BTreeSet<Action> =
            self.served.iter().filter_map(|need| Action::find(need.action)).collect();
        let level = actions.iter().map(|action| action.access_level()).max()?;
        let place = self.place(|places| places.resources.get(position));
        let needed: BTreeSet<String> = users.iter().map(|wanted| wanted.shown().to_owned()).collect();
        Some(self.excess(
            place,
            kind,
            resource.shown(),
            actions.into_iter().collect(),
            needed.into_iter().collect(),
            level,
        ))
    }

    fn excess(
        &self,
        location: Location,
        kind: ExcessKind,
        text: &str,
        actions: Vec<Action>,
        needed: Vec<String>,
        level: AccessLevel,
    ) -> Excess {
        let statement = self.rule.named();
        let needed_elsewhere =
            self.needs.iter().any(|need| actions.iter().any(|action| action.name() == need.action));
        Excess { location, statement, kind, text: text.to_owned(), actions, needed_elsewhere, needed, level }
    }
}
