variable "prefix" {}

resource "aws_dynamodb_table" "orders" {
  name     = "${var.prefix}-orders"
  hash_key = "id"
}

resource "aws_dynamodb_table" "users" {
  name     = "${var.prefix}-users"
  hash_key = "id"
}

output "orders" { value = aws_dynamodb_table.orders }
output "users" { value = aws_dynamodb_table.users }
