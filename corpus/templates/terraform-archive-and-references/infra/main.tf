variable "stage" {
  type    = string
  default = "dev"
}

locals {
  prefix = "shop-${var.stage}"
}

resource "aws_dynamodb_table" "orders" {
  name         = "${local.prefix}-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
}

resource "aws_sqs_queue" "jobs" {
  name = join("-", [local.prefix, "jobs"])
}

resource "aws_sns_topic" "news" {
  name_prefix = "news-"
}

data "archive_file" "place" {
  type        = "zip"
  source_dir  = "${path.module}/../functions/place"
  output_path = "${path.module}/place.zip"
}

resource "aws_iam_role" "lambda" {
  name               = "lambda"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.lambda.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "place" {
  function_name = "place"
  role          = aws_iam_role.lambda.arn
  filename      = data.archive_file.place.output_path
  handler       = "app.handler"
  runtime       = "python3.13"

  environment {
    variables = {
      TABLE     = aws_dynamodb_table.orders.name
      QUEUE_URL = aws_sqs_queue.jobs.url
      TOPIC     = aws_sns_topic.news.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.place.arn
}
