//! Names for statements: service, resource name and resource type in camel case, such as
//! `DynamodbOrdersTable`. A name depends on its own statement, and on others only where two would be
//! the same, so that it stays when unrelated code changes.
//!
//! Source: "IAM JSON policy elements: Sid" (ASCII letters and digits, unique within the policy).

use std::collections::BTreeMap;

use crate::arn::Arn;
use crate::document::{Document, Statement};

/// Longest resource name taken into a `Sid`, in characters; the rest is cut.
const MAX_NAME: usize = 40;

/// Names every statement of a document that the builder made.
pub(crate) fn name_statements(document: &mut Document, statements: &[Statement]) {
    let mut sids: Vec<String> = statements.iter().map(base).collect();
    type Suffix = fn(&Statement) -> String;
    let suffixes: [Suffix; 4] =
        [access_word, condition_words, |one| content_hash(one, 6), |one| content_hash(one, 16)];
    for suffix in suffixes {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for sid in &sids {
            *count.entry(sid.clone()).or_default() += 1;
        }
        for (sid, statement) in sids.iter_mut().zip(statements) {
            if count[sid] > 1 {
                sid.push_str(&suffix(statement));
            }
        }
    }
    let named = statements.iter().zip(sids);
    let named = named.map(|(statement, sid)| Statement { sid: Some(sid), ..statement.clone() });
    *document = Document::new(named.collect());
}

/// What a `Sid` says of one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Label {
    name: String,
    kind: String,
}

fn base(statement: &Statement) -> String {
    let actions = statement.action.as_deref().unwrap_or_default();
    let service = actions.first().map_or("", |action| action.split(':').next().unwrap_or_default());
    let service = camel(service);
    let resources = statement.resource.as_deref().unwrap_or_default();
    if resources == ["*"] {
        let what = if actions.len() == 1 { action_name(&actions[0]) } else { "AnyResource".to_owned() };
        return service + &what;
    }
    let mut labels: Vec<Label> = resources.iter().map(|resource| label(resource)).collect();
    // A table and its indexes are about the table.
    if labels.iter().all(|label| label.name == labels[0].name) {
        labels.truncate(1);
    }
    labels.dedup();
    match labels.as_slice() {
        [] => service,
        [Label { name, kind }] => {
            let name = if name.is_empty() { "Any" } else { name };
            format!("{service}{name}{kind}")
        }
        [a, b] if a.kind == b.kind && !a.name.is_empty() && !b.name.is_empty() => {
            format!("{service}{}And{}{}", a.name, b.name, plural(&a.kind))
        }
        [first, others @ ..] if others.iter().all(|other| other.kind == first.kind) => {
            service + &plural(&first.kind)
        }
        _ => service + "Resources",
    }
}

/// Name and type of a resource, by the habits of ARNs: `type/name`, `type:name`, or a bare name.
fn label(resource: &str) -> Label {
    let Ok(arn) = resource.parse::<Arn>() else {
        return Label { name: short_name(resource, ""), kind: "Resource".to_owned() };
    };
    let (kind, name) = match arn.service.as_str() {
        "s3" => match arn.resource.split_once('/') {
            Some((bucket, _)) => return Label { name: short_name(bucket, "Bucket"), kind: "Objects".into() },
            None => ("Bucket".to_owned(), arn.resource.as_str()),
        },
        "sqs" => ("Queue".to_owned(), arn.resource.as_str()),
        "sns" => ("Topic".to_owned(), arn.resource.as_str()),
        "dynamodb" => return dynamodb_label(&arn.resource),
        _ => match arn.resource.split_once(['/', ':']) {
            Some((kind, name)) => (camel(kind), name),
            None => ("Resource".to_owned(), arn.resource.as_str()),
        },
    };
    Label { name: short_name(name, &kind), kind }
}

/// `table/Name`, also with `/index/Name` or `/stream/Label` after it.
fn dynamodb_label(resource: &str) -> Label {
    let mut segments = resource.split('/');
    let kind = camel(segments.next().unwrap_or_default());
    let name = short_name(segments.next().unwrap_or_default(), &kind);
    match segments.next() {
        Some(inner) => Label { name, kind: camel(inner) },
        None => Label { name, kind },
    }
}

/// The name in camel case, without the type where it ends in it, cut to a length.
fn short_name(name: &str, kind: &str) -> String {
    let mut words = camel(name);
    let lower = words.to_ascii_lowercase();
    if let Some(shorter) = lower.strip_suffix(&kind.to_ascii_lowercase())
        && !shorter.is_empty()
    {
        words.truncate(shorter.len());
    }
    words.truncate(MAX_NAME);
    words
}

/// `log-group` as `LogGroup`. Only ASCII letters and digits come through.
fn camel(text: &str) -> String {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric());
    let mut out = String::with_capacity(text.len());
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

