use super::*;
use crate::matching::matches;
use crate::pattern::Part;

fn pattern(text: &str) -> Pattern {
    let mut pattern = Pattern::default();
    for (position, literal) in text.split('*').enumerate() {
        if position > 0 {
            pattern.push(Part::Any);
        }
        pattern.push_literal(literal);
    }
    pattern
}

fn grant(action: &str, resource: &str) -> Grant {
    Grant { action: action.into(), resource: pattern(resource), conditions: Condition::new() }
}

fn conditional(action: &str, resource: &str, value: &str) -> Grant {
    let keys = [("kms:ViaService".to_owned(), OneOrMany::One(value.to_owned()))];
    let conditions = [("StringEquals".to_owned(), keys.into())].into();
    Grant { conditions, ..grant(action, resource) }
}

/// Each statement as `actions on resources`.
fn shape(grants: &[Grant]) -> Vec<String> {
    let document = build(grants.iter().cloned(), &BuildOptions::default());
    let join = |values: &Option<OneOrMany<String>>| values.as_deref().unwrap_or_default().join(" ");
    document
        .statement
        .iter()
        .map(|statement| format!("{} on {}", join(&statement.action), join(&statement.resource)))
        .collect()
}

#[test]
fn resources_with_the_same_actions_share_a_statement() {
    let grants =
        [grant("x:Get", "arn:b"), grant("x:Put", "arn:a"), grant("x:Get", "arn:a"), grant("x:Put", "arn:b")];
    assert_eq!(shape(&grants), ["x:Get x:Put on arn:a arn:b"]);
}

#[test]
fn each_table_keeps_its_own_actions() {
    let grants = [grant("x:Get", "arn:a"), grant("x:Put", "arn:a"), grant("x:Get", "arn:b")];
    assert_eq!(shape(&grants), ["x:Get x:Put on arn:a", "x:Get on arn:b"]);
}

#[test]
fn actions_with_the_same_resources_are_joined_where_that_is_shorter() {
    let grants = [
        grant("x:Get", "arn:a"),
        grant("x:Get", "arn:b"),
        grant("x:Get", "arn:c"),
        grant("x:Put", "arn:a"),
        grant("x:Put", "arn:b"),
        grant("x:Del", "arn:b"),
        grant("x:Del", "arn:c"),
        grant("x:Top", "arn:b"),
        grant("x:Top", "arn:c"),
    ];
    let expected = ["x:Get x:Put on arn:a", "x:Del x:Get x:Put x:Top on arn:b", "x:Del x:Get x:Top on arn:c"];
    assert_eq!(shape(&grants), expected);
    let one_more = [&grants[..], &[grant("x:Get", "arn:d")]].concat();
    let expected = ["x:Put on arn:a arn:b", "x:Get on arn:a arn:b arn:c arn:d", "x:Del x:Top on arn:b arn:c"];
    assert_eq!(shape(&one_more), expected);
}

#[test]
fn services_and_conditions_are_never_mixed() {
    let grants = [
        grant("s3:GetObject", "*"),
        grant("ec2:DescribeRegions", "*"),
        conditional("kms:Decrypt", "arn:k", "s3"),
        conditional("kms:Encrypt", "arn:k", "sqs"),
    ];
    assert_eq!(
        shape(&grants),
        ["ec2:DescribeRegions on *", "kms:Decrypt on arn:k", "kms:Encrypt on arn:k", "s3:GetObject on *"]
    );
}

#[test]
fn covered_grants_are_dropped() {
    let grants = [
        grant("x:Get", "arn:table/orders"),
        grant("x:Get", "arn:table/*"),
        grant("x:Get", "arn:table/*/index/*"),
        grant("x:Put", "arn:table/orders"),
    ];
    assert_eq!(shape(&grants), ["x:Get on arn:table/*", "x:Put on arn:table/orders"]);
    let star = [grant("x:Get", "arn:table/*"), grant("x:Get", "*"), grant("x:Get", "arn:q")];
    assert_eq!(shape(&star), ["x:Get on *"]);
}

#[test]
fn a_grant_without_conditions_covers_one_with_but_not_the_other_way_round() {
    let narrow = conditional("kms:Decrypt", "arn:k/1", "s3");
    assert_eq!(shape(&[narrow.clone(), grant("kms:Decrypt", "arn:k/*")]), ["kms:Decrypt on arn:k/*"]);
    assert_eq!(shape(&[narrow, grant("kms:Decrypt", "arn:k/1")]), ["kms:Decrypt on arn:k/1"]);
    let wide = conditional("kms:Decrypt", "arn:k/*", "s3");
    assert_eq!(shape(&[wide.clone(), grant("kms:Decrypt", "arn:k/1")]).len(), 2);
    assert_eq!(shape(&[wide, conditional("kms:Decrypt", "arn:k/1", "sqs")]).len(), 2);
}

#[test]
fn patterns_that_say_the_same_are_written_once() {
    let question_first = {
        let mut pattern = Pattern::literal("a");
        pattern.push(Part::AnyChars(1));
        pattern.push(Part::Any);
        pattern
    };
    let star_first = {
        let mut pattern = Pattern::literal("a");
        pattern.push(Part::Any);
        pattern.push(Part::AnyChars(1));
        pattern
    };
    let of = |resource: &Pattern| Grant { resource: resource.clone(), ..grant("x:Get", "") };
    let one_way = shape(&[of(&question_first), of(&star_first)]);
    assert_eq!(one_way.len(), 1);
    assert_eq!(one_way, shape(&[of(&star_first), of(&question_first)]));
}

