resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
}

resource "aws_kinesis_stream" "clicks" {
  name = "clicks"
}

resource "aws_sqs_queue" "jobs" {
  name              = "jobs"
  kms_master_key_id = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_sqs_queue" "idle" {
  name = "idle"
}

resource "aws_lambda_function" "consume" {
  function_name = "consume"
  role          = "arn:aws:iam::123456789012:role/consume"
  filename      = "consume.zip"
  handler       = "consume.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.consume.function_name
  function_version = "1"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn  = aws_dynamodb_table.orders.stream_arn
  function_name     = aws_lambda_alias.live.arn
  starting_position = "LATEST"
}

resource "aws_lambda_event_source_mapping" "clicks" {
  event_source_arn  = aws_kinesis_stream.clicks.arn
  function_name     = "consume"
  starting_position = "LATEST"

  destination_config {
    on_failure {
      destination_arn = "arn:aws:sqs:eu-west-1:123456789012:lost"
    }
  }
}

resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.consume.arn
}

resource "aws_lambda_event_source_mapping" "idle" {
  event_source_arn = aws_sqs_queue.idle.arn
  function_name    = aws_lambda_function.consume.arn
  enabled          = false
}

resource "aws_lambda_event_source_mapping" "broker" {
  event_source_arn = "arn:aws:mq:eu-west-1:123456789012:broker:main:b-1234"
  function_name    = aws_lambda_function.consume.arn
  queues           = ["in"]

  source_access_configuration {
    type = "BASIC_AUTH"
    uri  = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mq-AbCdEf"
  }
}

resource "aws_lambda_permission" "push" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.consume.function_name
  principal     = "s3.amazonaws.com"
}
