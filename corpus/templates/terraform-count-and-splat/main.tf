variable "shards" { default = 3 }
variable "with_debug" { default = false }
variable "with_topic" { default = true }

resource "aws_sqs_queue" "shard" {
  count = var.shards
  name  = "shard-${count.index}"
}

resource "aws_sns_topic" "sent" {
  count = var.with_topic ? 1 : 0
  name  = "sent"
}

resource "aws_lambda_function" "send" {
  function_name    = "send"
  role             = "arn:aws:iam::123456789012:role/send"
  filename         = "${path.module}/send.zip"
  handler          = "send.handler"
  runtime          = "nodejs22.x"

  environment {
    variables = {
      SECOND = aws_sqs_queue.shard[1].url
      LAST   = element(aws_sqs_queue.shard[*].id, var.shards - 1)
      TOPIC  = one(aws_sns_topic.sent[*].arn)
    }
  }
}

resource "aws_lambda_function" "debug" {
  count         = var.with_debug ? 1 : 0
  function_name = "debug"
  role          = "arn:aws:iam::123456789012:role/send"
  filename      = "${path.module}/send.zip"
  handler       = "send.handler"
  runtime       = "nodejs22.x"
}
