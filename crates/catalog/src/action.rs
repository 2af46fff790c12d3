//! IAM actions as the catalogue knows them: access level, resource types and ARN templates.

use crate::requirement::AccessLevel;
use crate::table::{ACTIONS, Reader, TYPES, find_text, text};
use perm_infer_policy::matches;

/// An IAM action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Action(pub(crate) u32);

/// A resource type of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionResource {
    /// Name of the type.
    pub name: &'static str,
    /// ARN template with `${Variable}`s.
    pub template: &'static str,
    /// Whether every use of the action names such a resource.
    pub required: bool,
}

/// The ARN templates of all resource types of an IAM prefix.
pub fn resource_templates(prefix: &str) -> impl Iterator<Item = &'static str> + use<> {
    TYPES.starting_with(0, &format!("{prefix}:")).map(|record| text(TYPES.word(record, 1)))
}

impl Action {
    /// The action with this name, in the case of the IAM reference: `s3:GetObject`.
    #[must_use]
    pub fn find(name: &str) -> Option<Action> {
        ACTIONS.find(0, find_text(name)?).map(Action)
    }

    /// All actions, by name.
    pub fn all() -> impl Iterator<Item = Action> {
        (0..ACTIONS.len()).map(Action)
    }

    /// The actions that a text of a policy names, whatever its case: `s3:Get*`, `*`.
    pub fn named(text: &str) -> impl Iterator<Item = Action> + use<> {
        let pattern = text.to_ascii_lowercase();
        // Those of one service stand together.
        let service = pattern.split_once(':').filter(|(service, _)| !service.contains(['*', '?', '$']));
        let start = service.map(|(service, _)| format!("{service}:")).unwrap_or_default();
        ACTIONS
            .starting_with(0, &start)
            .map(Action)
            .filter(move |action| matches(&pattern, &action.name().to_ascii_lowercase()))
    }

    /// `s3:GetObject`.
    #[must_use]
    pub fn name(self) -> &'static str {
        text(ACTIONS.word(self.0, 0))
    }

    /// The access level.
    #[must_use]
    pub fn access_level(self) -> AccessLevel {
        AccessLevel::from_word(text(ACTIONS.word(self.0, 1)))
    }

    /// The resource types; none means that the action works on `*` only.
    pub fn resources(self) -> impl Iterator<Item = ActionResource> {
        let prefix = self.name().split(':').next().unwrap_or_default();
        let mut reader = Reader::at(ACTIONS.word(self.0, 2));
        (0..reader.number()).map(move |_| {
            let number = reader.number();
            let name = text(number / 2);
            let template = find_text(&format!("{prefix}:{name}")).and_then(|id| TYPES.find(0, id));
            let template = template.map_or("", |record| text(TYPES.word(record, 1)));
            ActionResource { name, template, required: number % 2 == 1 }
        })
    }

    /// Whether the action can be limited to resources.
    #[must_use]
    pub fn is_resource_level(self) -> bool {
        Reader::at(ACTIONS.word(self.0, 2)).number() > 0
    }

    /// Whether an action of this name exists in the pinned IAM data or the overrides.
    #[must_use]
    pub fn exists(name: &str) -> bool {
        Action::find(name).is_some()
    }
}
