variable "table_arn" {
  default = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
}

locals {
  table  = regex("table/([a-z]+)$", var.table_arn)[0]
  parts  = regex("^(?P<service>[^-]+)-(?P<stage>\\w+)", "shop-prod-eu")
  queues = regexall("[a-z]+-queue", "a jobs-queue and a mails-queue")
  bucket = replace("my_report_bucket", "/_+/", "-")
  none   = try(regex("x", "y"), "fallback")
}

# The handler is text in the configuration.
data "archive_file" "text" {
  type        = "zip"
  output_path = "build/text.zip"

  source {
    filename = "README.md"
    content  = "not code"
  }

  source {
    filename = "index.py"
    content  = <<-EOF
      import os

      import boto3


      def handler(event, context):
          boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item={})
    EOF
  }
}

resource "aws_lambda_function" "text" {
  function_name    = "text-${local.parts.stage}"
  role             = "arn:aws:iam::123456789012:role/text"
  runtime          = "python3.13"
  handler          = "index.handler"
  filename         = data.archive_file.text.output_path
  source_code_hash = data.archive_file.text.output_base64sha256

  environment {
    variables = { TABLE = local.table }
  }
}

# And here the only content.
data "archive_file" "file" {
  type                    = "zip"
  output_path             = "build/file.zip"
  source_content          = <<-EOF
    import os

    import boto3


    def handler(event, context):
        boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="a", Body=b"")
        boto3.client("sqs").get_queue_url(QueueName=os.environ["QUEUE"])
  EOF
  source_content_filename = "report.py"
}

resource "aws_lambda_function" "file" {
  function_name = "file-${local.none}"
  role          = "arn:aws:iam::123456789012:role/file"
  runtime       = "python3.13"
  handler       = "report.handler"
  filename      = data.archive_file.file.output_path

  environment {
    variables = { BUCKET = local.bucket, QUEUE = local.queues[1] }
  }
}
