resource "aws_lambda_function" "work" {
  function_name = "${var.prefix}-work"
  role          = "${aws_iam_role.work.arn}"
  filename      = "work.zip"
  handler       = "work.handler"
  runtime       = "python3.13"
}
resource "aws_lambda_function" "more" {
  function_name = "${var.prefix}-more"
  role          = aws_iam_role.work.arn
  filename      = "more.zip"
  handler       = "more.handler"
  runtime       = "python3.13"
}
