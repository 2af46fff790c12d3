//! What classes of constructs make: the resource type, the property with the name, what attributes give.
//!
//! Source: the reference of `aws-cdk-lib`.

use super::{Program, Tree, call, entry, list, nested, scalar, unknown};
use crate::tree::{Entry, Mark, Node};

/// One class.
pub(super) struct Class {
    /// Its names: `dynamodb.Table`.
    names: &'static [&'static str],
    pub(super) cloudformation: &'static str,
    /// The property of the construct with the name and that of the resource; empty where AWS makes an id.
    name: (&'static str, &'static str),
    /// Attributes that give what `Ref` gives.
    references: &'static [&'static str],
    /// Attributes and what `Fn::GetAtt` gives them by.
    attributes: &'static [(&'static str, &'static str)],
    /// Where the key goes, for a construct that is encrypted with one of the customer.
    key: &'static [&'static str],
}

const FUNCTION_ATTRIBUTES: &[(&str, &str)] = &[("functionArn", "Arn")];

const CLASSES: &[Class] = &[
    Class {
        names: &["dynamodb.Table", "dynamodb.TableV2", "dynamodb.CfnTable"],
        cloudformation: "AWS::DynamoDB::Table",
        name: ("tableName", "TableName"),
        references: &["tableName", "ref"],
        attributes: &[("tableArn", "Arn"), ("attrArn", "Arn"), ("tableStreamArn", "StreamArn")],
        key: &["SSESpecification", "KMSMasterKeyId"],
    },
    Class {
        names: &["s3.Bucket", "s3.CfnBucket"],
        cloudformation: "AWS::S3::Bucket",
        name: ("bucketName", "BucketName"),
        references: &["bucketName", "ref"],
        attributes: &[
            ("bucketArn", "Arn"),
            ("attrArn", "Arn"),
            ("bucketDomainName", "DomainName"),
            ("bucketRegionalDomainName", "RegionalDomainName"),
        ],
        key: &[],
    },
    Class {
        names: &["sqs.Queue", "sqs.CfnQueue"],
        cloudformation: "AWS::SQS::Queue",
        name: ("queueName", "QueueName"),
        references: &["queueUrl", "ref"],
        attributes: &[("queueArn", "Arn"), ("attrArn", "Arn"), ("queueName", "QueueName")],
        key: &["KmsMasterKeyId"],
    },
    Class {
        names: &["sns.Topic", "sns.CfnTopic"],
        cloudformation: "AWS::SNS::Topic",
        name: ("topicName", "TopicName"),
        references: &["topicArn", "ref"],
        attributes: &[("topicName", "TopicName")],
        key: &["KmsMasterKeyId"],
    },
    Class {
        names: &["secretsmanager.Secret", "secretsmanager.CfnSecret"],
        cloudformation: "AWS::SecretsManager::Secret",
        name: ("secretName", "Name"),
        references: &["secretArn", "secretFullArn", "ref"],
        attributes: &[("secretName", "Name")],
        key: &["KmsKeyId"],
    },
    Class {
        names: &["ssm.StringParameter", "ssm.StringListParameter"],
        cloudformation: "AWS::SSM::Parameter",
        name: ("parameterName", "Name"),
        references: &["parameterName"],
        attributes: &[("parameterArn", "Arn")],
        key: &[],
    },
    Class {
        names: &["kinesis.Stream"],
        cloudformation: "AWS::Kinesis::Stream",
        name: ("streamName", "Name"),
        references: &["streamName"],
        attributes: &[("streamArn", "Arn")],
        key: &["StreamEncryption", "KeyId"],
    },
    Class {
        names: &["kinesisfirehose.DeliveryStream", "kinesisfirehose.CfnDeliveryStream"],
        cloudformation: "AWS::KinesisFirehose::DeliveryStream",
        name: ("deliveryStreamName", "DeliveryStreamName"),
        references: &["deliveryStreamName", "ref"],
        attributes: &[("deliveryStreamArn", "Arn"), ("attrArn", "Arn")],
        key: &[],
    },
    Class {
        names: &["events.EventBus"],
        cloudformation: "AWS::Events::EventBus",
        name: ("eventBusName", "Name"),
        references: &["eventBusName"],
        attributes: &[("eventBusArn", "Arn")],
        key: &[],
    },
    Class {
        names: &["stepfunctions.StateMachine"],
        cloudformation: "AWS::StepFunctions::StateMachine",
        name: ("stateMachineName", "StateMachineName"),
        references: &["stateMachineArn"],
        attributes: &[("stateMachineName", "Name")],
        key: &[],
    },
    Class {
        names: &["kms.Key"],
        cloudformation: "AWS::KMS::Key",
        name: ("", ""),
        references: &["keyId"],
        attributes: &[("keyArn", "Arn")],
        key: &[],
    },
    Class {
        names: &["cognito.UserPool", "cognito.CfnUserPool"],
        cloudformation: "AWS::Cognito::UserPool",
        name: ("", ""),
        references: &["userPoolId", "ref"],
        attributes: &[("userPoolArn", "Arn")],
        key: &[],
    },
    Class {
        names: &["rds.DatabaseCluster", "rds.ServerlessCluster"],
        cloudformation: "AWS::RDS::DBCluster",
        name: ("clusterIdentifier", "DBClusterIdentifier"),
        references: &["clusterIdentifier"],
        attributes: &[("clusterArn", "DBClusterArn")],
        key: &[],
    },
    Class {
        names: &["ecs.Cluster"],
        cloudformation: "AWS::ECS::Cluster",
        name: ("clusterName", "ClusterName"),
        references: &["clusterName"],
        attributes: &[("clusterArn", "Arn")],
        key: &[],
    },
    Class {
        names: &[
            "lambda.Function",
            "lambda.SingletonFunction",
            "lambda.DockerImageFunction",
            "lambda-nodejs.NodejsFunction",
            "lambda-python-alpha.PythonFunction",
            "lambda-python.PythonFunction",
        ],
        cloudformation: "AWS::Serverless::Function",
        name: ("functionName", "FunctionName"),
        references: &["functionName"],
        attributes: FUNCTION_ATTRIBUTES,
        key: &[],
    },
];

