# A company's NAS, searchable: its files in S3, their texts and pictures in OpenSearch and DynamoDB.

module "datasync" {
  source = "../../modules/datasync"

  environment          = var.environment
  suffix               = local.suffix
  vpn                  = var.vpn
  agent                = var.agent
  transfer             = var.transfer
  schedule             = var.schedule
  processing           = var.processing
  model                = var.model
  search               = var.search
  pacing               = var.pacing
  alarms               = var.alarms
  budget               = var.budget
  enabled              = var.enabled
  protected            = !var.force_destroy
  permissions_boundary = var.permissions_boundary

  buckets = {
    raw     = { name = module.raw.name, arn = module.raw.arn }
    archive = { name = module.archive.name, arn = module.archive.arn }
  }

  network = {
    vpc_id          = var.network.vpc_id
    subnet_id       = var.network.private_subnet_ids[0]
    route_table_ids = var.route_table_ids
    nas_cidr        = var.nas.cidr
  }

  nas = {
    server_hostname = var.nas.server_hostname
    subdirectory    = var.nas.subdirectory
    protocol        = var.nas.protocol
    version         = var.nas.version
    secret_arn      = var.nas.secret_arn
  }

  functions = {
    zip = "${var.build}/nas-sync.zip"
    layers = {
      batchworks = "${var.build}/layer-batchworks.zip"
      nas_sync   = "${var.build}/layer-nas-sync.zip"
      text       = "${var.build}/layer-nas-sync-text.zip"
      images     = "${var.build}/layer-nas-sync-images.zip"
    }
    concurrency        = var.functions.concurrency
    log_level          = var.functions.log_level
    log_retention_days = var.functions.log_retention_days
  }

  alerts = {
    emails           = var.alerts.emails
    slack_secret_arn = var.slack_secret_arn
  }
}

# The NAS as it is now, and what the runs write down. A file that goes from the NAS is deleted here,
# too, and its last version is kept until it is archived.
module "raw" {
  source = "../../modules/archive-bucket"

  name            = local.buckets.raw
  force_destroy   = var.force_destroy
  lifecycle_rules = local.lifecycle
}

# What was deleted on the NAS, stored as DEEP_ARCHIVE from the beginning.
module "archive" {
  source = "../../modules/archive-bucket"

  name          = local.buckets.archive
  force_destroy = var.force_destroy
}
