//! From single needs to few readable statements: drop what is covered, group what belongs together,
//! order, name. Nothing is added: the document allows exactly what its grants ask for.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Condition, Document, Effect, OneOrMany, Statement};
use crate::pattern::{Part, Pattern};
use crate::sid::name_statements;

/// What one requirement needs: an action on resources of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The action with its service prefix, such as `s3:GetObject`.
    pub action: String,
    /// The ARN, or [`Pattern::any`] for an action without resource-level permissions.
    pub resource: Pattern,
    /// The conditions under which it is needed; none for most.
    pub conditions: Condition,
}

/// How a document is built.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// Whether statements get a `Sid`.
    pub sids: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        BuildOptions { sids: true }
    }
}

/// A document and what is behind it.
#[derive(Clone, Debug)]
pub struct Built {
    /// The document.
    pub document: Document,
    /// For each statement, the positions of the grants that it serves, in order. A grant that a wider
    /// one covers is behind the statement of the wider one. Every grant is behind a statement.
    pub grants: Vec<Vec<usize>>,
}

/// Merges grants into a document. The order of the grants has no influence.
///
/// A grant is left out when another grant of the same action, with the same conditions or without
/// any, has a resource pattern that contains its own: `table/*` covers `table/orders`, and `*` covers
/// everything. The narrow grant would change nothing about what is allowed and would suggest a
/// precision that is not there; the wide one is reported where it arises.
///
/// The rest is grouped so that one statement has one service and one set of conditions. Resources on
/// which the same actions are needed share a statement, or actions that need the same resources,
/// whichever gives fewer statements for the actions and resources that are connected at all.
#[must_use]
pub fn build(grants: impl IntoIterator<Item = Grant>, options: &BuildOptions) -> Document {
    let grants: Vec<Grant> = grants.into_iter().collect();
    build_with_sources(&grants, options).document
}

/// Like [`build`], and tells which grants are behind which statement.
#[must_use]
pub fn build_with_sources(grants: &[Grant], options: &BuildOptions) -> Built {
    let kept = drop_covered(grants);
    let uses = by_service_and_conditions(&kept);
    let parts = uses.values().flat_map(|uses| connected_parts(uses));
    let mut groups: Vec<Group> = parts.flat_map(|part| group(&part)).collect();
    groups.sort_by_cached_key(Group::sort_key);
    let statements: Vec<Statement> = groups.iter().map(Group::statement).collect();
    let mut document = Document::new(statements.clone());
    if options.sids {
        name_statements(&mut document, &statements);
    }
    let mut sources: Vec<Vec<usize>> = groups.into_iter().map(|group| group.sources).collect();
    for positions in &mut sources {
        positions.sort_unstable();
    }
    Built { document, grants: sources }
}

/// A grant that is kept, with the positions of all grants that it stands for.
struct Kept<'a> {
    grant: &'a Grant,
    sources: Vec<usize>,
}

fn drop_covered(grants: &[Grant]) -> Vec<Kept<'_>> {
    let mut by_action: BTreeMap<&str, BTreeMap<&Grant, Vec<usize>>> = BTreeMap::new();
    for (position, grant) in grants.iter().enumerate() {
        by_action.entry(&grant.action).or_default().entry(grant).or_default().push(position);
    }
    by_action.values().flat_map(drop_covered_of_one_action).collect()
}

fn drop_covered_of_one_action<'a>(grants: &BTreeMap<&'a Grant, Vec<usize>>) -> Vec<Kept<'a>> {
    let wide = Wide::new(grants.keys().copied());
    let mut kept: BTreeMap<&Grant, Vec<usize>> = BTreeMap::new();
    for (&grant, sources) in grants {
        let mut cover = grant;
        // Covers of covers, so that chains end at a grant that is kept.
        while let Some(next) = cover_of(cover, &wide).or_else(|| unconditional_twin(cover, grants)) {
            cover = next;
        }
        kept.entry(cover).or_default().extend(sources);
    }
    kept.into_iter().map(|(grant, sources)| Kept { grant, sources }).collect()
}

