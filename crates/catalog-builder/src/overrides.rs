//! Reads the hand-written overrides under `crates/catalog/data/overrides/`. Every entry carries a
//! reason; an entry that names something unknown is an error with file, line and remedy. The notation
//! is described in `docs/catalog.md`.

use crate::BuildError;
use crate::botocore::Api;
use crate::format::{Action, Binding, Condition, IamService, KeyUse, ResourceType, Rule, split_reason};
use crate::sources::names_in;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Everything in the override files.
#[derive(Default)]
pub(crate) struct Overrides {
    /// By SDK service.
    pub(crate) services: BTreeMap<String, ServiceOverrides>,
    /// Actions and resource types that replace or extend the IAM data: prefix, fact, place.
    pub(crate) actions: Vec<(String, Action, Place)>,
    /// The same for resource types.
    pub(crate) types: Vec<(String, ResourceType, Place)>,
    /// What the actions on encrypted resources need of the keys.
    pub(crate) keys: Vec<Used<KeyUse>>,
}

/// What is said about one SDK service.
#[derive(Default)]
pub(crate) struct ServiceOverrides {
    /// Where the service is first named.
    pub(crate) place: Option<Place>,
    /// IAM prefixes in order, when the SDK's own names do not lead there.
    pub(crate) prefixes: Vec<Used<String>>,
    /// Class names in the JavaScript SDK v2.
    pub(crate) v2: Vec<String>,
    /// `PassedToService` of the roles in members of these names, or of all without names.
    pub(crate) principals: Vec<Used<(Vec<String>, String)>>,
    /// Resource types that no call of the service names.
    pub(crate) skipped: Vec<Used<String>>,
    /// Default sources of ARN variables: resource type or `*`, binding.
    pub(crate) binds: Vec<Used<(String, Binding)>>,
    /// Operations that the SDKs perform by themselves and botocore's model lacks.
    pub(crate) local: Vec<LocalOperation>,
    /// Operations.
    pub(crate) entries: Vec<Entry>,
}

/// An operation without a request.
pub(crate) struct LocalOperation {
    pub(crate) name: String,
    /// Each with whether it is required.
    pub(crate) members: Vec<(String, bool)>,
    pub(crate) place: Place,
}

/// A statement with its place, which has to apply to something.
pub(crate) struct Used<T> {
    pub(crate) what: T,
    pub(crate) place: Place,
    used: Cell<bool>,
}

impl<T> Used<T> {
    fn new(what: T, place: &Place) -> Self {
        Used { what, place: place.clone(), used: Cell::new(false) }
    }

    /// The statement, which applies.
    pub(crate) fn take(&self) -> &T {
        self.used.set(true);
        &self.what
    }

    /// An error when the statement never applied.
    pub(crate) fn check(&self, message: &str) -> Result<(), BuildError> {
        if self.used.get() { Ok(()) } else { Err(self.place.error(message)) }
    }
}

/// One block of an override file.
pub(crate) struct Entry {
    pub(crate) kind: EntryKind,
    pub(crate) operations: Vec<String>,
    /// The member that makes an [`EntryKind::Caveat`] pointless.
    pub(crate) unless: Option<String>,
    pub(crate) rules: Vec<(Rule, Place)>,
    /// The condition of an [`EntryKind::When`].
    pub(crate) when: Option<Condition>,
    /// Rules about keys, of [`EntryKind::Key`].
    pub(crate) keys: Vec<(KeyUse, Place)>,
    pub(crate) reason: String,
    pub(crate) place: Place,
}

/// What an [`Entry`] does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EntryKind {
    /// Its rules replace the generated ones.
    Replace,
    /// Its rules come on top of the generated ones.
    Add,
    /// Its rules replace the others where a condition holds.
    When,
    /// No permission is needed.
    NoPermission,
    /// Nobody knows.
    Unknown,
    /// No member of the call names the resource: AWS finds it by something else.
    Unnamed,
    /// What it needs of keys differs from what its actions need.
    Key,
    /// Something else than its parameters decides what it needs: the reason says what.
    Caveat,
}

/// File and line of an override.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: usize,
}

