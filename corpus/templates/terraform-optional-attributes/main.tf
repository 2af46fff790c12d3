module "worker" {
  source = "./modules/worker"

  paths   = { area = "worker" }
  tracing = [{}]
}
