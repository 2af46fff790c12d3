//! Strings in parts: literal text, and holes that say why a part is unknown.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use perm_infer_diagnostics::Location;
use smallvec::SmallVec;

use super::Site;

/// Why something is not known, for the message to the user.
#[derive(Clone, Debug)]
pub struct Hole {
    /// The reason.
    pub reason: HoleReason,
    /// Where it became unknown.
    pub site: Option<Site>,
}

/// What made a value unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoleReason {
    /// An argument of an entry point.
    Parameter(Arc<str>),
    /// An environment variable without a known value.
    Environment(Arc<str>),
    /// A name that the deployment gives, by the reference that stands for it.
    Reference(Arc<str>),
    /// The result of a call that the analysis does not follow; the text names the callee.
    Result(Arc<str>),
    /// More alternatives than the analysis keeps apart.
    TooMany,
    /// A name or attribute that nothing sets.
    Undefined(Arc<str>),
    /// A construct that the analysis does not compute.
    Computed,
    /// A setting that is not given, for the inner reason, while its default is among the alternatives: it
    /// is what names are made of, but decides nothing.
    Default(Arc<HoleReason>),
}

impl Hole {
    /// A hole without a place.
    #[must_use]
    pub fn new(reason: HoleReason) -> Self {
        Hole { reason, site: None }
    }

    /// A hole at a place.
    #[must_use]
    pub fn at(reason: HoleReason, site: Site) -> Self {
        Hole { reason, site: Some(site) }
    }

    /// Whether a default stands for what is not known.
    #[must_use]
    pub fn has_default(&self) -> bool {
        matches!(self.reason, HoleReason::Default(_))
    }
}

/// One part of a string.
#[derive(Clone, Debug)]
pub struct TextPart {
    /// What is known.
    pub kind: TextKind,
    /// Where the part was found.
    pub site: Option<Site>,
    /// The setting that it is the value of, or a part of it. Evidence: it makes no difference between strings.
    pub setting: Option<Arc<Setting>>,
}

/// A setting of which a value is stated outside of the code, such as an environment variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// The line that states the value; none for the command line.
    pub stated: Option<Location>,
    /// The value as it is written there, for people.
    pub written: String,
}

/// What is known of a part of a string.
#[derive(Clone, Debug)]
pub enum TextKind {
    /// Exactly this.
    Literal(Arc<str>),
    /// Unknown, and why. Two holes are the same value unless they are different environment variables or
    /// references.
    Hole(Arc<Hole>),
}

/// A string in parts.
#[derive(Clone, Debug, Default)]
pub struct Text {
    parts: SmallVec<[TextPart; 1]>,
    /// A digest of the content, however it is cut into parts: most different strings differ in it, so
    /// that comparing them is cheap.
    digest: u64,
}

impl TextPart {
    /// The text, when known.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match &self.kind {
            TextKind::Literal(text) => Some(text),
            TextKind::Hole(_) => None,
        }
    }

    /// The digest of a string that has the digest `before`, with this part behind it.
    fn digest(&self, before: u64) -> u64 {
        // Multiplying by a large odd number spreads each step over all bits.
        let step =
            |digest: u64, unit: u64| (digest.rotate_left(5) ^ unit).wrapping_mul(0x517c_c1b7_2722_0a95);
        let bytes = |digest: u64, text: &str| text.bytes().map(u64::from).fold(digest, step);
        match &self.kind {
            TextKind::Literal(text) => bytes(before, text),
            // No byte is that large.
            TextKind::Hole(hole) => bytes(step(before, 0x100), hole.name().unwrap_or_default()),
        }
    }
}

impl Text {
    /// A known string.
    #[must_use]
    pub fn literal(text: &str, site: Option<Site>) -> Self {
        let mut result = Text::default();
        result.push(TextPart { kind: TextKind::Literal(text.into()), site, setting: None });
        result
    }

    /// A string of which nothing is known.
    #[must_use]
    pub fn hole(hole: Arc<Hole>, site: Option<Site>) -> Self {
        let site = site.or(hole.site);
        let mut result = Text::default();
        result.push(TextPart { kind: TextKind::Hole(hole), site, setting: None });
        result
    }

    /// The parts in order. Literals are never empty; neighbouring literals keep their own sites.
    #[must_use]
    pub fn parts(&self) -> &[TextPart] {
        &self.parts
    }

    /// Appends a part.
    pub fn push(&mut self, part: TextPart) {
        if part.literal() != Some("") {
            self.digest = part.digest(self.digest);
            self.parts.push(part);
        }
    }

    /// Appends all parts of another string.
    pub fn push_text(&mut self, other: &Text) {
        for part in &other.parts {
            self.push(part.clone());
        }
    }

    /// The string when all of it is known and in one part, which is so for all constants; use
    /// [`Text::to_literal`] for joined strings.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [part] => part.literal(),
            _ => None,
        }
    }

    /// The string when all of it is known.
    #[must_use]
    pub fn to_literal(&self) -> Option<String> {
        self.parts.iter().map(TextPart::literal).collect()
    }

    /// Whether some part is unknown.
    #[must_use]
    pub fn has_hole(&self) -> bool {
        self.parts.iter().any(|part| part.literal().is_none())
    }

    /// The known text that all strings start with, then a hole; nothing if they share none.
    pub(super) fn common_prefix(texts: &[Text]) -> Option<Text> {
        let firsts: Option<Vec<&str>> =
            texts.iter().map(|text| text.parts.first().and_then(TextPart::literal)).collect();
        let firsts = firsts?;
        let first = *firsts.first()?;
        let mut length = first.len();
        for other in &firsts {
            let shared = first.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
            length = length.min(shared);
        }
        while !first.is_char_boundary(length) {
            length -= 1;
        }
        let mut result = Text::literal(&first[..length], texts[0].parts[0].site);
        result.push_text(&Text::hole(Arc::new(Hole::new(HoleReason::TooMany)), None));
        (length > 0).then_some(result)
    }

    /// The parts as comparable pieces: runs of literal text and holes.
    fn pieces(&self) -> impl Iterator<Item = Result<u8, Option<&str>>> + '_ {
        self.parts.iter().flat_map(|part| {
            let (bytes, hole) = match &part.kind {
                TextKind::Literal(text) => (text.as_bytes(), None),
                TextKind::Hole(hole) => (&[][..], Some(hole.name())),
            };
            bytes.iter().map(|&byte| Ok(byte)).chain(hole.map(Err))
        })
    }
}

impl Hole {
    /// What tells it from other holes: the environment variable or the reference that would fill it.
    /// References are in braces, so that they are no names of variables.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let reason = match &self.reason {
            HoleReason::Default(reason) => reason,
            reason => reason,
        };
        match reason {
            HoleReason::Environment(name) | HoleReason::Reference(name) => Some(name),
            _ => None,
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        if self.digest != other.digest {
            return false;
        }
        let same_part = |(own, other): (&TextPart, &TextPart)| match (&own.kind, &other.kind) {
            (TextKind::Literal(own), TextKind::Literal(other)) => own == other,
            (TextKind::Hole(own), TextKind::Hole(other)) => own.name() == other.name(),
            _ => false,
        };
        // Mostly equal strings are cut into the same parts.
        (self.parts.len() == other.parts.len() && self.parts.iter().zip(&other.parts).all(same_part))
            || self.pieces().eq(other.pieces())
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest);
    }
}