/// The grants whose resources are patterns, by a word that stands in all that they cover, so that few have to be
/// looked at for each grant. Literal text lies on literal text only: a word of a literal part that other characters or
/// the ends of the pattern bound is a word of whatever the pattern covers.
struct Wide<'a> {
    by_word: BTreeMap<&'a str, Vec<&'a Grant>>,
    /// Those without such a word.
    others: Vec<&'a Grant>,
}

impl<'a> Wide<'a> {
    fn new(grants: impl Iterator<Item = &'a Grant>) -> Self {
        let patterns: Vec<&Grant> = grants.filter(|grant| grant.resource.as_literal().is_none()).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for word in patterns.iter().flat_map(|grant| inner_words(&grant.resource)) {
            *counts.entry(word).or_default() += 1;
        }
        let mut wide = Wide { by_word: BTreeMap::new(), others: Vec::new() };
        for grant in patterns {
            // The word that tells it best from the others.
            match inner_words(&grant.resource).min_by_key(|word| counts.get(word)) {
                Some(word) => wide.by_word.entry(word).or_default().push(grant),
                None => wide.others.push(grant),
            }
        }
        wide
    }

    /// The grants that may cover a resource, those with the shortest text behind their last wildcard first.
    fn candidates(&self, narrow: &Grant) -> Vec<&'a Grant> {
        let words: BTreeSet<&str> =
            narrow.resource.parts().iter().filter_map(literal).flat_map(words).collect();
        let of_words = words.iter().filter_map(|word| self.by_word.get(word)).flatten();
        let mut candidates: Vec<&Grant> = of_words.chain(&self.others).copied().collect();
        candidates.sort_by_key(|grant| (grant.resource.literal_suffix().len(), *grant));
        candidates
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The words of literal parts that no wildcard touches.
fn inner_words(resource: &Pattern) -> impl Iterator<Item = &str> {
    let is_other = |character: char| !character.is_alphanumeric();
    let last = resource.parts().len().saturating_sub(1);
    resource.parts().iter().enumerate().flat_map(move |(position, part)| {
        let text = literal(part).unwrap_or_default();
        let start = if position == 0 { 0 } else { text.find(is_other).unwrap_or(text.len()) };
        let end = if position == last { text.len() } else { text.rfind(is_other).unwrap_or(0) };
        words(&text[start..end.max(start)])
    })
}

fn literal(part: &Part) -> Option<&str> {
    match part {
        Part::Literal(text) => Some(text),
        _ => None,
    }
}

/// A grant that covers this one. Of two that cover each other (`?*` and `*?`) only the first in
/// order counts as a cover.
fn cover_of<'a>(narrow: &'a Grant, wide: &Wide<'a>) -> Option<&'a Grant> {
    let covers = |wide: &Grant, narrow: &Grant| {
        (wide.conditions.is_empty() || wide.conditions == narrow.conditions)
            && wide.resource.contains(&narrow.resource)
    };
    wide.candidates(narrow)
        .into_iter()
        .find(|&wide| wide != narrow && covers(wide, narrow) && (wide < narrow || !covers(narrow, wide)))
}

/// The same grant without conditions, if it is asked for too.
fn unconditional_twin<'a>(grant: &Grant, grants: &BTreeMap<&'a Grant, Vec<usize>>) -> Option<&'a Grant> {
    if grant.conditions.is_empty() {
        return None;
    }
    let twin = Grant { conditions: Condition::new(), ..grant.clone() };
    grants.get_key_value(&twin).map(|(&twin, _)| twin)
}

/// One action on one resource, as it will be written.
struct Use<'a> {
    action: &'a str,
    resource: String,
    conditions: &'a Condition,
    sources: &'a [usize],
}

