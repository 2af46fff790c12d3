//! What is said about policies with mistakes, by place and code. Expectations are from "Grammar of the IAM
//! JSON policy language", the Service Authorization Reference and "AWS global condition context keys".

#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expected and stops")]

use perm_infer_diagnostics::Diagnostic;
use perm_infer_review::{PolicyFile, PolicyKind, validate};

fn all(text: &str, kind: PolicyKind) -> Vec<Diagnostic> {
    match PolicyFile::read("p.json", text, kind) {
        Ok(file) => file.diagnostics.iter().cloned().chain(validate(&file)).collect(),
        Err(errors) => errors,
    }
}

/// `line:column code`, sorted.
fn found(text: &str, kind: PolicyKind) -> Vec<String> {
    let mut found: Vec<String> = all(text, kind)
        .into_iter()
        .map(|diagnostic| {
            let place = diagnostic.location.expect("a place");
            format!("{}:{} {}", place.line, place.column, diagnostic.code)
        })
        .collect();
    found.sort();
    found
}

/// Of an identity policy with one statement whose inside is given, starting at line 2.
fn inside(statement: &str) -> Vec<String> {
    let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{\n{statement}\n}}]}}");
    found(&text, PolicyKind::Identity)
}

#[test]
fn a_policy_without_mistakes_has_no_diagnostics() {
    let none: [&str; 0] = [];
    assert_eq!(
        inside(r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*""#),
        none
    );
    assert_eq!(inside(r#""Effect": "Allow", "Action": "*", "Resource": "*""#), none);
    assert_eq!(
        inside(r#""Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::*""#),
        none
    );
    assert_eq!(inside(r#""Effect": "Deny", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::b""#), none);
    let trust = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
        "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}}"#;
    assert_eq!(found(trust, PolicyKind::Trust), none);
}

#[test]
fn mistakes_of_grammar_are_errors_with_their_place() {
    let ok = r#""Action": "s3:GetObject", "Resource": "*""#;
    for (statement, expected) in [
        (format!(r#""Effect": "allow", {ok}"#), "2:11 unknown-effect"),
        (ok.to_owned(), "1:41 no-effect"),
        (format!(r#""Effect": "Allow", "Actions": "x", {ok}"#), "2:20 unknown-element"),
        (r#""Effect": "Allow", "Resource": "*""#.to_owned(), "1:41 no-action"),
        (r#""Effect": "Allow", "Action": "s3:GetObject""#.to_owned(), "1:41 no-resource"),
        (format!(r#""Effect": "Allow", "NotAction": "x:y", {ok}"#), "2:20 contradicting-elements"),
        (format!(r#""Effect": "Allow", "Principal": "*", {ok}"#), "1:41 needless-principal"),
        (format!(r#""Effect": "Allow", "Sid": "a-b", {ok}"#), "2:27 odd-sid"),
        (format!(r#""Effect": "Allow", "Effect": "Deny", {ok}"#), "2:20 duplicate-element"),
        (r#""Effect": "Allow", "Action": 3, "Resource": "*""#.to_owned(), "2:30 odd-value"),
        (
            r#""Effect": "Allow", "Action": ["s3:GetObject", {}], "Resource": "*""#.to_owned(),
            "2:47 odd-value",
        ),
        (format!(r#""Effect": "Allow", "Condition": [], {ok}"#), "2:33 odd-condition"),
        (
            format!(r#""Effect": "Allow", "Condition": {{"StringEqual": {{"aws:username": "a"}}}}, {ok}"#),
            "2:34 unknown-operator",
        ),
        (
            format!(
                r#""Effect": "Allow", "Condition": {{"NullIfExists": {{"aws:username": "true"}}}}, {ok}"#
            ),
            "2:34 unknown-operator",
        ),
        (
            format!(
                r#""Effect": "Allow", "Condition": {{"DateLessThan": {{"aws:CurrentTime": "soon"}}}}, {ok}"#
            ),
            "2:70 odd-condition-value",
        ),
        (
            format!(
                r#""Effect": "Allow", "Condition": {{"IpAddress": {{"aws:SourceIp": ["10.0.0.0/33"]}}}}, {ok}"#
            ),
            "2:65 odd-condition-value",
        ),
        (
            format!(r#""Effect": "Allow", "Condition": {{"StringEquals": {{"username": "a"}}}}, {ok}"#),
            "2:51 odd-condition-key",
        ),
    ] {
        assert_eq!(inside(&statement), [expected], "{statement}");
    }
}

#[test]
fn what_is_no_policy_at_all_is_told_with_its_place() {
    for (text, expected) in [
        ("", "1:1 no-json"),
        ("{", "1:1 no-json"),
        ("{\"Version\": \"2012-10-17\",\n}", "1:25 no-json"),
        ("{'Version': 1}", "1:2 no-json"),
        ("// a policy\n{}", "1:1 no-json"),
        ("[]", "1:1 no-policy"),
        ("{\"Version\": \"2012-10-17\"}", "1:1 no-statement"),
        ("{\"Version\": \"2012-10-17\", \"Statement\": [1]}", "1:41 no-statement"),
        ("{\"Version\": \"2024-01-01\", \"Statement\": []}", "1:13 unknown-version"),
    ] {
        assert_eq!(found(text, PolicyKind::Identity), [expected], "{text}");
    }
    assert_eq!(found(&"[".repeat(100_000), PolicyKind::Identity), ["1:513 no-json"]);
}

#[test]
fn what_the_catalogue_does_not_know_is_a_warning() {
    for (statement, expected) in [
        (r#""Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*""#, vec!["2:30 unknown-action"]),
        (r#""Effect": "Allow", "Action": "s4:GetObject", "Resource": "*""#, vec!["2:30 unknown-action"]),
        (r#""Effect": "Allow", "Action": "s3:Gett*", "Resource": "*""#, vec!["2:30 unknown-action"]),
        (r#""Effect": "Allow", "Action": "GetObject", "Resource": "*""#, vec!["2:30 unknown-action"]),
        (
            r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "my-bucket""#,
            vec!["2:58 odd-resource", "2:30 wrong-resource"],
        ),
        // The mistakes that tutorials warn about.
        (
            r#""Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": "arn:aws:s3:::b/*""#,
            vec!["2:31 wrong-resource", "2:61 unused-resource"],
        ),
        (
            r#""Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::b""#,
            vec!["2:31 wrong-resource", "2:60 unused-resource"],
        ),
        (
            r#""Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::b""#,
            vec!["2:30 needs-any-resource", "2:65 unused-resource"],
        ),
        (
            r#""Effect": "Allow", "Action": "sqs:SendMessage", "Resource": ["arn:aws:sqs:*:*:q", "arn:aws:sns:*:*:t"]"#,
            vec!["2:83 unused-resource"],
        ),
        (r#""Effect": "Allow", "Action": [], "Resource": "*""#, vec!["2:30 empty-list"]),
        (r#""Effect": "Allow", "Sid": "", "Action": "s3:*", "Resource": "*""#, vec!["2:27 empty-sid"]),
        (
            r#""Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceIp": "10.0.0.1"}}"#,
            vec!["2:86 odd-condition-key"],
        ),
    ] {
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(inside(statement), expected, "{statement}");
    }
}

#[test]
fn remedies_name_what_may_have_been_meant() {
    let policy = |statement: &str| format!("{{\"Version\": \"2012-10-17\", \"Statement\": {{{statement}}}}}");
    for (statement, remedy) in [
        (r#""Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*""#, "did you mean s3:GetObject"),
        (r#""Efect": "Allow", "Action": "s3:*", "Resource": "*""#, "did you mean `Effect`?"),
        (
            r#""Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEqual": {"aws:username": "a"}}"#,
            "did you mean `StringEquals`?",
        ),
        (
            r#""Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b""#,
            "object (arn:${Partition}:s3:::${BucketName}/${ObjectName})",
        ),
    ] {
        let found = all(&policy(statement), PolicyKind::Identity);
        assert!(found.iter().any(|diagnostic| diagnostic.remedy.contains(remedy)), "{found:#?}");
    }
}

#[test]
fn sids_are_unique_and_versions_are_new() {
    let statement = r#"{"Sid": "A", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#;
    let text = format!("{{\"Version\": \"2008-10-17\", \"Statement\": [\n{statement},\n{statement}]}}");
    assert_eq!(found(&text, PolicyKind::Identity), ["1:13 old-version", "3:1 duplicate-sid"]);
    let text = format!("{{\"Statement\": {statement}}}");
    assert_eq!(found(&text, PolicyKind::Identity), ["1:1 old-version"]);
}

#[test]
fn principals_belong_to_resources_and_roles() {
    let statement = |inner: &str| {
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": {{\n\"Effect\": \"Allow\", {inner}}}}}")
    };
    let bare = statement(r#""Action": "sqs:SendMessage", "Resource": "*""#);
    assert_eq!(found(&bare, PolicyKind::Resource), ["1:40 no-principal"]);
    let odd = statement(r#""Principal": "123456789012", "Action": "sqs:SendMessage", "Resource": "*""#);
    assert_eq!(found(&odd, PolicyKind::Resource), ["2:33 odd-principal"]);
    let kind = statement(r#""Principal": {"Aws": "*"}, "Action": "sqs:SendMessage", "Resource": "*""#);
    assert_eq!(found(&kind, PolicyKind::Resource), ["2:34 unknown-element"]);
    let trust = statement(r#""Principal": {"AWS": "*"}, "Action": "sts:AssumeRole", "Resource": "*""#);
    assert_eq!(found(&trust, PolicyKind::Trust), ["1:40 needless-resource"]);
    let control = statement(r#""Principal": "*", "Action": "s3:*", "Resource": "*""#);
    assert_eq!(found(&control, PolicyKind::ResourceControl), ["1:40 allow-in-control-policy"]);
}

#[test]
fn policies_within_what_the_command_line_prints_are_found() {
    let statement = r#""Statement": {"Effect": "Allow", "Action": "s3:GetObjcet", "Resource": "*"}"#;
    let text =
        format!("{{\"RoleName\": \"r\", \"PolicyDocument\": {{\"Version\": \"2012-10-17\",\n{statement}}}}}");
    assert_eq!(found(&text, PolicyKind::Identity), ["2:44 unknown-action"]);
    let text =
        format!("{{\"PolicyVersion\": {{\"Document\": {{\"Version\": \"2012-10-17\",\n{statement}}}}}}}");
    assert_eq!(found(&text, PolicyKind::Identity), ["2:44 unknown-action"]);
}

/// "IAM and AWS STS quotas", "Quotas and service limits for AWS Organizations": IAM does not count white space, sessions and
/// organisations do.
#[test]
fn too_large_a_policy_is_told_which_limit_it_breaks() {
    use PolicyKind::{Identity, Resource, ResourceControl, ServiceControl, Session, Trust};
    // Of exactly so many characters, with white space of so many more.
    let of_size = |kind: PolicyKind, size: usize, white: usize| {
        let (principal, action, effect, resource) = match kind {
            Trust => (r#","Principal":{"Service":"lambda.amazonaws.com"}"#, "sts:AssumeRole", "Allow", ""),
            ResourceControl => (r#","Principal":"*""#, "s3:*", "Deny", r#","Resource":"*""#),
            Resource => (r#","Principal":"*""#, "s3:*", "Allow", r#","Resource":"*""#),
            _ => ("", "s3:*", "Allow", r#","Resource":"*""#),
        };
        let text = |sid: &str, white: usize| {
            let white = " ".repeat(white);
            format!(
                r#"{{"Version":"2012-10-17","Statement":{white}{{"Sid":"{sid}","Effect":"{effect}","Action":"{action}"{principal}{resource}}}}}"#
            )
        };
        text(&"x".repeat(size - text("", 0).len()), white)
    };
    for (kind, limit, counts) in [
        (Identity, 6_144, false),
        (Trust, 2_048, false),
        (Session, 2_048, true),
        (ServiceControl, 5_120, true),
        (ResourceControl, 5_120, true),
    ] {
        let none: [&str; 0] = [];
        assert_eq!(found(&of_size(kind, limit, 0), kind), none, "{kind:?}");
        assert_eq!(found(&of_size(kind, limit + 1, 0), kind), ["1:1 too-large"], "{kind:?}");
        let spaced = found(&of_size(kind, limit, 1), kind);
        assert_eq!(spaced == ["1:1 too-large"], counts, "{kind:?} {spaced:?}");
    }
    let told = |size| all(&of_size(Identity, size, 0), Identity).remove(0).message;
    assert!(told(10_240).contains("AWS allows 6144 for a managed policy"), "{}", told(10_240));
    assert!(told(10_241).contains("AWS allows 10240 for the inline policies of a role"), "{}", told(10_241));
    // Each service has a limit of its own.
    assert!(found(&of_size(Resource, 15_000, 0), Resource).is_empty());
}

/// "IAM JSON policy elements: Version": before 2012-10-17 variables are text.
#[test]
fn variables_of_old_policies_are_told() {
    let statement = r#"{"Effect": "Allow", "Action": "s3:GetObject",
"Resource": ["arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/x"],
"Condition": {"StringEquals": {"aws:PrincipalTag/team": ["red", "${aws:username}"]}}}"#;
    let old =
        |version: &str| found(&format!("{{{version}\"Statement\": {statement}}}"), PolicyKind::Identity);
    assert_eq!(
        old("\"Version\": \"2008-10-17\", "),
        ["1:13 old-version", "2:14 unexpanded-variable", "3:32 unexpanded-variable"]
    );
    assert_eq!(old(""), ["1:1 old-version", "2:14 unexpanded-variable", "3:32 unexpanded-variable"]);
    let none: [&str; 0] = [];
    assert_eq!(old("\"Version\": \"2012-10-17\", "), none);
}

/// "IAM and AWS STS quotas", IAM name requirements: characters of policy documents.
#[test]
fn characters_that_iam_does_not_take_have_a_place() {
    let text = "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\",\n\"Resource\": \"arn:aws:s3:::b/\u{fc}\u{6771}*\"}}";
    assert_eq!(found(text, PolicyKind::Identity), ["2:31 odd-character"]);
    let fine = text.replace('\u{6771}', "?");
    assert!(found(&fine, PolicyKind::Identity).is_empty());
}

/// "RCP syntax", elements summary.
#[test]
fn resource_control_policies_have_a_syntax_of_their_own() {
    let control = |statement: &str| {
        found(
            &format!("{{\"Version\": \"2012-10-17\", \"Statement\": {{\n{statement}}}}}"),
            PolicyKind::ResourceControl,
        )
    };
    let none: [&str; 0] = [];
    assert_eq!(control(r#""Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*""#), none);
    // `RCPFullAWSAccess`
    assert_eq!(control(r#""Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*""#), none);
    for statement in [
        r#""Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*""#,
        r#""Effect": "Deny", "NotPrincipal": {"AWS": "123456789012"}, "Action": "s3:*", "Resource": "*""#,
        r#""Effect": "Deny", "Principal": {"AWS": "123456789012"}, "Action": "s3:*", "Resource": "*""#,
    ] {
        assert!(control(statement).contains(&"1:40 odd-control-policy".to_owned()), "{statement}");
    }
}

/// `aws s3api get-bucket-policy`, `aws kms get-key-policy` and `aws organizations describe-policy` print policies as texts.
#[test]
fn policies_that_are_texts_within_json_are_read() {
    let policy = r#"{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:GetObjcet\", \"Resource\": \"*\"}}"#;
    for text in [
        format!("{{\n\"Policy\": \"{policy}\"}}"),
        format!("{{\"Policy\": {{\"PolicySummary\": {{}},\n\"Content\": \"{policy}\"}}}}"),
    ] {
        let column = text.lines().nth(1).and_then(|line| line.find(": ")).expect("a value") + 3;
        assert_eq!(
            found(&text, PolicyKind::ServiceControl),
            [format!("2:{column} unknown-action")],
            "{text}"
        );
    }
    assert_eq!(found("{\"Policy\": \"{\"}", PolicyKind::Resource), ["1:12 no-json"]);
}

#[test]
fn conditions_of_the_policies_that_aws_wrote_are_known() {
    let mut found = Vec::new();
    for policy in perm_infer_catalog::ManagedPolicy::all() {
        let statements: Vec<&str> = policy.statements().filter(|one| one.contains("\"Condition\"")).collect();
        if statements.is_empty() {
            continue;
        }
        let text = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", statements.join(","));
        let file = PolicyFile::read(policy.name(), &text, PolicyKind::Identity).expect("a policy");
        let odd = validate(&file).into_iter().filter(|diagnostic| diagnostic.code.contains("condition"));
        found.extend(odd.map(|diagnostic| format!("{}: {}", policy.name(), diagnostic.message)));
    }
    assert!(found.is_empty(), "{found:#?}");
}
