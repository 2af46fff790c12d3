variable "project" {
  type = string
}

variable "schedules" {
  type = string
}

locals {
  prefix = "${var.project}-prod"
}

resource "aws_dynamodb_table" "orders" {
  name     = "${local.prefix}-orders"
  hash_key = "id"
}

resource "aws_scheduler_schedule_group" "reminders" {
  name = var.schedules
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/code.zip"
}

resource "aws_iam_role" "remind" {
  name               = "remind"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

resource "aws_lambda_function" "remind" {
  function_name = "remind"
  filename      = data.archive_file.code.output_path
  handler       = "app.handler"
  runtime       = "python3.13"
  role          = aws_iam_role.remind.arn
  environment {
    variables = {
      ORDERS = aws_dynamodb_table.orders.name
      GROUP  = aws_scheduler_schedule_group.reminders.id
    }
  }
}
