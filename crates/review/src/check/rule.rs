//! One statement among the policies, with what its document does not say.

use perm_infer_policy::{Effect, OneOrMany, Statement};

use super::Need;
use crate::policy_file::{PolicyFile, StatementPlaces, StatementRef};
use crate::symbolic::Symbolic;

/// A statement of a policy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule<'p> {
    pub(super) file: &'p PolicyFile,
    pub(super) index: usize,
    pub(super) statement: &'p Statement,
}

/// A resource in the forms in which it can be compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'r> {
    /// As a policy writes it, with `*` for what is not known.
    pub(super) text: &'r str,
    /// As a template refers to it.
    pub(super) symbolic: Option<&'r Symbolic>,
}

impl<'r> Resource<'r> {
    /// The resource as people know it.
    pub(super) fn shown(self) -> &'r str {
        self.symbolic.map_or(self.text, |symbolic| &symbolic.shown)
    }

    /// The resource of a need, whose text is `text`.
    pub(super) fn of_need(need: &'r Need<'_>, text: &'r str) -> Resource<'r> {
        Resource { text, symbolic: need.symbolic.as_ref() }
    }
}

impl<'p> Rule<'p> {
    /// Every statement of some policies with this effect.
    pub(super) fn all(files: &'p [PolicyFile], effect: Effect) -> impl Iterator<Item = Rule<'p>> {
        files.iter().flat_map(Rule::of).filter(move |rule| rule.statement.effect == effect)
    }

    /// Every statement of a policy.
    pub(super) fn of(file: &'p PolicyFile) -> impl Iterator<Item = Rule<'p>> {
        let statements = file.document.statement.iter().enumerate();
        statements.map(move |(index, statement)| Rule { file, index, statement })
    }

    pub(super) fn places(self) -> Option<&'p StatementPlaces> {
        self.file.statements.get(self.index)
    }

    /// Whether the role certainly has it.
    pub(super) fn is_certain(self) -> bool {
        self.places().is_none_or(|places| places.certain)
    }

    /// The statement as it can be named to people.
    pub(super) fn named(self) -> StatementRef {
        self.file.statement(self.index)
    }

    /// What it is about, under `Resource` or else `NotResource`.
    pub(super) fn resources(self) -> impl Iterator<Item = Resource<'p>> {
        let texts = self.statement.resource.as_ref().or(self.statement.not_resource.as_ref());
        let texts: &'p [String] = texts.map_or(&[], |texts: &'p OneOrMany<String>| texts);
        let symbolic = self.places().map_or(&[][..], |places| &places.symbolic);
        texts
            .iter()
            .enumerate()
            .map(move |(position, text)| Resource { text, symbolic: symbolic.get(position) })
    }
}
