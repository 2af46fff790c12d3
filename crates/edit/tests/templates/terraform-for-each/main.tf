locals { names = toset(["a", "b"]) }
resource "aws_iam_role" "each" {
  for_each           = local.names
  name               = each.key
  assume_role_policy = "{}"
}
resource "aws_lambda_function" "each" {
  for_each      = local.names
  function_name = each.key
  role          = aws_iam_role.each[each.key].arn
  filename      = "${each.key}.zip"
  handler       = "index.handler"
  runtime       = "python3.13"
}
