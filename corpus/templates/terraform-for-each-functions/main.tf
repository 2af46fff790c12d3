variable "stage" { default = "dev" }

locals {
  functions = {
    orders = { handler = "orders.handler", memory = 256 }
    users  = { handler = "users.handler" }
  }
}

resource "aws_dynamodb_table" "data" {
  for_each     = toset(keys(local.functions))
  name         = "${var.stage}-${each.key}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
}

data "archive_file" "app" {
  type        = "zip"
  source_dir  = "${path.module}/app"
  output_path = "${path.module}/app.zip"
}

resource "aws_lambda_function" "api" {
  for_each      = local.functions
  function_name = "api-${each.key}"
  role          = "arn:aws:iam::123456789012:role/api"
  filename      = data.archive_file.app.output_path
  handler       = each.value.handler
  memory_size   = lookup(each.value, "memory", 128)
  runtime       = "python3.13"

  environment {
    variables = { TABLE = aws_dynamodb_table.data[each.key].name }
  }
}
