variable "stage" { default = "test" }

locals {
  tables = yamldecode(file("${path.module}/config/tables.yaml"))
  names  = toset([for file in fileset("${path.module}/functions", "*.py") : trimsuffix(file, ".py")])
}

resource "aws_lambda_function" "job" {
  for_each      = local.names
  function_name = each.value
  role          = "arn:aws:iam::123456789012:role/job"
  filename      = "${path.module}/functions.zip"
  handler       = "${each.value}.handler"
  runtime       = "python3.13"

  environment {
    variables = {
      TABLE = templatefile("config/name.tftpl", { stage = var.stage, table = local.tables[each.value].table })
    }
  }
}
