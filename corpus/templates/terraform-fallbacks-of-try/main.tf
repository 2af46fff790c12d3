variable "source_path" {
  type    = string
  default = null
}

locals {
  module = try(split(".", basename(var.source_path))[0], "notify")
  path   = try(upper(var.source_path), "") == "" ? "${path.module}/functions/notify.py" : var.source_path
}

data "archive_file" "notify" {
  type        = "zip"
  source_file = local.path
  output_path = "notify.zip"
}

resource "aws_lambda_function" "notify" {
  function_name = "notify"
  filename      = data.archive_file.notify.output_path
  handler       = "${local.module}.lambda_handler"
  runtime       = "python3.13"
  role          = "arn:aws:iam::123456789012:role/notify"
}
