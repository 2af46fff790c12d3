data "archive_file" "dist" {
  type        = "zip"
  source_dir  = "${path.module}/dist"
  output_path = "${path.module}/dist.zip"
}

resource "aws_lambda_function" "clean" {
  function_name = "clean"
  role          = "arn:aws:iam::123456789012:role/clean"
  filename      = data.archive_file.dist.output_path
  handler       = "handlers/clean.handler"
  runtime       = "nodejs22.x"

  environment {
    variables = { BUCKET = "files" }
  }
}
