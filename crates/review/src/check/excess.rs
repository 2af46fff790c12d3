//! What policies grant that no code needs: actions, with wildcards expanded through the catalogue, and
//! resources. The most dangerous comes first.

use std::collections::BTreeSet;

use perm_infer_catalog::{AccessLevel, Action};
use perm_infer_diagnostics::Location;
use perm_infer_policy::{Effect, Statement, matches};

use super::fit::{Fit, statement_fit, text_fit};
use super::{Need, Review};
use crate::policy_file::{PolicyFile, StatementRef};

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
}

pub(super) fn excess(review: &Review<'_>, needs: &[Need<'_>]) -> Vec<Excess> {
    let mut found = Vec::new();
    for file in review.policies {
        for (index, statement) in file.document.statement.iter().enumerate() {
            if statement.effect == Effect::Allow {
                Finder { review, file, index, statement, needs, served: served(review, statement, needs) }
                    .find(&mut found);
            }
        }
    }
    found.sort_by(|one, other| {
        let key = |excess: &Excess| (std::cmp::Reverse(excess.level), excess.location.clone(), excess.kind);
        key(one).cmp(&key(other))
    });
    found
}

/// The needs that a statement serves, or may serve.
fn served<'n>(review: &Review<'_>, statement: &Statement, needs: &'n [Need<'n>]) -> Vec<&'n Need<'n>> {
    needs.iter().filter(|need| statement_fit(statement, need, &review.known).fit != Fit::No).collect()
}

struct Finder<'f> {
    review: &'f Review<'f>,
    file: &'f PolicyFile,
    index: usize,
    statement: &'f Statement,
    needs: &'f [Need<'f>],
    /// The needs that the statement serves, or may serve.
    served: Vec<&'f Need<'f>>,
}

impl Finder<'_> {
    fn find(&self, found: &mut Vec<Excess>) {
        match &self.statement.action {
            Some(texts) => {
                for (position, text) in texts.iter().enumerate() {
                    let named: Vec<Action> = Action::named(text).collect();
                    found.extend(self.action(text, self.action_place(position), &named));
                }
            }
            None => {
                let texts = self.statement.not_action.iter().flatten();
                let excepted: BTreeSet<Action> = texts.flat_map(|text| Action::named(text)).collect();
                let others: Vec<Action> = Action::all().filter(|action| !excepted.contains(action)).collect();
                found.extend(self.action("NotAction", self.action_place(0), &others));
            }
        }
        // Of a statement that nothing needs, the actions say it all.
        if !self.served.is_empty() {
            for (position, text) in self.statement.resource.iter().flatten().enumerate() {
                found.extend(self.resource(text, position));
            }
        }
    }

    fn action_place(&self, position: usize) -> Location {
        self.place(|ranges| ranges.actions.get(position).copied())
    }

    fn place(
        &self,
        range: impl Fn(&crate::policy_file::StatementRanges) -> Option<jsonc_parser::common::Range>,
    ) -> Location {
        let range = self.file.ranges.get(self.index).and_then(range);
        range.map_or_else(|| self.file.statement(self.index).location, |range| self.file.places.at(range))
    }

    /// What one text of `Action`, which names these actions, grants beyond what is needed.
    fn action(&self, text: &str, place: Location, named: &[Action]) -> Option<Excess> {
        let needed: BTreeSet<&str> = self.served.iter().map(|need| need.action).collect();
        // Some actions have to be given with an asterisk: `lambda:EnableReplication*`.
        if needed.contains(text) {
            return None;
        }
        let kept = |action: &Action| {
            self.review
                .keep
                .iter()
                .any(|glob| matches(&glob.to_ascii_lowercase(), &action.name().to_ascii_lowercase()))
        };
        let needless: Vec<Action> =
            named.iter().copied().filter(|action| !needed.contains(action.name()) && !kept(action)).collect();
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
    fn resource(&self, text: &str, position: usize) -> Option<Excess> {
        let fits = |need: &&&Need<'_>| text_fit(text, &need.resource.to_policy_string()) != Fit::No;
        let users: Vec<&&Need<'_>> = self.served.iter().filter(fits).collect();
        let wanted: BTreeSet<String> = users.iter().map(|need| need.resource.to_policy_string()).collect();
        let kind = match users.is_empty() {
            true => ExcessKind::Resource,
            // Something that is needed is at least as wide, or of no resource at all.
            false if wanted.iter().any(|wanted| wanted == "*" || text_fit(wanted, text) == Fit::Yes) => {
                return None;
            }
            false => ExcessKind::WiderResource,
        };
        let actions: BTreeSet<Action> =
            self.served.iter().filter_map(|need| Action::find(need.action)).collect();
        let level = actions.iter().map(|action| action.access_level()).max()?;
        let place = self.place(|ranges| ranges.resources.get(position).copied());
        Some(self.excess(
            place,
            kind,
            text,
            actions.into_iter().collect(),
            wanted.into_iter().collect(),
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
        let statement = self.file.statement(self.index);
        let needed_elsewhere =
            self.needs.iter().any(|need| actions.iter().any(|action| action.name() == need.action));
        Excess { location, statement, kind, text: text.to_owned(), actions, needed_elsewhere, needed, level }
    }
}
