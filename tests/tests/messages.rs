//! What messages about open resources say: one for each call, with every reason, and the reason is where a
//! value comes from, not the last method that it went through.
#![allow(clippy::panic, reason = "a test that finds another number of messages has failed")]

use perm_infer_tests::sandbox::Sandbox;

/// The messages about code that ends in `rest`, after the making of a client.
fn open_resources(rest: &str) -> Vec<String> {
    let start = "const { S3Client, DeleteObjectCommand } = require('@aws-sdk/client-s3');\nconst s3 = new S3Client({});\n";
    let run = Sandbox::new(env!("CARGO_TARGET_TMPDIR")).with("app.js", format!("{start}{rest}")).run(&["."]);
    run.stderr.lines().filter(|line| line.contains("[unresolved-resource]")).map(str::to_owned).collect()
}

#[test]
fn a_parameter_that_is_open_for_several_reasons_is_one_message_with_all_of_them() {
    let messages = open_resources(
        "const axios = require('axios');
const remove = (Bucket) => s3.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
exports.byEvent = async (event) => remove(event.bucket);
exports.byAnswer = async () => remove((await axios.get('x')).data.bucket);
",
    );
    let [message] = messages.as_slice() else { panic!("{messages:#?}") };
    assert!(message.contains("it comes from parameter `event` on line 5"), "{message}");
    assert!(message.contains("; it comes out of `axios`"), "{message}");
}

#[test]
fn elements_of_something_unknown_are_unknown_for_its_reason() {
    let messages = open_resources(
        "exports.handler = async (event) => {
  const keys = event.rows.filter((row) => row.old).map((row) => row.key);
  for (const Key of keys) await s3.send(new DeleteObjectCommand({ Bucket: 'archive', Key }));
};
",
    );
    let [message] = messages.as_slice() else { panic!("{messages:#?}") };
    assert!(message.contains("it comes from parameter `event`"), "{message}");
}
