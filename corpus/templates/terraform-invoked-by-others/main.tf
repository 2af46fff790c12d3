resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "aws_lambda_function" "also" {
  function_name = "also"
  role          = "arn:aws:iam::123456789012:role/also"
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.also.arn
}

resource "aws_scheduler_schedule" "nightly" {
  name                = "nightly"
  schedule_expression = "rate(1 day)"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_lambda_function.also.arn
    role_arn = "arn:aws:iam::123456789012:role/scheduler"
  }
}
