resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_lambda_function" "grow" {
  function_name = "grow"
  filename      = "${path.module}/../functions/control/control.zip"
  handler       = "index.growHandler"
  runtime       = "nodejs22.x"
  role          = "arn:aws:iam::123456789012:role/grow"

  environment {
    variables = {
      QUEUE_URL = aws_sqs_queue.jobs.url
    }
  }
}

resource "aws_lambda_function" "shrink" {
  function_name = "shrink"
  filename      = "${path.module}/../functions/control/dist/control.zip"
  handler       = "index.shrinkHandler"
  runtime       = "nodejs22.x"
  role          = "arn:aws:iam::123456789012:role/shrink"
}

resource "aws_lambda_function" "hook" {
  function_name = "hook"
  filename      = "${path.module}/../functions/hook/hook.zip"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  role          = "arn:aws:iam::123456789012:role/hook"
}
