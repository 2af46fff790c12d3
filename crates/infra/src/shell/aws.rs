//! Commands of the AWS CLI in scripts as calls of operations.
//!
//! Source: "Command structure in the AWS CLI" in the AWS Command Line Interface User Guide, and "High-level (s3)
//! commands with the AWS CLI" for what `aws s3` calls.

use perm_infer_policy::{Part, Pattern};

use crate::model::Argument;

/// An operation that a command calls: the service and operation as the CLI names them, and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) arguments: Vec<(String, Argument)>,
}

/// Services that the CLI names otherwise than the SDK for Python.
const RENAMED: [(&str, &str); 3] = [("s3api", "s3"), ("deploy", "codedeploy"), ("configservice", "config")];

/// Options of every command that take a value.
const GLOBAL: [&str; 12] = [
    "--region",
    "--output",
    "--profile",
    "--query",
    "--endpoint-url",
    "--ca-bundle",
    "--cli-read-timeout",
    "--cli-connect-timeout",
    "--color",
    "--page-size",
    "--max-items",
    "--starting-token",
];

/// What a command calls; nothing where it is none of the CLI, and an error where it is one that is not known.
pub(crate) fn called(words: &[Pattern]) -> Option<Result<Vec<Called>, String>> {
    let program = words.first()?.as_literal()?;
    if program.rsplit('/').next() != Some("aws") {
        return None;
    }
    let mut words = words[1..].iter();
    let mut positional: Vec<&Pattern> = Vec::new();
    let mut options: Vec<(String, Vec<&Pattern>)> = Vec::new();
    let mut global = false;
    for word in words.by_ref() {
        let option = word.literal_prefix().strip_prefix("--").filter(|name| !name.is_empty());
        if std::mem::take(&mut global) {
            continue;
        }
        let Some(name) = option else {
            match options.last_mut() {
                Some((last, values)) if takes_more(last, values.len(), &positional) => values.push(word),
                _ => positional.push(word),
            }
            continue;
        };
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name.literal_prefix().trim_start_matches("--").to_owned(), Some(value)),
            None => (name.to_owned(), None),
        };
        if GLOBAL.contains(&format!("--{name}").as_str()) {
            global = value.is_none();
        } else if value.is_none() {
            options.push((name, Vec::new()));
        }
    }
    let texts: Vec<Option<&str>> = positional.iter().take(2).map(|word| word.as_literal()).collect();
    let [Some(service), Some(command)] = texts[..] else {
        // Only the version, or something that is computed.
        return (!positional.is_empty()).then(|| Err("a command that is not known".to_owned()));
    };
    if service == "s3" {
        let has = |name: &str| options.iter().any(|(option, _)| option == name);
        // A value of an option that was taken for a place is none.
        let places: Vec<&Pattern> = positional[2..].to_vec();
        return Some(of_s3(command, &places, &has).ok_or_else(|| format!("s3 {command}")));
    }
    if matches!(service, "configure" | "help" | "sso" | "login") || command == "help" {
        return Some(Ok(Vec::new()));
    }
    let service = RENAMED.iter().find(|(cli, _)| *cli == service).map_or(service, |(_, sdk)| sdk);
    let arguments = options.into_iter().map(|(name, values)| (name, argument(&values))).collect();
    if command == "wait" {
        return Some(Err(format!("{service} wait")));
    }
    let operation = command.replace('-', "_");
    Some(Ok(vec![Called { service: service.to_owned(), operation, arguments }]))
}

/// Whether what follows is a value of an option. Options of `aws s3` take one at most, so that what is copied may
/// follow them.
fn takes_more(option: &str, values: usize, positional: &[&Pattern]) -> bool {
    let is_s3 = positional.first().and_then(|service| service.as_literal()) == Some("s3");
    !is_s3 || values == 0 && !is_flag_of_s3(option)
}

fn is_flag_of_s3(option: &str) -> bool {
    const FLAGS: [&str; 13] = [
        "recursive",
        "delete",
        "quiet",
        "only-show-errors",
        "no-progress",
        "dryrun",
        "exact-timestamps",
        "size-only",
        "summarize",
        "human-readable",
        "force",
        "no-sign-request",
        "follow-symlinks",
    ];
    FLAGS.contains(&option)
}

fn argument(values: &[&Pattern]) -> Argument {
    let is_plain = |value: &&&Pattern| !value.literal_prefix().starts_with(['{', '[']);
    let texts: Vec<Argument> = values
        .iter()
        .map(|value| match is_plain(&value) {
            true => Argument::Text(vec![(*value).clone()]),
            false => Argument::Given("a document on the command line".to_owned()),
        })
        .collect();
    match <[Argument; 1]>::try_from(texts) {
        Ok([only]) => only,
        Err(texts) if texts.is_empty() => Argument::Text(vec![Pattern::literal("true")]),
        Err(texts) => Argument::List(texts),
    }
}

