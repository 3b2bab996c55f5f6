# Files to Glacier Deep Archive on request, and back: the bucket that keeps them, one for all that
# goes with it, the host that operators work on, and who is told when something is wrong.

module "archive" {
  source = "../../modules/archive-bucket"

  name          = local.buckets.archive
  kms_key_arn   = var.kms_key_arn
  object_lock   = var.object_lock
  force_destroy = var.force_destroy
  access_log    = var.access_log
  inventory = {
    bucket    = module.lists.name
    prefix    = trimsuffix(local.prefixes.inventory, "/")
    frequency = var.inventory
  }

  batch_restores = {
    role_name = "${local.name}-batch-restore"
    manifests = "${local.buckets.lists}/${local.prefixes.jobs}*/manifest.csv"
    reports   = "${local.buckets.lists}/${local.prefixes.jobs}*/reports/*"
    boundary  = var.permissions_boundary
  }
}

# Inventories, lists and reports of S3 Batch Operations, dumps of the archive list, what the host
# installs.
module "lists" {
  source = "../../modules/archive-bucket"

  name            = local.buckets.lists
  kms_key_arn     = var.kms_key_arn
  force_destroy   = var.force_destroy
  access_log      = var.access_log
  receives        = { inventories_of = [local.buckets.archive] }
  files           = local.packages
  lifecycle_rules = local.old_lists
}

module "host" {
  source   = "../../modules/archive-host"
  for_each = local.hosts

  name           = "${local.name}-${each.key}"
  archive_bucket = module.archive.name
  package        = module.lists.files["${local.prefixes.packages}archive-host.zip"]
  shares         = each.value.shares
  instance       = each.value.instance
  protected      = !var.force_destroy

  lists = {
    bucket           = module.lists.name
    prefix           = local.prefixes.jobs
    dumps_prefix     = local.prefixes.dumps
    inventory_prefix = local.prefixes.inventory
  }

  network = {
    vpc_id            = var.network.vpc_id
    subnet_id         = coalesce(each.value.subnet_id, var.network.private_subnet_ids[0])
    file_server_cidrs = each.value.file_server_cidrs
    dns_server_cidrs  = each.value.dns_server_cidrs
    page              = each.value.page
  }

  data_volume = {
    size_gb     = each.value.data_volume_gb
    kms_key_arn = var.kms_key_arn
  }

  access = {
    batch_role_arn = module.archive.restore_role.arn
    kms_key_arns   = toset(concat(var.kms_key_arn[*], each.value.secrets_kms_key_arn[*]))
    boundary       = var.permissions_boundary
  }

  page_login_secret_arn = each.value.page_login_secret_arn
  settings              = each.value.settings
  alarms                = { topic_arn = module.alerts.topic_arn }
}

module "alerts" {
  source = "../../modules/alerts"

  name   = "${local.name}-alerts"
  emails = var.alerts.emails
  alarms = local.alarms
}
