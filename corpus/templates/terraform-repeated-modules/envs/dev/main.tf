module "function" {
  for_each = {
    orders = module.tables.orders
    users  = module.tables.users
  }
  source = "../../modules/function"
  name   = each.key
  table  = each.value
}

module "tables" {
  source = "../../modules/tables"
  prefix = "dev"
}