/// What is known of a class, or of one that was looked up: `dynamodb.Table.fromTableName`.
pub(super) fn find(operation: &str) -> Option<&'static Class> {
    let class = operation.split_once(".from").map_or(operation, |(class, _)| class);
    CLASSES.iter().find(|known| known.names.contains(&class))
}

impl Class {
    /// What an attribute gives.
    pub(super) fn attribute(&self, attribute: &str, id: &str, at: Mark) -> Option<Node> {
        if self.references.contains(&attribute) || attribute.is_empty() {
            return Some(call("Ref", scalar(id, at)));
        }
        let (_, name) = self.attributes.iter().find(|(name, _)| *name == attribute)?;
        Some(call("Fn::GetAtt", list(at, vec![scalar(id, at), scalar(name, at)])))
    }
}

impl Program {
    /// The name and the key of a resource.
    pub(super) fn named(&mut self, position: usize, known: &Class) -> Vec<Entry> {
        let at = self.made[position].at;
        let mut properties = Vec::new();
        if !known.name.0.is_empty() {
            properties.push(entry(known.name.1, self.name(position, known, at)));
        }
        let stated = &self.made[position].properties;
        let key = stated.get("encryptionKey").or_else(|| stated.get("masterKey")).cloned();
        if let Some(token) = key.as_ref().and_then(Tree::token)
            && !known.key.is_empty()
            && let Some(&key) = self.ids.get(&token)
        {
            let arn = super::resources::find("kms.Key")
                .and_then(|class| class.attribute("keyArn", &self.made[key].id, at));
            properties.extend(arn.map(|arn| nested(known.key, arn)));
        }
        properties
    }

    /// The name as given, or one that has the id of the construct in it, as CloudFormation makes it from
    /// the logical id, which CDK makes from the ids of the constructs around.
    fn name(&mut self, position: usize, known: &Class, at: Mark) -> Node {
        let made = &self.made[position];
        if let Some((_, how)) = made.operation.split_once(".from") {
            let given = made.arguments.first().cloned();
            let attributes = made.properties.get(known.name.0).cloned();
            let given = if how.ends_with("Attributes") { attributes } else { given };
            return match given {
                Some(name) if !how.ends_with("Arn") && !how.ends_with("Url") => self.node(&name, at),
                Some(arn) => arn
                    .text()
                    .and_then(|arn| last(&arn))
                    .map_or_else(|| unknown(at), |name| scalar(&name, at)),
                None => unknown(at),
            };
        }
        if let Some(name) = made.properties.get(known.name.0).cloned()
            && name != Tree::Null
        {
            return self.node(&name, at);
        }
        let Some(part) = made.part_of_name.clone() else { return unknown(at) };
        let is_lower = ["AWS::S3::Bucket", "AWS::RDS::DBCluster"].contains(&known.cloudformation);
        let part = if is_lower { part.to_lowercase() } else { part };
        // A long name is cut, so that only its start is certain.
        let part: String = part.chars().take(ALWAYS_KEPT).collect();
        let parts = vec![unknown(at), scalar(&part, at), unknown(at)];
        call("Fn::Join", list(at, vec![scalar("", at), list(at, parts)]))
    }
}

/// Characters of an id that are always kept in a name.
const ALWAYS_KEPT: usize = 12;

/// What follows the last `:` or `/` of an ARN or URL.
fn last(text: &str) -> Option<String> {
    let last = text.rsplit([':', '/']).next()?;
    (!last.is_empty() && !last.contains(['$', ']'])).then(|| last.to_owned())
}
