# YouTube's numbers into PostgreSQL, every day and on demand.

module "job" {
  source = "../../modules/batch-scheduler"

  name        = "sync-batch-${var.environment}"
  description = "YouTube numbers into PostgreSQL"
  job         = "sync-batch"
  environment = var.environment
  schedules   = var.schedules
  enabled     = var.enabled
  alerts      = var.alerts
  access      = local.access

  manual_trigger = {
    default_job         = true
    default_environment = var.default_environment
  }

  function = {
    code = {
      zip     = "${var.build}/sync-batch.zip"
      handler = "sync_batch.handlers.run"
    }
    layers                = local.layers
    memory_size           = var.function.memory_size
    timeout               = var.function.timeout
    environment_variables = local.settings
    tracing               = var.tracing
  }

  network = {
    vpc_id             = var.network.vpc_id
    private_subnet_ids = var.network.private_subnet_ids
    database = {
      port              = var.database.port
      security_group_id = var.network.database_security_group_id
    }
  }
}