impl Place {
    /// An error at this place.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> BuildError {
        BuildError::new(format!("{}:{}: {message}", self.file, self.line))
    }
}

const NO_REASON: &str = "every override needs a reason: end the line with ` -- why`";

/// Reads all files of the directory.
pub(crate) fn read(directory: &Path) -> Result<Overrides, BuildError> {
    let mut overrides = Overrides::default();
    for name in names_in(directory)? {
        if !name.ends_with(".txt") {
            continue;
        }
        let path = directory.join(&name);
        let text = std::fs::read_to_string(&path)
            .map_err(|error| BuildError::new(format!("{}: {error}", path.display())))?;
        parse(&text, &name, &mut overrides)?;
    }
    Ok(overrides)
}

fn parse(text: &str, file: &str, overrides: &mut Overrides) -> Result<(), BuildError> {
    let mut service: Option<String> = None;
    for (index, line) in text.lines().enumerate() {
        let place = Place { file: file.to_owned(), line: index + 1 };
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let (word, rest) = trimmed.split_once(' ').unwrap_or((trimmed, ""));
        match word {
            "service" => {
                let entry = overrides.services.entry(rest.to_owned()).or_default();
                entry.place.get_or_insert(place);
                service = Some(rest.to_owned());
            }
            "action" | "type" => parse_iam(trimmed, &place, overrides)?,
            "default-key" => {
                let (facts, reason) = split_reason(rest);
                let key_use = KeyUse::parse(facts).map_err(|error| place.error(error))?;
                reason.ok_or_else(|| place.error(NO_REASON))?;
                overrides.keys.push(Used::new(key_use, &place));
            }
            _ => {
                let current = service.as_ref().and_then(|name| overrides.services.get_mut(name));
                let current =
                    current.ok_or_else(|| place.error("write `service NAME` before its overrides"))?;
                if line.starts_with(' ') {
                    parse_rule(trimmed, &place, current)?;
                } else {
                    parse_statement(word, rest, place, current)?;
                }
            }
        }
    }
    Ok(())
}

fn parse_rule(text: &str, place: &Place, service: &mut ServiceOverrides) -> Result<(), BuildError> {
    let entry = service
        .entries
        .last_mut()
        .ok_or_else(|| place.error("a rule needs an `op` or `add` line above it"))?;
    if entry.kind == EntryKind::Key {
        let key_use = KeyUse::parse(text).map_err(|error| place.error(error))?;
        entry.keys.push((key_use, place.clone()));
        return Ok(());
    }
    let rule = Rule::parse(text).map_err(|error| place.error(error))?;
    entry.rules.push((rule, place.clone()));
    Ok(())
}

fn parse_statement(
    word: &str,
    rest: &str,
    place: Place,
    service: &mut ServiceOverrides,
) -> Result<(), BuildError> {
    let (facts, reason) = split_reason(rest);
    let words = || facts.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned);
    let used = || words().map(|word| Used::new(word, &place));
    match word {
        "prefix" => service.prefixes.extend(used()),
        "skip" => service.skipped.extend(used()),
        "v2" => service.v2.extend(words()),
        "principal" => {
            let mut words = words();
            let principal =
                words.next().ok_or_else(|| place.error("write `principal SERVICE [MEMBER...]`"))?;
            service.principals.push(Used::new((words.collect(), principal), &place));
        }
        "bind" => {
            let (kind, binding) =
                facts.split_once(' ').ok_or_else(|| place.error("write `bind TYPE Variable=Member`"))?;
            let binding = Binding::parse(binding).map_err(|error| place.error(error))?;
            service.binds.push(Used::new((kind.to_owned(), binding), &place));
        }
        "operation" => {
            reason.ok_or_else(|| place.error(NO_REASON))?;
            let (name, members) = facts
                .strip_suffix(')')
                .and_then(|facts| facts.split_once('('))
                .ok_or_else(|| place.error("write `operation Name(Member! Member) -- why`"))?;
            let member = |word: &str| (word.trim_end_matches('!').to_owned(), word.ends_with('!'));
            let members = members.split(' ').filter(|word| !word.is_empty()).map(member).collect();
            service.local.push(LocalOperation { name: name.to_owned(), members, place });
        }
        _ => return parse_entry(word, facts, reason, place, service),
    }
    Ok(())
}

