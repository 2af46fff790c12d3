variable "project" { default = "Shop_Web" }
variable "override" {
  type    = string
  default = null
}
variable "settings" {
  type    = map(object({ bucket = string, public = bool }))
  default = {
    one = { bucket = "first", public = false }
    two = { bucket = "second", public = true }
  }
}

resource "random_id" "suffix" { byte_length = 4 }

locals {
  name    = replace(lower(var.project), "_", "-")
  public  = [for key, value in var.settings : value.bucket if value.public]
  buckets = { for key, value in var.settings : upper(key) => "${local.name}-${value.bucket}" }
  parts   = split("-", local.name)
}

resource "aws_lambda_function" "read" {
  function_name = trimsuffix("${local.name}-read-", "-")
  role          = "arn:aws:iam::123456789012:role/read"
  filename      = "lambda.zip"
  handler       = "index.handler"
  runtime       = "python3.13"

  environment {
    variables = merge(
      { LOWER = local.name, FORMATTED = "overwritten" },
      {
        FORMATTED = format("%s-%02d-%s", local.name, 7, element(local.parts, 0))
        PICKED    = lookup(var.settings, "three", { bucket = "fallback" }).bucket
        TRIED     = try(var.settings.three.bucket, var.settings["two"].bucket, "none")
        CHOSEN    = coalesce(var.override, "", local.public[0])
        JOINED    = join("-", compact(concat(local.parts, ["", "end"])))
        MAPPED    = local.buckets["ONE"]
        RANDOM    = lower("Logs-${random_id.suffix.hex}")
      },
    )
  }
}
