//! What the names inside a template stand for. A value of a template is a [`Pattern`] in which every
//! reference to a parameter or resource is a raw part in the template's own notation, `${Orders}`; this
//! table says what each of them is once deployed, as far as that is known, and where it is defined.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use perm_infer_diagnostics::Location;
use perm_infer_policy::{Part, Pattern};

/// Combinations of values that one pattern may resolve to; beyond that its references are unknown.
const MAX_COMBINATIONS: usize = 32;

/// References that are followed to what they are made of, one inside the other.
const MAX_DEPTH: usize = 16;

/// The references of a deployment, by how they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    by_symbol: BTreeMap<String, Reference>,
    /// ARNs of resources as patterns, with the expression that gives each: `Orders.Arn`, or `Topic` for
    /// what a plain reference gives.
    arns: BTreeMap<Pattern, ArnOf>,
    /// Values that stacks export, by the names of the exports; without references of their own.
    exports: BTreeMap<String, Vec<Pattern>>,
    /// References to exports with the names of these.
    imports: BTreeMap<String, String>,
    /// Resources and what depends on each of them.
    dependents: BTreeMap<String, Vec<String>>,
    /// Resources and the roles they run with.
    roles: BTreeMap<String, String>,
    /// The files of templates, by what stands before the names of their references.
    templates: BTreeMap<String, String>,
    /// What references to other references are made of, where there is one way to write it.
    composed: BTreeMap<String, Pattern>,
    /// Names of resources: each of another resource.
    of_resources: BTreeSet<String>,
}

/// What a reference stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What it may be once deployed; without references of its own.
    pub values: Vec<Pattern>,
    /// Where the parameter or resource is defined.
    pub location: Option<Location>,
    /// `parameter TableName`, `resource Orders`.
    pub what: String,
    /// How a user can say its value: an option, or nothing.
    pub remedy: String,
    /// Whether the whole value is an ARN of which nothing is known.
    pub is_arn: bool,
    /// What a name is as the template writes it, with references of its own; empty for what has no name.
    pub written: Vec<Pattern>,
}

/// The expression that gives an ARN in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArnOf {
    /// Names of the stacks around it, each followed by a slash; empty in the template itself.
    pub scope: String,
    /// The logical id.
    pub logical_id: String,
    /// The attribute; none where a plain reference gives the ARN.
    pub attribute: Option<String>,
}

impl References {
    /// The raw part that stands for a reference, noting what it means.
    pub(crate) fn symbol(&mut self, name: &str, reference: Reference) -> Part {
        let symbol = format!("${{{name}}}");
        self.by_symbol.entry(symbol.clone()).or_insert(reference);
        Part::Raw(symbol)
    }

    /// Notes what a reference is made of, which may be other references.
    pub(crate) fn compose(&mut self, name: &str, values: &[Pattern]) {
        let symbol = format!("${{{name}}}");
        if let [only] = values
            && !only.parts().iter().any(|part| matches!(part, Part::Any | Part::AnyChars(_)))
        {
            self.composed.entry(symbol).or_insert_with(|| only.clone());
        }
    }

    /// Notes that a reference is the name of a resource.
    pub(crate) fn mark_resource(&mut self, name: &str) {
        self.of_resources.insert(format!("${{{name}}}"));
    }

    /// The pattern in terms of what nobody knows: references that are made of others, or known, are replaced. Two
    /// patterns that are the same in these terms are the same once deployed.
    #[must_use]
    pub fn in_unknowns(&self, pattern: &Pattern) -> Pattern {
        let mut whole = Pattern::default();
        self.push_unknowns(pattern, MAX_DEPTH, &mut whole);
        whole
    }

    fn push_unknowns(&self, pattern: &Pattern, depth: usize, whole: &mut Pattern) {
        for part in pattern.parts() {
            let Part::Raw(symbol) = part else {
                whole.push(part.clone());
                continue;
            };
            let known = match self.get(symbol).map(|reference| reference.values.as_slice()) {
                Some([only]) => only.as_literal(),
                _ => None,
            };
            match (known, self.composed.get(symbol)) {
                (Some(text), _) => whole.push_literal(text),
                (None, Some(inner)) if depth > 0 => self.push_unknowns(inner, depth - 1, whole),
                (None, _) => whole.push(self.part(symbol)),
            }
        }
    }

