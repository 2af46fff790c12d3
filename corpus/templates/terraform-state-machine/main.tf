data "aws_lambda_function" "other" {
  function_name = "other"
}

resource "aws_lambda_function" "work" {
  function_name = "work"
  role          = "arn:aws:iam::123456789012:role/work"
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"

  environment {
    variables = { OTHER = data.aws_lambda_function.other.function_name }
  }
}

resource "aws_sfn_state_machine" "flow" {
  name     = "flow"
  role_arn = "arn:aws:iam::123456789012:role/flow"
  definition = jsonencode({
    StartAt = "Work"
    States = {
      Work = {
        Type     = "Task"
        Resource = aws_lambda_function.work.arn
        End      = true
      }
    }
  })
}
