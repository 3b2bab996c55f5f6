locals {
  # What every job reads from its environment. A setting that is null is left to its default.
  settings = {
    for name, value in {
      ENVIRONMENT     = var.environment
      TABLE_NAME      = var.table_name
      BUCKET_NAME     = module.data.name
      AWS_ACCOUNT_ID  = local.account
      TABLES          = jsonencode(local.table_plans)
      EXPORT_FORMAT   = var.export.format
      EXPORT_GZIP     = var.export.gzip
      EXPORT_SEGMENTS = var.export.segments
      DEBUG           = var.debug
    } : name => tostring(value) if value != null
  }

  # Only what is set: Lambda takes 4 KB of environment variables in all.
  table_plans = {
    for table, plan in local.tables : table => merge(
      { mode = plan.mode },
      {
        for name, limit in { read_limit = plan.read_limit } :
        name => { for unit, value in limit : unit => value if value != null } if limit != null
      },
    )
  }
}
