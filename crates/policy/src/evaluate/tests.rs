#![allow(clippy::needless_pass_by_value, reason = "cases are written as values")]

use super::{Decision, Layer, Mismatch, Outcome, Policies, Policy, Request, evaluate, nearest};
use crate::Document;
use serde_json::{Value, json};

const APP: &str = "arn:aws:sts::111111111111:assumed-role/app/one";
const ANNA: &str = "arn:aws:iam::111111111111:user/anna";
const OBJECT: &str = "arn:aws:s3:::data/a.csv";

fn policy(statements: Value) -> Policy {
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    Policy::new(&serde_json::from_value::<Document>(document).expect("a policy"))
}

fn identity(statements: Value) -> Policies {
    Policies { identity: vec![policy(statements)], ..Policies::default() }
}

fn resource(statements: Value) -> Policies {
    Policies { resource: Some(policy(statements)), ..Policies::default() }
}

fn get(principal: &str) -> Request {
    Request::new(principal, "s3:GetObject", OBJECT)
}

fn outcome(policies: &Policies, request: &Request) -> Outcome {
    evaluate(policies, request).outcome
}

fn allow_all() -> Value {
    json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}])
}

/// Whether an allowing statement with this condition allows a request with these values.
fn meets(condition: Value, context: &[(&str, &[&str])]) -> bool {
    let mut request = get(APP);
    for (key, values) in context {
        request.context.set(key, values.iter().map(|value| (*value).to_owned()).collect());
    }
    let statement = json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition});
    outcome(&identity(statement), &request) == Outcome::Allowed
}

#[test]
fn the_deciding_statement_is_named() {
    let policies = identity(json!([
        {"Effect": "Allow", "Action": "s3:Put*", "Resource": "*"},
        {"Effect": "Allow", "Action": "s3:get*", "Resource": "arn:aws:s3:::data/*"},
    ]));
    let Decision { outcome, layer, statement } = evaluate(&policies, &get(APP));
    assert_eq!((outcome, layer), (Outcome::Allowed, Layer::Identity));
    assert_eq!(statement.map(|place| (place.policy, place.statement)), Some((0, 1)));
    let denied = Policies {
        session: vec![policy(json!({"Effect": "Deny", "Action": "*", "Resource": "*"}))],
        ..policies
    };
    let decision = evaluate(&denied, &get(APP));
    assert_eq!((decision.outcome, decision.layer), (Outcome::ExplicitlyDenied, Layer::Session));
}

#[test]
fn the_nearest_statement_says_what_keeps_it_from_matching() {
    let near = |statements: Value| {
        let policies = identity(statements);
        let decision = evaluate(&policies, &get(APP));
        nearest(&policies, &get(APP), &decision).map(|near| (near.place.statement, near.mismatch))
    };
    let other = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let bucket = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::data"});
    let office = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}});
    assert_eq!(near(json!([other])), None);
    assert_eq!(near(json!([other, bucket])), Some((1, Mismatch::Resource)));
    let condition = Mismatch::Condition {
        operator: "IpAddress".into(),
        key: "aws:SourceIp".into(),
        wanted: vec!["10.0.0.0/8".into()],
        found: None,
    };
    assert_eq!(near(json!([bucket, office])), Some((1, condition)));
}