    /// The same with every reference that may be the same as another one left open: those to names of resources
    /// stay. Nothing when none is left.
    #[must_use]
    pub fn identities(&self, pattern: &Pattern) -> Option<Pattern> {
        let is_identity =
            |part: &Part| matches!(part, Part::Raw(symbol) if self.of_resources.contains(symbol));
        if !pattern.parts().iter().any(is_identity) {
            return None;
        }
        let mut open = Pattern::default();
        for part in pattern.parts() {
            match part {
                Part::Raw(_) if !is_identity(part) => open.push(Part::Any),
                other => open.push(other.clone()),
            }
        }
        Some(open)
    }

    /// Notes the expression for an ARN.
    pub(crate) fn add_arn(&mut self, arn: Pattern, of: ArnOf) {
        self.arns.entry(arn).or_insert(of);
    }

    /// Notes a value that a stack exports.
    pub(crate) fn add_export(&mut self, name: &Pattern, values: &[Pattern]) {
        let Some(name) = self.only_text(name) else { return };
        let values = values.iter().flat_map(|value| self.resolve(value)).collect();
        self.exports.insert(name, values);
    }

    /// The raw part that stands for an export of another stack.
    pub(crate) fn import(&mut self, name: &Pattern, reference: Reference) -> Part {
        let part = self.symbol(&format!("ImportValue:{}", name.to_policy_string()), reference);
        if let (Part::Raw(symbol), Some(name)) = (&part, self.only_text(name)) {
            self.imports.insert(symbol.clone(), name);
        }
        part
    }

    /// Whether all of a pattern is a reference to an export of another stack.
    pub(crate) fn is_import(&self, pattern: &Pattern) -> bool {
        matches!(pattern.parts(), [Part::Raw(symbol)] if self.imports.contains_key(symbol))
    }

    fn only_text(&self, name: &Pattern) -> Option<String> {
        match self.resolve(name).as_slice() {
            [only] => Some(only.to_policy_string()),
            _ => None,
        }
    }

    /// Gives references to exports the values that stacks of the same deployment export.
    pub(crate) fn link(&mut self) {
        for (symbol, name) in &self.imports {
            if let (Some(values), Some(reference)) = (self.exports.get(name), self.by_symbol.get_mut(symbol))
            {
                reference.values.clone_from(values);
            }
        }
    }

    /// Notes what a resource depends on, and the role it runs with.
    pub(crate) fn add_dependencies(&mut self, id: &str, on: Vec<String>, role: Option<String>) {
        for other in on {
            self.dependents.entry(other).or_default().push(id.to_owned());
        }
        if let Some(role) = role {
            self.roles.insert(id.to_owned(), role);
        }
    }

    /// Notes the file of a template.
    pub(crate) fn add_template(&mut self, scope: String, path: String) {
        self.templates.insert(scope, path);
    }

    /// The file of the template whose references have this before their names.
    #[must_use]
    pub fn template(&self, scope: &str) -> Option<&str> {
        self.templates.get(scope).map(String::as_str)
    }

    /// The resources that cannot be made before the role of a resource is, so that a policy in this role
    /// cannot refer to them.
    #[must_use]
    pub fn needing_role_of(&self, id: &str) -> BTreeSet<&str> {
        let mut found: BTreeSet<&str> = BTreeSet::from_iter(
            [id].into_iter().filter_map(|id| self.roles.get_key_value(id).map(|(id, _)| id.as_str())),
        );
        let mut open: Vec<&str> = found.iter().copied().collect();
        if let Some(role) = self.roles.get(id) {
            found.insert(role);
            open.push(role);
        }
        while let Some(next) = open.pop() {
            for dependent in self.dependents.get(next).into_iter().flatten() {
                if found.insert(dependent) {
                    open.push(dependent);
                }
            }
        }
        found
    }

    /// What a symbol such as `${Orders}` means.
    #[must_use]
    pub fn get(&self, symbol: &str) -> Option<&Reference> {
        self.by_symbol.get(symbol)
    }

    /// ARNs of resources and the expressions that give them.
    pub fn arns(&self) -> impl Iterator<Item = (&Pattern, &ArnOf)> {
        self.arns.iter()
    }

    /// The part that stands for a symbol in a pattern of a name: the characters themselves where only
    /// their number is known.
    #[must_use]
    pub fn part(&self, symbol: &str) -> Part {
        let values = self.get(symbol).map_or(&[][..], |reference| &reference.values);
        match values {
            [only] => match only.parts() {
                [part @ Part::AnyChars(_)] => part.clone(),
                _ => Part::Raw(symbol.to_owned()),
            },
            _ => Part::Raw(symbol.to_owned()),
        }
    }