#[test]
fn literal_wildcards_in_names_do_not_widen() {
    let named = Grant { resource: Pattern::literal("arn:t/*"), ..grant("x:Get", "") };
    let document = build([named, grant("x:Get", "arn:t/orders")], &BuildOptions::default());
    let resources = document.statement[0].resource.as_deref().expect("resources");
    assert_eq!(resources, ["arn:t/${*}", "arn:t/orders"]);
    assert!(!resources.iter().any(|resource| matches(resource, "arn:t/secret")));
}

/// A small generator of pseudo-random numbers; the same on every run.
fn next(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap_or(0) % below
}

fn random_grants(seed: u64) -> Vec<Grant> {
    let state = &mut { seed };
    let resources = ["*", "arn:t/*", "arn:t/a", "arn:t/b", "arn:t/a/*", "arn:u/a", "arn:*/a"];
    let actions = ["x:Get", "x:Put", "x:List", "y:Get"];
    (0..1 + next(state, 12))
        .map(|_| {
            let (action, resource) = (actions[next(state, 4)], resources[next(state, 7)]);
            if next(state, 4) == 0 {
                conditional(action, resource, ["s3", "sqs"][next(state, 2)])
            } else {
                grant(action, resource)
            }
        })
        .collect()
}

#[test]
fn the_order_of_grants_never_matters() {
    for seed in 0..500 {
        let mut grants = random_grants(seed);
        let forward = build(grants.clone(), &BuildOptions::default());
        grants.reverse();
        let repeated = [grants.clone(), grants].concat();
        assert_eq!(forward, build(repeated, &BuildOptions::default()), "seed {seed}");
    }
}

#[test]
fn a_document_allows_exactly_what_its_grants_ask_for() {
    let values = ["arn:t/a", "arn:t/b", "arn:t/a/x", "arn:u/a", "arn:u/b", "arn:t", "other"];
    for seed in 0..500 {
        let grants = random_grants(seed);
        let document = build(grants.clone(), &BuildOptions::default());
        for action in ["x:Get", "x:Put", "x:List", "y:Get"] {
            for value in values {
                for context in [None, Some("s3"), Some("sqs")] {
                    let holds = |condition: &Condition| {
                        let key = condition.get("StringEquals").and_then(|keys| keys.get("kms:ViaService"));
                        key.is_none_or(|wanted| wanted.iter().any(|wanted| context == Some(wanted)))
                    };
                    let asked = grants.iter().any(|grant| {
                        grant.action == action
                            && holds(&grant.conditions)
                            && matches(&grant.resource.to_policy_string(), value)
                    });
                    let allowed = document.statement.iter().any(|statement| {
                        holds(&statement.condition)
                            && statement.action.as_deref().unwrap_or_default().iter().any(|one| one == action)
                            && statement
                                .resource
                                .as_deref()
                                .unwrap_or_default()
                                .iter()
                                .any(|one| matches(one, value))
                    });
                    assert_eq!(asked, allowed, "seed {seed}: {action} on {value} in {context:?}");
                }
            }
        }
    }
}

#[test]
fn every_grant_is_behind_one_statement_that_allows_it() {
    for seed in 0..500 {
        let grants = random_grants(seed);
        let built = build_with_sources(&grants, &BuildOptions::default());
        let mut positions: Vec<usize> = built.grants.concat();
        positions.sort_unstable();
        assert_eq!(positions, (0..grants.len()).collect::<Vec<_>>(), "seed {seed}");
        for (statement, sources) in built.document.statement.iter().zip(&built.grants) {
            for &position in sources {
                assert!(statement.action.as_deref().unwrap_or_default().contains(&grants[position].action));
            }
        }
    }
}

#[test]
fn sids_are_unique_and_building_again_changes_nothing() {
    for seed in 0..500 {
        let document = build(random_grants(seed), &BuildOptions::default());
        let sids: BTreeSet<_> = document.statement.iter().map(|statement| &statement.sid).collect();
        assert_eq!(sids.len(), document.statement.len(), "seed {seed}");
        let again = document.statement.iter().flat_map(|statement| {
            let resources = statement.resource.as_deref().unwrap_or_default();
            let actions = statement.action.as_deref().unwrap_or_default();
            actions.iter().flat_map(move |action| {
                resources.iter().map(move |resource| Grant {
                    conditions: statement.condition.clone(),
                    ..grant(action, resource)
                })
            })
        });
        assert_eq!(document, build(again, &BuildOptions::default()), "seed {seed}");
    }
}

#[test]
fn nothing_gives_a_valid_empty_document() {
    let document = build([], &BuildOptions::default());
    assert_eq!(document.to_json(), "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": []\n}\n");
}

#[test]
fn the_document_of_the_contract_is_written_byte_for_byte() {
    let orders = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders";
    let grants = [
        grant("s3:PutObject", "arn:aws:s3:::reports-bucket/daily/*.csv"),
        grant("dynamodb:PutItem", orders),
        grant("dynamodb:GetItem", orders),
    ];
    let expected = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "DynamodbOrdersTable",
      "Effect": "Allow",
      "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
      "Resource": "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
    },
    {
      "Sid": "S3ReportsObjects",
      "Effect": "Allow",
      "Action": "s3:PutObject",
      "Resource": "arn:aws:s3:::reports-bucket/daily/*.csv"
    }
  ]
}
"#;
    assert_eq!(build(grants, &BuildOptions::default()).to_json(), expected);
}
