variable "key" { default = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111" }

resource "aws_s3_bucket" "sealed" {
  bucket = "sealed-files"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "sealed" {
  bucket = aws_s3_bucket.sealed.bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key
    }
  }
}

resource "aws_s3_bucket" "plain" {
  bucket = "plain-files"
}

resource "aws_lambda_function" "seal" {
  function_name = "seal"
  role          = "arn:aws:iam::123456789012:role/seal"
  filename      = "seal.zip"
  handler       = "seal.handler"
  runtime       = "python3.13"

  environment {
    variables = {
      SEALED = aws_s3_bucket.sealed.id
      PLAIN  = aws_s3_bucket.plain.id
    }
  }
}