    /// The pattern with every known reference replaced by what it stands for; several patterns where a
    /// reference may be one of several things.
    #[must_use]
    pub fn resolve(&self, pattern: &Pattern) -> Vec<Pattern> {
        let mut resolved = vec![Pattern::default()];
        for part in pattern.parts() {
            let reference = match part {
                Part::Raw(symbol) => self.get(symbol),
                _ => None,
            };
            let Some(reference) = reference else {
                resolved.iter_mut().for_each(|pattern| pattern.push(part.clone()));
                continue;
            };
            match reference.values.as_slice() {
                [only] => resolved.iter_mut().for_each(|pattern| pattern.push_pattern(only)),
                values if !values.is_empty() && values.len() * resolved.len() <= MAX_COMBINATIONS => {
                    let extended = resolved.iter().flat_map(|start| {
                        values.iter().map(|value| {
                            let mut whole = start.clone();
                            whole.push_pattern(value);
                            whole
                        })
                    });
                    resolved = extended.collect();
                }
                _ => resolved.iter_mut().for_each(|pattern| pattern.push(Part::Any)),
            }
        }
        resolved.sort();
        resolved.dedup();
        resolved
    }

    /// Whether nothing was referred to.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_symbol.is_empty()
    }

    /// Adds the references of another template. What the templates share, such as the region, may be
    /// something else in each of them.
    pub(crate) fn extend(&mut self, other: References) {
        for (symbol, reference) in other.by_symbol {
            match self.by_symbol.entry(symbol) {
                Entry::Vacant(place) => {
                    place.insert(reference);
                }
                Entry::Occupied(mut known) => {
                    let values = &mut known.get_mut().values;
                    values.extend(reference.values);
                    values.sort();
                    values.dedup();
                    if values.contains(&Pattern::any()) {
                        *values = vec![Pattern::any()];
                    }
                }
            }
        }
        self.arns.extend(other.arns);
        self.exports.extend(other.exports);
        self.imports.extend(other.imports);
        self.dependents.extend(other.dependents);
        self.roles.extend(other.roles);
        self.templates.extend(other.templates);
        self.composed.extend(other.composed);
        self.of_resources.extend(other.of_resources);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(values: &[Pattern]) -> Reference {
        Reference {
            values: values.to_vec(),
            location: None,
            what: "resource X".into(),
            remedy: String::new(),
            is_arn: false,
            written: Vec::new(),
        }
    }

    #[test]
    fn references_become_what_they_stand_for_and_alternatives_several_patterns() {
        let mut references = References::default();
        let mut pattern = Pattern::literal("table/");
        pattern.push(references.symbol("X", reference(&[Pattern::literal("a"), Pattern::literal("b")])));
        pattern.push_literal("-");
        pattern.push(references.symbol("Y", reference(&[Pattern::any()])));
        let resolved: Vec<String> =
            references.resolve(&pattern).iter().map(Pattern::to_policy_string).collect();
        assert_eq!(resolved, ["table/a-*", "table/b-*"]);
        assert_eq!(pattern.to_policy_string(), "table/${X}-${Y}");
    }

    #[test]
    fn names_that_are_made_of_the_same_unknowns_are_the_same() {
        let mut references = References::default();
        let mut named = Pattern::literal("orders-");
        named.push(references.symbol("Stage", reference(&[Pattern::any()])));
        let mut open = Pattern::literal("orders-");
        open.push(Part::Any);
        let table = references.symbol("Orders", reference(&[open]));
        references.compose("Orders", std::slice::from_ref(&named));
        references.mark_resource("Orders");
        let other = references.symbol("Other", reference(&[Pattern::any()]));
        references.compose("Other", &[Pattern::any()]);
        references.mark_resource("Other");
        let of = |part: Part| {
            let mut pattern = Pattern::default();
            pattern.push(part);
            pattern
        };
        let whole = references.in_unknowns(&of(table));
        assert_eq!(whole, named);
        assert_eq!(references.identities(&whole), None);
        let other = references.in_unknowns(&of(other));
        assert_eq!(references.identities(&other), Some(other));
    }

    #[test]
    fn policy_variables_stay() {
        let mut pattern = Pattern::default();
        pattern.push(Part::Raw("${aws:username}".into()));
        assert_eq!(References::default().resolve(&pattern), [pattern]);
    }
}
