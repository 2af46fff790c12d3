variable "names" { type = map(string) }
variable "stage" { type = string }

resource "aws_lambda_function" "save" {
  function_name = "save-${var.stage}"
  role          = "arn:aws:iam::123456789012:role/save"
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"

  environment {
    variables = { TABLE = "${var.stage}-${var.names.table}" }
  }
}
