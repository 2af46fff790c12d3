variable "table" {}
variable "stream" {}

data "archive_file" "code" {
  type        = "zip"
  source_file = "${path.module}/src/worker.py"
  output_path = "/tmp/worker.zip"
}

resource "aws_lambda_function" "worker" {
  function_name    = "worker"
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "worker.run"
  runtime          = "python3.13"
  role             = "arn:aws:iam::123456789012:role/worker"
  environment {
    variables = { TABLE = var.table }
  }
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
  tracing_config {
    mode = "Active"
  }
  dead_letter_config {
    target_arn = aws_sqs_queue.failed.arn
  }
}

resource "aws_sqs_queue" "failed" {
  name = "failed"
}

resource "aws_lambda_event_source_mapping" "changes" {
  event_source_arn = var.stream
  function_name    = aws_lambda_function.worker.function_name
}
