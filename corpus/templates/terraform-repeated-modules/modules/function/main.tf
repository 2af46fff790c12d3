variable "name" {}
variable "table" {}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/../../handlers/${var.name}"
  output_path = "${path.module}/${var.name}.zip"
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = "arn:aws:iam::123456789012:role/${var.name}"
  filename      = data.archive_file.code.output_path
  handler       = "app.handler"
  runtime       = "python3.13"

  environment {
    variables = { TABLE = var.table.name }
  }
}
