locals {
  settings = {
    dev  = { table = "orders-dev" }
    prod = { table = "orders" }
  }
}

resource "aws_lambda_function" "save" {
  function_name = "save"
  role          = "arn:aws:iam::123456789012:role/save"
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"

  environment {
    variables = { TABLE = local.settings[terraform.workspace].table }
  }
}
