resource "aws_iam_role" "maybe" {
  count              = var.enabled ? 1 : 0
  assume_role_policy = "{}"
}

resource "aws_lambda_function" "maybe" {
  count         = var.enabled ? 1 : 0
  function_name = "maybe"
  role          = one(aws_iam_role.maybe[*].arn)
  filename      = "maybe.zip"
  handler       = "index.handler"
  runtime       = "python3.13"
}

variable "enabled" {
  type    = bool
  default = true
}
