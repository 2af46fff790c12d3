//! What differs between two states of the generated files, for the person who reviews an update: services,
//! operations, what they need, IAM actions. Lists are complete; nothing is summed up as "and more".

use crate::BuildError;
use crate::format::{Action, FormatError, IamService, Operation, Service, Verdict};
use crate::output::Files;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The differences as text.
pub(crate) fn summary(old: &Files, new: &Files) -> Result<String, BuildError> {
    let mut out = String::new();
    let (before, after) = (services(old)?, services(new)?);
    let names = |services: &BTreeMap<String, Service>, other: &BTreeMap<String, Service>| -> Vec<String> {
        let missing = services.values().filter(|service| !other.contains_key(&service.name));
        missing.map(|service| format!("{} ({} operations)", service.name, service.operations.len())).collect()
    };
    section(&mut out, "New services", &names(&after, &before));
    section(&mut out, "Removed services", &names(&before, &after));
    let mut operations = OperationChanges::default();
    for service in after.values() {
        if let Some(old) = before.get(&service.name) {
            operations.compare(old, service);
        }
    }
    section(&mut out, "New operations", &operations.new);
    section(&mut out, "Removed operations", &operations.removed);
    section(&mut out, "Changed needs", &operations.needs);
    section(&mut out, "Changed members", &operations.members);
    section(&mut out, "Operations that became unknown", &operations.unknown);
    let (before, after) = (actions(old)?, actions(new)?);
    let missing = |from: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
        from.iter()
            .filter(|(name, _)| !other.contains_key(*name))
            .map(|(name, text)| format!("{name}{text}"))
            .collect()
    };
    section(&mut out, "New IAM actions", &missing(&after, &before));
    section(&mut out, "Removed IAM actions", &missing(&before, &after));
    let changed = after.iter().filter_map(|(name, text)| {
        let old = before.get(name).filter(|old| *old != text)?;
        Some(format!("{name}\n    -{old}\n    +{text}"))
    });
    section(&mut out, "Changed IAM actions", &changed.collect::<Vec<_>>());
    if out.is_empty() {
        out.push_str("No service, operation or action changed.\n");
    }
    Ok(out)
}

fn section(out: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{title}: {}", lines.len());
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
}

fn parsed<T>(
    files: &Files,
    folder: &str,
    parse: fn(&str) -> Result<T, FormatError>,
) -> Result<Vec<T>, BuildError> {
    let files = files.iter().filter(|(path, _)| path.starts_with(folder));
    files
        .map(|(path, text)| parse(text).map_err(|error| BuildError::new(format!("{path}: {error}"))))
        .collect()
}

fn services(files: &Files) -> Result<BTreeMap<String, Service>, BuildError> {
    let services = parsed(files, "sdk/", Service::parse)?;
    Ok(services.into_iter().map(|service| (service.name.clone(), service)).collect())
}

/// Action to what is said of it.
fn actions(files: &Files) -> Result<BTreeMap<String, String>, BuildError> {
    let services = parsed(files, "iam/", IamService::parse)?;
    let named = services.iter().flat_map(|service| {
        service
            .actions
            .iter()
            .map(|action| (format!("{}:{}", service.prefix, action.name), action_text(action)))
    });
    Ok(named.collect())
}

fn action_text(action: &Action) -> String {
    let mut text = format!(" {}", action.level);
    for (kind, required) in &action.types {
        // Writing to a String cannot fail.
        let _ = write!(text, " {kind}{}", if *required { "!" } else { "" });
    }
    text
}

#[derive(Default)]
struct OperationChanges {
    new: Vec<String>,
    removed: Vec<String>,
    needs: Vec<String>,
    members: Vec<String>,
    unknown: Vec<String>,
}

impl OperationChanges {
    fn compare(&mut self, old: &Service, new: &Service) {
        let find = |service: &'_ Service, name: &str| {
            service.operations.iter().find(|operation| operation.name == name).cloned()
        };
        for operation in &old.operations {
            if find(new, &operation.name).is_none() {
                self.removed.push(format!("{} {}", old.name, operation.name));
            }
        }
        for operation in &new.operations {
            let name = format!("{} {}", new.name, operation.name);
            match find(old, &operation.name) {
                None => self.new.push(format!("{name} = {}", needs(operation))),
                Some(before) => self.compare_operation(&name, &before, operation),
            }
        }
    }

    fn compare_operation(&mut self, name: &str, old: &Operation, new: &Operation) {
        if old.verdict != new.verdict {
            self.needs.push(format!("{name}\n    - {}\n    + {}", needs(old), needs(new)));
            if new.verdict == Verdict::Unknown {
                self.unknown.push(name.to_owned());
            }
        }
        let only = |one: &Operation, other: &Operation, sign: char| -> String {
            let missing = one.members.iter().filter(|member| !other.members.contains(member));
            missing
                .map(|member| format!(" {sign}{}{}", member.name, if member.required { "!" } else { "" }))
                .collect()
        };
        let members = only(old, new, '-') + &only(new, old, '+');
        if !members.is_empty() {
            self.members.push(format!("{name}:{members}"));
        }
    }
}

fn needs(operation: &Operation) -> String {
    match &operation.verdict {
        Verdict::NoPermission => "none".to_owned(),
        Verdict::Unknown => "unknown".to_owned(),
        Verdict::Rules(rules) => rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ; "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(sdk: &[(&str, &str)], iam: &str) -> Files {
        let mut files: Files = sdk
            .iter()
            .map(|(name, lines)| (format!("sdk/{name}.txt"), format!("service {name}\nid {name}\n{lines}")))
            .collect();
        files.insert("iam/a.txt".to_owned(), format!("prefix a\n{iam}"));
        files
    }

    #[test]
    fn every_kind_of_change_is_listed() {
        let old = files(
            &[
                ("a", "Get(Id!) = a:Get\nPut(Id!) = a:Put\nGone() = none\nSame() = a:Get\n"),
                ("old", "X() = none\n"),
            ],
            "action Get Read\naction Put Write thing\naction Old Write\n",
        );
        let new = files(
            &[
                (
                    "a",
                    "Get(Id! More) = a:Get\nPut(Id!) = a:Put ; if Tags then a:Tag\nSame() = unknown\nNew(Id!) = a:New\n",
                ),
                ("fresh", "X() = none\nY() = none\n"),
            ],
            "action Get Read\naction Put Write thing!\naction New Write\n",
        );
        let expected = "\
New services: 1
  fresh (2 operations)
Removed services: 1
  old (1 operations)
New operations: 1
  a New = a:New
Removed operations: 1
  a Gone
Changed needs: 2
  a Put
    - a:Put
    + a:Put ; if Tags then a:Tag
  a Same
    - a:Get
    + unknown
Changed members: 1
  a Get: +More
Operations that became unknown: 1
  a Same
New IAM actions: 1
  a:New Write
Removed IAM actions: 1
  a:Old Write
Changed IAM actions: 1
  a:Put
    - Write thing
    + Write thing!
";
        assert_eq!(summary(&old, &new).expect("reads"), expected);
    }

    #[test]
    fn nothing_changed_is_said() {
        let same = files(&[("a", "Get(Id!) = a:Get\n")], "action Get Read\n");
        assert_eq!(summary(&same, &same).expect("reads"), "No service, operation or action changed.\n");
    }

    #[test]
    fn a_file_that_does_not_parse_is_named() {
        let odd = files(&[("a", "Get(Id! = a:Get\n")], "");
        let message = summary(&odd, &odd).expect_err("malformed").to_string();
        assert!(message.starts_with("sdk/a.txt: line 3"), "{message}");
    }
}
