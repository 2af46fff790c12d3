resource "aws_iam_role" "doc" {
  description        = <<-EOT
    # perm-infer: begin aws_iam_role.doc
    # perm-infer: end
  EOT
  assume_role_policy = "{}"
}

resource "aws_lambda_function" "doc" {
  function_name = "doc"
  role          = aws_iam_role.doc.arn
  filename      = "doc.zip"
  handler       = "doc.handler"
  runtime       = "python3.13"
}