/// "Cross-account policy evaluation logic".
#[test]
fn across_accounts_both_sides_have_to_allow() {
    let mut request = get(APP);
    request.resource_account = Some("222222222222".into());
    let grant =
        json!({"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "s3:*", "Resource": "*"});
    let both = Policies { identity: vec![policy(allow_all())], ..resource(grant.clone()) };
    assert_eq!(outcome(&both, &request), Outcome::Allowed);
    assert_eq!(outcome(&identity(allow_all()), &request), Outcome::ImplicitlyDenied);
    assert_eq!(outcome(&resource(grant), &request), Outcome::ImplicitlyDenied);
}

/// "Key policies in AWS KMS": without the key policy, no policy of an identity allows anything.
#[test]
fn keys_and_roles_have_to_allow_it_themselves() {
    let key = Request::new(APP, "kms:Decrypt", "arn:aws:kms:eu-west-1:111111111111:key/1");
    assert_eq!(outcome(&identity(allow_all()), &key), Outcome::ImplicitlyDenied);
    let root = json!({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "kms:*", "Resource": "*"});
    let delegated = Policies { identity: vec![policy(allow_all())], ..resource(root) };
    assert_eq!(outcome(&delegated, &key), Outcome::Allowed);
    let assume = Request::new(ANNA, "sts:AssumeRole", "arn:aws:iam::111111111111:role/admin");
    assert_eq!(outcome(&identity(allow_all()), &assume), Outcome::ImplicitlyDenied);
    let trust = json!({"Effect": "Allow", "Principal": {"AWS": ANNA}, "Action": "sts:AssumeRole"});
    assert_eq!(outcome(&resource(trust), &assume), Outcome::Allowed);
}

#[test]
fn services_are_trusted_by_name() {
    let trust = json!({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"});
    let assume = |service| Request::new(service, "sts:AssumeRole", "arn:aws:iam::111111111111:role/app");
    assert_eq!(outcome(&resource(trust.clone()), &assume("lambda.amazonaws.com")), Outcome::Allowed);
    assert_eq!(outcome(&resource(trust), &assume("ec2.amazonaws.com")), Outcome::ImplicitlyDenied);
}

#[test]
fn every_level_of_an_organisation_has_to_allow() {
    let allow = || vec![policy(allow_all())];
    let s3 = || vec![policy(json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}))];
    let sqs = || vec![policy(json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}))];
    let decide = |service_control| {
        let policies = Policies { service_control, ..identity(allow_all()) };
        let decision = evaluate(&policies, &get(APP));
        (decision.outcome, decision.layer)
    };
    assert_eq!(decide(vec![allow(), s3()]).0, Outcome::Allowed);
    assert_eq!(decide(vec![allow(), sqs()]), (Outcome::ImplicitlyDenied, Layer::ServiceControl(1)));
}

#[test]
fn the_root_user_needs_no_allow_but_heeds_its_organisation() {
    let root = Request::new("111111111111", "s3:GetObject", OBJECT);
    assert_eq!(outcome(&Policies::default(), &root), Outcome::Allowed);
    let deny = vec![vec![policy(json!([{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]))]];
    assert_eq!(
        outcome(&Policies { service_control: deny, ..Policies::default() }, &root),
        Outcome::ImplicitlyDenied
    );
}

// Points on which implementations differ, and what AWS's documentation says.

/// "AWS JSON policy elements: Principal", role session principals: what a resource grants to a session of its own
/// account is not limited by an implicit deny of a permissions boundary or a session policy; what it grants
/// to the role is.
#[test]
fn what_a_resource_grants_to_a_session_is_not_limited_by_boundaries_and_session_policies() {
    let nothing = || vec![policy(json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}))];
    let granted = |principal: Value, request: &Request| {
        let grant = json!({"Effect": "Allow", "Principal": principal, "Action": "s3:*", "Resource": "*"});
        outcome(&Policies { boundary: nothing(), session: nothing(), ..resource(grant) }, request)
    };
    assert_eq!(granted(json!({"AWS": APP}), &get(APP)), Outcome::Allowed);
    assert_eq!(granted(json!("*"), &get(APP)), Outcome::Allowed);
    let role = json!({"AWS": "arn:aws:iam::111111111111:role/app"});
    assert_eq!(granted(role, &get(APP)), Outcome::ImplicitlyDenied);
    assert_eq!(granted(json!({"AWS": "111111111111"}), &get(APP)), Outcome::ImplicitlyDenied);
    let carl = "arn:aws:sts::111111111111:federated-user/carl";
    assert_eq!(granted(json!({"AWS": carl}), &get(carl)), Outcome::Allowed);
}

/// "AWS JSON policy elements: NotPrincipal": a statement that denies all but Bob lists Bob and his account; the
/// account in the list does not let its other users through. A session is listed with its role.
#[test]
fn not_principal_with_deny_lets_only_those_through_who_are_listed() {
    let excluding = |names: Value| {
        let deny = json!({"Effect": "Deny", "NotPrincipal": {"AWS": names}, "Action": "*", "Resource": "*"});
        Policies { identity: vec![policy(allow_all())], ..resource(deny) }
    };
    let bob = "arn:aws:iam::111111111111:user/Bob";
    let root = "arn:aws:iam::111111111111:root";
    let policies = excluding(json!([bob, root]));
    assert_eq!(outcome(&policies, &get(bob)), Outcome::Allowed);
    assert_eq!(outcome(&policies, &get(ANNA)), Outcome::ExplicitlyDenied);
    let role = "arn:aws:iam::111111111111:role/app";
    assert_eq!(outcome(&excluding(json!([APP, role, root])), &get(APP)), Outcome::Allowed);
    assert_eq!(outcome(&excluding(json!([role, root])), &get(APP)), Outcome::ExplicitlyDenied);
}

