variable "functions_path" {}

data "archive_file" "consumer" {
  type        = "zip"
  source_dir  = "${var.functions_path}/consumer/build/"
  output_path = "consumer.zip"
}

resource "aws_lambda_function" "consume" {
  function_name = "consume"
  role          = "arn:aws:iam::123456789012:role/consume"
  filename      = data.archive_file.consumer.output_path
  handler       = "main.handler"
  runtime       = "python3.13"

  environment {
    variables = map("TABLE", "events")
  }
}

data "archive_file" "clean" {
  type        = "zip"
  source_dir  = "../functions/clean/build"
  output_path = "clean.zip"
}

resource "aws_lambda_function" "clean" {
  function_name = "clean"
  role          = "arn:aws:iam::123456789012:role/consume"
  filename      = data.archive_file.clean.output_path
  handler       = "main.handler"
  runtime       = "python3.13"

  environment {
    variables = { TABLE = "old" }
  }
}
