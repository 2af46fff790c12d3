variable "paths" {
  type = object({
    root   = optional(string, "/shop")
    area   = string
    tokens = optional(object({ name = optional(string, "tokens") }), {})
  })
}

variable "tracing" {
  type = list(object({
    mode = optional(string, "Active")
  }))
  default = []
}

variable "network" {
  type = object({
    subnets = optional(list(string), [])
  })
  default = {}
}

variable "retries" {
  type = object({
    enable = optional(bool, false)
  })
  default = {}
}

data "archive_file" "worker" {
  type        = "zip"
  source_dir  = "${path.module}/../../src"
  output_path = "worker.zip"
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  filename      = data.archive_file.worker.output_path
  handler       = "app.handler"
  runtime       = "python3.13"
  role          = "arn:aws:iam::123456789012:role/worker"

  environment {
    variables = {
      TOKENS = "${var.paths.root}/${var.paths.area}/${var.paths.tokens.name}"
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing
    content {
      mode = tracing_config.value.mode
    }
  }

  dynamic "vpc_config" {
    for_each = length(var.network.subnets) > 0 ? [true] : []
    content {
      subnet_ids         = var.network.subnets
      security_group_ids = []
    }
  }
}

resource "aws_lambda_function" "retry" {
  count         = var.retries.enable ? 1 : 0
  function_name = "retry"
  filename      = data.archive_file.worker.output_path
  handler       = "app.retry"
  runtime       = "python3.13"
  role          = "arn:aws:iam::123456789012:role/retry"
}
