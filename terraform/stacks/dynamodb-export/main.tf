# The app's tables into S3 every day:
#
#   main.tf      the bucket, the four jobs, who is told when something is wrong
#   jobs.tf      what each job runs, when, and how big it is
#   access.tf    what each job may do
#   settings.tf  what all of them are told
#   alarms.tf    what the jobs count themselves
#   names.tf     names of tables, bucket and what lies where in it

module "data" {
  source = "../../modules/archive-bucket"

  name            = local.bucket
  force_destroy   = var.force_destroy
  lifecycle_rules = local.lifecycle_rules
}

module "job" {
  source   = "../../modules/batch-scheduler"
  for_each = local.jobs

  name        = "${each.key}${local.suffix}"
  description = each.value.description
  job         = each.key
  environment = var.environment
  schedules   = each.value.schedules
  events      = each.value.events
  enabled     = var.enabled
  access      = merge(local.access[each.key], { boundary = var.permissions_boundary })
  alerts      = { topic = { arn = module.alerts.topic_arn } }
  alarms      = each.value.alarms

  manual_trigger = { default_environment = var.default_environment }

  function = {
    code = {
      zip     = "${var.build}/dynamodb-export.zip"
      handler = "dynamodb_export.handlers.${each.value.handler}"
    }
    layers = {
      batchworks = "${var.build}/layer-batchworks.zip"
      libraries  = "${var.build}/layer-dynamodb-export.zip"
    }
    memory_size           = each.value.memory_size
    timeout               = each.value.timeout
    environment_variables = local.settings
  }
}

module "alerts" {
  source = "../../modules/alerts"

  name   = "dynamodb-export${local.suffix}-alerts"
  emails = var.alerts.emails
  alarms = local.alarms
}

locals {
  # A version that was replaced or deleted (a day exported twice, an object that went to its
  # partition) can be brought back for a week.
  lifecycle_rules = {
    exports = {
      prefix      = "raw/"
      transitions = { STANDARD_IA = 30, GLACIER = 90 }
    }
    replaced-versions = {
      expire_noncurrent_days = 7
    }
    # A scan under way writes its state again and again. By now its upload is cleared away, too.
    abandoned-scans = {
      prefix      = "state/dynamodb-export/scans/"
      expire_days = 7
    }
  }
}
