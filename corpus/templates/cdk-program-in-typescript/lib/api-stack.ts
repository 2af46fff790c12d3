import * as path from "path";
import { Duration, Stack, StackProps } from "aws-cdk-lib";
import { Table } from "aws-cdk-lib/aws-dynamodb";
import { Code, Function, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { NodejsFunction } from "aws-cdk-lib/aws-lambda-nodejs";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

interface ApiProps extends StackProps {
  table: Table;
  stage: string;
}

export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id, props);
    const queue = new Queue(this, "Jobs", { visibilityTimeout: Duration.seconds(30) });
    const topic = new Topic(this, "Done", { topicName: `done-${props.stage}` });
    const files = Bucket.fromBucketName(this, "Files", "all-files");

    const save = new NodejsFunction(this, "Save", {
      entry: path.join(__dirname, "..", "src", "save.ts"),
      handler: "run",
      tracing: Tracing.ACTIVE,
      environment: { TABLE: props.table.tableName, QUEUE_URL: queue.queueUrl },
    });
    props.table.grantWriteData(save);

    const work = new Function(this, "Work", {
      runtime: Runtime.PYTHON_3_13,
      code: Code.fromAsset("work"),
      handler: "app.handler",
      environment: { BUCKET: files.bucketName },
    });
    work.addEnvironment("TOPIC", topic.topicArn);
    work.addEventSource(new SqsEventSource(queue, { batchSize: 5 }));
  }
}
