resource "aws_lambda_function" "get" {
  function_name = "get"
  role          = "arn:aws:iam::123456789012:role/get"
  s3_bucket     = "artifacts"
  s3_key        = "v1.0.0/get-item.zip"
  handler       = "main.handler"
  runtime       = "nodejs22.x"
}

resource "aws_lambda_function" "put_item" {
  function_name = "put"
  role          = "arn:aws:iam::123456789012:role/put"
  s3_bucket     = "artifacts"
  s3_key        = "v1.0.0/9f8e7d.zip"
  handler       = "main.handler"
  runtime       = "nodejs22.x"
}

resource "aws_s3_object" "delete" {
  bucket = "artifacts"
  key    = "delete.zip"
  source = "${path.module}/../functions/delete-item.zip"
}

resource "aws_lambda_function" "delete" {
  function_name = "delete"
  role          = "arn:aws:iam::123456789012:role/put"
  s3_bucket     = "artifacts"
  s3_key        = aws_s3_object.delete.key
  handler       = "main.handler"
  runtime       = "nodejs22.x"
}
