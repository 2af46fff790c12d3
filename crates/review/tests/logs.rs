//! What is read from logs: of any size and encoding, with messages that are cut, mixed and repeated.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

use std::io::{BufReader, Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use perm_infer_review::diagnose::{Denial, read_denials};

fn denials(text: impl AsRef<[u8]>) -> Vec<(Denial, usize)> {
    let found = read_denials(Cursor::new(text)).expect("reads").found;
    found.into_iter().map(|(denial, count, _)| (denial, count)).collect()
}

/// `principal action resource`, each by its last name and `-` for nothing.
fn requests(log: &str) -> Vec<String> {
    let short = |arn: Option<String>| {
        arn.map_or("-".to_owned(), |arn| arn.rsplit(['/', ':']).next().unwrap_or_default().to_owned())
    };
    let found = denials(log).into_iter();
    found
        .map(|(denial, _)| {
            format!("{} {} {}", short(denial.principal), short(denial.action), short(denial.resource))
        })
        .collect()
}

#[test]
fn equal_denials_of_a_log_are_counted_and_others_told_apart() {
    let one = "2026 ERROR User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action\n";
    let other = one.replace("GetObject", "PutObject");
    let log = format!("start\n{one}{one}between\n{other}{one}end\n");
    let found: Vec<(Option<String>, usize)> =
        denials(&log).into_iter().map(|(denial, count)| (denial.action, count)).collect();
    assert_eq!(found, [(Some("s3:GetObject".to_owned()), 3), (Some("s3:PutObject".to_owned()), 1)]);
    // Two on one line.
    let line = format!("{} {}", one.trim(), other.trim());
    assert_eq!(denials(&line).len(), 2);
}

#[test]
fn messages_that_are_mixed_are_not_put_together() {
    let one = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k";
    let other = "User: arn:aws:iam::111122223333:user/b is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:q";
    let both = ["a GetObject k", "b SendMessage q"];
    assert_eq!(requests(&format!("{one}\n{other}\n")), both);
    assert_eq!(requests(&format!("{one} {other}")), both);
    // One begins before the other ends.
    for cut in 1..one.len() {
        let log = format!("{}{other}\n", &one[..cut]);
        let found = requests(&log);
        assert_eq!(found.last().map(String::as_str), Some(both[1]), "{log}");
        assert!(found.iter().all(|request| !request.starts_with("a SendMessage")), "{log} {found:?}");
        assert!(found.iter().all(|request| !request.starts_with("b GetObject")), "{log} {found:?}");
    }
    // Lines of two writers in turns: what belongs to neither for certain is left out.
    let at = one.find(" on resource").expect("a resource");
    let middle = other.find(" on resource").expect("a resource");
    let log =
        format!("[a] {}\n[b] {}\n[a]{}\n[b]{}\n", &one[..at], &other[..middle], &one[at..], &other[middle..]);
    assert!(
        requests(&log).iter().all(|request| [
            "a GetObject k",
            "a GetObject -",
            "b SendMessage q",
            "b SendMessage -"
        ]
        .contains(&request.as_str())),
        "{:?}",
        requests(&log)
    );
}

/// Two messages whose lines come in turns, as two workers write them to one stream without a mark. A line is given to a
/// message only where it can belong to no other.
#[test]
fn lines_of_messages_in_turns_are_never_given_to_the_wrong_one() {
    const A: &str =
        "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource:";
    const B: &str =
        "User: arn:aws:iam::111122223333:user/b is not authorized to perform: sqs:SendMessage on resource:";
    const C: &str =
        "User: arn:aws:iam::111122223333:user/c is not authorized to perform: s3:PutObject on resource:";
    const OBJECT: &str = "arn:aws:s3:::data/k";
    const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:q";
    for (lines, expected) in [
        // In the same order and in the other one.
        (vec![A, B, OBJECT, QUEUE], vec!["a GetObject -", "b SendMessage -"]),
        (vec![A, B, QUEUE, OBJECT], vec!["a GetObject -", "b SendMessage q"]),
        (vec![B, A, QUEUE, OBJECT], vec!["b SendMessage -", "a GetObject -"]),
        (vec![B, A, OBJECT, QUEUE], vec!["b SendMessage -", "a GetObject k"]),
        // Both may be about the object.
        (vec![A, C, OBJECT], vec!["a GetObject -", "c PutObject -"]),
        // The first one ended.
        (vec![A, OBJECT, C, OBJECT], vec!["a GetObject k", "c PutObject k"]),
        // Far behind, nothing of the first one comes any more.
        (vec![A, "x", "x", "x", "x", "x", "x", "x", "x", C, OBJECT], vec!["a GetObject -", "c PutObject k"]),
    ] {
        assert_eq!(requests(&lines.join("\n")), expected, "{lines:#?}");
    }
    // The reason names the action that it is about.
    let reason =
        |action: &str| format!("{OBJECT} because no identity-based policy allows the {action} action");
    assert_eq!(requests(&[A, C, &reason("s3:PutObject")].join("\n")), ["a GetObject -", "c PutObject k"]);
    assert_eq!(requests(&[A, C, &reason("s3:GetObject")].join("\n")), ["a GetObject -", "c PutObject -"]);
    // Who asked is not known where two began.
    let halves = "User: arn:aws:iam::111122223333:user/a\nUser: arn:aws:iam::111122223333:user/b\n\
                  is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::data/k\n\
                  is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:q\n";
    assert_eq!(requests(halves), ["- GetObject k", "- SendMessage q"]);
}

/// A resource of another service, or one that the action does not take, is no resource of a message that was cut.
#[test]
fn what_an_action_cannot_take_does_not_complete_its_message() {
    let start = "User: arn:aws:iam::111122223333:user/a is not authorized to perform:";
    for (action, line, expected) in [
        ("s3:GetObject", "arn:aws:sqs:eu-west-1:111122223333:q", "-"),
        ("s3:GetObject", "arn:aws:s3:::bucket", "-"),
        ("s3:ListBucket", "arn:aws:s3:::bucket", "bucket"),
        ("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/t", "t"),
        ("iam:PassRole", "arn:aws:iam::111122223333:role/worker", "worker"),
        ("iam:PassRole", "arn:aws:iam::111122223333:user/worker", "-"),
        ("sts:AssumeRole", "arn:aws:iam::111122223333:role/worker", "worker"),
    ] {
        let name = action.rsplit(':').next().unwrap_or_default();
        assert_eq!(
            requests(&format!("{start} {action} on resource:\n{line}\n")),
            [format!("a {name} {expected}")],
            "{action} {line}"
        );
    }
}

const MESSAGE: &str = "User: arn:aws:iam::111122223333:user/é東 is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action";

/// `Out-File` and `>` of Windows PowerShell write UTF-16; CloudTrail delivers files that are compressed with gzip.
#[test]
fn logs_are_decoded() {
    let log = format!("2026-01-01 start\r\n{}\r\n", [MESSAGE; 300].join("\r\n"));
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> { log.encode_utf16().flat_map(bytes).collect() };
    let expected = denials(&log);
    assert_eq!(expected.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [300]);
    for bytes in [
        [b"\xff\xfe".to_vec(), utf16(u16::to_le_bytes)].concat(),
        [b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
        [b"\xef\xbb\xbf".to_vec(), log.clone().into_bytes()].concat(),
        gzip(log.as_bytes()),
        gzip(&utf16(u16::to_le_bytes)),
    ] {
        assert_eq!(denials(&bytes), expected);
    }
    let event = format!(
        "\u{feff}{{\"Records\": [{{\"eventSource\": \"s3.amazonaws.com\", \"eventName\": \"GetObject\", \"errorCode\": \"AccessDenied\", \"errorMessage\": {}}}]}}",
        serde_json::Value::from(MESSAGE)
    );
    assert_eq!(denials(gzip(event.as_bytes())).len(), 1);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("writes");
    encoder.finish().expect("ends")
}

#[test]
fn what_was_read_before_a_log_breaks_off_counts() {
    let lines = (0..20_000).map(|line| format!("an ordinary line {line}\n"));
    let mut whole = gzip(format!("{MESSAGE}\n{}", lines.collect::<String>()).as_bytes());
    whole.truncate(whole.len() - 20);
    let found = read_denials(Cursor::new(whole)).expect("reads");
    assert!(found.unread.is_some());
    assert_eq!(found.found.len(), 1);
    assert!(read_denials(Cursor::new(b"\x1f\x8b\x08")).is_err());
}

/// Where the message says nothing, the parameters of the request name the resource.
#[test]
fn events_name_the_resource_by_the_parameters_of_the_request() {
    let event = |source: &str, name: &str, parameters: &str| {
        format!(
            "{{\"eventSource\": \"{source}.amazonaws.com\", \"eventName\": \"{name}\", \"awsRegion\": \"eu-west-1\", \"errorCode\": \"AccessDenied\", \"errorMessage\": \"Access Denied\",
              \"userIdentity\": {{\"type\": \"IAMUser\", \"arn\": \"arn:aws:iam::111122223333:user/a\", \"accountId\": \"111122223333\"}}, \"requestParameters\": {parameters}}}"
        )
    };
    for (source, name, parameters, action, resource) in [
        (
            "s3",
            "GetObject",
            r#"{"bucketName": "data", "key": "in/a*.csv", "Host": "data.s3.amazonaws.com"}"#,
            "s3:GetObject",
            Some("arn:aws:s3:::data/in/a*.csv"),
        ),
        (
            "s3",
            "ListObjects",
            r#"{"bucketName": "data", "prefix": "in/"}"#,
            "s3:ListBucket",
            Some("arn:aws:s3:::data"),
        ),
        (
            "dynamodb",
            "DeleteTable",
            r#"{"tableName": "orders"}"#,
            "dynamodb:DeleteTable",
            Some("arn:aws:dynamodb:eu-west-1:111122223333:table/orders"),
        ),
        (
            "kms",
            "DescribeKey",
            r#"{"keyId": "arn:aws:kms:eu-west-1:444455556666:key/k"}"#,
            "kms:DescribeKey",
            Some("arn:aws:kms:eu-west-1:444455556666:key/k"),
        ),
        (
            "secretsmanager",
            "GetSecretValue",
            r#"{"secretId": "HIDDEN_DUE_TO_SECURITY_REASONS"}"#,
            "secretsmanager:GetSecretValue",
            None,
        ),
        ("s3", "GetObject", "null", "s3:GetObject", None),
    ] {
        let found = denials(event(source, name, parameters));
        let [(denial, 1)] = found.as_slice() else { panic!("{name}: {found:#?}") };
        assert_eq!(
            (denial.action.as_deref(), denial.resource.as_deref()),
            (Some(action), resource),
            "{name}"
        );
        assert_eq!(denial.principal.as_deref(), Some("arn:aws:iam::111122223333:user/a"));
    }
}

/// SDKs and what wraps them print one error several times.
#[test]
fn one_request_counts_once() {
    let line = |request: &str| {
        format!(
            "ERROR AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: {request})\n"
        )
    };
    let counts = |log: &str| denials(log).iter().map(|(_, count)| *count).collect::<Vec<_>>();
    assert_eq!(counts(&[line("996CDE1921142A24"), line("996CDE1921142A24")].concat()), [1]);
    assert_eq!(counts(&[line("996CDE1921142A24"), line("0123456789ABCDEF")].concat()), [2]);
}

#[test]
fn a_log_of_a_gigabyte_is_read_as_it_comes() {
    let message = "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k because no identity-based policy allows it\n";
    let ordinary = "an ordinary entry of a log ".repeat(150) + "\n";
    let lines = ordinary.repeat(255) + message;
    let times = (1 << 30) / lines.len() + 1;
    // Made as it is read: nothing of this size is ever held at once.
    let log = Repeated { text: lines.into_bytes(), position: 0, left: times };
    let found = read_denials(BufReader::new(log)).expect("reads").found;
    assert_eq!(found.iter().map(|(_, count, _)| *count).collect::<Vec<_>>(), [times]);
}

/// A text that is read many times over.
struct Repeated {
    text: Vec<u8>,
    position: usize,
    left: usize,
}

impl Read for Repeated {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            return Ok(0);
        }
        let rest = &self.text[self.position..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        if self.position == self.text.len() {
            (self.position, self.left) = (0, self.left - 1);
        }
        Ok(count)
    }
}

#[test]
fn hostile_input_ends() {
    for text in [
        "User: ".repeat(20_000),
        "is not authorized to perform: ".repeat(20_000),
        "User: arn:aws:iam::1:user/a is not authorized to perform: s3:GetObject on resource: ".to_owned()
            + &"x ".repeat(200_000),
        "\\u".repeat(50_000),
        "\u{1b}[".repeat(50_000),
        "&amp;".repeat(50_000),
        "{".repeat(200_000),
        "User: arn:\n".repeat(5_000),
        // Each as one text of a document.
        format!(
            "{{\"log\": \"{}\"}}",
            "is not authorized to perform: s3:GetObject on resource: x ".repeat(100_000)
        ),
        format!(
            "{{\"log\": [{}\"x\"]}}",
            "\"User: a is not authorized to perform: s3:GetObject\",".repeat(5_000)
        ),
        "{\"a\":".repeat(100) + "\"AccessDenied\"" + &"}".repeat(100),
    ] {
        let _ = denials(&text);
    }
    assert!(read_denials(Cursor::new(b"\xff\xfe\x00User: \xff".as_slice())).expect("reads").found.is_empty());
}
