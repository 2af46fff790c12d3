resource "docker_image" "service" {
  name = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/service:latest"
  build {
    context = "${path.cwd}/service"
  }
}

resource "docker_registry_image" "service" {
  name = docker_image.service.name
}

resource "aws_lambda_function" "service" {
  function_name = "service"
  role          = "arn:aws:iam::123456789012:role/service"
  package_type  = "Image"
  image_uri     = docker_registry_image.service.name
}

data "archive_file" "upload" {
  type        = "zip"
  source_file = "${path.module}/functions/upload/index.js"
  output_path = "${path.module}/build/upload.zip"
}

resource "aws_s3_bucket" "files" {
  bucket = "files"
}

resource "aws_s3_object" "upload" {
  bucket = "artifacts"
  key    = "upload.zip"
  source = data.archive_file.upload.output_path
}

resource "aws_lambda_function" "upload" {
  function_name = "upload"
  role          = "arn:aws:iam::123456789012:role/service"
  s3_bucket     = aws_s3_object.upload.bucket
  s3_key        = aws_s3_object.upload.key
  handler       = "index.handler"
  runtime       = "nodejs22.x"

  environment {
    variables = { BUCKET = aws_s3_bucket.files.id }
  }
}
