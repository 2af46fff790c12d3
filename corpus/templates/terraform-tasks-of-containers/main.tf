resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}

resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}

resource "docker_image" "api" {
  name = "shop-api"

  build {
    context = "${path.module}/api"
  }
}

resource "aws_ecs_task_definition" "api" {
  family             = "api"
  task_role_arn      = aws_iam_role.task.arn
  execution_role_arn = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name  = "api"
      image = docker_image.api.name
      environment = [
        { name = "TABLE", value = aws_dynamodb_table.orders.name },
      ]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"  = "/shop/api"
          "awslogs-region" = "eu-west-1"
        }
      }
    }
  ])
}

resource "aws_ecr_repository" "jobs" {
  name = "shop/jobs"
}

resource "aws_ecs_task_definition" "jobs" {
  family        = "jobs"
  task_role_arn = aws_iam_role.task.arn

  container_definitions = <<-EOF
    [{
      "name": "main",
      "image": "${aws_ecr_repository.jobs.repository_url}:latest",
      "environment": [{"name": "QUEUE_URL", "value": "${aws_sqs_queue.jobs.url}"}]
    }]
  EOF
}

resource "aws_iam_role" "task" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "ecs-tasks.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role" "execution" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "ecs-tasks.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