/// "Permissions boundaries for IAM entities": `NotPrincipal` with `Deny` denies every principal with a boundary.
#[test]
fn not_principal_denies_whoever_has_a_boundary() {
    let names = json!([ANNA, "arn:aws:iam::111111111111:root"]);
    let deny = json!({"Effect": "Deny", "NotPrincipal": {"AWS": names}, "Action": "*", "Resource": "*"});
    let policies = Policies { identity: vec![policy(allow_all())], ..resource(deny) };
    assert_eq!(outcome(&policies, &get(ANNA)), Outcome::Allowed);
    let bounded = Policies { boundary: vec![policy(allow_all())], ..policies };
    assert_eq!(outcome(&bounded, &get(ANNA)), Outcome::ExplicitlyDenied);
}

/// "IAM JSON policy elements: Condition operators", IP address condition operators: `NotIpAddress` means all
/// addresses except the specified ones, so also those of the other family.
#[test]
fn an_address_of_the_other_family_is_outside_of_a_range() {
    let outside = json!({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}});
    assert!(meets(outside.clone(), &[("aws:SourceIp", &["2001:db8::1"])]));
    assert!(!meets(outside, &[("aws:SourceIp", &["203.0.113.9"])]));
}

/// "IAM policy elements: Variables and tags", policy variables with no value: inverted operators match a
/// value that is effectively null, since nothing is equal to or like it.
#[test]
fn a_variable_without_value_is_like_nothing() {
    let team = &[("aws:PrincipalTag/team", ["red"].as_slice())];
    assert!(!meets(json!({"StringEquals": {"aws:PrincipalTag/team": "${aws:userid}"}}), team));
    assert!(meets(json!({"StringNotEquals": {"aws:PrincipalTag/team": "${aws:userid}"}}), team));
    assert!(meets(json!({"StringEquals": {"aws:PrincipalTag/team": "${aws:userid, 'red'}"}}), team));
    let several = &[("aws:TagKeys", ["a", "b"].as_slice()), ("aws:PrincipalTag/team", &["a"])];
    assert!(!meets(json!({"StringEquals": {"aws:PrincipalTag/team": "${aws:TagKeys}"}}), several));
}

/// "IAM policy elements: Variables and tags", note: a variable that cannot be resolved makes the statement invalid.
#[test]
fn a_resource_left_out_by_a_variable_without_value_leaves_out_everything() {
    let policies =
        identity(json!({"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::${aws:userid}/*"}));
    assert_eq!(outcome(&policies, &get(APP)), Outcome::ImplicitlyDenied);
}

/// "IAM JSON policy elements: Version": policy variables need version 2012-10-17, before they are text.
#[test]
fn variables_of_old_policies_are_text() {
    let document = json!({"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::data/${aws:username}"}});
    let old = Policy::new(&serde_json::from_value(document).expect("a policy"));
    let policies = Policies { identity: vec![old], ..Policies::default() };
    let put = |resource| outcome(&policies, &Request::new(ANNA, "s3:PutObject", resource));
    assert_eq!(put("arn:aws:s3:::data/anna"), Outcome::ImplicitlyDenied);
    assert_eq!(put("arn:aws:s3:::data/${aws:username}"), Outcome::Allowed);
}