/// Commands over files and objects.
fn of_s3(command: &str, places: &[&Pattern], has: &dyn Fn(&str) -> bool) -> Option<Vec<Called>> {
    let objects: Vec<Option<(Pattern, Option<Pattern>)>> =
        places.iter().take(2).map(|place| object(place)).collect();
    let call = |operation: &str, bucket: &Pattern, key: Option<(&str, Pattern)>| {
        let mut arguments = vec![("Bucket".to_owned(), text(bucket))];
        arguments.extend(key.map(|(name, key)| (name.to_owned(), text(&key))));
        Called { service: "s3".to_owned(), operation: operation.to_owned(), arguments }
    };
    let is_many = has("recursive") || command == "sync";
    let below = |key: &Option<Pattern>| {
        let mut key = key.clone().unwrap_or_default();
        key.push(Part::Any);
        key
    };
    let key_of =
        |key: &Option<Pattern>| if is_many { below(key) } else { key.clone().unwrap_or_else(Pattern::any) };
    let list = |bucket: &Pattern| call("list_objects_v2", bucket, None);
    let mut calls = Vec::new();
    match (command, objects.as_slice()) {
        ("cp" | "mv" | "sync", [from, to]) => {
            if let Some((bucket, key)) = from {
                if is_many {
                    calls.push(list(bucket));
                }
                calls.push(call("get_object", bucket, Some(("Key", key_of(key)))));
                if command == "mv" {
                    calls.push(call("delete_object", bucket, Some(("Key", key_of(key)))));
                }
            }
            if let Some((bucket, key)) = to {
                if command == "sync" {
                    calls.push(list(bucket));
                }
                // A key that ends in a slash is a directory for the file.
                let is_directory = key.as_ref().is_none_or(|key| key.literal_suffix().ends_with('/'));
                let key = if is_many || is_directory { below(key) } else { key_of(key) };
                calls.push(call("put_object", bucket, Some(("Key", key.clone()))));
                if has("delete") {
                    calls.push(call("delete_object", bucket, Some(("Key", key))));
                }
            }
        }
        ("rm", [Some((bucket, key))]) => {
            if is_many {
                calls.push(list(bucket));
            }
            calls.push(call("delete_object", bucket, Some(("Key", key_of(key)))));
        }
        ("ls", [Some((bucket, _))]) => calls.push(list(bucket)),
        ("ls", []) => {
            calls.push(Called {
                service: "s3".to_owned(),
                operation: "list_buckets".to_owned(),
                arguments: Vec::new(),
            });
        }
        ("presign", [Some((bucket, key))]) => {
            calls.push(call("get_object", bucket, Some(("Key", key_of(key)))));
        }
        ("mb", [Some((bucket, _))]) => calls.push(call("create_bucket", bucket, None)),
        ("rb", [Some((bucket, _))]) if !has("force") => calls.push(call("delete_bucket", bucket, None)),
        _ => return None,
    }
    Some(calls)
}

fn text(pattern: &Pattern) -> Argument {
    Argument::Text(vec![pattern.clone()])
}

/// `s3://bucket/key`.
fn object(place: &Pattern) -> Option<(Pattern, Option<Pattern>)> {
    let rest = place.literal_prefix().strip_prefix("s3://")?;
    let mut whole = Pattern::literal(rest);
    place.parts().iter().skip(1).for_each(|part| whole.push(part.clone()));
    match whole.split_once('/') {
        Some((bucket, key)) => Some((bucket, (!key.parts().is_empty()).then_some(key))),
        None => Some((whole, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    #[track_caller]
    fn calls(line: &str) -> Result<Vec<String>, String> {
        let script = shell::read(&Pattern::literal(line), &shell::Variables::new());
        let command = script.commands.last().expect("one");
        let shown = |argument: &Argument| match argument {
            Argument::Text(texts) => texts.iter().map(Pattern::to_policy_string).collect::<String>(),
            Argument::List(items) => format!("[{}]", items.len()),
            _ => "?".to_owned(),
        };
        let calls = called(&command.words).expect("of the CLI")?;
        let call = |call: &Called| {
            let arguments: Vec<String> =
                call.arguments.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
            format!("{}:{} {}", call.service, call.operation, arguments.join(" "))
        };
        Ok(calls.iter().map(call).collect())
    }

    #[test]
    fn commands_call_the_operation_of_their_name() {
        let line =
            "/usr/local/bin/aws --region eu-west-1 dynamodb get-item --table-name orders --key '{\"id\": 1}'";
        assert_eq!(calls(line), Ok(vec!["dynamodb:get_item table-name=orders key=?".to_owned()]));
        let line = "aws ssm get-parameters --names /a /b --query 'P[0].V' --output text --with-decryption";
        assert_eq!(calls(line), Ok(vec!["ssm:get_parameters names=[2] with-decryption=true".to_owned()]));
        assert_eq!(calls("aws s3api head-bucket --bucket b"), Ok(vec!["s3:head_bucket bucket=b".to_owned()]));
        assert_eq!(calls("aws configure set region x"), Ok(Vec::new()));
    }

    #[test]
    fn copies_read_one_side_and_write_the_other() {
        let all = |line: &str| calls(line).map(|calls| calls.join("; "));
        assert_eq!(
            all("aws s3 cp s3://b/a/x.tgz /tmp/"),
            Ok("s3:get_object Bucket=b Key=a/x.tgz".to_owned())
        );
        assert_eq!(all("aws s3 cp x s3://b/in/ --quiet"), Ok("s3:put_object Bucket=b Key=in/*".to_owned()));
        assert_eq!(
            all("aws s3 sync --delete s3://a/p s3://b"),
            Ok("s3:list_objects_v2 Bucket=a; s3:get_object Bucket=a Key=p*; s3:list_objects_v2 Bucket=b; \
                s3:put_object Bucket=b Key=*; s3:delete_object Bucket=b Key=*"
                .to_owned())
        );
        assert_eq!(
            all("aws s3 rm s3://b/old --recursive"),
            Ok("s3:list_objects_v2 Bucket=b; s3:delete_object Bucket=b Key=old*".to_owned())
        );
        assert_eq!(all("aws s3 ls"), Ok("s3:list_buckets ".to_owned()));
        assert_eq!(all("aws s3 website s3://b"), Err("s3 website".to_owned()));
    }
}
