data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "work" {
  name               = "${var.prefix}-work" # shared
  assume_role_policy = data.aws_iam_policy_document.assume.json
} // end of role
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.work.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
/* the rest is
   by hand */
resource "aws_iam_role_policy" "by_hand" {
  role   = aws_iam_role.work.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
