variable "stage" {}
variable "bucket" { default = "unused" }
variable "names" {
  type = map(string)
  default = {
    topic = "events"
  }
}
variable "secret" { type = string }

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

resource "aws_s3_bucket" "files" {
  bucket = var.stage == "prod" ? "files" : format("%s-files", var.stage)
}

resource "aws_lambda_function" "save" {
  function_name = "save-${var.stage}"
  filename      = "save.zip"
  handler       = "save.handler"
  runtime       = "nodejs22.x"
  role          = "arn:aws:iam::123456789012:role/save"

  environment {
    variables = merge(local.shared, {
      BUCKET = aws_s3_bucket.files.id
      TOPIC  = "arn:aws:sns:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:${var.names["topic"]}"
      SECRET = var.secret
    })
  }
}

locals {
  shared = { OTHER = var.bucket }
}
