resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = aws_iam_role.f.arn
  filename      = "f.zip"
  handler       = "f.handler"
  runtime       = "python3.13"
}

resource "aws_iam_role" "f" { assume_role_policy = "{}" }