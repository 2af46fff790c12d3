//! The alternatives of a value. Mostly there is one, which stands in place; several are shared by all
//! copies of the value until one of these grows.

use std::ops::Deref;
use std::sync::Arc;

use super::Atom;

/// Alternatives, distinct, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) enum Atoms {
    /// None.
    #[default]
    None,
    /// Just one.
    One(Atom),
    /// Several.
    Many(Arc<Vec<Atom>>),
}

impl Deref for Atoms {
    type Target = [Atom];

    fn deref(&self) -> &[Atom] {
        match self {
            Atoms::None => &[],
            Atoms::One(atom) => std::slice::from_ref(atom),
            Atoms::Many(atoms) => atoms,
        }
    }
}

impl Atoms {
    pub(super) fn push(&mut self, atom: Atom) {
        *self = match std::mem::take(self) {
            Atoms::None => Atoms::One(atom),
            Atoms::One(first) => Atoms::Many(Arc::new(vec![first, atom])),
            Atoms::Many(mut atoms) => {
                Arc::make_mut(&mut atoms).push(atom);
                Atoms::Many(atoms)
            }
        };
    }

    /// Where an alternative is, most likely here.
    pub(super) fn position_from(&self, expected: usize, atom: &Atom) -> Option<usize> {
        let (before, after) = self.split_at(expected.min(self.len()));
        let behind = after.iter().position(|own| own == atom).map(|position| position + before.len());
        behind.or_else(|| before.iter().position(|own| own == atom))
    }

    /// Whether each alternative is one of the other's. Mostly these are in the same order.
    pub(super) fn are_among(&self, other: &Atoms) -> bool {
        let mut expected = 0;
        self.iter().all(|atom| {
            let found = other.position_from(expected, atom);
            expected = found.map_or(expected, |position| position + 1);
            found.is_some()
        })
    }

    /// The alternatives to be changed, no longer shared with copies.
    pub(super) fn as_mut_slice(&mut self) -> &mut [Atom] {
        match self {
            Atoms::None => &mut [],
            Atoms::One(atom) => std::slice::from_mut(atom),
            Atoms::Many(atoms) => Arc::make_mut(atoms).as_mut_slice(),
        }
    }

    /// Whether both are one and the same in memory.
    pub(super) fn is_same(&self, other: &Atoms) -> bool {
        match (self, other) {
            (Atoms::Many(own), Atoms::Many(other)) => Arc::ptr_eq(own, other),
            _ => false,
        }
    }
}

impl FromIterator<Atom> for Atoms {
    fn from_iter<I: IntoIterator<Item = Atom>>(atoms: I) -> Self {
        let mut atoms = atoms.into_iter();
        let (Some(first), second) = (atoms.next(), atoms.next()) else { return Atoms::None };
        match second {
            None => Atoms::One(first),
            Some(second) => Atoms::Many(Arc::new([first, second].into_iter().chain(atoms).collect())),
        }
    }
}