fn parse_entry(
    word: &str,
    operations: &str,
    reason: Option<&str>,
    place: Place,
    service: &mut ServiceOverrides,
) -> Result<(), BuildError> {
    let kind = match word {
        "op" => EntryKind::Replace,
        "add" => EntryKind::Add,
        "when" => EntryKind::When,
        "none" => EntryKind::NoPermission,
        "unknown" => EntryKind::Unknown,
        "unnamed" => EntryKind::Unnamed,
        "key" => EntryKind::Key,
        "caveat" => EntryKind::Caveat,
        other => {
            return Err(place.error(format!("unknown word `{other}`; see docs/catalog.md for the notation")));
        }
    };
    let reason = reason.ok_or_else(|| place.error(NO_REASON))?;
    let (operations, unless) = match operations.split_once(" unless ") {
        Some((operations, member)) if kind == EntryKind::Caveat => {
            (operations, Some(member.trim().to_owned()))
        }
        _ => (operations, None),
    };
    let (operations, when) = match operations.split_once(' ') {
        Some((condition, operations)) if kind == EntryKind::When => {
            let condition = Condition::parse(condition, false).map_err(|error| place.error(error))?;
            (operations, Some(condition))
        }
        _ if kind == EntryKind::When => {
            return Err(place.error("write `when CONDITION OPERATION... -- why`"));
        }
        _ => (operations, None),
    };
    let operations: Vec<String> =
        operations.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    for operation in &operations {
        let same = |entry: &&Entry| entry.kind == kind && entry.operations.contains(operation);
        if !matches!(kind, EntryKind::Add | EntryKind::Caveat)
            && let Some(before) = service.entries.iter().find(same)
        {
            return Err(place.error(format!(
                "`{operation}` has an `{word}` line at {}:{} already; keep one of the two",
                before.place.file, before.place.line
            )));
        }
    }
    service.entries.push(Entry {
        kind,
        operations,
        unless,
        when,
        rules: Vec::new(),
        keys: Vec::new(),
        reason: reason.to_owned(),
        place,
    });
    Ok(())
}

/// `action prefix:Name Level type! type -- reason` and `type prefix:name TEMPLATE... -- reason`.
fn parse_iam(line: &str, place: &Place, overrides: &mut Overrides) -> Result<(), BuildError> {
    let (facts, reason) = split_reason(line);
    let reason = reason.ok_or_else(|| place.error(NO_REASON))?;
    let (word, rest) = facts.split_once(' ').unwrap_or((facts, ""));
    let (prefix, rest) =
        rest.split_once(':').ok_or_else(|| place.error("write `prefix:Name` after `action` or `type`"))?;
    let service =
        IamService::parse(&format!("{word} {rest} -- {reason}")).map_err(|error| place.error(error))?;
    for action in &service.actions {
        let same =
            |(before, known, _): &&(String, Action, Place)| before == prefix && known.name == action.name;
        if let Some((_, _, before)) = overrides.actions.iter().find(same) {
            return Err(place.error(format!(
                "`{prefix}:{}` is at {}:{} already; keep one of the two",
                action.name, before.file, before.line
            )));
        }
    }
    overrides
        .actions
        .extend(service.actions.into_iter().map(|action| (prefix.to_owned(), action, place.clone())));
    overrides.types.extend(service.types.into_iter().map(|kind| (prefix.to_owned(), kind, place.clone())));
    Ok(())
}

impl Overrides {
    /// Every service named is one of the SDK.
    pub(crate) fn check_services(&self, known: &BTreeSet<&str>) -> Result<(), BuildError> {
        for (name, service) in &self.services {
            if let Some(place) = service.place.as_ref().filter(|_| !known.contains(name.as_str())) {
                return Err(place.error(format!(
                    "botocore has no service `{name}`; correct the name or delete its overrides"
                )));
            }
        }
        Ok(())
    }

