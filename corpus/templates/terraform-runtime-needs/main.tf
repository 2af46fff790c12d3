variable "subnets" { default = ["subnet-1"] }
variable "none" { default = [] }

resource "aws_sqs_queue" "failed" {
  name_prefix = "failed-"
}

resource "aws_efs_file_system" "files" {}

resource "aws_efs_access_point" "files" {
  file_system_id = aws_efs_file_system.files.id
}

resource "aws_lambda_function" "batch" {
  function_name = "batch"
  role          = "arn:aws:iam::123456789012:role/batch"
  filename      = "batch.zip"
  handler       = "batch.handler"
  runtime       = "nodejs22.x"
  kms_key_arn   = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  layers        = ["arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:53"]

  environment {
    variables = { MODE = "fast" }
  }

  dynamic "vpc_config" {
    for_each = length(var.subnets) > 0 ? [1] : []
    content {
      subnet_ids         = var.subnets
      security_group_ids = ["sg-1"]
    }
  }

  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }

  tracing_config {
    mode = "Active"
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.batch.name
  }

  file_system_config {
    arn              = aws_efs_access_point.files.arn
    local_mount_path = "/mnt/files"
  }
}

resource "aws_cloudwatch_log_group" "batch" {
  name = "/apps/batch"
}

resource "aws_lambda_function_event_invoke_config" "batch" {
  function_name = aws_lambda_function.batch.function_name
  destination_config {
    on_success {
      destination = "arn:aws:sns:eu-west-1:123456789012:done"
    }
  }
}

resource "aws_lambda_function" "outside" {
  function_name = "outside"
  role          = "arn:aws:iam::123456789012:role/batch"
  filename      = "batch.zip"
  handler       = "batch.handler"
  runtime       = "nodejs22.x"

  vpc_config {
    subnet_ids         = var.none
    security_group_ids = []
  }

  dynamic "tracing_config" {
    for_each = var.none
    content {
      mode = "Active"
    }
  }
}
