module "resize" {
  source        = "terraform-aws-modules/lambda/aws"
  version       = "~> 7.0"
  function_name = "resize"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  source_path   = "./src/resize"

  environment_variables = {
    BUCKET = data.aws_s3_bucket.images.bucket
  }
}

data "aws_s3_bucket" "images" {
  bucket = "all-images"
}
