# One file system for very many files, with network paths that grow with their number.

module "efs" {
  source = "../../modules/efs-autoscaler"

  name                 = local.name
  environment          = var.environment
  list_parameter       = "/app/efs/mount-targets${local.suffix}"
  file_system          = var.file_system
  mount_targets        = local.mount_targets
  counting             = var.counting
  launch_type          = var.launch_type
  capacity             = var.capacity
  service              = var.service
  alerts               = var.alerts
  enabled              = var.enabled
  protected            = var.protected
  permissions_boundary = var.permissions_boundary

  network = {
    vpc_id               = var.network.vpc_id
    private_subnet_ids   = var.network.private_subnet_ids
    candidate_subnet_ids = var.candidate_subnet_ids
  }

  function = {
    code = { zip = "${var.build}/efs-autoscaler.zip" }
    layers = {
      batchworks = "${var.build}/layer-batchworks.zip"
      libraries  = "${var.build}/layer-efs-autoscaler.zip"
    }
    memory_size = var.function.memory_size
    log_level   = var.function.log_level
  }
}

locals {
  # Lambda and ECS need a mount target in each zone they run in.
  mount_targets = coalesce(
    var.mount_targets, { for id in var.network.private_subnet_ids : id => id }
  )
}
