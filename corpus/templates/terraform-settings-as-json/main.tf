variable "root" {
  type    = string
  default = "/shop"
}

locals {
  cleanup = {
    path   = "${var.root}/tokens"
    queues = [aws_sqs_queue.jobs.url]
    topics = { alerts = aws_sns_topic.alerts.arn }
    days   = 3
    trial  = false
  }
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_sns_topic" "alerts" {
  name = "alerts"
}

data "archive_file" "clean" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "clean.zip"
}

resource "aws_lambda_function" "clean" {
  function_name = "clean"
  filename      = data.archive_file.clean.output_path
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  role          = "arn:aws:iam::123456789012:role/clean"

  environment {
    variables = {
      CLEANUP = jsonencode(local.cleanup)
    }
  }
}
