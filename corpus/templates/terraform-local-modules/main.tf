module "storage" {
  source = "./modules/storage"
  name   = "ledger"
}

module "worker" {
  source = "./modules/worker"
  table  = module.storage.table_name
  stream = module.storage.stream_arn
}

module "network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
