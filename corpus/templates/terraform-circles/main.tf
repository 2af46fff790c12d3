locals {
  a      = "${local.b}-x"
  b      = local.a
  big0   = ["x", "x", "x", "x", "x", "x", "x", "x", "x", "x"]
  big1   = [for i in range(1000) : local.big0]
  big2   = [for i in range(1000) : local.big1]
  table  = length(local.big2) > 0 ? "items" : "items"
}

resource "aws_lambda_function" "loop" {
  function_name = "loop"
  role          = "arn:aws:iam::123456789012:role/loop"
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"

  environment {
    variables = { TABLE = local.table, OTHER = local.a }
  }
}