fn plural(word: &str) -> String {
    if word.ends_with("Objects") {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    let ending = if word.ends_with(['s', 'x']) { "es" } else { "s" };
    format!("{word}{ending}")
}

fn action_name(action: &str) -> String {
    camel(action.split_once(':').map_or(action, |(_, name)| name))
}

/// The action, or whether the actions read or write by what AWS's names begin with.
fn access_word(statement: &Statement) -> String {
    const READING: [&str; 8] = ["Get", "List", "Describe", "BatchGet", "Query", "Scan", "Head", "Search"];
    let actions = statement.action.as_deref().unwrap_or_default();
    if let [action] = actions {
        return action_name(action);
    }
    let reads = |action: &String| READING.iter().any(|verb| action_name(action).starts_with(verb));
    match (actions.iter().any(reads), actions.iter().all(reads)) {
        (_, true) => "Read".to_owned(),
        (true, false) => "ReadWrite".to_owned(),
        (false, _) => "Write".to_owned(),
    }
}

fn condition_words(statement: &Statement) -> String {
    let keys = statement.condition.values().flat_map(BTreeMap::keys);
    keys.map(|key| action_name(key)).collect()
}

/// Hexadecimal digits of the FNV-1a hash of what the statement says: the same on every platform and
/// with every release of the standard library.
fn content_hash(statement: &Statement, digits: usize) -> String {
    let content = serde_json::to_string(statement).unwrap_or_default();
    let hash = content.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016X}")[..digits].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Condition, Effect, OneOrMany};

    fn statement(actions: &[&str], resources: &[&str]) -> Statement {
        let values = |texts: &[&str]| {
            Some(OneOrMany::from_values(texts.iter().map(|text| (*text).to_owned()).collect()))
        };
        Statement {
            sid: None,
            effect: Effect::Allow,
            principal: None,
            not_principal: None,
            action: values(actions),
            not_action: None,
            resource: values(resources),
            not_resource: None,
            condition: Condition::new(),
        }
    }

    fn sids(statements: &[Statement]) -> Vec<String> {
        let mut document = Document::new(Vec::new());
        name_statements(&mut document, statements);
        document.statement.iter().filter_map(|statement| statement.sid.clone()).collect()
    }

    #[test]
    fn names_say_service_name_and_type() {
        for (action, resource, expected) in [
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders", "DynamodbOrdersTable"),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/orders-table", "DynamodbOrdersTable"),
            ("dynamodb:Query", "arn:aws:dynamodb:*:*:table/orders/index/*", "DynamodbOrdersIndex"),
            ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*", "DynamodbAnyTable"),
            ("s3:PutObject", "arn:aws:s3:::reports-bucket/daily/*.csv", "S3ReportsObjects"),
            ("s3:ListBucket", "arn:aws:s3:::reports", "S3ReportsBucket"),
            ("s3:ListAllMyBuckets", "*", "S3ListAllMyBuckets"),
            ("sqs:SendMessage", "arn:aws:sqs:*:*:my_queue", "SqsMyQueue"),
            (
                "secretsmanager:GetSecretValue",
                "arn:aws:secretsmanager:*:*:secret:prod/db-??????",
                "SecretsmanagerProdDbSecret",
            ),
            ("logs:PutLogEvents", "arn:aws:logs:*:*:log-group:/aws/x:*", "LogsAwsXLogGroup"),
            ("execute-api:Invoke", "arn:aws:execute-api:*:*:abc", "ExecuteApiAbcResource"),
        ] {
            assert_eq!(sids(&[statement(&[action], &[resource])]), [expected]);
        }
    }

    #[test]
    fn several_resources_are_summed_up() {
        let tables = ["arn:aws:dynamodb:*:*:table/a", "arn:aws:dynamodb:*:*:table/b"];
        assert_eq!(sids(&[statement(&["dynamodb:GetItem"], &tables)]), ["DynamodbAAndBTables"]);
        let three = [tables[0], tables[1], "arn:aws:dynamodb:*:*:table/c"];
        assert_eq!(sids(&[statement(&["dynamodb:GetItem"], &three)]), ["DynamodbTables"]);
        let with_index = [tables[0], "arn:aws:dynamodb:*:*:table/a/index/*"];
        assert_eq!(sids(&[statement(&["dynamodb:Query"], &with_index)]), ["DynamodbATable"]);
    }

    #[test]
    fn equal_names_are_told_apart_by_access_then_condition_then_content() {
        let (x, y) = ("arn:aws:s3:::b/x", "arn:aws:s3:::b/y");
        let read = statement(&["s3:GetObject"], &[x]);
        let write = statement(&["s3:DeleteObject", "s3:PutObject"], &[y]);
        assert_eq!(sids(&[read.clone(), write]), ["S3BObjectsGetObject", "S3BObjectsWrite"]);

        let mut conditional = read.clone();
        let values = [("aws:SourceVpc".to_owned(), OneOrMany::One("v".to_owned()))];
        conditional.condition.insert("StringEquals".to_owned(), values.into());
        assert_eq!(
            sids(&[read.clone(), conditional]),
            ["S3BObjectsGetObject", "S3BObjectsGetObjectSourceVpc"]
        );

        let other = statement(&["s3:GetObject"], &[y]);
        let (one, both) = (sids(&[read.clone(), other.clone()]), sids(&[other, read]));
        assert_ne!(one[0], one[1]);
        assert_eq!(one[0], both[1]);
    }

    #[test]
    fn a_sid_has_only_ascii_letters_and_digits() {
        let odd = statement(&["s3:GetObject"], &["arn:aws:s3:::b\u{fc}cket-${*}/é"]);
        assert!(sids(&[odd])[0].chars().all(|character| character.is_ascii_alphanumeric()));
    }
}
