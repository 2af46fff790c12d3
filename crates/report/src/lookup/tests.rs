use super::{lookup, lookup_json};
use crate::test_support::without_style;
use perm_infer_catalog::Catalog;
use serde_json::{Value, json};

fn text(query: &str) -> String {
    without_style(&lookup(&Catalog::embedded().lookup(query)))
}

fn document(query: &str) -> Value {
    serde_json::from_str(&lookup_json(query, &Catalog::embedded().lookup(query))).expect("JSON")
}

#[test]
fn an_operation_is_shown_with_names_needs_and_source() {
    let text = text("dynamodb:Query");
    for line in [
        "dynamodb:Query (Read)",
        "  Python      dynamodb.query",
        "  JavaScript  DynamoDBClient.QueryCommand",
        "              DynamoDB.query",
        "  Go          service/dynamodb.Query",
        "  Java        DynamoDbClient.query",
        "  paginator   query",
        "    only without IndexName",
        "    only with IndexName",
        "      TableName = TableName",
        "      IndexName = IndexName",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(text.contains("  override    "), "{text}");
    assert!(
        text.contains("on table arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"),
        "{text}"
    );
}

#[test]
fn what_needs_nothing_says_why() {
    let text = text("sts:GetCallerIdentity");
    assert!(text.contains("needs no permission") && text.contains("override"), "{text}");
}

#[test]
fn many_operations_are_listed_and_lines_stay_short() {
    let text = text("tag_resource");
    assert!(text.contains("operations; name one to see it in full"), "{text}");
    assert!(text.lines().any(|line| line.trim() == "lambda:TagResource  lambda:TagResource"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
}

#[test]
fn an_action_shows_its_resource_types_and_who_needs_it() {
    let text = text("s3:ListBucket");
    assert!(text.starts_with("s3:ListBucket (List)\n"), "{text}");
    assert!(text.contains("  bucket\n    arn:${Partition}:s3:::${BucketName}\n"), "{text}");
    assert!(text.contains("s3:ListObjectsV2"), "{text}");
}

#[test]
fn the_document_has_the_documented_form() {
    let found = document("s3:PutObject");
    assert_eq!((&found["version"], &found["query"]), (&json!(1), &json!("s3:PutObject")));
    let operation = &found["operations"][0];
    assert_eq!(operation["names"]["java"], "S3Client.putObject");
    assert_eq!(operation["verdict"], "actions");
    assert_eq!(operation["source"]["kind"], "override");
    let plain = &operation["needs"][0];
    let elsewhere = json!({"any_of": ["Bucket"], "test": "ends-with", "value": "--x-s3", "negated": true});
    assert_eq!((&plain["action"], &plain["when"]), (&json!("s3:PutObject"), &json!([elsewhere])));
    let object = &plain["resources"][0];
    assert_eq!(object["arn"], "arn:${Partition}:s3:::${BucketName}/${ObjectName}");
    assert_eq!(object["filled"]["BucketName"], json!({"as": "auto", "first_of": [{"member": "Bucket"}]}));
    let tagging = &operation["needs"][1];
    assert_eq!(
        tagging["when"],
        json!([
            {"any_of": ["Tagging"], "test": "passed", "value": null, "negated": false},
            elsewhere
        ])
    );
    assert_eq!(found["actions"][0]["resources"][0]["type"], "accesspointobject");
}

#[test]
fn keys_and_notes_are_shown() {
    let put = text("s3:PutObject");
    for line in [
        "  kms:GenerateDataKey (Write)",
        "    only with a customer-managed key, for s3:PutObject",
        "      KeyId = SSEKMSKeyId, else the key of the resource (template or --kms)",
        "    only without Bucket that ends with \"--x-s3\"",
    ] {
        assert!(put.lines().any(|found| found == line), "{line}\n{put}");
    }
    let stack = text("cloudformation:CreateStack");
    assert!(stack.lines().any(|line| line.starts_with("  note        ")), "{stack}");
    let stack = document("cloudformation:CreateStack");
    assert_eq!(stack["operations"][0]["notes"][0]["unless"], "RoleARN");
    let put = document("s3:PutObject");
    assert_eq!(put["operations"][0]["keys"][0]["for"], json!(["s3:PutObject"]));
}

#[test]
fn an_unknown_word_is_an_empty_document_with_the_nearest_names() {
    let found = document("put_itme\u{1b}[2J\u{202e}");
    assert_eq!((&found["operations"], &found["actions"]), (&json!([]), &json!([])));
    let text = lookup_json("\u{1b}[2J\u{202e}", &Catalog::embedded().lookup("\u{1b}[2J\u{202e}"));
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
}
