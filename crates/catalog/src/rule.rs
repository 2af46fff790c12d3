//! Rules of an operation, decoded from the table. `docs/catalog.md` describes what they mean.

use crate::action::Action;
use crate::mode::BindingMode;
use crate::table::Reader;

/// The verdict of an operation with the reason for a hand-written one.
pub(crate) struct Rules {
    pub(crate) reason: Option<&'static str>,
    pub(crate) caveats: Vec<Caveat>,
    pub(crate) keys: Vec<KeyUse>,
    pub(crate) verdict: RuleVerdict,
}

pub(crate) enum RuleVerdict {
    Unknown,
    NoPermission,
    Rules(Vec<Rule>),
}

/// A remark on what else decides, unless a member is passed.
pub(crate) struct Caveat {
    pub(crate) unless: Option<&'static str>,
    pub(crate) text: &'static str,
}

/// What a call needs of the key that encrypts a resource.
pub(crate) struct KeyUse {
    /// Whether only a key that the call names counts.
    pub(crate) only: bool,
    /// The member that names the key.
    pub(crate) by: Option<&'static str>,
    pub(crate) conditions: Vec<Condition>,
    /// The actions on the encrypted resource.
    pub(crate) of: Vec<Action>,
    /// The actions on the key.
    pub(crate) needs: Vec<Action>,
}

pub(crate) struct Rule {
    pub(crate) action: Action,
    pub(crate) scope: Option<&'static str>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) targets: Vec<Target>,
    pub(crate) with: Vec<With>,
}

pub(crate) struct Condition {
    pub(crate) negated: bool,
    pub(crate) path: &'static str,
    pub(crate) test: Test,
}

pub(crate) enum Test {
    Present,
    Equals(&'static str),
    StartsWith(&'static str),
    Contains(&'static str),
    /// Known to start with this: what is not known does not.
    KnownStart(&'static str),
    /// Known to end with this: what is not known does not.
    KnownEnd(&'static str),
    /// Known to contain this: what is not known does not.
    KnownPart(&'static str),
}

pub(crate) struct Target {
    pub(crate) optional: bool,
    pub(crate) kind: Option<&'static str>,
    pub(crate) template: &'static str,
    pub(crate) bindings: Vec<Binding>,
}

pub(crate) struct Binding {
    pub(crate) variable: &'static str,
    pub(crate) mode: BindingMode,
    pub(crate) sources: Vec<Source>,
}

#[derive(Clone, Copy)]
pub(crate) enum Source {
    Path(&'static str),
    Literal(&'static str),
}

pub(crate) struct With {
    pub(crate) operator: &'static str,
    pub(crate) key: &'static str,
    pub(crate) values: Vec<Source>,
}

fn list<T>(reader: &mut Reader, read: fn(&mut Reader) -> T) -> Vec<T> {
    let count = reader.number();
    (0..count).map(|_| read(reader)).collect()
}

impl Rules {
    /// Reads the rules at an offset into the stream.
    pub(crate) fn read(offset: u32) -> Rules {
        let mut reader = Reader::at(offset);
        let reason = reader.optional_text();
        let caveats =
            list(&mut reader, |reader| Caveat { unless: reader.optional_text(), text: reader.text() });
        let keys = list(&mut reader, KeyUse::read);
        let verdict = match reader.number() {
            1 => RuleVerdict::NoPermission,
            2 => RuleVerdict::Rules(list(&mut reader, Rule::read)),
            _ => RuleVerdict::Unknown,
        };
        Rules { reason, caveats, keys, verdict }
    }
}

impl KeyUse {
    fn read(reader: &mut Reader) -> KeyUse {
        KeyUse {
            only: reader.number() == 1,
            by: reader.optional_text(),
            conditions: list(reader, Condition::read),
            of: list(reader, |reader| Action(reader.number())),
            needs: list(reader, |reader| Action(reader.number())),
        }
    }
}

impl Rule {
    fn read(reader: &mut Reader) -> Rule {
        Rule {
            action: Action(reader.number()),
            scope: reader.optional_text(),
            conditions: list(reader, Condition::read),
            targets: list(reader, Target::read),
            with: list(reader, With::read),
        }
    }
}

impl Condition {
    fn read(reader: &mut Reader) -> Condition {
        let kind = reader.number();
        let path = reader.text();
        let text = reader.optional_text().unwrap_or_default();
        let test = match kind / 2 {
            1 => Test::Equals(text),
            2 => Test::StartsWith(text),
            3 => Test::Contains(text),
            4 => Test::KnownStart(text),
            5 => Test::KnownEnd(text),
            6 => Test::KnownPart(text),
            _ => Test::Present,
        };
        Condition { negated: kind % 2 == 1, path, test }
    }
}

impl Target {
    /// Targets are shared: the rule has the place of each.
    fn read(reader: &mut Reader) -> Target {
        let reader = &mut Reader::at(reader.number());
        // The length, which nothing needs.
        reader.number();
        Target {
            optional: reader.number() == 1,
            kind: reader.optional_text(),
            template: reader.text(),
            bindings: list(reader, Binding::read),
        }
    }
}

impl Binding {
    fn read(reader: &mut Reader) -> Binding {
        let variable = reader.text();
        let mode = BindingMode::numbered(reader.number());
        Binding { variable, mode, sources: list(reader, Source::read) }
    }
}

impl Source {
    fn read(reader: &mut Reader) -> Source {
        match reader.number() {
            1 => Source::Literal(reader.text()),
            _ => Source::Path(reader.text()),
        }
    }
}

impl With {
    fn read(reader: &mut Reader) -> With {
        With { operator: reader.text(), key: reader.text(), values: list(reader, Source::read) }
    }
}
