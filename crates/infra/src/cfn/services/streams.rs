//! Delivery streams of Amazon Data Firehose that write to Amazon S3.
//!
//! Source: "Grant Firehose access to an Amazon S3 destination" in the Amazon Data Firehose Developer Guide.

use perm_infer_policy::{Part, Pattern};

use super::{Reader, named, objects};
use crate::cfn::needs::Found;
use crate::cfn::pseudo::arn;
use crate::model::{Limit, Need};
use crate::value::Value;

const BUCKET: &[&str] = &["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"];

const OBJECTS: &[&str] = &["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"];

const SOURCE: &[&str] =
    &["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"];

impl Reader<'_> {
    /// A delivery stream.
    pub(super) fn delivery_stream(
        &mut self,
        stream: &Value,
        found: &mut Found,
    ) -> Option<&'static [&'static str]> {
        if let Some(source) = stream.at_path(&["KinesisStreamSourceConfiguration", "KinesisStreamARN"]) {
            let what = "the source of the delivery stream";
            let arns = self.arns_in(source, "kinesis:R:A:stream/*", what);
            self.add(found, SOURCE, &arns, source.at, what);
        }
        let mut role: Option<&'static [&'static str]> = None;
        for (kind, destination) in stream.entries() {
            match kind.as_str() {
                "ExtendedS3DestinationConfiguration" => {
                    role = Some(&["ExtendedS3DestinationConfiguration", "RoleARN"]);
                }
                "S3DestinationConfiguration" => role = Some(&["S3DestinationConfiguration", "RoleARN"]),
                other if other.ends_with("DestinationConfiguration") => {
                    let message = format!(
                        "what writing to {} takes is not known",
                        other.trim_end_matches("DestinationConfiguration")
                    );
                    let remedy =
                        "add what the Amazon Data Firehose Developer Guide says for this destination";
                    self.warn("unknown-permission", destination.at, message, remedy);
                    continue;
                }
                _ => continue,
            }
            self.bucket_destination(destination, found);
        }
        role
    }

    fn bucket_destination(&mut self, destination: &Value, found: &mut Found) {
        let what = "the delivery stream writes to the bucket";
        if let Some(bucket) = destination.get("BucketARN") {
            let buckets = self.arns_in(bucket, "s3:::*", "the bucket of the delivery stream");
            self.add(found, BUCKET, &buckets, bucket.at, what);
            // Records that fail go below a prefix of their own.
            let all: Vec<Pattern> = buckets.iter().map(|bucket| objects(bucket, None)).collect();
            self.add(found, OBJECTS, &all, bucket.at, what);
        }
        if let Some(key) =
            destination.at_path(&["EncryptionConfiguration", "KMSEncryptionConfig", "AWSKMSKeyARN"])
        {
            for resource in named(key, "kms:R:A:key/{}") {
                for action in ["kms:Decrypt", "kms:GenerateDataKey"] {
                    found.needs.push(Need {
                        action,
                        resource: resource.clone(),
                        limits: vec![Limit::Via("s3")],
                        location: Some(self.location(key.at)),
                        reason: "the delivery stream encrypts what it writes with the key".to_owned(),
                        open: None,
                    });
                }
            }
        }
        if let Some(options) = destination.get("CloudWatchLoggingOptions")
            && options.get("Enabled").and_then(Value::text) == Some("true")
        {
            let name = |name: &str| match options.get(name).map(Value::texts) {
                Some([only]) => only.clone(),
                _ => Pattern::any(),
            };
            let mut log = arn("logs:R:A:log-group:{}:log-stream:", &name("LogGroupName"));
            log.push_pattern(&name("LogStreamName"));
            self.add(found, &["logs:PutLogEvents"], &[log], options.at, "the delivery stream logs errors");
        }
        let processors = destination.at_path(&["ProcessingConfiguration", "Processors"]).map(Value::items);
        for parameter in
            processors.unwrap_or_default().iter().filter_map(|processor| processor.get("Parameters"))
        {
            for parameter in parameter.items() {
                if parameter.get("ParameterName").and_then(Value::text) == Some("LambdaArn")
                    && let Some(function) = parameter.get("ParameterValue")
                {
                    self.transformation(function, found);
                }
            }
        }
    }

    /// The function that changes records; any version of it may be named.
    fn transformation(&mut self, function: &Value, found: &mut Found) {
        let what = "the function that changes the records of the delivery stream";
        let arns = self.arns_in(function, "lambda:R:A:function:*", what);
        self.add(
            found,
            &["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
            &arns,
            function.at,
            what,
        );
        let latest: Vec<Pattern> = arns
            .iter()
            .filter(|arn| arn.parts().last() != Some(&Part::Any))
            .map(|arn| {
                let mut latest = arn.clone();
                latest.push_literal(":$LATEST");
                latest
            })
            .collect();
        self.add(
            found,
            &["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
            &latest,
            function.at,
            what,
        );
    }
}
