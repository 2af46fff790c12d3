resource "aws_dynamodb_table" "orders" {
  name = "orders-v2"
}

resource "aws_lambda_function" "reader" {
  function_name = "reader"
  handler       = "app.handler"
  runtime       = "python3.13"
  filename      = "app.py"
  environment {
    variables = { TABLE = aws_dynamodb_table.orders.name }
  }
}
