//! The parameters of one SDK call as far as they are known: the input of
//! [`Operation::requirements`](crate::Operation::requirements).

use perm_infer_policy::Pattern;

/// Names the evidence of one value to the caller of the catalogue, which hands it back with every
/// requirement that used the value. The catalogue does not look inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TraceId(pub u32);

/// One possible value of a string parameter and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedPattern {
    /// The text as far as known.
    pub pattern: Pattern,
    /// Evidence, opaque to the catalogue.
    pub trace: TraceId,
}

/// Whether a key of a map is there in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The call always passes it.
    Always,
    /// The call passes it on some paths.
    Maybe,
}

/// What is known of one parameter, with the shape of the operation's input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Param {
    /// Nothing is known, not even its shape.
    #[default]
    Unknown,
    /// One of these strings (at least one).
    Text(Vec<TracedPattern>),
    /// A boolean whose value is known.
    Bool(bool),
    /// Explicitly nothing (`None`, `null`, `undefined`): counts as absent.
    Null,
    /// A list of which these elements are known; an element may stand for many.
    List(Vec<Param>),
    /// A structure or map.
    Map(ParamMap),
}

/// A structure or map parameter: its keys in order and whether there may be more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParamMap {
    /// Key, whether it is always there, value. A key that is not fully known is a pattern.
    pub entries: Vec<(TracedPattern, Presence, Param)>,
    /// Whether keys that are not listed may be present (a spread of an unknown dictionary).
    pub open: bool,
}

impl ParamMap {
    /// The value of a key whose name is fully known, with its presence.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<(Presence, &Param)> {
        self.entries
            .iter()
            .find(|(key, _, _)| key.pattern.as_literal() == Some(name))
            .map(|(_, presence, value)| (*presence, value))
    }
}