fn by_service_and_conditions<'a>(kept: &'a [Kept<'_>]) -> BTreeMap<(&'a str, &'a Condition), Vec<Use<'a>>> {
    let mut groups: BTreeMap<_, Vec<Use<'_>>> = BTreeMap::new();
    for Kept { grant, sources } in kept {
        let service = grant.action.split(':').next().unwrap_or_default();
        groups.entry((service, &grant.conditions)).or_default().push(Use {
            action: &grant.action,
            resource: grant.resource.to_policy_string(),
            conditions: &grant.conditions,
            sources,
        });
    }
    groups
}

/// Splits uses into parts that share neither an action nor a resource, so that the way in which one
/// part is grouped does not depend on the others.
fn connected_parts<'a>(uses: &'a [Use<'a>]) -> Vec<Vec<&'a Use<'a>>> {
    let mut by_action: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_resource: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, one) in uses.iter().enumerate() {
        by_action.entry(one.action).or_default().push(position);
        by_resource.entry(&one.resource).or_default().push(position);
    }
    let mut seen = vec![false; uses.len()];
    let mut parts = Vec::new();
    for start in 0..uses.len() {
        let mut part = Vec::new();
        let mut pending = vec![start];
        while let Some(position) = pending.pop() {
            if std::mem::replace(&mut seen[position], true) {
                continue;
            }
            part.push(position);
            // Each list is walked once: taking it leaves nothing for the next visitor.
            pending.extend(by_action.remove(uses[position].action).unwrap_or_default());
            pending.extend(by_resource.remove(uses[position].resource.as_str()).unwrap_or_default());
        }
        if !part.is_empty() {
            parts.push(part.into_iter().map(|position| &uses[position]).collect());
        }
    }
    parts
}

/// One statement to be.
#[derive(Debug)]
struct Group {
    actions: BTreeSet<String>,
    resources: BTreeSet<String>,
    conditions: Condition,
    sources: Vec<usize>,
}

impl Group {
    /// By service, then resource, then what remains.
    fn sort_key(&self) -> (String, Vec<String>, Vec<String>, Condition) {
        let service = self.actions.first().and_then(|action| action.split(':').next()).unwrap_or_default();
        let resources = self.resources.iter().cloned().collect();
        (service.to_owned(), resources, self.actions.iter().cloned().collect(), self.conditions.clone())
    }

    fn statement(&self) -> Statement {
        let values = |set: &BTreeSet<String>| Some(OneOrMany::from_values(set.iter().cloned().collect()));
        Statement {
            sid: None,
            effect: Effect::Allow,
            principal: None,
            not_principal: None,
            action: values(&self.actions),
            not_action: None,
            resource: values(&self.resources),
            not_resource: None,
            condition: self.conditions.clone(),
        }
    }
}

/// The grouping with fewer statements; of two equal ones, resources keep their own statements.
fn group(part: &[&Use<'_>]) -> Vec<Group> {
    let by_resource = group_by(part, |one| (&one.resource, one.action));
    let by_action = group_by(part, |one| (one.action, &one.resource));
    if by_action.len() < by_resource.len() { by_action } else { by_resource }
}

/// Joins uses whose first halves have the same set of second halves.
fn group_by<'a>(part: &[&'a Use<'a>], halves: impl Fn(&'a Use<'a>) -> (&'a str, &'a str)) -> Vec<Group> {
    let mut others: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in part {
        let (first, second) = halves(one);
        others.entry(first).or_default().insert(second);
    }
    // Sets are large: each is compared once for its first half, not once for each use.
    let sets: BTreeSet<&BTreeSet<&str>> = others.values().collect();
    let numbers: BTreeMap<&BTreeSet<&str>, usize> = sets.into_iter().zip(0..).collect();
    let numbers: BTreeMap<&str, usize> = others.iter().map(|(&first, set)| (first, numbers[set])).collect();
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for one in part {
        let (first, _) = halves(one);
        let group = groups.entry(numbers[first]).or_insert_with(|| Group {
            actions: BTreeSet::new(),
            resources: BTreeSet::new(),
            conditions: one.conditions.clone(),
            sources: Vec::new(),
        });
        group.actions.insert(one.action.to_owned());
        group.resources.insert(one.resource.clone());
        group.sources.extend(one.sources);
    }
    groups.into_values().collect()
}

#[cfg(test)]
#[path = "build_tests.rs"]
mod tests;
