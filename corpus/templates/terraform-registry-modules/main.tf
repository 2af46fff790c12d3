module "table" {
  source = "terraform-aws-modules/dynamodb-table/aws"
  name   = "work-items"
}

module "files" {
  source        = "terraform-aws-modules/s3-bucket/aws"
  version       = "~> 4.0"
  bucket_prefix = "work-"
}

module "topic" {
  source = "terraform-aws-modules/sns/aws"
  name   = "work-done"
}

module "queue" {
  source = "terraform-aws-modules/sqs/aws"
  name   = "work-queue"
}

module "worker" {
  source        = "terraform-aws-modules/lambda/aws"
  function_name = "worker"
  handler       = "app.handler"
  runtime       = "python3.13"
  tracing_mode  = "Active"
  source_path = [
    {
      path             = "${path.module}/src/work"
      pip_requirements = true
    }
  ]

  environment_variables = {
    TABLE  = module.table.dynamodb_table_id
    BUCKET = module.files.s3_bucket_id
    TOPIC  = module.topic.topic_arn
  }

  event_source_mapping = {
    sqs = {
      event_source_arn = module.queue.queue_arn
    }
  }
}

module "layer" {
  source          = "terraform-aws-modules/lambda/aws"
  create_function = false
  create_layer    = true
  layer_name      = "shared"
  source_path     = "./src"
}

module "network" {
  source = "terraform-aws-modules/vpc/aws"
  name   = "work"
}
