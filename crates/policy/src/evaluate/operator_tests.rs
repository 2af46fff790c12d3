//! The edges of condition operators, each as AWS documents it.

use super::{Context, condition_holds};

/// Operator, values of the policy, values of the request (none: the key is absent), whether the condition is met.
type Case = (&'static str, &'static [&'static str], Option<&'static [&'static str]>, bool);

fn check(key: &str, cases: &[Case]) {
    for (operator, wanted, given, expected) in cases {
        let mut context = Context::default();
        if let Some(values) = given {
            context.set(key, values.iter().map(|value| (*value).to_owned()).collect());
        }
        let wanted: Vec<String> = wanted.iter().map(|value| (*value).to_owned()).collect();
        assert_eq!(
            condition_holds(operator, key, &wanted, &context),
            *expected,
            "{operator} {wanted:?} {given:?}"
        );
    }
}

/// "IAM JSON policy elements: Condition operators", Amazon Resource Name (ARN) condition operators: each of the six
/// parts is checked separately and can include wildcards; `ArnEquals` and `ArnLike` behave identically.
#[test]
fn arns_are_compared_part_by_part() {
    check(
        "aws:SourceArn",
        &[
            ("ArnEquals", &["arn:aws:iam::*:role/*"], Some(&["arn:aws:iam::1:role/team/app"]), true),
            ("ArnLike", &["arn:aws:iam::1:role/app"], Some(&["arn:aws:iam::1:role/App"]), false),
            // A wildcard stays in its part.
            ("ArnLike", &["arn:aws:sns:*:topic"], Some(&["arn:aws:sns:eu-west-1:1:topic"]), false),
            ("ArnLike", &["arn:aws:s3:*:*:b"], Some(&["arn:aws:s3:::b"]), true),
            // The last part keeps its colons.
            (
                "ArnLike",
                &["arn:aws:lambda:*:*:function:f:*"],
                Some(&["arn:aws:lambda:r:1:function:f:live"]),
                true,
            ),
            (
                "ArnLike",
                &["arn:aws:lambda:*:*:function:f"],
                Some(&["arn:aws:lambda:r:1:function:f:live"]),
                false,
            ),
            (
                "ArnLike",
                &["arn:aws:states:r:1:execution:m:?"],
                Some(&["arn:aws:states:r:1:execution:m:7"]),
                true,
            ),
            ("ArnLike", &["arn:aws:s3:::b"], Some(&["bucket"]), false),
            ("ArnNotLike", &["arn:aws:s3:::b*"], Some(&["arn:aws:s3:::other"]), true),
            ("ArnNotEquals", &["arn:aws:s3:::b*"], Some(&["arn:aws:s3:::b1"]), false),
            ("ArnNotLike", &["arn:aws:s3:::b*"], None, true),
            ("ArnLike", &["arn:aws:s3:::b*"], None, false),
            ("ArnLikeIfExists", &["arn:aws:s3:::b*"], None, true),
        ],
    );
}

/// "IAM JSON policy elements: Condition operators", ...IfExists and Null: `IfExists` goes with every operator but `Null`;
/// `Null` asks whether the key is there.
#[test]
fn absent_keys_count_as_documented() {
    check(
        "aws:PrincipalTag/team",
        &[
            ("Null", &["true"], None, true),
            ("Null", &["false"], None, false),
            ("Null", &["true"], Some(&[]), true),
            ("Null", &["false"], Some(&["a", "b"]), true),
            ("NullIfExists", &["true"], None, false),
            ("StringEqualsIfExists", &["red"], None, true),
            ("StringEqualsIfExists", &["red"], Some(&["blue"]), false),
            ("StringNotEqualsIfExists", &["red"], None, true),
            ("StringNotEquals", &["red"], None, true),
            ("StringNotLike", &["r*"], None, true),
            ("StringEquals", &["red"], None, false),
            ("BoolIfExists", &["true"], None, true),
            ("BoolIfExists", &["true"], Some(&["false"]), false),
            ("NumericLessThan", &["5"], None, false),
            ("NumericNotEquals", &["5"], None, true),
            ("DateLessThan", &["2030-01-01"], None, false),
            ("NotIpAddress", &["10.0.0.0/8"], None, true),
            ("IpAddressIfExists", &["10.0.0.0/8"], None, true),
        ],
    );
}

/// "Set operators for multi-valued context keys": `ForAllValues` is true without the key, or where it resolves to a null
/// dataset such as an empty text; `ForAnyValue` is false there.
#[test]
fn sets_of_values_count_as_documented() {
    check(
        "aws:TagKeys",
        &[
            ("ForAllValues:StringEquals", &["a", "b"], Some(&["a"]), true),
            ("ForAllValues:StringEquals", &["a", "b"], Some(&["a", "c"]), false),
            ("ForAllValues:StringEquals", &["a"], None, true),
            ("ForAllValues:StringEquals", &["a"], Some(&[]), true),
            ("ForAllValues:StringEquals", &["a"], Some(&[""]), true),
            ("ForAllValues:StringNotEquals", &["a"], Some(&["b", "c"]), true),
            ("ForAllValues:StringNotEquals", &["a"], Some(&["b", "a"]), false),
            ("ForAllValues:StringNotEquals", &["a"], None, true),
            ("ForAnyValue:StringEquals", &["a", "b"], Some(&["c", "b"]), true),
            ("ForAnyValue:StringEquals", &["a"], None, false),
            ("ForAnyValue:StringEquals", &["a"], Some(&[""]), false),
            ("ForAnyValue:StringNotEquals", &["a"], Some(&["a", "b"]), true),
            ("ForAnyValue:StringNotEquals", &["a"], Some(&["a"]), false),
            ("ForAnyValue:StringNotEquals", &["a"], None, false),
            ("ForAnyValue:StringLike", &["team/*"], Some(&["x", "team/a"]), true),
            (
                "ForAllValues:ArnLike",
                &["arn:aws:s3:::a*"],
                Some(&["arn:aws:s3:::a1", "arn:aws:s3:::a2"]),
                true,
            ),
            ("forallvalues:stringequals", &["a"], Some(&["a"]), true),
        ],
    );
}

/// "IAM JSON policy elements: Condition operators", numeric and date operators: integers and decimals; ISO 8601 dates as
/// the W3C notes them, and epoch time.
#[test]
fn numbers_and_dates_are_read_in_their_forms() {
    check(
        "s3:max-keys",
        &[
            ("NumericEquals", &["10"], Some(&["10.0"]), true),
            ("NumericEquals", &["10"], Some(&["010"]), true),
            ("NumericLessThan", &["0.5"], Some(&["0.25"]), true),
            ("NumericLessThanEquals", &["-1"], Some(&["-1"]), true),
            ("NumericGreaterThan", &["9"], Some(&["10"]), true),
            ("NumericGreaterThanEquals", &["10"], Some(&["9.99"]), false),
            ("NumericEquals", &["1", "2", "3"], Some(&["2"]), true),
            ("NumericNotEquals", &["1", "2"], Some(&["2"]), false),
            ("NumericEquals", &["10"], Some(&["0x0a"]), false),
            ("NumericEquals", &["1000"], Some(&["1,000"]), false),
            ("NumericLessThan", &["10"], Some(&["NaN"]), false),
            ("NumericLessThan", &["10"], Some(&[""]), false),
        ],
    );
    check(
        "aws:CurrentTime",
        &[
            ("DateEquals", &["2020-02-29T12:30:05Z"], Some(&["1582979405"]), true),
            ("DateEquals", &["2020-02-29T12:30:05.000Z"], Some(&["2020-02-29T14:30:05+02:00"]), true),
            ("DateLessThan", &["2020-03-01"], Some(&["2020-02-29T23:59:59Z"]), true),
            ("DateLessThanEquals", &["2020-03"], Some(&["2020-03-01T00:00:00Z"]), true),
            ("DateGreaterThan", &["2020"], Some(&["2020-01-01T00:00:01Z"]), true),
            ("DateNotEquals", &["2020-01-01"], Some(&["2020-01-02"]), true),
            ("DateGreaterThan", &["2020-01-01"], Some(&["tomorrow"]), false),
            ("DateLessThan", &["2020-02-30"], Some(&["2020-01-01"]), false),
        ],
    );
}

/// "IAM JSON policy elements: Condition operators", IP address condition operators: ranges in CIDR format, IPv4 and IPv6
/// as RFC 4632 and RFC 4291 write them; an address alone is itself.
#[test]
fn addresses_are_in_ranges_of_their_family() {
    check(
        "aws:SourceIp",
        &[
            ("IpAddress", &["203.0.113.0/24"], Some(&["203.0.113.255"]), true),
            ("IpAddress", &["203.0.113.0/24"], Some(&["203.0.114.0"]), false),
            ("IpAddress", &["203.0.113.9"], Some(&["203.0.113.9"]), true),
            ("IpAddress", &["0.0.0.0/0"], Some(&["198.51.100.7"]), true),
            ("IpAddress", &["0.0.0.0/0"], Some(&["2001:db8::1"]), false),
            ("IpAddress", &["2001:DB8:1234:5678::/64"], Some(&["2001:db8:1234:5678:ffff::1"]), true),
            ("IpAddress", &["2001:DB8:1234:5678::/64"], Some(&["2001:db8:1234:5679::1"]), false),
            ("IpAddress", &["2001:db8::/33"], Some(&["2001:db8:7fff::1"]), true),
            ("IpAddress", &["2001:db8::/33"], Some(&["2001:db8:8000::1"]), false),
            ("IpAddress", &["2001:db8::1"], Some(&["2001:0db8:0:0:0:0:0:1"]), true),
            ("IpAddress", &["::/0"], Some(&["2001:db8::1"]), true),
            ("IpAddress", &["2001:db8::/129"], Some(&["2001:db8::1"]), false),
            ("IpAddress", &["10.0.0.0/8", "192.168.0.0/16"], Some(&["192.168.3.4"]), true),
            ("NotIpAddress", &["10.0.0.0/8", "192.168.0.0/16"], Some(&["192.168.3.4"]), false),
            ("NotIpAddress", &["10.0.0.0/8"], Some(&["172.16.0.1"]), true),
            ("IpAddress", &["10.0.0.0/8"], Some(&["not an address"]), false),
        ],
    );
}

/// "IAM JSON policy elements: Condition operators", string, Boolean and binary condition operators: which of them mind
/// the case and know wildcards.
#[test]
fn case_and_wildcards_count_by_operator() {
    check(
        "aws:PrincipalTag/team",
        &[
            ("StringEquals", &["Red"], Some(&["red"]), false),
            ("StringEqualsIgnoreCase", &["Red"], Some(&["rED"]), true),
            ("StringNotEqualsIgnoreCase", &["Red"], Some(&["rED"]), false),
            ("StringEqualsIgnoreCase", &["\u{c9}T\u{c9}"], Some(&["\u{e9}t\u{e9}"]), true),
            ("StringLike", &["R*"], Some(&["red"]), false),
            ("StringLike", &["r?d"], Some(&["red"]), true),
            ("StringLike", &["r?d"], Some(&["rd"]), false),
            ("StringEquals", &["r*"], Some(&["red"]), false),
            ("StringEquals", &["r*"], Some(&["r*"]), true),
            ("StringNotLike", &["r*", "b*"], Some(&["blue"]), false),
            ("StringLike", &["*"], Some(&[""]), true),
            ("Bool", &["true"], Some(&["True"]), true),
            ("Bool", &["TRUE"], Some(&["false"]), false),
            ("Bool", &["true"], Some(&["1"]), false),
            ("BinaryEquals", &["QmluYXJ5"], Some(&["QmluYXJ5"]), true),
            ("BinaryEquals", &["QmluYXJ5"], Some(&["QmluYXJ5MQ=="]), false),
            ("STRINGEQUALS", &["red"], Some(&["red"]), true),
        ],
    );
}

/// "IAM policy elements: Variables and tags": default values, and `${*}`, `${?}` and `${$}` for the characters.
#[test]
fn variables_have_defaults_and_characters_have_escapes() {
    let holds = |operator: &str, wanted: &str, team: &str| {
        let mut context = Context::default();
        context.set("aws:username", vec!["anna".to_owned()]);
        context.set("aws:PrincipalTag/team", vec![team.to_owned()]);
        condition_holds(operator, "aws:PrincipalTag/team", &[wanted.to_owned()], &context)
    };
    for (operator, wanted, team, expected) in [
        ("StringEquals", "${aws:username}", "anna", true),
        ("StringEquals", "${AWS:UserName}", "anna", true),
        ("StringEquals", "${aws:username, 'nobody'}", "anna", true),
        ("StringEquals", "${aws:username, 'nobody'}", "nobody", false),
        ("StringEquals", "${aws:userid, 'nobody'}", "nobody", true),
        ("StringEquals", "${aws:userid,'nobody'}", "nobody", true),
        ("StringEquals", "${aws:userid, ''}", "", true),
        ("StringEquals", "x-${aws:userid, 'a'}-${aws:username}", "x-a-anna", true),
        ("StringLike", "${aws:username}*", "anna-1", true),
        ("StringLike", "${*}x", "*x", true),
        ("StringLike", "${*}x", "ax", false),
        ("StringLike", "a${?}", "a?", true),
        ("StringLike", "a${?}", "ab", false),
        ("StringLike", "${$}{aws:username}", "${aws:username}", true),
        ("StringEquals", "${$}1", "$1", true),
        ("StringEquals", "$1", "$1", true),
        ("StringEqualsIgnoreCase", "${aws:username}", "ANNA", true),
    ] {
        assert_eq!(holds(operator, wanted, team), expected, "{operator} {wanted} {team}");
    }
    // The value of a variable is text, whatever is in it.
    let mut context = Context::default();
    context.set("aws:username", vec!["*".to_owned()]);
    context.set("aws:PrincipalTag/team", vec!["red".to_owned()]);
    let key = "aws:PrincipalTag/team";
    assert!(!condition_holds("StringLike", key, &["${aws:username}".to_owned()], &context));
}
