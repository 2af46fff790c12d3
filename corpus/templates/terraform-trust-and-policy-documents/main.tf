data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["edgelambda.amazonaws.com", "lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "compute" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "good" {
  name               = "good"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role" "wrong" {
  name               = "wrong"
  assume_role_policy = data.aws_iam_policy_document.compute.json
}

resource "aws_iam_role" "text" {
  name               = "text"
  assume_role_policy = <<EOF
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Principal": { "Service": "lambda.amazonaws.com" }, "Action": "sts:AssumeRole" }
  ]
}
EOF
}

resource "aws_iam_role_policy_attachment" "logs" {
  for_each   = { good = aws_iam_role.good.name, text = aws_iam_role.text.id }
  role       = each.value
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "one" {
  function_name = "one"
  role          = aws_iam_role.good.arn
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_function" "two" {
  function_name = "two"
  role          = aws_iam_role.wrong.arn
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"
}

resource "aws_lambda_function" "three" {
  function_name = "three"
  role          = aws_iam_role.text.arn
  filename      = "app.zip"
  handler       = "app.handler"
  runtime       = "python3.13"
}