/// "IAM JSON policy elements: Condition operators", ...IfExists: if the key is not present, the condition is
/// true, whatever the rest of the operator.
#[test]
fn if_exists_holds_without_the_key_for_any_value_too() {
    assert!(meets(json!({"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "cost"}}), &[]));
    assert!(!meets(json!({"ForAnyValue:StringEquals": {"aws:TagKeys": "cost"}}), &[]));
    assert!(meets(json!({"ForAllValues:StringEquals": {"aws:TagKeys": "cost"}}), &[]));
}

/// "IAM policy elements: Variables and tags", special characters: `${?}` is a question mark in every operator.
#[test]
fn escapes_are_their_characters_in_every_operator() {
    let team = &[("aws:PrincipalTag/team", ["R?d"].as_slice())];
    assert!(meets(json!({"StringEquals": {"aws:PrincipalTag/team": "R${?}d"}}), team));
    assert!(meets(json!({"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": "r${?}D"}}), team));
    assert!(meets(json!({"StringLike": {"aws:PrincipalTag/team": "R${?}*"}}), team));
    assert!(!meets(json!({"StringLike": {"aws:PrincipalTag/team": "R${*}d"}}), team));
}

/// "IAM JSON policy elements: Resource": a `*` at the end of a segment can expand beyond the colon.
#[test]
fn a_star_at_the_end_of_a_segment_goes_beyond_it() {
    let policies =
        identity(json!({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:sqs:eu-west-1:1111*"}));
    let send = Request::new(APP, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111111111111:jobs");
    assert_eq!(outcome(&policies, &send), Outcome::Allowed);
}

// Operators beyond what the generated cases have.

#[test]
fn operators_compare_as_documented() {
    let age = |values| [("aws:MultiFactorAuthAge", values)];
    for (condition, context, expected) in [
        (json!({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}), age(&["1e3"] as &[&str]), true),
        (
            json!({"NumericEquals": {"aws:MultiFactorAuthAge": "9007199254740993"}}),
            age(&["9007199254740992"]),
            false,
        ),
        (json!({"NumericEquals": {"aws:MultiFactorAuthAge": "ten"}}), age(&["ten"]), false),
        (json!({"NumericLessThan": {"aws:MultiFactorAuthAge": 10}}), age(&["inf"]), false),
        (json!({"BinaryEquals": {"aws:MultiFactorAuthAge": "QmluYXJ5"}}), age(&["QmluYXJ5"]), true),
        (json!({"BinaryEquals": {"aws:MultiFactorAuthAge": "QmluYXJ5"}}), age(&["qmluyxj5"]), false),
        (json!({"Bool": {"aws:MultiFactorAuthAge": true}}), age(&["TRUE"]), true),
        (json!({"stringequals": {"AWS:multifactorauthage": "a"}}), age(&["a"]), true),
        (json!({"Null": {"aws:MultiFactorAuthAge": "true"}}), age(&[]), true),
        (json!({"Null": {"aws:MultiFactorAuthAge": "false"}}), age(&["x"]), true),
        (json!({"StringEquals": {"aws:MultiFactorAuthAge": ["a", "b"]}}), age(&["a", "b"]), false),
        (json!({"StringNotEquals": {"aws:MultiFactorAuthAge": "c"}}), age(&["a", "b"]), false),
        (json!({"NoSuchOperator": {"aws:MultiFactorAuthAge": "a"}}), age(&["a"]), false),
        (
            json!({"ArnLike": {"aws:MultiFactorAuthAge": "arn:aws:sns:*:*:n*"}}),
            age(&["arn:aws:sns:r:1:n:m"]),
            true,
        ),
        (json!({"ArnLike": {"aws:MultiFactorAuthAge": "arn:aws:sns:*"}}), age(&["arn:aws:sns:r:1:n"]), false),
    ] {
        assert_eq!(meets(condition.clone(), &context), expected, "{condition} {context:?}");
    }
}

#[test]
fn odd_principals_and_requests_are_nobody_and_nothing() {
    for principal in ["", "x", "arn:", "arn:aws:iam::1:", "*", "arn:aws:sts::1:assumed-role", "\u{0}"] {
        assert_eq!(
            outcome(&identity(allow_all()), &get(principal)) == Outcome::Allowed,
            principal.starts_with("arn:aws")
        );
    }
}

/// "Control access to VPC endpoints using endpoint policies".
#[test]
fn the_policy_of_an_endpoint_limits_and_grants_nothing() {
    let all = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    let other =
        json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "arn:aws:s3:::other/*"});
    let deny = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"});
    for (identity_statement, endpoint_statement, expected) in [
        (allow_all(), all.clone(), (Outcome::Allowed, Layer::Identity)),
        (allow_all(), other, (Outcome::ImplicitlyDenied, Layer::Endpoint)),
        (allow_all(), deny, (Outcome::ExplicitlyDenied, Layer::Endpoint)),
    ] {
        let policies =
            Policies { endpoint: Some(policy(endpoint_statement)), ..identity(identity_statement) };
        let decision = evaluate(&policies, &get(APP));
        assert_eq!((decision.outcome, decision.layer), expected);
    }
    let alone = Policies { endpoint: Some(policy(all)), ..Policies::default() };
    assert_eq!(outcome(&alone, &get(APP)), Outcome::ImplicitlyDenied);
}

/// "Service control policies (SCPs)": they affect neither the management account nor service-linked roles. "Resource control
/// policies (RCPs)": they affect no resource of the management account and no service-linked role. "Permissions boundaries
/// for IAM entities": boundaries are for users and roles, and `PutRolePermissionsBoundary` sets none for a service-linked
/// role.
#[test]
fn organisations_limit_neither_their_management_account_nor_service_linked_roles() {
    const LINKED: &str =
        "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
    const SESSION: &str = "arn:aws:sts::111111111111:assumed-role/AWSServiceRoleForECS/one";
    let sqs = || vec![policy(json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}))];
    let deny = || vec![policy(json!({"Effect": "Deny", "Action": "*", "Resource": "*"}))];
    let refuse =
        || vec![policy(json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}))];
    let services = |level| Policies { service_control: vec![level], ..identity(allow_all()) };
    let resources = || Policies { resource_control: vec![refuse()], ..identity(allow_all()) };
    let bounded = || Policies { boundary: sqs(), ..identity(allow_all()) };
    let managed_by =
        |policies: Policies, account: &str| Policies { management_account: Some(account.into()), ..policies };
    let mut elsewhere = get(APP);
    elsewhere.resource_account = Some("222222222222".into());
    let grant = json!({"Effect": "Allow", "Principal": {"AWS": APP}, "Action": "s3:*", "Resource": "*"});
    let across = || Policies { resource: Some(policy(grant.clone())), ..resources() };
    use Outcome::{Allowed, ExplicitlyDenied, ImplicitlyDenied};
    for (what, policies, request, expected) in [
        ("an account", services(sqs()), get(APP), ImplicitlyDenied),
        ("another account", managed_by(services(sqs()), "222222222222"), get(APP), ImplicitlyDenied),
        ("management", managed_by(services(sqs()), "111111111111"), get(APP), Allowed),
        ("management", managed_by(services(deny()), "111111111111"), get(APP), Allowed),
        ("root of management", managed_by(services(deny()), "111111111111"), get("111111111111"), Allowed),
        ("service-linked", services(sqs()), get(LINKED), Allowed),
        ("service-linked", services(deny()), get(SESSION), Allowed),
        ("a bucket", resources(), get(APP), ExplicitlyDenied),
        ("a bucket of management", managed_by(resources(), "111111111111"), get(APP), Allowed),
        ("a bucket for a service-linked role", resources(), get(LINKED), Allowed),
        // The owner of the resource counts, not who asks.
        ("across", managed_by(across(), "111111111111"), elsewhere.clone(), ExplicitlyDenied),
        ("across", managed_by(across(), "222222222222"), elsewhere, Allowed),
        ("a boundary", bounded(), get(APP), ImplicitlyDenied),
        ("a boundary of a service-linked role", bounded(), get(LINKED), Allowed),
    ] {
        assert_eq!(outcome(&policies, &request), expected, "{what} {:?}", request.principal);
    }
}

/// `GetFederationToken` in the API Reference of AWS STS: the permissions are the intersection of the user's policies and
/// the session policies, none without a session policy, and what a resource gives to the session by name.
#[test]
fn a_federated_user_has_what_its_session_policies_let_through() {
    const CARL: &str = "arn:aws:sts::111111111111:federated-user/carl";
    let decide = |policies: Policies| {
        let decision = evaluate(&policies, &get(CARL));
        (decision.outcome, decision.layer)
    };
    let session = |statement: Value| Policies { session: vec![policy(statement)], ..identity(allow_all()) };
    assert_eq!(decide(identity(allow_all())), (Outcome::ImplicitlyDenied, Layer::Session));
    assert_eq!(decide(session(allow_all())), (Outcome::Allowed, Layer::Identity));
    let other = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    assert_eq!(decide(session(other)), (Outcome::ImplicitlyDenied, Layer::Session));
    let alone = Policies { session: vec![policy(allow_all())], ..Policies::default() };
    assert_eq!(decide(alone), (Outcome::ImplicitlyDenied, Layer::Identity));
    let grant = |principal: &str| {
        resource(
            json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "s3:*", "Resource": "*"}),
        )
    };
    assert_eq!(decide(grant(CARL)), (Outcome::Allowed, Layer::Resource));
    // The account leaves it to the policies of the user.
    assert_eq!(decide(grant("111111111111")), (Outcome::ImplicitlyDenied, Layer::Session));
}
