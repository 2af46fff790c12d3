resource "aws_ecr_repository" "worker" {
  name = "shop/worker"
}

resource "aws_lambda_function" "jobs" {
  function_name = "jobs"
  role          = "arn:aws:iam::123456789012:role/jobs"
  package_type  = "Image"
  image_uri     = "${aws_ecr_repository.worker.repository_url}:latest"

  environment {
    variables = { TABLE = "jobs" }
  }
}

resource "aws_lambda_function" "tool" {
  function_name = "tool"
  role          = "arn:aws:iam::123456789012:role/tool"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/tools:latest"

  image_config {
    command = ["run.handler"]
  }

  environment {
    variables = { TABLE = "tools" }
  }
}
