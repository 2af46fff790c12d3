resource "aws_lambda_function" "old" {
  function_name = "old"
  role          = "arn:aws:iam::123456789012:role/old"
  filename      = "app.zip"
  handler       = "gone.handler"
  runtime       = "python3.13"
}
