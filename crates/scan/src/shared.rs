//! Files that several scans have in common: the two sides of a comparison, or a scan that is repeated with more
//! roots. A file of the same path with the same text is lowered once.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHasher;

use crate::parse::Outcome;

/// What decides how a file is lowered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    path: String,
    grammar: usize,
    source: Arc<str>,
}

/// What earlier scans made of files.
#[derive(Debug, Default)]
pub struct SharedFiles {
    known: Mutex<HashMap<Key, Outcome, BuildHasherDefault<FxHasher>>>,
    reused: AtomicUsize,
}

impl SharedFiles {
    /// How many files were lowered, and how many times that was not needed.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        (known.len(), self.reused.load(Ordering::Relaxed))
    }

    /// The outcome for a file: as known, or made now.
    pub(crate) fn outcome(
        &self,
        path: &str,
        grammar: usize,
        source: &Arc<str>,
        lower: impl FnOnce() -> Outcome,
    ) -> Outcome {
        let key = Key { path: path.to_owned(), grammar, source: source.clone() };
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(outcome) = known {
            self.reused.fetch_add(1, Ordering::Relaxed);
            return outcome;
        }
        // Other files are lowered meanwhile; the same one stands only once in a scan.
        let outcome = lower();
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(key, outcome.clone());
        outcome
    }
}