    /// Adds the operations that the SDKs perform by themselves to the models.
    pub(crate) fn add_operations(&self, apis: &mut [Api]) -> Result<(), BuildError> {
        for (service, said) in &self.services {
            let Some(api) = apis.iter_mut().find(|api| api.name == *service) else { continue };
            for LocalOperation { name, members, place } in &said.local {
                if api.model.operations.contains_key(name) {
                    return Err(place.error(format!("botocore has `{name}` now; delete this line")));
                }
                api.model.add(name, members);
            }
        }
        Ok(())
    }

    /// Every rule about keys applies to some operation.
    pub(crate) fn check_keys(&self) -> Result<(), BuildError> {
        self.keys.iter().try_for_each(|key| {
            key.check("no operation needs one of these actions on a resource; correct or delete the line")
        })
    }

    /// Applies the overrides of actions and resource types to the IAM data.
    pub(crate) fn apply_to_iam(&self, iam: &mut BTreeMap<String, IamService>) -> Result<(), BuildError> {
        for (prefix, action, place) in &self.actions {
            let service = iam
                .entry(prefix.clone())
                .or_insert_with(|| IamService { prefix: prefix.clone(), ..IamService::default() });
            match service.actions.iter_mut().find(|known| known.name == action.name) {
                Some(known) if known.level == action.level && known.types == action.types => {
                    return Err(place.error(format!(
                        "the IAM data says the same of `{prefix}:{}`; delete this line",
                        action.name
                    )));
                }
                Some(known) => *known = action.clone(),
                None => service.actions.push(action.clone()),
            }
            service.actions.sort_by(|left, right| left.name.cmp(&right.name));
        }
        for (prefix, kind, place) in &self.types {
            let service = iam
                .entry(prefix.clone())
                .or_insert_with(|| IamService { prefix: prefix.clone(), ..IamService::default() });
            match service.types.iter_mut().find(|known| known.name == kind.name) {
                Some(known) if known == kind => {
                    return Err(place.error(format!(
                        "the IAM data says the same of `{prefix}:{}`; delete this line",
                        kind.name
                    )));
                }
                Some(known) => *known = kind.clone(),
                None => service.types.push(kind.clone()),
            }
            service.types.sort_by(|left, right| left.name.cmp(&right.name));
        }
        Ok(())
    }
}

/// The overrides in one text.
#[cfg(test)]
pub(crate) fn parse_text(text: &str, file: &str) -> Result<Overrides, BuildError> {
    let mut overrides = Overrides::default();
    parse(text, file, &mut overrides)?;
    Ok(overrides)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text, "x.txt", &mut Overrides::default()).expect_err("a malformed override").to_string()
    }

    #[test]
    fn a_malformed_line_is_named_with_its_place_and_remedy() {
        assert_eq!(error("op GetObject -- why"), "x.txt:1: write `service NAME` before its overrides");
        assert_eq!(
            error("service s3\nop GetObject"),
            "x.txt:2: every override needs a reason: end the line with ` -- why`"
        );
        assert_eq!(
            error("service s3\n\n  s3:GetObject"),
            "x.txt:3: a rule needs an `op` or `add` line above it"
        );
        assert!(error("service s3\nop A -- why\n  if Key s3:GetObject").starts_with("x.txt:3: "));
        assert!(
            error("service s3\nop A -- why\n  s3:GetObject on object(Key=odd-mode:Key)")
                .contains("unknown binding mode")
        );
        assert!(error("service s3\nfoo bar").contains("unknown word `foo`"));
        assert!(error("type s3:bucket arn:x").contains("needs a reason"));
    }

    #[test]
    fn blocks_keep_their_operations_rules_and_reason() {
        let mut overrides = Overrides::default();
        let text = "service s3\nbind * BucketName=Bucket\nop A B -- because\n  unless V then s3:$op on object\nnone C -- free\n";
        parse(text, "x.txt", &mut overrides).expect("well formed");
        let service = &overrides.services["s3"];
        assert_eq!(service.entries[0].operations, ["A", "B"]);
        assert_eq!(service.entries[0].reason, "because");
        assert_eq!(service.entries[0].rules[0].0.to_string(), "unless V then s3:$op on object");
        assert_eq!(service.entries[1].kind, EntryKind::NoPermission);
    }
}
