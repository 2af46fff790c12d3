# A stream: Terraform, JavaScript
resource "aws_dynamodb_table" "clicks" {
  name         = "clicks"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
}

resource "aws_iam_role" "consumer" {
  name               = "consumer"
  assume_role_policy = "{}"
}

resource "aws_lambda_function" "consumer" {
  function_name = "consumer"
  role          = aws_iam_role.consumer.arn
  handler       = "consumer.handler"
  runtime       = "nodejs22.x"
  filename      = "${path.module}/src"

  environment {
    variables = {
      TABLE = aws_dynamodb_table.clicks.name
    }
  }
}
